"""Who belongs to a persona is its rule over the people of the build, live; its page says what that is worth, and where it is wrong."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from etappe.errors import NotFound, QuestionFault
from etappe.maps.changes import Add, Set
from etappe.maps.database import EDITS
from etappe.maps.verdict_log import VerdictLog
from etappe.workspace.interviews import Interviews
from etappe.workspace.persona_changes import quarter_before
from etappe.workspace.workspace import Workspace

RULE = {"title": "einkauf|einkäuf|purchas"}


@pytest.fixture
def ws(own: Workspace) -> Workspace:
    own.atlas.new_persona("purchasing", "anna", template="purchasing", rule=RULE)
    own.atlas.new_persona("nobody", "anna", title="Ohne Regel")
    return own


def test_the_records_behind_a_figure_of_a_persona_are_those_it_counts(ws: Workspace) -> None:
    page = ws.persona("purchasing")
    assert page.size is not None
    assert page.wins is not None
    people = ws.persona_rows("purchasing", "size", 10_000)
    assert len({row["person_id"] for row in people}) == len(people) == page.size.persons
    journeys = ws.persona_rows("purchasing", "win_rate", 10_000)
    assert len(journeys) == page.wins.n == page.size.journeys
    assert {row["journey_id"] for row in ws.persona_rows("purchasing", "revenue", 10_000)} <= {row["journey_id"] for row in journeys if row["outcome"] == "won"}
    assert len(ws.persona_rows("purchasing", "win_rate_of_all", 10_000)) > len(journeys)
    for role in page.roles:
        assert len(ws.persona_rows("purchasing", f"role:{role['role']}", 10_000)) == pytest.approx(role["figure"].value * role["figure"].n)
    with pytest.raises(QuestionFault, match="no figure"):
        ws.persona_rows("purchasing", "age")


def test_the_live_size_is_the_people_whom_the_rule_finds(ws: Workspace, tmp_path: Path) -> None:
    build = ws.folder.builds / (ws.folder.builds / "current").read_text().strip()
    persons = pl.read_parquet(build / "persons.parquet").filter(~pl.col("internal").fill_null(False) & ~pl.col("anonymous").fill_null(False))
    expected = persons.filter(pl.col("title").str.to_lowercase().str.contains(RULE["title"]))
    page = ws.persona("purchasing")
    assert page.size is not None
    assert page.size.persons == len(expected) > 10
    assert page.size.share.value == pytest.approx(len(expected) / len(persons))
    assert page.size.unassigned == len(persons) - len(expected)
    assert len(page.size.active) == 12
    assert page.size.active[-1][0] == f"{page.as_of:%Y-%m}"


def test_revenue_wins_and_roles_are_of_journeys_in_which_such_a_person_took_part(ws: Workspace) -> None:
    page = ws.persona("purchasing")
    build = ws.folder.builds / (ws.folder.builds / "current").read_text().strip()
    center, journeys = (pl.read_parquet(build / f"{name}.parquet") for name in ("buying_center", "journeys"))
    persons = pl.read_parquet(build / "persons.parquet").filter(pl.col("title").str.to_lowercase().str.contains(RULE["title"]))
    took = center.join(persons, "person_id", "semi").select("journey_id").unique()
    mine = journeys.join(took, "journey_id", "semi")
    assert page.size is not None
    assert page.size.journeys == len(mine)
    assert page.revenue is not None
    assert page.revenue.value == pytest.approx(mine["won_value"].sum() / journeys["won_value"].sum())
    assert page.roles[0]["role"] == "buyer"
    assert ws.show("journeys", persona="purchasing").population["journeys"] == len(mine)
    assert len(ws.show("content", matrix="persona")) > 0


def test_without_a_rule_the_size_is_unknown_and_nothing_is_guessed(ws: Workspace) -> None:
    page = ws.persona("nobody")
    assert page.size is None
    assert page.problem is not None
    assert "no rule" in page.problem
    ws.atlas.new_map("kauf", "anna", personas=["nobody"])
    ws.atlas.apply("map", "kauf", Add(collection="cards", thing={"id": "k1", "stage": "research", "lane": "actions", "order": "V", "claim": "coverage(article) >= 0.1"}), "anna")
    claim = ws.check("kauf").claims[0]
    assert claim.verdict.value == "no_data"
    assert claim.judged is not None
    assert "no rule" in claim.judged.caveats[0]
    with pytest.raises(QuestionFault):
        ws.show("journeys", persona="nobody")
    with pytest.raises(NotFound) as told:
        ws.show("journeys", persona="purchasin")
    assert "purchasing" in told.value.do_next


def test_a_rule_that_cannot_be_read_is_told_on_page_and_map(ws: Workspace) -> None:
    ws.atlas.apply("persona", "nobody", Set(path=("rule",), value={"title": "(leiter"}), "anna")
    assert "cannot be read" in str(ws.persona("nobody").problem)
    ws.atlas.new_map("kauf", "anna", personas=["nobody"])
    ws.atlas.apply("map", "kauf", Add(collection="cards", thing={"id": "k1", "stage": "research", "lane": "actions", "order": "V", "claim": "coverage(article) >= 0.1"}), "anna")
    assert ws.check("kauf").claims[0].verdict.value == "no_data"


def test_interviews_make_quotes_forces_insights_and_answers_to_claims(ws: Workspace, tmp_path: Path) -> None:
    room = Interviews(ws.atlas)
    for number in range(4):
        path = tmp_path / f"gespraech-{number}.txt"
        path.write_text(f"Interviewer: Warum?\nKunde: [[barrier #preis unklar stage=preselection feeling=-1.5 | Der Preis war {number} Wochen lang unklar.]] [[push #anbieter stumm | Der alte Anbieter antwortet nicht.]]\n", encoding="utf-8")
    done = room.import_(sorted(tmp_path.glob("*.txt")), "anna", personas=["purchasing"])
    assert [item.fault for item in done] == [None] * 4
    page = ws.persona("purchasing")
    assert page.interviews == 4
    assert [(item.what, item.k, item.n) for item in page.insights["barrier"]] == [("preis unklar", 4, 4)]
    assert [(item.what, item.k) for item in page.forces["push"]] == [("anbieter stumm", 4)]
    assert page.quotes[0]["quote"].startswith("Der Preis war")
    ws.atlas.new_map("kauf", "anna", personas=["purchasing"], language="de")
    card = {"id": "k1", "stage": "preselection", "lane": "pain_points", "order": "V", "text": "Preis?", "claim": "mention(preis unklar) >= 3 of interviews"}
    ws.atlas.apply("map", "kauf", Add(collection="cards", thing=card), "anna")
    made = ws.check("kauf")
    assert made.claims[0].verdict.value == "confirmed"
    assert [spot.what for spot in made.blind_spots if spot.kind == "quote"] == ["anbieter stumm"]
    ws.add_blind_spots("kauf", ["quote.anbieter-stumm"], "anna")
    card_ = next(card for card in ws.atlas.map("kauf").cards.values() if card.evidence)
    assert card_.provenance == "interview"
    assert len(card_.evidence) == 4


def test_what_is_contradicted_stands_on_the_page_and_all_of_it_is_json(ws: Workspace) -> None:
    ws.atlas.new_map("kauf", "anna", personas=["purchasing"])
    ws.atlas.apply("map", "kauf", Add(collection="cards", thing={"id": "k1", "stage": "preselection", "lane": "actions", "order": "V", "claim": "coverage(webinar) >= 0.95"}), "anna")
    trait = {"id": "t1", "kind": "fact", "order": "z", "text": "Kommt früh dazu", "claim": "coverage(webinar) >= 0.95"}
    ws.atlas.apply("persona", "purchasing", Add(collection="traits", thing=trait), "anna")
    page = ws.persona("purchasing").to_dict()
    assert json.loads(json.dumps(page)) == page
    assert [(row.get("persona"), row.get("map"), row["card"]) for row in page["wrong"]] == [("purchasing", None, "t1"), (None, "kauf", "k1")]
    assert page["journeys"][0]["contradicted"] == 1


def test_personas_by_stages_show_both_curves(ws: Workspace) -> None:
    ws.atlas.new_map("kauf", "anna", template="seven-phases", personas=["purchasing"], examples=True)
    found = ws.persona_stages("kauf", ["purchasing", "nobody"])
    mine, other = found["personas"]
    assert [cell["stage"] for cell in mine["stages"]] == [stage["id"] for stage in found["stages"]]
    late, early = (next(cell["active"]["value"] or 0 for cell in mine["stages"] if cell["stage"] == stage) for stage in ("decision", "research"))
    assert late > early, "purchasing comes late"
    assert mine["stages"][0]["hand"] is not None
    assert other["problem"] == "no rule"
    assert {cell["active"] and cell["active"]["value"] for cell in other["stages"]} == {None}


def test_what_changed_is_told_by_figures_verdicts_and_words_of_then_and_now(ws: Workspace) -> None:
    builds = ws.folder.builds
    now = builds / (builds / "current").read_text().strip()
    then = shutil.copytree(now, builds / "20200101T000000000000-earlier")
    (then / "about.json").write_text(json.dumps(json.loads((now / "about.json").read_text()) | {"as_of": "2026-03-31T21:59:59+00:00"}))
    persons = pl.read_parquet(then / "persons.parquet")
    mine = persons.filter(pl.col("title").str.to_lowercase().str.contains(RULE["title"]) & ~pl.col("internal").fill_null(False) & ~pl.col("anonymous").fill_null(False))
    persons.join(mine.head(4), "person_id", "anti").write_parquet(then / "persons.parquet")
    ws.atlas.new_map("kauf", "anna", personas=["purchasing"])
    ws.atlas.apply("map", "kauf", Add(collection="cards", thing={"id": "k1", "stage": "preselection", "lane": "actions", "order": "V", "claim": "coverage(webinar) >= 0.95"}), "anna")
    log = VerdictLog(ws.atlas.store.database)
    log.note("kauf", {("k1", "coverage(webinar) >= 0.95"): "confirmed", ("gone", "coverage(webinar) >= 0.1"): "confirmed"}, dt.date(2026, 1, 5))
    log.note("kauf", {("k1", "coverage(webinar) >= 0.95"): "contradicted", ("gone", "coverage(webinar) >= 0.1"): "contradicted"}, dt.date(2026, 6, 2))
    found = ws.persona("purchasing", since=dt.date(2026, 4, 15)).to_dict()["changes"]
    assert (found["then"], found["persons"]) == ("2026-03-31", [len(mine) - 4, len(mine)])
    assert [item["name"] for item in found["figures"]] == ["share", "revenue", "win_rate"]
    assert [(flip["card"], flip["before"], flip["after"], flip["on"]) for flip in found["flips"]] == [("k1", "confirmed", "contradicted", "2026-06-02")], "a card that is gone has no verdict"
    assert found["made_on"] is not None, "it was made after that day: there is no state of then"
    assert ws.persona("purchasing", since=dt.date(2026, 6, 3)).to_dict()["changes"]["flips"] == []
    today = dt.datetime.now(dt.UTC).date()
    ws.atlas.apply("persona", "purchasing", Set(path=("sentence",), value="Neu gesagt"), "bert")
    with ws.atlas.store.database.writing() as connection:  # all but the last edit is of yesterday
        connection.execute(sa.update(EDITS).where(EDITS.c.document == "purchasing", EDITS.c.author == "anna").values(at=f"{today - dt.timedelta(days=2)}T10:00:00+00:00"))
    found = ws.persona("purchasing", since=today - dt.timedelta(days=1)).to_dict()["changes"]
    assert (found["made_on"], found["authors"]) == (None, ["bert"])
    assert [(row["field"], row["after"]) for row in found["document"]] == [("sentence", "Neu gesagt")]


def test_without_an_earlier_build_no_figure_of_then_is_made_up(ws: Workspace) -> None:
    before = sorted(ws.folder.builds.iterdir())
    found = ws.persona("purchasing").changes
    assert (found.then, found.persons, found.figures) == (None, None, [])
    assert sorted(ws.folder.builds.iterdir()) == before, "no build is made for it"


@pytest.mark.parametrize(("day", "before"), [((2026, 6, 30), (2026, 3, 30)), ((2026, 5, 31), (2026, 2, 28)), ((2026, 1, 15), (2025, 10, 15)), ((2026, 3, 31), (2025, 12, 31))])
def test_a_quarter_before_a_day_is_a_day(day: tuple[int, int, int], before: tuple[int, int, int]) -> None:
    assert quarter_before(dt.date(*day)) == dt.date(*before)
