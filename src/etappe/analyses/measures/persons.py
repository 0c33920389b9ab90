"""A persona in figures: how many people it is, what part of revenue they are in, how often they win, which roles they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from etappe.analyses.answer import proportion, triple
from etappe.analyses.maths.resample import ratios
from etappe.analyses.measures.belonging import Rule, persons_of
from etappe.analyses.measures.cases import cases_of
from etappe.analyses.measures.found import share_of
from etappe.analyses.measures.observed import DAY, Observed
from etappe.analyses.measures.population import Populations
from etappe.tables.functions import micros
from etappe.words.result import Figure, Recipe
from etappe.words.said import said as both

SIZE: Final = Recipe("persona size", 1, both("share of the known people (with a name or an address, not one's own) who belong by the persona's rule", "Anteil der bekannten Personen (mit Namen oder Adresse, ohne eigene Leute), die nach der Regel der Persona dazugehören"), 1)
REVENUE: Final = Recipe("share of revenue", 1, both("share of the won value that lies in journeys in which such a person took part; companies are drawn for the interval", "Anteil des gewonnenen Werts, der in Journeys liegt, an denen eine solche Person teilnahm; für das Intervall werden Unternehmen gezogen"), 10)
WIN_RATE: Final = Recipe("win rate", 1, both("share of the journeys in which such a person took part that are won; open journeys count for as long as they were watched", "Anteil der Journeys mit einer solchen Person, die gewonnen werden; offene zählen so lange, wie sie beobachtet wurden"), 10)
ROLES: Final = Recipe("roles", 1, both("role that such people had in the buying centers of won and lost journeys", "Rolle, die solche Personen in den Buying Centern gewonnener und verlorener Journeys hatten"), 5)
ACTIVE: Final = Recipe("active", 1, both("share of the journeys that reached the stage in which such a person did something there", "Anteil der Journeys, die die Phase erreichten, in denen eine solche Person dort etwas tat"), 10)
MONTHS: Final = 12


@dataclass(frozen=True)
class Size:
    """How many people belong, live.

    Attributes
    ----------
    persons, accounts, journeys : int
    share : Figure
        Of all known people.
    active : list of (month, persons)
        How many of them did something in each of the last twelve months.
    unassigned : int
        Known people who belong to no persona at all.
    overlap : dict
        Other persona → people who belong to both.
    """

    persons: int
    accounts: int
    journeys: int
    share: Figure
    active: list[tuple[str, int]]
    unassigned: int
    overlap: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """The size as `--json` shows it."""
        return {
            "persons": self.persons, "accounts": self.accounts, "journeys": self.journeys, "share": self.share.to_dict(),
            "active": [{"month": month, "persons": many} for month, many in self.active], "unassigned": self.unassigned, "overlap": self.overlap,
        }  # fmt: skip


def size_of(observed: Observed, populations: Populations, name: str, personas: Mapping[str, Rule]) -> Size:
    """The live size of a persona."""
    tables = observed.tables
    persons = tables.built["persons"].filter(lambda row: ~row.internal.fill_null(False) & ~row.anonymous.fill_null(False))
    known = {str(row["person_id"]): row["account_id"] for row in tables.engine.rows(persons.select("person_id", "account_id"))}
    of = {persona: populations.persons(persona) & known.keys() for persona, rule in personas.items() if rule}
    mine = of.get(name, frozenset())
    anybody = frozenset[str]().union(*of.values()) if of else frozenset[str]()
    journeys = populations.of((("persona", (name,)),)).size
    return Size(
        len(mine), len({known[person] for person in mine if known[person] is not None}), journeys, proportion(len(mine), len(known), SIZE),
        _active(observed, personas.get(name, {})), len(known.keys() - anybody), {other: both for other, members in of.items() if other != name and (both := len(members & mine))},
    )  # fmt: skip


def _active(observed: Observed, rule: Rule) -> list[tuple[str, int]]:
    steps = observed.tables.built["steps"]
    done = steps.filter(steps.happened_at >= observed.tables.as_of.replace(year=observed.tables.as_of.year - 1, day=1)).semi_join(persons_of(observed.tables, rule), "person_id")
    counted = done.group_by(month=done.happened_at.strftime("%Y-%m")).agg(n=done.person_id.nunique())
    found = {str(row["month"]): int(row["n"]) for row in observed.tables.engine.rows(counted)}
    now = observed.tables.as_of
    months = [divmod(now.year * 12 + now.month - 1 - back, 12) for back in range(MONTHS - 1, -1, -1)]
    return [(f"{year}-{month + 1:02}", found.get(f"{year}-{month + 1:02}", 0)) for year, month in months]


def revenue_of(observed: Observed, flags: Any) -> Figure:
    """The share of the won value in the flagged journeys."""
    value = np.asarray(observed.journeys["won_value"].fill_null(0.0).to_numpy(), float)
    won = value > 0
    if not won.any():
        return Figure(None, n=0, why="no data", unit="share")
    _, code = np.unique(observed.account[won], return_inverse=True)
    accounts = int(code.max()) + 1
    above, below = np.bincount(code, weights=(value * flags)[won]), np.bincount(code, weights=value[won])
    share, low, high = ratios(above, below)
    return triple((share[0], low[0], high[0]), accounts, REVENUE, "share")


def win_rate(observed: Observed, flags: Any) -> Figure:
    """The share of the flagged journeys that are won, while being lost or falling asleep competes."""
    cases = cases_of(observed, None, flags)
    return share_of(np.maximum(cases.until - cases.entered, 0.0), cases.cause, WIN_RATE)


def roles_of(observed: Observed, rule: Rule) -> list[tuple[str, Figure]]:
    """The roles that such people had in closed journeys, the most usual first."""
    tables = observed.tables
    closed = tables.journeys.filter(tables.journeys.outcome.isin(["won", "lost"])).select("journey_id")
    center = tables.buying_center.filter(tables.buying_center.role.notnull()).semi_join(closed, "journey_id").semi_join(persons_of(tables, rule), "person_id")
    rows = tables.engine.rows(center.group_by("role").agg(n=center.count()))
    total = sum(row["n"] for row in rows)
    return [(str(row["role"]), proportion(row["n"], total, ROLES)) for row in sorted(rows, key=lambda row: -row["n"])]


def active_in(observed: Observed, flags: Any, rule: Rule, stages: list[str]) -> dict[str, Figure]:
    """In which share of the journeys of each stage such a person does something there."""
    steps = observed.tables.built["steps"]
    mine = steps.filter(steps.person_id.notnull()).semi_join(persons_of(observed.tables, rule), "person_id")
    first = mine.group_by("journey_id", "stage").agg(at=micros(mine.happened_at).min())
    rows = observed.tables.engine.to_arrow(first.inner_join(observed.numbered.select("journey_id", "no"), "journey_id").select("no", "stage", "at"))
    journey, at, stage = rows["no"].to_numpy(), rows["at"].to_numpy() / DAY, np.asarray(rows["stage"].to_pylist(), object)
    found = {}
    for name in stages:
        cases = cases_of(observed, name, flags)
        here = np.full(observed.size, np.inf)
        here[journey[stage == name]] = at[stage == name]
        seen = here[cases.journey]
        cause = np.where(np.isfinite(seen), 1, np.where(cases.cause == 0, 0, 2))
        days = np.maximum(np.where(np.isfinite(seen), seen, cases.until) - cases.entered, 0.0)
        found[name] = share_of(days, cause, ACTIVE) if len(cases) else Figure(None, n=0, why="no data", unit="share")
    return found
