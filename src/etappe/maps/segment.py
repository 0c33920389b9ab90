"""The segment: a described kind of account, with the rule that finds such companies."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal

from etappe.maps.document import Comment, Document, Migration, Thing
from etappe.maps.statement import Statement

FEATURES: Final = ("fit", "exclusion", "need", "maturity", "behaviour", "technology", "fact")

RULE_FIELDS: Final = ("industry", "country", "tier", "type", "city", "name", "domain", "employees", "revenue", "accounts")
"""The fields of `rules/segments.yaml`: patterns, `{from: …, below: …}` for `employees` and `revenue`; `accounts` is a list of companies."""


class Feature(Statement):
    """One thing known or believed of a segment: what fits, what rules out, needs, maturity, behaviour."""

    PLACE: ClassVar[tuple[str, ...]] = ("kind", "order")

    kind: Literal["fit", "exclusion", "need", "maturity", "behaviour", "technology", "fact"]


class Segment(Document):
    """A described kind of account. `intent` tells whether they solve a problem, explore needs or look for a new vendor."""

    NAME: ClassVar[str] = "segment"
    VERSION: ClassVar[int] = 1
    MIGRATIONS: ClassVar[dict[int, Migration]] = {}
    TEXTS: ClassVar[tuple[str, ...]] = ("title", "sentence")
    COLLECTIONS: ClassVar[dict[str, type[Thing]]] = {"features": Feature, "comments": Comment}

    sentence: str = ""
    tier: str = ""
    intent: Literal["", "problem", "needs", "vendor"] = ""
    rule: dict[str, Any] = {}
    features: dict[str, Feature] = {}
    comments: dict[str, Comment] = {}

    def sort_key(self, thing: Thing) -> tuple[Any, ...]:
        """Features by kind, in the order a segment is read."""
        if isinstance(thing, Feature):
            return (FEATURES.index(thing.kind), thing.order, thing.id)
        return super().sort_key(thing)
