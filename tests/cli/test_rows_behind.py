"""The records behind an answer: headings and words of the reader's language, and a word where there are none or too many."""

from __future__ import annotations

from pathlib import Path

import pytest

from etappe.analyses import analysis
from etappe.cli import answer
from etappe.reports.headings import VALUES
from etappe.reports.table import cell_of
from etappe.reports.texts import Words
from etappe.words.kinds import EVENT_KINDS
from etappe.words.result import Recipe, Result
from etappe.workspace.workspace import open_workspace

GERMAN = Words("de")


def result(rows: list[dict[str, object]], caveats: tuple[str, ...] = ()) -> Result:
    return Result("stages", Recipe("stages", 1, "how"), ("stage",), [], caveats=caveats, evidence=lambda limit: rows[:limit])


@pytest.mark.parametrize("name", analysis.names())
def test_every_column_of_the_records_has_a_heading(company: Path, name: str) -> None:
    rows = open_workspace(company / "workspace").show(name, rows=True).behind(50)
    columns = {column for row in rows for column in row} - answer._INNER
    assert [column for column in sorted(columns) if not GERMAN.known(f"c_{column}")] == []


def test_kinds_of_events_and_what_a_stay_led_to_are_words_of_the_reader() -> None:
    called = {kind: VALUES[kind][0] if kind in VALUES else GERMAN.any_term(kind) for kind in EVENT_KINDS}
    assert [kind for kind, word in called.items() if word == kind or cell_of("kind", kind, GERMAN).text != word] == []
    assert [cell_of("left_to", word, GERMAN).text for word in ("dormant", "decision")] == ["eingeschlafen", "Entscheidung"]
    assert [cell_of(column, "sales call", GERMAN).text for column in ("entered_by", "from", "touch")] == ["Telefonat Vertrieb"] * 3


def test_an_answer_without_records_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    answer.print_rows(result([], ("Nothing was won.",)), "en")
    assert capsys.readouterr().out.splitlines() == ["No record stands behind this answer.", "·\N{NO-BREAK SPACE}Nothing was won."]


def test_records_that_are_cut_are_counted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[str, object]] = [{"stage": "use", "days": float(n)} for n in range(1200)]
    answer.print_rows(result(rows), "en")
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 1 + 1000 + 1
    assert told[-1].strip() == "The first 1,000 of 1,200 rows are shown; --json has all."
    answer.print_rows(result(rows[:1000]), "en")
    assert "--json" not in capsys.readouterr().out
    monkeypatch.setattr(answer, "MOST_BEHIND", 1100)
    answer.print_rows(result(rows), "en")
    assert " ".join(capsys.readouterr().out.split()).endswith("--json has the first 1,100, and there are more.")
