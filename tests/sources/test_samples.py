"""The samples beside the tests: each is known by its format, read without loss, and by no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etappe.sources.format import recognise
from etappe.sources.sniff import look

SAMPLES = Path(__file__).parent / "samples"
# Sample: format, rows of each table it counts by.
EXPECTED = {
    "fair_leads_de.csv": ("list of attendees", {"events": 2}),
    "ga4_events.jsonl": ("ga4 events", {"events": 8}),
    "google_ads_de.csv": ("google ads report", {"costs": 2}),
    "google_ads_en.csv": ("google ads report", {"costs": 1}),
    "limesurvey_de.csv": ("limesurvey responses", {"events": 1, "feedback": 4}),
    "linkedin_ads.csv": ("linkedin ads report", {"costs": 2}),
    "matomo_visits.json": ("matomo visits (JSON)", {"events": 7}),
    "matomo_visits.xml": ("matomo visits (XML)", {"events": 7}),
    "posthog_events.jsonl": ("posthog events", {"events": 3, "accounts": 1}),
    "process.xes": ("xes log", {"events": 3, "accounts": 2}),
    "process_objects.json": ("ocel log (JSON)", {"events": 4, "accounts": 2, "people": 1, "deals": 1}),
    "qualtrics_de.csv": ("qualtrics responses", {"events": 2, "feedback": 10}),
    "search_console_de.csv": ("search console download", {"searches": 2}),
    "search_console_pages_de.csv": ("search console download", {"searches": 1}),
    "segment_calls.jsonl": ("segment calls", {"events": 5, "accounts": 1, "people": 1}),
    "snowplow_events.csv": ("snowplow events", {"events": 2}),
    "snowplow_stream.tsv": ("snowplow enriched stream", {"events": 2}),
    "trustpilot.csv": ("trustpilot reviews", {"events": 2, "feedback": 2}),
    "typeform.csv": ("typeform responses", {"events": 1, "feedback": 3}),
    "webinar_de.csv": ("list of attendees", {"events": 2, "feedback": 1}),
    "zendesk_tickets.csv": ("zendesk tickets (CSV)", {"events": 2, "feedback": 1}),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_is_known_and_read_whole(read_file: Callable[..., Any], name: str) -> None:
    wanted, tables = EXPECTED[name]
    assert [format_.name for _, format_ in recognise(look(SAMPLES / name))] == [wanted]
    read = read_file(SAMPLES / name)
    assert {table: len(read[table]) for table in tables} == tables
    assert len(read.bad) == (name == "process.xes")


def test_no_sample_is_forgotten() -> None:
    assert {path.name for path in SAMPLES.iterdir()} - {"orders_de.csv"} == set(EXPECTED)
