"""Steps of one lane as marks that never overlap: shape says how, fill says who began, a number says how many.

Circle = online, square = offline, diamond = two-way contact with sales; hollow = started by the vendor. Where
steps lie closer than a mark is wide they are counted together, in spans of days that are the same for all
lanes of a journey.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from etappe.reports.account.axis import Axis
from etappe.reports.account.reading import Step
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Circle, Path, Rect, Scene, Text
from etappe.reports.theme import SMALLEST

SPANS: Final = (1, 2, 3, 7, 14, 28, 56, 91, 182, 364, 728, 3640, 36400)
HALF: Final = 3.0
ROW: Final = 11.0
LABEL: Final = 8.6
_AIR: Final = 1.2  # between two marks that stand side by side
_WORTH: Final = {
    "form": 4,
    "webinar": 3,
    "download": 3,
    "chat": 3,
    "review": 3,
    "ticket": 3,
    "trial": 3,
    "referral": 4,
    "purchase": 4,
}
# touchpoints that say something of the buyer's intent, and those that say nothing
_TELLING: Final = {"pricing page": 2, "roi calculator": 2, "comparison page": 1, "case study": 1, "quote page": 2}
_PLAIN: Final = frozenset(("other page", "home page", "web event", "other", "product use", "documentation"))


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: place, half its width, what it stands for."""

    x: float
    half: float
    shape: str
    hollow: bool
    steps: tuple[Step, ...]

    @property
    def count(self) -> int:
        """Number of steps it stands for."""
        return len(self.steps)


def bin_of(at: dt.datetime, days: int) -> int:
    """The span of `days` that a time lies in; spans of whole weeks begin on a Monday."""
    return (at.date().toordinal() - 1) // days


def span_days(rows: Iterable[Sequence[Step]], axis: Axis) -> int:
    """The shortest span in days whose marks, numbers included, fit side by side; 0 where no steps need be
    merged.
    """
    rows = [row for row in rows if row]
    if not any(_crowded(row, axis) for row in rows):
        return 0
    for days in SPANS:
        most = max((max(Counter(bin_of(step.at, days) for step in row).values()) for row in rows), default=1)
        if days * axis.per_day >= 2 * _half_of(most) + _AIR:
            return days
    return SPANS[-1]


def _crowded(row: Sequence[Step], axis: Axis) -> bool:
    places = sorted(axis.x(step.at) for step in row)
    return any(b - a < 2 * HALF + 1 for a, b in pairwise(places))


def _half_of(count: int) -> float:
    return HALF if count == 1 else max(5.2, 2.0 + 2.1 * len(str(count)))


def row_marks(steps: Sequence[Step], axis: Axis, days: int) -> list[Mark]:
    """The marks of one row, from left to right."""
    if not steps:
        return []
    if days == 0:
        return [_mark([step], axis, None, 0) for step in sorted(steps, key=lambda step: (step.at, step.seq))]
    groups: dict[int, list[Step]] = {}
    for step in sorted(steps, key=lambda step: (step.at, step.seq)):
        groups.setdefault(bin_of(step.at, days), []).append(step)
    return [_mark(group, axis, number, days) for number, group in groups.items()]


def _mark(group: list[Step], axis: Axis, number: int | None, days: int) -> Mark:
    half = _half_of(len(group))
    x = sum(axis.x(step.at) for step in group) / len(group)
    if number is not None:
        begin = axis.left + (_start_of(number, days, axis) - axis.start) / (axis.end - axis.start) * (
            axis.right - axis.left
        )
        end = begin + days * axis.per_day
        room = half + _AIR / 2
        x = min(max(x, begin + room), max(end - room, begin + room))
    shape = "diamond" if any(step.sales for step in group) else "circle" if group[0].online else "square"
    return Mark(x, half, shape, all(step.own and not step.sales for step in group), tuple(group))


