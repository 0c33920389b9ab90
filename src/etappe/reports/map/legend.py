"""What the marks of a map mean: only those that are on it, in as few lines as they need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Rect, Scene, Text, glyph, hatch, line
from etappe.reports.map.cards import persona_mark, star
from etappe.reports.map.reading import VERDICT_COLOURS, VERDICT_SHAPES, Shown, verdict_word
from etappe.reports.map.rows import diamond
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST

_LEAD: Final = 11.5


@dataclass(frozen=True, slots=True)
class _Item:
    room: float
    text: str
    draw: Callable[[Scene, float, float], None]


def legend_height(shown: Shown, width: float, measure: Measure, words: Words) -> float:
    """Height of the legend with the space above it."""
    return 5.0 + _LEAD * len(_lines(shown, width, measure, words)) + 2.0


def draw_legend(scene: Scene, shown: Shown, y: float, width: float, measure: Measure, words: Words) -> float:
    """The legend from y on; returns where it ends."""
    for items in _lines(shown, width, measure, words):
        x = 0.0
        for item in items:
            item.draw(scene, x, y + 5.2)
            scene.add(Text(x + item.room, y + 7.8, item.text, SMALLEST, "muted"))
            x += item.room + measure.width(item.text, SMALLEST) + 13
        y += _LEAD
    return y + 2.0


def _lines(shown: Shown, width: float, measure: Measure, words: Words) -> list[list[_Item]]:
    lines: list[list[_Item]] = [[]]
    x = 0.0
    for item in _items(shown, words):
        wide = item.room + measure.width(item.text, SMALLEST) + 13
        if lines[-1] and x + wide > width:
            lines.append([])
            x = 0.0
        lines[-1].append(item)
        x += wide
    return lines if lines != [[]] else []


def _items(shown: Shown, words: Words) -> list[_Item]:
    items: list[_Item] = []
    cards = [card for lane in shown.lanes for card in lane.cards]
    for verdict, shape in VERDICT_SHAPES.items():
        if any(card.verdict == verdict for card in cards) or any(stage.milestone_verdict == verdict for stage in shown.stages):
            colour = VERDICT_COLOURS.get(verdict, "muted")

            def mark(scene: Scene, x: float, y: float, shape: str = shape, colour: str = colour) -> None:
                scene.add(glyph(shape, x + 3.6, y, 3.0, colour, 1.2))

            items.append(_Item(10.0, verdict_word(verdict, words.language), mark))
    if any(card.ghost for card in cards):

        def spot(scene: Scene, x: float, y: float) -> None:
            scene.add(hatch(x, y - 4, 13, 8, "hatch", 3.5, 0.4), Rect(x, y - 4, 13, 8, None, "muted", 0.7, (2.2, 1.8), 1.5))

        items.append(_Item(17.0, words("legend_blind"), spot))
    items += _curve_items(shown, words)
    if len(shown.who) > 1:
        for one in shown.who:

            def who(scene: Scene, x: float, y: float, one: object = one) -> None:
                scene.add(*persona_mark(one, x + 3.5, y, 3.0))  # type: ignore[arg-type]

            items.append(_Item(10.0, f"{one.letter} {one.title}", who))
    if any(stage.milestone for stage in shown.stages):
        items.append(_Item(10.0, words("milestone"), lambda scene, x, y: scene.add(diamond(x + 4, y, 3.2))))
    if any(card.star for card in cards):
        items.append(_Item(11.0, words("moment"), lambda scene, x, y: scene.add(star(x + 4, y, 3.8))))
    known = {card.provenance for card in cards if card.provenance}
    letters = [words(f"p_{name}") for name in ("hypothesis", "interview", "survey", "data", "co-creation") if name in known]
    if letters:
        items.append(_Item(0.0, words("legend_source", marks=", ".join(f"{text[0]} {text}" for text in letters)), lambda *_: None))
    return items


def _curve_items(shown: Shown, words: Words) -> list[_Item]:
    ways = {one.how for one in shown.lines}
    items: list[_Item] = []
    who = shown.who[0] if any(one.who for one in shown.lines) else None
    for how, text in (("measured", "legend_measured"), ("hand", "legend_hand"), ("target", "legend_target")):
        if how in ways:

            def draw(scene: Scene, x: float, y: float, how: str = how) -> None:
                dash = {"hand": (3.0, 2.6), "target": (0.6, 2.4)}.get(how, ())
                scene.add(line(x, y, x + 20, y, "ink", 1.6 if how == "measured" else 1.0, dash))
                scene.add(*persona_mark(None if who is None else who, x + 10, y, 2.8, hollow=how != "measured"))

            items.append(_Item(24.0, words(text), draw))
    return items
