"""A process log alone gives accounts with their activities, in order, whatever file it comes in."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etappe.errors import FileFault
from etappe.sources.formats._ocel_files import from_json
from etappe.workspace.workspace import init_workspace

XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="name"/></global>
  <string key="concept:name" value="a log"/>
  <trace><string key="concept:name" value="c1"/><string key="customer" value="Beispiel GmbH"/>
    <event><string key="concept:name" value="call"/><date key="time:timestamp" value="2026-01-05T09:00:00.000+01:00"/><string key="org:resource" value="Weber"/><string key="lifecycle:transition" value="complete"/></event>
    <event><string key="concept:name" value="offer"/><date key="time:timestamp" value="2026-01-06T09:00:00.000+01:00"/><int key="Amount" value="5"/></event>
  </trace>
  <trace><string key="concept:name" value="c2"/>
    <event><string key="concept:name" value="call"/><date key="time:timestamp" value="2026-01-07T09:00:00.000+01:00"/></event>
    <event><string key="concept:name" value="offer"/><string key="time:timestamp" value="?"/></event>
  </trace>
</log>"""


def test_a_case_is_an_account_and_an_activity_an_event_of_it(read_text: Callable[..., Any]) -> None:
    read = read_text(XES)
    assert read.format == "xes log"
    one = read.one("events", "c1:1")
    assert (one["kind"], one["name"], one["account_ref"], one["owner"], one["detail"]) == (
        "activity",
        "call",
        "c1",
        "Weber",
        "complete",
    )
    assert one["happened_at"].isoformat() == "2026-01-05T08:00:00+00:00"
    assert read.one("accounts", "c1")["name"] == "Beispiel GmbH"
    assert read.one("accounts", "c2")["name"] == "case c2"
    assert len(read["events"]) == 3
    assert [bad.kind for bad in read.bad] == ["'time' has no date that can be read"]


def test_xml_with_entities_of_its_own_is_refused(read_text: Callable[..., Any]) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><log><trace><string key="concept:name" value="&b;"/></trace></log>'
    with pytest.raises(FileFault, match="entities"):
        read_text(bomb)


@pytest.mark.shared
def test_the_log_and_its_table_are_the_same_events(read_file: Callable[..., Any], shared: Path) -> None:
    logs = shared / "pm4py_logs"
    xml, table = read_file(logs / "running-example.xes"), read_file(logs / "running-example.csv")
    assert len(xml["events"]) == len(table["events"]) == 42
    for kind in ("events", "accounts"):
        own = {"learned_at", "import_id"}
        short = [sorted(str({key: row[key] for key in sorted(row.keys() - own)}) for row in read[kind]) for read in (xml, table)]
        assert short[0] == short[1], "importing the one after the other changes nothing"
    assert {row["record_id"] for row in xml["accounts"]} == set("123456")
    assert json.loads(xml.one("events", "3:1")["text"])["Costs"] == "50"


@pytest.mark.shared
def test_a_log_without_names_or_moments_is_quarantined_event_by_event(
    read_file: Callable[..., Any], shared: Path
) -> None:
    read = read_file(shared / "pm4py_logs" / "xes_20.xes")
    assert (read["events"], len(read.bad)) == ([], 1)


OBJECTS = [
    {"id": "k1", "type": "Customer", "attributes": [{"name": "name", "value": "Beispiel GmbH", "time": "1970-01-01T00:00:00Z"}], "relationships": []},
    {"id": "k2", "type": "Customer", "attributes": [], "relationships": []},
    {"id": "o1", "type": "Order", "attributes": [], "relationships": [{"objectId": "k1", "qualifier": "of"}]},
    {"id": "p1", "type": "Contact", "attributes": [{"name": "email", "value": "Anna@firma.example", "time": "1970-01-01T00:00:00Z"}], "relationships": [{"objectId": "k1", "qualifier": "at"}]},
    {"id": "d1", "type": "Opportunity", "attributes": [{"name": "status", "value": "open", "time": "2026-01-01T00:00:00Z"}, {"name": "status", "value": "won", "time": "2026-02-01T00:00:00Z"}], "relationships": [{"objectId": "k1", "qualifier": "of"}]},
]  # fmt: skip
LOG = {
    "objectTypes": [{"name": name, "attributes": []} for name in ("Order", "Customer", "Contact", "Opportunity")],
    "eventTypes": [],
    "objects": OBJECTS,
    "events": [
        {"id": "e1", "type": "call", "time": "2026-01-05T09:00:00Z", "attributes": [{"name": "resource", "value": "Weber"}], "relationships": [{"objectId": "k1", "qualifier": ""}, {"objectId": "p1", "qualifier": ""}, {"objectId": "d1", "qualifier": ""}]},
        {"id": "e2", "type": "ship", "time": "2026-01-06T09:00:00Z", "attributes": [], "relationships": [{"objectId": "o1", "qualifier": ""}]},
        {"id": "e3", "type": "fair", "time": "2026-01-07T09:00:00Z", "attributes": [], "relationships": [{"objectId": "k1", "qualifier": ""}, {"objectId": "k2", "qualifier": ""}]},
    ],
}  # fmt: skip


