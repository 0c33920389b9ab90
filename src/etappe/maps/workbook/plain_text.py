"""What of a text a cell can hold."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ESCAPED: Final = re.compile(r"_x[0-9A-Fa-f]{4}_")


def clean(text: str) -> str:
    """A text as a cell can hold it: no control characters but line ends, none at its ends."""
    plain = _ESCAPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(char for char in plain if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs", "Cn")).strip()
