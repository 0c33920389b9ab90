"""Laws of what came in other files."""

from __future__ import annotations

import pyarrow as pa

from etappe.sources.associate import associate
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine


def tables(engine: Engine, **rows: list[dict[str, object]]) -> dict[str, object]:
    return {name: engine.from_arrow(name, pa.Table.from_pylist(rows.get(name, []), schema=table.arrow)) for name, table in EVIDENCE.items()}


def fact(about: str, ref: str, field: str, value: str, source: str = "crm") -> dict[str, object]:
    return {"source": source, "record_id": f"{about}{ref}{field}{value}", "about": about, "ref": ref, "field": field, "value": value}


def test_without_facts_the_tables_stay_the_very_same(engine: Engine) -> None:
    given = tables(engine, events=[{"source": "crm", "record_id": "1"}])
    assert all(associate(given, engine)[name] is table for name, table in given.items())  # type: ignore[arg-type]


def test_a_fact_fills_what_is_empty_and_overwrites_nothing(engine: Engine) -> None:
    given = tables(
        engine,
        deals=[{"source": "crm", "record_id": "1", "account_ref": "own"}, {"source": "crm", "record_id": "2"}, {"source": "other", "record_id": "2"}],
        facts=[fact("deals", "1", "account_ref", "a"), fact("deals", "2", "account_ref", "b")],
    )
    rows = engine.rows(associate(given, engine)["deals"])  # type: ignore[arg-type]
    assert sorted((row["source"], row["record_id"], row["account_ref"]) for row in rows) == [("crm", "1", "own"), ("crm", "2", "b"), ("other", "2", None)]


def test_further_contacts_of_an_event_take_part_in_it(engine: Engine) -> None:
    given = tables(
        engine,
        events=[{"source": "crm", "record_id": "1"}, {"source": "crm", "record_id": "2", "contact_ref": "own"}],
        facts=[fact("events", "1", "contact_ref", ref) for ref in ("b", "a", "c")] + [fact("events", "2", "contact_ref", "z")],
    )
    rows = {row["record_id"]: row for row in engine.rows(associate(given, engine)["events"])}  # type: ignore[arg-type]
    assert (rows["1"]["contact_ref"], sorted(rows["1"]["participants"])) == ("a", ["id:b", "id:c"])
    assert (rows["2"]["contact_ref"], rows["2"]["participants"]) == ("own", ["id:z"])


def test_what_its_system_deleted_is_gone_and_labels_replace_ids(engine: Engine) -> None:
    given = tables(
        engine,
        deals=[{"source": "crm", "record_id": "1", "stage": "77", "status": "open"}, {"source": "crm", "record_id": "2", "stage": "x", "status": "open"}],
        facts=[fact("deals", "2", "deleted", "true"), fact("stage", "77", "label", "Angebot"), fact("stage", "77", "status", "won")],
    )
    rows = engine.rows(associate(given, engine)["deals"])  # type: ignore[arg-type]
    assert [(row["record_id"], row["stage"], row["status"]) for row in rows] == [("1", "Angebot", "won")]


def test_who_took_part_in_a_fair_was_there_on_its_day(engine: Engine) -> None:
    given = tables(
        engine,
        events=[
            {"source": "crm", "record_id": "1", "kind": "list_change", "direction": "in", "campaign": "c"},
            {"source": "crm", "record_id": "2", "kind": "list_change", "direction": "out", "campaign": "c"},
        ],
        facts=[fact("campaign", "c", "label", "Messe"), fact("campaign", "c", "kind", "fair_visit"), fact("campaign", "c", "starts_at", "2026-03-03T00:00:00Z")],
    )
    rows = {row["record_id"]: row for row in engine.rows(associate(given, engine)["events"])}  # type: ignore[arg-type]
    assert (rows["1"]["kind"], rows["1"]["campaign"], rows["1"]["happened_at"].date().isoformat()) == ("fair_visit", "Messe", "2026-03-03")
    assert (rows["2"]["kind"], rows["2"]["happened_at"]) == ("list_change", None)
