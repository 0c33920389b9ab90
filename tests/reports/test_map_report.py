"""Maps on paper: nothing is lost, nothing overlaps, nothing is shrunk, and colour is never needed to read them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etappe.analyses.measures.feeling import FEELING
from etappe.analyses.measures.staying import DWELL
from etappe.analyses.measures.touching import COVERAGE
from etappe.analyses.measures.using import CONTENT
from etappe.errors import Fault
from etappe.maps.document import Measured
from etappe.maps.insights import MENTION
from etappe.maps.map import Map
from etappe.reports.document import Notes, Picture
from etappe.reports.drawing.breaks import breaks
from etappe.reports.drawing.measure import PRINT
from etappe.reports.drawing.scene import Scene, Text, glyph
from etappe.reports.map import deck
from etappe.reports.map.appendix import recipe_words
from etappe.reports.map.curve import pieces, runs, within
from etappe.reports.map.document import map_document
from etappe.reports.map.reading import VERDICT_SHAPES, Column, Shown, read_map
from etappe.reports.map.report import Asked, write_map
from etappe.reports.map.sheet import map_pages
from etappe.reports.map.slides import dealt
from etappe.reports.map.tiles import LEAST, groups_of, plan
from etappe.reports.pdf import _sections, to_pages
from etappe.reports.texts import Words
from etappe.reports.theme import PAGE

from . import make, make_map
from .test_report import inflated

A4, A3 = (770.0, 521.0), (1118.0, 768.0)


def shown(**more: Any) -> Shown:
    return read_map(make_map.rich_map(), make_map.check(), personas=make_map.TITLES, revision=12, **more)


def nasty() -> Map:
    cards = {f"k{n}": {"id": f"k{n}", "order": f"{n:02d}", "stage": "a" if n % 2 else "b", "lane": "x", "text": text, "detail": text * 3} for n, text in enumerate(make.NASTY)}
    cards["gone"] = {"id": "gone", "stage": "away", "lane": "x", "text": "Ohne Platz"}
    stages = {id: {"id": id, "order": id, "title": make.NASTY[0] if id == "a" else "Ä" * 80, "milestone": "Ö" * 90} for id in "ab"}
    return Map.load({"id": "schlimm", "title": make.NASTY[4], "stages": stages, "lanes": {"x": {"id": "x", "order": "V", "kind": "own", "title": "ß" * 60}}, "cards": cards})


def said(pages: list[Scene]) -> str:
    return " ".join(text for page in pages for text in page.texts())


@pytest.mark.parametrize("size", [A4, A3, (4000.0, None)])
@pytest.mark.parametrize("view", ["design", "evidence"])
def test_every_card_stands_on_the_map_in_full_and_nothing_is_under_seven_points(size: Any, view: Any) -> None:
    pages = map_pages(shown(view=view), *size, PRINT, Words("de"))
    words = said(pages).replace("- ", "")
    missing = [text for _, _, text, *_ in make_map.CARDS if any(word not in words for word in text.split() if len(word) < 14)]
    assert missing == []
    assert min(shape.size for page in pages for shape in page.shapes if isinstance(shape, Text)) >= 7.0
    if size[1] is not None:
        assert max(page.height for page in pages) <= size[1]


@pytest.mark.parametrize("document", [make_map.rich_map(), make_map.big_map(200), nasty()])
def test_no_two_cards_overlap_and_each_is_placed_once(document: Map) -> None:
    read = read_map(document, {})
    laid = plan(read, 770.0, 400.0, PRINT, Words("de"))
    placed = []
    for band in laid.bands:
        for row in band.rows:
            boxes = [(one.x, one.y, one.x + one.laid.width, one.y + one.laid.height) for one in row.placed]
            placed += [one.laid.card.id for one in row.placed]
            assert all(box[3] <= row.height for box in boxes)
            for n, (left, top, right, bottom) in enumerate(boxes):
                assert not any(left < r and right > x and top < b and bottom > y for x, y, r, b in boxes[n + 1 :])
    assert sorted(placed) == sorted(card.id for card in document.cards.values() if card.stage in document.stages)


def test_stages_and_lane_names_are_repeated_on_every_page() -> None:
    read = shown()
    pages = map_pages(read, *A4, PRINT, Words("de"))
    assert len(pages) == 4
    assert len({page.name for page in pages}) == 4
    for page in pages:
        words = " ".join(page.texts())
        stages = [stage.title for stage in read.stages if stage.title in page.texts()]
        assert stages in ([s.title for s in read.stages[:4]], [s.title for s in read.stages[4:]])
        assert any(lane.title.split()[0] in words for lane in read.lanes)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12), st.integers(1, 7))
def test_pages_break_at_the_end_of_a_stage_wherever_that_costs_no_page(steps: list[int], most: int) -> None:
    columns = [Column(number, "", n == 0, n == count - 1) for number, count in enumerate(steps) for n in range(count)]
    groups = groups_of(columns, most)
    assert [place for first, last in groups for place in range(first, last + 1)] == list(range(len(columns)))
    assert all(last - first < most for first, last in groups)
    assert len(groups) == -(-len(columns) // most)
    if all(count == 1 for count in steps):
        sizes = [last - first + 1 for first, last in groups]
        assert max(sizes) - min(sizes) <= 1


def test_columns_are_never_narrower_than_type_of_seven_points_needs() -> None:
    for paper in ("a4", "a3", "wide"):
        document = map_document(shown(), paper)
        room = document.paper.width - 72
        laid = plan(shown(), room, None, PRINT, Words("de"))
        assert laid.column >= LEAST


@given(st.lists(st.floats(-2, 2), min_size=2, max_size=9))
def test_the_curve_never_rises_above_or_falls_below_its_points(values: list[float]) -> None:
    points = [(100.0 * n, value) for n, value in enumerate(values)]
    for piece in pieces(points):
        ends = sorted((piece[0][1], piece[3][1]))
        for k in range(11):
            t = k / 10
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
            at = sum(w * p[1] for w, p in zip(weights, piece, strict=True))
            assert ends[0] - 1e-9 <= at <= ends[1] + 1e-9
        part = within(piece, piece[0][0] + 20, piece[3][0] - 30)
        assert part is not None
        assert part[0][0] == pytest.approx(piece[0][0] + 20)
        assert part[3][0] == pytest.approx(piece[3][0] - 30)


def test_a_gap_in_the_curve_is_never_bridged() -> None:
    lines = {(line.who.id if line.who else "", line.how): [[spot.stage for spot in run] for run in runs(line)] for line in shown().lines}
    assert lines["instandhaltung", "measured"] == [["Vorrecherche", "Anbietersuche", "Vorauswahl", "Vorgespräche", "Angebotsanforderung"], ["Entscheidung"]]
    assert len(lines["", "hand"]) == 1


def test_verdicts_are_told_apart_without_colour() -> None:
    assert len({str(glyph(shape, 0, 0, 3, "ink")) for shape in VERDICT_SHAPES.values()}) == 6
    words = Words("de")
    pages = map_pages(shown(), 4000.0, None, PRINT, words)
    for word in ("bestätigt", "widerlegt", "unentschieden", "zu wenige", "keine Daten", "veraltet"):
        assert word in pages[-1].texts()


def test_a_contradicted_card_says_what_it_claims_and_what_the_data_say() -> None:
    words = said(map_pages(shown(), 4000.0, None, PRINT, Words("de")))
    assert "Karte: ≥\u00a020\u00a0% · Daten: 4,0\u00a0%\u00a0(2,5–6,2)" in words
    assert "Karte" not in said(map_pages(shown(view="design"), 4000.0, None, PRINT, Words("de")))


def test_a_card_that_quotes_a_figure_shows_it_with_interval_and_n() -> None:
    document = make_map.rich_map()
    card = document.cards["k2"].model_copy(update={"figure": Measured(value=0.43, low=0.39, high=0.47, n=612, unit="share"), "provenance": "data"})
    quoting = document.model_copy(update={"cards": {**document.cards, "k2": card}})
    assert "43\u00a0%\u00a0(39–47) · n\u00a0612" in said(map_pages(read_map(quoting, {}), 4000.0, None, PRINT, Words("de")))


def test_the_appendix_has_every_claim_with_figure_population_and_recipe() -> None:
    document = map_document(shown())
    sheet = next(block for block in document.blocks if getattr(block, "title", "") == "Annahmen und Befunde")
    rows = [row for row in sheet.rows if not isinstance(row, str)]  # type: ignore[union-attr]
    assert len(rows) == len(make_map.check()["claims"])
    newsletter = next(row for row in rows if row[1].text == "Newsletter")
    assert [cell.text for cell in newsletter] == [
        "widerlegt", "Newsletter", "Mindestens 20 % der Journeys in Vorrecherche berühren Newsletter", "7,0\u00a0%",
        "Erstkauf, Leitung Instandhaltung, Strategischer Einkauf",
        "Berührung v1",
    ]  # fmt: skip
    assert newsletter[3].sub == "(5,0–9,0) · n\u00a0612"
    made = document.blocks[-1]
    assert isinstance(made, Notes)
    assert "Berührung v1: Rezept coverage" in made.lines, "each recipe is told once, beneath the tables"
    assert len(made.lines) == len(set(made.lines))


def test_recipes_are_told_in_the_language_of_the_reader() -> None:
    for recipe in (COVERAGE, DWELL, FEELING, CONTENT, MENTION):
        german, english = (recipe_words(recipe.in_both(), Words(language)) for language in ("de", "en"))  # type: ignore[arg-type]
        assert recipe.words in english
        assert recipe.words not in german


def test_a_recipe_in_one_language_alone_is_told_as_it_is() -> None:
    assert recipe_words({"name": "coverage", "version": 1, "words": "as it was"}, Words("de")) == "Berührung v1: as it was"


def test_cards_without_a_place_and_cut_ones_are_listed() -> None:
    document = map_document(read_map(nasty(), {}))
    titles = {getattr(block, "title", ""): block for block in document.blocks}
    assert "Ohne Platz" in str(titles["Karten ohne Platz"])
    assert "Ä" * 200 in str(titles["Karten in voller Länge"])
    assert to_pages(document)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_map_is_written_in_every_format_and_twice_the_same(tmp_path: Path, language: Any) -> None:
    asked = Asked(make_map.rich_map(), 12, make_map.check(), language, personas=make_map.TITLES)
    for ending in (".pdf", ".svg", ".md", ".csv"):
        one, two = (write_map(asked, tmp_path / f"{n}{ending}").read_bytes() for n in "ab")
        assert one == two
    pdf = (tmp_path / "a.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert b"/Outlines" in b"".join(inflated(pdf))


def test_markdown_says_what_mermaid_loses_and_csv_is_safe_to_open(tmp_path: Path) -> None:
    asked = Asked(make_map.rich_map(), 12, make_map.check(), "de", personas=make_map.TITLES)
    text = write_map(asked, tmp_path / "a.md").read_text("utf-8")
    assert "```mermaid\njourney\n" in text
    assert "Es verliert: Intervalle und n" in text
    assert all(text.count(f"## {n}. {title}") == 1 for n, (_, title, *_rest) in enumerate(make_map.STAGES, start=1))
    assert "| ✕ widerlegt | Mindestens 20 % der Journeys in Vorrecherche berühren Newsletter |" in text
    cells = write_map(Asked(nasty(), check={}), tmp_path / "a.csv").read_text("utf-8-sig")
    assert "'=cmd|" in cells
    assert not any(line.startswith(("=", "+", "@")) for row in cells.splitlines() for line in row.split(";"))


def test_what_cannot_be_written_is_said_with_what_can(tmp_path: Path) -> None:
    asked = Asked(make_map.rich_map())
    for change, path, word in (({}, "a.doc", ".pdf"), ({"paper": "a7"}, "a.pdf", "a4, a3, wide"), ({"view": "x"}, "a.pdf", "design or evidence"), ({"language": "fr"}, "a.pdf", "de or en")):
        with pytest.raises(Fault) as told:
            write_map(dataclasses.replace(asked, **change), tmp_path / path)
        assert word in told.value.do_next
        assert list(tmp_path.iterdir()) == []


@settings(max_examples=60)
@given(st.lists(st.text(st.characters(categories=("Lu", "Ll", "Nd", "Pd"), max_codepoint=0x2FF), min_size=1, max_size=40), max_size=8), st.floats(40, 200))
def test_a_folded_text_loses_nothing_and_fits(parts: list[str], room: float) -> None:
    text = " ".join(parts)
    lines = PRINT.fold(text, room, 8.0)
    assert all(PRINT.width(line, 8.0) <= room or len(line) == 1 for line in lines)
    assert "".join(lines).replace("-", "").replace(" ", "") == text.replace("-", "").replace(" ", "")


def test_german_words_break_between_syllables() -> None:
    assert [word[:place] for word in ("Entscheidungsmatrix",) for place, _ in breaks(word)][:3] == ["Ent", "Entschei", "Entscheidungs"]
    assert all(sign == "" for _, sign in breaks("https://example.org/"))


def test_slides_open_again_with_real_text_tables_and_a_chart_that_keeps_its_gaps(tmp_path: Path) -> None:
    from pptx import Presentation

    asked = Asked(make_map.rich_map(), 12, make_map.check(), "de", personas=make_map.TITLES)
    book = Presentation(str(write_map(asked, tmp_path / "a.pptx")))
    titles = [slide.shapes.title.text_frame.text for slide in book.slides]
    assert titles[0] == "Erstkauf · Leitung Instandhaltung"
    assert all(any(title.startswith(f"{n} {name}") for title in titles) for n, (_, name, *_rest) in enumerate(make_map.STAGES, start=1))
    assert {"Was jetzt zählt", "Entscheidungsmatrix", "Annahmen und Befunde", "Blinde Flecken"} <= set(titles)
    words = " ".join(shape.text_frame.text for slide in book.slides for shape in slide.shapes if shape.has_text_frame)
    assert [text for _, _, text, *_ in make_map.CARDS if text not in words] == []
    (chart,) = [shape.chart for shape in book.slides[0].shapes if shape.has_chart]
    assert {series.name: tuple(series.values) for series in chart.plots[0].series}["Strategischer Einkauf, gemessen"] == (None, None, -0.3, -0.1, -1.0, None, None)
    sizes = [run.font.size.pt for slide in book.slides for shape in slide.shapes if shape.has_text_frame for part in shape.text_frame.paragraphs for run in part.runs]
    assert min(sizes) >= 9.0
    for slide in book.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= book.slide_width
            assert shape.has_chart or shape.top + shape.height <= book.slide_height


def test_the_page_of_a_map_is_a_table_that_needs_no_script(tmp_path: Path) -> None:
    from .test_report import Page

    asked = Asked(make_map.rich_map(), 12, make_map.check(), "de", personas=make_map.TITLES)
    page = Page(write_map(asked, tmp_path / "a.html").read_text("utf-8"))
    assert page.open == []
    tags = {tag for tag, _ in page.tags}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "form", "a"})
    assert [attributes.get("scope") for tag, attributes in page.tags if tag == "th"].count("colgroup") >= 7
    words = " ".join(page.words)
    assert [text for _, _, text, *_ in make_map.CARDS if text not in words] == []
    rows = write_map(Asked(nasty()), tmp_path / "b.html").read_text("utf-8")
    assert "<script>alert" not in rows


@given(st.lists(st.floats(5, 300), min_size=0, max_size=30))
def test_slides_are_as_few_as_they_can_be_and_about_equally_full(heights: list[float]) -> None:
    counts = dealt(heights, 400.0)
    assert sum(counts) == len(heights)
    taken = [sum(heights[sum(counts[:place]) : sum(counts[: place + 1])]) for place in range(len(counts))]
    assert all(high <= 400.0 + 1e-6 for high in taken)
    filled, used = 1, 0.0
    for high in heights:  # as full as each can be: there is no way with fewer
        filled, used = (filled, used + high) if used + high <= 400.0 or not used else (filled + 1, high)
    assert len(counts) == filled
    assert len(counts) == 1 or max(taken) <= sum(heights) / len(counts) + max(heights), "no slide is left nearly empty for want of sharing"


def test_the_footer_of_a_slide_is_one_line_of_whole_facts_in_whatever_font() -> None:
    facts = ["Erstkauf einer Messtechnik", "Stand 30.06.2026", "Review fällig am 29.12.2026", "Erhaltungsprüfung bestanden: 138.560 Ereignisse = 93.307 Schritte + 43.823 ungeklärt"]
    for room in (1000, 500, 300, 150):
        shown = deck._in_one_line(" · ".join(facts), room)
        assert deck.MEASURE.width(shown, deck.SMALLEST) * deck.OTHER_FONT <= room + 1
        assert all(fact in facts or fact == facts[-1].split(":")[0] for fact in shown.split(" · ")) or ("…" in shown and " · " not in shown)


def test_only_the_map_stands_on_its_paper_and_the_matrix_beside_the_tables() -> None:
    document = map_document(shown(), "a3")
    assert any(isinstance(block, Picture) and block.flows for block in document.blocks), "there is a matrix"
    first, rest = _sections(document, 0.0)
    assert [block["kind"] for block in first["blocks"]] == ["picture"]
    assert (rest["blocks"][0]["kind"], rest["width"]) == ("picture", PAGE["width"])
