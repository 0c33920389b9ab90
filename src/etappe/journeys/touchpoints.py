"""Which touchpoint is an event? Ordered rules of `touchpoints.yaml`; the first that fits wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from etappe.journeys.matching import EXACT, PATTERNS, Condition, read_conditions
from etappe.journeys.reading import LABEL_WORDS, Label, Page, label

FALLBACK = "other"


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """A type of contact as a reader of the map would name it.

    Attributes
    ----------
    id : str
        English, lower case; `label` is what the screen shows.
    conditions : tuple of Condition
        One of them has to hold.
    online : bool or None
        Overrides what the kind of event says.
    sales : bool
        A two-way contact with the sales side: call, meeting, personal e-mail.
    again : bool
        May move a journey back to the stage that it enters.
    silent : bool
        The vendor's own doing that nobody answered (a mail sent, a note): neither begins a journey nor keeps it alive.
    named : bool
        The record's own name is the touchpoint, for logs of processes.
    """

    id: str
    label: Label
    conditions: tuple[Condition, ...]
    online: bool | None = None
    sales: bool = False
    again: bool = False
    silent: bool = False
    named: bool = False


OTHER = Touchpoint(FALLBACK, Label("Sonstiges", "Other"), ())
_WORDS = ("id", *LABEL_WORDS, "online", "sales", "again", "silent", "named", "any", *EXACT, *PATTERNS)


@dataclass(frozen=True)
class Touchpoints:
    """The touchpoint rules in order."""

    rules: tuple[Touchpoint, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """All touchpoints, the one for whatever fits no rule last."""
        ids = tuple(rule.id for rule in self.rules)
        return ids if FALLBACK in ids else (*ids, FALLBACK)

    @property
    def conditions(self) -> list[Condition]:
        """All conditions, with what is needed besides: the name, where it is the touchpoint."""
        conditions = [condition for rule in self.rules for condition in rule.conditions]
        named = [condition for rule in self.rules if rule.named for condition in rule.conditions]
        return [*conditions, *(Condition(condition.exact, {"name": "."}) for condition in named)]

    def id_of(self, rows: ir.Table) -> ir.StringValue:
        """The touchpoint of each row of a table that has the fields of the signature."""
        cases = []
        for rule in self.rules:
            fits = ibis.or_(*[condition.holds(rows) for condition in rule.conditions])
            own = ibis.coalesce(rows.name.strip().lower().nullif(""), rule.id) if rule.named else ibis.literal(rule.id)
            cases.append((fits.fill_null(False), own))
        return ibis.cases(*cases, else_=ibis.literal(FALLBACK)) if cases else ibis.literal(FALLBACK)

    def where(self, fits: Callable[[Touchpoint], bool]) -> tuple[str, ...]:
        """Ids of the touchpoints for which something holds."""
        return tuple(rule.id for rule in self.rules if fits(rule))

    def label(self, touchpoint: str) -> Label:
        """German and English name; the id itself for names that came with the records."""
        found = next((rule.label for rule in self.rules if rule.id == touchpoint), None)
        return found or (OTHER.label if touchpoint == FALLBACK else Label(touchpoint, touchpoint))


def read_touchpoints(page: Page, text: str) -> Touchpoints:
    """The rules of `touchpoints.yaml`; faults go to the page."""
    content = page.mapping(page.root(text), ("touchpoints",), ("touchpoints",))
    rules: list[Touchpoint] = []
    for node in page.items(content.get("touchpoints")):
        given = page.mapping(node, _WORDS, ("id",))
        if "id" not in given:
            continue
        name = page.text(given["id"])
        if name != name.lower():
            page.fault(
                given["id"],
                f"`{name}` has capital letters.",
                f"Touchpoints are written small: `{name.lower()}`.",
            )
        if any(rule.id == name for rule in rules):
            page.fault(
                given["id"],
                f"There are two rules for `{name}`.",
                "Put both conditions under `any` of one rule.",
            )
        flags = {word: bool(page.flag(given.get(word))) for word in ("sales", "again", "silent", "named")}
        if flags["sales"] and flags["silent"]:
            page.fault(
                given["silent"],
                "A two-way contact with sales cannot be silent.",
                "Leave `sales` or `silent`.",
            )
        online = page.flag(given.get("online"), None)
        rules.append(Touchpoint(name, label(page, given, name), read_conditions(page, given, node), online, **flags))
    return Touchpoints(tuple(rules))
