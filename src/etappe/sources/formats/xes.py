"""XES, the exchange format of process logs (1.0 and 2.0), and the flat tables that pm4py writes of it.

A case becomes an account, so that a process log alone gives journeys. Where the case says whose it is (an attribute
`customer`, `Kunde`, …) the account bears that name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._process import COMPANY, batches, map_rows
from etappe.sources.formats._recognising import TABULAR
from etappe.sources.formats._xml import elements
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample

# Columns of the table that are no further attribute of the event; one without a name numbers the rows.
_UNTOLD = re.compile(r"^(case:.*|concept:name|time:timestamp|lifecycle:transition|org:resource|identity:id|column \d+|_etappe.*)$")
_PLAIN = {"string", "date", "int", "float", "boolean", "id"}


def _recognise(sample: Sample) -> float:
    return 0.95 if sample.container == "xml" and sample.root == "log" and sample.has("trace") else 0.0


def _read(path: Path) -> Iterator[pa.RecordBatch]:
    return batches(_rows(path))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    unnamed = 0
    for trace in elements(path, "trace"):
        told = _attributes(trace)
        case = told.pop("concept:name", None)
        if case is None:
            unnamed += 1
            case = told.get("identity:id") or f"unnamed case {unnamed}"
        yield {
            "what": "account",
            "id": case,
            "type": "case",
            "name": _owner_of(told) or f"case {case}",
            "attributes": _json(told),
        }
        for place, event in enumerate((child for child in trace if child.tag == "event"), 1):
            yield _event(case, place, _attributes(event))


def _event(case: str, place: int, told: dict[str, str]) -> dict[str, Any]:
    own = told.pop("identity:id", None)
    return {
        "what": "event",
        "id": f"{case}:{own or place}",
        "account": case,
        "type": told.pop("concept:name", None),
        "time": told.pop("time:timestamp", None),
        "detail": told.pop("lifecycle:transition", None),
        "owner": told.pop("org:resource", None),
        "attributes": _json(told),
    }


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    """The typed tags directly under an element; lists, containers and nested attributes are not asked for."""
    found = {}
    for child in element:
        if child.tag in _PLAIN and "key" in child.attrib and "value" in child.attrib:
            found[child.attrib["key"]] = child.attrib["value"]
    return found


def _owner_of(told: dict[str, str]) -> str | None:
    return next((value for key, value in told.items() if value and re.search(COMPANY, key, re.IGNORECASE)), None)


def _json(told: dict[str, str]) -> str | None:
    # Written as the engine writes the table's: the log and its table are the same records.
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) if told else None


def _recognise_flat(sample: Sample) -> float:
    return (
        0.95
        if sample.container in TABULAR and sample.has("case:concept:name", "concept:name", "time:timestamp")
        else 0.0
    )


def _map_flat(raw: Raw) -> list[Mapped]:
    # The tables have no place in the case: they are written in its order, and an activity may come twice in a moment.
    rows = raw.engine.view("xes_flat", raw.table.mutate(_etappe_row=ibis.row_number()))
    v = raw.values.on(rows)
    case = v.text("case:concept:name")
    place = ibis.row_number().over(group_by=case, order_by=rows["_etappe_row"]) + 1
    event: dict[str, ir.Value] = {
        "record_id": case + ":" + ibis.coalesce(v.text("identity:id"), place.cast("string")),
        "happened_at": v.moment("time:timestamp"),
        "kind": ibis.literal("activity"),
        "name": v.text("concept:name"),
        "detail": v.text("lifecycle:transition"),
        "direction": ibis.literal("none"),
        "account_ref": case,
        "session_id": case,
        "owner": v.text("org:resource"),
        "text": v.packed({column: column for column in raw.table.columns if not _UNTOLD.search(column)}),
    }
    owner = next(
        (
            column
            for column in raw.table.columns
            if column.startswith("case:") and re.search(COMPANY, column, re.IGNORECASE)
        ),
        "",
    )
    return [Mapped("events", event, rows=rows), _flat_cases(raw, owner)]


def _flat_cases(raw: Raw, owner: str) -> Mapped:
    v = raw.values
    told = {column.removeprefix("case:"): column for column in raw.table.columns if column.startswith("case:") and column != "case:concept:name"}
    named = raw.table.select(case=v.text("case:concept:name"), owner=v.text(owner), told=v.packed(told)).filter(
        lambda table: table.case.notnull()
    )
    cases = raw.engine.view("xes_cases", named.group_by("case").aggregate(owner=named.owner.max(), told=named.told.max()))
    company: dict[str, ir.Value] = {
        "record_id": cases.case,
        "name": ibis.coalesce(cases.owner, "case " + cases.case),
        "type": ibis.literal("case"),
        "attributes": cases.told,
    }
    return Mapped("accounts", company, rows=cases, primary=False)


FORMATS = [
    Format("xes log", "xes", "A process log in XES (also .xes.gz): every case is an account, every activity an event.", _recognise, map_rows, read=_read, own_ids=True),
    Format("xes table", "xes", "A process log as the flat table that pm4py writes (case:concept:name, concept:name, time:timestamp).", _recognise_flat, _map_flat, own_ids=True),
]  # fmt: skip
