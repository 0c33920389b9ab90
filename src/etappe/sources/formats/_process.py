"""Process logs as evidence: a case (or the object that stands for a company) is an account, an activity an event of it.

Readers flatten a log to rows of texts, one an activity and one an account, person or deal; this maps those rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from etappe.sources.format import Mapped
from etappe.sources.raw import Raw

COLUMNS = (
    "what", "id", "type", "time", "account", "contact", "deal", "owner", "detail", "name", "domain", "email", "status", "industry",
    "city", "country", "attributes",
)  # fmt: skip
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])
BATCH = 20_000

COMPANY = r"customer|client|account|compan|organi[sz]ation|kunde|firma|unternehmen|debitor|business.?partner|konto"
CONTACT = r"contact|kontakt|ansprechpartner|^person|^lead$|interessent"
DEAL = r"^deal|opportunit|verkaufschance|^opp$"
RESOURCE = r"resource|ressource|creator|approver|editor|bearbeiter|owner|user|agent|mitarbeiter"


def batches(rows: Iterator[dict[str, Any]]) -> Iterator[pa.RecordBatch]:
    """Flat rows as record batches; what a row does not have is null."""
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) >= BATCH:
            yield _batch(part)
            part = []
    if part:
        yield _batch(part)


def _batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    columns = [pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in COLUMNS]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


def map_rows(raw: Raw) -> list[Mapped]:
    """The evidence in the flat rows of a log."""
    rows = raw.table
    event: dict[str, ir.Value] = {
        "record_id": rows.id,
        "happened_at": raw.values.moment_of(rows.time, "time"),
        "kind": ibis.literal("activity"),
        "name": rows.type,
        "detail": rows.detail,
        "direction": ibis.literal("none"),
        "account_ref": rows.account,
        "contact_ref": rows.contact,
        "deal_ref": rows.deal,
        "session_id": rows.account,
        "owner": rows.owner,
        "text": rows.attributes,
    }
    unnamed = ibis.cases((rows.type.isnull(), ibis.literal("the activity has no name")), else_=ibis.null("string"))
    company: dict[str, ir.Value] = {
        "record_id": rows.id,
        "name": rows["name"],
        "domain": rows.domain,
        "type": rows.type,
        "industry": rows.industry,
        "city": rows.city,
        "country": rows.country,
        "attributes": rows.attributes,
    }
    person: dict[str, ir.Value] = {
        "record_id": rows.id,
        "email": rows.email.lower(),
        "last_name": rows["name"],
        "account_ref": rows.account,
    }
    deal: dict[str, ir.Value] = {
        "record_id": rows.id,
        "name": rows["name"],
        "account_ref": rows.account,
        "status": _status(rows.status),
        "stage": rows.status,
    }
    return [
        Mapped("events", event, rows.what == "event", problem=unnamed),
        Mapped("accounts", company, rows.what == "account", primary=False),
        Mapped("people", person, rows.what == "contact", primary=False),
        Mapped("deals", deal, rows.what == "deal", primary=False),
    ]


def _status(word: ir.StringValue) -> ir.StringValue:
    return ibis.cases(
        (word.re_search(r"(?i)won|gewonnen|signed|success"), "won"),
        (word.re_search(r"(?i)lost|verloren|reject|cancel|abgelehnt"), "lost"),
        else_="open",
    )
