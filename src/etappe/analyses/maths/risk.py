"""Ratios of risks and odds over strata: is an outcome more frequent with a thing than without, like for like?

Each stratum is a two-by-two table of comparable cases. `a` of `n1` exposed cases and `b` of `n0` others had
the outcome. Many comparisons are computed at once: `group` says which comparison a stratum belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from etappe.analyses.maths.bounds import LEVEL, Floats, Ints, z_of


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ratios with interval and two-sided p-value, one entry a comparison; nan where there is nothing to
    compare.
    """

    value: Floats
    low: Floats
    high: Floats
    p: Floats


def _sums(parts: list[Floats], group: Ints, groups: int) -> list[Floats]:
    return [np.asarray(np.bincount(group, weights=part, minlength=groups), float) for part in parts]


def _strata(a: Any, n1: Any, b: Any, n0: Any, group: Any, groups: int | None) -> tuple[list[Floats], Ints, int]:
    tables = [np.asarray(part, float) for part in (a, n1, b, n0)]
    codes = np.zeros(len(tables[0]), np.int64) if group is None else np.asarray(group, np.int64)
    some = (tables[1] > 0) & (tables[3] > 0)  # a stratum with one side only says nothing
    count = groups if groups is not None else int(codes.max(initial=0)) + 1
    return [part[some] for part in tables], codes[some], count


def risk_ratio(
    a: Any, n1: Any, b: Any, n0: Any, group: Any = None, groups: int | None = None, level: float = LEVEL
) -> Ratio:
    """Mantel-Haenszel risk ratio with the Greenland-Robins interval.

    ``RR = Σ a·n0/N ÷ Σ b·n1/N``; variance of log RR: ``Σ (n1·n0·m - a·b·N)/N² ÷ (Σ a·n0/N · Σ b·n1/N)`` with
    m = a + b and N = n1 + n0. The p-value is that of :func:`cochran` (a score test, which does not need a
    variance of the ratio).

    Sources: N. Mantel, W. Haenszel, J. Natl. Cancer Inst. 22 (1959) 719-748; S. Greenland, J. M. Robins,
    Biometrics 41 (1985) 55-68.
    """
    (x, u, y, v), codes, count = _strata(a, n1, b, n0, group, groups)
    n = u + v
    top, bottom, spread = _sums([x * v / n, y * u / n, (u * v * (x + y) - x * y * n) / n**2], codes, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = top / bottom
        error = np.sqrt(spread / (top * bottom))
    return _ratio(value, error, cochran(a, n1, b, n0, group, groups), level)


def odds_ratio(
    a: Any, n1: Any, b: Any, n0: Any, group: Any = None, groups: int | None = None, level: float = LEVEL
) -> Ratio:
    """Mantel-Haenszel odds ratio with the Robins-Breslow-Greenland interval.

    ``OR = Σ R ÷ Σ S`` with R = a·d/N, S = b·c/N, c = n1 - a, d = n0 - b; with P = (a+d)/N and Q = (b+c)/N the
    variance of log OR is ``ΣPR/2(ΣR)² + Σ(PS+QR)/(2ΣRΣS) + ΣQS/2(ΣS)²``.

    Source: J. Robins, N. Breslow, S. Greenland, Biometrics 42 (1986) 311-323.
    """
    (x, u, y, v), codes, count = _strata(a, n1, b, n0, group, groups)
    n = u + v
    r, s = x * (v - y) / n, y * (u - x) / n
    p, q = (x + v - y) / n, (y + u - x) / n
    sums = _sums([r, s, p * r, p * s + q * r, q * s], codes, count)
    top, bottom, pr, mixed, qs = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        value = top / bottom
        error = np.sqrt(pr / (2 * top**2) + mixed / (2 * top * bottom) + qs / (2 * bottom**2))
    return _ratio(value, error, cochran(a, n1, b, n0, group, groups), level)


def cochran(
    a: Any, n1: Any, b: Any, n0: Any, group: Any = None, groups: int | None = None, correct: bool = False
) -> Floats:
    """p-value of the Cochran-Mantel-Haenszel test: no association in any stratum.

    ``χ² = (Σ a - Σ m·n1/N)² ÷ Σ n1·n0·m·(N-m) / (N²(N-1))`` on one degree of freedom; `correct` takes ½ off
    the difference.
    """
    (x, u, y, v), codes, count = _strata(a, n1, b, n0, group, groups)
    n, m = u + v, x + y
    off, spread = _sums([x - m * u / n, u * v * m * (n - m) / (n**2 * np.maximum(n - 1, 1))], codes, count)
    gap = np.maximum(np.abs(off) - (0.5 if correct else 0.0), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(spread > 0, special.chdtrc(1, gap**2 / spread), np.nan)


def more_often(a: Any, n1: Any, b: Any, n0: Any, group: Any = None, groups: int | None = None) -> Floats:
    """One-sided p-value of "with it no more often than without", right also far out in the tail.

    Under "no difference" `a` is hypergeometric in each stratum, and of rare outcomes its sum is skewed: the normal
    tail calls three times too many clear. So the deviate of :func:`cochran` is corrected for the skewness γ of the
    sum (Cornish-Fisher): ``z - γ (z² - 1) / 6``, with the third moment of a stratum
    ``n1·n0·m·(N-m)·(N-2m)·(n0-n1) / (N³(N-1)(N-2))``.

    Source: E. A. Cornish, R. A. Fisher, Rev. Inst. Int. Stat. 5 (1938) 307-320; moments of the hypergeometric
    distribution: N. L. Johnson, A. W. Kemp, S. Kotz, Univariate Discrete Distributions (2005), 6.3.
    """
    (x, u, y, v), codes, count = _strata(a, n1, b, n0, group, groups)
    n, m = u + v, x + y
    core = u * v * m * (n - m)
    third = core * (n - 2 * m) * (v - u) / (n**3 * np.maximum(n - 1, 1) * np.maximum(n - 2, 1))
    off, spread, skew = _sums([x - m * u / n, core / (n**2 * np.maximum(n - 1, 1)), third], codes, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = off / np.sqrt(spread)
        return np.where(spread > 0, special.ndtr(-(z - skew / spread**1.5 * (z**2 - 1) / 6)), np.nan)


def _ratio(value: Floats, error: Floats, p: Floats, level: float) -> Ratio:
    z = z_of(level)
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = value * np.exp(-z * error), value * np.exp(z * error)
    sound = np.isfinite(value) & np.isfinite(error) & (value > 0)
    blank = np.full(len(value), np.nan)
    return Ratio(
        np.where(np.isfinite(value), value, blank),
        np.where(sound, low, blank),
        np.where(sound, high, blank),
        p,
    )
