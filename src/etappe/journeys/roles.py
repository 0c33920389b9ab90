"""Which role has a person in the buying center? Rules of `roles.yaml`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from etappe.journeys.reading import LABEL_WORDS, Label, Page, label, nearest
from etappe.journeys.stages import bare
from etappe.words.kinds import ROLES


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A role by what a person did in the journey: at least so many of these touchpoints, or being the first person."""

    role: str
    touchpoints: tuple[str, ...]
    at_least: int
    first: bool


@dataclass(frozen=True, slots=True)
class RoleRules:
    """Roles from the words of the CRM, from titles, from behaviour: in this order, first match wins."""

    labels: dict[str, Label]
    words: tuple[tuple[str, tuple[str, ...]], ...]
    titles: tuple[tuple[str, str], ...]
    behaviour: tuple[Behaviour, ...]

    def of_words(self) -> ir.Table:
        """word (bare), word_role: the roles that words of a CRM name; the names of the roles are words, too."""
        known = {word: role for role, words in reversed(self.words) for word in words}
        known |= {role: role for role in ROLES}
        columns = {"word": list(known), "word_role": list(known.values())}
        return ibis.memtable(columns, schema={"word": "string", "word_role": "string"})

    def of_title(self, title: ir.StringValue) -> ir.StringValue:
        """The role that a job title speaks for."""
        cases = [
            (title.re_search(f"(?i){pattern}").fill_null(False), ibis.literal(role)) for role, pattern in self.titles
        ]
        return ibis.cases(*cases, else_=ibis.null("string")) if cases else ibis.null("string")

    def label(self, role: str) -> Label:
        """German and English name."""
        return self.labels.get(role, Label(role, role))


def read_roles(page: Page, text: str, touchpoints: Collection[str]) -> RoleRules:
    """The rules of `roles.yaml`; faults go to the page."""
    content = page.mapping(page.root(text), ("labels", "words", "titles", "behaviour"))
    labels: dict[str, Label] = {}
    for key, value in page.names(content.get("labels")):
        role = page.word(key, ROLES, "buying role")
        labels[role] = label(page, page.mapping(value, LABEL_WORDS), role)
    words = [
        (page.word(key, ROLES, "buying role"), tuple(map(bare, page.texts(value))))
        for key, value in page.names(content.get("words"))
    ]
    titles: list[tuple[str, str]] = []
    for node in page.items(content.get("titles")):
        given = page.mapping(node, ("role", "title"), ("role", "title"))
        if len(given) == 2 and (pattern := page.pattern(given["title"])):
            titles.append((page.word(given["role"], ROLES, "buying role"), pattern))
    return RoleRules(labels, tuple(words), tuple(titles), _behaviour(page, content, touchpoints))


def _behaviour(page: Page, content: dict, touchpoints: Collection[str]) -> tuple[Behaviour, ...]:  # type: ignore[type-arg]
    rules: list[Behaviour] = []
    for node in page.items(content.get("behaviour")):
        given = page.mapping(node, ("role", "touchpoints", "at_least", "first"), ("role",))
        if "role" not in given:
            continue
        for place in page.items(given.get("touchpoints")):
            if page.text(place) not in touchpoints:
                page.fault(
                    place,
                    f"There is no touchpoint `{page.text(place)}`.",
                    nearest(page.text(place), touchpoints),
                )
        first = bool(page.flag(given.get("first")))
        if first == ("touchpoints" in given):
            page.fault(node, "A rule by behaviour has either `touchpoints` or `first: true`.", "Leave one of them.")
        role = page.word(given["role"], ROLES, "buying role")
        least = int(page.number(given.get("at_least"), 1, 1))
        rules.append(Behaviour(role, tuple(page.texts(given.get("touchpoints"))), least, first))
    return tuple(rules)
