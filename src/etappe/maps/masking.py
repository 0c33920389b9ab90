"""Takes names out of a transcript before it is kept: of those who speak, and addresses and numbers of anybody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from etappe.maps.document import slug
from etappe.maps.interview import Turn

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+\d{1,3}[\s/-]?|0)(?:\(?\d{1,5}\)?[\s/-]?){2,6}\d{2,}(?![\w,.]\d)")
_GENERIC: Final = frozenset(
    ["interviewer", "interviewerin", "interviewter", "befragte", "befragter", "befragt", "moderator", "moderatorin", "kunde", "kundin", "customer", "client", "sprecher", "speaker", "person", "participant", "teilnehmer", "teilnehmerin", "respondent", "host", "gast", "guest", "frage", "antwort", "question", "answer", "user", "anwender", "einkauf", "it", "unknown", "unbekannt", "herr", "frau", "dr", "prof"]
)
_ASKS: Final = frozenset(["interviewer", "interviewerin", "moderator", "moderatorin", "host", "i", "int", "frage", "question"])


def interviewer_of(turns: Iterable[Turn]) -> str:
    """Who asks: by the label, else the speaker who ends most turns with a question mark; "" where only one speaks."""
    asked: Counter[str] = Counter()
    spoke: Counter[str] = Counter()
    for turn in turns:
        if turn.speaker:
            spoke[turn.speaker] += 1
            asked[turn.speaker] += turn.text.rstrip().endswith("?")
    for name in spoke:
        if name.lower().rstrip(".0123456789 ") in _ASKS:
            return name
    shares = {name: asked[name] / count for name, count in spoke.items()}
    best = max(shares, key=lambda name: (shares[name], asked[name]), default="")
    return best if len(spoke) > 1 and asked[best] else ""


def mask(turns: list[Turn], interviewer: str = "", more: Iterable[str] = ()) -> list[Turn]:
    """The turns with letters for names: the interviewer is `Interviewer`, the others `Person A`, `Person B`, ….

    Their names are masked in the text as well, also first and last name alone; `more` are further names or firms to mask.
    E-mail addresses and telephone numbers are masked wherever they stand.
    """
    labels = list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker))
    shown: dict[str, str] = {}
    for label in labels:
        shown[label] = "Interviewer" if label == interviewer else f"Person {_letter(len([name for name in shown.values() if name != 'Interviewer']))}"
    words = {word: shown[label] for label in labels for word in _names(label)}
    words |= {name.strip(): "[…]" for name in more if name.strip()}
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + r")(?:s\b|'s\b|’s\b)?(?!\w)") if words else None
    return [turn.model_copy(update={"speaker": shown.get(turn.speaker, ""), "text": _masked(turn.text, pattern, words)}) for turn in turns]


def mask_title(title: str, turns: Iterable[Turn]) -> str:
    """A file's name without the names of those who speak: `interview-mueller` becomes `interview`."""
    names = {slug(word) for label in {turn.speaker for turn in turns} for word in _names(label)}
    parts = {part for name in names for part in name.split("-")}
    return "-".join(part for part in slug(title).split("-") if part not in parts)


def _masked(text: str, pattern: re.Pattern[str] | None, words: dict[str, str]) -> str:
    text = _PHONE.sub("[Telefon]", _MAIL.sub("[E-Mail]", text))
    if pattern is None:
        return text
    return pattern.sub(lambda found: words.get(found.group(), words.get(re.sub(r"['’]?s$", "", found.group()), "[…]")), text)


def _names(label: str) -> list[str]:
    """The names in a label: as a whole, and each part that is a name and no word such as Kunde."""
    parts = [part for part in re.split(r"[\s,./()]+", label) if len(part) > 2 and part[:1].isupper() and part.lower() not in _GENERIC]
    return [label, *parts] if parts and label.lower() not in _GENERIC else parts


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else str(number + 1)
