"""The answers of etappe's own forms come into the evidence as feedback, and as events where it is known who answered."""

from __future__ import annotations

import csv
from pathlib import Path

from etappe.sources.format import recognise
from etappe.sources.sniff import look
from etappe.workspace.surveys import _COLUMNS


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
