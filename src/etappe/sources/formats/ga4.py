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
    return dt.Struct(dict.fromkeys(names, dt.string) | inner)


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
        table = raw.table
        if raw.sample.container == "objects":
            read = raw.engine.view("ga4_record", table.select(record=fn.json_as(table.json, _SHAPE)))
            table = read.select(**{name: read.record[name] for name in _SHAPE.names})
        keys, texts = _params(table)
        # A step of its own: each parameter is looked up in these two lists.
        self.table = raw.engine.view("ga4_params", table.mutate(_keys=keys, _texts=texts))

    def get(self, *paths: str) -> ir.StringValue:
        """The first of these fields that is filled."""
        found = [cell for path in paths if (cell := self._cell(path)) is not None]
        return ibis.coalesce(*found).nullif("") if found else ibis.null("string")

    def param(self, *names: str) -> ir.StringValue:
        """The first of these event parameters that is filled, as text."""
        found = [_looked_up(self.table, name) for name in names]
        return ibis.coalesce(*found).nullif("")

    def _cell(self, path: str) -> ir.StringValue | None:
        head, *rest = path.split(".")
        if head not in self.table.columns:
            return None
        cell = self.table[head]
        for name in rest:
            if not cell.type().is_struct() or name not in cell.type().names:
                return None
            cell = cell[name]
        return cell.cast("string")


def _looked_up(table: ir.Table, name: str) -> ir.StringValue:
    keys, texts = table["_keys"], table["_texts"]
    return ibis.cases((keys.contains(name), texts[keys.index(name)]), else_=ibis.null("string"))


def _params(table: ir.Table) -> tuple[ir.ArrayValue, ir.ArrayValue]:
    """The names of an event's parameters and their values as texts, in the same order."""
    if "event_params" not in table.columns:
        nothing = ibis.null("array<string>")
        return nothing, nothing
    params = table["event_params"]
    if params.type().is_struct():  # lists as BigQuery writes them without list inference
        params = params["list"].map(lambda item: item["element"])
    names = [name for name in _TYPES if name in params.type().value_type["value"].names]
    return (
        params.map(lambda item: item["key"]),
        params.map(lambda item: ibis.coalesce(*(item["value"][name].cast("string") for name in names))),
    )


def _fields(raw: Raw) -> ir.Table:
    """What is asked of an event, a column each."""
    record = _Record(raw)
    last = "session_traffic_source_last_click.manual_campaign"
    click = "collected_traffic_source.gclid"
    return raw.engine.view(
        "ga4_fields",
        record.table.select(
            event_timestamp=record.get("event_timestamp"),
            event=record.get("event_name"),
            visitor=record.get("user_pseudo_id", "client_id"),
            user=record.get("user_id"),
            session=ibis.coalesce(record.param("ga_session_id"), record.get("ga_session_id")),
            bundle=record.get("event_bundle_sequence_id"),
            place=record.get("batch_event_index"),
            page=ibis.coalesce(record.param("page_location"), record.get("page_location")),
            title=record.param("page_title"),
            link=record.param("link_url"),
            referrer=ibis.coalesce(record.param("page_referrer"), record.get("page_referrer")),
            asset=record.param("file_name", "form_name", "form_id", "video_title", "content_id", "link_text"),
            searched=record.param("search_term"),
            term=ibis.coalesce(record.get("collected_traffic_source.manual_term"), record.param("term")),
            money=ibis.coalesce(record.get("ecommerce.purchase_revenue"), record.param("value")),
            currency=ibis.coalesce(record.param("currency"), record.get("user_ltv.currency")),
            storage=record.get("privacy_info.analytics_storage").lower(),
            clicked=ibis.coalesce(record.get(click), record.param("gclid")).notnull(),
            medium=_first_set(record, "collected_traffic_source.manual_medium", "medium"),
            origin=_first_set(record, "collected_traffic_source.manual_source", "source"),
            campaign=_first_set(record, "collected_traffic_source.manual_campaign_name", "campaign"),
            last_medium=unset(record.get(f"{last}.medium")),
            last_origin=unset(record.get(f"{last}.source")),
            last_campaign=unset(record.get(f"{last}.campaign_name")),
        ),
    )


def _first_set(record: _Record, path: str, param: str) -> ir.StringValue:
    return ibis.coalesce(unset(record.get(path)), unset(record.param(param)))


def _map(raw: Raw) -> list[Mapped]:
    rows = _fields(raw)
    nothing = ibis.null("string")
    viewed = rows.event == "page_view"
    target = ibis.cases((rows.event.isin(("click", "file_download")), rows.link), else_=nothing)
    columns: dict[str, ir.Value] = {
        "record_id": content_id(
            rows.visitor, rows.user, rows.event_timestamp, rows.event, rows.session, rows.page, rows.link, rows.asset,
            rows.bundle, rows.place,
        ),
        "happened_at": raw.values.moment_of(rows.event_timestamp, "event_timestamp", zone="UTC"),
        "kind": ibis.cases((viewed, "page_view"), (rows.event == "click", "web_event"), else_=kind_by_words(rows.event)),
        "name": ibis.cases(
            (viewed, ibis.coalesce(rows.title, rows.page)), else_=ibis.coalesce(rows.asset, rows.searched, rows.event)
        ),
        "detail": rows.event,
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "cookie": rows.visitor,
        "user_id": rows.user,
        "session_id": rows.visitor + "." + rows.session,
        "url": ibis.coalesce(target, rows.page),
        "referrer": rows.referrer,
        "content": rows.asset,
        "term": ibis.coalesce(rows.searched, rows.term),
        "medium": ibis.coalesce(rows.medium, _if(rows.clicked, "cpc"), rows.last_medium),
        "origin": ibis.coalesce(rows.origin, _if(rows.clicked, "google"), rows.last_origin),
        "campaign": ibis.coalesce(rows.campaign, rows.last_campaign),
        "value": rows.money.try_cast("float64"),
        "currency": ibis.cases((rows.money.notnull(), rows.currency), else_=nothing),
        "consent": ibis.cases(
            (rows.storage.isin(("yes", "true")), True), (rows.storage.isin(("no", "false")), False), else_=ibis.null("boolean")
        ),
    }  # fmt: skip
    return [Mapped("events", columns, rows=rows)]


def _if(condition: ir.BooleanValue, word: str) -> ir.StringValue:
    return ibis.cases((condition, word), else_=ibis.null("string"))


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
