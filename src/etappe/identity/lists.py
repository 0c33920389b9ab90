"""The word lists of this room: plain text files in `data/`, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of a list, without comments and empty ones."""
    text = (files("etappe.identity") / "data" / name).read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def words(name: str) -> frozenset[str]:
    """The blank-separated words of a list."""
    return frozenset(word for line in lines(name) for word in line.split())


@cache
def groups(name: str) -> dict[str, frozenset[str]]:
    """A list whose lines are `group: word word …`; lines of one group add up."""
    found: dict[str, set[str]] = {}
    for line in lines(name):
        group, _, rest = line.partition(":")
        found.setdefault(group.strip(), set()).update(rest.split())
    return {group: frozenset(members) for group, members in found.items()}
