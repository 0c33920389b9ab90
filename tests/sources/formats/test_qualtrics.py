"""A response of Qualtrics is one event and one row of feedback an answered question, whatever the header rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEAD = ["StartDate", "EndDate", "Status", "Progress", "Finished", "RecordedDate", "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference", "UserLanguage", "Q1", "Q1_NPS_GROUP", "Q2", "Q3_1", "Q4_1", "Q5", "Firma"]  # fmt: skip
TEXTS = [
    "Anfangsdatum", "Enddatum", "Antworttyp", "Aktueller Stand", "Beendet", "Erfassungsdatum", "Antwort-ID", "Nachname", "Vorname", "E-Mail", "Externe Datenreferenz", "Benutzersprache",
    "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?", "Gruppe", "Wie einfach war es, ein Angebot zu erhalten?",
    "Wie wichtig ist Ihnen? - Lieferzeit", "Wie zufrieden sind Sie mit? - Lieferzeit", "Was können wir\nbesser machen?", "Firma",
]  # fmt: skip
IDS = ["startDate", "endDate", "status", "progress", "finished", "recordedDate", "_recordId", "recipientLastName", "recipientFirstName", "recipientEmail", "externalDataReference", "userLanguage", "QID1", "QID1_NPS_GROUP", "QID2", "QID3_1", "QID4_1", "QID5_TEXT", "Firma"]  # fmt: skip


def answer(number: int, **cells: str) -> list[str]:
    plain = {
        "StartDate": "2026-01-05 08:00:00", "EndDate": "2026-01-05 08:05:00", "Status": "0", "Progress": "100", "Finished": "1", "RecordedDate": "2026-01-05 08:05:01", "ResponseId": f"R_{number:04}",
        "RecipientLastName": "Beispiel", "RecipientFirstName": "Anna", "RecipientEmail": "Anna@Firma.example", "ExternalReference": "003A", "UserLanguage": "DE",
        "Q1": "9", "Q1_NPS_GROUP": "3", "Q2": "6", "Q3_1": "5", "Q4_1": "2", "Q5": "Schneller liefern, bitte.\nWirklich.", "Firma": "Firma GmbH",
    }  # fmt: skip
    return [{**plain, **cells}[name] for name in HEAD]


def sheet(*answers: list[str], ids: bool = True) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerow(TEXTS)
    if ids:
        writer.writerow(
            [
                json.dumps(
                    {"ImportId": name} | ({"timeZone": "Z"} if name == "startDate" else {}), separators=(",", ":")
                )
                for name in IDS
            ]
        )
    writer.writerows(answers)
    return out.getvalue()


@pytest.mark.parametrize("ids", [True, False])
def test_header_rows_are_no_answers(read_text: Callable[..., Any], ids: bool) -> None:
    read = read_text(sheet(answer(1), answer(2), ids=ids), zone="UTC")
    assert not read.bad
    assert sorted(row["record_id"] for row in read["events"]) == ["R_0001", "R_0002"]
    assert {row["response_id"] for row in read["feedback"]} == {"R_0001", "R_0002"}


def test_an_answered_question_is_a_row_with_what_it_measures(read_text: Callable[..., Any]) -> None:
    rows = {
        row["question_ref"]: row
        for row in read_text(sheet(answer(1), answer(2, Q5="Alles gut, danke Ihnen sehr.")))["feedback"]
        if row["response_id"] == "R_0001"
    }
    assert {
        ref: (row["instrument"], row.get("value"), row.get("low"), row.get("high")) for ref, row in rows.items()
    } == {
        "QID1": ("nps", 9.0, 0.0, 10.0),
        "QID2": ("ces", 6.0, 1.0, 7.0),
        "QID3_1": ("importance", 5.0, 1.0, 5.0),
        "QID4_1": ("satisfaction", 2.0, 1.0, 5.0),
        "QID5_TEXT": ("text", None, None, None),
    }
    assert rows["QID5_TEXT"]["question"] == "Was können wir besser machen?"
    assert rows["QID5_TEXT"]["text"] == "Schneller liefern, bitte.\nWirklich."
    one = rows["QID1"]
    assert (
        one["email"],
        one["contact_ref"],
        one["person_name"],
        one["company_name"],
        one["language"],
        one["finished"],
    ) == ("anna@firma.example", "003A", "Anna Beispiel", "Firma GmbH", "DE", True)


def test_the_event_carries_the_recommendation(read_text: Callable[..., Any]) -> None:
    (event,) = read_text(sheet(answer(1)))["events"]
    assert (event["kind"], event["value"], event["email"], event["user_id"]) == (
        "survey_answer",
        9.0,
        "anna@firma.example",
        "003A",
    )
    assert event["happened_at"].isoformat() == "2026-01-05T08:05:00+00:00"


def test_empty_answers_are_no_rows_and_an_unfinished_response_is_no_event(read_text: Callable[..., Any]) -> None:
    read = read_text(sheet(answer(1), answer(2, Finished="0", Progress="40", Q5="", Q4_1="")))
    assert [row["record_id"] for row in read["events"]] == ["R_0001"]
    left = [row for row in read["feedback"] if row["response_id"] == "R_0002"]
    assert {row["question_ref"] for row in left} == {"QID1", "QID2", "QID3_1"}
    assert not any(row["finished"] for row in left)
    assert any("not sent to the end" in note for note in read.notes)


def test_previews_are_left_out_and_said(read_text: Callable[..., Any]) -> None:
    read = read_text(sheet(answer(1), answer(2, Status="1")))
    assert [row["record_id"] for row in read["events"]] == ["R_0001"]
    assert any(note.startswith("1 responses are previews") for note in read.notes)


def test_choice_texts_keep_their_number(read_text: Callable[..., Any]) -> None:
    rows = read_text(
        sheet(
            answer(1, Q1="10 - äußerst wahrscheinlich", Q2="Sehr einfach (7)"),
            answer(2, Q1="0 - unwahrscheinlich", Q2="Schwer (2)"),
        )
    )["feedback"]
    values = {row["record_id"]: row.get("value") for row in rows}
    assert (values["R_0001:QID1"], values["R_0002:QID1"], values["R_0001:QID2"]) == (10.0, 0.0, 7.0)


def test_the_zone_is_the_one_that_the_export_states(read_text: Callable[..., Any]) -> None:
    stated, unstated = sheet(answer(1)), sheet(answer(1), ids=False)
    assert read_text(stated, zone="Europe/Berlin")["events"][0]["happened_at"].hour == 8
    assert read_text(unstated, zone="Europe/Berlin")["events"][0]["happened_at"].hour == 7


@pytest.mark.shared
@pytest.mark.parametrize("name", ["sample", "sample_legacy"])
def test_the_real_exports_have_one_response(read_file: Callable[..., Any], shared: Path, name: str) -> None:
    read = read_file(shared / "qualtrics_csv_de" / f"{name}.csv", zone="UTC")
    assert not read.bad
    (event,) = read["events"]
    assert event["record_id"] == "R_2YPOQ602ER1jkf1"
    assert event["happened_at"].isoformat() == "2017-07-18T08:28:48+00:00"
    answers = {row["question"]: row.get("text", row.get("value")) for row in read["feedback"]}
    assert answers == {"This is a multiple choice question.": 2.0, "This is a free text question.": "Hello World!"}


@pytest.mark.shared
def test_tables_of_a_connector_are_read(read_file: Callable[..., Any], shared: Path) -> None:
    seeds = shared / "qualtrics_seeds"

    def count(name: str) -> int:
        with (seeds / f"{name}.csv").open(newline="") as file:
            return sum(1 for _ in csv.DictReader(file))

    assert len(read_file(seeds / "survey_response.csv")["events"]) == count("survey_response")
    assert len(read_file(seeds / "question_response.csv")["feedback"]) == count("question_response")
    assert len(read_file(seeds / "directory_contact.csv")["people"]) == count("directory_contact")
    assert {row["kind"] for row in read_file(seeds / "distribution_contact.csv")["events"]} >= {
        "email_sent",
        "email_open",
    }
    assert all(row["internal"] for row in read_file(seeds / "user.csv")["people"])
