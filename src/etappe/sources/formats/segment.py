"""Segment and RudderStack: the calls of their libraries (identify, group, alias, track, page, screen) as JSON lines.

Traits come in pieces, one call at a time; a person's are gathered over the whole file, the last one told wins.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._objects import Fields
from etappe.sources.formats._web import BOT, kind_by_words, robot
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id

_TYPES = {"identify", "track", "page", "screen", "group", "alias"}


def _recognise(sample: Sample) -> float:
    if sample.container != "objects":
        return 0.0
    if sample.has("batch"):
        bodies = [row["batch"] for row in sample.rows if isinstance(row.get("batch"), list)]
        return 0.95 if any(_is_call(item) for body in bodies for item in body[:5]) else 0.0
    return 0.95 if sample.rows and sum(_is_call(row) for row in sample.rows) >= 0.9 * len(sample.rows) else 0.0


def _is_call(item: object) -> bool:
    return isinstance(item, dict) and item.get("type") in _TYPES and ("userId" in item or "anonymousId" in item)


def _map(raw: Raw) -> list[Mapped]:
    calls = raw.table
    if raw.sample.has("batch"):
        calls = calls.select(json=Fields(calls.json).list("batch[*]")).unnest("json")
    return from_calls(raw, calls)


def from_calls(raw: Raw, calls: ir.Table, source: str | None = None) -> list[Mapped]:
    """The evidence in a table of calls, one a row in the column `json`."""
    rows = _fields(raw, calls)
    told = raw.engine.view(
        "segment_told", rows.filter(rows.type.isin(("identify", "group", "alias")) & rows.ref.notnull())
    )
    company: dict[str, ir.Value] = {
        "record_id": rows.group,
        "happened_at": _moment(raw, rows),
        "name": rows.t_name,
        "domain": rows.t_site,
        "industry": rows.t_industry,
        "employees": rows.t_employees.try_cast("float64"),
        "tier": rows.t_plan,
        "city": rows.city,
        "country": rows.country,
    }
    aliases = raw.engine.count(rows.filter(rows.type == "alias"))
    if aliases:
        raw.notes.append(f"{aliases} alias calls say that two ids are one person, and are no contacts")
    return [
        Mapped(
            "events",
            _events(raw, rows),
            rows.type.isin(("track", "page", "screen", "identify")),
            rows=rows,
            source=source,
        ),
        Mapped("accounts", company, rows.type == "group", rows=rows, source=source),
        _people(raw, told, source),
    ]


def _moment(raw: Raw, rows: ir.Table) -> ir.TimestampValue:
    return raw.values.moment_of(rows.timestamp, "timestamp", zone="UTC")


def _events(raw: Raw, rows: ir.Table) -> dict[str, ir.Value]:
    nothing = ibis.null("string")
    spoken = kind_by_words(rows.event)
    # A call that knows of no page comes from a server or from the product itself.
    tracked = ibis.cases(((spoken == "web_event") & rows.url.isnull(), "product_use"), else_=spoken)
    email = ibis.coalesce(rows.email, ibis.cases((rows.user.contains("@"), rows.user), else_=nothing)).lower()
    return {
        "record_id": ibis.coalesce(rows.message, content_id(rows.ref, rows.timestamp, rows.type, rows.event, rows.name, rows.url)),
        "happened_at": _moment(raw, rows),
        "kind": ibis.cases((rows.type == "page", "page_view"), (rows.type == "screen", "product_use"), (rows.type == "identify", "sign_in"), else_=tracked),
        "name": ibis.cases((rows.type == "identify", "identified"), else_=ibis.coalesce(rows.event, rows.name, rows.title, rows.url)),
        "detail": rows.type,
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "email": ibis.cases((email.contains("@"), email), else_=nothing),
        "cookie": rows.anonymous,
        "user_id": rows.user,
        "account_ref": rows.group,
        "session_id": rows.session,
        "url": rows.url,
        "referrer": rows.referrer,
        "medium": rows.medium,
        "origin": rows.origin,
        "campaign": rows.campaign,
        "content": ibis.coalesce(rows.asset, rows.c_content),
        "term": ibis.coalesce(rows.searched, rows.c_term),
        "value": rows.value.try_cast("float64"),
        "currency": ibis.cases((rows.value.notnull(), rows.currency), else_=nothing),
        "note": ibis.cases((robot(rows.agent), BOT), else_=nothing),
    }  # fmt: skip


def _people(raw: Raw, told: ir.Table, source: str | None) -> Mapped:
    """One person a row: each trait as it was last told, and all ids that were merged into this one."""
    kept = (
        "email",
        "phone",
        "first",
        "last",
        "title_",
        "company",
        "company_id",
        "city",
        "country",
        "language",
        "anonymous",
        "user",
        "timestamp",
    )
    nothing = ibis.null("string")
    # The traits of a group call are the company's.
    own = {name: ibis.cases((told.type != "group", told[name]), else_=nothing) for name in kept[:-3]} | {
        name: told[name] for name in kept[-3:]
    }
    gathered = {name: value.last(order_by=told.timestamp) for name, value in own.items()}
    people = told.group_by("ref").aggregate(
        **gathered,
        group=told.group.last(order_by=told.timestamp),
        before=told.previous.collect(distinct=True),
    )
    people = raw.engine.view("segment_people", people)
    columns: dict[str, ir.Value] = {
        "record_id": people.ref,
        "email": people.email.lower(),
        "phone": people.phone,
        "cookie": people.anonymous,
        "user_id": people.user,
        "first_name": people["first"],
        "last_name": people["last"],
        "title": people.title_,
        "account_ref": ibis.coalesce(people.group, people.company_id),
        "company_name": people.company,
        "city": people.city,
        "country": people.country,
        "language": people.language,
        "merged_refs": ibis.cases((people.before.length() > 0, people.before), else_=ibis.null("array<string>")),
    }
    return Mapped("people", columns, rows=people, primary=False, source=source)


def _fields(raw: Raw, calls: ir.Table) -> ir.Table:
    """A call's parts as columns; `ref` is who made it: the user where known, else the device."""
    opened = raw.engine.view("segment_calls", calls.select("json"))
    call = Fields(opened.json)
    rows = opened.select(**_said(call), **_traits(call))
    return raw.engine.view("segment_fields", rows.mutate(ref=ibis.coalesce(rows.user, rows.anonymous)))


