"""The state of the simulated companies while time runs, and the books in which they write what they do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etappe.demo import catalog, model, touches
from etappe.demo.accounts import Accounts
from etappe.demo.book import Book, Leaf
from etappe.demo.clock import Array

NEVER = 10_000
HEARTBEAT = 9  # slots after which a running journey shows itself again, so that only true pauses look like pauses
WON, LOST, DORMANT, STILL_OPEN = range(4)
OUTCOMES = ("won", "lost", "dormant", "open")
FIRST, REPURCHASE, EXPANSION, RENEWAL, WIN_BACK = range(5)
KINDS = ("first_purchase", "repurchase", "expansion", "renewal", "win_back")



@dataclass(frozen=True)
class Latent:
    """What happened in one chunk: web sessions, other touches, stays in stages, journeys, deals and their stages."""

    sessions: Leaf
    touches: Leaf
    visits: Leaf
    journeys: Leaf
    journey_ends: Leaf
    deals: Leaf
    deal_stages: Leaf
    deal_ends: Leaf
    pauses: Leaf


class Market:
    """The state of all companies of a chunk while time runs."""

    def __init__(self, accounts: Accounts, rng: np.random.Generator) -> None:
        count = accounts.count
        self.accounts, self.rng, self.count = accounts, rng, count
        self.stage = np.full(count, model.IDLE)
        self.wake = accounts.first_slot.copy()
        self.resume = np.zeros(count, dtype=np.int64)
        self.entering = np.zeros(count, dtype=bool)
        self.came_back = np.zeros(count, dtype=bool)
        self.bought = np.zeros(count, dtype=bool)
        self.gone = np.zeros(count, dtype=bool)  # a customer who left
        self.known = np.zeros(count, dtype=bool)  # somebody has left an address
        self.number = np.zeros(count, dtype=np.int64)  # journey of the account
        self.journey = np.full(count, -1)
        self.kind = np.zeros(count, dtype=np.int64)
        self.wish = np.zeros(count, dtype=np.int64)  # what an existing customer wants next
        self.deal = np.full(count, -1)
        self.priced = np.full(count, -1)
        self.last = np.full(count, -NEVER)
        self.fair = np.full(count, -1)  # a fair that opens first talks in the next slot; -2: a webinar opens preselection
        self.webinar = -1  # the webinar of this slot
        self.channel_seen = np.full((count, len(model.CHANNELS)), -NEVER)
        self.content_seen = np.full((count, len(catalog.SPECIALS)), -NEVER)
        self.channel_log = model.log_effects(model.CHANNEL_EFFECT, len(model.CHANNELS))
        self.content_log = model.log_effects(model.CONTENT_EFFECT, len(catalog.SPECIALS))
        self.books()

    def books(self) -> None:
        """Opens the books."""
        base = {"account": "i4", "journey": "i4", "stage": "i1", "at": "f8", "entry": "?"}
        self.sessions = Book(**base, channel="i1", special="i1", form="i1", brand="?")
        self.touches = Book(**base, kind="i1", detail="i2")
        self.visits = Book(account="i4", journey="i4", stage="i1", at="f8", back="?")
        self.journeys = Book(account="i4", journey="i4", number="i4", kind="i1", at="f8")
        self.journey_ends = Book(journey="i4", outcome="i1", at="f8")
        self.deals = Book(account="i4", journey="i4", deal="i4", kind="i1", at="f8")
        self.deal_stages = Book(deal="i4", stage="i1", at="f8")
        self.deal_ends = Book(deal="i4", journey="i4", won="?", at="f8", reason="i1")
        self.pauses = Book(account="i4", journey="i4", stage="i1", at="f8", until="f8")

    # --- writing down -------------------------------------------------------------------------------------------

    def session(self, who: Array, at: Array, channel: Array, special: Array, form: Array, entry: bool = False) -> None:
        """Web sessions: also what they do to the exposure of the company."""
        stage = self.stage[who]
        brand = (special == 0) & (form == 0) & (stage <= model.SUPPLIER) & (self.rng.random(len(who)) < 0.16) & (not entry)
        self.sessions.add(
            len(who), account=who, journey=self.journey[who], stage=stage, at=at, entry=entry,
            channel=channel, special=special, form=form, brand=brand,
        )  # fmt: skip
        slot = int(at[0]) if len(at) else 0
        self.channel_seen[who, channel] = slot
        self.content_seen[who, special] = slot
        self.known[who[form > 0]] = True
        seen = who[(special == catalog.PRICE) & (stage == model.PRESELECTION)]
        self.priced[seen] = np.where(self.priced[seen] < 0, slot, self.priced[seen])
        self.last[who] = slot

    def touch(self, who: Array, at: Array, kind: int, detail: Array | int = 0, entry: bool = False) -> None:
        """Touches of one kind outside the web site."""
        self.touches.add(
            len(who), account=who, journey=self.journey[who], stage=self.stage[who], at=at, entry=entry,
            kind=kind, detail=detail,
        )  # fmt: skip
        if len(who):
            self.channel_seen[who, touches.TOUCHES[kind].channel] = int(np.min(at))
            if kind not in touches.SILENT:
                self.last[who] = int(np.min(at))
                self.known[who] = True

    def early(self, slot: int, count: int) -> Array:
        """Moments in the first quarter of a slot."""
        return slot + self.rng.random(count) * 0.22

    def later(self, slot: int, count: int) -> Array:
        """Moments behind the first quarter of a slot."""
        return slot + 0.3 + self.rng.random(count) * 0.62

    def draw(self, table: Array, stage: Array) -> Array:
        """One code for each company from the row of its stage in a table of cumulated shares."""
        return (self.rng.random(len(stage))[:, None] >= table[stage]).sum(axis=1)

    def close(self) -> Latent:
        """The finished books."""
        return Latent(
            self.sessions.close(), self.touches.close(), self.visits.close(), self.journeys.close(),
            self.journey_ends.close(), self.deals.close(), self.deal_stages.close(), self.deal_ends.close(),
            self.pauses.close(),
        )  # fmt: skip
