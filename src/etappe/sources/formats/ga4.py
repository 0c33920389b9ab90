"""Google Analytics 4: the events of the BigQuery export, as JSON lines or Parquet.

`traffic_source` is how the *user* was first won and no property of the event, so it is not read; where a visit came from
is in `collected_traffic_source`, in the parameters, and in `session_traffic_source_last_click`. Daily tables are written
again for three days: a record's id is made of what does not change then.
"""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._refuse import refused
from etappe.sources.formats._web import kind_by_words, unset
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id
from etappe.tables import functions as fn

_TYPES = ("string_value", "int_value", "float_value", "double_value")


def _texts(*names: str, **inner: dt.DataType) -> dt.Struct:
    return dt.Struct({name: dt.string for name in names} | inner)


_SHAPE = _texts(
    "event_timestamp", "event_name", "user_pseudo_id", "client_id", "user_id", "event_bundle_sequence_id", "batch_event_index",
    "page_location", "page_referrer", "ga_session_id",
    event_params=dt.Array(_texts("key", value=_texts(*_TYPES))),
    collected_traffic_source=_texts("manual_source", "manual_medium", "manual_campaign_name", "manual_term", "gclid"),
    session_traffic_source_last_click=_texts(manual_campaign=_texts("source", "medium", "campaign_name")),
    ecommerce=_texts("purchase_revenue"),
    user_ltv=_texts("currency"),
    privacy_info=_texts("analytics_storage"),
)  # fmt: skip


def _recognise(sample: Sample) -> float:
    if sample.container not in ("objects", "parquet") or not sample.has("event_timestamp", "event_name"):
        return 0.0
    return 0.95 if sample.has("event_params") or sample.has_any("user_pseudo_id", "stream_id") else 0.0


class _Record:
    """One event as nested columns: those of Parquet, or those that the JSON is read into."""

    def __init__(self, raw: Raw) -> None:
        if raw.sample.container == "objects":
            read = fn.json_as(raw.table.json, _SHAPE)
            self.cells = {name: read[name] for name in _SHAPE.names}
        else:
            self.cells = {name: raw.table[name] for name in raw.table.columns}
        self.keys, self.texts = self._params()

    def get(self, *paths: str) -> ir.StringValue:
        """The first of these fields that is filled."""
        found = [cell for path in paths if (cell := self._cell(path)) is not None]
        return ibis.coalesce(*found).nullif("") if found else ibis.null("string")

    def param(self, *names: str) -> ir.StringValue:
        """The first of these event parameters that is filled, as text."""
        found = [
            ibis.cases(
                (self.keys.contains(name), self.texts[self.keys.index(name)]), else_=ibis.null("string")
            )
            for name in names
        ]
        return ibis.coalesce(*found).nullif("")

    def _cell(self, path: str) -> ir.StringValue | None:
        head, *rest = path.split(".")
        if head not in self.cells:
            return None
        cell = self.cells[head]
        for name in rest:
            if not cell.type().is_struct() or name not in cell.type().names:
                return None
            cell = cell[name]
        return cell.cast("string")

    def _params(self) -> tuple[ir.ArrayValue, ir.ArrayValue]:
        if "event_params" not in self.cells:
            nothing = ibis.null("array<string>")
            return nothing, nothing
        params = self.cells["event_params"]
        if params.type().is_struct():  # lists as BigQuery writes them without list inference
            params = params["list"].map(lambda item: item["element"])
        names = [name for name in _TYPES if name in params.type().value_type["value"].names]
        return (
            params.map(lambda item: item["key"]),
            params.map(lambda item: ibis.coalesce(*(item["value"][name].cast("string") for name in names))),
        )


