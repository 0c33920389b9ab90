"""The steps of a build as arrays, in order of journey and time: one pass over whole numbers, where a join of words took most
of an answer's time.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from etappe.analyses.analysis import Tables
from etappe.analyses.maths.bounds import Ints
from etappe.tables.plain_arrays import moments_of, numbers_of


@dataclass(frozen=True, eq=False)
class StepArrays:
    """One step an entry: number of its stay, its place in the journey, number of its way, and when (microseconds)."""

    stay: Ints
    seq: Ints
    way: Ints
    at: Ints

    @classmethod
    def of(cls, tables: Tables, journeys: ir.Table | None = None) -> StepArrays:
        """All steps, or those of some journeys, in order of stay and place."""
        steps = tables.numbered_steps
        if journeys is not None:
            steps = steps.semi_join(tables.stays.semi_join(journeys, "journey_id"), "stay")
        found = tables.engine.to_arrow(steps.select("happened_at", **{name: steps[name].cast("int32") for name in ("stay", "seq", "way")}))
        stay, seq, way = (numbers_of(found[name]) for name in ("stay", "seq", "way"))
        at = moments_of(found["happened_at"])
        order = _order(stay, seq)
        return cls(stay, seq, way, at) if order is None else cls(stay[order], seq[order], way[order], at[order])


def _order(stay: Ints, seq: Ints) -> Ints | None:
    """The order by stay and place; None where the steps stand in it already, as those that a build wrote do."""
    back = (stay[1:] < stay[:-1]) | ((stay[1:] == stay[:-1]) & (seq[1:] < seq[:-1]))
    return np.asarray(np.lexsort((seq, stay)), np.int64) if back.any() else None


def with_numbers(tables: Tables, journeys: ir.Table) -> ir.Table:
    """Journeys with their number in this build as `journey`; null of one without a stay."""
    first = tables.stays.filter(tables.stays.visit_no == 1).select("journey_id", "journey")
    joined = journeys.left_join(first, "journey_id")
    return joined.select(*journeys.columns, "journey")


def places_of_stays(tables: Tables, journeys: Ints) -> Ints:
    """The place, among journeys given by their numbers, of each stay's journey; -1 of a stay of any other."""
    journey_of = journeys_of_stays(tables)
    place = np.full(2 + int(max(journeys.max(initial=-1), journey_of.max(initial=-1))), -1)
    place[journeys] = np.arange(len(journeys))
    place[-1] = -1  # of a journey without a stay
    return np.asarray(place[journey_of], np.int64)


def journeys_of_stays(tables: Tables) -> Ints:
    """The journey of each stay, by its number."""
    found: pa.Table = tables.engine.to_arrow(tables.stays.select("stay", "journey"))
    stay = numbers_of(found["stay"])
    journey = np.full(1 + int(stay.max(initial=-1)), -1)
    journey[stay] = numbers_of(found["journey"])
    return journey
