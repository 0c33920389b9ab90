"""Handles: what events say of who it was with, each distinct thing once, and nothing of it lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import open_engine
from etappe.tables.handles import HINTS, gather, handle_of

DAY = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def gathered(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    whole = [
        {"source": "web", "record_id": str(place), "kind": "page_view", "happened_at": DAY + dt.timedelta(days=place)}
        | {"learned_at": DAY, "import_id": "i", **row}
        for place, row in enumerate(rows)
    ]
    with open_engine() as engine:
        events = engine.from_arrow("events", pa.Table.from_pylist(whole, schema=EVIDENCE["events"].arrow))
        found = engine.keep("handles", gather(events))
        known = {row["handle"] for row in engine.rows(events.select(handle=handle_of(events)))}
        assert known == {row["handle"] for row in engine.rows(found)}
        return sorted(engine.rows(found), key=lambda row: row["first_at"])


def test_events_that_say_the_same_of_who_it_was_are_one_handle_and_are_counted() -> None:
    (one,) = gathered({"cookie": "c1"}, {"cookie": "c1", "url": "https://x.example/preise"}, {"cookie": "c1"})
    assert (one["seen"], one["first_at"], one["last_at"]) == (3, DAY, DAY + dt.timedelta(days=2))
    assert {name: one[name] for name in HINTS if one[name] is not None} == {"cookie": "c1"}


def test_whatever_differs_in_any_hint_or_in_its_source_is_another_handle() -> None:
    rows: list[dict[str, Any]] = [{name: ["x"] if name == "participants" else "x"} for name in HINTS]
    rows += [{}, {"participants": []}, {"participants": ["x", "y"]}, {"source": "crm"}, {"kind": "call"}]
    assert len(gathered(*rows)) == len(rows)


def test_a_company_on_a_web_event_is_told_from_one_on_a_call() -> None:
    visit, call = gathered({"domain": "muster.example"}, {"domain": "muster.example", "kind": "call"})
    assert (visit["visit"], call["visit"]) == (True, False)
