"""What the vendor publishes and pays for: pages, campaigns, mails, fairs, webinars, search queries."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

SITE: Final = "https://www.messwerk-sensorik.example"
BRAND_SITE: Final = "https://www.schwingungsmagazin.example"
PORTAL: Final = "https://portal.messwerk-sensorik.example"


class Page(NamedTuple):
    """A page of the site: path, title, touchpoint."""

    path: str
    title: str
    touchpoint: str


def _many(prefix: str, touchpoint: str, titles: str) -> tuple[Page, ...]:
    pages = []
    for line in titles.strip().splitlines():
        path, title = (part.strip() for part in line.split("|"))
        pages.append(Page(prefix + path, title, touchpoint))
    return tuple(pages)


ARTICLES: Final = _many("/magazin/", "article", """
    schwingungsmessung-grundlagen | Schwingungsmessung: die Grundlagen
    zustandsueberwachung-einfuehren | Zustandsüberwachung einführen in sechs Schritten
    waelzlager-schaeden-erkennen | Wälzlagerschäden früh erkennen
    iso-10816-erklaert | DIN ISO 10816 verständlich erklärt
    unwucht-ursachen | Unwucht: Ursachen und Abhilfe
    predictive-maintenance-mittelstand | Predictive Maintenance im Mittelstand
    sensoren-nachruesten | Sensoren an alten Maschinen nachrüsten
    frequenzanalyse-praxis | Frequenzanalyse in der Praxis
    stillstandskosten-senken | Stillstandskosten senken
    pumpen-ueberwachen | Pumpen überwachen: worauf es ankommt
    getriebe-diagnose | Getriebediagnose mit Schwingungen
    funk-oder-kabel | Funk oder Kabel? Sensoren anbinden
    retrofit-bestandsanlagen | Retrofit von Bestandsanlagen
    instandhaltung-kennzahlen | Kennzahlen der Instandhaltung
""")  # fmt: skip
PRODUCTS: Final = _many("/produkte/", "product page", """
    vibrosense-one | VibroSense One – der Funksensor
    vibrosense-pro | VibroSense Pro – drei Achsen, 10 kHz
    edge-gateway | Edge-Gateway MG-4
    messwerk-cloud | Messwerk Cloud – Zustände im Blick
    handmessgeraet-h2 | Handmessgerät H2
""")  # fmt: skip
SOLUTIONS: Final = _many("/loesungen/", "solution page", """
    schwingungsmessung-nachruesten | Schwingungsmessung nachrüsten
    pumpenueberwachung | Lösung für Pumpen
    papierindustrie | Lösung für die Papierindustrie
    windkraft | Lösung für Windkraftanlagen
    maschinenbauer | Lösung für Maschinenbauer
""")  # fmt: skip
PRICING: Final = (Page("/preise", "Preise und Pakete", "pricing page"),)
COMPARISONS: Final = _many("/vergleich/", "comparison page", """
    funk-kabel | Vergleich: Funksensoren und kabelgebundene Systeme
    anbieter | Anbieter von Condition Monitoring im Vergleich
    cloud-lokal | Vergleich: Cloud oder lokaler Server
""")  # fmt: skip
CASES: Final = _many("/referenzen/", "case study", """
    papierfabrik-spart-stillstaende | Papierfabrik spart 120 Stunden Stillstand
    pumpenbauer-ueberwacht-flotte | Pumpenbauer überwacht 400 Aggregate
    zementwerk-lagerschaeden | Zementwerk erkennt Lagerschäden früh
    molkerei-nachtschicht | Molkerei: keine Nachtschicht mehr
    stahlwerk-walzenstrasse | Stahlwerk rüstet Walzenstraße nach
""")  # fmt: skip
ROI: Final = (Page("/roi-rechner", "ROI-Rechner: Was bringt Überwachung?", "roi calculator"),)
PAPERS: Final = _many("/whitepaper/", "white paper", """
    leitfaden-zustandsueberwachung | Whitepaper: Leitfaden Zustandsüberwachung
    nachruesten-checkliste | Whitepaper: Checkliste Nachrüsten
    iso-20816-uebersicht | Whitepaper: ISO 20816 auf einen Blick
""")  # fmt: skip
WEBINAR_PAGES: Final = _many("/webinare/", "webinar page", """
    lagerschaeden-live | Webinar: Lagerschäden live erkennen
    nachruesten-in-der-praxis | Webinar: Nachrüsten in der Praxis
    von-der-messung-zur-massnahme | Webinar: Von der Messung zur Maßnahme
    cloud-sicher-betreiben | Webinar: Cloud sicher betreiben
