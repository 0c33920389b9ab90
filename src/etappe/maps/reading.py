"""Reads documents from YAML: every fault at once with line and column, nothing skipped, unknown keys kept.

A file is composed into nodes with their places, and the nodes are read by the types of the document: where a text is
expected, `2026-12-01`, `on` and `007` are texts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Final, Literal, Union

import yaml
from pydantic import BaseModel, ValidationError

from etappe.errors import Fault, MapFault
from etappe.maps.document import Document, Part, Plain, Thing, all_of, faults_of, migrate
from etappe.maps.kinds import KINDS
from etappe.maps.order import place_all
from etappe.maps.yaml_file import compose
from etappe.maps.yaml_values import is_null, value_of
from etappe.words.claim_language import nearest

Path_ = tuple[str | int, ...]
Place = tuple[int, int]

_MOST_NODES: Final = 250_000
_DEEPEST: Final = 60


@dataclass
class Page:
    """A file while it is read: its faults, and where each thing and field of it stands."""

    name: str
    faults: list[Fault] = field(default_factory=list)
    places: dict[Path_, Place] = field(default_factory=dict)
    unknown: list[tuple[Path_, str]] = field(default_factory=list)
    nodes: int = 0

    def where(self, path: Path_) -> str:
        """File, line and column of a path, or of the nearest thing that holds it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                row, column = self.places[path[:length]]
                return f"{self.name}:{row}:{column}"
        return self.name

    def fault(self, node: yaml.Node, what: str, do_next: str = "") -> None:
        """Notes a fault at a node."""
        self.faults.append(MapFault(what, f"{self.name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}", do_next))


@dataclass(frozen=True)
class Read:
    """What a file says: the document if it could be read at all, the revision it was exported from, faults and places."""

    document: Document | None
    revision: int | None
    page: Page


def read(text: str, where: str = "", base: Document | None = None, kind: type[Document] | None = None) -> Read:
    """Reads a document; faults are collected, not raised.

    Parameters
    ----------
    base : Document, optional
        The document as it is kept: orders of things stay where the file has them in the same order.
    kind : type, optional
        What it has to be; else the first key of the file says it.
    """
    page = Page(where or "the file")
    try:
        root = compose(text, page.name)
    except MapFault as fault:
        page.faults.append(fault)
        return Read(None, None, page)
    found = _kind(root, page, kind)
    if found is None:
        return Read(None, None, page)
    try:
        plain, revision = _document(root, found, page)
    except MapFault as endless:
        page.faults.append(endless)
        return Read(None, None, page)
    set_orders(found, plain, base if base is not None and base.NAME == found.NAME else None)
    made = _validated(found, plain, page)
    page.faults.sort(key=lambda fault: [int(part) for part in fault.where.rsplit(":", 2)[1:] if part.isdigit()])
    return Read(made, revision, page)


def parse(text: str, where: str = "", base: Document | None = None, kind: type[Document] | None = None) -> Document:
    """Reads a document or raises all its faults.

    Raises
    ------
    MapFault, Faults
        Everything that is wrong, each with file, line and column.
    """
    found = read(text, where, base, kind)
    if found.page.faults or found.document is None:
        raise all_of(found.page.faults or [MapFault("The file is empty.", where, "Begin it with `map: NAME`.")])
    return found.document


# -- nodes to plain data ---------------------------------------------------------------------------------------------------


def _kind(root: yaml.MappingNode, page: Page, wanted: type[Document] | None) -> type[Document] | None:
    named = [key.value for key, _ in root.value if key.value in KINDS]
    if not named:
        page.fault(root, "The file does not say what it is.", f"Begin it with one of: {', '.join(f'{name}: NAME' for name in KINDS)}.")
        return None
    if wanted is not None and named[0] != wanted.NAME:
        page.fault(root, f"This is a {named[0]}, not a {wanted.NAME}.", f"Use `etappe {named[0]} import`.")
        return None
    return KINDS[named[0]]


