"""Surveys: made, opened, shared, their results; and the public form, plain HTML that works without script."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from etappe.errors import Fault, NotFound, TooManyFault
from etappe.maps.survey_form import refused
from etappe.server import shapes
from etappe.server.here import Asked, here_of
from etappe.server.needs import Needs, address_of
from etappe.server.page import simple
from etappe.words.result import plain
from etappe.workspace.surveys import Surveys, bring_in, form_address

router = APIRouter(tags=["surveys"])
pages = APIRouter(include_in_schema=False)

Sees = Annotated[Asked, Depends(Needs("see"))]
Edits = Annotated[Asked, Depends(Needs("edit"))]
_STATUS = {"open": 200, "closed": 410, "used": 410, "expired": 410, "unknown": 404}


class NewSurvey(BaseModel):
    """A survey to be made from a template, or as a copy of another one."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")
    template: str = Field("", max_length=80)
    title: str = Field("", max_length=400)
    language: Literal["", "de", "en"] = ""
    access: Literal["public", "link"] = "link"
    anonymous: bool = True
    stage: str = Field("", max_length=120)
    touchpoint: str = Field("", max_length=120)
    copy_of: str = Field("", max_length=80)


class Inviting(BaseModel):
    """One-time links to be made; `about` is what a link knows of who gets it (email, company, …), unless the survey is anonymous."""

    count: int = Field(1, ge=1, le=1000)
    days: int = Field(60, ge=1, le=366)
    about: dict[Literal["email", "contact_ref", "company", "persona", "stage"], Annotated[str, Field(max_length=400)]] = {}


class Opening(BaseModel):
    """Open for answers, or closed."""

    state: Literal["open", "closed"]


@router.post("/surveys", status_code=201)
def make_survey(given: NewSurvey, asked: Edits) -> shapes.Listed:
    """Makes a survey, as a draft."""
    atlas = asked.here.workspace.atlas
    if given.copy_of:
        Surveys(atlas).copy(given.copy_of, given.id, asked.user.name, title=given.title)
    else:
        fields = given.model_dump(exclude={"id", "template", "language", "copy_of"})
        Surveys(atlas).new(given.id, asked.user.name, template=given.template, language=given.language, **fields)
    return shapes.Listed.model_validate(next(row for row in atlas.listed("survey") if row.id == given.id), from_attributes=True)


@router.post("/surveys/{id}/state")
def open_survey(id: str, given: Opening, asked: Edits) -> shapes.Edited:
    """Opens a survey for answers, or closes it."""
    from etappe.server.routes.maps import edited

    return edited(asked, Surveys(asked.here.workspace.atlas).open(id, asked.user.name, closed=given.state == "closed"))


@router.post("/surveys/{id}/links", status_code=201)
def invite(id: str, given: Inviting, asked: Edits) -> dict[str, Any]:
    """Makes one-time links; they are told this once. A public survey has one address for all besides."""
    room = Surveys(asked.here.workspace.atlas)
    tokens = room.invite(id, given.count, days=given.days, about={str(key): value for key, value in given.about.items()})
    asked.note("invited to survey", id, count=given.count)
    return {"links": [form_address(id, token) for token in tokens], "public": form_address(id) if room.load(id).access == "public" else None}


@router.get("/surveys/{id}/form", response_class=HTMLResponse)
def preview(id: str, asked: Sees, language: Annotated[Literal["", "de", "en"], Query()] = "") -> HTMLResponse:
    """The form as it will look, before it is open; nothing can be sent from it."""
    return HTMLResponse(Surveys(asked.here.workspace.atlas).preview(id, language))


@router.get("/surveys/{id}/results")
def results(id: str, asked: Sees) -> dict[str, Any]:
    """The figure of each question by its recipe, the texts given, and how many links were made and used."""
    room = Surveys(asked.here.workspace.atlas)
    rows = room.results(id)
    if asked.user.personal:
        asked.note("saw answers", id)
    else:
        rows = [{name: value for name, value in row.items() if name != "texts"} for row in rows]
    shown: dict[str, Any] = plain({"questions": rows, "counts": room.responses.counts(id)})
    return shown


@router.post("/surveys/deliver", status_code=202)
def deliver(asked: Annotated[Asked, Depends(Needs("feed"))]) -> shapes.JobShape:
    """Brings the answers that the evidence does not have yet into it; long work."""
    from etappe.server.routes.sources import shape

    here = asked.here

    def work(_say: Any) -> dict[str, Any]:
        many, reports = bring_in(here.workspace)
        return {"answers": many, "files": [{**shown, "path": Path(shown["path"]).name} for shown in (report.to_dict() for report in reports)]} if many else {"answers": 0}

    return shape(here.jobs.start("deliver", asked.user.name, work))


@pages.get("/s/{survey}")
@pages.get("/s/{survey}/{token}")
def form_page(survey: str, request: Request, token: str = "", language: str = "") -> Response:
    """What a visitor of the form sees."""
    here = here_of(request)
    try:
        here.limits.count("survey", address_of(request), 60, 60)
        state, text = Surveys(here.workspace.atlas).page(survey, token=token, language=_language(request, language), action=request.url.path)
    except Fault as fault:
        return _no_form(fault, _language(request, language))
    return HTMLResponse(text, _STATUS[state])


@pages.post("/s/{survey}")
@pages.post("/s/{survey}/{token}")
async def form_sent(survey: str, request: Request, token: str = "", language: str = "") -> Response:
    """Takes a sent form."""
    from starlette.concurrency import run_in_threadpool

    here = here_of(request)
    try:
        here.limits.count("survey sent", address_of(request), 20, 60)
        given = {name: str(value) for name, value in (await request.form(max_fields=500, max_files=0)).items()}
        done, text = await run_in_threadpool(
            lambda: Surveys(here.workspace.atlas).submit(survey, given, token=token, language=_language(request, language), action=request.url.path)
        )
    except Fault as fault:
        return _no_form(fault, _language(request, language))
    return HTMLResponse(text, 422 if done.faults else _STATUS[done.state])


def _no_form(fault: Fault, language: str) -> Response:
    if isinstance(fault, NotFound):
        return HTMLResponse(refused("unknown", language), 404)
    if isinstance(fault, TooManyFault):
        words = ("Zu viele Versuche", "Bitte versuchen Sie es in einer Minute noch einmal.") if language == "de" else ("Too many tries", "Please try again in a minute.")
        return HTMLResponse(simple(words[0], f"<p>{words[1]}</p>", language), 429)
    return HTMLResponse(refused("closed", language), 422)


def _language(request: Request, given: str) -> str:
    """As asked for, else the browser's first that we speak."""
    said = [part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    return given if given in ("de", "en") else next((item for item in said if item in ("de", "en")), "de")
