"""HubSpot says the same in English, German, in a warehouse and in its API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from etappe.sources.format import formats
from etappe.sources.sniff import look

Reader = Callable[..., Any]
SEEDS = Path(__file__).parents[4] / "shared" / "data" / "hubspot_schema_seeds"

GERMAN = """\
"Datensatz-ID","Vorname","Nachname","E-Mail","Zusätzliche E-Mail-Adressen","Telefonnummer","Zuständiger Mitarbeiter für Kontakt","Lifecycle-Phase","Leadstatus","Erstelldatum","Position","Name des Unternehmens","Zugehöriges Unternehmen","Zugehörige Unternehmens-IDs","Zusammengeführte Datensatz-IDs","Salesforce-Kontakt-ID","Lieblingsfarbe"
"4100000001","Anna","Beispiel","Anna.Beispiel@Muster.example ","a.b@muster.example;anna@privat.example","+49 30 1234567","Eva Vogel","Lead","Neu","2025-03-01 09:15","Leiterin Instandhaltung","Muster","Muster Maschinenbau GmbH","77;78","3100000001;3100000002","0035g00000AbCdEAAV","Blau"
"""
ENGLISH = """\
Record ID,First Name,Last Name,Email,Additional email addresses,Phone Number,Contact owner,Lifecycle Stage,Lead Status,Create Date,Job Title,Company Name,Associated Company,Associated Company IDs,Merged record IDs,Salesforce Contact ID,Favourite colour
4100000001,Anna,Beispiel,anna.beispiel@muster.example,a.b@muster.example;anna@privat.example,+49 30 1234567,Eva Vogel,Lead,Neu,2025-03-01 09:15,Leiterin Instandhaltung,Muster,Muster Maschinenbau GmbH,77;78,3100000001;3100000002,0035g00000AbCdEAAV,Blau
"""
WAREHOUSE = """\
id,_fivetran_deleted,property_firstname,property_lastname,property_email,property_hs_additional_emails,property_phone,property_hubspot_owner_id,property_lifecyclestage,property_createdate,property_jobtitle,property_company,property_associatedcompanyid,property_hs_merged_object_ids,property_salesforcecontactid
4100000001,false,Anna,Beispiel,anna.beispiel@muster.example,a.b@muster.example;anna@privat.example,+49 30 1234567,Eva Vogel,Lead,2025-03-01 08:15:00,Leiterin Instandhaltung,Muster Maschinenbau GmbH,77,3100000001;3100000002,0035g00000AbCdEAAV
4100000009,true,Weg,Weg,weg@muster.example,,,,Lead,2025-03-01 08:15:00,,,,,
"""
API = {
    "results": [
        {
            "id": "4100000001",
            "properties": {
                "firstname": "Anna", "lastname": "Beispiel", "email": "anna.beispiel@muster.example", "hs_additional_emails": "a.b@muster.example;anna@privat.example",
                "phone": "+49 30 1234567", "hubspot_owner_id": "Eva Vogel", "lifecyclestage": "Lead", "createdate": "2025-03-01T08:15:00.000Z", "jobtitle": "Leiterin Instandhaltung",
                "company": "Muster Maschinenbau GmbH", "hs_merged_object_ids": "3100000001;3100000002", "salesforcecontactid": "0035g00000AbCdEAAV", "hs_object_id": "4100000001",
            },
            "createdAt": "2025-03-01T08:15:00.000Z", "updatedAt": "2026-01-01T00:00:00Z", "archived": False,
            "associations": {"companies": {"results": [{"id": "77", "type": "contact_to_company"}]}},
        }
    ],
    "paging": {"next": {"after": "1"}},
}  # fmt: skip


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (GERMAN, "hubspot contacts"),
        (ENGLISH, "hubspot contacts"),
        (WAREHOUSE, "hubspot contacts (warehouse)"),
        (json.dumps(API), "hubspot contacts (API)"),
    ],
)
def test_a_contact_reads_the_same_in_every_language_and_export(read_text: Reader, content: str, format_: str) -> None:
    read = read_text(content)
    assert read.format == format_
    row = read.one("people", "4100000001")
    row.pop("attributes", None)
    assert row == {
        "record_id": "4100000001", "happened_at": at(2025, 3, 1, 8, 15), "email": "anna.beispiel@muster.example",
        "emails": ["a.b@muster.example", "anna@privat.example"], "phone": "+49 30 1234567", "user_id": "0035g00000AbCdEAAV",
        "first_name": "Anna", "last_name": "Beispiel", "title": "Leiterin Instandhaltung", "account_ref": "77",
        "company_name": "Muster Maschinenbau GmbH", "lifecycle": "Lead", "owner": "Eva Vogel",
        "merged_refs": ["3100000001", "3100000002"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "format_"),
    [
        ("Record ID,First Name,Last Name,Email", "hubspot contacts"),
        ("Datensatz-ID,Nachname,E-Mail", "hubspot contacts"),
        ("Record ID - Contact,Email,Last Name", "hubspot contacts"),
        ("Record ID,Company name,Industry", "hubspot companies"),
        ("Record Id,Contact Owner,First Name,Last Name,Email,Account Name", None),  # another CRM's
    ],
)
def test_a_view_of_few_columns_is_known_by_the_label_of_its_id(header: str, format_: str | None, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(header + "\n" + ",".join(["1"] * len(header.split(","))) + "\n")
    sure = {item.name: item.recognise(look(file)) for item in formats()}
    best = max(sure, key=lambda name: sure[name])
    assert (best if sure[best] > 0.5 else None) == format_


def test_times_of_the_page_are_in_the_zone_of_the_account(read_text: Reader) -> None:
    assert read_text(GERMAN, zone="UTC")["people"][0]["happened_at"] == at(2025, 3, 1, 9, 15)


def test_own_properties_are_kept_beside(read_text: Reader) -> None:
    assert json.loads(read_text(GERMAN)["people"][0]["attributes"])["Lieblingsfarbe"] == "Blau"


def test_a_deleted_contact_is_read_but_is_nobody(read_text: Reader) -> None:
    read = read_text(WAREHOUSE)
    assert len(read["people"]) == 1
    assert [(fact["ref"], fact["field"]) for fact in read["facts"]] == [("4100000009", "deleted")]


DEALS = """\
Datensatz-ID;Deal-Name;Deal-Phase;Pipeline;Betrag;Abschlussdatum;Erstelldatum;Für Deal zuständiger Mitarbeiter;Zugehörige Unternehmens-IDs;Zugehörige Kontakt-IDs;Datum des Eintritts in "Angebot (Vertrieb)"
9001;Nachrüstung Halle 3;Abgeschlossen und gewonnen;Vertrieb;48.000,50;30.09.2025 16:00;2025-04-01 10:00;Eva Vogel;77;4100000001;2025-06-02 10:00
9002;Erweiterung;presentationscheduled;Vertrieb;;31.12.2026 00:00;2026-02-01 09:00;Eva Vogel;77;4100000001;
9003;Service;closedlost;Vertrieb;1.200,00;01.02.2025 00:00;2024-11-01 09:00;;78;;
"""


def test_deals_are_won_lost_or_open_by_label_or_internal_id(read_text: Reader) -> None:
    read = read_text(DEALS)
    assert read.format == "hubspot deals"
    assert {row["record_id"]: row["status"] for row in read["deals"]} == {"9001": "won", "9002": "open", "9003": "lost"}
    won = read.one("deals", "9001")
    assert won["amount"] == 48000.5
    assert won["contact_refs"] == ["4100000001"]
    assert won["closed_at"] == at(2025, 9, 30, 14)


def test_a_column_of_entry_dates_becomes_the_stage_history(read_text: Reader) -> None:
    stages = [
        (row["deal_ref"], row["stage"], row["happened_at"])
        for row in read_text(DEALS)["deal_stages"]
        if not row["record_id"].endswith(":own")
    ]
    assert stages == [("9001", "Angebot", at(2025, 6, 2, 8))]


def test_calls_tell_who_called_how_long_and_what_came_of_it(read_text: Reader) -> None:
    read = read_text(
        "Record ID,Call title,Call direction,Call outcome,Call duration,Activity date,Activity assigned to,Call notes,Associated Contact IDs,Associated Company IDs,Associated Deal IDs\n"
        "501,Call with Anna,INBOUND,73a0d17f-1163-4015-bdd5-ec830791da20,90000,2025-05-05 10:00,Eva Vogel,Notes,4100000001;4100000002,77,9001\n"
    )
    call = read["events"][0]
    assert read.format == "hubspot activities"
    assert (call["kind"], call["direction"], call["detail"], call["value"]) == ("call", "in", "CALL: No answer", 1.5)
    assert call["contact_ref"] == "4100000001"
    assert call["participants"] == ["id:4100000002"]
    assert (call["account_ref"], call["deal_ref"], call["happened_at"]) == ("77", "9001", at(2025, 5, 5, 8))


def test_a_cancelled_meeting_and_an_open_task_are_no_contacts(read_text: Reader) -> None:
    meetings = read_text(
        "Datensatz-ID;Meeting-Name;Meeting-Beginn;Meeting-Ende;Meeting-Ergebnis;Aktivitätsdatum;Zugehörige Kontakt-IDs\n"
        "601;Demo;2025-05-05 10:00;2025-05-05 11:00;Abgeschlossen;2025-05-05 10:00;4100000001\n"
        "602;Demo;2025-05-06 10:00;2025-05-06 11:00;Abgesagt;2025-05-06 10:00;4100000001\n"
    )
    assert [row["kind"] for row in meetings["events"]] == ["meeting", "note"]
    assert meetings["events"][0]["value"] == 60
    tasks = read_text(
        "Record ID,Task Title,Task Status,Task Type,Due date,Completed at,Associated Contact IDs\n"
        "701,Send offer,COMPLETED,EMAIL,2025-05-05 10:00,2025-05-07 12:00,4100000001\n"
        "702,Call back,NOT_STARTED,CALL,2025-05-06 10:00,,4100000001\n"
    )
    assert [row["kind"] for row in tasks["events"]] == ["task", "note"]
    assert tasks["events"][0]["happened_at"] == at(2025, 5, 7, 10)


def test_engagements_of_both_apis_become_the_same_events(read_text: Reader) -> None:
    newer = {
        "id": "19",
        "properties": {
            "hs_timestamp": "2025-05-05T08:00:00Z",
            "hs_email_subject": "Angebot",
            "hs_email_direction": "INCOMING_EMAIL",
            "hs_email_from_email": "Anna@Muster.example",
        },
        "associations": {"contacts": {"results": [{"id": "41"}]}},
    }
    older = {
        "engagement": {"id": 19, "type": "INCOMING_EMAIL", "timestamp": 1746432000000},
        "associations": {"contactIds": [41], "companyIds": [], "dealIds": []},
        "metadata": {"subject": "Angebot", "from": {"email": "Anna@Muster.example"}, "to": []},
    }
    rows = [read_text(json.dumps({"results": [thing]}))["events"][0] for thing in (newer, older)]
    same = ("record_id", "happened_at", "kind", "name", "direction", "contact_ref")
    assert (
        [rows[0][name] for name in same]
        == [rows[1][name] for name in same]
        == ["19", at(2025, 5, 5, 8), "email", "Angebot", "in", "41"]
    )


MAILS = """\
id,type,created,recipient,emailCampaignId,portalId,filteredEvent,url
e1,SENT,1746432000000,Anna@Muster.example,900,1,false,
e2,OPEN,1746432600000,anna@muster.example,900,1,true,
e3,CLICK,1746432700000,anna@muster.example,900,1,false,https://www.muster.example/preise
e4,STATUSCHANGE,1746432800000,anna@muster.example,900,1,false,
e5,OPEN,nie,anna@muster.example,900,1,false,
e6,OPEN,0,anna@muster.example,900,1,false,
"""


def test_what_a_robot_did_to_a_mail_is_not_the_persons_doing(read_text: Reader) -> None:
    read = read_text(MAILS)
    assert [(row["kind"], row["direction"]) for row in read["events"]] == [
        ("email_sent", "out"),
        ("email_delivered", "out"),
        ("email_click", "in"),
        ("list_change", "in"),
    ]
    assert "robot" in read.one("events", "e2")["note"]
    assert {row["email"] for row in read["events"]} == {"anna@muster.example"}
    assert len(read.bad) == 2


def test_mail_events_of_the_api_read_as_those_of_the_table(read_text: Reader) -> None:
    events = [
        {
            "id": "e3",
            "type": "CLICK",
            "created": 1746432700000,
            "recipient": "anna@muster.example",
            "emailCampaignId": 900,
            "filteredEvent": False,
            "url": "https://www.muster.example/preise",
        }
    ]
    assert read_text(json.dumps({"events": events}))["events"] == [read_text(MAILS).one("events", "e3")]


def test_stages_say_what_they_are_called_and_whether_they_end_a_deal(read_text: Reader) -> None:
    read = read_text(
        "stage_id,label,pipeline_id,probability,closed_won,is_closed,display_order\n"
        "11,Erstgespräch,default,0.2,false,false,0\n12,Auftrag,default,1.0,true,true,1\n13,Kein Bedarf,default,0.0,false,true,2\n"
    )
    assert [(fact["about"], fact["value"]) for fact in sorted(read["facts"], key=lambda fact: fact["ref"])] == [
        ("stage", "Erstgespräch"), ("won stage", "Auftrag"), ("lost stage", "Kein Bedarf"),
    ]  # fmt: skip


def test_association_tables_become_facts_and_roles(read_text: Reader) -> None:
    links = read_text(
        "engagement_id,contact_id,type_id,category\n501,41,194,HUBSPOT_DEFINED\n501,42,194,HUBSPOT_DEFINED\n503,,194,HUBSPOT_DEFINED\n"
    )
    assert [(fact["about"], fact["ref"], fact["field"], fact["value"]) for fact in links["facts"]] == [
        ("events", "501", "contact_ref", "41"),
        ("events", "501", "contact_ref", "42"),
    ]
    assert [bad.kind for bad in links.bad] == ["one side of the link is empty"]
    roles = read_text("deal_id,contact_id,category,label\n9001,41,USER_DEFINED,Entscheider\n")
    assert [(row["deal_ref"], row["contact_ref"], row["role"]) for row in roles["deal_roles"]] == [
        ("9001", "41", "Entscheider")
    ]


def test_of_a_deals_history_only_the_stage_is_read(read_text: Reader) -> None:
    read = read_text(
        "deal_id,timestamp,name,value,source\n9001,2025-05-01 08:00:00,dealstage,presentationscheduled,CRM_UI\n9001,2025-05-02 08:00:00,amount,5,CRM_UI\n"
    )
    assert [(row["deal_ref"], row["stage"]) for row in read["deal_stages"]] == [("9001", "presentationscheduled")]
    assert any(note.startswith("1 changes") for note in read.notes)


SEED_FORMATS = {
    "company_data": ("hubspot companies (warehouse)", 24), "contact_data": ("hubspot contacts (warehouse)", 22), "deal_data": ("hubspot deals (warehouse)", 44),
    "contact_form_submission_data": ("hubspot form submissions", 5), "contact_list_data": ("hubspot lists", 60), "contact_list_member_data": ("hubspot list members", 100),
    "contact_merge_audit_data": ("hubspot merged contacts", 4), "deal_company_data": ("hubspot associations", 2), "deal_contact_data": ("hubspot deal contacts", 11),
    "deal_pipeline_data": ("hubspot deal pipelines", 6), "deal_pipeline_stage_data": ("hubspot deal pipeline stages", 71), "deal_stage_data": ("hubspot deal stages", 14),
    "email_campaign_data": ("hubspot mailings", 100), "email_event_data": ("hubspot email events", 100), "email_event_click_data": ("hubspot email clicks", 100),
    "engagement_call_data": ("hubspot activities (warehouse)", 1), "engagement_meeting_data": ("hubspot activities (warehouse)", 100), "engagement_task_data": ("hubspot activities (warehouse)", 2),
    "engagement_contact_data": ("hubspot associations", 1), "form_data": ("hubspot forms", 5), "merged_deal_data": ("hubspot merged deals", 14),
    "ticket_data": ("hubspot tickets (warehouse)", 25), "ticket_contact_data": ("hubspot associations", 9), "owner_data": ("hubspot owners", 100), "users_data": ("hubspot users", 2),
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.exists(), reason="the shared sample data is not beside the project")
@pytest.mark.parametrize("file", sorted(SEED_FORMATS))
def test_warehouse_tables_are_read_whole(read_file: Reader, file: str) -> None:
    format_, records = SEED_FORMATS[file]
    read = read_file(SEEDS / f"{file}.csv")
    assert read.format == format_
    assert sum(len(read[table]) for table in read.primary) + len(read.bad) == records
