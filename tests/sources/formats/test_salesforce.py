"""Salesforce objects become people, companies, deals and events, whichever way they were exported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

Reader = Callable[..., Any]
SEEDS = Path(__file__).parents[4] / "shared" / "data" / "salesforce_schema_seeds"

CONTACTS = """\
"Id","IsDeleted","MasterRecordId","AccountId","LastName","FirstName","Title","Email","Phone","HasOptedOutOfEmail","OwnerId","CreatedDate","SystemModstamp"
"0035g00000AbCdEAAV","false","","0015g00000XyZzZAAT","Beispiel","Anna","Leiterin Instandhaltung"," Anna.Beispiel@Muster.example ","+49 30 1234567","true","0055g00000OwNeRAAT","2025-03-01T09:15:00.000+0000","2026-01-01T00:00:00.000+0000"
"0035g00000AbCdFAAV","true","0035g00000AbCdEAAV","0015g00000XyZzZAAT","Beispiel","A.","","anna@muster.example","","false","0055g00000OwNeRAAT","2025-03-02T09:15:00.000+0000","2026-01-01T00:00:00.000+0000"
"0035g00000AbCdGAAV","true","","0015g00000XyZzZAAT","Weg","Willi","","willi@muster.example","","false","0055g00000OwNeRAAT","2025-03-02T09:15:00.000+0000","2026-01-01T00:00:00.000+0000"
"""
TASKS = """\
Id,WhoId,WhatId,AccountId,Subject,ActivityDate,Status,Type,TaskSubtype,CallType,CallDurationInSeconds,CallDisposition,CompletedDateTime,Description,OwnerId,IsClosed,IsDeleted,CreatedDate
00T5g00000AAAAAEA0,0035g00000AbCdEAAV,0065g00000DeaLAAA0,0015g00000XyZzZAAT,Telefonat: Stand,2025-05-05,Completed,Call,Call,Inbound,600,Erreicht,2025-05-05T12:30:00.000Z,,0055g00000OwNeRAAT,true,false,2025-05-05T13:00:00.000Z
00T5g00000AAAABEA0,00Q5g00000LeaDAAA0,0015g00000XyZzZAAT,,E-Mail: Unterlagen,2025-05-06,Erledigt,Email,Email,,,,,,0055g00000OwNeRAAT,,false,2025-05-09T13:00:00.000Z
00T5g00000AAAACEA0,0035g00000AbCdEAAV,,,Call nachfassen,2025-07-01,Not Started,Call,Task,,,,,,0055g00000OwNeRAAT,false,false,2025-05-05T13:00:00.000Z
00T5g00000AAAADEA0,0035g00000AbCdEAAV,,,Gelöscht,2025-07-01,Completed,Call,Task,,,,,,0055g00000OwNeRAAT,true,true,2025-05-05T13:00:00.000Z
"""
DEALS = """\
Id;AccountId;Account.Name;Name;StageName;Amount;Probability;CloseDate;CreatedDate;Type;LeadSource;OwnerId
0065g00000DeaLAAA0;0015g00000XyZzZAAT;Muster Maschinenbau GmbH;Nachrüstung Halle 3;Closed Won;48000.00;100;2025-09-30;2025-04-01T08:00:00.000Z;New Business;Messe;#N/A
0065g00000DeaLBAA0;0015g00000XyZzZAAT;Muster Maschinenbau GmbH;Erweiterung;Verhandlung;#N/A;60;2026-12-31;2026-02-01T08:00:00.000Z;#N/A;#N/A;#N/A
0065g00000DeaLCAA0;0015g00000XyZzZAAT;Muster Maschinenbau GmbH;Service;Geschlossen und verloren;100;0;2025-01-31;2024-11-01T08:00:00.000Z;#N/A;#N/A;#N/A
"""


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def test_a_merged_contact_becomes_a_ref_of_its_survivor_and_a_deleted_one_a_fact(read_text: Reader) -> None:
    read = read_text(CONTACTS)
    assert read.format == "salesforce contacts"
    assert [row["record_id"] for row in read["people"]] == ["0035g00000AbCdEAAV"]
    facts = {(fact["ref"], fact["field"], fact["value"]) for fact in read["facts"]}
    assert facts == {
        ("0035g00000AbCdEAAV", "merged_refs", "0035g00000AbCdFAAV"),
        ("0035g00000AbCdGAAV", "deleted", "true"),
    }
    assert read.primary == {"people", "facts"}
    assert not read.bad


def test_a_contact_keeps_what_identity_needs(read_text: Reader) -> None:
    row = read_text(CONTACTS).one("people", "0035g00000AbCdEAAV")
    assert row["email"] == "anna.beispiel@muster.example"
    assert (row["first_name"], row["last_name"], row["title"]) == ("Anna", "Beispiel", "Leiterin Instandhaltung")
    assert row["account_ref"] == "0015g00000XyZzZAAT"
    assert row["opted_out"] is True
    assert row["happened_at"] == at(2025, 3, 1, 9, 15)


def test_ids_of_15_letters_are_written_as_the_18_that_mean_the_same(read_text: Reader) -> None:
    read = read_text("Id,LastName,Email,AccountId\n0035g00000AbCdE,Beispiel,a@muster.example,0015g00000XyZzZ\n")
    row = read["people"][0]
    assert row["record_id"] == "0035g00000AbCdE" + _suffix("0035g00000AbCdE")
    assert row["account_ref"] == "0015g00000XyZzZ" + _suffix("0015g00000XyZzZ")


def _suffix(short: str) -> str:
    """The documented check letters: five bits a block, the first letter is the lowest bit."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    blocks = (short[0:5], short[5:10], short[10:15])
    return "".join(
        alphabet[sum(1 << place for place, sign in enumerate(block) if "A" <= sign <= "Z")] for block in blocks
    )


