"""What personas, segments, surveys, interviews and reviews have in common: lists, versions, edits."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from etappe.errors import AccessFault
from etappe.maps.changes import Several
from etappe.maps.interview import Interview
from etappe.maps.persona import Persona
from etappe.maps.review import Review
from etappe.maps.segment import Segment
from etappe.maps.survey import Survey
from etappe.server import shapes
from etappe.server.here import Asked
from etappe.server.live import signed
from etappe.server.needs import Needs
from etappe.server.routes.maps import Restoring, Undoing, edited
from etappe.workspace.access import Who

router = APIRouter()
LAST = True  # `/{id}` comes after the fixed paths of the others

Sees = Annotated[Asked, Depends(Needs("see"))]
Edits = Annotated[Asked, Depends(Needs("edit"))]


def _add(kind: str, many: str, model: type[BaseModel]) -> None:
    """Adds the routes of one kind of document."""
    answer: Any = type(f"{kind.title()}Answer", (shapes.Shape,), {"__annotations__": {"revision": int, "document": model}, "__doc__": f"A {kind} with its revision.", "__module__": __name__})

    def listed(asked: Asked, removed: bool = False) -> list[shapes.Listed]:
        atlas = asked.here.workspace.atlas
        rows = [shapes.Listed.model_validate(row, from_attributes=True) for row in atlas.listed(kind, removed)]
        more = _said_in_lists(asked, kind)
        return [shapes.Listed.model_validate({**row.model_dump(), **more.get(row.id, {})}) for row in rows] if more else rows

    def read(id: str, asked: Asked, revision: Annotated[str, Query(max_length=120)] = "") -> Any:
        document, number = asked.here.workspace.atlas.load(kind, f"{id}@{revision}" if revision else id)
        seen(asked.user, document)
        if isinstance(document, Interview) and not document.masked:
            asked.note("saw interview", id)
        return answer(revision=number, document=document)

    def edit(id: str, given: shapes.Edits, asked: Asked) -> shapes.Edited:
        _seen_first(asked, kind, id)
        changes = [signed(change, asked.user) for change in given.changes]
        change = changes[0] if len(changes) == 1 else Several(changes=tuple(changes))
        return edited(asked, asked.here.workspace.atlas.apply(kind, id, change, asked.user.name, base=given.base_revision, edit_id=given.id, note=given.note))

    def undo(id: str, given: Undoing, asked: Asked) -> shapes.Edited:
        _seen_first(asked, kind, id)
        return edited(asked, asked.here.workspace.atlas.undo(kind, id, asked.user.name, redo=given.redo, force=given.force))

    def restore(id: str, given: Restoring, asked: Asked) -> shapes.Edited:
        _seen_first(asked, kind, id)
        return edited(asked, asked.here.workspace.atlas.restore(kind, id, given.to, asked.user.name, only=given.only))

    def history(id: str, asked: Asked, thing: Annotated[str, Query(max_length=120)] = "", limit: Annotated[int, Query(ge=1, le=5000)] = 200) -> shapes.History:
        atlas = asked.here.workspace.atlas
        seen(asked.user, atlas.load(kind, id)[0])
        edits = atlas.history(kind, id, thing)
        marks = atlas.store.marks(kind, id)
        return shapes.History(
            edits=[shapes.EditShape.model_validate(item.to_dict()) for item in reversed(edits[-limit:])], marks=[shapes.MarkShape.model_validate(mark, from_attributes=True) for mark in marks]
        )

    def remove(id: str, asked: Asked) -> shapes.Done:
        asked.here.workspace.atlas.store.remove(kind, id)
        asked.note(f"removed {kind}", id)
        return shapes.Done()

    table: list[tuple[str, str, Any, str, str, str, Any]] = [
        ("GET", "", listed, "see", f"list_{many}", f"All {many}; or those taken off the list (`removed`).", list[shapes.Listed]),
        ("GET", "/{id}", read, "see", f"read_{kind}", f"A {kind}, as it is or as it was at `revision`.", answer),
        ("POST", "/{id}/edits", edit, "edit", f"edit_{kind}", f"Does changes of a {kind} as one edit.", shapes.Edited),
        ("POST", "/{id}/undo", undo, "edit", f"undo_{kind}", "Takes one's own last edit back, or does it again.", shapes.Edited),
        ("POST", "/{id}/restore", restore, "edit", f"restore_{kind}", f"Brings a {kind} back to a version.", shapes.Edited),
        ("GET", "/{id}/history", history, "see", f"{kind}_history", "Who changed what when, newest first.", shapes.History),
        ("DELETE", "/{id}", remove, "edit", f"remove_{kind}", f"Takes a {kind} off the list; restore brings it back.", shapes.Done),
    ]
    for method, path, endpoint, right, name, words, shape in table:
        endpoint.__annotations__["asked"] = Annotated[Asked, Depends(Needs(right))]
        router.add_api_route(f"/{many}{path}", endpoint, methods=[method], name=name, description=words, response_model=shape, tags=[many])


def _said_in_lists(asked: Asked, kind: str) -> dict[str, dict[str, Any]]:
    """What the list of a kind says besides, by document."""
    store = asked.here.workspace.atlas.store
    if kind == "review":
        found = store.fields("review", "started_on", "state", "of")
        return {id: {"day": one["started_on"] or None, "state": one["state"] or "open", "of": one["of"]} for id, one in found.items()}
    if kind == "interview":
        many, held = store.counted("interview", "passages"), store.fields("interview", "held_on", "decision")
        return {id: {"passages": many.get(id, 0), "day": one["held_on"] or None, "state": one["decision"]} for id, one in held.items()}
    return {}


def _seen_first(asked: Asked, kind: str, id: str) -> None:
    """Lets nobody change an interview who may not see it: that it is masked is a field that could be set."""
    atlas = asked.here.workspace.atlas
    if kind == "interview" and atlas.store.there(kind, id):
        seen(asked.user, atlas.load(kind, id)[0])


def seen(who: Who, document: Any) -> None:
    """Refuses an interview with names to those who may not see names."""
    if isinstance(document, Interview) and not document.masked and not who.personal:
        raise AccessFault("This interview keeps names, and you see pseudonyms.", document.id, "Ask an admin for the right to see personal data.")


for _kind, _many, _model in (
    ("persona", "personas", Persona), ("segment", "segments", Segment), ("survey", "surveys", Survey), ("interview", "interviews", Interview), ("review", "reviews", Review),
):  # fmt: skip
    _add(_kind, _many, _model)
