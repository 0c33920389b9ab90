"""Maps: made, read, edited in order, with their history and versions."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from etappe.errors import NotFound
from etappe.maps.map import Map
from etappe.server import behind, shapes
from etappe.server.answering import answered, check_of
from etappe.server.here import Asked
from etappe.server.live import apply
from etappe.server.needs import Needs
from etappe.tables.keep import Build
from etappe.words.result import plain
from etappe.workspace.access import CANS, Who, may, opened, suppressed
from etappe.workspace.answers import with_names
from etappe.workspace.clashes import clashes
from etappe.workspace.groups import stamp as stamp_of
from etappe.workspace.views import View
from etappe.workspace.workspace import Workspace

router = APIRouter(tags=["maps"])

Sees = Annotated[Asked, Depends(Needs("see"))]
SeesMap = Annotated[Asked, Depends(Needs("see map"))]
Comments = Annotated[Asked, Depends(Needs("comment map"))]
EditsMap = Annotated[Asked, Depends(Needs("edit map"))]
Makes = Annotated[Asked, Depends(Needs("edit"))]


class NewMap(BaseModel):
    """A map to be made from a template."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")
    title: str = Field("", max_length=400)
    template: str = "seven-phases"
    language: Literal["", "de", "en"] = ""
    languages: list[Literal["de", "en"]] = []
    personas: list[str] = []
    journey: list[str] = []
    way: Literal["", "research", "hypotheses", "co-creation"] = ""
    examples: bool = False
    copy_of: str = ""


class Undoing(BaseModel):
    """`redo` does again what was undone; `force` also over what others wrote since."""

    redo: bool = False
    force: bool = False


class Restoring(BaseModel):
    """To which revision or named version; `only` one card or other thing."""

    to: str = Field(max_length=120)
    only: str = Field("", max_length=120)


class Marking(BaseModel):
    """A name for the present state."""

    name: str = Field(min_length=1, max_length=120)


class Adding(BaseModel):
    """Blind spots by their ids."""

    ids: list[Annotated[str, Field(max_length=200)]] = Field([], max_length=500)


class Remarking(BaseModel):
    """A comment on a card, or on the map itself."""

    text: str = Field(min_length=1, max_length=10_000)
    on: str = Field("", max_length=120)


@router.get("/maps")
def list_maps(asked: Sees, removed: bool = False) -> list[shapes.Listed]:
    """All maps; or those taken off the list (`removed`)."""
    return [shapes.Listed.model_validate(row, from_attributes=True) for row in asked.here.workspace.atlas.listed("map", removed)]


@router.post("/maps", status_code=201)
def make_map(given: NewMap, asked: Makes) -> shapes.MapAnswer:
    """Makes a map from a template, or as a copy of another one."""
    atlas, who = asked.here.workspace.atlas, asked.user
    if given.copy_of:
        made = atlas.copy("map", given.copy_of, given.id, who.name, **({"title": given.title} if given.title else {}))
    else:
        fields = given.model_dump(exclude={"id", "copy_of", "template", "language"})
        made = atlas.new_map(given.id, who.name, template=given.template, language=given.language, **fields)
    return _answer(made.document, made.revision, who)


@router.get("/maps/{slug}")
def read_map(slug: str, asked: SeesMap, revision: Annotated[str, Query(max_length=120)] = "") -> shapes.MapAnswer:
    """A map with its revision; as it was at `revision` (a number or a named version). Guests see the opened lanes."""
    document, number = asked.here.workspace.atlas.load("map", f"{slug}@{revision}" if revision and asked.user.role else slug)
    return _answer(document, number, asked.user)


@router.delete("/maps/{slug}")
def remove_map(slug: str, asked: Makes) -> shapes.Done:
    """Takes a map off the list; `restore` brings it back."""
    asked.here.workspace.atlas.store.remove("map", slug)
    asked.note("removed map", slug)
    return shapes.Done()


@router.post("/maps/{slug}/edits")
def edit_map(slug: str, given: shapes.Edits, asked: Comments) -> shapes.Edited:
    """Does changes as one edit, on the newest state; acknowledged once it is committed."""
    here, who = asked.here, asked.user
    done = apply(here.workspace.atlas, slug, who, given.changes, given.base_revision, given.id, given.note, here.rooms.told_from_thread)
    return edited(asked, done)


@router.post("/maps/{slug}/undo")
def undo_map(slug: str, given: Undoing, asked: EditsMap) -> shapes.Edited:
    """Takes one's own last edit back, or does it again."""
    done = asked.here.workspace.atlas.undo("map", slug, asked.user.name, redo=given.redo, force=given.force)
    asked.here.rooms.told_from_thread(done)
    return edited(asked, done)


