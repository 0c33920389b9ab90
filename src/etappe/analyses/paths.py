"""The journeys as a graph: what follows what, how often, after how long, and how often that is won.

**Question.** Which ways do accounts (or persons of a role) take from touchpoint to touchpoint, or from stage
to stage, and where do the won journeys go otherwise than the lost ones?

**Answer.** One row a move: from, to, number of moves and journeys, share of the journeys that make it, median
and mean days, share won of the journeys that have ended, and the difference in share between won and lost
journeys. Below the table: loops (a move back to where it came from), pauses and revivals.

**How.** Every step is joined with the next one of the same journey (`--unit person`: of the same person in
it). Moves are shown from the most frequent on until `--keep` of all moves are drawn; `--least 0.2` keeps only those that a fifth
of the journeys make. Medians have
order-statistic intervals, shares Wilson intervals over journeys, means one as wide as if all waits of a journey were the same. Start and end are moves too. `--of stages`
takes the stays in stages instead.

**Assumes.** The order of the records is the order of what happened.

**Does not say.** That a move leads to winning. Share won is among journeys that have ended; while many are
open it is not a win rate.

**Example.** `etappe show paths --of stages --kind first_purchase`; `etappe show paths --unit person --role
decider --keep 0.6`

**Source.** W. M. P. van der Aalst, Process Mining (2016), chapter 5 (directly-follows graphs), and the same
author's warning about frequency-filtered ones, "A practitioner's guide to process mining: limitations of the
directly-follows graph", Procedia Computer Science 164 (2019) 321-328.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, differences, figures, proportions
from etappe.analyses.flow import layout
from etappe.analyses.maths.bounds import Floats, Ints, z_of
from etappe.analyses.maths.together import occurring
from etappe.analyses.moves_made import Moves
from etappe.analyses.population import asked, filtered, journeys_of
from etappe.analyses.stage_exits import in_order
from etappe.analyses.waits import alike, means, medians
from etappe.journeys.shortcuts import END, START, rounded_seconds
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "paths",
    1,
    said(
        "how often one step follows another, after how long, and how often it is won",
        "wie oft ein Schritt auf einen anderen folgt, nach wie langer Zeit, und wie oft gewonnen wird",
    ),
    10,
)
COLUMNS = (
    "from", "to", "moves", "journeys", "share", "median_days", "mean_days", "won", "won_share", "lost_share", "difference",
)  # fmt: skip
_MOVE = ("journey_id", "account_id", "source", "target", "seconds")
OUTCOMES = ("won", "lost", "dormant", "open")
MOST, NEARLY_ALL = 0.8, 0.995
WHOLE = 5000  # a graph of more moves is read by nobody, and is no smaller to keep than what it is made of
Edges = tuple[list[dict[str, Any]], int, int]


@dataclass(frozen=True, kw_only=True)
class PathsParams(Params):
    """Filters of `paths`; the period is about the day a journey began.

    With `--unit person`, role and persona are the person's.
    """

    of: str = option("what the nodes are", "touchpoints", ("touchpoints", "stages", "channels"))
    unit: str = option("whose steps follow each other", "account", ("account", "person"))
    keep: float | None = option("share of all moves that is shown, from the most frequent on; else 0.8, of stages nearly all")
    least: float = option("only moves that at least this share of the journeys makes", 0.0)
    limit: int = option("at most so many moves", 200)


def run(tables: Tables, params: PathsParams) -> Result:
    """The graph as rows."""
    of_person = params.unit == "person"
    journeys = journeys_of(tables, params, skip=("role", "persona") if of_person else ())
    made_of = partial(_moves, tables, journeys, params)
    if params.of == "touchpoints" and not of_person and not _chosen(params):
        found, _ = _edges(_Counted.of(tables, tables.move_waits), params)
        made = tables.moves.group_by("source", "target", "outcome").agg(n=tables.moves.journeys.sum())
        _count_journeys(found[0], tables.engine.rows(made))
        return _answered(tables, params, journeys, made_of, found, None)
    if params.of != "stages" and not of_person:
        each = Moves.of(tables, journeys, params.of.removesuffix("s"), some=_chosen(params))
        found, edge_of = _edges(_Counted(each.names, each.source, each.names, each.target, each.seconds, np.ones_like(each.seconds)), params)
        for edge, by in zip(found[0], each.by_outcome(edge_of, len(found[0])), strict=True):
            edge["by"] = {name: by.get(name, 0) for name in OUTCOMES}
        return _answered(tables, params, journeys, made_of, found, None)
    moves = made_of()
    # Where a window had to be run over the steps, it is run once.
    wide = params.of != "stages"
    kept = tables.engine.keep("moves", moves.drop("account_id"), on_disk=True) if wide else moves
    try:
        found, _ = _edges(_Counted.of(tables, kept.group_by("source", "target", "seconds").agg(n=kept.count())), params)
        sizes = _sizes(tables, journeys.semi_join(kept, "journey_id"))[0] if of_person else None
        _add_journeys(tables, journeys, kept, found[0])
    finally:
        if wide:
            tables.engine.drop(kept)
    return _answered(tables, params, journeys, made_of, found, sizes)


def _answered(
    tables: Tables, params: PathsParams, journeys: ir.Table, moves: Callable[[], ir.Table], found: Edges, there: dict[str, int] | None
) -> Result:
    """The answer; `there` are the journeys that have any step here, by outcome, where these are not all."""
    edges, total, loops = found
    whole, back = _sizes(tables, journeys)
    sizes = whole if there is None else there
    of = sum(sizes.values())
    rows = _rows([edge for edge in edges if sum(edge["by"].values()) >= params.least * of], sizes)
    population = {"journeys": sum(whole.values()), "moves": total, "loops": loops, "steps_back": back, **_pauses(tables, journeys, params)}
    return answer(
        "paths", RECIPE, COLUMNS, rows, tables, params, _caveats(rows, total), moves,
        _drawing(rows), journeys, lambda: moves().drop("seconds").rename({"from": "source", "to": "target"}), population,
        brief=("from", "to", "moves", "journeys", "share", "median_days", "won"), headline=_headline(rows),
    )  # fmt: skip


def part(whole: Result, params: PathsParams) -> Result:
    """What `run` gives for `--keep`, `--least` and `--limit`, of an answer that shows every move of all journeys."""
    upto = np.cumsum([float(row["moves"]) for row in whole.rows])
    rows = whole.rows[: _number_shown(upto, params)]
    rows = [row for row in rows if row["journeys"] >= params.least * whole.population["journeys"]]
    population = {**whole.population, "filters": asked(params)}
    if len(rows) == len(whole):
        return replace(whole, population=population)
    return replace(whole, rows=rows, population=population, caveats=tuple(_caveats(rows, whole.population["moves"])), drawing=_drawing(rows), headline=tuple(_headline(rows)))


def _number_shown(upto: Floats, params: PathsParams) -> int:
    """How many moves are shown, most frequent first; `upto` counts how often they and those before them are made."""
    if not len(upto):
        return 0
    share = params.keep or (NEARLY_ALL if params.of == "stages" else MOST)
    return len(upto[: max(1, int(np.searchsorted(upto, share * upto[-1]) + 1))][: params.limit])


def _caveats(rows: list[Row], total: int) -> list[str]:
    shown = sum(row["moves"] for row in rows)
    caveats: list[str] = []
    if shown < total:
        caveats.append(said("{shown} of {total} moves are shown; the rarer ones are left out.",
            "Gezeigt sind {shown} von {total} Übergängen; die selteneren fehlen.", shown=shown, total=total))  # fmt: skip
    if not rows:
        caveats.append(said("Nobody made a move here.", "Hier gibt es keinen Übergang."))
    return caveats


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """The move that most journeys make, from one thing to another."""
    known = [row for row in rows if row["share"].value is not None and row["from"] not in (START, row["to"]) and row["to"] != END]
    most = max(known, key=lambda row: row["share"].value, default=None)
    return [(said("of the journeys go from {source} to {target}, the most of all", "der Journeys gehen von {source} zu {target}, die meisten von allen",
        source=most["from"], target=most["to"]), most["share"])] if most else []  # fmt: skip


def _chosen(params: Params) -> bool:
    """Whether these are not all journeys."""
    return filtered(params) or params.since is not None or params.until is not None


def _moves(tables: Tables, journeys: ir.Table, params: PathsParams) -> ir.Table:
    """One move a row: journey_id, account_id, source, target, seconds."""
    begun = {"source": ibis.literal(START), "seconds": ibis.literal(-1, "int64")}
    chosen = _chosen(params)
    if params.of == "stages":
        visits = tables.stage_visits
        if chosen:
            visits = visits.semi_join(journeys, "journey_id")
        into = visits.filter(visits.visit_no == 1).mutate(**begun, target=visits.stage)
        left = visits.filter(visits.left_to.notnull())
        on = left.mutate(source=left.stage, target=left.left_to, seconds=rounded_seconds(left.days))
        return ibis.union(into.select(*_MOVE), on.select(*_MOVE))
    name = "channel" if params.of == "channels" else "touchpoint"
    steps = tables.steps
    if params.unit == "person":
        steps = steps.filter(steps.person_id.notnull())
        for role in ("role", "persona"):
            if getattr(params, role):
                steps = steps.filter(steps[role].isin(getattr(params, role)))
    if chosen:
        steps = steps.semi_join(journeys, "journey_id")
    if params.unit == "account" and name == "touchpoint":
        following, wait = steps.next_touchpoint, steps.wait_after
        first = steps.filter(steps.previous_touchpoint.isnull())
    else:
        keys = [steps.journey_id, steps.person_id] if params.unit == "person" else [steps.journey_id]
        order = {"group_by": keys, "order_by": steps.seq}
        steps = steps.mutate(
            later=steps[name].lead().over(**order), later_at=steps.happened_at.lead().over(**order),
            place=ibis.row_number().over(**order),
        )  # fmt: skip
        following = steps.later
        wait = (steps.later_at.epoch_seconds() - steps.happened_at.epoch_seconds()) / 86_400.0
        first = steps.filter(steps.place == 0)
    begin = first.select("journey_id", "account_id", **begun, target=first[name])
    on = steps.select(
        "journey_id", "account_id", source=steps[name], target=following.fill_null(END), seconds=rounded_seconds(wait)
    )
    return ibis.union(begin.select(*_MOVE), on.select(*_MOVE))


@dataclass(frozen=True, eq=False)
class _Counted:
    """Moves that are alike an entry: from and to what, by place in their names, after how many seconds, and how many."""

    sources: list[str]
    source: Ints
    targets: list[str]
    target: Ints
    seconds: Ints
    n: Ints

    @classmethod
    def of(cls, tables: Tables, counted: ir.Table) -> _Counted:
        table = tables.engine.to_arrow(counted)
        seconds, n = (table[name].to_numpy().astype(np.int64) for name in ("seconds", "n"))
        return cls(*in_order(table["source"]), *in_order(table["target"]), seconds, n)


def _edges(counted: _Counted, params: PathsParams) -> tuple[Edges, Ints]:
    """The moves that are shown, most frequent first, the number of all moves, and that of loops; and which of those shown each
    entry is, -1 where it is none.
    """
    sources, source, targets, target = counted.sources, counted.source, counted.targets, counted.target
    seconds, n = counted.seconds, counted.n
    pair = source * max(len(targets), 1) + target
    there, edge = occurring(pair, len(sources) * max(len(targets), 1))
    pairs = np.stack([there // max(len(targets), 1), there % max(len(targets), 1)])
    size = len(there)
    total = np.bincount(edge, weights=n, minlength=size)
    order = np.lexsort((pairs[1], pairs[0], -total))
    kept = order[: _number_shown(np.cumsum(total[order]), params)]
    # Waits of the moves that are shown: there are many times as many others.
    row = np.full(size, -1)
    row[kept] = np.arange(len(kept))
    shown_as = row[edge]
    mine = shown_as >= 0
    waits = *alike(shown_as[mine], seconds[mine], n[mine], len(kept)), len(kept)
    (median, known), (mean, spread) = medians(*waits), means(*waits)
    shown = [
        {
            "from": sources[pairs[0, k]], "to": targets[pairs[1, k]], "moves": int(total[k]), "median": median[at],
            "timed": int(known[at]), "mean": mean[at], "spread": spread[at],
        }
        for at, k in enumerate(kept)
    ]  # fmt: skip
    same = np.array([sources[a] == targets[b] for a, b in pairs.T], bool)
    return (shown, int(total.sum()), int(total[same].sum()) if size else 0), shown_as


def _sizes(tables: Tables, journeys: ir.Table) -> tuple[dict[str, int], int]:
    """Number of journeys of each outcome, and how often they went back."""
    rows = tables.engine.rows(journeys.group_by("outcome").agg(n=journeys.count(), back=journeys.back_moves.sum()))
    return {row["outcome"]: row["n"] for row in rows}, sum(int(row["back"] or 0) for row in rows)


def _add_journeys(tables: Tables, journeys: ir.Table, moves: ir.Table, edges: list[dict[str, Any]]) -> None:
    """Distinct journeys of each outcome on each shown move."""
    ends = [sorted({edge[side] for edge in edges}) for side in ("from", "to")]
    shown = moves.filter(moves.source.isin(ends[0]) & moves.target.isin(ends[1]))
    once = shown.select("journey_id", "source", "target").distinct()
    joined = once.inner_join(journeys.select("journey_id", "outcome"), "journey_id")
    counts = joined.group_by("source", "target", "outcome").agg(n=joined.count())
    _count_journeys(edges, tables.engine.rows(counts) if edges else [])


def _count_journeys(edges: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    found = {(row["source"], row["target"], row["outcome"]): row["n"] for row in rows}
    for edge in edges:
        edge["by"] = {name: found.get((edge["from"], edge["to"], name), 0) for name in OUTCOMES}


def _rows(edges: list[dict[str, Any]], sizes: dict[str, int]) -> list[Row]:
    """The moves with their figures, which are made of all of them at once."""
    by = {name: np.array([edge["by"][name] for edge in edges], np.int64) for name in OUTCOMES}
    gone = by["lost"] + by["dormant"]
    journeys, ended = by["won"] + gone + by["open"], by["won"] + gone
    won, lost = sizes.get("won", 0), sizes.get("lost", 0) + sizes.get("dormant", 0)
    of_all = {
        "share": proportions(journeys, sum(sizes.values()), RECIPE),
        "median_days": figures(np.array([edge["median"] for edge in edges]).reshape(-1, 3).T, [edge["timed"] for edge in edges], RECIPE, "days", "never reached"),
        "mean_days": _means(edges, journeys), "won": proportions(by["won"], ended, RECIPE),
        "won_share": proportions(by["won"], won, RECIPE), "lost_share": proportions(gone, lost, RECIPE),
        "difference": differences(by["won"], won, gone, lost, RECIPE),
    }  # fmt: skip
    named = zip(edges, journeys.tolist(), *of_all.values(), strict=True)
    return [
        {"from": edge["from"], "to": edge["to"], "moves": edge["moves"], "journeys": number, **dict(zip(of_all, each, strict=True))} for edge, number, *each in named
    ]


def _means(edges: list[dict[str, Any]], journeys: Ints) -> list[Figure]:
    """Mean days with an interval over journeys: the waits of one journey count as one, whatever they have in common."""
    mean, spread = (np.array([edge[name] for edge in edges], float) for name in ("mean", "spread"))
    half = z_of() * spread / np.sqrt(np.maximum(journeys, 1))
    # Sums of the same waits in another order differ in their last digits: cut them off before rounding to a minute or two.
    ends = ([round(round(days, 9), 3) for days in part.tolist()] for part in (mean, np.maximum(mean - half, 0.0), mean + half))
    found = figures([np.array(end, float) for end in ends], journeys, RECIPE, "days")
    nowhere = Figure(None, n=0, why="no data", unit="days")  # the way in has no wait
    return [nowhere if gone else figure for figure, gone in zip(found, np.isnan(mean).tolist(), strict=True)]


def _pauses(tables: Tables, journeys: ir.Table, params: PathsParams) -> dict[str, int]:
    """Pauses and revivals of the journeys."""
    pauses = tables.pauses.semi_join(journeys, "journey_id") if _chosen(params) else tables.pauses
    totals = tables.engine.rows(pauses.agg(pauses=pauses.count(), revived=pauses.ended_at.count()))[0]
    return {"pauses": int(totals["pauses"]), "revived": int(totals["revived"])}


SIDES = ["more often when won", "more often when lost", "no clear difference"]


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """The moves as a flow from start to end: bands as wide as their journeys, marked where won and lost ones differ."""
    nodes, bands, labels = layout(rows, START, END)
    hidden = {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [-0.06, 1.06]}}
    upright = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}
    flow = {
        "data": {"values": bands},
        "mark": {"type": "line", "strokeCap": "round", "opacity": 0.62},
        "encoding": {
            "x": hidden, "y": upright, "detail": {"field": "edge"}, "order": {"field": "step", "type": "quantitative"},
            "strokeWidth": {"field": "journeys", "type": "quantitative", "title": "Journeys", "scale": {"range": [0.8, 13]}, "legend": None},
            "color": {"field": "side", "type": "nominal", "title": None, "scale": {"domain": SIDES, "range": [draw.ACCENT, draw.AGAINST, "#b8bec9"]},
                      "legend": {"orient": "bottom"}},
            "strokeDash": {"field": "side", "type": "nominal", "scale": {"domain": SIDES, "range": [[1, 0], [9, 4], [1, 0]]}, "legend": None},
        },
    }  # fmt: skip
    there = {"x": hidden, "y": upright}
    dots = {"data": {"values": nodes}, "mark": {"type": "point", "filled": True, "size": 90, "color": "#1c2430", "opacity": 1}, "encoding": there}
    names: list[dict[str, Any]] = []
    for side, dy in ((0, -13), (1, 19)):
        mine = {"values": [node for node in nodes if node["below"] == side]}
        text = {"data": mine, "encoding": {**there, "text": {"field": "node"}}}
        halo = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
        names += [{**text, "mark": {"type": "text", "dy": dy, "fontWeight": 600, **look}} for look in (halo, {})]
    counts = {"data": {"values": labels}, "encoding": {**there, "text": {"field": "label"}}}
    return draw.chart(
        "Paths: what follows what", [],
        {"Paths: what follows what": "Wege: was auf was folgt", "more often when won": "öfter bei gewonnenen",
         "more often when lost": "öfter bei verlorenen", "no clear difference": "kein deutlicher Unterschied",
         "(start)": "(Beginn)", "(end)": "(Ende)"},
        width=760, height=430 if len({node["y"] for node in nodes}) > 1 else 300,
        layer=[flow, {**counts, "mark": {"type": "text", "fontSize": 10, "stroke": "white", "strokeWidth": 3}},
               {**counts, "mark": {"type": "text", "fontSize": 10, "color": "#475467"}}, dots, *names],
    )  # fmt: skip


QUESTION_DE = "Die Journeys als Graph: was auf was folgt, wie oft, nach wie langer Zeit, und wie oft das gewonnen wird."
ANALYSIS = Analysis("paths", "Paths", "Wege", RECIPE, PathsParams, run, __doc__, QUESTION_DE, whole={"keep": 1.0, "least": 0.0, "limit": WHOLE}, part=part)
