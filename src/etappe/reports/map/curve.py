"""The curve of feelings: monotone, never bridging a gap; by hand dashed and hollow, measured solid with its band.

Fritsch and Carlson, SIAM J. Numer. Anal. 1980: the curve never rises above or falls below its points. The control points
stand at thirds of the way, so x runs evenly along a piece and a piece can be cut at the edge of a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Path, Point, Scene, Text, line
from etappe.reports.map.cards import persona_mark, series_colour
from etappe.reports.map.figures import score
from etappe.reports.map.reading import Line, Shown, Spot
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST

HEIGHT: Final = 118.0
_EDGE: Final = 13.0
_DASHES: Final = {"hand": (3.0, 2.6), "target": (0.6, 2.4), "measured": ()}
_SERIES_DASHES: Final = ((), (6.0, 2.0), (1.4, 2.0), (6.0, 2.0, 1.4, 2.0))
Piece = tuple[Point, Point, Point, Point]


def tangents(xs: Sequence[float], ys: Sequence[float]) -> list[float]:
    """Slopes at the points that keep the curve monotone between them."""
    n = len(xs)
    if n < 2:
        return [0.0] * n
    steps = [xs[i + 1] - xs[i] for i in range(n - 1)]
    secants = [(ys[i + 1] - ys[i]) / steps[i] for i in range(n - 1)]
    slopes = [secants[0], *[0.0] * (n - 2), secants[-1]]
    for i in range(1, n - 1):
        before, after = secants[i - 1], secants[i]
        if before * after > 0:
            w1, w2 = 2 * steps[i] + steps[i - 1], steps[i] + 2 * steps[i - 1]
            slopes[i] = (w1 + w2) / (w1 / before + w2 / after)
    for i in range(n - 1):
        if secants[i] == 0:
            slopes[i] = slopes[i + 1] = 0.0
        else:
            for end in (i, i + 1):
                limit = 3 * abs(secants[i])
                slopes[end] = max(-limit, min(limit, slopes[end])) if slopes[end] * secants[i] > 0 else 0.0
    return slopes


def pieces(points: Sequence[Point]) -> list[Piece]:
    """The curve through points as cubic pieces."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    slopes = tangents(xs, ys)
    made: list[Piece] = []
    for i in range(len(points) - 1):
        third = (xs[i + 1] - xs[i]) / 3
        made.append((points[i], (xs[i] + third, ys[i] + slopes[i] * third), (xs[i + 1] - third, ys[i + 1] - slopes[i + 1] * third), points[i + 1]))
    return made


def within(piece: Piece, left: float, right: float) -> Piece | None:
    """The part of a piece between two edges, None where it lies outside."""
    start, end = piece[0][0], piece[3][0]
    if end <= left or start >= right:
        return None
    a, b = max(0.0, (left - start) / (end - start)), min(1.0, (right - start) / (end - start))
    if a > 0:
        piece = _split(piece, a)[1]
    if b < 1:
        piece = _split(piece, (b - a) / (1 - a))[0]
    return piece


def _split(piece: Piece, at: float) -> tuple[Piece, Piece]:
    def mid(p: Point, q: Point) -> Point:
        return (p[0] + (q[0] - p[0]) * at, p[1] + (q[1] - p[1]) * at)

    a, b, c = mid(piece[0], piece[1]), mid(piece[1], piece[2]), mid(piece[2], piece[3])
    d, e = mid(a, b), mid(b, c)
    f = mid(d, e)
    return (piece[0], a, d, f), (f, e, c, piece[3])


def runs(line_of: Line) -> list[list[Spot]]:
    """The points in runs without a gap: a column without a point ends a run, and nothing bridges it."""
    made: list[list[Spot]] = []
    for spot in line_of.spots:
        if made and spot.first <= made[-1][-1].last + 1:
            made[-1].append(spot)
        else:
            made.append([spot])
    return made


@dataclass(frozen=True, slots=True)
class Field:
    """Where the curve is drawn: columns from `x0`, each `column` wide, values from `top`; `left` to `right` is seen."""

    x0: float
    column: float
    top: float
    left: float
    right: float

    def x(self, spot: Spot) -> float:
        """The middle of a spot's columns."""
        return self.x0 + (spot.first + spot.last + 1) / 2 * self.column

    def y(self, value: float) -> float:
        """The height of a value."""
        return self.top + _EDGE + (2 - max(-2.0, min(2.0, value))) / 4 * (HEIGHT - 2 * _EDGE)

    def sees(self, x: float) -> bool:
        """Whether an x is on this page."""
        return self.left <= x <= self.right


def draw_curve(scene: Scene, shown: Shown, field: Field, measure: Measure, words: Words) -> None:
    """All lines over the columns that are seen; values stand where no line runs."""
    for value in (-2, -1, 0, 1, 2):
        scene.behind(line(field.left, field.y(value), field.right, field.y(value), "rule" if value == 0 else "line", 0.5, () if value == 0 else (1.5, 2.5)))
    busy: list[Point] = []
    for one in shown.lines:
        _band(scene, one, field)
    for one in shown.lines:
        busy += _way(scene, one, field)
    marks = _marks(scene, shown, field, busy)
    _labels(scene, shown, field, busy, marks, measure, words)


def _band(scene: Scene, one: Line, field: Field) -> None:
    if one.how != "measured":
        return
    tint = f"{series_colour(one.who)}-tint" if one.who is not None else "accent-band"
    for run in runs(one):
        known = [spot for spot in run if spot.low is not None and spot.high is not None]
        if len(known) < 2 or len(known) < len(run):
            continue
        upper = [part for piece in pieces([(field.x(s), field.y(s.high or 0.0)) for s in run]) if (part := within(piece, field.left, field.right))]
        lower = [part for piece in pieces([(field.x(s), field.y(s.low or 0.0)) for s in run]) if (part := within(piece, field.left, field.right))]
        if upper:
            scene.behind(Path((_ring(upper, lower),), fill=tint, closed=True, curve=True))


