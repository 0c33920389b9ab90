"""Times as whole microseconds since 1970: they sort, subtract and compare fastest, on every engine."""

from __future__ import annotations

import datetime as dt
from typing import Final

import ibis.expr.types as ir

from etappe.tables import functions

SECOND: Final = 1_000_000
DAY: Final = 86_400 * SECOND
FOREVER: Final = 2**62


def micros(moment: dt.datetime) -> int:
    """A moment as microseconds; without a zone it is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return (aware - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def moment(value: ir.IntegerValue) -> ir.TimestampValue:
    """A column of microseconds as moments in UTC."""
    return functions.from_micros(value)


def days(span: ir.IntegerValue) -> ir.FloatingValue:
    """A span of microseconds as days."""
    return span / float(DAY)
