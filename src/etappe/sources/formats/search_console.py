"""Google Search Console: what was searched for and which pages were shown, from the page's download or the interface."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._objects import flat
from etappe.sources.formats._recognising import fits
from etappe.sources.formats._refuse import set_aside
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import Values, content_id

_QUERY = (
    "Top queries",
    "Top query",
    "Queries",
    "Query",
    "Häufigste Suchanfragen",
    "Häufige Suchanfragen",
    "Suchanfragen",
    "Suchanfrage",
)
_PAGE = ("Top pages", "Top page", "Pages", "Page", "Häufigste Seiten", "Häufige Seiten", "Seiten", "Seite")
_CLICKS = ("Clicks", "Klicks")
_SHOWN = ("Impressions", "Impressionen")
_PLACE = ("Position", "Average position", "Avg. position", "Durchschnittliche Position", "Durchschn. Position")
_OTHER = (
    "Country",
    "Land",
    "Länder",
    "Device",
    "Gerät",
    "Geräte",
    "Date",
    "Datum",
    "Search Appearance",
    "Darstellung in der Suche",
)


def _sums(sample: Sample) -> bool:
    return all(fits(sample, some=names) for names in (_CLICKS, _SHOWN, _PLACE))


def _recognise(sample: Sample) -> float:
    if sample.headerless or not _sums(sample) or _recognise_api(sample):
        return 0.0
    return 0.95 if sample.has_any(*_QUERY, *_PAGE) else 0.0


def _map(raw: Raw) -> list[Mapped]:
    v = raw.values
    if not v.has("Date", "Datum"):
        raw.notes.append("the download names no days: its searches are of the period that was chosen on the page")
    return [
        _searches(
            v, v.text(*_QUERY), v.text(*_PAGE), ("Date", "Datum"), ("Country", "Land"), ("Device", "Gerät"), raw.table
        )
    ]


def _recognise_api(sample: Sample) -> float:
    if sample.container not in ("table", "workbook", "parquet", "objects"):
        return 0.0
    return (
        0.95
        if sample.has("clicks", "impressions", "position", "date")
        and sample.has_any("query", "page")
        and sample.has_any("site_url", "ctr", "search_type")
        else 0.0
    )


_API = ("site_url", "search_type", "date", "country", "device", "page", "query", "clicks", "impressions", "position")


def _map_api(raw: Raw) -> list[Mapped]:
    v = flat(raw, *_API)
    return [
        _searches(
            v,
            v.text("query"),
            v.text("page"),
            ("date",),
            ("country",),
            ("device",),
            v.table,
            v.text("site_url"),
            v.text("search_type"),
        )
    ]


def _searches(
    v: Values,
    query: ir.StringValue,
    page: ir.StringValue,
    days: tuple[str, ...],
    country: tuple[str, ...],
    device: tuple[str, ...],
    rows: ir.Table,
    *more: ir.StringValue,
) -> Mapped:
    day = v.day(*days)
    problem = ibis.cases(
        (query.isnull() & page.isnull(), ibis.literal("the record names neither a query nor a page")),
        else_=ibis.null("string"),
    )
    return Mapped(
        "searches",
        {
            "record_id": content_id(v.text(*days), query, page, v.text(*country), v.text(*device), *more),
            "happened_at": day.cast("timestamp").cast("timestamp('UTC')"),
            "day": day,
            "query": query,
            "page": page,
            "country": v.text(*country),
            "device": v.text(*device),
            "clicks": v.integer(*(*_CLICKS, "clicks")),
            "impressions": v.integer(*(*_SHOWN, "impressions")),
            "position": v.number(*(*_PLACE, "position")),
        },
        rows=rows,
        problem=problem,
    )


def _recognise_other(sample: Sample) -> float:
    if _recognise(sample) or _recognise_api(sample) or sample.headerless:
        return 0.0
    if len(sample.columns) <= 5 and _sums(sample) and sample.has_any(*_OTHER):
        return 0.9
    chosen = (
        len(sample.columns) == 2
        and sample.columns[0].lower() == "filter"
        and sample.columns[1].lower() in ("value", "wert")
    )
    return 0.9 if chosen else 0.0


FORMATS = [
    Format(
        "search console download", "search_console", "Queries or pages of Google Search Console (Performance › Export), as CSV or XLSX, German or English.",
        _recognise, _map,
    ),
    Format("search console rows", "search_console", "Rows of the Search Console's interface, as CSV, Parquet or JSON lines.", _recognise_api, _map_api),
    set_aside(
        "search console sums", "search_console", "The parts of a Search Console download beside queries and pages: days, countries, devices, chosen filters.",
        _recognise_other, "it counts the clicks of the queries and pages once more, by day, country or device",
    ),
]  # fmt: skip
