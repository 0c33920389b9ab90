"""Journeys on ice: where they lie, how many are revived, and by what.

**Question.** In which stage do journeys fall silent for longer than the pause limit, how many come back and
how soon, and what was the first thing that happened then?

**Answer.** One row a stage: pauses, share of the stays in the stage with a pause, share revived within 30, 90
and 180 days of the pause's beginning, median days until revival, those on ice now, and what most often
revived them; share won of the journeys that ended after a revival.

**How.** A pause begins with the last step before the silence. Revival and the end of the journey (lost,
dormant) compete (Aalen-Johansen); pauses that last are open, not given up. Each pause is one case, so a
journey may be in several.

**Assumes.** Silence is silence: what sales did without a record counts as silence too.

**Does not say.** That what revived a journey would revive others.

**Example.** `etappe show pauses --kind first_purchase`

**Source.** O. O. Aalen, S. Johansen, Scand. J. Statist. 5 (1978) 141-150.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables
from etappe.analyses.answer import answer, proportion, share, spans
from etappe.analyses.maths import survival
from etappe.analyses.population import in_period, journeys_of
from etappe.analyses.stage_exits import coded, horizon
from etappe.words.result import Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe("pauses", 1, said("times on ice by stage, and how they end", "Zeiten auf Eis je Phase, und wie sie enden"), 10)
WITHIN = (30, 90, 180)
COLUMNS = (
    "stage", "pauses", "paused_share", *(f"revived_{days}" for days in WITHIN), "median_days", "on_ice_now", "revived_by",
    "won_after",
)  # fmt: skip
REVIVED, GONE = 1, 2


@dataclass(frozen=True, kw_only=True)
class PausesParams(Params):
    """Filters of `pauses`; the period is about the day a pause began."""


def run(tables: Tables, params: PausesParams) -> Result:
    """One row a stage, and one for all."""
    journeys = journeys_of(tables, params, moment=None)
    pauses = _pauses(tables, journeys, params)
    columns = tables.engine.to_arrow(pauses.select("stage", "cause", "days", "journey_id", "outcome"))
    stages, stage = coded(columns["stage"])
    cause = columns["cause"].to_numpy().astype(np.int64)
    days = columns["days"].to_numpy().astype(float)
    outcomes, outcome = coded(columns["outcome"])
    stays = _stays(tables, journeys, params)
    by = _revivers(tables, pauses)
    rows: list[Row] = []
    for name, mine in [("all", np.ones(len(stage), bool)), *((n, stage == k) for k, n in enumerate(stages))]:
        if mine.any():
            won = np.array([text == "won" for text in outcomes] or [False])[outcome[mine]]
            ended = np.array([text != "open" for text in outcomes] or [False])[outcome[mine]]
            rows.append(_row(name, days[mine], cause[mine], stays.get(name, 0), by.get(name, ""), won, ended))
    caveats: list[str] = []
    if not rows:
        caveats.append(said("No journey of this population was on ice.", "Keine dieser Journeys lag auf Eis."))
    return answer(
        "pauses", RECIPE, COLUMNS, rows, tables, params, caveats, pauses, _drawing(rows), journeys,
        lambda: pauses.order_by(pauses.started_at.desc()),
    )  # fmt: skip


def _pauses(tables: Tables, journeys: ir.Table, params: Params) -> ir.Table:
    """One pause a row, with how it ended and after how many days."""
    decided = journeys.select("journey_id", "outcome", journey_ended="ended_at")
    pauses = in_period(tables.pauses, "started_at", params).inner_join(decided, "journey_id")
    gone = pauses.ended_at.isnull() & pauses.journey_ended.notnull()
    cause = ibis.cases((pauses.ended_at.notnull(), REVIVED), (gone, GONE), else_=0)
    end = pauses.ended_at.fill_null(pauses.journey_ended).fill_null(ibis.timestamp(tables.as_of))
    lasted = (end.epoch_seconds() - pauses.started_at.epoch_seconds()) / 86_400.0
    return pauses.select(
        "journey_id", "account_id", "started_at", "ended_at", "revived_by", "outcome", stage=pauses.stage.fill_null("unknown"),
        cause=cause.cast("int64"), days=ibis.greatest(lasted, 0.0),
    )  # fmt: skip


def _stays(tables: Tables, journeys: ir.Table, params: Params) -> dict[str, int]:
    """Journeys that were in each stage, and in any."""
    visits = in_period(tables.stage_visits, "entered_at", params).semi_join(journeys, "journey_id")
    pairs = visits.select("journey_id", "stage").distinct()
    found = {row["stage"]: row["n"] for row in tables.engine.rows(pairs.group_by("stage").agg(n=pairs.count()))}
    return {**found, "all": tables.engine.count(visits.select("journey_id").distinct())}


def _revivers(tables: Tables, pauses: ir.Table) -> dict[str, str]:
    """The three touchpoints that revived most often, by stage."""
    known = pauses.filter(pauses.revived_by.notnull())
    counted: dict[str, dict[str, int]] = {}
    for row in tables.engine.rows(known.group_by("stage", "revived_by").agg(n=known.count())):
        for place in (row["stage"], "all"):
            names = counted.setdefault(place, {})
            names[row["revived_by"]] = names.get(row["revived_by"], 0) + row["n"]
    return {
        place: ", ".join(f"{name} ({n})" for name, n in sorted(names.items(), key=lambda item: (-item[1], item[0]))[:3])
        for place, names in counted.items()
    }


def _row(name: str, days: Any, cause: Any, stays: int, by: str, won: Any, ended: Any) -> Row:
    n = len(days)
    found = survival.curves(days, cause, 2, groups=1)
    low, high = survival.incidence_interval(found)
    revived = {}
    for within in WITHIN:
        row = int(found.rows_at(float(within))[0])
        nobody = row < 0  # no pause is as short as that: nobody was revived yet
        figures = proportion(0, n, RECIPE) if nobody else share(found.incidence, low, high, row, 0, n, RECIPE)
        revived[f"revived_{within}"] = figures
    back = cause == REVIVED
    return {
        "stage": name, "pauses": n, "paused_share": proportion(min(n, stays), stays, RECIPE), **revived,
        "median_days": spans(survival.time_to(found, REVIVED, horizon(found, 5, None))[0], int(back.sum()), RECIPE),
        "on_ice_now": int((cause == 0).sum()), "revived_by": by,
        "won_after": proportion((back & won).sum(), (back & ended).sum(), RECIPE),
    }  # fmt: skip


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """Share revived within 90 days, a row a stage."""
    y = {"field": "stage", "type": "nominal", "title": "Stage", "sort": None}
    return draw.chart(
        "On ice: share revived within 90 days", rows,
        {"On ice: share revived within 90 days": "Auf Eis: Anteil, der binnen 90 Tagen weitergeht"},
        width=420, layer=draw.intervals("revived_90", "x", "Share", {"domain": [0, 1]}, y=y),
    )  # fmt: skip


QUESTION_DE = "Journeys auf Eis: wo sie liegen, wie viele wiederbelebt werden, und wodurch."
ANALYSIS = Analysis("pauses", "On ice", "Auf Eis", RECIPE, PausesParams, run, __doc__, QUESTION_DE)
