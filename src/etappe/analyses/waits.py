"""Waiting times of many groups at once, from counts by length: medians with intervals, and means."""

from __future__ import annotations

import numpy as np

from etappe.analyses.maths.bounds import Floats, Ints, quantile_ranks
from etappe.journeys.shortcuts import MINUTES


def medians(group: Ints, minutes: Ints, count: Ints, groups: int, q: float = 0.5) -> tuple[Floats, Ints]:
    """The q-quantile of each group in days with its order-statistic interval: groups × 3, and n; -1 minutes
    is unknown.
    """
    known = minutes >= 0
    group, minutes, count = group[known], minutes[known], count[known]
    # One key, and a sort that is done at once where the rows come in order, as those of the build do.
    order = np.argsort(group * (int(minutes.max(initial=0)) + 1) + minutes, kind="stable")
    group, minutes, count = group[order], minutes[order], count[order]
    n = np.bincount(group, weights=count, minlength=groups).astype(np.int64)
    upto = np.cumsum(count)
    first = np.concatenate([[0], np.cumsum(n)])[:-1]
    out = np.full((groups, 3), np.nan)
    some = np.flatnonzero(n)
    ranks = np.array([_ranks(int(size), q) for size in n[some]]).reshape(-1, 3)
    for column in range(3):
        inside = (ranks[:, column] >= 1) & (ranks[:, column] <= n[some])
        place = np.searchsorted(upto, first[some][inside] + ranks[inside, column])
        out[some[inside], column] = minutes[place] / MINUTES
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


def means(group: Ints, minutes: Ints, count: Ints, groups: int) -> Floats:
    """Mean days of each group; nan where it has none."""
    known = minutes >= 0
    total = np.bincount(group[known], weights=minutes[known] * count[known], minlength=groups)
    n = np.bincount(group[known], weights=count[known], minlength=groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(total / n / MINUTES, float)
