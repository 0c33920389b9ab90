"""What the interviews say together: k of n, and whether further ones would still add something.

Counts are of interviews, not of passages: somebody who says it ten times counts once. Saturation follows two published
ways: the share of new topics in the last interviews against those of the first (Guest, Namey and Chen, PLoS ONE 2020),
and the estimated share of topics found so far by those that only one or two interviews mention (Chao and Jost, Ecology 2012).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from etappe.maps.interview import Interview, Passage
from etappe.words.claim import Claim
from etappe.words.result import Figure, Recipe, too_few
from etappe.words.said import said as both

MENTION: Final = Recipe("mention", 1, both("interviews in which somebody speaks of it: k of n", "Interviews, in denen es zur Sprache kommt: k von n"), 3)
BASE: Final = 4
RUN: Final = 2
NEW_SHARE: Final = 0.05
WANTED_SHARE: Final = 0.95
_Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Said:
    """A passage with the interview it is from; `ref` is the address that a card links to."""

    interview: str
    passage: Passage

    @property
    def ref(self) -> str:
        """The evidence address of the passage."""
        return f"interview:{self.interview}#{self.passage.id}"


@dataclass(frozen=True, slots=True)
class Insight:
    """What k of n interviews speak of, with the passages."""

    what: str
    k: int
    n: int
    said: tuple[Said, ...]

    def to_dict(self) -> dict[str, Any]:
        """The insight as `--json` shows it; a share only from 20 interviews on."""
        quotes = [{"ref": item.ref, "quote": item.passage.quote, "speaker": item.passage.speaker, "feeling": item.passage.feeling} for item in self.said]
        return {"what": self.what, "k": self.k, "n": self.n, "share": round(self.k / self.n, 3) if self.n >= 20 else None, "quotes": quotes}


def insights(interviews: Sequence[Interview], by: str = "topic", keep: Callable[[Passage], bool] | None = None) -> list[Insight]:
    """Insights by topic, ring, force, stage, lane or persona, the most mentioned first.

    `keep` narrows to some passages, such as those of one stage; n stays the number of interviews.
    """
    found: dict[str, list[Said]] = {}
    shown: dict[str, str] = {}
    for interview in interviews:
        for passage in interview.sorted("passages"):
            if keep is None or keep(passage):
                for word in passage.topics if by == "topic" else (getattr(passage, by),):
                    if word:
                        shown.setdefault(word.casefold(), word)
                        found.setdefault(word.casefold(), []).append(Said(interview.id, passage))
    made = [Insight(shown[word], len({item.interview for item in said}), len(interviews), tuple(said)) for word, said in found.items()]
    return sorted(made, key=lambda insight: (-insight.k, -len(insight.said), insight.what.casefold()))


def mentioned(claim: Claim, interviews: Sequence[Interview]) -> tuple[Figure, list[Said]]:
    """The figure of a claim `mention(topic, …) … of interviews`, with the passages behind.

    A count is what it is: its interval is the number itself. A share has Wilson's interval. A topic counts where a passage
    bears it; the claim's population may name personas and segments of the interviews.
    """
    wanted = {word.casefold() for word in claim.arguments}
    asked = [interview for interview in interviews if _belongs(claim, interview)]
    said = [Said(interview.id, passage) for interview in asked for passage in interview.sorted("passages") if wanted & {topic.casefold() for topic in passage.topics}]
    n, k = len(asked), len({item.interview for item in said})
    if n < (claim.minimum_n or MENTION.minimum_n):
        return (too_few(n) if n else Figure(None, n=0, why="no data")), said
    if claim.unit != "share":
        return Figure(float(k), float(k), float(k), n, unit="count"), said
    low, high = wilson(k, n)
    return Figure(k / n, low, high, n, unit="share"), said


def _belongs(claim: Claim, interview: Interview) -> bool:
    limits = dict(claim.population)
    personas, segments = limits.get("persona"), limits.get("segment")
    return (not personas or bool(set(personas) & set(interview.personas))) and (not segments or bool(set(segments) & set(interview.segments)))


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of k of n (Wilson, JASA 1927)."""
    share, spread = k / n, _Z**2 / n
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, middle - half) if k else 0.0, min(1.0, middle + half) if k < n else 1.0