def _said(call: Fields) -> dict[str, ir.StringValue]:
    """What happened, where, and how the visitor came."""
    form, file = ("properties.form", "properties.form_name"), ("properties.file", "properties.file_name")
    return {
        "type": call.text("type").lower(),
        "message": call.text("messageId"),
        "anonymous": call.text("anonymousId"),
        "user": call.text("userId"),
        "previous": call.text("previousId"),
        "group": call.text("groupId", "context.groupId"),
        "timestamp": call.text("timestamp", "originalTimestamp", "receivedAt", "sentAt"),
        "event": call.text("event"),
        "name": call.text("name"),
        "title": call.text("properties.title", "context.page.title"),
        "url": call.text("properties.url", "context.page.url"),
        "referrer": call.text("properties.referrer", "context.page.referrer"),
        "session": call.text("context.sessionId", "properties.session_id"),
        "agent": call.text("context.userAgent"),
        "medium": call.text("context.campaign.medium"),
        "origin": call.text("context.campaign.source"),
        "campaign": call.text("context.campaign.name"),
        "c_content": call.text("context.campaign.content"),
        "c_term": call.text("context.campaign.term"),
        "asset": call.text(*form, *file, "properties.label"),
        "searched": call.text("properties.query", "properties.search_term"),
        "value": call.text("properties.revenue", "properties.total", "properties.value"),
        "currency": call.text("properties.currency"),
    }


def _traits(call: Fields) -> dict[str, ir.StringValue]:
    """What is said of the person, and as `t_…` of the company that a group call is about."""

    def trait(*names: str) -> ir.StringValue:
        return call.text(*(f"{where}.{name}" for name in names for where in ("traits", "context.traits")))

    company = trait("company")
    bare = ibis.cases((company.startswith("{"), ibis.null("string")), else_=company)
    return {
        "email": call.text("traits.email", "context.traits.email", "properties.email"),
        "phone": trait("phone"),
        "first": trait("firstName", "first_name", "firstname"),
        "last": trait("lastName", "last_name", "lastname", "name"),
        "title_": trait("title", "jobTitle", "job_title"),
        "company": ibis.coalesce(trait("company.name"), bare),
        "company_id": trait("company.id"),
        "language": call.text("context.locale", "traits.language"),
        "t_name": trait("name", "company"),
        "t_site": trait("website", "domain", "url"),
        "t_industry": trait("industry"),
        "t_employees": trait("employees", "employeeCount", "size"),
        "t_plan": trait("plan"),
        "city": trait("address.city", "city"),
        "country": trait("address.country", "country"),
    }


FORMATS = [
    Format("segment calls", "segment", "Calls of Segment or RudderStack (identify, group, alias, track, page, screen) as JSON lines, bare or in batches.", _recognise, _map, zone="UTC"),
]  # fmt: skip
