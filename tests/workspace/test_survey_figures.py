"""What imported answers say of stages, touchpoints and personas."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from etappe.analyses.measures.belonging import persons_of
from etappe.errors import MapFault
from etappe.workspace import answers
from etappe.workspace.surveys import figures
from etappe.workspace.workspace import Workspace


def _answers(path: Path) -> list[dict[str, str]]:
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    return [row for row in rows[2:] if row["Finished"] in ("1", "True", "Wahr")]


def test_the_nps_is_that_of_the_export_wherever_its_answers_lie(built: Workspace, company: Path) -> None:
    given = [int(row["Q1_NPS"]) for row in _answers(company / "raw" / "qualtrics" / "kundenumfrage.csv") if row["Q1_NPS"].isdigit()]
    whole = next(row for row in built.satisfaction(by="all").rows if row["instrument"] == "nps")
    assert whole["answers"] == len(given)
    assert sum(row["answers"] for row in built.satisfaction(by="stage").rows if row["instrument"] == "nps") == len(given)
    if whole["score"].value is not None:
        assert whole["score"].value == pytest.approx(100 * (sum(value >= 9 for value in given) - sum(value <= 6 for value in given)) / len(given))


def test_a_survey_that_nobody_answered_is_told_with_the_nearest(built: Workspace) -> None:
    found = figures(built, "qualtrics")
    assert {row["instrument"] for row in found["by_stage"].rows} == {"nps", "csat", "ces"}
    with pytest.raises(MapFault, match="zendesk satisfaction"):
        figures(built, "zendesk satisfactoin")


def test_imported_needs_stand_on_the_personas_page(own: Workspace, tmp_path: Path) -> None:
    """Answers of people who belong are the persona's; where none is known, those of everybody, and named so."""
    for name in ("production-lead", "purchasing"):
        own.atlas.new_persona(name, "anna", template=name)
    assert own.persona("production-lead").needs == []
    with own.opened() as (engine, build):
        tables = answers.tables(own.folder, engine, build)
        persons = tables.built["persons"].semi_join(persons_of(tables, own.atlas.persona("production-lead").rule), "person_id")
        mails = [row["email"] for row in engine.rows(persons.filter(persons.email.notnull()).select("email"))]
    assert len(mails) >= 5
    draw = random.Random(1)
    head = ["#", "E-Mail", "Wie wichtig ist Ihnen: Ruhe?", "Wie zufrieden sind Sie mit: Ruhe?", "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags"]
    with (tmp_path / "needs.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for number in range(24):
            mine = number < 12
            mail = mails[number % len(mails)] if mine else f"somebody{number}@elsewhere.example"
            writer.writerow([f"r{number}", mail, 5 if mine else 1, draw.choice([1, 2]), "completed", "2026-05-01 10:00:00", "", "2026-05-01 10:05:00", f"n{number}", ""])
    (report,) = own.import_(tmp_path / "needs.csv", learned_at=build.as_of)
    assert report.new == 24
    own.build()
    (need,) = own.persona("production-lead").needs
    assert (need["text"], need["of"], need["n"]) == ("Ruhe", "persona", 12)
    assert need["figure"].value == pytest.approx(20), "all find it important, nobody is satisfied"
    assert own.needs().rows[0]["respondents"] == 24
    (theirs,) = own.persona("purchasing").needs
    assert (theirs["of"], theirs["n"]) == ("everybody", 24)
