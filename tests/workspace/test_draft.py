"""A map drafted from the evidence: marked as data, with the figures that a check would find, and never over a human's work."""

from __future__ import annotations

import polars as pl
import pytest

from etappe.errors import NotFound
from etappe.maps.changes import Add, Remove, Set, Several
from etappe.maps.map import Map
from etappe.maps.segment import Segment
from etappe.workspace.sample import MAP, make_documents
from etappe.workspace.workspace import Workspace


def drafted(ws: Workspace) -> Map:
    ws.draft("kauf", "anna")
    return ws.atlas.map("kauf")


@pytest.fixture
def ws(own: Workspace) -> Workspace:
    own.atlas.new_map("kauf", "anna", template="seven-phases", language="de", languages=["en"])
    human = Add(collection="cards", thing={"id": "k1", "stage": "preselection", "lane": "touchpoints", "order": "V", "text": "Liest Fallstudien"})
    own.atlas.apply("map", "kauf", human, "anna")
    return own


def test_a_draft_fills_the_map_in_its_languages_and_marks_every_card_as_data(ws: Workspace) -> None:
    made = drafted(ws)
    own = [card for card in made.cards.values() if card.id != "k1"]
    assert {made.lanes[card.lane].kind for card in own} >= {"touchpoints", "content", "figures", "buying_center"}
    assert {card.provenance for card in own} == {"data"}
    assert all(card.figure is not None and card.figure.value is not None and card.figure.as_of is not None for card in own)
    page = next(card for card in own if card.touchpoint == "product page")
    assert (page.text, page.say("text", "en")) == ("Produktseite", "Product page")
    assert all(stage.measured is not None and stage.measured.unit == "days" for stage in made.stages.values())
    assert made.measured is not None
    assert not [item for item in ws.atlas.lint("map", "kauf") if item.level == "error"]


def test_a_drafted_figure_is_the_one_that_a_claim_about_it_gets(ws: Workspace) -> None:
    card = next(card for card in drafted(ws).cards.values() if card.touchpoint == "sales call")
    ws.atlas.apply("map", "kauf", Set(collection="cards", id=card.id, path=("claim",), value=f"coverage(sales call) in {card.stage} >= 0"), "anna")
    figure = ws.check("kauf").claims[0].figure
    assert figure is not None
    assert card.figure is not None
    assert (card.figure.value, card.figure.n) == (pytest.approx(figure.value, rel=1e-3), figure.n)


def test_a_second_draft_changes_nothing(ws: Workspace) -> None:
    drafted(ws)
    assert ws.draft("kauf", "anna").edit is None


def test_what_a_human_made_changed_or_removed_is_left_alone(ws: Workspace) -> None:
    first = drafted(ws)
    assert not any(card.touchpoint == "case study" and card.stage == "preselection" for card in first.cards.values()), "a human's card speaks of it already"
    changed, removed, stale = (card.id for card in list(first.cards.values())[1:4])
    ws.atlas.apply("map", "kauf", Several(changes=(Set(collection="cards", id=changed, path=("text",), value="Meins"), Remove(collection="cards", id=removed))), "ben")
    untouched = first.cards["k1"]
    gone = Add(collection="cards", thing={**first.cards[stale].plain(), "id": "data-touchpoint-research-nothing", "text": "Gibt es nicht mehr"})
    ws.atlas.apply("map", "kauf", gone, "anna", note="drafted from the evidence")
    second = drafted(ws)
    assert second.cards[changed].text == "Meins"
    assert removed not in second.cards
    assert second.cards["k1"] == untouched
    assert "data-touchpoint-research-nothing" not in second.cards, "its own card that the evidence no longer bears out goes"


