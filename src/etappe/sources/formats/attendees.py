"""Lists of people who came: leads of a trade fair, guests of a webinar or another event, German and English headings.

Such lists look different every time, so they are known by what they must have (somebody, and a sign of a fair or a
webinar) and not by a fixed set of columns. What does not fit is read with a mapping file (`docs/formats/any-table.md`).
"""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._periods import period
from etappe.sources.formats._recognising import TABULAR, fits
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import Values, content_id

_EMAIL = ("E-Mail", "E-Mail-Adresse", "Email", "E-mail", "Mail", "Mailadresse", "Email Address", "E-mail address", "Emailadresse", "User Email", "Business email", "Attendee email")  # fmt: skip
_COMPANY = ("Firma", "Firmenname", "Unternehmen", "Unternehmensname", "Company", "Company name", "Organization", "Organisation", "Institution", "Firma/Organisation")  # fmt: skip
_FIRST = ("Vorname", "First name", "Firstname", "Given name")
_LAST = ("Nachname", "Last name", "Lastname", "Surname", "Familienname")
_WHOLE = ("Ansprechpartner", "Ansprechpartner/in", "Ansprechperson", "Kontakt", "Kontaktperson", "Besucher", "Teilnehmer", "Teilnehmer/in", "Teilnehmername", "Attendee", "Attendee name", "Full name", "User Name (Original Name)", "Name (Original Name)", "Vor- und Nachname", "Vollständiger Name", "Participant", "Gesprächspartner", "Name")  # fmt: skip
_TITLE = ("Funktion", "Position", "Jobtitel", "Job title", "Titel/Funktion", "Berufsbezeichnung", "Rolle", "Role", "Abteilung", "Department")  # fmt: skip
_PHONE = ("Telefon", "Telefonnummer", "Tel.", "Tel", "Mobil", "Handy", "Phone", "Phone number", "Telephone")
_EVENT = ("Messe", "Messename", "Fair", "Trade fair", "Trade show", "Webinar", "Webinartitel", "Webinar-Titel", "Webinarname", "Webinar title", "Webinar name", "Veranstaltung", "Veranstaltungsname", "Event", "Event name", "Eventname", "Thema", "Topic", "Session")  # fmt: skip
_DAY = ("Erfasst am", "Gescannt am", "Scan-Zeit", "Scanzeit", "Scan time", "Scanned", "Scanned at", "Beitrittszeit", "Join time", "Teilnahme von", "Beigetreten", "Gesprächsdatum", "Besuchsdatum", "Messetag", "Datum/Uhrzeit", "Zeitpunkt", "Datum", "Date", "Termin", "Webinardatum", "Webinar-Datum", "Event date", "Veranstaltungsdatum", "Teilgenommen am", "Attended at", "Zeitstempel", "Timestamp")  # fmt: skip
_REGISTERED_AT = ("Registriert am", "Registrierungsdatum", "Registrierungszeit", "Registration time", "Registered at", "Angemeldet am", "Anmeldedatum", "Anmeldezeitpunkt")  # fmt: skip
_TIME = ("Uhrzeit", "Zeit", "Time")
_STAY = ("Teilnahmedauer", "Teilnahmedauer (Minuten)", "Teilnahmedauer (Min.)", "Teilnahmedauer (Min)", "Teilnahmedauer in Minuten", "Verweildauer", "Verweildauer (Minuten)", "Verweildauer (Min.)", "Dauer (Minuten)", "Dauer (Min.)", "Time in session (minutes)", "Duration (minutes)", "Duration (min)", "Attendance duration", "Minutes attended", "Time in session")  # fmt: skip
_CAME = ("Teilgenommen", "Teilnahme", "Teilnahmestatus", "Anwesend", "Anwesenheit", "Attended", "Attendance", "Attendance status", "Show/No-Show", "Erschienen")  # fmt: skip
_NOTES = ("Gespräch", "Gesprächsnotiz", "Gesprächsnotizen", "Gesprächsinhalt", "Notiz", "Notizen", "Bemerkung", "Bemerkungen", "Kommentar", "Notes", "Note", "Comment", "Comments", "Questions", "Frage", "Fragen")  # fmt: skip
_INTEREST = (
    "Interesse",
    "Interessen",
    "Produktinteresse",
    "Interest",
    "Interests",
    "Product interest",
    "Thema des Gesprächs",
)
_MARK = ("Lead-Qualität", "Leadqualität", "Lead-Bewertung", "Lead rating", "Lead quality", "Bewertung", "Rating", "Priorität", "Priority", "Lead-Score")  # fmt: skip
_COLLEAGUE = ("Erfasst von", "Betreuer", "Standpersonal", "Standmitarbeiter", "Mitarbeiter", "Gescannt von", "Captured by", "Scanned by", "Sales rep", "Booth staff", "Vertriebsmitarbeiter")  # fmt: skip
_FAIR_SIGNS = (*_MARK[:6], *_COLLEAGUE[:4], "Gescannt von", "Captured by", "Scanned by", "Booth staff", "Messe", "Messename", "Messetag", "Fair", "Trade fair", "Trade show", "Gespräch", "Gesprächsnotiz", "Gesprächsnotizen", "Gesprächsdatum", "Gesprächsinhalt", "Erfasst am", "Gescannt am", "Scan-Zeit", "Scanzeit", "Scan time", "Scanned at", "Stand", "Standnummer", "Besuchsdatum")  # fmt: skip
_WEBINAR_SIGNS = (*_STAY, *_CAME, *_REGISTERED_AT, "Webinar", "Webinartitel", "Webinar-Titel", "Webinar title", "Beitrittszeit", "Join time", "Leave time", "Austrittszeit", "Registriert", "Angemeldet", "Registered", "Registration source")  # fmt: skip
_OTHERS = (
    "Deal Name",
    "Deal-Name",
    "Lifecycle Stage",
    "Lead Status",
    "Record ID",
    "Datensatz-ID",
    "ResponseId",
    "Requester",
)

