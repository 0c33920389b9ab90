"""HubSpot: calls, meetings, notes, tasks, e-mails and messages that colleagues logged, and tickets.

One file holds one kind (its columns say which) or all of them (a column names the type). What did not take place, a
meeting that was cancelled or a task that is still to do, becomes a `note`.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats import _contacts as words
from etappe.sources.formats._facts import living
from etappe.sources.formats._hubspot import Cells, has, head, is_api, objects
from etappe.sources.formats._objects import Fields
from etappe.sources.formats._recognising import fits
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import cleaned

# Kind and the fields that only this kind has.
_OWN = {
    "call": ("call title", "call direction", "call outcome", "call duration", "call text"),
    "meeting": ("meeting title", "meeting start", "meeting outcome"),
    "task": ("task title", "task status", "task type"),
    "email": ("mail subject", "mail direction", "mail text"),
    "note": ("note text",),
}
# What HubSpot's built-in call outcomes are called; exports of internal values show their keys.
_OUTCOMES = {
    "9d9162e7-6cf3-4944-bf63-82dff4258764": "Busy",
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "Connected",
    "a4c4c377-d246-4b32-a75b-75a56a4cd0ff": "Left live message",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "Left voicemail",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "No answer",
    "17b47fee-58de-441e-a44c-c6300d46f273": "Wrong number",
}
_MISSED = r"no.?show|cancel|abgesagt|storniert|nicht erschienen|resched|verschoben"


def _kinds(sample: Sample) -> list[str]:
    return [kind for kind, fields in _OWN.items() if any(has(sample, name) for name in fields)]


def _page(sample: Sample) -> float:
    if not has(sample, "id", "at") or sample.has_any("engagement_id", "id"):
        return 0.0
    if has(sample, "deal") or has(sample, "lifecycle"):
        return 0.0
    return 0.92 if _kinds(sample) or has(sample, "activity") else 0.0


def _table(sample: Sample) -> float:
    timed = sample.has_any("property_hs_timestamp", "start_time", "properties_hs_timestamp", "timestamp", "property_hs_createdate")
    named = sample.has("engagement_id") and not sample.has_any("contact_id", "company_id", "deal_id", "ticket_id")
    return 0.95 if timed and fits(sample) and named else 0.0


def _engagements(sample: Sample) -> float:
    return 0.93 if fits(sample, ("id", "type", "timestamp"), ("portal_id", "owner_id", "active", "last_updated"), never=("recipient", "created")) else 0.0


def _api(sample: Sample) -> float:
    return 0.95 if is_api(sample, "hs_timestamp") else 0.0


def _legacy(sample: Sample) -> float:
    return 0.95 if sample.container == "objects" and sample.has("engagement", "associations", "metadata") else 0.0


def _ticket_table(sample: Sample) -> float:
    return 0.95 if fits(sample, ("id",), ("property_hs_pipeline_stage", "property_hs_ticket_category", "property_hs_ticket_priority"), never=("property_dealname",)) else 0.0


def _ticket_api(sample: Sample) -> float:
    return 0.95 if is_api(sample, "hs_pipeline_stage") or is_api(sample, "hs_ticket_priority") else 0.0


def _activities(c: Cells, kinds: list[str]) -> list[Mapped]:
    v = c.values
    told = ibis.coalesce(c.text("activity"), v.text("type"))
    kind = words.kind_of(ibis.coalesce(told, c.text("medium")), kinds[0] if len(kinds) == 1 else "other")
    kind = ibis.cases((told.upper() == "COMMUNICATION", words.kind_of(c.text("medium"), "chat")), else_=kind)
    state = c.text("task status").lower()
    to_do = (kind == "task") & ~state.re_search(r"complete|abgeschlossen|erledigt") & state.notnull()
    missed = (kind == "meeting") & c.text("meeting outcome").lower().re_search(_MISSED)
    to_do, missed = to_do.fill_null(False), missed.fill_null(False)
    planned = ibis.cases((kind == "task", ibis.coalesce(c.moment("task done"), c.moment("at"))), (kind == "meeting", ibis.coalesce(c.moment("meeting start"), v.moment("start_time"))), else_=ibis.null("timestamp('UTC')"))
    columns = _people(c) | {
        "record_id": v.first("engagement_id", "id", *c.of("id")),
        "happened_at": ibis.coalesce(planned, c.moment("at"), v.moment("timestamp"), c.moment("created")),
        "kind": ibis.cases((to_do | missed, "note"), else_=kind),
        "name": c.text("call title", "meeting title", "task title", "mail subject", "title"),
        "detail": _detail(c, told, kind),
        "direction": _direction(c, kind),
        "online": words.held_online(c.text("meeting place")),
        "owner": c.text("owner"),
        "value": _minutes(c),
        "text": c.text("call text", "meeting text", "mail text", "task text", "note text", "body"),
        "note": ibis.cases((to_do, words.PLANNED), (missed, words.CANCELLED), else_=ibis.null("string")),
    }
    return living("events", columns, c.deleted(), rows=c.rows)


def _people(c: Cells) -> dict[str, ir.Value]:
    """The customer's side: the first contact is the person, the others took part."""
    contacts, to = c.texts("contact ids"), c.texts("mail to").map(lambda item: item.lower())
    incoming = words.direction_of(c.text("mail direction")) == "in"
    named = words.addresses_in(ibis.coalesce(c.text("contacts"), ""))
    mailed = ibis.cases((incoming, c.email("mail from")), else_=head(to))
    others = contacts[1:].map(lambda item: "id:" + item)
    beside = ibis.cases((contacts.length() > 1, others), (contacts.isnull(), named), else_=ibis.null("array<string>"))
    return {
        "contact_ref": head(contacts),
        "email": ibis.cases((contacts.isnull(), ibis.coalesce(mailed, words.address_in(c.text("contacts")))), else_=ibis.null("string")),
        "participants": ibis.coalesce(beside, ibis.cases((incoming | (to.length() < 2), ibis.null("array<string>")), else_=to)),
        "account_ref": head(c.texts("company ids")),
        "deal_ref": head(c.texts("deal ids")),
    }


