"""What a card states in a checkable form, and the rule by which the evidence answers.

A :class:`Claim` goes from the document tower to the data tower, a :class:`Figure` comes back, and :func:`judge` makes a
:class:`Verdict` of the two. `words/claim_language.py` reads claims from text; `str(claim)` writes them back.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from etappe.words.result import Figure, Recipe, plain


class Verdict(StrEnum):
    """What the evidence says to a claim."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNDECIDED = "undecided"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"
    OUT_OF_DATE = "out_of_date"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that can be claimed.

    Attributes
    ----------
    takes : str
        What its arguments name: touchpoint, stage, "touchpoint or stage", topic, content, search term.
    least, most : int
        How many arguments it takes.
    unit : str
        share (0 to 1), days, score (-2 to +2), count, position (1 is first).
    words : str
        What the figure is.
    in_stage, horizon : bool
        Whether `in STAGE` and `within N days` may be said.
    default : tuple, optional
        The comparison and number that count where the claim says none.
    quoted : bool
        Arguments are always written in quotes.
    """

    name: str
    takes: str
    least: int
    most: int
    unit: str
    words: str
    in_stage: bool = False
    horizon: bool = False
    default: tuple[str, float] | None = None
    quoted: bool = False


MEASURES: Final[dict[str, Measure]] = {
    measure.name: measure
    for measure in (
        Measure(
            "coverage", "touchpoint", 1, 8, "share",
            "share of the journeys that reached the stage (or of all, where no stage is named) in which one of the touchpoints occurs there",
            in_stage=True),
        Measure("dwell", "stage", 1, 1, "days", "median days from entering the stage to leaving it; journeys still in it are censored"),
        Measure(
            "conversion", "stage", 1, 1, "share",
            "share of the journeys entering the stage that go on to the next one; open journeys are censored",
            horizon=True),
        Measure(
            "order", "touchpoint", 2, 8, "share",
            "share of the journeys with all these touchpoints in which they first occur in this order",
            in_stage=True, default=(">", 0.5)),
        Measure(
            "feeling", "touchpoint or stage", 1, 1, "score",
            "mean feeling from -2 (very bad) to +2 (very good) by survey answers, reviews and coded quotes",
            in_stage=True),
        Measure(
            "milestone", "touchpoint", 1, 8, "share",
            "share of the journeys entering the stage in which one of the touchpoints is reached before they leave it; open journeys are censored",
            in_stage=True, horizon=True, default=(">", 0.5)),
        Measure("mention", "topic", 1, 8, "count", "interviews in which one of the topics is mentioned: k of n"),
        Measure(
            "content", "content", 1, 8, "share",
            "share of the journeys that reached the stage in which this content (title, file or address) is used there",
            in_stage=True),
        Measure("found", "search term", 1, 8, "position", "mean position in the search results for the term; 1 is first", quoted=True),
    )
}  # fmt: skip

SOURCES: Final = ("interviews", "reviews", "answers", "tickets")
FILTERS: Final = ("kind", "outcome", "segment", "tier", "industry", "country", "owner", "role", "persona", "period")
COMPARISONS: Final = (">=", "<=", ">", "<", "between")
KEYWORDS: Final = frozenset({"in", "within", "between", "and", "of", "where", "with"})

Population = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim.

    Attributes
    ----------
    measure : str
        One of MEASURES.
    arguments : tuple of str
        Touchpoints, stages, topics or terms, as the measure takes them.
    stage : str, optional
        Where it is claimed.
    within_days : float, optional
        The horizon of a conversion or milestone.
    comparison, bounds : str, tuple of float
        One of COMPARISONS with one number, `between` with two; shares from 0 to 1, times in days.
    unit : str
        Unit of the bounds: the measure's own, or share for a mention in per cent.
    of : str
        For a mention: one of SOURCES.
    population : tuple
        Filters (one of FILTERS) with their values, beside those of the map itself.
    minimum_n : int, optional
        Fewest cases for a verdict; None is the recipe's own.
    age_days : float, optional
        Age limit: with newest evidence older than this the verdict is `out_of_date`; None is no limit.
    text, places : str, tuple
        The text that was read, and where its arguments and its stage begin, for faults; no part of the claim.
    """

    measure: str
    arguments: tuple[str, ...]
    stage: str | None = None
    within_days: float | None = None
    comparison: str = ">="
    bounds: tuple[float, ...] = (0.0,)
    unit: str = "share"
    of: str = ""
    population: Population = ()
    minimum_n: int | None = None
    age_days: float | None = None
    text: str = field(default="", compare=False, repr=False)
    places: tuple[int, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        """The claim in its normal form."""
        measure = MEASURES[self.measure]
        parts = [f"{self.measure}({', '.join(_name(text, measure.quoted) for text in self.arguments)})"]
        if self.stage is not None:
            parts.append(f"in {_name(self.stage)}")
        if self.within_days is not None:
            parts.append(f"within {number(self.within_days)} days")
        if measure.default is None or (self.comparison, self.bounds) != (measure.default[0], (measure.default[1],)):
            parts.append(self.compared())
        if self.of:
            parts.append(f"of {self.of}")
        if self.population:
            parts.append("where " + " and ".join(f"{name} = {', '.join(_name(value) for value in values)}" for name, values in self.population))
        limits = [f"n >= {self.minimum_n}"] if self.minimum_n is not None else []
        limits += [f"age <= {number(self.age_days)} days"] if self.age_days is not None else []
        if limits:
            parts.append("with " + " and ".join(limits))
        return " ".join(parts)

    def compared(self) -> str:
        """The comparison alone: `>= 0.3`, `between 20 and 40 days`, `>= 30 %`."""
        percent = self.measure == "mention" and self.unit == "share"
        numbers = [number(value, percent) for value in self.bounds]
        said = f"between {numbers[0]} and {numbers[1]}" if self.comparison == "between" else f"{self.comparison} {numbers[0]}"
        return said + (" %" if percent else " days" if self.unit == "days" else "")

    def to_dict(self) -> dict[str, Any]:
        """The claim in parts, as the wire shows it."""
        return {
            "text": str(self), "measure": self.measure, "arguments": list(self.arguments), "stage": self.stage,
            "within_days": self.within_days, "comparison": self.comparison, "bounds": list(self.bounds), "unit": self.unit,
            "of": self.of, "population": {name: list(values) for name, values in self.population},
            "minimum_n": self.minimum_n, "age_days": self.age_days,
        }  # fmt: skip


def number(value: float, percent: bool = False) -> str:
    """A number as a claim writes it: as short as it can be read back, never with an exponent."""
    exact = Decimal(repr(value)) * (100 if percent else 1)
    text = format(exact, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


_BARE = re.compile(r"\w[\w./:@+&'’–-]*(?: [\w./:@+&'’–-]+)*", re.UNICODE)


def _name(text: str, quoted: bool = False) -> str:
    """A name as it stands in a claim: bare where that can be read back, else in quotes."""
    if not quoted and _BARE.fullmatch(text) and not KEYWORDS & set(text.lower().split()):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def judge(claim: Claim, figure: Figure | None, age_days: float | None = None) -> Verdict:
    """The verdict of one figure on one claim.

    Parameters
    ----------
    figure : Figure, optional
        The measured value with its interval, in the unit of the claim; None where nothing maps to the claim. A bound
        that is None beside one that is not is open: a median not yet reached has no upper one.
    age_days : float, optional
        Days since the newest evidence behind the figure.

    Returns
    -------
    Verdict
        no_data, too_few and out_of_date in this order of precedence; then confirmed where the whole interval meets the
        claim, contradicted where the whole interval fails it, else undecided.
    """
    if figure is None or figure.why == "no data" or (figure.n == 0 and figure.value is None):
        return Verdict.NO_DATA
    if figure.why == "too few" or (claim.minimum_n is not None and figure.n < claim.minimum_n):
        return Verdict.TOO_FEW
    if claim.age_days is not None and age_days is not None and age_days > claim.age_days:
        return Verdict.OUT_OF_DATE
    if figure.low is None and figure.high is None:
        return Verdict.UNDECIDED
    low = -math.inf if figure.low is None else figure.low
    high = math.inf if figure.high is None else figure.high
    if math.isnan(low) or math.isnan(high):
        return Verdict.UNDECIDED
    if all(_meets(claim, value) for value in (low, high)):
        return Verdict.CONFIRMED
    return Verdict.CONTRADICTED if _fails_whole(claim, low, high) else Verdict.UNDECIDED


def _meets(claim: Claim, value: float) -> bool:
    first = claim.bounds[0]
    match claim.comparison:
        case ">=":
            return value >= first
        case ">":
            return value > first
        case "<=":
            return value <= first
        case "<":
            return value < first
        case _:
            return first <= value <= claim.bounds[1]


def _fails_whole(claim: Claim, low: float, high: float) -> bool:
    """Whether no value of the interval meets the claim; an interval may lie around a claimed span, so ends do not suffice."""
    if claim.comparison == "between":
        return high < claim.bounds[0] or low > claim.bounds[1]
    return not _meets(claim, low) and not _meets(claim, high)


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its verdict and all that stands behind it; `newest` is the day of the newest evidence."""

    claim: Claim
    verdict: Verdict
    figure: Figure | None = None
    recipe: Recipe | None = None
    population: Mapping[str, Any] = field(default_factory=dict)
    newest: dt.datetime | None = None
    caveats: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The shape of one entry of `check --json`, without the card."""
        return {
            "claim": str(self.claim), "verdict": self.verdict.value, "figure": plain(self.figure),
            "recipe": self.recipe.in_both() if self.recipe else None, "population": plain(self.population),
            "newest": plain(self.newest), "caveats": list(self.caveats),
        }  # fmt: skip
