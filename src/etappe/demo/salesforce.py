"""The CRM: Salesforce's objects as API CSV, the stage history as Bulk CSV with `#N/A`.

What the CRM gets wrong: typos and duplicates of companies (some merged), contacts on the duplicate, leads beside contacts,
missing contact roles, upper-case and padded addresses, a name that looks like a formula.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.demo import clock, ids, names
from etappe.demo.cast import LATE, Cast
from etappe.demo.clock import Array
from etappe.demo.out import Folder, iso, stamp, vocabulary

SOURCES = ("Website", "Messe", "Webinar", "Empfehlung", "Telefon", "Partner")
API = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Records:
    """Ids of the CRM's records, by place in the chunk, and when persons were entered."""

    account: pa.Array
    duplicate: pa.Array  # id of the second record of a company
    doubled: Array
    merged: Array
    contact: pa.Array
    contact_copy: pa.Array  # id of the second record of a person
    twice: Array  # persons with a second contact record
    twice_merged: Array
    lead: pa.Array
    who: pa.Array  # contact id, else lead id, else null
    home: pa.Array  # the company record that the contact hangs on
    contact_ms: Array
    lead_ms: Array
    owner: Array


def owners() -> pa.Array:
    """Ids of the own people."""
    return ids.salesforce("005", np.arange(len(names.COLLEAGUES)))


def make_records(rng: np.random.Generator, cast: Cast) -> Records:
    """Decides which records there are."""
    accounts, persons = cast.accounts, cast.persons
    number = accounts.number
    account = ids.salesforce("001", number)
    duplicate = ids.salesforce("001", number + 40_000_000)
    doubled = cast.record & (rng.random(accounts.count) < 0.07)
    merged = doubled & (rng.random(accounts.count) < 0.4)
    contact = ids.salesforce("003", persons.number)
    lead = ids.salesforce("00Q", persons.number)
    null = pa.nulls(persons.count, pa.string())
    twice = cast.contact & persons.company_mail & (rng.random(persons.count) < 0.02)
    who = pc.if_else(pa.array(cast.contact), contact, pc.if_else(pa.array(cast.lead), lead, null))
    on_copy = (doubled & ~merged)[persons.account] & (rng.random(persons.count) < 0.35)
    home = pc.if_else(pa.array(on_copy), duplicate.take(pa.array(persons.account)), account.take(pa.array(persons.account)))
    met = np.minimum(cast.first_sales, np.maximum(cast.deal_opened[persons.account], np.minimum(cast.first_form, cast.first_list)))
    contact_ms = np.where(met < LATE, met, clock.START_MS + rng.integers(0, clock.DAY * 800, persons.count))
    interest = np.minimum(cast.first_form, cast.first_list)
    lead_ms = np.where(interest < LATE, interest, contact_ms)
    return Records(
        account, duplicate, doubled, merged, contact, ids.salesforce("003", persons.number + 400_000_000), twice,
        twice & (rng.random(persons.count) < 0.5), lead, who, home,
        contact_ms, np.minimum(lead_ms, np.where(cast.contact, contact_ms, LATE)), rng.integers(0, 6, accounts.count),
    )  # fmt: skip


def typo(rng: np.random.Generator, names_: pa.Array) -> list[str]:
    """Company names as somebody typed them in: letters swapped, umlauts spelt out, legal form dropped or changed."""
    out = []
    for name, draw in zip(names_.to_pylist(), rng.random(len(names_)).tolist(), strict=True):
        words = name.split(" ")
        if draw < 0.3:
            out.append(name.replace("ü", "ue").replace("ö", "oe").replace("ä", "ae"))
        elif draw < 0.55:
            out.append(" ".join(words[:2]))
        elif draw < 0.75:
            place = 2 + int(draw * 100) % max(1, len(words[0]) - 3)
            out.append(" ".join([words[0][:place] + words[0][place + 1 :], *words[1:]]))
        elif draw < 0.9:
            out.append(name.replace("GmbH", "Gmbh").replace("GmbH & Co. KG", "GmbH&Co.KG").replace(" AG", " Aktiengesellschaft"))
        else:
            out.append(name.upper())
    return out


def write_people(rng: np.random.Generator, folder: Folder, cast: Cast, records: Records, number: int) -> None:
    """Account, Contact, Lead and User."""
    _accounts(rng, folder, cast, records, number)
    _contacts(rng, folder, cast, records, number)
    _leads(rng, folder, cast, records, number)
    if number == 0:
        _users(folder)


