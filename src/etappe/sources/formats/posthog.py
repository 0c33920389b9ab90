"""PostHog: its events as JSON lines or Parquet of the batch export, or as its libraries send them.

`distinct_id` is a device's id until somebody signs in, then the user's; the two are told apart by `$device_id`.
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


def _recognise(sample: Sample) -> float:
    if sample.container not in ("objects", "parquet"):
        return 0.0
    if sample.has("batch") and sample.container == "objects":
        bodies = [row["batch"] for row in sample.rows if isinstance(row.get("batch"), list)]
        return (
            0.95
            if any(
                isinstance(item, dict) and {"distinct_id", "event"} <= set(item) for body in bodies for item in body[:5]
            )
            else 0.0
        )
    return 0.95 if sample.has("event", "distinct_id", "timestamp") and sample.has_any("properties", "uuid") else 0.0


def _map(raw: Raw) -> list[Mapped]:
    table = raw.table
    if raw.sample.container == "parquet":
        named = {
            name: table[name].cast("string")
            for name in ("uuid", "event", "distinct_id", "timestamp", "properties", "person_properties")
            if name in table.columns
        }
        return from_events(raw, raw.engine.view("posthog_events", table.select(**named)))
    if raw.sample.has("batch"):
        table = table.select(json=Fields(table.json).list("batch[*]")).unnest("json")
    return from_events(raw, opened(raw, table))


def opened(raw: Raw, table: ir.Table) -> ir.Table:
    """JSON events as columns."""
    event = Fields(table.json)
    return raw.engine.view(
        "posthog_events",
        table.select(
            uuid=event.text("uuid"),
            event=event.text("event"),
            distinct_id=event.text("distinct_id"),
            timestamp=event.text("timestamp"),
            properties=event.at("properties").cast("string"),
            person_properties=event.at("person_properties").cast("string"),
        ),
    )


def from_events(raw: Raw, events: ir.Table, source: str | None = None) -> list[Mapped]:
    """The evidence in a table of events with the columns that `opened` gives."""
    rows = _fields(raw, events)
    person, company = _person(rows), _company(rows)
    about_people = rows.event.isin(("$create_alias", "$set"))
    of_company = rows.event == "$groupidentify"
    return [
        Mapped("events", _event(raw, rows), ~(about_people | of_company), rows=rows, source=source),
        Mapped("accounts", company, of_company, rows=rows, source=source),
        Mapped("people", person, about_people, rows=rows, source=source),
        Mapped("people", person, rows.event == "$identify", rows=rows, source=source, primary=False),
    ]


def _event(raw: Raw, rows: ir.Table) -> dict[str, ir.Value]:
    nothing, viewed = ibis.null("string"), rows.event == "$pageview"
    user = ibis.cases(((rows.distinct_id == rows.device).fill_null(False), nothing), else_=rows.distinct_id)
    email = ibis.coalesce(rows.email, ibis.cases((user.contains("@"), user), else_=nothing)).lower()
    return {
        "record_id": ibis.coalesce(rows.uuid, content_id(rows.distinct_id, rows.timestamp, rows.event, rows.url)),
        "happened_at": raw.values.moment_of(rows.timestamp, "timestamp", zone="UTC"),
        "kind": _kind(rows),
        "name": ibis.cases((viewed, ibis.coalesce(rows.title, rows.url)), else_=rows.event),
        "detail": rows.event,
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "email": ibis.cases((email.contains("@"), email), else_=nothing),
        "cookie": rows.device,
        "user_id": user,
        "account_ref": rows.group,
        "session_id": rows.session,
        "url": rows.url,
        "referrer": ibis.cases((rows.referrer == "$direct", nothing), else_=rows.referrer),
        "medium": rows.medium,
        "origin": rows.origin,
        "campaign": rows.campaign,
        "content": ibis.coalesce(rows.asset, rows.c_content),
        "term": rows.term,
        "note": ibis.cases((robot(rows.agent), BOT), else_=nothing),
    }


def _kind(rows: ir.Table) -> ir.StringValue:
    """The kind of event; one of its own that knows of no page comes from the product."""
    spoken = kind_by_words(rows.event)
    return ibis.cases(
        (rows.event == "$pageview", "page_view"), (rows.event == "$identify", "sign_in"), (rows.event == "$screen", "product_use"),
        (rows.event.startswith("$"), "web_event"), ((spoken == "web_event") & rows.url.isnull(), "product_use"), else_=spoken,
    )  # fmt: skip


def _company(rows: ir.Table) -> dict[str, ir.Value]:
    return {
        "record_id": rows.group_key,
        "name": rows.group_name,
        "domain": rows.group_domain,
        "industry": rows.group_industry,
    }


def _person(rows: ir.Table) -> dict[str, ir.Value]:
    # An alias says that the first id is now known as the second.
    known, before = ibis.coalesce(rows["alias"], rows.distinct_id), ibis.coalesce(rows.old, rows.before)
    return {
        "record_id": known,
        "user_id": known,
        "email": rows.email,
        "last_name": rows.person,
        "merged_refs": ibis.cases((before.notnull(), ibis.array([before])), else_=ibis.null("array<string>")),
    }


def _fields(raw: Raw, events: ir.Table) -> ir.Table:
    said = Fields(events.properties)
    told = [said.text("$set.email", "email")]
    if "person_properties" in events.columns:
        told.append(Fields(events.person_properties).text("email"))
    rows = events.select(
        uuid=events.uuid if "uuid" in events.columns else ibis.null("string").nullif(""),
        event=events.event,
        distinct_id=events.distinct_id,
        timestamp=events.timestamp,
        url=said.text("$current_url"),
        title=said.text("title", "$title"),
        referrer=said.text("$referrer"),
        device=said.text("$device_id", "$anon_distinct_id"),
        before=said.text("$anon_distinct_id"),
        old=said.text("distinct_id"),
        alias=said.text("alias"),
        session=said.text("$session_id"),
        agent=said.text("$raw_user_agent", "$user_agent"),
        group=said.text("$groups.company", "$groups.organization", "$groups.account", "$group_0"),
        group_key=said.text("$group_key"),
        group_name=said.text("$group_set.name"),
        group_domain=said.text("$group_set.domain", "$group_set.website"),
        group_industry=said.text("$group_set.industry"),
        medium=said.text("utm_medium"),
        origin=said.text("utm_source"),
        campaign=said.text("utm_campaign"),
        c_content=said.text("utm_content"),
        term=said.text("utm_term"),
        asset=said.text("form", "form_name", "file", "file_name"),
        email=ibis.coalesce(*told),
        person=said.text("$set.name"),
    )
    return raw.engine.view("posthog_fields", rows)


FORMATS = [Format("posthog events", "posthog", "Events of PostHog, as JSON lines or Parquet of its batch export, or as its libraries send them.", _recognise, _map, zone="UTC")]  # fmt: skip
