"""Requests of tracking libraries as they were caught on their way: one HTTP request a line, with its path and body."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats import posthog, segment
from etappe.sources.formats._objects import Fields
from etappe.sources.formats._web import kind_by_words
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample


def _recognise(sample: Sample) -> float:
    return 0.95 if sample.container == "objects" and sample.has("method", "path", "body") else 0.0


def _map(raw: Raw) -> list[Mapped]:
    request = Fields(raw.table.json)
    caught = raw.engine.view(
        "requests", raw.table.select(path=request.text("path"), body=request.text("body").try_cast("json"))
    )
    body = Fields(caught.body)
    items = raw.engine.view(
        "request_items",
        caught.select("path", json=body.list("batch[*]").concat(body.list("data[*]"))).unnest("json"),
    )
    item = Fields(items.json)
    calls = items.filter(
        item.text("type").isin(("identify", "track", "page", "screen", "group", "alias"))
        & item.text("messageId").notnull()
    )
    events = items.filter(item.text("distinct_id").notnull())
    beacons = items.filter(items.path.contains("snowplow") & item.text("e").notnull())
    others = raw.engine.count(caught.filter(~caught.path.re_search("/batch|/tp2|/t$|/p$|/i$")))
    if others:
        raw.notes.append(
            f"{others} requests were to other systems and were left out (Matomo's tracking requests: export its visits instead)"
        )
    return [
        *segment.from_calls(raw, calls, "segment"),
        *posthog.from_events(raw, posthog.opened(raw, events), "posthog"),
        _beacons(raw, beacons),
    ]


def _beacons(raw: Raw, items: ir.Table) -> Mapped:
    """Snowplow's short keys, as they leave the browser."""
    sent = Fields(items.json)
    rows = raw.engine.view(
        "beacons",
        items.select(
            e=sent.text("e"), id=sent.text("eid"), dtm=sent.text("ttm", "dtm", "stm"), url=sent.text("url"), page=sent.text("page"), refr=sent.text("refr"),
            uid=sent.text("uid"), duid=sent.text("duid"), sid=sent.text("sid"), category=sent.text("se_ca"), action=sent.text("se_ac"), label=sent.text("se_la"),
            schema=Fields(sent.text("ue_pr").try_cast("json")).text("data.schema"),
        ),
    )  # fmt: skip
    spoken = ibis.cases(
        (
            rows.e == "se",
            ibis.coalesce(rows.category, "")
            + " "
            + ibis.coalesce(rows.action, "")
            + " "
            + ibis.coalesce(rows.label, ""),
        ),
        else_=rows["schema"].re_replace("^iglu:[^/]*/", "").re_replace("/.*$", ""),
    )
    columns: dict[str, ir.Value] = {
        "record_id": rows.id,
        "happened_at": raw.values.moment_of(rows.dtm, "dtm", zone="UTC"),
        "kind": ibis.cases((rows.e == "pv", "page_view"), (rows.e == "pp", "web_event"), else_=kind_by_words(spoken)),
        "name": ibis.coalesce(rows.page, rows.label, spoken),
        "detail": rows.e,
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "cookie": rows.duid,
        "user_id": rows.uid,
        "session_id": rows.sid,
        "url": rows.url,
        "referrer": rows.refr,
    }
    return Mapped("events", columns, rows=rows, source="snowplow")


FORMATS = [
    Format("tracker requests", "segment", "Requests of tracking libraries (Segment, RudderStack, PostHog, Snowplow), one a line, as a proxy or collector writes them.", _recognise, _map, zone="UTC"),
]  # fmt: skip