""")  # fmt: skip
PARTNERS: Final = (Page("/partner", "Partner finden", "partner page"),)
HOME: Final = (Page("/", "Messwerk Sensorik – Zustände sehen", "home page"),)
DOCS: Final = _many("/dokumentation/", "documentation", """
    vibrosense-one/montage | Dokumentation: Montage VibroSense One
    edge-gateway/inbetriebnahme | Dokumentation: Inbetriebnahme Gateway
    messwerk-cloud/benutzer | Dokumentation: Benutzer verwalten
    schnittstellen/opc-ua | Dokumentation: OPC UA
""")  # fmt: skip
CAREERS: Final = (Page("/karriere", "Karriere bei Messwerk", "careers page"),)
OTHERS: Final = (
    Page("/unternehmen", "Über uns", "other page"),
    Page("/newsletter", "Newsletter", "other page"),
    Page("/impressum", "Impressum", "other page"),
)
CONTACT: Final = (Page("/kontakt", "Kontakt", "contact page"),)
DEMO: Final = (Page("/demo", "Demo vereinbaren", "demo request page"),)
QUOTE: Final = (Page("/angebot-anfordern", "Angebot anfordern", "quote page"),)

PAGES: Final = (
    *HOME, *ARTICLES, *PRODUCTS, *SOLUTIONS, *PRICING, *COMPARISONS, *CASES, *ROI, *PAPERS, *WEBINAR_PAGES,
    *PARTNERS, *DOCS, *CAREERS, *OTHERS, *CONTACT, *DEMO, *QUOTE,
)  # fmt: skip


def span(group: tuple[Page, ...]) -> tuple[int, int]:
    """Where a group of pages lies in `PAGES`: first place and number."""
    return PAGES.index(group[0]), len(group)


# What a session may show besides everyday pages. The place in this list is its code in the simulation.
SPECIALS: Final = (
    (), PRODUCTS, SOLUTIONS, PRICING, COMPARISONS, CASES, ROI, PAPERS, WEBINAR_PAGES, PARTNERS, CONTACT, DEMO, QUOTE,
)  # fmt: skip
NONE, PRODUCT, SOLUTION, PRICE, COMPARISON, CASE, CALCULATOR, PAPER, WEBINAR_PAGE, PARTNER, CONTACT_PAGE, DEMO_PAGE, QUOTE_PAGE = range(13)  # fmt: skip
SPECIAL_NAMES: Final = tuple(group[0].touchpoint if group else "" for group in SPECIALS)

# Forms: code -> (name in the tools, page, touchpoint, HubSpot form id)
FORMS: Final = (
    ("", "", "", ""),
    ("Newsletter-Anmeldung", "/newsletter", "newsletter sign-up", "0c1e7f40-1111-4b6e-9a01-5d0000000001"),
    ("Whitepaper-Download", "/whitepaper/leitfaden-zustandsueberwachung", "white paper", "0c1e7f40-1111-4b6e-9a01-5d0000000002"),
    ("Webinar-Anmeldung", "/webinare/nachruesten-in-der-praxis", "webinar registration", "0c1e7f40-1111-4b6e-9a01-5d0000000003"),
    ("Kontaktformular", "/kontakt", "contact form", "0c1e7f40-1111-4b6e-9a01-5d0000000004"),
    ("Demo-Anfrage", "/demo", "demo request", "0c1e7f40-1111-4b6e-9a01-5d0000000005"),
    ("Angebotsanfrage", "/angebot-anfordern", "proposal request", "0c1e7f40-1111-4b6e-9a01-5d0000000006"),
)  # fmt: skip
NEWSLETTER, PAPER_FORM, WEBINAR_FORM, CONTACT_FORM, DEMO_FORM, QUOTE_FORM = range(1, 7)

BRAND_PAGES: Final = _many("/ratgeber/", "article", """
    was-ist-condition-monitoring | Was ist Condition Monitoring?
    schwingungen-lesen-lernen | Schwingungen lesen lernen
    lager-wechseln-wann | Lager wechseln: wann?
    instandhalter-alltag | Aus dem Alltag eines Instandhalters
