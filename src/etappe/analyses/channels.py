"""Which channels are used in which stage, online and offline, and what they cost.

**Question.** How do accounts and the firm meet in each stage, what began the journeys and what came last
before they were won, and what did it cost?

**Answer.** One row a stage and channel: steps, share of the steps of the stage, share of the journeys of the
stage that had the channel, share online, journeys that began with it, won journeys in which it came last, and
its cost in the period.

**How.** Counts of steps and journeys; shares of journeys have Wilson intervals, shares of steps Wilson intervals of as many
independent steps as the journeys are worth: the steps of one journey belong together. Costs are those of the
advertising platforms, laid to channels by the platform's name, and are the same in every stage of a channel:
a platform does not know the stage.

**Assumes.** A step belongs to the stage the journey was in after it.

**Does not say.** Which channel works: see `attribution` and `compare`.

**Example.** `etappe show channels --segment large --since 2026-01`

**Source.** Counts; E. B. Wilson, JASA 22 (1927) 209-212 for the intervals; E. L. Korn, B. I. Graubard, Survey Methodology 24
(1998) 193-201 for the effective number of steps.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, proportion, ratio
from etappe.analyses.costs import costs_of
from etappe.analyses.maths.bounds import Ints
from etappe.analyses.maths.together import summed, together
from etappe.analyses.money import main_currency
from etappe.analyses.numbered import numbered
from etappe.analyses.population import filtered, in_period, journeys_of, of_period
from etappe.journeys.touches import touches
from etappe.tables.plain_arrays import numbers_of
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe("channels", 1, said("steps and journeys by stage and channel", "Schritte und Journeys je Phase und Kanal"), 10)
COLUMNS = (
    "journey_kind", "stage", "stage_no", "channel", "steps", "share_of_steps", "journeys", "share", "online", "first_contacts",
    "last_before_won", "cost",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ChannelsParams(Params):
    """Filters of `channels`; the period is about the day of the step."""

    by: str = option("what is counted", "channel", ("channel", "touchpoint", "campaign"))
    limit: int = option("at most so many rows a stage, the most frequent", 50)


def run(tables: Tables, params: ChannelsParams) -> Result:
    """The mix, stage by stage."""
    journeys = journeys_of(tables, params, moment=None)
    steps = _steps(tables, journeys, params)
    listed, size = _listed(tables, journeys, steps, params)
    listed.sort(key=lambda row: (row["kind"], row["stage_no"], -row["steps"], row["what"]))
    currency, _ = main_currency(tables.engine, journeys)
    spent, caveats = costs_of(tables, params, params.by, currency)
    rows: list[Row] = []
    shown = _most_frequent(listed, params.limit)
    for row in shown:
        row |= {name: int(row[name]) for name in ("steps", "journeys", "online", "first", "last")}
        whole = size[row["kind"], row["stage"]]
        cost = spent.spent.get(str(row["what"]).lower())
        rows.append({
            "journey_kind": row["kind"], "stage": row["stage"], "stage_no": row["stage_no"], "channel": row["what"],
            "steps": row["steps"], "share_of_steps": _of_all(row, whole), "journeys": row["journeys"],
            "share": proportion(row["journeys"], whole["journeys"], RECIPE),
            "online": _online(row), "first_contacts": row["first"], "last_before_won": row["last"],
            "cost": None if cost is None else round(cost, 2),
        })  # fmt: skip
    if len(shown) < len(listed):
        caveats.append(said("{n} rarer rows are not shown (--limit).", "{n} seltenere Zeilen sind nicht gezeigt (--limit).",
            n=len(listed) - len(shown)))  # fmt: skip
    if not rows:
        caveats = [said("No step passes these filters.", "Kein Schritt passt zu diesen Filtern."), *caveats]
    caveats += spent.left_out(str(row["what"]) for row in listed)
    if any(row["cost"] for row in rows):
        caveats.append(said("The cost of a channel is that of all stages together.", "Die Kosten eines Kanals sind die aller Phasen zusammen."))
    if len({row["channel"] for row in rows}) == 1:
        caveats.append(said("There is one channel only.", "Es gibt nur einen Kanal."))
    return answer("channels", RECIPE, COLUMNS, rows, tables, params, caveats, steps, _drawing(rows), of_period(journeys, tables.steps, "happened_at", params),
        lambda: steps.order_by([steps.happened_at.desc(), steps.journey_id, steps.seq]),
        brief=("journey_kind", "stage", "channel", "journeys", "share", "first_contacts", "last_before_won", "cost"),
        headline=_headline(listed) if params.by != "campaign" else (), holds={"channel": params.by})  # fmt: skip


def _headline(listed: list[Row]) -> list[tuple[str, Figure | int]]:
    """Where most journeys begin, and what most won ones end with."""
    made: list[tuple[str, Figure | int]] = []
    for name, english, german in (
        ("first", "of journeys begin with: {channel}", "der Journeys beginnen mit: {channel}"),
        ("last", "of won journeys end with: {channel}", "der gewonnenen Journeys enden mit: {channel}"),
    ):
        counts: Counter[str] = Counter()
        for row in listed:
            counts[row["what"]] += int(row[name])
        top, most = max(counts.items(), key=lambda item: item[1], default=("", 0))
        if most:
            made.append((said(english, german, channel=top), proportion(most, counts.total(), RECIPE)))
    return made


_COUNTED = ("steps", "online", "first", "last")


def _listed(tables: Tables, journeys: ir.Table, steps: ir.Table, params: ChannelsParams) -> tuple[list[Row], dict[tuple[str, str], Row]]:
    """The counts of each place (kind and stage) and channel, with the squares and products of what each journey adds; and the
    journeys and steps of each kind and stage.
    """
    stays = tables.stays.inner_join(journeys.select("journey_id", "kind", won=journeys.outcome == "won"), "journey_id")
    places, placed = numbered(tables, stays, ("kind", "stage", "stage_no"))
    names, found = _by_stay(tables, placed, steps, params)
    there = tables.engine.to_arrow(placed.select("stay", "journey", "place", won=placed.won.ifelse(1, 0).cast("int8")))
    stay, journey, place, won = (numbers_of(there[name]).astype(np.int64) for name in ("stay", "journey", "place", "won"))
    # A journey in a place is a pair; each of them once, with its place and whether it was won.
    (_, place), pair = _pairs(journey, place)
    pair_of, won_of = np.full(1 + int(max(stay.max(initial=-1), found["stay"].max(initial=-1))), -1), np.zeros(len(place), np.int64)
    pair_of[stay], won_of[pair] = pair, won
    here = pair_of[found["stay"]] >= 0
    many = len(names)
    key, sums = summed(pair_of[found["stay"][here]] * max(many, 1) + found["code"][here], len(place) * many, *(found[name][here] for name in _COUNTED))
    pair, code = np.divmod(key, max(many, 1))
    count = dict(zip(_COUNTED, sums, strict=True))
    whole = np.bincount(pair, count["steps"], minlength=len(place))
    spot, spots = place[pair] * max(many, 1) + code, len(places) * many
    ours = {
        **count, "journeys": np.ones(len(pair)), "last": count["last"] * won_of[pair], "ss": count["steps"] ** 2, "sw": count["steps"] * whole[pair],
        "oo": count["online"] ** 2, "os": count["online"] * count["steps"],
    }  # fmt: skip
    total = {name: np.bincount(spot, part, minlength=spots) for name, part in ours.items()}
    of_place = {name: np.bincount(place, part, minlength=len(places)) for name, part in {"journeys": whole > 0, "steps": whole, "ww": whole**2}.items()}
    listed = [
        {**places[at // many], "ww": float(of_place["ww"][at // many]), **{name: float(part[at]) for name, part in total.items()}, **names[at % many]}
        for at in map(int, np.flatnonzero(total["journeys"]))
    ]
    size = {(row["kind"], row["stage"]): {name: float(of_place[name][at]) for name in ("journeys", "steps")} for at, row in enumerate(places)}
    return listed, size


def _pairs(journey: Ints, place: Ints) -> tuple[Ints, Ints]:
    """The pairs of journey and place that occur, and which of them each stay is."""
    return together(journey, place) if len(journey) else (np.zeros((2, 0), np.int64), journey)


def _by_stay(tables: Tables, placed: ir.Table, steps: ir.Table, params: ChannelsParams) -> tuple[list[Row], dict[str, Ints]]:
    """What channels there are, and what each stay had of each: stay, code of the channel, steps, those online, and whether the
    first and the last of the journey are among them.
    """
    if params.by == "campaign":
        names, coded = numbered(tables, steps, ("what",), "code")
        rows = coded.inner_join(placed.select("stay", "journey_id", "visit_no"), ["journey_id", "visit_no"])
        counted = rows.group_by("stay", "code").agg(
            steps=rows.count(), online=rows.online.fill_null(False).ifelse(1, 0).sum(), first=(rows.seq == 1).ifelse(1, 0).sum(), last=rows.last.ifelse(1, 0).sum()
        )
        table = tables.engine.to_arrow(counted.select(*(counted[name].cast("int64").name(name) for name in ("stay", "code", *_COUNTED))))
        return names, {name: numbers_of(table[name]) for name in table.column_names}
    touched = touches(in_period(tables.numbered_steps, "happened_at", params)) if params.since or params.until else tables.touches
    ways = tables.engine.rows(tables.touch_ways)
    channels = sorted({row[params.by] for row in ways})
    code = np.zeros(1 + max((row["way"] for row in ways), default=0), np.int64)
    code[[row["way"] for row in ways]] = [channels.index(row[params.by]) for row in ways]
    columns = {"steps": touched.steps, "online": touched.online, "first": (touched.first_seq == 1).ifelse(1, 0), "last": touched.ends}
    table = tables.engine.to_arrow(touched.select(*(part.cast("int32").name(name) for name, part in {"stay": touched.stay, "way": touched.way, **columns}.items())))
    found = {name: numbers_of(table[name]) for name in table.column_names}
    return [{"what": name} for name in channels], {**found, "code": code[found["way"]]}


def _of_all(row: Row, whole: Row) -> Figure:
    return ratio(row["steps"], int(whole["steps"]), row["ss"], row["sw"], row["ww"], int(whole["journeys"]), RECIPE)


def _online(row: Row) -> Figure:
    return ratio(row["online"], row["steps"], row["oo"], row["os"], row["ss"], row["journeys"], RECIPE)


def _most_frequent(rows: list[Row], limit: int) -> list[Row]:
    """The first rows of each kind of journey and stage; they come in order."""
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for row in rows:
        place = row["kind"], row["stage"]
        seen[place] = seen.get(place, 0) + 1
        if seen[place] <= limit:
            kept.append(row)
    return kept


def _steps(tables: Tables, journeys: ir.Table, params: ChannelsParams) -> ir.Table:
    steps = in_period(tables.steps, "happened_at", params)
    steps = steps.filter(steps[params.by].notnull())
    if filtered(params):
        steps = steps.semi_join(journeys, "journey_id")
    return steps.select(
        "journey_id", "account_id", "visit_no", "seq", "happened_at", "stage", "stage_no", "online", "person_id",
        what=steps[params.by], last=steps.next_touchpoint.isnull(),
    )  # fmt: skip


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """Heat maps, one a kind of journey: share of the journeys of a stage that had the channel."""
    title = "Channels by stage: share of journeys that had them"
    german = {title: "Kanäle je Phase: Anteil der Journeys, die sie hatten"}
    panels = []
    for kind in draw.ordered(rows, "journey_kind"):
        mine = [row for row in rows if row["journey_kind"] == kind]
        total: dict[str, float] = {}
        for row in mine:
            total[row["channel"]] = total.get(row["channel"], 0.0) + row["journeys"]
        top = sorted(total, key=lambda name: (-total[name], name))[: draw.MOST_ROWS]
        english, german[english] = draw.kinds_named(kind)
        shown = [row for row in mine if row["channel"] in top]
        panel = draw.heat(shown, "channel", "stage", "share", "Share of journeys", top, draw.ordered(mine, "stage", "stage_no"))
        panels.append({"title": {"text": english, "fontSize": 12}, **panel})
    return draw.chart(title, [], german, vconcat=panels, spacing=24)


QUESTION_DE = "Welche Kanäle in welcher Phase genutzt werden, online und offline, und was sie kosten."
ANALYSIS = Analysis("channels", "Channels", "Kanäle", RECIPE, ChannelsParams, run, __doc__, QUESTION_DE)
