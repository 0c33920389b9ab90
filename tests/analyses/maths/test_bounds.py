"""Laws of intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etappe.analyses.maths import bounds, resample


@given(st.integers(0, 200), st.integers(1, 200))
def test_a_wilson_interval_holds_the_share_and_stays_between_0_and_1(hits, more):
    share, low, high = bounds.wilson(hits, hits + more)
    assert 0 <= low <= share <= high <= 1


def test_an_empty_share_has_no_value_at_all():
    assert all(np.isnan(part) for part in bounds.wilson(0, 0))


@given(st.floats(0, 60), st.integers(0, 50))
def test_the_interval_of_one_share_is_that_of_many_to_the_last_digit(hits, n):
    of_many = [float(end) for end in bounds.wilson(hits, n)]
    assert bounds.wilson_of_one(hits, n) == pytest.approx(of_many, rel=0, abs=0, nan_ok=True)


@given(st.integers(0, 500))
def test_a_count_lies_in_its_poisson_interval(count):
    value, low, high = bounds.poisson(count)
    assert 0 <= low <= value < high


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusting_for_many_comparisons_never_makes_a_p_value_smaller_and_keeps_their_order(values):
    p = np.array(values)
    adjusted = bounds.benjamini_hochberg(p)
    assert (adjusted >= p - 1e-15).all()
    assert (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-12).all()


def test_unknown_p_values_are_not_counted_as_comparisons():
    assert np.allclose(bounds.benjamini_hochberg([0.01, np.nan, 0.04]), [0.02, np.nan, 0.04], equal_nan=True)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_a_median_lies_in_its_interval(values):
    value, low, high = bounds.median_interval(values)
    assert np.isnan(low) or low <= value
    assert np.isnan(high) or value <= high


def test_five_values_are_too_few_for_an_interval_of_the_median():
    assert np.isnan(bounds.median_interval([1, 2, 3, 4, 5])[1:]).all()
    assert bounds.median_interval([1, 2, 3, 4, 5, 6])[1:] == (1, 6)


@given(
    st.floats(-1e7, 1e7).map(lambda total: round(total, 2)),
    st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=40).filter(any),
)
def test_a_value_shared_out_sums_to_the_cent(total, shares):
    parts = bounds.share_out(total, shares)
    assert round(parts.sum() * 100) == round(total * 100)
    exact = total * np.array(shares) / sum(shares)
    assert np.abs(parts - exact).max() <= 0.01 + 1e-6


def test_piles_give_the_same_interval_as_single_accounts():
    random = np.random.default_rng(2)
    above, below = random.gamma(2, 3, 20_000), random.poisson(5, 20_000) + 1
    value, low, high = resample.ratios(above, below, draws=2000)
    error = np.std(above - value * below) / np.sqrt(20_000) / below.mean()
    assert value == pytest.approx(above.sum() / below.sum())
    assert float((high - low)[0]) == pytest.approx(2 * 1.96 * error, rel=0.12)


def test_resampling_is_the_same_every_time_for_the_same_seed():
    assert (resample.weights(30, 10, seed=4) == resample.weights(30, 10, seed=4)).all()
    assert (resample.weights(30, 10, seed=4).sum(axis=1) == 30).all()


def test_resampled_intervals_cover_the_truth_in_about_95_of_100_samples():
    random = np.random.default_rng(11)
    hits = 0
    for _ in range(300):
        size = random.poisson(4, 150) + 1
        effect = random.normal(10, 2, 150)  # events of one account resemble each other
        total = random.normal(effect * size, np.sqrt(size))
        _, low, high = resample.ratios(total, size)
        hits += bool(low[0] <= 10 <= high[0])
    assert 0.91 <= hits / 300 <= 0.985
