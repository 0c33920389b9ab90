"""Documents as YAML: one fact a line, in a fixed order, so that a change of a fact is a change of its line.

The fields of the document come first, then its things in lists, in reading order; what has its default value is left out.
Keys that etappe does not know come after the known ones of their thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from etappe.maps.document import Document, Part, Plain, Thing
from etappe.maps.yaml_values import block, line, scalar

_SORTED: Final = frozenset({"standing", "points", "rule", "translations"})
_DATES: Final = frozenset({"review_by", "as_of", "said_on", "at", "held_on", "closes_on", "started_on", "closed_on", "due"})
_FIRST: Final = ("id", "stage", "step", "lane", "kind", "title", "text")


def to_text(document: Document, revision: int | None = None) -> str:
    """The document as YAML. With `revision` the text says which state it is, so that an import can tell what came between."""
    plain = document.model_dump(mode="json", exclude_defaults=True)
    head = {document.NAME: document.id, "version": document.version, **({"revision": revision} if revision is not None else {})}
    lines = [f"{line(key)}: {scalar(value)}" for key, value in head.items()]
    stated = {name: _single(getattr(document, name)) for name in document.STATED}
    header = {key: stated.get(key, value) for key, value in {**plain, **stated}.items() if key not in ("id", "version", *document.COLLECTIONS)}
    lines += _mapping(_ordered(type(document), header), "")
    for collection in document.COLLECTIONS:
        things = document.sorted(collection)
        if things:
            lines += ["", f"{collection}:"]
            for thing in things:
                lines += _item(_thing(thing, plain[collection][thing.id]), "  ")
    return "\n".join(lines) + "\n"


def _single(value: Any) -> Any:
    """A list of one is written as that one."""
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def _thing(thing: Thing, plain: Plain) -> Plain:
    left_out = {"order"} if thing.ID_WRITTEN else {"order", "id"}
    written = {key: value for key, value in plain.items() if key not in left_out}
    if "evidence" in written and isinstance(thing, Part):
        links = [written["evidence"][ref] for ref in sorted(written["evidence"])]
        written["evidence"] = [link["ref"] if set(link) == {"ref"} else _short(link) for link in links]
    return _ordered(type(thing), written)


@cache
def _ranks(kind: type[BaseModel]) -> dict[str, int]:
    names: list[str] = [name for name in _FIRST if name in kind.model_fields]
    names += [name for name in kind.model_fields if name not in names and name != "translations"]
    return {name: number for number, name in enumerate([*names, "translations"])}


def _ordered(kind: type[BaseModel], plain: Plain) -> Plain:
    """Known keys in the order of their type, unknown ones by name before the translations."""
    ranks = _ranks(kind)
    last = len(ranks)
    keys = sorted(plain, key=lambda key: (ranks.get(key, last - 1.5) if key != "translations" else last, key))
    known = {key: _short({key: plain[key]})[key] if key in ranks else plain[key] for key in keys}
    return {key: _sorted(value) if key in _SORTED else value for key, value in known.items()}


class _Bare(str):
    """A date: written without quotes, since its field says what it is."""


def _short(value: Any) -> Any:
    """Numbers of known fields without `.0`, dates without quotes; their types are known."""
    if isinstance(value, dict):
        return {key: _Bare(inner) if key in _DATES and isinstance(inner, str) else _short(inner) for key, inner in value.items()}
    return int(value) if isinstance(value, float) and value == int(value) and abs(value) < 1e15 else value


def _sorted(value: Any) -> Any:
    return {key: _sorted(value[key]) for key in sorted(value)} if isinstance(value, dict) else value


def _mapping(plain: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in plain.items():
        yield from _entry(line(key), value, indent)


def _entry(key: str, value: Any, indent: str) -> Iterator[str]:
    """`key: value`, with what is nested below it."""
    if isinstance(value, _Bare):
        yield f"{indent}{key}: {value}"
    elif isinstance(value, str):
        yield f"{indent}{key}: {block(value, indent + '  ') or line(value)}"
    elif isinstance(value, Mapping) and value:
        yield f"{indent}{key}:"
        yield from _mapping(value, indent + "  ")
    elif isinstance(value, Sequence) and value:
        yield f"{indent}{key}:"
        for item in value:
            yield from _item(item, indent + "  ")
    else:
        yield f"{indent}{key}: {_empty_or_scalar(value)}"


def _item(value: Any, indent: str) -> Iterator[str]:
    """`- value`, a mapping beginning on the line of its dash."""
    if isinstance(value, Mapping) and value:
        lines = _mapping(value, indent + "  ")
        yield f"{indent}- {next(lines)[len(indent) + 2 :]}"
        yield from lines
    elif isinstance(value, str):
        yield f"{indent}- {block(value, indent + '  ') or line(value)}"
    elif isinstance(value, Sequence) and value:
        yield f"{indent}-"
        for item in value:
            yield from _item(item, indent + "  ")
    else:
        yield f"{indent}- {_empty_or_scalar(value)}"


def _empty_or_scalar(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, Sequence):
        return "[]"
    return scalar(value)
