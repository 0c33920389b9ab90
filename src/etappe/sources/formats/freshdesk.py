"""Freshdesk: tickets, conversations, contacts, companies and agents from its interface, as JSON or tables."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._objects import flat
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample

_HOLDS = ("objects", "table", "parquet", "workbook")


def _has(sample: Sample, *names: str) -> bool:
    return sample.container in _HOLDS and sample.has(*names)


def _recognise_tickets(sample: Sample) -> float:
    return 0.95 if _has(sample, "id", "requester_id", "responder_id", "source", "subject", "created_at") else 0.0


def _map_tickets(raw: Raw) -> list[Mapped]:
    v = flat(raw)
    event: dict[str, ir.Value] = {
        "record_id": v.text("id"),
        "happened_at": v.moment("created_at", zone="UTC"),
        "kind": ibis.literal("ticket"),
        "name": v.text("subject"),
        "detail": v.text("type"),
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "contact_ref": v.text("requester_id"),
        "account_ref": v.text("company_id"),
        "session_id": v.text("id"),
        "owner": v.text("responder_id"),
        "text": v.text("description_text", "description"),
    }
    return [Mapped("events", event, rows=v.table)]


def _recognise_replies(sample: Sample) -> float:
    return 0.95 if _has(sample, "id", "ticket_id", "incoming", "private", "body_text") else 0.0


def _map_replies(raw: Raw) -> list[Mapped]:
    v = flat(raw)
    inside, incoming = v.flag("private").fill_null(False), v.flag("incoming").fill_null(False)
    event: dict[str, ir.Value] = {
        "record_id": "conversation:" + v.text("id"),
        "happened_at": v.moment("created_at", zone="UTC"),
        "kind": ibis.cases((inside, "note"), else_="ticket_reply"),
        "name": ibis.cases((inside, "note on a ticket"), else_="reply on a ticket"),
        "direction": ibis.cases((inside, "none"), (incoming, "in"), else_="out"),
        "online": ibis.literal(True),
        "contact_ref": v.text("user_id"),
        "session_id": v.text("ticket_id"),
        "text": v.text("body_text"),
    }
    return [Mapped("events", event, rows=v.table)]


def _recognise_contacts(sample: Sample) -> float:
    return 0.95 if _has(sample, "id", "email", "other_emails", "company_id", "view_all_tickets") else 0.0


def _map_contacts(raw: Raw) -> list[Mapped]:
    v = flat(raw)
    more = v.text("other_emails").re_replace(r'[\[\]" ]', "").lower()
    person: dict[str, ir.Value] = {
        "record_id": v.text("id"),
        "happened_at": v.moment("created_at", zone="UTC"),
        "email": v.email("email"),
        "emails": ibis.cases((more != "", more.split(",")), else_=ibis.null("array<string>")),
        "phone": v.text("phone", "mobile"),
        "user_id": v.text("unique_external_id"),
        "last_name": v.text("name"),
        "title": v.text("job_title"),
        "account_ref": v.text("company_id"),
        "language": v.text("language"),
    }
    return [Mapped("people", person, rows=v.table)]


def _recognise_companies(sample: Sample) -> float:
    return 0.95 if _has(sample, "id", "name", "domains", "health_score", "account_tier") else 0.0


def _map_companies(raw: Raw) -> list[Mapped]:
    v = flat(raw)
    listed = v.text("domains").re_replace(r'[\[\]" ]', "").nullif("")
    company: dict[str, ir.Value] = {
        "record_id": v.text("id"),
        "happened_at": v.moment("created_at", zone="UTC"),
        "name": v.text("name"),
        "domains": listed.split(","),
        "industry": v.text("industry"),
        "tier": v.text("account_tier"),
    }
    return [Mapped("accounts", company, rows=v.table)]


FORMATS = [
    Format("freshdesk tickets", "freshdesk", "Tickets of Freshdesk, from its interface.", _recognise_tickets, _map_tickets, zone="UTC"),
    Format("freshdesk conversations", "freshdesk", "Replies and notes on tickets of Freshdesk, from its interface.", _recognise_replies, _map_replies, zone="UTC"),
    Format("freshdesk contacts", "freshdesk", "Contacts of Freshdesk, from its interface.", _recognise_contacts, _map_contacts, zone="UTC"),
    Format("freshdesk companies", "freshdesk", "Companies of Freshdesk, from its interface.", _recognise_companies, _map_companies, zone="UTC"),
]  # fmt: skip