def _document(root: yaml.MappingNode, kind: type[Document], page: Page) -> tuple[Plain, int | None]:
    page.places[()] = _place(root)
    plain: Plain = {}
    revision: int | None = None
    for key, node in _pairs(root, (), page):
        if key == kind.NAME:
            plain["id"] = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
            page.places[("id",)] = _place(node)
        elif key == "revision":
            said = _built(node, _inner(int), (key,), page)
            revision = said if isinstance(said, int) and said >= 0 else None
        elif key in kind.COLLECTIONS:
            plain[key] = _things(node, kind.COLLECTIONS[key], key, page)
        else:
            value = _field(kind, key, node, (key,), page)
            if value is not None or key not in _wanted(kind):
                plain[key] = value
    return plain, revision


def _things(node: yaml.Node, kind: type[Thing], collection: str, page: Page) -> dict[str, Plain]:
    """The things of a list by id; one that stands there twice is a fault, one without an id gets one by its content."""
    if is_null(node):
        return {}
    if isinstance(node, yaml.MappingNode):
        items = [(key, value) for key, value in _pairs(node, (collection,), page)]
    elif isinstance(node, yaml.SequenceNode):
        items = [("", value) for value in node.value]
    else:
        page.fault(node, f"`{collection}` is not a list.", "Write `- id: …` for each.")
        return {}
    found: dict[str, Plain] = {}
    for named, item in items:
        if not isinstance(item, yaml.MappingNode):
            page.fault(item, f"An entry of `{collection}` is not a list of `word: value`.", "Write `- id: …`, and its fields below.")
            continue
        written = next((value for key, value in item.value if key.value == "id"), None)
        id = str(written.value).strip() if isinstance(written, yaml.ScalarNode) and not is_null(written) else named
        plain = _thing(item, kind, collection, id, page)
        key = str(plain.get("id") or "")
        if key in found:
            first = page.places[(collection, key)][0]
            said = f"The id `{key}`" if kind.ID_WRITTEN else "This place of the curve"
            page.fault(item, f"{said} stands here twice; first in line {first}.", "Give one of them another id, or remove it.")
            continue
        page.places[(collection, key)] = _place(item)
        for name, place in plain.pop("\0places", {}).items():
            page.places[(collection, key, *name)] = place
        found[key] = plain
    return found


def _thing(node: yaml.MappingNode, kind: type[Thing], collection: str, id: str, page: Page) -> Plain:
    inner = Page(page.name, page.faults, nodes=page.nodes)
    plain: Plain = {}
    for key, value in _pairs(node, (), inner):
        if key != "id":
            built = _field(kind, key, value, (key,), inner)
            if built is not None or key not in _wanted(kind):
                plain[key] = built
    page.nodes = inner.nodes
    if not kind.ID_WRITTEN:
        plain = {**plain, "id": _own_id(kind, plain)}
    else:
        plain = {"id": id or _content_id(collection, plain), **plain}
    page.unknown += [((collection, plain["id"], *path), word) for path, word in inner.unknown]
    return {**plain, "\0places": inner.places}


def _own_id(kind: type[Thing], plain: Plain) -> str:
    """The id of a thing that is known by its place, as its type makes it."""
    try:
        return kind.model_validate({"value": 0, **{key: value for key, value in plain.items() if key != "value"}}).id
    except ValidationError:
        return _content_id("", plain)


def _content_id(collection: str, plain: Plain) -> str:
    """The same content gets the same id again, so that reading a file twice does not double its things."""
    said = "\n".join([collection, *(str(plain.get(name, "")) for name in ("stage", "step", "lane", "kind", "title", "text"))])
    return "c" + hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:10]


def _field(kind: type[BaseModel], key: str, node: yaml.Node, path: Path_, page: Page) -> Any:
    known = _wanted(kind).get(key)
    if known is None:
        page.unknown.append((path, nearest(key, list(_wanted(kind))) if key else ""))
        return _built(node, _inner(Any), path, page)
    if is_null(node):
        return None
    if key == "evidence" and not isinstance(node, yaml.MappingNode):
        known = _Inner(True, known.element, None)  # written as a list of addresses or links, kept by address
    return _built(node, known, path, page)


def _pairs(node: yaml.MappingNode, path: Path_, page: Page) -> list[tuple[str, yaml.Node]]:
    """Keys and values of a mapping; a key that stands there twice is a fault, since one of its values would be lost."""
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        word = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        if not isinstance(key, yaml.ScalarNode):
            page.fault(key, "A key has to be a word.", "Put it in quotes.")
        elif word in found:
            page.fault(key, f"`{word}` stands here twice; first in line {found[word].start_mark.line + 1}.", "Leave one of them.")
        else:
            found[word] = value
            page.places[(*path, word)] = _place(value)
    return list(found.items())


