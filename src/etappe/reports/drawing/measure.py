"""How wide a text will be, without a font at hand: widths of a common grotesque, on the safe side.

The widths are those of Helvetica in thousandths of the type size (Adobe's published metrics); `factor`
fits another face.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from etappe.reports.drawing.breaks import breaks

_WIDTHS: Final[dict[int, str]] = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft\u00a0",
    333: "()-r`",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckssvxyz",
    556: "#$0123456789?L_abdeghnopqu€–„“”",
    584: "+<=>~−±≥≤≈×",
    611: "FTZß",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…→",
    1015: "@",
}
_TABLE: Final = {char: width for width, chars in _WIDTHS.items() for char in chars}
_ELLIPSIS: Final = "…"


@cache
def _char(char: str) -> int:
    known = _TABLE.get(char)
    if known is not None:
        return known
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    base = unicodedata.normalize("NFD", char)[0]
    if base in _TABLE:
        return _TABLE[base]
    if unicodedata.east_asian_width(char) in "WF":
        return 1000
    if ord(char) > 0x2190 and unicodedata.category(char) in ("So", "Sk"):
        return 1250
    return 350 if char in "·•" else 700


@dataclass(frozen=True, slots=True)
class Measure:
    """Widths for one face: `factor` is its width against Helvetica."""

    factor: float = 1.06

    def width(self, text: str, size: float, weight: int = 400) -> float:
        """Width of one line in points."""
        heavy = 1.05 if weight >= 500 else 1.0
        return sum(_char(char) for char in text) * size / 1000 * self.factor * heavy

    def clip(self, text: str, room: float, size: float, weight: int = 400) -> str:
        """The text, or as much of it as fits with an ellipsis; empty where not even two letters fit."""
        if self.width(text, size, weight) <= room:
            return text
        kept, used = [], self.width(_ELLIPSIS, size, weight)
        for char in text:
            used += self.width(char, size, weight)
            if used > room:
                break
            kept.append(char)
        while kept and (_char(kept[-1]) == 0 or kept[-1] in " \u00a0·,"):
            kept.pop()
        return "".join(kept) + _ELLIPSIS if len(kept) >= 2 else ""

    def wrap(self, text: str, room: float, size: float, weight: int = 400, most: int = 2) -> list[str]:
        """The text in at most `most` lines; the last is clipped."""
        lines: list[str] = []
        rest = text.split(" ")
        while rest and len(lines) < most - 1:
            line = rest.pop(0)
            while rest and self.width(f"{line} {rest[0]}", size, weight) <= room:
                line = f"{line} {rest.pop(0)}"
            lines.append(self.clip(line, room, size, weight))
        if rest:
            lines.append(self.clip(" ".join(rest), room, size, weight))
        return lines


    def fold(self, text: str, room: float, size: float, weight: int = 400, most: int = 99) -> list[str]:
        """The whole text in lines: a word that is wider than a line is hyphenated, never cut.

        Only where there are more than `most` lines the last is clipped.
        """
        lines, line = list[str](), ""
        for word in text.split(" "):
            rest = word
            while rest:
                joined = f"{line} {rest}" if line else rest
                if self.width(joined, size, weight) <= room:
                    line, rest = joined, ""
                elif line and (self.width(rest, size, weight) <= room or self._fitting(rest, room, size, weight) == ("", rest)):
                    lines.append(line)
                    line = ""
                else:
                    fits = room - (self.width(f"{line} ", size, weight) if line else 0.0)
                    part, after = self._fitting(rest, fits, size, weight)
                    if not part and line:
                        lines.append(line)
                        line = ""
                        continue
                    part, after = (part, after) if part else (rest[:1], rest[1:])
                    lines.append(f"{line} {part}" if line else part)
                    line, rest = "", after
        if line:
            lines.append(line)
        if len(lines) > most:
            lines = [*lines[: most - 1], self.clip(f"{lines[most - 1]} {lines[most]}", room, size, weight)]
        return lines

    def _fitting(self, word: str, room: float, size: float, weight: int) -> tuple[str, str]:
        """As much of a word as fits, with its hyphen, and the rest; an empty part where nothing fits."""
        for place, sign in reversed(breaks(word)):
            if self.width(word[:place] + sign, size, weight) <= room:
                return word[:place] + sign, word[place:]
        return "", word


SCREEN: Final = Measure(1.06)
PRINT: Final = Measure(0.97)
