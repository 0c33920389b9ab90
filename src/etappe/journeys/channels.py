"""How did an event come about? Ordered rules of `channels.yaml`; the first that fits wins."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from etappe.journeys.matching import EXACT, PATTERNS, Condition, read_conditions
from etappe.journeys.reading import LABEL_WORDS, Label, Page, label
from etappe.words.kinds import CHANNELS

FALLBACK = "other"


@dataclass(frozen=True, slots=True)
class Channel:
    """A way by which contacts come about.

    `visit` rules say nothing of their own (a click from page to page): the event has the channel by which its visit
    began, and this one where that is not known.
    """

    id: str
    label: Label
    conditions: tuple[Condition, ...]
    visit: bool = False


_WORDS = ("id", *LABEL_WORDS, "visit", "any", *EXACT, *PATTERNS)


@dataclass(frozen=True)
class Channels:
    """The channel rules in order."""

    rules: tuple[Channel, ...]

    @property
    def conditions(self) -> list[Condition]:
        """All conditions."""
        return [condition for rule in self.rules for condition in rule.conditions]

    def rule_of(self, rows: ir.Table) -> ir.IntegerValue:
        """The number of the rule that fits each row (from 0); -1 where none does."""
        cases = [
            (
                ibis.or_(*[condition.holds(rows) for condition in rule.conditions]).fill_null(False),
                ibis.literal(number, "int16"),
            )
            for number, rule in enumerate(self.rules)
        ]
        return ibis.cases(*cases, else_=ibis.literal(-1, "int16")) if cases else ibis.literal(-1, "int16")

    def label(self, channel: str) -> Label:
        """German and English name."""
        return next((rule.label for rule in self.rules if rule.id == channel), Label(channel, channel))


def read_channels(page: Page, text: str) -> Channels:
    """The rules of `channels.yaml`; faults go to the page. One channel may have several rules."""
    content = page.mapping(page.root(text), ("channels",), ("channels",))
    rules: list[Channel] = []
    for node in page.items(content.get("channels")):
        given = page.mapping(node, _WORDS, ("id",))
        if "id" not in given:
            continue
        name = page.word(given["id"], CHANNELS, "channel")
        known = next((rule.label for rule in rules if rule.id == name), None)
        shown = label(page, given, name) if known is None or "de" in given or "en" in given else known
        rules.append(Channel(name, shown, read_conditions(page, given, node), bool(page.flag(given.get("visit")))))
    return Channels(tuple(rules))
