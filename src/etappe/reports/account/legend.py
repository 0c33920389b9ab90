"""The key to the marks, only as far as the drawing uses them."""

from __future__ import annotations

from etappe.reports.account.marks import Mark, draw_mark
from etappe.reports.account.section import Section
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Circle, Rect, Scene, Text, hatch, line
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST


def legend_height(sections: list[Section], width: float, words: Words, measure: Measure) -> float:
    """How much room the key needs."""
    return draw_legend(Scene(width), 0.0, sections, words, measure)


def draw_legend(scene: Scene, y: float, sections: list[Section], words: Words, measure: Measure) -> float:
    """One line (two where needed) that explains what is drawn; returns where it ends."""
    x, row, right = 0.0, y + 10.0, scene.width
    for kind, text in _entries(sections, words):
        width = 12 + measure.width(text, SMALLEST) + 12
        if x + width > right and x > 0:
            x, row = 0.0, row + 10.5
        _symbol(scene, kind, x + 5.5, row - 2.4)
        scene.add(Text(x + 14, row, text, SMALLEST, "muted", width=right - x - 14))
        x += width
    return row + 4.0


def _entries(sections: list[Section], words: Words) -> list[tuple[str, str]]:
    marks = [mark for s in sections for row in s.rows for mark in (*row.top, *row.low)]
    shapes = {mark.shape for mark in marks}
    entries = [
        (shape, words(key))
        for shape, key in (
            ("circle", "legend_online"),
            ("square", "legend_offline"),
            ("diamond", "legend_sales"),
        )
        if shape in shapes
    ]
    if any(mark.hollow for mark in marks):
        entries.append(("hollow", words("legend_own")))
    spans = sorted({s.span for s in sections for row in s.rows for mark in (*row.top, *row.low) if mark.count > 1})
    if spans:
        entries.append(("count", words("legend_count", unit=_unit(spans, words))))
    if any(len(step.persons) > 1 for s in sections for step in s.journey.steps):
        entries.append(("together", words("legend_together")))
    if any(s.journey.pauses for s in sections):
        entries.append(("pause", words("pause_word")))
    return entries


def _unit(spans: list[int], words: Words) -> str:
    days = spans[-1]
    if len(spans) > 1:
        return words("unit_close")
    if days == 1:
        return words("unit_day")
    if days == 7:
        return words("unit_week")
    if days % 7 == 0:
        return words("unit_weeks", n=days // 7)
    return words("unit_days", n=days)


def _symbol(scene: Scene, kind: str, x: float, y: float) -> None:
    if kind == "together":
        scene.add(line(x, y - 4, x, y + 4, "faint", 0.6))
    elif kind == "pause":
        scene.add(Rect(x - 4, y - 4, 8, 8, "band-odd"), hatch(x - 4, y - 4, 8, 8, gap=2.6))
    elif kind == "count":
        scene.add(
            Rect(x - 5.2, y - 4.6, 10.4, 9.2, "muted", None, radius=4.6),
            Text(x, y + 2.4, "3", SMALLEST, "page", 620, "middle"),
        )
    elif kind == "hollow":
        scene.add(Circle(x, y, 2.7, "page", "muted", 0.9))
    else:
        draw_mark(scene, Mark(x, 3.0, kind, False, ()), y)
