"""Reports of documents: brings what the evidence says to the maps, personas and reviews that are printed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etappe.errors import Fault, MapFault, NotFound, QuestionFault, WorkspaceFault
from etappe.maps.map import Map
from etappe.reports.map.report import Asked, write_map
from etappe.reports.report import checked_language
from etappe.workspace import rules as rules_room

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace

DOCUMENTS = ("map", "persona", "personas", "journey", "review")
_TAKES = {"map": ("map", "view", "paper", "check"), "journey": ("map", "persona", "period", "check"), "personas": ("map", "persona")}


def print_document(ws: Workspace, what: str, name: str, path: Path, language: str | None, params: Mapping[str, Any]) -> Path:
    """Writes the report of a map, persona, journey or review; `path`'s ending chooses the format."""
    given = dict(params)
    strange = [option for option in given if option not in _TAKES.get(what, ())]
    if strange and what in DOCUMENTS:  # before anything is written
        raise QuestionFault(f"What is `--{strange[0]}` for?", f"report {what}", "See `etappe report --help`.")
    if what == "map":
        made = print_map(ws, name or str(given.pop("map", "")), path, language, given)
    elif what == "journey":
        made = print_journey(ws, name or str(given.pop("map", "")), path, language, given)
    elif what == "persona":
        made = print_persona(ws, name, path, language)
    elif what == "personas":
        made = print_personas(ws, name or str(given.pop("map", "")), path, language, str(given.pop("persona", "") or ""))
    elif what == "review":
        made = print_review(ws, name, path, language)
    else:
        raise QuestionFault(f"There is no report of a {what}.", f"report {what}", f"Reports of documents: {', '.join(DOCUMENTS)}.")
    return made


def print_map(ws: Workspace, name: str, path: Path, language: str | None, given: dict[str, Any]) -> Path:
    """Writes a map; takes its options out of `given`."""
    if not name:
        raise QuestionFault("Which map?", "report map", "Name it: `etappe report map NAME -o map.pdf`; `etappe map list` lists them.")
    asked = asked_of(ws, name, language, view=given.pop("view", "evidence"), paper=str(given.pop("paper", "") or ""), check=given.pop("check", None))
    if path.suffix.lower() == ".pptx":
        asked = replace(asked, pages=[(page.persona, page.to_dict()) for page in map(ws.persona, _there(ws, asked.map))])
    return write_map(asked, path)


def _there(ws: Workspace, document: Map) -> list[str]:
    """The personas of a map of which there is a document."""
    known = {row.id for row in ws.atlas.listed("persona")}
    return [id for id in document.personas if id in known]


def print_journey(ws: Workspace, name: str, path: Path, language: str | None, given: dict[str, Any]) -> Path:
    """Writes the journey report of a map; takes its options out of `given`."""
    from etappe.reports.journey import CHAPTERS, Told
    from etappe.reports.journey_report import write_journey

    if not name:
        raise QuestionFault("The journey of which map?", "report journey", "Name it: `etappe report journey --map NAME -o report.pdf`.")
    persona, period = str(given.pop("persona", "") or ""), given.pop("period", None)
    asked = asked_of(ws, name, language, check=given.pop("check", None))
    narrow: dict[str, Any] = {"kind": asked.map.journey[0]} if len(asked.map.journey) == 1 else {}
    narrow |= {"persona": persona} if persona else {}
    narrow |= {"period": period} if period else {}
    told = []
    for analysis in CHAPTERS:
        try:
            told.append(Told(analysis, ws.show(analysis, **narrow)))
        except WorkspaceFault:
            raise
        except Fault as fault:
            told.append(Told(analysis, fault=fault))
    who = persona_title(ws, persona, asked.language) if persona else ""
    return write_journey(asked, told, path, client=ws.settings.name, who=who)


