"""Microsoft Dynamics 365: "Export to Excel" and the tables of Dataverse.

The page's workbook hides three columns in front: the record's id, a checksum and the time of the last change; their
names say which table it is. Times of the page are in the user's zone, those of Dataverse are UTC. Choices are numbers
in Dataverse; of these the states of deals and activities are known, others keep their number.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats import _contacts as words
from etappe.sources.formats import _deals
from etappe.sources.formats._recognising import TABULAR, fits
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample

_HIDDEN = re.compile(r"^\((?:do not modify|nicht ändern|nicht bearbeiten)\)\s*(.+)$", re.IGNORECASE)
_OBJECTS = {
    "account": "account", "firma": "account", "contact": "contact", "kontakt": "contact", "lead": "lead", "opportunity": "opportunity", "verkaufschance": "opportunity",
    "phone call": "phonecall", "telefonanruf": "phonecall", "appointment": "appointment", "termin": "appointment", "email": "email", "e-mail": "email", "task": "task",
    "aufgabe": "task", "activity": "activity", "aktivität": "activity", "case": "incident", "anfrage": "incident", "user": "systemuser", "benutzer": "systemuser",
}  # fmt: skip
_ACTIVITIES = {"phonecall": "call", "appointment": "meeting", "email": "email", "task": "task", "activity": "other", "incident": "ticket"}


def _object(sample: Sample) -> tuple[str, str]:
    """Which table a file is, and the column of its id; ("", "") where it is none of Dynamics."""
    if sample.container not in TABULAR:
        return "", ""
    for column in sample.columns:
        hidden = _HIDDEN.match(column)
        if hidden and hidden[1].strip().lower() in _OBJECTS:
            return _OBJECTS[hidden[1].strip().lower()], column
    for name, marks in _DATAVERSE.items():
        ident = f"{name}id" if name not in _ACTIVITIES or name == "incident" else "activityid"
        if fits(sample, (ident,), marks, 2):
            return name, ident
    return "", ""


_DATAVERSE = {
    "opportunity": ("estimatedvalue", "actualvalue", "estimatedclosedate", "actualclosedate", "stepname", "closeprobability"),
    "incident": ("ticketnumber", "casetypecode", "caseorigincode", "customerid"),
    "lead": ("companyname", "leadsourcecode", "emailaddress1", "leadqualitycode", "subject"),
    "contact": ("emailaddress1", "parentcustomerid", "jobtitle", "donotbulkemail", "firstname"),
    "account": ("accountnumber", "websiteurl", "emailaddress1", "parentaccountid", "industrycode", "numberofemployees", "address1_city"),
    "phonecall": ("phonenumber", "directioncode", "actualdurationminutes", "leftvoicemail"),
    "appointment": ("scheduledstart", "scheduledend", "isalldayevent", "location"),
    "email": ("directioncode", "sender", "torecipients", "senton", "trackingtoken"),
    "systemuser": ("internalemailaddress", "domainname", "isdisabled", "fullname"),
}  # fmt: skip


class _Cells:
    def __init__(self, raw: Raw) -> None:
        self.values = raw.values
        self.kind, self.ident = _object(raw.sample)
        for name in raw.table.columns:
            if _HIDDEN.match(name) and name != self.ident:
                raw.values.raw(name)

    def id(self) -> ir.StringValue:
        """The record's id: exports put braces around it at times."""
        return _guid(self.values.text(self.ident))

    def ref(self, *names: str) -> ir.StringValue:
        """The id of another record."""
        return _guid(self.values.first(*names))

    def text(self, *names: str) -> ir.StringValue:
        """The first filled of these columns; those of linked tables carry its name in brackets behind."""
        linked = [column for column in self.values.table.columns for name in names if column.lower().startswith(f"{name.lower()} (")]
        return self.values.first(*names, *linked)


def _guid(text: ir.StringValue) -> ir.StringValue:
    return text.lower().re_replace("[{}]", "")


