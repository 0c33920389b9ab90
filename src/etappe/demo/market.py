"""The market of the sample company, Messwerk Sensorik GmbH, with known truth.

**Company.** Messwerk Sensorik (`messwerk-sensorik.example`) sells condition monitoring to machine builders and plants in
Germany, Austria and Switzerland. The simulated time runs from 2024-01-01 to 2026-06-28; the exports are as of 2026-06-30.

**Who.** A company has an industry, a place, a size, a *fit* (drives tier, progress, winning), a pace, a loyalty
(delighted, lukewarm, forgotten) and a buying center of three to ten people in fixed order of roles: initiator, user,
decider, influencer, buyer, gatekeeper, further users and influencers. Some companies have a parent, share its domain,
have a second domain, or a network with their own name; some people use free mail, a provider's domain or two addresses.

**Journeys.** Time is cut into half weeks. In each, every company that is in a journey makes the step that opens its stage
(if it just changed stage), then everyday touches, and then competing hazards decide: on to the next stage, back to the
stage before (only where a deal is open), on ice for two to four months, or gone. A first purchase and a win-back go
through the seven phases, existing customers from use to decision. A stage is opened by a touchpoint that the default
rules know, or by a change of the deal's stage, which else follows a day or two late. A few skip to first talks directly,
by inquiry or at a fair. Earlier touchpoints go on in later stages. Leaving with a deal: the deal is lost within a month
(a few are never closed). Leaving without one: silence. After a lost or silent journey some come back later.

**Effects.** Being exposed to a channel or a piece of content multiplies the hazard of moving on for 28 days
(`model.CHANNEL_EFFECT`, `model.CONTENT_EFFECT`; all others have none). The one **blocker**: a company that has seen the
pricing page in preselection, and is still there a week later without having talked to anybody (a talk would have opened
the next stage), leaves for good at four times the rate. Fit raises progress and lowers leaving, so it is what comparable
journeys have to be compared on. Drift of existing customers depends on loyalty, and so do NPS, CSAT, CES and reviews.

**What is seen.** A person's cookies are anonymous until a form or a clicked mail; 60 % of them stay signed in. What
nobody can know stays in the truth as `knowable = false`; `handle` says by what the company can be known.

**Dirt.** Company records twice (merged and not), typos, contacts twice, leads beside contacts, role mailboxes, devices of
several people, terminals at fairs, resold laptops, a guest login, strangers, the own people, missing contact roles,
duplicate event ids, clocks in 1970 and 2099, bad dates, blank and ragged rows, a formula as a name. What is countable is
counted per file in `truth/effects.json`.

**Truth.** Journeys are cut as the definitions say (dormant after 180 days of silence without an open deal, and so on), and
tests apply those definitions to the true events one by one and have to find the same journeys.
"""

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