_FAIR = r"(?i)messe|(^|[^a-z])fair([^a-z]|$)|trade ?show|expo|hannover|motek|sps|maintenance|ifat|\bstand\b"
_WEBINAR = r"(?i)webinar|webcast|online[- ]?(seminar|event|demo|session)|live[- ]?stream"


def _recognise(sample: Sample) -> float:
    if sample.container not in TABULAR or sample.headerless or sample.has_any(*_OTHERS):
        return 0.0
    somebody = sample.has_any(*_EMAIL) or (sample.has_any(*_COMPANY) and sample.has_any(*_WHOLE, *_LAST))
    if not somebody or not sample.has_any(*_COMPANY, *_WHOLE, *_LAST):
        return 0.0
    signs = sum(name.lower() in sample.lowered for name in {sign.lower() for sign in (*_FAIR_SIGNS, *_WEBINAR_SIGNS)})
    stated = bool(any(re.search(words, " ".join(sample.preamble)) for words in (_FAIR, _WEBINAR)))
    return 0.9 if signs >= 2 or (signs and stated) else 0.6 if signs or stated else 0.0


def _map(raw: Raw) -> list[Mapped]:
    v, sample = raw.values, raw.sample
    name = ibis.coalesce(v.text(*_EVENT), ibis.literal(_title(sample.preamble), "string"))
    came = _attended(v)
    happened, at = _moment(raw)
    who = _who(v)
    known = who["email"].notnull() | who["last_name"].notnull()
    ref = ibis.cases((known, content_id(ibis.coalesce(who["email"], _joined(who)))), else_=ibis.null("string"))
    event: dict[str, ir.Value] = {
        "record_id": content_id(ibis.coalesce(who["email"], _joined(who)), name, at),
        "happened_at": happened,
        "kind": ibis.cases((came == False, "form"), else_=_kind(sample, name)),  # noqa: E712
        "name": name,
        "detail": ibis.cases((came == False, "registered"), (came == True, "attended"), else_=ibis.null("string")),  # noqa: E712
        "direction": ibis.literal("in"),
        "online": ibis.cases((came == False, True), else_=_kind(sample, name) == "webinar"),  # noqa: E712
        "email": who["email"],
        "phone": who["phone"],
        "contact_ref": ref,
        "person_name": ibis.coalesce(who["first_name"] + " " + who["last_name"], who["last_name"]),
        "company_name": who["company_name"],
        "content": v.text(*_INTEREST),
        "owner": v.text(*_COLLEAGUE),
        "value": _minutes(v) if v.has(*_STAY) else v.number(*_MARK, sure=False),
        "text": v.text(*_NOTES),
    }
    nobody = ibis.cases((who["email"].isnull() & who["last_name"].isnull() & who["company_name"].isnull(), ibis.literal("the row names neither a person nor a company")), else_=ibis.null("string"))  # fmt: skip
    person = who | {"record_id": ref, "happened_at": happened, "origin": name}
    return [
        Mapped("events", event, problem=nobody),
        Mapped("people", person, known, primary=False),
        *_liked(raw, event),
    ]


def _who(v: Values) -> dict[str, ir.Value]:
    """The person of a row; `Name` is the last name where there is a first name beside it."""
    first = v.text(*_FIRST)
    last = v.text(*_LAST) if v.has(*_LAST) else v.text("Name") if v.has(*_FIRST) and v.has("Name") else v.text(*_WHOLE)
    return {
        "email": v.email(*_EMAIL),
        "phone": v.text(*_PHONE),
        "first_name": first,
        "last_name": last,
        "title": v.text(*_TITLE),
        "company_name": v.text(*_COMPANY),
        "domain": v.text("Website", "Webseite", "Homepage", "URL", "Domain"),
        "city": v.text("Ort", "Stadt", "City"),
        "country": v.text("Land", "Country", "Country/Region Name", "Country/Region"),
    }


def _joined(who: dict[str, ir.Value]) -> ir.StringValue:
    parts = [ibis.coalesce(who[name], "") for name in ("first_name", "last_name", "company_name")]
    return (parts[0] + " " + parts[1] + "|" + parts[2]).lower()