def test_a_task_is_a_contact_only_when_it_was_done(read_text: Reader) -> None:
    read = read_text(TASKS)
    call = read.one("events", "00T5g00000AAAAAEA0")
    assert (call["kind"], call["direction"], call["value"]) == ("call", "in", 10.0)
    assert call["happened_at"] == at(2025, 5, 5, 12, 30)
    assert call["deal_ref"] == "0065g00000DeaLAAA0"
    assert call["account_ref"] == "0015g00000XyZzZAAT"
    mail = read.one("events", "00T5g00000AAAABEA0")
    assert (mail["kind"], mail["direction"], mail["account_ref"]) == ("email", "out", "0015g00000XyZzZAAT")
    assert mail["contact_ref"].startswith("00Q")
    assert mail["happened_at"] == at(2025, 5, 6)
    planned = read.one("events", "00T5g00000AAAACEA0")
    assert planned["kind"] == "note"
    assert "planned" in planned["note"]
    assert [fact["ref"] for fact in read["facts"]] == ["00T5g00000AAAADEA0"]


def test_deals_know_their_outcome_in_english_and_german_without_flags(read_text: Reader) -> None:
    read = read_text(DEALS)
    status = {row["name"]: row["status"] for row in read["deals"]}
    assert status == {"Nachrüstung Halle 3": "won", "Erweiterung": "open", "Service": "lost"}
    won, still = read.one("deals", "0065g00000DeaLAAA0"), read.one("deals", "0065g00000DeaLBAA0")
    assert won["closed_at"] == at(2025, 9, 30)
    assert "expected_at" not in won
    assert won["amount"] == 48000.0
    assert still["expected_at"] == at(2026, 12, 31)
    assert "closed_at" not in still
    assert "amount" not in still
    assert "owner" not in still
    assert "attributes" not in still


