"""What the words of a survey's question tell: which item a pair of questions is about, and which end of the scale is good."""

from __future__ import annotations

import re
from typing import Final

_PAIR_WORDS: Final = re.compile(
    r"(?i)\b(wie|how|sind|are|is|ist|sie|you|your|ihnen|mit|with|to|für|for|es|it|zufrieden|wichtig|satisfied|important|uns\w*|our|the|d(er|ie|as|em|en|amit)|heute|derzeit|today|currently)\b|[?.!,]"
)
_BEFORE: Final = re.compile(r"(?i)^(wie wichtig (ist|sind)( es)?( ihnen)?( für sie)?,?|how important (is|are)( it)?( to| for you)*)\s+(dass\s+|that\s+)?")
_EFFORT: Final = re.compile(r"aufwand|aufwendig|aufwändig|mühe|schwierig|effort|difficult", re.IGNORECASE)
_EASE: Final = re.compile(r"einfach|leicht|wenig|gering|easy|little", re.IGNORECASE)


def item_of(text: str) -> str:
    """What a question of a pair is about: in square brackets at its end, behind its last dash, else without the words of the pair.

    >>> item_of("Wie wichtig ist Ihnen: Stillstand vorhersehen?") == item_of("Wie zufrieden sind Sie mit: Stillstand vorhersehen?")
    True
    """
    return " ".join(_PAIR_WORDS.sub(" ", shown_item(text)).lower().split())


def shown_item(text: str) -> str:
    """The item as it stands in the question: in brackets, behind a dash or a colon, behind *how important is it to*; else the whole question."""
    bracket = re.search(r"\[([^\]]+)\]\s*$", text)
    if bracket:
        return bracket[1].strip()
    for between in (r"\s[-–]\s", r":\s+"):
        parts = [part for part in re.split(between, text) if part.strip()]
        if len(parts) > 1:
            return parts[-1].strip(" ?.!")
    return _BEFORE.sub("", text).strip(" ?.!") or text


def low_is_good(instrument: str, text: str) -> bool:
    """Whether the low end of the scale is the good one: the older customer effort question asks how much effort it was."""
    return instrument == "ces" and bool(_EFFORT.search(text)) and not _EASE.search(text)
