"""etappe map, persona, segment: what a marketer types and what a script reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etappe.cli.main import main

Run = Callable[..., Any]

TOML = '[workspace]\nname = "Messwerk"\nlanguage = "de"\n\n[build]\nas_of = "2026-06-30"\n'
STAGES = "models:\n  - id: seven-phases\n    stages:\n" + "".join(
    f"      - {{id: {id}, de: {de}, en: {en}}}\n"
    for id, de, en in (("research", "Vorrecherche", "Research"), ("preselection", "Vorauswahl", "Preselection"), ("shortlist", "Shortlist", "Shortlist"), ("decision", "Entscheidung", "Decision"), ("first_talks", "Vorgespräche", "First talks"), ("supplier_search", "Anbietersuche", "Supplier search"), ("request_for_proposal", "Angebotsanforderung", "Request for proposal"))
)
TOUCHPOINTS = "touchpoints:\n" + "".join(f"  - {{id: {id}, de: {de}}}\n" for id, de in (("pricing page", "Preisseite"), ("webinar", "Webinar"), ("article", "Fachartikel"), ("solution page", "Lösungsseite"), ("sales call", "Telefonat"), ("on-site demo", "Vorführung"), ("demo request", "Demo-Anfrage")))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in a small workspace; with --json returns what it said, else its text. `fails` is the exit code wanted."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "etappe.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "rules" / "stages.yaml").write_text(STAGES, encoding="utf-8")
    (tmp_path / "rules" / "touchpoints.yaml").write_text(TOUCHPOINTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ETAPPE_WORKSPACE", raising=False)
    monkeypatch.delenv("ETAPPE_DATABASE", raising=False)
    monkeypatch.setenv("ETAPPE_AUTHOR", "anna")

    def go(*words: str, fails: int = 0) -> Any:
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        said = capsys.readouterr()
        assert ended.value.code == fails, said.err
        if "--json" in words:
            return json.loads(said.err if fails and not said.out else said.out)
        return said.out + said.err

    return go


def test_a_map_is_made_from_a_template_in_german_with_its_persona(run: Run) -> None:
    run("persona", "new", "it-lead", "--from-template")
    made = run("map", "new", "machine-buying", "--template", "seven-phases", "--persona", "it-lead", "--journey", "first_purchase", "--language", "de", "--json")
    assert made["stages"] == ["research", "supplier_search", "preselection", "first_talks", "request_for_proposal", "shortlist", "decision"]
    assert made["cards"] == 0
    shown = run("map", "show", "machine-buying")
    assert "■ Vorauswahl" in shown
    assert "it-lead" in shown
    (row,) = run("map", "list", "--json")
    assert (row["id"], row["owner"], row["review_by"]) == ("machine-buying", "anna", "2026-12-29")
    assert run("map", "lint", "machine-buying", "--json")["findings"] == []


def test_a_map_without_a_persona_is_everybodys(run: Run) -> None:
    run("map", "new", "m", "--template", "three-stage", "--language", "en")
    assert "everybody" in run("map", "show", "m")


def test_cards_are_added_moved_set_and_taken_back_by_command(run: Run) -> None:
    run("map", "new", "m")
    added = run("map", "edit", "add", "m", "--stage", "preselection", "--lane", "pain_points", "--text", "Kein Preis", "--claim", "mention(price)>=3", "--id", "k1", "--json")
    assert added["revision"] == 2
    run("map", "edit", "add", "m", "--stage", "preselection", "--lane", "pain_points", "--text", "Zu lang", "--id", "k2")
    run("map", "edit", "move", "m", "k2", "--before", "k1")
    run("map", "edit", "set", "m", "k1", "effort", "3")
    run("map", "edit", "translate", "m", "k1", "en", "text", "No price")
    run("map", "edit", "link", "m", "k1", "interview:int-07#t=412", "--quote", "Was kostet das?")
    run("map", "edit", "comment", "m", "k1", "Stimmt das?")
    run("map", "edit", "feel", "m", "preselection", "--", "-0.5")
    document = run("map", "show", "m", "--json")
    assert sorted(document["cards"], key=lambda id: document["cards"][id]["order"]) == ["k2", "k1"]
    assert document["cards"]["k1"]["claim"] == "mention(price) >= 3 of interviews"
    assert (document["cards"]["k1"]["effort"], document["cards"]["k1"]["translations"]) == (3, {"en": {"text": "No price"}})
    assert document["feelings"]["preselection/_/_/hand"]["value"] == -0.5
    assert [edit["author"] for edit in run("map", "history", "m", "--card", "k1", "--json")] == ["anna"] * 5
    run("map", "undo", "m")
    assert run("map", "show", "m", "--json").get("feelings") is None
    run("map", "edit", "set", "m", "-", "title", "Kauf")
    assert run("map", "show", "m", "--json")["title"] == "Kauf"
    run("map", "edit", "remove", "m", "k2")
    run("map", "restore", "m", "--to", "3", "--card", "k2")
    assert "k2" in run("map", "show", "m", "--json")["cards"]


def test_export_then_import_changes_nothing_and_edits_of_both_sides_come_together(run: Run, tmp_path: Path) -> None:
    run("map", "new", "m", "--examples")
    run("map", "export", "m")
    path = tmp_path / "m.map.yaml"
    assert run("map", "import", str(path), "--json")["imported"][0]["edit"] is None
    run("map", "edit", "set", "m", "research-actions-1", "owner", "ben", "--author", "ben")
    run("map", "edit", "set", "m", "research-actions-2", "text", "Von Ben", "--author", "ben")
    path.write_text(path.read_text(encoding="utf-8").replace("text: Liest Fachartikel über das Problem", "text: Liest viel  # gehört").replace("Schreibt auf, was die Lösung können muss", "Aus der Datei"), encoding="utf-8")
    (done,) = run("map", "import", str(path), "--json")["imported"]
    assert [item["address"] for item in done["edit"]["over"]] == [["cards", "research-actions-2", "text"]]
    cards = run("map", "show", "m", "--json")["cards"]
    assert (cards["research-actions-1"]["owner"], cards["research-actions-1"]["text"], cards["research-actions-2"]["text"]) == ("ben", "Liest viel", "Aus der Datei")
    run("map", "export", "m")
    assert "text: Liest viel  # gehört" in path.read_text(encoding="utf-8")
    changes = run("map", "diff", "m@1", "--json")["changes"]
    assert {(row["id"], row["field"], row["after"]) for row in changes} == {("research-actions-1", "owner", "ben"), ("research-actions-1", "text", "Liest viel"), ("research-actions-2", "text", "Aus der Datei")}
    assert run("map", "diff", str(path), "m", "--json")["changes"] == []


def test_a_file_with_faults_is_refused_whole_and_lint_tells_them_all(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "m.map.yaml"
    path.write_text("map: m\ncards:\n  - id: a\n    text: eins\n  - id: a\n    text: zwei\n  - id: b\n    effort: 9\n", encoding="utf-8")
    error = run("map", "import", str(path), "--json", fails=1)["error"]
    assert [fault["where"].split(":", 1)[1] for fault in error["faults"]] == ["5:5", "8:13"]
    assert run("map", "list", "--json") == []
    linted = run("map", "lint", str(path), "--json", fails=1)
    assert linted["errors"] >= 2


def test_a_card_in_a_stage_that_is_gone_is_kept_and_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "m.map.yaml"
    path.write_text("map: m\nstages:\n  - id: research\nlanes:\n  - id: actions\ncards:\n  - id: a\n    stage: reserch\n    lane: actions\n    text: bleibt\n", encoding="utf-8")
    (done,) = run("map", "import", str(path), "--json")["imported"]
    assert done["findings"][0]["do_next"] == "Did you mean `research`?"
    assert "bleibt" in run("map", "show", "m")


def test_claims_may_name_touchpoints_and_stages_in_german_and_typos_get_the_nearest(run: Run) -> None:
    run("map", "new", "m")
    run("map", "edit", "add", "m", "--stage", "preselection", "--lane", "actions", "--text", "t", "--claim", "coverage(Preisseite) in Vorauswahl >= 30 %")
    assert run("map", "lint", "m", "--json")["errors"] == 0
    run("map", "edit", "add", "m", "--stage", "preselection", "--lane", "actions", "--text", "t", "--claim", "coverage(Preisseit) in Vorauswahl >= 30 %")
    (finding,) = run("map", "lint", "m", "--json", fails=1)["findings"]
    assert finding["do_next"] == "Did you mean `Preisseite`?"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["map", "edit", "add", "m", "--stage", "preselektion", "--lane", "actions", "--text", "t"], "preselection"),
        (["map", "edit", "add", "m", "--stage", "research", "--lane", "actions", "--text", "t", "--claim", "coverge(x) >= 1"], "coverage"),
        (["map", "edit", "set", "m", "reserch", "title", "x"], "research"),
        (["map", "show", "n"], "m"),
        (["map", "new", "x", "--template", "seven-phase"], "seven-phases"),
        (["map", "restore", "m", "--to", "gestern"], "number"),
        (["map", "history", "m", "--card", "actons"], "actions"),
        (["map", "new", "m"], "another name"),
        (["map", "new", "Große Karte"], "Mend"),
    ],
)
def test_a_wrong_name_is_answered_with_the_next_step(run: Run, words: list[str], hint: str) -> None:
    run("map", "new", "m")
    assert hint in run(*words, "--json", fails=1)["error"]["do_next"]


def test_a_named_version_can_be_compared_and_restored(run: Run) -> None:
    run("map", "new", "m")
    run("map", "mark", "m", "vor dem Workshop")
    run("map", "edit", "set", "m", "-", "title", "anders")
    assert [row["field"] for row in run("map", "diff", "m@vor dem Workshop", "--json")["changes"]] == ["title"]
    run("map", "restore", "m", "--to", "vor dem Workshop")
    assert run("map", "diff", "m@vor dem Workshop", "--json")["changes"] == []


def test_personas_and_segments_go_out_and_in_as_text(run: Run, tmp_path: Path) -> None:
    run("persona", "new", "it-lead", "--from-template", "--also", "en")
    run("persona", "export", "it-lead")
    path = tmp_path / "it-lead.persona.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Fehlalarme", "").replace("title: IT-Leitung", "title: IT-Leiterin"), encoding="utf-8")
    run("persona", "import", str(path))
    shown = run("persona", "show", "it-lead", "--json")
    assert (shown["title"], shown["roles"], shown["grounded"]) == ("IT-Leiterin", ["gatekeeper", "influencer"], "assumption")
    assert "IT lead" in run("persona", "show", "it-lead", "--language", "en")
    run("segment", "new", "machine-builders", "--title", "Maschinenbauer")
    assert run("segment", "show", "machine-builders", "--json")["title"] == "Maschinenbauer"
    assert "geschrieben" in run("segment", "export", "machine-builders")
    assert "not a map" in run("map", "import", str(tmp_path / "machine-builders.segment.yaml"), "--json", fails=1)["error"]["what"]


def test_every_template_gives_a_map_without_findings_in_both_languages(run: Run) -> None:
    listed = run("map", "templates", "--json")
    assert {row["template"] for row in listed["templates"]} >= {"three-stage", "five-stage", "seven-phases", "existing-customer", "saas-use"}
    assert [row["way"] for row in listed["ways"]] == ["research", "hypotheses", "co-creation"]
    for number, row in enumerate(listed["templates"]):
        made = run("map", "new", f"m{number}", "--template", row["template"], "--language", "en", "--also", "de", "--examples", "--way", "hypotheses", "--json")
        assert made["cards"] > 10
        asked = run("map", "questions", f"m{number}", "--json")
        assert len(asked) >= 3 * 7
        assert all(item["question"] for item in asked)


@pytest.mark.parametrize(("language", "made", "asked"), [("de", "Map kauf angelegt", "Zeile"), ("en", "made the map kauf", "lane")])
def test_commands_over_documents_speak_the_language_of_the_workspace(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str, made: str, asked: str
) -> None:  # fmt: skip
    monkeypatch.setenv("ETAPPE_WORKSPACE", str(tmp_path / "w"))
    told = []
    for words in (["init", str(tmp_path / "w"), "--language", language], ["map", "new", "kauf", "--template", "seven-phases"], ["map", "questions", "kauf"]):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert not left.value.code
        told.append(capsys.readouterr().out)
    assert told[1].startswith(made)
    assert asked in told[2].splitlines()[1]
