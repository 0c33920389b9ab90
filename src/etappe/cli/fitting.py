"""A table as wide as the terminal: words stay whole, and columns without room stand beneath, or are named.

Every column gets at least the room in which its words stand whole and no cell is more than a few lines high; what is left
over goes to those that want more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rich.cells import cell_len

_GAP: Final = 2
_LINES: Final = 3  # of a cell, where a column no wider than `_WIDEST` can have it so
_WORD: Final = 24  # a longer word (an address, an id) is broken
_WIDEST: Final = 32
_SHORT: Final = 30  # rows of a table that is set in parts beneath each other; of a longer one columns are left out
_AFTER: Final = "/-_.@?&=,;"  # where a word that is too long is best broken


@dataclass(frozen=True)
class Column:
    """A column: its heading, its cells as texts, and the side they stand on."""

    head: str
    cells: tuple[str, ...]
    right: bool = False

    @cached_property
    def most(self) -> int:
        """The room in which nothing is wrapped."""
        return max((cell_len(line) for text in (self.head, *self.cells) for line in text.split("\n")), default=0)

    @cached_property
    def least(self) -> int:
        """The room it needs to be read."""
        texts = (self.head, *self.cells)
        words = max((cell_len(word) for text in texts for word in text.split()), default=0)
        width = min(max(words, 1), _WORD)
        tall = sorted(texts, key=cell_len)[-20:]
        while width < min(self.most, _WIDEST) and any(len(wrapped(text, width)) > _LINES for text in tall):
            width += 1
        return width


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width`; broken at spaces (not at those that hold together), words only where they must be."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in (piece for part in paragraph.split(" ") for piece in _pieces(part, width)):
            if line and cell_len(line) + 1 + cell_len(word) <= width:
                line = f"{line} {word}"
            else:
                lines += [line] if line else []
                line = word
        lines.append(line)
    return lines


def _pieces(word: str, width: int) -> list[str]:
    """A word, in pieces where it is wider than a line."""
    pieces = []
    while cell_len(word) > width:
        end = max(place for place in range(1, len(word) + 1) if cell_len(word[:place]) <= width or place == 1)
        mark = max(word.rfind(sign, 1, end) for sign in _AFTER) + 1
        end = mark if mark > end // 2 else end
        pieces.append(word[:end])
        word = word[end:]
    return [*pieces, word] if word else pieces


class Heading(str):
    """A line that stands out: the headings of a table, and those within it."""


def laid_out(columns: Sequence[Column], width: int, keys: int = 1, groups: Sequence[str] = ()) -> tuple[list[list[str]], list[str]]:
    """The lines of a table, in one part or several, and the headings of the columns for which there was no room.

    `keys` is how many first columns name the row: they are repeated in each part. `groups`, one a row, are set as
    headings wherever they change.
    """
    if not columns:
        return [], []
    parts = _parts(columns, width, keys)
    if len(parts) > 1 and len(columns[0].cells) > _SHORT:
        return [_lines(parts[0], width, groups)], [column.head for part in parts[1:] for column in part if column not in parts[0]]
    return [_lines(part, width, groups) for part in parts], []


def fits(columns: Sequence[Column], width: int) -> bool:
    """Whether a table has room in one part."""
    return len(_parts(columns, width, 1)) == 1


def _parts(columns: Sequence[Column], width: int, keys: int) -> list[list[Column]]:
    """The columns by the width, those that name the row repeated in each part."""
    while keys > 1 and sum(column.least + _GAP for column in columns[:keys]) > width * 0.6:
        keys -= 1
    first = list(columns[:keys])
    parts = [list(first)]
    for column in columns[keys:]:
        if sum(other.least + _GAP for other in (*parts[-1], column)) - _GAP > width and len(parts[-1]) > keys:
            parts.append(list(first))
        parts[-1].append(column)
    return parts


def _widths(columns: Sequence[Column], width: int) -> list[int]:
    """The least for each, and of what is over the whole wish of those that want little, the rest shared."""
    given = [min(column.least, width) for column in columns]
    over = width - sum(given) - _GAP * (len(columns) - 1)
    wishes = sorted((column.most - given[place], place) for place, column in enumerate(columns))
    for done, (wish, place) in enumerate(wishes):
        more = max(min(wish, over // (len(wishes) - done)), 0)
        given[place] += more
        over -= more
    return given


def _lines(columns: Sequence[Column], width: int, groups: Sequence[str]) -> list[str]:
    widths = _widths(columns, width)
    lines: list[str] = [Heading(line) for line in _row(columns, widths, [column.head for column in columns], bottom=True)]
    for at, row in enumerate(zip(*(column.cells for column in columns), strict=True)):
        if groups and (at == 0 or groups[at] != groups[at - 1]):
            lines += [Heading(line) for line in wrapped(groups[at], width)]
        lines += _row(columns, widths, row)
    return lines


def _row(columns: Sequence[Column], widths: Sequence[int], texts: Sequence[str], bottom: bool = False) -> list[str]:
    cells = [wrapped(text, room) for text, room in zip(texts, widths, strict=True)]
    height = max(len(cell) for cell in cells)
    padded = [[""] * (height - len(cell)) + cell if bottom else cell + [""] * (height - len(cell)) for cell in cells]
    lines = []
    for at in range(height):
        parts = [_on_its_side(cell[at], room, column.right) for cell, room, column in zip(padded, widths, columns, strict=True)]
        lines.append((" " * _GAP).join(parts).rstrip())
    return lines


def _on_its_side(text: str, room: int, right: bool) -> str:
    space = " " * (room - cell_len(text))
    return space + text if right else text + space
