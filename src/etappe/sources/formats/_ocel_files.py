"""The ways an object-centric process log is written to a file, read into one shape."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from etappe.errors import FileFault
from etappe.sources.formats._xml import elements

LARGEST = 1 << 30


@dataclass
class Object:
    """A thing that events are about: its type, what is known of it last, and the things it is related to."""

    type: str
    attributes: dict[str, str] = field(default_factory=dict)
    related: list[str] = field(default_factory=list)


@dataclass
class Event:
    """An activity with its moment and the objects it is about."""

    id: str
    type: str | None
    time: str | None
    objects: list[str]
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass
class Log:
    """A whole log."""

    objects: dict[str, Object] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def object_types(self) -> list[str]:
        """The types in the order in which they first appear."""
        return list(dict.fromkeys(made.type for made in self.objects.values()))


def _texts(told: dict[str, Any]) -> dict[str, str]:
    return {str(name): _text(value) for name, value in told.items() if value not in (None, "")}


def _text(value: Any) -> str:
    """A value as all containers of one log write it: SQLite knows a whole number as 456.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _latest(items: list[dict[str, Any]]) -> dict[str, str]:
    """Values with a time: the last one of each name."""
    ordered = sorted(items, key=lambda item: str(item.get("time") or ""))
    return _texts({item["name"]: item.get("value") for item in ordered if "name" in item})


def from_json(path: Path) -> Log:
    """OCEL 1.0 (`ocel:events`) and 2.0 (`objectTypes`)."""
    if path.stat().st_size > LARGEST:
        raise FileFault(
            "the log is larger than 1 GB as JSON", str(path), "export it as SQLite, which is read in pieces"
        )
    with path.open(encoding="utf-8-sig") as file:
        document = json.load(file)
    log = Log()
    if "ocel:events" in document:
        for one, made in document.get("ocel:objects", {}).items():
            log.objects[one] = Object(made.get("ocel:type") or "", _texts(made.get("ocel:ovmap") or {}))
        for one, told in document["ocel:events"].items():
            log.events.append(
                Event(
                    one,
                    told.get("ocel:activity"),
                    told.get("ocel:timestamp"),
                    list(told.get("ocel:omap") or []),
                    _texts(told.get("ocel:vmap") or {}),
                )
            )
        return log
    for made in document.get("objects") or []:
        log.objects[made["id"]] = Object(
            made.get("type") or "",
            _latest(made.get("attributes") or []),
            [item["objectId"] for item in made.get("relationships") or []],
        )
    for told in document["events"]:
        related = [item["objectId"] for item in told.get("relationships") or []]
        log.events.append(
            Event(told["id"], told.get("type"), told.get("time"), related, _latest(told.get("attributes") or []))
        )
    return log


def from_xml(path: Path) -> Log:
    """OCEL 1.0 (tags `string`, `list` with keys) and 2.0 (attributes `id`, `type`, `time`)."""
    log = Log()
    for element in elements(path, "event", "object"):
        if element.get("id") is not None:
            _second(log, element)
        elif len(element):
            _first(log, element)
    return log


def _second(log: Log, element: ElementTree.Element) -> None:
    one, kind = str(element.get("id")), str(element.get("type"))
    items = [
        {"name": item.get("name"), "value": item.text, "time": item.get("time")} for item in element.iter("attribute")
    ]
    related = [str(item.get("object-id")) for item in element.iter("relationship")]
    if element.tag == "object":
        log.objects[one] = Object(kind, _latest(items), related)
    else:
        log.events.append(Event(one, kind, element.get("time"), related, _latest(items)))


def _first(log: Log, element: ElementTree.Element) -> None:
    plain = {str(child.get("key")): str(child.get("value")) for child in element if child.get("value") is not None}
    lists = {
        str(child.get("key")): {str(item.get("key")): str(item.get("value")) for item in child}
        for child in element
        if child.tag == "list"
    }
    if element.tag == "object" and "type" in plain:
        log.objects[plain["id"]] = Object(plain["type"], lists.get("ovmap", {}))
    elif element.tag == "event" and "activity" in plain:
        named = [str(item.get("value")) for child in element if child.get("key") == "omap" for item in child]
        log.events.append(Event(plain["id"], plain["activity"], plain.get("timestamp"), named, lists.get("vmap", {})))