def test_a_blind_spot_is_taken_onto_the_map_in_one_step_and_is_none_any_more(ws: Workspace) -> None:
    before = ws.check("kauf").blind_spots
    touchpoint, role = (next(spot for spot in before if spot.kind == kind) for kind in ("touchpoint", "role"))
    ws.add_blind_spots("kauf", [touchpoint.id, role.id], "anna")
    after = ws.check("kauf").blind_spots
    assert {touchpoint.id, role.id}.isdisjoint(spot.id for spot in after)
    assert len(after) == len(before) - 2
    card = next(card for card in ws.atlas.map("kauf").cards.values() if card.touchpoint == touchpoint.what)
    assert (card.stage, card.provenance) == (touchpoint.stage, "data")
    with pytest.raises(NotFound):
        ws.add_blind_spots("kauf", [touchpoint.id], "anna")
    ws.atlas.undo("map", "kauf", "anna")
    assert [spot.id for spot in ws.check("kauf").blind_spots] == [spot.id for spot in before]
    ws.add_blind_spots("kauf", [], "anna")
    assert ws.check("kauf").blind_spots == []


def test_a_draft_writes_what_surveys_say_into_the_figures_of_each_stage(own: Workspace) -> None:
    own.atlas.new_map("kunden", "anna", template="existing-customer", language="de")
    own.draft("kunden", "anna")
    made = own.atlas.map("kunden")
    found = {(card.stage, card.text.partition(" ")[0].rstrip(":")): card for card in made.cards.values() if card.figure is not None and card.figure.recipe == "satisfaction"}
    shown = own.show("satisfaction", kind=made.journey)
    best = {name: next(row["question"] for row in shown.rows if row["instrument"] == name) for name in ("nps", "csat", "ces") if any(row["instrument"] == name for row in shown.rows)}
    wanted = {(row["stage"], row["instrument"].upper()): row["score"] for row in shown.rows if row["question"] == best.get(row["instrument"]) and row["stage"] in made.stages and row["score"].value is not None}
    assert wanted
    assert set(found) == set(wanted)
    for place, figure in wanted.items():
        card = found[place]
        assert (card.provenance, made.lanes[card.lane].kind, card.figure.n) == ("data", "figures", figure.n)
        assert card.figure.value == pytest.approx(figure.value, abs=0.51)
    assert own.draft("kunden", "anna").edit is None


def test_the_scores_of_a_draft_for_an_own_segment_are_of_its_companies(own: Workspace) -> None:
    where = pl.read_parquet(own.current().folder / "resolved_accounts.parquet")["country"].drop_nulls().mode()[0]
    own.atlas.store.create(Segment.load({"id": "nah", "rule": {"country": f"^{where}$"}}), "anna")
    own.atlas.store.create(Segment.load({"id": "regellos"}), "anna")
    numbers = {}
    for name, segments in (("alle", ()), ("nahe", ("nah",)), ("keine", ("regellos",))):
        own.atlas.new_map(name, "anna", template="existing-customer", language="de", segments=segments)
        own.draft(name, "anna")
        made = own.atlas.map(name)
        numbers[name] = sum(card.figure.n for card in made.cards.values() if card.figure is not None and card.figure.recipe == "satisfaction" and "NPS" in card.text)
    shown = own.show("satisfaction", kind=own.atlas.map("nahe").journey, segment="nah")
    best = next(row["question"] for row in shown.rows if row["instrument"] == "nps")
    assert numbers["nahe"] == sum(row["score"].n for row in shown.rows if row["question"] == best and row["stage"] in own.atlas.map("nahe").stages and row["score"].value is not None)
    assert 0 < numbers["nahe"] <= numbers["alle"]
    assert numbers["keine"] == 0


def test_the_map_of_the_sample_company_is_said_in_both_languages(own: Workspace) -> None:
    make_documents(own)
    made = own.atlas.map(MAP)
    shown = [(made, "title"), *((stage, "title") for stage in made.stages.values()), *((lane, "title") for lane in made.lanes.values()), *((card, "text") for card in made.cards.values())]
    assert [thing.id for thing, field in shown if not thing.translations.get("en", {}).get(field)] == []
