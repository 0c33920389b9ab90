"""Reports of documents: brings what the evidence says to the maps, personas and reviews that are printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etappe.errors import Fault, NotFound, QuestionFault, WorkspaceFault
from etappe.maps.map import Map
from etappe.reports.map.report import Asked, write_map
from etappe.reports.report import checked_language
from etappe.workspace.labels import names_of

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace

DOCUMENTS = ("map", "persona", "journey", "review")


def print_document(ws: Workspace, what: str, name: str, path: Path, language: str | None, params: Mapping[str, Any]) -> Path:
    """Writes the report of a map, persona, journey or review; `path`'s ending chooses the format."""
    given = dict(params)
    if what == "map":
        made = print_map(ws, name or str(given.pop("map", "")), path, language, given)
    else:
        raise QuestionFault(f"There is no report of a {what}.", f"report {what}", f"Reports of documents: {', '.join(DOCUMENTS)}.")
    if given:
        raise QuestionFault(f"What is `--{next(iter(given))}` for?", f"report {what}", "See `etappe report --help`.")
    return made


def print_map(ws: Workspace, name: str, path: Path, language: str | None, given: dict[str, Any]) -> Path:
    """Writes a map; takes its options out of `given`."""
    if not name:
        raise QuestionFault("Which map?", "report map", "Name it: `etappe report map NAME -o map.pdf`; `etappe map list` lists them.")
    asked = asked_of(ws, name, language, view=given.pop("view", "evidence"), paper=str(given.pop("paper", "") or ""), check=given.pop("check", None))
    return write_map(asked, path)


def asked_of(ws: Workspace, name: str, language: str | None, *, view: Any = "evidence", paper: str = "", check: Any = None) -> Asked:
    """A map with what the evidence says of it, as reports take it.

    `check` may be the path of a file that `check --json` wrote; else it is asked now.
    """
    document, revision = ws.atlas.load("map", name)
    assert isinstance(document, Map)
    shown = checked_language(language or document.language)
    return Asked(
        document, revision, checked(ws, name, check), shown, view, paper, persona_titles(ws, document, shown), names_of(ws.folder.rules), conservation(ws),
    )  # fmt: skip


def checked(ws: Workspace, name: str, given: Any = None) -> Mapping[str, Any] | None:
    """What `check` says of a map; None where nothing is built, so that a map can be printed without any data."""
    if given is not None:
        from etappe.workspace.labels import read_json

        return read_json(Path(str(given)))
    ask = getattr(ws, "check", None) if hasattr(type(ws), "check") else None
    if ask is None:
        return None
    try:
        found = ask(name)
    except WorkspaceFault:
        return None
    return dict(found) if isinstance(found, Mapping) else dict(found.to_dict())


def persona_titles(ws: Workspace, document: Map, language: str) -> dict[str, str]:
    """Titles of a map's personas; one that is not there keeps its id."""
    titles = {}
    for id in document.personas:
        try:
            persona = ws.atlas.persona(id)
        except NotFound:
            continue
        titles[id] = persona.say("title", None if language == persona.language else language) or id
    return titles


def conservation(ws: Workspace) -> Mapping[str, Any] | None:
    """The conservation of the build in use; None where nothing is built."""
    try:
        found: Mapping[str, Any] = ws.status()["build"]
    except (Fault, KeyError, TypeError):
        return None
    return found if found else None
