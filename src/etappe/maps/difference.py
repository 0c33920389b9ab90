"""What differs between two states of a document, as a change; and the merge of two edits of one state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeVar

from etappe.maps.addresses import Address, overlap
from etappe.maps.changes import Add, Change, Feel, Link, Move, Remove, Set, Several, Translate, Unlink
from etappe.maps.document import Document, Plain, Thing

D = TypeVar("D", bound=Document)

_BY_KEY: Final = ("standing", "points", "rule")
"""Fields whose entries are set one by one, so that two people can fill in different ones."""


def difference(before: Document, after: Document) -> Several:
    """The change that makes `after` of `before`; empty where they are the same. Both are of one kind and id."""
    changes: list[Change] = _fields("", "", _header(before), _header(after), ())
    for collection, kind in before.COLLECTIONS.items():
        old, new = before.collection(collection), after.collection(collection)
        changes += [_removed(collection, old[id]) for id in old if id not in new]
        changes += [_added(collection, new[id]) for id in new if id not in old]
        for id, thing in new.items():
            there = old.get(id)
            if there is not None and there is not thing and there != thing:
                changes += _changed(collection, id, kind, there, thing)
    return Several(changes=tuple(changes))


def _header(document: Document) -> Plain:
    return document.model_dump(mode="json", exclude_defaults=True, exclude={*document.COLLECTIONS, "id", "version"})


def _removed(collection: str, thing: Any) -> Change:
    if collection == "feelings":
        return Feel(stage=thing.stage, step=thing.step, persona=thing.persona, how=thing.how)
    return Remove(collection=collection, id=thing.id)


def _added(collection: str, thing: Any) -> Change:
    plain = thing.plain()
    if collection == "feelings":
        beside = {name: value for name, value in plain.items() if name not in ("id", "stage", "step", "persona", "how", "value")}
        return Feel(stage=thing.stage, step=thing.step, persona=thing.persona, how=thing.how, value=thing.value, beside=beside)
    return Add(collection=collection, thing=plain)


def _changed(collection: str, id: str, kind: type[Thing], there: Thing, thing: Thing) -> list[Change]:
    if collection == "feelings":
        return [_added(collection, thing)]
    old, new = there.plain(), thing.plain()
    moved = {name: str(new.get(name, "")) for name in kind.PLACE if old.get(name, "") != new.get(name, "")}
    changes: list[Change] = [Move(collection=collection, id=id, to=moved)] if moved else []
    links, linked = old.pop("evidence", {}), new.pop("evidence", {})
    changes += _fields(collection, id, old, new, kind.PLACE)
    changes += [Link(collection=collection, id=id, evidence=link) for ref, link in linked.items() if links.get(ref) != link]
    return changes + [Unlink(collection=collection, id=id, ref=ref) for ref in links if ref not in linked]


def _fields(collection: str, id: str, old: Plain, new: Plain, leave: tuple[str, ...]) -> list[Change]:
    changes: list[Change] = []
    for name in (*new, *(name for name in old if name not in new)):
        before, after = old.get(name), new.get(name)
        if name in leave or (before == after and (name in old) == (name in new)):
            continue
        if name == "translations":
            changes += _translated(collection, id, before or {}, after or {})
        elif name in _BY_KEY and isinstance(before or {}, dict) and isinstance(after or {}, dict):
            both = {**(before or {}), **(after or {})}
            changes += [_set(collection, id, (name, key), after or {}, key) for key in both if (before or {}).get(key) != (after or {}).get(key)]
        else:
            changes.append(_set(collection, id, (name,), new, name))
    return changes


def _set(collection: str, id: str, path: tuple[str, ...], holder: Plain, key: str) -> Change:
    return Set(collection=collection, id=id, path=path, value=holder.get(key), absent=key not in holder)


def _translated(collection: str, id: str, old: dict[str, Plain], new: dict[str, Plain]) -> list[Change]:
    pairs = {(language, field) for texts in (old, new) for language, fields in texts.items() for field in fields}
    return [
        Translate(collection=collection, id=id, language=language, field=field, text=new.get(language, {}).get(field))
        for language, field in sorted(pairs)
        if old.get(language, {}).get(field) != new.get(language, {}).get(field)
    ]


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge: the change to be done on `ours`, and the addresses that both sides had changed differently."""

    change: Several
    conflicts: tuple[Address, ...]


def merge(base: D, ours: D, theirs: D) -> Merged:
    """What `theirs` changed since `base`, to be done on `ours`, the later one.

    Independent edits simply come together, in whichever order they are merged. Where both changed the same field, theirs
    is done (it comes later) and the address is told.
    """
    wanted, done = difference(base, theirs), difference(base, ours)
    same = set(map(_key, done.changes))
    left = tuple(change for change in wanted.changes if _key(change) not in same)
    conflicts = overlap(Several(changes=left).touches(), done.touches())
    return Merged(Several(changes=left), tuple(conflicts))


def _key(change: Change) -> str:
    return change.model_dump_json()
