"""A small market with known truth: companies in two CRMs with dirt, and their people in records, mails and devices."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

FAMILIES = [
    "Achterberg",
    "Brandt",
    "Conrad",
    "Dietrich",
    "Eichner",
    "Fuchs",
    "Giese",
    "Hartwig",
    "Iversen",
    "Jansen",
    "Kessler",
    "Lindner",
    "Moser",
    "Nagel",
    "Ostermann",
    "Pfeiffer",
    "Quandt",
    "Reinhardt",
    "Seidel",
    "Thielmann",
    "Ullrich",
    "Vogt",
    "Wagner",
    "Zimmermann",
    "Bachmann",
    "Dorn",
    "Ebert",
    "Funke",
    "Gerlach",
    "Hauser",
]
GIVEN = [
    "Anna",
    "Bernd",
    "Carla",
    "Dirk",
    "Eva",
    "Frank",
    "Greta",
    "Hans",
    "Ines",
    "Jörg",
    "Katrin",
    "Lars",
    "Mona",
    "Nils",
    "Olga",
    "Paul",
    "Rita",
    "Sven",
    "Tanja",
    "Uwe",
]
TRADES = [
    "Maschinenbau",
    "Anlagenbau",
    "Werkzeugbau",
    "Antriebstechnik",
    "Fördertechnik",
    "Verpackungstechnik",
    "Papier",
    "Chemie",
    "Zement",
    "Stahl",
]
FORMS = ("GmbH", "GmbH & Co. KG", "AG", "KG", "SE", "e.K.", "UG (haftungsbeschränkt)")
PLACES = (("Ulm", "89073"), ("Graz", "8010"), ("Basel", "4051"), ("Kiel", "24103"), ("Hof", "95028"), ("Jena", "07743"))


@dataclass
class Market:
    """Rows of evidence, and the truth: company record → company, identifier → person."""

    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in ("accounts", "people", "events")}
    )
    companies: dict[tuple[str, str], int] = field(default_factory=dict)
    persons: dict[tuple[str, str], int] = field(default_factory=dict)
    homes: dict[int, int] = field(default_factory=dict)


def slug(text: str) -> str:
    for umlaut, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.lower().replace(umlaut, written)
    return text.replace(" ", "-")


def misspelled(rng: random.Random, text: str) -> str:
    """One letter doubled, dropped or swapped, not at the beginning."""
    at = rng.randrange(2, len(text) - 1)
    return rng.choice(
        (text[:at] + text[at + 1 :], text[: at + 1] + text[at:], text[:at] + text[at + 1] + text[at] + text[at + 2 :])
    )


def make(companies: int = 120, seed: int = 11) -> Market:
    """A market of so many companies."""
    rng = random.Random(seed)
    market = Market()
    names = rng.sample([f"{family} {trade}" for family in FAMILIES for trade in TRADES], companies)
    for number, name in enumerate(names):
        _company(rng, market, number, name)
    return market


def _company(rng: random.Random, market: Market, number: int, name: str) -> None:
    place, post = rng.choice(PLACES)
    domain = f"{slug(name)}.example"
    in_crm = rng.random() < 0.85
    if in_crm:
        _record(
            market,
            number,
            "salesforce",
            f"0017R{number:010d}",
            f"{name} {rng.choice(FORMS)}",
            domain if rng.random() < 0.8 else None,
            place,
            post,
        )
        if rng.random() < 0.12:  # a duplicate, misspelled, in the same place or with the same domain
            by_domain = rng.random() < 0.5
            copy = misspelled(rng, name) if rng.random() < 0.5 else name.upper()
            _record(
                market,
                number,
                "salesforce",
                f"0017R{number + 5000:010d}",
                copy,
                domain if by_domain else None,
                place,
                post,
            )
    if rng.random() < 0.7:
        written = name.replace(" ", "-") if rng.random() < 0.1 else name
        city = place if rng.random() < 0.7 else None
        _record(
            market,
            number,
            "hubspot",
            str(910_000 + number),
            f"{written} {rng.choice(FORMS)}",
            domain if rng.random() < 0.85 else None,
            city,
            None,
        )
    for _ in range(rng.randint(2, 6)):
        _person(rng, market, number, name, domain, in_crm)


def _record(
    market: Market,
    number: int,
    source: str,
    ref: str,
    name: str,
    domain: str | None,
    city: str | None,
    post: str | None,
) -> None:
    market.rows["accounts"].append(
        {"source": source, "record_id": ref, "name": name, "domain": domain, "city": city, "postcode": post}
    )
    market.companies[f"account:{source}", ref] = number


def _person(rng: random.Random, market: Market, company: int, name: str, domain: str, in_crm: bool) -> None:
    person = len(market.homes)
    market.homes[person] = company
    given, family = rng.choice(GIVEN), f"{rng.choice(FAMILIES)}{rng.choice(('', 's', 'er', 'mann'))}"
    local = f"{slug(given)}.{slug(family)}.{person}" if rng.random() < 0.02 else f"{slug(given)}.{slug(family)}"
    mail = f"{local}@{domain}"
    if ("email", mail) in market.persons:  # no namesakes here: they have their own test
        del market.homes[person]
        return
    known = {("email", mail): person}
    first = {"first_name": given, "last_name": family}
    if in_crm and rng.random() < 0.8:
        ref = f"0037R{person:010d}"
        known["contact:salesforce", ref] = person
        role_mail = rng.random() < 0.06
        market.rows["people"].append(
            {
                "source": "salesforce",
                "record_id": ref,
                **first,
                "email": f"info@{domain}" if role_mail else mail,
                "account_ref": f"0017R{company:010d}",
            }
        )
    if rng.random() < 0.6:
        ref = str(510_000 + person)
        known["contact:hubspot", ref] = person
        written = misspelled(rng, family) if rng.random() < 0.1 else family
        market.rows["people"].append(
            {
                "source": "hubspot",
                "record_id": ref,
                "first_name": given,
                "last_name": written,
                "email": mail,
                "company_name": name,
            }
        )
    for device in range(rng.randint(1, 3)):
        cookie = f"c{person}-{device}"
        known["cookie", cookie] = person
        shown = {"user_id": mail.title()} if rng.random() < 0.5 else {"email": mail}
        market.rows["events"] += [
            {
                "source": "snowplow",
                "kind": "page_view",
                "cookie": cookie,
                "record_id": f"{cookie}-{turn}",
                **(shown if turn == 0 else {}),
            }
            for turn in range(rng.randint(1, 3))
        ]
    if rng.random() < 0.05:  # a meeting room's device
        market.rows["events"].append(
            {
                "source": "snowplow",
                "kind": "form",
                "cookie": f"room-{company}",
                "email": mail,
                "record_id": f"r{person}",
            }
        )
    market.persons |= known


def company_records(companies: int, seed: int) -> tuple[list[dict[str, Any]], dict[tuple[str, str], object]]:
    """A hard case for company records: misspelled, without domain or place, and namesakes at other places.

    Returns the rows of `accounts`, and company record → company.
    """
    rng = random.Random(seed)
    families = [family + ending for family in FAMILIES for ending in ("", "er", "mann", "s", "inger", "hofer")]
    names = rng.sample([f"{family} {trade}" for family in families for trade in TRADES], companies)
    places = [*PLACES, *((f"Ort{number}", f"{10_000 + number * 37}") for number in range(60))]
    rows: list[dict[str, Any]] = []
    truth: dict[tuple[str, str], object] = {}

    def add(
        source: str, ref: str, name: str, domain: str | None, place: tuple[str, str] | None, company: object
    ) -> None:
        city = place[0] if place and rng.random() < 0.8 else None
        post = place[1] if place and rng.random() < 0.6 else None
        rows.append(
            {"source": source, "record_id": ref, "name": name, "domain": domain, "city": city, "postcode": post}
        )
        truth[f"account:{source}", ref] = company

    for number, name in enumerate(names):
        place, domain = rng.choice(places), f"{slug(name)}.example"
        if rng.random() < 0.9:
            add(
                "salesforce",
                f"0017R{number:010d}",
                f"{name} {rng.choice(FORMS)}",
                domain if rng.random() < 0.65 else None,
                place if rng.random() < 0.9 else None,
                number,
            )
        if rng.random() < 0.2:
            copy = misspelled(rng, name) if rng.random() < 0.6 else name
            add(
                "salesforce",
                f"0017R{number + 500_000:010d}",
                copy,
                domain if rng.random() < 0.3 else None,
                place if rng.random() < 0.7 else None,
                number,
            )
        if rng.random() < 0.7:
            copy = misspelled(rng, name) if rng.random() < 0.15 else name
            add(
                "hubspot",
                str(9_000_000 + number),
                f"{copy} {rng.choice(FORMS)}",
                domain if rng.random() < 0.6 else None,
                place if rng.random() < 0.6 else None,
                number,
            )
        elsewhere = rng.choice(places)
        if rng.random() < 0.04 and elsewhere != place:
            own = f"{slug(name)}-{slug(elsewhere[0])}.example" if rng.random() < 0.5 else None
            add(
                "salesforce",
                f"0017R{number + 700_000:010d}",
                f"{name} {rng.choice(FORMS)}",
                own,
                elsewhere,
                (number, "elsewhere"),
            )
    return rows, truth
