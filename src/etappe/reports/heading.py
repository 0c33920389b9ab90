"""The heading of a report laid out: title and key figures share a line, and long texts give way, not the
page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from etappe.reports.document import Document
from etappe.reports.drawing.measure import Measure
from etappe.reports.theme import SMALLEST, TYPE

FIGURE_GAP: Final = 15.0
_LEAST_TITLE: Final = 250.0


@dataclass(frozen=True, slots=True)
class Heading:
    """Lines of title and subtitle for `room`; figures as (value, lines of words, width) for `figures_width`."""

    title: list[str]
    subtitle: list[str]
    room: float
    figures: list[tuple[str, list[str], float]]
    figures_width: float

    @property
    def lines(self) -> int:
        """Lines of words under the tallest figure."""
        return max((len(words) for _, words, _ in self.figures), default=0)


def heading(document: Document, width: float, measure: Measure) -> Heading:
    """Lay the heading out for a width; key figures are left out from the end where the title would have
    no room.
    """
    figures: list[tuple[str, list[str], float]] = []
    used = 0.0
    for figure in document.figures:
        value = measure.clip(figure.value, 110.0, TYPE["figure"], 620)
        text = f"{figure.word} · {figure.sub}" if figure.sub else figure.word
        words = measure.wrap(text, 92.0, SMALLEST, most=3)
        if words[-1].endswith("…"):  # a long word has the range on a line of its own
            words = [*measure.wrap(figure.word, 150.0, SMALLEST, most=3), *([figure.sub] if figure.sub else [])]
        widths = [measure.width(value, TYPE["figure"], 620), *(measure.width(word, SMALLEST) for word in words)]
        room = max(widths) + 2
        if used + room + FIGURE_GAP > width - _LEAST_TITLE:
            break
        figures.append((value, words, room))
        used += room + FIGURE_GAP
    room = width - used
    title = measure.wrap(document.title, room, TYPE["title"], 620, most=3)
    subtitle = measure.wrap(document.subtitle, room, TYPE["body"], most=2)
    return Heading(title, subtitle, room, figures, max(used - FIGURE_GAP, 0.0))
