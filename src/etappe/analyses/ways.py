"""What journeys had met by a moment, as numbers: each way of meeting something is told apart once, and counted as arrays.

There are some hundred ways (touchpoint, channel, kind, …) in some million touches: the words are looked at once each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses.analysis import Tables
from etappe.analyses.maths.bounds import Ints
from etappe.analyses.maths.together import distinct
from etappe.journeys.touches import VENDOR_KINDS
from etappe.tables.plain_arrays import numbers_of
from etappe.words.result import Row


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


def met_by_then(tables: Tables, table: ir.Table, keys: Sequence[str], stays: ir.Table, wanted: Callable[[Row], bool] = lambda _: True) -> Ways:
    """The ways (combinations of `keys`) in which journeys had met something by a moment.

    Parameters
    ----------
    table : Table
        With stay, first_at and the keys: touches, or uses of content.
    stays : Table
        With stay, journey, and until: that moment, in seconds.
    wanted : function
        Which ways count.
    """
    ways = [row for row in tables.engine.rows(table.select(*keys).distinct()) if wanted(row)]
    columns: dict[str, list[Any]] = {f"way_{key}": [row[key] for row in ways] for key in keys}
    types = {f"way_{key}": table[key].type() for key in keys} | {"way": "int32"}
    listed = ibis.memtable({**columns, "way": list(range(len(ways)))}, schema=ibis.schema(types))
    same = [table[key].identical_to(listed[f"way_{key}"]) for key in keys]
    there = stays.select("stay", "until", journey=stays.journey.cast("int32"))
    joined = table.inner_join(listed, same).select("way", "stay", "first_at").inner_join(there, "stay")
    pairs = joined.filter(joined.first_at.epoch_seconds() <= joined.until).select("journey", "way").distinct()
    found = tables.engine.to_arrow(pairs)
    return Ways(ways, *(numbers_of(found[name]).astype(np.int64) for name in ("journey", "way")))


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
