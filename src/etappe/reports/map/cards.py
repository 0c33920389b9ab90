"""One card on paper: how high it is, and how it is drawn. Shape, border and words say what colour says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Circle, Path, Rect, Scene, Shape, Text, glyph, hatch
from etappe.reports.map.reading import VERDICT_COLOURS, VERDICT_SHAPES, CardView, View, Who
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST

TEXT: Final = 8.0
_PAD: Final = 5.5
_TOP: Final = 4.5
_MARK: Final = 11.0
_LEAD: Final = 9.6
_SMALL_LEAD: Final = 8.8
MOST_TEXT: Final = 9
MOST_QUOTE: Final = 4
MOST_DETAIL: Final = 6
_DASHED: Final = (2.2, 1.8)


@dataclass(frozen=True, slots=True)
class Laid:
    """A card with its lines: (text, size, colour, weight) from top to bottom."""

    card: CardView
    lines: tuple[tuple[str, float, str, int], ...]
    width: float
    height: float
    indent: float


def lay_card(card: CardView, width: float, measure: Measure, words: Words, view: View) -> Laid:
    """The card for a width, as high as its words need."""
    indent = _indent(card)
    room = width - 2 * _PAD
    first = measure.fold(card.text, _first(card, width), TEXT, 530, MOST_TEXT)
    lines = [(line, TEXT, "ink", 530) for line in first]

    def small(text: str, colour: str = "muted", most: int = 3, weight: int = 400) -> None:
        lines.extend((line, SMALLEST, colour, weight) for line in measure.fold(text, room - indent, SMALLEST, weight, most))

    if card.quote:
        small(words("quoted", quote=card.quote.strip("„“”\"»« ")), most=MOST_QUOTE)
    if card.detail:
        small(card.detail, most=MOST_DETAIL)
    if view == "evidence" and card.told:
        against = card.verdict in ("contradicted", "undecided") and card.short
        small(words("says_against", short=card.short, told=card.told) if against else card.told, VERDICT_COLOURS.get(card.verdict, "muted"), 4)
    if card.foot:
        small(" · ".join(card.foot), most=2)
    height = 2 * _TOP + sum(_LEAD if size == TEXT else _SMALL_LEAD for _, size, _, _ in lines) - 1.2
    if card.who or card.star:
        height += 9.5
    return Laid(card, tuple(lines), width, height, indent)


def is_cut(card: CardView, width: float, measure: Measure) -> bool:
    """Whether some of a card's own words have no room on it."""
    room = width - 2 * _PAD - _indent(card)
    parts = ((card.text, _first(card, width), TEXT, 530, MOST_TEXT), (f"„{card.quote}“", room, SMALLEST, 400, MOST_QUOTE), (card.detail, room, SMALLEST, 400, MOST_DETAIL))
    return any(len(measure.fold(text, wide, size, weight)) > most for text, wide, size, weight, most in parts)


def _indent(card: CardView) -> float:
    return _MARK if card.verdict or card.ghost else 0.0


def _first(card: CardView, width: float) -> float:
    """Room for a line of the text, beside its marks."""
    return width - 2 * _PAD - _indent(card) - (9.0 if card.provenance else 0.0)


def draw_card(scene: Scene, laid: Laid, x: float, y: float, words: Words, view: View) -> None:
    """The card with its upper left corner at x, y."""
    card = laid.card
    _box(scene, laid, x, y, view)
    colour = VERDICT_COLOURS.get(card.verdict, "muted")
    left = x + _PAD + laid.indent
    base = y + _TOP + 6.6
    if card.verdict:
        scene.add(glyph(VERDICT_SHAPES[card.verdict], x + _PAD + 3.6, base - 2.7, 3.2, colour, 1.3))
    elif card.ghost:
        scene.add(_plus(x + _PAD + 3.6, base - 2.7, 3.2))
    room = laid.width - 2 * _PAD - laid.indent
    for place, (text, size, ink, weight) in enumerate(laid.lines):
        scene.add(Text(left, base, text, size, ink, weight, width=room - (9 if place == 0 and card.provenance else 0)))
        following = laid.lines[place + 1][1] if place + 1 < len(laid.lines) else size
        base += _LEAD if following == TEXT else _SMALL_LEAD
    if card.provenance:
        letter = words(f"p_{card.provenance}")[0]
        scene.add(Text(x + laid.width - _PAD + 1.0, y + _TOP + 6.2, letter, SMALLEST, "muted", anchor="end"))
    foot = y + laid.height - _TOP - 2.6
    for one in card.who:
        scene.add(*persona_mark(one, left + 3.2, foot, 3.0), Text(left + 8.2, foot + 2.5, one.letter, SMALLEST, "muted"))
        left += 20.0
    if card.star:
        scene.add(star(left + 3.4, foot, 3.8), Text(left + 10, foot + 2.5, words("moment"), SMALLEST, "ink", width=room - 12))


def _box(scene: Scene, laid: Laid, x: float, y: float, view: View) -> None:
    card = laid.card
    if card.ghost:
        scene.add(hatch(x + 1.2, y + 1.2, laid.width - 2.4, laid.height - 2.4, "line", 5.0, 0.4))
        scene.add(Rect(x, y, laid.width, laid.height, None, "muted", 0.7, _DASHED, 3.0))
        return
    shown = view == "evidence"
    colour = VERDICT_COLOURS.get(card.verdict, "")
    fill = f"{colour}-tint" if colour and shown else "page"
    weight = 1.2 if card.verdict == "contradicted" and shown else 0.6
    dash = _DASHED if card.verdict in ("too_few", "no_data", "out_of_date") and shown else ()
    border = (colour or "own") if card.verdict and shown else "rule"
    scene.add(Rect(x, y, laid.width, laid.height, fill, border, weight, dash, 3.0, tip=card.text))


def _plus(x: float, y: float, r: float) -> Path:
    return Path((((x - r, y), (x + r, y)), ((x, y - r), (x, y + r))), stroke="muted", weight=1.2)


def star(x: float, y: float, r: float, fill: str | None = "ink") -> Path:
    """A star: the mark of a moment of truth."""
    from math import cos, pi, sin

    points = tuple((x + (r if k % 2 == 0 else 0.45 * r) * sin(k * pi / 5), y - (r if k % 2 == 0 else 0.45 * r) * cos(k * pi / 5)) for k in range(10))
    return Path((points,), fill=fill, stroke="ink", weight=0.6, closed=True)


def persona_mark(who: Who | None, x: float, y: float, r: float, hollow: bool = False) -> list[Shape]:
    """The marker of a persona: its own shape and colour, hollow for what is set by hand."""
    colour = series_colour(who)
    fill, stroke = ("page", colour) if hollow else (colour, colour)
    shape = who.series % 4 if who else 0
    if shape == 0:
        return [Circle(x, y, r, fill, stroke, 1.1)]
    if shape == 1:
        k = 0.88 * r
        return [Rect(x - k, y - k, 2 * k, 2 * k, fill, stroke, 1.1)]
    if shape == 2:
        return [Path((((x, y - 1.1 * r), (x + 1.05 * r, y + 0.8 * r), (x - 1.05 * r, y + 0.8 * r)),), fill, stroke, 1.1, closed=True)]
    return [Path((((x, y - 1.2 * r), (x + 1.2 * r, y), (x, y + 1.2 * r), (x - 1.2 * r, y)),), fill, stroke, 1.1, closed=True)]


def series_colour(who: Who | None) -> str:
    """The colour token of a persona; a map without personas draws in the accent."""
    return f"series-{who.series + 1}" if who is not None else "accent"
