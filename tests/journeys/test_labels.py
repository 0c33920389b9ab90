"""What the default rules call an event, and how it came about."""

from __future__ import annotations

import pytest

from etappe.journeys.labels import label_events
from etappe.journeys.rules import JourneyRules
from etappe.sources.schema import EVENTS
from etappe.tables.engine import open_engine
from etappe.words.kinds import CHANNELS
from tests.journeys.market import Row, to_arrow

PAGES = {
    "/": "home page", "/de/": "home page", "/preise": "pricing page", "/en/pricing?x=1": "pricing page",
    "/produkte/sensor": "product page", "/loesungen/pumpen": "solution page", "/magazin/lager": "article",
    "/referenzen/papierfabrik": "case study", "/kundenstories/a": "case study", "/vergleich/funk-kabel": "comparison page",
    "/roi-rechner": "roi calculator", "/whitepaper/leitfaden": "white paper", "/webinare/lager": "webinar page",
    "/demo": "demo request page", "/kontakt": "contact page", "/angebot-anfordern": "quote page", "/partner": "partner page",
    "/karriere": "careers page", "/dokumentation/gateway": "documentation", "/impressum": "other page",
    "/demontage-anleitung": "other page",
}  # fmt: skip

CONTACTS: list[tuple[Row, str]] = [
    ({"kind": "form", "name": "Demo-Anfrage"}, "demo request"),
    ({"kind": "form", "url": "https://x.example/demo"}, "demo request"),
    ({"kind": "form", "name": "Angebotsanfrage"}, "proposal request"),
    ({"kind": "form", "name": "Kontaktformular"}, "contact form"),
    ({"kind": "form", "name": "Newsletter-Anmeldung"}, "newsletter sign-up"),
    ({"kind": "form", "name": "Whitepaper-Download"}, "white paper"),
    ({"kind": "form", "name": "Webinar-Anmeldung"}, "webinar registration"),
    ({"kind": "form", "name": "Umfrage"}, "other form"),
    ({"kind": "call", "name": "Erstgespräch"}, "sales call"),
    ({"kind": "call", "name": "Anruf, nicht erreicht"}, "call attempt"),
    ({"kind": "call", "name": "Intro", "detail": "No answer"}, "call attempt"),
    ({"kind": "call", "name": "Störung an Anlage 3"}, "support call"),
    ({"kind": "meeting", "name": "Demo vor Ort"}, "on-site demo"),
    ({"kind": "meeting", "name": "Technischer Workshop"}, "technical workshop"),
    ({"kind": "meeting", "name": "Verhandlung mit Einkauf"}, "procurement meeting"),
    ({"kind": "meeting", "name": "Vertragsprüfung"}, "contract review"),
    ({"kind": "meeting", "name": "Referenzbesuch Papierfabrik"}, "reference visit"),
    ({"kind": "meeting", "name": "Jour fixe"}, "sales meeting"),
    ({"kind": "meeting", "name": None}, "sales meeting"),
    ({"kind": "fair_visit", "name": "SPS"}, "fair talk"),
    ({"kind": "email", "direction": "in", "name": "Anfrage für ein Angebot"}, "proposal request"),
    ({"kind": "email", "direction": "out", "name": "Ihr Angebot"}, "sales email"),
    ({"kind": "email_sent", "name": "Newsletter"}, "marketing email"),
    ({"kind": "webinar", "name": "Lager"}, "webinar"),
    ({"kind": "webinar", "detail": "registered"}, "webinar registration"),
    ({"kind": "page_view", "url": "https://x.example/unternehmen", "term": "sensor hersteller"}, "vendor search"),
    ({"kind": "activity", "name": "Create Quote"}, "create quote"),
    ({"kind": "activity", "name": None}, "process step"),
    ({"kind": "other", "name": "Etwas"}, "other"),
    ({"kind": "not a kind"}, "other"),
]

