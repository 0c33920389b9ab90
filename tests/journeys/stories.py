"""Stories told by hand, a company each; the tests say what has to come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from tests.journeys.market import Market, day

Story = Callable[[Market, str], None]


def tell(market: Market, story: Story) -> None:
    story(market, story.__name__)


def alfa(market: Market, me: str) -> None:
    """A first purchase with a step back, then an existing customer who falls silent."""
    eva, ben = f"eva@{me}", f"ben@{me}"
    market.person(eva, title="Leiterin Instandhaltung")
    market.person(ben, title="Strategischer Einkäufer")
    market.page(0, "/magazin/lager", eva)
    market.page(3, "/produkte/sensor", eva)
    market.page(5, "/preise", ben)
    market.event(8, "call", eva, name="Erstgespräch", direction="out")
    market.event(
        25, "meeting", eva, name="Workshop Lastenheft", participants=[market.person(ben), market.person("max@own")]
    )
    market.deal("d-alfa", me, 8, 60, "won", type="New Business")
    market.moves("d-alfa", (8, "Qualification"), (20, "Angebot"), (40, "Qualification"), (50, "Negotiation/Review"))
    market.event(200, "ticket", eva)


def beta(market: Market, me: str) -> None:
    """A lost deal, and later another attempt."""
    market.page(0, "/preise", f"eva@{me}")
    market.deal("d-beta", me, 5, 30, "lost", lost_reason="Preis")
    market.page(100, "/produkte/x", f"eva@{me}")


def gamma(market: Market, me: str) -> None:
    """One of two deals is lost while the other is open: one journey."""
    market.page(0, "/preise", f"eva@{me}")
    market.deal("d-gamma-1", me, 5, 50, "lost")
    market.page(60, "/preise", f"eva@{me}")
    market.deal("d-gamma-2", me, 10, 80, "won")


def delta(market: Market, me: str) -> None:
    """Closed within the window: one end, won, at the later close."""
    market.page(0, "/preise", f"eva@{me}")
    market.deal("d-delta-1", me, 5, 40, "won", amount=700.0)
    market.deal("d-delta-2", me, 5, 44, "lost", amount=50.0, currency="CHF")


def epsilon(market: Market, me: str) -> None:
    """Silence without a deal: dormant, and a new journey."""
    market.page(0, "/preise", f"eva@{me}")
    market.page(10, "/preise", f"eva@{me}")
    market.page(210, "/preise", f"eva@{me}")


def zeta(market: Market, me: str) -> None:
    """The same silence with an open deal: on ice, revived."""
    market.page(0, "/preise", f"eva@{me}")
    market.deal("d-zeta", me, 10)
    market.event(220, "call", f"eva@{me}", name="Nachfassen", direction="in")


def eta(market: Market, me: str) -> None:
    """A customer whose renewal is lost is won back later."""
    market.page(0, "/preise", f"eva@{me}")
    market.deal("d-eta-1", me, 5, 30, "won")
    market.event(60, "ticket", f"eva@{me}")
    market.deal("d-eta-2", me, 70, 100, "lost", type="Vertragsverlängerung")
    market.page(130, "/preise", f"eva@{me}")
    market.deal("d-eta-3", me, 140, 160, "won")
    market.deal("d-eta-4", me, 170, 200, "won", type="Upsell")
    market.event(210, "ticket", f"eva@{me}")


def theta(market: Market, me: str) -> None:
    """Deals alone, no event."""
    market.deal("d-theta-1", me, 5, 30, "won", amount=400.0)
    market.deal("d-theta-2", me, 10)


def iota(market: Market, me: str) -> None:
    """Mails go on, nobody answers."""
    market.page(0, "/preise", f"eva@{me}")
    for week in range(1, 60):
        market.event(week * 7, "email_sent", f"eva@{me}", name="Newsletter")


def kappa(market: Market, me: str) -> None:
    """A close date without a clock time is the end of that day."""
    market.page(0, "/preise", f"eva@{me}")
    market.deal("d-kappa", me, 5, None, "won", closed_at=dt.datetime(2025, 3, 1, tzinfo=dt.UTC))
    market.event(dt.datetime(2025, 3, 1, 15, 5, 3, tzinfo=dt.UTC), "meeting", f"eva@{me}", name="Unterschrift")
    market.event(dt.datetime(2025, 3, 2, 15, 5, 3, tzinfo=dt.UTC), "ticket", f"eva@{me}")


def lambda_(market: Market, me: str) -> None:
    """An attempt to call is no contact; a deal that is opened late moves nothing back, a deal that is moved does."""
    market.event(0, "call", f"eva@{me}", name="Anruf, nicht erreicht", direction="out")
    market.page(1, "/magazin/x", f"eva@{me}")
    market.event(2, "meeting", f"eva@{me}", name="Demo vor Ort")
    market.deal("d-lambda", me, 3)
    market.moves("d-lambda", (3, "Qualification"), (4, "Angebot"))


def mu(market: Market, me: str) -> None:
    """A visit to the site by an advertisement keeps its channel from page to page."""
    visit = {"session_id": "visit-1", "referrer": "https://www.own.example/"}
    market.page(0, "/preise?gclid=abc", f"eva@{me}", session_id="visit-1", referrer="https://www.google.de/")
    market.page(0.001, "/produkte/x", f"eva@{me}", **visit)
    market.page(0.002, "/kontakt", f"eva@{me}", **visit)
    market.page(9, "/kontakt", f"eva@{me}", session_id="visit-2")


def nu(market: Market, me: str) -> None:
    """The company is known by other ways than the person: role mailbox, company record, deal, participant, name."""
    market.person(f"info@{me}", held=True)
    market.event(0, "form", f"info@{me}", name="Kontakt")
    market.event(1, "call", None, account_ref=f"c-{me}")
    market.deal("d-nu", me, 1)
    market.event(2, "meeting", None, deal_ref="d-nu")
    market.event(3, "meeting", "max@own", participants=[market.person(f"eva@{me}"), market.person("max@own")])
    market.event(4, "fair_visit", None, company_name=f" {me.upper()} ")
    market.event(5, "page_view", None, domain=f"https://www.{me}.example/x", cookie="nobody")
    market.event(6, "email", None, email=f" EVA@{me}.example ")


def xi(market: Market, me: str) -> None:
    """What cannot be placed, each for its own reason; the company itself never appears."""
    market.company(me)
    market.ambiguous.append("both.example")
    market.event(None, "call", "eva@alfa", record_id="no date")
    market.event(dt.datetime(2027, 1, 1, tzinfo=dt.UTC), "call", "eva@alfa", record_id="after as_of")
    market.event(1, "call", "ann@both.example", record_id="ambiguous company")
    market.people["ann@both.example"]["company"] = "unknown"
    market.companies.pop("both.example")
    market.event(1, "page_view", None, record_id="no identifier")
    market.event(1, "form", "someone@gmail.com", record_id="free-mail address")
    market.event(1, "page_view", None, cookie="stranger", record_id="no company known")
    market.event(1, "meeting", "max@own", record_id="internal")


def omicron(market: Market, me: str) -> None:
    """Five persons whose roles are known in five ways."""
    market.person(f"deal@{me}", title="Einkäufer")
    market.person(f"card@{me}", title="Einkäufer", role="user")
    market.person(f"title@{me}", title="Managing Director")
    for place, who in enumerate(("first", "deal", "card", "title", "reader", "guest")):
        market.page(place, "/magazin/x", f"{who}@{me}")
    for place in range(3):
        market.page(10 + place, "/dokumentation/y", f"reader@{me}")
    market.deal("d-omicron", me, 5)
    market.deal_roles.append(
        {
            "source": "crm",
            "record_id": "r1",
            "deal_ref": "d-omicron",
            "email": f"deal@{me}.example",
            "role": "Economic Decision Maker",
        }
    )


STORIES: Final = (alfa, beta, gamma, delta, epsilon, zeta, eta, theta, iota, kappa, lambda_, mu, nu, xi, omicron)
__all__ = ["STORIES", "day", "tell"]