def _start_of(number: int, days: int, axis: Axis) -> dt.datetime:
    ordinal = max(number * days + 1, 1)
    return dt.datetime.combine(dt.date.fromordinal(min(ordinal, dt.date.max.toordinal())), dt.time(), axis.start.tzinfo)


def draw_mark(scene: Scene, mark: Mark, y: float, tip: str = "") -> None:
    """Draw a mark centred at height y."""
    colour = {"diamond": "accent", "square": "ink", "circle": "muted"}[mark.shape]
    fill, stroke = ("page" if mark.hollow else colour), colour
    x, h, r = mark.x, mark.half, 3.0 if mark.count <= 1 else 4.9
    if mark.shape == "circle" and mark.count <= 1:
        scene.add(Circle(x, y, r - 0.3, fill, stroke, 0.9, tip))
    elif mark.shape == "circle":
        scene.add(Rect(x - h, y - r, 2 * h, 2 * r, fill, stroke, 0.9, radius=r, tip=tip))
    elif mark.shape == "square":
        r = min(r, 4.6) if mark.count > 1 else 2.7
        w = h if mark.count > 1 else r
        scene.add(Rect(x - w, y - r, 2 * w, 2 * r, fill, stroke, 0.9, tip=tip))
    else:
        r = r + 0.4
        w, k = (h, min(r, 3.0)) if mark.count > 1 else (r + 0.2, r + 0.2)
        corners = (
            (x - w, y),
            (x - w + k, y - r),
            (x + w - k, y - r),
            (x + w, y),
            (x + w - k, y + r),
            (x - w + k, y + r),
        )
        scene.add(Path((corners,), fill, stroke, 0.9, closed=True, tip=tip))
    if mark.count > 1:
        scene.add(Text(x, y + 2.4, str(mark.count), SMALLEST, colour if mark.hollow else "page", 620, "middle", 2 * h))


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a mark: where it starts and which words."""

    x: float
    width: float
    text: str


def labels(
    marks: Sequence[Mark],
    axis: Axis,
    measure: Measure,
    name: Callable[[Step], str],
    least: int = 1,
    keep: Sequence[float] = (),
) -> list[Label]:
    """Names for the marks that matter most, as many as fit on one line without touching.

    Marks worth less than `least` get none; no name is written across a place of `keep`.
    """
    seen: set[str] = set()
    wanted: list[tuple[int, float, Mark, str]] = []
    for mark in marks:
        score, best = max(
            ((worth(step, step.touchpoint not in seen), step) for step in mark.steps),
            key=lambda pair: pair[0],
        )
        seen.update(step.touchpoint for step in mark.steps)
        if score >= least:
            wanted.append((-score, mark.x, mark, name(best)))
    taken = [(x - 1.0, x + 1.0) for x in keep]
    placed: list[Label] = []
    for _, _, mark, text in sorted(wanted, key=lambda w: w[:2]):
        shown = measure.clip(text, 96.0, SMALLEST)
        width = measure.width(shown, SMALLEST)
        near = [x for x in keep if abs(x - mark.x) < mark.half + 3]
        starts = [
            mark.x - min(mark.half, 3.0),
            *(x + 5.0 for x in near),
            mark.x - width / 2,
            mark.x + 3.0 - width,
        ]
        for begin in starts:
            if begin < axis.left or begin + width > axis.right or not shown:
                continue
            if all(begin >= right + 3.5 or begin + width <= left - 3.5 for left, right in taken):
                taken.append((begin, begin + width))
                placed.append(Label(begin, width, shown))
                break
    return sorted(placed, key=lambda label: label.x)


def worth(step: Step, first: bool) -> int:
    """How much a reader wants to see the name of a step, 0 to 9; a touchpoint named before counts less."""
    value = 6 if step.sales else 5 if not step.online else _WORTH.get(step.kind, 0)
    value = max(value, _TELLING.get(step.touchpoint, 0))
    if first:
        value += 1 if step.touchpoint in _PLAIN else 3
    return max(0, value - (2 if step.own and not step.sales else 0))
