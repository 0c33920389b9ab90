"""Results on paper: the stage overview, and any other as a table, never without recipe, n and caveats."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from etappe.reports.document import Document, KeyFigure, Notes, Picture, Sheet
from etappe.reports.drawing.measure import PRINT
from etappe.reports.drawing.scene import Scene, Text
from etappe.reports.heading import heading
from etappe.reports.pdf import to_pages
from etappe.reports.poster import poster_scene
from etappe.reports.stages import is_stages, stages_document
from etappe.reports.table import cell_of, population_of, result_document
from etappe.reports.texts import Words
from etappe.reports.theme import PAGE
from etappe.words.result import Figure, Period, Recipe, Result, too_few
from etappe.words.said import said as both

from . import make


def drawn(document: Document, height: float | None = None) -> list[Scene]:
    picture = next(block for block in document.blocks if isinstance(block, Picture))
    return picture.draw(770.0, height, PRINT, 0.0)


def said(scenes: list[Scene]) -> list[str]:
    return [text for scene in scenes for text in scene.texts()]


def shares() -> Result:
    """What `show stages` gives: fates as shares of those that entered, two stage models, one stage with too few."""
    rows: list[dict[str, Any]] = []
    for kinds, stages in (("first_purchase, win_back", ["research", "preselection"]), ("expansion", ["use", "offer"])):
        for no, stage in enumerate(stages, 1):
            few = stage == "offer"
            fate = {name: too_few(4) if few else Figure(v, v - 0.02, v + 0.02, 200) for name, v in
                    (("moved_on", 0.5), ("lost", 0.2), ("dormant", 0.1), ("still_open", 0.2), ("went_back", 0.08))}  # fmt: skip
            rows.append({"journey_kinds": kinds, "stage": stage, "stage_no": no, "journeys": 4 if few else 200, "accounts": 190, **fate,
                         "median_days": too_few(4, "days") if few else Figure(31.0, 27.0, 36.0, 100, unit="days"), "open_now": 40})  # fmt: skip
    return Result(
        "stages",
        Recipe("stages", 1, "share that got on", 10),
        tuple(rows[0]),
        rows,
        as_of=make.AS_OF,
        caveats=("Too few in: offer.",),
    )


def test_the_overview_says_entered_fates_conversion_and_time() -> None:
    words = said(drawn(stages_document(make.stages_result(), "de")))
    for text in (
        "Vorrecherche",
        "612",
        "435\u00a0weiter · 53\u00a0noch offen · 54\u00a0eingeschlafen · 70\u00a0verloren",
        "71\u00a0%",
        "66–75 · n\u00a0612",
        "12\u00a0T",
    ):
        assert text in words, text
    assert any(text.startswith("zu wenige · n") for text in words)


def test_back_moves_with_a_target_are_arcs_and_words() -> None:
    scene = drawn(stages_document(make.stages_result(), "en"))[0]
    assert any("18\u00a0back to Preselection".replace("\u00a0", " ") in text for text in scene.texts())
    assert sum(getattr(shape, "curve", False) for shape in scene.shapes) >= 6


def test_shares_are_drawn_as_parts_of_those_that_entered() -> None:
    words = said(drawn(stages_document(shares(), "de")))
    assert "50\u00a0% weiter · 20\u00a0% noch offen · 10\u00a0% eingeschlafen · 20\u00a0% verloren" in words
    assert "Erstkauf, Rückgewinnung" in words
    assert "8,0\u00a0%" in words
    assert sum(text == "zu wenige · n\u00a04" for text in words) == 2


def test_many_stages_take_several_sheets_with_the_heading_repeated() -> None:
    rows = [dict(row, journey_kinds=f"k{i}") for i in range(6) for row in shares().rows[:2]]
    scenes = drawn(stages_document(Result("stages", shares().recipe, shares().columns, rows), "de"), 300.0)
    assert len(scenes) >= 2
    assert all(scene.height <= 300 and "Phase" in scene.texts() for scene in scenes)


def test_only_results_with_stages_are_drawn_as_stages() -> None:
    assert is_stages(make.stages_result())
    assert is_stages(shares())
    assert not is_stages(make.wide_result())
    assert not is_stages(Result("stages", shares().recipe, (), []))


@pytest.mark.parametrize("result", [make.stages_result, make.wide_result, shares])
@pytest.mark.parametrize("language", ["de", "en"])
def test_recipe_population_period_and_caveats_stand_on_every_report(result: Any, language: Any) -> None:
    made = result()
    shown = (stages_document if is_stages(made) else result_document)(made, language)
    notes = [line for block in shown.blocks if isinstance(block, Notes) for line in block.lines]
    assert made.recipe.words in notes
    assert set(made.caveats) <= set(notes)
    assert shown.subtitle.startswith(("Grundgesamtheit: ", "Population: "))
    assert made.recipe.name in shown.footer
    assert "30" in shown.footer


def test_figures_of_a_table_carry_range_and_n() -> None:
    sheets = [block for block in result_document(make.wide_result(3), "de").blocks if isinstance(block, Sheet)]
    cell = sheets[0].rows[0][2]
    assert not isinstance(cell, str)
    assert (cell.text, cell.sub) == ("3,4\u00a0%", "1,0–90,0 · n\u00a040")


def test_a_wide_table_is_set_in_parts_that_repeat_the_first_column() -> None:
    sheets = [block for block in result_document(make.wide_result(), "de").blocks if isinstance(block, Sheet)]
    assert len(sheets) == 2
    assert {sheet.columns[0].heading for sheet in sheets} == {"Touchpoint"}
    said = [name for name in make.wide_result().columns if name != "empty"]
    assert sum(len(sheet.columns) - 1 for sheet in sheets) == len(said) - 1
    assert all(len(sheet.rows) == 60 for sheet in sheets)
    assert "60 von 90" in sheets[0].note


def test_where_all_columns_have_no_room_those_that_matter_are_shown_and_the_others_named() -> None:
    brief = dataclasses.replace(make.wide_result(), brief=("touchpoint", "outcome", "share"))
    sheets = [block for block in result_document(brief, "de").blocks if isinstance(block, Sheet)]
    assert [column.heading for column in sheets[0].columns] == ["Touchpoint", "Ausgang", "Anteil"]
    assert "Wert" in sheets[0].note
    assert len(sheets) == 1


def test_a_drawing_that_opens_a_report_stands_on_its_first_page() -> None:
    pages = to_pages(stages_document(dataclasses.replace(shares(), rows=shares().rows[:1] * 14), "de"), 20)
    assert len(pages[0]) > 2 * len(to_pages(Document("de", "leer"), 20)[0])


def test_the_question_is_the_title_and_the_numbers_that_answer_it_stand_beside() -> None:
    asked = dataclasses.replace(
        make.wide_result(), title=both("Touchpoints", "Touchpoints"), question=both("What precedes winning.", "Was dem Gewinn vorausgeht."),
        headline=((both("of won journeys", "der gewonnenen Journeys"), Figure(0.61, 0.5, 0.7, 94, unit="share")),),
    )  # fmt: skip
    shown = result_document(asked, "de")
    assert (shown.title, shown.short) == ("Was dem Gewinn vorausgeht", "Touchpoints")
    assert shown.figures == (KeyFigure("61\u00a0%", "der gewonnenen Journeys", "50–70 · n\u00a094"),)
    assert result_document(asked, "en").title == "What precedes winning"


@pytest.mark.parametrize("language", ["de", "en"])
def test_whom_the_figures_are_of_is_never_cut(language: Any) -> None:
    population = {"journeys": 1408, "won": 366, "value": 6_676_320.0, "currency": "EUR", "lost_or_dormant": 735, "without_any_touch": 12, "nothing_known_before_sales": 2}
    made = dataclasses.replace(
        make.wide_result(), population=population, title=both("Attribution", "Attribution"),
        question=both("What won deals are owed to.", "Wem gewonnene Verkaufschancen zu verdanken sind."),
    )  # fmt: skip
    shown = result_document(made, language)
    head = heading(shown, PAGE["width"] - 2 * PAGE["side"], PRINT)
    assert len(head.subtitle) == 2 or language == "en"
    assert " ".join(head.subtitle) == shown.subtitle
    scene = poster_scene(shown, PRINT)
    assert set(head.subtitle) <= set(scene.texts()) or shown.subtitle in " ".join(scene.texts())


def test_a_column_that_says_nothing_in_the_rows_on_paper_is_not_set() -> None:
    made = make.wide_result()
    rows = [{**row, "late": None if place < 60 else "said"} for place, row in enumerate(made.rows)]
    sheets = [block for block in result_document(dataclasses.replace(made, rows=rows, columns=(*made.columns, "late")), "en").blocks if isinstance(block, Sheet)]
    assert "late" not in {column.heading for sheet in sheets for column in sheet.columns}


def test_an_empty_result_says_so() -> None:
    shown = result_document(Result("gaps", Recipe("gaps", 1, "nothing"), ("stage",), []), "de")
    assert "Keine Zeilen" in str(shown.blocks[0])
    poster_scene(shown, PRINT)


def test_a_long_table_as_a_picture_says_what_it_left_out() -> None:
    scene = poster_scene(result_document(make.wide_result(450), "de"), PRINT)
    assert any("60 von 450" in text for text in scene.texts())
    assert all(shape.size >= 7 for shape in scene.shapes if isinstance(shape, Text))


def test_a_share_without_an_interval_is_printed_in_per_cent_and_a_day_as_a_date() -> None:
    result = Result(
        "channels", Recipe("channels", 1, "shares"), ("channel", "steps", "share_of_steps", "online"),
        [{"channel": "email", "steps": 5, "share_of_steps": 0.714, "online": 1.0}, {"channel": "call", "steps": 2, "share_of_steps": 0.031, "online": 0.0}],
        {"reported": "2026-10-02", "start": "first step"}, Period(), None,
    )  # fmt: skip
    words = Words("de", None, {})
    texts = [[cell_of(name, row[name], words).text for name in ("share_of_steps", "online")] for row in result.rows]
    assert texts == [["71\N{NO-BREAK SPACE}%", "100\N{NO-BREAK SPACE}%"], ["3,1\N{NO-BREAK SPACE}%", "0\N{NO-BREAK SPACE}%"]]
    assert population_of(result, words) == "berichtet am 02.10.2026, Beginn bei erster Schritt"
