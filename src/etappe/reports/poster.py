"""A document as one drawing: heading, key figures, pictures, and tables where there is no picture; for
PNG and SVG.
"""

from __future__ import annotations

from typing import Final

from etappe.reports.document import Cell, Chart, Document, Notes, Picture, Sheet
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Circle, Image, Path, Rect, Scene, Shape, Text, glyph, line
from etappe.reports.heading import FIGURE_GAP, heading
from etappe.reports.texts import Words
from etappe.reports.theme import PAGE, SMALLEST, TYPE

_MOST_ROWS: Final = 80
_SIDE: Final = 28.0


def poster_scene(document: Document, measure: Measure) -> Scene:
    """The whole on one sheet as wide as A4 is long, or as the document says, and as high as it needs."""
    width = max(document.poster, PAGE["width"])
    inner = width - 2 * _SIDE
    scene = Scene(width, about=document.title)
    y = _head(scene, document, _SIDE, inner, measure) + 8
    pictures = [block for block in document.blocks if isinstance(block, Picture)]
    for block in document.blocks:
        if isinstance(block, Picture):
            for part in block.draw(inner, None, measure, 0.0):
                _shifted(scene, part, _SIDE, y)
                scene.about = part.about or scene.about
                y += part.height + 10
        elif isinstance(block, Chart):
            scale = min(1.0, inner / block.width)
            scene.add(Image(_SIDE, y, block.width * scale, block.height * scale, block.light))
            y += block.height * scale + 8
        elif isinstance(block, Sheet) and not pictures:
            y = _sheet(scene, block, y + 8, inner, measure, Words(document.language))
        elif isinstance(block, Notes):
            y = _notes(scene, block, y + 8, inner, measure)
    scene.add(line(_SIDE, y + 4, width - _SIDE, y + 4, "rule"))
    scene.add(Text(_SIDE, y + 14, measure.clip(document.footer, inner, SMALLEST), SMALLEST, "muted", width=inner))
    scene.height = y + 28
    return scene


def _head(scene: Scene, document: Document, top: float, inner: float, measure: Measure) -> float:
    head = heading(document, inner, measure)
    x = _SIDE + inner - head.figures_width
    for figure, words, room in head.figures:
        scene.add(Text(x, top + 12, figure, TYPE["figure"], "ink", 620, width=room))
        for i, word in enumerate(words):
            scene.add(Text(x, top + 22 + 8.6 * i, word, SMALLEST, "muted", width=room))
        x += room + FIGURE_GAP
    for i, title in enumerate(head.title):
        scene.add(Text(_SIDE, top + 14 + 20 * i, title, TYPE["title"], "ink", 620, width=head.room))
    y = top + 14 + 20 * (len(head.title) - 1)
    for i, subtitle in enumerate(head.subtitle):
        scene.add(Text(_SIDE, y + 14 + 11 * i, subtitle, TYPE["body"], "muted", width=head.room))
    y += 11 * (len(head.subtitle) - 1)
    return max(y + 22, top + 38 + 8.6 * max(head.lines - 2, 0))


def _shifted(scene: Scene, part: Scene, dx: float, dy: float) -> None:
    scene.add(*(_moved(shape, dx, dy) for shape in part.shapes))


def _moved(shape: Shape, dx: float, dy: float) -> Shape:
    import dataclasses

    if isinstance(shape, Path):
        lines = tuple(tuple((x + dx, y + dy) for x, y in points) for points in shape.lines)
        return dataclasses.replace(shape, lines=lines)
    assert isinstance(shape, (Rect, Circle, Text, Image))
    return dataclasses.replace(shape, x=shape.x + dx, y=shape.y + dy)


