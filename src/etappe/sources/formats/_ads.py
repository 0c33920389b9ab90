"""What the reports of all advertisement platforms have in common: a day or a period, sums at the end, and money."""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Mapped
from etappe.sources.formats._facts import leave_out
from etappe.sources.formats._periods import period
from etappe.sources.raw import Raw
from etappe.sources.values import content_id

_TOTAL = r"(?i)^\s*(total|totals|gesamt|gesamtsumme|summe|grand total|report total)\b"
NOTHING = ("--", "-", "—", " --")


def filled(text: ir.StringValue) -> ir.StringValue:
    """A cell, null where the platform writes dashes for nothing."""
    return ibis.cases((text.isin(NOTHING), ibis.null("string")), else_=text)


def day_of(raw: Raw, *names: str) -> tuple[ir.DateValue, ir.StringValue]:
    """The day of a row and its text; for a report without days the first day of the period above the table."""
    v = raw.values
    if v.has(*names):
        return v.day(*names), v.text(*names)
    stated = period(raw.sample.preamble)
    if stated is None:
        return ibis.null("date"), ibis.null("string")
    raw.notes.append(
        f"the report has no column of days: its costs stand at {stated[0]}, the first day of its period ({stated[0]} to {stated[1]}); export it by day to see them in time"
    )
    text = ibis.literal(f"{stated[0]}/{stated[1]}")
    return ibis.literal(stated[0]), text


def currency_of(raw: Raw, *names: str) -> ir.StringValue:
    """The currency's column, else the three letters that a column's heading has behind its name."""
    if raw.values.has(*names):
        return filled(raw.values.text(*names))
    for name in raw.table.columns:
        found = re.search(r"\((EUR|USD|CHF|GBP|[A-Z]{3})\)$|\b(EUR|USD|CHF|GBP)\b", name)
        if found:
            return ibis.literal(found[1] or found[2])
    return ibis.null("string")


def costs(
    platform: str,
    day: ir.DateValue,
    at: ir.StringValue,
    columns: dict[str, ir.Value],
    where: ir.BooleanValue | None = None,
    record_id: ir.StringValue | None = None,
) -> list[Mapped]:
    """The rows of the table `costs`; rows of sums are no records."""
    named = [columns.get(name, ibis.null("string")) for name in ("campaign_ref", "campaign", "group", "ad")]
    kept = columns | {
        "record_id": record_id if record_id is not None else content_id(at, *named),
        "happened_at": day.cast("timestamp").cast("timestamp('UTC')"),
        "day": day,
        "platform": ibis.literal(platform),
    }
    problem = ibis.cases((day.isnull(), ibis.literal("the record has no date")), else_=ibis.null("string"))
    return [Mapped("costs", kept, where, problem=problem)]


def no_total(raw: Raw, *names: ir.StringValue) -> ir.BooleanValue:
    """Whether a row is a record: it names a campaign, and no cell of its first columns says that it is a sum."""
    first = [raw.table[column] for column in raw.table.columns[:3] if raw.table[column].type().is_string()]
    sums = ibis.or_(*(cell.re_search(_TOTAL).fill_null(False) for cell in first)) if first else ibis.literal(False)
    return ibis.coalesce(*(filled(name) for name in names)).notnull() & ~sums


def newest(raw: Raw, ref: ir.StringValue, changed: ir.TimestampValue) -> ir.BooleanValue:
    """Whether a row is the last version of its record, in a table that keeps a row a version."""
    last = changed == changed.max().over(group_by=ref)
    leave_out(raw, ~last, "older versions of records were passed over")
    return last
