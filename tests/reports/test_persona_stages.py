"""Personas beside the stages: every curve that is known, no gap bridged, each persona named, on as many pages as it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from etappe.errors import Fault
from etappe.reports.drawing.measure import PRINT
from etappe.reports.drawing.scene import Text
from etappe.reports.map.curve import runs
from etappe.reports.persona_stages import _shown, persona_stages_pages, write_persona_stages
from etappe.reports.texts import Words

from . import make_map

STAGES = [stage.id for stage in make_map.rich_map().sorted("stages")]


def found(count: int = 3, gap: int = 1) -> dict[str, Any]:
    """What `persona stages --json` says of so many personas; at one stage nothing is known of how they feel."""
    share = {"value": 0.4, "low": 0.3, "high": 0.5, "n": 90}

    def cell(place: int, stage: str) -> dict[str, Any]:
        measured = {"value": 0.5, "low": 0.2, "high": 0.8, "n": 40} if place != gap else {"value": None, "n": 3, "why": "too few"}
        return {"stage": stage, "active": share, "hand": -0.5 if place != gap else None, "measured": measured}

    personas = [{"persona": f"p{number}", "title": f"Persona {number}", "journeys": 120, "problem": None, "stages": [cell(place, stage) for place, stage in enumerate(STAGES)]} for number in range(count)]
    return {"map": "kauf", "as_of": "2026-06-30T00:00:00+00:00", "stages": [{"id": id, "title": id} for id in STAGES], "personas": personas}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_persona_has_a_row_with_its_curves_and_how_often_it_is_active(language: Any) -> None:
    words = Words(language)
    shown = _shown(make_map.rich_map(), found(), language, None)
    pages = persona_stages_pages(shown, found(), words, 770.0, 521.0, PRINT, 47.0)
    said = [text for page in pages for text in page.texts()]
    assert all(f"Persona {number}" in said for number in range(3))
    assert sum("n\u00a090" in text for text in said) == 3 * len(STAGES)
    assert max(page.height for page in pages) <= 521.0
    assert min(shape.size for page in pages for shape in page.shapes if isinstance(shape, Text)) >= 7.0
    assert all(f"C Persona {2}" in page.texts() for page in pages), "the legend stands on each page"


def test_a_stage_of_which_nothing_is_known_is_a_gap() -> None:
    shown = _shown(make_map.rich_map(), found(), "de", None)
    assert {one.how for one in shown.lines} == {"hand", "measured"}
    for one in shown.lines:
        assert [len(run) for run in runs(one)] == [1, len(STAGES) - 2]


def test_more_personas_than_can_be_told_apart_stand_each_alone_and_go_on_further_pages() -> None:
    given = found(7)
    shown = _shown(make_map.rich_map(), given, "de", None)
    pages = persona_stages_pages(shown, given, Words("de"), 770.0, 521.0, PRINT, 47.0)
    assert len(pages) == 3
    assert "Alle" not in pages[0].texts()


def test_it_is_written_in_every_format_and_no_other(tmp_path: Path) -> None:
    for ending in (".pdf", ".png", ".svg", ".html"):
        assert write_persona_stages(make_map.rich_map(), found(), tmp_path / f"a{ending}", "en").stat().st_size > 1000
    with pytest.raises(Fault, match="cannot be written as"):
        write_persona_stages(make_map.rich_map(), found(), tmp_path / "a.xlsx")
