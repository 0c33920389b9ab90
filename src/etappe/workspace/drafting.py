"""A map drafted from the evidence: touchpoints, waits, content, figures, scores of surveys, buying center and feelings, marked as data.

A draft may be run again at any time. It knows its own cards by their ids (`data-…`) and by the log: one that a human has
changed, moved or removed is the human's from then on, and is left as it is. Cards of humans are never touched, and what
they speak of already is not said twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from etappe.analyses import satisfaction
from etappe.analyses.measures.cases import Cases, cases_of
from etappe.analyses.measures.feeling import feeling_at
from etappe.analyses.measures.found import OPEN
from etappe.analyses.measures.frequent import Frequent, roles, touchpoints, waits
from etappe.analyses.measures.pieces import pieces
from etappe.analyses.measures.staying import CONVERSION, DWELL, conversion, median_stay
from etappe.maps.changes import Add, Change, Feel, Remove, Set, Several
from etappe.maps.document import slug
from etappe.maps.edits import Edit
from etappe.maps.lane_kinds import lane_kinds
from etappe.maps.map import Card, Map
from etappe.maps.order import between
from etappe.maps.spoken import Spoken
from etappe.words.claim import Claim
from etappe.words.result import Figure, Recipe
from etappe.workspace.asking import Evidence
from etappe.workspace.blind_spots import LEAST, LEAST_JOURNEYS, REST
from etappe.workspace.check import population_of
from etappe.workspace.draft_scores import scores

NOTE: Final = "drafted from the evidence"
PREFIX: Final = "data-"
MOST_TOUCHPOINTS: Final = 8
_LEAST_CONTENT: Final = 0.05


@dataclass(eq=False)
class _Wanted:
    """A card as the evidence would have it."""

    id: str
    stage: str
    lane: str
    texts: dict[str, str]
    figure: Figure
    recipe: Recipe
    fields: dict[str, str] = field(default_factory=dict)


def draft(document: Map, edits: list[Edit], found: Evidence) -> Several:
    """The change that brings the drafted part of a map up to the evidence; it has no parts where nothing is new."""
    by_humans = {address[1] for edit in edits if edit.note != NOTE and edit.revision > 1 and not edit.undoes for address in edit.change.touches() if len(address) > 1 and address[0] == "cards"}
    by_humans |= {card.id for card in document.cards.values() if card.provenance != "data"}
    own = {id for id in document.cards if id.startswith(PREFIX) and id not in by_humans}
    spoken = Spoken(document, found.vocabulary, frozenset(own))
    population = found.asking.populations.of(tuple(population_of(document).items())).flags
    wanted = [item for item in (*_cards(document, spoken, population, found), *_scores(document, found)) if item.id not in by_humans]
    changes: list[Change] = []
    lanes = _lanes(document, wanted, changes)
    kept = {item.id for item in wanted}
    changes += [Remove(collection="cards", id=id) for id in sorted(own - kept)]
    changes += _added(document, wanted, lanes, found)
    changes += list(_times(document, population, found))
    changes += list(_feelings(document, found))
    real = [change for change in changes if change.on(document) != document]
    cards = sum(isinstance(change, Add) and change.collection == "cards" for change in real)
    return Several(changes=tuple(real), summary=f"{NOTE}: {cards} cards")


def _cards(document: Map, spoken: Spoken, population: Any, found: Evidence) -> Iterator[_Wanted]:
    stages = [stage.id for stage in document.sorted("stages")]
    observed = found.asking.observed
    names = {name: found.vocabulary.touchpoints.get(name, ()) for name in observed.touches.names}
    known = spoken.touchpoints(names, stages)
    many: dict[str, int] = {}
    for item in touchpoints(observed, population, stages, found.silent | REST, LEAST["touchpoint"]):
        if _enough(item, "touchpoint") and (item.stage, item.what) not in known and many.get(item.stage, 0) < MOST_TOUCHPOINTS:
            many[item.stage] = many.get(item.stage, 0) + 1
            yield _card(item, "touchpoints", found.touchpoint(item.what), {"touchpoint": item.what})
    for item in waits(observed, population, stages):
        if _enough(item, "wait") and not spoken.wait(item.stage):
            yield _card(item, "pain_points", {"de": "Liegt lange auf Eis", "en": "Lies on ice for long"}, {})
    for item in roles(observed, population, stages):
        if _enough(item, "role") and not any(card.role == item.what and item.stage in spoken.spans(card) for card in spoken.cards):
            label = found.role(item.what)
            yield _card(item, "buying_center", {"de": f"{label['de']} kommt dazu", "en": f"{label['en']} comes in"}, {"role": item.what})
    for piece in pieces(observed, population, stages):
        if piece.figure.low is not None and piece.figure.low >= _LEAST_CONTENT and piece.title.casefold() not in spoken.text.get(piece.stage, ""):
            texts = dict.fromkeys(("de", "en"), piece.title)
            url = {"url": piece.content} if piece.content.startswith("/") else {}
            yield _Wanted(_id("content", piece.stage, piece.content), piece.stage, "content", texts, piece.figure, Recipe("content", 1, ""), url)
    for place, stage in enumerate(stages):
        answer = conversion(Claim("conversion", (stage,)), population, observed)
        if answer.figure is not None and answer.figure.value is not None:
            last = place == len(stages) - 1
            texts = {"de": "Kaufen" if last else "Kommen in eine spätere Phase", "en": "Buy" if last else "Go on to a later stage"}
            yield _Wanted(_id("figure", stage, "conversion"), stage, "figures", texts, answer.figure, CONVERSION)


def _scores(document: Map, found: Evidence) -> Iterator[_Wanted]:
    for item in scores(document, found):
        yield _Wanted(_id("figure", item.stage, item.instrument), item.stage, "figures", dict.fromkeys(("de", "en"), item.text), item.figure, satisfaction.RECIPE)


def _enough(item: Frequent, kind: str) -> bool:
    return item.journeys >= LEAST_JOURNEYS and item.figure.low is not None and item.figure.low >= LEAST[kind]


def _card(item: Frequent, lane: str, texts: dict[str, str], fields: dict[str, str]) -> _Wanted:
    return _Wanted(_id(item.kind, item.stage, item.what), item.stage, lane, texts, item.figure, item.recipe, fields)


def _id(kind: str, stage: str, what: str) -> str:
    return f"{PREFIX}{kind}-{slug(stage)}-{slug(what)}"[:110]


def lane_of(document: Map, kind: str) -> str | None:
    """The first lane of a kind; None where the map has none."""
    return next((lane.id for lane in document.sorted("lanes") if lane.kind == kind), None)


def new_lane(document: Map, kind: str) -> Add:
    """A lane of a kind at the end, titled in the map's languages."""
    titles = lane_kinds()[kind].title
    last = max((lane.order for lane in document.lanes.values()), default=None)
    id = kind if kind not in document.lanes else f"{kind}-data"
    others = {language: {"title": titles[language]} for language in document.languages if language != document.language and language in titles}
    return Add(collection="lanes", thing={"id": id, "kind": kind, "order": between(last, None), "title": titles.get(document.language, titles["en"]), **({"translations": others} if others else {})})


