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
    happened = raw.values.moment_of(rows.timestamp, "timestamp", zone="UTC")
    nothing = ibis.null("string")
    viewed, known = rows.event == "$pageview", rows.event == "$identify"
    spoken = kind_by_words(rows.event)
    kind = ibis.cases(
        (viewed, "page_view"), (known, "sign_in"), (rows.event == "$screen", "product_use"), (rows.event.startswith("$"), "web_event"),
        ((spoken == "web_event") & rows.url.isnull(), "product_use"), else_=spoken,
    )  # fmt: skip
    user = ibis.cases(((rows.distinct_id == rows.device).fill_null(False), nothing), else_=rows.distinct_id)
    email = ibis.coalesce(rows.email, ibis.cases((user.contains("@"), user), else_=nothing)).lower()
    columns: dict[str, ir.Value] = {
        "record_id": ibis.coalesce(rows.uuid, content_id(rows.distinct_id, rows.timestamp, rows.event, rows.url)),
        "happened_at": happened,
        "kind": kind,
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
    company: dict[str, ir.Value] = {
        "record_id": rows.group_key,
        "name": rows.group_name,
        "domain": rows.group_domain,
        "industry": rows.group_industry,
    }
    # An alias says that the first id is now known as the second.
    person: dict[str, ir.Value] = {
        "record_id": ibis.coalesce(rows["alias"], rows.distinct_id),
        "user_id": ibis.coalesce(rows["alias"], rows.distinct_id),
        "email": rows.email,
        "last_name": rows.person,
        "merged_refs": ibis.cases(
            (ibis.coalesce(rows.old, rows.before).notnull(), ibis.array([ibis.coalesce(rows.old, rows.before)])),
            else_=ibis.null("array<string>"),
        ),
    }
    no_contact = rows.event.isin(("$groupidentify", "$create_alias", "$set"))
    return [
        Mapped("events", columns, ~no_contact, rows=rows, source=source),
        Mapped("accounts", company, rows.event == "$groupidentify", rows=rows, source=source),
        Mapped("people", person, rows.event.isin(("$create_alias", "$set")), rows=rows, source=source),
        Mapped("people", person, known, rows=rows, source=source, primary=False),
    ]


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
