"""Which segment is an account in? Ordered rules of `segments.yaml`; the first that fits wins."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import yaml

from etappe.journeys.reading import LABEL_WORDS, Label, Page, label

TEXTS = ("industry", "country", "tier", "type", "city", "name", "domain")
NUMBERS = ("employees", "revenue")


@dataclass(frozen=True, slots=True)
class Segment:
    """A kind of account: patterns on its texts, bounds (from, below) on its numbers; all have to hold."""

    id: str
    label: Label
    patterns: tuple[tuple[str, str], ...]
    bounds: tuple[tuple[str, float | None, float | None], ...]

    def holds(self, accounts: ir.Table) -> ir.BooleanValue:
        """Whether each account belongs to it."""
        tests = [accounts[name].re_search(f"(?i){pattern}") for name, pattern in self.patterns]
        for name, least, below in self.bounds:
            tests += [accounts[name] >= least] if least is not None else []
            tests += [accounts[name] < below] if below is not None else []
        return ibis.and_(*tests).fill_null(False) if tests else ibis.literal(True)


@dataclass(frozen=True, slots=True)
class Segments:
    """The segment rules in order."""

    rules: tuple[Segment, ...]

    def id_of(self, accounts: ir.Table) -> ir.StringValue:
        """The segment of each account; null where none fits."""
        cases = [(rule.holds(accounts), ibis.literal(rule.id)) for rule in self.rules]
        return ibis.cases(*cases, else_=ibis.null("string")) if cases else ibis.null("string")


def read_segments(page: Page, text: str) -> Segments:
    """The rules of `segments.yaml`; faults go to the page."""
    content = page.mapping(page.root(text), ("segments",))
    rules: list[Segment] = []
    for node in page.items(content.get("segments")):
        given = page.mapping(node, ("id", *LABEL_WORDS, *TEXTS, *NUMBERS), ("id",))
        if "id" not in given:
            continue
        patterns = tuple((name, pattern) for name in TEXTS if name in given and (pattern := page.pattern(given[name])))
        bounds = tuple(_bounds(page, name, given[name]) for name in NUMBERS if name in given)
        name = page.text(given["id"])
        rules.append(Segment(name, label(page, given, name), patterns, bounds))
    return Segments(tuple(rules))


def _bounds(page: Page, name: str, node: yaml.Node) -> tuple[str, float | None, float | None]:
    given = page.mapping(node, ("from", "below"))
    least = page.number(given["from"], 0, 0) if "from" in given else None
    below = page.number(given["below"], 0, 0) if "below" in given else None
    return name, least, below
