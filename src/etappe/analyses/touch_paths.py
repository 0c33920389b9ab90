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
from etappe.analyses.money import main_currency
from etappe.analyses.path_arrays import Coded, from_lists
from etappe.analyses.population import in_period, journeys_of, values

BY = ("channel", "touchpoint", "campaign", "content")
NO_TOUCHES = ("email_sent", "email_delivered", "email_bounce", "note", "task", "list_change", "unsubscribe")
CONTACT_KINDS = ("form", "chat", "call", "meeting", "fair_visit", "event_visit", "webinar")
DAY_SECONDS = 86_400.0


@dataclass(frozen=True, eq=False)
class TouchPaths:
    """Paths and what went along them; see :mod:`etappe.analyses.maths.paths`.

    `untouched` are won journeys (and their value) without any touch; `begun_with_sales` is how many won
    journeys have a sales contact as their first touch, so that nothing is known of what came before.
    """

    coded: Coded
    units: Units
    untouched: tuple[float, float]
    begun_with_sales: int
    direct: int | None
    value: float
    currency: str | None
    caveats: list[str]
    query: ir.Table
    behind: Callable[[], ir.Table]


def touch_paths(tables: Tables, params: Params, by: str, unit: str, goal: str, lookback: float | None) -> TouchPaths:
    """All paths that reached the goal, and those that ended without it. Open journeys are neither."""
    ended = _ended(tables, params, goal)
    currency, caveats = main_currency(tables, ended.filter(ended.hit))
    listed = _listed(tables, ended, by, unit, lookback)
    table = tables.engine.to_arrow(listed)
    open_ones = tables.engine.count(_open(tables, params, goal))
    if open_ones:
        caveats.append(f"{open_ones:,} journeys are still open; they are neither won nor lost and are left out.")
    lists = table["touches"].combine_chunks()
    coded = from_lists(lists, np.arange(table.num_rows, dtype=np.int64))
    hit = table["hit"].to_numpy(zero_copy_only=False).astype(bool)
    share = table["share"].to_numpy().astype(float)
    same = pc.fill_null(pc.equal(table["currency"], currency or ""), False).to_numpy(zero_copy_only=False)
    value = np.where(hit & same, np.nan_to_num(table["value"].to_numpy(zero_copy_only=False)), 0.0) * share
    account = table["account_id"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    touched = coded.path >= 0
    units = Units(
        coded.path[touched],
        np.where(hit, share, 0.0)[touched],
        value[touched],
        np.where(hit, 0.0, share)[touched],
        account[touched],
    )
    coded = _merged(replace(coded, paths=_timed(coded, table, touched)))
    first_sales = table["first_is_sales"].to_numpy(zero_copy_only=False)
    begun = float((share * (hit & touched & np.equal(first_sales, True))).sum())
    direct = next((n for n, name in enumerate(coded.channels) if name in ("direct", "(direct)")), None)
    untouched = float(share[hit & ~touched].sum()), float(value[~touched].sum())
    return TouchPaths(
        coded, units, untouched, round(begun), direct, float(value.sum()), currency, caveats, listed,
        lambda: _behind(tables, ended, by),
    )  # fmt: skip


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
        known = values(tables, tables.stage_visits, "stage")
        if goal not in known:
            raise unknown("goal", goal, ["won", *known])
        visits = tables.stage_visits.filter(tables.stage_visits.stage == goal)
        reached = visits.group_by("journey_id").agg(reached_at=visits.entered_at.min())
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


def _open(tables: Tables, params: Params, goal: str) -> ir.Table:
    journeys = journeys_of(tables, params, moment=None)
    still = journeys.filter(journeys.outcome == "open")
    if goal != "won":
        still = still.anti_join(tables.stage_visits.filter(tables.stage_visits.stage == goal), "journey_id")
    return still


def _touches(tables: Tables, by: str) -> ir.Table:
    steps = tables.steps.filter(~tables.steps.kind.isin(NO_TOUCHES).fill_null(False))
    return steps.filter(steps[by].notnull()).select(
        "journey_id", "seq", "happened_at", "person_id", "kind", "sales", touch=steps[by]
    )


def _listed(tables: Tables, ended: ir.Table, by: str, unit: str, lookback: float | None) -> ir.Table:
    """One unit a row: its touches in order, their ages in days, what became of it."""
    joined = _touches(tables, by).inner_join(ended, "journey_id")
    age = (joined["at"].epoch_seconds() - joined.happened_at.epoch_seconds()) / DAY_SECONDS
    joined = joined.mutate(age=age).filter(joined.happened_at <= joined["at"])
    if lookback is not None:
        joined = joined.filter(joined.age <= lookback)
    contact = joined.kind.isin(CONTACT_KINDS).fill_null(False) | joined.sales.fill_null(False)
    keys = ["journey_id", "person_id"] if unit == "person" else ["journey_id"]
    listed = joined.group_by(keys).agg(
        touches=joined.touch.collect(order_by=joined.seq), ages=joined.age.collect(order_by=joined.seq),
        contact_age=joined.age.max(where=contact), first_is_sales=joined.sales.argmin(joined.seq),
    )  # fmt: skip
    units = ended.left_join(listed, "journey_id")
    if unit == "person":
        sizes = listed.group_by(of_journey="journey_id").agg(size=listed.count())
        units = units.left_join(sizes, units.journey_id == sizes.of_journey)
        share = 1.0 / units["size"].fill_null(1).cast("float64")
    else:
        share = ibis.literal(1.0)
    opened = (units["at"].epoch_seconds() - units.opened_at.epoch_seconds()) / DAY_SECONDS
    return units.select(
        "journey_id", "account_id", "hit", "value", "currency", "touches", "ages", "contact_age", "first_is_sales",
        share=share, opened_age=opened,
    )  # fmt: skip


def _timed(coded: Coded, table: pa.Table, touched: Any) -> Paths:
    """The paths with the age of each touch, and the touches at the first known contact and at the opening of
    the deal.
    """
    ages = pc.list_flatten(table["ages"].combine_chunks()).to_numpy(zero_copy_only=False).astype(float)
    paths = coded.paths

    def place_of(name: str) -> Ints:
        moment = table[name].to_numpy(zero_copy_only=False).astype(float)[touched]
        # the last touch at or before the moment: ages fall along a path
        before = (ages >= np.repeat(moment, paths.length) - 1e-9).astype(np.int64)
        last = np.add.reduceat(before, paths.start[:-1]) - 1 if len(paths) else before
        return np.where(np.isnan(moment), -1, np.maximum(last, 0))

    return replace(paths, age=ages, lead=place_of("contact_age"), deal=place_of("opened_age"))


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
