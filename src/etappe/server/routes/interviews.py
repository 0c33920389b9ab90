"""Interviews: transcripts in, passages coded, k of n, saturation, quotes to cards."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, UploadFile
from pydantic import BaseModel, Field

from etappe.errors import FileFault
from etappe.maps.changes import Remove
from etappe.maps.coding import passage as made_passage
from etappe.maps.interview import FORCES, RINGS
from etappe.server import shapes
from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.server.routes.documents import seen
from etappe.server.routes.maps import edited
from etappe.workspace.incoming import safe_name
from etappe.workspace.interviews import Interviews

router = APIRouter(tags=["interviews"])

Sees = Annotated[Asked, Depends(Needs("see"))]
Edits = Annotated[Asked, Depends(Needs("edit"))]
MOST = 8 << 20


class Coding(BaseModel):
    """A passage, by its place in a turn, with what it is about."""

    turn: int = Field(ge=0, le=1_000_000)
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    ring: Literal["", "trigger", "success", "barrier", "way", "criterion"] = ""
    force: Literal["", "push", "pull", "anxiety", "habit"] = ""
    topics: list[Annotated[str, Field(max_length=120)]] = Field([], max_length=30)
    stage: str = Field("", max_length=120)
    lane: str = Field("", max_length=120)
    persona: str = Field("", max_length=120)
    touchpoint: str = Field("", max_length=120)
    feeling: float | None = Field(None, ge=-2, le=2)
    note: str = Field("", max_length=4000)


class Using(BaseModel):
    """What a passage supports: a card of a map, or a trait of a persona."""

    passage: str = Field(max_length=120)
    map: str = Field("", max_length=80)
    card: str = Field("", max_length=120)
    persona: str = Field("", max_length=80)
    trait: str = Field("", max_length=120)


class Renaming(BaseModel):
    """A topic and what it is to be called, in all interviews; the name of another topic brings the two together."""

    topic: str = Field(min_length=1, max_length=120)
    to: str = Field(min_length=1, max_length=120)


@router.post("/interviews/files", status_code=201)
def import_interviews(
    files: list[UploadFile], asked: Edits, names: Annotated[bool, Form()] = False, mask: Annotated[list[str] | None, Form()] = None,
    interviewer: Annotated[str, Form(max_length=200)] = "", held_on: Annotated[dt.date | None, Form()] = None, personas: Annotated[list[str] | None, Form()] = None,
    segments: Annotated[list[str] | None, Form()] = None, decision: Annotated[Literal["", "won", "lost", "open"], Form()] = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """Imports transcripts (text, Markdown, DOCX, VTT, SRT); names are masked before anything is written, unless `names`."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, file in enumerate(files):
            path = Path(folder) / str(number) / safe_name(file.filename or "")
            path.parent.mkdir()
            with path.open("wb") as out:
                shutil.copyfileobj(file.file, out, 1 << 20)
            if path.stat().st_size > MOST:
                raise FileFault(f"{path.name} is larger than {MOST >> 20} MB", path.name, "a transcript is text: send the text alone")
            paths.append(path)
        done = Interviews(asked.here.workspace.atlas).import_(
            paths, asked.user.name, names=names, mask_also=mask or (), interviewer=interviewer, held_on=held_on, personas=personas or (), segments=segments or (), decision=decision,
        )  # fmt: skip
    asked.note("imported interviews", ", ".join(item.interview.id for item in done if item.interview), names=names)
    return [
        {"file": Path(item.path).name, "interview": item.interview.id if item.interview else None, "made": item.made, "passages": len(item.interview.passages) if item.interview else 0,
         "turns": item.interview.turns if item.interview else 0, "words": item.interview.words if item.interview else 0, "speakers": len(item.interview.speakers) if item.interview else 0,
         "error": {**item.fault.to_dict(), "where": item.fault.where.replace(item.path, Path(item.path).name)} if item.fault else None}
        for item in done
    ]  # fmt: skip


