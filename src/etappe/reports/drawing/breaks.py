"""Where a word may be broken at the end of a line: after its own signs, else between syllables.

The rule is the plain one of German spelling (a single consonant goes to the next line, of several the last; ch, sch, ck,
ph, th stay together), which also reads well in English. It is used for words that are wider than their line alone.
"""

from __future__ import annotations

from typing import Final

_VOWELS: Final = frozenset("aeiouyäöüáàâéèêíóòôúAEIOUYÄÖÜ")
_TOGETHER: Final = ("sch", "ch", "ck", "ph", "th", "sh", "qu")
_SIGNS: Final = frozenset("-/._@:=&?")
_LEAST: Final = 3


def breaks(word: str) -> list[tuple[int, str]]:
    """The places at which a word may be broken, each with the sign that is set there.

    >>> ["Instandhaltung"[:place] + sign for place, sign in breaks("Instandhaltung")]
    ['Instand-', 'Instandhal-']
    >>> breaks("preis-liste.pdf")
    [(6, ''), (12, '')]
    """
    found = {place + 1: "" for place, char in enumerate(word[:-1]) if char in _SIGNS}
    if not any(sign in word for sign in "/@._=:"):  # an address gets no hyphen that is not its own
        found |= {place: "-" for place in _syllables(word) if place not in found}
    if not found and len(word) > 12:
        found = dict.fromkeys(range(6, len(word) - 2), "")
    return sorted(found.items())


def _syllables(word: str) -> list[int]:
    places = []
    for at in range(1, len(word) - 1):
        if word[at] in _VOWELS or word[at + 1] not in _VOWELS or not word[at].isalpha():
            continue
        start = next((at + 1 - len(unit) for unit in _TOGETHER if word[: at + 1].lower().endswith(unit)), at)
        if word[start - 1 : start].lower() == "s" and word[start] == "t" and start >= 2 and word[start - 2] not in _VOWELS:
            start -= 1
        if _LEAST <= start <= len(word) - _LEAST and word[start - 1].isalpha() and any(char in _VOWELS for char in word[:start]):
            places.append(start)
    return places
