"""A time axis: days to points, with evenly chosen ticks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from etappe.reports.formats import date, month
from etappe.reports.theme import Language

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps the time from `start` to `end` onto the points from `left` to `right`."""

    start: dt.datetime
    end: dt.datetime
    left: float
    right: float

    @property
    def days(self) -> float:
        """Length in days."""
        return (self.end - self.start) / _DAY

    @property
    def per_day(self) -> float:
        """Points a day."""
        return (self.right - self.left) / self.days

    def x(self, at: dt.datetime) -> float:
        """The place of a time; what lies outside is drawn at the edge."""
        return self.left + min(max((at - self.start) / (self.end - self.start), 0.0), 1.0) * (self.right - self.left)

    def ticks(self, language: Language, room: float = 34.0) -> list[tuple[float, str, bool]]:
        """Place, label and whether a year begins: days, weeks, months, quarters or years, as room allows."""
        days = _day_ticks(self, room)
        if days is not None:
            return [
                (self.x(at), date(at, language)[:6] if language == "de" else _short(at, language), False) for at in days
            ]
        months = next((m for m in (1, 2, 3, 6) if m * 30.4 * self.per_day >= room), None)
        step = (
            months
            if months is not None
            else 12 * next((y for y in (1, 2, 5, 10, 20, 50, 100) if y * 365 * self.per_day >= room), 500)
        )
        ticks: list[tuple[float, str, bool]] = []
        year, number = self.start.year, self.start.month - 1
        index = (
            (year * 12 + number + step - (1 if self.start.day == 1 else 0)) // step * step
            if step > 1
            else year * 12 + number
        )
        while index // 12 <= min(self.end.year, 9998):
            at = dt.datetime(index // 12, index % 12 + 1, 1, tzinfo=self.start.tzinfo)
            if self.start <= at <= self.end:
                label = str(at.year) if step >= 12 else month(at, language, at.month == 1 or not ticks)
                ticks.append((self.x(at), label, at.month == 1))
            index += step
        return ticks


def _short(at: dt.datetime, language: Language) -> str:
    return f"{at.day}\u00a0{month(at, language, with_year=False)}"


def _day_ticks(axis: Axis, room: float) -> list[dt.datetime] | None:
    if 21 * axis.per_day < room:
        return None
    if 14 * axis.per_day < room and 30.4 * axis.per_day >= room:
        return None
    step = next(d for d in (1, 2, 7, 14, 21) if d * axis.per_day >= room)
    at = axis.start.replace(hour=0, minute=0, second=0, microsecond=0)
    if step >= 7:
        at -= at.weekday() * _DAY
    found = []
    while at <= axis.end:
        if at >= axis.start:
            found.append(at)
        at += step * _DAY
    return found


def around(start: dt.datetime, end: dt.datetime, left: float, right: float) -> Axis:
    """An axis with a little air on both sides, and never shorter than ten days."""
    length = max(end - start, dt.timedelta(days=10))
    air = length * 0.012
    try:
        return Axis(start - air, start + length + air, left, right)
    except OverflowError:
        return Axis(start, max(end, start + _DAY), left, right)


def week_of(at: dt.datetime) -> int:
    """Number of the week since the Monday after year 1 began: the same for all times of one week."""
    return (at.date().toordinal() - 1) // 7
