"""What journeys had met by a moment, as numbers: each way of meeting something is told apart once, and counted as arrays.

There are some hundred ways (touchpoint, channel, kind, …) in some million touches: the words are looked at once each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np

from etappe.analyses.analysis import Tables
from etappe.analyses.maths.bounds import Ints
from etappe.analyses.maths.together import distinct
from etappe.journeys.touches import VENDOR_KINDS
from etappe.tables.plain_arrays import moments_of, numbers_of
from etappe.words.result import Row

NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False)
class Ways:
    """A journey (by its number) and a way (by its place in `ways`) in which it had met something, a pair once."""

    ways: list[Row]
    journey: Ints
    way: Ints

    def codes(self, name: str) -> tuple[list[str], Ints]:
        """The distinct values of a column of the ways in order, and the code of each pair; without any it is -1."""
        names = sorted({row[name] for row in self.ways if row[name] is not None})
        place = {value: code for code, value in enumerate(names)}
        return names, np.array([place.get(row[name], -1) for row in self.ways] or [0], np.int64)[self.way]


def met_by_then(tables: Tables, table: ir.Table, ways: ir.Table, until: Ints, journey_of: Ints, wanted: Callable[[Row], bool] = lambda _: True) -> Ways:
    """The ways in which journeys had met something by a moment.

    Parameters
    ----------
    table, ways : Table
        With stay, way and first_at (touches, or uses of content), and what the ways are.
    until : array, one entry a journey
        That moment, in microseconds; of a journey that is not looked at `NEVER`.
    journey_of : array, one entry a stay
        Its journey; -1 of a stay that is not looked at.
    wanted : function
        Which ways count.
    """
    rows = {row["way"]: row for row in tables.engine.rows(ways) if wanted(row)}
    found = tables.engine.to_arrow(table.select("first_at", **{name: table[name].cast("int32") for name in ("stay", "way")}))
    way, stay = numbers_of(found["way"]), numbers_of(found["stay"])
    stays = max(1 + int(stay.max(initial=-1)), len(journey_of))
    until_of = np.append(np.append(until, NEVER)[journey_of], np.full(stays - len(journey_of), NEVER))
    place = np.full(1 + max(int(way.max(initial=0)), max(rows, default=0)), -1)
    place[list(rows)] = np.arange(len(rows))
    # Few touches of many are early enough: what they are is looked up for those alone.
    there = np.flatnonzero((moments_of(found["first_at"]) <= until_of[stay]) & (place >= 0)[way])
    pairs = distinct(journey_of[stay[there]] * len(rows) + place[way[there]], len(until) * len(rows))
    return Ways(list(rows.values()), *np.divmod(pairs, max(len(rows), 1)))


def own(way: Row) -> bool:
    """Whether it is the account's own doing, as `journeys.touches.own_acts`."""
    return way["kind"] not in VENDOR_KINDS and not (way["direction"] == "out" and not way["sales"])


def once_each(unit: Ints, thing: Ints, things: int, cell_of: Ints, cells: int) -> tuple[Ints, Ints, Ints]:
    """In each cell the number of units with each thing, a unit once: thing, cell, number.

    Parameters
    ----------
    unit, thing : rows
        Things of -1 count for nothing.
    cell_of : units
    """
    known = thing >= 0
    pair = distinct(unit[known] * things + thing[known], len(cell_of) * things)
    unit_, thing_ = np.divmod(pair, max(things, 1))
    many = np.bincount(thing_ * cells + cell_of[unit_], minlength=things * cells)
    spots = np.flatnonzero(many)
    return spots // max(cells, 1), spots % max(cells, 1), many[spots]
