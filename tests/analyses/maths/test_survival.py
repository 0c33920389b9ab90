"""Laws of times with an open end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etappe.analyses.maths import survival

cases = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=60)


def spread(drawn):
    return (np.array(part) for part in zip(*drawn, strict=True))


@given(cases)
def test_causes_and_still_open_sum_to_one(drawn):
    time, cause, group = spread(drawn)
    found = survival.curves(time, cause, 3, group, 3)
    assert np.allclose(found.incidence.sum(axis=1) + found.survival, 1, atol=1e-12)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=50))
def test_without_open_cases_kaplan_meier_is_one_minus_the_empirical_distribution(times):
    found = survival.curves(times, np.ones(len(times)))
    share = [np.mean(np.array(times) > t) for t in found.time]
    assert np.allclose(found.survival, share, atol=1e-12)


@given(cases)
def test_without_open_cases_each_cause_is_its_plain_share(drawn):
    time, cause, _ = spread(drawn)
    found = survival.curves(time, cause + 1, 4)
    assert np.allclose(found.incidence[-1], np.bincount(cause, minlength=4) / len(cause), atol=1e-12)


@given(cases)
def test_many_groups_at_once_are_each_group_alone(drawn):
    time, cause, group = spread(drawn)
    together = survival.curves(time, cause, 3, group, 4)
    for code in range(4):
        alone = survival.curves(time[group == code], cause[group == code], 3, groups=1)
        rows = slice(together.bounds[code], together.bounds[code + 1])
        for name in ("time", "at_risk", "survival", "incidence", "incidence_variance", "hazard_spread"):
            assert np.allclose(getattr(together, name)[rows], getattr(alone, name), atol=1e-9)


@given(cases)
def test_a_weighted_row_is_as_many_equal_rows(drawn):
    time, cause, weight = spread(drawn)
    found = survival.curves(time, cause, 3, weight=weight + 1)
    spelled = survival.curves(np.repeat(time, weight + 1), np.repeat(cause, weight + 1), 3)
    assert np.allclose(found.incidence, spelled.incidence)
    assert np.allclose(found.incidence_variance, spelled.incidence_variance)


@given(cases)
def test_one_cause_alone_is_one_minus_kaplan_meier_with_greenwoods_variance(drawn):
    time, cause, _ = spread(drawn)
    found = survival.curves(time, np.minimum(cause, 1), 1)
    assert np.allclose(found.incidence[:, 0], 1 - found.survival, atol=1e-12)
    inner = found.survival > 0
    greenwood = found.survival**2 * found.hazard_spread
    assert np.allclose(found.incidence_variance[inner, 0], greenwood[inner], atol=1e-9)


@given(cases, st.lists(st.integers(0, 29), min_size=60, max_size=60))
def test_late_entry_takes_a_case_out_of_the_risk_set_until_it_came(drawn, entries):
    time, cause, _ = spread(drawn)
    entry = np.minimum(np.array(entries[: len(time)]), time - 1)
    found = survival.curves(time, cause, 3, entry=entry)
    at_risk = [np.sum((entry < t) & (time >= t)) for t in found.time]
    assert np.allclose(found.at_risk, at_risk)


@given(cases)
@settings(max_examples=50)
def test_intervals_hold_their_curve(drawn):
    time, cause, _ = spread(drawn)
    found = survival.curves(time, cause, 3)
    for kind in ("log-log", "log", "plain"):
        low, high = survival.survival_interval(found, kind)
        assert (low <= found.survival + 1e-12).all()
        assert (found.survival <= high + 1e-12).all()
    low, high = survival.incidence_interval(found)
    assert (low <= found.incidence + 1e-12).all()
    assert (found.incidence <= high + 1e-12).all()


def test_no_cases_give_no_curve():
    assert survival.curves([], [], 2, groups=3).groups == 3
    assert np.isnan(survival.quantiles(survival.curves([], [], 2, groups=3))).all()


@pytest.mark.parametrize("open_share", [0.2, 0.5])
def test_conversion_is_right_and_its_interval_holds_the_truth_while_many_are_still_open(open_share):
    random = np.random.default_rng(7)
    truth = 0.6 * (1 - np.exp(-60 / 30))  # 60 % convert, after 30 days in the mean, looked at after 60 days
    median = -30 * np.log(1 - 0.5 * (1 - np.exp(-2)))
    hits, medians, values = 0, 0, []
    for _ in range(400):
        n = 250
        converts = random.random(n) < 0.6
        wait = random.exponential(np.where(converts, 30, 50))
        seen = random.uniform(0, 60 / open_share, n)
        time = np.minimum(wait, seen)
        cause = np.where(wait <= seen, np.where(converts, 1, 2), 0)
        found = survival.curves(time, cause, 2)
        row = found.rows_at(60.0)
        low, high = (side[row[0], 0] for side in survival.incidence_interval(found))
        values.append(found.incidence[row[0], 0])
        hits += bool(low <= truth <= high)
        _, low, high = survival.time_to(found, 1, row)[0]
        medians += bool(low <= median <= high)
    assert np.mean(values) == pytest.approx(truth, abs=0.01)
    assert 0.92 <= hits / 400 <= 0.98
    assert 0.92 <= medians / 400 <= 0.985


def test_curves_read_at_a_row_are_what_they_are_there() -> None:
    random = np.random.default_rng(3)
    time, cause, group = random.integers(0, 20, 300), random.integers(0, 3, 300), random.integers(0, 4, 300)
    found = survival.curves(time, cause, 2, group, 4)
    rows = found.rows_at(9.0)
    read = found.read_at(rows)
    assert np.array_equal(read.incidence, found.incidence[rows])
    low, high = survival.incidence_interval(read)
    assert all(np.array_equal(part, whole[rows]) for part, whole in zip((low, high), survival.incidence_interval(found), strict=True))
    assert read.groups == 4
