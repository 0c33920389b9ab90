"""The moves of chosen journeys from touchpoint to touchpoint, or from channel to channel, from the steps as numbers.

Moves of all journeys are counted by the build; those of some are made here in one pass, where the engine would read every
step's words.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np

from etappe.analyses.analysis import Tables
from etappe.analyses.maths.bounds import Ints
from etappe.analyses.maths.together import distinct
from etappe.analyses.stage_exits import coded
from etappe.analyses.step_arrays import StepArrays, places_of_stays, with_numbers
from etappe.analyses.waits import rounded_seconds
from etappe.journeys.shortcuts import END, START, UNKNOWN
from etappe.tables.plain_arrays import numbers_of


@dataclass(frozen=True, eq=False)
class Moves:
    """One move an entry: from and to what (by its place in `names`), after how many seconds, and the place of its journey.

    `outcomes` are the different outcomes, `outcome` that of each journey.
    """

    names: list[str]
    source: Ints
    target: Ints
    seconds: Ints
    journey: Ints
    outcomes: list[str]
    outcome: Ints

    @classmethod
    def of(cls, tables: Tables, journeys: ir.Table, node: str, some: bool = True) -> Moves:
        """All moves of the journeys (`some`: they are not all); `node` is touchpoint or channel."""
        found = tables.engine.to_arrow(with_numbers(tables, journeys.select("journey_id", "outcome")).select("journey", "outcome"))
        outcomes, outcome = coded(found["outcome"])
        ways = {row["way"]: row[node] for row in tables.engine.rows(tables.touch_ways)}
        names = sorted({START, END, *ways.values()})
        code = {name: number for number, name in enumerate(names)}
        code_of = np.zeros(1 + max(ways, default=0), np.int64)
        code_of[list(ways)] = [code[name] for name in ways.values()]
        of_stay = places_of_stays(tables, numbers_of(found["journey"], -1))
        steps = StepArrays.of(tables, journeys if some else None)  # stays are numbered by journey and time: the steps of a journey stand together
        journey, met, at = of_stay[steps.stay], code_of[steps.way], steps.at
        turns = journey[1:] != journey[:-1]
        first, last = np.append(True, turns)[: len(journey)], np.append(turns, True)[: len(journey)]
        following = np.where(last, code[END], np.append(met[1:], 0)[: len(met)])
        waits = np.where(last, UNKNOWN, rounded_seconds(np.append(at[1:], 0)[: len(at)] - at))
        begun = np.full(int(first.sum()), code[START])
        return cls(
            names, np.concatenate([begun, met]), np.concatenate([met[first], following]), np.concatenate([np.full(len(begun), UNKNOWN), waits]),
            np.concatenate([journey[first], journey]), outcomes, outcome,
        )  # fmt: skip

    def by_outcome(self, edge: Ints, edges: int) -> list[dict[str, int]]:
        """How many journeys of each outcome make each of some moves; `edge` says which of them each entry is, -1 for none."""
        mine = edge >= 0
        pairs = distinct(self.journey[mine] * edges + edge[mine], len(self.outcome) * edges)
        journey, of = np.divmod(pairs, max(edges, 1))
        many = np.bincount(of * len(self.outcomes) + self.outcome[journey], minlength=edges * len(self.outcomes))
        return [dict(zip(self.outcomes, map(int, counts), strict=True)) for counts in many.reshape(edges, len(self.outcomes))]
