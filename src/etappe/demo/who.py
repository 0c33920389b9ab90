"""The truth about identities: which identifier belongs to whom, which record to which company."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.demo import model, names
from etappe.demo.cast import SEATS, Cast
from etappe.demo.clock import Array
from etappe.demo.ga4 import Magazine
from etappe.demo.hubspot import Mailed
from etappe.demo.matomo import Portal
from etappe.demo.out import vocabulary
from etappe.demo.salesforce import Records
from etappe.demo.truth import Truth, account_ids, person_ids
from etappe.demo.web import Pages


def write_identities(truth: Truth, cast: Cast, records: Records, pages: Pages, mailed: Mailed, portal: Portal, magazine: Magazine) -> None:
    """Identifiers, company records, persons and accounts of one chunk."""
    _identifiers(truth, cast, records, pages, mailed, portal, magazine)
    accounts, persons = cast.accounts, cast.persons
    parent = accounts.parent
    first, copies = np.flatnonzero(cast.record), np.flatnonzero(records.doubled)
    rows = np.concatenate([first, copies])
    record = pa.concat_arrays([records.account.take(pa.array(first)), records.duplicate.take(pa.array(copies))])
    up = np.where(parent[rows] >= 0, accounts.number[np.maximum(parent[rows], 0)], -1)
    truth.add(
        "companies",
        pa.table(
            {
                "source": pa.array(["salesforce"] * len(rows), pa.string()), "record_id": record, "account": account_ids(accounts.number[rows]),
                "parent": account_ids(up), "merged": pa.array(np.concatenate([np.zeros(len(first), dtype=bool), records.merged[copies]])),
            }
        ),
    )  # fmt: skip
    up = np.where(parent >= 0, accounts.number[np.maximum(parent, 0)], -1)
    truth.add(
        "accounts",
        pa.table(
            {
                "account": account_ids(accounts.number), "name": accounts.name, "domain": accounts.domain, "domain2": accounts.domain2,
                "shared_domain": pa.array(accounts.shared_domain), "parent": account_ids(up),
                "country": vocabulary(names.COUNTRIES, accounts.country), "city": vocabulary([spot[1] for spot in names.PLACES], accounts.place),
                "industry": accounts.industry, "employees": pa.array(accounts.employees), "tier": vocabulary(("A", "B", "C"), accounts.tier),
                "fit": pa.array(accounts.fit), "loyalty": vocabulary(model.LOYALTY, accounts.loyalty), "in_crm": pa.array(cast.record),
            }
        ),
    )  # fmt: skip
    truth.add(
        "persons",
        pa.table(
            {
                "person": person_ids(persons.number), "account": account_ids(accounts.number[persons.account]), "role": persons.role,
                "first_name": persons.first, "last_name": persons.last, "title": persons.title, "email": persons.email,
                "segment": accounts.industry.take(pa.array(persons.account)), "tier": vocabulary(("A", "B", "C"), accounts.tier[persons.account]),
                "company_mail": pa.array(persons.company_mail), "contact": pa.array(cast.contact), "lead": pa.array(cast.lead),
                "hubspot": pa.array(mailed.has),
            }
        ),
    )  # fmt: skip


def _rows(cast: Cast, kind: str, values: pa.Array, person: Array, account: Array) -> pa.Table:
    """Identifiers of one kind; a person of -1 is nobody in particular (role mailbox, shared device)."""
    number = np.where(person >= 0, cast.persons.number[np.maximum(person, 0)], -1)
    company = np.where(account >= 0, cast.accounts.number[np.maximum(account, 0)], -1)
    return pa.table(
        {
            "kind": pa.array([kind] * len(person), pa.string()), "value": values.cast(pa.string()),
            "person": person_ids(number), "account": account_ids(company),
        }
    )  # fmt: skip


def _identifiers(truth: Truth, cast: Cast, records: Records, pages: Pages, mailed: Mailed, portal: Portal, magazine: Magazine) -> None:
    persons, sessions = cast.persons, cast.sessions
    count = persons.count
    everyone = np.arange(count)
    used = sessions["user"]
    codes = np.unique(used[(used >= 0) & (used < 2 * count)])
    second = np.asarray(pc.is_valid(persons.email2))
    alias = codes[codes >= count] - count
    boxes = alias[~second[alias]]
    anyone = cast.contact | cast.lead | mailed.has
    anyone[codes[codes < count]] = True
    anyone[cast.touches["person"]] = True
    shown = np.flatnonzero(anyone)
    other = np.flatnonzero(second & (mailed.has | np.isin(everyone, alias)))
    named, twice = np.flatnonzero(cast.contact), np.flatnonzero(records.twice)
    merged = np.flatnonzero(mailed.was_merged)
    signs = cast.users.take(pa.array(codes))
    signer = np.where(np.isin(codes - count, boxes), -1, codes % count)
    leads = np.flatnonzero(cast.lead)
    spots = np.flatnonzero(mailed.has)
    cookie, seat_person, seat_account = _cookies(cast, pages)
    visitor = portal.visitor.dictionary_encode()
    first_visit = np.unique(np.asarray(visitor.indices), return_index=True)[1]
    visits = cast.touches["person"][portal.touch][first_visit]
    client = magazine.client.dictionary_encode()
    first_client = np.unique(np.asarray(client.indices), return_index=True)[1]
    reader = magazine.sessions.where(first_client)
    mailbox = cast.users.take(pa.array(count + boxes))
    parts = [
        _rows(cast, "email", persons.email.take(pa.array(shown)), shown, persons.account[shown]),
        _rows(cast, "email", persons.email2.take(pa.array(other)), other, persons.account[other]),
        _rows(cast, "email", mailbox, np.full(len(boxes), -1), persons.account[boxes]),
        _rows(cast, "contact:salesforce", records.contact.take(pa.array(named)), named, persons.account[named]),
        _rows(cast, "contact:salesforce", records.contact_copy.take(pa.array(twice)), twice, persons.account[twice]),
        _rows(cast, "contact:salesforce", records.lead.take(pa.array(leads)), leads, persons.account[leads]),
        _rows(cast, "contact:hubspot", mailed.contact.take(pa.array(spots)), spots, persons.account[spots]),
        _rows(cast, "contact:hubspot", mailed.old_contact.take(pa.array(merged)), merged, persons.account[merged]),
        _rows(cast, "user", signs, signer, persons.account[codes % count]),
        _rows(cast, "cookie", cookie, seat_person, seat_account),
        _rows(cast, "cookie", portal.visitor.take(pa.array(first_visit)), visits, persons.account[visits]),
        _rows(cast, "cookie", magazine.client.take(pa.array(first_client)), np.where(reader["person"] < 0, -1, reader["person"]), reader["account"]),
    ]  # fmt: skip
    table = pa.concat_tables([part for part in parts if part.num_rows])
    truth.add("identifiers", table)


def _cookies(cast: Cast, pages: Pages) -> tuple[pa.Array, Array, Array]:
    """Cookies of the web site that were seen. Nobody owns those that several use: devices, stands at fairs, resold laptops."""
    sessions = pages.sessions
    order = np.unique(sessions["cookie"], return_index=True)[1]
    seen = sessions.where(order)
    code = seen["cookie"]
    shared = cast.shared[code]
    person = np.where(shared | (seen["person"] < 0), -1, seen["person"])
    one_company = ~shared | ((code < cast.persons.count * SEATS) & (code % SEATS == SEATS - 1))
    return cast.cookies.take(pa.array(code)), person, np.where(one_company, seen["account"], -1)

