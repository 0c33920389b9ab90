"""Matomo: the visits of Live.getLastVisitsDetails with all of their actions, as JSON or XML, and the CSV without them.

A visit's user id is that of its end: Matomo fills it back over the whole visit when somebody signs in half way, and opens
a new visit when another id appears. With a user id the visitor id is made from it, so it says nothing about the device.
The `fingerprint` is no identifier: machines set up alike share it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._objects import Fields, batches
from etappe.sources.formats._refuse import refused
from etappe.sources.formats._web import kind_by_words
from etappe.sources.formats._xml import elements
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.tables import functions

_ACTION = dt.Struct.from_tuples(
    (name, "string")
    for name in (
        "type", "timestamp", "url", "pageTitle", "title", "subtitle", "siteSearchKeyword", "searchKeyword", "eventCategory",
        "eventAction", "eventName", "eventValue", "goalName", "revenue",
    )
)  # fmt: skip
_VISIT = dt.Struct(
    dict.fromkeys(
        (
            "idVisit", "visitorId", "userId", "referrerType", "referrerUrl", "referrerName", "referrerKeyword",
            "campaignKeyword", "campaignMedium", "campaignSource", "campaignName", "siteCurrency", "firstActionTimestamp",
            "serverTimestamp", "lastActionTimestamp", "lastActionDateTime",
        ),
        dt.string,
    )
    | {"actionDetails": dt.Array(_ACTION)}
)  # fmt: skip


def _is_visit(sample: Sample) -> bool:
    return sample.has("idVisit") and sample.has_any(
        "actionDetails", "visitorId", "lastActionTimestamp", "lastActionDateTime"
    )


def _recognise_json(sample: Sample) -> float:
    if sample.container != "objects":
        return 0.0
    if _is_visit(sample):
        return 0.95
    return 0.9 if _by_day(sample) else 0.0


def _by_day(sample: Sample) -> bool:
    """A request over several days is answered with one list of visits a day."""
    if not sample.columns or not all(re.match(r"\d{4}-\d\d(-\d\d)?", name) for name in sample.columns):
        return False
    lists = [value for row in sample.rows for value in row.values() if isinstance(value, list) and value]
    return any(isinstance(value[0], dict) and "idVisit" in value[0] for value in lists)


def _recognise_xml(sample: Sample) -> float:
    return 0.95 if sample.container == "xml" and sample.root in ("result", "results") and _is_visit(sample) else 0.0


def _recognise_csv(sample: Sample) -> float:
    return 0.95 if sample.container == "table" and _is_visit(sample) else 0.0


def _read_xml(path: Path) -> Iterator[pa.RecordBatch]:
    # Rows stand in rows: a visit is the row that has an id, its actions are inside.
    return batches(_value(row) for row in elements(path, "row") if row.find("idVisit") is not None)


def _value(element: ElementTree.Element) -> Any:
    """An element as JSON has it: `row` children are a list, other children an object, else the text."""
    children = list(element)
    if not children:
        return (element.text or "").strip() or None
    if all(child.tag == "row" for child in children):
        return [_value(child) for child in children]
    return {child.tag: _value(child) for child in children}


def _map_visits(raw: Raw) -> list[Mapped]:
    rows = _actions(raw)
    nothing = ibis.null("string")
    is_event, is_goal = rows.type == "event", rows.type == "goal"
    kind = ibis.cases(
        (rows.type == "action", "page_view"),
        (rows.type == "download", "download"),
        (rows.type == "search", "search"),
        (rows.type == "ecommerceOrder", "purchase"),
        (rows.type.isin(("media", "video")), "video"),
        (rows.type == "form", "form"),
        (is_event | is_goal, kind_by_words(rows.words)),
        else_="web_event",
    )
    named = ibis.cases(
        (is_event, ibis.coalesce(rows.event_name, rows.event_action, rows.event_category)),
        (is_goal, rows.goal),
        (rows.type == "search", ibis.coalesce(rows.searched, rows.title)),
        else_=ibis.coalesce(rows.title, rows.url),
    )
    asset = ibis.cases(
        (is_event, ibis.coalesce(rows.event_name, rows.event_action)), (is_goal, rows.goal), else_=nothing
    )
    columns = _came_by(rows.came, rows.c_medium, rows.c_source, rows.c_name, rows.referrer_name) | {
        "record_id": rows.visit + "-" + ibis.coalesce(rows.place + 1, 0).cast("string"),
        "happened_at": raw.values.moment_of(rows.timestamp, "timestamp"),
        "kind": kind,
        "name": ibis.coalesce(named, rows.type),
        "detail": rows.type,
        "cookie": rows.visitor,
        "user_id": rows.user,
        "email": ibis.cases((rows.user.contains("@"), rows.user.lower()), else_=nothing),
        "session_id": rows.visit,
        "url": rows.url,
        "referrer": rows.referrer,
        "content": asset,
        "term": ibis.coalesce(rows.searched, rows.keyword),
        "value": ibis.coalesce(rows.revenue, rows.event_value),
        "currency": ibis.cases((rows.revenue.notnull(), rows.currency), else_=nothing),
    }
    return [Mapped("events", columns, rows=rows)]


def _actions(raw: Raw) -> ir.Table:
    """One row an action, and one for a visit without any, with the fields of the visit beside it."""
    visits = raw.table
    if _by_day(raw.sample):
        visits = visits.select(json=Fields(visits.json).list("$.*[*]")).unnest("json")
    # A visit is read once, into a struct: each look at a path would read the whole of it again.
    record = visits.json if visits.json.type().is_json() else visits.json.cast("json")
    read = raw.engine.view("matomo_visits", visits.select(visit=functions.json_as(record, _VISIT)))
    opened = read.select(visit=read.visit, action=read.visit["actionDetails"])
    rows = raw.engine.view("matomo_actions", opened.unnest("action", offset="place", keep_empty=True))

    def visit(*names: str) -> ir.StringValue:
        return _filled(rows.visit, *names)

    def action(*names: str) -> ir.StringValue:
        return _filled(rows.action, *names)

    # The visit's own date has no zone and is the site's; it is asked only where there is no epoch.
    moments = ("firstActionTimestamp", "serverTimestamp", "lastActionTimestamp", "lastActionDateTime")
    parts = [ibis.coalesce(action(name), "") for name in ("eventCategory", "eventAction", "eventName", "goalName")]
    return raw.engine.view(
        "matomo_fields",
        rows.select(
            place=rows.place,
            visit=visit("idVisit"),
            visitor=visit("visitorId"),
            user=visit("userId"),
            came=visit("referrerType"),
            referrer=visit("referrerUrl"),
            referrer_name=visit("referrerName"),
            keyword=visit("referrerKeyword", "campaignKeyword"),
            c_medium=visit("campaignMedium"),
            c_source=visit("campaignSource"),
            c_name=visit("campaignName"),
            currency=visit("siteCurrency"),
            timestamp=ibis.coalesce(action("timestamp"), visit(*moments)),
            type=ibis.coalesce(action("type"), "visit"),
            url=action("url"),
            title=action("pageTitle", "title", "subtitle"),
            searched=action("siteSearchKeyword", "searchKeyword"),
            event_category=action("eventCategory"),
            event_action=action("eventAction"),
            event_name=action("eventName"),
            event_value=action("eventValue").try_cast("float64"),
            goal=action("goalName"),
            revenue=action("revenue").try_cast("float64"),
            words=parts[0] + " " + parts[1] + " " + parts[2] + parts[3],
        ),
    )


def _filled(record: ir.StructValue, *names: str) -> ir.StringValue:
    found = [record[name].strip().nullif("") for name in names]
    return found[0] if len(found) == 1 else ibis.coalesce(*found)


def _came_by(
    came: ir.StringValue,
    medium: ir.StringValue,
    source: ir.StringValue,
    name: ir.StringValue,
    referrer: ir.StringValue,
) -> dict[str, ir.Value]:
    """Where a visit came from; a campaign without further marks is named by Matomo's `referrerName`."""
    campaign = came == "campaign"
    return {
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "medium": ibis.coalesce(medium, came),
        "origin": ibis.cases((campaign, source), else_=referrer),
        "campaign": ibis.cases((campaign, ibis.coalesce(name, referrer)), else_=name),
    }


