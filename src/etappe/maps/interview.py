"""The interview: who spoke, and what was said about what. The words themselves are kept beside it and never change."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from etappe.maps.document import Comment, Document, Migration, Thing
from etappe.maps.map import Score

RINGS: Final = ("trigger", "success", "barrier", "way", "criterion")
"""The five buying insights: what set it off, what success means, what stood in the way, how they buy, by which criteria
(the model is Revella's, *Buyer Personas*, Wiley 2015)."""

FORCES: Final = ("push", "pull", "anxiety", "habit")
"""The four forces of a switch: push of the situation, pull of the new, anxiety of the new, habit of the present (Moesta, Spiek)."""


class Turn(BaseModel):
    """What one speaker said without a break; `seconds` is when, where the transcript says."""

    model_config = ConfigDict(frozen=True)

    speaker: str = ""
    text: str
    seconds: float | None = None


class Speaker(Thing):
    """Somebody who speaks; `id` is the name in the turns, masked unless names were kept."""

    ORDERED: ClassVar[bool] = False

    role: Literal["interviewer", "respondent", "other"] = "respondent"
    buying_role: str = ""


class Passage(Thing):
    """A coded passage: where it stands (turn, from and to which character), its words, and what it is about."""

    ORDERED: ClassVar[bool] = False

    turn: int
    start: int = 0
    end: int = 0
    quote: str = ""
    speaker: str = ""
    seconds: float | None = None
    ring: Literal["", "trigger", "success", "barrier", "way", "criterion"] = ""
    force: Literal["", "push", "pull", "anxiety", "habit"] = ""
    topics: tuple[str, ...] = ()
    stage: str = ""
    lane: str = ""
    persona: str = ""
    touchpoint: str = ""
    feeling: Score | None = None
    note: str = ""

    @field_validator("topics", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


class Interview(Document):
    """One interview. `decision` says how they had decided: for us, against us, or not yet."""

    NAME: ClassVar[str] = "interview"
    VERSION: ClassVar[int] = 1
    MIGRATIONS: ClassVar[dict[int, Migration]] = {}
    COLLECTIONS: ClassVar[dict[str, type[Thing]]] = {"speakers": Speaker, "passages": Passage, "comments": Comment}

    held_on: dt.date | None = None
    personas: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    decision: Literal["", "won", "lost", "open"] = ""
    masked: bool = True
    file: str = ""
    turns: Annotated[int, Field(ge=0)] = 0
    words: Annotated[int, Field(ge=0)] = 0
    speakers: dict[str, Speaker] = {}
    passages: dict[str, Passage] = {}
    comments: dict[str, Comment] = {}

    def sort_key(self, thing: Thing) -> tuple[Any, ...]:
        """Passages in the order in which they were said."""
        if isinstance(thing, Passage):
            return (thing.turn, thing.start, thing.id)
        return super().sort_key(thing)
