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
import ibis.expr.types as ir
import pyarrow as pa

from etappe.errors import FileFault
from etappe.sources.format import Format, Mapped
from etappe.sources.formats._objects import Fields, batches
from etappe.sources.formats._refuse import refused
from etappe.sources.formats._web import kind_by_words
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample

_CAMPAIGN = ("campaignName", "referrerName")


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
    return (
        0.95
        if sample.container == "xml" and sample.root in ("result", "results") and _is_visit(sample)
        else 0.0
    )


def _recognise_csv(sample: Sample) -> float:
    return 0.95 if sample.container == "table" and _is_visit(sample) else 0.0


def _read_xml(path: Path) -> Iterator[pa.RecordBatch]:
    try:
        yield from batches(_visits(path))
    except ElementTree.ParseError as fault:
        raise FileFault(
            f"the XML is broken: {fault}",
            str(path),
            "export it again; a cut-off download often ends like this",
        ) from fault


def _visits(path: Path) -> Iterator[dict[str, Any]]:
    depth = 0
    for what, element in ElementTree.iterparse(path, events=("start", "end")):
        depth += 1 if what == "start" else -1
        if what == "end" and element.tag == "row" and element.find("idVisit") is not None:
            yield _value(element)
            element.clear()


def _value(element: ElementTree.Element) -> Any:
    """An element as JSON has it: `row` children are a list, other children an object, else the text."""
    children = list(element)
    if not children:
        return (element.text or "").strip() or None
    if all(child.tag == "row" for child in children):
        return [_value(child) for child in children]
    return {child.tag: _value(child) for child in children}


def _map_visits(raw: Raw) -> list[Mapped]:
    visits = raw.table
    if _by_day(raw.sample):
        visits = visits.select(json=Fields(visits.json).list("$.*[*]")).unnest("json")
    actions = visits.mutate(action=Fields(visits.json).list("actionDetails[*]"))
    rows = actions.unnest("action", offset="place", keep_empty=True)
    visit, action = Fields(rows.json), Fields(rows.action)
    type_ = ibis.coalesce(action.text("type"), "visit")
    named = ibis.coalesce(action.text("eventName", "goalName"), "")
    words = (
        ibis.coalesce(action.text("eventCategory"), "")
        + " "
        + ibis.coalesce(action.text("eventAction"), "")
        + " "
        + named
    )
    kind = ibis.cases(
        (type_ == "action", "page_view"),
        (type_ == "download", "download"),
        (type_ == "search", "search"),
        (type_ == "ecommerceOrder", "purchase"),
        (type_.isin(("media", "video")), "video"),
        (type_ == "form", "form"),
        (type_.isin(("event", "goal")), kind_by_words(words)),
        else_="web_event",
    )
    columns = _visit_columns(visit)
    happened = ibis.coalesce(
        action.text("timestamp"), visit.text("firstActionTimestamp", "serverTimestamp", "lastActionTimestamp")
    )
    # The visit's own date has no zone and is the site's; it is asked only where there is no epoch.
    happened = ibis.coalesce(happened, visit.text("lastActionDateTime"))
    columns |= {
        "record_id": visit.text("idVisit") + "-" + ibis.coalesce(rows.place + 1, 0).cast("string"),
        "happened_at": raw.values.moment_of(happened, "timestamp"),
        "kind": kind,
        "name": ibis.coalesce(_name(action, type_), type_),
        "detail": type_,
        "url": action.text("url"),
        "content": ibis.cases(
            (type_ == "event", action.text("eventName", "eventAction")),
            (type_ == "goal", action.text("goalName")),
            else_=ibis.null("string"),
        ),
        "term": ibis.coalesce(action.text("siteSearchKeyword", "searchKeyword"), columns["term"]),
        "value": ibis.coalesce(action.number("revenue"), action.number("eventValue")),
        "currency": ibis.cases(
            (action.number("revenue").notnull(), visit.text("siteCurrency")), else_=ibis.null("string")
        ),
    }
    return [Mapped("events", columns, rows=rows)]


def _name(action: Fields, type_: ir.StringValue) -> ir.StringValue:
    return ibis.cases(
        (type_ == "event", ibis.coalesce(action.text("eventName", "eventAction", "eventCategory"))),
        (type_ == "goal", action.text("goalName")),
        (type_ == "search", action.text("siteSearchKeyword", "searchKeyword", "pageTitle")),
        else_=action.text("pageTitle", "title", "subtitle", "url"),
    )


def _visit_columns(visit: Fields) -> dict[str, ir.Value]:
    came = visit.text("referrerType")
    campaign = came == "campaign"
    return {
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "cookie": visit.text("visitorId"),
        "user_id": visit.text("userId"),
        "email": visit.email("userId"),
        "session_id": visit.text("idVisit"),
        "referrer": visit.text("referrerUrl"),
        "medium": ibis.coalesce(visit.text("campaignMedium"), came),
        "origin": ibis.cases((campaign, visit.text("campaignSource")), else_=visit.text("referrerName")),
        "campaign": ibis.cases((campaign, visit.text(*_CAMPAIGN)), else_=visit.text("campaignName")),
        "term": visit.text("referrerKeyword", "campaignKeyword"),
    }


def _map_csv(raw: Raw) -> list[Mapped]:
    v = raw.values
    raw.notes.append(
        "Matomo's CSV has visits alone, its actions are left out: export Live.getLastVisitsDetails as JSON or XML for the pages of each visit"
    )
    came = v.text("referrerType")
    campaign = came == "campaign"
    return [
        Mapped(
            "events",
            {
                # No number of an action: the visits as JSON or XML stay what they are when this comes after them.
                "record_id": v.text("idVisit") + "-0",
                "happened_at": v.moment(
                    "firstActionTimestamp", "serverTimestamp", "lastActionTimestamp", "lastActionDateTime"
                ),
                "kind": ibis.literal("web_event"),
                "name": ibis.literal("visit"),
                "detail": ibis.literal("visit"),
                "direction": ibis.literal("in"),
                "online": ibis.literal(True),
                "cookie": v.text("visitorId"),
                "user_id": v.text("userId"),
                "email": v.email("userId"),
                "session_id": v.text("idVisit"),
                "referrer": v.text("referrerUrl"),
                "medium": ibis.coalesce(v.text("campaignMedium"), came),
                "origin": ibis.cases((campaign, v.text("campaignSource")), else_=v.text("referrerName")),
                "campaign": ibis.cases((campaign, v.first(*_CAMPAIGN)), else_=v.text("campaignName")),
                "term": v.text("referrerKeyword"),
            },
        )
    ]


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
