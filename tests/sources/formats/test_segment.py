"""Calls of Segment and RudderStack, events of PostHog, and their requests as they were caught."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

PAGE = {
    "page": {"url": "https://www.example.com/preise", "title": "Preise", "referrer": "https://www.google.com/"},
    "campaign": {"name": "q1", "source": "linkedin", "medium": "paid-social"},
    "userAgent": "Mozilla/5.0",
}
CALLS: list[dict[str, Any]] = [
    {"type": "page", "messageId": "m1", "anonymousId": "anon-1", "timestamp": "2026-01-05T08:00:00Z", "context": PAGE, "name": "Preise"},
    {"type": "track", "messageId": "m2", "anonymousId": "anon-1", "timestamp": "2026-01-05T08:01:00Z", "event": "Demo Requested", "properties": {"form": "demo"}, "context": PAGE},
    {"type": "identify", "messageId": "m3", "anonymousId": "anon-1", "userId": "u-1", "timestamp": "2026-01-05T08:02:00Z", "traits": {"email": "Anna@firma.example", "firstName": "Anna"}, "context": {}},
    {"type": "identify", "messageId": "m4", "anonymousId": "anon-1", "userId": "u-1", "timestamp": "2026-01-05T08:03:00Z", "context": {"traits": {"lastName": "Beispiel"}}},
    {"type": "group", "messageId": "m5", "userId": "u-1", "groupId": "acc-1", "timestamp": "2026-01-05T08:04:00Z", "traits": {"name": "Beispiel GmbH", "employees": 120, "website": "firma.example"}},
    {"type": "alias", "messageId": "m6", "userId": "u-1", "previousId": "old-7", "timestamp": "2026-01-05T08:05:00Z"},
    {"type": "track", "messageId": "m7", "userId": "u-1", "originalTimestamp": "2026-01-05T08:06:00Z", "event": "Report Exported", "channel": "server", "context": {"groupId": "acc-1"}},
]  # fmt: skip


@pytest.mark.parametrize("wrapped", [False, True, "document"])
def test_calls_are_read_bare_and_in_batches(read_text: Callable[..., Any], wrapped: bool | str) -> None:
    if wrapped == "document":
        text = json.dumps({"batch": CALLS, "sentAt": "2026-01-05T09:00:00Z"}, indent=1)
    elif wrapped:
        text = "".join(json.dumps({"batch": part, "writeKey": "x"}) + "\n" for part in (CALLS[:3], CALLS[3:]))
    else:
        text = "".join(json.dumps(call) + "\n" for call in CALLS)
    read = read_text(text)
    assert read.format == "segment calls"
    assert not read.bad
    assert {row["record_id"]: (row["kind"], row["name"]) for row in read["events"]} == {
        "m1": ("page_view", "Preise"),
        "m2": ("form", "Demo Requested"),
        "m3": ("sign_in", "identified"),
        "m4": ("sign_in", "identified"),
        "m7": ("product_use", "Report Exported"),
    }
    first = read.one("events", "m1")
    assert (first["cookie"], first["medium"], first["origin"], first["campaign"], first["url"]) == (
        "anon-1",
        "paid-social",
        "linkedin",
        "q1",
        "https://www.example.com/preise",
    )
    assert read.one("events", "m7")["account_ref"] == "acc-1"


def test_traits_that_come_in_pieces_are_one_person(read_text: Callable[..., Any]) -> None:
    read = read_text("".join(json.dumps(call) + "\n" for call in CALLS))
    (person,) = read["people"]
    assert person == {
        "record_id": "u-1", "email": "anna@firma.example", "first_name": "Anna", "last_name": "Beispiel", "cookie": "anon-1", "user_id": "u-1", "account_ref": "acc-1", "merged_refs": ["old-7"],
    }  # fmt: skip
    (company,) = read["accounts"]
    assert (company["record_id"], company["name"], company["employees"], company["domain"]) == (
        "acc-1",
        "Beispiel GmbH",
        120.0,
        "firma.example",
    )


EVENTS: list[dict[str, Any]] = [
    {"uuid": "p1", "event": "$pageview", "distinct_id": "dev-1", "timestamp": "2026-01-05T08:00:00Z", "properties": {"$device_id": "dev-1", "$current_url": "https://www.example.com/preise", "title": "Preise", "$session_id": "s1", "utm_source": "linkedin"}},
    {"uuid": "p2", "event": "$identify", "distinct_id": "u-1", "timestamp": "2026-01-05T08:01:00Z", "properties": {"$device_id": "dev-1", "$anon_distinct_id": "dev-1", "$set": {"email": "anna@firma.example"}}},
    {"uuid": "p3", "event": "demo requested", "distinct_id": "u-1", "timestamp": "2026-01-05T08:02:00Z", "properties": {"$groups": {"company": "acc-1"}, "form": "demo"}},
    {"uuid": "p4", "event": "$groupidentify", "distinct_id": "$company_acc-1", "timestamp": "2026-01-05T08:03:00Z", "properties": {"$group_type": "company", "$group_key": "acc-1", "$group_set": {"name": "Beispiel GmbH"}}},
    {"uuid": "p5", "event": "$create_alias", "distinct_id": "dev-1", "timestamp": "2026-01-05T08:04:00Z", "properties": {"distinct_id": "dev-1", "alias": "u-1"}},
]  # fmt: skip


@pytest.mark.parametrize("parquet", [False, True])
def test_posthogs_device_is_no_user(
    read_text: Callable[..., Any], read_file: Callable[..., Any], tmp_path: Path, parquet: bool
) -> None:
    if parquet:
        path = tmp_path / "events.parquet"
        pq.write_table(
            pa.Table.from_pylist([{**event, "properties": json.dumps(event["properties"])} for event in EVENTS]), path
        )
        read = read_file(path)
    else:
        read = read_text("".join(json.dumps(event) + "\n" for event in EVENTS))
    assert read.format == "posthog events"
    rows = {row["record_id"]: row for row in read["events"]}
    assert set(rows) == {"p1", "p2", "p3"}
    assert (rows["p1"]["cookie"], rows["p1"].get("user_id"), rows["p1"]["kind"]) == ("dev-1", None, "page_view")
    assert (rows["p2"]["cookie"], rows["p2"]["user_id"], rows["p2"]["kind"]) == ("dev-1", "u-1", "sign_in")
    assert (rows["p3"]["kind"], rows["p3"]["account_ref"], rows["p3"]["content"]) == ("form", "acc-1", "demo")
    assert [(row["record_id"], row["name"]) for row in read["accounts"]] == [("acc-1", "Beispiel GmbH")]
    assert all(row["record_id"] == "u-1" and row["merged_refs"] == ["dev-1"] for row in read["people"])


@pytest.mark.shared
def test_what_nine_libraries_really_send(read_file: Callable[..., Any], shared: Path) -> None:
    path = shared / "tracker_payloads" / "captured.jsonl"
    read = read_file(path)
    assert read.format == "tracker requests"
    assert not read.bad
    sent: Counter[str] = Counter()
    for line in path.read_text().splitlines():
        request = json.loads(line)
        body = json.loads(request["body"]) if request["body"] else {}
        for item in body.get("batch", []) + body.get("data", []):
            sent["segment" if "messageId" in item else "posthog" if "distinct_id" in item else "snowplow"] += item.get(
                "type"
            ) not in ("group", "alias") and item.get("event") not in ("$groupidentify", "$create_alias", "$set")
    assert len(read["events"]) == sum(sent.values())
    assert {row["name"] for row in read["accounts"]} == {"Beispiel GmbH"}
    assert "anna.beispiel@example.com" in {row.get("email") for row in read["people"]}
    assert any("other systems" in note for note in read.notes)
