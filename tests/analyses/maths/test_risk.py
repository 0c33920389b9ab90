"""Laws of ratios over strata."""

import numpy as np
import pytest
from scipy import stats

from etappe.analyses.maths import risk
from etappe.analyses.maths.bounds import benjamini_hochberg


def test_one_stratum_gives_the_plain_ratio():
    found = risk.risk_ratio([20], [100], [10], [100])
    assert found.value[0] == pytest.approx(2)
    error = np.sqrt(1 / 20 - 1 / 100 + 1 / 10 - 1 / 100)
    assert found.low[0] == pytest.approx(2 * np.exp(-1.959964 * error), rel=1e-6)


def test_a_difference_between_strata_is_not_taken_for_an_effect():
    # exposed cases sit in the stratum where everything ends; within each stratum nothing differs
    found = risk.risk_ratio([80, 2], [100, 20], [16, 20], [20, 200])
    assert found.value[0] == pytest.approx(1)


def test_a_stratum_with_one_side_only_says_nothing():
    both = risk.odds_ratio([5, 9], [10, 10], [3, 0], [12, 0])
    one = risk.odds_ratio([5], [10], [3], [12])
    assert both.value == pytest.approx(one.value)
    assert np.isnan(risk.risk_ratio([1], [2], [0], [0]).value).all()


def test_many_comparisons_at_once_are_each_comparison_alone():
    tables = np.array([[5, 20, 3, 30], [8, 25, 6, 40], [1, 9, 4, 12], [3, 10, 2, 15]])
    together = risk.odds_ratio(*tables.T, group=[0, 0, 1, 1], groups=3)
    for code, rows in ((0, tables[:2]), (1, tables[2:])):
        alone = risk.odds_ratio(*rows.T)
        assert together.value[code] == pytest.approx(alone.value[0])
        assert together.p[code] == pytest.approx(alone.p[0])
    assert np.isnan(together.value[2])


def test_where_nothing_differs_false_finds_stay_under_five_in_a_hundred():
    random = np.random.default_rng(4)
    finds = 0
    for _ in range(200):
        n1, n0 = random.integers(5, 40, (2, 60)), random.integers(50, 400, (2, 60))
        chance = random.uniform(0.1, 0.5, (2, 60))
        a, b = random.binomial(n1, chance), random.binomial(n0, chance)
        group = np.tile(np.arange(60), 2)
        p = risk.risk_ratio(a.ravel(), n1.ravel(), b.ravel(), n0.ravel(), group, 60).p
        finds += bool((benjamini_hochberg(p) <= 0.05).any())
    assert finds / 200 <= 0.08


def test_in_the_far_tail_of_rare_outcomes_as_many_are_called_clear_as_there_should_be():
    # exactly, by adding up the hypergeometric distributions of 30 small strata
    random = np.random.default_rng(1)
    n1, n0 = random.integers(1, 8, 30), random.integers(10, 40, 30)
    m = random.binomial(n1 + n0, 0.06)
    exact = np.ones(1)
    for one, all_, ended in zip(n1, n1 + n0, m, strict=True):
        exact = np.convolve(exact, stats.hypergeom.pmf(np.arange(one + 1), all_, ended, one))
    tail = np.cumsum(exact[::-1])[::-1]  # chance of at least so many
    for count in np.flatnonzero((tail < 0.05) & (tail > 1e-4)):
        a = _spread(int(count), n1, m)
        corrected = risk.more_often(a, n1, m - a, n0)[0]
        middle = tail[count] - exact[count] / 2
        assert middle / 1.5 <= corrected <= 1.5 * tail[count]
        if middle < 0.001:
            assert risk.cochran(a, n1, m - a, n0)[0] / 2 < middle / 2, "the plain test says too much"


def _spread(count, n1, m):
    """`count` outcomes among the exposed, put where there is room."""
    a = np.zeros(len(n1), int)
    for place in np.tile(np.arange(len(n1)), 10):
        if a.sum() < count and a[place] < min(n1[place], m[place]):
            a[place] += 1
    return a
