"""The journey report: complete in both languages, each chapter with reading help, honest where an answer is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from etappe.errors import Fault, QuestionFault
from etappe.reports.document import Chapter, Highlights, Notes, Sheet
from etappe.reports.journey import ROWS, Told, journey_document
from etappe.reports.journey_report import write_journey
from etappe.reports.map.findings import findings
from etappe.reports.map.report import Asked
from etappe.reports.pdf import to_pages
from etappe.reports.texts import Words
from etappe.words.result import Figure, Recipe, Result

from . import make, make_map


def asked(language: Any = "de") -> Asked:
    return Asked(make_map.rich_map(), 12, make_map.check(), language, personas=make_map.TITLES)


def attribution() -> Result:
    rows = [
        {"channel": channel, "model": model, "deals": Figure(n + 0.25 * m, n - 0.5, n + 1.5, 40), "rank": 1}
        for n, channel in enumerate(("fair", "email", "organic search"), start=1)
        for m, model in enumerate(("first", "linear", "shapley"))
    ]
    return Result("attribution", Recipe("attribution", 1, "credit by model"), ("channel", "model", "deals", "rank"), rows, {"won": 40}, caveats=("Nur in EUR.",))


def told() -> list[Told]:
    return [
        Told("stages", make.stages_result()), Told("blockers", fault=QuestionFault("Keine Phase hat genug Journeys.")), Told("attribution", attribution()),
        Told("content", make.wide_result(90)),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_chapter_opens_with_two_sentences_of_reading_help(language: Any) -> None:
    document = journey_document(asked(language), told(), "Messwerk", "Einkauf")
    chapters = [block for block in document.blocks if isinstance(block, Chapter)]
    assert [chapter.title.split()[0] for chapter in chapters] == [str(n) for n in range(1, len(chapters) + 1)]
    assert all(len(chapter.reading) == 2 and all(line.endswith(".") for line in chapter.reading) for chapter in chapters)
    assert document.cover is not None
    assert "Messwerk" in document.cover.above
    assert ("Persona", "Einkauf") in document.cover.facts


def test_the_summary_has_five_findings_and_the_heaviest_contradiction_first() -> None:
    words = Words("de")
    found = findings(asked().shown(), words)
    assert len(found) == 5
    assert found[0].title == "Vorrecherche: „Newsletter“ trifft so nicht zu"
    assert "Gemessen: 7,0\u00a0%\u00a0(5,0–9,0) · n\u00a0612." in found[0].body
    assert len({one.title for one in found}) == 5
    (page,) = [block for block in journey_document(asked(), told()).blocks if isinstance(block, Highlights)]
    assert [item.title for item in page.items] == [one.title for one in found]


def test_models_stand_side_by_side_and_each_figure_with_its_interval() -> None:
    sheet = next(block for block in journey_document(asked(), told()).blocks if isinstance(block, Sheet) and "nach Modell" in block.title)
    assert [column.heading for column in sheet.columns][1:] == ["erster Kontakt", "linear", "Shapley"]
    first: Any = sheet.rows[0]
    assert [(cell.text, cell.sub) for cell in first] == [("Suche", ""), ("3,0", "2,5–4,5"), ("3,3", "2,5–4,5"), ("3,5", "2,5–4,5")]


def test_a_missing_answer_is_said_and_long_ones_say_where_the_rest_is() -> None:
    document = journey_document(asked(), told())
    notes = [line for block in document.blocks if isinstance(block, Notes) for line in block.lines]
    assert "Keine Phase hat genug Journeys." in notes
    assert f"{90 - ROWS} weitere Zeilen zeigt `etappe show content`." in notes
    assert any("attribution v1" in line for line in notes)


@pytest.mark.parametrize("language", ["de", "en"])
def test_it_is_written_as_pdf_slides_and_page(tmp_path: Path, language: Any) -> None:
    from pptx import Presentation

    assert len(to_pages(journey_document(asked(language), told()), 20)) > 10
    book = Presentation(str(write_journey(asked(language), told(), tmp_path / "a.pptx", "Messwerk")))
    titles = [slide.shapes.title.text_frame.text for slide in book.slides]
    assert any("Attribution" in title for title in titles)
    for slide in book.slides:
        for shape in slide.shapes:
            if shape.has_table:
                assert shape.top + sum(row.height for row in shape.table.rows) <= book.slide_height
    assert write_journey(asked(language), told(), tmp_path / "a.html").stat().st_size > 10_000
    with pytest.raises(Fault, match="cannot be written as"):
        write_journey(asked(language), told(), tmp_path / "a.xlsx")


def test_words_of_the_data_in_caveats_are_called_what_the_reader_calls_them() -> None:
    from etappe.words.said import said

    result = Result("blockers", Recipe("blockers", 1, ""), ("stage",), [], caveats=(said("Not in {stages}.", "Nicht in {stages}.", stages=["preselection"]),))
    lines = [line for block in journey_document(asked(), [Told("blockers", result)]).blocks if isinstance(block, Notes) for line in block.lines]
    assert "Nicht in Vorauswahl." in " ".join(lines)
