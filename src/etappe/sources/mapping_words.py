"""What headings of tables usually mean, German and English, and what their cells look like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

# Meaning -> headings that mean it, as they read when lowered and cut into words. The order decides between equals.
HEADINGS: Final[dict[str, str]] = {
    "email": "e mail|email|mail|e mail adresse|mailadresse|email address|e mail address|kontakt e mail|contact email|email adresse",
    "first_name": "vorname|first name|firstname|given name",
    "last_name": "nachname|last name|lastname|surname|familienname|family name",
    "person": "ansprechpartner|ansprechpartnerin|kontaktperson|contact name|contact person|full name|kontakt|contact|person|teilnehmer|besucher|kundenansprechpartner",
    "company": "firma|firmenname|unternehmen|unternehmensname|company|company name|companyname|organisation|organization|account|account name|kunde|kundenname|customer|customer name|debitor|auftraggeber|ship name|organization name",
    "domain": "domain|website|webseite|homepage|internetseite|company domain|company domain name|web",
    "phone": "telefon|telefonnummer|tel|mobil|handy|phone|phone number|telephone|mobile",
    "title": "funktion|position|jobtitel|job title|contact title|berufsbezeichnung|rolle|role|what is your current occupation",
    "street": "strasse|straße|street|adresse|address|anschrift|ship address|strasse hausnummer|straße hausnummer",
    "postcode": "plz|postleitzahl|postal code|postcode|zip|zip code|ship postal code",
    "city": "ort|stadt|city|town|wohnort|ship city",
    "country": "land|country|staat|ship country|country region",
    "account_id": "kundennummer|kundennr|kunden nr|kd nr|kdnr|kunden id|customer id|customerid|customer no|customer number|account id|accountid|company id|firmen id|debitorennummer|debitor nr",
    "contact_id": "contact id|contactid|kontakt id|person id|lead id|lead number|prospect id|ansprechpartner id",
    "user_id": "user id|userid|user|benutzer|benutzer id|client id|visitor id|login|member id",
    "session": "session id|sessionid|session|visit id|besuch id|sitzung|sitzungs id",
    "case": "case id|caseid|case|case concept name|vorgangsnummer|vorgangs id|fall id|fall|prozess id|process id|incident",
    "deal_id": "deal id|dealid|opportunity id|opportunityid|verkaufschance id|angebotsnummer|offer id|quote id",
    "deal_name": "deal name|deal|opportunity|opportunity name|verkaufschance|angebot|projekt|projektname",
    "record": "order id|orderid|bestellnummer|auftragsnummer|auftrag nr|belegnummer|beleg nr|rechnungsnummer|invoice id|invoice no|ticket id|event id|eventid|activity id|id|uuid|nr|nummer|number|key|datensatz id|record id|unique id|row id",
    "birth": "dob|date of birth|birth date|birthdate|birthday|geburtsdatum|geburtstag|geboren am|date_of_birth",
    "moment": "datum|date|zeitpunkt|timestamp|time|datum uhrzeit|zeitstempel|complete timestamp|start timestamp|event time|event date|order date|orderdate|bestelldatum|auftragsdatum|belegdatum|rechnungsdatum|invoice date|created|created at|created date|createdat|erstellt|erstellt am|erstelldatum|angelegt am|besuchsdatum|kontaktdatum|tag|day|event timestamp|time timestamp|registered at|anmeldedatum",
    "closed": "close date|closed at|closed date|abschlussdatum|geschlossen am|won time|lost time|abgeschlossen am",
    "clock": "uhrzeit|zeit|clock|hour",
    "activity": "activity|activity name|aktivität|event|event name|eventname|ereignis|action|aktion|concept name|subject|betreff|vorgang|kontaktart|art|touchpoint|last notable activity",
    "amount": "betrag|amount|umsatz|summe|gesamtbetrag|total|totals|value|wert|auftragswert|deal value|deal amount|preis|price|netto|nettobetrag|brutto|monthly charges|unit price",
    "currency": "währung|currency|currency code|waehrung",
    "status": "status|state|zustand|lead status|deal status",
    "stage": "stage|phase|deal stage|stufe|verkaufsphase|pipeline stage|lead stage",
    "lost_reason": "lost reason|verlustgrund|grund|reason lost",
    "campaign": "campaign|kampagne|campaign name|kampagnenname|utm campaign",
    "medium": "medium|kanal|channel|utm medium|acquisition channel|marketing channel|vertriebskanal",
    "origin": "source|quelle|lead source|lead quelle|lead origin|herkunft|utm source|lead herkunft|how did you hear about x education",
    "url": "url|page url|page|seite|link|page location|adresse der seite",
    "referrer": "referrer|referer|page referrer|verweis",
    "owner": "owner|betreuer|kundenbetreuer|verkäufer|vertreter|sales rep|employee id|resource|ressource|org resource|bearbeiter|zuständig|account manager|mitarbeiter",
    "industry": "branche|industry|industriezweig|specialization|wirtschaftszweig",
    "employees": "mitarbeiterzahl|anzahl mitarbeiter|employees|number of employees|headcount|beschäftigte|mitarbeiteranzahl",
    "revenue": "jahresumsatz|annual revenue|revenue|umsatz pro jahr|jahresumsatz eur",
    "text": "notiz|notizen|kommentar|comment|comments|bemerkung|bemerkungen|beschreibung|description|notes|note|text|inhalt|freitext",
    "rating": "bewertung|rating|score|stars|sterne|nps|zufriedenheit|satisfaction|schulnote",
    "cost": "kosten|cost|costs|spend|ausgaben|spent|total spent",
    "impressions": "impressions|impressionen|impr|einblendungen",
    "clicks": "clicks|klicks",
    "conversions": "conversions|konversionen",
    "query": "query|suchanfrage|suchbegriff|search term|keyword|suchwort|top queries",
}  # fmt: skip

# The meaning of a column that somebody leaves out: of none of the tables.
LEFT_OUT: Final = "left out"

# What the cells of a meaning have to look like, where that can be told.
SHAPES: Final[dict[str, tuple[str, ...]]] = {
    "email": ("email",), "domain": ("domain", "url"), "url": ("url", "path"), "referrer": ("url",), "moment": ("moment",), "closed": ("moment",),
    "clock": ("clock",), "amount": ("number", "integer"), "cost": ("number", "integer"), "employees": ("number", "integer"), "revenue": ("number", "integer"),
    "impressions": ("integer", "number"), "clicks": ("integer", "number"), "conversions": ("number", "integer"), "rating": ("integer", "number"),
    "phone": ("phone", "integer", "word"), "first_name": ("word",), "last_name": ("word",), "person": ("word",), "company": ("word",), "text": ("prose", "word"),
}  # fmt: skip
_BY_HEADING: Final = {
    heading: meaning for meaning, headings in reversed(HEADINGS.items()) for heading in headings.split("|")
}
_CELLS: Final = (
    ("email", re.compile(r"^[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+$")),
    ("url", re.compile(r"^https?://\S+$", re.IGNORECASE)),
    ("moment", re.compile(r"^(\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d\d-\d\d-\d{4})([T ,].*)?$")),
    ("clock", re.compile(r"^\d{1,2}:\d\d(:\d\d)?( Uhr)?$")),
    ("integer", re.compile(r"^[-+]?\d{1,18}$")),
    ("number", re.compile(r"^[-+]?[€$£]?\s?\d[\d.,' ]*\s?(€|EUR|CHF|USD|%)?$")),
    ("domain", re.compile(r"^(www\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(/\S*)?$", re.IGNORECASE)),
    ("path", re.compile(r"^/\S*$")),
    ("phone", re.compile(r"^\+?[\d\s()/.-]{6,}$")),
    ("flag", re.compile(r"^(true|false|ja|nein|yes|no|wahr|falsch)$", re.IGNORECASE)),
    ("id", re.compile(r"^(?=.*\d)[\w-]{3,40}$")),
    ("word", re.compile(r"^.{1,60}$")),
)


@dataclass(frozen=True)
class Column:
    """A heading with what it may mean, and what its cells look like."""

    name: str
    meaning: str
    by_name: bool
    shape: str
    fits: bool
    distinct: float
    filled: float
    words: tuple[str, ...]

    @property
    def score(self) -> float:
        """How good a candidate the column is for its meaning."""
        return (1.0 if self.by_name else 0.4) + (0.5 if self.fits else -0.6) + 0.2 * self.filled

    @property
    def confidence(self) -> str:
        """For the comment behind the line."""
        if self.by_name and self.fits and self.meaning in SHAPES:
            return "sure: the heading and the cells agree"
        if self.by_name and self.fits:
            return "likely: by its heading"
        return "a guess by the cells alone" if self.fits else "a guess by the heading; the cells look otherwise"


def plain(heading: str) -> str:
    """A heading lowered and cut into words: `OrderDate`, `order_date` and `Order-Date:` read alike."""
    cut = re.sub(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])", " ", heading)
    return " ".join(re.sub(r"[^\w]|_", " ", cut).lower().split())


def meaning_of(heading: str) -> str | None:
    """What a heading means by its words: the whole of it, else without what stands in brackets, else its last part."""
    bare = re.sub(r"\(.*?\)|\[.*?\]", "", heading)
    tried = [
        plain(heading),
        plain(bare),
        plain(heading).replace(" ", ""),
        plain(re.split(r"[.:/>]|\s-\s", heading)[-1]),
    ]
    return next((_BY_HEADING[words] for words in tried if words in _BY_HEADING), None)


def shape_of(cells: Sequence[str]) -> str:
    """What most cells look like; "" where there are none."""
    if not cells:
        return ""
    seen: Counter[str] = Counter()
    for cell in cells:
        seen[next((name for name, pattern in _CELLS if pattern.match(cell)), "prose")] += 1
    shape, number = seen.most_common(1)[0]
    if {"integer", "number"} >= set(seen):
        return "number" if seen["number"] else "integer"
    return shape if number >= 0.7 * len(cells) else "prose" if seen["prose"] > 0.3 * len(cells) else "word"


def columns_of(names: Iterable[str], rows: Sequence[dict[str, Any]]) -> list[Column]:
    """All columns of a table, each with its likeliest meaning (or "" for none)."""
    found = []
    for name in names:
        cells = [
            text
            for row in rows
            if (text := str(row.get(name) if row.get(name) is not None else "").strip())
            and text.lower() not in ("null", "nan", "none")
        ]
        shape = shape_of(cells)
        by_name = meaning_of(name)
        by_shape = {"email": "email", "url": "url", "moment": "moment"}.get(shape)
        meaning = by_name or by_shape or ""
        wanted = SHAPES.get(meaning)
        fits = wanted is None or not cells or shape in wanted or (shape == "id" and "word" in wanted)
        common = tuple(word for word, _ in Counter(cells).most_common(12))
        found.append(
            Column(
                name,
                meaning,
                by_name is not None,
                shape or "empty",
                fits,
                len(set(cells)) / max(len(cells), 1),
                len(cells) / max(len(rows), 1),
                common,
            )
        )
    return found


_NUMBERING = re.compile(r"\b(id|nr|no|key|uuid|guid|nummer|number)$")


def best(columns: Iterable[Column]) -> dict[str, Column]:
    """The best column of each meaning; the rows' own number is also one whose name nobody knows, where it is in every row and no two share it."""
    columns = list(columns)
    found: dict[str, Column] = {}
    for column in columns:
        if (
            column.meaning
            and column.score > 0.6
            and (column.meaning not in found or column.score > found[column.meaning].score)
        ):
            found[column.meaning] = column
    if "record" not in found:
        numbering = (column for column in columns if not column.meaning and column.distinct == 1.0 and column.filled == 1.0 and _NUMBERING.search(plain(column.name)))
        if (first := next(numbering, None)) is not None:
            found["record"] = replace(first, meaning="record")
    return found
