"""Brevo: one event of a mail, whichever of its times it is told by, is one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

Reader = Callable[..., Any]

OPENED = {
    "id": 1, "camp_id": 17, "email": "Anna@Muster.example", "campaign name": "Newsletter Mai", "date_sent": "2025-05-05 09:00:00", "date_event": "2025-05-05 10:30:00",
    "event": "opened", "tag": "", "ts_sent": 1746428400, "ts_event": 1746433800,
}  # fmt: skip
CLICKED = OPENED | {"event": "click", "URL": "https://www.muster.example/preise", "ts_event": 1746433860}


def lines(*events: dict[str, Any]) -> str:
    return "\n".join(json.dumps(event) for event in events)


def test_the_moment_in_utc_counts_and_not_the_account_s_own(read_text: Reader) -> None:
    read = read_text(lines(OPENED, CLICKED))
    assert read.format == "brevo email events"
    opened, clicked = sorted(read["events"], key=lambda row: row["happened_at"])
    assert opened["happened_at"] == datetime(2025, 5, 5, 8, 30, tzinfo=UTC)
    assert {name: opened[name] for name in ("kind", "direction", "email", "campaign", "medium")} == {
        "kind": "email_open", "direction": "in", "email": "anna@muster.example", "campaign": "Newsletter Mai", "medium": "email",
    }  # fmt: skip
    assert (clicked["kind"], clicked["url"]) == ("email_click", "https://www.muster.example/preise")


def test_the_same_event_sent_twice_is_one_and_milliseconds_are_seconds(read_text: Reader) -> None:
    again = {**OPENED, "id": 2}
    epoch = {name: value for name, value in OPENED.items() if name not in ("ts_event", "date_event")} | {"ts_epoch": 1746433800000}
    ids = {row["record_id"] for content in (lines(OPENED), lines(again), lines(epoch)) for row in read_text(content)["events"]}
    assert len(ids) == 1


def test_a_proxy_s_opening_is_no_opening_and_a_complaint_ends_the_mails(read_text: Reader) -> None:
    told = [OPENED | {"event": event, "ts_event": 1746433800 + place} for place, event in enumerate(("proxy_open", "hard_bounce", "spam", "unsubscribed", "delivered", "something new"))]
    rows = sorted(read_text(lines(*told))["events"], key=lambda row: row["happened_at"])
    assert [row["kind"] for row in rows] == ["email_delivered", "email_bounce", "unsubscribe", "unsubscribe", "email_delivered", "other"]
    assert "proxy" in rows[0]["note"]


def test_a_broken_moment_is_quarantined_and_the_others_are_read(read_text: Reader) -> None:
    broken = OPENED | {"ts_event": "gestern", "date_event": "gestern"}
    read = read_text(lines(OPENED, broken, CLICKED))
    assert len(read["events"]) == 2
    assert len(read.bad) == 1
