"""A map held against the evidence: a verdict for each claim, blind spots, how far map and evidence agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from etappe.analyses.maths.bounds import wilson_of_one
from etappe.analyses.measures.found import Found, nothing
from etappe.analyses.measures.frequent import EXPLAINED, explained, explained_rows
from etappe.analyses.measures.observed import day_of
from etappe.errors import ClaimFault, Fault, Faults
from etappe.maps.document import Document
from etappe.maps.insights import MENTION, mentioned
from etappe.maps.map import Map
from etappe.maps.spoken import Spoken
from etappe.maps.stated import Stated, stated
from etappe.words.claim import Claim, Judged, Verdict, judge
from etappe.words.claim_sentence import sentence
from etappe.words.german_faults import german
from etappe.words.result import Figure, Row, plain
from etappe.words.said import said as both
from etappe.words.said import spoken
from etappe.workspace.asking import Evidence
from etappe.workspace.blind_spots import BlindSpot, blind_spots


@dataclass(frozen=True, eq=False)
class CheckedClaim:
    """One claim with its verdict and all that stands behind it.

    Attributes
    ----------
    card, collection, stage, lane : str
        The thing that claims it (a card, stage, criterion or trait), the collection it is of, and where it stands.
    text : str
        The claim as written, in its normal form where it can be read.
    judged : Judged, optional
        Verdict, figure, recipe, population; None where the claim cannot be read.
    fault : Fault, optional
        Why it cannot be read, with the character and the nearest name.
    since, before : date, str
        Since when it has this verdict, as far as it was checked, and which one it had before.
    """

    card: str
    collection: str
    stage: str
    lane: str
    text: str
    judged: Judged | None
    fault: Fault | None = None
    said: dict[str, str] = field(default_factory=dict)
    label: Callable[[str, str], str | None] | None = None
    behind: Callable[[int], list[Row]] | None = None
    since: dt.date | None = None
    before: str | None = None

    @property
    def asked(self) -> str:
        """The claim with the ids of stages and touchpoints, whatever the card calls them, and without its population."""
        return str(replace(self.judged.claim, population=())) if self.judged else self.text

    def told(self, language: str) -> list[str]:
        """The caveats in a language, with the names that the screen uses."""
        label = self.label
        return [spoken(text, language, (lambda word: label(word, language)) if label else None) for text in (self.judged.caveats if self.judged else ())]

    @property
    def verdict(self) -> Verdict:
        """The verdict; `no_data` where the claim cannot be read."""
        return self.judged.verdict if self.judged else Verdict.NO_DATA

    @property
    def figure(self) -> Figure | None:
        """What was measured."""
        return self.judged.figure if self.judged else None

    def to_dict(self) -> dict[str, Any]:
        """One entry of `claims` of `check --json`."""
        judged = self.judged
        return {
            "card": self.card, "collection": self.collection, "stage": self.stage, "lane": self.lane, "claim": self.text, "asked": self.asked, "verdict": self.verdict.value,
            "figure": figure_of(self.figure), "recipe": judged.recipe.in_both() if judged and judged.recipe else None,
            "population": plain(judged.population) if judged else {}, "newest": plain(judged.newest) if judged else None,
            "caveats": list(judged.caveats) if judged else [], "told": {language: self.told(language) for language in ("de", "en")}, "sentence": self.said, "since": plain(self.since), "before": self.before,
            **({"fault": {**self.fault.to_dict(), "said": {"de": german(self.fault.what), "en": self.fault.what}, "advised": {"de": german(self.fault.do_next), "en": self.fault.do_next}}} if self.fault else {}),
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Check:
    """What the evidence says to a map.

    Attributes
    ----------
    explained : Figure
        The share of the observed steps that the map speaks of in their stage.
    holding : Figure
        The share of the decided claims that hold.
    stages : dict
        What the map calls its stages.
    behind : function, optional
        The steps that `explained` counts, at most so many rows: a touchpoint in a stage of a journey each.
    """

    map: str
    title: str
    language: str
    as_of: dt.datetime
    journeys: int
    explained: Figure
    holding: Figure
    claims: list[CheckedClaim]
    blind_spots: list[BlindSpot]
    stages: dict[str, str] = field(default_factory=dict)
    behind: Callable[[int], list[Row]] | None = None

    def counts(self) -> dict[str, int]:
        """How many claims have which verdict."""
        return {verdict.value: sum(claim.verdict == verdict for claim in self.claims) for verdict in Verdict}

    @property
    def contradicted(self) -> bool:
        """Whether any claim is contradicted."""
        return any(claim.verdict == Verdict.CONTRADICTED for claim in self.claims)

    def to_dict(self) -> dict[str, Any]:
        """The whole in the shape of `check --json`."""
        return {
            "map": self.map, "title": self.title, "as_of": plain(self.as_of), "journeys": self.journeys,
            "agreement": {**(figure_of(self.explained) or {}), "recipe": EXPLAINED.in_both(), "claims_hold": figure_of(self.holding)}, "verdicts": self.counts(),
            "claims": [claim.to_dict() for claim in self.claims], "blind_spots": [spot.to_dict() for spot in self.blind_spots],
        }  # fmt: skip


def figure_of(figure: Figure | None) -> dict[str, Any] | None:
    """A figure with its unit; where there is no value, the bound that is known all the same."""
    if figure is None:
        return None
    bounds = {name: value for name, value in (("low", figure.low), ("high", figure.high)) if value is not None} if figure.value is None else {}
    return {**figure.to_dict(), **bounds}


def check(document: Map, found: Evidence) -> Check:
    """Holds a map against the evidence."""
    population = found.asking.populations.of(tuple(population_of(document).items()))
    spoken = Spoken(document, found.vocabulary)
    claims = checked(document, found)
    names = {name: found.vocabulary.touchpoints.get(name, ()) for name in found.asking.observed.touches.names}
    known = spoken.touchpoints(names, [stage.id for stage in document.sorted("stages")])
    return Check(
        document.id, document.title, document.language, found.as_of, population.size,
        explained(found.asking.observed, population.flags, known, found.silent), holding(claims), claims,
        blind_spots(document, spoken, known, population.flags, found),
        {stage.id: stage.title for stage in document.sorted("stages")},
        lambda limit: explained_rows(found.asking.observed, population.flags, known, found.silent, limit),
    )  # fmt: skip


def population_of(document: Map) -> dict[str, tuple[str, ...]]:
    """The journeys that a map is about: its kinds, personas and segments."""
    pairs = (("kind", document.journey), ("persona", document.personas), ("segment", document.segments))
    return {name: values for name, values in pairs if values}


def holding(claims: list[CheckedClaim]) -> Figure:
    """The share of the decided claims that are confirmed."""
    yes, no = (sum(claim.verdict == verdict for claim in claims) for verdict in (Verdict.CONFIRMED, Verdict.CONTRADICTED))
    if not yes + no:
        return Figure(None, n=0, why="nothing decided" if claims else "no claims", unit="share")
    value, low, high = wilson_of_one(yes, yes + no)
    return Figure(value, low, high, yes + no, unit="share")


def checked(document: Document, found: Evidence) -> list[CheckedClaim]:
    """The verdict of each claim of a document, in reading order."""
    items = list(stated(document, found.vocabulary))
    found.asking.expect([item.claim for item in items if item.claim])
    return [_one(item, found) for item in items]


def _one(item: Stated, found: Evidence) -> CheckedClaim:
    place = (item.thing, item.collection, item.stage, item.lane)
    if item.claim is None:
        return CheckedClaim(*place, item.text, None, item.fault)
    try:
        answer, journeys = _ask(item.claim, found)
    except Fault as fault:
        return CheckedClaim(*place, str(item.claim), None, fault)
    moment = day_of(answer.newest)
    age = (found.as_of - moment).total_seconds() / 86_400 if moment else None
    judged = Judged(
        item.claim, judge(item.claim, answer.figure, age), answer.figure, answer.recipe,
        {"filters": {name: list(values) for name, values in item.claim.population}, "journeys": journeys}, moment, answer.caveats,
    )  # fmt: skip
    return CheckedClaim(*place, _own(item), judged, said=said(item.claim, found), label=_labels(found), behind=answer.behind)


def _ask(claim: Claim, found: Evidence) -> tuple[Found, int | None]:
    if claim.measure == "mention" and claim.of == "interviews":
        figure, quotes = mentioned(claim, found.interviews)
        days = [interview.held_on for interview in found.interviews if interview.held_on]
        newest = float((max(days) - dt.date(1970, 1, 1)).days) if days else None
        rows = [{"ref": quote.ref, "quote": quote.passage.quote, "speaker": quote.passage.speaker, "stage": quote.passage.stage} for quote in quotes]
        if figure.n == 0 and figure.value is None:
            return nothing(MENTION, _unasked(found)), None
        return Found(figure, MENTION, newest, behind=lambda limit: rows[:limit]), None
    answer, chosen = found.asking.ask(claim)
    return answer, chosen.size


def _unasked(found: Evidence) -> str:
    """Why no interview counts."""
    if not found.interviews:
        return both("There are no interviews yet: `etappe interview import FILE …`.", "Es gibt noch keine Interviews: `etappe interview import DATEI …`.")
    return both(
        "None of the interviews ({n}) is of this persona or segment: say whose they are (`etappe interview import --persona …`, or on the page).",
        "Keines der Interviews ({n}) ist von dieser Persona oder diesem Segment: Sagen Sie, von wem sie sind (`etappe interview import --persona …`, oder auf der Seite).",
        n=len(found.interviews),
    )


def _own(item: Stated) -> str:
    """The claim as the card states it, in normal form, without the population that the map brings."""
    from etappe.words.claim_language import parse

    try:
        return str(parse(item.text))
    except (ClaimFault, Faults):
        return item.text


def said(claim: Claim, found: Evidence) -> dict[str, str]:
    """The claim as a sentence in both languages, with the names that the screen uses."""
    label = _labels(found)
    return {language: sentence(claim, language, lambda id, language=language: label(id, language) or id) for language in ("de", "en")}  # type: ignore[misc]


def _labels(found: Evidence) -> Callable[[str, str], str | None]:
    """What the screen calls a stage or touchpoint in a language; None for anything else."""
    stages, touchpoints = found.vocabulary.stages, found.vocabulary.touchpoints

    def label(id: str, language: str) -> str | None:
        others = [*(touchpoints.get(id) or ()), *(stages.get(id) or ())]
        return others[min(0 if language == "de" else 1, len(others) - 1)] if others else None

    return label
