"""Steps as marks: every step in exactly one mark, no two marks on each other, no name on another."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from etappe.reports.account.axis import around
from etappe.reports.account.folding import fold
from etappe.reports.account.marks import labels, row_marks, span_days
from etappe.reports.account.reading import Step
from etappe.reports.drawing.measure import PRINT

BEGIN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def step(day: float, kind: str = "page_view", sales: bool = False, person: str = "p") -> Step:
    return Step(
        BEGIN + dt.timedelta(days=day),
        int(day * 100),
        "s",
        f"touch {int(day) % 5}",
        "c",
        (person,),
        "",
        not sales,
        False,
        sales,
        kind,
        "",
        "x",
    )


ROWS = st.lists(
    st.builds(step, st.floats(0, 1100), st.sampled_from(["page_view", "form"]), st.booleans()), max_size=200
)


def axis_of(steps: list[Step], width: float = 620.0):  # type: ignore[no-untyped-def]
    times = [s.at for s in steps] or [BEGIN]
    return around(min(times), max(times), 130, 130 + width)


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_every_step_is_in_one_mark_and_no_two_marks_touch(row: list[Step]) -> None:
    axis = axis_of(row)
    marks = row_marks(row, axis, span_days([row], axis))
    assert sorted(id(s) for mark in marks for s in mark.steps) == sorted(id(s) for s in row)
    for left, right in itertools.pairwise(marks):
        assert right.x - right.half >= left.x + left.half - 1e-6


@given(ROWS)
@settings(max_examples=40, deadline=None)
def test_names_of_marks_do_not_overlap_nor_leave_the_sheet(row: list[Step]) -> None:
    axis = axis_of(row)
    marks = row_marks(row, axis, span_days([row], axis))
    keep = [axis.left + 100.0]
    placed = labels(marks, axis, PRINT, lambda s: s.touchpoint, keep=keep)
    for left, right in itertools.pairwise(placed):
        assert left.x + left.width <= right.x
    assert all(axis.left <= label.x and label.x + label.width <= axis.right for label in placed)
    assert not any(label.x < keep[0] < label.x + label.width for label in placed)


def test_steps_that_lie_apart_stand_alone() -> None:
    row = [step(day) for day in (0, 30, 60, 90)]
    assert [mark.count for mark in row_marks(row, axis_of(row), span_days([row], axis_of(row)))] == [1, 1, 1, 1]


def test_a_contact_with_sales_gives_its_shape_to_what_it_is_counted_with() -> None:
    row = [step(10, sales=True), step(10.1, "call"), step(0), step(400)]
    axis = axis_of(row, 200)
    shapes = [mark.shape for mark in row_marks(row, axis, span_days([row], axis)) if mark.count > 1]
    assert shapes == ["diamond"]


@given(ROWS, st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_folding_loses_no_step(row: list[Step], most: int) -> None:
    row = sorted(row, key=lambda s: (s.at, s.seq))
    folds, how = fold(row, most)
    assert sorted(id(s) for line in folds for s in line.steps) == sorted(id(s) for s in row)
    assert len(folds) <= most or how == 3
    assert [line.first.at for line in folds] == sorted(line.first.at for line in folds)


@given(st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2099, 1, 1), timezones=st.just(dt.UTC)), st.floats(0, 40000))
@settings(deadline=None)
def test_ticks_stand_in_order_inside_the_axis_with_room_for_their_labels(start: dt.datetime, length: float) -> None:
    axis = around(start, start + dt.timedelta(days=length), 100, 700)
    for language in ("de", "en"):
        ticks = axis.ticks(language)  # type: ignore[arg-type]
        places = [x for x, _, _ in ticks]
        assert places
        assert all(100 <= x <= 700 for x in places)
        assert all(b - a >= 25 for a, b in itertools.pairwise(places))
