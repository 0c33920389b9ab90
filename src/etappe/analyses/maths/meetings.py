"""Days and what had been met by each of them, as arrays: which day comes after which meeting, and how many of a sort do.

Days belong to stays (a time in one stage), and so do meetings. A day is paired with every meeting of its stay that is
not after it. That makes several times as many pairs as there are days; as arrays they are counted in a fraction of the
time that an engine's join and grouping take, and can be counted again for some of the days without being made again.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from etappe.analyses.maths.bounds import Ints

Flags = npt.NDArray[np.bool_]
MOST_BINS = 1 << 24
AT_ONCE = 500_000  # pairs that are made together: arrays of this size are used again and again, and stay in the cache


@dataclass(frozen=True, eq=False)
class Pairs:
    """One day and one thing met by then a row: `day` and `thing` are their numbers, `late` whether it was met long enough
    ago.
    """

    day: npt.NDArray[np.int32]
    thing: npt.NDArray[np.int32]
    late: Flags

    def where(self, some: Flags) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.day[some], self.thing[some], self.late[some])


def paired(stay: Ints, at: Ints, of_stay: Ints, met_at: Ints, thing: Ints, lag: int = 0) -> Pairs:
    """Pairs each day with what its stay had met by then.

    Parameters
    ----------
    stay, at : array, one entry a day
        Number of its stay, in ascending order, and its moment.
    of_stay, met_at, thing : array, one entry a meeting
        Stay, moment (in the unit of `at`) and number of what was met.
    lag : int
        A pair is late where the meeting was so long before the day.
    """
    size = np.bincount(stay, minlength=1 + int(of_stay.max(initial=0)))
    first = (np.cumsum(size) - size).astype(np.int32)[of_stay]
    many = size.astype(np.int32)[of_stay]
    ends = np.cumsum(many, dtype=np.int64)
    cuts = [*np.searchsorted(ends, np.arange(0, int(ends[-1]) if len(ends) else 0, AT_ONCE), side="left"), len(of_stay)]
    blocks = [slice(low, high) for low, high in itertools.pairwise(cuts)]
    parts = [_block(at, first[part], many[part], met_at[part], thing[part], lag) for part in blocks]
    empty = np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, bool)
    return Pairs(*(np.concatenate(column) for column in zip(empty, *parts, strict=True)))


def _block(at: Ints, first: Any, many: Any, met_at: Ints, thing: Ints, lag: int) -> tuple[Any, Any, Flags]:
    """Day, thing and lateness of the pairs of some meetings, each with `many` days from `first` on."""
    met = np.repeat(np.arange(len(first), dtype=np.int32), many)
    day = np.arange(len(met), dtype=np.int32)
    day += (first - (np.cumsum(many, dtype=np.int32) - many))[met]
    since = at[day] - met_at[met]
    some = since >= 0
    return day[some], thing.astype(np.int32)[met[some]], since[some] >= lag


def last_of_each(stay: Ints, at: Ints) -> Flags:
    """Whether a day is the last of its stay; of days in order of stay. Of several at that moment each is."""
    if not len(stay):
        return np.zeros(0, bool)
    new = np.append(True, stay[1:] != stay[:-1])
    last = np.maximum.reduceat(at, np.flatnonzero(new))
    return np.asarray(at == last[np.cumsum(new) - 1], bool)


def tallied(keys: list[tuple[Any, int]], flags: list[Flags]) -> tuple[list[Ints], list[Ints]]:
    """The combinations of numbers that occur, each key's number in each; how often each does, in all and with each flag.

    Each key is an array of numbers from 0, and how many numbers there may be.
    """
    size, n = int(np.prod([float(many) for _, many in keys])), len(keys[0][0])
    if size > max(MOST_BINS, 4 * n):
        found, place = np.unique(_joined(keys, slice(None)), return_inverse=True)
        counts = [np.bincount(place if flag is None else place[flag], minlength=len(found)) for flag in (None, *flags)]
    else:
        counts = [np.zeros(size, np.int64) for _ in (None, *flags)]
        step = max(AT_ONCE, size)
        for low in range(0, n, step):
            part = slice(low, low + step)
            whole = _joined(keys, part)
            for count, flag in zip(counts, (None, *flags), strict=True):
                count += np.bincount(whole if flag is None else whole[flag[part]], minlength=size)
        found = np.flatnonzero(counts[0])
        counts = [count[found] for count in counts]
    numbers: list[Ints] = []
    for _, many in reversed(keys[1:]):
        found, number = np.divmod(found, many)
        numbers.insert(0, number)
    return [found, *numbers], counts


def _joined(keys: list[tuple[Any, int]], part: slice) -> Ints:
    """Several numbers as one."""
    whole = keys[0][0][part].astype(np.int64)
    for number, many in keys[1:]:
        whole *= many
        whole += number[part]
    return np.asarray(whole, np.int64)


def packed(numbers: Ints, size: float) -> tuple[Ints, Ints]:
    """The distinct ones of numbers from 0 in order, and the place of each number among them; there are at most `size`.

    Found in an array with a place for each possible number where that is not too large, else by sorting.
    """
    if size > max(MOST_BINS, 4 * len(numbers)):
        found, place = np.unique(numbers, return_inverse=True)
        return found, place
    there = np.zeros(int(numbers.max(initial=-1)) + 1, bool)
    there[numbers] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[numbers]