def _accounts(rng: np.random.Generator, folder: Folder, cast: Cast, records: Records, number: int) -> None:
    accounts = cast.accounts
    first = np.flatnonzero(cast.record)
    copies = np.flatnonzero(records.doubled)
    rows = np.concatenate([first, copies])
    copy = np.arange(len(rows)) >= len(first)
    take = pa.array(rows)
    named = pa.concat_arrays([accounts.name.take(pa.array(first)).cast(pa.string()), pa.array(typo(rng, accounts.name.take(pa.array(copies))), pa.string())])
    parent = accounts.parent[rows]
    parent_ok = (parent >= 0) & cast.record[np.maximum(parent, 0)] & ~copy
    created = np.where(cast.deal_opened[rows] < LATE, cast.deal_opened[rows], clock.START_MS) - 30 * clock.DAY
    place = accounts.place[rows]
    won = np.isin(rows, np.unique(cast.latent.deals["account"][_won(cast)]))
    blank = copy & (rng.random(len(rows)) < 0.6)
    table = pa.table(
        {
            "Id": pc.if_else(pa.array(copy), records.duplicate.take(take), records.account.take(take)),
            "IsDeleted": vocabulary(("false", "true"), (copy & records.merged[rows]).astype(np.int64)),
            "MasterRecordId": pc.if_else(pa.array(copy & records.merged[rows]), records.account.take(take), None),
            "Name": named,
            "Type": vocabulary(("Interessent", "Kunde"), won.astype(np.int64)),
            "ParentId": pc.if_else(pa.array(parent_ok), records.account.take(pa.array(np.maximum(parent, 0))), None),
            "BillingStreet": pa.array([f"{names.STREETS[n % 10]} {n % 87 + 1}" for n in accounts.number[rows].tolist()], pa.string()),
            "BillingPostalCode": pa.array([names.PLACES[p][2] + f"{n % 90 + 10}{'1' if names.PLACES[p][0] == 'DE' else ''}"
                                           for p, n in zip(place.tolist(), accounts.number[rows].tolist(), strict=True)], pa.string()),
            "BillingCity": vocabulary([spot[1] for spot in names.PLACES], place),
            "BillingCountry": vocabulary([names.COUNTRY_NAMES[land] for land in names.COUNTRIES], accounts.country[rows]),
            "Phone": _phones(accounts.country[rows], accounts.number[rows] * 37),
            "Website": pc.if_else(pa.array(blank), None, pc.binary_join_element_wise(pa.scalar("www."), accounts.domain.take(take), "")),
            "Industry": accounts.industry.take(take),
            "AnnualRevenue": pa.array(accounts.employees[rows] * 190_000),
            "NumberOfEmployees": pa.array(accounts.employees[rows]),
            "Rating": vocabulary(("Hot", "Warm", "Cold"), accounts.tier[rows]),
            "Tier__c": vocabulary(("A", "B", "C"), accounts.tier[rows]),
            "OwnerId": owners().take(pa.array(records.owner[rows])),
            "CreatedDate": iso(created),
            "LastModifiedDate": iso(created + clock.DAY * 20),
            "SystemModstamp": iso(created + clock.DAY * 20),
        }
    )  # fmt: skip
    file = folder.csv("salesforce/Account.csv", quoting="all_valid")
    file.write(table)
    if number == 0:
        file.soil("blank row", [[]])


def _phones(country: Array, numbers: Array) -> pa.Array:
    """Made-up telephone numbers with the country's code."""
    codes = [("+49", "+43", "+41")[land] for land in country.tolist()]
    return pa.array([f"{code} {700 + n % 200} {100000 + n % 899999}" for code, n in zip(codes, numbers.tolist(), strict=True)], pa.string())


def _won(cast: Cast) -> Array:
    ends = cast.latent.deal_ends
    done = ends["won"] & (ends["at"] < clock.SLOTS)
    won = np.zeros(len(cast.latent.deals), dtype=bool)
    won[ends["deal"][done]] = True
    return won


def _contacts(rng: np.random.Generator, folder: Folder, cast: Cast, records: Records, number: int) -> None:
    persons = cast.persons
    first_rows = np.flatnonzero(cast.contact)
    rows = np.concatenate([first_rows, np.flatnonzero(records.twice)])
    copy = np.arange(len(rows)) >= len(first_rows)
    gone = copy & records.twice_merged[rows]
    take = pa.array(rows)
    email = spoil(rng, persons.email.take(take))
    first = persons.first.take(take).to_pylist()
    if number == 0 and len(first) > 3:
        first[3] = "=cmd|' /C calc'!A0"
    table = pa.table(
        {
            "Id": pc.if_else(pa.array(copy), records.contact_copy.take(take), records.contact.take(take)),
            "IsDeleted": vocabulary(("false", "true"), gone.astype(np.int64)),
            "MasterRecordId": pc.if_else(pa.array(gone), records.contact.take(take), None),
            "AccountId": records.home.take(take),
            "LastName": persons.last.take(take),
            "FirstName": pa.array(first, pa.string()),
            "Title": persons.title.take(take),
            "Email": email,
            "Phone": _phones(cast.accounts.country[persons.account[rows]], persons.number[rows] * 71),
            "MailingCity": vocabulary([spot[1] for spot in names.PLACES], cast.accounts.place[persons.account[rows]]),
            "MailingCountry": vocabulary([names.COUNTRY_NAMES[land] for land in names.COUNTRIES], cast.accounts.country[persons.account[rows]]),
            "LeadSource": vocabulary(SOURCES, rng.integers(0, len(SOURCES), len(rows))),
            "HasOptedOutOfEmail": vocabulary(("false", "true"), (rng.random(len(rows)) < 0.04).astype(np.int64)),
            "OwnerId": owners().take(pa.array(records.owner[persons.account[rows]])),
            "CreatedDate": iso(records.contact_ms[rows]),
            "LastModifiedDate": iso(records.contact_ms[rows] + clock.DAY),
            "SystemModstamp": iso(records.contact_ms[rows] + clock.DAY),
        }
    )  # fmt: skip
    folder.csv("salesforce/Contact.csv").write(table)


