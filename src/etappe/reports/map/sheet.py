"""One page of the map: stages on top, lane names at the left, both repeated on every page, the rows between."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Rect, Scene, Text, glyph, line
from etappe.reports.map.cards import Laid, draw_card, lay_card
from etappe.reports.map.curve import Field, draw_curve
from etappe.reports.map.legend import draw_legend, legend_height
from etappe.reports.map.reading import VERDICT_COLOURS, VERDICT_SHAPES, Shown, StageView
from etappe.reports.map.rows import draw_milestones, draw_time, measured_days, planned_days
from etappe.reports.map.tiles import GUTTER, LABEL, Band, Plan, Row, column_width, plan
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST, stage_tint

_NAME: Final = 9.5
_STEP: Final = 8.0


def map_pages(shown: Shown, width: float, height: float | None, measure: Measure, words: Words, head: float = 0.0) -> list[Scene]:
    """The map on pages of at most `height` (those of the first rows lower by `head`), or on one as high as it needs."""
    top, foot = header_height(shown, column_width(shown, width)[0], measure), legend_height(shown, width, measure, words)
    room = None if height is None else height - top - foot
    laid = plan(shown, width, room, measure, words, head)
    return [_page(shown, laid, band, group, width, top, measure, words) for band in laid.bands for group in laid.groups]


def header_height(shown: Shown, column: float, measure: Measure) -> float:
    """Stage names, what became of their claims, and the steps where there are any."""
    cut = f" ({Words(shown.language)('continued')})"
    names = [len(measure.fold(stage.title + (cut if stage.last > stage.first else ""), column - 23, _NAME, 620, 3)) for stage in shown.stages]
    return 7.5 + 11.0 * min(max(names, default=1), 2) + (13.0 if shown.checked and shown.view == "evidence" else 0.0) + (22.0 if any(column.title for column in shown.columns) else 0.0)


def _page(shown: Shown, laid: Plan, band: Band, group: tuple[int, int], width: float, top: float, measure: Measure, words: Words) -> Scene:
    first, last = group
    right = LABEL + (last - first + 1) * laid.column
    scene = Scene(width, about=_about(shown, words), name=_name(shown, band, group, laid))
    _header(scene, shown, laid, group, top, measure, words)
    y = top
    for row in band.rows:
        _label(scene, shown, row, y, measure, words)
        _row(scene, shown, laid, row, y, group, measure, words)
        y += row.height
        scene.add(line(0, y, right, y, "rule" if row is band.rows[-1] else "line", 0.6))
    for place in range(first, last + 2):
        ends = place == last + 1 or shown.columns[place].opens if shown.columns else True
        x = LABEL + (place - first) * laid.column
        scene.behind(line(x, 0 if ends else top - 22, x, y, "rule" if ends and place not in (first,) else "line", 0.6 if ends else 0.4))
    _edges(scene, shown, group, y, right)
    scene.height = draw_legend(scene, shown, y + 5, width, measure, words)
    return scene


def _name(shown: Shown, band: Band, group: tuple[int, int], laid: Plan) -> str:
    """What the PDF's list of contents calls the page: its stages, and its lanes where there are several pages of them."""
    if not shown.stages or not shown.columns:
        return shown.title
    stages = [shown.stages[shown.columns[place].stage].title for place in group]
    across = stages[0] if stages[0] == stages[-1] else f"{stages[0]} – {stages[-1]}"
    lanes = [row.lane.title for row in band.rows if row.lane is not None]
    down = f" · {lanes[0]} – {lanes[-1]}" if len(laid.bands) > 1 and lanes else ""
    return across + down


def _about(shown: Shown, words: Words) -> str:
    stages = ", ".join(stage.title for stage in shown.stages)
    return f"{shown.title}. {shown.subtitle}. {words('stages')}: {stages}. {words('cards_n', n=sum(len(lane.cards) for lane in shown.lanes))}."


# -- header ---------------------------------------------------------------------------------------------------------------


def _header(scene: Scene, shown: Shown, laid: Plan, group: tuple[int, int], top: float, measure: Measure, words: Words) -> None:
    first, last = group
    steps = any(column.title for column in shown.columns)
    bottom = top - (22.0 if steps else 0.0)
    for number, stage in enumerate(shown.stages, start=1):
        if stage.last < first or stage.first > last:
            continue
        x = LABEL + (max(stage.first, first) - first) * laid.column
        wide = (min(stage.last, last) - max(stage.first, first) + 1) * laid.column
        scene.behind(Rect(x, 0, wide, bottom, stage_tint(number, len(shown.stages))))
        title = f"{stage.title} ({words('continued')})" if stage.first < first else stage.title
        number_text = str(number)
        indent = measure.width(number_text, _NAME, 620) + 5
        lines = measure.fold(title, wide - 12 - indent, _NAME, 620, 2)
        scene.add(Text(x + 6, 13.0, number_text, _NAME, "muted", 620))
        for place, text in enumerate(lines):
            scene.add(Text(x + 6 + indent, 13.0 + 11.0 * place, text, _NAME, "ink", 620, width=wide - 12 - indent))
        if shown.checked and shown.view == "evidence" and stage.first >= first:
            _tally(scene, shown, stage, x + 6 + indent, bottom - 5.0, measure)
    if steps:
        for place in range(first, last + 1):
            x = LABEL + (place - first) * laid.column
            for at, text in enumerate(measure.fold(shown.columns[place].title, laid.column - 12, _STEP, 530, 2)):
                scene.add(Text(x + 6, bottom + 9.0 + 9.2 * at, text, _STEP, "ink", 530, width=laid.column - 12))
    right = LABEL + (last - first + 1) * laid.column
    scene.add(line(0, top, right, top, "rule", 0.8))


