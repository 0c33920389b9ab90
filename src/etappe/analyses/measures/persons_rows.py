"""The records that a persona's figures count: its people, the journeys with them, their seats in buying centers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from etappe.analyses.measures.belonging import persons_of
from etappe.analyses.measures.observed import Observed
from etappe.analyses.measures.population import Populations
from etappe.errors import QuestionFault
from etappe.tables.plain_rows import rows_of

FIGURES: Final = ("size", "revenue", "win_rate", "win_rate_of_all", "role")
_JOURNEY: Final = ("account_id", "journey_id", "kind", "outcome", "won_value", "segment", "tier", "owner")


def persona_rows(observed: Observed, populations: Populations, persona: str, figure: str, limit: int) -> list[dict[str, Any]]:
    """The records behind one figure of a persona, at most `limit`.

    `size` are its known people; `revenue` the won journeys with a value in which one of them took part; `win_rate` all
    journeys with one of them, `win_rate_of_all` all journeys there are; `role:user` their seats with that role in won
    and lost journeys.

    Raises
    ------
    QuestionFault
        If there is no such figure.
    """
    what, _, role = figure.partition(":")
    if what == "size":
        return _people(observed, populations, persona, limit)
    if what == "role" and role:
        return _seats(observed, populations, persona, role, limit)
    if what not in FIGURES or what == "role":
        raise QuestionFault(f"a persona has no figure `{figure[:40]}`", "figure", f"name one of {', '.join(FIGURES[:-1])}, role:ROLE")
    flags = populations.of(() if what == "win_rate_of_all" else (("persona", (persona,)),)).flags
    if what == "revenue":
        flags = flags & (np.asarray(observed.journeys["won_value"].fill_null(0.0).to_numpy(), float) > 0)
    kept = observed.journeys.filter(pa.array(flags)).select([*_JOURNEY]).slice(0, limit)
    return rows_of(kept)


def _people(observed: Observed, populations: Populations, persona: str, limit: int) -> list[dict[str, Any]]:
    tables = observed.tables
    persons = tables.built["persons"].filter(lambda row: ~row.internal.fill_null(False) & ~row.anonymous.fill_null(False))
    mine = persons.semi_join(persons_of(tables, populations.personas.get(persona, {})), "person_id")
    return tables.engine.rows(mine.select("account_id", "person_id", "name", "title", "email").order_by("account_id", "person_id"), limit)


def _seats(observed: Observed, populations: Populations, persona: str, role: str, limit: int) -> list[dict[str, Any]]:
    tables = observed.tables
    closed = tables.journeys.filter(tables.journeys.outcome.isin(["won", "lost"])).select("journey_id", "account_id", "outcome")
    center = tables.buying_center.filter(tables.buying_center.role == role).select("journey_id", "person_id", "role")
    mine = center.semi_join(persons_of(tables, populations.personas.get(persona, {})), "person_id").inner_join(closed, "journey_id")
    named = mine.left_join(tables.built["persons"].select("person_id", "name", "title"), "person_id")
    return tables.engine.rows(named.select("account_id", "journey_id", "person_id", "name", "title", "role", "outcome").order_by("account_id", "journey_id", "person_id"), limit)
