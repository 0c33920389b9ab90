"""A drawing as a list of simple shapes in points: what every drawing makes and every way out can show.

Colours are tokens of the theme. `tip` is read out and shown on hover where the way out can do so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle with its upper left corner at x, y."""

    x: float
    y: float
    w: float
    h: float
    fill: str | None = None
    stroke: str | None = None
    weight: float = 0.6
    dash: tuple[float, ...] = ()
    radius: float = 0.0
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle around x, y."""

    x: float
    y: float
    r: float
    fill: str | None = None
    stroke: str | None = None
    weight: float = 0.8
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """One or several lines through points; `closed` ones can be filled. `curve` points are cubic Béziers
    by threes.
    """

    lines: tuple[tuple[Point, ...], ...]
    fill: str | None = None
    stroke: str | None = None
    weight: float = 0.6
    dash: tuple[float, ...] = ()
    closed: bool = False
    curve: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text whose baseline starts (or is centred, or ends) at x, y.

    `width` is the room it has: a way out that can measure squeezes what would not fit.
    """

    x: float
    y: float
    text: str
    size: float
    colour: str = "ink"
    weight: int = 400
    anchor: str = "start"
    width: float | None = None
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A finished SVG in a box."""

    x: float
    y: float
    w: float
    h: float
    svg: str


Shape = Rect | Circle | Path | Text | Image


@dataclass(slots=True)
class Scene:
    """Shapes on a sheet of `width` × `height` points; `under` is drawn first. `about` says in words what
    is seen, `name` what a PDF's list of contents calls it.
    """

    width: float
    height: float = 0.0
    about: str = ""
    name: str = ""
    under: list[Shape] = field(default_factory=list)
    over: list[Shape] = field(default_factory=list)

    def add(self, *shapes: Shape) -> None:
        """Draw on top of what is there."""
        self.over.extend(shapes)

    def behind(self, *shapes: Shape) -> None:
        """Draw behind everything that was added with `add`."""
        self.under.extend(shapes)

    @property
    def shapes(self) -> Iterable[Shape]:
        """All shapes in the order they are drawn."""
        yield from self.under
        yield from self.over

    def texts(self) -> list[str]:
        """The words on the sheet, in the order they are drawn."""
        return [shape.text for shape in self.shapes if isinstance(shape, Text)]


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    stroke: str = "line",
    weight: float = 0.5,
    dash: tuple[float, ...] = (),
) -> Path:
    """One straight line."""
    return Path((((x1, y1), (x2, y2)),), stroke=stroke, weight=weight, dash=dash)


def hatch(x: float, y: float, w: float, h: float, stroke: str = "hatch", gap: float = 4.0, weight: float = 0.5) -> Path:
    """Diagonal lines that fill a rectangle: the mark of what is missing, paused or still open."""
    lines: list[tuple[Point, ...]] = []
    offset = gap
    while offset < w + h and w > 0 and h > 0 and len(lines) < 2000:
        lines.append(
            (
                (x + min(offset, w), y + max(0.0, offset - w)),
                (x + max(0.0, offset - h), y + min(offset, h)),
            )
        )
        offset += gap
    return Path(tuple(lines), stroke=stroke, weight=weight)


def glyph(shape: str, x: float, y: float, r: float, colour: str, weight: float = 1.3) -> Shape:
    """The shape of an outcome or verdict around x, y, as lines.

    `check`, `cross`, `bars` (dormant), `arrow` (open), `waves` (undecided), `dots` (too few), `ring` (no data), `clock`
    (out of date).
    """
    if shape in ("waves", "dots", "ring", "clock"):
        return _verdict_glyph(shape, x, y, r, colour, weight)
    if shape == "check":
        return Path(
            (((x - r, y + 0.05 * r), (x - 0.25 * r, y + 0.75 * r), (x + r, y - 0.75 * r)),),
            stroke=colour,
            weight=weight,
        )
    if shape == "cross":
        k = 0.72 * r
        return Path((((x - k, y - k), (x + k, y + k)), ((x - k, y + k), (x + k, y - k))), stroke=colour, weight=weight)
    if shape == "bars":
        k = 0.42 * r
        return Path(
            (((x - k, y - 0.8 * r), (x - k, y + 0.8 * r)), ((x + k, y - 0.8 * r), (x + k, y + 0.8 * r))),
            stroke=colour,
            weight=weight,
        )
    k = 0.6 * r
    return Path(
        (((x - r, y), (x + r, y)), ((x + r - k, y - k), (x + r, y), (x + r - k, y + k))),
        stroke=colour,
        weight=weight,
    )


def _verdict_glyph(shape: str, x: float, y: float, r: float, colour: str, weight: float) -> Shape:
    if shape == "ring":
        return Circle(x, y, 0.8 * r, None, colour, weight)
    if shape == "waves":
        waves = tuple(
            ((x - r, y + d + 0.25 * r), (x - 0.4 * r, y + d - 0.75 * r), (x + 0.4 * r, y + d + 0.75 * r), (x + r, y + d - 0.25 * r))
            for d in (-0.42 * r, 0.42 * r)
        )
        return Path(waves, stroke=colour, weight=weight, curve=True)
    if shape == "dots":
        dots = tuple(((x + d, y), (x + d + 0.01, y)) for d in (-0.8 * r, 0.0, 0.8 * r))
        return Path(dots, stroke=colour, weight=weight * 1.25)
    k, q = 0.85 * r, 0.85 * r * 0.5523
    face = (
        (x, y - k), (x + q, y - k), (x + k, y - q), (x + k, y), (x + k, y + q), (x + q, y + k), (x, y + k),
        (x - q, y + k), (x - k, y + q), (x - k, y), (x - k, y - q), (x - q, y - k), (x, y - k),
    )  # fmt: skip
    up, side = (x, y - 0.5 * k), (x + 0.5 * k, y)
    hands = (up, up, (x, y), (x, y), (x, y), side, side)
    return Path((face, hands), stroke=colour, weight=weight, curve=True)


def plain(scene: Scene) -> dict[str, Any]:
    """The scene as plain data, numbers rounded to a hundredth of a point."""
    return {
        "width": round(scene.width, 2),
        "height": round(scene.height, 2),
        "about": scene.about,
        "name": scene.name,
        "shapes": [_plain(shape) for shape in scene.shapes],
    }


def _plain(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, Text):
        return {
            "k": "t",
            "x": round(shape.x, 2),
            "y": round(shape.y, 2),
            "s": shape.text,
            "z": shape.size,
            "c": shape.colour,
            "b": shape.weight,
            "a": shape.anchor,
            "w": round(shape.width, 2) if shape.width is not None else 0,
        }
    if isinstance(shape, Image):
        return {
            "k": "i",
            "x": round(shape.x, 2),
            "y": round(shape.y, 2),
            "w": round(shape.w, 2),
            "h": round(shape.h, 2),
            "s": shape.svg,
        }
    paint = {"f": shape.fill or "", "c": shape.stroke or "", "p": shape.weight}
    if isinstance(shape, Circle):
        return {"k": "c", "x": round(shape.x, 2), "y": round(shape.y, 2), "r": round(shape.r, 2), **paint}
    if isinstance(shape, Rect):
        return {
            "k": "r",
            "x": round(shape.x, 2),
            "y": round(shape.y, 2),
            "w": round(shape.w, 2),
            "h": round(shape.h, 2),
            "o": shape.radius,
            "d": list(shape.dash),
            **paint,
        }
    lines = [[[round(px, 2), round(py, 2)] for px, py in points] for points in shape.lines]
    return {"k": "p", "l": lines, "d": list(shape.dash), "e": shape.closed, "u": shape.curve, **paint}
