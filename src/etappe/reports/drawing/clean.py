"""User text made safe to draw: one line, no control characters, no direction overrides; nothing else is
changed.

Escaping for HTML and SVG happens where they are written; typst gets texts as data, never as markup.
"""

from __future__ import annotations

import unicodedata
from typing import Any, Final

_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def tidy(value: Any, most: int = 2000) -> str:
    """The value as one line of text that XML, JSON and typst all accept; at most `most` characters."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    return " ".join("".join(_kept(char) for char in text[: most * 2]).split())[:most]


def _kept(char: str) -> str:
    if char in _OVERRIDES:
        return ""
    category = unicodedata.category(char)
    if category == "Zs" and char != "\u00a0":
        return " "
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category in ("Cs", "Cn"):
        return "\ufffd"
    return char
