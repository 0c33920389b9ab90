"""feeling: how customers feel at a touchpoint or in a stage, from -2 to +2, by answers, reviews and coded quotes.

Answers are put on one scale by stretching theirs so that its ends meet (a convention, no equivalence); the figure says
how many answers of which kind are in it. Where the low end of a scale is the good one (the older question about effort),
the answer is turned first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from etappe.analyses.answer import triple
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.maths.resample import ratios
from etappe.analyses.measures.found import Found, newest, nothing
from etappe.analyses.measures.observed import DAY, Observed
from etappe.tables.functions import micros
from etappe.tables.plain_arrays import among, numbers_of, picked
from etappe.words.claim import Claim
from etappe.words.question import low_is_good
from etappe.words.result import Figure, Recipe, Row, too_few
from etappe.words.said import said as both

FEELING = Recipe(
    "feeling", 1, both(
        "mean feeling from -2 (very bad) to +2 (very good): survey answers and reviews with their scales stretched to it (effort turned: low is good), and coded quotes; companies (interviews) are drawn for the interval",
        "mittlere Stimmung von −2 (sehr schlecht) bis +2 (sehr gut): Umfrageantworten und Bewertungen, deren Skalen darauf gestreckt sind (Aufwand gedreht: niedrig ist gut), und kodierte Zitate; für das Intervall werden Unternehmen (Interviews) gezogen",
    ), 10,
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


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers and reviews of people in journeys, put on the scale.

    `rows` has of each `no` (its journey), account_id, person_id, role, stage, instrument, about and touchpoint (where it
    belongs), text, and `at` in microseconds; `feeling` its place on the scale.
    """

    rows: pa.Table
    feeling: Floats

    @property
    def journey(self) -> Ints:
        """The number of each one's journey."""
        return numbers_of(self.rows["no"]).astype(np.int64)

    def where(self, flags: Any) -> Answers:
        """Those with a flag."""
        return Answers(picked(self.rows, np.flatnonzero(flags)), self.feeling[flags])

    def whose(self, column: str, values: Collection[str]) -> Answers:
        """Those of which a column has one of some values."""
        return self.where(among(self.rows[column], values))

    def named(self, words: Collection[str]) -> Any:
        """A flag for each that belongs to a touchpoint of one of these names, in small letters."""
        flags = np.zeros(len(self.feeling), bool)
        for column in ("about", "touchpoint"):
            flags |= among(self.rows[column], {name for name in self.rows[column].unique().to_pylist() if name and name.casefold() in words})
        return flags


def answers(observed: Observed) -> Answers:
    """All answers on a scale whose response is a step of a journey, the newest first; the rest cannot be placed and is left out."""
    feedback, said = observed.tables.evidence["feedback"], observed.written
    scaled = feedback.filter(feedback.value.notnull() & feedback.instrument.isin(list(SCALES)) & feedback.finished.fill_null(True))
    scaled = scaled.select("source", "instrument", "value", "low", "high", "text", "question", about="touchpoint", record_id=ibis.coalesce(scaled.response_id, scaled.record_id), at=micros(scaled.happened_at))
    joined = scaled.inner_join(said.drop("kind", "name"), ["source", "record_id"])
    rows = observed.tables.engine.to_arrow(joined.order_by([joined["at"].desc(), "source", "record_id", "instrument", "question"]))
    return Answers(rows, _placed(rows))


def _placed(rows: pa.Table) -> Floats:
    """Where each answer lies from -2 to +2."""
    instrument = rows["instrument"].to_pylist()
    ends = np.array([SCALES[name] for name in instrument], float).reshape(-1, 2)
    stated = [numbers_of(rows[name].cast(pa.float64()), np.nan) for name in ("low", "high")]
    low = np.where(np.isnan(stated[0]), ends[:, 0], stated[0])
    high = np.where(stated[1] > low, stated[1], np.maximum(ends[:, 1], low + 1))
    placed = np.clip((numbers_of(rows["value"]).astype(float) - low) / (high - low), 0.0, 1.0) * 4 - 2
    turned = cache(lambda instrument, question: low_is_good(instrument, question or ""))
    return np.where([turned(*pair) for pair in zip(instrument, rows["question"].to_pylist(), strict=True)], -placed, placed)


def feeling_at(
    name: str, stage: str | None, given: Answers, quotes: Sequence[Quote], labels: Sequence[str] = (), is_stage: bool = False
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
    where = name if is_stage else stage
    chosen = given if where is None else given.whose("stage", [where])
    chosen = chosen if is_stage else chosen.where(chosen.named(words))
    said = [item for item in quotes if (where is None or item.stage == where) and (is_stage or item.touchpoint.casefold() in words)]
    if not len(chosen.feeling) and not said:
        return nothing(FEELING, both("No answer, review or coded quote speaks of `{name}`.", "Keine Antwort, Bewertung und kein kodiertes Zitat spricht von „{name}“.", name=name))
    value = np.concatenate([chosen.feeling, [item.feeling for item in said]])
    cluster = [*chosen.rows["account_id"].to_pylist(), *(f"interview {item.interview}" for item in said)]
    counts = Counter([*chosen.rows["instrument"].to_pylist(), *["quotes"] * len(said)])
    parts = [both(f"{{n}} {word}", f"{{n}} {_SOURCES.get(word, word)}", n=count) for word, count in counts.most_common()]
    fresh = newest([*numbers_of(chosen.rows["at"].cast(pa.float64()), np.nan) / DAY, *(item.at for item in said if item.at is not None)])

    def behind(limit: int) -> list[Row]:
        shown = chosen.rows.slice(0, limit).select(["account_id", "stage", "instrument", "text"]).to_pylist()
        rows = [
            {"account_id": row["account_id"], "stage": row["stage"], "instrument": row["instrument"], "feeling": round(float(place), 2), "text": row["text"] or ""}
            for row, place in zip(shown, chosen.feeling, strict=False)
        ]
        return [*rows, *({"account_id": None, "stage": item.stage, "instrument": "quote", "feeling": item.feeling, "text": item.text} for item in said)][:limit]

    return Found(mean_feeling(value, cluster), FEELING, fresh, (both("Of {parts}.", "Aus {parts}.", parts=parts),), behind)


def mean_feeling(value: Floats, cluster: Sequence[str]) -> Figure:
    """The mean with an interval over clusters; under ten of them it is too few."""
    _, code = np.unique(np.asarray(cluster), return_inverse=True)
    clusters = int(code.max(initial=-1)) + 1
    if clusters < FEELING.minimum_n:
        return too_few(len(value), "score")
    sums, counts = np.bincount(code, weights=value), np.bincount(code).astype(float)
    mean, low, high = ratios(sums, counts, draws=1000)
    return triple((mean[0], low[0], high[0]), len(value), FEELING, "score")


def feeling(claim: Claim, given: Answers, quotes: Sequence[Quote], labels: Sequence[str], observed: Observed) -> Found:
    """The feeling that a claim asks for; a name that stages and touchpoints share means the stage."""
    name = claim.arguments[0]
    return feeling_at(name, claim.stage, given, quotes, labels, is_stage=name in observed.stages)
