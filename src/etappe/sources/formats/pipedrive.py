"""Pipedrive: lists exported from the page as CSV or XLSX, with headings such as `Deal - Title`, in English or German.

Linked records stand in these files by name, not by id, and there is no history of stages: the API has both. A row of
deals or activities may carry columns of its person and organization; they become people and companies besides.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats import _contacts as words
from etappe.sources.formats import _deals
from etappe.sources.formats._recognising import TABULAR
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id

_ENTITIES = {
    "deal": "deal", "person": "person", "kontakt": "person", "kontaktperson": "person", "contact person": "person", "organization": "organization",
    "organisation": "organization", "activity": "activity", "aktivität": "activity", "note": "note", "notiz": "note", "lead": "lead",
}  # fmt: skip
_HEADING = re.compile(r"^\s*(" + "|".join(_ENTITIES) + r")\s+[-–]\s+(.+?)\s*$", re.IGNORECASE)
# A row is one of the first of these that the file has a heading of.
_ROW = (("activity", "subject"), ("deal", "title"), ("lead", "title"), ("person", "name"), ("organization", "name"))

_FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("id",),
    "title": ("title", "titel", "name"),
    "name": ("name",),
    "first": ("first name", "vorname"),
    "last": ("last name", "nachname"),
    "subject": ("subject", "betreff"),
    "organization": ("organization", "organisation"),
    "person": ("contact person", "kontaktperson", "person"),
    "value": ("value", "wert"),
    "currency": ("currency of value", "currency", "währung", "währung des wertes"),
    "stage": ("stage", "stage (pipeline)", "phase", "phase (pipeline)"),
    "pipeline": ("pipeline",),
    "status": ("status",),
    "created": ("deal created", "lead created", "creation date", "person created", "organization created", "add time", "created", "created at", "erstellt",
                "erstellt am", "erstellungsdatum", "deal erstellt", "deal erstellt am", "hinzugefügt am"),
    "won": ("won time", "gewonnen am", "zeitpunkt gewonnen"),
    "lost": ("lost time", "verloren am", "zeitpunkt verloren"),
    "closed": ("deal closed on", "close time", "deal abgeschlossen am", "abgeschlossen am"),
    "changed": ("last stage change", "stage change time", "letzter phasenwechsel", "letzte phasenänderung"),
    "expected": ("expected close date", "voraussichtliches abschlussdatum", "erwartetes abschlussdatum"),
    "reason": ("lost reason", "verlustgrund", "grund für verlust"),
    "owner": ("owner", "besitzer", "inhaber", "assigned to user", "zugewiesen an", "creator"),
    "origin": ("source channel", "source origin", "lead source", "quellkanal", "quelle"),
    "labels": ("label", "labels", "beschriftung"),
    "job": ("job title", "position", "jobtitel", "berufsbezeichnung"),
    "address": ("address", "adresse"),
    "city": ("city/town/village/locality of address", "city", "stadt"),
    "country": ("country of address", "country", "land"),
    "postcode": ("zip/postal code of address", "zip", "postleitzahl", "plz"),
    "website": ("website", "webseite", "domain"),
    "industry": ("industry", "branche"),
    "employees": ("number of employees", "employee count", "anzahl der mitarbeiter", "mitarbeiterzahl"),
    "type": ("type", "typ", "art"),
    "due": ("due date", "fälligkeitsdatum", "fällig am"),
    "clock": ("due time", "fälligkeitszeit", "uhrzeit"),
    "minutes": ("duration", "dauer"),
    "done": ("done", "erledigt"),
    "done at": ("marked as done time", "als erledigt markiert am", "erledigt am"),
    "text": ("note", "notiz", "content", "inhalt", "public description"),
    "deal": ("deal", "deal title"),
    "place": ("location", "ort"),
}  # fmt: skip


def _headings(columns: tuple[str, ...] | list[str]) -> dict[tuple[str, str], str]:
    """The columns by entity and field, in lower case."""
    found: dict[tuple[str, str], str] = {}
    for column in columns:
        match = _HEADING.match(column)
        if match:
            found.setdefault((_ENTITIES[match[1].lower()], match[2].lower()), column)
    return found


def _row_of(sample: Sample) -> str:
    """What a row of the file is; "" where the headings are not Pipedrive's."""
    if sample.container not in TABULAR:
        return ""
    headings = _headings(sample.columns)
    if len(headings) < 2 or len(headings) < 0.4 * len(sample.columns):
        return ""
    return next((entity for entity, field in _ROW if any((entity, name) in headings for name in _FIELDS[field])), "")


