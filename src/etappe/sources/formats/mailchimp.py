"""Mailchimp: members of audiences and what became of campaigns, from the page's export and from warehouse tables.

A member's id is the MD5 of the lower-case address, in warehouses and in the API; the page's export has no id, so that
it is made the same way, and both exports are the same people.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._facts import fact
from etappe.sources.formats._recognising import fits, only
from etappe.sources.formats._refuse import set_aside
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id
from etappe.tables import functions as fn

_EMAIL = ("Email Address", "E-Mail-Adresse", "E-Mail Adresse", "Email", "E-Mail")


def _is_member(sample: Sample) -> float:
    return 0.95 if fits(sample, ("id", "list_id", "email_address", "status"), ("unique_email_id", "timestamp_opt", "timestamp_signup", "member_rating")) else 0.0


def _is_audience(sample: Sample) -> float:
    own = ("OPTIN_TIME", "CONFIRM_TIME", "LEID", "EUID", "MEMBER_RATING", "LAST_CHANGED", "UNSUB_TIME", "CLEAN_TIME")
    return 0.95 if fits(sample, some=_EMAIL) and fits(sample, some=own, least=2) else 0.0


def _members(raw: Raw) -> list[Mapped]:
    v = raw.values
    status = v.text("status").lower()
    columns = _person(raw, v.email("email_address")) | {
        "record_id": v.text("id"),
        "happened_at": v.moment("timestamp_signup", "timestamp_opt"),
        "lifecycle": status,
        "opted_out": ibis.cases((status.isin(("unsubscribed", "cleaned")), True), (status == "subscribed", False), else_=ibis.null("boolean")),
        "country": v.text("country_code"),
    }
    columns["attributes"] = v.rest()
    return [Mapped("people", columns)]


def _audience(raw: Raw) -> list[Mapped]:
    v = raw.values
    email = v.email(*_EMAIL)
    # The page makes one file of those who are subscribed, one of those who left, one of addresses that do not exist.
    gone = v.has("UNSUB_TIME") or v.has("CLEAN_TIME")
    columns = _person(raw, email) | {
        "record_id": fn.md5(email),
        "happened_at": v.moment("OPTIN_TIME", "CONFIRM_TIME", zone="UTC"),
        "opted_out": ibis.literal(gone),
        "country": v.text("CC", "Country", "Land"),
    }
    columns["attributes"] = v.rest()
    made = [Mapped("people", columns)]
    if v.has("UNSUB_TIME"):
        left = v.moment("UNSUB_TIME", zone="UTC")
        event = _mail_event(ibis.literal("unsubscribe:") + fn.md5(email), left, "unsubscribe", "in", "unsubscribed") | {"contact_ref": fn.md5(email), "email": email, "text": v.text("UNSUB_REASON_OTHER", "UNSUB_REASON")}
        made.append(Mapped("events", event, where=left.notnull(), primary=False))
    return made


def _person(raw: Raw, email: ir.StringValue) -> dict[str, ir.Value]:
    v = raw.values
    return {
        "email": email,
        "phone": v.text("Phone Number", "Phone", "Telefon", "Telefonnummer", "merge_phone"),
        "first_name": v.text("First Name", "Vorname", "merge_fname"),
        "last_name": v.text("Last Name", "Nachname", "merge_lname"),
        "company_name": v.text("Company", "Firma", "Unternehmen", "merge_company"),
        "language": v.text("language", "LANGUAGE"),
    }


_KINDS = {"open": ("email_open", "in"), "click": ("email_click", "in"), "bounce": ("email_bounce", "none"), "sent": ("email_sent", "out"), "unsub": ("unsubscribe", "in")}


def _is_activity(sample: Sample) -> float:
    return 0.95 if fits(sample, ("action", "member_id", "timestamp"), ("campaign_id", "automation_email_id")) else 0.0


def _activities(raw: Raw) -> list[Mapped]:
    v = raw.values
    action, moment, member = v.text("action").lower(), v.moment("timestamp"), v.text("member_id")
    mailing = v.first("campaign_id", "automation_email_id")
    columns = _mail_event(content_id(mailing, member, action, moment, v.text("url")), moment, "other", "none", "") | {
        "kind": ibis.cases(*[(action == word, kind) for word, (kind, _) in _KINDS.items()], else_="other"),
        "direction": ibis.cases(*[(action == word, way) for word, (_, way) in _KINDS.items()], else_="none"),
        "detail": ibis.coalesce(action + ": " + v.text("bounce_type"), action),
        "contact_ref": member,
        "url": v.text("url"),
        "campaign": mailing,
    }
    return [Mapped("events", columns)]


def _mail_event(ident: ir.StringValue, moment: ir.TimestampValue, kind: str, way: str, detail: str) -> dict[str, ir.Value]:
    return {
        "record_id": ident,
        "happened_at": moment,
        "kind": ibis.literal(kind),
        "detail": ibis.literal(detail),
        "direction": ibis.literal(way),
        "medium": ibis.literal("email"),
        "origin": ibis.literal("mailchimp"),
    }


def _is_unsubscribe(sample: Sample) -> float:
    return 0.95 if fits(sample, ("campaign_id", "member_id", "timestamp", "reason")) else 0.0


def _unsubscribes(raw: Raw) -> list[Mapped]:
    v = raw.values
    member, mailing, moment = v.text("member_id"), v.text("campaign_id"), v.moment("timestamp")
    columns = _mail_event(content_id(mailing, member, ibis.literal("unsubscribe"), moment), moment, "unsubscribe", "in", "unsubscribed")
    return [Mapped("events", columns | {"contact_ref": member, "campaign": mailing, "text": v.text("reason")})]


def _is_campaign(sample: Sample) -> float:
    return 0.94 if fits(sample, ("id", "subject_line", "title"), ("archive_url", "send_time", "list_id", "automation_id")) else 0.0


def _campaigns(raw: Raw) -> list[Mapped]:
    v = raw.values
    ident = v.text("id")
    name = ibis.coalesce(v.text("title"), v.text("subject_line"), ident)
    content = {
        "record_id": ident,
        "happened_at": v.moment("send_time", "create_time"),
        "kind": ibis.literal("mail"),
        "name": name,
        "url": v.text("long_archive_url", "archive_url"),
        "status": v.text("status"),
    }
    return [Mapped("content", content), fact("campaign", ident, "label", name)]


def _is_aside(sample: Sample) -> float:
    known = (
        fits(sample, ("member_id", "list_id"), ("campaign_id", "automation_email_id", "segment_id"), never=("timestamp", "action"))
        or fits(sample, ("id", "list_id", "trigger_settings"))
        or fits(sample, ("id", "name", "permission_reminder"))
        or only(sample, "id", "created_at", "list_id", "member_count", "name", "type", "updated_at")
    )
    return 0.9 if known else 0.0


FORMATS = [
    Format("mailchimp members", "mailchimp", "People of Mailchimp: the warehouse table member.", _is_member, _members, zone="UTC"),
    Format("mailchimp audience", "mailchimp", "People of Mailchimp: Audience › All contacts › Export audience (a ZIP of CSV files).", _is_audience, _audience, zone="UTC"),
    Format("mailchimp activities", "mailchimp", "Openings, clicks and bounces: the warehouse tables campaign_recipient_activity and automation_recipient_activity.", _is_activity, _activities, zone="UTC", bulk=True),
    Format("mailchimp unsubscriptions", "mailchimp", "Who unsubscribed: the warehouse table unsubscribe.", _is_unsubscribe, _unsubscribes, zone="UTC"),
    Format("mailchimp campaigns", "mailchimp", "What was sent: the warehouse tables campaign and automation_email.", _is_campaign, _campaigns, zone="UTC"),
    set_aside("mailchimp side tables", "mailchimp", "Tables of Mailchimp's warehouse schema that add nothing to a journey.", _is_aside, "lists, segments and recipients carry no moment at which something happened"),
]  # fmt: skip