def print_persona(ws: Workspace, name: str, path: Path, language: str | None) -> Path:
    """Writes the one-pager of a persona, with its live size where something is built."""
    from etappe.reports.persona import write_persona

    if not name:
        raise QuestionFault("Which persona?", "report persona", "Name it: `etappe report persona NAME -o persona.pdf`; `etappe persona list` lists them.")
    document = ws.atlas.persona(name)
    try:
        page: Mapping[str, Any] | None = ws.persona(name).to_dict()
    except WorkspaceFault:
        page = None
    return write_persona(document, page, path, language or document.language, rules_room.names(ws.folder), conservation(ws))


def print_personas(ws: Workspace, name: str, path: Path, language: str | None, personas: str) -> Path:
    """Writes the personas of a map (or those named, between commas) beside its stages, with all curves."""
    from etappe.reports.persona_stages import write_persona_stages

    if not name:
        raise QuestionFault("The personas of which map?", "report personas", "Name it: `etappe report personas MAP -o personas.pdf`; `etappe map list` lists them.")
    document = ws.atlas.map(name)
    shown = checked_language(language or document.language)
    found = ws.persona_stages(name, [one for one in personas.split(",") if one], language=shown)
    return write_persona_stages(document, found, path, shown, rules_room.names(ws.folder), conservation(ws))


def print_review(ws: Workspace, name: str, path: Path, language: str | None) -> Path:
    """Writes the minutes of a review, by its own name or the name of its map (then the latest)."""
    from etappe.reports.review import write_review
    from etappe.workspace.reviews import Reviews

    if not name:
        raise QuestionFault("Which review?", "report review", "Name it or its map: `etappe report review NAME -o minutes.pdf`; `etappe review list` lists them.")
    room = Reviews(ws.atlas)
    of_map = room.of(name)
    review = of_map[-1] if of_map else room.load(name)
    return write_review(review, room.since(review), room.looked_at(review), path, language or review.language, rules_room.names(ws.folder), room.carried(review))


def asked_of(ws: Workspace, name: str, language: str | None, *, view: Any = "evidence", paper: str = "", check: Any = None) -> Asked:
    """A map with what the evidence says of it, as reports take it.

    `check` may be the path of a file that `check --json` wrote; else it is asked now.
    """
    document, revision = ws.atlas.load("map", name)
    assert isinstance(document, Map)
    shown = checked_language(language or document.language)
    return Asked(
        document, revision, checked(ws, name, check), shown, view, paper, persona_titles(ws, document, shown), rules_room.names(ws.folder), conservation(ws),
    )  # fmt: skip


def checked(ws: Workspace, name: str, given: Any = None) -> Mapping[str, Any] | None:
    """What `check` says of a map; None where nothing is built, so that a map can be printed without any data."""
    if given is not None:
        return _read(Path(str(given)))
    try:
        return ws.check(name, remember=False).to_dict()
    except WorkspaceFault:
        return None


def _read(path: Path) -> dict[str, Any]:
    """What `check --json` wrote into a file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MapFault(f"The check cannot be read: {error}.", str(path), "Write it with `etappe check MAP --json`.") from None
    if not isinstance(found, dict):
        raise MapFault("The check cannot be read: it is no object.", str(path), "Write it with `etappe check MAP --json`.")
    return found


def persona_title(ws: Workspace, id: str, language: str) -> str:
    """The title of a persona in a language; its id where there is no such document."""
    try:
        persona = ws.atlas.persona(id)
    except NotFound:
        return id
    return persona.say("title", None if language == persona.language else language) or id


def persona_titles(ws: Workspace, document: Map, language: str) -> dict[str, str]:
    """Titles of a map's personas; one that is not there keeps its id."""
    return {id: persona_title(ws, id, language) for id in document.personas}


def conservation(ws: Workspace) -> Mapping[str, Any] | None:
    """The conservation of the build in use; None where nothing is built."""
    found: Mapping[str, Any] | None = ws.status()["build"]
    return found or None
