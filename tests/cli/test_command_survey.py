"""etappe survey: from a template to answers in the evidence."""

from __future__ import annotations

from pathlib import Path

import etappe
from etappe.workspace.surveys import Surveys

from .test_command_map import Run, run  # noqa: F401


def test_a_survey_is_asked_answered_and_brought_into_the_evidence(run: Run, tmp_path: Path) -> None:  # noqa: F811
    made = run("survey", "new", "nps", "--link", "--stage", "decision", "--json")
    assert made["questions"] == ["recommend", "why"]
    base, _, token = made["links"][0].rpartition("/")
    assert base == "/s/nps", "as the server serves it"
    ws = etappe.open(tmp_path)
    surveys = Surveys(ws.atlas)
    state, page = surveys.page("nps", token=token, language="en", action="/s/nps")
    assert state == "open"
    assert "How likely are you to recommend us?" in page
    done, after = surveys.submit("nps", {"recommend": "9", "why": "Läuft"}, token=token, language="de")
    assert done.id
    assert "Vielen Dank" in after
    assert surveys.submit("nps", {"recommend": "9"}, token=token)[0].state == "used"
    trapped, after = surveys.submit("nps", {"recommend": "9", "website": "http://spam.example"}, token=token)
    assert (trapped.id, "Vielen Dank" in after) == ("", True)
    found = run("survey", "results", "nps", "--json")
    assert (found["responses"], found["used"], found["questions"][0]["figure"]) == (1, 1, {"value": None, "why": "too few", "n": 1})
    assert run("survey", "deliver", "--json") == {"delivered": 1}
    assert run("survey", "deliver", "--json") == {"delivered": 0}
    with ws._engine() as engine:
        rows = engine.rows(ws.lake.read(engine, "feedback").select("survey", "question_ref", "value", "text", "instrument"))
        assert engine.count(ws.lake.read(engine, "events")) == 0
    assert sorted((row["question_ref"], row["value"], row["text"]) for row in rows) == [("recommend", 9.0, None), ("why", None, "Läuft")]
    assert list((tmp_path / "answers").iterdir()) == []


def test_links_of_a_survey_that_is_not_open_are_refused_with_the_next_step(run: Run) -> None:  # noqa: F811
    run("survey", "new", "stimmung", "--template", "csat")
    assert "survey open stimmung" in run("survey", "links", "stimmung", "--json", fails=1)["error"]["do_next"]
    run("survey", "open", "stimmung")
    assert len(run("survey", "links", "stimmung", "--count", "3", "--json")["links"]) == 3
    assert "csat" in run("survey", "new", "x", "--template", "csatt", "--json", fails=1)["error"]["do_next"]
