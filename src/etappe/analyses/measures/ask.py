"""All claims of a map put to one build: each measure finds its figure, the rule of the house judges it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from etappe.analyses.analysis import Tables
from etappe.analyses.measures.belonging import Rule
from etappe.analyses.measures.feeling import FEELING, Answers, Quote, answers, feeling
from etappe.analyses.measures.finding import found as found_at
from etappe.analyses.measures.found import Found, nothing
from etappe.analyses.measures.mentioning import mention
from etappe.analyses.measures.observed import Observed
from etappe.analyses.measures.population import Chosen, Populations
from etappe.analyses.measures.staying import conversion, dwell
from etappe.analyses.measures.touching import coverage, milestone, order
from etappe.analyses.measures.using import Uses, content
from etappe.words.claim import Claim

_OF_JOURNEYS: Final[dict[str, Callable[[Claim, Any, Observed], Found]]] = {
    "coverage": coverage, "milestone": milestone, "order": order, "dwell": dwell, "conversion": conversion,
    "found": found_at, "mention": mention,
}  # fmt: skip


@dataclass(eq=False)
class Asking:
    """One build, ready to be asked.

    Parameters
    ----------
    personas, segments : mapping of id to rule
        The workspace's own personas and segments.
    quotes : sequence of Quote
        Coded quotes that carry a feeling.
    labels : mapping of touchpoint to its other names
    """

    tables: Tables
    personas: Mapping[str, Rule] = field(default_factory=dict)
    segments: Mapping[str, Rule] = field(default_factory=dict)
    quotes: Sequence[Quote] = ()
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def observed(self) -> Observed:
        """The build as arrays."""
        return Observed(self.tables)

    @cached_property
    def populations(self) -> Populations:
        """Who is asked about."""
        return Populations(self.observed, self.personas, self.segments)

    @cached_property
    def answers(self) -> Answers:
        """All answers and reviews on a scale."""
        return answers(self.observed)

    @cached_property
    def uses(self) -> Uses:
        """When content was used."""
        return Uses(self.observed)

    def expect(self, claims: Iterable[Claim]) -> None:
        """Reads in one go what these claims will ask for one by one."""
        self.uses.seek([name for claim in claims if claim.measure == "content" for name in claim.arguments])

    def ask(self, claim: Claim) -> tuple[Found, Chosen]:
        """What the evidence has on a claim, and the population it is about."""
        chosen = self.populations.of(claim.population)
        if claim.measure == "feeling":
            given, quotes = self.said_by(claim, chosen)
            found = feeling(claim, given, quotes, self.labels.get(claim.arguments[0], ()), self.observed)
        elif claim.measure == "content":
            found = content(claim, chosen.flags, self.uses)
        else:
            found = _OF_JOURNEYS[claim.measure](claim, chosen.flags, self.observed)
        if chosen.caveats and claim.measure != "found":
            missing = found.figure is None or not chosen.size
            found = Found(None if missing else found.figure, found.recipe, found.newest, (*chosen.caveats, *(() if missing else found.caveats)), found.behind)
        return found, chosen

    def said_by(self, claim: Claim, chosen: Chosen) -> tuple[Answers, list[Quote]]:
        """Answers and quotes of the population; where it names personas or roles, of such persons themselves."""
        limits = dict(claim.population)
        given = self.answers.where(chosen.flags[self.answers.journey])
        quotes = list(self.quotes)
        if personas := limits.get("persona"):
            persons = frozenset[str]().union(*(self.populations.persons(name) for name in personas))
            given = given.whose("person_id", persons)
            quotes = [item for item in quotes if set(item.personas) & set(personas)]
        if roles := limits.get("role"):
            given = given.whose("role", roles)
        if segments := limits.get("segment"):
            quotes = [item for item in quotes if set(item.segments) & set(segments)]
        return given, quotes


__all__ = ["FEELING", "Asking", "Found", "nothing"]