class _Cells:
    def __init__(self, raw: Raw, entity: str) -> None:
        self.values = raw.values
        self.entity = entity
        self.headings = _headings(list(raw.table.columns))

    def columns(self, field: str, entity: str = "") -> list[str]:
        """The columns of this field that the file has."""
        entity = entity or self.entity
        return [self.headings[(entity, name)] for name in _FIELDS[field] if (entity, name) in self.headings]

    def text(self, field: str, entity: str = "") -> ir.StringValue:
        """The first filled column of a field."""
        return self.values.first(*self.columns(field, entity))

    def moment(self, field: str) -> ir.TimestampValue:
        """A moment; the file does not say in which zone."""
        return self.values.moment(*(self.columns(field) or ["-"]))

    def number(self, field: str) -> ir.FloatingValue:
        """A number."""
        return self.values.number(*(self.columns(field) or ["-"]))

    def every(self, entity: str, pattern: str) -> ir.StringValue:
        """All columns of an entity whose name fits (`Email - Work`, `Email (Home)`), joined by commas."""
        names = [column for (of, name), column in self.headings.items() if of == entity and re.search(pattern, name)]
        return ibis.array([self.values.text(name) for name in names]).join(",").nullif("") if names else ibis.null("string").nullif("")


def _addresses(c: _Cells) -> ir.StringValue:
    """The addresses of the person: several columns, several addresses in one cell, the main one first."""
    return ibis.coalesce(c.every("person", r"^e-?mail"), "")


def _main(c: _Cells) -> ir.StringValue:
    return words.address_in(_addresses(c))


def _person_ref(c: _Cells) -> ir.StringValue:
    name, email = c.text("name", "person"), _main(c)
    return ibis.coalesce(c.text("id", "person"), ibis.cases((email.notnull(), content_id(name, email)), else_=ibis.null("string")))


def _person(c: _Cells) -> dict[str, ir.Value]:
    main, every = _main(c), words.addresses_in(_addresses(c))
    return {
        "record_id": _person_ref(c),
        "email": main,
        "emails": ibis.cases((every.length() > 1, every.filter(lambda item: item != main)), else_=ibis.null("array<string>")),
        "phone": c.every("person", r"^(phone|telefon)").re_extract(r"^[^,]+", 0).nullif(""),
        "first_name": c.text("first", "person"),
        "last_name": ibis.coalesce(c.text("last", "person"), c.text("name", "person")),
        "title": c.text("job", "person"),
        "account_ref": c.text("id", "organization"),
        "company_name": ibis.coalesce(c.text("organization", "person"), c.text("name", "organization")),
        "lifecycle": c.text("labels", "person"),
        "owner": c.text("owner", "person"),
    }


def _organization(c: _Cells) -> dict[str, ir.Value]:
    name = c.text("name", "organization")
    return {
        "record_id": ibis.coalesce(c.text("id", "organization"), ibis.cases((name.notnull(), content_id(name)), else_=ibis.null("string"))),
        "name": name,
        "domain": c.text("website", "organization"),
        "street": c.text("address", "organization"),
        "postcode": c.text("postcode", "organization"),
        "city": c.text("city", "organization"),
        "country": c.text("country", "organization"),
        "industry": c.text("industry", "organization"),
        "lifecycle": c.text("labels", "organization"),
        "owner": c.text("owner", "organization"),
    }


def _besides(c: _Cells) -> list[Mapped]:
    """The person and the organization of a row of deals or activities, where the row says enough of them."""
    person, company = _person(c), _organization(c)
    made = []
    if any(of == "person" and re.search(r"^e-?mail", name) for of, name in c.headings):
        made.append(Mapped("people", person, where=person["record_id"].notnull() & person["email"].notnull(), primary=False))
    if c.columns("id", "organization"):
        made.append(Mapped("accounts", company, where=company["record_id"].notnull() & company["name"].notnull(), primary=False))
    return made


def _persons(raw: Raw) -> list[Mapped]:
    c = _Cells(raw, "person")
    columns = _person(c)
    columns["record_id"] = ibis.coalesce(columns["record_id"], content_id(columns["last_name"], columns["company_name"]))
    columns["happened_at"] = c.moment("created")
    columns["attributes"] = raw.values.rest()
    return [Mapped("people", columns)]


def _organizations(raw: Raw) -> list[Mapped]:
    c = _Cells(raw, "organization")
    columns = _organization(c) | {"employees": c.number("employees"), "happened_at": c.moment("created")}
    columns["attributes"] = raw.values.rest()
    return [Mapped("accounts", columns)]


