"""Deals in the CRM: opportunities, the history of their stages, and the contact roles on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.demo import catalog, clock, ids
from etappe.demo.book import Leaf
from etappe.demo.cast import Cast
from etappe.demo.clock import SLOTS, Array
from etappe.demo.out import Folder, iso, stamp, vocabulary
from etappe.demo.salesforce import Records, deal_ids, owners
from etappe.demo.state import EXPANSION, FIRST, RENEWAL, REPURCHASE, WIN_BACK
from etappe.demo.steps import CRM_STAGES

TYPES = {FIRST: "Neukunde", REPURCHASE: "Nachbestellung", EXPANSION: "Erweiterung", RENEWAL: "Verlängerung", WIN_BACK: "Rückgewinnung"}
STAGE_WORDS = ("Qualification", "Needs Analysis", "Proposal/Price Quote", "Id. Decision Makers", "Negotiation/Review", "Closed Won", "Closed Lost")
PROBABILITY = np.array([10, 20, 50, 60, 80, 100, 0])
FORECAST = ("Pipeline", "BestCase", "Closed", "Omitted")
ROLE_WORDS = ("Evaluator", "Business User", "Decision Maker", "Influencer", "Einkäufer")


@dataclass(frozen=True)
class Deals:
    """The chunk's deals in their last state. Second deals of a double order follow behind the first ones."""

    ids: pa.Array
    account: Array
    journey: Array
    kind: Array
    opened: Array
    closed: Array  # ms, 0 while open
    won: Array
    lost: Array
    reason: Array
    amount: Array
    currency: Array  # 0 EUR, 1 CHF
    stage: Array  # place in STAGE_WORDS
    history: Leaf  # deal, word, ms


def make_deals(rng: np.random.Generator, cast: Cast) -> Deals:
    """Amounts, last states and histories."""
    latent = cast.latent
    count = len(latent.deals)
    ends = latent.deal_ends.where(latent.deal_ends["at"] < SLOTS)
    won, lost = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    won[ends["deal"][ends["won"]]], lost[ends["deal"][~ends["won"]]] = True, True
    closed, reason = np.zeros(count, dtype=np.int64), np.full(count, -1)
    closed[ends["deal"]], reason[ends["deal"]] = clock.moments(ends["at"]), ends["reason"]
    account, kind = latent.deals["account"], latent.deals["kind"]
    size = np.log10(cast.accounts.employees[account] + 10)
    amount = np.round(np.exp(rng.normal(8.6, 0.7, count)) * size * np.where(kind == FIRST, 1.6, 1.0) / 50) * 50
    stages = latent.deal_stages.where(latent.deal_stages["at"] < SLOTS)
    word = np.array([STAGE_WORDS.index(name) if name else 0 for name in CRM_STAGES])[stages["stage"]]
    finals = np.where(ends["won"], STAGE_WORDS.index("Closed Won"), STAGE_WORDS.index("Closed Lost"))
    history = Leaf(
        {
            "deal": np.concatenate([stages["deal"], ends["deal"]]),
            "word": np.concatenate([word, finals]),
            "ms": np.concatenate([clock.moments(stages["at"]), closed[ends["deal"]]]),
        }
    )
    history = history.where(np.lexsort((history["ms"], history["deal"])))
    stage = np.zeros(count, dtype=np.int64)
    stage[history["deal"]] = history["word"]
    opened = np.zeros(count, dtype=np.int64)
    opened[history["deal"][::-1]] = history["ms"][::-1]
    exists = opened > 0
    deals = Deals(
        deal_ids(cast), account, latent.deals["journey"], kind, np.where(exists, opened, clock.AS_OF_MS), closed, won, lost,
        reason, amount, (cast.accounts.country[account] == 2).astype(np.int64), stage, history,
    )  # fmt: skip
    return _doubled(rng, cast, deals)


