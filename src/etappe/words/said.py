"""Sentences that exist in two languages and travel as one: the English text, with its German inside.

>>> text = said("{n} journeys are open: {stages}.", "{n} Journeys sind offen: {stages}.", n=1234, stages=["use"])
>>> text
'1,234 journeys are open: use.'
>>> spoken(text, "de", {"use": "Nutzung"}.get)
'1.234 Journeys sind offen: Nutzung.'
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

Turn = Callable[[str], str | None]


class Said(str):
    """A sentence: as a text it is the English one, so that JSON, templates and comparisons take it as it is."""

    templates: tuple[str, str]
    values: Mapping[str, Any]


def said(english: str, german: str, **values: Any) -> Said:
    """A sentence in both languages.

    Values stand in braces. Numbers are grouped and dates written as each language does; texts (and lists of them) are
    words of the data, which :func:`spoken` may turn into what a reader calls them; sentences are said in turn.
    """
    made = Said(english.format(**{name: _shown(value, "en", None) for name, value in values.items()}) if values else english)
    made.templates, made.values = (english, german), values
    return made


def spoken(text: str, language: str, turn: Turn | None = None) -> str:
    """A sentence in a language ("de", "en"); a text that knows no other language stays as it is.

    `turn` says what a reader calls a word of the data; None from it leaves the word.
    """
    if not isinstance(text, Said):
        return text
    template = text.templates[1 if language == "de" else 0]
    if not text.values:
        return template
    return template.format(**{name: _shown(value, language, turn) for name, value in text.values.items()})


def _shown(value: Any, language: str, turn: Turn | None) -> str:
    if isinstance(value, Said):
        return spoken(value, language, turn)
    if isinstance(value, str):
        return (turn(value) if turn else None) or value
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(item, language, turn) for item in value)
    if isinstance(value, dt.date):
        return value.strftime("%d.%m.%Y") if language == "de" else value.isoformat()[:10]
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", ".") if language == "de" else f"{value:,}"
    if isinstance(value, float):
        text = f"{value:,.0f}" if value.is_integer() else f"{value:,.2f}"
        return text.translate(_GERMAN_MARKS) if language == "de" else text
    return str(value)


_GERMAN_MARKS = str.maketrans(",.", ".,")
