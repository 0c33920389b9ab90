"""Pipedrive's lists name what they are linked to; its API gives ids and the way of each deal."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from workbook import write_workbook

Reader = Callable[..., Any]

ENGLISH = [
    ["Deal - ID", "Deal - Title", "Deal - Organization", "Deal - Contact person", "Deal - Value", "Deal - Currency of value", "Deal - Stage", "Deal - Pipeline", "Deal - Status",
     "Deal - Deal created", "Deal - Won time", "Deal - Lost time", "Deal - Lost reason", "Deal - Expected close date", "Deal - Owner", "Person - Email - Work", "Person - Name"],
    ["31", "Nachrüstung Halle 3", "Muster Maschinenbau GmbH", "Anna Beispiel", "48000", "EUR", "Angebot", "Vertrieb", "Won",
     "2025-04-01 10:00:00", "2025-09-30 16:00:00", "", "", "2025-09-15", "Eva Vogel", "Anna@Muster.example, a.b@muster.example", "Anna Beispiel"],
    ["32", "Erweiterung", "Muster Maschinenbau GmbH", "Anna Beispiel", "", "EUR", "Qualifiziert", "Vertrieb", "Open",
     "2026-02-01 09:00:00", "", "", "", "2026-12-31", "Eva Vogel", "", "Anna Beispiel"],
]  # fmt: skip
GERMAN = [
    ["Deal - ID", "Deal - Titel", "Deal - Organisation", "Deal - Kontaktperson", "Deal - Wert", "Deal - Währung", "Deal - Phase", "Deal - Pipeline", "Deal - Status",
     "Deal - Deal erstellt", "Deal - Gewonnen am", "Deal - Verloren am", "Deal - Verlustgrund", "Deal - Voraussichtliches Abschlussdatum", "Deal - Besitzer", "Person - E-Mail - Büro", "Person - Name"],
    ["31", "Nachrüstung Halle 3", "Muster Maschinenbau GmbH", "Anna Beispiel", "48000", "EUR", "Angebot", "Vertrieb", "Gewonnen",
     "2025-04-01 10:00:00", "2025-09-30 16:00:00", "", "", "2025-09-15", "Eva Vogel", "Anna@Muster.example, a.b@muster.example", "Anna Beispiel"],
    ["32", "Erweiterung", "Muster Maschinenbau GmbH", "Anna Beispiel", "", "EUR", "Qualifiziert", "Vertrieb", "Offen",
     "2026-02-01 09:00:00", "", "", "", "2026-12-31", "Eva Vogel", "", "Anna Beispiel"],
]  # fmt: skip


def as_csv(rows: list[list[str]]) -> str:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def without_attributes(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "attributes"} for row in rows]


def test_deals_read_the_same_in_english_german_and_as_a_workbook(
    read_text: Reader, read_file: Reader, tmp_path: Path
) -> None:
    write_workbook(tmp_path / "deals.xlsx", ENGLISH)
    english, german, book = read_text(as_csv(ENGLISH)), read_text(as_csv(GERMAN)), read_file(tmp_path / "deals.xlsx")
    assert english.format == german.format == book.format == "pipedrive deals"
    assert (
        without_attributes(english["deals"]) == without_attributes(german["deals"]) == without_attributes(book["deals"])
    )
    won = english.one("deals", "31")
    assert (won["status"], won["closed_at"], won["amount"], won["contact_email"]) == (
        "won",
        at(2025, 9, 30, 14),
        48000.0,
        "anna@muster.example",
    )
    assert english.one("deals", "32")["status"] == "open"
    assert [row["email"] for row in english["people"]] == [won["contact_email"]]
    assert "people" not in english.primary


def test_an_activity_counts_when_it_was_done(read_text: Reader) -> None:
    read = read_text(
        "Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Due time,Activity - Duration,Activity - Done,Activity - Contact person,Activity - Organization,Activity - Assigned to user\n"
        "1,Demo,Meeting,2025-05-05,10:00,01:30,Done,Anna Beispiel,Muster Maschinenbau GmbH,Eva Vogel\n"
        "2,Nachfassen,Call,2025-06-05,,,To do,Anna Beispiel,Muster Maschinenbau GmbH,Eva Vogel\n"
    )
    done, planned = read["events"]
    assert (done["kind"], done["happened_at"], done["value"], done["company_name"]) == (
        "meeting",
        at(2025, 5, 5, 8),
        90,
        "Muster Maschinenbau GmbH",
    )
    assert planned["kind"] == "note"


@pytest.mark.parametrize("nested", [False, True])
def test_deals_of_both_versions_of_the_api_are_the_same(read_text: Reader, nested: bool) -> None:
    deal = {"id": 31, "title": "Nachrüstung", "value": 48000, "currency": "EUR", "status": "won", "stage_id": 4, "pipeline_id": 1, "person_id": {"value": 7} if nested else 7,
            "org_id": {"value": 9, "name": "Muster"} if nested else 9, "owner_id": 2, "add_time": "2025-04-01T08:00:00Z", "won_time": "2025-09-30T14:00:00Z", "stage_change_time": "2025-08-01T08:00:00Z"}  # fmt: skip
    read = read_text(json.dumps({"success": True, "data": [deal, {**deal, "id": 32, "status": "deleted"}]}))
    row = read["deals"][0]
    assert (row["account_ref"], row["contact_refs"], row["status"], row["closed_at"]) == (
        "9",
        ["7"],
        "won",
        at(2025, 9, 30, 14),
    )
    assert [fact["ref"] for fact in read["facts"]] == ["32"]
    assert read["deal_stages"][0]["happened_at"] == at(2025, 8, 1, 8)


def test_people_have_all_their_addresses_and_meetings_all_their_people(read_text: Reader) -> None:
    people = read_text(
        json.dumps(
            {
                "data": [
                    {
                        "id": 7,
                        "name": "Anna Beispiel",
                        "org_id": 9,
                        "emails": [{"value": "Anna@Muster.example", "primary": True}, {"value": "a.b@muster.example"}],
                        "phones": [{"value": "+49 30 1"}],
                        "job_title": "Leiterin",
                        "add_time": "2025-01-01T00:00:00Z",
                    }
                ]
            }
        )
    )
    assert (people["people"][0]["email"], people["people"][0]["emails"], people["people"][0]["account_ref"]) == (
        "anna@muster.example",
        ["a.b@muster.example"],
        "9",
    )
    meeting = {"id": 1, "type": "meeting", "subject": "Demo", "due_date": "2025-05-05", "due_time": "08:00", "duration": "01:00", "done": True, "deal_id": 31, "person_id": 7, "org_id": 9,
               "participants": [{"person_id": 7, "primary": True}, {"person_id": 8, "primary": False}], "attendees": [{"email_address": "Bo@Muster.example"}]}  # fmt: skip
    event = read_text(json.dumps({"data": [meeting]}))["events"][0]
    assert (event["happened_at"], event["contact_ref"], event["participants"], event["value"]) == (
        at(2025, 5, 5, 8),
        "7",
        ["id:8", "bo@muster.example"],
        60,
    )


def test_the_flow_of_a_deal_has_its_stages(read_text: Reader) -> None:
    flow = [
        {
            "object": "dealChange",
            "timestamp": "2025-05-01 08:00:00",
            "data": {
                "id": 1,
                "item_id": 31,
                "field_key": key,
                "old_value": "1",
                "new_value": value,
                "log_time": "2025-05-01 08:00:00",
                "user_id": 2,
            },
        }
        for key, value in (("stage_id", "4"), ("value", "5"))
    ]
    read = read_text(json.dumps({"success": True, "data": flow}))
    assert [(row["deal_ref"], row["stage"], row["happened_at"]) for row in read["deal_stages"]] == [
        ("31", "4", at(2025, 5, 1, 8))
    ]
    assert any(note.startswith("1 changes") for note in read.notes)


def test_stages_and_users_name_their_ids(read_text: Reader) -> None:
    stages = read_text(
        json.dumps({"data": [{"id": 4, "name": "Angebot", "order_nr": 2, "pipeline_id": 1, "deal_probability": 60}]})
    )
    assert [(fact["about"], fact["ref"], fact["value"]) for fact in stages["facts"]] == [("stage", "4", "Angebot")]
    users = read_text(
        json.dumps(
            {
                "data": [
                    {
                        "id": 2,
                        "name": "Eva Vogel",
                        "email": "e.vogel@messwerk.example",
                        "timezone_name": "Europe/Berlin",
                        "active_flag": True,
                    }
                ]
            }
        )
    )
    assert users["people"][0]["internal"] is True
    assert users["facts"][0]["value"] == "Eva Vogel"
