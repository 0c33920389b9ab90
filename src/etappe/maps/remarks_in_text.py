"""Keeps the `#` remarks of a YAML file when it is written anew: each stays above, or behind, the line it was written to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ITEM = re.compile(r"^  - (?:id|ref|stage): ?(.*)$")
_KEY = re.compile(r"^\s*(?:- )?([^\s#][^:#]*):(?:\s|$)")
_BEHIND = re.compile(r"\s(#.*)$")
_BLOCK = re.compile(r"(?:: |- )[|>][+-]?$")

Anchor = tuple[str, str, str]


@dataclass
class _Remarks:
    above: dict[Anchor, list[str]] = field(default_factory=dict)
    behind: dict[Anchor, str] = field(default_factory=dict)
    last: list[str] = field(default_factory=list)


def carry(old: str, new: str) -> str:
    """The new text with the remarks of the old one, where the thing they were written to is still there."""
    if "#" not in old:
        return new
    remarks = _remarks(old)
    lines: list[str] = []
    taken: set[Anchor] = set()
    texts = _inside_texts(new)
    there = _anchors(new)
    at = _Walk()
    for number, line in enumerate(new.splitlines()):
        if number in texts or not line.strip():
            lines.append(line)
            continue
        anchor = at.step(line)
        for key in (anchor, *_strays(anchor, remarks, there)):
            if key in remarks.above and key not in taken:
                taken.add(key)
                pad = line[: len(line) - len(line.lstrip())]
                lines += [pad + remark if remark else "" for remark in remarks.above[key]]
        behind = remarks.behind.get(anchor, "")
        lines.append(f"{line}  {behind}" if behind and not _BLOCK.search(line) else line)
    return "\n".join([*lines, *remarks.last]) + "\n"


def _strays(anchor: Anchor, remarks: _Remarks, there: set[Anchor]) -> list[Anchor]:
    """Remarks to a field of this thing that is gone now stay with the thing."""
    if not _is_first(anchor):
        return []
    return [key for key in remarks.above if key[:2] == anchor[:2] and key not in there]


def _is_first(anchor: Anchor) -> bool:
    return anchor[2] == "id" or (anchor[1] == "" and anchor[2] in ("map", "persona", "segment"))


def _anchors(text: str) -> set[Anchor]:
    texts, at = _inside_texts(text), _Walk()
    return {at.step(line) for number, line in enumerate(text.splitlines()) if number not in texts and line.strip() and not line.lstrip().startswith("#")}


@dataclass
class _Walk:
    """Walks down a file and says of each line whose it is: collection, thing, field."""

    collection: str = ""
    thing: str = ""

    def step(self, line: str) -> Anchor:
        found = _KEY.match(line)
        key = found.group(1).strip() if found else line.strip()
        if found and not line.startswith((" ", "-")):
            self.collection, self.thing = key, ""
            return ("", "", key)
        item = _ITEM.match(line)
        if item:
            self.thing = item.group(1).split(" #")[0].strip()
        return (self.collection, self.thing, key if found else line.split(" #")[0].strip())


def _remarks(text: str) -> _Remarks:
    found = _Remarks()
    texts, at = _inside_texts(text), _Walk()
    waiting: list[str] = []
    for number, line in enumerate(text.splitlines()):
        stripped = line.strip()
        if number in texts:
            continue
        if stripped.startswith("#"):
            waiting.append(stripped)
        elif stripped:
            anchor = at.step(line)
            if waiting:
                found.above[anchor] = waiting
                waiting = []
            behind = _BEHIND.search(line)
            if behind and not _in_quotes(line, behind.start(1)):
                found.behind[anchor] = behind.group(1)
    found.last = waiting
    return found


def _in_quotes(line: str, place: int) -> bool:
    before = line[:place]
    return before.count('"') % 2 == 1 or before.count("'") % 2 == 1


def _inside_texts(text: str) -> set[int]:
    """Numbers of the lines that belong to a text of several lines, where `#` is no remark."""
    inside: set[int] = set()
    try:
        for token in yaml.scan(text, Loader=_LOADER):
            if isinstance(token, yaml.ScalarToken) and token.end_mark.line > token.start_mark.line:
                inside.update(range(token.start_mark.line + 1, token.end_mark.line + (token.end_mark.column > 0)))
    except yaml.YAMLError:
        return inside
    return inside