def _lanes(document: Map, wanted: list[_Wanted], changes: list[Change]) -> dict[str, str]:
    """The lane of each kind that is needed; those that are missing are made, in the order in which maps show them."""
    lanes: dict[str, str] = {}
    after: Map = document
    for kind in (kind for kind in lane_kinds() if kind in {item.lane for item in wanted}):
        there = lane_of(after, kind)
        if there is None:
            made = new_lane(after, kind)
            changes.append(made)
            after = made.on(after)
            there = str(made.thing["id"])
        lanes[kind] = there
    return lanes


def _added(document: Map, wanted: list[_Wanted], lanes: dict[str, str], found: Evidence) -> Iterator[Change]:
    last: dict[tuple[str, str], str | None] = {}
    for card in document.sorted("cards"):
        last[card.stage, card.lane] = max(last.get((card.stage, card.lane)) or "", card.order) or None
    for item in wanted:
        there: Card | None = document.cards.get(item.id)
        place = (item.stage, lanes[item.lane])
        order = there.order if there else between(last.get(place), None)
        last[place] = max(last.get(place) or "", order)
        yield Add(collection="cards", thing=card_of(document, item.id, *place, order, item.texts, item.figure, item.recipe.name, found, item.fields))


def card_of(
    document: Map, id: str, stage: str, lane: str, order: str, texts: dict[str, str], figure: Figure, recipe: str, found: Evidence, fields: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """A card of the evidence as plain data, in the map's languages, with its figure."""
    others = {language: {"text": texts[language]} for language in document.languages if language != document.language and language in texts}
    given = {
        "id": id, "stage": stage, "lane": lane, "order": order, "text": texts.get(document.language, texts["en"]), "provenance": "data",
        "figure": measured(figure, recipe, found), **fields, **({"translations": others} if others else {}),
    }  # fmt: skip
    return Card.model_validate(given).plain()


def measured(figure: Figure, recipe: str, found: Evidence) -> dict[str, Any]:
    """A figure as a document keeps it: with its recipe and the day of knowledge, rounded so that a diff can be read."""
    rounded = {name: float(f"{value:.4g}") for name in ("value", "low", "high") if (value := getattr(figure, name)) is not None}
    rest = {"unit": figure.unit, "why": figure.why, "recipe": recipe, "as_of": found.as_of.date().isoformat()}
    return {**rounded, "n": figure.n, **{name: value for name, value in rest.items() if value}}


def _times(document: Map, population: Any, found: Evidence) -> Iterator[Change]:
    """The measured time line: the median of each stage, and of the whole way of those that ended."""
    for stage in document.sorted("stages"):
        cases = cases_of(found.asking.observed, stage.id, population)
        if len(cases):
            yield Set(collection="stages", id=stage.id, path=("measured",), value=measured(_median(cases), DWELL.name, found))
    whole = cases_of(found.asking.observed, None, population)
    if len(whole):
        yield Set(path=("measured",), value=measured(_median(whole), DWELL.name, found))


def _median(cases: Cases) -> Figure:
    return median_stay(np.maximum(cases.until - cases.entered, 0.0), cases.cause != OPEN)


def _feelings(document: Map, found: Evidence) -> Iterator[Change]:
    """The measured curve: one point a stage and persona; what cannot be measured any more becomes a gap."""
    for persona in document.personas or ("",):
        limits = {**population_of(document), **({"persona": (persona,)} if persona else {})}
        asked = Claim("feeling", ("",), population=tuple(limits.items()))
        given, quotes = found.asking.said_by(asked, found.asking.populations.of(asked.population))
        for stage in document.sorted("stages"):
            figure = feeling_at(stage.id, None, given, quotes, is_stage=True).figure
            if figure is None or figure.value is None:
                yield Feel(stage=stage.id, persona=persona, how="measured")
                continue
            beside = {name: value for name, value in measured(figure, "", found).items() if name in ("low", "high", "n", "as_of")}
            value = min(2.0, max(-2.0, float(f"{figure.value:.3g}")))
            yield Feel(stage=stage.id, persona=persona, how="measured", value=value, beside={**beside, "source": "feeling"})
