"""The front door for maps: a map as a file, its format by its ending."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from etappe.maps.map import Map
from etappe.maps.persona import Persona
from etappe.reports.document import Document
from etappe.reports.map.reading import Shown, View, read_map
from etappe.reports.report import FORMATS, ReportFault, checked_ending, checked_language, save
from etappe.reports.theme import Language
from etappe.reports.vocabulary import Names


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a report of a map is made of.

    Attributes
    ----------
    map : Map
    revision : int
    check : mapping, optional
        What `check --json` says of the map; without it nothing is marked as confirmed or contradicted.
    view : "design" or "evidence"
        Cards calm with small marks, or tinted by verdict with figures and blind spots.
    paper : str
        a4, a3, wide; without it by the number of columns.
    personas : mapping
        Titles of personas by id.
    names : mapping, optional
        What the workspace calls its touchpoints, channels and stages.
    conservation : mapping, optional
        The `conservation` of the build the figures are from.
    pages : sequence of (Persona, mapping)
        The personas that the slides show after the map, each with what `persona show --json` calls its page.
    """

    map: Map
    revision: int = 0
    check: Mapping[str, Any] | None = None
    language: Language = "de"
    view: View = "evidence"
    paper: str = ""
    personas: Mapping[str, str] | None = None
    names: Names | None = None
    conservation: Mapping[str, Any] | None = None
    pages: Sequence[tuple[Persona, Mapping[str, Any] | None]] = ()

    def shown(self) -> Shown:
        """The map as it is shown."""
        return read_map(self.map, self.check, language=self.language, view=self.view, revision=self.revision, personas=self.personas, names=self.names)

    def document(self) -> Document:
        """The report before it has a format."""
        from etappe.reports.map.document import map_document

        return map_document(self.shown(), self.paper, self.names, self.conservation)


def _drawn(ending: str) -> Callable[[Asked], bytes]:
    return lambda asked: FORMATS[ending](asked.document())


def _workbook(asked: Asked) -> bytes:
    from etappe.reports.map.workbook import to_workbook

    return to_workbook(asked)


def _slides(asked: Asked) -> bytes:
    from etappe.reports.map.slides import to_slides

    return to_slides(asked)


def _page(asked: Asked) -> bytes:
    from etappe.reports.map.page import to_page

    return to_page(asked).encode()


def _cards(asked: Asked) -> bytes:
    from etappe.reports.map.in_text import to_csv

    return to_csv(asked).encode("utf-8-sig")


def _markdown(asked: Asked) -> bytes:
    from etappe.reports.map.in_text import to_markdown

    return to_markdown(asked).encode()


MAP_FORMATS: Final[dict[str, Callable[[Asked], bytes]]] = {
    **{ending: _drawn(ending) for ending in (".pdf", ".png", ".svg")},
    ".pptx": _slides,
    ".xlsx": _workbook,
    ".html": _page,
    ".md": _markdown,
    ".csv": _cards,
}


def write_map(asked: Asked, path: Path) -> Path:
    """Write a map as .pdf, .png, .svg, .pptx, .xlsx, .html, .md or .csv; an existing file is replaced at once, never half.

    Raises
    ------
    ReportFault
        For an unknown ending, view or paper, or a folder that cannot be written.
    """
    make = MAP_FORMATS[checked_ending(path, MAP_FORMATS, "A map")]
    if asked.view not in ("design", "evidence"):
        raise ReportFault(f"There is no view `{asked.view}`.", "--view", "Choose design or evidence.")
    checked_language(asked.language)
    return save(make(asked), path)
