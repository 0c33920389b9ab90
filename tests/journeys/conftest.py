"""Two markets, each built once: stories told by hand, and a random one for the laws."""

from __future__ import annotations

import random

import pytest

from tests.journeys.market import Market, Row
from tests.journeys.stories import STORIES, tell

PATHS = ("/", "/produkte/a", "/preise", "/magazin/b", "/referenzen/c", "/demo", "/karriere")
KINDS = (
    "call",
    "meeting",
    "email",
    "email_sent",
    "email_open",
    "ticket",
    "note",
    "form",
    "fair_visit",
    "webinar",
    "product_use",
)
SUBJECTS = ("Erstgespräch", "Workshop", "Demo vor Ort", "Verhandlung Einkauf", "nicht erreicht", "Vertrag", None)
STAGES = ("Qualification", "Angebot", "Shortlist", "Negotiation/Review", "Something else")


class Built:
    """The built tables as rows, and those of one company."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.tables = market.build()
        self.rows: dict[str, list[Row]] = {name: table.to_pylist() for name, table in self.tables.items()}

    def of(self, name: str, company: str) -> list[Row]:
        return [row for row in self.rows[name] if row["account_id"] == f"a{company}"]


@pytest.fixture(scope="session")
def told() -> Built:
    """The stories told by hand, a company each."""
    market = Market()
    for write in STORIES:
        tell(market, write)
    return Built(market)


@pytest.fixture(scope="session")
def drawn() -> Built:
    """A random market: some companies with deals, silences, own people, strangers, and clocks that are wrong."""
    return Built(draw(random.Random(7)))


def draw(dice: random.Random, companies: int = 40) -> Market:
    market = Market()
    market.ambiguous.append("shared.example")
    for number in range(companies):
        name = f"firm{number:02d}"
        market.company(name, employees=dice.choice([None, 20.0, 200.0, 2000.0]), tier="A", owner="Max")
        people = [f"p{place}@{name}" for place in range(dice.randint(1, 4))]
        at = dice.uniform(0, 200)
        for _ in range(dice.randint(0, 40)):
            at += dice.choice([0, 0.2, 3, 10, 60, 230]) * dice.random()
            _draw_event(market, dice, at, dice.choice(people))
        for place in range(dice.choice([0, 0, 1, 1, 2, 3])):
            _draw_deal(market, dice, name, f"{name}-{place}")
    for _ in range(30):
        who = dice.choice(["x@own", "y@gmail.com", "z@shared.example", None])
        _draw_event(market, dice, dice.uniform(0, 600), who)
    market.event(None, "call", "p0@firm00")
    return market


def _draw_event(market: Market, dice: random.Random, at: float, who: str | None) -> None:
    if dice.random() < 0.5:
        market.page(at, dice.choice(PATHS), who, session_id=dice.choice([None, "s1", "s2"]))
        return
    several = [market.person(each) for each in (who, "x@own") if each] if dice.random() < 0.2 else None
    market.event(
        at,
        dice.choice(KINDS),
        who,
        name=dice.choice(SUBJECTS),
        direction=dice.choice(["in", "out"]),
        participants=several,
    )


def _draw_deal(market: Market, dice: random.Random, company: str, ref: str) -> None:
    opened = dice.uniform(0, 400)
    status = dice.choice(["open", "won", "won", "lost"])
    length = dice.uniform(1, 200)
    about = {"amount": round(dice.uniform(1, 9000), 2), "type": dice.choice([None, "Renewal", "Upsell", "New"])}
    market.deal(ref, company, opened, None if status == "open" else opened + length, status, **about)
    steps = sorted(dice.uniform(0, length) for _ in range(dice.randint(0, 5)))
    market.moves(ref, *((opened + step, dice.choice(STAGES)) for step in steps))