def _map_csv(raw: Raw) -> list[Mapped]:
    v = raw.values
    raw.notes.append(
        "Matomo's CSV has visits alone, its actions are left out: export Live.getLastVisitsDetails as JSON or XML"
        " for the pages of each visit"
    )
    came = (
        v.text(name) for name in ("referrerType", "campaignMedium", "campaignSource", "campaignName", "referrerName")
    )
    moments = ("firstActionTimestamp", "serverTimestamp", "lastActionTimestamp", "lastActionDateTime")
    columns = _came_by(*came) | {
        # No number of an action: the visits as JSON or XML stay what they are when this comes after them.
        "record_id": v.text("idVisit") + "-0",
        "happened_at": v.moment(*moments),
        "kind": ibis.literal("web_event"),
        "name": ibis.literal("visit"),
        "detail": ibis.literal("visit"),
        "cookie": v.text("visitorId"),
        "user_id": v.text("userId"),
        "email": v.email("userId"),
        "session_id": v.text("idVisit"),
        "referrer": v.text("referrerUrl"),
        "term": v.text("referrerKeyword"),
    }
    return [Mapped("events", columns)]


_REPORTS = (
    ("nb_visits",), ("nb_uniq_visitors",), ("metadata: is_aggregate",), ("metadaten: is_aggregate",), ("eindeutige besucher", "besuche"),
    ("unique visitors", "visits"), ("besuche", "absprungrate"), ("besuche", "absprungsrate"), ("visits", "actions per visit"),
)  # fmt: skip


def _recognise_report(sample: Sample) -> float:
    if sample.has("idVisit"):
        return 0.0
    return (
        0.9
        if any(sample.has(*names) for names in _REPORTS)
        or any(name.startswith(("metadata: ", "metadaten: ")) for name in sample.lowered)
        else 0.0
    )


def _recognise_error(sample: Sample) -> float:
    return (
        0.9
        if sample.container == "objects"
        and sample.rows
        and set(sample.rows[0]) == {"result", "message"}
        and sample.rows[0]["result"] == "error"
        else 0.0
    )


_WORDS = "Visits of Matomo (Live.getLastVisitsDetails, or Visitors › Visits log › Export)"
FORMATS = [
    Format("matomo visits (JSON)", "matomo", f"{_WORDS} with all actions, as JSON.", _recognise_json, _map_visits),
    Format("matomo visits (XML)", "matomo", f"{_WORDS} with all actions, as XML.", _recognise_xml, _map_visits, read=_read_xml),
    Format("matomo visits (CSV)", "matomo", f"{_WORDS} as CSV, which has no actions.", _recognise_csv, _map_csv),
    refused(
        "matomo report", "matomo", "A report of Matomo, with sums in place of visits.", _recognise_report,
        "this is one of Matomo's reports: it has sums over all visitors and no visits, so no company's journey can be read from it",
        "export Visitors › Visits log (Live.getLastVisitsDetails) as JSON or XML instead",
    ),
    refused(
        "matomo error", "matomo", "An error message of Matomo's interface.", _recognise_error,
        "Matomo answered the export with an error message instead of data", "open the file to read it; check the token and the rights of its user, then export again",
    ),
]  # fmt: skip
