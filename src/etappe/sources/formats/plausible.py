"""Plausible counts visitors without telling them apart: its exports are sums by day, and no journey is in them."""

from __future__ import annotations

from etappe.sources.formats._recognising import fits
from etappe.sources.formats._refuse import refused
from etappe.sources.sniff import Sample

_COUNTS = ("visits", "pageviews", "events", "entrances", "exits")
_OTHERS = ("user_id", "visitor_id", "session_id", "email", "client_id")


def _recognise(sample: Sample) -> float:
    by_day = fits(sample, ("date", "visitors"), _COUNTS, never=_OTHERS)
    dashboard = fits(
        sample,
        ("name", "visitors"),
        ("bounce_rate", "time_on_page", "conversion_rate", "visit_duration"),
        never=_OTHERS,
    )
    return 0.9 if by_day or dashboard else 0.0


FORMATS = [
    refused(
        "plausible counts", "plausible", "Counts of visitors by day, page, source, country or device of Plausible.", _recognise,
        "these are Plausible's counts: it keeps sums by day and nothing of single visitors, so no company's journey can be read from it",
        "take the journeys from another source; what was searched for and which pages were shown is in the Google Search Console",
    )
]  # fmt: skip
