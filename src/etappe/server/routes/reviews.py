"""Reviews: numbers frozen, what changed, decisions, tasks, the next date, minutes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from etappe.errors import WorkspaceFault
from etappe.server import shapes
from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.server.routes.maps import edited
from etappe.words.result import plain
from etappe.workspace.reviews import Reviews

router = APIRouter(tags=["reviews"])

Sees = Annotated[Asked, Depends(Needs("see"))]
Edits = Annotated[Asked, Depends(Needs("edit"))]


class Starting(BaseModel):
    """A review of a map."""

    map: str = Field(max_length=80)
    attendees: list[Annotated[str, Field(max_length=120)]] = Field([], max_length=100)


class Deciding(BaseModel):
    """What was decided, and by whom."""

    text: str = Field(min_length=1, max_length=10_000)
    by: str = Field("", max_length=200)


class Handing(BaseModel):
    """What somebody will do until when."""

    text: str = Field(min_length=1, max_length=10_000)
    owner: str = Field("", max_length=200)
    due: dt.date | None = None
    card: str = Field("", max_length=120)


class Closing(BaseModel):
    """Minutes in one's own words, and the next date (else in half a year)."""

    notes: str = Field("", max_length=100_000)
    next_on: dt.date | None = None


@router.post("/reviews", status_code=201)
def start_review(given: Starting, asked: Edits) -> dict[str, Any]:
    """Starts a review: freezes what the evidence says to the map today."""
    ws = asked.here.workspace
    try:
        found: dict[str, Any] | None = ws.check(given.map).to_dict()
    except WorkspaceFault:
        found = None
    made = Reviews(ws.atlas).start(given.map, asked.user.name, found, attendees=tuple(given.attendees))
    asked.note("started review", made.id)
    return {"id": made.id, "frozen": len(made.claims)}


@router.get("/reviews/tasks")
def review_tasks(asked: Sees) -> list[dict[str, Any]]:
    """The open tasks of all reviews, the most overdue first."""
    shown: list[dict[str, Any]] = plain(Reviews(asked.here.workspace.atlas).tasks())
    return shown


@router.get("/reviews/{id}/since")
def review_since(id: str, asked: Sees) -> dict[str, Any]:
    """What changed since the review before, the cards nobody has touched, and what claims, cards and stages of it are called."""
    from etappe.reports.review import called
    from etappe.workspace import rules

    ws = asked.here.workspace
    room = Reviews(ws.atlas)
    review = room.load(id)
    changed = room.since(review)
    words = called(review, changed, room.looked_at(review), rules.readable_names(ws.folder))
    return {"since": changed.to_dict() if changed else None, "stale": room.stale(review), "words": words}


@router.post("/reviews/{id}/decisions", status_code=201)
def decide_review(id: str, given: Deciding, asked: Edits) -> shapes.Edited:
    """Notes a decision."""
    return edited(asked, Reviews(asked.here.workspace.atlas).decide(id, given.text, asked.user.name, by=given.by))


@router.post("/reviews/{id}/tasks", status_code=201)
def hand_out_task(id: str, given: Handing, asked: Edits) -> shapes.Edited:
    """Hands out a task."""
    return edited(asked, Reviews(asked.here.workspace.atlas).task(id, given.text, asked.user.name, owner=given.owner, due=given.due, card=given.card))


@router.post("/reviews/{id}/tasks/{task}/done")
def finish_task(id: str, task: str, asked: Edits) -> shapes.Edited:
    """Marks a task as done."""
    return edited(asked, Reviews(asked.here.workspace.atlas).finish(id, task, asked.user.name))


@router.post("/reviews/{id}/close")
def close_review(id: str, given: Closing, asked: Edits) -> shapes.Done:
    """Closes a review and sets the map's next date."""
    room = Reviews(asked.here.workspace.atlas)
    room.close(room.load(id).of, asked.user.name, notes=given.notes, next_on=given.next_on)
    asked.note("closed review", id)
    return shapes.Done()


@router.get("/reviews/{id}/minutes")
def review_minutes(id: str, asked: Sees, language: Annotated[Literal["", "de", "en"], Query()] = "") -> Response:
    """The minutes as Markdown."""
    text = Reviews(asked.here.workspace.atlas).text(id, language)
    return Response(text, media_type="text/markdown; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="minutes.md"'})