def _built(node: yaml.Node, inner: _Inner, path: Path_, page: Page) -> Any:
    """The plain value of a node, as its type wants it."""
    page.nodes += 1
    if page.nodes > _MOST_NODES or len(path) > _DEEPEST:
        raise MapFault("The file repeats or nests itself without end.", page.name, "Write it without & and *.")
    if isinstance(node, yaml.ScalarNode):
        return node.value if inner.text and not is_null(node) else value_of(node)
    element = _inner(inner.element)
    if isinstance(node, yaml.SequenceNode):
        page.places.update({(*path, number): _place(item) for number, item in enumerate(node.value)})
        return [_built(item, element, (*path, number), page) for number, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return None
    built: Plain = {}
    for key, value in _pairs(node, path, page):
        if inner.part is not None:
            built[key] = _field(inner.part, key, value, (*path, key), page)
        else:
            built[key] = _built(value, element, (*path, key), page)
    return built


@dataclass(frozen=True)
class _Inner:
    """What a type wants: a text, entries of a type, or the fields of a part."""

    text: bool
    element: Any
    part: type[Part] | None


@cache
def _wanted(kind: type[BaseModel]) -> dict[str, _Inner]:
    """What each field of a type wants."""
    annotations: dict[str, Any] = {name: known.annotation for name, known in kind.model_fields.items()}
    return {name: _inner(annotation) for name, annotation in annotations.items()}


@cache
def _inner(annotation: Any) -> _Inner:
    origin, given = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _inner(given[0])
    if origin in (Union, types.UnionType):
        rest = [item for item in given if item is not type(None)]
        return _inner(rest[0]) if len(rest) == 1 else _Inner(False, Any, None)
    if origin in (tuple, list):
        return _Inner(_inner(given[0]).text, given[0], None)
    if origin is dict:
        return _Inner(False, given[1], None)
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return _Inner(False, Any, annotation)
    return _Inner(annotation in (str, dt.date, dt.datetime) or origin is Literal, Any, None)


def _place(node: yaml.Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


# -- plain data to a document ----------------------------------------------------------------------------------------------


def set_orders(kind: type[Document], plain: Plain, base: Document | None) -> None:
    """Turns the order of things in plain data into their `order`, group by group, keeping those of `base` that can stay."""
    for collection, thing_kind in kind.COLLECTIONS.items():
        things: Mapping[str, Plain] = plain.get(collection, {})
        kept = base.collection(collection) if base is not None else {}
        groups: dict[tuple[str, ...], list[str]] = {}
        for id, thing in things.items():
            groups.setdefault(tuple(str(thing.get(name, "")) for name in thing_kind.PLACE if name != "order"), []).append(id)
        for ids in groups.values():
            orders = [kept[id].order if id in kept else None for id in ids]
            if not thing_kind.ORDERED:
                new: Sequence[str] = [order or "" for order in orders]
            elif None not in orders and [(order, id) for order, id in zip(orders, ids, strict=True)] == sorted(zip(orders, ids, strict=True)):
                new = [order or "" for order in orders]
            else:
                new = place_all(orders)
            for id, order in zip(ids, new, strict=True):
                things[id]["order"] = order


def _validated(kind: type[Document], plain: Plain, page: Page) -> Document | None:
    before = len(page.faults)
    try:
        plain = migrate(kind, plain, page.where(("version",)))
        whole: Plain = {key: value for key, value in plain.items() if key not in kind.COLLECTIONS}
        made = _checked(kind, whole, (), page)
    except Fault as fault:
        page.faults.append(fault)
        return None
    things = {
        collection: {id: _checked(thing_kind, thing, (collection, id), page) for id, thing in plain.get(collection, {}).items()}
        for collection, thing_kind in kind.COLLECTIONS.items()
    }
    if made is None or len(page.faults) > before:
        return None
    return typing.cast(Document, made.model_copy(update=things))


def _checked(kind: type[BaseModel], plain: Plain, path: Path_, page: Page) -> Any:
    try:
        return kind.model_validate(plain)
    except ValidationError as error:
        page.faults += faults_of(error, lambda inner: page.where((*path, *inner)))
        return None
