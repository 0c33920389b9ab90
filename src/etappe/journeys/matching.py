"""When does a rule fit an event? Conditions on its fields, and the shortest text that decides them all.

Rules are looked at once for each *signature*, the text of the fields that any rule for that kind of event asks for,
and not once for each event: ten million page views have some thousand paths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import yaml

from etappe.journeys.reading import Page
from etappe.tables import functions
from etappe.words.kinds import DIRECTIONS, EVENT_KINDS

SEPARATOR = "\x1f"
EXACT: dict[str, Sequence[str] | None] = {
    "kind": tuple(EVENT_KINDS),
    "direction": DIRECTIONS,
    "source": None,
    "click_id": None,
}
PATTERNS = ("name", "detail", "campaign", "content", "path", "url", "term", "medium", "origin", "referrer")
CLICK_IDS = ("gclid", "gbraid", "wbraid", "msclkid", "fbclid", "li_fat_id", "ttclid", "dclid")
INTERNAL = "(own site)"  # what `referrer` says where the page before was on the same host


@dataclass(frozen=True, slots=True)
class Condition:
    """All of these have to hold: `exact` fields are one of the words, `patterns` are found in the field."""

    exact: Mapping[str, tuple[str, ...]]
    patterns: Mapping[str, str]

    @property
    def fields(self) -> set[str]:
        """The fields the condition looks at."""
        return {*self.exact, *self.patterns}

    def holds(self, rows: ir.Table) -> ir.BooleanValue:
        """The condition over a table that has these fields as columns."""
        tests = [rows[name].isin(words) for name, words in self.exact.items()]
        tests += [rows[name].re_search(f"(?i){pattern}") for name, pattern in self.patterns.items()]
        return ibis.and_(*tests) if tests else ibis.literal(True)


def read_conditions(page: Page, given: Mapping[str, yaml.Node], node: yaml.Node) -> tuple[Condition, ...]:
    """The conditions of one rule: the fields beside its id, or the alternatives under `any`."""
    own = {name: value for name, value in given.items() if name in EXACT or name in PATTERNS}
    alternatives = [page.mapping(item, [*EXACT, *PATTERNS]) for item in page.items(given.get("any"))]
    if own and alternatives:
        page.fault(
            given["any"],
            "A rule has conditions beside it or under `any`, not both.",
            "Move the conditions under `any`.",
        )
    read = [_condition(page, fields) for fields in (alternatives or [own])]
    if not any(condition.fields for condition in read):
        page.fault(
            node, "This rule has no condition, so it would fit every event.", "Add `kind: …` at least."
        )
    return tuple(read)


def _condition(page: Page, given: Mapping[str, yaml.Node]) -> Condition:
    exact: dict[str, tuple[str, ...]] = {}
    patterns: dict[str, str] = {}
    for name, node in given.items():
        if name in PATTERNS:
            patterns[name] = page.pattern(node)
            continue
        known = CLICK_IDS if name == "click_id" else EXACT[name]
        words = (
            page.words(node, known, {"kind": "kind of event"}.get(name, name))
            if known
            else tuple(page.texts(node))
        )
        exact[name] = words
    return Condition(exact, {name: pattern for name, pattern in patterns.items() if pattern})


def kinds_of(conditions: Sequence[Condition]) -> dict[str, set[str]]:
    """For each kind of event the fields that have to be known to decide the conditions."""
    needed: dict[str, set[str]] = {kind: set() for kind in EVENT_KINDS}
    for condition in conditions:
        for kind in condition.exact.get("kind", tuple(EVENT_KINDS)):
            if kind in needed:
                needed[kind] |= condition.fields - {"kind"}
    return needed


def field(events: ir.Table, name: str) -> ir.StringValue:
    """A field of a condition, taken from the evidence's events."""
    if name == "path":
        # The host stays: it costs as little as it tells, and `path` patterns begin with a slash.
        return functions.split_part(functions.split_part(events.url, "?", 1), "#", 1).lower()
    if name == "click_id":
        found = [(events.url.contains(f"{word}="), ibis.literal(word)) for word in CLICK_IDS]
        return ibis.ifelse(
            events.url.contains("?"), ibis.cases(*found, else_=ibis.null("string")), ibis.null("string")
        )
    if name == "referrer":
        host = functions.split_part(functions.split_part(events.referrer, "//", 2), "/", 1)
        own = functions.split_part(functions.split_part(events.url, "//", 2), "/", 1)
        return ibis.ifelse((host == own) & (own != ""), ibis.literal(INTERNAL), host)
    return events[name]


@dataclass(frozen=True)
class Signature:
    """The text of the fields that decide a set of rules, by kind of event, and the way back to the fields."""

    needed: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, conditions: Sequence[Condition]) -> Signature:
        """The signature that decides these conditions."""
        return cls({kind: frozenset(fields) for kind, fields in kinds_of(conditions).items()})

    @property
    def groups(self) -> dict[tuple[str, ...], list[str]]:
        """Kinds of event that ask for the same fields, by those fields in order."""
        found: dict[tuple[str, ...], list[str]] = {}
        for kind, fields in self.needed.items():
            found.setdefault(tuple(sorted(fields)), []).append(kind)
        return found

    def write(self, events: ir.Table) -> ir.StringValue:
        """The signature of each event."""
        cases = []
        for fields, kinds in self.groups.items():
            text = events.kind
            for name in fields:
                text = text + SEPARATOR + ibis.coalesce(field(events, name), "")
            cases.append((events.kind.isin(kinds), text))
        return ibis.cases(*cases, else_=events.kind)

    def read(self, signature: ir.StringValue) -> dict[str, ir.Value]:
        """The fields again, from the signature; a path without its host."""
        parts = signature.split(SEPARATOR)
        kind = parts[0]
        columns: dict[str, ir.Value] = {"kind": kind}
        for name in sorted(set().union(*self.needed.values())):
            cases = [
                (kind.isin(kinds), parts[fields.index(name) + 1])
                for fields, kinds in self.groups.items()
                if name in fields
            ]
            text = ibis.cases(*cases, else_=ibis.null("string")).nullif("")
            columns[name] = _without_host(text) if name == "path" else text
        return columns


def _without_host(url: ir.StringValue) -> ir.StringValue:
    path = url.re_replace("^[a-z][a-z0-9+.-]*://[^/]*|^//[^/]*", "")
    return ibis.ifelse(path == "", ibis.literal("/"), path)
