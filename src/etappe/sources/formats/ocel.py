"""OCEL, process logs whose events belong to several objects: 1.0 and 2.0, as JSON, XML, SQLite and flat table.

An object type whose name speaks of a company (customer, account, Kunde, …) gives the accounts; contacts and deals
likewise. Where no type does, the type that most events name stands for the company, and the report says so. An event
that does not name such an object itself belongs to the one that its objects were seen with.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from etappe.sources.format import Format, Mapped
from etappe.sources.formats import _ocel_files as files
from etappe.sources.formats._process import COMPANY, CONTACT, DEAL, RESOURCE, batches, map_rows
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample

_NOTE = "no object type speaks of a company: '{}' stands for it, each of its objects is an account"


@dataclass
class _Roles:
    """Which object types are companies, contacts and deals, and to which company every other object belongs."""

    company: str
    types: dict[str, str]
    companies: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def of(self, objects: list[str], pattern: str) -> str | None:
        return next((one for one in objects if re.search(pattern, self.types.get(one, ""), re.IGNORECASE)), None)

    def accounts(self, objects: list[str]) -> list[str]:
        """The companies of an event: those it names, else those its objects were seen with."""
        direct = [one for one in objects if self.types.get(one) == self.company]
        return direct or sorted(set().union(*(self.companies.get(one, set()) for one in objects)))


def company_type(log: files.Log) -> tuple[str, bool]:
    """The object type that stands for companies, and whether its name says so."""
    named = [kind for kind in log.object_types() if re.search(COMPANY, kind, re.IGNORECASE)]
    if named:
        return named[0], True
    seen: Counter[str] = Counter()
    for event in log.events:
        seen.update({log.objects[one].type for one in event.objects if one in log.objects})
    most = max(seen.values(), default=0)
    return next((kind for kind in log.object_types() if seen[kind] == most), ""), False


def _roles(log: files.Log) -> _Roles:
    roles = _Roles(company_type(log)[0], {one: made.type for one, made in log.objects.items()})
    for one, made in log.objects.items():
        for other in made.related:
            _tie(roles, one, other)
    for event in log.events:
        direct = [one for one in event.objects if roles.types.get(one) == roles.company]
        if len(direct) == 1:
            for one in event.objects:
                _tie(roles, one, direct[0])
    return roles


def _tie(roles: _Roles, one: str, other: str) -> None:
    for thing, company in ((one, other), (other, one)):
        if roles.types.get(company) == roles.company and roles.types.get(thing) != roles.company:
            roles.companies[thing].add(company)


def _flat(log: files.Log) -> Iterator[dict[str, Any]]:
    roles = _roles(log)
    for one, made in log.objects.items():
        if made.type == roles.company:
            yield {"what": "account", "id": one, **_described(one, made)}
        elif re.search(CONTACT, made.type, re.IGNORECASE):
            yield {
                "what": "contact",
                "id": one,
                **_described(one, made),
                "account": next(iter(sorted(roles.companies.get(one, set()))), None),
            }
        elif re.search(DEAL, made.type, re.IGNORECASE):
            yield {
                "what": "deal",
                "id": one,
                **_described(one, made),
                "account": next(iter(sorted(roles.companies.get(one, set()))), None),
            }
    for event in log.events:
        accounts: list[str | None] = [*roles.accounts(event.objects)] or [None]
        for place, account in enumerate(accounts):
            yield {
                "what": "event",
                "id": event.id if place == 0 else f"{event.id}:{account}",
                "type": event.type,
                "time": event.time,
                "account": account,
                "contact": roles.of(event.objects, CONTACT),
                "deal": roles.of(event.objects, DEAL),
                "owner": _pick(event.attributes, RESOURCE),
                "attributes": json.dumps(event.attributes, ensure_ascii=False) if event.attributes else None,
            }


def _described(one: str, made: files.Object) -> dict[str, Any]:
    told = made.attributes
    return {
        "type": made.type,
        "name": _pick(told, r"^(name|full.?name|company.?name|firma|titel|title)$") or f"{made.type} {one}",
        "domain": _pick(told, r"domain|website|url"),
        "email": _pick(told, r"e.?mail"),
        "status": _pick(told, r"status|state|stage|outcome|result"),
        "industry": _pick(told, r"industry|branche"),
        "city": _pick(told, r"^(city|ort|stadt)$"),
        "country": _pick(told, r"^(country|land)$"),
        "attributes": json.dumps(told, ensure_ascii=False) if told else None,
    }


def _pick(told: dict[str, str], pattern: str) -> str | None:
    return next((value for name, value in told.items() if value and re.search(pattern, name, re.IGNORECASE)), None)


def _reader(read: Any) -> Any:
    def batches_of(path: Path) -> Iterator[pa.RecordBatch]:
        return batches(_flat(read(path)))

    return batches_of


def _mapper(read: Any) -> Any:
    def map_log(raw: Raw) -> list[Mapped]:
        kind, said = company_type(read(raw.path))
        if not said and kind:
            raw.notes.append(_NOTE.format(kind))
        return map_rows(raw)

    return map_log


def _is_json(sample: Sample) -> float:
    return (
        0.95
        if sample.container == "objects"
        and (sample.has("ocel:events") or sample.has("objectTypes", "eventTypes", "events"))
        else 0.0
    )


def _is_xml(sample: Sample) -> float:
    return (
        0.95
        if sample.container == "xml"
        and sample.root == "log"
        and sample.has("events", "event")
        and not sample.has("trace")
        else 0.0
    )


def _is_sqlite(sample: Sample) -> float:
    return (
        0.95
        if sample.container == "sqlite"
        and (
            sample.has("event", "object", "event_object", "event_map_type")
            or sample.has("EVENTS", "RELATIONS", "OBJECTS")
        )
        else 0.0
    )


def _is_table(sample: Sample) -> float:
    return 0.95 if sample.container == "table" and sample.has("ocel:eid", "ocel:activity", "ocel:timestamp") else 0.0


def _format(name: str, words: str, recognise: Any, read: Any) -> Format:
    return Format(name, "ocel", words, recognise, _mapper(read), read=_reader(read), zone="UTC", own_ids=True)


FORMATS = [
    _format("ocel log (JSON)", "An object-centric process log, OCEL 1.0 or 2.0, as JSON.", _is_json, files.from_json),
    _format("ocel log (XML)", "An object-centric process log, OCEL 1.0 or 2.0, as XML.", _is_xml, files.from_xml),
    _format("ocel log (SQLite)", "An object-centric process log, OCEL 1.0 or 2.0, as SQLite.", _is_sqlite, files.from_sqlite),
    _format("ocel log (table)", "An object-centric process log as a flat table (ocel:eid, ocel:type:…).", _is_table, files.from_table),
]  # fmt: skip