def _doubled(rng: np.random.Generator, cast: Cast, deals: Deals) -> Deals:
    """A few orders come as two deals (system and service contract) that are closed within a day of each other."""
    pick = np.flatnonzero(deals.won & (rng.random(len(deals.account)) < 0.05))
    count, more = len(deals.account), len(pick)
    base = int(cast.accounts.number[0]) * 8 + 400_000_000
    first = clock.DAY // 3
    rows = Leaf(
        {
            "deal": np.concatenate([count + np.arange(more), count + np.arange(more)]),
            "word": np.concatenate([np.full(more, 4), np.full(more, 5)]),
            "ms": np.concatenate([deals.closed[pick] - first, deals.closed[pick] - clock.DAY // 6]),
        }
    )
    history = Leaf({name: np.concatenate([deals.history[name], rows[name]]) for name in rows.columns})
    parts = {
        name: np.concatenate([getattr(deals, name), getattr(deals, name)[pick]])
        for name in ("account", "journey", "kind", "opened", "closed", "won", "lost", "reason", "amount", "currency", "stage")
    }
    parts["opened"][count:] = deals.closed[pick] - first
    parts["closed"][count:] = deals.closed[pick] - clock.DAY // 6
    parts["amount"][count:] = np.round(deals.amount[pick] * 0.12 / 10) * 10
    numbers = pa.concat_arrays([deals.ids, ids.salesforce("006", base + np.arange(more))])
    return Deals(ids=numbers, history=history, **parts)


def write_deals(rng: np.random.Generator, folder: Folder, cast: Cast, records: Records, deals: Deals, number: int) -> None:
    """Opportunity, OpportunityHistory and OpportunityContactRole."""
    count = len(deals.account)
    over = deals.won | deals.lost
    name = cast.accounts.name.take(pa.array(deals.account))
    what = vocabulary(("Neuprojekt", "Nachbestellung", "Erweiterung", "Verlängerung", "Neustart"), deals.kind)
    owner = owners().take(pa.array(records.owner[deals.account]))
    expected = deals.opened + clock.DAY * (60 + np.arange(count) % 60)
    copy = (records.doubled & ~records.merged)[deals.account] & (rng.random(count) < 0.1)
    table = pa.table(
        {
            "Id": deals.ids,
            "IsDeleted": vocabulary(("false",), np.zeros(count, dtype=np.int64)),
            "AccountId": pc.if_else(pa.array(copy), records.duplicate.take(pa.array(deals.account)), records.account.take(pa.array(deals.account))),
            "Name": pc.binary_join_element_wise(name, what, " – "),
            "StageName": vocabulary(STAGE_WORDS, deals.stage),
            "Amount": pa.array(deals.amount),
            "CurrencyIsoCode": vocabulary(("EUR", "CHF"), deals.currency),
            "Probability": pa.array(PROBABILITY[deals.stage]),
            "CloseDate": stamp(clock.to_local(np.where(over, deals.closed, expected)), "%Y-%m-%d"),
            "Type": vocabulary([TYPES[kind] for kind in range(5)], deals.kind),
            "LeadSource": vocabulary(("Website", "Messe", "Webinar", "Empfehlung", "Telefon"), rng.integers(0, 5, count)),
            "IsClosed": vocabulary(("false", "true"), over.astype(np.int64)),
            "IsWon": vocabulary(("false", "true"), deals.won.astype(np.int64)),
            "ForecastCategory": vocabulary(FORECAST, np.where(deals.won, 2, np.where(deals.lost, 3, deals.stage % 2))),
            "Loss_Reason__c": vocabulary(catalog.LOST_REASONS, np.where(deals.lost, deals.reason, -1)),
            "OwnerId": owner,
            "CreatedDate": iso(deals.opened),
            "LastModifiedDate": iso(np.where(over, deals.closed, deals.opened + clock.DAY)),
            "SystemModstamp": iso(np.where(over, deals.closed, deals.opened + clock.DAY)),
        }
    )  # fmt: skip
    table = table.filter(pa.array(deals.opened < clock.AS_OF_MS))
    file = folder.csv("salesforce/Opportunity.csv")
    file.write(table)
    if number == 0:
        file.soil_like(table, {"bad date": {"Id": _stray("006", 1), "CreatedDate": "gestern", "CloseDate": "31.02.2025"}}, blank=False)
    _history(folder, cast, deals, owner, number)
    _roles(rng, folder, cast, records, deals)


def _stray(prefix: str, number: int) -> str:
    return str(ids.salesforce(prefix, np.array([900_000_000 + number]))[0])


def _history(folder: Folder, cast: Cast, deals: Deals, owner: pa.Array, number: int) -> None:
    history = deals.history
    base = int(cast.accounts.number[0]) * 64
    deal = history["deal"]
    table = pa.table(
        {
            "Id": ids.salesforce("008", base + np.arange(len(history))),
            "OpportunityId": deals.ids.take(pa.array(deal)),
            "CreatedById": owner.take(pa.array(deal)),
            "CreatedDate": iso(history["ms"]),
            "StageName": vocabulary(STAGE_WORDS, history["word"]),
            "Amount": pa.array(deals.amount[deal]),
            "ExpectedRevenue": pa.array(np.round(deals.amount[deal] * PROBABILITY[history["word"]] / 100, 2), mask=history["word"] == 6),
            "CloseDate": stamp(history["ms"] + clock.DAY * 40, "%Y-%m-%d"),
            "Probability": pa.array(PROBABILITY[history["word"]]),
            "ForecastCategory": vocabulary(FORECAST, np.select([history["word"] == 5, history["word"] == 6], [2, 3], 0)),
            "IsDeleted": vocabulary(("false",), np.zeros(len(history), dtype=np.int64)),
        }
    )
    file = folder.csv("salesforce/OpportunityHistory.csv", null="#N/A", quoting="all_valid")
    file.write(table)
    if number == 0:
        file.soil_like(table, {}, blank=True)


def _roles(rng: np.random.Generator, folder: Folder, cast: Cast, records: Records, deals: Deals) -> None:
    rows, places = [], []
    kept = rng.random(len(deals.account)) < 0.55
    for seat in range(5):
        member = cast.accounts.first_person[deals.account] + seat
        has = kept & (seat < cast.accounts.persons[deals.account]) & (rng.random(len(kept)) < 0.6)
        has[has] &= cast.contact[member[has]]
        rows.append(np.flatnonzero(has))
        places.append(np.full(int(has.sum()), seat))
    deal, place = np.concatenate(rows), np.concatenate(places)
    base = int(cast.accounts.number[0]) * 32
    person = cast.accounts.first_person[deals.account[deal]] + place
    table = pa.table(
        {
            "Id": ids.salesforce("00K", base + np.arange(len(deal))),
            "OpportunityId": deals.ids.take(pa.array(deal)),
            "ContactId": records.contact.take(pa.array(person)),
            "Role": vocabulary(ROLE_WORDS, place),
            "IsPrimary": vocabulary(("false", "true"), (place == 0).astype(np.int64)),
            "IsDeleted": vocabulary(("false",), np.zeros(len(deal), dtype=np.int64)),
            "CreatedDate": iso(deals.opened[deal] + clock.HOUR),
        }
    )
    folder.csv("salesforce/OpportunityContactRole.csv").write(table.filter(pa.array(deals.opened[deal] < clock.AS_OF_MS)))
