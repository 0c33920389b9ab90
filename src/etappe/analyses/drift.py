"""What changed between two periods for certain.

**Question.** Compared with the period before (or with `--against`), which conversions, durations, channels
and touchpoints have changed, and which differences are no more than chance?

**Answer.** One row a measure: its value before and now with intervals, the difference with interval, adjusted
p-value, and whether it is clear. Measures: share of journeys that got on from each stage within `--within`
days of entering it, share of journeys with each channel and touchpoint in their first `--within` days.

**How.** Both periods are looked at with the same horizon: only journeys that began (stages that were entered)
in the period count, and each only for its first `--within` days, so that the later period is not worse off
for being younger. Getting on is estimated with open journeys censored (Aalen-Johansen), the other shares
among journeys that were watched for the whole time. Differences are tested by their standard errors, p-values
adjusted for the number of measures (Benjamini-Hochberg).

**Assumes.** The same things were recorded in both periods; a new tracking tag looks like a change of
behaviour.

**Does not say.** Why it changed.

**Example.** `etappe show drift --since 2026-01 --until 2026-04 --against 2025-01..2025-04`

**Source.** Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300; R. G. Newcombe, Statistics in
Medicine 17 (1998) 873-890.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option, read_day
from etappe.analyses.answer import answer, figure, proportion
from etappe.analyses.maths import survival
from etappe.analyses.maths.bounds import Ints, benjamini_hochberg, wilson_of_one, z_of
from etappe.analyses.population import journeys_of, midnight
from etappe.analyses.stage_exits import MOVED, exits
from etappe.analyses.step_arrays import journeys_of_stays, with_numbers
from etappe.analyses.ways import NEVER, Ways, met_by_then, once_each
from etappe.errors import QuestionFault
from etappe.tables.plain_arrays import moments_of, numbers_of
from etappe.words.result import Figure, Recipe, Result, Row, too_few
from etappe.words.said import said

RECIPE = Recipe(
    "drift",
    1,
    said(
        "two periods compared with the same horizon; what differs by more than chance",
        "zwei Zeiträume gleich weit betrachtet; was sich um mehr als Zufall unterscheidet",
    ),
    20,
)
COLUMNS = ("measure", "name", "before", "now", "difference", "adjusted_p", "clear")
SORTS = ("channel", "touchpoint")
LEVEL = 0.05
DAY = 86_400
MOST = 200
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class DriftParams(Params):
    """Filters of `drift`; the period is the later one; without it, the last 180 days whose horizon is over."""

    against: str | None = option("the earlier period, as 2025-01..2025-04; else as long a one just before")
    within: float = option("horizon in days", 90.0)
    clear: bool = option("only what is clear", False)


@dataclass(frozen=True, slots=True)
class _Measure:
    """A share with its standard error in one period."""

    value: float
    error: float
    figure: Figure
    n: int


def run(tables: Tables, params: DriftParams) -> Result:
    """The differences, clearest first."""
    now, before = _periods(tables, params)
    ends = [day for period in (now, before) for day in (period.since, period.until) if day]
    early = _Early.of(tables, replace(now, since=min(ends), until=max(ends)))
    then = _measures(tables, before, params.within, early)
    today = _measures(tables, now, params.within, early)
    rows = _rows(then, today)
    journeys = journeys_of(tables, now)
    caveats: list[str] = [said("Now is {since} to {until}, before is {earlier} to {end} (the end not included).",
        "Jetzt ist {since} bis {until}, vorher ist {earlier} bis {end} (das Ende zählt nicht mit).",
        since=now.since, until=now.until, earlier=before.since, end=before.until)]  # fmt: skip
    if not rows:
        caveats.append(said("Too few journeys in one of the two periods; at least {few} are needed in each.",
            "Zu wenige Journeys in einem der beiden Zeiträume; in jedem sind mindestens {few} nötig.", few=RECIPE.minimum_n))  # fmt: skip
    clear = sum(row["clear"] for row in rows)
    caveats.append(said("{n} measures compared; differ by more than chance: {clear}.",
        "{n} Größen verglichen; um mehr als Zufall verschieden: {clear}.", n=len(rows), clear=clear))  # fmt: skip
    shown = [row for row in rows if row["clear"] or not params.clear]
    return answer(
        "drift", RECIPE, COLUMNS, shown, tables, params, caveats, journeys, _drawing(shown), journeys,
        lambda: journeys.drop("path").order_by(journeys.started_at.desc()), {"journeys": int(early.of_period(now).sum())}, headline=_headline(shown),
    )  # fmt: skip


def _periods(tables: Tables, params: DriftParams) -> tuple[DriftParams, DriftParams]:
    until = params.until or (tables.as_of - dt.timedelta(params.within)).date()
    since = params.since or until - dt.timedelta(180)
    if params.against:
        start, dots, end = params.against.partition("..")
        if not (dots and start and end):
            raise QuestionFault(
                "a period is written as 2025-01..2025-04", f"--against {params.against}", "Write it so."
            )
        try:
            earlier = read_day(start), read_day(end)
        except ValueError as wrong:
            raise QuestionFault(str(wrong), f"--against {params.against}", "Write it as 2025-01..2025-04.") from None
    else:
        earlier = since - (until - since), since
    return replace(params, since=since, until=until), replace(params, since=earlier[0], until=earlier[1])


def _measures(tables: Tables, params: DriftParams, within: float, early: _Early) -> dict[tuple[str, str], _Measure]:
    """All measures of one period."""
    found: dict[tuple[str, str], _Measure] = {}
    entered = exits(tables, journeys_of(tables, params, moment=None), params)
    curves = entered.curves()
    rows = curves.rows_at(within)
    curves = curves.read_at(rows)
    low, high = survival.incidence_interval(curves)
    for number, place in enumerate(entered.places):
        n, row = int(entered.entered()[number]), number
        if n >= RECIPE.minimum_n and rows[number] >= 0:
            value, error = curves.incidence[row, MOVED - 1], np.sqrt(curves.incidence_variance[row, MOVED - 1])
            shown = figure(value, low[row, MOVED - 1], high[row, MOVED - 1], n, RECIPE, "share")
            name = f"{place.stage} ({', '.join(place.kinds)})" if len(entered.places) else place.stage
            found["got on from", name] = _Measure(float(value), float(error), shown, n)
    for sort, name, hits, n in _early(params, early):
        value, low_, high_ = wilson_of_one(hits, n)
        error = (high_ - low_) / (2 * z_of())
        found[f"journeys with {sort}", name] = _Measure(value, error, proportion(hits, n, RECIPE), n)
    return found


@dataclass(frozen=True, eq=False)
class _Early:
    """What journeys had met in their first days, of both periods at once, and when each began (microseconds, by its number; those
    without a stay have the last numbers, and have met nothing).
    """

    met: Ways
    begun: Ints
    seconds: int
    as_of: int

    @classmethod
    def of(cls, tables: Tables, params: DriftParams) -> _Early:
        found = tables.engine.to_arrow(with_numbers(tables, journeys_of(tables, params).select("journey_id", "started_at")).select("journey", "started_at"))
        journey, began, journey_of = numbers_of(found["journey"], -1), moments_of(found["started_at"]), journeys_of_stays(tables)
        size = 1 + max(int(journey.max(initial=-1)), int(journey_of.max(initial=-1)))
        begun = np.full(size, NEVER)
        begun[journey[journey >= 0]] = began[journey >= 0]
        begun = np.append(begun, began[journey < 0])
        seconds = int(params.within * DAY)
        until = np.where(begun == NEVER, NEVER, begun + seconds * 10**6)
        return cls(met_by_then(tables, tables.touches, tables.touch_ways, until, journey_of), begun, seconds, int(tables.as_of.timestamp() * 1e6))

    def of_period(self, params: Params) -> Flags:
        """Which journeys began in a period."""
        assert params.since is not None
        assert params.until is not None
        since, until = (midnight(day, params.zone).timestamp() * 1e6 for day in (params.since, params.until))
        return (self.begun >= since) & (self.begun < until)

    def watched(self, params: Params) -> Flags:
        """Those of them that were watched for all of their first days."""
        return self.of_period(params) & (self.begun + self.seconds * 10**6 <= self.as_of)

    def counts(self, mine: Flags, sort: str) -> list[tuple[str, int]]:
        """Each thing of a sort with the number of these journeys that had met it; the most first."""
        here = mine[self.met.journey]
        names, code = self.met.codes(sort)
        things, _, hits = once_each(self.met.journey[here], code[here], len(names), np.zeros(len(self.begun), np.int64), 1)
        return sorted(((names[thing], int(many)) for thing, many in zip(things, hits, strict=True)), key=lambda item: (-item[1], item[0]))


def _early(params: Params, early: _Early) -> list[tuple[str, str, int, int]]:
    """Journeys with each channel and touchpoint in their first days, among those that were watched so long."""
    mine = early.watched(params)
    n = int(mine.sum())
    if n < RECIPE.minimum_n:
        return []
    return [(sort, name, hits, n) for sort in SORTS for name, hits in early.counts(mine, sort)[:MOST]]


def _rows(before: dict[tuple[str, str], _Measure], now: dict[tuple[str, str], _Measure]) -> list[Row]:
    keys = sorted(set(before) & set(now))
    gap = np.array([now[key].value - before[key].value for key in keys])
    error = np.array([np.hypot(now[key].error, before[key].error) for key in keys])
    with np.errstate(divide="ignore", invalid="ignore"):
        p = (
            np.where(error > 0, 2 * special.ndtr(-np.abs(gap) / error), np.where(gap == 0, 1.0, 0.0))
            if keys
            else np.zeros(0)
        )
    adjusted = benjamini_hochberg(p)
    rows: list[Row] = []
    for place in np.argsort(p, kind="stable"):
        key = keys[place]
        n = now[key].n + before[key].n
        half = z_of() * error[place]
        shown = Figure(float(gap[place]), float(gap[place] - half), float(gap[place] + half), n, unit="share") if n else too_few(n)
        rows.append({
            "measure": key[0], "name": key[1], "before": before[key].figure, "now": now[key].figure, "difference": shown,
            "adjusted_p": float(adjusted[place]), "clear": bool(adjusted[place] <= LEVEL),
        })  # fmt: skip
    return rows


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """How many measures changed for certain."""
    return [(said("of {n} measures changed for certain", "von {n} Größen haben sich sicher verändert", n=len(rows)), sum(row["clear"] for row in rows))] if rows else []


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """Differences with intervals around zero, the clearest first; hollow where they are not clear."""
    flat = [{**row, "clear": draw.CLEAR[row["clear"]], "label": f"{row['measure']} · {row['name'].replace(' (', ' · ').rstrip(')')}"} for row in rows[: draw.MOST_ROWS]]
    y = {"field": "label", "type": "nominal", "title": None, "sort": None}
    layers = draw.clear_or_not(draw.intervals("difference", "x", "Difference", None, "+.0%", y=y))
    return draw.the_first(draw.chart(
        "Drift: what changed between the periods", flat,
        {"Drift: what changed between the periods": "Veränderung zwischen den Zeiträumen", "Difference": "Unterschied",
         "got on from": "weitergekommen aus", "journeys with channel": "Journeys mit Kanal",
         "journeys with touchpoint": "Journeys mit Touchpoint"},
        width=draw.WIDE, layer=[draw.line_at(0), *layers],
    ), len(flat), len(rows))  # fmt: skip


QUESTION_DE = "Was sich zwischen zwei Zeiträumen sicher verändert hat."
ANALYSIS = Analysis("drift", "Drift", "Veränderung", RECIPE, DriftParams, run, __doc__, QUESTION_DE)
