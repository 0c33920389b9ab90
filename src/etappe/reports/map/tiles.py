"""How a map is cut into pages: between columns, at the end of a stage where it can be; type is never shrunk.

All pages beside each other have the same rows at the same heights, so that printed sheets can be joined to one poster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from etappe.reports.drawing.measure import Measure
from etappe.reports.map.cards import Laid, lay_card
from etappe.reports.map.curve import HEIGHT as CURVE
from etappe.reports.map.reading import CardView, Column, LaneView, Shown
from etappe.reports.map.rows import MILESTONE_LEAD, milestone_lines, time_height
from etappe.reports.texts import Words

MM: Final = 72 / 25.4
LABEL: Final = 34 * MM
LEAST: Final = 45 * MM
MOST: Final = 62 * MM
GUTTER: Final = 4.0
_GAP: Final = 5.0
_EMPTY: Final = 40.0
_WORTH: Final = 130.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A card at its place in a row: x from the first column, y from the top of the row."""

    laid: Laid
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a band: `kind` is time, milestones or lane; a lane that is cut goes on in the next band."""

    kind: str
    height: float
    lane: LaneView | None = None
    placed: tuple[Placed, ...] = ()
    curve: bool = False
    again: bool = False


@dataclass(slots=True)
class Band:
    """Rows that stand on one page."""

    rows: list[Row] = field(default_factory=list)

    @property
    def height(self) -> float:
        """All rows together."""
        return sum(row.height for row in self.rows)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole map laid out: columns of one width, cut into groups, rows cut into bands."""

    column: float
    groups: tuple[tuple[int, int], ...]
    bands: tuple[Band, ...]


def groups_of(columns: Sequence[Column], most: int) -> tuple[tuple[int, int], ...]:
    """Columns cut into as few groups as can be, at stage ends where possible, and about equally wide.

    >>> columns = [Column(n, "", True, True) for n in range(7)]
    >>> groups_of(columns, 5)
    ((0, 3), (4, 6))
    """
    n = len(columns)
    if n == 0:
        return ((0, -1),)
    best: list[tuple[tuple[int, int, float], tuple[tuple[int, int], ...]]] = [((0, 0, 0.0), ())]
    ideal = n / -(-n // most)
    for end in range(1, n + 1):
        options = []
        for start in range(max(0, end - most), end):
            (pages, inside, uneven), cut = best[start]
            inside += not (end == n or columns[end - 1].closes)
            options.append(((pages + 1, inside, uneven + (end - start - ideal) ** 2 + 0.01 * (n - start)), (*cut, (start, end - 1))))
        best.append(min(options))
    return best[n][1]


def column_width(shown: Shown, width: float) -> tuple[float, tuple[tuple[int, int], ...]]:
    """The width of every column on pages of a width, and the columns of each page."""
    groups = groups_of(shown.columns, max(1, int((width - LABEL) / LEAST + 1e-6)))
    widest = max(last - first + 1 for first, last in groups) if shown.columns else 1
    return min((width - LABEL) / widest, MOST if len(shown.columns) > 2 else 2 * MOST), groups


def plan(shown: Shown, width: float, height: float | None, measure: Measure, words: Words, head: float = 0.0) -> Plan:
    """Lay the map out for pages with this room for columns and rows (`height` without header and legend)."""
    column, groups = column_width(shown, width)
    return Plan(column, groups, tuple(_bands(shown, column, height, measure, words, head)))


def lay_lane(cards: Sequence[CardView], column: float, limit: float, measure: Measure, words: Words, view: str) -> tuple[list[Placed], list[CardView], float]:
    """Cards into a lane of at most `limit`: what is placed, what is left, and the height used.

    A card that spans columns stands beneath all that is in them. Once a card has no room, none of its columns takes another.
    """
    bottoms: dict[int, float] = {}
    placed: list[Placed] = []
    rest: list[CardView] = []
    closed: set[int] = set()
    for card in cards:
        span = range(card.first, card.last + 1)
        width = column * len(span) - 2 * GUTTER
        laid = lay_card(card, width, measure, words, "evidence" if view == "evidence" else "design")
        y = max([bottoms.get(place, _GAP) for place in span])
        if closed.intersection(span) or y + laid.height + _GAP > limit:
            closed.update(span)
            rest.append(card)
            continue
        placed.append(Placed(laid, card.first * column + GUTTER, y))
        bottoms |= dict.fromkeys(span, y + laid.height + _GAP)
    return placed, rest, max(bottoms.values(), default=0.0)


def _bands(shown: Shown, column: float, height: float | None, measure: Measure, words: Words, head: float) -> list[Band]:
    full = height if height is not None else 1e9
    bands = [Band()]
    room = full - head

    def put(row: Row) -> None:
        nonlocal room
        if bands[-1].rows and row.height > room:
            bands.append(Band())
            room = full
        bands[-1].rows.append(row)
        room -= row.height

    if time_height(shown):
        put(Row("time", time_height(shown)))
    lines = milestone_lines(shown, column, measure)
    if any(lines):
        put(Row("milestones", 11.0 + MILESTONE_LEAD * max(len(part) for part in lines)))
    for lane in shown.lanes:
        rest, again = list(lane.cards), False
        if lane.curve:
            put(Row("lane", CURVE, lane, curve=True))
            if not rest:
                continue
            again = True
        least = max(_least(lane, measure), 0.0 if rest else _EMPTY)
        if not rest:
            put(Row("lane", least, lane))
        while rest:
            limit = room if bands[-1].rows else full
            whole = lay_lane(rest, column, 1e9, measure, words, shown.view)[2]
            if whole > limit and bands[-1].rows and limit < max(_WORTH, 0.25 * full):
                bands.append(Band())
                room = limit = full
            placed, left, used = lay_lane(rest, column, limit, measure, words, shown.view)
            if not placed:  # higher than a page: it stands alone on one
                placed, left, used = lay_lane(rest[:1], column, 1e9, measure, words, shown.view)
                left = rest[1:]
            put(Row("lane", max(used, 0.0 if again else least), lane, tuple(placed), again=again))
            rest, again = left, True
    return bands


def _least(lane: LaneView, measure: Measure) -> float:
    """The height that a lane's own name needs."""
    return 12.0 + 10.0 * len(measure.fold(lane.title, LABEL - 12, 8.5, 620, 3))
