"""A scene as SVG: real text, no script, no reference to anything outside.

Colours are written out; inside a page, classes let its CSS change them, so that dark mode follows.
"""

from __future__ import annotations

import html
import math
import re
from typing import Final

from etappe.reports.drawing.clean import tidy
from etappe.reports.drawing.scene import Circle, Image, Path, Rect, Scene, Shape, Text
from etappe.reports.theme import SCREEN_FONTS, colours

_LIGHT: Final = colours("light")


def escape(value: object) -> str:
    """Text made safe for HTML and XML, in content and in attributes."""
    return html.escape(tidy(value), quote=True)


def inline_svg(scene: Scene, scale: float = 1.0) -> str:
    """The scene for an HTML page, `scale` pixels a point: the light colours, and classes by which its CSS
    changes them.
    """
    return _svg(scene, f'width="{_n(scene.width * scale)}"', "", classes=True)


def svg_file(scene: Scene, language: str) -> str:
    """The scene as a file of its own, in the light colours, sized in points."""
    size = f'width="{_n(scene.width)}pt" height="{_n(scene.height)}pt"'
    space = f'xmlns="http://www.w3.org/2000/svg" xml:lang="{language}" {size}'
    paper = f'<rect width="100%" height="100%" fill="{_LIGHT["page"]}"/>'
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _svg(scene, space, paper, classes=False)


def colour_rules() -> str:
    """The CSS rules by which the drawings of a page take its colours."""
    return "\n".join(
        f".f-{name} {{ fill: var(--{name}); }} .s-{name} {{ stroke: var(--{name}); }}" for name in colours("light")
    )


def _svg(scene: Scene, size: str, paper: str, classes: bool) -> str:
    about = escape(scene.about)
    body = "\n".join(_shape(shape, classes) for shape in scene.shapes)
    family = html.escape(SCREEN_FONTS, quote=True)
    return (
        f'<svg {size} viewBox="0 0 {_n(scene.width)} {_n(scene.height)}" role="img" aria-label="{about}"'
        f' font-family="{family}" style="font-variant-numeric:tabular-nums">\n<title>{about}</title>\n'
        f"{paper}{body}\n</svg>"
    )


def _n(value: float) -> str:
    if not math.isfinite(value):
        return "0"
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _paint(fill: str | None, stroke: str | None, weight: float, dash: tuple[float, ...], classes: bool) -> str:
    parts = [f' fill="{_LIGHT[fill] if fill else "none"}"']
    if stroke:
        parts.append(f' stroke="{_LIGHT[stroke]}" stroke-width="{_n(weight)}"')
    if dash:
        parts.append(f' stroke-dasharray="{" ".join(_n(d) for d in dash)}"')
    if classes:
        names = [f"f-{fill}"] * bool(fill) + [f"s-{stroke}"] * bool(stroke)
        parts.append(f' class="{" ".join(names)}"')
    return "".join(parts)


def _closed(tag: str, tip: str) -> str:
    return f"{tag}/>" if not tip else f"{tag}><title>{escape(tip)}</title></{tag[1:].split(' ', 1)[0]}>"


def _shape(shape: Shape, classes: bool) -> str:
    if isinstance(shape, Text):
        return _text(shape, classes)
    if isinstance(shape, Image):
        place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.w)}" height="{_n(shape.h)}"'
        return re.sub(r'(<svg\b[^>]*?) width="[^"]*" height="[^"]*"', rf"\1 {place}", shape.svg, count=1)
    if isinstance(shape, Circle):
        paint = _paint(shape.fill, shape.stroke, shape.weight, (), classes)
        return _closed(f'<circle cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.r)}"{paint}', shape.tip)
    paint = _paint(shape.fill, shape.stroke, shape.weight, shape.dash, classes)
    if isinstance(shape, Rect):
        radius = f' rx="{_n(shape.radius)}"' if shape.radius else ""
        size = f'width="{_n(max(shape.w, 0))}" height="{_n(max(shape.h, 0))}"'
        place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" {size}'
        return _closed(f"<rect {place}{radius}{paint}", shape.tip)
    return _closed(f'<path d="{_way(shape)}" stroke-linejoin="round" stroke-linecap="round"{paint}', shape.tip)


def _way(path: Path) -> str:
    parts: list[str] = []
    for points in path.lines:
        if not points:
            continue
        parts.append(f"M{_n(points[0][0])} {_n(points[0][1])}")
        rest = [f"{_n(x)} {_n(y)}" for x, y in points[1:]]
        if path.curve:
            parts.extend("C" + " ".join(rest[i : i + 3]) for i in range(0, len(rest) - 2, 3))
        else:
            parts.extend("L" + place for place in rest)
        if path.closed:
            parts.append("Z")
    return "".join(parts)


def _text(text: Text, classes: bool) -> str:
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    # Faces without the exact weight: 500 falls back to regular, 600 to bold.
    weight = "" if text.weight == 400 else f' font-weight="{round(text.weight, -2)}"'
    tip = f"<title>{escape(text.tip)}</title>" if text.tip else ""
    paint = _paint(text.colour, None, 0.0, (), classes)
    return (
        f'<text x="{_n(text.x)}" y="{_n(text.y)}" font-size="{_n(text.size)}"{weight}{anchor}{paint} direction="ltr">'
        f'{tip}<tspan unicode-bidi="isolate">{escape(text.text)}</tspan></text>'
    )


def marks_svg(scene: Scene) -> str:
    """A small mark for a line of text, hidden from readers: the word beside it says the same."""
    body = "".join(_shape(shape, classes=True) for shape in scene.shapes)
    box = f"0 0 {_n(scene.width)} {_n(scene.height)}"
    return f'<svg viewBox="{box}" aria-hidden="true" focusable="false">{body}</svg>'
