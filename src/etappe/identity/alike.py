"""Whether two addresses, or two names, can be one person's: used only where something else already ties them."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from etappe.identity.domains import registrable
from etappe.identity.names import coarse, fold

_WORDS = re.compile(r"[^a-z]+")
SHORTEST_FAMILY_NAME = 4  # a shorter one says too little


@lru_cache(maxsize=500_000)
def address_parts(address: str) -> tuple[tuple[str, ...], str, str]:
    """Words of the local part (coarsely folded), its digits, and the domain: "Max.Muster2@mail.x.de" → (max, muster), 2, x.de."""
    local, _, host = address.partition("@")
    parts = re.split(r"[._-]+", local.partition("+")[0])
    words = tuple(word for part in parts for word in _WORDS.split(coarse(fold(part))) if word)
    return words or (local,), "".join(sign for sign in local if sign.isdigit()), registrable(host)


def addresses_alike(one: str, two: str) -> bool:
    """Two spellings of one person's mailbox at one domain: max.muster, m.muster, mmuster, muster.max, muster."""
    (words_1, digits_1, domain_1), (words_2, digits_2, domain_2) = address_parts(one), address_parts(two)
    if domain_1 != domain_2 or digits_1 != digits_2:
        return False
    if "".join(words_1) == "".join(words_2) or sorted(words_1) == sorted(words_2):
        return True
    return any(
        last_1 == last_2 and len(last_1) >= SHORTEST_FAMILY_NAME and _same_start(first_1, first_2)
        for first_1, last_1 in _readings(words_1)
        for first_2, last_2 in _readings(words_2)
    )


def _readings(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Ways to read a mailbox's name as first name (or initial, or "") and family name."""
    if len(words) == 1:
        return [("", words[0]), (words[0][:1], words[0][1:]), (words[0][-1:], words[0][:-1])]
    return [(words[0], words[-1]), (words[-1], words[0])]


def _same_start(one: str, two: str) -> bool:
    """First names that can be one: equal, unknown, or an initial."""
    if len(one) > 1 and len(two) > 1:
        return one == two
    return not one or not two or one[0] == two[0]


def same_person_name(one: frozenset[str], two: frozenset[str]) -> bool:
    """Two full names are the same: every word meets a word of the other, as it is, misspelled, or as an initial."""
    if len(one) < 2 or len(two) < 2:
        return False
    short, long = sorted((one, two), key=len)
    if sum(len(word) > 1 for word in short) < 2:
        return False
    return all(any(_meets(word, other) for other in long) for word in short)


def _meets(one: str, two: str) -> bool:
    return one == two or (min(len(one), len(two)) >= 4 and JaroWinkler.similarity(one, two) >= 0.94)


def first_names_differ(one: frozenset[str], two: frozenset[str]) -> bool:
    """Two full names that share a word (the family's) but whose other words have nothing in common."""
    left = [word for word in one - two if len(word) > 1]
    right = [word for word in two - one if len(word) > 1]
    if not (one & two) or not left or not right:
        return False
    return not any(_meets(word, other) for word in left for other in right)
