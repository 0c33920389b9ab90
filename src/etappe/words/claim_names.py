"""Do the names of a claim exist? Settles what a reader wrote (`Preisseite`, `pricing page`) on the ids of the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from etappe.errors import ClaimFault, Fault, Faults
from etappe.words.claim import MEASURES, Claim
from etappe.words.claim_language import nearest
from etappe.words.said import said as both

Names = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Vocabulary:
    """What there is: ids of stages, touchpoints and (once interviews are coded) topics, each with its other names."""

    stages: Names = field(default_factory=dict)
    touchpoints: Names = field(default_factory=dict)
    topics: Names | None = None


def settle(claim: Claim, vocabulary: Vocabulary) -> Claim:
    """The claim with ids for names; case does not matter.

    Raises
    ------
    ClaimFault, Faults
        For every name that nothing bears, with its character and the nearest one.
    """
    takes = MEASURES[claim.measure].takes
    known: dict[str, Names | None] = {
        "touchpoint": vocabulary.touchpoints,
        "stage": vocabulary.stages,
        "touchpoint or stage": {**vocabulary.stages, **vocabulary.touchpoints},
        "topic": vocabulary.topics,
    }
    faults: list[Fault] = []
    arguments = []
    for number, name in enumerate(claim.arguments):
        arguments.append(_settled(claim, name, known.get(takes), takes, number, faults))
    stage = claim.stage
    if stage is not None:
        stage = _settled(claim, stage, vocabulary.stages, "stage", len(claim.arguments), faults)
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return replace(claim, arguments=tuple(arguments), stage=stage)


_GERMAN = {"touchpoint": "Einen Touchpoint", "stage": "Eine Phase", "touchpoint or stage": "Einen Touchpoint oder eine Phase"}


def _settled(claim: Claim, name: str, known: Names | None, what: str, number: int, faults: list[Fault]) -> str:
    if known is None or name in known:
        return name
    wanted = name.casefold()
    for key, others in known.items():
        if key.casefold() == wanted or any(other.casefold() == wanted for other in others):
            return key
    words = [word for key, others in known.items() for word in (key, *others)]
    place = claim.places[number] if number < len(claim.places) else 0
    faults.append(ClaimFault(both(f"There is no {what} `{{name}}`.", f"{_GERMAN.get(what, what)} „{{name}}“ gibt es nicht.", name=name), "", nearest(name, words), claim.text or str(claim), place))
    return name
