"""Waiting times of many groups at once, from counts by length: medians with intervals, and means."""

from __future__ import annotations

import numpy as np

from etappe.analyses.maths.bounds import Floats, Ints, quantile_ranks
from etappe.journeys.shortcuts import DAY, GRAINS

MICROSECONDS = 86_400_000_000.0
_EDGES = np.array([float(edge) for edge, _ in GRAINS])
_GRAINS = np.array([*(float(grain) for _, grain in GRAINS), 100_000.0])
_WIDE = 1002


def rounded_seconds(span: Ints) -> Ints:
    """Spans of microseconds as seconds to three digits, to the digit as `shortcuts.rounded_seconds` has them."""
    seconds = np.floor(span / MICROSECONDS * DAY + 0.5)
    grain = _GRAINS[np.searchsorted(_EDGES, seconds, side="right")]
    return (np.floor((seconds + grain / 2) / grain) * grain).astype(np.int64)


def alike(group: Ints, seconds: Ints, count: Ints, groups: int) -> tuple[Ints, Ints, Ints]:
    """Rounded waits of a group that are the same, once: there are some thousand different ones, whatever the number of waits.

    Few waits are left as they are.
    """
    # A wait is known by its grain and how many of them it has: at most a thousand, of the last grain any number. -1 is unknown.
    grains, last = _GRAINS.astype(np.int64), len(_EDGES)
    width = last * _WIDE + int(seconds.max(initial=0)) // grains[-1] + 2
    if groups * width > 2 * len(seconds):
        return group, seconds, count
    fine = np.searchsorted(_EDGES, seconds, side="right")
    many = np.bincount(group * width + fine * _WIDE + seconds // grains[fine] + 1, count, groups * width)
    spots = np.flatnonzero(many)
    group, code = np.divmod(spots, width)
    fine = np.minimum(code // _WIDE, last)
    return group, (code - fine * _WIDE - 1) * grains[fine], many[spots].astype(np.int64)


def medians(group: Ints, seconds: Ints, count: Ints, groups: int, q: float = 0.5) -> tuple[Floats, Ints]:
    """The q-quantile of each group in days with its order-statistic interval: groups × 3, and n; -1 seconds
    is unknown.
    """
    known = seconds >= 0
    group, seconds, count = group[known], seconds[known], count[known]
    # One key, and a sort that is done at once where the rows come in order, as those of the build do.
    order = np.argsort(group * (int(seconds.max(initial=0)) + 1) + seconds, kind="stable")
    group, seconds, count = group[order], seconds[order], count[order]
    n = np.bincount(group, weights=count, minlength=groups).astype(np.int64)
    upto = np.cumsum(count)
    first = np.concatenate([[0], np.cumsum(n)])[:-1]
    out = np.full((groups, 3), np.nan)
    some = np.flatnonzero(n)
    ranks = np.array([_ranks(int(size), q) for size in n[some]]).reshape(-1, 3)
    for column in range(3):
        inside = (ranks[:, column] >= 1) & (ranks[:, column] <= n[some])
        place = np.searchsorted(upto, first[some][inside] + ranks[inside, column])
        out[some[inside], column] = seconds[place] / DAY
    return out, n


def _ranks(n: int, q: float) -> tuple[int, int, int]:
    low, high = quantile_ranks(n, q) if n < 2000 else _normal(n, q)
    return max(1, int(np.ceil(q * n))), low, high


def _normal(n: int, q: float) -> tuple[int, int]:
    """Ranks by the normal limit of the binomial; for large n they differ from the exact ones by less than
    one.
    """
    half = 1.959964 * np.sqrt(n * q * (1 - q))
    return int(np.floor(n * q - half)), int(np.ceil(n * q + half)) + 1


def means(group: Ints, seconds: Ints, count: Ints, groups: int) -> tuple[Floats, Floats]:
    """Mean days of each group and their standard deviation; nan where it has none."""
    known = seconds >= 0
    days = seconds[known] / DAY
    n = np.bincount(group[known], weights=count[known], minlength=groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(group[known], weights=days * count[known], minlength=groups) / n
        off = np.bincount(group[known], weights=(days - mean[group[known]]) ** 2 * count[known], minlength=groups)
        return np.asarray(mean, float), np.sqrt(off / n)
