"""How each journey got out of each stage it entered: forward, by loss, by falling asleep, or not yet.

One case is one journey in one stage, from its *first* entry to the first later stage it reaches (or to
winning the deal, or to its end), with whatever steps back lie between. Not yet out by `as_of` is an open
case: censored, not lost. Cases are counted by whole hours in the engine, so what leaves it is small however
many journeys there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.analyses.analysis import Params, Tables
from etappe.analyses.maths import survival
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.maths.together import together
from etappe.analyses.population import filtered, in_period
from etappe.journeys.shortcuts import HOURS
from etappe.tables.plain_arrays import numbers_of

OPEN, MOVED, LOST, DORMANT, SKIPPED = range(5)


@dataclass(frozen=True, slots=True)
class Place:
    """A stage of a stage model; journey kinds with the same stages share a model."""

    kinds: tuple[str, ...]
    stage: str
    number: int


@dataclass(frozen=True, eq=False)
class Exits:
    """Counted cases: the place of each row, how the case ended, after how many days, and how many cases there
    are.
    """

    places: list[Place]
    place: Ints
    cause: Ints
    days: Floats
    count: Floats
    stays_ended: Floats
    stays_back: Floats
    expression: ir.Table

    def curves(self, causes: Ints | None = None) -> survival.Curves:
        """Kaplan-Meier and Aalen-Johansen of each place; `causes` recodes them (0 is open)."""
        cause = self.cause if causes is None else causes[self.cause]
        return survival.curves(self.days, cause, SKIPPED, self.place, len(self.places), self.count)

    def entered(self) -> Floats:
        """Number of cases of each place."""
        return np.asarray(np.bincount(self.place, weights=self.count, minlength=len(self.places)), float)

    def open(self) -> Floats:
        """Number of open cases of each place."""
        weight = np.where(self.cause == OPEN, self.count, 0.0)
        return np.asarray(np.bincount(self.place, weights=weight, minlength=len(self.places)), float)


def exits(tables: Tables, journeys: ir.Table, params: Params, to_next: bool = False) -> Exits:
    """The cases of all journeys, counted.

    `to_next` counts only the very next stage as getting on, others as skipped.
    """
    found = cases(tables, journeys, params)
    counted = found.group_by("kind", "stage", "stage_no", "next_stage", "hours").agg(
        count=found.count(), stays=found.stays.sum(), backs=found.backs.sum()
    )
    return _coded(tables.engine.to_arrow(counted), to_next, counted)


def cases(tables: Tables, journeys: ir.Table, params: Params) -> ir.Table:
    """One journey in one stage a row, of the journeys that pass the filters and the stages entered in the period."""
    found = in_period(tables.stage_exits, "entered_at", params)
    return found.semi_join(journeys, "journey_id") if filtered(params) else found


def _coded(table: pa.Table, to_next: bool, counted: ir.Table) -> Exits:
    places, place = _placed(table)
    names, following = coded(table["next_stage"])
    ways = {"lost": LOST, "dormant": DORMANT}
    cause = np.array([*(ways.get(name, MOVED) for name in names), OPEN])[following]  # -1, null, is the last: open
    if to_next:
        cause = _skips(places, place, cause, names, following)
    days = np.maximum(numbers_of(table["hours"]), 0) / HOURS
    count, stays, backs = (_numbers(table[name]) for name in ("count", "stays", "backs"))
    sums = [np.asarray(np.bincount(place, weights=part, minlength=len(places)), float) for part in (stays, backs)]
    order = np.lexsort((days, place))  # every curve is drawn in this order: what is in it already, is put in it in no time
    return Exits(places, place[order], cause[order], days[order], count[order], sums[0], sums[1], counted)


def _numbers(column: Any) -> Floats:
    return np.asarray(numbers_of(column).astype(float))


def _placed(table: pa.Table) -> tuple[list[Place], Ints]:
    """The places of all rows, and the place of each row."""
    kinds, kind = coded(table["kind"])
    stages, stage = coded(table["stage"])
    number = numbers_of(table["stage_no"]).astype(np.int64)
    triples, of = together(kind, stage, number)
    places, of_triple = _places([(kinds[k], stages[s], int(n)) for k, s, n in triples.T])
    return places, of_triple[of]


def coded(column: Any) -> tuple[list[str], Ints]:
    """The distinct texts of a column, and the code of each row; null is -1."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), numbers_of(encoded.indices, -1).astype(np.int64)


def in_order(column: Any) -> tuple[list[str], Ints]:
    """The distinct texts of a column in alphabetical order, and the code of each row; none may be null."""
    encoded = column.combine_chunks().dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    place = np.empty(len(order), np.int64)
    place[numbers_of(order)] = np.arange(len(order))
    return encoded.dictionary.take(order).to_pylist(), place[numbers_of(encoded.indices)]


def _places(rows: list[tuple[str, str, int]]) -> tuple[list[Place], Ints]:
    """The stages of each model in order, and the place of each row.

    Kinds whose stages do not disagree are one model.
    """
    of_kind: dict[str, dict[str, int]] = {}
    for kind, stage, number in sorted(rows, key=lambda row: (row[0], row[2])):
        of_kind.setdefault(kind, {})[stage] = number
    models: list[tuple[list[str], dict[str, int]]] = []
    for kind, stages in sorted(of_kind.items(), key=lambda item: (item[0] != "first_purchase", -len(item[1]), item[0])):
        for kinds, known in models:
            shared = set(known) & set(stages)
            if shared and all(known[stage] == stages[stage] for stage in shared) and _one_each({**known, **stages}):
                kinds.append(kind)
                known.update(stages)
                break
        else:
            models.append(([kind], dict(stages)))
    places: list[Place] = []
    code: dict[tuple[str, str], int] = {}
    for kinds, stages in models:
        for stage, number in sorted(stages.items(), key=lambda item: item[1]):
            code |= {(kind, stage): len(places) for kind in kinds}
            places.append(Place(tuple(kinds), stage, number))
    return places, np.array([code[kind, stage] for kind, stage, _ in rows], np.int64)


def _one_each(stages: dict[str, int]) -> bool:
    return len(set(stages.values())) == len(stages)


def _skips(places: list[Place], place: Ints, cause: Ints, names: list[str], following: Ints) -> Ints:
    """Moves to another stage than the very next one are a way out of their own."""
    after = {(p.kinds, p.number): p.stage for p in places}
    wanted = [after.get((p.kinds, p.number + 1), "won") for p in places]
    code = {name: number for number, name in enumerate(names)}
    skipped = following != np.array([code.get(name, -2) for name in wanted], np.int64)[place]
    return np.where((cause == MOVED) & skipped, SKIPPED, cause)


def horizon(found: survival.Curves, at_least: int, within: float | None) -> Ints:
    """The row up to which each group is read: `within` days, and no further than `at_least` cases were still
    watched.

    Where no case is open, all of it is read: the last cases of a curve are only unsure while others are still
    open.
    """
    last = found.bounds[1:] - 1
    rows = found.rows_at(np.inf if within is None else within)
    for code in range(found.groups):
        view = slice(found.bounds[code], found.bounds[code + 1])
        if found.bounds[code] == found.bounds[code + 1] or found.survival[last[code]] <= 0:
            continue
        watched = np.flatnonzero(found.at_risk[view] >= at_least)
        if len(watched):
            rows[code] = min(rows[code], found.bounds[code] + watched[-1])
    return rows
