"""The survey: questions with their instrument, scale and direction, and the recipes that make figures of answers.

Figures of two questions are comparable only where the words and the scale agree; instruments are never blended.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any, ClassVar, Final, Literal

from pydantic import model_validator

from etappe.maps.document import Comment, Document, Migration, Thing
from etappe.maps.insights import wilson
from etappe.words.result import Figure, Recipe, too_few
from etappe.words.said import said as both

SCALES: Final[dict[str, tuple[int, int]]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "importance": (1, 5), "satisfaction": (1, 5), "rating": (1, 5)}
"""The scale that an instrument has unless the question says otherwise."""

MINIMUM: Final = 10

RECIPES: Final[dict[str, Recipe]] = {
    "nps": Recipe("nps", 1, both("share of promoters (9 and 10) minus share of detractors (0 to 6), from -100 to +100", "Anteil der Promotoren (9 und 10) minus Anteil der Detraktoren (0 bis 6), von −100 bis +100"), MINIMUM),
    "csat": Recipe("csat", 1, both("share of the answers in the upper two of the scale", "Anteil der Antworten in den oberen zwei der Skala"), MINIMUM),
    "ces": Recipe("ces", 1, both("mean agreement that it was made easy, from 1 to 7; high is easy", "mittlere Zustimmung, dass es leicht gemacht wurde, von 1 bis 7; hoch ist leicht"), MINIMUM),
    "importance": Recipe("importance", 1, both("ten times the share that finds it important (upper two of the scale)", "zehnmal der Anteil, der es wichtig findet (obere zwei der Skala)"), MINIMUM),
    "satisfaction": Recipe("satisfaction", 1, both("ten times the share that is satisfied (upper two of the scale)", "zehnmal der Anteil, der zufrieden ist (obere zwei der Skala)"), MINIMUM),
    "rating": Recipe("rating", 1, both("mean of the ratings", "Mittel der Bewertungen"), MINIMUM),
    "choice": Recipe("choice", 1, both("share of those who answered this question that chose it", "Anteil derer, die auf diese Frage geantwortet und das gewählt haben"), MINIMUM),
    "opportunity": Recipe("opportunity", 1, both("importance plus what satisfaction lacks of it, from 0 to 20; 10 and more is underserved", "Wichtigkeit plus das, was der Zufriedenheit dazu fehlt, von 0 bis 20; ab 10 unterversorgt"), MINIMUM),
}
_Z: Final = 1.959963984540054


class Question(Thing):
    """One question. `direction` says which end of the scale is good; `outcome` pairs importance with satisfaction."""

    TEXTS: ClassVar[tuple[str, ...]] = ("text", "low_label", "high_label")

    text: str = ""
    instrument: Literal["nps", "csat", "ces", "importance", "satisfaction", "rating", "choice", "text"] = "text"
    low: int | None = None
    high: int | None = None
    low_label: str = ""
    high_label: str = ""
    direction: Literal["high", "low"] = "high"
    options: tuple[str, ...] = ()
    outcome: str = ""
    stage: str = ""
    touchpoint: str = ""
    required: bool = False

    @model_validator(mode="after")
    def _scaled(self) -> Question:
        if self.instrument in SCALES:
            low, high = self.scale()
            if not low < high or high - low > 100:
                raise ValueError(f"a scale from {low} to {high} is none")
            if self.instrument == "nps" and (low, high) != (0, 10):
                raise ValueError("the scale of NPS is 0 to 10; another one is a rating")
        if self.instrument == "choice" and len(self.options) < 2:
            raise ValueError("a choice needs at least two options")
        return self

    def scale(self) -> tuple[int, int]:
        """Lowest and highest number."""
        low, high = SCALES.get(self.instrument, (0, 0))
        return (self.low if self.low is not None else low), (self.high if self.high is not None else high)


class Survey(Document):
    """A survey that is asked by a public form or by one-time links; `anonymous` keeps no word about who answered."""

    NAME: ClassVar[str] = "survey"
    VERSION: ClassVar[int] = 1
    MIGRATIONS: ClassVar[dict[int, Migration]] = {}
    TEXTS: ClassVar[tuple[str, ...]] = ("title", "intro", "thanks")
    COLLECTIONS: ClassVar[dict[str, type[Thing]]] = {"questions": Question, "comments": Comment}

    intro: str = ""
    thanks: str = ""
    state: Literal["draft", "open", "closed"] = "draft"
    access: Literal["public", "link"] = "link"
    anonymous: bool = True
    closes_on: dt.date | None = None
    stage: str = ""
    touchpoint: str = ""
    personas: tuple[str, ...] = ()
    questions: dict[str, Question] = {}
    comments: dict[str, Comment] = {}

    def pairs(self) -> dict[str, tuple[Question, Question]]:
        """Outcome → the questions for its importance and for the satisfaction with it, where both are asked."""
        asked: dict[str, dict[str, Question]] = {}
        for question in self.sorted("questions"):
            if question.outcome and question.instrument in ("importance", "satisfaction"):
                asked.setdefault(question.outcome, {})[question.instrument] = question
        return {outcome: (pair["importance"], pair["satisfaction"]) for outcome, pair in asked.items() if len(pair) == 2}


def comparable(one: Question, other: Question) -> list[str]:
    """Why two questions may not be put on one line; empty where they may."""
    reasons = []
    if one.instrument != other.instrument:
        reasons.append(f"one is {one.instrument}, the other {other.instrument}")
    if one.scale() != other.scale():
        reasons.append(f"the scales are {one.scale()[0]} to {one.scale()[1]} and {other.scale()[0]} to {other.scale()[1]}")
    if one.direction != other.direction:
        reasons.append("high is good in one and bad in the other")
    if _words(one) != _words(other):
        reasons.append("the words differ")
    return reasons


def _words(question: Question) -> str:
    return " ".join(question.text.casefold().split()).rstrip("?. ")


def figure_of(question: Question, values: Sequence[float]) -> Figure:
    """The figure of a question's answers, by the recipe of its instrument; answers off the scale do not count.

    NPS has the interval of a difference of two shares, shares have Wilson's, means the normal one. A question whose low
    end is good is turned first.
    """
    low, high = question.scale()
    good = [value if question.direction == "high" else low + high - value for value in values if low <= value <= high]
    n = len(good)
    room = 1 if high - low >= 3 else 0  # of a scale of two or three only the uppermost
    if n < MINIMUM:
        return too_few(n, _UNITS.get(question.instrument, ""))
    if question.instrument == "nps":
        return nps(good)
    if question.instrument == "csat":
        share = sum(value >= high - room for value in good)
        return Figure(share / n, *wilson(share, n), n, unit="share")
    if question.instrument in ("importance", "satisfaction"):
        share = sum(value >= high - room for value in good)
        bottom, top = wilson(share, n)
        return Figure(10 * share / n, 10 * bottom, 10 * top, n, unit="score")
    mean = sum(good) / n
    spread = math.sqrt(sum((value - mean) ** 2 for value in good) / (n - 1)) / math.sqrt(n)
    return Figure(mean, max(low, mean - _Z * spread), min(high, mean + _Z * spread), n, unit="score")


_UNITS: Final = {"nps": "points", "csat": "share"}


def chosen(question: Question, said: Sequence[str]) -> list[dict[str, Any]]:
    """How many of the answers to a choice chose each option, and their share with Wilson's interval."""
    n, found = len(said), []
    for option in question.options:
        k = said.count(option)
        found.append({"option": option, "count": k, "figure": too_few(n) if n < MINIMUM else Figure(k / n, *wilson(k, n), n)})
    return found


