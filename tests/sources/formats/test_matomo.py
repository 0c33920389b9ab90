"""Matomo's visits become one event an action, the same from JSON and XML; sums are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etappe.errors import FileFault

VISIT: dict[str, Any] = {
    "idSite": "1",
    "idVisit": "71",
    "visitorId": "a13b7c5a62f72dea",
    "userId": "anna.beispiel@example.com",
    "fingerprint": "f00d",
    "referrerType": "campaign",
    "referrerName": "herbst",
    "referrerKeyword": "sensor",
    "campaignSource": "newsletter",
    "campaignMedium": "email",
    "referrerUrl": "https://mail.example.com/",
    "siteCurrency": "EUR",
    "firstActionTimestamp": 1767600000,
    "lastActionDateTime": "2026-01-05 09:00:00",
    "actions": "6",
    "actionDetails": [
        {
            "type": "action",
            "url": "https://portal.example.com/preise",
            "pageTitle": "Preise",
            "timestamp": 1767600000,
        },
        {"type": "download", "url": "https://portal.example.com/daten.pdf", "timestamp": 1767600060},
        {"type": "search", "siteSearchKeyword": "kalibrierung", "timestamp": 1767600120},
        {
            "type": "event",
            "eventCategory": "Formular",
            "eventAction": "abgesendet",
            "eventName": "Kontakt",
            "eventValue": 3,
            "timestamp": 1767600180,
        },
        {"type": "goal", "goalName": "Demo-Anfrage", "revenue": 0, "timestamp": 1767600240},
        {"type": "ecommerceOrder", "orderId": "o1", "revenue": 119.5, "timestamp": 1767600300},
    ],
}
BARE = {
    "idVisit": "72",
    "visitorId": "b",
    "firstActionTimestamp": 1767603600,
    "actionDetails": [],
    "referrerType": "direct",
}


def as_xml(value: Any, tag: str) -> str:
    if isinstance(value, list):
        inner = "".join(as_xml(item, "row") for item in value)
    elif isinstance(value, dict):
        inner = "".join(as_xml(item, name) for name, item in value.items())
    else:
        inner = str(value)
    return f"<{tag}>{inner}</{tag}>"


def test_every_action_is_one_event_and_a_visit_without_actions_is_one_too(
    read_text: Callable[..., Any],
) -> None:
    read = read_text(json.dumps([VISIT, BARE]))
    assert {row["record_id"]: (row["kind"], row["name"]) for row in read["events"]} == {
        "71-1": ("page_view", "Preise"),
        "71-2": ("download", "https://portal.example.com/daten.pdf"),
        "71-3": ("search", "kalibrierung"),
        "71-4": ("form", "Kontakt"),
        "71-5": ("form", "Demo-Anfrage"),
        "71-6": ("purchase", "ecommerceOrder"),
        "72-0": ("web_event", "visit"),
    }
    assert not read.bad
    first = read.one("events", "71-1")
    assert (first["cookie"], first["user_id"], first["email"]) == (
        "a13b7c5a62f72dea",
        "anna.beispiel@example.com",
        "anna.beispiel@example.com",
    )
    assert (first["medium"], first["origin"], first["campaign"]) == ("email", "newsletter", "herbst")
    assert first["happened_at"].isoformat() == "2026-01-05T08:00:00+00:00"
    assert (read.one("events", "71-6")["value"], read.one("events", "71-6")["currency"]) == (119.5, "EUR")


def test_json_and_xml_of_the_same_visits_are_the_same_records(read_text: Callable[..., Any]) -> None:
    one = read_text(json.dumps([VISIT, BARE]))
    other = read_text('<?xml version="1.0" encoding="utf-8" ?>\n' + as_xml([VISIT, BARE], "result"))
    assert sorted(map(str, one["events"])) == sorted(map(str, other["events"]))


def test_a_request_over_days_is_a_list_a_day(read_text: Callable[..., Any]) -> None:
    read = read_text(json.dumps({"2026-01-04": [], "2026-01-05": [VISIT], "2026-01-06": [BARE]}))
    assert len(read["events"]) == 7


def test_a_shared_fingerprint_is_no_identifier(read_text: Callable[..., Any]) -> None:
    read = read_text(json.dumps([VISIT]))
    assert "f00d" not in str(read["events"])


@pytest.mark.shared
def test_the_real_xml_has_an_event_an_action(read_file: Callable[..., Any], shared: Path) -> None:
    path = shared / "matomo_exports" / "test_UserId_VisitorId__Live.getLastVisitsDetails_month.xml"
    read = read_file(path)
    assert read.format == "matomo visits (XML)"
    assert len(read["events"]) == path.read_text().count("<timestamp>")
    # A user id that appears in mid visit is the whole visit's.
    assert {row.get("user_id") for row in read["events"] if row["session_id"] == "3"} == {"email@example.com"}


@pytest.mark.shared
def test_the_real_csv_says_that_its_actions_are_missing(read_file: Callable[..., Any], shared: Path) -> None:
    read = read_file(shared / "matomo_exports" / "test_csvExport__Live.getLastVisitsDetails_day.csv")
    assert [row["happened_at"].isoformat() for row in read["events"]] == [
        "2010-01-03T11:52:33+00:00",
        "2010-01-03T11:22:33+00:00",
    ]
    assert any("actions are left out" in note for note in read.notes)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["Contents.getContentNames", "VisitsSummary.get"])
def test_sums_are_refused_with_the_export_that_is_wanted(
    read_file: Callable[..., Any], shared: Path, name: str
) -> None:
    with pytest.raises(FileFault) as told:
        read_file(shared / "matomo_exports" / f"test_csvExport_xp1_inner1_trans-de__{name}_day.csv")
    assert "sums" in told.value.what
    assert "getLastVisitsDetails" in told.value.do_next


def test_an_error_message_is_refused(read_text: Callable[..., Any]) -> None:
    with pytest.raises(FileFault, match="error message"):
        read_text('{"result":"error","message":"You can\'t access this resource"}')


def test_xml_that_ends_in_the_middle_is_a_fault(read_text: Callable[..., Any]) -> None:
    with pytest.raises(FileFault, match="XML is broken"):
        read_text(as_xml([VISIT], "result")[:-30])
