"""The simulated calendar: half-week slots, working hours, and the German wall clock in UTC.

Inside the simulation a moment is a number of *slots*: 0.0 is Monday 2024-01-01, a slot lasts half a working week. Slots
become wall-clock time through a curve that rises in working hours and is almost flat at night and on Sundays. The curve
never falls, so the order of two moments is the same before and after.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

SLOTS: Final = 260  # 130 weeks: 2024-01-01 to 2026-06-28
START: Final = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
AS_OF: Final = dt.datetime(2026, 6, 30, tzinfo=dt.UTC)
SLOT_DAYS: Final = 3.5
HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
START_MS: Final = int(START.timestamp() * 1000)
AS_OF_MS: Final = int(AS_OF.timestamp() * 1000)

_WORKDAY = (
    [0.004] * 6 + [0.05, 0.5, 1.0, 1.0, 1.0, 1.0, 0.6, 0.9, 1.0, 1.0, 0.9, 0.5, 0.2, 0.12, 0.12, 0.1, 0.04, 0.01]
)  # fmt: skip
_WEEKEND = [0.001] * 8 + [0.03] * 14 + [0.001] * 2
_RISE = np.concatenate([[0.0], np.cumsum(_WORKDAY * 5 + _WEEKEND * 2)])
_SHARE = _RISE / _RISE[-1]
_HOURS = np.arange(169) * float(HOUR)

# Wall-clock moments (ms) between which summer time holds, for the years that can occur.
_SUMMER = [
    (dt.datetime(2023, 3, 26, 3), dt.datetime(2023, 10, 29, 3)),
    (dt.datetime(2024, 3, 31, 3), dt.datetime(2024, 10, 27, 3)),
    (dt.datetime(2025, 3, 30, 3), dt.datetime(2025, 10, 26, 3)),
    (dt.datetime(2026, 3, 29, 3), dt.datetime(2026, 10, 25, 3)),
    (dt.datetime(2027, 3, 28, 3), dt.datetime(2027, 10, 31, 3)),
]


def _naive_ms(moment: dt.datetime) -> int:
    return int(moment.replace(tzinfo=dt.UTC).timestamp() * 1000)


def moments(slots: Array) -> Array:
    """Slots as milliseconds UTC since 1970; the order is kept."""
    weeks = np.asarray(slots, dtype=np.float64) / 2
    whole = np.floor(weeks)
    local = START_MS + whole.astype(np.int64) * WEEK + np.interp(weeks - whole, _SHARE, _HOURS).astype(np.int64)
    return to_utc(local)


def to_utc(local: Array) -> Array:
    """German wall-clock milliseconds as UTC milliseconds."""
    return local - _offset(local)


def to_local(utc: Array) -> Array:
    """UTC milliseconds as German wall-clock milliseconds."""
    summer = np.zeros(len(utc), dtype=bool)
    for first, last in _SUMMER:
        summer |= (utc >= _naive_ms(first) - 2 * HOUR) & (utc < _naive_ms(last) - 2 * HOUR)
    return utc + np.where(summer, 2 * HOUR, HOUR)


def _offset(local: Array) -> Array:
    summer = np.zeros(len(local), dtype=bool)
    for first, last in _SUMMER:
        summer |= (local >= _naive_ms(first)) & (local < _naive_ms(last))
    return np.where(summer, 2 * HOUR, HOUR)


def slot_of(day: dt.date) -> float:
    """The slot (with fraction) at which a working day's morning begins."""
    days = (day - START.date()).days
    week, weekday = divmod(days, 7)
    hours = weekday * 24 + 8
    return week * 2 + float(np.interp(hours * HOUR, _HOURS, _SHARE)) * 2
