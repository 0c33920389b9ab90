"""Changes of documents as objects: the same nine for the page, the command line, import, undo and the log.

A change knows how it is done (`on`), what would take it back (`inverse`, asked before it is done) and what it touches.
Changes that touch nothing in common give the same document in any order. A change of a thing that is gone does nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from etappe.errors import MapFault
from etappe.maps.addresses import Address
from etappe.maps.document import Document, Plain, all_of, faults_of, thing_type
from etappe.maps.map import feeling_id

D = TypeVar("D", bound=Document)

_PLACE: Final = frozenset({"stage", "step", "lane", "until", "order"})


def _with(name: str) -> Callable[[Plain], Plain]:
    """A check that a thing says what it is called by."""

    def checked(thing: Plain) -> Plain:
        if not isinstance(thing.get(name), str):
            raise ValueError(f"`{name}` has to be given, as text")
        return thing

    return checked


class _Change(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def on(self, document: D) -> D:
        """The document after the change; the one before is left as it is."""
        raise NotImplementedError

    def inverse(self, document: Document) -> Change:
        """What takes the change back, given the document before it."""
        raise NotImplementedError

    def touches(self) -> frozenset[Address]:
        """The addresses it writes: collection, id, field, …; the shorter one contains the longer ones."""
        raise NotImplementedError

    def words(self) -> str:
        """The change in a few words, for the history."""
        raise NotImplementedError


class Set(_Change):
    """Sets one field of a thing, or of the document itself (no collection, no id). `absent` takes the key away."""

    do: Literal["set"] = "set"
    collection: str = ""
    id: str = ""
    path: Annotated[tuple[str, ...], Field(min_length=1, max_length=20)]
    value: Any = None
    absent: bool = False

    def on(self, document: D) -> D:
        plain = _plain(document, self.collection, self.id)
        if plain is None:
            return document
        if self.path[0] == "id" or (not self.collection and self.path[0] in (*document.COLLECTIONS, "version")):
            raise MapFault(f"`{self.path[0]}` cannot be set.", document.id, "Add or remove things instead.")
        known = self.path[0] in _type(document, self.collection).model_fields
        gone = self.absent or (self.value is None and known and len(self.path) == 1)
        return _put(document, self.collection, self.id, _written(plain, self.path, None if gone else self.value, gone))

    def inverse(self, document: Document) -> Change:
        inner: Any = _plain(document, self.collection, self.id) or {}
        for step in self.path:
            if not isinstance(inner, dict) or step not in inner:
                return Set(collection=self.collection, id=self.id, path=self.path, absent=True)
            inner = inner[step]
        return Set(collection=self.collection, id=self.id, path=self.path, value=inner)

    def touches(self) -> frozenset[Address]:
        place = {(self.collection, self.id, "place")} if self.path[0] in _PLACE else set()
        return frozenset({(self.collection, self.id, *self.path)} | place)

    def words(self) -> str:
        shown = "" if self.absent or self.value is None else f" to {_short(self.value)}"
        return f"{'cleared' if not shown else 'set'} {'.'.join(self.path)} of {_named(self.collection, self.id)}{shown}"


class Add(_Change):
    """Adds a thing; one of the same id is replaced."""

    do: Literal["add"] = "add"
    collection: str
    thing: Annotated[Plain, AfterValidator(_with("id"))]

    def on(self, document: D) -> D:
        return _put(document, self.collection, self._id(), self.thing)

    def inverse(self, document: Document) -> Change:
        there = _plain(document, self.collection, self._id())
        return Remove(collection=self.collection, id=self._id()) if there is None else Add(collection=self.collection, thing=there)

    def touches(self) -> frozenset[Address]:
        return frozenset({(self.collection, self._id())})

    def words(self) -> str:
        said = self.thing.get("text") or self.thing.get("title") or ""
        return f"added {_named(self.collection, self._id())}{f': {_short(said)}' if said else ''}"

    def _id(self) -> str:
        return str(self.thing["id"])


class Remove(_Change):
    """Removes a thing; what stood in or on it stays."""

    do: Literal["remove"] = "remove"
    collection: str
    id: str

    def on(self, document: D) -> D:
        return _put(document, self.collection, self.id, None)

    def inverse(self, document: Document) -> Change:
        there = _plain(document, self.collection, self.id)
        return Several(changes=()) if there is None else Add(collection=self.collection, thing=there)

    def touches(self) -> frozenset[Address]:
        return frozenset({(self.collection, self.id)})

    def words(self) -> str:
        return f"removed {_named(self.collection, self.id)}"


class Move(_Change):
    """Moves a thing: stage, step, lane and order together, as one."""

    do: Literal["move"] = "move"
    collection: str
    id: str
    to: dict[str, str]

    def on(self, document: D) -> D:
        plain = _plain(document, self.collection, self.id)
        return document if plain is None else _put(document, self.collection, self.id, {**plain, **self.to})

    def inverse(self, document: Document) -> Change:
        plain = _plain(document, self.collection, self.id)
        if plain is None:
            return Several(changes=())
        return Move(collection=self.collection, id=self.id, to={name: str(plain.get(name, "")) for name in self.to})

    def touches(self) -> frozenset[Address]:
        return frozenset({(self.collection, self.id, name) for name in ("place", *self.to)})

    def words(self) -> str:
        place = " / ".join(value for name, value in self.to.items() if name != "order" and value)
        return f"moved {_named(self.collection, self.id)}{f' to {place}' if place else ''}"


class Link(_Change):
    """Links evidence to a statement; a link to the same address is replaced."""

    do: Literal["link"] = "link"
    collection: str
    id: str
    evidence: Annotated[Plain, AfterValidator(_with("ref"))]

    def on(self, document: D) -> D:
        plain = _plain(document, self.collection, self.id)
        if plain is None:
            return document
        return _put(document, self.collection, self.id, {**plain, "evidence": {**plain.get("evidence", {}), self._ref(): self.evidence}})

    def inverse(self, document: Document) -> Change:
        return _evidence_back(document, self.collection, self.id, self._ref())

    def touches(self) -> frozenset[Address]:
        return frozenset({(self.collection, self.id, "evidence", self._ref())})

    def words(self) -> str:
        return f"linked {self._ref()} to {_named(self.collection, self.id)}"

    def _ref(self) -> str:
        return str(self.evidence["ref"])


class Unlink(_Change):
    """Takes an evidence link away."""

    do: Literal["unlink"] = "unlink"
    collection: str
    id: str
    ref: str

    def on(self, document: D) -> D:
        plain = _plain(document, self.collection, self.id)
        if plain is None:
            return document
        left = {ref: link for ref, link in plain.get("evidence", {}).items() if ref != self.ref}
        return _put(document, self.collection, self.id, {**plain, "evidence": left})

    def inverse(self, document: Document) -> Change:
        return _evidence_back(document, self.collection, self.id, self.ref)

    def touches(self) -> frozenset[Address]:
        return frozenset({(self.collection, self.id, "evidence", self.ref)})

    def words(self) -> str:
        return f"unlinked {self.ref} from {_named(self.collection, self.id)}"


class Feel(_Change):
    """Sets a point of the feelings curve; without a value the point becomes a gap."""

    do: Literal["feel"] = "feel"
    stage: str
    step: str = ""
    persona: str = ""
    how: Literal["hand", "measured", "target"] = "hand"
    value: float | None = None
    beside: Plain = {}

    def on(self, document: D) -> D:
        return _put(document, "feelings", self._id(), None if self.value is None else self._point())

    def inverse(self, document: Document) -> Change:
        there = _plain(document, "feelings", self._id()) or {}
        beside = {name: value for name, value in there.items() if name not in ("id", "stage", "step", "persona", "how", "value")}
        return self.model_copy(update={"value": there.get("value"), "beside": beside})

    def touches(self) -> frozenset[Address]:
        return frozenset({("feelings", self._id())})

    def words(self) -> str:
        whose = f" of {self.persona}" if self.persona else ""
        said = "a gap" if self.value is None else f"{self.value:+.1f} ({self.how})"
        return f"set the feeling{whose} in {self.step or self.stage} to {said}"

    def _id(self) -> str:
        return feeling_id(self.stage, self.step, self.persona, self.how)

    def _point(self) -> Plain:
        named = {"stage": self.stage, "step": self.step, "persona": self.persona, "how": self.how, "value": self.value}
        return {**self.beside, **named, "id": self._id()}


class Translate(_Change):
    """Says a text of a thing, or of the document itself, in another language; without a text the translation goes."""

    do: Literal["translate"] = "translate"
    collection: str = ""
    id: str = ""
    language: str
    field: str
    text: str | None = None

    def on(self, document: D) -> D:
        return self._set().on(document)

    def inverse(self, document: Document) -> Change:
        back = self._set().inverse(document)
        return self.model_copy(update={"text": back.value if isinstance(back, Set) and not back.absent else None})

    def touches(self) -> frozenset[Address]:
        return self._set().touches()

    def words(self) -> str:
        said = f": {_short(self.text)}" if self.text else " away"
        return f"translated {self.field} of {_named(self.collection, self.id)} ({self.language}){said}"

    def _set(self) -> Set:
        path = ("translations", self.language, self.field)
        return Set(collection=self.collection, id=self.id, path=path, value=self.text, absent=self.text is None)


class Remark(_Change):
    """Comments on a thing, or on the document itself."""

    do: Literal["comment"] = "comment"
    id: str
    about: str = ""
    text: str
    author: str
    at: dt.datetime

    def on(self, document: D) -> D:
        return self._add().on(document)

    def inverse(self, document: Document) -> Change:
        return self._add().inverse(document)

    def touches(self) -> frozenset[Address]:
        return self._add().touches()

    def words(self) -> str:
        return f"commented on {self.about or 'the document'}: {_short(self.text)}"

    def _add(self) -> Add:
        thing = {"id": self.id, "on": self.about, "text": self.text, "author": self.author, "at": self.at.isoformat()}
        return Add(collection="comments", thing=thing)


class Several(_Change):
    """Changes that belong together: done, undone and logged as one."""

    do: Literal["several"] = "several"
    changes: tuple[Change, ...]
    summary: str = ""

    def on(self, document: D) -> D:
        for change in self.changes:
            document = change.on(document)
        return document

    def inverse(self, document: Document) -> Change:
        back: list[Change] = []
        for change in self.changes:
            back.append(change.inverse(document))
            document = change.on(document)
        return Several(changes=tuple(reversed(back)))

    def touches(self) -> frozenset[Address]:
        return frozenset().union(*(change.touches() for change in self.changes))

    def words(self) -> str:
        if self.summary or not self.changes:
            return self.summary or "changed nothing"
        first = self.changes[0].words()
        return first if len(self.changes) == 1 else f"{first} and {len(self.changes) - 1} more"


Change = Annotated[Set | Add | Remove | Move | Link | Unlink | Feel | Translate | Remark | Several, Field(discriminator="do")]

Several.model_rebuild()
CHANGE: TypeAdapter[Change] = TypeAdapter(Change)


def _type(document: Document, collection: str) -> type[BaseModel]:
    return thing_type(type(document), collection) if collection else type(document)


def _plain(document: Document, collection: str, id: str) -> Plain | None:
    if not collection:
        return document.model_dump(mode="json", exclude_defaults=True, exclude=set(document.COLLECTIONS))
    thing_type(type(document), collection)
    thing = document.collection(collection).get(id)
    return thing.plain() if thing is not None else None


def _put(document: D, collection: str, id: str, plain: Plain | None) -> D:
    """The document with a thing written, or removed where `plain` is None."""
    try:
        if not collection:
            bare = type(document).model_validate(plain)
            return bare.model_copy(update={name: document.collection(name) for name in document.COLLECTIONS})
        things = dict(document.collection(collection))
        if plain is None:
            thing_type(type(document), collection)
            things.pop(id, None)
        else:
            things[id] = thing_type(type(document), collection).model_validate(plain)
        return document.model_copy(update={collection: things})
    except ValidationError as error:
        place = ".".join(part for part in (document.id, collection, id) if part)
        raise all_of(faults_of(error, lambda path: f"{place}.{'.'.join(map(str, path))}")) from None


def _written(plain: Plain, path: tuple[str, ...], value: Any, gone: bool) -> Plain:
    """A copy of plain data with the value at a path written or taken away; what becomes empty on the way goes too."""
    first, *rest = path
    changed = dict(plain)
    if rest:
        inner = changed.get(first)
        below = _written(inner if isinstance(inner, dict) else {}, tuple(rest), value, gone)
        if below or not gone:
            changed[first] = below
        else:
            changed.pop(first, None)
    elif gone:
        changed.pop(first, None)
    else:
        changed[first] = value
    return changed


def _evidence_back(document: Document, collection: str, id: str, ref: str) -> Change:
    there = (_plain(document, collection, id) or {}).get("evidence", {}).get(ref)
    if there is None:
        return Unlink(collection=collection, id=id, ref=ref)
    return Link(collection=collection, id=id, evidence=there)


def _named(collection: str, id: str) -> str:
    if not collection:
        return "the document"
    singular = {"criteria": "criterion"}.get(collection, collection.removesuffix("s"))
    return f"{singular} {id}"


def _short(value: Any) -> str:
    shown = int(value) if isinstance(value, float) and value.is_integer() else value
    text = " ".join(str(shown).split())
    return f"`{text[:60]}…`" if len(text) > 61 else f"`{text}`"
