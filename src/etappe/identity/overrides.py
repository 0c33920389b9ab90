"""What the decisions come to: who must be together, who must be apart, who was assigned where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from etappe.identity.decisions import NOBODY, Decision, Identifier, identifier, of_account


@dataclass(slots=True)
class Overrides:
    """The decisions on persons, or those on accounts, in the order of their dates; a later one undoes an earlier one.

    Attributes
    ----------
    together : list
        Pairs of identifiers that are one, with the decision.
    apart : list
        Sets of identifiers to be split off, what they are split from (None: from everything), with the decision.
    assigned : dict
        Identifier → account identifier (None: no account), with the decision.
    """

    together: list[tuple[Identifier, Identifier, Decision]] = field(default_factory=list)
    apart: list[tuple[frozenset[Identifier], Identifier | None, Decision]] = field(default_factory=list)
    assigned: dict[Identifier, tuple[Identifier | None, Decision]] = field(default_factory=dict)

    def merge(self, items: Sequence[Identifier], decision: Decision) -> None:
        """Ties all items to the last one; earlier splits between them fall."""
        chosen = set(items)
        self.apart = [split for split in self.apart if not _between(split, chosen)]
        self.together += [(item, items[-1], decision) for item in items[:-1] if item != items[-1]]

    def split(self, items: Sequence[Identifier], origin: Identifier | None, decision: Decision) -> None:
        """Takes the items out; earlier merges between them and others fall."""
        chosen = frozenset(items)
        self.together = [tie for tie in self.together if (tie[0] in chosen) == (tie[1] in chosen)]
        self.together += [(item, items[0], decision) for item in items[1:]]
        self.apart.append((chosen, origin, decision))
        for item in items:
            self.assigned.pop(item, None)


def _between(split: tuple[frozenset[Identifier], Identifier | None, Decision], chosen: set[Identifier]) -> bool:
    inside = chosen & split[0]
    return bool(inside) and bool(chosen - split[0])


def overrides(decisions: Sequence[Decision]) -> tuple[Overrides, Overrides]:
    """The decisions on persons and those on accounts."""
    persons, accounts = Overrides(), Overrides()
    for decision in sorted(decisions, key=lambda one: (one.at, one.kind, one.what)):
        items = [identifier(text) for text in decision.what]
        target = identifier(decision.into) if decision.into not in ("", NOBODY) else None
        side = accounts if of_account(items[0]) else persons
        if decision.kind == "assign":
            for item in items:
                (accounts if of_account(item) else persons).assigned[item] = (target, decision)
        elif decision.kind == "merge":
            side.merge([*items, *([target] if target else [])], decision)
        else:
            side.split(items, target, decision)
    return persons, accounts
