"""Blind spots: what is frequent in the evidence and on no card, with the card that would name it.

Frequent is a touchpoint, wait or role in at least a tenth of the journeys of its stage (the lower end of the interval
counts), a search term with at least a fiftieth of all showings, a topic that at least two interviews and a fifth of them
mention.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from etappe.analyses.measures.frequent import Frequent, roles, searched, touchpoints, waits
from etappe.maps.document import slug
from etappe.maps.insights import MENTION, insights
from etappe.maps.insights import wilson as wilson_of
from etappe.maps.map import Map
from etappe.maps.spoken import Spoken
from etappe.words.result import Figure, plain
from etappe.workspace.asking import Evidence

LEAST: Final = {"touchpoint": 0.1, "wait": 0.1, "role": 0.1, "search": 0.02}
LEAST_JOURNEYS: Final = 10
REST: Final = frozenset({"other", "other page", "other form", "web event", "process step"})
"""Touchpoints of whatever fits no rule: frequent, and no help to a reader."""

LANES: Final = {"touchpoint": "touchpoints", "wait": "pain_points", "role": "buying_center", "search": "questions", "quote": "quotes"}


@dataclass(frozen=True, eq=False)
class BlindSpot:
    """Something frequent that no card speaks of.

    Attributes
    ----------
    id : str
        Its name for `etappe map add-blind-spot`; the same as long as it is the same thing.
    kind : str
        touchpoint, wait, role, search or quote.
    what : str
        The touchpoint, role, term or topic; `label` is what the screen calls it, `card` what a card would say.
    coverage, journeys : Figure, int
        The share it is in, and how many journeys (interviews, for a quote) that are.
    since : date, optional
        The day it was first seen, where the map had been checked before without it.
    behind : function, optional
        The journeys that were counted, at most so many, each with whether it was `found` in it.
    """

    id: str
    map: str
    kind: str
    stage: str
    what: str
    label: dict[str, str]
    card: dict[str, str]
    coverage: Figure
    journeys: int
    recipe: str
    quotes: tuple[dict[str, Any], ...] = ()
    since: dt.date | None = None
    behind: Callable[[int], list[dict[str, Any]]] | None = None

    def to_dict(self) -> dict[str, Any]:
        """One entry of `blind_spots` of `check --json`."""
        return {
            "id": self.id, "kind": self.kind, "stage": self.stage, "touchpoint": self.what if self.kind == "touchpoint" else None, "what": self.what,
            "label": self.label, "card": self.card, "coverage": self.coverage.to_dict(), "journeys": self.journeys, "recipe": self.recipe,
            "quotes": plain(self.quotes), "since": plain(self.since), "add": f"etappe map add-blind-spot {self.map} {self.id}",
        }  # fmt: skip


def blind_spots(document: Map, spoken: Spoken, known: Collection[tuple[str, str]], population: Any, found: Evidence) -> list[BlindSpot]:
    """The blind spots of a map, those of the stages in their order, the most frequent of each kind first."""
    stages = [stage.id for stage in document.sorted("stages")]
    observed = found.asking.observed
    spots = [
        _spot(document, item, found.touchpoint(item.what), found.touchpoint(item.what))
        for item in touchpoints(observed, population, stages, found.silent | REST, LEAST["touchpoint"])
        if (item.stage, item.what) not in known and _frequent(item)
    ]
    wait = {"de": "Liegt lange auf Eis", "en": "Lies on ice for long"}
    spots += [_spot(document, item, {"de": "Pause", "en": "Pause"}, wait) for item in waits(observed, population, stages) if _frequent(item) and not spoken.wait(item.stage)]
    spots += _roles(document, spoken, population, found, stages)
    spots += [_spot(document, item, {"de": item.what, "en": item.what}, {"de": f"Sucht nach „{item.what}“", "en": f"Searches for “{item.what}”"}) for item in searched(observed) if _frequent(item) and not spoken.term(item.what)]
    return spots + _quotes(document, spoken, found)


def _frequent(item: Frequent) -> bool:
    enough = item.kind == "search" or item.journeys >= LEAST_JOURNEYS
    least = item.figure.low if item.figure.low is not None else item.figure.value
    return enough and least is not None and least >= LEAST[item.kind]


def _roles(document: Map, spoken: Spoken, population: Any, found: Evidence, stages: list[str]) -> list[BlindSpot]:
    """Roles that the map never speaks of, where they come in most."""
    best: dict[str, Frequent] = {}
    for item in roles(found.asking.observed, population, stages):
        if item.what not in best or (item.figure.value or 0) > (best[item.what].figure.value or 0):
            best[item.what] = item
    spots = []
    for item in best.values():
        label = found.role(item.what)
        if _frequent(item) and not spoken.role(item.what, tuple(label.values())):
            spots.append(_spot(document, item, label, {"de": f"{label['de']} kommt dazu", "en": f"{label['en']} comes in"}))
    return spots


def _quotes(document: Map, spoken: Spoken, found: Evidence) -> list[BlindSpot]:
    """Topics of interviews that the map never speaks of, where most of their passages are."""
    mine = [item for item in found.interviews if not document.personas or not item.personas or set(item.personas) & set(document.personas)]
    spots = []
    for insight in insights(mine):
        refs = [quote.ref for quote in insight.said]
        if insight.k < 2 or insight.k < insight.n / 5 or spoken.topic(insight.what, refs):
            continue
        places = [quote.passage.stage for quote in insight.said if quote.passage.stage in document.stages]
        stage = max(set(places), key=places.count) if places else ""
        share = Figure(insight.k / insight.n, *wilson_of(insight.k, insight.n), insight.n, unit="share")
        quotes = tuple({"ref": quote.ref, "quote": quote.passage.quote, "speaker": quote.passage.speaker} for quote in insight.said[:5])
        said = dict.fromkeys(("de", "en"), insight.what)
        spots.append(BlindSpot(f"quote.{slug(insight.what)}", document.id, "quote", stage, insight.what, said, said, share, insight.k, MENTION.name, quotes))
    return spots


def _spot(document: Map, item: Frequent, label: dict[str, str], card: dict[str, str]) -> BlindSpot:
    id = ".".join(part for part in (item.kind, item.stage, slug(item.what)) if part)
    return BlindSpot(id, document.id, item.kind, item.stage, item.what, label, card, item.figure, item.journeys, item.recipe.name, behind=item.behind)
