"""The map: stages across, lanes down, cards in the cells; its types, its validators, its numbered migrations.

A card whose stage or lane is gone stays in the document and is told by lint: nothing is lost when one person removes a
stage while another writes into it.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, field_validator, model_validator

from etappe.maps.document import Comment, Document, Measured, Migration, Thing
from etappe.maps.lane_kinds import lane_kinds
from etappe.maps.statement import Level, Statement
from etappe.words.kinds import JOURNEY_KINDS

Score = Annotated[float, Field(ge=-2, le=2)]
Days = Annotated[float, Field(ge=0)]

US: Final = "us"
"""The id of our own company among the competitors of the decision matrix."""


class Stage(Thing):
    """A column, or a group of steps: ends with a milestone; `planned_days` is what is assumed, `measured` what was found."""

    TEXTS: ClassVar[tuple[str, ...]] = ("title", "milestone")

    title: str = ""
    milestone: str = ""
    milestone_claim: str = ""
    planned_days: Days | None = None
    measured: Measured | None = None


class Step(Thing):
    """A finer column inside a stage; with `touchpoint` it stands for one touchpoint of the rules."""

    TEXTS: ClassVar[tuple[str, ...]] = ("title",)
    PLACE: ClassVar[tuple[str, ...]] = ("stage", "order")

    stage: str
    title: str = ""
    touchpoint: str = ""
    planned_days: Days | None = None


class Lane(Thing):
    """A row. Its kind says what belongs in it; a lane of kind `own` says so itself in `asks`."""

    TEXTS: ClassVar[tuple[str, ...]] = ("title", "asks")

    kind: str = "own"
    title: str = ""
    asks: str = ""
    hidden: bool = False

    @field_validator("kind")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in lane_kinds():
            raise ValueError(f"there is no kind of lane `{value}`; there are {', '.join(lane_kinds())}")
        return value


class Card(Statement):
    """What stands in a cell. `until` is the stage or step up to which it spans; effort and effect rate an opportunity."""

    PLACE: ClassVar[tuple[str, ...]] = ("stage", "step", "lane", "until", "order")

    stage: str = ""
    step: str = ""
    lane: str = ""
    until: str = ""
    personas: tuple[str, ...] = ()
    role: str = ""
    touchpoint: str = ""
    channel: str = ""
    url: str = ""
    moment_of_truth: bool = False
    effort: Level | None = None
    effect: Level | None = None
    state: Literal["", "open", "planned", "done", "dropped"] = ""


class Feeling(Thing):
    """One point of the curve. Points set by hand, measured ones and targets stand side by side; no point is a gap."""

    ID_WRITTEN: ClassVar[bool] = False
    ORDERED: ClassVar[bool] = False

    stage: str = ""
    step: str = ""
    persona: str = ""
    how: Literal["hand", "measured", "target"] = "hand"
    value: Score
    low: float | None = None
    high: float | None = None
    n: int | None = None
    source: str = ""
    as_of: dt.date | None = None

    @model_validator(mode="before")
    @classmethod
    def _own_id(cls, data: Any) -> Any:
        if isinstance(data, dict):
            stage, step, persona = (str(data.get(name) or "") for name in ("stage", "step", "persona"))
            return {**data, "id": feeling_id(stage, step, persona, str(data.get("how") or "hand"))}
        return data


def feeling_id(stage: str, step: str = "", persona: str = "", how: str = "hand") -> str:
    """The id of a point of the curve: one for each column, persona and way of knowing."""
    return f"{stage or '_'}/{step or '_'}/{persona or '_'}/{how}"


class Competitor(Thing):
    """A vendor in the decision matrix; the one with the id `us` is our own company."""

    TEXTS: ClassVar[tuple[str, ...]] = ("title",)

    title: str = ""


class Criterion(Statement):
    """By what the buying center decides: its weight, and how each vendor stands from 0 (not at all) to 5 (fully)."""

    weight: Annotated[float, Field(ge=0, le=100)] | None = None
    standing: dict[str, Annotated[float, Field(ge=0, le=5)]] = {}


class Map(Document):
    """A journey map of one or several personas and one kind of journey (or several alike)."""

    NAME: ClassVar[str] = "map"
    VERSION: ClassVar[int] = 1
    MIGRATIONS: ClassVar[dict[int, Migration]] = {}
    TEXTS: ClassVar[tuple[str, ...]] = ("title", "scenario", "expectation")
    STATED: ClassVar[tuple[str, ...]] = ("language", "journey")
    COLLECTIONS: ClassVar[dict[str, type[Thing]]] = {
        "stages": Stage, "steps": Step, "lanes": Lane, "feelings": Feeling, "competitors": Competitor, "criteria": Criterion,
        "cards": Card, "comments": Comment,
    }  # fmt: skip

    journey: tuple[str, ...] = ("first_purchase",)
    personas: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    state: Literal["as_is", "to_be"] = "as_is"
    to_be_of: str = ""
    columns: Literal["stage", "step", "touchpoint"] = "stage"
    template: str = ""
    made_by: Literal["", "research", "hypotheses", "co-creation"] = ""
    scenario: str = ""
    expectation: str = ""
    planned_days: Days | None = None
    measured: Measured | None = None
    stages: dict[str, Stage] = {}
    steps: dict[str, Step] = {}
    lanes: dict[str, Lane] = {}
    feelings: dict[str, Feeling] = {}
    competitors: dict[str, Competitor] = {}
    criteria: dict[str, Criterion] = {}
    cards: dict[str, Card] = {}
    comments: dict[str, Comment] = {}

    @field_validator("journey", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("journey")
    @classmethod
    def _kinds(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for kind in value:
            if kind not in JOURNEY_KINDS:
                raise ValueError(f"there is no kind of journey `{kind}`; there are {', '.join(JOURNEY_KINDS)}")
        return value

    def sort_key(self, thing: Thing) -> tuple[Any, ...]:
        """Steps by their stage; cards, feelings by stage, step and lane; what has lost its stage or lane comes last."""
        if isinstance(thing, Step):
            return (_order(self.stages, thing.stage), thing.order, thing.id)
        if isinstance(thing, Card):
            step = _order(self.steps, thing.step) if thing.step else ("", "")
            return (_order(self.stages, thing.stage), step, _order(self.lanes, thing.lane), thing.order, thing.id)
        if isinstance(thing, Feeling):
            step = _order(self.steps, thing.step) if thing.step else ("", "")
            return (_order(self.stages, thing.stage), step, thing.persona, thing.how)
        return super().sort_key(thing)

    def planned_total(self) -> float | None:
        """Planned days of the whole journey: as stated, else the sum of the stages that have a plan."""
        days = [stage.planned_days for stage in self.stages.values() if stage.planned_days is not None]
        return self.planned_days if self.planned_days is not None else sum(days) if days else None


def _order(things: dict[str, Any], name: str) -> tuple[str, str]:
    return (things[name].order, name) if name in things else ("~", name)
