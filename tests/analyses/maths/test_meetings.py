"""Days and what was met by then, against counting them one by one."""

import numpy as np
import pytest

from etappe.analyses.maths import meetings

STAYS, DAYS, MET, THINGS = 40, 300, 200, 7


@pytest.fixture(params=[1, 17, meetings.AT_ONCE])
def few_at_once(request, monkeypatch):
    """Pairs made a few at a time must be those that are made together."""
    monkeypatch.setattr(meetings, "AT_ONCE", request.param)


@pytest.fixture
def some():
    rng = np.random.default_rng(5)
    stay = np.sort(rng.integers(0, STAYS, DAYS))
    return stay, rng.integers(0, 50, DAYS), rng.integers(0, STAYS + 5, MET), rng.integers(0, 50, MET), rng.integers(0, THINGS, MET)


@pytest.mark.usefixtures("few_at_once")
def test_a_day_is_paired_with_what_its_own_stay_had_met_by_then(some):
    stay, at, of_stay, met_at, thing = some
    pairs = meetings.paired(stay, at, of_stay, met_at, thing, lag=7)
    wanted = sorted(
        (day, int(thing[met]), bool(at[day] - met_at[met] >= 7))
        for day in range(DAYS) for met in range(MET) if stay[day] == of_stay[met] and at[day] >= met_at[met]
    )  # fmt: skip
    assert sorted(zip(pairs.day.tolist(), pairs.thing.tolist(), pairs.late.tolist(), strict=True)) == wanted


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("most", [0, meetings.MOST_BINS])
def test_what_occurs_is_counted_in_all_and_with_each_flag(some, most, monkeypatch):
    monkeypatch.setattr(meetings, "MOST_BINS", most)
    _, _, one, _, other = some
    wide, flag = one * 10, other % 2 == 0
    (left, right), (n, flagged) = meetings.tallied([(wide, 10 * (STAYS + 5)), (other, THINGS)], [flag])
    found = {(int(a), int(b)): (int(c), int(d)) for a, b, c, d in zip(left, right, n, flagged, strict=True)}
    wanted: dict[tuple[int, int], tuple[int, int]] = {}
    for a, b, c in zip(wide.tolist(), other.tolist(), flag.tolist(), strict=True):
        before = wanted.get((a, b), (0, 0))
        wanted[a, b] = (before[0] + 1, before[1] + c)
    assert found == wanted


def test_the_last_day_of_each_stay_is_found(some):
    stay, at = some[:2]
    last = meetings.last_of_each(stay, at)
    assert all(last[day] == (at[day] == at[stay == stay[day]].max()) for day in range(DAYS))


def test_without_a_day_or_a_meeting_there_is_no_pair():
    nothing, one = np.zeros(0, np.int64), np.zeros(1, np.int64)
    for stay, of_stay in ((nothing, one), (one, nothing), (nothing, nothing)):
        assert len(meetings.paired(stay, stay, of_stay, of_stay, of_stay).day) == 0
    assert len(meetings.last_of_each(nothing, nothing)) == 0
