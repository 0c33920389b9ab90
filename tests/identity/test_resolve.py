"""The whole way: evidence in, persons and accounts out."""

from __future__ import annotations

import random
from typing import Any

import pytest

from etappe.identity.resolve import resolve
from etappe.identity.rules import IdentityRules
from etappe.identity.schema import ACCOUNT_KEYS, LINKS, PERSON_KEYS, PERSONS, RESOLVED_ACCOUNTS
from etappe.tables.engine import Engine
from tests.identity.evidence import Answer, decided

MUSTER = {
    "source": "salesforce",
    "record_id": "001A",
    "name": "Muster Maschinenbau GmbH",
    "domain": "https://www.muster.example",
    "city": "Ulm",
}
WORLD: dict[str, list[dict[str, Any]]] = {
    "accounts": [
        MUSTER,
        {"source": "hubspot", "record_id": "42", "name": "Muster Maschinenbau", "domain": "muster.example"},
        {"source": "salesforce", "record_id": "001B", "name": "Huber AG", "domain": "huber-gruppe.example"},
        {"source": "salesforce", "record_id": "001C", "name": "Huber Logistik GmbH", "domain": "huber-gruppe.example", "parent_ref": "001B"},
    ],
    "people": [
        {"source": "salesforce", "record_id": "0037R00000003A", "email": "max.muster@muster.example", "first_name": "Max", "last_name": "Muster",
         "account_ref": "001A", "title": "Leiter Instandhaltung", "language": "de", "country": "Deutschland"},
        {"source": "hubspot", "record_id": "7", "email": "max.muster@muster.example", "emails": ["muster.max@gmx.de"], "opted_out": True},
        {"source": "hubspot", "record_id": "8", "email": "info@muster.example", "first_name": "Petra", "last_name": "Klein"},
        {"source": "salesforce", "record_id": "0037R00000003B", "email": "info@muster.example", "last_name": "Jörg Huber", "account_ref": "001A"},
        {"source": "hubspot", "record_id": "9", "email": "x.berger@huber-gruppe.example"},
        {"source": "salesforce", "record_id": "0037R00000003C", "email": "y.fuchs@huber-gruppe.example", "account_ref": "001C"},
        {"source": "salesforce", "record_id": "005A", "email": "anna@messwerk.example", "internal": True},
    ],
    "events": [
        {"source": "matomo", "kind": "page_view", "cookie": "c2", "user_id": "Max.Muster@muster.example"},
        {"source": "matomo", "kind": "page_view", "cookie": "c3", "domain": "gw.muster.example"},
        {"source": "matomo", "kind": "page_view", "cookie": "c5", "domain": "p3e9.dip0.t-ipconnect.de"},
        {"source": "matomo", "kind": "page_view", "cookie": "c6", "domain": "unbekannt.example"},
        {"source": "matomo", "kind": "page_view", "cookie": "c7", "domain": "messwerk.example"},
        {"source": "snowplow", "kind": "form", "cookie": "c4", "email": "a.bauer@neu.example"},
        {"source": "snowplow", "kind": "form", "cookie": "c4", "email": "zoe.lang@neu.example"},
        {"source": "fair", "kind": "fair_visit", "person_name": "Zoe Lang", "company_name": "Neue Firma GmbH", "email": "zoe.lang@neu.example"},
        {"source": "fair", "kind": "fair_visit", "person_name": "Tim Sommer", "company_name": "Muster Maschinenbau", "email": "tim.sommer@gmail.com"},
        {"source": "salesforce", "kind": "call", "phone": "0731 / 55 44-33", "account_ref": "001A", "participants": ["id:0037R00000003A", "neu.hier@muster.example"]},
    ],
    "feedback": [{"source": "qualtrics", "contact_ref": "0037R00000003A", "response_id": "R1"}],
    "deals": [{"source": "salesforce", "record_id": "006A", "account_ref": "001A", "status": "open", "contact_refs": ["0037R00000003A"]}],
    "deal_roles": [{"source": "salesforce", "deal_ref": "006A", "contact_ref": "0037R00000003A", "role": "Economic Buyer"}],
}  # fmt: skip
RULES = IdentityRules(own_domains=["messwerk.example"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from etappe.tables.engine import open_engine

    with open_engine(tmp_path_factory.mktemp("scratch")) as engine:
        yield Answer(engine, WORLD, RULES)


def test_the_tables_are_those_of_the_schema(world: Answer) -> None:
    for schema in (PERSON_KEYS, PERSONS, ACCOUNT_KEYS, RESOLVED_ACCOUNTS, LINKS):
        found = world.engine.to_arrow(world.tables[schema.name])
        assert tuple(found.column_names) == schema.names
        assert found.cast(schema.arrow).num_rows > 0
        for column in schema.columns:
            assert not column.required or found[column.name].null_count == 0


def test_each_identifier_and_each_person_stands_once(world: Answer) -> None:
    keys, persons = world.frame("person_keys"), world.frame("persons")
    assert keys.select("kind", "value").is_unique().all()
    assert persons["person_id"].is_unique().all()
    assert set(keys["person_id"].drop_nulls()) == set(persons["person_id"])
    assert (keys["person_id"].is_null() == keys["held_apart"].is_not_null()).all()


def test_records_of_two_systems_are_one_person_by_their_address(world: Answer) -> None:
    max_ = world.person("contact:salesforce", "0037R00000003A")
    assert max_ == world.person("contact:hubspot", "7") == world.person("email", "muster.max@gmx.de")
    assert max_ == world.person("user", "Max.Muster@muster.example") == world.person("cookie", "c2")
    assert max_ == world.person("contact:qualtrics", "0037R00000003A")
    about = world.about("contact:salesforce", "0037R00000003A")
    assert about["name"] == "Max Muster"
    assert about["email"] == "max.muster@muster.example"
    assert about["stated_role"] == "decider"
    assert about["opted_out"] is True
    assert about["country"] == "DE"


def test_a_role_mailbox_ties_nobody_and_still_names_the_company(world: Answer) -> None:
    assert world.held("email", "info@muster.example") == "role mailbox"
    assert world.person("contact:hubspot", "8") != world.person("contact:salesforce", "0037R00000003B")
    assert world.home("contact:hubspot", "8") == world.account("account:salesforce", "001A")


def test_a_device_of_two_persons_is_held_apart(world: Answer) -> None:
    assert world.held("cookie", "c4") == "shared device"
    assert world.person("email", "a.bauer@neu.example") != world.person("email", "zoe.lang@neu.example")


def test_company_records_with_one_domain_and_name_are_one_account(world: Answer) -> None:
    assert world.account("account:salesforce", "001A") == world.account("account:hubspot", "42")
    assert world.account("account:salesforce", "001A") == world.account("domain", "muster.example")


def test_a_parent_company_is_linked_and_not_merged(world: Answer) -> None:
    parent, daughter = world.account("account:salesforce", "001B"), world.account("account:salesforce", "001C")
    assert parent != daughter
    firms = {row["account_id"]: row for row in world.rows("resolved_accounts")}
    assert firms[daughter]["parent_id"] == parent
    assert firms[parent]["parent_id"] is None


def test_a_domain_of_two_companies_gives_nobody_an_account_silently(world: Answer) -> None:
    key = next(row for row in world.rows("account_keys") if row["value"] == "huber-gruppe.example")
    assert key["account_id"] is None
    assert len(key["candidates"]) == 2
    assert world.home("contact:hubspot", "9") is None
    assert world.home("contact:salesforce", "0037R00000003C") == world.account("account:salesforce", "001C")
    rejected = [
        row
        for row in world.rows("links")
        if row["left"] == "x.berger@huber-gruppe.example" and row["right_kind"] == "domain"
    ]
    assert [row["reason"] for row in rejected] == ["ambiguous: several accounts"]


def test_people_of_a_company_that_is_in_no_crm_have_an_account_of_their_own(world: Answer) -> None:
    home = world.home("email", "a.bauer@neu.example")
    assert home == world.home("email", "zoe.lang@neu.example") == world.account("name", "neue firma gmbh")
    firm = next(row for row in world.rows("resolved_accounts") if row["account_id"] == home)
    assert (firm["name"], firm["domain"], firm["records"], firm["persons"]) == ("Neue Firma GmbH", "neu.example", 0, 2)


def test_a_free_mail_address_belongs_to_the_company_that_is_written_beside_it(world: Answer) -> None:
    assert world.home("email", "tim.sommer@gmail.com") == world.account("account:salesforce", "001A")
    assert world.about("email", "tim.sommer@gmail.com")["account_rule"] == "company name"
    assert not any(row["value"] == "gmail.com" for row in world.rows("account_keys"))


def test_a_visitor_belongs_to_a_known_companys_network_and_to_no_other(world: Answer) -> None:
    visitor = world.about("cookie", "c3")
    assert visitor["account_id"] == world.account("account:salesforce", "001A")
    assert (visitor["account_rule"], visitor["anonymous"]) == ("network", True)
    assert visitor["account_probability"] < 0.7
    assert world.home("cookie", "c5") is None
    assert world.home("cookie", "c6") is None
    assert not any(row["value"] == "unbekannt.example" for row in world.rows("account_keys"))


def test_own_people_and_visitors_from_the_own_network_are_internal(world: Answer) -> None:
    for kind, value in (("contact:salesforce", "005A"), ("cookie", "c7")):
        about = world.about(kind, value)
        assert (about["internal"], about["account_id"]) == (True, None)
    assert [row["domain"] for row in world.rows("resolved_accounts") if row["internal"]] == ["messwerk.example"]
    assert not world.about("email", "zoe.lang@neu.example")["internal"]


def test_everybody_who_is_named_anywhere_has_a_key(world: Answer) -> None:
    assert world.home("email", "neu.hier@muster.example") == world.account("domain", "muster.example")
    assert world.person("phone", "+49731554433")


def test_the_order_of_records_changes_nothing(engine: Engine, world: Answer) -> None:
    mixed = {name: random.Random(5).sample(rows, len(rows)) for name, rows in _numbered().items()}
    again = Answer(engine, mixed, RULES)
    for name in ("person_keys", "persons", "account_keys", "resolved_accounts", "links"):
        one, two = world.frame(name), again.frame(name)
        assert one.sort(one.columns).equals(two.sort(two.columns)), name


def _numbered() -> dict[str, list[dict[str, Any]]]:
    """The world with its record ids written down, so that they stay when the rows are mixed."""
    return {name: [{"record_id": str(place), **row} for place, row in enumerate(rows)] for name, rows in WORLD.items()}


def test_a_record_that_has_nothing_to_do_with_it_changes_nothing(engine: Engine, world: Answer) -> None:
    more = {name: list(rows) for name, rows in _numbered().items()}
    more["accounts"].append(
        {"source": "erp", "record_id": "K1", "name": "Völlig Fremd KG", "domain": "fremd.example", "city": "Graz"}
    )
    more["people"].append(
        {
            "source": "erp",
            "record_id": "P1",
            "email": "f.fremd@fremd.example",
            "last_name": "Fremd",
            "account_ref": "K1",
        }
    )
    again = Answer(engine, more, RULES)
    for name in ("person_keys", "persons", "account_keys", "resolved_accounts", "links"):
        before = world.frame(name)
        assert before.join(again.frame(name), on=before.columns, how="anti", nulls_equal=True).is_empty(), name


def test_decisions_win_and_survive_new_evidence(engine: Engine) -> None:
    decisions = [
        decided("merge", ["contact:hubspot:8"], "contact:salesforce:0037R00000003B", day=1),
        decided("assign", ["huber-gruppe.example"], "account:salesforce:001B", day=2),
        decided("assign", ["zoe.lang@neu.example"], "muster.example", day=3),
        decided("split", ["account:hubspot:42"], "account:salesforce:001A", day=4),
        decided("assign", ["tim.sommer@gmail.com"], "none", day=5),
    ]
    more = {
        **_numbered(),
        "people": [*_numbered()["people"], {"source": "erp", "record_id": "P9", "email": "neu@huber-gruppe.example"}],
    }
    found = Answer(engine, more, RULES, decisions)
    assert found.person("contact:hubspot", "8") == found.person("contact:salesforce", "0037R00000003B")
    assert found.home("contact:hubspot", "9") == found.account("account:salesforce", "001B")
    assert found.home("contact:erp", "P9") == found.account("account:salesforce", "001B")
    assert found.home("contact:salesforce", "0037R00000003C") == found.account("account:salesforce", "001C")
    assert found.about("email", "zoe.lang@neu.example")["account_rule"] == "decision"
    assert found.account("account:hubspot", "42") != found.account("account:salesforce", "001A")
    assert found.home("email", "tim.sommer@gmail.com") is None


def test_a_domain_is_given_to_a_company_that_is_known_by_its_name_alone(engine: Engine) -> None:
    more = {**WORLD, "events": [*WORLD["events"], {"source": "fair", "kind": "fair_visit", "person_name": "Kai Ott", "company_name": "Huber Vertrieb", "email": "kai.ott@gmail.com"}]}
    by_name = Answer(engine, more, RULES, [decided("assign", ["huber-gruppe.example"], "name:huber vertrieb")])
    assert by_name.account("name", "huber vertrieb")
    assert by_name.account("domain", "huber-gruppe.example") == by_name.account("name", "huber vertrieb")
    assert by_name.home("contact:hubspot", "9") == by_name.account("name", "huber vertrieb")


def test_a_workspace_without_any_evidence_has_nobody(engine: Engine) -> None:
    found = resolve({}, engine)
    assert {name: engine.count(table) for name, table in found.items()} == dict.fromkeys(found, 0)


def test_ids_that_sources_changed_still_mean_the_same_person(engine: Engine) -> None:
    """Salesforce ids of 15 and 18 characters, records merged away, leads that became contacts; tables may be missing."""
    rows = {
        "people": [
            {"source": "salesforce", "record_id": "0031x00000AbCdEFAA", "email": "m.m@firma.example"},
            {"source": "hubspot", "record_id": "1", "merged_refs": ["2", "3"]},
            {"source": "hubspot", "record_id": "3", "email": "a.alt@firma.example"},
            {"source": "salesforce", "record_id": "00Q1", "email": "a.alt@firma.example", "converted_ref": "0031"},
        ],
        "events": [
            {"source": "salesforce", "kind": "call", "contact_ref": "0031x00000AbCdE"},
            {"source": "matomo", "kind": "page_view", "user_id": "0031x00000AbCdEFAA", "cookie": "c"},
            {"source": "matomo", "kind": "page_view", "user_id": "0031x00000aBcDe", "cookie": "d"},
            {"source": "hubspot", "kind": "form", "contact_ref": "2"},
        ],
    }
    found = Answer(engine, rows)
    assert found.person("cookie", "c") == found.person("email", "m.m@firma.example")
    assert found.person("cookie", "d") != found.person("email", "m.m@firma.example")
    persons = {found.person("contact:hubspot", ref) for ref in "123"}
    assert persons == {found.person("contact:salesforce", "0031")} == {found.person("email", "a.alt@firma.example")}


def test_persons_weighed_a_few_at_a_time_are_the_same(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Answer(engine, WORLD, RULES)
    monkeypatch.setattr("etappe.identity.resolve.AT_A_TIME", 2)
    parts = Answer(engine, WORLD, RULES)
    for name in whole.tables:
        assert sorted(map(repr, whole.rows(name))) == sorted(map(repr, parts.rows(name))), name
