"""What colleagues enter into the CRM: calls and mails as Task, meetings as Event, fairs and webinars as Campaign."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.demo import catalog, clock, ids, names, touches
from etappe.demo.book import Leaf
from etappe.demo.cast import Cast
from etappe.demo.clock import Array
from etappe.demo.deals import Deals, _stray
from etappe.demo.out import Folder, iso, stamp, vocabulary
from etappe.demo.salesforce import Records, owners

# Subjects by kind of touch; each list is used in turn.
SUBJECTS = {
    touches.SALES_CALL: ("Telefonat: Stand des Projekts", "Telefonat mit Instandhaltung", "Call: offene Fragen", "Telefonat – nächste Schritte"),
    touches.CALL_IN: ("Anruf vom Kunden: Rückfrage", "Eingehender Anruf: Fragen zum Projekt"),
    touches.ATTEMPT: ("Anruf – nicht erreicht", "Anrufversuch, Mailbox besprochen"),
    touches.LETTER: ("E-Mail: Antwort auf Rückfragen", "E-Mail: Unterlagen wie besprochen", "E-Mail: Terminvorschlag"),
    touches.RECOMMENDATION: ("Empfehlung an befreundeten Betrieb notiert",),
    touches.SALES_MEETING: ("Termin: Erstgespräch vor Ort", "Videotermin: Abstimmung", "Jour fixe Projekt"),
    touches.WORKSHOP: ("Technischer Workshop Messstellen", "Workshop Lastenheft"),
    touches.ONSITE_DEMO: ("Demo vor Ort an der Maschine", "Vorführung im Werk"),
    touches.TRIAL: ("Teststellung: Übergabe der Sensoren", "Teststellung: Zwischenstand"),
    touches.REFERENCE_VISIT: ("Referenzbesuch bei bestehendem Kunden",),
    touches.PROCUREMENT: ("Verhandlung mit Einkauf", "Einkaufsgespräch Konditionen"),
    touches.CONTRACT: ("Vertragsprüfung", "Durchsprache Vertragsentwurf"),
}
_TASKS = (*touches.CALLS, touches.LETTER, touches.RECOMMENDATION)
FAIR_CAMPAIGN, WEBINAR_CAMPAIGN = 0, 100


@dataclass(frozen=True)
class Entered:
    """Ids of the records made from touches: rows of `cast.touches` and what each became."""

    task_rows: Array
    task_ids: pa.Array
    event_rows: Array
    event_ids: pa.Array
    member_rows: Array
    member_ids: pa.Array


def write_activities(rng: np.random.Generator, folder: Folder, cast: Cast, records: Records, deals: Deals, number: int) -> Entered:
    """Task, Event, Campaign and CampaignMember."""
    kind = cast.touches["kind"]
    known = (cast.contact | cast.lead)[cast.touches["person"]]
    tasks = np.flatnonzero(np.isin(kind, _TASKS) & known)
    events = np.flatnonzero(np.isin(kind, touches.MEETINGS) & known)
    task_ids = _tasks(rng, folder, cast, records, deals, tasks, number)
    event_ids = _events(rng, folder, cast, records, deals, events, number)
    members = np.flatnonzero(np.isin(kind, (touches.FAIR_TALK, touches.WEBINAR)) & known & (rng.random(len(kind)) < 0.8))
    member_ids = _members(folder, cast, records, members)
    if number == 0:
        _campaigns(folder)
    return Entered(tasks, task_ids, events, event_ids, members, member_ids)


def _subject(kind: Array, draw: Array) -> pa.Array:
    words: list[str] = []
    first, width = np.zeros((2, len(touches.TOUCHES)), dtype=np.int64)
    width += 1
    for code, subjects in SUBJECTS.items():
        first[code], width[code] = len(words), len(subjects)
        words += subjects
    return vocabulary(words, first[kind] + (draw * width[kind]).astype(np.int64))


def _what(cast: Cast, records: Records, deals: Deals, rows: Leaf) -> pa.Array:
    """WhatId: the deal of the journey where it was open by then, else the company where it has a record."""
    of_journey = np.full(len(cast.latent.journeys), -1)
    of_journey[deals.journey[::-1]] = np.arange(len(deals.journey))[::-1]
    deal = of_journey[rows["journey"]]
    fits = (deal >= 0) & (len(deals.opened) > 0)
    fits[fits] &= deals.opened[deal[fits]] <= rows["ms"][fits]
    company = cast.record[rows["account"]]
    home = pc.if_else(pa.array(company), records.account.take(pa.array(rows["account"])), None)
    return pc.if_else(pa.array(fits), deals.ids.take(pa.array(np.where(fits, deal, 0))), home) if len(deals.ids) else home


def _tasks(rng: np.random.Generator, folder: Folder, cast: Cast, records: Records, deals: Deals, picked: Array, number: int) -> pa.Array:
    rows = cast.touches.where(picked)
    kind, count = rows["kind"], len(picked)
    call = np.isin(kind, touches.CALLS)
    attempt = kind == touches.ATTEMPT
    inbound = kind == touches.CALL_IN
    seconds = np.where(attempt, rng.integers(0, 40, count), rng.integers(120, 2400, count))
    own = ids.salesforce("00T", int(cast.accounts.number[0]) * 400 + np.arange(count))
    table = pa.table(
        {
            "Id": own,
            "WhoId": records.who.take(pa.array(rows["person"])),
            "WhatId": _what(cast, records, deals, rows),
            "AccountId": pc.if_else(pa.array(cast.contact[rows["person"]]), records.home.take(pa.array(rows["person"])), None),
            "Subject": _subject(kind, rng.random(count)),
            "ActivityDate": stamp(clock.to_local(rows["ms"]), "%Y-%m-%d"),
            "Status": vocabulary(("Completed",), np.zeros(count, dtype=np.int64)),
            "Priority": vocabulary(("Normal",), np.zeros(count, dtype=np.int64)),
            "Type": vocabulary(("Call", "Email", "Other"), np.where(call, 0, np.where(kind == touches.LETTER, 1, 2))),
            "TaskSubtype": vocabulary(("Call", "Email", "Task"), np.where(call, 0, np.where(kind == touches.LETTER, 1, 2))),
            "CallType": vocabulary(("Outbound", "Inbound"), np.where(call, inbound.astype(np.int64), -1)),
            "CallDurationInSeconds": pa.array(seconds, mask=~call),
            "CallDisposition": vocabulary(("Erreicht", "Nicht erreicht"), np.where(call, attempt.astype(np.int64), -1)),
            "CompletedDateTime": iso(rows["ms"]),
            "Description": vocabulary(("Kunde fragt nach Lieferzeit.", "Rückmeldung nächste Woche.", "Bedarf besprochen, Unterlagen folgen."),
                                      np.where(call & ~attempt, rng.integers(0, 3, count), -1)),
            "OwnerId": owners().take(pa.array(records.owner[rows["account"]])),
            "IsClosed": vocabulary(("true",), np.zeros(count, dtype=np.int64)),
            "IsDeleted": vocabulary(("false",), np.zeros(count, dtype=np.int64)),
            "CreatedDate": iso(rows["ms"] + rng.integers(60_000, 2_400_000, count) + clock.DAY * (rng.random(count) < 0.08)),
            "SystemModstamp": iso(rows["ms"] + clock.DAY),
        }
    )  # fmt: skip
    file = folder.csv("salesforce/Task.csv")
    file.write(table)
    if number == 0:
        bad = dict.fromkeys(("ActivityDate", "CompletedDateTime", "CreatedDate"), "demnächst")
        file.soil_like(table, {"bad date": {"Id": _stray("00T", 1), **bad}})
    return own


def _events(rng: np.random.Generator, folder: Folder, cast: Cast, records: Records, deals: Deals, picked: Array, number: int) -> pa.Array:
    rows = cast.touches.where(picked)
    count = len(picked)
    minutes = rng.choice([30, 60, 90, 120], count)
    own = ids.salesforce("00U", int(cast.accounts.number[0]) * 200 + np.arange(count))
    company = pc.if_else(pa.array(cast.contact[rows["person"]]), records.home.take(pa.array(rows["person"])), None)
    second = cast.accounts.first_person[rows["account"]] + (rng.random(count) < 0.5)
    together = pc.binary_join_element_wise(pa.scalar("Teilnehmer:"), cast.persons.email.take(pa.array(second)), " ")
    table = pa.table(
        {
            "Id": own,
            "WhoId": records.who.take(pa.array(rows["person"])),
            "WhatId": _what(cast, records, deals, rows),
            "AccountId": company,
            "Subject": _subject(rows["kind"], rng.random(count)),
            "Location": vocabulary(("vor Ort", "Teams"), rng.integers(0, 2, count)),
            "StartDateTime": iso(rows["ms"]),
            "EndDateTime": iso(rows["ms"] + minutes * 60_000),
            "ActivityDateTime": iso(rows["ms"]),
            "ActivityDate": stamp(clock.to_local(rows["ms"]), "%Y-%m-%d"),
            "DurationInMinutes": pa.array(minutes),
            "Description": pc.if_else(pa.array(rng.random(count) < 0.25), together, None),
            "OwnerId": owners().take(pa.array(records.owner[rows["account"]])),
            "IsDeleted": vocabulary(("false",), np.zeros(count, dtype=np.int64)),
            "CreatedDate": iso(rows["ms"] - clock.DAY * 5),
            "SystemModstamp": iso(rows["ms"] + clock.HOUR),
        }
    )
    file = folder.csv("salesforce/Event.csv")
    file.write(table)
    if number == 0:
        later = dict.fromkeys(("StartDateTime", "EndDateTime", "ActivityDateTime"), "2099-12-31T09:00:00.000Z")
        file.soil_like(table, {"future clock": {"Id": _stray("00U", 1), **later, "ActivityDate": "2099-12-31"}}, blank=False)
    return own


def campaign_ids() -> pa.Array:
    """Ids of the CRM's campaigns: fairs first, webinars from 100 on."""
    return ids.salesforce("701", np.arange(WEBINAR_CAMPAIGN + len(catalog.WEBINARS)))