def _detail(c: Cells, told: ir.StringValue, kind: ir.StringValue) -> ir.StringValue:
    outcome = ibis.coalesce(c.text("call outcome"), c.text("call status"), c.text("meeting outcome"), c.text("task type"), c.text("mail status"))
    known = ibis.cases(*[(outcome.lower() == key, label) for key, label in _OUTCOMES.items()], else_=outcome)
    label = ibis.coalesce(told, kind.upper())
    return ibis.cases((known.notnull(), label + ": " + known), else_=label)


def _direction(c: Cells, kind: ir.StringValue) -> ir.StringValue:
    told = words.direction_of(ibis.coalesce(c.text("call direction"), c.text("mail direction")))
    return ibis.cases((told != "none", told), (kind == "email", "out"), else_="none")


def _minutes(c: Cells) -> ir.FloatingValue:
    """Minutes a call or meeting took: milliseconds in the API, hours:minutes:seconds on the page."""
    cell = c.text("call duration")
    clock = cell.re_extract(r"^(\d+):(\d\d):(\d\d)", 1).try_cast("float64") * 60 + cell.re_extract(r"^(\d+):(\d\d):(\d\d)", 2).try_cast("float64")
    start = ibis.coalesce(c.moment("meeting start"), c.values.moment("start_time"))
    end = ibis.coalesce(c.moment("meeting end"), c.values.moment("end_time"))
    spent = (end.epoch_seconds() - start.epoch_seconds()) / 60
    talked = ibis.cases((cell.contains(":"), clock), else_=cell.try_cast("float64") / 60_000)
    minutes = ibis.coalesce(talked, spent.cast("float64"))
    return ibis.cases((minutes > 0, minutes), else_=ibis.null("float64"))


