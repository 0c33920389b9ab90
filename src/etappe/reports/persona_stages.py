"""Personas × the stages of a map: all their curves over one another, then each alone with how often such people are active."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from etappe.maps.map import Map, feeling_id
from etappe.reports.document import Document, Picture
from etappe.reports.drawing.clean import tidy
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Rect, Scene, Text, line
from etappe.reports.footer import footer_of
from etappe.reports.formats import moment
from etappe.reports.map.curve import HEIGHT, Field, draw_curve
from etappe.reports.map.figures import told
from etappe.reports.map.legend import draw_legend, legend_height
from etappe.reports.map.reading import Shown, Who, read_map
from etappe.reports.report import FORMATS, checked_ending, checked_language, save
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST, Language, stage_tint
from etappe.reports.vocabulary import Names

ENDINGS: Final = (".pdf", ".png", ".svg", ".html")
_LABEL: Final = 112.0
_HEAD: Final = 27.0
_ROW: Final = HEIGHT + 20.0
_MOST: Final = 5
"""Lines that can be told apart over one another."""


def write_persona_stages(document: Map, found: Mapping[str, Any], path: Path, language: str = "de", names: Names | None = None, conservation: Mapping[str, Any] | None = None) -> Path:
    """Write personas × stages as .pdf, .png, .svg or .html. `found` is what `persona stages --json` says.

    Raises
    ------
    ReportFault
        For an unknown ending or language, or a folder that cannot be written.
    """
    ending = checked_ending(path, ENDINGS, "Personas and stages")
    return save(FORMATS[ending](persona_stages_document(document, found, checked_language(language), names, conservation)), path)


def persona_stages_document(document: Map, found: Mapping[str, Any], language: Language, names: Names | None = None, conservation: Mapping[str, Any] | None = None) -> Document:
    """The personas beside the stages as a document."""
    words = Words(language, names)
    shown = _shown(document, found, language, names)
    title = tidy(document.say("title", None if document.language == language else language)) or document.id
    footer = footer_of(words, moment(found.get("as_of")), document.id, conservation)
    return Document(language, words("ps_title", map=title), words("ps_how"), (), (Picture(words("ps_all"), lambda w, h, m, head: persona_stages_pages(shown, found, words, w, h, m, head)),), footer)


def _shown(document: Map, found: Mapping[str, Any], language: Language, names: Names | None) -> Shown:
    """A map of nothing but the stages and the curves of these personas."""
    feelings: dict[str, Any] = {}
    for row in found["personas"]:
        for cell in row["stages"]:
            points: dict[str, dict[str, Any]] = {"hand": {"value": cell["hand"]}} if cell["hand"] is not None else {}
            measured = cell["measured"] or {}
            if measured.get("value") is not None:
                points["measured"] = {name: measured.get(name) for name in ("value", "low", "high", "n")}
            feelings |= {feeling_id(cell["stage"], "", row["persona"], how): {"stage": cell["stage"], "persona": row["persona"], "how": how, **point} for how, point in points.items()}
    stages = {stage.id: {name: value for name, value in stage.plain().items() if name in ("id", "order", "title", "translations")} for stage in document.sorted("stages")}
    made = Map.load({
        "id": document.id, "language": document.language, "languages": document.languages, "stages": stages, "feelings": feelings, "personas": [row["persona"] for row in found["personas"]],
    })  # fmt: skip
    shown = read_map(made, language=language, personas={row["persona"]: row["title"] or row["persona"] for row in found["personas"]}, names=names)
    return replace(shown, stages=tuple(replace(stage, milestone="") for stage in shown.stages))


def persona_stages_pages(shown: Shown, found: Mapping[str, Any], words: Words, width: float, height: float | None, measure: Measure, head: float = 0.0) -> list[Scene]:
    """A row for all, where they can be told apart, and one for each; the stages are repeated on every page."""
    drawn: list[tuple[Who | None, Mapping[str, Any]]] = [(None, {})] if 1 < len(shown.who) <= _MOST else []
    drawn += list(zip(shown.who, found["personas"], strict=True))
    foot = legend_height(shown, width, measure, words)
    pages: list[Scene] = []
    y, limit = 0.0, 0.0
    for who, row in drawn:
        if not pages or y + _ROW + foot > limit:
            limit = ((height - (head if not pages else 0.0)) if height is not None else 1e9) + 0.01
            pages.append(Scene(width, name=words("ps_all") if not pages else ""))
            y = _heads(pages[-1], shown, width, measure)
        _row(pages[-1], shown, who, row, y, width, measure, words)
        y += _ROW
        pages[-1].height = y + foot
    for page in pages:
        draw_legend(page, shown, page.height - foot + 5.0, width, measure, words)
    return pages


def _column(shown: Shown, width: float) -> float:
    return (width - _LABEL) / max(len(shown.columns), 1)


def _heads(scene: Scene, shown: Shown, width: float, measure: Measure) -> float:
    column = _column(shown, width)
    for place, stage in enumerate(shown.stages):
        x = _LABEL + place * column
        scene.behind(Rect(x, 0, column - 2, _HEAD - 6, stage_tint(place + 1, len(shown.stages))))
        title = f"{place + 1}  {stage.title}"
        size = 8.0 if measure.width(title, 8.0, 620) <= column - 10 else SMALLEST
        scene.add(Text(x + 5, 13.6, measure.clip(title, column - 10, size, 620), size, "ink", 620, width=column - 10))
    return _HEAD


def _row(scene: Scene, shown: Shown, who: Who | None, row: Mapping[str, Any], y: float, width: float, measure: Measure, words: Words) -> None:
    """One persona, or all of them, over all stages; beneath the curve how often such people are active in each stage."""
    column = _column(shown, width)
    lines = shown.lines if who is None else tuple(one for one in shown.lines if one.who == who)
    for place, text in enumerate(measure.fold(words("ps_all") if who is None else who.title, _LABEL - 34, 8.5, 620, 3)):
        scene.add(Text(0, y + 12 + place * 10.6, text, 8.5, "ink", 620, width=_LABEL - 34))
    if row:
        note = words("p_no_rule_short") if row.get("problem") else words("p_journeys_n", n=int(row.get("journeys") or 0))
        scene.add(Text(0, y + 46, note, SMALLEST, "muted", width=_LABEL - 34))
    field = Field(_LABEL, column, y, _LABEL, width)
    draw_curve(scene, replace(shown, lines=lines), field, measure, words)
    for value, word in ((2, "feel_good"), (0, "feel_neutral"), (-2, "feel_bad")):
        scene.add(Text(_LABEL - 5, field.y(value) + 2.4, words(word), SMALLEST, "muted", anchor="end"))
    for place, cell in enumerate(row.get("stages") or ()):
        if cell["active"]:
            text = f"{words('p_active')} {told(cell['active'], 'share', words)}"
            scene.add(Text(_LABEL + (place + 0.5) * column, y + HEIGHT + 7, measure.clip(text, column - 4, SMALLEST), SMALLEST, "muted", anchor="middle"))
    scene.behind(line(0, y + _ROW - 5, width, y + _ROW - 5, "rule", 0.6))
