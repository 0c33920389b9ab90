"""LimeSurvey and Typeform: whatever the headings, an answered question is a row and a sent response an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODES = (
    '"id","submitdate","lastpage","startlanguage","seed","token","startdate","datestamp","Q00","Q012[SQ001]","G01Q03"\n'
)
GERMAN = '"Antwort ID";"Datum Abgeschickt";"Letzte Seite";"Start-Sprache";"Zufallsstartwert";"Zugangscode";"Datum gestartet";"Datum letzte Aktivität";"Wie zufrieden sind Sie?";"Würden Sie uns weiterempfehlen?";"Was fehlt?"\n'
BOTH = '"id. Antwort ID";"submitdate. Datum Abgeschickt";"lastpage. Letzte Seite";"startlanguage. Start-Sprache";"seed. Zufallsstartwert";"token. Zugangscode";"startdate. Datum gestartet";"datestamp. Datum letzte Aktivität";"Q00. Wie zufrieden sind Sie?";"Q012[SQ001]. Würden Sie uns weiterempfehlen?";"G01Q03. Was fehlt?"\n'
ROWS = '"1","2026-01-05 09:00:00","3","de","111","tok-1","2026-01-05 08:50:00","2026-01-05 09:00:00","4","9","Bitte schneller liefern, danke."\n"2","","1","de","222","","2026-01-05 10:00:00","2026-01-05 10:05:00","2","",""\n'


@pytest.mark.parametrize("head", [CODES, GERMAN, BOTH])
def test_limesurvey_with_codes_texts_or_both(read_text: Callable[..., Any], head: str) -> None:
    read = read_text(head + (ROWS if "," in head else ROWS.replace(",", ";")), zone="UTC")
    assert read.format == "limesurvey responses"
    assert not read.bad
    (event,) = read["events"]
    assert (event["record_id"], event["user_id"], event["happened_at"].hour) == ("1-111", "tok-1", 9)
    assert {row["value"] for row in read["feedback"] if "value" in row} == {4.0, 9.0, 2.0}
    assert len(read["feedback"]) == 4
    if head != CODES:
        assert {row["instrument"] for row in read["feedback"]} == {"csat", "nps", "text"}
    assert {row["finished"] for row in read["feedback"] if row["response_id"] == "2-222"} == {False}


def test_two_surveys_that_count_from_one_do_not_meet(read_text: Callable[..., Any]) -> None:
    one, other = read_text(CODES + ROWS), read_text(CODES + ROWS.replace('"111"', '"999"'))
    assert one["events"][0]["record_id"] != other["events"][0]["record_id"]


def test_an_anonymous_survey_says_that_it_has_no_dates(read_text: Callable[..., Any]) -> None:
    read = read_text(
        '"id","submitdate","lastpage","startlanguage","seed","Q00"\n"1","1980-01-01 00:00:00","3","de","111","4"\n'
    )
    assert read["events"] == []
    assert any("anonymous" in note for note in read.notes)
    assert [bad.kind for bad in read.bad] == ["the record has no date"]


TYPEFORM = (
    "#,How likely are you to recommend us to a friend?,Your email,Company,What should we do better?,utm_source,Response Type,Start Date (UTC),Stage Date (UTC),Submit Date (UTC),Network ID,Tags\n"
    'abc1,9,Anna@firma.example,Firma GmbH,"Deliver faster, please.",linkedin,completed,2024-10-05 02:30:00,,2024-10-05 02:39:31,n1,\n'
    "abc2,3,,,,,partial,2024-10-06 02:30:00,2024-10-06 02:31:00,,n2,\n"
)


def test_typeform_tells_questions_from_contact_fields(read_text: Callable[..., Any]) -> None:
    read = read_text(TYPEFORM)
    assert read.format == "typeform responses"
    (event,) = read["events"]
    assert (event["record_id"], event["email"], event["company_name"], event["origin"], event["value"]) == (
        "abc1",
        "anna@firma.example",
        "Firma GmbH",
        "linkedin",
        9.0,
    )
    assert event["happened_at"].isoformat() == "2024-10-05T02:39:31+00:00"
    told = {(row["response_id"], row["instrument"]) for row in read["feedback"]}
    assert told == {("abc1", "nps"), ("abc1", "text"), ("abc2", "nps")}
