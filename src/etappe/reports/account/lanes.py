"""The lanes of one journey: a person each, grouped by role, the company's own at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from etappe.reports.account.reading import Journey, Person, Step, Story, people_of
from etappe.reports.texts import Words

MOST_LANES: Final = 40
ROLE_ORDER: Final = ("decider", "influencer", "buyer", "initiator", "user", "gatekeeper", "")


@dataclass(slots=True)
class Lane:
    """One lane: its heading, and its steps in an offline and an online row."""

    group: str
    name: str
    sub: str
    offline: list[Step]
    online: list[Step]
    key: str = ""

    @property
    def steps(self) -> int:
        """Number of steps in the lane."""
        return len(self.offline) + len(self.online)


def lanes_of(story: Story, journey: Journey, words: Words) -> list[Lane]:
    """Lanes in reading order: by role, then by first contact; many persons with few steps are folded into
    one lane.
    """
    people = people_of(story, journey)
    by_person: dict[str, list[Step]] = {}
    alone: list[Step] = []
    for step in journey.steps:
        for key in step.persons:
            by_person.setdefault(key, []).append(step)
        if not step.persons:
            alone.append(step)
    order = sorted(people.values(), key=lambda p: (ROLE_ORDER.index(p.role), by_person[p.key][0].at, p.key))
    drawn, folded = _fold(order, by_person)
    lanes = [_lane(person, by_person[person.key], words) for person in drawn]
    if folded:
        steps = sorted({id(s): s for p in folded for s in by_person[p.key]}.values(), key=lambda s: (s.at, s.seq))
        lanes.append(
            _split(
                words.term("role", ""),
                words("folded_persons", n=len(folded)),
                words("folded_sub"),
                steps,
            )
        )
    if alone:
        lanes.append(_split(words("group_company"), words("company_lane"), words("company_lane_sub"), alone))
    return lanes


def _fold(order: Sequence[Person], by_person: dict[str, list[Step]]) -> tuple[list[Person], list[Person]]:
    if len(order) <= MOST_LANES:
        return list(order), []
    ranked = sorted(order, key=lambda p: (not p.role, not p.name, -len(by_person[p.key]), p.key))
    kept = {person.key for person in ranked[: MOST_LANES - 1]}
    return [p for p in order if p.key in kept], [p for p in order if p.key not in kept]


def _lane(person: Person, steps: list[Step], words: Words) -> Lane:
    name = person.name or f"{words('unknown_person')} {person.key[-4:]}"
    return _split(words.term("role", person.role), name, person.title, steps, person.key)


def _split(group: str, name: str, sub: str, steps: list[Step], key: str = "") -> Lane:
    top = [step for step in steps if step.sales or not step.online]
    low = [step for step in steps if step.online and not step.sales]
    return Lane(group, name, sub, top, low, key)
