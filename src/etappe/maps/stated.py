"""What a document claims, ready for the evidence: each claim with its card, and with the population that the map brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from etappe.errors import ClaimFault, Faults
from etappe.maps.document import Document
from etappe.maps.map import Map
from etappe.maps.persona import Persona
from etappe.words.claim import Claim, Population
from etappe.words.claim_language import parse
from etappe.words.claim_names import Vocabulary, settle


@dataclass(frozen=True, slots=True)
class Stated:
    """One claim of a document, or why it cannot be read.

    `thing` is the id of the card, stage, criterion or trait; `text` the claim as written; `claim` has ids for names and
    the population of map and claim together.
    """

    collection: str
    thing: str
    stage: str
    lane: str
    text: str
    claim: Claim | None
    fault: ClaimFault | Faults | None = None


def stated(document: Document, vocabulary: Vocabulary | None = None) -> list[Stated]:
    """All claims of a document, in reading order.

    Where a claim does not name its own `kind` or `persona`, those of the map count (of a persona: the persona itself). A
    map of several kinds of journey asks about any of them; a map without a persona about everybody.
    """
    own = _population(document)
    found = []
    for collection, thing, text in _texts(document):
        place = (collection, thing.id, str(getattr(thing, "stage", "") or (thing.id if collection == "stages" else "")), str(getattr(thing, "lane", "")), text)
        try:
            claim = parse(text)
            claim = settle(claim, vocabulary) if vocabulary is not None else claim
            said = dict(claim.population)
            found.append(Stated(*place, replace(claim, population=tuple({**dict(own), **said}.items()))))
        except (ClaimFault, Faults) as fault:
            found.append(Stated(*place, None, fault))
    return found


def _population(document: Document) -> Population:
    if isinstance(document, Map):
        pairs = (("kind", document.journey), ("persona", document.personas), ("segment", document.segments))
        return tuple((name, values) for name, values in pairs if values)
    return (("persona", (document.id,)),) if isinstance(document, Persona) else ()


def _texts(document: Document) -> Iterator[tuple[str, Any, str]]:
    for collection in document.COLLECTIONS:
        for thing in document.sorted(collection):
            for name in ("claim", "milestone_claim"):
                text = str(getattr(thing, name, "") or "")
                if text:
                    yield collection, thing, text
