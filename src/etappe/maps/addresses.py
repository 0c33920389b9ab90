"""Where a change writes: collection, id, field, …; the shorter address contains the longer ones."""

from __future__ import annotations

Address = tuple[str, ...]


def overlap(one: frozenset[Address], other: frozenset[Address]) -> list[Address]:
    """The addresses that both write, as the longer of each pair; empty where the two are independent."""
    return sorted(_within(one, other) | _within(other, one))


def _within(these: frozenset[Address], those: frozenset[Address]) -> set[Address]:
    return {address for address in these if any(address[:length] in those for length in range(1, len(address) + 1))}
