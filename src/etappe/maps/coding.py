"""Codes in the words of an interview: marks in the text, and passages found by their words.

A mark says what a passage is about, then the passage::

    [[barrier #price unclear stage=preselection feeling=-1 | Ich wusste bis zum Schluss nicht, was es kostet.]]

Codes are a ring (trigger, success, barrier, way, criterion), a force (push, pull, anxiety, habit), topics with `#`, and
`stage=`, `lane=`, `persona=`, `touchpoint=`, `feeling=`, `note=`; German words mean the same.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from etappe.errors import Fault, MapFault, NotFound
from etappe.maps.document import Plain
from etappe.maps.interview import FORCES, RINGS, Turn
from etappe.words.claim_language import nearest

_MARK = re.compile(r"\[\[(?P<codes>[^|\]\[]{1,400})\|\s*(?P<said>.*?)\s*\]\]", re.DOTALL)
_KEYS: Final = {
    "stage": "stage", "phase": "stage", "lane": "lane", "zeile": "lane", "persona": "persona", "touchpoint": "touchpoint",
    "feeling": "feeling", "stimmung": "feeling", "note": "note", "notiz": "note", "topic": "topic", "thema": "topic",
}  # fmt: skip
_WORDS: Final = {
    **{ring: ("ring", ring) for ring in RINGS}, **{force: ("force", force) for force in FORCES},
    "auslöser": ("ring", "trigger"), "erfolg": ("ring", "success"), "hürde": ("ring", "barrier"), "weg": ("ring", "way"), "kriterium": ("ring", "criterion"),
    "druck": ("force", "push"), "sog": ("force", "pull"), "angst": ("force", "anxiety"), "gewohnheit": ("force", "habit"),
}  # fmt: skip
_TOPIC = re.compile(r"#\s*([^#=]+?)(?=\s+\w+=|\s*#|\s*$)")


@dataclass(frozen=True, slots=True)
class Coded:
    """Turns without their marks, the passages that were marked, and marks that cannot be read."""

    turns: list[Turn]
    passages: dict[str, Plain]
    faults: list[Fault]


def take_marks(turns: Sequence[Turn], where: str = "") -> Coded:
    """Takes the marks out of the turns. A mark that cannot be read stays in the text, and is told."""
    clean: list[Turn] = []
    passages: dict[str, Plain] = {}
    faults: list[Fault] = []
    for number, turn in enumerate(turns):
        parts: list[str] = []
        done = length = 0
        for mark in _MARK.finditer(turn.text):
            try:
                codes = read_codes(mark["codes"])
            except MapFault as fault:
                faults.append(MapFault(fault.what, f"{where}: turn {number + 1}, `{mark.group()[:60]}`", fault.do_next))
                continue
            before = turn.text[done : mark.start()]
            length += len(before) + len(mark["said"])
            parts += [before, mark["said"]]
            done = mark.end()
            thing = passage(number, turn, length - len(mark["said"]), length, mark["said"], codes)
            passages[thing["id"]] = thing
        clean.append(turn.model_copy(update={"text": "".join(parts) + turn.text[done:]}) if done else turn)
    return Coded(clean, passages, faults)


def read_codes(text: str) -> Plain:
    """What codes say, as fields of a passage.

    Raises
    ------
    MapFault
        For a word that is no code, with the nearest one.
    """
    found: Plain = {}
    topics = [" ".join(topic.split()) for topic in _TOPIC.findall(text)]
    rest = _TOPIC.sub(" ", text)
    try:
        words = shlex.split(rest)
    except ValueError:
        raise MapFault("A quote in the codes is not closed.", text, "Close it.") from None
    for word in words:
        key, equals, value = word.partition("=")
        if equals:
            _keyed(found, topics, key.lower(), value)
        elif word.lower() in _WORDS:
            name, code = _WORDS[word.lower()]
            found[name] = code
        else:
            raise MapFault(f"There is no code `{word}`.", text, nearest(word, [*_WORDS, *(f"{name}=" for name in _KEYS)]) if "#" in text else f"{nearest(word, _WORDS)} A topic begins with #.")
    if topics:
        found["topics"] = topics
    if not found:
        raise MapFault("The mark says nothing about the passage.", text, "Write a ring, a force, or a topic with #.")
    return found


def _keyed(found: Plain, topics: list[str], key: str, value: str) -> None:
    if key not in _KEYS:
        raise MapFault(f"There is no code `{key}=`.", value, nearest(key, _KEYS))
    name = _KEYS[key]
    if name == "topic":
        topics.append(value)
    elif name == "feeling":
        try:
            found[name] = float(value.replace(",", "."))
        except ValueError:
            raise MapFault(f"`{value}` is no feeling.", key, "Write a number from -2 to 2.") from None
        if not -2 <= found[name] <= 2:
            raise MapFault(f"`{value}` is no feeling.", key, "Write a number from -2 to 2.")
    else:
        found[name] = value


def passage(number: int, turn: Turn, start: int, end: int, said: str, codes: Plain) -> Plain:
    """A passage as plain data; its id follows from place and codes, so that reading a file twice codes it once."""
    digest = hashlib.sha256(f"{number}:{start}:{end}:{sorted(codes.items())}".encode()).hexdigest()[:8]
    thing: Plain = {"id": f"p{digest}", "turn": number, "start": start, "end": end, "quote": said, "speaker": turn.speaker, **codes}
    return {**thing, **({"seconds": turn.seconds} if turn.seconds is not None else {})}


def find_passage(turns: Sequence[Turn], quote: str, codes: Plain) -> Plain:
    """The passage with these words, wherever they stand; blanks do not matter.

    Raises
    ------
    NotFound
        If nobody said it, or it was said more than once.
    """
    pattern = re.compile(r"\s+".join(re.escape(word) for word in quote.split()), re.IGNORECASE)
    found = [(number, match) for number, turn in enumerate(turns) for match in pattern.finditer(turn.text)] if quote.strip() else []
    if len(found) != 1:
        many = f"stand there {len(found)} times" if found else "do not stand in the interview"
        raise NotFound(f"These words {many}.", quote[:80], "Quote more words." if found else "Copy them from `etappe interview show`.")
    number, match = found[0]
    return passage(number, turns[number], match.start(), match.end(), match.group(), codes)