def _sheet(scene: Scene, sheet: Sheet, y: float, inner: float, measure: Measure, words: Words) -> float:
    total = sum(column.room for column in sheet.columns)
    edges = [_SIDE]
    for column in sheet.columns:
        edges.append(edges[-1] + column.room / total * inner)
    scene.add(Text(_SIDE, y + 9, sheet.title, TYPE["section"], "ink", 620, width=inner))
    y += 16
    for text in measure.wrap(sheet.note, inner, TYPE["label"], most=4) if sheet.note else []:
        scene.add(Text(_SIDE, y + 7, text, TYPE["label"], "muted", width=inner))
        y += 10
    y += 3
    most = max(
        (
            len(measure.wrap(c.title, edges[i + 1] - edges[i] - 6, SMALLEST, 620, most=3))
            for i, c in enumerate(sheet.columns)
        ),
        default=1,
    )
    for i, column in enumerate(sheet.columns):
        rows = measure.wrap(column.title, edges[i + 1] - edges[i] - 6, SMALLEST, 620, most=3)
        for n, text in enumerate(rows):
            base = y + 7 + 8.6 * (most - len(rows) + n)
            x, anchor = (edges[i + 1] - 4, "end") if column.align == "right" else (edges[i], "start")
            scene.add(Text(x, base, text, SMALLEST, "muted", 620, anchor, edges[i + 1] - edges[i] - 4))
    y += 3 + 8.6 * most
    scene.add(line(_SIDE, y, _SIDE + inner, y, "rule"))
    for row in sheet.rows[:_MOST_ROWS]:
        y = _row(scene, sheet, row, edges, y, inner, measure)
    if len(sheet.rows) > _MOST_ROWS:
        scene.add(Text(_SIDE, y + 10, words("rows_more", n=len(sheet.rows) - _MOST_ROWS), TYPE["label"], "muted"))
        y += 14
    return y + 6


def _row(
    scene: Scene,
    sheet: Sheet,
    row: tuple[Cell, ...] | str,
    edges: list[float],
    y: float,
    inner: float,
    measure: Measure,
) -> float:
    if isinstance(row, str):
        scene.add(
            Rect(_SIDE, y, inner, 13, "surface"),
            Text(_SIDE + 2, y + 9.2, measure.clip(row, inner, TYPE["label"], 620), TYPE["label"], "ink", 620),
        )
        return y + 13
    high = 13.0
    for i, cell in enumerate(row):
        room = edges[i + 1] - edges[i] - 6
        high = max(high, 5.0 + 8.8 * len(_lines(cell, room, measure)))
    for i, cell in enumerate(row):
        room = edges[i + 1] - edges[i] - 6
        end = sheet.columns[i].align == "right"
        x = edges[i + 1] - 4 if end else edges[i]
        if cell.mark and not end:
            scene.add(glyph(cell.mark, x + 3.5, y + 6.6, 3.2, cell.colour))
            x += 11
        for n, (text, sub) in enumerate(_lines(cell, room, measure)):
            weight = 530 if cell.strong and not sub else 400
            scene.add(
                Text(
                    x,
                    y + 9.2 + 8.8 * n,
                    text,
                    SMALLEST if sub else 8.0,
                    "muted" if sub else cell.colour,
                    weight,
                    "end" if end else "start",
                    room,
                )
            )
    y += high
    scene.add(line(_SIDE, y, _SIDE + inner, y, "line"))
    return y


def _lines(cell: Cell, room: float, measure: Measure) -> list[tuple[str, bool]]:
    room -= 11 if cell.mark else 0
    lines = [(text, False) for text in measure.wrap(cell.text, room, 8.0, 530 if cell.strong else 400, most=3)]
    return lines + [(text, True) for text in (measure.wrap(cell.sub, room, SMALLEST, most=2) if cell.sub else [])]


def _notes(scene: Scene, notes: Notes, y: float, inner: float, measure: Measure) -> float:
    scene.add(Text(_SIDE, y + 9, notes.title, TYPE["section"], "ink", 620, width=inner))
    y += 16
    for note in notes.lines:
        for text in measure.wrap(note, inner, 8.0, most=6):
            scene.add(Text(_SIDE, y + 8, text, 8.0, "ink", width=inner))
            y += 10.5
        y += 2
    return y + 4
