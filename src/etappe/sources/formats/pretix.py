"""pretixLEAD: the badges that were scanned at a stand, from the exhibitors' interface."""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._objects import Fields
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id
from etappe.tables import functions as fn

_FIELD = dt.Array(dt.Struct({"id": dt.string, "label": dt.string, "value": dt.string}))
_ASKED = {
    "name": ("attendee_name", "name"),
    "email": ("attendee_email", "email"),
    "company": ("attendee_company", "company"),
    "title": ("attendee_job_title", "job_title"),
    "phone": ("attendee_phone", "phone"),
}
_LABELS = {"company": r"(?i)^(firma|unternehmen|company|organi[sz]ation)", "title": r"(?i)^(position|funktion|job title|rolle)", "phone": r"(?i)^(telefon|phone)", "email": r"(?i)e-?mail", "name": r"(?i)^(name|teilnehmer)"}  # fmt: skip


def _recognise(sample: Sample) -> float:
    if sample.container != "objects":
        return 0.0
    scanned = sample.has_any("scanned", "scan_type", "first_upload")
    return (
        0.95
        if scanned and sample.has_any("attendee", "attendees") and sample.has_any("rating", "notes", "tags", "code")
        else 0.0
    )


def _map(raw: Raw) -> list[Mapped]:
    cell = Fields(raw.table.json)
    listed = raw.engine.view("pretix_leads", raw.table.mutate(fields=fn.json_as(cell.at("attendee.fields"), _FIELD)))
    cell = Fields(listed.json)
    asked = {name: _field(listed.fields, ids, _LABELS[name]) for name, ids in _ASKED.items()}
    rows = raw.engine.view(
        "pretix_fields",
        listed.select(
            scanned=cell.text("scanned", "first_upload", "datetime"),
            code=cell.text("code", "id", "attendee.code"),
            notes=cell.text("notes"),
            rating=cell.number("rating"),
            device=cell.text("device_name"),
            event=cell.text("event.name", "event", "exhibitor.name"),
            tags=cell.texts("tags[*]"),
            **asked,
        ),
    )
    email = ibis.cases((rows.email.contains("@"), rows.email.lower()), else_=ibis.null("string"))
    ref = ibis.coalesce(rows.code, content_id(rows.name, rows.company, email))
    happened = raw.values.moment_of(rows.scanned, "scanned")
    event: dict[str, ir.Value] = {
        # The same badge scanned again is an update of the same lead.
        "record_id": "pretix:" + ref,
        "happened_at": happened,
        "kind": ibis.literal("fair_visit"),
        "name": ibis.coalesce(rows.event, "trade fair"),
        "detail": ibis.literal("lead scan"),
        "direction": ibis.literal("in"),
        "online": ibis.literal(False),
        "email": email,
        "phone": rows.phone,
        "contact_ref": ref,
        "person_name": rows.name,
        "company_name": rows.company,
        "content": rows.tags.join(", "),
        "owner": rows.device,
        "value": rows.rating,
        "text": rows.notes,
    }
    person: dict[str, ir.Value] = {
        "record_id": ref, "email": email, "phone": rows.phone, "last_name": rows.name, "title": rows.title, "company_name": rows.company,
    }  # fmt: skip
    return [
        Mapped("events", event, rows=rows),
        Mapped("people", person, email.notnull() | rows.name.notnull(), primary=False, rows=rows),
    ]


def _field(fields: ir.ArrayValue, ids: tuple[str, ...], label: str) -> ir.StringValue:
    """The first field with one of these ids, else with such a label; fields a fair adds have ids of their own."""
    by_id = fields.filter(lambda item: item["id"].isin(ids)).map(lambda item: item["value"])
    by_label = fields.filter(lambda item: item["label"].re_search(label)).map(lambda item: item["value"])
    return ibis.coalesce(_first(by_id), _first(by_label)).strip().nullif("")


def _first(items: ir.ArrayValue) -> ir.StringValue:
    return ibis.cases((items.length() > 0, items[0]), else_=ibis.null("string"))


FORMATS = [
    Format(
        "pretix leads",
        "attendees",
        "Leads scanned with pretixLEAD, from the exhibitors' interface, as JSON.",
        _recognise,
        _map,
    )
]
