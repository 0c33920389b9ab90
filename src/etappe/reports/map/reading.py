"""A map as it is shown: columns, lanes, cards with their verdicts, in one language; no sizes and no drawing yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from etappe.errors import ClaimFault, Faults
from etappe.maps.document import Measured
from etappe.maps.lane_kinds import lane_kinds
from etappe.maps.map import US, Card, Map
from etappe.reports.drawing.clean import tidy
from etappe.reports.formats import moment
from etappe.reports.map.figures import claimed, told
from etappe.reports.texts import Words
from etappe.reports.theme import SERIES, Language
from etappe.reports.vocabulary import Names
from etappe.words.claim import Claim, Verdict
from etappe.words.claim_language import parse
from etappe.words.claim_sentence import VERDICTS, sentence

View = Literal["design", "evidence"]
GHOSTS: Final = 3
"""So many blind spots are drawn in a stage; all of them stand in the appendix."""

VERDICT_SHAPES: Final = {
    "confirmed": "check", "contradicted": "cross", "undecided": "waves", "too_few": "dots", "no_data": "ring", "out_of_date": "clock",
}  # fmt: skip
VERDICT_COLOURS: Final = {"confirmed": "accent", "contradicted": "contradicted", "undecided": "undecided"}
ORDER: Final = tuple(VERDICT_SHAPES)


@dataclass(frozen=True, slots=True)
class Who:
    """A persona of the map, with the letter and the series (colour, dash, marker) that stand for it."""

    id: str
    title: str
    letter: str
    series: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a stage, or a step of one."""

    stage: int
    title: str
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage over its columns `first` to `last`."""

    id: str
    title: str
    first: int
    last: int
    milestone: str
    milestone_verdict: str
    planned: float | None
    measured: Measured | None


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with its verdict: as a sentence, in short, with its figure; `raw` is what `check` said of it."""

    card: str
    stage: str
    text: str
    verdict: str
    sentence: str
    short: str
    told: str
    unit: str
    raw: Mapping[str, Any]

    @property
    def figure(self) -> Mapping[str, Any] | None:
        """The figure as `check --json` gives it."""
        found = self.raw.get("figure")
        return found if isinstance(found, Mapping) else None


@dataclass(frozen=True, slots=True)
class CardView:
    """A card over its columns `first` to `last`; `ghost` is a blind spot that is on no card."""

    id: str
    text: str
    detail: str
    quote: str
    verdict: str
    short: str
    told: str
    foot: tuple[str, ...]
    provenance: str
    sources: int
    who: tuple[Who, ...]
    star: bool
    first: int
    last: int
    ghost: bool = False


@dataclass(frozen=True, slots=True)
class LaneView:
    """A lane with its cards in reading order; `curve` says that the feelings are drawn in it."""

    id: str
    kind: str
    title: str
    asks: str
    cards: tuple[CardView, ...]
    curve: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """One point of the curve over the columns `first` to `last`."""

    first: int
    last: int
    value: float
    low: float | None
    high: float | None
    n: int | None
    stage: str