def spoil(rng: np.random.Generator, emails: pa.Array) -> pa.Array:
    """Addresses as they are typed: a few in capitals, a few with a space behind."""
    draw = rng.random(len(emails))
    out = pc.if_else(pa.array(draw < 0.03), pc.utf8_upper(emails), emails)
    return pc.if_else(pa.array(draw > 0.97), pc.binary_join_element_wise(out, pa.scalar(""), " "), out)


def _leads(rng: np.random.Generator, folder: Folder, cast: Cast, records: Records, number: int) -> None:
    persons, accounts = cast.persons, cast.accounts
    rows = np.flatnonzero(cast.lead)
    take, home = pa.array(rows), persons.account[rows]
    converted = cast.contact[rows]
    right = accounts.name.take(pa.array(home)).cast(pa.string())
    wrong = rng.random(len(rows)) < 0.12
    company = pc.if_else(pa.array(wrong), pa.array(typo(rng, right), pa.string()), right)
    deal = _first_deal(cast)[home]
    count = len(rows)
    table = pa.table(
        {
            "Id": records.lead.take(take),
            "IsDeleted": vocabulary(("false",), np.zeros(count, dtype=np.int64)),
            "LastName": persons.last.take(take),
            "FirstName": persons.first.take(take),
            "Title": persons.title.take(take),
            "Company": company,
            "City": vocabulary([spot[1] for spot in names.PLACES], accounts.place[home]),
            "Country": vocabulary([names.COUNTRY_NAMES[land] for land in names.COUNTRIES], accounts.country[home]),
            "Email": spoil(rng, persons.email.take(take)),
            "LeadSource": vocabulary(SOURCES, np.where(accounts.recommended[home], 3, np.where(cast.first_form[rows] <= cast.first_list[rows], 0, rng.integers(1, 3, count)))),
            "Status": vocabulary(("Offen", "In Bearbeitung", "Qualifiziert", "Konvertiert"), np.where(converted, 3, rng.integers(0, 3, count))),
            "Industry": accounts.industry.take(pa.array(home)),
            "OwnerId": owners().take(pa.array(records.owner[home])),
            "IsConverted": vocabulary(("false", "true"), converted.astype(np.int64)),
            "ConvertedDate": pc.if_else(pa.array(converted), stamp(records.contact_ms[rows], "%Y-%m-%d"), None),
            "ConvertedAccountId": pc.if_else(pa.array(converted), records.home.take(take), None),
            "ConvertedContactId": pc.if_else(pa.array(converted), records.contact.take(take), None),
            "ConvertedOpportunityId": pc.if_else(pa.array(converted & (deal >= 0)), deal_ids(cast).take(pa.array(np.maximum(deal, 0))), None)
            if len(cast.latent.deals) else pa.nulls(count, pa.string()),
            "CreatedDate": iso(records.lead_ms[rows]),
            "LastModifiedDate": iso(records.lead_ms[rows] + clock.DAY),
            "SystemModstamp": iso(records.lead_ms[rows] + clock.DAY),
        }
    )  # fmt: skip
    file = folder.csv("salesforce/Lead.csv")
    file.write(table)
    if number == 0:
        file.soil_like(table, {})


def _first_deal(cast: Cast) -> Array:
    out = np.full(cast.accounts.count, -1)
    deals = cast.latent.deals
    out[deals["account"][::-1]] = deals["deal"][::-1]
    return out


def deal_ids(cast: Cast) -> pa.Array:
    """Ids of the chunk's deals, by their number in the chunk."""
    base = int(cast.accounts.number[0]) * 8
    return ids.salesforce("006", base + np.arange(len(cast.latent.deals)))


def _users(folder: Folder) -> None:
    count = len(names.COLLEAGUES)
    mails = [f"{first.lower()}.{last.lower()}@{names.OWN_DOMAIN}" for first, last, _ in names.COLLEAGUES]
    folder.csv("salesforce/User.csv").write(
        pa.table(
            {
                "Id": owners(),
                "Username": [mail + ".crm" for mail in mails],
                "LastName": [last for _, last, _ in names.COLLEAGUES],
                "FirstName": [first for first, _, _ in names.COLLEAGUES],
                "Email": mails,
                "Department": [room for _, _, room in names.COLLEAGUES],
                "IsActive": ["true"] * (count - 1) + ["false"],
                "UserType": ["Standard"] * count,
                "TimeZoneSidKey": ["Europe/Berlin"] * count,
                "LanguageLocaleKey": ["de"] * count,
                "ProfileId": ["00e7R000001xYzAQAU"] * count,
                "CreatedDate": iso(np.full(count, clock.START_MS - 400 * clock.DAY)),
            }
        )
    )
