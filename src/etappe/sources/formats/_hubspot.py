"""How HubSpot names things: the same field in the page's exports (English, German), in warehouses and in the API.

The page exports labels in the language of whoever exports, and older portals have older labels; so each field has its
names in order of likelihood, and some a pattern for what is not in the list.
"""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from etappe.sources.formats._objects import Fields
from etappe.sources.formats._recognising import TABULAR
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import Values, cleaned

# field: (internal name, labels …). The internal name is also looked for behind `property_` and `properties_`.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("hs_object_id", "Record ID", "Datensatz-ID", "Record ID - Contact", "Record ID - Company", "Record ID - Deal", "Contact ID", "Contact VID",
           "Company ID", "Deal ID", "Kontakt-ID", "Unternehmens-ID", "Deal-ID", "Objekt-ID", "Object ID", "VID"),
    "created": ("createdate", "Create Date", "Created Date", "Created at", "Erstelldatum", "Erstellungsdatum", "Erstellt am", "hs_createdate", "createdAt", "created_at"),
    "first": ("firstname", "First Name", "Vorname"),
    "last": ("lastname", "Last Name", "Nachname"),
    "email": ("email", "E-Mail", "E-Mail-Adresse", "Email Address"),
    "emails": ("hs_additional_emails", "Additional email addresses", "Zusätzliche E-Mail-Adressen", "Weitere E-Mail-Adressen"),
    "phone": ("phone", "Phone Number", "Telefonnummer", "Telefon"),
    "mobile": ("mobilephone", "Mobile Phone Number", "Mobiltelefonnummer", "Mobilnummer", "Handynummer"),
    "owner": ("hubspot_owner_id", "Contact owner", "Company owner", "Deal owner", "Owner", "HubSpot Owner", "Activity assigned to", "Assigned to",
              "Zuständiger Mitarbeiter für Kontakt", "Für Kontakt zuständiger Mitarbeiter", "Zuständiger Mitarbeiter für Unternehmen",
              "Für Unternehmen zuständiger Mitarbeiter", "Zuständiger Mitarbeiter für Deal", "Für Deal zuständiger Mitarbeiter",
              "Zuständiger Mitarbeiter", "Aktivität zugewiesen an", "Zugewiesen zu", "Zugewiesen an", "owner_id"),
    "lifecycle": ("lifecyclestage", "Lifecycle Stage", "Lifecycle-Phase", "Lifecyclephase"),
    "lead status": ("hs_lead_status", "Lead Status", "Leadstatus", "Lead-Status"),
    "job": ("jobtitle", "Job Title", "Position", "Jobbezeichnung", "Berufsbezeichnung", "Stellenbezeichnung", "Jobtitel"),
    "role": ("hs_buying_role", "Buying Role", "Einkaufsrolle", "Kaufrolle", "Rolle im Kaufprozess"),
    "company": ("company", "Company Name", "Name des Unternehmens", "Unternehmensname", "Firmenname"),
    "associated company": ("Associated Company", "Primary Associated Company", "Associated Company (Primary)", "Zugehöriges Unternehmen",
                           "Primäres zugehöriges Unternehmen", "Zugeordnetes Unternehmen"),
    "name": ("name", "Company name", "Name des Unternehmens", "Unternehmensname", "Firmenname"),
    "domain": ("domain", "Company Domain Name", "Domain-Name des Unternehmens", "Unternehmensdomain", "Domainname des Unternehmens", "Domain Name", "Website URL", "Website-URL", "website"),
    "domains": ("hs_additional_domains", "Additional domains", "Zusätzliche Domains", "Weitere Domains"),
    "website": ("website", "Website URL", "Website-URL"),
    "mail domain": ("hs_email_domain", "Email Domain", "E-Mail-Domain"),
    "origin": ("hs_analytics_source", "Original Source", "Original Traffic Source", "Original Source Type", "Ursprüngliche Quelle", "Ursprüngliche Traffic-Quelle", "Originalquelle"),
    "country": ("country", "Country/Region", "Land/Region", "Land"),
    "city": ("city", "Stadt", "Ort"),
    "postcode": ("zip", "Postal Code", "Zip Code", "Postleitzahl", "PLZ"),
    "street": ("address", "Street Address", "Straße und Hausnummer", "Straße", "Straßenadresse", "Adresse"),
    "language": ("hs_language", "Preferred language", "Bevorzugte Sprache", "Sprache"),
    "opted out": ("hs_email_optout", "Unsubscribed from all email", "Opted out of all email", "Von allen E-Mails abgemeldet", "Alle E-Mails abbestellt"),
    "legal basis": ("hs_legal_basis", "Legal basis for processing contact's data", "Rechtsgrundlage für die Verarbeitung der Daten des Kontakts"),
    "merged": ("hs_merged_object_ids", "Merged record IDs", "Merged Record IDs", "Zusammengeführte Datensatz-IDs", "hs_calculated_merged_vids", "Merged vids with timestamps of a contact"),
    "foreign": ("salesforcecontactid", "Salesforce Contact ID", "Salesforce-Kontakt-ID", "salesforceleadid", "Salesforce Lead ID", "Salesforce-Lead-ID"),
    "industry": ("industry", "Branche"),
    "employees": ("numberofemployees", "Number of Employees", "Anzahl der Mitarbeiter", "Mitarbeiterzahl", "Anzahl Mitarbeiter"),
    "revenue": ("annualrevenue", "Annual Revenue", "Jahresumsatz"),
    "type": ("type", "Typ"),
    "tier": ("hs_ideal_customer_profile", "Ideal Customer Profile Tier", "ICP Tier", "Stufe des idealen Kundenprofils"),
    "parent": ("hs_parent_company_id", "Parent Company ID", "Übergeordnete Unternehmens-ID", "Parent Company"),
    "deal": ("dealname", "Deal Name", "Deal-Name", "Dealname", "Name des Deals"),
    "stage": ("dealstage", "Deal Stage", "Deal-Phase", "Dealphase", "deal_pipeline_stage_id"),
    "pipeline": ("pipeline", "Deal pipeline", "Deal-Pipeline", "deal_pipeline_id"),
    "amount": ("amount", "Betrag", "Deal-Betrag"),
    "currency": ("deal_currency_code", "Currency", "Währung"),
    "closed": ("closedate", "Close Date", "Abschlussdatum", "Schlussdatum"),
    "deal type": ("dealtype", "Deal Type", "Deal-Typ", "Dealtyp"),
    "won": ("hs_is_closed_won", "Is Closed Won", "Is closed won", "Abgeschlossen und gewonnen"),
    "over": ("hs_is_closed", "Is Deal Closed?", "Is Closed", "Ist der Deal abgeschlossen?", "Deal abgeschlossen?"),
    "lost": ("hs_is_closed_lost", "Is closed lost", "Abgeschlossen und verloren"),
    "lost reason": ("closed_lost_reason", "Closed Lost Reason", "Grund für verlorenen Deal", "Grund für Verlust", "Verlustgrund", "Grund für „Abgeschlossen und verloren“"),
    "entered": ("hs_v2_date_entered_current_stage", "Date entered current stage", "Datum des Eintritts in aktuelle Phase", "Datum des Eintritts in die aktuelle Phase"),
    "campaign": ("hs_campaign", "Campaign", "Kampagne"),
    "contact ids": ("Associated Contact IDs", "Associated Contact ID", "Zugehörige Kontakt-IDs", "IDs zugehöriger Kontakte", "Zugeordnete Kontakt-IDs"),
    "company ids": ("Primary Associated Company ID", "Associated Company IDs", "Associated Company ID", "Associated Company IDs (Primary)", "Zugehörige Unternehmens-IDs",
                    "IDs zugehöriger Unternehmen", "Zugeordnete Unternehmens-IDs", "associatedcompanyid", "Primäre zugehörige Unternehmens-ID"),
    "deal ids": ("Associated Deal IDs", "Associated Deal ID", "Zugehörige Deal-IDs", "IDs zugehöriger Deals", "Zugeordnete Deal-IDs"),
    "at": ("hs_timestamp", "Activity date", "Aktivitätsdatum", "Datum der Aktivität", "Due date", "Fälligkeitsdatum"),
    "activity": ("Activity type", "Aktivitätstyp", "Art der Aktivität", "Engagement type"),
    "call title": ("hs_call_title", "Call title", "Anruftitel", "Titel des Anrufs"),
    "call text": ("hs_call_body", "Call notes", "Anrufnotizen"),
    "call direction": ("hs_call_direction", "Call direction", "Anrufrichtung", "Richtung des Anrufs"),
    "call outcome": ("hs_call_disposition", "Call outcome", "Anrufergebnis", "Ergebnis des Anrufs"),
    "call duration": ("hs_call_duration", "Call duration", "Anrufdauer", "Dauer des Anrufs"),
    "call status": ("hs_call_status", "Call status", "Anrufstatus"),
    "meeting title": ("hs_meeting_title", "Meeting name", "Meeting title", "Meeting-Name", "Meeting-Titel", "Titel des Meetings"),
    "meeting start": ("hs_meeting_start_time", "Meeting start time", "Meeting-Beginn", "Meeting-Startzeit", "Startzeit des Meetings"),
    "meeting end": ("hs_meeting_end_time", "Meeting end time", "Meeting-Ende", "Meeting-Endzeit", "Endzeit des Meetings"),
    "meeting outcome": ("hs_meeting_outcome", "Meeting outcome", "Meeting-Ergebnis", "Ergebnis des Meetings", "meeting_outcome"),
    "meeting place": ("hs_meeting_location", "Meeting location", "Meeting-Ort", "Ort des Meetings", "hs_meeting_external_url", "external_url"),
    "meeting text": ("hs_meeting_body", "Meeting description", "Meeting-Beschreibung", "hs_internal_meeting_notes", "Internal meeting notes"),
    "note text": ("hs_note_body", "Note body", "Note", "Notiztext", "Notiz", "Notizinhalt", "hs_body_preview", "Body preview"),
    "task title": ("hs_task_subject", "Task Title", "Aufgabentitel", "Titel der Aufgabe"),
    "task status": ("hs_task_status", "Task Status", "Aufgabenstatus", "Status der Aufgabe"),
    "task type": ("hs_task_type", "Task Type", "Aufgabentyp", "Art der Aufgabe", "task_type"),
    "task done": ("hs_task_completion_date", "Completed at", "Completed date", "Abgeschlossen am", "Abschlussdatum der Aufgabe"),
    "task text": ("hs_task_body", "Task Notes", "Aufgabennotizen"),
    "mail subject": ("hs_email_subject", "Email subject", "E-Mail-Betreff", "Betreff der E-Mail"),
    "mail text": ("hs_email_text", "Email body", "E-Mail-Text", "E-Mail-Inhalt", "Text der E-Mail"),
    "mail direction": ("hs_email_direction", "Email direction", "E-Mail-Richtung", "Richtung der E-Mail"),
    "mail status": ("hs_email_status", "Email send status", "E-Mail-Sendestatus", "Sendestatus der E-Mail"),
    "mail from": ("hs_email_from_email", "Email from address", "Absenderadresse"),
    "mail to": ("hs_email_to_email", "Email to address", "Empfängeradresse"),
    "medium": ("hs_communication_channel_type", "Communication channel", "Kommunikationskanal"),
    "contacts": ("Associated Contact", "Associated Contacts", "Zugehöriger Kontakt", "Zugehörige Kontakte", "Zugeordneter Kontakt"),
}  # fmt: skip
_PATTERNS = {
    "contact ids": r"kontakt.*\bids?\b|contact.*\bids?\b", "company ids": r"(zugeh|zugeord|associated).*(unternehmen|company).*\bids?\b",
    "deal ids": r"(zugeh|zugeord|associated).*deal.*\bids?\b", "owner": r"^(für .* )?zuständige[rn]?\b.*mitarbeiter|^.*owner$",
    "stage": r"^deal.?(stage|phase)$", "lifecycle": r"^lifecycle.?(stage|phase)$",
}  # fmt: skip
HOUSEKEEPING = ("_fivetran_synced", "_fivetran_deleted", "is_deleted", "archived", "updatedAt", "url", "portal_id", "lastmodifieddate", "hs_lastmodifieddate")