def test_objects_by_their_type_are_companies_contacts_and_deals(read_text: Callable[..., Any]) -> None:
    read = read_text(json.dumps(LOG))
    assert read.format == "ocel log (JSON)"
    assert {row["record_id"]: row["account_ref"] for row in read["events"]} == {
        "e1": "k1",
        "e2": "k1",
        "e3": "k1",
        "e3:k2": "k2",
    }
    call = read.one("events", "e1")
    assert (call["contact_ref"], call["deal_ref"], call["owner"], call["name"]) == ("p1", "d1", "Weber", "call")
    assert {row["record_id"]: row["name"] for row in read["accounts"]} == {"k1": "Beispiel GmbH", "k2": "Customer k2"}
    (person,) = read["people"]
    assert (person["email"], person["account_ref"]) == ("anna@firma.example", "k1")
    (deal,) = read["deals"]
    assert (deal["status"], deal["account_ref"]) == ("won", "k1")


@pytest.mark.shared
def test_all_files_of_one_log_say_the_same(read_file: Callable[..., Any], shared: Path) -> None:
    read = {kind: read_file(shared / "ocel" / f"ocel20_example.{kind}") for kind in ("jsonocel", "xmlocel", "sqlite")}
    with sqlite3.connect(shared / "ocel" / "ocel20_example.sqlite") as connection:
        number = connection.execute("SELECT count(*) FROM event").fetchone()[0]
    for kind, log in read.items():
        assert (
            len({row["record_id"].split(":")[0] for row in log["events"]})
            + len({json.loads(bad.text)["events"].get("record_id") for bad in log.bad})
            == number
        ), kind
        assert any("stands for it" in note for note in log.notes), kind
    pairs = [
        sorted((row["record_id"], row["name"], row.get("account_ref")) for row in log["events"])
        for log in read.values()
    ]
    assert pairs[0] == pairs[1]


@pytest.mark.shared
def test_clocks_of_1970_and_1980_are_told_and_nothing_is_lost(read_file: Callable[..., Any], shared: Path) -> None:
    document = json.loads((shared / "ocel" / "example_log.jsonocel").read_text())
    for kind in ("jsonocel", "xmlocel", "sqlite", "csv"):
        read = read_file(shared / "ocel" / f"example_log.{kind}")
        assert {bad.kind for bad in read.bad} <= {"the clock stood in 1970 or before"}, kind
        ids = {re.sub(":.*", "", json.loads(bad.text)["events"]["record_id"]) for bad in read.bad}
        ids |= {re.sub(":.*", "", row["record_id"]) for row in read["events"]}
        assert ids == set(document["ocel:events"]), kind


@pytest.mark.shared
def test_the_flat_table_has_an_event_a_row_at_least(read_file: Callable[..., Any], shared: Path) -> None:
    path = shared / "ocel" / "example_log_2.csv"
    with path.open(newline="") as file:
        wanted = {row["ocel:eid"] for row in csv.DictReader(file)}
    read = read_file(path)
    assert {row["record_id"].split(":")[0] for row in read["events"]} == wanted


def test_a_whole_number_is_the_same_in_every_container(tmp_path: Path) -> None:
    """SQLite and JSON know a whole number as 456.0 where the flat table has 456."""
    told = {"ocel:objects": {"o1": {"ocel:type": "order", "ocel:ovmap": {"pieces": 456.0, "weight": 1.5}}}, "ocel:events": {}}
    (tmp_path / "log.json").write_text(json.dumps(told), encoding="utf-8")
    assert from_json(tmp_path / "log.json").objects["o1"].attributes == {"pieces": "456", "weight": "1.5"}


def test_another_log_with_the_same_ids_is_told_and_has_room_beside(tmp_path: Path) -> None:
    head = "ocel:eid,ocel:activity,ocel:timestamp,ocel:type:order\n"
    for name, activity in (("one", "Create Order"), ("two", "Pay Invoice")):
        (tmp_path / f"{name}.csv").write_text(f"{head}e1,{activity},2026-01-05 10:00,\"['o1']\"\n", encoding="utf-8")
    ws = init_workspace(tmp_path / "ws")
    assert not any("--source" in note for note in ws.import_(tmp_path / "one.csv")[0].notes)
    (second,) = ws.import_(tmp_path / "two.csv")
    assert second.changed == 1
    assert any(note.startswith("1 records replaced earlier ones") and "--source NAME" in note for note in second.notes)
    (beside,) = ws.import_(tmp_path / "one.csv", source="other-log")
    assert (beside.new, beside.changed) == (1, 0)
