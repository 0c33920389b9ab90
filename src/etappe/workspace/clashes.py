"""What two people wrote over each other, in the words of both: so that neither loses anything unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from etappe.maps.addresses import Address
from etappe.maps.changes import Add, Change, Feel, Link, Move, Remark, Set, Several, Translate
from etappe.maps.edits import Edit
from etappe.maps.store import Store


@dataclass(frozen=True, slots=True)
class Clash:
    """One address that a later edit (which counts) wrote over an earlier one its author had not seen. Both are in the log."""

    field: Address
    earlier: Any
    later: Any
    earlier_by: str
    later_by: str
    earlier_revision: int
    later_revision: int
    earlier_edit: str = ""

    @property
    def own(self) -> bool:
        """Whether one person wrote both, in two windows."""
        return self.earlier_by == self.later_by

    def told_to(self, author: str, edit: str, first: bool | None = None) -> dict[str, Any]:
        """The clash as one of the two sees it; `first` says which, where one person wrote both."""
        first = author == self.earlier_by if first is None else first
        return {
            "type": "conflict", "id": edit, "field": list(self.field), "yours": self.earlier if first else self.later, "theirs": self.later if first else self.earlier,
            "by": self.later_by if first else self.earlier_by, "counts": "theirs" if first else "yours", "revision": self.later_revision, "earlier_revision": self.earlier_revision, "own": self.own,
        }  # fmt: skip


def clashes(store: Store, edit: Edit, elsewhere: Callable[[str], bool] = lambda _edit: False) -> list[Clash]:
    """What an edit ran into that somebody else wrote, or its author in another window.

    `elsewhere` says of an earlier edit of the same author whether it came from another window.
    """
    others = edit.over
    if not others:
        return []
    known = {item.revision: item for item in store.edits(edit.kind, edit.document, min(over.revision for over in others) - 1)}
    found: dict[tuple[Address, int], Clash] = {}
    for over in others:
        field = tuple(over.address)
        if len(field) > 2 and field[2] in ("stage", "step", "lane", "until", "order"):
            field = (*field[:2], "place")  # a thing stands in one place: told once
        earlier = known.get(over.revision)
        if over.author == edit.author and not (earlier and elsewhere(earlier.id)):
            continue
        said = _said(earlier.change, field) if earlier else None
        found[field, over.revision] = Clash(field, said, _said(edit.change, field), over.author, edit.author, over.revision, edit.revision, earlier.id if earlier else "")
    return list(found.values())


def _said(change: Change, field: Address) -> Any:
    """What a change writes at an address, as far as it can be shown."""
    if isinstance(change, Several):
        return next((said for part in change.changes if (said := _said(part, field)) is not None), None)
    if not any(address[: len(field)] == field or field[: len(address)] == address for address in change.touches()):
        return None
    match change:
        case Set() | Feel():
            return change.value
        case Add():
            return change.thing.get(field[2]) if len(field) > 2 and field[2] in change.thing else change.thing.get("text", change.thing.get("title"))
        case Move():
            return change.to
        case Link():
            return change.evidence
        case Translate() | Remark():
            return change.text
        case _:
            return None