@router.get("/interviews/insights")
def insights(
    asked: Sees, by: Literal["topic", "ring", "force", "stage", "lane", "persona"] = "topic", persona: Annotated[str, Query(max_length=120)] = "",
    segment: Annotated[str, Query(max_length=120)] = "", stage: Annotated[str, Query(max_length=120)] = "",
) -> dict[str, Any]:  # fmt: skip
    """What k of n interviews speak of, with the quotes; and whether further interviews would still add something."""
    room = Interviews(asked.here.workspace.atlas)
    return {
        "insights": [item.to_dict() for item in room.insights(by, persona=persona, segment=segment, stage=stage)], "saturation": room.saturation(persona=persona, segment=segment).to_dict(),
        "rings": list(RINGS), "forces": list(FORCES),
    }  # fmt: skip


@router.get("/interviews/{id}/text")
def interview_text(id: str, asked: Sees) -> list[dict[str, Any]]:
    """What was said, turn by turn."""
    room = Interviews(asked.here.workspace.atlas)
    seen(asked.user, room.load(id))
    asked.note("saw interview", id)
    return [turn.model_dump() for turn in room.turns(id)]


@router.post("/interviews/{id}/codes", status_code=201)
def code_passage(id: str, given: Coding, asked: Edits) -> shapes.Edited:
    """Codes a passage."""
    from etappe.errors import MapFault
    from etappe.maps.changes import Add

    atlas = asked.here.workspace.atlas
    room = Interviews(atlas)
    seen(asked.user, room.load(id))
    turns = room.turns(id)
    said = turns[given.turn].text[given.start : given.end] if given.turn < len(turns) else ""
    codes = {name: value for name, value in given.model_dump(exclude={"turn", "start", "end"}).items() if value not in ("", None, [])}
    if not said.strip() or not codes:
        raise MapFault("There are no words there." if codes else "The code says nothing about the passage.", f"turn {given.turn}", "Mark words, and give a ring, a force or a topic.")
    thing = made_passage(given.turn, turns[given.turn], given.start, min(given.end, len(turns[given.turn].text)), said, codes)
    return edited(asked, atlas.apply("interview", id, Add(collection="passages", thing=thing), asked.user.name))


@router.delete("/interviews/{id}/codes/{passage}")
def uncode_passage(id: str, passage: str, asked: Edits) -> shapes.Edited:
    """Takes a code away."""
    return edited(asked, asked.here.workspace.atlas.apply("interview", id, Remove(collection="passages", id=passage), asked.user.name))


@router.get("/interviews/{id}/uses")
def uses_of_passages(id: str, asked: Sees) -> dict[str, list[dict[str, str]]]:
    """What rests on the passages of an interview: cards of maps and traits of personas, by passage."""
    room = Interviews(asked.here.workspace.atlas)
    seen(asked.user, room.load(id))
    return room.uses(id)


@router.post("/interviews/{id}/use")
def use_passage(id: str, given: Using, asked: Edits) -> shapes.Edited:
    """Links a passage to a card of a map or a trait of a persona as evidence, with its words."""
    room = Interviews(asked.here.workspace.atlas)
    seen(asked.user, room.load(id))
    if given.persona:
        return edited(asked, room.use(id, given.passage, given.persona, given.trait, asked.user.name, kind="persona"))
    done = room.use(id, given.passage, given.map, given.card, asked.user.name)
    asked.here.rooms.told_from_thread(done)
    return edited(asked, done)


@router.post("/interviews/topics/rename")
def rename_topic(given: Renaming, asked: Edits) -> dict[str, Any]:
    """Calls a topic otherwise in all interviews that one may see: how many interviews and passages that changed."""
    room = Interviews(asked.here.workspace.atlas)
    done = room.rename_topic(given.topic, given.to, asked.user.name, lambda one: one.masked or asked.user.personal)
    asked.note("renamed topic", f"{given.topic} → {given.to}", interviews=done[0])
    return {"interviews": done[0], "passages": done[1]}