@dataclass(frozen=True, slots=True)
class Saturation:
    """Whether further interviews would add something.

    Attributes
    ----------
    curve : list of (interview, new, all)
        New topics that each interview brought, in the order held, and all so far.
    last_share : float, optional
        New topics of the last interviews, as a share of those that the first ones brought; None with too few interviews.
    found_share : float, optional
        Estimated share of the topics (weighted by how often they are mentioned) that are found by now.
    more : int, optional
        How many more interviews are advised; 0 is enough; None cannot be said yet.
    """

    curve: list[tuple[str, int, int]]
    last_share: float | None
    found_share: float | None
    more: int | None
    words: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """The curve and the advice as `--json` shows them."""
        rows = [{"interview": name, "new": new, "all": total} for name, new, total in self.curve]
        return {"curve": rows, "last_share": self.last_share, "found_share": self.found_share, "more": self.more, "words": self.words}


def saturation(interviews: Iterable[Interview]) -> Saturation:
    """The saturation curve of coded interviews, in the order in which they were held."""
    held = sorted(interviews, key=lambda interview: (interview.held_on.isoformat() if interview.held_on else "9999", interview.id))
    known: set[str] = set()
    curve: list[tuple[str, int, int]] = []
    counts: Counter[str] = Counter()
    for interview in held:
        topics = {topic.casefold() for passage in interview.passages.values() for topic in passage.topics}
        curve.append((interview.id, len(topics - known), len(known | topics)))
        known |= topics
        counts.update(topics)
    n = len(held)
    first = curve[BASE - 1][2] if n >= BASE else 0
    last = sum(new for _, new, _ in curve[-RUN:]) / first if n >= BASE + RUN and first else None
    share = _found_share(counts, n, 0)
    return Saturation(curve, last, share, *_advice(counts, n, last, share))


def _found_share(counts: Counter[str], n: int, further: int) -> float | None:
    """Estimated coverage after `further` more interviews (Chao and Jost 2012, for incidences)."""
    once, twice, all_ = sum(c == 1 for c in counts.values()), sum(c == 2 for c in counts.values()), counts.total()
    if n < 2 or not all_:
        return None
    if not once:
        return 1.0
    ratio = (n - 1) * once / ((n - 1) * once + 2 * twice) if twice else (n - 1) * (once - 1) / ((n - 1) * (once - 1) + 2)
    return 1 - once / all_ * ratio ** (further + 1)


def _advice(counts: Counter[str], n: int, last: float | None, share: float | None) -> tuple[int | None, dict[str, str]]:
    if n < BASE + RUN or share is None:
        missing = max(BASE + RUN - n, 1)
        return None, {
            "de": f"Noch zu früh: nach {missing} weiteren codierten Interviews lässt sich sagen, ob es reicht.",
            "en": f"Too early: after {missing} more coded interviews it can be said whether they suffice.",
        }
    if share >= WANTED_SHARE and (last or 0) <= NEW_SHARE:
        return 0, {
            "de": f"Es reicht: die letzten {RUN} Interviews brachten fast nichts Neues, geschätzt {share:.0%} sind gefunden.".replace("%", "\u00a0%"),
            "en": f"Enough: the last {RUN} interviews brought almost nothing new, an estimated {share:.0%} has been found.",
        }
    more = next((further for further in range(RUN, 41) if (_found_share(counts, n, further) or 0) >= WANTED_SHARE), 40)
    return more, {
        "de": f"Noch etwa {more} Interviews: geschätzt {share:.0%} der Themen sind gefunden.".replace("%", "\u00a0%"),
        "en": f"About {more} more interviews: an estimated {share:.0%} of the topics has been found.",
    }