@router.post("/maps/{slug}/restore")
def restore_map(slug: str, given: Restoring, asked: Makes) -> shapes.Edited:
    """Brings a map, or one thing of it, back to a version, as an edit of its own."""
    done = asked.here.workspace.atlas.restore("map", slug, given.to, asked.user.name, only=given.only)
    asked.here.rooms.told_from_thread(done)
    return edited(asked, done)


@router.get("/maps/{slug}/history")
def map_history(
    slug: str, asked: Sees, thing: Annotated[str, Query(max_length=120)] = "", since: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=5000)] = 200,
) -> shapes.History:  # fmt: skip
    """Who changed what when, newest first; of one card (`thing`), or after a revision (`since`)."""
    atlas = asked.here.workspace.atlas
    edits = [edit for edit in atlas.history("map", slug, thing) if edit.revision > since]
    marks = atlas.store.marks("map", slug)
    return shapes.History(
        edits=[shapes.EditShape.model_validate(edit.to_dict()) for edit in reversed(edits[-limit:])],
        marks=[shapes.MarkShape.model_validate(mark, from_attributes=True) for mark in marks],
    )


@router.post("/maps/{slug}/marks", status_code=201)
def mark_map(slug: str, given: Marking, asked: Makes) -> shapes.MarkShape:
    """Gives the present state a name."""
    return shapes.MarkShape.model_validate(asked.here.workspace.atlas.mark("map", slug, given.name, asked.user.name), from_attributes=True)


@router.get("/maps/{slug}/compare")
def compare_maps(slug: str, asked: Sees, from_: Annotated[str, Query(alias="from", max_length=200)], to: Annotated[str, Query(max_length=200)] = "") -> list[dict[str, Any]]:
    """What differs between two versions of a map (numbers or names), or, with `to=other:NAME`, from another map."""
    atlas = asked.here.workspace.atlas
    after = to.removeprefix("other:") if to.startswith("other:") else f"{slug}@{to}" if to else slug
    return [row.to_dict() for row in atlas.compare_kept("map", f"{slug}@{from_}", after)]


@router.get("/maps/{slug}/lint")
def lint_map(slug: str, asked: Sees) -> list[dict[str, Any]]:
    """All faults and unfinished pieces of a map."""
    return [item.to_dict() for item in asked.here.workspace.atlas.lint_kept("map", slug)]


@router.get("/maps/{slug}/check")
def check_map(slug: str, asked: SeesMap, request: Request) -> Response:
    """What the evidence says to the map: a verdict a claim, blind spots, agreement. Guests see their lanes and no small groups."""
    return answered(request, check_view(asked, slug))


@router.get("/maps/{slug}/claims/{card}/rows", response_model=shapes.Rows)
def claim_rows(slug: str, card: str, asked: Sees, request: Request, limit: Annotated[int, Query(ge=1, le=10_000)] = 500) -> Response:
    """The records that the verdict of a card's claim rests on."""
    asked.note("saw rows", f"claim {slug} {card}")
    return behind.some(asked, request, "claim rows", {"card": card, **_stamp(asked, slug)}, limit, claim_records(asked.here.workspace, slug, card))


def _stamp(asked: Asked, slug: str) -> dict[str, Any]:
    """What the records behind a map's figures depend on besides the build."""
    atlas = asked.here.workspace.atlas
    return {"map": slug, "revision": atlas.store.revision("map", slug), **stamp_of(atlas, {"persona": True, "segment": True})}


def claim_records(ws: Workspace, slug: str, card: str) -> behind.Records:
    """The records behind the claims of a card, so many a claim, with the names of their companies.

    They raise NotFound if no card of this id claims anything.
    """

    def records(engine: Any, build: Build, limit: int) -> list[behind.Row]:
        claims = [claim for claim in ws.check(slug, remember=False).claims if claim.card == card]
        if not claims:
            raise NotFound(f"There is no card `{card}` in the map `{slug}`.")
        return with_names(engine, build, [plain(row) for claim in claims if claim.behind is not None for row in claim.behind(limit)])

    return records


@router.get("/maps/{slug}/blind-spots/{spot}/rows", response_model=shapes.Rows)
def blind_spot_rows(slug: str, spot: str, asked: Sees, request: Request, limit: Annotated[int, Query(ge=1, le=10_000)] = 500) -> Response:
    """The journeys behind a blind spot's share: those of the stage, each with whether it was found in it."""
    asked.note("saw rows", f"blind spot {slug} {spot}")
    return behind.some(asked, request, "blind spot rows", {"spot": spot, **_stamp(asked, slug)}, limit, blind_spot_records(asked.here.workspace, slug, spot))


