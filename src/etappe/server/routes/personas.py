"""Personas and segments: made from templates, from a list of companies, or anew."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from etappe.maps.segment import Segment
from etappe.server import behind, shapes
from etappe.server.answering import answered, persona_of
from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.server.routes.accounts import Asking
from etappe.server.routes.exports import all_companies, records_sent
from etappe.words.result import plain
from etappe.workspace.answers import with_names
from etappe.workspace.persona_rule import found_by
from etappe.workspace.segments import listed_rule, living_rule, sizes
from etappe.workspace.workspace import Workspace

router = APIRouter()

Sees = Annotated[Asked, Depends(Needs("see"))]
Edits = Annotated[Asked, Depends(Needs("edit"))]
RuleField = Literal["title", "department", "role", "seniority", "email", "language", "touchpoint"]
Figure = Annotated[str, Query(max_length=80)]


class NewDocument(BaseModel):
    """A persona or segment to be made."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")
    title: str = Field("", max_length=400)
    template: str = Field("", max_length=80)
    language: Literal["", "de", "en"] = ""
    copy_of: str = Field("", max_length=80)


class NewList(BaseModel):
    """A list of companies to be kept as a segment: the companies themselves, or those that filters of the list find now.

    `living`: keep the filters rather than the companies, so that it changes with the evidence; possible where all of them
    are of the company (tier, industry, country, type).
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")
    title: str = Field("", max_length=400)
    sentence: str = Field("", max_length=2000)
    accounts: list[Annotated[str, Field(max_length=200)]] = Field([], max_length=20_000)
    asking: Asking | None = None
    living: bool = False


class TryingRule(BaseModel):
    """A rule who belongs to a persona, to be tried: patterns by field; of several patterns of one field any has to hold."""

    rule: dict[RuleField, list[Annotated[str, Field(min_length=1, max_length=400)]]] = Field(max_length=7)
    persona: str = Field("", max_length=80)


class MadeDocument(shapes.Shape):
    """What was made."""

    id: str
    revision: int


@router.post("/personas", status_code=201, tags=["personas"])
def make_persona(given: NewDocument, asked: Edits) -> MadeDocument:
    """Makes a persona, empty, from a template, or as a copy."""
    atlas, who = asked.here.workspace.atlas, asked.user.name
    titled: dict[str, Any] = {"title": given.title} if given.title else {}
    made = atlas.copy("persona", given.copy_of, given.id, who, **titled) if given.copy_of else atlas.new_persona(given.id, who, template=given.template, language=given.language, **titled)
    return MadeDocument(id=given.id, revision=made.revision)


@router.get("/personas/{id}/page", tags=["personas"])
def persona_page(id: str, asked: Sees, request: Request) -> Response:
    """What the evidence says of a persona: how many there are, how they buy and win, what interviews say."""
    return answered(request, persona_of(asked.here.views, id))


@router.post("/personas/rule", tags=["personas"])
def try_persona_rule(given: TryingRule, asked: Edits) -> dict[str, Any]:
    """How many people a rule finds today, in how many companies, with which job titles; before anybody keeps it."""
    ws, build = asked.here.workspace, asked.here.views.build()
    with ws._engine() as engine:
        return found_by(ws, engine, build, {name: patterns for name, patterns in given.rule.items() if patterns}, given.persona)


@router.get("/personas/{id}/rows", tags=["personas"], response_model=shapes.Rows)
def rows_of_persona(id: str, asked: Sees, request: Request, figure: Figure, limit: Annotated[int, Query(ge=1, le=10_000)] = 500) -> Response:
    """The records that a figure of a persona counts: its people (`size`), journeys (`revenue`, `win_rate`, `win_rate_of_all`), seats (`role:user`)."""
    ws = asked.here.workspace
    asked.note("saw rows", f"persona {id}", figure=figure)
    stamp = {"persona": id, "revision": ws.atlas.store.revision("persona", id), "figure": figure}
    return behind.some(asked, request, "persona rows", stamp, limit, persona_records(ws, id, figure))


@router.get("/personas/{id}/rows/export", tags=["personas"], response_class=Response)
def export_persona_rows(id: str, asked: Sees, figure: Figure, format: Literal["csv", "xlsx"] = "csv", language: Literal["de", "en"] | None = None) -> Response:
    """The records that a figure of a persona counts, as a file."""
    asked.note("exported", f"persona {id} {figure}", format=format, rows=True)
    return records_sent(asked, persona_records(asked.here.workspace, id, figure), f"{id}-rows", format, language)


def persona_records(ws: Workspace, id: str, figure: str) -> behind.Records:
    """The records behind a figure of a persona, with the names of their companies."""
    return lambda engine, build, limit: with_names(engine, build, [plain(row) for row in ws.persona_rows(id, figure, limit)])


@router.post("/segments", status_code=201, tags=["segments"])
def make_segment(given: NewDocument, asked: Edits) -> MadeDocument:
    """Makes a segment, empty or as a copy."""
    atlas, who = asked.here.workspace.atlas, asked.user.name
    if given.copy_of:
        made = atlas.copy("segment", given.copy_of, given.id, who, **({"title": given.title} if given.title else {}))
    else:
        made = atlas.store.create(Segment.load({"id": given.id, "title": given.title, "language": given.language or atlas.settings.language, "owner": who}), who)
    return MadeDocument(id=given.id, revision=made.revision)


@router.post("/segments/lists", status_code=201, tags=["segments"])
def keep_list(given: NewList, asked: Edits) -> MadeDocument:
    """Keeps a list of companies as a segment, which every filter then offers."""
    ws, who = asked.here.workspace, asked.user.name
    if given.living:
        rule = living_rule(given.asking.model_dump() if given.asking else {})
    else:
        build = asked.here.views.build()
        rows = all_companies(ws, build, given.asking) if given.asking else []
        rule = listed_rule(ws, build, [*given.accounts, *(row["account_id"] for row in rows)])
    document = Segment.load({"id": given.id, "title": given.title or given.id, "sentence": given.sentence, "language": ws.settings.language, "owner": who, "rule": rule})
    made = ws.atlas.store.create(document, who)
    asked.note("kept segment", given.id, companies=len(rule.get("accounts", [])))
    return MadeDocument(id=given.id, revision=made.revision)


@router.get("/segments/sizes", tags=["segments"])
def segment_sizes(asked: Sees, request: Request) -> Response:
    """How many companies each segment with a rule has today."""
    ws = asked.here.workspace
    stamp = {row.id: row.revision for row in ws.atlas.listed("segment")}
    return answered(request, asked.here.views.get("segment sizes", stamp, lambda engine, build: sizes(ws, engine, build)))
