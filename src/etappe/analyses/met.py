"""What stays met, as numbers: a visit day is paired with everything its stay has met by then, which makes many pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from etappe.analyses.analysis import Tables


@dataclass(frozen=True, eq=False)
class Met:
    """When each stay first met each thing, and in how many steps: `table` has stay, what, met_at, steps; `names` the sort
    and thing of each number.
    """

    table: ir.Table
    names: dict[int, tuple[str, str]]

    def some(self, codes: Iterable[int]) -> Met:
        """Only some of the things."""
        wanted = set(codes)
        if wanted >= set(self.names):
            return self
        return Met(self.table.filter(self.table.what.isin(sorted(wanted))), {code: name for code, name in self.names.items() if code in wanted})

    def of(self, sorts: Iterable[str], others: bool = False) -> Met:
        """Only things of some sorts (or of all others)."""
        wanted = set(sorts)
        return self.some([code for code, (sort, _) in self.names.items() if (sort in wanted) != others])


def first_met(tables: Tables, parts: Mapping[str, ir.Table], most: int) -> Met:
    """The most frequent things of each sort, numbered: rare ones can show nothing, and a hundred thousand would fill the
    memory.

    Parameters
    ----------
    parts : mapping of sort to table
        With stay, thing, met_at and, where there may be many things, steps.
    """
    names: dict[int, tuple[str, str]] = {}
    found = []
    for sort, part in parts.items():
        if "steps" in part.columns:
            counts = part.group_by("thing").agg(n=part.steps.sum())
            listed = counts.order_by([counts.n.desc(), counts.thing]).limit(most)
        else:
            listed = part.select("thing").distinct()
        things = sorted(row["thing"] for row in tables.engine.rows(listed))
        codes = range(len(names), len(names) + len(things))
        names |= {code: (sort, thing) for code, thing in zip(codes, things, strict=True)}
        numbered = ibis.memtable({"thing": things, "what": list(codes)}, schema={"thing": "string", "what": "int64"})
        coded = part.inner_join(numbered, "thing")
        steps = coded.steps.sum() if "steps" in part.columns else coded.count()
        found.append(coded.group_by("stay", "what").agg(met_at=coded.met_at.min(), steps=steps.cast("int64")))
    return Met(ibis.union(*found) if len(found) > 1 else found[0], names)
