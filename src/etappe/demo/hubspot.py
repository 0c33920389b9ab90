"""Marketing: HubSpot's contacts as the page exports them in German, the events of campaign mails, the forms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.demo import catalog, clock, ids, names
from etappe.demo.activities import OWN_MAILS
from etappe.demo.cast import LATE, Cast
from etappe.demo.clock import Array
from etappe.demo.out import Folder, stamp, vocabulary
from etappe.demo.salesforce import spoil, typo
from etappe.demo.web import FORM, Pages

PORTAL_ID = 25177001


@dataclass(frozen=True)
class Mailed:
    """The events of mails: their ids, kinds, mail touch and moment; and the forms."""

    ids: pa.Array
    kind: Array  # place in MAIL_KINDS
    mail: Array  # row of cast.mails, -1 for own people
    ms: Array
    form_rows: Array  # rows of pages
    form_ids: pa.Array
    contact: pa.Array  # HubSpot's id of each person
    old_contact: pa.Array  # id of a record that was merged into it
    was_merged: Array
    has: Array


MAIL_KINDS = ("SENT", "DELIVERED", "BOUNCE", "OPEN", "CLICK")
EVENT_KINDS = ("email_sent", "email_delivered", "email_bounce", "email_open", "email_click")


def write_hubspot(rng: np.random.Generator, folder: Folder, cast: Cast, pages: Pages, number: int) -> Mailed:
    """Contacts, mail events, mailings and form submissions."""
    interest = np.minimum(np.minimum(cast.first_form, cast.first_list), cast.first_mail)
    has = interest < LATE
    contact = ids.numbered("4", 100_000_000 + cast.persons.number, 10)
    old = ids.numbered("3", 100_000_000 + cast.persons.number, 10)
    was_merged = has & (rng.random(cast.persons.count) < 0.02)
    _contacts(rng, folder, cast, contact, pc.if_else(pa.array(was_merged), old, None), has, interest, number)
    by_form = pc.if_else(pa.array(was_merged & (rng.random(len(has)) < 0.6)), old, contact)
    form_rows, form_ids = _forms(folder, cast, pages, by_form)
    event_ids, kind, mail, ms = _mails(rng, folder, cast, number)
    if number == 0:
        _mailings(folder)
    return Mailed(event_ids, kind, mail, ms, form_rows, form_ids, contact, old, was_merged, has)


def _contacts(rng: np.random.Generator, folder: Folder, cast: Cast, contact: pa.Array, merged: pa.Array, has: Array, interest: Array, number: int) -> None:
    persons, accounts = cast.persons, cast.accounts
    rows = np.flatnonzero(has)
    take, count = pa.array(rows), len(rows)
    company = accounts.name.take(pa.array(persons.account[rows])).cast(pa.string())
    company = pc.if_else(pa.array(rng.random(count) < 0.1), pa.array(typo(rng, company), pa.string()), company)
    company = pc.if_else(pa.array(rng.random(count) < 0.12), None, company)
    day = clock.to_local(interest[rows])
    table = pa.table(
        {
            "Datensatz-ID": contact.take(take),
            "Vorname": persons.first.take(take),
            "Nachname": persons.last.take(take),
            "E-Mail": spoil(rng, persons.email.take(take)),
            "Zusätzliche E-Mail-Adressen": persons.email2.take(take),
            "Telefonnummer": pa.nulls(count, pa.string()),
            "Für Kontakt zuständiger Mitarbeiter": vocabulary([f"{a} {b}" for a, b, _ in names.COLLEAGUES], rng.integers(-2, 6, count)),
            "Lifecycle-Phase": vocabulary(("Abonnent", "Lead", "Sales-qualifizierter Lead", "Kunde"), np.where(cast.contact[rows], 2, rng.integers(0, 2, count))),
            "Leadstatus": vocabulary(("Neu", "Offen", "In Bearbeitung"), rng.integers(-1, 3, count)),
            "Erstelldatum": stamp(day, "%Y-%m-%d %H:%M"),
            "Datum der letzten Aktivität": stamp(day + clock.DAY * 9, "%Y-%m-%d %H:%M"),
            "Jobbezeichnung": persons.title.take(take),
            "Name des Unternehmens": company,
            "Ursprüngliche Traffic-Quelle": vocabulary(("Organische Suche", "Bezahlte Suche", "Direkter Traffic", "Offline-Quellen"), rng.integers(0, 4, count)),
            "Land/Region": vocabulary([names.COUNTRY_NAMES[land] for land in names.COUNTRIES], accounts.country[persons.account[rows]]),
            "Zusammengeführte Datensatz-IDs": merged.take(take),
            "Salesforce-Kontakt-ID": pc.if_else(pa.array(cast.contact[rows]), ids.salesforce("003", persons.number[rows]), None),
        }
    )  # fmt: skip
    file = folder.csv("hubspot/hubspot-crm-exports-alle-kontakte.csv", encoding="utf-8-sig", quoting="all_valid")
    file.write(table)
    if number == 0:
        file.soil_like(table, {})


def _forms(folder: Folder, cast: Cast, pages: Pages, contact: pa.Array) -> tuple[Array, pa.Array]:
    person = pages.sessions["person"][pages.session]
    rows = np.flatnonzero((pages.what == FORM) & (person >= 0))
    form = pages.sessions["form"][pages.session[rows]]
    base = int(cast.accounts.number[0]) * 100
    own = ids.numbered("", 7_000_000_000 + base + np.arange(len(rows)), 11)
    table = pa.table(
        {
            "timestamp": pa.array(pages.ms[rows] + 1200, pa.int64()).cast(pa.timestamp("ms")),
            "form_id": vocabulary([form[3] for form in catalog.FORMS], form),
            "contact_id": contact.take(pa.array(person[rows])),
            "conversion_id": own,
            "page_id": pa.nulls(len(rows), pa.string()),
            "page_url": vocabulary([catalog.SITE + page.path for page in catalog.PAGES], pages.page[rows]),
            "portal_id": pa.array(np.full(len(rows), PORTAL_ID)),
            "title": vocabulary([form[0] for form in catalog.FORMS], form),
        }
    )
    folder.csv("hubspot/contact_form_submission.csv").write(table)
    return rows, own


def _mails(rng: np.random.Generator, folder: Folder, cast: Cast, number: int) -> tuple[pa.Array, Array, Array, Array]:
    mails, count = cast.mails, len(cast.mails)
    sent, opened, clicked, bounced = np.arange(count), *(np.flatnonzero(mails[name]) for name in ("opened", "clicked", "bounced"))
    arrived = np.flatnonzero(~mails["bounced"])
    parts = [(0, sent, 0), (1, arrived, 4_000), (2, bounced, 6_000), (3, opened, 2_400_000), (4, clicked, 2_700_000)]
    kind = np.concatenate([np.full(len(rows), code) for code, rows, _ in parts])
    mail = np.concatenate([rows for _, rows, _ in parts])
    ms = np.concatenate([mails["ms"][rows] + delay for _, rows, delay in parts])
    tests = 3 * len(OWN_MAILS) if number == 0 else 0
    kind = np.concatenate([kind, np.tile([0, 1, 3], tests // 3)])
    mail = np.concatenate([mail, np.full(tests, -1)])
    ms = np.concatenate([ms, clock.START_MS + clock.DAY * 30 + np.arange(tests) * 60_000])
    order = np.argsort(ms, kind="stable")
    kind, mail, ms = kind[order], mail[order], ms[order]
    own = ids.uuids(rng, len(ms))
    person = np.where(mail >= 0, mails["person"][np.maximum(mail, 0)], -1) if count else mail
    test = np.flatnonzero(mail < 0)
    to = np.full(len(mail), -1)
    to[test] = cast.persons.count + np.arange(len(test)) // 3 % len(OWN_MAILS)
    people = pa.concat_arrays([cast.persons.email.cast(pa.string()), pa.array(OWN_MAILS)])
    mailing = np.where(mail >= 0, mails["mailing"][np.maximum(mail, 0)], 0) if count else np.zeros(len(mail), dtype=np.int64)
    link = np.where(kind == 4, mailing % len(catalog.ARTICLES), -1)
    table = pa.table(
        {
            "id": own,
            "type": vocabulary(MAIL_KINDS, kind),
            "created": pa.array(ms, pa.int64()),
            "recipient": people.take(pa.array(np.where(person >= 0, person, to))),
            "emailCampaignId": vocabulary([letter[0] for letter in catalog.NEWSLETTERS], mailing),
            "portalId": pa.array(np.full(len(ms), PORTAL_ID)),
            "appId": pa.array(np.full(len(ms), 113)),
            "filteredEvent": vocabulary(("false", "true"), (mail < 0).astype(np.int64)),
            "deviceType": vocabulary(("COMPUTER", "MOBILE"), np.where(kind >= 3, mailing % 2, -1)),
            "url": vocabulary([f"{catalog.SITE}{page.path}?utm_source=hubspot&utm_medium=email&utm_campaign=newsletter" for page in catalog.ARTICLES], link),
            "sentBy.created": pa.array(np.where(mail >= 0, mails["ms"][np.maximum(mail, 0)], ms) if count else ms, pa.int64()),
        }
    )  # fmt: skip
    file = folder.csv("hubspot/email_events.csv")
    file.write(table)
    if number == 0:
        fresh = ids.uuids(rng, 2).to_pylist()
        file.soil_like(table, {"bad date": {"id": fresh[0], "created": "nie"}, "1970 clock": {"id": fresh[1], "created": "0"}})
    return own, kind, mail, ms


def _mailings(folder: Folder) -> None:
    folder.csv("hubspot/email_campaigns.csv").write(
        pa.table(
            {
                "id": [letter[0] for letter in catalog.NEWSLETTERS],
                "appId": [113] * len(catalog.NEWSLETTERS),
                "name": [letter[1] for letter in catalog.NEWSLETTERS],
                "subject": [letter[2] for letter in catalog.NEWSLETTERS],
                "type": ["BATCH_EMAIL"] * len(catalog.NEWSLETTERS),
            }
        )
    )