def test_flags_of_the_record_win_over_the_words_of_its_stage(read_text: Reader) -> None:
    read = read_text(
        "Id,Name,StageName,IsWon,IsClosed,CloseDate,CreatedDate,Amount\n0065g00000DeaLAAA0,A,Won over the buyer,false,false,2026-09-30,2026-04-01,1\n"
    )
    assert read["deals"][0]["status"] == "open"


def test_a_deal_without_history_stands_in_its_stage_since_it_was_closed_or_opened(read_text: Reader) -> None:
    stages = {row["deal_ref"]: row for row in read_text(DEALS)["deal_stages"]}
    assert stages["0065g00000DeaLAAA0"]["happened_at"] == at(2025, 9, 30)
    assert stages["0065g00000DeaLBAA0"]["happened_at"] == at(2026, 2, 1, 8)
    assert "opening" in stages["0065g00000DeaLBAA0"]["note"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "`"])
def test_bulk_exports_are_read_with_every_delimiter_of_the_api(read_text: Reader, delimiter: str) -> None:
    rows = ["Id|OpportunityId|StageName|Amount|Probability|CreatedDate|IsDeleted",
            "0085g00000HisTAAA0|0065g00000DeaLAAA0|Qualification|#N/A|10|2025-04-01T08:00:00.000Z|false",
            "0085g00000HisTBAA0|0065g00000DeaLAAA0|Negotiation/Review|48000|75|2025-06-01T08:00:00.000Z|false"]  # fmt: skip
    read = read_text("\r\n".join(rows).replace("|", delimiter) + "\r\n")
    assert read.format == "salesforce opportunity history"
    assert [(row["stage"], row.get("amount"), row["probability"]) for row in read["deal_stages"]] == [
        ("Qualification", None, 0.1), ("Negotiation/Review", 48000.0, 0.75),
    ]  # fmt: skip


def test_of_a_field_history_only_the_stage_is_read_and_the_rest_is_counted(read_text: Reader) -> None:
    read = read_text(
        "Id,OpportunityId,Field,OldValue,NewValue,CreatedDate\n"
        "0175g00000HisTAAA0,0065g00000DeaLAAA0,StageName,Qualification,Shortlist,2025-04-01T08:00:00.000Z\n"
        "0175g00000HisTBAA0,0065g00000DeaLAAA0,Amount,1,2,2025-04-01T08:00:00.000Z\n"
    )
    assert [row["stage"] for row in read["deal_stages"]] == ["Shortlist"]
    assert any(note.startswith("1 changes of other fields") for note in read.notes)


def test_a_member_of_a_campaign_was_there_only_if_the_status_says_so(read_text: Reader) -> None:
    read = read_text(
        "Id,CampaignId,ContactId,LeadId,Status,HasResponded,FirstRespondedDate,CreatedDate,Campaign.Name,Campaign.Type,Campaign.StartDate\n"
        "00v5g00000MemBAAA0,7015g00000CamPAAA0,0035g00000AbCdEAAV,,Besucht,true,2025-04-20,2025-04-20T08:00:00.000Z,Hannover Messe 2025,Trade Show,2025-03-31\n"
        "00v5g00000MemBBAA0,7015g00000CamPAAA0,,00Q5g00000LeaDAAA0,Eingeladen,false,,2025-01-20T08:00:00.000Z,Hannover Messe 2025,Trade Show,2025-03-31\n"
        "00v5g00000MemBCAA0,7015g00000CamPBAA0,0035g00000AbCdEAAV,,Registered,true,2025-05-02,2025-05-02T08:00:00.000Z,Webinar Kalibrierung,Webinar,2025-05-06\n"
    )
    kinds = [(row["kind"], row["direction"], row["happened_at"]) for row in read["events"]]
    assert kinds == [
        ("fair_visit", "in", at(2025, 3, 31)),
        ("list_change", "out", at(2025, 1, 20, 8)),
        ("webinar", "in", at(2025, 5, 6)),
    ]