""")  # fmt: skip
PORTAL_PAGES: Final = (
    ("/uebersicht", "Übersicht"), ("/messstellen", "Messstellen"), ("/berichte", "Berichte"),
    ("/alarme", "Alarme"), ("/support/artikel", "Hilfe"), ("/benutzer", "Benutzer"),
)  # fmt: skip


class Campaign(NamedTuple):
    """A paid campaign: platform, name, id, utm_campaign, mean cost of a click in EUR."""

    platform: str
    name: str
    ref: str
    utm: str
    click_cost: float


CAMPAIGNS: Final = (
    Campaign("linkedin", "LI | Instandhaltung | Awareness", "601234501", "li-awareness", 7.8),
    Campaign("linkedin", "LI | Leitfaden Lead Gen", "601234502", "li-leitfaden", 9.4),
    Campaign("linkedin", "LI | Retargeting Preise", "601234503", "li-retargeting", 6.2),
    Campaign("google", "Search | Schwingungsmessung", "19834501", "g-schwingungsmessung", 3.9),
    Campaign("google", "Search | Condition Monitoring Anbieter", "19834502", "g-anbieter", 5.6),
    Campaign("google", "Search | Marke", "19834503", "g-marke", 0.9),
)

# query, page it leads to, mean position, share of the clicks, whether it names vendors (asked from the second phase on)
QUERIES: Final = (
    ("schwingungsmessung", "/magazin/schwingungsmessung-grundlagen", 4.2, 0.16, False),
    ("schwingungsmessung nachrüsten", "/magazin/sensoren-nachruesten", 2.8, 0.10, False),
    ("zustandsüberwachung", "/magazin/zustandsueberwachung-einfuehren", 7.9, 0.09, False),
    ("predictive maintenance mittelstand", "/magazin/predictive-maintenance-mittelstand", 11.4, 0.05, False),
    ("wälzlager schaden erkennen", "/magazin/waelzlager-schaeden-erkennen", 3.1, 0.12, False),
    ("din iso 10816", "/magazin/iso-10816-erklaert", 5.6, 0.11, False),
    ("unwucht ursachen", "/magazin/unwucht-ursachen", 6.3, 0.06, False),
    ("condition monitoring anbieter", "/loesungen/schwingungsmessung-nachruesten", 8.7, 0.09, True),
    ("schwingungssensor funk kaufen", "/produkte/vibrosense-one", 4.9, 0.08, True),
    ("condition monitoring system hersteller", "/produkte/messwerk-cloud", 9.8, 0.06, True),
    ("messwerk sensorik", "/", 1.1, 0.08, True),
)

NEWSLETTERS: Final = tuple(
    (
        f"{89100000 + 17 * number}",
        f"NL {2024 + number // 12}-{number % 12 + 1:02d}",
        subject,
    )
    for number, subject in enumerate(
        [
            "Lagerschäden früh hören", "Fünf Fragen vor dem Nachrüsten", "Messe-Rückblick und Termine",
            "Neues Whitepaper: ISO 20816", "So misst eine Papierfabrik", "Sommerpause für Maschinen?",
        ]
        * 5
    )
)  # fmt: skip

REFERRERS: Final = ("https://www.instandhaltung-portal.example/marktuebersicht", "https://www.produktion-heute.example/artikel/4711")
REVIEW_SITES: Final = ("https://de.trustpilot.com/review/messwerk-sensorik.example", "https://www.g2.com/products/messwerk-cloud/reviews")
PARTNER_SITES: Final = ("https://www.antriebe-nord.example/partner", "https://www.automation-sued.example/sortiment")


class Fair(NamedTuple):
    """A trade fair with its days."""

    name: str
    first: dt.date
    days: int


FAIRS: Final = (
    Fair("maintenance Dortmund 2024", dt.date(2024, 2, 21), 2),
    Fair("Hannover Messe 2024", dt.date(2024, 4, 22), 5),
    Fair("SPS Nürnberg 2024", dt.date(2024, 11, 12), 3),
    Fair("maintenance Dortmund 2025", dt.date(2025, 2, 19), 2),
    Fair("Hannover Messe 2025", dt.date(2025, 3, 31), 5),
    Fair("SPS Nürnberg 2025", dt.date(2025, 11, 25), 3),
    Fair("maintenance Dortmund 2026", dt.date(2026, 2, 25), 2),
    Fair("Hannover Messe 2026", dt.date(2026, 4, 20), 5),
)

WEBINAR_TOPICS: Final = tuple(page.title.removeprefix("Webinar: ") for page in WEBINAR_PAGES)
# A webinar every four weeks, Thursday at ten: (slot, topic number)
WEBINARS: Final = tuple((slot, number % len(WEBINAR_TOPICS)) for number, slot in enumerate(range(5, 258, 8)))

LOST_REASONS: Final = ("Preis", "Wettbewerber", "Projekt verschoben", "Kein Budget", "Keine Rückmeldung", "Funktion fehlt")
