"""Keeps documents and the log of their edits. Every write is one edit, and every edit is in the log.

Edits are done one after the other on the newest state, whatever state their author had before their eyes (`base`); what
an edit ran into is told with it. A document at any revision can be had by taking later edits back.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import sqlalchemy as sa

from etappe.errors import MapFault, NotFound
from etappe.maps.addresses import Address
from etappe.maps.changes import CHANGE, Add, Change, Remove, Several
from etappe.maps.database import DOCUMENTS, EDITS, MARKS, TEXTS, Database
from etappe.maps.difference import difference
from etappe.maps.document import Document
from etappe.maps.edits import Edit, Overlap, goes_with, in_the_way, make_edit, rewind, to_redo, to_undo
from etappe.maps.kinds import kind_of
from etappe.maps.laws import check
from etappe.words.claim_language import nearest

D = TypeVar("D", bound=Document)
# Texts may have a character zero, which PostgreSQL's JSON functions refuse: here any other does as well.
_BODY: Final = sa.cast(sa.func.replace(DOCUMENTS.c.body, r"\u0000", r"\u0020"), sa.JSON)


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as a list shows it."""

    kind: str
    id: str
    title: str
    owner: str
    review_by: dt.date | None
    revision: int
    changed_at: dt.datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Applied:
    """An acknowledged edit: the document after it, and the log entry; None where nothing was to be changed."""

    document: Document
    edit: Edit | None
    revision: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A named version of a document."""

    name: str
    revision: int
    author: str
    at: dt.datetime


class Store:
    """The documents of one workspace."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)

    def close(self) -> None:
        """Lets go of the database."""
        self.database.close()

    # -- reading ----------------------------------------------------------------------------------------------------

    def listed(self, kind: str, removed: bool = False) -> list[Listed]:
        """The documents of a kind by id, without the removed ones; or (`removed`) those alone."""
        columns = [column for column in DOCUMENTS.c if column.name not in ("body", "removed")]
        wanted = sa.select(*columns).where(DOCUMENTS.c.kind == kind, DOCUMENTS.c.removed.is_(removed)).order_by(DOCUMENTS.c.id)
        with self.database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
        return [
            Listed(
                row["kind"], row["id"], row["title"], row["owner"], dt.date.fromisoformat(row["review_by"]) if row["review_by"] else None,
                row["revision"], dt.datetime.fromisoformat(row["changed_at"]), row["changed_by"],
            )
            for row in rows
        ]  # fmt: skip

    def counted(self, kind: str, collection: str) -> dict[str, int]:
        """How many things each document of a kind has in a collection, counted where they are kept."""
        with self.database.reading() as connection:
            if connection.dialect.name == "postgresql":
                keys = sa.func.json_object_keys(sa.func.json_extract_path(_BODY, collection)).table_valued("key")
            else:
                keys = sa.func.json_each(DOCUMENTS.c.body, f"$.{collection}").table_valued("key")
            many = sa.select(sa.func.count()).select_from(keys).correlate(DOCUMENTS).scalar_subquery()
            rows = connection.execute(sa.select(DOCUMENTS.c.id, many).where(DOCUMENTS.c.kind == kind, DOCUMENTS.c.removed.is_(False))).all()
        return {str(id): int(n) for id, n in rows}

    def fields(self, kind: str, *names: str) -> dict[str, dict[str, str]]:
        """Single fields of each document of a kind as texts, read where they are kept; empty where a field is not set."""
        with self.database.reading() as connection:
            if connection.dialect.name == "postgresql":
                columns = [sa.func.json_extract_path_text(_BODY, name) for name in names]
            else:
                columns = [sa.func.json_extract(DOCUMENTS.c.body, f"$.{name}") for name in names]
            rows = connection.execute(sa.select(DOCUMENTS.c.id, *columns).where(DOCUMENTS.c.kind == kind, DOCUMENTS.c.removed.is_(False))).all()
        return {str(id): {name: str(value or "") for name, value in zip(names, values, strict=True)} for id, *values in rows}

    def load(self, kind: type[D], id: str, revision: int | None = None) -> D:
        """A document, as it is or as it was at a revision."""
        return cast(D, self.loaded(kind.NAME, id, revision)[0])

    def loaded(self, kind: str, id: str, revision: int | None = None) -> tuple[Document, int]:
        """A document with its revision.

        Raises
        ------
        NotFound
            If there is none of this name (with the nearest), or it never had that revision.
        """
        with self.database.reading() as connection:
            document, head = self._head(connection, kind, id)
            if revision is None or revision == head:
                return document, head
            if not 0 <= revision < head:
                raise NotFound(f"The {kind} `{id}` has no revision {revision}.", "", f"It has 1 to {head}.")
            later = self._edits(connection, kind, id, since=revision)
        return rewind(document, later, revision), revision

    def edits(self, kind: str, id: str, since: int = 0) -> list[Edit]:
        """The log of a document after a revision, oldest first."""
        with self.database.reading() as connection:
            self._head(connection, kind, id, also_removed=True)
            return self._edits(connection, kind, id, since)

    def revision(self, kind: str, id: str) -> int:
        """The newest revision of a document; 0 where there is none. Quicker than loading it."""
        wanted = sa.select(DOCUMENTS.c.revision).where(DOCUMENTS.c.kind == kind, DOCUMENTS.c.id == id)
        with self.database.reading() as connection:
            return int(connection.execute(wanted).scalar() or 0)

    def there(self, kind: str, id: str) -> bool:
        """Whether there is a document that was not removed."""
        wanted = sa.select(DOCUMENTS.c.id).where(DOCUMENTS.c.kind == kind, DOCUMENTS.c.id == id, DOCUMENTS.c.removed.is_(False))
        with self.database.reading() as connection:
            return connection.execute(wanted).first() is not None

    def text(self, kind: str, id: str, name: str) -> str:
        """A text that was put in with a document; "" where there is none."""
        wanted = sa.select(TEXTS.c.body).where(TEXTS.c.kind == kind, TEXTS.c.document == id, TEXTS.c.name == name)
        with self.database.reading() as connection:
            return str(connection.execute(wanted).scalar() or "")

    def marks(self, kind: str, id: str) -> list[Mark]:
        """The named versions of a document, oldest first."""
        wanted = sa.select(MARKS).where(MARKS.c.kind == kind, MARKS.c.document == id).order_by(MARKS.c.revision, MARKS.c.at)
        with self.database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
        return [Mark(row["name"], row["revision"], row["author"], dt.datetime.fromisoformat(row["at"])) for row in rows]

    # -- writing ----------------------------------------------------------------------------------------------------

    def create(
        self, document: Document, author: str, *, at: dt.datetime | None = None, note: str = "", texts: Mapping[str, str] | None = None,
    ) -> Applied:  # fmt: skip
        """Puts a new document in; its content is the first edit of its log. `texts` are kept beside it and never change.

        Raises
        ------
        MapFault
            If there is one of this name (also a removed one).
        """
        empty = type(document).load({"id": document.id})
        moment = at or dt.datetime.now(dt.UTC)
        change = difference(empty, document).model_copy(update={"summary": f"made the {document.NAME}"})
        edit = make_edit(empty, change, author, revision=0, base=0, at=moment, note=note)
        with self.database.writing() as connection:
            there = connection.execute(_row(document.NAME, document.id)).mappings().first()
            if there is not None:
                again = "bring it back with `restore`" if there["removed"] else "change it, or choose another name"
                raise MapFault(f"There is a {document.NAME} `{document.id}` already.", "", f"{again[0].upper()}{again[1:]}.")
            connection.execute(sa.insert(DOCUMENTS).values(kind=document.NAME, id=document.id, removed=False, **_head_values(document, edit)))
            connection.execute(sa.insert(EDITS).values(**_edit_values(edit, document.VERSION)))
            for name, body in (texts or {}).items():
                connection.execute(sa.insert(TEXTS).values(kind=document.NAME, document=document.id, name=name, body=body))
        return Applied(document, edit, 1)

    def apply(
        self, kind: str, id: str, change: Change, author: str, *, base: int | None = None, edit_id: str = "",
        at: dt.datetime | None = None, note: str = "", undoes: str = "",
    ) -> Applied:  # fmt: skip
        """Does a change on the newest state and logs it.

        Parameters
        ----------
        base : int, optional
            The revision the author saw; what others changed since and this edit writes over is told in `edit.over`.
        edit_id : str, optional
            An id given by the sender: the same edit sent twice is done once.
        """
        with self.database.writing() as connection:
            if edit_id and (done := connection.execute(sa.select(EDITS).where(EDITS.c.id == edit_id)).mappings().first()):
                edit = _edit_of(done)
                document, head = self._head(connection, kind, id)
                return Applied(document, edit, head)
            document, head = self._head(connection, kind, id, locked=True)
            return self._write(connection, document, head, change, author, base, edit_id, at, note, undoes)

    def undo(self, kind: str, id: str, author: str, *, force: bool = False) -> Applied:
        """Takes the author's own last edit back, as an edit of its own.

        Raises
        ------
        MapFault
            If there is none, or if somebody else wrote there since (unless `force`).
        """
        return self._take_back(kind, id, author, force, redo=False)

    def redo(self, kind: str, id: str, author: str, *, force: bool = False) -> Applied:
        """Does again what the author has just undone."""
        return self._take_back(kind, id, author, force, redo=True)

    def restore(self, kind: str, id: str, revision: int, author: str, *, only: str = "", note: str = "") -> Applied:
        """Brings a whole document, or one thing of it (`only`), back to a revision, as an edit of its own.

        A removed document comes back too.
        """
        with self.database.writing() as connection:
            document, head = self._head(connection, kind, id, locked=True, also_removed=True)
            if not 1 <= revision <= head:
                raise NotFound(f"The {kind} `{id}` has no revision {revision}.", "", f"It has 1 to {head}.")
            then = rewind(document, self._edits(connection, kind, id, revision), revision)
            change = _one_thing(document, then, only) if only else difference(document, then)
            connection.execute(sa.update(DOCUMENTS).where(DOCUMENTS.c.kind == kind, DOCUMENTS.c.id == id).values(removed=False))
            summary = f"restored {only or 'all'} as of revision {revision}"
            return self._write(connection, document, head, change.model_copy(update={"summary": summary}), author, None, "", None, note, "")

    def mark(self, kind: str, id: str, name: str, author: str) -> Mark:
        """Gives the present state a name."""
        with self.database.writing() as connection:
            _, head = self._head(connection, kind, id, locked=True)
            connection.execute(sa.delete(MARKS).where(MARKS.c.kind == kind, MARKS.c.document == id, MARKS.c.name == name))
            made = Mark(name, head, author, dt.datetime.now(dt.UTC))
            connection.execute(sa.insert(MARKS).values(kind=kind, document=id, name=name, revision=head, author=author, at=_moment(made.at)))
        return made

    def remove(self, kind: str, id: str) -> None:
        """Takes a document off the lists; its log stays and `restore` brings it back."""
        with self.database.writing() as connection:
            self._head(connection, kind, id, locked=True)
            connection.execute(sa.update(DOCUMENTS).where(DOCUMENTS.c.kind == kind, DOCUMENTS.c.id == id).values(removed=True))

    # -- inside -----------------------------------------------------------------------------------------------------

    def _write(
        self, connection: sa.Connection, document: Document, head: int, change: Change, author: str, base: int | None,
        edit_id: str, at: dt.datetime | None, note: str, undoes: str,
    ) -> Applied:  # fmt: skip
        after = change.on(document)
        if after == document and not undoes:
            return Applied(document, None, head)
        check(connection, document, after, taken_back=bool(undoes))
        seen = head if base is None else min(base, head)
        since = self._edits(connection, document.NAME, document.id, seen) if seen < head else []
        moment = at or dt.datetime.now(dt.UTC)
        edit = make_edit(document, change, author, revision=head, base=seen, at=moment, since=since, id=edit_id, undoes=undoes, note=note)
        connection.execute(sa.insert(EDITS).values(**_edit_values(edit, document.VERSION)))
        here = (DOCUMENTS.c.kind == document.NAME) & (DOCUMENTS.c.id == document.id)
        connection.execute(sa.update(DOCUMENTS).where(here).values(**_head_values(after, edit)))
        return Applied(after, edit, edit.revision)

    def _take_back(self, kind: str, id: str, author: str, force: bool, redo: bool) -> Applied:
        with self.database.writing() as connection:
            document, head = self._head(connection, kind, id, locked=True)
            edits = self._edits(connection, kind, id)
            target = to_redo(edits, author) if redo else to_undo(edits, author)
            blocked = in_the_way(edits, target)
            if blocked and not force:
                first, going = blocked[0], goes_with(target)
                there, since = _called(document, first.address), f"since (revision {first.revision})"
                raise MapFault(
                    f"{first.author} added to {there} {since}." if first.address in going else f"{first.author} changed {there} {since}.", f"{kind} {id}",
                    _TAKES_MORE if first.address[:2] in going else "Look at `etappe map history`; undo with --force, or restore the card.",
                )  # fmt: skip
            return self._write(connection, document, head, target.inverse, author, None, "", None, "", target.id)

    def _head(self, connection: sa.Connection, kind: str, id: str, *, locked: bool = False, also_removed: bool = False) -> tuple[Document, int]:
        wanted = _row(kind, id)
        row = connection.execute(wanted.with_for_update() if locked else wanted).mappings().first()
        if row is None or (row["removed"] and not also_removed):
            ids = connection.execute(sa.select(DOCUMENTS.c.id).where(DOCUMENTS.c.kind == kind, DOCUMENTS.c.removed.is_(False))).scalars().all()
            hint = nearest(id, ids) if ids else f"Make one with `etappe {kind} new {id}`."
            removed = " any more; `restore` brings it back" if row is not None else ""
            raise NotFound(f"There is no {kind} `{id}`{removed}.", "", hint)
        return kind_of(kind).load(json.loads(row["body"]), f"{kind} {id}"), int(row["revision"])

    def _edits(self, connection: sa.Connection, kind: str, id: str, since: int = 0) -> list[Edit]:
        wanted = sa.select(EDITS).where(EDITS.c.kind == kind, EDITS.c.document == id, EDITS.c.revision > since).order_by(EDITS.c.revision)
        return [_edit_of(row) for row in connection.execute(wanted).mappings()]


