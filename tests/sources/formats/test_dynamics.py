"""Dynamics 365: the page's workbook and the tables of Dataverse tell the same of a company, a person, a deal, a call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

Reader = Callable[..., Any]

ACCOUNT = "a1b2c3d4-0000-4000-8000-00000000000a"
CONTACT = "a1b2c3d4-0000-4000-8000-00000000000c"
DEAL = "a1b2c3d4-0000-4000-8000-00000000000d"

ACCOUNTS = f"accountid,name,websiteurl,accountnumber,emailaddress1,address1_city,createdon\n{ACCOUNT},Muster Maschinenbau GmbH,https://www.muster.example,4711,info@muster.example,Ulm,2025-01-07T08:00:00Z\n"
ACCOUNTS_PAGE = f"(Nicht ändern) Firma;(Nicht ändern) Zeilenprüfsumme;(Nicht ändern) Geändert am;Firmenname;Website;Adresse 1: Ort;Erstellt am\n{{{ACCOUNT.upper()}}};x==;07.01.2025 09:00;Muster Maschinenbau GmbH;https://www.muster.example;Ulm;07.01.2025 09:00\n"


@pytest.mark.parametrize(("content", "format_"), [(ACCOUNTS, "dynamics companies (tables)"), (ACCOUNTS_PAGE, "dynamics companies")])
def test_a_company_is_the_same_from_the_page_and_the_table(read_text: Reader, content: str, format_: str) -> None:
    read = read_text(content, zone="Europe/Berlin")
    assert read.format == format_
    row = read.one("accounts", ACCOUNT)
    assert (row["name"], row["city"]) == ("Muster Maschinenbau GmbH", "Ulm")
    assert "muster.example" in row["domain"]
    assert row["happened_at"] == datetime(2025, 1, 7, 8, tzinfo=UTC)


def test_a_contact_keeps_its_company_and_the_wish_not_to_be_written_to(read_text: Reader) -> None:
    read = read_text(
        "contactid,emailaddress1,firstname,lastname,jobtitle,parentcustomerid,donotbulkemail,createdon\n"
        f"{CONTACT},Anna@Muster.example,Anna,Beispiel,Leiterin Einkauf,{ACCOUNT},true,2025-01-08T08:00:00Z\n"
    )
    row = read.one("people", CONTACT)
    assert (row["email"], row["account_ref"], row["title"], row["opted_out"]) == ("anna@muster.example", ACCOUNT, "Leiterin Einkauf", True)


DEALS = (
    "opportunityid,name,parentaccountid,parentcontactid,estimatedvalue,actualvalue,statecode,stepname,estimatedclosedate,actualclosedate,createdon\n"
    f"{DEAL},Sensoren Werk 2,{ACCOUNT},{CONTACT},40000,38000,1,4-Close,2025-06-01,2025-05-20T00:00:00Z,2025-02-01T10:00:00Z\n"
    f"{DEAL[:-1]}e,Sensoren Werk 3,{ACCOUNT},{CONTACT},50000,,0,2-Propose,2025-09-01,2025-05-21T00:00:00Z,2025-03-01T10:00:00Z\n"
    f"{DEAL[:-1]}f,Sensoren Werk 4,{ACCOUNT},,60000,0,2,2-Propose,2025-09-01,2025-05-22T00:00:00Z,2025-03-01T10:00:00Z\n"
)


def test_a_deal_s_state_is_a_number_and_an_open_one_has_no_end(read_text: Reader) -> None:
    read = read_text(DEALS)
    assert read.format == "dynamics opportunities (tables)"
    by_id = {row["record_id"]: row for row in read["deals"]}
    assert {row["status"] for row in by_id.values()} == {"won", "lost", "open"}
    assert (by_id[DEAL]["amount"], by_id[DEAL]["closed_at"], by_id[DEAL]["contact_refs"]) == (38000, datetime(2025, 5, 20, tzinfo=UTC), [CONTACT])
    assert "closed_at" not in by_id[DEAL[:-1] + "e"]
    assert by_id[DEAL[:-1] + "e"]["amount"] == 50000
    assert by_id[DEAL[:-1] + "f"]["amount"] == 60000, "a lost deal was worth what was estimated, not the 0 it is closed with"
    assert {row["stage"] for row in read["deal_stages"]} >= {"4-Close", "2-Propose"}


def test_a_german_page_has_its_decimal_commas_and_days(read_text: Reader) -> None:
    read = read_text(
        "(Nicht ändern) Verkaufschance;(Nicht ändern) Zeilenprüfsumme;(Nicht ändern) Geändert am;Thema;Potenzieller Kunde;Gesch. Umsatz;Status;Tatsächliches Abschlussdatum;Erstellt am\n"
        f"{DEAL};x==;20.05.2025 09:00;Sensoren;Muster Maschinenbau GmbH;38.000,50;Gewonnen;20.05.2025;01.02.2025 11:00\n"
        f"{DEAL[:-1]}e;x==;20.05.2025 09:00;Waagen;Muster Maschinenbau GmbH;1.250,00;Verloren;21.05.2025;01.02.2025 11:00\n"
    )
    assert read.format == "dynamics opportunities"
    rows = {row["name"]: row for row in read["deals"]}
    assert (rows["Sensoren"]["amount"], rows["Sensoren"]["status"], rows["Waagen"]["amount"], rows["Waagen"]["status"]) == (38000.5, "won", 1250, "lost")


def test_a_call_that_is_only_planned_is_a_note(read_text: Reader) -> None:
    read = read_text(
        "activityid,subject,phonenumber,directioncode,actualdurationminutes,statecode,actualend,scheduledend,createdon\n"
        f"{DEAL},Rückruf Angebot,+49 731 1,true,12,1,2025-04-02T09:12:00Z,,2025-04-01T09:00:00Z\n"
        f"{CONTACT},Nachfassen,+49 731 1,true,,0,,2025-04-09T09:00:00Z,2025-04-01T09:00:00Z\n"
    )
    held, planned = (read.one("events", ident) for ident in (DEAL, CONTACT))
    assert (held["kind"], held["direction"], held["value"]) == ("call", "out", 12)
    assert planned["kind"] == "note"
