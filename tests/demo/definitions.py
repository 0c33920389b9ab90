"""The definitions of the shared vocabulary, applied one event at a time: slow and plain, to hold the truth to them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

DORMANCY = dt.timedelta(days=180)
WINDOW = dt.timedelta(days=7)

FIRST = ("research", "supplier_search", "preselection", "first_talks", "request_for_proposal", "shortlist", "decision")
FIRST_BY_TOUCHPOINT = {
    1: ("product page", "solution page", "partner page"),
    2: ("pricing page", "comparison page", "case study", "roi calculator", "white paper", "webinar"),
    3: ("demo request", "contact form", "fair talk", "sales call", "sales meeting"),
    4: ("proposal request", "technical workshop"),
    5: ("on-site demo", "trial meeting", "reference visit"),
    6: ("procurement meeting", "contract review"),
}
FIRST_BY_DEAL = {"Qualification": 3, "Needs Analysis": 3, "Proposal/Price Quote": 4, "Id. Decision Makers": 5, "Negotiation/Review": 6}
EXISTING = ("use", "need", "talks", "offer", "decision")
EXISTING_BY_TOUCHPOINT = {
    1: ("product page", "solution page", "pricing page", "comparison page", "roi calculator", "white paper", "webinar"),
    2: ("demo request", "contact form", "fair talk", "sales call", "sales meeting"),
    3: ("proposal request", "technical workshop", "on-site demo", "trial meeting", "reference visit"),
    4: ("procurement meeting", "contract review"),
}
EXISTING_BY_DEAL = {"Qualification": 2, "Needs Analysis": 2, "Proposal/Price Quote": 3, "Id. Decision Makers": 3, "Negotiation/Review": 4}


@dataclass
class Found:
    """A journey as the definitions have it."""

    kind: str
    started_at: dt.datetime
    last: dt.datetime
    customer: bool
    stage: int = 0
    outcome: str = "open"
    ended_at: dt.datetime | None = None


def _turned(table: dict[int, tuple[str, ...]]) -> dict[str, int]:
    return {name: place for place, names in table.items() for name in names}


_MODELS = (
    (FIRST, _turned(FIRST_BY_TOUCHPOINT), FIRST_BY_DEAL),
    (EXISTING, _turned(EXISTING_BY_TOUCHPOINT), EXISTING_BY_DEAL),
)


def _closings(deals: list[dict[str, Any]]) -> list[tuple[dt.datetime, str, str]]:
    """When deals end a journey, how, and what the deals were about."""
    groups: list[list[dict[str, Any]]] = []
    for deal in sorted((deal for deal in deals if deal["status"] != "open"), key=lambda deal: deal["closed_at"]):
        if groups and deal["closed_at"] - groups[-1][-1]["closed_at"] <= WINDOW:
            groups[-1].append(deal)
        else:
            groups.append([deal])
    ends = []
    for group in groups:
        at, won = max(deal["closed_at"] for deal in group), any(deal["status"] == "won" for deal in group)
        if won or not _open_at(deals, at):
            ends.append((at, "won" if won else "lost", group[0]["kind"]))
    return ends


def _open_at(deals: list[dict[str, Any]], at: dt.datetime) -> bool:
    return any(deal["opened_at"] < at and (deal["closed_at"] is None or deal["closed_at"] > at) for deal in deals)


class Account:
    """One account's way through the definitions."""

    def __init__(self, deals: list[dict[str, Any]], as_of: dt.datetime) -> None:
        self.deals, self.as_of, self.ends = deals, as_of, _closings(deals)
        self.now: Found | None = None
        self.done: list[Found] = []
        self.bought = self.gone = False
        self.right = self.wrong = 0

    def end(self, outcome: str, at: dt.datetime) -> None:
        assert self.now is not None
        self.now.outcome, self.now.ended_at = outcome, at
        left = outcome == "dormant" or (outcome == "lost" and self.now.kind == "renewal")
        self.gone |= self.now.customer and left
        if outcome == "won":
            self.bought, self.gone = True, False
        self.done.append(self.now)
        self.now = None

    def until(self, at: dt.datetime) -> None:
        """Everything that ends before this moment."""
        while self.ends and self.ends[0][0] < at:
            closed, outcome, kind = self.ends.pop(0)
            if self.now is not None:
                self.now.kind = kind if self.now.customer else self.now.kind
                self.end(outcome, closed)
        if self.now is not None and self.now.last + DORMANCY <= at and not _open_at(self.deals, self.now.last + DORMANCY):
            self.end("dormant", self.now.last + DORMANCY)

    def change(self, row: dict[str, Any]) -> None:
        """A change of a deal's stage."""
        self.until(row["at"])
        if self.now is None:
            return
        place = _MODELS[self.now.customer][2].get(row["stage"])
        self.now.stage = self.now.stage if place is None else place
        if self.now.customer:
            self.now.kind = row["kind"]

    def step(self, row: dict[str, Any]) -> None:
        """An event."""
        self.until(row["at"])
        if self.now is None:
            if row["silent"]:
                return
            customer = self.bought and not self.gone
            kind = "repurchase" if customer else "win_back" if self.bought else "first_purchase"
            self.now = Found(kind, row["at"], row["at"], customer)
        stages, places, _ = _MODELS[self.now.customer]
        if not row["silent"]:
            self.now.last = row["at"]
            self.now.stage = max(self.now.stage, places.get(row["touchpoint"], 0))
        hit = stages[self.now.stage] == row["stage"]
        self.right, self.wrong = self.right + hit, self.wrong + (not hit)

    def finish(self) -> list[Found]:
        self.until(self.as_of)
        if self.now is not None:
            self.done.append(self.now)
        return self.done


def apply(
    events: list[dict[str, Any]], changes: list[dict[str, Any]], deals: list[dict[str, Any]], as_of: dt.datetime
) -> tuple[dict[str, list[Found]], float]:
    """The journeys of each account, and the share of events whose stage by the definitions is the true one."""
    of_account: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for deal in deals:
        of_account[deal["account"]].append(deal)
    rows: dict[str, list[tuple[dt.datetime, int, dict[str, Any]]]] = defaultdict(list)
    for change in changes:
        rows[change["account"]].append((change["at"], 0, change))
    for event in events:
        rows[event["account"]].append((event["at"], 1, event))
    found, right, wrong = {}, 0, 0
    for account, mine in rows.items():
        way = Account(of_account[account], as_of)
        for _, what, row in sorted(mine, key=lambda entry: entry[:2]):
            (way.step if what else way.change)(row)
        found[account] = way.finish()
        right, wrong = right + way.right, wrong + way.wrong
    return found, right / (right + wrong)
