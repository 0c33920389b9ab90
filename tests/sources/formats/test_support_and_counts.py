"""Freshdesk's objects are read; Plausible's counts are refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etappe.errors import FileFault


def test_freshdesks_objects(read_text: Callable[..., Any]) -> None:
    ticket = {
        "id": 7,
        "subject": "Gateway offline",
        "requester_id": 21,
        "responder_id": 3,
        "company_id": 9,
        "source": 1,
        "status": 2,
        "type": "Incident",
        "description_text": "Hallo",
        "created_at": "2026-01-05T08:00:00Z",
    }
    (event,) = read_text(json.dumps([ticket]))["events"]
    assert (event["record_id"], event["kind"], event["contact_ref"], event["account_ref"], event["name"]) == (
        "7",
        "ticket",
        "21",
        "9",
        "Gateway offline",
    )
    replies = [
        {
            "id": 1,
            "ticket_id": 7,
            "incoming": True,
            "private": False,
            "body_text": "ja",
            "user_id": 21,
            "created_at": "2026-01-05T09:00:00Z",
        },
        {
            "id": 2,
            "ticket_id": 7,
            "incoming": False,
            "private": True,
            "body_text": "intern",
            "user_id": 3,
            "created_at": "2026-01-05T10:00:00Z",
        },
    ]
    read = read_text(json.dumps(replies))
    assert [(row["kind"], row["direction"]) for row in sorted(read["events"], key=lambda row: row["record_id"])] == [
        ("ticket_reply", "in"),
        ("note", "none"),
    ]
    contact = {
        "id": 21,
        "name": "Anna Beispiel",
        "email": "Anna@firma.example",
        "other_emails": ["a.b@firma.example"],
        "company_id": 9,
        "view_all_tickets": False,
        "created_at": "2026-01-01T00:00:00Z",
    }
    (person,) = read_text(json.dumps([contact]))["people"]
    assert (person["email"], person["emails"], person["account_ref"]) == (
        "anna@firma.example",
        ["a.b@firma.example"],
        "9",
    )
    company = {
        "id": 9,
        "name": "Firma GmbH",
        "domains": ["firma.example", "firma.test"],
        "health_score": "Happy",
        "account_tier": "Premium",
        "created_at": "2026-01-01T00:00:00Z",
    }
    (account,) = read_text(json.dumps([company]))["accounts"]
    assert (account["domains"], account["tier"]) == (["firma.example", "firma.test"], "Premium")


@pytest.mark.shared
def test_counts_are_refused_with_words(read_file: Callable[..., Any], shared: Path) -> None:
    files = sorted((shared / "plausible_exports").glob("*.csv"))
    assert files
    for path in files:
        with pytest.raises(FileFault, match="sums by day"):
            read_file(path)
