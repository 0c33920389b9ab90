"""A value as a cell and a cell as a value; what a cell says is compared as text, so that an untouched cell changes nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from etappe.maps.workbook.columns import Field
from etappe.maps.workbook.plain_text import clean

MOST: Final = 32_000
"""Characters of a cell; Excel takes 32,767."""
_YES: Final = frozenset(("ja", "yes", "x", "true", "wahr", "1", "j", "y", "✓"))
_NO: Final = frozenset(("", "nein", "no", "false", "falsch", "0", "n", "-", "–"))


class Odd(Exception):
    """A cell that cannot be what it should; the message says what it can be."""


def cell_of(value: Any, field: Field, words: Mapping[str, str] | None, language: str) -> Any:
    """What is written: a text, a number, a date or None."""
    if value is None or value == "" or value == [] or value == {} or value is False:
        return None
    if field.kind == "flag":
        return "ja" if language == "de" else "yes"
    if field.kind == "names":
        return clean(", ".join(str(item) for item in value) if isinstance(value, (list, tuple)) else str(value)) or None
    if field.kind == "links":
        return clean("\n".join(value))[:MOST] or None
    if field.kind == "date":
        return dt.date.fromisoformat(str(value)[:10])
    if field.kind == "number":
        return float(value)
    text = str(value)
    return (words.get(text, clean(text)) if words else clean(text))[:MOST] or None


def value_of(cell: Any, field: Field, words: Mapping[str, str] | None) -> Any:
    """What a cell means; None where it is empty.

    Raises
    ------
    Odd
        With what it can be.
    """
    text = said(cell)
    if field.kind == "flag":
        if text.casefold() in _YES | _NO:
            return text.casefold() in _YES
        raise Odd("write yes or no (ja, nein)")
    if not text:
        return None
    if field.kind == "number":
        return _number(text)
    if field.kind == "date":
        return _date(text)
    if field.kind == "names":
        return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    if field.kind == "links":
        return [line.strip() for line in text.split("\n") if line.strip()]
    return _chosen(text, words) if words is not None else text


def _chosen(text: str, words: Mapping[str, str]) -> str:
    wanted = text.casefold()
    for id, word in words.items():
        if wanted in (word.casefold(), id.casefold()):
            return id
    from etappe.words.claim_language import nearest

    raise Odd(nearest(text, list(words.values())) if words else "there is none yet")


def _number(text: str) -> float:
    plain = text.replace("\u00a0", "").replace(" ", "").replace("−", "-").rstrip("%")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".") if plain.rfind(",") > plain.rfind(".") else plain.replace(",", "")
    try:
        number = float(plain)
    except ValueError:
        raise Odd("write a number") from None
    return number


def _date(text: str) -> str:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text[:10].strip(), form).date().isoformat()
        except ValueError:
            continue
    raise Odd("write a date such as 2026-12-31 or 31.12.2026")


def said(cell: Any) -> str:
    """What a cell says, as text: the same for a cell before it is written and after it is read."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else ""
    if isinstance(cell, (int, float)):
        return str(int(cell)) if float(cell).is_integer() and abs(cell) < 1e15 else repr(float(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return clean(str(cell))

