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
        page.fault(node, "This rule has no condition, so it would fit every event.", "Add `kind: …` at least.")
    return tuple(read)


def _condition(page: Page, given: Mapping[str, yaml.Node]) -> Condition:
    exact: dict[str, tuple[str, ...]] = {}
    patterns: dict[str, str] = {}
    for name, node in given.items():
        if name in PATTERNS:
            patterns[name] = page.pattern(node)
            continue
        known = CLICK_IDS if name == "click_id" else EXACT[name]
        words = page.words(node, known, {"kind": "kind of event"}.get(name, name)) if known else tuple(page.texts(node))
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


def _raw(events: ir.Table, name: str) -> ir.StringValue:
    """A field of a condition as it can be had cheaply from each event; `_refined` does the rest once a signature."""
    if name == "path":
        return functions.split_part(events.url, "?", 1)
    if name == "click_id":
        marked = ibis.ifelse(events.url.contains("?"), events.url, ibis.null("string"))
        return functions.extract(marked, f"[?&]({'|'.join(CLICK_IDS)})=", 1)
    if name == "referrer":
        return functions.split_part(events.referrer, "/", 3)
    return events[name]


def _refined(rows: ir.Table, name: str) -> ir.StringValue:
    text = rows[name].nullif("")
    if name == "path":
        path = text.lower().re_replace("#.*$", "").re_replace("^[a-z][a-z0-9+.-]*://[^/]*|^//[^/]*", "")
        return ibis.ifelse(path == "", ibis.literal("/"), path)
    if name == "referrer":
        own = text == functions.split_part(rows.path, "/", 3)
        return ibis.ifelse(own.fill_null(False), ibis.literal(INTERNAL), text)
    return text


@dataclass(frozen=True)
class Signature:
    """The fields that decide a set of rules, by kind of event; their hash stands for them."""

    needed: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, conditions: Sequence[Condition]) -> Signature:
        """The signature that decides these conditions."""
        needed = kinds_of(conditions)
        for fields in needed.values():
            if "referrer" in fields:
                fields.add("path")  # tells whether the page before was on the same site
        return cls({kind: frozenset(fields) for kind, fields in needed.items()})

    @property
    def fields(self) -> list[str]:
        """All fields that any rule asks for, besides the kind."""
        return sorted(set().union(*self.needed.values()))

    def _columns(self, events: ir.Table) -> dict[str, ir.StringValue]:
        """The kind, and each field where a rule for that kind asks for it."""
        columns = {"kind": events.kind}
        for name in self.fields:
            asked = [kind for kind, fields in self.needed.items() if name in fields]
            others = [kind for kind in self.needed if kind not in asked]
            nothing, raw = ibis.null("string"), _raw(events, name)
            if not others:
                columns[name] = raw
            elif len(asked) <= len(others):
                columns[name] = ibis.ifelse(events.kind.isin(asked), raw, nothing)
            else:
                columns[name] = ibis.ifelse(events.kind.isin(others), nothing, raw)
        return columns

    def sign(self, events: ir.Table) -> ir.Value:
        """The signature of each event, a number."""
        return functions.fingerprint(*self._columns(events).values())

    def collect(self, events: ir.Table) -> ir.Table:
        """sign and the fields of each signature that occurs, a row each; a path is without its host."""
        columns = self._columns(events)
        rows = events.select(**columns, sign=functions.fingerprint(*columns.values()))
        grouped = rows.group_by("sign").agg(**{name: rows[name].arbitrary() for name in columns})
        return grouped.mutate(**{name: _refined(grouped, name) for name in columns})
