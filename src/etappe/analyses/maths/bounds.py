"""Intervals for single figures: shares, counts, medians, and what is left of many p-values.

All intervals are two-sided at `level` (95 % unless told otherwise), all functions take arrays and work
element by element, and all of them stay inside the quantity's own range (a share never leaves 0 to 1).
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEVEL = 0.95


@cache
def z_of(level: float = LEVEL) -> float:
    """The normal quantile of a two-sided level: 1.96 for 95 %."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(hits: Any, n: Any, level: float = LEVEL) -> tuple[Floats, Floats, Floats]:
    """Share with Wilson's score interval.

    ``centre = (p + z²/2n) / (1 + z²/n)``, ``half = z/(1 + z²/n) · √(p(1-p)/n + z²/4n²)``. It keeps its level
    for shares near 0 or 1 and for small n, where p ± 1.96·se does not. Where n is 0 all three are nan.

    Source: E. B. Wilson, JASA 22 (1927) 209-212; L. D. Brown, T. T. Cai, A. DasGupta, Statist. Sci. 16 (2001)
    101-133.
    """
    k, size = np.asarray(hits, float), np.asarray(n, float)
    z = z_of(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(size > 0, k / size, np.nan)
        scale = 1 + z * z / size
        centre = (share + z * z / (2 * size)) / scale
        half = z / scale * np.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    # At 0 and n of n one end is 0 or 1 exactly; the formula leaves a trace of rounding there.
    low = np.where(k == 0, 0.0, np.clip(centre - half, 0, 1))
    high = np.where(k == size, 1.0, np.clip(centre + half, 0, 1))
    return share, np.where(size > 0, low, np.nan), np.where(size > 0, high, np.nan)


def wilson_of_one(hits: float, n: float, level: float = LEVEL) -> tuple[float, float, float]:
    """:func:`wilson` of a single share, to the last digit: an answer of some hundred shares takes a tenth of the time."""
    if not n > 0:
        return math.nan, math.nan, math.nan
    k, size, z = float(hits), float(n), z_of(level)
    share = k / size
    scale = 1 + z * z / size
    centre = (share + z * z / (2 * size)) / scale
    spread = share * (1 - share) / size + z * z / (4 * size * size)
    half = z / scale * math.sqrt(spread) if spread >= 0 else math.nan
    low, high = (min(max(end, 0.0), 1.0) for end in (centre - half, centre + half))
    return share, 0.0 if k == 0 else low, 1.0 if k == size else high


def poisson(count: Any, exposure: Any = 1.0, level: float = LEVEL) -> tuple[Floats, Floats, Floats]:
    """Rate of a count over an exposure, with the exact (Garwood) interval.

    ``low = χ²(α/2; 2k)/2``, ``high = χ²(1-α/2; 2k+2)/2``, both divided by the exposure.

    Source: F. Garwood, Biometrika 28 (1936) 437-442.
    """
    from scipy import special  # a quarter of a second to load, and most questions do without

    k, over = np.asarray(count, float), np.asarray(exposure, float)
    tail = (1 - level) / 2
    low = np.where(k > 0, special.gammaincinv(np.maximum(k, 1e-300), tail), 0.0)
    high = special.gammaincinv(k + 1, 1 - tail)
    return k / over, low / over, high / over


def percentile(samples: Any, level: float = LEVEL, axis: int = 0) -> tuple[Floats, Floats]:
    """The middle `level` of resampled values along an axis; resamples without a value (nan) are left out.

    Source: B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    values = np.asarray(samples, float)
    tail = 100 * (1 - level) / 2
    pick = np.nanpercentile if np.isnan(values).any() else np.percentile
    with np.errstate(invalid="ignore"):
        low, high = pick(values, [tail, 100 - tail], axis=axis)
    return np.asarray(low, float), np.asarray(high, float)


def benjamini_hochberg(p: Any) -> Floats:
    """p-values adjusted so that "adjusted ≤ q" keeps the expected share of false finds at or under q.

    ``adjusted(i) = min over j ≥ i of p(j)·m/j`` over the p-values in ascending order. nan stays nan and is
    not counted.

    Source: Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300.
    """
    values = np.asarray(p, float)
    adjusted = np.full(values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    steps = values[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return adjusted


def quantile_ranks(n: int, q: float = 0.5, level: float = LEVEL) -> tuple[int, int]:
    """Ranks (from 1) of the two order statistics that enclose the q-quantile of n values with at least
    `level`.

    The number of values below the quantile is binomial(n, q): the ranks are its quantiles. Rank 0 or n+1
    means that n is too small for that side.

    Source: H. A. David, H. N. Nagaraja, Order Statistics (2003), section 7.1; W. J. Conover (1999), section
    3.2.
    """
    tail = (1 - level) / 2
    below = _binomial(n, q)  # P(X ≤ k)
    low = int(np.searchsorted(below, tail, side="right"))  # largest r with P(X ≤ r-1) ≤ tail
    high = int(np.searchsorted(below, 1 - tail, side="left")) + 1
    return low, high


def _binomial(n: int, q: float) -> Floats:
    """P(X ≤ k) for k from 0 to n, X binomial(n, q): the chances as a running product, in logarithms."""
    k = np.arange(1, n + 1)
    steps = np.log((n - k + 1) / k) + np.log(q) - np.log1p(-q)
    chance = np.exp(n * np.log1p(-q) + np.concatenate([[0.0], np.cumsum(steps)]))
    return np.asarray(np.minimum(np.cumsum(chance), 1.0), float)


def median_interval(values: Any, q: float = 0.5, level: float = LEVEL) -> tuple[float, float, float]:
    """The q-quantile of values (half of them by default) with its order-statistic interval; no shape is
    assumed.

    An end that n is too small for is nan. The estimate is the middle of the two middle values where n is
    even.
    """
    ordered = np.sort(np.asarray(values, float))
    n = len(ordered)
    if n == 0:
        return float("nan"), float("nan"), float("nan")
    low, high = quantile_ranks(n, q, level)
    ends = [float(ordered[r - 1]) if 1 <= r <= n else float("nan") for r in (low, high)]
    return float(np.quantile(ordered, q)), ends[0], ends[1]


def share_out(total: float, shares: Any, decimals: int = 2) -> Floats:
    """Splits a total by shares so that the rounded parts sum to the rounded total exactly.

    Largest remainder (Hamilton): every part is rounded down to the last decimal, then the parts with the
    largest remainders get one unit each until the sum fits. Negative totals are split like positive ones.
    """
    weights = np.asarray(shares, float)
    if not len(weights) or weights.max() <= 0:
        return np.zeros(len(weights))
    weights = weights / weights.max()  # so that very small shares do not vanish in rounding
    whole = weights.sum()
    unit = 10**decimals
    units = round(abs(total) * unit)
    exact = weights / whole * units
    floor = np.floor(exact + 1e-9)
    missing = int(units - floor.sum())
    if missing > 0:
        floor[np.argsort(floor - exact, kind="stable")[:missing]] += 1
    return np.sign(total) * floor / unit
