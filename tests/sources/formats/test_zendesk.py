"""Tickets are contacts of the customer; agents are colleagues; a rating is good or bad."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

UI = (
    "Summation column,Id,Requester,Requester id,Requester external id,Requester email,Requester domain,Submitter,Assignee,Subject,Status,Via,Ticket type,Created at,Updated at,Organization,Solved at,Satisfaction Score\n"
    "1,20001,Anna Beispiel,380001,003A,Anna@firma.example,firma.example,Anna Beispiel,Weber,Gateway offline,Closed,Mail,Incident,2026-01-05 09:00,2026-01-06 10:00,Beispiel GmbH,2026-01-06 10:00,Good\n"
    "1,20002,Jo Müller,380002,,jo@werk.example,werk.example,Jo Müller,Weber,Frage,Closed,Web form,Question,2026-01-05 09:00,2026-01-06 10:00,Werk AG,2026-01-06 10:00,Not Offered\n"
)


def test_the_export_of_a_view(read_text: Callable[..., Any]) -> None:
    read = read_text(UI)
    assert read.format == "zendesk tickets (CSV)"
    row = read.one("events", "20001")
    assert (row["kind"], row["direction"], row["email"], row["contact_ref"], row["user_id"]) == (
        "ticket",
        "in",
        "anna@firma.example",
        "380001",
        "003A",
    )
    assert (row["name"], row["company_name"], row["domain"]) == ("Gateway offline", "Beispiel GmbH", "firma.example")
    assert row["happened_at"].isoformat() == "2026-01-05T08:00:00+00:00"
    (rating,) = read["feedback"]
    assert (rating["record_id"], rating["value"], rating["low"], rating["high"], rating["instrument"]) == (
        "20001:satisfaction",
        1.0,
        0.0,
        1.0,
        "csat",
    )
    assert rating["happened_at"].isoformat() == "2026-01-06T09:00:00+00:00"
    assert {row["record_id"] for row in read["people"]} == {"380001", "380002"}


def test_tickets_as_json(read_text: Callable[..., Any]) -> None:
    ticket = {
        "url": "https://x.example/1.json",
        "id": 20001,
        "via": {"channel": "email"},
        "created_at": "2026-01-05T08:00:00Z",
        "updated_at": "2026-01-06T09:00:00Z",
        "type": "incident",
        "subject": "Gateway offline",
        "description": "Hallo",
        "requester_id": 380001,
        "organization_id": 77,
        "status": "solved",
        "satisfaction_rating": {"score": "bad", "comment": "zu langsam"},
    }
    for text in (
        json.dumps(ticket) + "\n" + json.dumps({**ticket, "id": 2, "status": "deleted"}) + "\n",
        json.dumps({"tickets": [ticket, {**ticket, "id": 2, "status": "deleted"}]}),
    ):
        read = read_text(text)
        (row,) = read["events"]
        assert (row["record_id"], row["contact_ref"], row["account_ref"], row["medium"]) == (
            "20001",
            "380001",
            "77",
            "email",
        )
        rating = read.one("feedback", "20001:satisfaction")
        assert (rating["value"], rating["text"]) == (0.0, "zu langsam")


@pytest.mark.shared
def test_tables_of_a_connector(read_file: Callable[..., Any], shared: Path) -> None:
    seeds = shared / "zendesk_seeds"

    def records(name: str) -> list[dict[str, str]]:
        with (seeds / f"{name}.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    tickets = read_file(seeds / "ticket_data.csv")
    alive = [row for row in records("ticket_data") if row["status"] != "deleted"]
    assert {row["record_id"] for row in tickets["events"]} == {row["id"] for row in alive}
    assert len(tickets["facts"]) == len(records("ticket_data")) - len(alive)
    users = read_file(seeds / "user_data.csv")["people"]
    agents = {row["id"] for row in records("user_data") if row["role"] in ("agent", "admin")}
    assert {row["record_id"] for row in users if row["internal"]} == agents
    comments = read_file(seeds / "ticket_comment_data.csv")["events"]
    inside = {"comment:" + row["id"] for row in records("ticket_comment_data") if row["public"] == "FALSE"}
    assert {row["record_id"] for row in comments if row["kind"] == "note"} == inside
    assert len(read_file(seeds / "organization_data.csv")["accounts"]) == len(records("organization_data"))
    domains = read_file(seeds / "domain_name_data.csv")["facts"]
    assert {(row["about"], row["field"], row["ref"]) for row in domains} == {
        ("accounts", "domains", row["organization_id"]) for row in records("domain_name_data")
    }
