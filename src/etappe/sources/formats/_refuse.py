"""Exports that can be recognised but hold nothing of a person or company: said plainly instead of misread."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from etappe.errors import FileFault
from etappe.sources.format import Format
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample


def refused(
    name: str, source: str, words: str, recognise: Callable[[Sample], float], what: str, do_next: str
) -> Format:
    """A format whose files are answered with what they are and which export is wanted in their place."""

    def refuse(raw: Raw) -> NoReturn:
        raise FileFault(what, str(raw.path), do_next)

    return Format(name, source, words, recognise, refuse)
