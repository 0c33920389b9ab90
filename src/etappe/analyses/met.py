"""What stays met, as numbers: a visit day is paired with everything its stay has met by then, which makes many pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses.analysis import Tables
from etappe.analyses.maths.bounds import Ints
from etappe.tables.plain_arrays import moments_of, numbers_of


@dataclass(frozen=True, eq=False)
class Met:
    """When each stay first met each thing, and in how many steps: `table` has stay, what, met_at, steps, and the arrays the
    same; `names` the sort and thing of each number. Hardly anybody asks for the table, so that it is made when one does.
    """

    tabled: Callable[[], ir.Table]
    names: dict[int, tuple[str, str]]
    stay: Ints
    what: Ints
    at: Ints
    steps: Ints

    @property
    def table(self) -> ir.Table:
        """The same as a table."""
        return self.tabled()

    def some(self, codes: Iterable[int]) -> Met:
        """Only some of the things."""
        wanted = set(codes)
        if wanted >= set(self.names):
            return self
        named = np.zeros(1 + max(self.names, default=0), bool)
        named[sorted(wanted)] = True
        here = named[self.what]
        arrays = {name: getattr(self, name)[here] for name in ("stay", "what", "at", "steps")}
        return replace(self, tabled=lambda: self.table.filter(lambda row: row.what.isin(sorted(wanted))), names={code: name for code, name in self.names.items() if code in wanted}, **arrays)

    def of(self, sorts: Iterable[str], others: bool = False) -> Met:
        """Only things of some sorts (or of all others)."""
        wanted = set(sorts)
        return self.some([code for code, (sort, _) in self.names.items() if (sort in wanted) != others])


@dataclass(frozen=True, eq=False)
class ByWay:
    """What stays met, by way: a table of stay, way, steps and met_at, and what is met in each way; the other ways do not count."""

    table: ir.Table
    things: Mapping[int, str]


def first_met(
    tables: Tables, parts: Mapping[str, ir.Table | ByWay], most: int, known: Mapping[str, Sequence[str]] | None = None, once: tuple[str, ...] = ()
) -> Met:
    """The most frequent things of each sort, numbered: rare ones can show nothing, and a hundred thousand would fill the
    memory.

    Parameters
    ----------
    parts : mapping of sort to table
        With stay, thing and met_at, or by way.
    known : mapping of sort to things
        The things of a sort, where there can be no others: they need not be looked for.
    once : tuple
        The sorts whose table has each thing of a stay once.
    """
    names: dict[int, tuple[str, str]] = {}
    found, columns = [], []
    for sort, part in parts.items():
        if isinstance(part, ByWay):
            things, each, arrays = _by_way(tables, part, most, len(names))
        else:
            things = sorted((known or {}).get(sort) or _most_frequent(tables, part, most))
            each, arrays = _by_thing(tables, part, things, len(names), sort in once, sort in (known or {}))
        names |= {code: (sort, thing) for code, thing in enumerate(things, len(names))}
        found.append(each)
        columns.append(arrays)
    stay, what, at, steps = (np.concatenate(column) for column in zip(*columns, strict=True))
    return Met(lambda: ibis.union(*(each() for each in found)) if len(found) > 1 else found[0](), names, stay, what, at, steps)


_Arrays = tuple[Ints, Ints, Ints, Ints]


def _by_thing(tables: Tables, part: ir.Table, things: list[str], begin: int, once: bool, few: bool) -> tuple[Callable[[], ir.Table], _Arrays]:
    """Stay, thing (numbered from `begin`), moment and steps, as a table and as arrays; a few things are numbered by name, many by a table."""
    numbers = list(range(begin, begin + len(things)))
    if few and things:
        coded = part.mutate(what=ibis.cases(*((part.thing == thing, ibis.literal(number, "int64")) for thing, number in zip(things, numbers, strict=True)), else_=ibis.null("int64")))
        coded = coded.filter(coded.what.notnull())
    else:
        coded = part.inner_join(ibis.memtable({"thing": things, "what": numbers}, schema={"thing": "string", "what": "int64"}), "thing")
    if once:
        each = coded.select("stay", "what", "met_at", steps=ibis.literal(1, "int64"))
    else:
        each = coded.group_by("stay", "what").agg(met_at=coded.met_at.min(), steps=coded.count().cast("int64"))
    table = tables.engine.to_arrow(each.mutate(stay=each.stay.cast("int32"), what=each.what.cast("int32")))
    stay, what, steps = (numbers_of(table[name]) for name in ("stay", "what", "steps"))
    return lambda: each, (stay, what, moments_of(table["met_at"]), steps)


def _by_way(tables: Tables, part: ByWay, most: int, begin: int) -> tuple[list[str], Callable[[], ir.Table], _Arrays]:
    """The things, and what `_by_thing` gives: each way is looked at once, and all rows are counted as arrays."""
    rows = part.table.select("met_at", **{name: part.table[name].cast("int32") for name in ("stay", "way", "steps")})
    found = tables.engine.to_arrow(rows)
    stay, way, steps = (numbers_of(found[name]) for name in ("stay", "way", "steps"))
    place = np.full(1 + max(int(way.max(initial=0)), max(part.things, default=0)), -1, np.int32)
    every = sorted(set(part.things.values()))
    number = {thing: code for code, thing in enumerate(every)}
    place[list(part.things)] = [number[thing] for thing in part.things.values()]
    what = place[way]
    many = np.bincount(what + 1, steps, minlength=1 + len(every))[1:]
    frequent = sorted(sorted(np.flatnonzero(many), key=lambda code: (-many[code], every[code]))[:most])
    coded = np.full(1 + len(every), -1, np.int32)  # the last is that of no thing
    coded[frequent] = np.arange(begin, begin + len(frequent))
    what = coded[what]
    known = what >= 0
    arrays = _once(stay[known], what[known], moments_of(found["met_at"])[known], steps[known], begin + len(frequent))
    listed = {way: int(coded[number[thing]]) for way, thing in part.things.items() if coded[number[thing]] >= 0}

    def each() -> ir.Table:
        numbered = ibis.memtable({"way": list(listed), "what": list(listed.values())}, schema={"way": "int64", "what": "int64"})
        joined = part.table.inner_join(numbered, "way")
        return joined.group_by("stay", "what").agg(met_at=joined.met_at.min(), steps=joined.steps.sum().cast("int64"))

    return [every[code] for code in frequent], each, arrays


def _once(stay: Ints, what: Ints, at: Ints, steps: Ints, things: int) -> _Arrays:
    """Each thing of a stay once: its first moment and all its steps. Rows that come in order, as the build's do, need no sort."""
    key = stay.astype(np.int64) * max(things, 1) + what
    if np.any(key[1:] < key[:-1]):
        order = np.argsort(key, kind="stable")
        key, stay, what, at, steps = (column[order] for column in (key, stay, what, at, steps))
    if not len(key):
        return stay, what, at, steps
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    return stay[first], what[first], np.minimum.reduceat(at, first), np.add.reduceat(steps, first)


def _most_frequent(tables: Tables, part: ir.Table, most: int) -> list[str]:
    counts = part.group_by("thing").agg(n=part.count())
    return [row["thing"] for row in tables.engine.rows(counts.order_by([counts.n.desc(), counts.thing]).limit(most))]
