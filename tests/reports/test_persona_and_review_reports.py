"""A persona on one page, and the minutes of a review: complete, honest about what is missing, in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from etappe.errors import Fault
from etappe.maps.docx import paragraphs
from etappe.maps.review import Review, Spot, Task, since
from etappe.reports.document import Sheet
from etappe.reports.drawing.measure import PRINT
from etappe.reports.drawing.scene import Text
from etappe.reports.pdf import to_pages
from etappe.reports.persona import persona_document, persona_pages, persona_panels, write_persona
from etappe.reports.review import minutes, review_document, write_review
from etappe.reports.texts import Words

from . import make_map

PAGE: dict[str, Any] = {
    "as_of": "2026-06-30T00:00:00Z", "size": {"persons": 26, "accounts": 24, "share": {"value": 0.037, "low": 0.025, "high": 0.053, "n": 709}},
    "revenue": {"value": 0.12, "low": 0.04, "high": 0.21, "n": 62}, "win_rate": {"value": 0.49, "low": 0.32, "high": 0.64, "n": 38}, "win_rate_of_all": {"value": 0.39, "n": 387},
    "quotes": [{"ref": "interview:int-3#p1", "quote": "Ohne Preis kein Termin.", "speaker": "P3"}], "forces": {"push": [{"what": "Stillstand", "k": 7, "n": 12}]},
    "insights": {}, "roles": [{"role": "influencer", "figure": {"value": 0.41, "low": 0.34, "high": 0.48, "n": 212}}], "needs": [],
    "journeys": [{"title": "Erstkauf", "lowest": {"stage": "preselection", "value": -1.1}, "contradicted": 2}], "claims": [],
    "wrong": [{"sentence": {"de": "Mindestens 20 % berühren Webinar", "en": "At least 20 % touch webinar"}, "figure": {"value": 0.07, "low": 0.02, "high": 0.19, "n": 42, "unit": "share"}}],
    "missing_sources": ["survey"],
}  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_persona_stands_on_one_page_with_all_that_is_known(language: Any) -> None:
    words = Words(language)
    panels = persona_panels(make_map.persona(), PAGE, words)
    pages = persona_pages(panels, 770.0, 521.0, PRINT, 47.0)
    assert len(pages) == 1
    said = " ".join(pages[0].texts())
    for panel in panels:
        assert panel.title in said
    assert {"de": "7 von 12 Interviews", "en": "7 of 12 interviews"}[language] in said
    assert min(shape.size for shape in pages[0].shapes if isinstance(shape, Text)) >= 7.0
    assert len(to_pages(persona_document(make_map.persona(), PAGE, language), 30)) == 1


def test_columns_do_not_overlap_and_long_personas_go_on_further_pages() -> None:
    panels = persona_panels(make_map.persona(), PAGE, Words("de")) * 6
    pages = persona_pages(panels, 770.0, 521.0, PRINT, 47.0)
    assert len(pages) > 1
    assert max(page.height for page in pages) <= 521.0
    assert sum(panel.title in page.texts() for page in pages for panel in panels[:1]) >= 1


def test_without_data_the_size_is_unknown_and_a_missing_quote_is_said() -> None:
    panels = {panel.title: panel for panel in persona_panels(make_map.persona(), None, Words("de"))}
    assert "Größe unbekannt" in panels["Wer dazugehört"].note
    assert "Noch kein Zitat" in panels["In ihren Worten"].note


def test_a_persona_is_written_in_every_format(tmp_path: Path) -> None:
    from pptx import Presentation

    for ending in (".pdf", ".svg", ".html", ".pptx"):
        assert write_persona(make_map.persona(), PAGE, tmp_path / f"a{ending}").stat().st_size > 3_000
    words = " ".join(shape.text_frame.text for slide in Presentation(str(tmp_path / "a.pptx")).slides for shape in slide.shapes if shape.has_text_frame)
    assert "Wo das falsch ist" in words
    with pytest.raises(Fault, match="cannot be written as"):
        write_persona(make_map.persona(), PAGE, tmp_path / "a.xlsx")


def review(verdict: str, value: float, **more: Any) -> Review:
    figure = {"value": value, "low": value - 0.03, "high": value + 0.03, "n": 300, "unit": "share"}
    return Review.load({
        "id": "maschine-kaufen-2", "of": "maschine-kaufen", "map_revision": 12, "as_of": "2026-06-30", "started_on": "2026-07-01", "attendees": ["Anna", "Ben"],
        "claims": {"k1": {"id": "k1", "card": "k1", "stage": "research", "claim": "coverage(article) in research >= 0.4", "verdict": verdict, "figure": figure}},
        "spots": {"s1": {"id": "s1", "stage": "research", "what": "webinar", "figure": figure}} if more else {},
        "decisions": {"d1": {"id": "d1", "order": "V", "text": "Preisspanne zeigen", "by": "Ben"}}, "tasks": {"t1": {"id": "t1", "order": "V", "text": "Artikel prüfen", "owner": "Anna", "due": "2026-09-01", "card": "k1"}}, **more,
    })  # fmt: skip


def test_minutes_name_cards_stages_and_what_flipped() -> None:
    changed = since(review("confirmed", 0.6), review("contradicted", 0.3, minutes="Gute Runde.\nBis bald."))
    document = review_document(review("contradicted", 0.3, minutes="Gute Runde."), changed, make_map.rich_map(), "de")
    sheets = {block.title: block for block in document.blocks if isinstance(block, Sheet)}
    flip: Any = sheets["Anders beurteilt als beim letzten Mal"].rows[0]
    assert [cell.text for cell in flip] == ["Liest Fachartikel zu Maschinenausfällen", "bestätigt", "widerlegt", "60\u00a0%\u00a0(57–63) · n\u00a0300", "30\u00a0%\u00a0(27–33) · n\u00a0300"]
    task: Any = sheets["Aufgaben"].rows[0]
    assert [cell.text for cell in task] == ["Artikel prüfen", "Anna", "01.09.2026", "offen"]
    assert "Neue blinde Flecken" in sheets
    assert document.title == "Review: Erstkauf · Leitung Instandhaltung"


@pytest.mark.parametrize("language", ["de", "en"])
def test_minutes_are_written_as_pdf_word_page_and_markdown(tmp_path: Path, language: Any) -> None:
    for ending in (".pdf", ".docx", ".html", ".md"):
        assert write_review(review("confirmed", 0.6), None, None, tmp_path / f"a{ending}", language).stat().st_size > 300
    with pytest.raises(Fault, match="cannot be written as"):
        write_review(review("confirmed", 0.6), None, None, tmp_path / "a.odt", language)


def test_the_word_file_says_what_the_document_says_and_its_words_are_no_markup(tmp_path: Path) -> None:
    said = review("contradicted", 0.3, minutes="<Gute> & Runde")
    carried = [Task(id="t0", order="V", text="Preisliste kürzen", owner="Ben")]
    changed = since(review("confirmed", 0.6), said)
    path = write_review(said, changed, make_map.rich_map(), tmp_path / "a.docx", "de", carried=carried)
    whole = "\n".join(paragraphs(path.read_bytes()))
    for words in ("Review: Erstkauf", "<Gute> & Runde", "Artikel prüfen", "Offen aus früheren Reviews", "Preisliste kürzen", "✕ widerlegt"):
        assert words in whole
    assert whole.count("Artikel prüfen") == 1


def test_what_no_stage_has_stands_in_no_stage() -> None:
    after = review("confirmed", 0.6)
    changed = replace(since(after, after), new_spots=[Spot(id="search.x", stage="", what="messwerk")])
    sheet: Any = next(block for block in review_document(after, changed, make_map.rich_map(), "de").blocks if block.title == "Neue blinde Flecken")  # type: ignore[union-attr]
    assert [cell.text for cell in sheet.rows[0]][1] == "–"


def test_minutes_as_markdown_say_claims_in_words_and_dates_and_numbers_as_the_language_writes_them() -> None:
    changed = since(review("confirmed", 0.6), review("contradicted", 0.3, minutes="# Gute | Runde"))
    german, english = (minutes(review("contradicted", 0.3, minutes="# Gute | Runde"), changed, make_map.rich_map(), language) for language in ("de", "en"))
    assert "| Liest Fachartikel zu Maschinenausfällen<br>Mindestens 40 % der Journeys in " in german
    assert "| ✓ bestätigt | ✕ widerlegt | 60 % (57–63) · n 300 | 30 % (27–33) · n 300 |" in german
    assert "| Artikel prüfen<br>" in german
    assert "01.09.2026" in german
    assert "coverage(" not in german + english
    assert "✕ contradicted" in english
    assert "2026-09-01" not in english
    assert "\\# Gute \\| Runde" in german, "what was written stays text"
