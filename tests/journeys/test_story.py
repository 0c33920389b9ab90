"""One account's story, and what a change of rules would move."""

from __future__ import annotations

import json

import pytest

from etappe.errors import NotFound
from etappe.journeys.build import build_journeys
from etappe.journeys.preview import preview
from etappe.journeys.rules import JourneyRules, template
from etappe.journeys.story import story
from etappe.sources.schema import ACCOUNTS
from etappe.tables.engine import Engine
from etappe.tables.lookup import InEngine
from tests.journeys.conftest import Built
from tests.journeys.market import AS_OF, Market, to_arrow


@pytest.fixture
def tables(told: Built, engine: Engine) -> dict[str, object]:
    known = told.market.identity()
    return {name: engine.from_arrow(name, table) for name, table in {**known, **told.tables}.items()}


def test_a_story_has_the_account_its_people_and_its_journeys_step_by_step(tables: dict, engine: Engine) -> None:
    told = story(InEngine(engine, tables), "aalfa")
    assert json.loads(json.dumps(told)) == told
    assert told["account"]["name"] == "alfa"
    assert {(row["person_id"], row["role"], row["role_source"]) for row in told["persons"]} >= {
        ("pben@alfa", "buyer", "title")
    }
    first = told["journeys"][0]
    assert (first["kind"], first["outcome"], first["started_at"]) == ("first_purchase", "won", "2025-01-01T09:00:01Z")
    assert [row["stage"] for row in first["stages"]][:3] == ["research", "supplier_search", "preselection"]
    assert [row["touchpoint"] for row in first["steps"]][-1] == "technical workshop"
    assert first["steps"][-1]["participants"] == ["pben@alfa", "peva@alfa"]
    assert first["first_sales_contact"]["touchpoint"] == "sales call"
    assert first["first_sales_contact"]["at"] == "2025-01-09T09:00:01Z"
    assert [row["name"] for row in told["journeys"][1]["deals"]] == []
    assert told["journeys"][1]["pauses"][0]["revived_by"] == "support ticket"


def test_a_story_lists_what_of_the_account_is_in_no_journey(tables: dict, engine: Engine) -> None:
    told = story(InEngine(engine, tables), "aiota")
    assert {row["reason"] for row in told["unresolved"]} == {"between journeys"}
    assert {row["reason"] for row in story(InEngine(engine, tables), "aalfa")["unresolved"]} == {"no date", "after as_of"}


def test_who_takes_part_and_belongs_to_no_company_is_told_with_the_same_keys(tables: dict, engine: Engine) -> None:
    known = tables["persons"]
    told = story(InEngine(engine, {**tables, "persons": known.filter(known.person_id != "pben@alfa")}), "aalfa")
    keys = {row["person_id"]: set(row) for row in told["persons"]}
    assert keys["pben@alfa"] == keys["peva@alfa"]


def test_an_account_that_is_not_there_is_not_found(tables: dict, engine: Engine) -> None:
    with pytest.raises(NotFound):
        story(InEngine(engine, tables), "anowhere")


def test_a_preview_says_how_many_accounts_and_how_much_value_move_where(engine: Engine) -> None:
    market = Market()
    for number in range(3):
        market.page(0, "/preise", f"eva@firm{number}")
        market.page(1, "/produkte/x", f"eva@firm{number}")
        market.deal(f"d{number}", f"firm{number}", 2, amount=100.0 * number)
    market.page(500, "/magazin/x", "eva@other")
    evidence, identity = market.open(engine)
    evidence["accounts"] = engine.from_arrow(
        "accounts", to_arrow(ACCOUNTS, [{"source": "crm", "record_id": "c-other", "lifecycle": "Sales Qualified Lead"}])
    )
    usual = template("touchpoints.yaml").replace(
        "kind: page_view, path: '/(produkte?", "again: true, kind: page_view, path: '/(produkte?"
    )
    stages = template("stages.yaml").replace(
        "      - id: shortlist\n", "      - id: shortlist\n        lifecycle: [salesqualifiedlead]\n"
    )
    changed = JourneyRules.parse({"touchpoints.yaml": usual, "stages.yaml": stages})
    before = build_journeys(evidence, identity, engine, JourneyRules.load(), AS_OF)
    after = build_journeys(evidence, identity, engine, changed, AS_OF)
    assert preview(before, before, engine) == []
    assert preview(before, after, engine) == [
        {
            "from_stage": "preselection", "from_outcome": "open", "to_stage": "supplier_search", "to_outcome": "open",
            "accounts": 3, "journeys": 3, "deal_value": 300.0, "currency": "EUR",
        },
        {
            "from_stage": "research", "from_outcome": "open", "to_stage": "shortlist", "to_outcome": "open",
            "accounts": 1, "journeys": 1, "deal_value": 0.0, "currency": None,
        },
    ]  # fmt: skip
    visits = engine.rows(after["stage_visits"].filter(after["stage_visits"].account_id == "afirm1"))
    assert [(row["stage"], row["back"], row["entered_by"]) for row in visits] == [
        ("preselection", False, "pricing page"),
        ("supplier_search", True, "product page"),
    ]
