"""How each journey got out of each stage it entered: forward, by loss, by falling asleep, or not yet.

One case is one journey in one stage, from its *first* entry to the first later stage it reaches (or to
winning the deal, or to its end), with whatever steps back lie between. Not yet out by `as_of` is an open
case: censored, not lost. Cases are counted by whole hours in the engine, so what leaves it is small however
many journeys there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from etappe.analyses.analysis import Params, Tables
from etappe.analyses.maths import survival
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.population import in_period

OPEN, MOVED, LOST, DORMANT, SKIPPED = range(5)
HOURS = 24.0


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
    visits = tables.stage_visits.select(
        "journey_id", "account_id", "visit_no", "stage", "stage_no", "entered_at", "left_to", "days"
    )
    plain = journeys.filter(journeys.back_moves == 0).select("journey_id", "kind")
    straight = _straight(in_period(visits, "entered_at", params).inner_join(plain, "journey_id"))
    counted = _counted(straight)
    turned = journeys.filter(journeys.back_moves > 0).select("journey_id", "kind", "outcome", "ended_at")
    kept = tables.engine.keep("winding", visits.inner_join(turned, "journey_id"))
    try:
        winding = tables.engine.to_arrow(_counted(in_period(_winding(kept, tables), "entered_at", params)))
        stays = in_period(kept, "entered_at", params)
        stays = tables.engine.to_arrow(stays.group_by("kind", "stage", "stage_no", "left_to").agg(count=stays.count()))
    finally:
        tables.engine.drop(kept)
    first = tables.engine.to_arrow(counted)
    return _coded(pa.concat_tables([first, winding.cast(first.schema)]), first, stays, to_next, counted)


def _counted(found: ir.Table) -> ir.Table:
    return found.group_by("kind", "stage", "stage_no", "next_stage", "cause", "hours").agg(count=found.count())


def _coded(table: pa.Table, straight: pa.Table, stays: pa.Table, to_next: bool, counted: ir.Table) -> Exits:
    places, of = _placed(table)
    place = of(table)
    cause = table["cause"].to_numpy().astype(np.int64)
    if to_next:
        names, following = coded(table["next_stage"])
        cause = _skips(places, place, cause, names, following)
    days = np.maximum(table["hours"].to_numpy(), 0) / HOURS
    # Without steps back a case is one stay; with them the stays are counted on their own.
    known = [(part, name) for part, name in ((straight, "next_stage"), (stays, "left_to")) if part.num_rows]
    ended, back = np.zeros(len(places)), np.zeros(len(places))
    number: dict[tuple[str, str | None], int] = {(kind, p.stage): p.number for p in places for kind in p.kinds}
    for part, name in known:
        here, count = of(part), part["count"].to_numpy().astype(float)
        targets, target = coded(part[name])
        kinds, kind = coded(part["kind"])
        came_from = np.array([p.number for p in places])[here]
        to = np.array([[number.get((k, t), 10**6) for t in [*targets, None]] for k in kinds])[kind, target]
        ended += np.bincount(here, weights=np.where(target >= 0, count, 0.0), minlength=len(places))
        back += np.bincount(here, weights=np.where((target >= 0) & (to < came_from), count, 0.0), minlength=len(places))
    return Exits(places, place, cause, days, table["count"].to_numpy().astype(float), ended, back, counted)


def _placed(table: pa.Table) -> tuple[list[Place], Callable[[pa.Table], Ints]]:
    """The places of all rows, and a function that gives the place of each row of a table."""
    kinds, kind = coded(table["kind"])
    stages, stage = coded(table["stage"])
    number = table["stage_no"].to_numpy().astype(np.int64)
    triples = np.unique(np.stack([kind, stage, number]), axis=1)
    places, of_triple = _places([(kinds[k], stages[s], int(n)) for k, s, n in triples.T])
    code = {(kinds[k], stages[s]): int(place) for (k, s, _), place in zip(triples.T, of_triple, strict=True)}

    def of(part: pa.Table) -> Ints:
        if not part.num_rows:
            return np.zeros(0, np.int64)
        (names, one), (others, other) = coded(part["kind"]), coded(part["stage"])
        grid = np.array([[code.get((k, s), -1) for s in others] for k in names], np.int64)
        return grid[one, other]

    return places, of


def _straight(visits: ir.Table) -> ir.Table:
    """Without steps back each visit is a case of its own: the next stage is a later one."""
    way = visits.left_to
    cause = ibis.cases((way.isnull(), OPEN), (way == "lost", LOST), (way == "dormant", DORMANT), else_=MOVED)
    return visits.select(
        "kind", "stage", "stage_no", next_stage=way, cause=cause.cast("int8"),
        hours=(visits.days * HOURS).round().cast("int32"),
    )  # fmt: skip


def _winding(visits: ir.Table, tables: Tables) -> ir.Table:
    """With steps back: from the first entry to the first visit of a later stage, else to the end of the
    journey.
    """
    first = visits.group_by("journey_id", "stage_no").agg(
        kind=visits.kind.arbitrary(), stage=visits.stage.arbitrary(), outcome=visits.outcome.arbitrary(),
        ended_at=visits.ended_at.arbitrary(), entered_at=visits.entered_at.min(),
    )  # fmt: skip
    others = visits.select("journey_id", later_no="stage_no", later_stage="stage", later_at="entered_at")
    pairs = first.select("journey_id", "stage_no", "entered_at").inner_join(others, "journey_id")
    ahead = pairs.filter((pairs.later_no > pairs.stage_no) & (pairs.later_at >= pairs.entered_at))
    reached = ahead.group_by("journey_id", "stage_no").agg(
        reached_at=ahead.later_at.min(), reached=ahead.later_stage.argmin(ahead.later_at)
    )
    joined = first.left_join(reached, ["journey_id", "stage_no"])
    ended = joined.reached_at.fill_null(joined.ended_at).fill_null(ibis.timestamp(tables.as_of))
    cause = ibis.cases(
        (joined.reached_at.notnull() | (joined.outcome == "won"), MOVED),
        (joined.outcome == "lost", LOST),
        (joined.outcome == "dormant", DORMANT),
        else_=OPEN,
    )
    seconds = ended.epoch_seconds() - joined.entered_at.epoch_seconds()
    return joined.select(
        "kind", "stage", "stage_no", "entered_at", next_stage=joined.reached.fill_null(joined.outcome),
        cause=cause.cast("int8"), hours=(seconds / 3600.0).round().cast("int32"),
    )  # fmt: skip


def coded(column: Any) -> tuple[list[str], Ints]:
    """The distinct texts of a column, and the code of each row; null is -1."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.fill_null(-1).to_numpy().astype(np.int64)


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