OWN = "https://www.own.example/preise"
WAYS: list[tuple[Row, str, bool]] = [
    ({"kind": "page_view", "url": OWN}, "direct", True),
    ({"kind": "page_view", "url": OWN, "referrer": "https://www.own.example/"}, "direct", True),
    ({"kind": "page_view", "url": OWN, "referrer": "https://www.google.de/"}, "organic search", False),
    ({"kind": "page_view", "url": OWN, "referrer": "https://duckduckgo.com/"}, "organic search", False),
    ({"kind": "page_view", "url": OWN + "?gclid=1", "referrer": "https://www.google.de/"}, "paid search", False),
    ({"kind": "page_view", "url": OWN + "?a=b&li_fat_id=1"}, "paid social", False),
    ({"kind": "page_view", "url": OWN, "medium": "cpc", "origin": "google"}, "paid search", False),
    ({"kind": "page_view", "url": OWN, "medium": "cpc", "origin": "linkedin"}, "paid social", False),
    ({"kind": "page_view", "url": OWN, "medium": "paid-social", "origin": "linkedin"}, "paid social", False),
    ({"kind": "page_view", "url": OWN, "medium": "email", "origin": "newsletter"}, "email", False),
    ({"kind": "page_view", "url": OWN, "referrer": "https://www.linkedin.com/feed"}, "organic social", False),
    ({"kind": "page_view", "url": OWN, "referrer": "https://t.co/x"}, "organic social", False),
    ({"kind": "page_view", "url": OWN, "referrer": "https://www.g2.com/products"}, "review site", False),
    ({"kind": "page_view", "url": OWN, "referrer": "https://www.fachportal.example/a"}, "referral site", False),
    ({"kind": "page_view", "url": OWN, "medium": "referral", "origin": "fachportal"}, "referral site", False),
    ({"kind": "page_view", "url": OWN, "medium": "display"}, "display", False),
    ({"kind": "call", "direction": "in"}, "inbound call", False),
    ({"kind": "call", "direction": "out"}, "outbound call", False),
    ({"kind": "meeting", "name": "Messegespräch SPS"}, "fair", False),
    ({"kind": "meeting", "name": "Termin"}, "meeting", False),
    ({"kind": "email_open", "medium": "cpc"}, "email", False),
    ({"kind": "ad_click", "source": "linkedin_ads"}, "paid social", False),
    ({"kind": "ad_click", "source": "google_ads"}, "paid search", False),
    ({"kind": "ticket"}, "support", False),
    ({"kind": "note"}, "other", False),
    ({"kind": "not a kind"}, "other", False),
]


def labelled(events: list[Row]) -> list[Row]:
    rows = [{"source": "web", "record_id": str(place), **event} for place, event in enumerate(events)]
    rules = JourneyRules.load()
    with open_engine(threads=1) as engine:
        table = engine.from_arrow("events", to_arrow(EVENTS, rows))
        labels = label_events(table, rules, engine)
        signed = table.select("record_id", sign=rules.signature.sign(table)).join(labels.table, "sign")
        found = {int(row["record_id"]): row for row in engine.rows(signed)}
    named = [found[place] for place in range(len(events))]
    return [row | {"touchpoint": labels.names[row["touchpoint"]], "channel": CHANNELS[row["channel"]]} for row in named]


@pytest.fixture(scope="module")
def touchpoints() -> list[str]:
    pages = [{"kind": "page_view", "url": f"https://www.own.example{path}"} for path in PAGES]
    return [row["touchpoint"] for row in labelled(pages + [event for event, _ in CONTACTS])]


def test_pages_are_named_by_their_path(touchpoints: list[str]) -> None:
    assert dict(zip(PAGES, touchpoints, strict=False)) == PAGES


def test_contacts_are_named_by_kind_and_subject_in_german_and_english(touchpoints: list[str]) -> None:
    assert list(zip(touchpoints[len(PAGES) :], (event for event, _ in CONTACTS), strict=True)) == [
        (name, event) for event, name in CONTACTS
    ]


def test_channels_come_from_marks_words_referrers_and_kinds() -> None:
    found = [(row["channel"], row["of_visit"]) for row in labelled([event for event, _, _ in WAYS])]
    assert list(zip(found, WAYS, strict=True)) == [((way[1], way[2]), way) for way in WAYS]