def test_campaigns_name_themselves_and_only_those_on_site_bring_costs(read_text: Reader) -> None:
    read = read_text(
        "Id,Name,Type,StartDate,EndDate,ActualCost,Status,IsActive,IsDeleted\n"
        "7015g00000CamPAAA0,Hannover Messe 2025,Messe,2025-03-31,2025-04-04,24000,Completed,true,false\n"
        "7015g00000CamPBAA0,LinkedIn Herbst,Advertisement,2025-09-01,2025-10-01,5000,Completed,true,false\n"
    )
    assert [(row["campaign"], row["cost"]) for row in read["costs"]] == [("Hannover Messe 2025", 24000.0)]
    labels = {(fact["ref"], fact["field"]): fact["value"] for fact in read["facts"]}
    assert labels[("7015g00000CamPAAA0", "kind")] == "fair_visit"
    assert labels[("7015g00000CamPBAA0", "label")] == "LinkedIn Herbst"
    assert ("7015g00000CamPBAA0", "kind") not in labels


def test_a_meeting_names_those_who_took_part_and_a_copy_is_no_second_meeting(read_text: Reader) -> None:
    read = read_text(
        "Id,WhoId,WhatId,Subject,Location,StartDateTime,EndDateTime,DurationInMinutes,Description,IsChild,OwnerId\n"
        "00U5g00000EveNAAA0,0035g00000AbCdEAAV,0065g00000DeaLAAA0,Demo vor Ort,https://teams.example/x,2025-05-05T08:00:00.000Z,2025-05-05T09:00:00.000Z,60,Teilnehmer: Bo@Muster.example und bo@muster.example,false,0055g00000OwNeRAAT\n"
        "00U5g00000EveNBAA0,0035g00000AbCdEAAV,0065g00000DeaLAAA0,Demo vor Ort,,2025-05-05T08:00:00.000Z,2025-05-05T09:00:00.000Z,60,,true,0055g00000OwNeRAAT\n"
    )
    first, second = read["events"]
    assert first["kind"] == "meeting"
    assert first["participants"] == ["bo@muster.example"]
    assert first["online"] is True
    assert first["value"] == 60
    assert second["kind"] == "note"
    assert "copy" in second["note"]


def test_colleagues_are_internal_and_their_names_replace_ids(read_text: Reader) -> None:
    read = read_text(
        "Id,Username,LastName,FirstName,Email,UserType,ProfileId,IsActive\n"
        "0055g00000OwNeRAAT,e.vogel@messwerk.example.crm,Vogel,Eva,e.vogel@messwerk.example,Standard,00e5g000001xYzAQAU,true\n"
        "0055g00000PorTAAAT,kunde@muster.example,Kunde,Karl,kunde@muster.example,CspLitePortal,00e5g000001xYzAQAU,true\n"
    )
    assert [row["internal"] for row in read["people"]] == [True, False]
    assert read["facts"][0]["value"] == "Eva Vogel"


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.exists(), reason="the shared sample data is not beside the project")
@pytest.mark.parametrize(
    ("file", "format_", "records"),
    [
        ("sf_account_data.csv", "salesforce accounts", 10),
        ("sf_contact_data.csv", "salesforce contacts", 4),
        ("sf_lead_data.csv", "salesforce leads", 1),
        ("sf_user_data.csv", "salesforce users", 10),
        ("sf_opportunity_data.csv", "salesforce opportunities", 10),
        ("sf_opportunity_history_data.csv", "salesforce opportunity versions", 10),
        ("sf_task_data.csv", "salesforce tasks", 10),
        ("sf_event_data.csv", "salesforce events", 10),
    ],
)
def test_warehouse_tables_are_read_whole(read_file: Reader, file: str, format_: str, records: int) -> None:
    read = read_file(SEEDS / file)
    assert read.format == format_
    assert not read.bad
    assert sum(len(read[table]) for table in read.primary) == records
