"""Two versions side by side: what was added, removed, moved and changed, with the words before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from etappe.maps.changes import Add, Change, Feel, Link, Move, Remark, Remove, Set, Several, Translate, Unlink
from etappe.maps.difference import difference
from etappe.maps.document import Document
from etappe.maps.map import feeling_id


@dataclass(frozen=True, slots=True)
class Row:
    """One difference. `what` is added, removed, moved, changed, linked or unlinked."""

    what: str
    collection: str
    id: str
    field: str = ""
    before: Any = None
    after: Any = None

    def to_dict(self) -> dict[str, Any]:
        """The difference as `--json` shows it."""
        return {"what": self.what, "collection": self.collection, "id": self.id, "field": self.field, "before": self.before, "after": self.after}


def compare(before: Document, after: Document) -> list[Row]:
    """All differences between two versions, the document's own fields first."""
    return [_row(before, after, change) for change in difference(before, after).changes]


def _row(before: Document, after: Document, change: Change) -> Row:
    match change:
        case Add() | Remark():
            collection = change.collection if isinstance(change, Add) else "comments"
            id = str(change.thing["id"]) if isinstance(change, Add) else change.id
            return Row("added", collection, id, after=_said(after, collection, id))
        case Remove():
            return Row("removed", change.collection, change.id, before=_said(before, change.collection, change.id))
        case Move():
            return Row("moved", change.collection, change.id, "place", _place(before, change), _place(after, change))
        case Set():
            return Row("changed", change.collection, change.id, ".".join(change.path), _at(before, change.collection, change.id, change.path), change.value)
        case Translate():
            path = ("translations", change.language, change.field)
            return Row("changed", change.collection, change.id, ".".join(path), _at(before, change.collection, change.id, path), change.text)
        case Feel():
            id = feeling_id(change.stage, change.step, change.persona, change.how)
            return Row("changed", "feelings", id, "value", _at(before, "feelings", id, ("value",)), change.value)
        case Link():
            return Row("linked", change.collection, change.id, "evidence", after=change.evidence["ref"])
        case Unlink():
            return Row("unlinked", change.collection, change.id, "evidence", before=change.ref)
        case Several():
            return Row("changed", "", "", after=change.words())


def _said(document: Document, collection: str, id: str) -> str:
    thing = document.collection(collection).get(id)
    return str(getattr(thing, "text", "") or getattr(thing, "title", "") or "")


def _place(document: Document, change: Move) -> str:
    thing = document.collection(change.collection).get(change.id)
    names = [name for name in type(thing).PLACE if name != "order"] if thing is not None else []
    place = " / ".join(str(getattr(thing, name)) for name in names if getattr(thing, name))
    return place if names and set(change.to) != {"order"} else f"{place} (order)".strip()


def _at(document: Document, collection: str, id: str, path: tuple[str, ...]) -> Any:
    thing: Any = document.collection(collection).get(id) if collection else document
    inner: Any = thing.plain() if thing is not None else {}
    for step in path:
        inner = inner.get(step) if isinstance(inner, dict) else None
    return inner
