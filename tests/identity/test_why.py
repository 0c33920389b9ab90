"""Why tells every link; find knows companies by any spelling; suggestions name the own domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from etappe.errors import NotFound, QuestionFault
from etappe.identity.decisions import identifier
from etappe.identity.suggest import suggest_internal
from etappe.identity.why import find_account, why_account, why_person
from etappe.tables.engine import open_engine
from etappe.tables.lookup import InEngine
from tests.identity.evidence import Answer, decided, evidence

ROWS: dict[str, list[dict[str, Any]]] = {
    "accounts": [
        {"source": "salesforce", "record_id": "001A", "name": "Müller Maschinenbau GmbH", "domain": "mueller-mb.example", "city": "Ulm"},
        {"source": "hubspot", "record_id": "42", "name": "Mueller Maschinenbau", "domain": "mueller-mb.example"},
        {"source": "salesforce", "record_id": "001B", "name": "Huber AG", "domain": "huber.example"},
        {"source": "salesforce", "record_id": "001C", "name": "Huber Vertriebs GmbH", "domain": "huber.example"},
        {"source": "salesforce", "record_id": "001D", "name": "Seidel Papier GmbH", "city": "Kiel"},
        {"source": "salesforce", "record_id": "001E", "name": "Seidel Papier AG", "city": "Graz"},
    ],
    "people": [
        {"source": "salesforce", "record_id": "0037R0001", "email": "max.muster@mueller-mb.example", "first_name": "Max", "last_name": "Muster", "account_ref": "001A"},
        {"source": "hubspot", "record_id": "700001", "email": "max.muster@mueller-mb.example"},
        {"source": "hubspot", "record_id": "700002", "email": "info@mueller-mb.example"},
        {"source": "hubspot", "record_id": "700003", "email": "petra.klein@huber.example", "first_name": "Petra", "last_name": "Klein"},
    ],
    "events": [
        {"source": "web", "kind": "form", "cookie": "c1", "email": "max.muster@mueller-mb.example"},
        {"source": "web", "kind": "form", "cookie": "room", "email": "max.muster@mueller-mb.example"},
        {"source": "web", "kind": "form", "cookie": "room", "email": "petra.klein@huber.example"},
        {"source": "web", "kind": "page_view", "cookie": "c9", "domain": "mueller-mb.example"},
    ],
}  # fmt: skip
DECISIONS = [decided("assign", ["petra.klein@huber.example"], "account:salesforce:001B")]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answer]:
    with open_engine(tmp_path_factory.mktemp("scratch")) as engine:
        yield Answer(engine, ROWS, decisions=DECISIONS)


@pytest.mark.parametrize(
    "text",
    [
        "Müller Maschinenbau GmbH", "mueller maschinenbau", "MÜLLER MASCHINENBAU AG", "Müller Maschinenabu",
        "mueller-mb.example", "https://www.mueller-mb.example/kontakt", "max.muster@mueller-mb.example",
        "account:salesforce:001A", "001A", "Müller",
    ],
)  # fmt: skip
def test_a_company_is_found_by_any_of_its_names(found: Answer, text: str) -> None:
    assert find_account(InEngine(found.engine, found.tables), text) == found.account("account:hubspot", "42")


def test_a_company_that_is_not_there_is_answered_with_the_nearest(found: Answer) -> None:
    with pytest.raises(NotFound) as raised:
        find_account(InEngine(found.engine, found.tables), "Mülltonnen Maschinenverleih")
    assert "Müller Maschinenbau GmbH" in raised.value.do_next


def test_a_name_of_two_companies_is_asked_back(found: Answer) -> None:
    with pytest.raises(QuestionFault) as raised:
        find_account(InEngine(found.engine, found.tables), "Seidel Papier")
    assert "Seidel Papier GmbH" in raised.value.do_next
    assert "Seidel Papier AG" in raised.value.do_next


def test_why_of_a_company_names_the_link_of_each_record(found: Answer) -> None:
    told = why_account(found.engine, found.tables, "Müller Maschinenbau")
    assert {row["identifier"] for row in told["identifiers"]} >= {
        "account:salesforce:001A",
        "account:hubspot:42",
        "mueller-mb.example",
    }
    for row in told["identifiers"]:
        assert row["rule"]
        assert row["evidence"]
        assert 0 < row["probability"] <= 1
        assert row["seen"] >= 1
    assert [row["identifier"] for row in told["held_apart"]] == ["info@mueller-mb.example"]
    assert {row.get("name") for row in told["persons"]} >= {"Max Muster"}


def test_why_of_an_ambiguous_domain_shows_the_candidates(found: Answer) -> None:
    told = why_account(found.engine, found.tables, "huber.example")
    assert told["account"] is None
    assert {row["name"] for row in told["candidates"]} == {"Huber AG", "Huber Vertriebs GmbH"}
    for row in told["candidates"]:
        assert row["records"]
        assert {found.account(*identifier(record)) for record in row["records"]} == {row["account_id"]}, "a decision names it by these"
    assert any("ambiguous" in row["reason"] for row in told["rejected"])


def test_why_of_a_company_shows_what_was_rejected(found: Answer) -> None:
    told = why_account(found.engine, found.tables, "account:salesforce:001B")
    reasons = {row["reason"] for row in told["rejected"]}
    assert "same domain, other name" in reasons
    assert told["ambiguous"][0]["identifier"] == "huber.example"


def test_why_of_a_person_names_identifiers_account_and_what_was_held_apart(found: Answer) -> None:
    told = why_person(found.engine, found.tables, "cookie:c1")
    assert told["person"]["name"] == "Max Muster"
    assert {row["identifier"] for row in told["identifiers"]} == {
        "contact:salesforce:0037R0001", "contact:hubspot:700001", "max.muster@mueller-mb.example", "cookie:c1"
    }  # fmt: skip
    assert {row["right"] for row in told["account"]} == {"account:salesforce:001A", "mueller-mb.example"}
    assert told["held_apart"] == [{"identifier": "cookie:room", "reason": "shared device"}]
    assert told == why_person(found.engine, found.tables, "Max Muster")


def test_why_of_an_identifier_that_ties_nobody_says_so(found: Answer) -> None:
    told = why_person(found.engine, found.tables, "info@mueller-mb.example")
    assert told["person"] is None
    assert told["held_apart"] == [{"identifier": "info@mueller-mb.example", "reason": "role mailbox"}]


def test_why_shows_the_human_who_decided(found: Answer) -> None:
    told = why_person(found.engine, found.tables, "petra.klein@huber.example", DECISIONS)
    assert told["account"][0]["rule"] == "decided by a human"
    assert "Anna" in told["account"][0]["evidence"]
    assert [row["author"] for row in told["decisions"]] == ["Anna"]
    german = why_person(found.engine, found.tables, "petra.klein@huber.example", DECISIONS, "de")
    assert german["account"][0]["rule"] == "von einem Menschen entschieden"


def test_a_person_who_is_not_there_is_answered_with_the_nearest(found: Answer) -> None:
    with pytest.raises(NotFound) as raised:
        why_person(found.engine, found.tables, "max.mustr@mueller-mb.example")
    assert "max.muster@mueller-mb.example" in raised.value.do_next


def test_the_domain_of_those_who_own_the_records_is_suggested_as_the_own(found: Answer) -> None:
    rows = {
        "deals": [
            {"owner": f"{name}@messwerk.example", "status": "open"} for name in ("anna", "bernd", "carla", "anna")
        ],
        "events": [
            {"kind": "meeting", "owner": "anna@messwerk.example"},
            {"kind": "meeting", "owner": "agentur@gmail.com"},
        ],
        "people": [{"email": "x@kunde.example", "owner": "dirk@messwerk.example"}],
    }
    tables = evidence(found.engine, rows)
    suggested = suggest_internal(tables, found.engine)
    assert [(row["domain"], row["addresses"]) for row in suggested] == [("messwerk.example", 4)]
    assert suggest_internal(tables, found.engine, known=["messwerk.example"]) == []