@dataclass(frozen=True, slots=True)
class Line:
    """One persona's points that are known in one way: hand, measured or target."""

    who: Who | None
    how: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The decision matrix: criteria with weight and each vendor's standing, 0 to 5."""

    vendors: tuple[str, ...]
    rows: tuple[tuple[str, float | None, tuple[float | None, ...]], ...]
    totals: tuple[float | None, ...]
    ours: int | None


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """What is frequent in the evidence and on no card."""

    stage: str
    stage_title: str
    title: str
    told: str
    journeys: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole map as it is shown."""

    id: str
    revision: int
    language: Language
    view: View
    title: str
    subtitle: str
    scenario: str
    expectation: str
    owner: str
    review_by: dt.date | None
    state: str
    kinds: tuple[str, ...]
    who: tuple[Who, ...]
    columns: tuple[Column, ...]
    stages: tuple[StageView, ...]
    lanes: tuple[LaneView, ...]
    lines: tuple[Line, ...]
    planned: float | None
    measured: Measured | None
    matrix: Matrix | None
    claims: tuple[ClaimView, ...]
    spots: tuple[BlindSpot, ...]
    homeless: tuple[CardView, ...]
    checked: bool
    as_of: dt.datetime | None
    agreement: Mapping[str, Any] | None

    def counts(self) -> dict[str, int]:
        """How many claims have each verdict, in the order they are shown."""
        found = {verdict: sum(claim.verdict == verdict for claim in self.claims) for verdict in ORDER}
        return {verdict: number for verdict, number in found.items() if number}


def verdict_word(verdict: str, language: Language) -> str:
    """`bestätigt`, `contradicted`."""
    pair = VERDICTS.get(Verdict(verdict)) if verdict in set(Verdict) else None
    return pair[1 if language == "de" else 2] if pair else verdict


def read_map(
    document: Map, check: Mapping[str, Any] | None = None, *, language: Language = "de", view: View = "evidence", revision: int = 0,
    personas: Mapping[str, str] | None = None, names: Names | None = None,
) -> Shown:  # fmt: skip
    """The map for a reader.

    Parameters
    ----------
    check : mapping, optional
        What `check --json` says of the map: claims with verdict and figure, blind spots, agreement, as_of.
    personas : mapping, optional
        Titles of the personas by id.
    names : mapping, optional
        What the workspace calls its touchpoints, channels and stages.
    """
    return _Reader(document, check or {}, language, view, personas or {}, Words(language, names)).shown(revision, check is not None)


class _Reader:
    """Reads one map; holds what all its parts need."""

    def __init__(self, document: Map, check: Mapping[str, Any], language: Language, view: View, personas: Mapping[str, str], words: Words) -> None:
        self.map, self.check, self.language, self.words = document, check, language, words
        self.view: View = view
        self.who = tuple(Who(id, tidy(personas.get(id, id)), "ABCDEFGH"[place % 8], place % len(SERIES)) for place, id in enumerate(document.personas))
        self.of = {one.id: one for one in self.who}
        self.columns: list[Column] = []
        self.stage_span: dict[str, tuple[int, int]] = {}
        self.step_at: dict[str, int] = {}
        self._place()
        self.claims = self._claims()

    def _place(self) -> None:
        for number, stage in enumerate(self.map.sorted("stages")):
            steps = [step for step in self.map.sorted("steps") if step.stage == stage.id] if self.map.columns != "stage" else []
            first = len(self.columns)
            for place, step in enumerate(steps):
                self.step_at[step.id] = first + place
                title = self.say(step, "title") or self.term("touchpoint", step.touchpoint) or step.id
                self.columns.append(Column(number, title, place == 0, place == len(steps) - 1))
            if not steps:
                self.columns.append(Column(number, "", True, True))
            self.stage_span[stage.id] = (first, len(self.columns) - 1)

    def say(self, thing: Any, field: str) -> str:
        """A text of the map in the language asked for."""
        return tidy(thing.say(field, None if self.language == self.map.language else self.language))

    def term(self, kind: str, word: str) -> str:
        return self.words.term(kind, word) if word else ""

    def stage_title(self, id: str) -> str:
        """What the map itself calls a stage, else what the lists call it."""
        stage = self.map.stages.get(id)
        return (self.say(stage, "title") if stage else "") or self.words.any_term(id)

    def shown(self, revision: int, checked: bool) -> Shown:
        document, words = self.map, self.words
        kinds = tuple(words.term("kind", kind) for kind in document.journey)
        facts = [*kinds, " + ".join(one.title for one in self.who) or words("everybody")]
        facts += [words("to_be")] if document.state == "to_be" else []
        at = moment(self.check.get("as_of"))
        lanes = self._lanes()
        agreement = self.check.get("agreement")
        return Shown(
            document.id, revision, self.language, self.view, self.say(document, "title") or document.id, " · ".join(facts),
            self.say(document, "scenario"), self.say(document, "expectation"), document.owner, document.review_by, document.state, kinds,
            self.who, tuple(self.columns), self._stages(), lanes, self._lines(), document.planned_total(), document.measured, self._matrix(),
            tuple(self.claims.values()), self._spots(), self._homeless(), checked, at, agreement if isinstance(agreement, Mapping) else None,
        )  # fmt: skip

    # -- claims ---------------------------------------------------------------------------------------------------------

    def _claims(self) -> dict[tuple[str, str], ClaimView]:
        found = {}
        for item in self.check.get("claims") or ():
            view = self._claim(item)
            found[view.card, view.text] = view
        return found

    def _claim(self, item: Mapping[str, Any]) -> ClaimView:
        text = str(item.get("claim") or "")
        claim = _parsed(str(item.get("asked") or text))
        figure = item.get("figure")
        unit = claim.unit if claim else str((figure or {}).get("unit") or "")
        said = sentence(claim, self.language, lambda word: self.stage_title(word) if word in self.map.stages else self.words.any_term(word)) if claim else text
        verdict = str(item.get("verdict") or "no_data")
        return ClaimView(
            str(item.get("card") or item.get("thing") or ""), str(item.get("stage") or ""), text, verdict, tidy(said), claimed(claim, self.words) if claim else "",
            told(figure if isinstance(figure, Mapping) else None, unit, self.words), unit, item,
        )  # fmt: skip

    def _claim_of(self, thing: str, text: str) -> ClaimView | None:
        """The verdict on a thing's claim; `check` may write the claim in its own way, then the thing alone counts."""
        if not text:
            return None
        exact = self.claims.get((thing, text))
        return exact or next((view for (card, _), view in self.claims.items() if card == thing), None)

    # -- stages ---------------------------------------------------------------------------------------------------------

    def _stages(self) -> tuple[StageView, ...]:
        made = []
        for stage in self.map.sorted("stages"):
            first, last = self.stage_span[stage.id]
            claim = self._claim_of(stage.id, stage.milestone_claim)
            steps = [step.planned_days for step in self.map.steps.values() if step.stage == stage.id and step.planned_days is not None]
            planned = stage.planned_days if stage.planned_days is not None else sum(steps) if steps else None
            made.append(StageView(
                stage.id, self.say(stage, "title") or stage.id, first, last, self.say(stage, "milestone"), claim.verdict if claim else "",
                planned, stage.measured,
            ))  # fmt: skip
        return tuple(made)

    # -- lanes and cards --------------------------------------------------------------------------------------------------

    def _span(self, stage: str, step: str, until: str = "") -> tuple[int, int] | None:
        if step in self.step_at:
            span = (self.step_at[step], self.step_at[step])
        elif stage in self.stage_span:
            span = self.stage_span[stage]
        else:
            return None
        end = self.step_at.get(until, self.stage_span.get(until, span)[1])
        return span[0], max(span[1], end)

    def _lanes(self) -> tuple[LaneView, ...]:
        ghosts = self._ghosts() if self.view == "evidence" else []
        lanes = [lane for lane in self.map.sorted("lanes") if not lane.hidden]
        place = next((lane.id for lane in lanes if lane.kind == "touchpoints"), "")
        made = []
        for lane in lanes:
            kind = lane_kinds()[lane.kind]
            title = self.say(lane, "title") or kind.title[self.language]
            cards = [view for card in self.map.sorted("cards") if card.lane == lane.id and (view := self._card(card)) is not None]
            cards += ghosts if lane.id == place else []
            made.append(LaneView(lane.id, lane.kind, title, self.say(lane, "asks") or kind.asks[self.language], tuple(cards), lane.kind == "feelings"))
        if self.map.feelings and not any(lane.curve for lane in made):
            kind = lane_kinds()["feelings"]
            made.insert(min(1, len(made)), LaneView("", "feelings", kind.title[self.language], "", (), True))
        if ghosts and not place:
            made.append(LaneView("", "blind", self.words("blind_spots"), "", tuple(ghosts)))
        return tuple(made)

    def _card(self, card: Card) -> CardView | None:
        span = self._span(card.stage, card.step, card.until)
        return self._view(card, *span) if span is not None else None

    def _view(self, card: Card, first: int, last: int) -> CardView:
        claim = self._claim_of(card.id, card.claim)
        quoted = next((link for link in card.evidence.values() if link.quote), None)
        touch = self.term("touchpoint", card.touchpoint)
        text = self.say(card, "text") or touch
        foot = [touch if touch.casefold() != text.casefold() else "", self.term("channel", card.channel), self.term("role", card.role) if card.role else ""]
        foot += [self.words("effort_n", effort=card.effort)] if card.effort else []
        foot += [self.words("effect_n", effect=card.effect)] if card.effect else []
        foot += [self.words(f"state_{card.state}")] if card.state else []
        verdict = claim.verdict if claim else "no_data" if card.claim and self.check else ""
        short, figure = (claim.short, claim.told) if claim else ("", "")
        if claim is None and card.figure is not None:  # quoted by the card itself, as drafted ones do
            figure = told(card.figure.plain(), card.figure.unit, self.words)
        return CardView(
            card.id, text, self.say(card, "detail"), tidy(quoted.quote) if quoted else "", verdict, short, figure, tuple(dict.fromkeys(part for part in foot if part)),
            card.provenance, len(card.evidence), tuple(self.of[id] for id in card.personas if id in self.of) if len(self.who) > 1 else (),
            card.moment_of_truth, first, last,
        )  # fmt: skip

    def _homeless(self) -> tuple[CardView, ...]:
        """Cards whose stage or lane is gone: listed in the appendix, so that nothing is lost."""
        return tuple(
            self._view(card, -1, -1)
            for card in self.map.sorted("cards")
            if self._span(card.stage, card.step) is None or card.lane not in self.map.lanes
        )

    # -- blind spots ------------------------------------------------------------------------------------------------------

    def _spots(self) -> tuple[BlindSpot, ...]:
        made = []
        for item in self.check.get("blind_spots") or ():
            touch = str(item.get("touchpoint") or item.get("what") or "")
            figure = item.get("coverage") or item.get("figure")
            unit = str((figure or {}).get("unit") or ("share" if item.get("coverage") is not None else ""))
            stage = str(item.get("stage") or "")
            made.append(BlindSpot(stage, self.stage_title(stage) if stage else "", self.words.any_term(touch), told(figure, unit, self.words), int(item.get("journeys") or 0), str(item.get("kind") or "")))
        return tuple(made)

    def _ghosts(self) -> list[CardView]:
        count: dict[str, int] = {}
        ghosts = []
        for spot in self._spots():
            span = self._span(spot.stage, "")
            count[spot.stage] = count.get(spot.stage, 0) + 1
            if span is not None and count[spot.stage] <= GHOSTS:
                ghosts.append(CardView("", spot.title, "", "", "", "", spot.told, (), "", 0, (), False, span[0], span[0], ghost=True))
        return ghosts

    # -- feelings and matrix ------------------------------------------------------------------------------------------------

    def _lines(self) -> tuple[Line, ...]:
        found: dict[tuple[str, str], list[Spot]] = {}
        for point in self.map.sorted("feelings"):
            span = self._span(point.stage, point.step)
            if span is not None:
                stage = self.stage_title(point.stage)
                found.setdefault((point.persona, point.how), []).append(Spot(*span, point.value, point.low, point.high, point.n, stage))
        order = {one.id: place for place, one in enumerate(self.who)}
        ways = ("target", "hand", "measured")
        keys = sorted(found, key=lambda key: (ways.index(key[1]), order.get(key[0], -1)))
        return tuple(Line(self.of.get(who), how, tuple(sorted(found[who, how], key=lambda spot: (spot.first, spot.last)))) for who, how in keys)

    def _matrix(self) -> Matrix | None:
        criteria = self.map.sorted("criteria")
        if not criteria:
            return None
        vendors = self.map.sorted("competitors")
        rows = tuple((self.say(item, "text"), item.weight, tuple(item.standing.get(vendor.id) for vendor in vendors)) for item in criteria)
        totals = tuple(_weighted(rows, place) for place in range(len(vendors)))
        ours = next((place for place, vendor in enumerate(vendors) if vendor.id == US), None)
        names = tuple(self.say(vendor, "title") or (self.words("us") if vendor.id == US else vendor.id) for vendor in vendors)
        return Matrix(names, rows, totals, ours)


def _weighted(rows: tuple[tuple[str, float | None, tuple[float | None, ...]], ...], place: int) -> float | None:
    """The mean standing of a vendor by weight; None unless it is known for every criterion that has a weight."""
    pairs = [(weight if weight is not None else 1.0, standing[place]) for _, weight, standing in rows]
    total = sum(weight for weight, _ in pairs)
    if not total or any(value is None for weight, value in pairs if weight):
        return None
    return sum(weight * (value or 0.0) for weight, value in pairs) / total


def _parsed(text: str) -> Claim | None:
    try:
        return parse(text) if text else None
    except (ClaimFault, Faults):
        return None