_TAKES_MORE = "That would go too: remove it by hand if it is meant to, or undo with --force."


def _called(document: Document, address: Address) -> str:
    """What a reader calls the thing at an address: its text or title; the address itself where it has neither."""
    collection, id = (*address, "", "")[:2]
    thing = document.collection(collection).get(id) if collection in document.COLLECTIONS else None
    named = " ".join(str(getattr(thing, "text", "") or getattr(thing, "title", "")).split())
    return f"“{named[:57] + '…' if len(named) > 58 else named}”" if named else " ".join(part for part in address if part)


def _row(kind: str, id: str) -> sa.Select[Any]:
    return sa.select(DOCUMENTS).where(DOCUMENTS.c.kind == kind, DOCUMENTS.c.id == id)


def _head_values(document: Document, edit: Edit) -> dict[str, Any]:
    return {
        "revision": edit.revision, "title": document.title.replace("\0", ""), "owner": document.owner.replace("\0", ""),
        "review_by": document.review_by.isoformat() if document.review_by else None,
        "changed_at": _moment(edit.at), "changed_by": edit.author, "body": document.model_dump_json(exclude_defaults=True),
    }  # fmt: skip


def _edit_values(edit: Edit, version: int) -> dict[str, Any]:
    return {
        "kind": edit.kind, "document": edit.document, "revision": edit.revision, "id": edit.id, "version": version, "base": edit.base,
        "author": edit.author, "at": _moment(edit.at), "change": edit.change.model_dump_json(),
        "inverse": edit.inverse.model_dump_json(), "over": json.dumps([item.model_dump(mode="json") for item in edit.over]),
        "undoes": edit.undoes, "note": edit.note,
    }  # fmt: skip


