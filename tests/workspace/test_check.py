"""A map held against the evidence: the verdicts are those of the figures, and every fault is told, not raised."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from etappe.maps.changes import Add, Set, Several
from etappe.words.claim import Verdict
from etappe.workspace.check import Check
from etappe.workspace.interviews import Interviews
from etappe.workspace.workspace import Workspace


def claim(id: str, text: str, stage: str = "preselection", lane: str = "actions", **fields: object) -> Add:
    return Add(collection="cards", thing={"id": id, "stage": stage, "lane": lane, "order": "V", "text": id, "claim": text, **fields})


def checked(ws: Workspace, *cards: Add, **map_fields: object) -> Check:
    ws.atlas.new_map("kauf", "anna", template="seven-phases", language="de", **map_fields)
    ws.atlas.apply("map", "kauf", Several(changes=cards), "anna")
    return ws.check("kauf")


def verdicts(made: Check) -> dict[str, str]:
    return {item.card: item.verdict.value for item in made.claims}


def test_each_measure_is_answered_and_a_claim_and_its_opposite_are_never_both_confirmed(own: Workspace) -> None:
    pairs = {
        "coverage": "coverage(pricing page) in preselection {} 0.2", "dwell": "dwell(preselection) {} 8 days", "conversion": "conversion(preselection) {} 0.35",
        "order": "order(article, sales call) {} 0.3", "milestone": "milestone(sales call) in first_talks within 60 days {} 0.05", "feeling": "feeling(survey answer) {} 0.2 where kind = first_purchase, repurchase, expansion, renewal, win_back",
        "found": 'found("schwingungsmessung") {} 30', "mention": "mention(montage) {} 2 of tickets where kind = repurchase, renewal, expansion",
    }  # fmt: skip
    cards = [claim(f"{name}-{side}", text.format(sign), stage="preselection") for name, text in pairs.items() for side, sign in (("more", ">="), ("less", "<="))]
    made = verdicts(checked(own, *cards))
    for name in pairs:
        assert {made[f"{name}-more"], made[f"{name}-less"]} == {"confirmed", "contradicted"}, name


def test_what_cannot_be_read_or_does_not_exist_is_told_with_the_nearest_name(own: Workspace) -> None:
    made = checked(
        own, claim("typo", "coverage(webinr) >= 0.3"), claim("grammar", "coverage(webinar >= 0.3"), claim("tier", "coverage(webinar) >= 0.3 where tier = Hott"),
        claim("content", 'content("vibration-analysis-guidee") >= 0.1'), claim("gone", "coverage(webinar) in awareness >= 0.3"),
    )  # fmt: skip
    told = {item.card: item for item in made.claims}
    assert {item.verdict for item in made.claims} == {Verdict.NO_DATA}
    assert told["typo"].fault is not None
    assert "`webinar`" in told["typo"].fault.do_next
    assert told["grammar"].fault is not None
    assert told["gone"].fault is not None
    assert told["tier"].judged is not None
    assert "`Hot`" in told["tier"].judged.caveats[0]
    assert not made.contradicted


def test_a_check_loads_nothing_that_it_has_no_use_for(own: Workspace) -> None:
    checked(
        own, claim("met", "coverage(webinar) in preselection >= 0.3"), claim("felt", "feeling(preselection) >= 0"), claim("read", 'content("/preise") >= 0.1'),
        claim("written", "mention(preis) >= 3 of reviews"), claim("stay", "dwell(preselection) <= 30 days where segment = large"),
    )  # fmt: skip
    code = f"import sys; from pathlib import Path; from etappe.workspace.workspace import open_workspace; open_workspace(Path({str(own.folder.root)!r})).check('kauf').to_dict(); print(sorted({{'pandas', 'polars', 'scipy'}} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_too_few_and_out_of_date_come_before_the_interval(own: Workspace) -> None:
    made = checked(own, claim("few", "coverage(pricing page) in preselection >= 0.1 with n >= 100000"), claim("old", "coverage(pricing page) in preselection >= 0.1 with age <= 0.001 days"))
    assert verdicts(made) == {"few": "too_few", "old": "out_of_date"}


def test_the_answer_has_the_shape_that_scripts_rely_on(own: Workspace) -> None:
    made = checked(own, claim("k1", "coverage(Preisseite) in Vorauswahl >= 20 %")).to_dict()
    assert json.loads(json.dumps(made)) == made
    assert {"map", "as_of", "agreement", "claims", "blind_spots"} <= made.keys()
    assert {"value", "low", "high", "n"} <= made["agreement"].keys()
    first = made["claims"][0]
    assert {"card", "stage", "lane", "claim", "verdict", "figure", "recipe", "population"} <= first.keys()
    assert (first["card"], first["stage"], first["lane"], first["claim"]) == ("k1", "preselection", "actions", "coverage(Preisseite) in Vorauswahl >= 0.2")
    assert first["asked"] == "coverage(pricing page) in preselection >= 0.2", "with ids, so that any language can name them"
    assert first["population"]["filters"] == {"kind": ["first_purchase"]}
    assert {"stage", "touchpoint", "coverage", "journeys"} <= made["blind_spots"][0].keys()


def test_a_changed_verdict_is_remembered_with_its_day(own: Workspace) -> None:
    first = checked(own, claim("k1", "coverage(pricing page) in preselection >= 0.2")).claims[0]
    assert (first.since, first.before) == (own.settings.as_of.date() if own.settings.as_of else None, None)
    from etappe.maps.verdict_log import VerdictLog

    log = VerdictLog(own.atlas.store.database)
    day = first.since
    assert day is not None
    later = day.replace(year=day.year + 1)
    assert log.note("kauf", {("k1", first.text): "contradicted"}, later) == 1
    assert log.note("kauf", {("k1", first.text): "contradicted"}, later) == 0
    assert log.note("kauf", {("k1", first.text): "undecided"}, day) == 0, "an earlier day does not rewrite what was noted later"
    assert [turn.verdict for turn in log.of("kauf")["k1", first.text]] == ["confirmed", "contradicted"]


def test_the_rows_behind_a_share_give_the_share(own: Workspace) -> None:
    made = checked(own, claim("k1", "order(article, pricing page) >= 0.1")).claims[0]
    assert made.behind is not None
    assert made.figure is not None
    rows = made.behind(10**6)
    assert len(rows) == made.figure.n
    assert sum(row["in_order"] for row in rows) / len(rows) == pytest.approx(made.figure.value)


def test_what_a_card_speaks_of_is_no_blind_spot_and_is_explained(own: Workspace) -> None:
    before = checked(own)
    spot = next(item for item in before.blind_spots if item.kind == "touchpoint")
    own.atlas.apply("map", "kauf", Add(collection="cards", thing={"id": "t", "stage": spot.stage, "lane": "touchpoints", "text": f"{spot.label['de']} ansehen"}), "anna")
    after = own.check("kauf")
    assert spot.id not in {item.id for item in after.blind_spots}
    assert before.explained.value is not None
    assert after.explained.value is not None
    assert after.explained.value > before.explained.value
    own.atlas.apply("map", "kauf", Set(collection="cards", id="t", path=("stage",), value="decision"), "anna")
    assert spot.id in {item.id for item in own.check("kauf").blind_spots}, "a card in another stage does not speak of this one"


def test_the_steps_behind_the_agreement_give_the_agreement_and_begin_with_what_the_map_lacks(own: Workspace) -> None:
    made = checked(own, claim("k1", "order(article, pricing page) >= 0.1"))
    assert made.behind is not None
    rows = made.behind(10**6)
    lacking = [row["not_on_map"] for row in rows]
    assert 0 < sum(lacking) < len(rows)
    assert lacking == sorted(lacking, reverse=True)
    assert sum(row["steps"] for row in rows) == made.explained.n
    assert sum(row["steps"] for row in rows if not row["not_on_map"]) / made.explained.n == pytest.approx(made.explained.value)
    assert made.behind(3) == rows[:3]
    assert made.to_dict()["agreement"]["recipe"]["name"] == "explained steps"


def test_two_thousand_cards_are_checked_and_a_card_in_a_stage_that_is_gone_is_kept(own: Workspace) -> None:
    cards = [claim(f"c{number}", "coverage(webinar) in preselection >= 0.9" if number % 2 else "", stage="gone" if number == 7 else "preselection") for number in range(2000)]
    made = checked(own, *cards)
    assert len(made.claims) == 1000
    assert made.counts()["contradicted"] == 1000


def test_content_is_used_where_the_steps_say_so_whoever_else_asks_for_content(own: Workspace) -> None:
    folder = own.current().folder
    first = pl.read_parquet(folder / "journeys.parquet").filter(pl.col("kind") == "first_purchase")
    steps = pl.read_parquet(folder / "steps.parquet").filter(pl.col("name").is_not_null() & pl.col("url").is_not_null()).join(first, on="journey_id", how="semi")
    names = steps.group_by("name").len().sort("len", descending=True)["name"].to_list()[:4]
    texts = [*(f'content("{name}") in research >= 0.01' for name in names), f'content("{names[0]}", "{names[1]}") >= 0.01', 'content("there is none of this name") >= 0.01']
    together = checked(own, *(claim(f"c{place}", text) for place, text in enumerate(texts)))
    used = {item.card: {row["journey_id"] for row in item.behind(1_000_000) if row["uses"]} for item in together.claims if item.behind}
    for place, name in enumerate(names):
        assert used[f"c{place}"] == set(steps.filter((pl.col("name").str.to_lowercase() == name.lower()) & (pl.col("stage") == "research"))["journey_id"])
    assert used["c4"] == set(steps.filter(pl.col("name").is_in(names[:2]))["journey_id"])
    assert verdicts(together)["c5"] == "no_data"


def test_interviews_that_say_not_whose_they_are_are_told_and_not_passed_over(own: Workspace, tmp_path: Path) -> None:
    own.atlas.new_persona("einkauf", "anna", template="purchasing")
    asked = claim("k1", "mention(preis) >= 1 of interviews")
    assert "no interviews" in checked(own, asked, personas=["einkauf"]).claims[0].told("en")[0]
    path = tmp_path / "a.txt"
    path.write_text("Anna: Warum?\nBernd: Der Preis.\nAnna: Gut.\nBernd: Ja.\n", encoding="utf-8")
    Interviews(own.atlas).import_([path], "anna")
    (told,) = own.check("kauf").claims[0].told("de")
    assert told.startswith("Keines der Interviews (1) ist von dieser Persona")