def names(field: str) -> tuple[str, ...]:
    """All column names that a field may have."""
    known = NAMES.get(field, (field,))
    inner = [name for name in known if re.fullmatch(r"[a-z][a-z0-9_]*", name)]
    return (*known, *(prefix + name for name in inner for prefix in ("property_", "properties_")))


def column(sample: Sample, field: str) -> str | None:
    """The column of a file that holds a field, by name or pattern."""
    by_lower = {name.strip().lower(): name for name in reversed(sample.columns)}
    found = next((by_lower[name.lower()] for name in names(field) if name.lower() in by_lower), None)
    pattern = _PATTERNS.get(field)
    if found is None and pattern:
        found = next((name for lower, name in by_lower.items() if re.search(pattern, lower)), None)
    return found


def has(sample: Sample, *fields: str) -> bool:
    """Whether a table has all of these fields."""
    return sample.container in TABULAR and all(column(sample, field) is not None for field in fields)


class Cells:
    """The cells of a HubSpot table by field, over the raw table or over `rows` made from it."""

    def __init__(self, raw: Raw, rows: ir.Table | None = None) -> None:
        self.raw = raw
        self.rows = rows
        self.values: Values = raw.values
        if rows is not None:
            self.values = raw.values.on(rows)
            self.values.clean = True
        for name in HOUSEKEEPING:
            if name not in ("url",):
                self.values.raw(name, f"property_{name}")  # marked as read: they change without the record changing

    def of(self, *fields: str) -> tuple[str, ...]:
        """Column names for these fields, in order."""
        every = [name for field in fields for name in names(field)]
        for field in fields:
            if not self.values.has(*names(field)) and (pattern := _PATTERNS.get(field)):
                every += [name for name in self.values.table.columns if re.search(pattern, name.lower())][:1]
        return tuple(every)

    def has(self, *fields: str) -> bool:
        """Whether any of these fields is there."""
        return self.values.has(*self.of(*fields))

    def text(self, *fields: str) -> ir.StringValue:
        """The first filled of these fields."""
        return self.values.first(*self.of(*fields))

    def email(self, *fields: str) -> ir.StringValue:
        """An e-mail address."""
        return self.values.email(*self.of(*fields))

    def flag(self, *fields: str) -> ir.BooleanValue:
        """True or false."""
        return self.values.flag(*self.of(*fields))

    def number(self, *fields: str) -> ir.FloatingValue:
        """A number."""
        return self.values.number(*self.of(*fields))

    def moment(self, *fields: str) -> ir.TimestampValue:
        """A moment."""
        return self.values.moment(*self.of(*fields))

    def texts(self, *fields: str) -> ir.ArrayValue:
        """A list written in one cell, separated by ";"."""
        return self.values.texts(*self.of(*fields))

    def deleted(self) -> ir.BooleanValue | None:
        """Whether the record was deleted in HubSpot; None where the file does not say."""
        present = [name for name in ("is_deleted", "_fivetran_deleted", "archived") if self.values.has(name)]
        return ibis.or_(*[self.values.flag(name).fill_null(False) for name in present]) if present else None


