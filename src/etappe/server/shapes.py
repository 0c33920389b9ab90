"""The shapes of answers that pages rely on, for the OpenAPI document and the generated client."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from etappe.maps.changes import Change
from etappe.maps.map import Map

_DEEPEST: Final = 40  # levels of what comes with an edit


class Shape(BaseModel):
    """An answer; further fields may come."""

    model_config = ConfigDict(extra="allow")


class Person(Shape):
    """Who is signed in."""

    name: str
    shown: str
    initials: str
    role: Literal["viewer", "editor", "admin"] | None
    personal: bool


class GuestOf(Shape):
    """What a guest may do, on which map, in which lanes (none: all)."""

    map: str
    can: Literal["view", "comment", "edit"]
    lanes: list[str]


class SignIn(Shape):
    """The ways to sign in."""

    password: bool
    oidc: bool


class Session(Shape):
    """Who asks, in which language, and the proof that changing requests carry in `X-CSRF`."""

    user: Person | None
    guest: GuestOf | None = None
    language: Literal["de", "en"]
    csrf: str
    signin: SignIn
    company: str
    currency: str
    built: bool
    version: str


class RecipeShape(Shape):
    """How a figure is made, in words."""

    name: str
    version: int
    words: str


class PeriodShape(Shape):
    """From (in) to (out), ISO days; null is open."""

    from_: str | None = Field(None, alias="from")
    to: str | None = None


class HeadlineShape(Shape):
    """A number that answers the question at a glance, with its words: a figure or a plain count."""

    words: str
    value: Any


class Answer(Shape):
    """What an analysis says, in one language: headline, rows of values and figures, headings by column, with recipe, population, period, state of knowledge, drawing."""

    analysis: str
    title: str
    question: str
    language: Literal["de", "en"]
    recipe: RecipeShape
    population: dict[str, Any]
    period: PeriodShape
    as_of: str | None
    columns: list[str]
    headings: dict[str, str]
    brief: list[str]
    rows: list[dict[str, Any]]
    caveats: list[str]
    headline: list[HeadlineShape]
    drawing: dict[str, Any] | None = None


class OptionShape(Shape):
    """A parameter of an analysis beyond the common filters."""

    name: str
    words: str
    words_de: str
    default: Any = None
    choices: list[str] = []


class AnalysisShape(Shape):
    """One analysis: its titles, its question, its own options."""

    name: str
    title: str
    title_de: str
    question: str
    question_de: str
    options: list[OptionShape]


class Rows(Shape):
    """The records behind the figures of an answer; `more` where there are further ones."""

    columns: list[str]
    rows: list[dict[str, Any]]
    more: bool


class Company(Shape):
    """A company in the list: with its journeys counted and the state of its latest one."""

    account_id: str
    name: str | None
    domain: str | None
    city: str | None = None
    country: str | None = None
    industry: str | None = None
    tier: str | None = None
    type: str | None = None
    owner: str | None = None
    persons: int | None = None
    journeys: int = 0
    steps: int | None = None
    first_step_at: str | None = None
    last_step_at: str | None = None
    won_value: float | None = None
    deal_value: float | None = None
    currency: str | None = None
    kind: str | None = None
    outcome: str | None = None
    stage: str | None = None
    segment: str | None = None


class Companies(Shape):
    """One page of companies."""

    total: int
    page: int
    size: int
    rows: list[Company]


class Listed(Shape):
    """A document in a list; `passages` counts the coded ones of an interview.

    `day` is when an interview was held or a review began, `state` how an interview decided or whether a review is open,
    `of` the map of a review.
    """

    id: str
    title: str
    owner: str
    review_by: dt.date | None
    revision: int
    changed_at: dt.datetime
    changed_by: str
    passages: int | None = None
    day: dt.date | None = None
    state: str = ""
    of: str = ""


class MapAnswer(Shape):
    """A map with its revision; `can` is what who asks may do with it."""

    revision: int
    can: Literal["view", "comment", "edit"]
    document: Map


class Edits(BaseModel):
    """Changes to be done as one edit. `id` (8 to 40 letters and digits) makes it safe to send twice."""

    base_revision: int | None = Field(None, ge=0, le=2**53)
    changes: list[Change] = Field(min_length=1, max_length=2000)
    id: str = Field("", pattern=r"^([A-Za-z0-9_-]{8,40})?$")
    note: str = Field("", max_length=400)

    @field_validator("changes", mode="before")
    @classmethod
    def _can_be_kept(cls, given: Any) -> Any:
        """Values of any kind may come; those that could not be written down again are refused here."""
        level = [given]
        for _ in range(_DEEPEST):
            for item in level:
                if isinstance(item, str) and not item.isascii() and any("\ud800" <= letter <= "\udfff" for letter in item):
                    raise ValueError("A text holds half a letter (a lone surrogate)")
            level = [inner for item in level if isinstance(item, (dict, list)) for inner in (item.values() if isinstance(item, dict) else item)]
            if not level:
                return given
        raise ValueError("This nests too deep")


class Conflict(Shape):
    """A field that somebody else had changed since `base_revision`; what counts is `yours` here, and both are in the log."""

    id: str
    field: list[str]
    yours: Any = None
    theirs: Any = None
    by: str
    counts: Literal["yours", "theirs"]
    revision: int


class Edited(Shape):
    """What came of an edit: committed as `revision`; `applied` false where nothing was to be changed."""

    revision: int
    applied: bool
    conflicts: list[Conflict] = []
    edit: str | None = None


class EditShape(Shape):
    """One entry of a document's log."""

    id: str
    revision: int
    base: int
    author: str
    at: dt.datetime
    change: Change
    words: str
    told: list[str]
    undoes: str = ""
    note: str = ""


class MarkShape(Shape):
    """A named version."""

    name: str
    revision: int
    author: str
    at: dt.datetime


class History(Shape):
    """The log of a document, newest first, with its named versions."""

    edits: list[EditShape]
    marks: list[MarkShape]


class Done(Shape):
    """It is done."""

    done: bool = True


class JobShape(Shape):
    """Long work and how far it is."""

    id: str
    kind: str
    by: str
    made_at: dt.datetime
    state: Literal["waiting", "running", "done", "failed"]
    progress: float
    words: str
    result: Any = None
    error: Any = None
    done_at: dt.datetime | None = None
