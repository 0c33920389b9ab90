"""The sample company's market: Messwerk Sensorik GmbH, its customers, and the exports they leave."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from etappe.demo import clock, model
from etappe.demo.accounts import make_accounts, make_persons
from etappe.demo.activities import write_activities
from etappe.demo.ads import Spending
from etappe.demo.cast import make_cast
from etappe.demo.deals import make_deals, write_deals
from etappe.demo.ga4 import write_ga4
from etappe.demo.hubspot import write_hubspot
from etappe.demo.journeys import simulate
from etappe.demo.lists import Lists
from etappe.demo.matomo import MatomoFile
from etappe.demo.out import Folder
from etappe.demo.salesforce import make_records, write_people
from etappe.demo.snowplow import campaigns, write_snowplow
from etappe.demo.truth import Truth, chunk_events, journey_tables
from etappe.demo.voices import write_voices
from etappe.demo.web import make_pages
from etappe.demo.who import write_identities

CHUNK = 12_000  # accounts simulated at a time: settles the peak of memory, and with the seed the result


@dataclass
class Summary:
    """What was written: numbers of things, seconds, bytes."""

    accounts: int
    persons: int = 0
    events: int = 0
    journeys: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    seconds: float = 0.0


def accounts_for_events(events: int) -> int:
    """How many accounts give about so many events."""
    return max(200, round(events / 125))


def write(
    folder: Path, accounts: int = 1200, seed: int = 7, progress: Callable[[str, float], None] | None = None
) -> Summary:
    """Writes the exports to `folder/raw` and the truth to `folder/truth`; the same seed gives the same bytes.

    Parameters
    ----------
    folder : Path
        Made where it does not exist.
    accounts : int
        Companies of the market, from 200 on.
    seed : int
        Another seed is another market.
    progress : callable, optional
        Told what is being done and the share that is done, 0 to 1.
    """
    began = time.perf_counter()
    summary = Summary(accounts)
    raw, truth = Folder(folder / "raw"), Truth(folder / "truth")
    spending, lists, portal_file = Spending(), Lists(), MatomoFile()
    tell = progress or _quiet
    starts = list(range(0, accounts, CHUNK))
    for number, base in enumerate(starts):
        tell("companies and journeys", number / len(starts))
        rng = np.random.default_rng([seed, number])
        _chunk(rng, raw, truth, spending, lists, portal_file, summary, base, min(CHUNK, accounts - base), number)
    tell("costs, searches, lists", 0.97)
    last = np.random.default_rng([seed, 1_000_000])
    costs = spending.write(last, raw)
    lists.write(raw)
    files = raw.close()
    effects: dict[str, Any] = {
        "company": "Messwerk Sensorik GmbH", "accounts": accounts, "seed": seed,
        "from": clock.START.date().isoformat(), "as_of": clock.AS_OF.date().isoformat(),
        **model.effects(), "costs_eur": costs, "outcomes": summary.journeys, "files": files,
    }  # fmt: skip
    truth.close(effects)
    summary.events = truth.rows.get("events", 0)
    paths = [path for path in (folder / "raw").rglob("*") if path.is_file()]
    summary.files, summary.bytes = len(paths), sum(path.stat().st_size for path in paths)
    summary.seconds = time.perf_counter() - began
    tell("done", 1.0)
    return summary


def _quiet(_what: str, _share: float) -> None:
    """Tells nobody."""


def _chunk(
    rng: np.random.Generator, raw: Folder, truth: Truth, spending: Spending, lists: Lists, portal_file: MatomoFile,
    summary: Summary, base: int, count: int, number: int,
) -> None:  # fmt: skip
    companies = make_accounts(rng, base, count)
    persons = make_persons(rng, companies, summary.persons)
    cast = make_cast(rng, companies, persons, simulate(companies, rng))
    records = make_records(rng, cast)
    deals = make_deals(rng, cast)
    pages = make_pages(rng, cast)
    paid = campaigns(rng, pages.sessions)
    spending.add(pages, paid)
    event_ids = write_snowplow(rng, raw, cast, pages, paid, number)
    mailed = write_hubspot(rng, raw, cast, pages, number)
    write_people(rng, raw, cast, records, number)
    write_deals(rng, raw, cast, records, deals, number)
    entered = write_activities(rng, raw, cast, records, deals, number)
    voices = write_voices(rng, raw, cast, number)
    portal = portal_file.write(rng, raw, cast, number)
    magazine = write_ga4(rng, raw, cast, number)
    fairs, webinars = lists.add(rng, cast)
    rows = chunk_events(cast, pages, event_ids, mailed, entered, voices, portal, magazine, fairs, webinars)
    truth.add("events", rows.table())
    outcomes = journey_tables(truth, cast, deals, rows)
    write_identities(truth, cast, records, pages, mailed, portal, magazine)
    summary.persons += persons.count
    for name, more in outcomes.items():
        summary.journeys[name] = summary.journeys.get(name, 0) + more