def _tickets(c: Cells) -> list[Mapped]:
    v = c.values
    contacts = c.texts("contact ids")
    columns = {
        "record_id": ibis.literal("ticket:") + v.first("id", *c.of("id")),
        "happened_at": c.moment("created"),
        "kind": ibis.literal("ticket"),
        "name": v.first("property_subject", "subject", "properties_subject"),
        "detail": v.first("property_hs_ticket_category", "hs_ticket_category", "property_source_type", "source_type"),
        "direction": ibis.literal("in"),
        "contact_ref": head(contacts),
        "account_ref": head(c.texts("company ids")),
        "deal_ref": head(c.texts("deal ids")),
        "owner": c.text("owner"),
        "text": v.first("property_content", "content", "properties_content"),
    }
    return living("events", columns, c.deleted(), rows=c.rows)


def _from_legacy(raw: Raw) -> ir.Table:
    """Engagements of the older API under the names of the newer one."""
    f = Fields(raw.table.json)
    columns = {
        "id": f.text("engagement.id"),
        "type": f.text("engagement.type"),
        "hs_timestamp": f.text("engagement.timestamp", "engagement.createdAt"),
        "hubspot_owner_id": f.text("engagement.ownerId"),
        "title": f.text("metadata.title", "metadata.subject"),
        "body": f.text("metadata.body", "metadata.text"),
        "hs_task_status": f.text("metadata.status"),
        "hs_call_disposition": f.text("metadata.disposition"),
        "hs_call_duration": f.text("metadata.durationMilliseconds"),
        "hs_meeting_start_time": f.text("metadata.startTime"),
        "hs_meeting_end_time": f.text("metadata.endTime"),
        "hs_meeting_outcome": f.text("metadata.meetingOutcome"),
        "hs_email_from_email": f.text("metadata.from.email"),
        "hs_email_to_email": f.texts("metadata.to[*].email").join(";"),
        "hs_email_direction": ibis.cases((f.text("engagement.type").isin(("INCOMING_EMAIL", "FORWARDED_EMAIL")), "INCOMING"), else_="OUTGOING"),
    }
    for kind in ("contact", "company", "deal"):
        columns[f"Associated {kind.title()} IDs"] = f.texts(f"associations.{kind}Ids[*]").join(";")
    return raw.engine.view("engagements", cleaned(raw.table.select(**columns)))


def _of_page(raw: Raw) -> list[Mapped]:
    return _activities(Cells(raw), _kinds(raw.sample))


def _of_objects(raw: Raw) -> list[Mapped]:
    keys = {key for row in raw.sample.rows for key in row.get("properties") or {}}
    own = {"call": "hs_call_", "meeting": "hs_meeting_", "task": "hs_task_", "email": "hs_email_", "note": "hs_note_"}
    kinds = [kind for kind, prefix in own.items() if any(key.startswith(prefix) for key in keys)]
    return _activities(Cells(raw, objects(raw)), kinds)


FORMATS = [
    Format("hubspot activities", "hubspot", "Calls, meetings, tasks, notes and e-mails of HubSpot: CRM › Calls (Meetings, Tasks, …) › Export, in English or German.", _page, _of_page),
    Format("hubspot activities (warehouse)", "hubspot", "Calls, meetings, tasks, notes, e-mails and messages of HubSpot: the warehouse tables engagement_call, engagement_meeting, …", _table, _of_page, zone="UTC"),
    Format("hubspot engagements (warehouse)", "hubspot", "Activities of HubSpot: the older warehouse table engagement, which has their time.", _engagements, lambda raw: _activities(Cells(raw), []), zone="UTC"),
    Format("hubspot activities (API)", "hubspot", "Activities of HubSpot: the answer of the CRM API (/crm/v3/objects/calls, meetings, notes, tasks, emails).", _api, _of_objects, zone="UTC"),
    Format("hubspot engagements (API)", "hubspot", "Activities of HubSpot: the answer of the older engagements API.", _legacy, lambda raw: _activities(Cells(raw, _from_legacy(raw)), []), zone="UTC"),
    Format("hubspot tickets (warehouse)", "hubspot", "Support requests of HubSpot's service desk: the warehouse table ticket.", _ticket_table, lambda raw: _tickets(Cells(raw)), zone="UTC"),
    Format("hubspot tickets (API)", "hubspot", "Support requests of HubSpot's service desk, from the CRM API.", _ticket_api, lambda raw: _tickets(Cells(raw, objects(raw))), zone="UTC"),
]  # fmt: skip