def _moment(raw: Raw) -> tuple[ir.Value, ir.StringValue]:
    """When somebody came: a moment, a day with its time beside it, else the day above the list or the registration's."""
    v = raw.values
    day, time = v.text(*_DAY), v.text(*_TIME)
    registered = v.text(*_REGISTERED_AT)
    if v.has(*_DAY) and v.has(*_TIME):
        day = ibis.cases(
            (day.contains(":") | time.isnull(), day),
            else_=day.re_replace(r"[ T]00:00(:00)?$", "") + " " + time.re_replace(" Uhr$", ""),
        )
    stated = period(raw.sample.preamble, day_first=True)
    text = ibis.coalesce(day, registered)
    if stated is not None:
        text = ibis.coalesce(text, ibis.literal(stated[0].isoformat()))
        if not v.has(*_DAY):
            raw.notes.append(
                f"the list has no column of days: everybody stands at {stated[0]}, the first day named above it"
            )
    return v.moment_of(text, v.name(*_DAY, *_REGISTERED_AT) or "date"), text


def _attended(v: Values) -> ir.BooleanValue:
    """Whether somebody who was registered came; null where the list does not say."""
    said = v.text(*_CAME).lower()
    stayed = _minutes(v)
    return ibis.cases(
        (
            said.re_search(
                "no[- ]?show|nicht|^(nein|no|false|falsch|0|n)$|angemeldet|registriert|registered|abwesend|absent"
            ),
            False,
        ),
        (said.notnull(), True),
        (stayed == 0, False),
        (stayed > 0, True),
        else_=ibis.null("boolean"),
    )


def _minutes(v: Values) -> ir.FloatingValue:
    """Minutes from "42", "42 Min." or "0:42:10"."""
    cell = v.text(*_STAY)
    clock = cell.re_search(r"^\d+:\d\d:\d\d$")
    parts = cell.split(":")
    spent = parts[0].try_cast("float64") * 60 + parts[1].try_cast("float64") + parts[2].try_cast("float64") / 60
    plain = v.number_of(cell.re_replace(r"(?i)\s*(min(uten|utes|\.)?|m)$", ""), "duration", sure=False)
    return ibis.cases((clock, spent.round()), else_=plain)


def _kind(sample: Sample, name: ir.StringValue) -> ir.StringValue:
    """By the words of the event's name, else of the headings and of what stands above the list."""
    above = " ".join(sample.preamble)
    webinar = fits(sample, some=("Webinar", "Webinartitel", "Webinar-Titel", "Webinarname", "Webinar title", "Webinar name", *_STAY, "Join time", "Beitrittszeit", *_CAME)) or re.search(_WEBINAR, above)  # fmt: skip
    fair = fits(sample, some=("Messe", "Messename", "Messetag", "Fair", "Trade fair", "Trade show", "Standpersonal", "Booth staff")) or re.search(_FAIR, above)  # fmt: skip
    kind = (
        "fair_visit" if fair else "webinar" if webinar else "event_visit" if fits(sample, some=_EVENT) else "fair_visit"
    )
    return ibis.cases(
        (name.re_search(_WEBINAR), "webinar"), (name.re_search(r"(?i)messe|trade ?show|expo"), "fair_visit"), else_=kind
    )


def _title(preamble: tuple[str, ...]) -> str | None:
    """The first line above the list, without its dates."""
    for line in preamble:
        bare = re.sub(r"[\s,;–-]*\d{1,2}\.?\s*(–|-|bis)?\s*\d{0,2}\.?\s*(\d{1,2}\.)?\s*\d{4}.*$", "", line).strip(
            " ;,\t"
        )
        if bare:
            return bare
    return None


def _liked(raw: Raw, event: dict[str, ir.Value]) -> list[Mapped]:
    """What guests said of a webinar, where the list has a mark for it."""
    v = raw.values
    name = v.name("Zufriedenheit", "Satisfaction", "Webinarbewertung", "Webinar rating")
    if name is None or not v.has(*_STAY, *_CAME):
        return []
    cells = [str(row.get(name) or "").replace(",", ".") for row in raw.sample.rows]
    top = max((float(cell) for cell in cells if re.fullmatch(r"\d+(\.\d+)?", cell)), default=5.0)
    mark = v.number(name, sure=False)
    columns = {key: event[key] for key in ("happened_at", "email", "contact_ref", "person_name", "company_name")} | {
        "record_id": event["record_id"],
        "survey": event["name"],
        "response_id": event["record_id"],
        "question": ibis.literal(name),
        "question_ref": ibis.literal(name),
        "instrument": ibis.literal("csat"),
        "value": mark,
        "low": ibis.literal(1.0),
        "high": ibis.literal(5.0 if top <= 5 else 10.0),
        "touchpoint": ibis.literal("webinar"),
        "finished": ibis.literal(True),
    }
    return [Mapped("feedback", columns, mark.notnull(), primary=False)]


FORMATS = [
    Format(
        "list of attendees", "attendees", "Leads of a trade fair, or who registered for and came to a webinar or another event, as CSV or XLSX, German or English headings.",
        _recognise, _map,
    ),
]  # fmt: skip
