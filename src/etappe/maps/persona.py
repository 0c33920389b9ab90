"""The persona: a described kind of person, with the rule that finds such people, and what is known of them."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal

from pydantic import field_validator

from etappe.maps.document import Comment, Document, Migration, Thing
from etappe.maps.statement import Statement
from etappe.words.kinds import ROLES

TRAITS: Final = (
    "job", "goal", "criterion", "requirement", "pain", "trigger", "success", "barrier", "way", "push", "pull", "anxiety", "habit",
    "contact", "source", "brand", "fact",
)  # fmt: skip
"""Kinds of traits: the job; goals, criteria, basic requirements, pains; the five insights (trigger, success, barrier, way
of buying, criterion); the four forces (push, pull, anxiety, habit); preferred contact, sources, brands in use, facts."""

RULE_FIELDS: Final = ("title", "department", "role", "seniority", "email", "language", "touchpoint")


class Trait(Statement):
    """One thing known or believed of a persona."""

    PLACE: ClassVar[tuple[str, ...]] = ("kind", "order")

    kind: Literal[
        "job", "goal", "criterion", "requirement", "pain", "trigger", "success", "barrier", "way", "push", "pull", "anxiety", "habit",
        "contact", "source", "brand", "fact",
    ]  # fmt: skip
    rank: int | None = None


class Scale(Thing):
    """A behaviour between two ends; `points` places each interviewed person on it (0 to 1), so no slider has to be believed."""

    TEXTS: ClassVar[tuple[str, ...]] = ("title", "low", "high")

    title: str = ""
    low: str = ""
    high: str = ""
    points: dict[str, float] = {}


class Persona(Document):
    """A described kind of person, with a rule who belongs.

    `rule` maps fields of people to patterns that all have to hold, such as `{title: 'it-leit|head of it', role: decider}`.
    Without a rule its size is unknown.
    """

    NAME: ClassVar[str] = "persona"
    VERSION: ClassVar[int] = 1
    MIGRATIONS: ClassVar[dict[int, Migration]] = {}
    TEXTS: ClassVar[tuple[str, ...]] = ("title", "sentence")
    COLLECTIONS: ClassVar[dict[str, type[Thing]]] = {"traits": Trait, "scales": Scale, "comments": Comment}

    sentence: str = ""
    kind: Literal["user", "buyer", "both"] = "both"
    roles: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    rule: dict[str, Any] = {}
    colour: str = ""
    picture: str = ""
    traits: dict[str, Trait] = {}
    scales: dict[str, Scale] = {}
    comments: dict[str, Comment] = {}

    @field_validator("roles", "segments", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("roles")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for role in value:
            if role not in ROLES:
                raise ValueError(f"there is no role `{role}`; there are {', '.join(ROLES)}")
        return value

    def sort_key(self, thing: Thing) -> tuple[Any, ...]:
        """Traits by kind, in the order a persona is read."""
        if isinstance(thing, Trait):
            return (TRAITS.index(thing.kind), thing.order, thing.id)
        return super().sort_key(thing)

    def grounded(self) -> str:
        """How far the persona rests on evidence: research-based, partly, or assumption."""
        backed = [bool(trait.evidence) or trait.provenance in ("interview", "survey", "data") for trait in self.traits.values()]
        if not any(backed):
            return "assumption"
        return "research-based" if sum(backed) >= 0.8 * len(backed) else "partly"