def nps(values: Sequence[float]) -> Figure:
    """The Net Promoter Score with the interval of a difference of two shares of one sample.

    >>> figure = nps([10] * 120 + [7] * 50 + [3] * 30)
    >>> round(figure.value or 0, 1), round((figure.high or 0) - (figure.value or 0), 1)
    (45.0, 10.3)
    """
    n = len(values)
    promoters, detractors = sum(value >= 9 for value in values) / n, sum(value <= 6 for value in values) / n
    score = promoters - detractors
    half = _Z * math.sqrt(max(promoters + detractors - score**2, 0) / n)
    return Figure(100 * score, max(-100.0, 100 * (score - half)), min(100.0, 100 * (score + half)), n, unit="points")


def opportunity(importance: Sequence[float], satisfaction: Sequence[float], high: int = 5) -> Figure:
    """Ulwick's opportunity score of one outcome in one segment: I + max(I - S, 0), both ten times the upper-two share.

    The pairs are of the same respondents, in the same order. The interval is by a jackknife over respondents.
    """
    n = len(importance)
    if n != len(satisfaction):
        raise ValueError("importance and satisfaction are of the same respondents")
    if n < MINIMUM:
        return too_few(n, "score")
    important = [value >= high - 1 for value in importance]
    satisfied = [value >= high - 1 for value in satisfaction]
    total_i, total_s = sum(important), sum(satisfied)

    def score(i: float, s: float) -> float:
        return 10 * i + max(10 * i - 10 * s, 0)

    value = score(total_i / n, total_s / n)
    without = [score((total_i - i) / (n - 1), (total_s - s) / (n - 1)) for i, s in zip(important, satisfied, strict=True)]
    middle = sum(without) / n
    half = _Z * math.sqrt((n - 1) / n * sum((item - middle) ** 2 for item in without))
    return Figure(value, max(0.0, value - half), min(20.0, value + half), n, unit="score")


def read_answers(survey: Survey, given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Answers from the fields of a form: what was answered by question, and what is wrong by question (a code).

    Codes: `missing`, `number`, `option`, `long`. An empty field is no answer.
    """
    answers: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for question in survey.sorted("questions"):
        said = str(given.get(question.id, "") or "").strip()
        if not said:
            if question.required:
                faults[question.id] = "missing"
        elif question.instrument in SCALES:
            low, high = question.scale()
            if said.isascii() and said.isdigit() and low <= int(said) <= high:
                answers[question.id] = int(said)
            else:
                faults[question.id] = "number"
        elif question.instrument == "choice" and said not in question.options:
            faults[question.id] = "option"
        elif len(said) > 10_000:
            faults[question.id] = "long"
        else:
            answers[question.id] = said.replace("\0", "")
    return answers, faults