def head(items: ir.ArrayValue) -> ir.StringValue:
    """The first item of a list; null where there is none."""
    return ibis.cases((items.length() > 0, items[0]), else_=ibis.null("string"))


def is_api(sample: Sample, *properties: str) -> bool:
    """Whether a JSON file holds CRM objects (`id`, `properties`) with all of these properties."""
    if sample.container != "objects" or not sample.rows or not sample.has("id", "properties"):
        return False
    keys = {key for row in sample.rows if isinstance(row.get("properties"), dict) for key in row["properties"]}
    return set(properties) <= keys


def objects(raw: Raw) -> ir.Table:
    """CRM objects of the API as a table: a column a property, and the ids of associated records as the page writes them."""
    keys = dict.fromkeys(key for row in raw.sample.rows if isinstance(row.get("properties"), dict) for key in row["properties"])
    fields = Fields(raw.table.json)
    columns = {key: fields.text(f'$.properties."{key}"') for key in keys if key.lower() not in ("id", "archived")}
    for name in ("id", "createdAt", "archived"):
        columns[name] = fields.text(name)
    for kind in ("contact", "company", "deal"):
        plural = {"company": "companies"}.get(kind, f"{kind}s")
        ids = fields.texts(f"associations.{plural}.results[*].id")
        columns[f"Associated {kind.title()} IDs"] = ids.unique().sort().join(";")
    return raw.engine.view("crm_objects", cleaned(raw.table.select(**columns)))