def _tally(scene: Scene, shown: Shown, stage: StageView, x: float, base: float, measure: Measure) -> None:
    """What the evidence says to the stage's claims: shape and number."""
    for verdict, shape in VERDICT_SHAPES.items():
        count = sum(claim.verdict == verdict and claim.stage == stage.id for claim in shown.claims)
        if count:
            colour = VERDICT_COLOURS.get(verdict, "muted")
            scene.add(glyph(shape, x + 3.2, base - 2.5, 2.8, colour, 1.2), Text(x + 8.5, base, str(count), SMALLEST, colour, 620))
            x += 8.5 + measure.width(str(count), SMALLEST, 620) + 7


def _edges(scene: Scene, shown: Shown, group: tuple[int, int], bottom: float, right: float) -> None:
    """Ticks where the map goes on to the left or the right."""
    if group[0] > 0:
        scene.add(line(LABEL - 4, 14, LABEL, 14, "muted", 0.8, (1.0, 1.0)))
    if shown.columns and group[1] < len(shown.columns) - 1:
        for y in (14.0, bottom):
            scene.add(line(right, y, right + 5, y, "muted", 0.8, (1.0, 1.0)))


# -- rows -----------------------------------------------------------------------------------------------------------------


def _label(scene: Scene, shown: Shown, row: Row, y: float, measure: Measure, words: Words) -> None:
    title, notes = _said(shown, row, words)
    base = y + 13.0
    for text in measure.fold(title, LABEL - 12, 8.5, 620, 3):
        scene.add(Text(0, base, text, 8.5, "ink", 620, width=LABEL - 8))
        base += 10.0
    base += 0.6
    for note in notes:
        for text in measure.fold(note, LABEL - 10, SMALLEST, most=6):
            if base + 1.5 > y + row.height:
                return
            scene.add(Text(0, base, text, SMALLEST, "muted", width=LABEL - 8))
            base += 8.6


def _said(shown: Shown, row: Row, words: Words) -> tuple[str, list[str]]:
    if row.kind == "time":
        total = [words("planned_n", days=planned_days(shown.planned, words))] if shown.planned is not None else []
        total += [words("measured_n", days=measured_days(shown.measured, words))] if shown.measured is not None else []
        return words("time_line"), total
    if row.kind == "milestones":
        return words("milestones"), []
    assert row.lane is not None
    if row.again:
        return row.lane.title, [words("continued")] if not row.lane.curve else []
    if row.curve:
        return row.lane.title, [words("curve_note")]
    return row.lane.title, [] if row.placed else [row.lane.asks]


def _row(scene: Scene, shown: Shown, laid: Plan, row: Row, y: float, group: tuple[int, int], measure: Measure, words: Words) -> None:
    first, last = group
    column = laid.column
    if row.kind == "time":
        draw_time(scene, shown, LABEL, column, first, last, y, measure, words)
    elif row.kind == "milestones":
        draw_milestones(scene, shown, LABEL, column, first, last, y, measure)
    elif row.curve:
        field = Field(LABEL - first * column, column, y, LABEL, LABEL + (last - first + 1) * column)
        draw_curve(scene, shown, field, measure, words)
        for value, word in ((2, "feel_good"), (0, "feel_neutral"), (-2, "feel_bad")):
            scene.add(Text(LABEL - 5, y + field.y(value) - y + 2.4, words(word), SMALLEST, "muted", anchor="end"))
    for placed in row.placed:
        card = placed.laid.card
        if card.first > last or card.last < first:
            continue
        _card(scene, shown, laid, placed.laid, placed.x - first * column, y + placed.y, group, measure, words)


def _card(scene: Scene, shown: Shown, laid: Plan, one: Laid, x: float, y: float, group: tuple[int, int], measure: Measure, words: Words) -> None:
    """A card; one that spans over the edge of the page is drawn on each page, as wide as is seen of it."""
    first, last = group
    if one.card.first < first or one.card.last > last:
        seen = min(one.card.last, last) - max(one.card.first, first) + 1
        narrow = lay_card(one.card, seen * laid.column - 2 * GUTTER, measure, words, shown.view)
        most = max(1, int((one.height - 9) // 8.8))
        one = replace(narrow, lines=narrow.lines[:most], height=one.height)
        x = (max(one.card.first, first) - first) * laid.column + GUTTER
    draw_card(scene, one, LABEL + x, y, words, shown.view)
