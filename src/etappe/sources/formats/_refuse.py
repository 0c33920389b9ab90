"""Exports that can be recognised but hold nothing of a person or company: said plainly instead of misread."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from etappe.errors import FileFault
from etappe.sources.format import Format, Mapped
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample


def refused(
    name: str, source: str, words: str, recognise: Callable[[Sample], float], what: str, do_next: str
) -> Format:
    """A format whose files are answered with what they are and which export is wanted in their place."""

    def refuse(raw: Raw) -> NoReturn:
        raise FileFault(what, str(raw.path), do_next)

    return Format(name, source, words, recognise, refuse)


def set_aside(name: str, source: str, words: str, recognise: Callable[[Sample], float], why: str) -> Format:
    """A table that belongs to a system's export but adds nothing: it is no fault of the user's, and brings no rows."""

    def nothing(raw: Raw) -> list[Mapped]:
        raw.notes.append(f"no rows were taken from this table: {why}")
        return []

    return Format(name, source, words, recognise, nothing)