def _accounts(raw: Raw) -> list[Mapped]:
    c = _Cells(raw)
    columns = {
        "record_id": c.id(),
        "happened_at": c.values.moment("createdon", "Created On", "Erstellt am"),
        "name": c.text("name", "Account Name", "Firmenname"),
        "domain": c.text("websiteurl", "Website"),
        "parent_ref": c.ref("parentaccountid"),
        "merged_refs": ibis.null("array<string>"),
        "street": c.text("address1_line1", "Address 1: Street 1", "Adresse 1: Straße 1"),
        "postcode": c.text("address1_postalcode", "Address 1: ZIP/Postal Code", "Adresse 1: Postleitzahl"),
        "city": c.text("address1_city", "Address 1: City", "Adresse 1: Ort"),
        "country": c.text("address1_country", "Address 1: Country/Region", "Adresse 1: Land/Region"),
        "phone": c.text("telephone1", "Main Phone", "Haupttelefon"),
        "industry": c.text("industrycode", "Industry", "Branche"),
        "employees": c.values.number("numberofemployees", "Number of Employees", "Anzahl der Mitarbeiter"),
        "revenue": c.values.number("revenue", "Annual Revenue", "Jahresumsatz"),
        "type": c.text("customertypecode", "Relationship Type", "Beziehungstyp"),
        "owner": c.text("ownerid", "_ownerid_value", "Owner", "Besitzer"),
    }
    columns["attributes"] = raw.values.rest()
    return [Mapped("accounts", columns)]


def _people(raw: Raw) -> list[Mapped]:
    c = _Cells(raw)
    columns = {
        "record_id": c.id(),
        "happened_at": c.values.moment("createdon", "Created On", "Erstellt am"),
        "email": c.values.email("emailaddress1", "Email", "E-Mail", "internalemailaddress", "Primary Email", "Primäre E-Mail"),
        "emails": ibis.cases((c.values.email("emailaddress2", "Email Address 2").notnull(), ibis.array([c.values.email("emailaddress2", "Email Address 2")])), else_=ibis.null("array<string>")),
        "phone": c.text("telephone1", "Business Phone", "Telefon (geschäftlich)", "mobilephone", "Mobile Phone", "Mobiltelefon"),
        "first_name": c.text("firstname", "First Name", "Vorname"),
        "last_name": c.text("lastname", "Last Name", "Nachname", "fullname", "Full Name", "Vollständiger Name"),
        "title": c.text("jobtitle", "Job Title", "Position"),
        "account_ref": c.ref("parentcustomerid", "_parentcustomerid_value", "accountid", "parentaccountid"),
        "company_name": c.text("companyname", "Company Name", "Firmenname", "parentcustomeridname", "Firma"),
        "city": c.text("address1_city", "Address 1: City", "Adresse 1: Ort"),
        "country": c.text("address1_country", "Address 1: Country/Region", "Adresse 1: Land/Region"),
        "lifecycle": c.text("Status Reason", "Statusgrund", "statuscode"),
        "origin": c.text("leadsourcecode", "Lead Source", "Leadquelle"),
        "owner": c.text("ownerid", "_ownerid_value", "Owner", "Besitzer"),
        "opted_out": c.values.flag("donotbulkemail", "donotemail"),
        "internal": ibis.literal(c.kind == "systemuser"),
    }
    columns["attributes"] = ibis.null("string") if c.kind == "systemuser" else raw.values.rest()
    return [Mapped("people", columns)]


def _deals_of(raw: Raw) -> list[Mapped]:
    c = _Cells(raw)
    v = c.values
    state = c.text("statecode", "Status").lower()
    by_state = ibis.cases((state.isin(("1", "won")), "won"), (state.isin(("2", "lost")), "lost"), (state.isin(("0", "open", "offen")), "open"), else_=ibis.null("string"))
    status = _deals.status(by_state, _deals.outcome(state), _deals.outcome(c.text("Status Reason", "Statusgrund")))
    stage = c.text("stepname", "Pipeline Phase", "Pipelinephase", "salesstage", "Sales Stage", "Vertriebsphase")
    opened, ended = v.moment("createdon", "Created On", "Erstellt am"), v.moment("actualclosedate", "Actual Close Date", "Tatsächliches Abschlussdatum")
    is_open = status == "open"
    actual = v.number("actualvalue", "Actual Revenue", "Tatsächlicher Umsatz")
    earned = ibis.cases((status == "lost", actual.nullif(0)), else_=actual)  # closing a deal as lost sets it to 0
    contact = c.ref("parentcontactid", "_parentcontactid_value", "contactid")
    columns = {
        "record_id": c.id(),
        "happened_at": opened,
        "name": c.text("name", "Topic", "Thema"),
        "account_ref": c.ref("parentaccountid", "_parentaccountid_value", "accountid", "_accountid_value"),
        "company_name": c.text("Account", "Firma", "Potential Customer", "Potenzieller Kunde", "customeridname"),
        "contact_refs": ibis.cases((contact.notnull(), ibis.array([contact])), else_=ibis.null("array<string>")),
        "contact_email": v.email("Email Address (Contact) (Contact)", "Email (Contact) (Contact)"),
        "amount": ibis.coalesce(earned, v.number("estimatedvalue", "Est. Revenue", "Gesch. Umsatz", "Geschätzter Umsatz")),
        "currency": c.text("isocurrencycode", "Currency", "Währung"),
        "status": status,
        "stage": stage,
        "closed_at": ibis.cases((is_open, ibis.null("timestamp('UTC')")), else_=ended),
        "expected_at": v.moment("estimatedclosedate", "Est. Close Date", "Gesch. Abschlussdatum", "Geschätztes Abschlussdatum"),
        "lost_reason": ibis.cases((status == "lost", c.text("Status Reason", "Statusgrund")), else_=ibis.null("string")),
        "owner": c.text("ownerid", "_ownerid_value", "Owner", "Besitzer"),
    }
    columns["attributes"] = v.rest()
    own = _deals.own_stage(columns["record_id"], stage, ibis.null("timestamp('UTC')"), opened, columns["closed_at"], amount=columns["amount"])
    return [Mapped("deals", columns), own]


