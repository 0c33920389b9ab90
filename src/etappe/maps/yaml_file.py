"""YAML files as nodes with their places: read without surprise, refused before they can do harm."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml

from etappe.errors import MapFault
from etappe.maps.yaml_values import NULL, PLAIN, TEXT

_BASE: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NESTED: Final = 200
_INDENTED: Final = re.compile(r"^[ ?:-]{200}", re.MULTILINE)
_MOST_BYTES: Final = 50_000_000


class _Loader(_BASE):
    """Leaves the meaning of plain scalars to the types of the document; only nothing is told apart."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """The tag of an untagged node."""
        if kind is yaml.ScalarNode:
            return NULL if implicit[0] and value in ("", "~", "null", "Null", "NULL") else PLAIN if implicit[0] else TEXT
        return "tag:yaml.org,2002:seq" if kind is yaml.SequenceNode else "tag:yaml.org,2002:map"


def read_file(path: Path) -> str:
    """The text of a file.

    Raises
    ------
    MapFault
        If it is not there, too large, or no UTF-8 text.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise MapFault("The file is larger than any map.", str(path), "Is it the right one?")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MapFault(f"The file is not UTF-8 text (byte {error.start + 1}).", str(path), "Save it as UTF-8.") from None
    except OSError as error:
        raise MapFault(f"The file cannot be read: {error.strerror}.", str(path), "Look at its name and its rights.") from None


def compose(text: str, where: str) -> yaml.MappingNode:
    """The outermost mapping of a file.

    Raises
    ------
    MapFault
        If the text is no YAML, is empty, is no mapping, or nests so deep that the parser would break down.
    """
    try:
        _not_too_deep(text, where)
        root = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, UnicodeEncodeError, RecursionError) as wrong:
        mark = getattr(wrong, "problem_mark", None)
        place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
        problem = getattr(wrong, "problem", None) or getattr(wrong, "reason", None) or "it is nested too deep"
        raise MapFault(f"The file is not YAML: {problem}.", place, "Mend the indentation, or put the text in quotes.") from None
    if isinstance(root, yaml.MappingNode):
        return root
    if root is None:
        raise MapFault("The file is empty.", where, "Begin it with `map: NAME`.")
    place = f"{where}:{root.start_mark.line + 1}:{root.start_mark.column + 1}"
    raise MapFault("The file is no document: it does not begin with `word: value`.", place, "Begin it with `map: NAME`.")


def _not_too_deep(text: str, where: str) -> None:
    """Refuses nesting at which the parser would break down. Only a file that looks like it is looked through by events."""
    if text.count("[") + text.count("{") < _NESTED and not _INDENTED.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _NESTED:
            raise MapFault("The file repeats or nests itself without end.", where, "Is it the right one?")
