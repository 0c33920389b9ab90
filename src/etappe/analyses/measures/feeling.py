"""feeling: how customers feel at a touchpoint or in a stage, from -2 to +2, by answers, reviews and coded quotes.

Answers are put on one scale by stretching theirs so that its ends meet (a convention, no equivalence); the figure says
how many answers of which kind are in it. Where the low end of a scale is the good one (the older question about effort),
the answer is turned first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np

from etappe.analyses.answer import triple
from etappe.analyses.maths.bounds import Floats
from etappe.analyses.maths.resample import ratios
from etappe.analyses.measures.found import Found, newest, nothing
from etappe.analyses.measures.observed import DAY, Observed
from etappe.tables.functions import micros
from etappe.words.claim import Claim
from etappe.words.question import low_is_good
from etappe.words.result import Figure, Recipe, too_few
from etappe.words.said import said as both

FEELING = Recipe(
    "feeling", 1, "mean feeling from -2 (very bad) to +2 (very good): survey answers and reviews with their scales stretched to it (effort turned: low is good), and coded quotes; companies (interviews) are drawn for the interval", 10
)
SCALES = {"nps": (0.0, 10.0), "csat": (1.0, 5.0), "ces": (1.0, 7.0), "rating": (1.0, 5.0), "satisfaction": (1.0, 5.0)}


_SOURCES = {"nps": "NPS", "csat": "CSAT", "ces": "CES", "rating": "Bewertungen", "satisfaction": "Zufriedenheit", "quotes": "Zitaten"}


@dataclass(frozen=True, slots=True)
class Quote:
    """A coded quote with a feeling: the interview it is of, where it belongs, and when (days since 1970)."""

    interview: str
    feeling: float
    stage: str = ""
    touchpoint: str = ""
    personas: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    at: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer or review of somebody in a journey, put on the scale."""

    journey: int
    account: str
    person: str | None
    stage: str
    touchpoints: frozenset[str]
    instrument: str
    feeling: float
    at: float | None
    role: str | None
    text: str


def answers(observed: Observed) -> list[Answer]:
    """All answers on a scale whose response is a step of a journey; the rest cannot be placed and is left out."""
    feedback = observed.tables.evidence["feedback"]
    scaled = feedback.filter(feedback.value.notnull() & feedback.instrument.isin(list(SCALES)) & feedback.finished.fill_null(True))
    steps = observed.tables.built["steps"]
    said = steps.filter(steps.kind.isin(["survey_answer", "review", "ticket", "chat", "call"])).select(
        "source", "record_id", "journey_id", "account_id", "stage", "touchpoint", "person_id", "role"
    )
    joined = scaled.select("source", "instrument", "value", "low", "high", "text", "question", about="touchpoint", record_id=ibis.coalesce(scaled.response_id, scaled.record_id), at=micros(scaled.happened_at))
    joined = joined.inner_join(said, ["source", "record_id"]).inner_join(observed.numbered.select("journey_id", "no"), "journey_id")
    return [_answer(row) for row in observed.tables.engine.rows(joined)]


def _answer(row: dict[str, Any]) -> Answer:
    low, high = SCALES[row["instrument"]]
    low = row["low"] if row["low"] is not None else low
    high = row["high"] if row["high"] is not None and row["high"] > low else max(high, low + 1)
    placed = min(max((row["value"] - low) / (high - low), 0.0), 1.0) * 4 - 2
    if low_is_good(row["instrument"], row["question"] or ""):
        placed = -placed
    places = frozenset(word.casefold() for word in (row["about"], row["touchpoint"]) if word)
    at = row["at"] / DAY if row["at"] is not None else None
    return Answer(row["no"], row["account_id"], row["person_id"], row["stage"], places, row["instrument"], placed, at, row["role"], row["text"] or "")


def feeling_at(
    name: str, stage: str | None, given: Sequence[Answer], quotes: Sequence[Quote], labels: Sequence[str] = (), is_stage: bool = False
) -> Found:
    """The feeling at a touchpoint, or in a stage, of answers and quotes that were chosen already.

    Parameters
    ----------
    name : str
        A touchpoint, or (`is_stage`) a stage.
    stage : str, optional
        For a touchpoint: only what was said in this stage.
    labels : sequence of str
        Other names of the touchpoint, as a survey may write them.
    """
    words = {name.casefold(), *(label.casefold() for label in labels)}

    def fits(in_stage: str, touchpoints: Any) -> bool:
        here = in_stage == name if is_stage else bool(words & set(touchpoints))
        return here and (stage is None or in_stage == stage)

    chosen = [item for item in given if fits(item.stage, item.touchpoints)]
    said = [item for item in quotes if fits(item.stage, {item.touchpoint.casefold()})]
    if not chosen and not said:
        return nothing(FEELING, both("No answer, review or coded quote speaks of `{name}`.", "Keine Antwort, Bewertung und kein kodiertes Zitat spricht von „{name}“.", name=name))
    value = np.array([item.feeling for item in chosen] + [item.feeling for item in said])
    cluster = [item.account for item in chosen] + [f"interview {item.interview}" for item in said]
    counts = Counter([item.instrument for item in chosen] + ["quotes"] * len(said))
    parts = [both(f"{{n}} {word}", f"{{n}} {_SOURCES.get(word, word)}", n=count) for word, count in counts.most_common()]
    moments = [item.at for item in chosen] + [item.at for item in said]
    fresh = newest([moment for moment in moments if moment is not None])
    rows = [{"account_id": item.account, "stage": item.stage, "instrument": item.instrument, "feeling": round(item.feeling, 2), "text": item.text} for item in chosen]
    rows += [{"account_id": None, "stage": item.stage, "instrument": "quote", "feeling": item.feeling, "text": item.text} for item in said]
    return Found(mean_feeling(value, cluster), FEELING, fresh, (both("Of {parts}.", "Aus {parts}.", parts=parts),), lambda limit: rows[:limit])


def mean_feeling(value: Floats, cluster: Sequence[str]) -> Figure:
    """The mean with an interval over clusters; under ten of them it is too few."""
    _, code = np.unique(np.asarray(cluster), return_inverse=True)
    clusters = int(code.max(initial=-1)) + 1
    if clusters < FEELING.minimum_n:
        return too_few(len(value), "score")
    sums, counts = np.bincount(code, weights=value), np.bincount(code).astype(float)
    mean, low, high = ratios(sums, counts, draws=1000)
    return triple((mean[0], low[0], high[0]), len(value), FEELING, "score")


def feeling(claim: Claim, given: Sequence[Answer], quotes: Sequence[Quote], labels: Sequence[str], observed: Observed) -> Found:
    """The feeling that a claim asks for; a name that stages and touchpoints share means the stage."""
    name = claim.arguments[0]
    return feeling_at(name, claim.stage, given, quotes, labels, is_stage=name in observed.stages)
