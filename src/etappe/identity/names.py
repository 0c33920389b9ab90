"""Names made comparable: of companies without their legal form, of persons without titles.

Folding writes ä as ae, drops accents, dots and case; *coarse* folding also writes ae as a, so that Müller, Mueller and
Muller meet. Likeness is a number from 0 to 1 (rapidfuzz), made for deciding, not for ranking.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from etappe.identity import lists

# Loaded where many names are compared at once; one name is looked up without it.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from etappe.identity.graph import Codes

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe", "ł": "l"}
)
_APART = re.compile(r"[^0-9a-z]+")
_AND = re.compile(r"\s*[&+]\s*")
_LETTERS = re.compile(r"\b(?:[a-z] ){1,5}[a-z]\b")
_TITLES = frozenset(
    [
        "herr",
        "herrn",
        "frau",
        "hr",
        "fr",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "professor",
        "dipl",
        "ing",
        "mag",
        "dipling",
        "diplom",
        "mba",
        "msc",
        "bsc",
        "phd",
        "ma",
        "ba",
        "jr",
        "sr",
        "von",
        "van",
        "de",
        "der",
        "den",
        "zu",
        "und",
        "n",
        "a",
        "na",
        "unknown",
        "unbekannt",
        "test",
        "kontakt",
        "contact",
        "kein",
        "name",
        "nachname",
        "vorname",
    ]
)
_COUNTRIES = {
    group[5:]: members for group, members in lists.groups("name_words.txt").items() if group.startswith("land ")
}
_WEAK = lists.groups("name_words.txt")["weak"]
_APART_WORDS = lists.groups("name_words.txt")["apart"]
_GENERAL = lists.groups("name_words.txt")["general"]
_LAND = {word: country for country, members in _COUNTRIES.items() for word in members if len(word) > 2}


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Lower case, umlauts written out, accents and punctuation gone, `&` as `und`, single letters drawn together."""
    plain = text.casefold().translate(_UMLAUTS)
    if not plain.isascii():
        plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    plain = _APART.sub(" ", _AND.sub(" und ", plain.replace("'", "").replace("’", ""))).strip()
    plain = " ".join("und" if word in ("u", "and", "et") else word for word in plain.split())
    return _LETTERS.sub(lambda letters: letters.group().replace(" ", ""), plain)


@lru_cache(maxsize=200_000)
def coarse(folded: str) -> str:
    """A folded text with ae, oe, ue written a, o, u: for finding, not for telling apart."""
    return folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")


@cache
def _legal_forms() -> tuple[dict[str, list[tuple[str, ...]]], frozenset[tuple[str, ...]]]:
    """Legal forms by first word, the longest first, and those that only count at the end."""
    by_word: dict[str, set[tuple[str, ...]]] = {}
    at_end: set[tuple[str, ...]] = set()
    for line in lists.lines("legal_forms.txt"):
        form = tuple(fold(line.lstrip("!")).split())
        if not form:
            continue
        by_word.setdefault(form[0], set()).add(form)
        if line.startswith("!"):
            at_end.add(form)
    return {word: sorted(forms, key=lambda form: (-len(form), form)) for word, forms in by_word.items()}, frozenset(
        at_end
    )


def _form_at(words: list[str], place: int) -> int:
    """Length of the legal form that begins at a place; 0 where none does."""
    by_word, at_end = _legal_forms()
    for form in by_word.get(words[place], ()):
        stop = place + len(form)
        if tuple(words[place:stop]) != form:
            continue
        if form not in at_end or all(_form_at(words, later) for later in range(stop, min(stop + 1, len(words)))):
            return len(form)
    return 0


@lru_cache(maxsize=200_000)
def company_key(name: str) -> str:
    """A company's name without legal form, folded; never empty unless the name is. "Müller & Co. KG" → "mueller"."""
    words = fold(name).split()
    if len(words) > 1 and words[0] in ("firma", "fa"):
        words = words[1:]
    kept = words[:1]
    place = 1
    while place < len(words):
        length = _form_at(words, place)
        if length:
            place += length
        else:
            kept.append(words[place])
            place += 1
    while len(kept) > 1 and kept[-1] in ("und", "co"):
        kept.pop()
    return " ".join(kept)