def blind_spot_records(ws: Workspace, slug: str, spot: str) -> behind.Records:
    """The records behind a blind spot, with the names of their companies.

    They raise NotFound if the map has no such blind spot (any more), or nothing but showings or quotes stands behind it.
    """

    def records(engine: Any, build: Build, limit: int) -> list[behind.Row]:
        found = next((item.behind for item in ws.check(slug, remember=False).blind_spots if item.id == spot), None)
        if found is None:
            raise NotFound(f"There is no blind spot `{spot}` in the map `{slug}`.")
        return with_names(engine, build, [plain(row) for row in found(limit)])

    return records


@router.get("/maps/{slug}/agreement/rows", response_model=shapes.Rows)
def agreement_rows(slug: str, asked: Sees, request: Request, limit: Annotated[int, Query(ge=1, le=10_000)] = 500) -> Response:
    """The steps behind the agreement of map and evidence: a touchpoint in a stage of a journey a row, those that are not on the map first."""
    asked.note("saw rows", f"agreement {slug}")
    return behind.some(asked, request, "agreement rows", _stamp(asked, slug), limit, agreement_records(asked.here.workspace, slug))


def agreement_records(ws: Workspace, slug: str) -> behind.Records:
    """The records behind the agreement of a map, with the names of their companies."""

    def records(engine: Any, build: Build, limit: int) -> list[behind.Row]:
        found = ws.check(slug, remember=False).behind
        return with_names(engine, build, [plain(row) for row in found(limit)]) if found else []

    return records


@router.post("/maps/{slug}/draft")
def draft_map(slug: str, asked: Makes) -> shapes.Edited:
    """Fills the map from the evidence, marked as data; what a human made or changed stays."""
    done = asked.here.workspace.draft(slug, asked.user.name)
    asked.here.rooms.told_from_thread(done)
    return edited(asked, done)


@router.post("/maps/{slug}/blind-spots")
def add_blind_spots(slug: str, given: Adding, asked: Makes) -> shapes.Edited:
    """Adds a card for each of these blind spots (all, where none is named), as one edit."""
    done = asked.here.workspace.add_blind_spots(slug, given.ids, asked.user.name)
    asked.here.rooms.told_from_thread(done)
    return edited(asked, done)


@router.get("/maps/{slug}/comments")
def map_comments(slug: str, asked: SeesMap, on: Annotated[str, Query(max_length=120)] = "") -> list[dict[str, Any]]:
    """The comments on a map, or on one card, oldest first."""
    answer = _answer(*asked.here.workspace.atlas.load("map", slug), asked.user)
    return [item.plain() for item in answer.document.sorted("comments") if not on or item.on == on]


@router.post("/maps/{slug}/comments", status_code=201)
def comment_map(slug: str, given: Remarking, asked: Comments) -> shapes.Edited:
    """Comments on a card or on the map; the name is that of who is signed in."""
    import datetime as dt

    from etappe.maps.changes import Remark
    from etappe.maps.document import new_id

    here = asked.here
    remark = Remark(id=new_id("m"), about=given.on, text=given.text, author=asked.user.name, at=dt.datetime.now(dt.UTC))
    return edited(asked, apply(here.workspace.atlas, slug, asked.user, [remark], None, "", told=here.rooms.told_from_thread))


def check_view(asked: Asked, slug: str) -> View:
    """The check of a map as the one who asks may see it, kept until the map, a persona, a segment or an interview changes."""
    who = asked.user
    return check_of(asked.here.views, slug, list(who.grant.lanes) if who.grant else None, lambda found: checked_for(who, found))


def checked_for(who: Who, found: dict[str, Any]) -> dict[str, Any]:
    """A check as somebody may see it."""
    if who.grant is None:
        return found
    claims = [item for item in found["claims"] if not who.grant.lanes or item["lane"] in who.grant.lanes]
    shown: dict[str, Any] = suppressed({**found, "claims": claims, "blind_spots": []})
    return shown


def edited(asked: Asked, done: Any) -> shapes.Edited:
    """What came of an edit, as the wire tells it."""
    found = clashes(asked.here.workspace.atlas.store, done.edit) if done.edit else []
    told = [shapes.Conflict.model_validate(clash.told_to(done.edit.author, done.edit.id)) for clash in found]
    return shapes.Edited(revision=done.revision, applied=done.edit is not None, conflicts=told, edit=done.edit.id if done.edit else None)


def _answer(document: Any, revision: int, who: Who) -> shapes.MapAnswer:
    if who.grant is not None:
        document = Map.load(suppressed(opened(who.grant, document.plain())))
    can = next(can for can in reversed(CANS) if may(who, {"view": "see map", "comment": "comment map", "edit": "edit map"}[can], document.id))
    return shapes.MapAnswer(revision=revision, can=cast(Any, can), document=document)
