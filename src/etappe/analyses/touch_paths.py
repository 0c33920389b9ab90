"""The touches before a goal, journey by journey (or person by person), as arrays for the attribution models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.analyses.analysis import Params, Tables, unknown
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.maths.paths import Paths, Units
from etappe.analyses.maths.together import occurring
from etappe.analyses.money import most_of
from etappe.analyses.path_arrays import Coded, fold
from etappe.analyses.population import in_period, journeys_of, named
from etappe.analyses.stage_exits import coded, in_order
from etappe.analyses.step_arrays import StepArrays, places_of_stays, with_numbers
from etappe.tables.plain_arrays import flags_of, moments_of, numbers_of
from etappe.words.said import said

BY = ("channel", "touchpoint", "campaign", "content")
NO_TOUCHES = ("email_sent", "email_delivered", "email_bounce", "note", "task", "list_change", "unsubscribe")
CONTACT_KINDS = ("form", "chat", "call", "meeting", "fair_visit", "event_visit", "webinar")
DAY_SECONDS = 86_400.0


@dataclass(frozen=True, eq=False)
class TouchPaths:
    """Paths and what went along them; see :mod:`etappe.analyses.maths.paths`.

    `untouched` are won journeys (and their value) without any touch; `begun_with_sales` is how many won
    journeys have a sales contact as their first touch, so that nothing is known of what came before. `journey` and
    `at` (seconds) are the journey of each path and the moment of its goal or end.
    """

    coded: Coded
    units: Units
    untouched: tuple[float, float]
    begun_with_sales: int
    direct: int | None
    value: float
    currency: str | None
    caveats: list[str]
    query: Callable[[], ir.Table]
    behind: Callable[[], ir.Table]
    journey: pa.Array
    at: Floats


def touch_paths(tables: Tables, params: Params, by: str, unit: str, goal: str, lookback: float | None) -> TouchPaths:
    """All paths that reached the goal, and those that ended without it. Open journeys are neither."""
    ended = _ended(tables, params, goal)
    open_ones = tables.engine.count(_open(tables, params, goal))
    still: list[str] = []
    if open_ones:
        still.append(said("{n} journeys are still open; they are neither won nor lost and are left out.",
            "{n} Journeys sind noch offen; sie sind weder gewonnen noch verloren und fehlen hier.", n=open_ones))  # fmt: skip
    if unit == "account" and by in ("channel", "touchpoint"):
        found, decided = _by_number(tables, ended, by, lookback)
    else:
        found, decided = _by_name(tables, ended, by, lookback, unit == "person")
    # Counted of what is here already, as the engine would take a query of its own for it.
    counted = decided.filter(pc.fill_null(decided["hit"], False))["currency"].drop_null().value_counts()
    currency, apart = most_of({str(row["values"]): int(row["counts"]) for row in counted.to_pylist()})
    touches = _ordered(found)
    return _assembled(touches, decided, currency, [*apart, *tables.money_told(), *still],
        lambda: _flat(tables, ended.mutate(unit=ibis.literal(0)), by, lookback), lambda: _behind(tables, ended, by))  # fmt: skip


def touches_before(tables: Tables, params: Params, by: str, goal: str) -> ir.Table:
    """The touches of the journeys that reached the goal, newest first: the records behind all paths, without making these."""
    return _behind(tables, _ended(tables, params, goal), by)


def _flat(tables: Tables, ended: ir.Table, by: str, lookback: float | None) -> ir.Table:
    """One touch before its goal a row: unit (number of the journey), person_id, seq, touch, age in days,
    contact, sales.
    """
    joined = _touches(tables, by).inner_join(ended.select("journey_id", "unit", "at"), "journey_id")
    age = (joined["at"].epoch_seconds() - joined.happened_at.epoch_seconds()) / DAY_SECONDS
    joined = joined.filter(joined.happened_at <= joined["at"])
    if lookback is not None:
        joined = joined.filter(age <= lookback)
    sales = joined.sales.fill_null(False)
    contact = joined.kind.isin(CONTACT_KINDS).fill_null(False) | sales
    return joined.select("unit", "person_id", "seq", "touch", age=age, contact=contact, sales=sales)


@dataclass(frozen=True, eq=False)
class _Touches:
    """Touches in order of path: code and age of each; of each path its first touch, journey and share of the
    journey.
    """

    channels: list[str]
    touch: Ints
    age: Floats
    contact: Any
    sales: Any
    start: Ints
    unit: Ints
    share: Floats
    folded: int


@dataclass(frozen=True, eq=False)
class _Found:
    """One touch an entry: names of the channels in order, and of each touch its channel, unit, person, place, age in days,
    and whether it was a contact, or one with sales.
    """

    names: list[str]
    touch: Ints
    unit: Ints
    person: Ints | None
    seq: Ints
    age: Floats
    contact: Any
    sales: Any


def _by_number(tables: Tables, ended: ir.Table, by: str, lookback: float | None) -> tuple[_Found, pa.Table]:
    """The touches before the goals, and the journeys that are decided; from the steps as numbers: no text is read."""
    decided = tables.engine.to_arrow(with_numbers(tables, ended).order_by("journey_id"))
    steps, unit_of = StepArrays.of(tables), places_of_stays(tables, numbers_of(decided["journey"], -1).astype(np.int64))
    ways = tables.engine.rows(tables.touch_ways)
    names = sorted({row[by] for row in ways if row["kind"] not in NO_TOUCHES})
    code, contact, sales = (np.zeros(1 + max((row["way"] for row in ways), default=0), kind) for kind in (np.int64, bool, bool))
    code -= 1
    for row in ways:
        place, sales[row["way"]] = row["way"], bool(row["sales"])
        contact[place] = row["kind"] in CONTACT_KINDS or bool(row["sales"])
        code[place] = names.index(row[by]) if row["kind"] not in NO_TOUCHES else -1
    end = np.append(moments_of(decided["at"]), np.iinfo(np.int64).min)
    unit = unit_of[steps.stay]
    there = np.flatnonzero((steps.at <= end[unit]) & (code >= 0)[steps.way])
    unit, way, at = unit[there], steps.way[there], steps.at[there]
    age = (end[unit] - at) / (1e6 * DAY_SECONDS)
    if lookback is not None:
        late = age <= lookback
        unit, way, age, there = unit[late], way[late], age[late], there[late]
    shown, touch = occurring(code[way], len(names))
    return _Found([names[k] for k in shown], touch, unit, None, steps.seq[there], age, contact[way], sales[way]), decided


def _by_name(tables: Tables, ended: ir.Table, by: str, lookback: float | None, of_person: bool) -> tuple[_Found, pa.Table]:
    """The same for what a way does not say: persons, campaigns, pieces of content."""
    numbered = tables.engine.keep("ended", ended.mutate(unit=ibis.row_number().over(order_by=ended.journey_id)))
    try:
        flat = _flat(tables, numbered, by, lookback)
        table = tables.engine.to_arrow(flat if of_person else flat.drop("person_id"))  # a text a touch is most of what would be read
        decided = tables.engine.to_arrow(numbered.order_by("unit"))
    finally:
        tables.engine.drop(numbered)
    person = coded(table["person_id"])[1] + 1 if of_person else None
    unit, seq = (numbers_of(table[name]).astype(np.int64, copy=False) for name in ("unit", "seq"))
    flags = (flags_of(table[name]) for name in ("contact", "sales"))
    return _Found(*in_order(table["touch"]), unit, person, seq, numbers_of(table["age"]), *flags), decided


def _ordered(found: _Found) -> _Touches:
    touch, channels, folded = fold(found.touch, found.names)
    unit, person = found.unit, np.zeros(len(found.unit), np.int64) if found.person is None else found.person
    age, contact, sales = found.age, found.contact, found.sales
    if found.person is not None or np.any((unit[1:] < unit[:-1]) | ((unit[1:] == unit[:-1]) & (found.seq[1:] < found.seq[:-1]))):
        order = _in_order(unit, person, found.seq)
        touch, unit, person, age = touch[order], unit[order], person[order], age[order]
        contact, sales = contact[order], sales[order]
    new = np.ones(len(unit), bool)
    new[1:] = (unit[1:] != unit[:-1]) | (person[1:] != person[:-1])
    first = np.flatnonzero(new)
    start = np.append(first, len(unit)).astype(np.int64)
    of = unit[first]
    size = np.bincount(of, minlength=1)
    return _Touches(channels, touch, age, contact, sales, start, of, 1.0 / size[of], folded)


def _in_order(*keys: Ints) -> Ints:
    """The places of the rows in order of several whole numbers, from 0, as one key: a table that is nearly in order already,
    as one of steps is, is sorted in a fraction of the time.
    """
    sizes = [1 + int(key.max(initial=0)) for key in keys]
    if np.prod([float(size) for size in sizes]) > 2.0**62:
        return np.asarray(np.lexsort(keys[::-1]), np.int64)
    whole = np.zeros(len(keys[0]), np.int64)
    for key, size in zip(keys, sizes, strict=True):
        whole = whole * size + key
    return np.asarray(np.argsort(whole, kind="stable"), np.int64)


def _assembled(
    found: _Touches,
    decided: pa.Table,
    currency: str | None,
    caveats: list[str],
    query: Callable[[], ir.Table],
    behind: Callable[[], ir.Table],
) -> TouchPaths:
    hit = decided["hit"].to_numpy(zero_copy_only=False).astype(bool)
    same = pc.fill_null(pc.equal(decided["currency"], currency or ""), False).to_numpy(zero_copy_only=False)
    value = np.where(hit & same, np.nan_to_num(decided["value"].to_numpy(zero_copy_only=False).astype(float)), 0.0)
    account = coded(decided["account_id"])[1]
    at = _seconds(decided["at"])
    opened = (at - _seconds(decided["opened_at"])) / DAY_SECONDS
    of, share = found.unit, found.share
    units = Units(
        np.arange(len(of)), np.where(hit[of], share, 0.0), value[of] * share, np.where(hit[of], 0.0, share), account[of]
    )
    untouched = np.ones(len(hit), bool)
    untouched[of] = False
    begun = float((share * (hit[of] & found.sales[found.start[:-1]])).sum()) if len(of) else 0.0
    contact = (
        np.maximum.reduceat(np.where(found.contact, found.age, -1.0), found.start[:-1]) if len(of) else np.zeros(0)
    )
    paths = Paths(
        found.touch, found.start, len(found.channels), found.age, _place(found, np.where(contact < 0, np.nan, contact)),
        _place(found, opened[of]),
    )  # fmt: skip
    coded_paths = _merged(Coded(paths, found.channels, np.arange(len(of)), found.folded))
    direct = next((n for n, name in enumerate(found.channels) if name in ("direct", "(direct)")), None)
    nobody = float((hit & untouched).sum()), float(value[untouched].sum())
    return TouchPaths(
        coded_paths, units, nobody, round(begun), direct, float(value.sum()), currency, caveats, query, behind,
        decided["journey_id"].combine_chunks().take(pa.array(of)), at[of],
    )  # fmt: skip


def _seconds(column: Any) -> Floats:
    """Moments as seconds; nan where there is none."""
    moments = column.combine_chunks()
    seconds = moments.cast(pa.int64()).to_numpy(zero_copy_only=False).astype(float) / 1e6
    return np.where(pc.is_null(moments).to_numpy(zero_copy_only=False), np.nan, seconds)


def _place(found: _Touches, moment: Floats) -> Ints:
    """The last touch of each path at or before a moment (both as ages: they fall along a path); -1 where it
    is unknown.
    """
    if not len(moment):
        return np.zeros(0, np.int64)
    before = (found.age >= np.repeat(moment, np.diff(found.start)) - 1e-9).astype(np.int64)
    last = np.add.reduceat(before, found.start[:-1]) - 1
    return np.where(np.isnan(moment), -1, np.maximum(last, 0))


def _ended(tables: Tables, params: Params, goal: str) -> ir.Table:
    """journey_id, account_id, hit, at (goal or end), value, currency, contact_at, opened_at of journeys that
    are decided.
    """
    journeys = journeys_of(tables, params, moment=None)
    deals = tables.journey_deals.group_by("journey_id").agg(opened_at=tables.journey_deals.opened_at.min())
    if goal == "won":
        decided = journeys.filter(journeys.outcome != "open").mutate(
            hit=journeys.outcome == "won", at=journeys.ended_at, value=journeys.won_value
        )
    else:
        reached = _reached(tables, goal)
        joined = journeys.left_join(reached, "journey_id")
        decided = joined.filter(joined.reached_at.notnull() | (joined.outcome != "open")).mutate(
            hit=joined.reached_at.notnull(), at=joined.reached_at.fill_null(joined.ended_at), value=joined.deal_value
        )
    decided = in_period(decided, "at", params).select(
        "journey_id", "account_id", "hit", "at", "value", "currency", "first_sales_at"
    )
    return decided.left_join(deals, "journey_id").select(
        "journey_id", "account_id", "hit", "at", "value", "currency", "first_sales_at", "opened_at"
    )


def _reached(tables: Tables, goal: str) -> ir.Table:
    """When each journey first entered the stage, or first met the touchpoint: journey_id, reached_at."""
    stages = named(tables, tables.stage_visits, "stage")
    if goal in stages:
        visits = tables.stage_visits.filter(tables.stage_visits.stage == goal)
        return visits.group_by("journey_id").agg(reached_at=visits.entered_at.min())
    touchpoints = named(tables, tables.steps, "touchpoint")
    if goal not in touchpoints:
        raise unknown("goal", goal, ["won", *stages, *touchpoints])
    met = tables.steps.filter(tables.steps.touchpoint == goal)
    return met.group_by("journey_id").agg(reached_at=met.happened_at.min())


def _open(tables: Tables, params: Params, goal: str) -> ir.Table:
    journeys = journeys_of(tables, params, moment=None)
    still = journeys.filter(journeys.outcome == "open")
    if goal != "won":
        still = still.anti_join(_reached(tables, goal), "journey_id")
    return still


def _touches(tables: Tables, by: str) -> ir.Table:
    steps = tables.steps.filter(~tables.steps.kind.isin(NO_TOUCHES).fill_null(False))
    return steps.filter(steps[by].notnull()).select(
        "journey_id", "seq", "happened_at", "person_id", "kind", "sales", touch=steps[by]
    )


def _merged(coded: Coded) -> Coded:
    """The same channel twice in a row is one touch, as old as its last one; milestones move with their touch."""
    paths = coded.paths
    if not len(paths) or paths.age is None:
        return coded
    new = np.ones(len(paths.touch), bool)
    new[1:] = (paths.touch[1:] != paths.touch[:-1]) | (paths.owner[1:] != paths.owner[:-1])
    run = np.cumsum(new) - 1
    ends = np.append(np.flatnonzero(new)[1:], len(new)) - 1
    start = np.append(run[paths.start[:-1]], run[-1] + 1)

    def moved(place: Ints | None) -> Ints | None:
        if place is None:
            return None
        return np.where(place < 0, -1, run[paths.start[:-1] + np.maximum(place, 0)] - start[:-1])

    age: Floats = paths.age[ends]
    merged = Paths(paths.touch[new], start, paths.channels, age, moved(paths.lead), moved(paths.deal))
    return replace(coded, paths=merged)


def _behind(tables: Tables, ended: ir.Table, by: str) -> ir.Table:
    """The touches of the journeys that reached the goal, newest first."""
    joined = _touches(tables, by).inner_join(ended.filter(ended.hit), "journey_id")
    shown = joined.filter(joined.happened_at <= joined["at"])
    return shown.order_by([shown["at"].desc(), shown.journey_id, shown.seq])