def _map(raw: Raw) -> list[Mapped]:
    record = _Record(raw)
    event = record.get("event_name")
    page, link = (
        ibis.coalesce(record.param("page_location"), record.get("page_location")),
        record.param("link_url"),
    )
    stamp = record.get("event_timestamp")
    visitor = record.get("user_pseudo_id", "client_id")
    session = ibis.coalesce(record.param("ga_session_id"), record.get("ga_session_id"))
    kind = ibis.cases(
        (event == "page_view", "page_view"), (event == "click", "web_event"), else_=kind_by_words(event)
    )
    target = ibis.cases((event.isin(("click", "file_download")), link), else_=ibis.null("string"))
    asset = record.param("file_name", "form_name", "form_id", "video_title", "content_id", "link_text")
    title = record.param("page_title")
    money = ibis.coalesce(record.get("ecommerce.purchase_revenue"), record.param("value"))
    columns: dict[str, ir.Value] = {
        "record_id": content_id(
            visitor, record.get("user_id"), stamp, event, session, page, link, asset,
            record.get("event_bundle_sequence_id"), record.get("batch_event_index"),
        ),
        "happened_at": raw.values.moment_of(stamp, "event_timestamp", zone="UTC"),
        "kind": kind,
        "name": ibis.cases((event == "page_view", ibis.coalesce(title, page)), else_=ibis.coalesce(asset, record.param("search_term"), event)),
        "detail": event,
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "cookie": visitor,
        "user_id": record.get("user_id"),
        "session_id": visitor + "." + session,
        "url": ibis.coalesce(target, page),
        "referrer": ibis.coalesce(record.param("page_referrer"), record.get("page_referrer")),
        "content": asset,
        "term": ibis.coalesce(record.param("search_term"), record.get("collected_traffic_source.manual_term"), record.param("term")),
        "value": money.try_cast("float64"),
        "currency": ibis.cases((money.notnull(), ibis.coalesce(record.param("currency"), record.get("user_ltv.currency"))), else_=ibis.null("string")),
        "consent": _consent(record),
    } | _came_by(record)  # fmt: skip
    return [Mapped("events", columns)]


def _came_by(record: _Record) -> dict[str, ir.Value]:
    clicked = ibis.coalesce(record.get("collected_traffic_source.gclid"), record.param("gclid")).notnull()
    last = "session_traffic_source_last_click.manual_campaign"
    source = unset(record.get("collected_traffic_source.manual_source"))
    medium = unset(record.get("collected_traffic_source.manual_medium"))
    campaign = unset(record.get("collected_traffic_source.manual_campaign_name"))
    by_click = ibis.cases((clicked, "cpc"), else_=ibis.null("string"))
    google = ibis.cases((clicked, "google"), else_=ibis.null("string"))
    return {
        "medium": ibis.coalesce(
            medium, unset(record.param("medium")), by_click, unset(record.get(f"{last}.medium"))
        ),
        "origin": ibis.coalesce(
            source, unset(record.param("source")), google, unset(record.get(f"{last}.source"))
        ),
        "campaign": ibis.coalesce(
            campaign, unset(record.param("campaign")), unset(record.get(f"{last}.campaign_name"))
        ),
    }


def _consent(record: _Record) -> ir.BooleanValue:
    said = record.get("privacy_info.analytics_storage").lower()
    return ibis.cases(
        (said.isin(("yes", "true")), True), (said.isin(("no", "false")), False), else_=ibis.null("boolean")
    )


_SUMS = {
    "sessions", "sitzungen", "users", "nutzer", "active users", "aktive nutzer", "total users", "gesamtnutzer", "new users", "neue nutzer", "views",
    "aufrufe", "event count", "ereignisanzahl", "engaged sessions", "sitzungen mit interaktionen", "engagement rate", "engagement-rate",
}  # fmt: skip


def _recognise_report(sample: Sample) -> float:
    marked = any(line.startswith("#") for line in sample.preamble)
    return 0.9 if sample.container == "table" and marked and len(sample.lowered & _SUMS) >= 1 else 0.0


FORMATS = [
    Format(
        "ga4 events", "ga4", "Events of Google Analytics 4 from the BigQuery export (tables events_… and events_intraday_…), as JSON lines or Parquet.",
        _recognise, _map, zone="UTC",
    ),
    refused(
        "ga4 report", "ga4", "A report of Google Analytics 4, with sums in place of events.", _recognise_report,
        "this is a report of Google Analytics: it has sums over all users and no events, so no company's journey can be read from it",
        "link the property to BigQuery and export the tables events_… as JSON or Parquet instead",
    ),
]  # fmt: skip
