"""Marketo, Mailchimp and Mautic: what people did with mails and pages, and who they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

Reader = Callable[..., Any]
DATA = Path(__file__).parents[4] / "shared" / "data"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


CLICK_API = {"id": 5, "marketoGUID": "5", "leadId": 41, "activityDate": "2025-05-05T08:00:00Z", "activityTypeId": 11, "campaignId": 7, "primaryAttributeValueId": 9, "primaryAttributeValue": "Newsletter Mai", "attributes": [{"name": "Link", "value": "https://www.muster.example/preise"}, {"name": "Is Mobile Device", "value": False}]}  # fmt: skip
CLICK_TABLE = "activity_date,activity_type_id,campaign_id,id,lead_id,link,primary_attribute_value,primary_attribute_value_id\n2025-05-05 08:00:00.000,11,7,5,41,https://www.muster.example/preise,Newsletter Mai,9\n"
CLICK_BULK = 'marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,primaryAttributeValue,attributes\n5,41,2025-05-05T08:00:00Z,11,7,9,Newsletter Mai,"{""Link"":""https://www.muster.example/preise"",""Is Mobile Device"":false}"\n'


def test_a_click_reads_the_same_from_the_table_the_extract_and_the_api(read_text: Reader) -> None:
    api = json.dumps({"requestId": "x", "result": [CLICK_API], "success": True})
    rows = [read_text(content)["events"] for content in (CLICK_TABLE, CLICK_BULK, api)]
    assert rows[0] == rows[1] == rows[2]
    assert rows[0][0] == {
        "record_id": "5", "happened_at": at(2025, 5, 5, 8), "kind": "email_click", "name": "Newsletter Mai", "detail": "Click Email", "direction": "in",
        "contact_ref": "41", "url": "https://www.muster.example/preise", "medium": "email", "origin": "marketo", "campaign": "7", "content": "Newsletter Mai",
    }  # fmt: skip


def test_merged_and_deleted_leads_are_facts_and_changes_of_data_are_counted(read_text: Reader) -> None:
    read = read_text(
        "id,activity_date,activity_type_id,lead_id,merge_ids,primary_attribute_value\n"
        '1,2025-05-05 08:00:00,32,41,"[42, 43]",x\n2,2025-05-05 08:00:00,37,44,,x\n3,2025-05-05 08:00:00,13,41,,Title\n'
    )
    assert {(fact["ref"], fact["field"], fact["value"]) for fact in read["facts"]} == {
        ("41", "merged_refs", "42;43"),
        ("44", "deleted", "true"),
    }
    assert not read["events"]
    assert any(note.startswith("1 activities") for note in read.notes)


AUDIENCE = """\
"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,LEID,EUID,LAST_CHANGED,TAGS
Anna@Muster.example,Anna,Beispiel,2,"2025-05-05 08:00:00",,"2025-05-05 08:00:00",1,a,"2025-05-06 08:00:00",
"""


def test_a_member_has_the_same_id_in_the_page_and_the_warehouse(read_text: Reader) -> None:
    ident = hashlib.md5(b"anna@muster.example").hexdigest()
    table = f"id,list_id,email_address,status,member_rating,timestamp_opt,merge_fname,merge_lname\n{ident},l,Anna@Muster.example,subscribed,2,2025-05-05 08:00:00,Anna,Beispiel\n"
    rows = [read_text(content)["people"][0] for content in (AUDIENCE, table)]
    assert [row["record_id"] for row in rows] == [ident, ident]
    assert [(row["email"], row["first_name"], row["opted_out"]) for row in rows] == [
        ("anna@muster.example", "Anna", False)
    ] * 2


def test_the_file_of_those_who_left_says_when(read_text: Reader) -> None:
    read = read_text(
        '"E-Mail-Adresse",Vorname,Nachname,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME,UNSUB_REASON,LEID,EUID\n'
        'anna@muster.example,Anna,Beispiel,2,"2025-05-05 08:00:00",,"2025-06-05 08:00:00",NORMAL,1,a\n'
    )
    assert read["people"][0]["opted_out"] is True
    assert [(row["kind"], row["happened_at"]) for row in read["events"]] == [("unsubscribe", at(2025, 6, 5, 8))]
    assert read.primary == {"people"}


def test_mailchimp_tells_openings_from_clicks_and_bounces(read_text: Reader) -> None:
    read = read_text(
        "action,campaign_id,member_id,timestamp,bounce_type,url\n"
        "open,c,m,2025-05-05 08:00:00,,\nclick,c,m,2025-05-05 08:01:00,,https://x.example\nbounce,c,n,2025-05-05 08:00:00,hard,\n"
    )
    assert [(row["kind"], row["direction"], row["contact_ref"]) for row in read["events"]] == [
        ("email_open", "in", "m"), ("email_click", "in", "m"), ("email_bounce", "none", "n"),
    ]  # fmt: skip


def test_mautic_pages_keep_cookie_and_contact_and_a_tracked_link_is_a_click(read_text: Reader) -> None:
    read = read_text(
        "id,date_hit,page_id,redirect_id,email_id,lead_id,url,url_title,referer,tracking_id\n"
        "1,2025-05-05 08:00:00,3,,,,https://www.muster.example/preise,Preise,,cookie1\n"
        "2,2025-05-05 08:05:00,,4,9,41,https://www.muster.example/demo,,,cookie1\n"
    )
    page, click = read["events"]
    assert (page["kind"], page["cookie"], page.get("contact_ref")) == ("page_view", "cookie1", None)
    assert (click["kind"], click["contact_ref"], click["content"]) == ("email_click", "41", "9")


def test_mautic_contacts_survive_spaces_behind_commas(read_text: Reader) -> None:
    read = read_text(
        "id, firstname, lastname, email, company, points, date_added\n41, Anna, Beispiel, Anna@Muster.example, Muster GmbH, 5, 2025-05-05 08:00:00\n"
    )
    assert read.format == "mautic contacts"
    row = read["people"][0]
    assert (row["email"], row["first_name"], row["company_name"]) == ("anna@muster.example", "Anna", "Muster GmbH")


SEEDS = {
    "marketo_seeds/marketo_activity_click_email_data": ("marketo activities", 100),
    "marketo_seeds/marketo_activity_merge_leads_data": ("marketo activities", 100),
    "marketo_seeds/marketo_activity_delete_lead_data": ("marketo activities", 31),
    "marketo_seeds/marketo_activity_unsubscribe_email_data": ("marketo activities", 100),
    "marketo_seeds/marketo_lead_data": ("marketo leads", 100),
    "marketo_seeds/marketo_campaign_data": ("marketo campaigns", 100),
    "mailchimp_seeds/member": ("mailchimp members", 9),
    "mailchimp_seeds/campaign_recipient_activity": ("mailchimp activities", 17),
    "mailchimp_seeds/automation_recipient_activity": ("mailchimp activities", 8),
    "mailchimp_seeds/unsubscribe": ("mailchimp unsubscriptions", 1),
}


@pytest.mark.shared
@pytest.mark.skipif(not DATA.exists(), reason="the shared sample data is not beside the project")
@pytest.mark.parametrize("file", sorted(SEEDS))
def test_warehouse_tables_are_read_whole(read_file: Reader, file: str) -> None:
    format_, records = SEEDS[file]
    read = read_file(DATA / f"{file}.csv")
    assert read.format == format_
    assert len(read.bad) + sum(len(rows) for name, rows in read.tables.items() if name in read.primary) == records
