"""Whoever came to a fair or a webinar is an event and a person, however the list is headed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FAIR = (
    "Messe;Erfasst am;Uhrzeit;Firma;Anrede;Vorname;Name;Funktion;E-Mail;Telefon;Ort;Land;Interesse;Bewertung;Notiz;Erfasst von\r\n"
    "Hannover Messe 2026;21.04.2026;14:05;Beispiel Maschinenbau GmbH;;Anna;Beispiel;Leiterin Instandhaltung;Anna.Beispiel@Firma.example;0711 1234;Stuttgart;Deutschland;VibroSense Pro;4;bittet um Rückruf;Weber\r\n"
    "Hannover Messe 2026;22.04.2026;09:30;Werk AG;;Jörg;Müller;;;;Graz;Österreich;;;;Weber\r\n"
)
WEBINAR = (
    "Vorname;Nachname;E-Mail-Adresse;Unternehmen;Position;Registriert am;Teilgenommen;Beitrittszeit;Verweildauer (Minuten);Zufriedenheit;Webinar\r\n"
    "Anna;Beispiel;anna@firma.example;Beispiel GmbH;Technik;05.01.2026 08:00;Ja;05.01.2026 10:02;42;4,5;Schwingungen verstehen\r\n"
    "Jörg;Müller;joerg@werk.example;Werk AG;;04.01.2026 11:15;Nein;;;;Schwingungen verstehen\r\n"
)


def test_a_fair_list_in_german_on_windows(read_text: Callable[..., Any]) -> None:
    read = read_text(FAIR.encode("cp1252"))
    assert read.format == "list of attendees"
    assert not read.bad
    one, two = sorted(read["events"], key=lambda row: row["happened_at"])
    assert (one["kind"], one["name"], one["online"], one["email"]) == (
        "fair_visit",
        "Hannover Messe 2026",
        False,
        "anna.beispiel@firma.example",
    )
    assert one["happened_at"].isoformat() == "2026-04-21T12:05:00+00:00"
    assert (one["content"], one["value"], one["text"], one["owner"]) == (
        "VibroSense Pro",
        4.0,
        "bittet um Rückruf",
        "Weber",
    )
    assert (two["person_name"], two["company_name"]) == ("Jörg Müller", "Werk AG")
    people = {row["last_name"]: row for row in read["people"]}
    assert (people["Müller"]["first_name"], people["Müller"]["country"]) == ("Jörg", "Österreich")
    assert people["Beispiel"]["record_id"] == one["contact_ref"]


def test_a_webinar_list_tells_who_came_from_who_only_registered(read_text: Callable[..., Any]) -> None:
    read = read_text(WEBINAR.encode("cp1252"))
    rows = {row["email"]: row for row in read["events"]}
    came, missed = rows["anna@firma.example"], rows["joerg@werk.example"]
    assert (came["kind"], came["detail"], came["value"], came["name"]) == (
        "webinar",
        "attended",
        42.0,
        "Schwingungen verstehen",
    )
    assert came["happened_at"].isoformat() == "2026-01-05T09:02:00+00:00"
    assert (missed["kind"], missed["detail"]) == ("form", "registered")
    assert missed["happened_at"].isoformat() == "2026-01-04T10:15:00+00:00"
    (mark,) = read["feedback"]
    assert (mark["value"], mark["low"], mark["high"], mark["email"]) == (4.5, 1.0, 5.0, "anna@firma.example")


def test_english_headings_and_lengths_of_stay(read_text: Callable[..., Any]) -> None:
    read = read_text(
        "Topic,User Name (Original Name),Email,Organization,Registration Time,Join Time,Time in Session (minutes),Attended\n"
        'Vibration 101,Ann Example,ann@firm.example,Firm Ltd,"Jan 4, 2026 10:00 AM","Jan 5, 2026 10:02 AM",0:42:10,Yes\n',
        zone="UTC",
    )
    (row,) = read["events"]
    assert (row["kind"], row["value"], row["person_name"]) == ("webinar", 42.0, "Ann Example")
    assert row["happened_at"].isoformat() == "2026-01-05T10:02:00+00:00"


def test_the_lines_above_a_list_name_the_fair_and_its_first_day(read_text: Callable[..., Any]) -> None:
    read = read_text(
        "Leads Motek 06.10.2026\n\nFirma;Ansprechpartner;E-Mail;Gesprächsnotiz\nWerk AG;Jörg Müller;j@werk.example;will Angebot\nX AG;Y Z;y@x.example;\n"
    )
    rows = {row["email"]: row for row in read["events"]}
    assert rows["j@werk.example"]["name"] == "Leads Motek"
    assert rows["j@werk.example"]["kind"] == "fair_visit"
    assert rows["j@werk.example"]["happened_at"].isoformat() == "2026-10-05T22:00:00+00:00"
    assert any("no column of days" in note for note in read.notes)


def test_a_list_of_customers_is_no_list_of_attendees(read_text: Callable[..., Any]) -> None:
    from etappe.errors import FileFault

    with pytest.raises(FileFault, match="no format recognises"):
        read_text("Firma;Ansprechpartner;E-Mail;Ort\nWerk AG;Jörg Müller;j@werk.example;Graz\n")


def test_the_same_guest_of_another_day_is_another_visit(read_text: Callable[..., Any]) -> None:
    again = FAIR + FAIR.splitlines()[1].replace("21.04.2026", "23.04.2026") + "\r\n"
    read = read_text(again.encode("cp1252"))
    assert len({row["record_id"] for row in read["events"]}) == 3
    assert len({row["record_id"] for row in read["people"]}) == 2


def test_a_scanned_badge_is_a_lead_and_scanned_again_the_same(read_text: Callable[..., Any]) -> None:
    lead = {
        "code": "ABC12", "scanned": "2026-04-21T14:05:00+02:00", "scan_type": "lead", "rating": 4, "notes": "will Demo", "tags": ["Pumpen", "heiß"], "device_name": "Stand 1",
        "attendee": {"fields": [{"id": "attendee_name", "label": "Name", "value": "Anna Beispiel"}, {"id": "attendee_email", "label": "E-Mail", "value": "Anna@firma.example"}, {"id": "q1", "label": "Firma", "value": "Beispiel GmbH"}]},
    }  # fmt: skip
    for text in (
        json.dumps({"results": [lead]}),
        json.dumps([lead]),
        json.dumps(lead) + "\n" + json.dumps({**lead, "code": "X"}) + "\n",
    ):
        read = read_text(text)
        row = next(row for row in read["events"] if row["contact_ref"] == "ABC12")
        assert (row["kind"], row["email"], row["company_name"], row["value"], row["content"]) == (
            "fair_visit",
            "anna@firma.example",
            "Beispiel GmbH",
            4.0,
            "Pumpen, heiß",
        )
        assert row["happened_at"].isoformat() == "2026-04-21T12:05:00+00:00"


def test_a_workbook_reads_as_the_text_does(
    read_text: Callable[..., Any], read_file: Callable[..., Any], tmp_path: Path
) -> None:
    from workbook import write_workbook

    path = tmp_path / "leads.xlsx"
    write_workbook(path, [line.split(";") for line in FAIR.strip().split("\r\n")])
    text, book = read_text(FAIR), read_file(path)
    assert sorted(map(str, text["events"])) == sorted(map(str, book["events"]))
