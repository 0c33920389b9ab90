"""How long journeys take, in all and in each stage.

**Question.** How many days from the first touch to the won deal, to the lost one, to the last trace? How long
does a journey stay in each stage?

**Answer.** For each group (`--by segment`, `tier`, `kind`, `industry`, `country`, `owner`) the quartiles of
the days: from start to won, lost, dormant, and to any end; and of each stay in each stage until it is left,
for whatever reason. `share` is how many end so at
all (the conversion of whole journeys), open ones censored.

**How.** Open journeys and open stays count for as long as they were watched. "To any end" and "stay" are
Kaplan-Meier quantiles: the day by which a quarter, half, three quarters are no longer open; intervals by
inverting the log-log bands. "To won" (lost, dormant) is the distribution of days among those that end so
(Aalen-Johansen), with an order-statistic interval on the effective number of ends; it reaches as far as at
least five journeys were watched.

**Assumes.** Journeys that are still open will take as long as earlier ones that lasted as long as they have
by now.

**Does not say.** The mean: a few journeys of years would decide it. A quartile that was never reached by
those watched is shown as "never reached", not as a guess.

**Example.** `etappe show durations --by segment --kind first_purchase`

**Source.** E. L. Kaplan, P. Meier, JASA 53 (1958) 457-481; R. Brookmeyer, J. Crowley, Biometrics 38 (1982)
29-41.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, proportion, share, spans
from etappe.analyses.maths import survival
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.maths.together import together
from etappe.analyses.population import filtered, in_period, journeys_of, timed
from etappe.analyses.stage_exits import horizon, in_order
from etappe.journeys.shortcuts import HOURS
from etappe.tables.plain_arrays import numbers_of
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "durations",
    1,
    said(
        "quartiles of days; open journeys count for as long as they were watched",
        "Quartile der Tage; offene Journeys zählen so lange, wie sie beobachtet wurden",
    ),
    10,
)
GROUPS = ("segment", "tier", "kind", "industry", "country", "owner")
ENDS = ("won", "lost", "dormant")
QUARTILES = {"quarter_days": 0.25, "median_days": 0.5, "three_quarter_days": 0.75}
COLUMNS = ("what", "group", "stage_no", "n", "share", *QUARTILES)
WATCHED = 5


@dataclass(frozen=True, kw_only=True)
class DurationsParams(Params):
    """Filters of `durations`; the period is about the day a journey began, or a stage was entered."""

    by: str | None = option("a row for each", None, GROUPS)


def run(tables: Tables, params: DurationsParams) -> Result:
    """Quartiles, first of whole journeys, then of stays."""
    journeys = journeys_of(tables, params, moment=None)
    label = journeys[params.by].fill_null("unknown") if params.by else ibis.literal("all")
    begun = in_period(journeys.mutate(group=label), "started_at", params)
    whole = begun.select("group", what=ibis.literal("journey"), no=ibis.literal(0), end=begun.outcome, days=begun.days)
    columns = {"group": label, "journey_id": journeys.journey_id}
    visits = in_period(tables.stage_visits, "entered_at", params)
    if filtered(params) or params.by:
        visits = visits.inner_join(journeys.select(**columns), "journey_id")
    else:
        visits = visits.mutate(group=label)
    stays = visits.select(
        "group",
        what=visits.stage,
        no=visits.stage_no,
        end=visits.left_to.isnull().ifelse("open", "left"),
        days=visits.days,
    )
    rows, queries = [], []
    for table in (whole, stays):
        counted = table.mutate(hours=(table.days * HOURS).round().cast("int64"))
        counted = counted.group_by("group", "what", "no", "end", "hours").agg(count=counted.count())
        rows += _quartiles(tables, counted, table is whole)
        queries.append(counted)
    _name_apart(tables, rows)
    there = journeys.semi_join(ibis.union(begun.select("journey_id"), visits.select("journey_id")), "journey_id") if timed(params) else journeys
    none = said("No journey of this population was won yet.", "Von diesen Journeys wurde noch keine gewonnen.")
    caveats: list[str] = [] if any(row["what"] == "to won" for row in rows) else [none]
    return answer(
        "durations", RECIPE, COLUMNS, rows, tables, params, caveats, queries[0], drawing(rows), there,
        lambda: there.order_by(there.days.desc()), headline=_headline(rows),
    )  # fmt: skip


def _name_apart(tables: Tables, rows: list[Row]) -> None:
    """Where a stage of the same name stands in two stage models, says of which kinds of journey it is."""
    twice = {row["what"] for row in rows if len({other["stage_no"] for other in rows if other["what"] == row["what"]}) > 1}
    if not twice:
        return
    exits = tables.stage_exits.filter(tables.stage_exits.stage.isin(sorted(twice)))
    exits = exits.group_by("stage", "stage_no", "kind").agg(rows=exits.count())  # to be distinct would keep the order's columns, too
    kinds: dict[tuple[str, int], list[str]] = {}
    for found in tables.engine.rows(exits.order_by("kind")):
        kinds.setdefault((found["stage"], found["stage_no"]), []).append(found["kind"])
    for row in rows:
        if named := kinds.get((row["what"], row["stage_no"])):
            row["what"] = f"{row['what']} ({', '.join(named)})"


def _quartiles(tables: Tables, counted: ir.Table, whole: bool) -> list[Row]:
    table = tables.engine.to_arrow(counted)
    if not table.num_rows:
        return []
    # In order, so that sums have the same last digit whichever way the engine's rows came.
    texts = {name: in_order(table[name]) for name in ("group", "what", "end")}
    (groups, group), (whats, what), (ends, end) = (texts[name] for name in ("group", "what", "end"))
    no = numbers_of(table["no"]).astype(np.int64)
    keys, code = together(group, no, what)
    days = np.maximum(numbers_of(table["hours"]), 0) / HOURS
    count = numbers_of(table["count"]).astype(float)
    causes = [*ENDS, "left"]
    cause = np.array([causes.index(name) + 1 if name in causes else 0 for name in ends], np.int64)[end]
    cause = np.where(cause == 4, 1, cause)
    found = survival.curves(days, cause, 3, code, keys.shape[1], count)
    n = np.bincount(code, weights=count, minlength=keys.shape[1]).astype(np.int64)
    over = np.bincount(code, weights=np.where(cause > 0, count, 0.0), minlength=keys.shape[1])
    low, high = survival.survival_interval(found)
    still = Shares(found.survival[:, None], low[:, None], high[:, None], horizon(found, WATCHED, None))
    quantiles = {name: survival.quantiles(found, q) for name, q in QUARTILES.items()}
    ways = _to_each_end(found, still.until, code, cause, count) if whole else {}
    rows: list[Row] = []
    for place, (g, number, w) in enumerate(keys.T):
        what_ = "to any end" if whole else whats[w]
        head: Row = {"group": groups[g], "stage_no": int(number) or None, "what": what_}
        figures = {name: spans(part[place], int(n[place]), RECIPE) for name, part in quantiles.items()}
        rows.append({**head, "n": int(n[place]), "share": _ended(still, place, int(n[place]), float(over[place])), **figures})
        rows += [{**head, **end} for end in ways.get(place, ())]
    return sorted(rows, key=lambda row: (row["stage_no"] or 0, row["what"] if row["stage_no"] else "", row["group"]))


@dataclass(frozen=True, eq=False)
class Shares:
    """Curves with their bands, rows × causes, and the row up to which each group is read."""

    value: Floats
    low: Floats
    high: Floats
    until: Ints

    def at_end(self, place: int, column: int, n: int) -> Figure:
        """Share of n cases of a group, open ones censored, as far as enough were watched."""
        return share(self.value, self.low, self.high, int(self.until[place]), column, n, RECIPE)


def _to_each_end(found: survival.Curves, until: Ints, code: Ints, cause: Ints, count: Floats) -> dict[int, list[Row]]:
    """Of each group the rows of those ends that any of its journeys came to."""
    shares = Shares(found.incidence, *survival.incidence_interval(found), until)
    rows: dict[int, list[Row]] = {}
    of = np.bincount(code, weights=count, minlength=found.groups)
    for number, end in enumerate(ENDS, 1):
        came = np.bincount(code, weights=np.where(cause == number, count, 0.0), minlength=found.groups)
        parts = {name: survival.time_to(found, number, until, q) for name, q in QUARTILES.items()}
        for place in np.flatnonzero(came):
            figures = {name: spans(part[place], int(came[place]), RECIPE) for name, part in parts.items()}
            said_ = shares.at_end(int(place), number - 1, int(of[place]))
            rows.setdefault(int(place), []).append({"what": f"to {end}", "n": int(came[place]), "share": said_, **figures})
    return rows


def _ended(still: Shares, place: int, n: int, over: float) -> Figure:
    """Share that has come to any end by then."""
    if not over:
        return proportion(0, n, RECIPE)
    open_ = still.at_end(place, 0, n)
    if open_.value is None or open_.low is None or open_.high is None:
        return open_
    return Figure(1 - open_.value, 1 - open_.high, 1 - open_.low, n, unit="share")


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """Half of the journeys end by then; half of the won ones are won by then."""
    words = {
        "to won": said("until half of the won journeys are won", "bis die Hälfte der gewonnenen gewonnen ist"),
        "to any end": said("until half of the journeys have ended", "bis die Hälfte der Journeys zu Ende ist"),
    }
    found = {row["what"]: row["median_days"] for row in rows} if len({row["group"] for row in rows}) == 1 else {}
    return [(text, found[what]) for what, text in words.items() if what in found]


def drawing(rows: list[Row]) -> dict[str, Any]:
    """Quartiles as a bar with the median and its interval on it, a row each."""
    y: dict[str, Any] = {"field": "label", "type": "nominal", "title": None, "sort": None}
    several = len({row["group"] for row in rows}) > 1
    flat = [{**row, "no": row["stage_no"] or 0, "label": row["what"]} for row in rows]
    if several:
        y = {**y, "field": "group"}
    bar = {
        "mark": {"type": "bar", "height": 8, "opacity": 0.35},
        "encoding": {
            "y": y, "x": {"field": "quarter_days", "type": "quantitative", "title": "Days"},
            "x2": {"field": "three_quarter_days"},
        },
    }  # fmt: skip
    layers = [bar, *draw.intervals("median_days", "x", "Days", None, ",.0f", y=y)]
    spec: dict[str, Any] = {"layer": layers, "width": draw.WIDE}
    german = {
        "Days: quartiles and median": "Tage: Quartile und Median", "to any end": "bis zum Ende", "to won": "bis gewonnen",
        "to lost": "bis verloren", "to dormant": "bis eingeschlafen",
    }  # fmt: skip
    if several:
        most = max((row["three_quarter_days"].value or 0.0 for row in rows), default=1.0)
        for layer in layers:
            layer["encoding"]["x"]["scale"] = {"domainMax": most}
        panels = [
            {"title": {"text": label, "fontSize": 12}, "data": {"values": [draw.spread(row) for row in flat if row["label"] == label]}, **spec}
            for label in draw.ordered(flat, "label")
        ]
        return draw.chart("Days: quartiles and median", [], german, vconcat=panels, spacing=10)
    return draw.chart("Days: quartiles and median", flat, german, **spec)


QUESTION_DE = "Wie lange Journeys dauern, insgesamt und in jeder Phase."
ANALYSIS = Analysis("durations", "Durations", "Dauern", RECIPE, DurationsParams, run, __doc__, QUESTION_DE)
