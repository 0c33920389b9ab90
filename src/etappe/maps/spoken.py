"""What a map speaks of: which touchpoints in which stages, which roles, waits, searches and topics.

A card speaks of a touchpoint where it names it (`touchpoint`), claims something about it, or has its name in its text, in
either language. A card counts in its stage and in those it spans; one that stands in no stage counts everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from etappe.errors import ClaimFault, Faults
from etappe.maps.map import Card, Map
from etappe.words.claim import Claim
from etappe.words.claim_language import parse
from etappe.words.claim_names import Vocabulary, settle

_WAITING: Final = re.compile(r"\bwart(e|et|en|ezeit)|\bwait|auf eis\b|on ice\b|\bpaus|verzöger|\bdelay|stillstand|\bstall|liegen\s?bleib|\bliegt\b", re.IGNORECASE)
_OF_TOUCHPOINTS: Final = ("coverage", "order", "milestone", "feeling")


@dataclass(frozen=True, eq=False)
class Spoken:
    """What one map speaks of. `leave_out` are cards that do not count, such as those that etappe itself drafted."""

    map: Map
    vocabulary: Vocabulary
    leave_out: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def cards(self) -> list[Card]:
        """The cards that count."""
        return [card for card in self.map.cards.values() if card.id not in self.leave_out]

    @cached_property
    def claims(self) -> list[tuple[str, Claim]]:
        """The claims that can be read, with the stage of the card (or of their own `in`)."""
        found = []
        for thing in (*self.cards, *self.map.stages.values(), *self.map.criteria.values()):
            for text in (str(getattr(thing, name, "") or "") for name in ("claim", "milestone_claim")):
                try:
                    claim = settle(parse(text), self.vocabulary) if text else None
                except (ClaimFault, Faults):
                    continue
                if claim is not None:
                    stage = str(getattr(thing, "stage", "") or (thing.id if thing.id in self.map.stages else ""))
                    found.append((claim.stage or stage, claim))
        return found

    @cached_property
    def text(self) -> dict[str, str]:
        """All that is written in each stage; under "" what is written in none."""
        said: dict[str, list[str]] = {stage: [thing.title, thing.milestone] for stage, thing in self.map.stages.items()}
        said[""] = []
        for card in self.cards:
            words = [card.text, card.detail, card.touchpoint, *(text for texts in card.translations.values() for text in texts.values())]
            for stage in self.spans(card):
                said[stage] += words
        for step in self.map.steps.values():
            said.setdefault(step.stage if step.stage in said else "", []).append(f"{step.title} {step.touchpoint}")
        return {stage: "\n".join(words).casefold() for stage, words in said.items()}

    def spans(self, card: Card) -> list[str]:
        """The stages that a card stands in; "" for one in a stage that is gone."""
        order = [stage.id for stage in self.map.sorted("stages")]
        if card.stage not in order:
            return [""]
        last = card.until if card.until in order else self.map.steps[card.until].stage if card.until in self.map.steps else card.stage
        end = order.index(last) if last in order else 0
        return order[order.index(card.stage) : max(end, order.index(card.stage)) + 1]

    def touchpoints(self, names: Mapping[str, Sequence[str]], stages: Sequence[str]) -> set[tuple[str, str]]:
        """The pairs of stage and touchpoint that the map speaks of; `names` are the touchpoints with their other names."""
        known: set[tuple[str, str]] = set()
        everywhere = {(stage, card.touchpoint) for card in self.cards if card.touchpoint for stage in self.spans(card)}
        everywhere |= {(step.stage, step.touchpoint) for step in self.map.steps.values() if step.touchpoint}
        everywhere |= {(stage, name) for stage, claim in self.claims if claim.measure in _OF_TOUCHPOINTS for name in claim.arguments}
        for name, others in names.items():
            pattern = _mention(name, *others)
            for stage in stages:
                named = (stage, name) in everywhere or ("", name) in everywhere
                if named or any(pattern.search(self.text.get(part, "")) for part in (stage, "")):
                    known.add((stage, name))
        return known

    def role(self, role: str, names: Sequence[str]) -> bool:
        """Whether any card is about a buying role."""
        pattern = _mention(role, *names)
        return any(card.role == role for card in self.cards) or any(pattern.search(text) for text in self.text.values())

    def wait(self, stage: str) -> bool:
        """Whether the map speaks of waiting in a stage, or states how long it takes."""
        return any(claim.measure == "dwell" and claim.arguments[0] == stage for _, claim in self.claims) or bool(_WAITING.search(self.text.get(stage, "")))

    def term(self, term: str) -> bool:
        """Whether any card or claim speaks of a search term."""
        wanted = term.casefold()
        asked = {name.casefold() for _, claim in self.claims if claim.measure == "found" for name in claim.arguments}
        return wanted in asked or any(wanted in text for text in self.text.values())

    def topic(self, topic: str, refs: Sequence[str]) -> bool:
        """Whether any card speaks of a topic of interviews, or links one of its quotes."""
        wanted = topic.casefold()
        asked = {name.casefold() for _, claim in self.claims if claim.measure == "mention" for name in claim.arguments}
        linked = {ref for card in self.cards for ref in card.evidence}
        return wanted in asked or bool(linked & set(refs)) or any(_mention(wanted).search(text) for text in self.text.values())


def _mention(*names: str) -> re.Pattern[str]:
    """The names as they stand in a text: at the beginning of a word, in any case, with any ending of up to three letters."""
    forms = sorted({re.escape(name.casefold()) for name in names if name.strip()}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})\w{{0,3}}(?!\w)")
