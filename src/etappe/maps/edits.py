"""The log of edits: who did what when, what it ran into, and what can be undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from etappe.errors import MapFault
from etappe.maps.addresses import Address, overlap
from etappe.maps.changes import Change, Remove, Several
from etappe.maps.document import Document, new_id

D = TypeVar("D", bound=Document)


class Overlap(BaseModel):
    """An earlier edit, not yet seen by this edit's author, that wrote the same address: both are in the log, this one counts."""

    model_config = ConfigDict(frozen=True)

    address: Address
    revision: int
    author: str
    at: dt.datetime

    def words(self) -> str:
        """What the later author is told."""
        return f"{' '.join(part for part in self.address if part)} had been changed by {self.author} (revision {self.revision}) since you looked; your edit counts, theirs is in the history"


class Edit(BaseModel):
    """One entry of the log. `base` is the revision its author saw; `revision` is the one it made."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    document: str
    revision: int
    base: int
    author: str
    at: dt.datetime
    change: Change
    inverse: Change
    over: tuple[Overlap, ...] = ()
    undoes: str = ""
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The edit as the wire shows it: with its words, without its inverse."""
        return {**self.model_dump(mode="json", exclude={"inverse"}), "words": self.change.words(), "told": [item.words() for item in self.over]}


def make_edit(
    document: Document, change: Change, author: str, *, revision: int, base: int, at: dt.datetime, since: Iterable[Edit] = (),
    id: str = "", undoes: str = "", note: str = "",
) -> Edit:  # fmt: skip
    """The log entry of a change that is about to be done on `document`, which is of `revision`.

    `since` are the edits after `base`, which the author had not seen.
    """
    touched = change.touches()
    over = tuple(
        Overlap(address=address, revision=edit.revision, author=edit.author, at=edit.at)
        for edit in since
        for address in overlap(touched, edit.change.touches())
    )
    return Edit(
        id=id or new_id("e"), kind=document.NAME, document=document.id, revision=revision + 1, base=base, author=author, at=at,
        change=change, inverse=change.inverse(document), over=over, undoes=undoes, note=note,
    )  # fmt: skip


def rewind(document: D, edits: Iterable[Edit], revision: int) -> D:
    """The document as it was at an earlier revision, taking the later edits back one by one."""
    for edit in sorted((edit for edit in edits if edit.revision > revision), key=lambda edit: -edit.revision):
        document = edit.inverse.on(document)
    return document


def to_undo(edits: Sequence[Edit], author: str) -> Edit:
    """The last edit of an author that is not undone yet; undoing is the author's own only.

    Raises
    ------
    MapFault
        If there is none.
    """
    undone = _undone(edits)
    for edit in reversed(edits):
        if edit.author == author and not edit.undoes and edit.id not in undone and edit.revision > 1:
            return edit
    raise MapFault(f"{author} has nothing to undo here.", "", "See `etappe map history`; `etappe map restore` brings an earlier state back.")


def to_redo(edits: Sequence[Edit], author: str) -> Edit:
    """The last undoing of an author after which they did nothing new.

    Raises
    ------
    MapFault
        If there is none.
    """
    undone = _undone(edits)
    for edit in reversed(edits):
        if edit.author != author or edit.id in undone:
            continue
        if edit.undoes and not _is_redo(edit, edits):
            return edit
        if not edit.undoes:
            break
    raise MapFault(f"{author} has nothing to redo here.", "", "Only what was just undone can be done again.")


def in_the_way(edits: Sequence[Edit], edit: Edit) -> list[Overlap]:
    """Later edits of others that still count and wrote what undoing `edit` would write, or on or into what it would remove."""
    undone = _undone(edits)
    going = goes_with(edit)
    return [
        Overlap(address=address, revision=later.revision, author=later.author, at=later.at)
        for later in edits
        if later.revision > edit.revision and later.author != edit.author and later.id not in undone and not later.undoes
        for address in overlap(edit.change.touches(), later.change.touches()) or [address for address in going if _names(later.change.model_dump(), address[1])]
    ]


def goes_with(edit: Edit) -> list[Address]:
    """The things that go when an edit is undone: those that it brought."""
    parts = edit.inverse.changes if isinstance(edit.inverse, Several) else (edit.inverse,)
    return [(part.collection, part.id) for part in parts if isinstance(part, Remove)]


def _names(plain: Any, id: str) -> bool:
    """Whether a change names a thing as its place: a comment about it, a card in it."""
    if isinstance(plain, dict):
        return any(_names(value, id) for value in plain.values())
    return any(_names(value, id) for value in plain) if isinstance(plain, list | tuple) else bool(plain == id)


def _undone(edits: Iterable[Edit]) -> set[str]:
    """Ids of the edits whose effect was taken back; undoing an undoing brings the first back."""
    undoing: dict[str, str] = {}
    taken: set[str] = set()
    for edit in edits:
        if edit.undoes:
            taken.add(edit.undoes)
            taken.discard(undoing.get(edit.undoes, ""))
            undoing[edit.id] = edit.undoes
    return taken


def _is_redo(edit: Edit, edits: Iterable[Edit]) -> bool:
    return any(first.id == edit.undoes and first.undoes for first in edits)


def about(edits: Iterable[Edit], id: str) -> list[Edit]:
    """The history of one card (or another thing): the edits that wrote it or commented on it."""
    return [edit for edit in edits if any(id in address[1:2] or _remarks(edit.change, id) for address in edit.change.touches())]


def _remarks(change: Change, id: str) -> bool:
    parts = change.changes if isinstance(change, Several) else (change,)
    return any(getattr(part, "about", None) == id for part in parts)
