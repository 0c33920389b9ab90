"""Tuples of codes told apart as one number."""

from __future__ import annotations

import numpy as np
import pytest

from etappe.analyses.maths import together as room
from etappe.analyses.maths.together import occurring, together


@pytest.mark.parametrize("most", [0, 10**6])
def test_tuples_stand_in_order_and_each_row_finds_its_own(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_POSSIBLE", most)
    random = np.random.default_rng(7)
    codes = [random.integers(-1, width, 500) for width in (3, 40, 2)]
    tuples, place = together(*codes)
    assert np.array_equal(tuples[:, place], np.stack(codes))
    listed = [tuple(row) for row in tuples.T]
    assert listed == sorted(set(zip(*(column.tolist() for column in codes), strict=True)))


def test_of_no_rows_there_is_no_tuple() -> None:
    none = np.zeros(0, np.int64)
    tuples, place = together(none, none)
    assert tuples.shape == (2, 0)
    assert len(place) == 0


def test_codes_that_never_occur_have_no_place() -> None:
    there, place = occurring(np.array([5, 2, 5]), 9)
    assert there.tolist() == [2, 5]
    assert place.tolist() == [1, 0, 1]


@pytest.mark.parametrize("most", [1, 3, 1_000_000])
def test_distinct_codes_come_in_order(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_MARKED", most)
    assert room.distinct(np.array([7, 0, 7, 3]), 8).tolist() == [0, 3, 7]


@pytest.mark.parametrize("most", [0, 10**6])
def test_sums_of_a_key_are_those_of_its_rows(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_POSSIBLE", most)
    key, one = np.array([40, 3, 40, 3, 7]), np.array([1, 2, 4, 8, 16])
    there, sums = room.summed(key, 41, one, np.ones(5))
    assert there.tolist() == [3, 7, 40]
    assert [column.tolist() for column in sums] == [[10, 16, 5], [2, 1, 2]]
    assert [len(part) for part in room.summed(np.zeros(0, np.int64), 0)] == [0, 0]