@lru_cache(maxsize=200_000)
def _parts(key: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The telling words of a key, its countries, and its words that set companies apart."""
    words = frozenset(coarse(word) for word in key.split())
    lands = frozenset(_LAND[word] for word in words if word in _LAND)
    telling = frozenset(word for word in words if word not in _WEAK and word not in _LAND)
    return telling or words, lands, frozenset(word for word in words if word in _APART_WORDS)


def company_likeness(one: str, two: str) -> float:
    """How much two company keys read like one company, 0 to 1. From 0.85 on they are compatible."""
    if not one or not two:
        return 0.0
    return _likeness(*sorted((one, two)))


@lru_cache(maxsize=500_000)
def _likeness(one: str, two: str) -> float:
    if one == two or coarse(one) == coarse(two):
        return 1.0
    (telling_1, lands_1, apart_1), (telling_2, lands_2, apart_2) = _parts(one), _parts(two)
    if lands_1 and lands_2 and not lands_1 & lands_2:
        return 0.4
    if apart_1 != apart_2:
        return 0.5
    if telling_1 == telling_2:
        return 0.97 if lands_1 == lands_2 else 0.88
    closed_1, closed_2 = coarse(one).replace(" ", ""), coarse(two).replace(" ", "")
    if closed_1 == closed_2:
        return 0.98
    if _digits(one) != _digits(two):
        return 0.4
    spelled = max(fuzz.ratio(closed_1, closed_2), fuzz.token_sort_ratio(coarse(one), coarse(two))) / 100
    return max(
        spelled if _each_word_meets(telling_1, telling_2) else min(spelled, 0.8),
        _shorter(one, two, telling_1, telling_2),
    )


def likenesses(ones: Sequence[str], twos: Sequence[str], least: float) -> list[float]:
    """The likeness of company keys, pair by pair, as :func:`company_likeness`; 0 for pairs that stay under `least`.

    Most of many pairs are far apart, which a comparison of their letters tells at a fraction of the cost. What can
    bring a pair over a bound of 0.78 besides its letters: the same telling words, or one name that begins the other.
    """
    if not ones:
        return []
    import numpy as np

    keys = sorted({*ones, *twos})
    place = {key: number for number, key in enumerate(keys)}
    left, right = (np.fromiter(map(place.__getitem__, side), np.int64, len(side)) for side in (ones, twos))
    worth = _near(keys, left, right, least) | _akin(keys, left, right)
    found = np.zeros(len(left))
    for row in np.flatnonzero(worth).tolist():
        found[row] = company_likeness(ones[row], twos[row])
    return found.tolist()


def _near(keys: list[str], left: Codes, right: Codes, least: float) -> NDArray[np.bool_]:
    """Pairs of keys (by their places) whose letters are as alike as `least`."""
    import numpy as np
    from rapidfuzz import process

    spelled = np.array([coarse(key) for key in keys], dtype=object)
    closed = np.array([text.replace(" ", "") for text in spelled], dtype=object)
    near = [
        process.cpdist(form[left].tolist(), form[right].tolist(), scorer=scorer, dtype=np.float32, workers=-1)
        for form, scorer in ((closed, fuzz.ratio), (spelled, fuzz.token_sort_ratio))
    ]
    return np.asarray(np.maximum(*near) >= 100 * least - 0.01)


def _akin(keys: list[str], left: Codes, right: Codes) -> NDArray[np.bool_]:
    """Pairs of keys (by their places) with the same telling words, or of which one name begins the other."""
    import numpy as np

    words = [_parts(key)[0] for key in keys]
    same, begun = _numbered(words), _numbered([key.split(" ", 1)[0] for key in keys])
    found = same[left] == same[right]
    for row in np.flatnonzero((begun[left] == begun[right]) & ~found).tolist():
        one, two = words[left[row]], words[right[row]]
        found[row] = one < two or two < one
    return np.asarray(found)


def _numbered(things: Sequence[Hashable]) -> Codes:
    """A number for each thing, equal for equal ones."""
    import numpy as np

    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(thing, len(known)) for thing in things], dtype=np.int64)


@lru_cache(maxsize=200_000)
def _digits(key: str) -> str:
    return "".join(sign for sign in key if sign.isdigit())


def _each_word_meets(one: frozenset[str], two: frozenset[str]) -> bool:
    """Every word that only one side has is a misspelling of a word that only the other has."""
    left, right = one - two, two - one
    if not all(any(_alike(word, other) for other in left) for word in right):
        return False
    return bool(left and right) and all(any(_alike(word, other) for other in right) for word in left)


def _alike(one: str, two: str) -> bool:
    return JaroWinkler.similarity(one, two) >= 0.9 or (min(len(one), len(two)) >= 5 and fuzz.ratio(one, two) >= 85)


def _shorter(one: str, two: str, telling_1: frozenset[str], telling_2: frozenset[str]) -> float:
    """0.86 where one name is the beginning of the other and says more than a trade: "Muster" and "Muster Maschinenbau"."""
    short, long = sorted((one, two), key=len)
    small, large = (telling_1, telling_2) if len(one) <= len(two) else (telling_2, telling_1)
    specific = small - _GENERAL
    if small < large and specific and max(map(len, specific)) >= 4 and long.split()[0] == short.split()[0]:
        return 0.86
    return 0.0


@lru_cache(maxsize=500_000)
def person_words(name: str) -> frozenset[str]:
    """The telling words of a person's name, coarsely folded, without titles and salutations."""
    return frozenset(coarse(word) for word in fold(name).split() if word not in _TITLES and not word.isdigit())


def names_contradict(one: frozenset[str], two: frozenset[str]) -> bool:
    """True where two persons' names have nothing in common: no word, no misspelling, no initial."""
    long_1, long_2 = [word for word in one if len(word) > 1], [word for word in two if len(word) > 1]
    if not long_1 or not long_2 or one & two:
        return False
    if any(_alike(word, other) for word in long_1 for other in long_2):
        return False
    closed_1, closed_2 = "".join(sorted(one)), "".join(sorted(two))
    return fuzz.ratio(closed_1, closed_2) < 90


def local_words(address: str) -> frozenset[str]:
    """The words of an e-mail address's local part: "max.muster-2@x.de" → {max, muster}."""
    local = address.split("@", 1)[0].split("+", 1)[0]
    return frozenset(coarse(word) for word in re.split(r"[^a-zäöüß]+", local.casefold().translate(_UMLAUTS)) if word)