def _activities(raw: Raw) -> list[Mapped]:
    c = _Cells(raw)
    v = c.values
    told = c.text("activitytypecode", "Activity Type", "Aktivitätstyp")
    kind = words.kind_of(told, _ACTIVITIES[c.kind]) if c.kind == "activity" else ibis.literal(_ACTIVITIES[c.kind])
    state = c.text("statecode", "Activity Status", "Aktivitätsstatus", "Status").lower()
    done = ibis.cases((state.re_search(r"^(1|completed|abgeschlossen|erledigt|sent|gesendet)$"), True), (state.notnull(), ibis.literal(c.kind == "incident")), else_=True)
    way = c.text("directioncode", "Direction", "Richtung").lower()
    inward, outward = way.re_search("^(0|false|incoming|eingehend)$"), way.re_search("^(1|true|outgoing|ausgehend)$")
    started = ibis.coalesce(v.moment("actualstart", "Actual Start"), v.moment("scheduledstart", "Start Time", "Startzeit"), v.moment("senton", "Date Sent", "Sendedatum"))
    columns = {
        "record_id": c.id(),
        "happened_at": ibis.coalesce(started, v.moment("actualend", "Actual End"), v.moment("scheduledend", "Due Date", "Fälligkeitsdatum"), v.moment("createdon", "Created On", "Erstellt am")),
        "kind": ibis.cases((done, kind), else_="note"),
        "name": c.text("subject", "Subject", "Betreff", "title", "Case Title", "Anfragetitel"),
        "detail": ibis.coalesce(told, ibis.literal(c.kind)),
        "direction": ibis.cases((inward, "in"), (outward, "out"), else_="in" if c.kind == "incident" else "none"),
        "online": words.held_online(c.text("location", "Location", "Ort")),
        "contact_ref": c.ref("primarycontactid", "_primarycontactid_value"),
        "person_name": c.text("Call To", "Anruf an", "Required Attendees", "Erforderliche Teilnehmer") if c.kind in ("phonecall", "appointment") else ibis.null("string"),
        "account_ref": c.ref("accountid", "_accountid_value"),
        "company_name": c.text("customeridname", "Customer", "Kunde"),
        "owner": c.text("ownerid", "_ownerid_value", "Owner", "Besitzer"),
        "value": v.number("actualdurationminutes", "Duration", "Dauer", sure=False),
        "text": c.text("description", "Description", "Beschreibung"),
        "note": ibis.cases((done, ibis.null("string")), else_=words.PLANNED),
    }
    return [Mapped("events", columns)]


def _is(*objects: str, page: bool) -> Callable[[Sample], float]:
    def recognise(sample: Sample) -> float:
        kind, ident = _object(sample)
        return 0.96 if kind in objects and bool(_HIDDEN.match(ident)) == page else 0.0

    return recognise


_WORDS = (
    ("companies", "Companies", ("account",), _accounts),
    ("people", "Contacts and leads", ("contact", "lead"), _people),
    ("users", "Colleagues with a login", ("systemuser",), _people),
    ("opportunities", "Deals", ("opportunity",), _deals_of),
    ("activities", "Calls, appointments, e-mails, tasks and cases", tuple(_ACTIVITIES), _activities),
)
FORMATS = [
    format_
    for name, what, objects, mapping in _WORDS
    for format_ in (
        Format(f"dynamics {name}", "dynamics", f"{what} of Dynamics 365: a list › Export to Excel.", _is(*objects, page=True), mapping),
        Format(f"dynamics {name} (tables)", "dynamics", f"{what} of Dynamics 365: the tables of Dataverse.", _is(*objects, page=False), mapping, zone="UTC"),
    )
]
