"""Laws of ratios over strata."""

import numpy as np
import pytest

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
