"""What stays met, as numbers: a visit day is paired with everything its stay has met by then, which makes many pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    same; `names` the sort and thing of each number.
    """

    table: ir.Table
    names: dict[int, tuple[str, str]]
    stay: Ints
    what: Ints
    at: Ints
    steps: Ints

    def some(self, codes: Iterable[int]) -> Met:
        """Only some of the things."""
        wanted = set(codes)
        if wanted >= set(self.names):
            return self
        named = np.zeros(1 + max(self.names, default=0), bool)
        named[sorted(wanted)] = True
        here = named[self.what]
        arrays = {name: getattr(self, name)[here] for name in ("stay", "what", "at", "steps")}
        return replace(self, table=self.table.filter(self.table.what.isin(sorted(wanted))), names={code: name for code, name in self.names.items() if code in wanted}, **arrays)

    def of(self, sorts: Iterable[str], others: bool = False) -> Met:
        """Only things of some sorts (or of all others)."""
        wanted = set(sorts)
        return self.some([code for code, (sort, _) in self.names.items() if (sort in wanted) != others])


def first_met(
    tables: Tables, parts: Mapping[str, ir.Table], most: int, known: Mapping[str, Sequence[str]] | None = None, once: tuple[str, ...] = ()
) -> Met:
    """The most frequent things of each sort, numbered: rare ones can show nothing, and a hundred thousand would fill the
    memory.

    Parameters
    ----------
    parts : mapping of sort to table
        With stay, thing, met_at and, where there may be many things, steps.
    known : mapping of sort to things
        The things of a sort, where there can be no others: they need not be looked for.
    once : tuple
        The sorts whose table has each thing of a stay once.
    """
    names: dict[int, tuple[str, str]] = {}
    found, columns = [], []
    for sort, part in parts.items():
        things = sorted((known or {}).get(sort) or _most_frequent(tables, part, most))
        codes = range(len(names), len(names) + len(things))
        names |= {code: (sort, thing) for code, thing in zip(codes, things, strict=True)}
        numbered = ibis.memtable({"thing": things, "what": list(codes)}, schema={"thing": "string", "what": "int64"})
        coded = part.inner_join(numbered, "thing")
        if sort in once:
            each = coded.select("stay", "what", "met_at", steps=ibis.literal(1, "int64"))
        else:
            steps = coded.steps.sum() if "steps" in part.columns else coded.count()
            each = coded.group_by("stay", "what").agg(met_at=coded.met_at.min(), steps=steps.cast("int64"))
        found.append(each)
        # One query a sort: of several at once the engine computes one after the other on one core.
        columns.append(tables.engine.to_arrow(each.mutate(stay=each.stay.cast("int32"), what=each.what.cast("int32"))))
    arrays = {name: np.concatenate([numbers_of(part[name]) for part in columns]) for name in ("stay", "what", "steps")}
    at = np.concatenate([moments_of(part["met_at"]) for part in columns])
    return Met(ibis.union(*found) if len(found) > 1 else found[0], names, at=at, **arrays)


def _most_frequent(tables: Tables, part: ir.Table, most: int) -> list[str]:
    counts = part.group_by("thing").agg(n=part.steps.sum() if "steps" in part.columns else part.count())
    return [row["thing"] for row in tables.engine.rows(counts.order_by([counts.n.desc(), counts.thing]).limit(most))]
