"""Paths as arrays: the touches of all paths end to end, and where each path begins.

A *path* is what one account (or person) went through until it converted or did not. Equal paths are stored
once; a *unit* is one row that went a path: so many conversions, so much value, so many that ended in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from etappe.analyses.maths.bounds import Floats, Ints

PART = 1 << 17  # paths that are worked on at a time: what stays in the caches of a processor is neither fetched nor given back

@dataclass(frozen=True, eq=False)
class Paths:
    """Distinct paths.

    Attributes
    ----------
    touch : touches
        Channel code of each touch, 0 to `channels` - 1, path after path.
    start : paths + 1
        Path i has the touches start[i] to start[i + 1]; every path has at least one.
    channels : int
    age : touches, optional
        Time between the touch and the end of its path (time decay).
    lead, deal : paths, optional
        Place in the path (from 0) of the touch that made the lead and of the one that opened the deal; -1
        where unknown.
    """

    touch: Ints
    start: Ints
    channels: int
    age: Floats | None = None
    lead: Ints | None = None
    deal: Ints | None = None

    def __len__(self) -> int:
        return len(self.start) - 1

    @cached_property
    def length(self) -> Ints:
        """Touches of each path."""
        return np.diff(self.start)

    @cached_property
    def owner(self) -> Ints:
        """The path each touch belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.length)

    @cached_property
    def place(self) -> Ints:
        """Place of each touch in its path, from 0."""
        return (np.arange(len(self.touch)) - np.repeat(self.start[:-1], self.length)).astype(np.int32)

    def part(self, low: int, high: int) -> Paths:
        """Some of the paths, in a row; the arrays of a million paths at once would be most of what a model takes."""
        if low == 0 and high >= len(self):
            return self
        start = self.start[low : high + 1]
        touches, paths = slice(start[0], start[-1]), slice(low, high)
        return Paths(
            self.touch[touches], start - start[0], self.channels, None if self.age is None else self.age[touches],
            None if self.lead is None else self.lead[paths], None if self.deal is None else self.deal[paths],
        )  # fmt: skip

    def some(self, which: Ints) -> Paths:
        """Some of the paths, by their numbers in order."""
        if len(which) == len(self):
            return self
        chosen = np.zeros(len(self), bool)
        chosen[which] = True
        touches = np.repeat(chosen, self.length)
        return Paths(
            self.touch[touches], np.concatenate([[0], np.cumsum(self.length[which])]), self.channels, None if self.age is None else self.age[touches],
            None if self.lead is None else self.lead[which], None if self.deal is None else self.deal[which],
        )  # fmt: skip

    def parts(self, size: int = 0) -> Iterator[tuple[slice, Paths]]:
        """All paths, so many at a time (else `PART`), with their places."""
        size = size or PART
        for low in range(0, len(self), size):
            yield slice(low, min(low + size, len(self))), self.part(low, low + size)

    def by_channel(self, per_touch: Floats) -> sparse.csr_matrix:
        """A number a touch as a matrix of paths × channels (touches of one channel in a path add up)."""
        return sparse.csr_matrix((per_touch, self.touch, self.start), shape=(len(self), self.channels))


@dataclass(frozen=True, eq=False)
class Units:
    """What went along the paths: one entry a unit.

    `path` is an index into `Paths`; `conversions`, `value` and `nulls` are totals of the unit, not negative
    counts. `account` says which units are drawn together; without it every unit is an account of its own.
    """

    path: Ints
    conversions: Floats
    value: Floats
    nulls: Floats
    account: Ints | None = None

    def __len__(self) -> int:
        return len(self.path)