def webinar_day(number: int) -> dt.date:
    """The day of a webinar."""
    slot = catalog.WEBINARS[number][0]
    return (clock.START + dt.timedelta(milliseconds=int(clock.moments(np.array([slot + 0.225]))[0]) - clock.START_MS)).date()


def _campaigns(folder: Folder) -> None:
    rows = []
    every = campaign_ids().to_pylist()
    for number, fair in enumerate(catalog.FAIRS):
        last = fair.first + dt.timedelta(days=fair.days - 1)
        rows.append((every[FAIR_CAMPAIGN + number], fair.name, "Trade Show", fair.first.isoformat(), last.isoformat(), 24000 + 900 * number))
    for number, (_, topic) in enumerate(catalog.WEBINARS):
        day = webinar_day(number).isoformat()
        rows.append((every[WEBINAR_CAMPAIGN + number], f"Webinar {day}: {catalog.WEBINAR_TOPICS[topic]}", "Webinar", day, day, 800))
    columns = ("Id", "Name", "Type", "StartDate", "EndDate", "ActualCost")
    table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(columns)})
    for name, word in (("Status", "Completed"), ("IsActive", "true"), ("IsDeleted", "false"), ("CreatedDate", "2023-12-01T08:00:00.000Z")):
        table = table.append_column(name, pa.array([word] * len(rows)))
    folder.csv("salesforce/Campaign.csv").write(table)