def _edit_of(row: Any) -> Edit:
    return Edit(
        id=row["id"], kind=row["kind"], document=row["document"], revision=row["revision"], base=row["base"], author=row["author"],
        at=dt.datetime.fromisoformat(row["at"]), change=CHANGE.validate_json(row["change"]), inverse=CHANGE.validate_json(row["inverse"]),
        over=tuple(Overlap.model_validate(item) for item in json.loads(row["over"])), undoes=row["undoes"], note=row["note"],
    )  # fmt: skip


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()


def _one_thing(document: Document, then: Document, id: str) -> Several:
    """The change that brings one thing back to what it was."""
    changes: list[Change] = []
    for collection in document.COLLECTIONS:
        now, before = document.collection(collection).get(id), then.collection(collection).get(id)
        if now is None and before is not None:
            changes.append(Add(collection=collection, thing=before.plain()))
        elif now is not None and before is None:
            changes.append(Remove(collection=collection, id=id))
        elif now is not None and before is not None:
            changes += difference(document.model_copy(update={collection: {id: now}}), document.model_copy(update={collection: {id: before}})).changes
    if not changes and not any(id in document.collection(name) or id in then.collection(name) for name in document.COLLECTIONS):
        known: Sequence[str] = [key for name in document.COLLECTIONS for key in (*document.collection(name), *then.collection(name))]
        raise NotFound(f"There is no `{id}` in the {document.NAME} `{document.id}`.", "", nearest(id, known))
    return Several(changes=tuple(changes))