def _deals_of(raw: Raw) -> list[Mapped]:
    entity = _row_of(raw.sample)
    c = _Cells(raw, entity)
    title, created = c.text("title"), c.moment("created")
    company = ibis.coalesce(c.text("organization"), c.text("name", "organization"))
    ident = ibis.coalesce(c.text("id"), content_id(title, company, created))
    # A lead that was not made a deal is open; an archived one is lost.
    told = c.text("status").lower()
    archived = ibis.cases((told.re_search("archiv|deleted|gelöscht"), "lost"), (told.re_search("^(open|offen)$"), "open"), else_=ibis.null("string"))
    status = _deals.status(_deals.outcome(told), archived, _deals.outcome(c.text("stage")))
    closed = ibis.coalesce(c.moment("won"), c.moment("lost"), c.moment("closed"))
    is_open = status == "open"
    person = _person_ref(c)
    columns = {
        "record_id": ident,
        "happened_at": created,
        "name": title,
        "account_ref": c.text("id", "organization"),
        "company_name": company,
        "contact_refs": ibis.cases((person.notnull(), ibis.array([person])), else_=ibis.null("array<string>")),
        "contact_email": _main(c),
        "amount": c.number("value"),
        "currency": c.text("currency"),
        "status": status,
        "stage": c.text("stage"),
        "pipeline": c.text("pipeline"),
        "closed_at": ibis.cases((is_open, ibis.null("timestamp('UTC')")), else_=closed),
        "expected_at": c.moment("expected"),
        "lost_reason": c.text("reason"),
        "origin": c.text("origin"),
        "owner": c.text("owner"),
    }
    columns["attributes"] = raw.values.rest()
    own = _deals.own_stage(ident, columns["stage"], c.moment("changed"), created, columns["closed_at"], amount=columns["amount"])
    return [Mapped("deals", columns), own, *_besides(c)]


def _activities(raw: Raw) -> list[Mapped]:
    c = _Cells(raw, "activity")
    v = raw.values
    due, clock = c.text("due"), c.text("clock")
    planned = v.moment_of(ibis.cases((clock.notnull() & ~due.contains(":"), due + " " + clock), else_=due), c.columns("due")[0] if c.columns("due") else "due date")
    done = c.text("done").lower()
    is_done = ibis.coalesce(done.re_search(r"^(done|erledigt|yes|ja|true|1)$"), c.moment("done at").notnull())
    kind = words.kind_of(c.text("type"), words.kind_of(c.text("subject"), "task"))
    minutes = c.text("minutes")
    company = ibis.coalesce(c.text("organization"), c.text("name", "organization"))
    columns = {
        "record_id": ibis.coalesce(c.text("id"), content_id(c.text("subject"), due, c.text("person"), company)),
        "happened_at": ibis.coalesce(planned, c.moment("done at"), c.moment("created")),
        "kind": ibis.cases((is_done, kind), else_="note"),
        "name": c.text("subject"),
        "detail": c.text("type"),
        "direction": ibis.literal("none"),
        "email": _main(c),
        "contact_ref": _person_ref(c),
        "person_name": ibis.coalesce(c.text("person"), c.text("name", "person")),
        "account_ref": c.text("id", "organization"),
        "company_name": company,
        "deal_ref": c.text("id", "deal"),
        "online": words.held_online(c.text("place")),
        "owner": c.text("owner"),
        "value": ibis.coalesce(
            minutes.re_extract(r"^(\d+):(\d\d)", 1).try_cast("float64") * 60 + minutes.re_extract(r"^(\d+):(\d\d)", 2).try_cast("float64"), minutes.try_cast("float64")
        ),
        "text": c.text("text"),
        "note": ibis.cases((is_done, ibis.null("string")), else_=words.PLANNED),
    }
    return [Mapped("events", columns), *_besides(c)]


def _is(*entities: str) -> Callable[[Sample], float]:
    return lambda sample: 0.95 if _row_of(sample) in entities else 0.0


FORMATS = [
    Format("pipedrive people", "pipedrive", "People of Pipedrive: Contacts › People › Export, as CSV or XLSX.", _is("person"), _persons),
    Format("pipedrive organizations", "pipedrive", "Companies of Pipedrive: Contacts › Organizations › Export.", _is("organization"), _organizations),
    Format("pipedrive deals", "pipedrive", "Deals and leads of Pipedrive: Deals (list view) › Export.", _is("deal", "lead"), _deals_of),
    Format("pipedrive activities", "pipedrive", "Calls, meetings and tasks of Pipedrive: Activities (list view) › Export.", _is("activity"), _activities),
]  # fmt: skip
