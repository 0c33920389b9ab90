"""A report before it has a format: heading, key figures, pictures and tables, in order.

Drawings make documents; `pdf`, `html` and `poster` show them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Scene
from etappe.reports.theme import PAGE, Language

Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, a quieter second part, and a mark of an outcome before it."""

    text: str
    sub: str = ""
    colour: str = "ink"
    strong: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `room` is its share of the width."""

    heading: str
    room: float = 1.0
    align: Align = "left"

    @property
    def title(self) -> str:
        """The heading with a capital, as headings stand; a symbol such as `n` stays."""
        return self.heading[:1].upper() + self.heading[1:] if len(self.heading) > 1 else self.heading


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; a row that is one text alone is a heading within it. The first `fixed` columns name the
    row.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...] | str, ...]
    note: str = ""
    appendix: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing that is laid out for the room there is.

    `draw(width, height, measure, head)` gives the pages, the first lower by `head`; with height None one
    page as
    high as it needs. One that `flows` goes beneath what is before it, where there is room.
    """

    title: str
    draw: Callable[[float, float | None, Measure, float], list[Scene]]
    flows: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished chart as SVG in light and dark, `width` × `height` points in print."""

    title: str
    light: str
    dark: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Notes:
    """Sentences the reader needs, one a line."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A value, the word beneath it, and its range or n."""

    value: str
    word: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """The beginning of a chapter on a new page: its title, and sentences that help to read what follows."""

    title: str
    reading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Highlight:
    """A finding: a sentence with its mark, and the figures beneath it."""

    title: str
    body: str
    mark: str = ""
    colour: str = "ink"


@dataclass(frozen=True, slots=True)
class Highlights:
    """What matters most, on a page of its own."""

    title: str
    note: str
    items: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """A title page: what it is about above the title, facts beneath, each a word and what it says."""

    above: str
    facts: tuple[tuple[str, str], ...]


Block = Picture | Chart | Sheet | Notes | Chapter | Highlights


@dataclass(frozen=True, slots=True)
class Paper:
    """The size of a page in points."""

    width: float
    height: float


A4: Final = Paper(PAGE["width"], PAGE["height"])


@dataclass(frozen=True, slots=True)
class Document:
    """The report: `footer` stands on every page, page numbers are added by the format.

    `short` is what the foot of each page calls it, where the title is long. The drawings that open it stand on `paper`, all that follows on A4. As one picture (PNG, SVG) it is `poster` wide.
    """

    language: Language
    title: str
    subtitle: str = ""
    figures: tuple[KeyFigure, ...] = ()
    blocks: tuple[Block, ...] = field(default_factory=tuple)
    footer: str = ""
    paper: Paper = A4
    poster: float = 0.0
    short: str = ""
    cover: Cover | None = None
