"""Snowplow: the enriched events of the tracker, as atomic.events in a warehouse or as the enriched stream's TSV."""

from __future__ import annotations

import ibis

from etappe.sources.format import Format, Mapped
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample


def _recognise(sample: Sample) -> float:
    if sample.container not in ("table", "parquet"):
        return 0.0
    return 0.95 if sample.has("event_id", "collector_tstamp") and sample.has_any("domain_userid", "network_userid", "user_id") else 0.0


def _map(raw: Raw) -> list[Mapped]:
    v = raw.values
    event = v.text("event_name")
    kind = ibis.cases(
        (v.text("event").isin(("page_view", "pv")), "page_view"),
        (v.text("event").isin(("page_ping", "pp")), "web_event"),
        else_="web_event",
    )
    return [
        Mapped(
            "events",
            {
                "record_id": v.text("event_id"),
                "happened_at": v.moment("derived_tstamp", "collector_tstamp"),
                "kind": kind,
                "name": ibis.coalesce(v.text("page_title"), event),
                "cookie": v.text("domain_userid"),
                "user_id": v.text("user_id"),
                "url": v.text("page_url"),
            },
        )
    ]


FORMATS = [Format("snowplow events", "snowplow", "Events of the Snowplow tracker.", _recognise, _map, zone="UTC", bulk=True)]
