"""The answers of etappe's own forms come into the evidence as feedback, and as events where it is known who answered."""

from __future__ import annotations

import csv
from pathlib import Path

from etappe.maps.survey import Survey
from etappe.sources.format import recognise
from etappe.sources.sniff import look
from etappe.words.question import low_is_good
from etappe.workspace.surveys import _COLUMNS, Surveys
from etappe.workspace.workspace import init_workspace


def test_the_file_that_a_delivery_writes_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerow(
            {
                "etappe_answer": "r1-q",
                "etappe_survey": "nps",
                "response_id": "r1",
                "first": 1,
                "answered_at": "2026-06-30T10:00:00+00:00",
                "question_ref": "q",
                "value": 9,
            }
        )
    found = recognise(look(path))
    assert found[0][1].name == "etappe survey answers"


def test_an_answer_where_low_is_good_is_delivered_so_that_it_is_read_as_it_was_meant(tmp_path: Path) -> None:
    """Whatever the words say by themselves, a 1 of a question whose low end is good comes to the good end."""
    atlas = init_workspace(tmp_path / "acme").atlas
    asked = {
        "plain": ("rating", "Wie sehr hat es gestört?", "low"), "effort": ("ces", "Wie viel Aufwand war es?", "low"),
        "wordless": ("ces", "Wie war es?", "low"), "easy": ("ces", "Es war einfach.", "high"), "odd": ("ces", "Aufwand", "high"),
    }  # fmt: skip
    questions = {id: {"id": id, "order": "V", "instrument": instrument, "text": text, "direction": direction} for id, (instrument, text, direction) in asked.items()}
    atlas.store.create(Survey.load({"id": "s", "language": "de", "state": "open", "access": "public", "questions": questions}), "anna")
    surveys = Surveys(atlas)
    surveys.submit("s", dict.fromkeys(asked, "1"))
    path, _ = surveys.deliver()
    assert path is not None
    for row in csv.DictReader(path.open(encoding="utf-8")):
        low, high, value = (int(row[name]) for name in ("low", "high", "value"))
        bad = high if low_is_good(row["instrument"], row["question"]) else low
        assert value == (low + high - bad if asked[row["question_ref"]][2] == "low" else bad), row
        assert ("umgepolt" in row["question"]) == (row["question_ref"] in ("plain", "wordless", "odd"))
