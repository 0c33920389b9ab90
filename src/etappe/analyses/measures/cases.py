"""Cases of a stage: one journey in one stage, from its first entry to the first later stage, or to its end.

Without a stage the case is the whole journey. Steps back in between count as time, as in `show stages`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.measures.found import NO, OPEN, YES
from etappe.analyses.measures.observed import Observed


@dataclass(frozen=True, eq=False)
class Cases:
    """Journeys by number, when each entered, until when it was watched, and how it went on: YES on, NO lost or asleep, OPEN."""

    journey: Ints
    entered: Floats
    until: Floats
    cause: Ints

    def __len__(self) -> int:
        return len(self.journey)


def cases_of(observed: Observed, stage: str | None, population: Any) -> Cases:
    """The cases of a stage (None: of whole journeys) in a population, a flag a journey; found once for each."""
    known = observed.cases.get((stage, id(population)))
    if known is None or known[0] is not population:
        known = observed.cases[stage, id(population)] = (population, _cases(observed, stage, population))
    found: Cases = known[1]
    return found


def _cases(observed: Observed, stage: str | None, population: Any) -> Cases:
    ended = observed.moments("ended")
    ending = np.where(np.isnan(ended), OPEN, np.where(observed.won, YES, NO))
    ended = np.where(np.isnan(ended), observed.now, ended)
    if stage is None:
        chosen = np.flatnonzero(population)
        return Cases(chosen, observed.moments("started")[chosen], ended[chosen], ending[chosen])
    visits, code = observed.visits, observed.stage_code(stage)
    here = np.flatnonzero((visits.stage == code) & population[visits.journey])
    journey, first = np.unique(visits.journey[here], return_index=True)
    place = here[first]
    entered, number = visits.entered[place], visits.number[place]
    at = np.full(observed.size, -1)
    at[journey] = place
    level = np.full(observed.size, np.iinfo(np.int64).max)
    level[journey] = number
    rows = np.arange(len(visits.journey))
    ahead = np.flatnonzero((visits.number > level[visits.journey]) & (rows > at[visits.journey]))
    onward, next_ = np.unique(visits.journey[ahead], return_index=True)
    reached = np.full(observed.size, np.nan)
    reached[onward] = visits.entered[ahead[next_]]
    moved = ~np.isnan(reached[journey])
    until = np.where(moved, reached[journey], ended[journey])
    return Cases(journey, entered, np.maximum(until, entered), np.where(moved, YES, ending[journey]))
