"""The decision matrix drawn: a row a criterion, a bar from 0 to 5 a vendor, the weighted mean beneath."""

from __future__ import annotations

from typing import Final

from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Rect, Scene, Text, line
from etappe.reports.formats import number
from etappe.reports.map.reading import Matrix
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST, TYPE

_WEIGHT: Final = 62.0
_BOX: Final = 9.0
_NUMBER: Final = 20.0
_WIDEST: Final = 770.0


def matrix_pages(matrix: Matrix, width: float, height: float | None, measure: Measure, words: Words) -> list[Scene]:
    """The matrix on as many pages as it needs, vendors' names on each."""
    full = height if height is not None else 1e9
    width = min(width, _WIDEST)
    pages = [_opened(matrix, width, measure, words, again=False)]
    top = pages[-1].height
    for row in matrix.rows:
        lines = measure.fold(row[0], _name(width, matrix) - 10, TYPE["body"], 400, 4)
        high = 9.0 + 10.2 * len(lines)
        if pages[-1].height + high + 40 > full and pages[-1].height > top:
            pages.append(_opened(matrix, width, measure, words, again=True))
        _row(pages[-1], matrix, lines, row[1], row[2], width, high, words)
    _totals(pages[-1], matrix, width, words)
    return pages


def _name(width: float, matrix: Matrix) -> float:
    return max(150.0, width - _WEIGHT - len(matrix.vendors) * _column(width, matrix))


def _column(width: float, matrix: Matrix) -> float:
    return min(112.0, (width - 150.0 - _WEIGHT) / max(len(matrix.vendors), 1))


def _x(width: float, matrix: Matrix, place: int) -> float:
    return _name(width, matrix) + _WEIGHT + place * _column(width, matrix)


def _opened(matrix: Matrix, width: float, measure: Measure, words: Words, again: bool) -> Scene:
    title = f"{words('matrix')} ({words('continued')})" if again else words("matrix")
    scene = Scene(width, about=words("matrix"), name=words("matrix"))
    scene.add(Text(0, 10, title, TYPE["section"], "ink", 620))
    y = 16.0
    for text in measure.fold(words("matrix_note"), width, TYPE["label"], most=2):
        scene.add(Text(0, y + 8, text, TYPE["label"], "muted", width=width))
        y += 10
    y += 8
    room = _column(width, matrix) - 8
    heads = [measure.fold(vendor, room, SMALLEST, 620, 2) for vendor in matrix.vendors]
    deep = max((len(lines) for lines in heads), default=1)
    base = y + 8.6 * deep
    scene.add(Text(0, base, words("criterion"), SMALLEST, "muted", 620))
    scene.add(Text(_name(width, matrix) + _WEIGHT - 18, base, words("weight"), SMALLEST, "muted", 620, "end"))
    for place, lines in enumerate(heads):
        for at, text in enumerate(lines):
            own = place == matrix.ours
            scene.add(Text(_x(width, matrix, place), base - 8.6 * (len(lines) - 1 - at), text, SMALLEST, "ink" if own else "muted", 620, width=room))
    y = base + 4
    scene.add(line(0, y, width, y, "rule", 0.8))
    scene.height = y
    return scene


def _row(scene: Scene, matrix: Matrix, lines: list[str], weight: float | None, standing: tuple[float | None, ...], width: float, high: float, words: Words) -> None:
    y = scene.height
    for at, text in enumerate(lines):
        scene.add(Text(0, y + 12 + 10.2 * at, text, TYPE["body"], "ink", width=_name(width, matrix) - 8))
    shown = "–" if weight is None else number(weight, words.language)
    scene.add(Text(_name(width, matrix) + _WEIGHT - 18, y + 12, shown, TYPE["body"], "ink", anchor="end"))
    for place, value in enumerate(standing):
        _standing(scene, value, _x(width, matrix, place), y + 12, place == matrix.ours, _column(width, matrix) - 10, words)
    scene.height = y + high
    scene.add(line(0, scene.height, width, scene.height, "line", 0.5))


def _standing(scene: Scene, value: float | None, x: float, base: float, own: bool, room: float, words: Words, weight: int = 400) -> None:
    if value is None:
        scene.add(Text(x, base, words("unknown_standing"), SMALLEST, "muted", width=room))
        return
    scene.add(Text(x + _NUMBER - 6, base, number(value, words.language, 0 if float(value).is_integer() else 1), TYPE["body"], "ink", weight, "end"))
    bar = min(room - _NUMBER, 5 * _BOX)
    scene.add(Rect(x + _NUMBER, base - 6.2, bar, 6.0, "page", "rule", 0.5))
    if value > 0:
        scene.add(Rect(x + _NUMBER, base - 6.2, bar * min(value, 5.0) / 5, 6.0, "accent" if own else "own"))
    for step in range(1, 5):
        scene.add(line(x + _NUMBER + bar * step / 5, base - 6.2, x + _NUMBER + bar * step / 5, base - 0.2, "page", 0.8))


def _totals(scene: Scene, matrix: Matrix, width: float, words: Words) -> None:
    y = scene.height
    scene.add(Text(0, y + 13, words("weighted"), TYPE["body"], "ink", 620))
    for place, value in enumerate(matrix.totals):
        shown = round(value, 1) if value is not None else None
        _standing(scene, shown, _x(width, matrix, place), y + 13, place == matrix.ours, _column(width, matrix) - 10, words, 620)
    scene.height = y + 20
    scene.add(line(0, scene.height, width, scene.height, "rule", 0.8))