def _members(folder: Folder, cast: Cast, records: Records, picked: Array) -> pa.Array:
    rows = cast.touches.where(picked)
    count = len(picked)
    fair = rows["kind"] == touches.FAIR_TALK
    own = ids.salesforce("00v", int(cast.accounts.number[0]) * 100 + np.arange(count))
    contact = cast.contact[rows["person"]]
    table = pa.table(
        {
            "Id": own,
            "CampaignId": campaign_ids().take(pa.array(np.where(fair, FAIR_CAMPAIGN, WEBINAR_CAMPAIGN) + np.maximum(rows["detail"], 0))),
            "ContactId": pc.if_else(pa.array(contact), records.contact.take(pa.array(rows["person"])), None),
            "LeadId": pc.if_else(pa.array(contact), None, records.lead.take(pa.array(rows["person"]))),
            "Status": vocabulary(("Besucht", "Teilgenommen"), (~fair).astype(np.int64)),
            "HasResponded": vocabulary(("true",), np.zeros(count, dtype=np.int64)),
            "FirstRespondedDate": stamp(clock.to_local(rows["ms"]), "%Y-%m-%d"),
            "CreatedDate": iso(rows["ms"] + clock.HOUR),
            "SystemModstamp": iso(rows["ms"] + clock.DAY),
            "IsDeleted": vocabulary(("false",), np.zeros(count, dtype=np.int64)),
        }
    )
    folder.csv("salesforce/CampaignMember.csv").write(table)
    return own


OWN_MAILS = tuple(f"{first.lower()}.{last.lower()}@{names.OWN_DOMAIN}" for first, last, _ in names.COLLEAGUES)
