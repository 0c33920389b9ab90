"""Laws of what came in other files."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from etappe.sources.associate import associate
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine


def tables(engine: Engine, **rows: list[dict[str, object]]) -> dict[str, object]:
    return {
        name: engine.from_arrow(name, pa.Table.from_pylist(rows.get(name, []), schema=table.arrow))
        for name, table in EVIDENCE.items()
    }


def fact(about: str, ref: str, field: str, value: str, source: str = "crm") -> dict[str, object]:
    return {
        "source": source,
        "record_id": f"{about}{ref}{field}{value}",
        "about": about,
        "ref": ref,
        "field": field,
        "value": value,
    }


def test_without_facts_the_tables_stay_the_very_same(engine: Engine) -> None:
    given = tables(engine, events=[{"source": "crm", "record_id": "1"}])
    assert all(associate(given, engine)[name] is table for name, table in given.items())  # type: ignore[arg-type]


def test_a_fact_fills_what_is_empty_and_overwrites_nothing(engine: Engine) -> None:
    given = tables(
        engine,
        deals=[
            {"source": "crm", "record_id": "1", "account_ref": "own"},
            {"source": "crm", "record_id": "2"},
            {"source": "other", "record_id": "2"},
        ],
        facts=[fact("deals", "1", "account_ref", "a"), fact("deals", "2", "account_ref", "b")],
    )
    rows = engine.rows(associate(given, engine)["deals"])  # type: ignore[arg-type]
    assert sorted((row["source"], row["record_id"], row["account_ref"]) for row in rows) == [
        ("crm", "1", "own"),
        ("crm", "2", "b"),
        ("other", "2", None),
    ]


def test_further_contacts_of_an_event_take_part_in_it(engine: Engine) -> None:
    given = tables(
        engine,
        events=[{"source": "crm", "record_id": "1"}, {"source": "crm", "record_id": "2", "contact_ref": "own"}],
        facts=[fact("events", "1", "contact_ref", ref) for ref in ("b", "a", "c")]
        + [fact("events", "2", "contact_ref", "z")],
    )
    rows = {row["record_id"]: row for row in engine.rows(associate(given, engine)["events"])}  # type: ignore[arg-type]
    assert (rows["1"]["contact_ref"], sorted(rows["1"]["participants"])) == ("a", ["id:b", "id:c"])
    assert (rows["2"]["contact_ref"], rows["2"]["participants"]) == ("own", ["id:z"])


def test_what_its_system_deleted_is_gone_and_labels_replace_ids(engine: Engine) -> None:
    given = tables(
        engine,
        deals=[
            {"source": "crm", "record_id": "1", "stage": "77", "status": "open"},
            {"source": "crm", "record_id": "2", "stage": "x", "status": "open"},
        ],
        facts=[
            fact("deals", "2", "deleted", "true"),
            fact("stage", "77", "label", "Angebot"),
            fact("stage", "77", "status", "won"),
        ],
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
        facts=[
            fact("campaign", "c", "label", "Messe"),
            fact("campaign", "c", "kind", "fair_visit"),
            fact("campaign", "c", "starts_at", "2026-03-03T00:00:00Z"),
        ],
    )
    rows = {row["record_id"]: row for row in engine.rows(associate(given, engine)["events"])}  # type: ignore[arg-type]
    assert (rows["1"]["kind"], rows["1"]["campaign"], rows["1"]["happened_at"].date().isoformat()) == (
        "fair_visit",
        "Messe",
        "2026-03-03",
    )
    assert (rows["2"]["kind"], rows["2"]["happened_at"]) == ("list_change", None)


def learned(row: dict[str, object], day: int) -> dict[str, object]:
    return row | {"learned_at": datetime(2026, 1, day, tzinfo=UTC)}


def test_a_record_that_came_back_from_the_bin_is_there_again(engine: Engine) -> None:
    given = tables(
        engine,
        people=[learned({"source": "crm", "record_id": ref}, day) for ref, day in (("gone", 1), ("back", 3))],
        facts=[learned(fact("people", ref, "deleted", "true"), 2) for ref in ("gone", "back")],
    )
    rows = engine.rows(associate(given, engine)["people"])  # type: ignore[arg-type]
    assert [row["record_id"] for row in rows] == ["back"]


def test_a_stage_that_its_pipeline_calls_won_closes_the_deal(engine: Engine) -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    given = tables(
        engine,
        deals=[
            {"source": "crm", "record_id": ref, "stage": ref, "status": status, "expected_at": day}
            for ref, status in (("1", "open"), ("2", "open"), ("3", "lost"))
        ],
        facts=[
            fact("won stage", "1", "label", "Auftrag"),
            fact("stage", "2", "label", "Angebot"),
            fact("won stage", "3", "label", "Auftrag"),
        ],
    )
    rows = {row["record_id"]: row for row in engine.rows(associate(given, engine)["deals"])}  # type: ignore[arg-type]
    assert [(rows[ref]["status"], rows[ref]["stage"], rows[ref]["closed_at"]) for ref in "123"] == [
        ("won", "Auftrag", day),
        ("open", "Angebot", None),
        ("lost", "Auftrag", None),
    ]


def test_a_deals_own_stage_counts_only_without_a_history(engine: Engine) -> None:
    stage = {"source": "crm", "stage": "Angebot"}
    given = tables(
        engine,
        deal_stages=[
            stage | {"record_id": "x:own", "deal_ref": "1"},
            stage | {"record_id": "h1", "deal_ref": "1"},
            stage | {"record_id": "y:own", "deal_ref": "2"},
        ],
    )
    rows = engine.rows(associate(given, engine)["deal_stages"])  # type: ignore[arg-type]
    assert sorted(row["record_id"] for row in rows) == ["h1", "y:own"]


def test_a_merged_deal_leaves_its_stages_and_people_to_the_other(engine: Engine) -> None:
    given = tables(
        engine,
        deals=[{"source": "crm", "record_id": "old"}, {"source": "crm", "record_id": "new"}],
        deal_stages=[{"source": "crm", "record_id": "s", "deal_ref": "old", "stage": "Angebot"}],
        events=[
            {"source": "crm", "record_id": "e", "deal_ref": "old"},
            {"source": "else", "record_id": "e", "deal_ref": "old"},
        ],
        facts=[fact("deals", "old", "merged_into", "new")],
    )
    made = associate(given, engine)  # type: ignore[arg-type]
    assert [row["record_id"] for row in engine.rows(made["deals"])] == ["new"]
    assert [row["deal_ref"] for row in engine.rows(made["deal_stages"])] == ["new"]
    assert sorted(row["deal_ref"] for row in engine.rows(made["events"])) == ["new", "old"]


def test_the_newest_label_counts_and_owners_are_named_everywhere(engine: Engine) -> None:
    given = tables(
        engine,
        events=[{"source": "crm", "record_id": "1", "owner": "7"}, {"source": "crm", "record_id": "2", "owner": "8"}],
        accounts=[{"source": "crm", "record_id": "1", "owner": "7"}],
        facts=[learned(fact("owner", "7", "label", "Eva Alt"), 1), learned(fact("owner", "7", "label", "Eva Neu"), 2)],
    )
    made = associate(given, engine)  # type: ignore[arg-type]
    assert sorted(row["owner"] for row in engine.rows(made["events"])) == ["8", "Eva Neu"]
    assert [row["owner"] for row in engine.rows(made["accounts"])] == ["Eva Neu"]


def test_a_list_grows_and_an_unsubscription_is_told_by_another_file(engine: Engine) -> None:
    given = tables(
        engine,
        people=[{"source": "crm", "record_id": "1", "merged_refs": ["2"]}],
        events=[
            {"source": "crm", "record_id": "1", "kind": "list_change"},
            {"source": "crm", "record_id": "2", "kind": "list_change"},
        ],
        facts=[
            fact("people", "1", "merged_refs", "3;4"),
            fact("people", "1", "merged_refs", "2"),
            fact("events", "1", "kind", "unsubscribe"),
        ],
    )
    made = associate(given, engine)  # type: ignore[arg-type]
    assert engine.rows(made["people"])[0]["merged_refs"] == ["2", "3", "4"]
    assert {row["record_id"]: row["kind"] for row in engine.rows(made["events"])} == {
        "1": "unsubscribe",
        "2": "list_change",
    }
