"""Survival curves against R and lifelines."""

import numpy as np
import pytest

from etappe.analyses.maths import survival

# Acute myelogenous leukaemia, R. G. Miller, Survival Analysis (1981), data set `aml` of R's survival package
MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
NOT_MAINTAINED = ([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1])


def both():
    times = MAINTAINED[0] + NOT_MAINTAINED[0]
    events = MAINTAINED[1] + NOT_MAINTAINED[1]
    return survival.curves(times, events, group=[0] * 11 + [1] * 12)


def test_kaplan_meier_of_the_aml_trial():
    # R survival 3.x, summary(survfit(Surv(time, status) ~ x, aml)): survival at event times
    found = both()
    happened = found.events[:, 0] > 0
    first = happened & (found.group == 0)
    assert found.survival[first] == pytest.approx([0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184], abs=6e-4)
    error = found.survival[first] * np.sqrt(found.hazard_spread[first])
    assert error == pytest.approx([0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535], abs=6e-5)
    second = happened & (found.group == 1)
    expected = [0.8333, 0.6667, 0.5833, 0.4861, 0.3889, 0.2917, 0.1944, 0.0972, 0.0]
    assert found.survival[second] == pytest.approx(expected, abs=6e-5)


def test_medians_of_the_aml_trial():
    # print(survfit(Surv(time, status) ~ x, aml)) in R, interval on the log scale: 31 (18, NA) and 23 (8, NA).
    # R leaves the upper end out where it is reached only when S is 0, because its interval is then undefined;
    # here S = 0 is sure.
    found = survival.quantiles(both(), kind="log")
    assert found == pytest.approx(np.array([[31, 18, np.nan], [23, 8, 45]]), nan_ok=True)
    # lifelines 0.30.3, median_survival_times of the log-log interval: 31 (13, inf) and 23 (5, 33)
    assert survival.quantiles(both()) == pytest.approx(np.array([[31, 13, np.nan], [23, 5, 33]]), nan_ok=True)


def test_log_log_interval():
    # lifelines 0.30.3, KaplanMeierFitter on the maintained arm, times 9, 31 and 48
    found = both()
    low, high = survival.survival_interval(found)
    rows = [int(np.flatnonzero((found.group == 0) & (found.time == t))[0]) for t in (9, 31, 48)]
    assert low[rows] == pytest.approx([0.508080, 0.167331, 0.011738], abs=1e-6)
    assert high[rows] == pytest.approx([0.986674, 0.753400, 0.525015], abs=1e-6)


def test_late_entry():
    # lifelines 0.30.3, KaplanMeierFitter.fit(…, entry=…) on the maintained arm
    found = survival.curves(*MAINTAINED, entry=[0, 0, 5, 0, 10, 0, 20, 0, 0, 30, 0])
    happened = found.events[:, 0] > 0
    expected = [0.875, 0.765625, 0.638021, 0.531684, 0.425347, 0.319010, 0.159505]
    assert found.survival[happened] == pytest.approx(expected, abs=1e-6)


def test_aalen_johansen_with_two_causes():
    # lifelines 0.30.3, AalenJohansenFitter(calculate_variance=True) on twelve cases without ties
    cause = [1, 2, 0, 1, 1, 2, 0, 1, 2, 1, 0, 2]
    found = survival.curves(np.arange(1, 13), cause, 2)
    assert found.incidence[[3, 4, 7, 9], 0] == pytest.approx([0.175926, 0.268519, 0.379630, 0.490741], abs=1e-6)
    assert found.incidence_variance[[3, 4, 7, 9], 0] == pytest.approx(
        [0.012843, 0.017702, 0.023040, 0.025223], abs=1e-6
    )
    assert found.incidence[[5, 8, 11], 1] == pytest.approx([0.175926, 0.287037, 0.509259], abs=1e-6)
    assert found.incidence_variance[[5, 8], 1] == pytest.approx([0.012843, 0.020125], abs=1e-6)
    low, high = survival.incidence_interval(found)
    assert (low[9, 0], high[9, 0]) == pytest.approx((0.176349, 0.746764), abs=1e-6)
