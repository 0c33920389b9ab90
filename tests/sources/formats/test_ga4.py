"""GA4 events keep visitor, session, page and the way in, the same from JSON lines and from Parquet."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etappe.errors import FileFault

TEXT, WHOLE = pa.string(), pa.int64()
VALUE = pa.struct(
    [
        ("string_value", TEXT),
        ("int_value", WHOLE),
        ("float_value", pa.float64()),
        ("double_value", pa.float64()),
    ]
)
SCHEMA = pa.schema(
    [
        ("event_date", TEXT),
        ("event_timestamp", WHOLE),
        ("event_name", TEXT),
        ("event_params", pa.list_(pa.struct([("key", TEXT), ("value", VALUE)]))),
        ("user_id", TEXT),
        ("user_pseudo_id", TEXT),
        ("privacy_info", pa.struct([("analytics_storage", TEXT)])),
        ("traffic_source", pa.struct([("name", TEXT), ("medium", TEXT), ("source", TEXT)])),
        (
            "collected_traffic_source",
            pa.struct(
                [
                    ("manual_source", TEXT),
                    ("manual_medium", TEXT),
                    ("manual_campaign_name", TEXT),
                    ("gclid", TEXT),
                ]
            ),
        ),
    ]
)


def event(name: str, at: int = 1767600000000000, source: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
    def value(given: Any) -> dict[str, Any]:
        return {
            "string_value": given if isinstance(given, str) else None,
            "int_value": given if isinstance(given, int) else None,
            "float_value": None,
            "double_value": given if isinstance(given, float) else None,
        }

    return {
        "event_date": "20260105",
        "event_timestamp": at,
        "event_name": name,
        "event_params": [
            {"key": key, "value": value(given)}
            for key, given in {
                "ga_session_id": 77,
                "page_location": "https://zwei.example.com/preise",
                **params,
            }.items()
        ],
        "user_id": None,
        "user_pseudo_id": "116.161",
        "privacy_info": {"analytics_storage": "Yes"},
        "traffic_source": {"name": "(direct)", "medium": "cpc", "source": "first-of-all"},
        "collected_traffic_source": source,
    }


EVENTS = [
    event("page_view", page_title="Preise", page_referrer="https://www.google.com/"),
    event("file_download", 1767600001000000, link_url="https://zwei.example.com/d.pdf", file_name="d.pdf"),
    event("form_start", 1767600002000000, form_id="f1"),
    event("form_submit", 1767600003000000, form_id="f1"),
    event("view_search_results", 1767600004000000, search_term="sensor"),
    event(
        "session_start",
        1767600005000000,
        {
            "manual_source": "linkedin",
            "manual_medium": "paid-social",
            "manual_campaign_name": "q1",
            "gclid": None,
        },
    ),
    event(
        "session_start",
        1767600006000000,
        {"manual_source": None, "manual_medium": None, "manual_campaign_name": None, "gclid": "Cj0"},
    ),
    event("purchase", 1767600007000000, value=19.5, currency="EUR"),
]


def as_lines(events: list[dict[str, Any]]) -> str:
    """As BigQuery writes JSON: whole numbers are texts, null fields are left out."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items() if inner is not None}
        if isinstance(value, list):
            return [plain(inner) for inner in value]
        return str(value) if isinstance(value, int) else value

    return "".join(json.dumps(plain(item)) + "\n" for item in events)


def test_kinds_and_names_follow_the_event(read_text: Callable[..., Any]) -> None:
    read = read_text(as_lines(EVENTS))
    assert not read.bad
    told = [
        (row["kind"], row["name"], row.get("term"))
        for row in sorted(read["events"], key=lambda row: row["happened_at"])
    ]
    assert told[:5] == [
        ("page_view", "Preise", None),
        ("download", "d.pdf", None),
        ("web_event", "f1", None),
        ("form", "f1", None),
        ("search", "sensor", "sensor"),
    ]
    assert told[7][0] == "purchase"


def test_the_way_in_is_the_sessions_and_never_the_users_first_one(read_text: Callable[..., Any]) -> None:
    rows = sorted(read_text(as_lines(EVENTS))["events"], key=lambda row: row["happened_at"])
    came = [(row.get("medium"), row.get("origin"), row.get("campaign")) for row in rows]
    assert came[0] == (None, None, None)
    assert came[5] == ("paid-social", "linkedin", "q1")
    assert came[6] == ("cpc", "google", None)
    assert "first-of-all" not in str(rows)


@pytest.mark.parametrize("wrapped", [False, True])
def test_parquet_and_json_lines_are_the_same_records(
    read_text: Callable[..., Any], read_file: Callable[..., Any], tmp_path: Path, wrapped: bool
) -> None:
    path = tmp_path / "events.parquet"
    table = pa.Table.from_pylist(EVENTS, schema=SCHEMA)
    if wrapped:  # as BigQuery writes lists where list inference is off
        rows = [
            {**row, "event_params": {"list": [{"element": item} for item in row["event_params"]]}} for row in EVENTS
        ]
        element = pa.struct(
            [("list", pa.list_(pa.struct([("element", pa.struct([("key", TEXT), ("value", VALUE)]))])))]
        )
        table = pa.Table.from_pylist(
            rows, schema=SCHEMA.set(SCHEMA.get_field_index("event_params"), pa.field("event_params", element))
        )
    pq.write_table(table, path)
    lines, columns = read_text(as_lines(EVENTS))["events"], read_file(path)["events"]
    assert sorted(map(str, lines)) == sorted(map(str, columns))


def test_a_session_is_a_visitors(read_text: Callable[..., Any]) -> None:
    (row,) = read_text(as_lines(EVENTS[:1]))["events"]
    assert (row["cookie"], row["session_id"], row["consent"]) == ("116.161", "116.161.77", True)


@pytest.mark.shared
def test_the_real_row_is_read(read_file: Callable[..., Any], shared: Path) -> None:
    (row,) = read_file(shared / "ga4_sample_row" / "source_event.json")["events"]
    assert row["happened_at"].isoformat() == "2021-04-06T06:49:50.431476+00:00"
    assert (row["cookie"], row["session_id"]) == ("1166526666.1617691776", "1166526666.1617691776.1617691775")
    assert row["url"].endswith("/behavior-driven-testing-drupal-8")


def test_a_report_is_refused(read_text: Callable[..., Any]) -> None:
    lines = "# ----------------------------------------\n# Akquisition\n# ----------------------------------------\n\nSitzung – Quelle,Nutzer,Sitzungen\ngoogle,10,12\nbing,4,5\n"
    with pytest.raises(FileFault, match="report of Google Analytics"):
        read_text(lines)
