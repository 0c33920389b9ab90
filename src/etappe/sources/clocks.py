"""Clocks that stood: 1970 and 2099 are no date. An event is nothing without its date; another record loses the date alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

EARLIEST = dt.datetime(1971, 1, 1, tzinfo=dt.UTC)
LATEST = dt.timedelta(days=3 * 365)
HAPPENED = ("events", "deal_stages", "feedback")
DATED: Mapping[str, tuple[str, ...]] = {
    "people": ("happened_at",),
    "accounts": ("happened_at",),
    "deals": ("happened_at", "closed_at"),
}
UNDATED = "a date before 1971 or more than three years ahead was left out"


def problems(table: str, moment: ir.Value | None, learned_at: dt.datetime) -> list[ir.StringValue]:
    """What is wrong about the moment of something that happened."""
    if moment is None or table not in HAPPENED:
        return []
    earliest, latest = _bounds(learned_at)
    return [
        ibis.cases(
            (moment.isnull(), ibis.literal("the record has no date")),
            (moment < earliest, ibis.literal("the clock stood in 1970 or before: ") + moment.cast("string")),
            (moment > latest, ibis.literal("the clock stood more than three years ahead: ") + moment.cast("string")),
            else_=ibis.null("string"),
        )
    ]


def without_impossible_dates(
    table: str, given: Mapping[str, ir.Value], note: ir.StringValue, learned_at: dt.datetime
) -> tuple[dict[str, ir.Value], ir.StringValue]:
    """The columns of a contact, company or deal without dates that cannot be; its note says so."""
    kept = dict(given)
    for name in DATED.get(table, ()):
        if name in kept:
            sound = kept[name].between(*_bounds(learned_at))
            note = ibis.coalesce(note, ibis.cases((~sound, ibis.literal(UNDATED)), else_=ibis.null("string")))
            kept[name] = ibis.cases((sound, kept[name]), else_=ibis.null(kept[name].type()))
    return kept, note


def _bounds(learned_at: dt.datetime) -> tuple[ir.Value, ir.Value]:
    """The first and the last moment that a clock can have meant."""
    first, last = (ibis.literal(moment).cast("timestamp('UTC')") for moment in (EARLIEST, learned_at + LATEST))
    return first, last