def _ring(upper: list[Piece], lower: list[Piece]) -> tuple[Point, ...]:
    """There above and back below, as one closed way of cubic pieces."""
    way: list[Point] = [upper[0][0]]
    for piece in upper:
        way += piece[1:]
    turn = lower[-1][3]
    way += [way[-1], turn, turn]
    for piece in reversed(lower):
        way += [piece[2], piece[1], piece[0]]
    return tuple(way)


def _way(scene: Scene, one: Line, field: Field) -> list[Point]:
    """Draws a line and returns points along it, for the labels to keep off."""
    colour = series_colour(one.who)
    dash: tuple[float, ...] = _DASHES[one.how]
    if one.how == "measured" and one.who is not None:
        dash = _SERIES_DASHES[one.who.series % 4] if one.who.series else ()
    along: list[Point] = []
    for run in runs(one):
        seen = [part for piece in pieces([(field.x(s), field.y(s.value)) for s in run]) if (part := within(piece, field.left, field.right))]
        if not seen:
            continue
        way: list[Point] = [seen[0][0]]
        for piece in seen:
            way += piece[1:]
            along += _sampled(piece)
        weight = 1.7 if one.how == "measured" else 1.0
        scene.add(Path((tuple(way),), stroke=colour, weight=weight, dash=dash, curve=True))
    return along


def _sampled(piece: Piece, every: float = 2.0) -> list[Point]:
    count = max(2, int((piece[3][0] - piece[0][0]) / every))
    found = []
    for k in range(count + 1):
        t = k / count
        u = 1 - t
        weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        found.append((sum(w * p[0] for w, p in zip(weights, piece, strict=True)), sum(w * p[1] for w, p in zip(weights, piece, strict=True))))
    return found


def _marks(scene: Scene, shown: Shown, field: Field, busy: list[Point]) -> list[Point]:
    marks = []
    for one in shown.lines:
        for spot in one.spots:
            x, y = field.x(spot), field.y(spot.value)
            if not field.sees(x):
                continue
            if one.how == "measured" and spot.low is not None and spot.high is not None:
                scene.add(line(x, field.y(spot.high), x, field.y(spot.low), series_colour(one.who), 0.7))
                steps = max(int(field.y(spot.low) - field.y(spot.high)) // 2, 1)
                busy += [(x, field.y(spot.high) + 2.0 * k) for k in range(steps + 1)]
            r = 2.2 if one.how == "target" else 3.2
            scene.add(*persona_mark(one.who, x, y, r, hollow=one.how != "measured"))
            marks.append((x, y))
    return marks


def _labels(scene: Scene, shown: Shown, field: Field, busy: list[Point], marks: list[Point], measure: Measure, words: Words) -> None:
    """Measured values, and hand-set ones where nothing is measured; each where it touches neither line nor label."""
    taken: list[tuple[float, float, float, float]] = []
    for one in reversed(shown.lines):
        measured = {(s.first, s.last) for other in shown.lines if other.how == "measured" and other.who == one.who for s in other.spots}
        ends = {min(one.spots, key=lambda s: s.value), max(one.spots, key=lambda s: s.value)}
        for spot in one.spots:
            x, y = field.x(spot), field.y(spot.value)
            covered = one.how != "measured" and ((spot.first, spot.last) in measured or (len(shown.lines) > 2 and spot not in ends))
            if not field.sees(x) or covered:
                continue
            text = score(spot.value, words)
            wide, size = measure.width(text, SMALLEST, 530), SMALLEST
            above, below = (x - wide / 2, y - 6.5), (x - wide / 2, y + 12.0)
            places = [*((below, above) if _low(one, spot) else (above, below)), (x + 6, y - 5.0), (x + 6, y + 9.5), (x - wide - 6, y - 5.0), (x - wide - 6, y + 9.5)]
            if spot.low is not None and spot.high is not None:
                places += [(x - wide / 2, field.y(spot.high) - 3.0), (x - wide / 2, field.y(spot.low) + 8.5)]
            places += [(x - wide / 2, y - 14.0), (x - wide / 2, y + 19.5)]
            best = min(places, key=lambda at: _cost((at[0] - 1, at[1] - size, at[0] + wide + 1, at[1] + 1.5), busy, marks, taken, field) + 0.01 * places.index(at))
            taken.append((best[0] - 1, best[1] - size, best[0] + wide + 1, best[1] + 1.5))
            scene.add(Text(best[0], best[1], text, size, "ink" if one.how == "measured" else "muted", 530 if one.how == "measured" else 400))


def _low(one: Line, spot: Spot) -> bool:
    """Whether the line rises to both sides of a point."""
    at = one.spots.index(spot)
    beside = [other.value for other in one.spots[max(0, at - 1) : at + 2] if other is not spot]
    return bool(beside) and spot.value < sum(beside) / len(beside)


def _cost(box: tuple[float, float, float, float], busy: list[Point], marks: list[Point], taken: list[tuple[float, float, float, float]], field: Field) -> float:
    left, top, right, bottom = box
    cost = float(sum(left < x < right and top < y < bottom for x, y in busy))
    cost += 8.0 * sum(left - 3 < x < right + 3 and top - 3 < y < bottom + 3 for x, y in marks)
    cost += 20.0 * sum(left < r and right > x and top < b and bottom > y for x, y, r, b in taken)
    return cost + (50.0 if top < field.top or bottom > field.top + HEIGHT or left < field.left or right > field.right else 0.0)