def from_sqlite(path: Path) -> Log:
    """OCEL 2.0 (a table a type) and the older layout of three tables."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        names = {
            row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        }
        return _by_type(connection, names) if "event_object" in names else _three_tables(connection)
    except (sqlite3.DatabaseError, IndexError, KeyError) as fault:
        raise FileFault(
            f"the log's tables are not as OCEL wants them: {fault}", str(path), "export it again"
        ) from fault
    finally:
        connection.close()


def _by_type(connection: sqlite3.Connection, names: set[str]) -> Log:
    log = Log()
    for row in connection.execute("SELECT ocel_id, ocel_type FROM object"):
        log.objects[str(row[0])] = Object(str(row[1]))
    for row in _of_types(connection, "object", names):
        made = log.objects.get(str(row["ocel_id"]))
        if made is not None:
            made.attributes |= _texts(
                {key: value for key, value in dict(row).items() if key not in ("ocel_id", "ocel_time", "ocel_changed_field")}
            )
    if "object_object" in names:
        for row in connection.execute("SELECT ocel_source_id, ocel_target_id FROM object_object"):
            if str(row[0]) in log.objects:
                log.objects[str(row[0])].related.append(str(row[1]))
    by_id: dict[str, Event] = {}
    for row in connection.execute("SELECT ocel_id, ocel_type FROM event"):
        by_id[str(row[0])] = Event(str(row[0]), row[1], None, [])
    for row in _of_types(connection, "event", names):
        told = by_id.get(str(row["ocel_id"]))
        if told is not None:
            told.time = row["ocel_time"]
            told.attributes = _texts({key: value for key, value in dict(row).items() if key not in ("ocel_id", "ocel_time")})
    for row in connection.execute("SELECT ocel_event_id, ocel_object_id FROM event_object"):
        if str(row[0]) in by_id:
            by_id[str(row[0])].objects.append(str(row[1]))
    log.events = list(by_id.values())
    return log


def _of_types(connection: sqlite3.Connection, what: str, names: set[str]) -> Iterator[sqlite3.Row]:
    """The rows of the tables of all types of events or objects, in order of time where they have one."""
    for (suffix,) in connection.execute(f"SELECT ocel_type_map FROM {what}_map_type").fetchall():
        table = f"{what}_{suffix}"
        if table in names:
            quoted = table.replace('"', '""')
            yield from connection.execute(f'SELECT * FROM "{quoted}" ORDER BY ocel_time')


def _three_tables(connection: sqlite3.Connection) -> Log:
    log = Log()
    for row in connection.execute("SELECT * FROM OBJECTS"):
        told = {key: value for key, value in dict(row).items() if not key.startswith("ocel:")}
        log.objects[str(row["ocel:oid"])] = Object(str(row["ocel:type"]), _texts(told))
    by_id: dict[str, Event] = {}
    for row in connection.execute("SELECT * FROM EVENTS"):
        told = {key: value for key, value in dict(row).items() if not key.startswith("ocel:")}
        by_id[str(row["ocel:eid"])] = Event(
            str(row["ocel:eid"]), row["ocel:activity"], row["ocel:timestamp"], [], _texts(told)
        )
    for row in connection.execute("SELECT * FROM RELATIONS"):
        if str(row["ocel:eid"]) in by_id:
            by_id[str(row["ocel:eid"])].objects.append(str(row["ocel:oid"]))
    log.events = list(by_id.values())
    return log


def from_table(path: Path) -> Log:
    """The flat table: a column a type, its cells lists such as `['o1', 'o2']`."""
    log = Log()
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            related: list[str] = []
            for column, cell in row.items():
                if column is None or not column.startswith("ocel:type:"):
                    continue
                for one in re.findall(r"'([^']*)'|\"([^\"]*)\"", cell or ""):
                    name = one[0] or one[1]
                    related.append(name)
                    log.objects.setdefault(name, Object(column.removeprefix("ocel:type:")))
            told = {key: value for key, value in row.items() if key and not key.startswith("ocel:")}
            log.events.append(
                Event(row["ocel:eid"], row["ocel:activity"], row["ocel:timestamp"], related, _texts(told))
            )
    return log
