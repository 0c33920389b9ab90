"""The workspace's maps, personas and segments: opened where the settings say, with what the rules know of names."""

from __future__ import annotations

import datetime as dt
import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from etappe.errors import MapFault, NotFound
from etappe.maps.changes import Change
from etappe.maps.comparison import Row, compare
from etappe.maps.database import sqlite_url
from etappe.maps.difference import merge
from etappe.maps.document import Document, all_of
from etappe.maps.edits import Edit, about
from etappe.maps.kinds import kind_of
from etappe.maps.lint import Around, Finding, lint, lint_text
from etappe.maps.map import Map
from etappe.maps.persona import Persona
from etappe.maps.reading import read
from etappe.maps.remarks_in_text import carry
from etappe.maps.store import Applied, Listed, Mark, Store
from etappe.maps.template import new_map, new_persona
from etappe.maps.text import to_text
from etappe.maps.yaml_file import read_file
from etappe.settings import Settings
from etappe.words.claim_language import nearest
from etappe.words.claim_names import Vocabulary
from etappe.workspace import documents
from etappe.workspace.folder import Folder

HALF_A_YEAR = dt.timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: made a new document, changed one, or found nothing to change; and what it ran into."""

    document: Document
    revision: int
    made: bool
    edit: Edit | None
    warnings: list[Finding]


class Atlas:
    """The documents of a workspace. Every write is an edit with its author; a name may bear a version: `machine-buying@12`."""

    def __init__(self, folder: Folder, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings

    @cached_property
    def store(self) -> Store:
        """The store, opened when it is first asked."""
        return Store(documents.database(self.settings) or sqlite_url(self.folder.model))

    def close(self) -> None:
        """Lets go of the database, if it was opened."""
        if "store" in self.__dict__:
            self.store.close()
            del self.__dict__["store"]

    # -- reading ----------------------------------------------------------------------------------------------------

    def listed(self, kind: str = "map", removed: bool = False) -> list[Listed]:
        """The documents of a kind; or (`removed`) those taken off the list, which `restore` brings back."""
        return self.store.listed(kind, removed)

    def load(self, kind: str, name: str) -> tuple[Document, int]:
        """A document with its revision, by name, `name@revision` or `name@named version`."""
        id, _, version = name.partition("@")
        return self.store.loaded(kind, id, self._revision(kind, id, version) if version else None)

    def map(self, name: str) -> Map:
        """A map."""
        found = self.load("map", name)[0]
        assert isinstance(found, Map)
        return found

    def persona(self, name: str) -> Persona:
        """A persona."""
        found = self.load("persona", name)[0]
        assert isinstance(found, Persona)
        return found

    def history(self, kind: str, name: str, thing: str = "") -> list[Edit]:
        """The edits of a document, or of one thing in it, oldest first."""
        edits = self.store.edits(kind, name)
        if not thing:
            return edits
        found = about(edits, thing)
        if not found:
            document, _ = self.store.loaded(kind, name)
            known = [id for collection in document.COLLECTIONS for id in document.collection(collection)]
            raise NotFound(f"There is no `{thing}` in the {kind} `{name}`.", "", nearest(thing, known) if known else "")
        return found

    def compare(self, kind: str, before: str, after: str) -> list[Row]:
        """What differs between two versions, or two documents of one kind; a path compares with a file."""
        kept = next((self._either(kind, name, None) for name in (after, before) if not _is_file(name)), None)
        return compare(self._either(kind, before, kept), self._either(kind, after, kept))

    def compare_kept(self, kind: str, before: str, after: str) -> list[Row]:
        """What differs between two kept versions; a name never means a file here."""
        return compare(self.load(kind, before)[0], self.load(kind, after)[0])

    def lint_kept(self, kind: str, name: str) -> list[Finding]:
        """The same as `lint` for a kept document; a name never means a file here."""
        return lint(self.load(kind, name)[0], self._around())

    def vocabulary(self) -> Vocabulary:
        """The ids and labels of stages and touchpoints that the workspace's rules know."""
        return Vocabulary(_labels(self.folder.rules / "stages.yaml", "stages"), _labels(self.folder.rules / "touchpoints.yaml", "touchpoints"))

    def segment_labels(self) -> dict[str, Sequence[str]]:
        """The segments of the workspace's rules with their German and English names."""
        return _labels(self.folder.rules / "segments.yaml", "segments")

    def lint(self, kind: str, name: str) -> list[Finding]:
        """Every fault and every unfinished piece of a document, or of a file (a path)."""
        if _is_file(name):
            return lint_text(read(read_file(Path(name)), name, kind=kind_of(kind)), self._around())
        return lint(self.load(kind, name)[0], self._around())

    def text(self, kind: str, name: str) -> str:
        """A document as YAML, with the revision it is of."""
        document, revision = self.load(kind, name)
        return to_text(document, revision)

    def export(self, kind: str, name: str, path: Path) -> Path:
        """Writes a document as YAML; remarks in a file that is there already are kept."""
        text = self.text(kind, name)
        if path.is_file():
            text = carry(read_file(path), text)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # a pipe or a device is written to, and stays what it is
            path.write_text(text, encoding="utf-8")
            return path
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
        return path

    # -- writing ----------------------------------------------------------------------------------------------------

    def new_map(self, id: str, author: str, *, template: str = "", language: str = "", **fields: Any) -> Applied:
        """Makes a map from a template: owner is the author, the review half a year ahead, unless said otherwise."""
        given = {"owner": author, "review_by": self.today() + HALF_A_YEAR, **{name: value for name, value in fields.items() if value not in ("", None, ())}}
        made = new_map(id, template or "seven-phases", language=language or self.settings.language, **given)
        return self.store.create(made, author)

    def new_persona(self, id: str, author: str, *, template: str = "", language: str = "", **fields: Any) -> Applied:
        """Makes a persona, empty or from a template."""
        given = {"owner": author, "review_by": self.today() + HALF_A_YEAR, **{name: value for name, value in fields.items() if value not in ("", None, ())}}
        return self.store.create(new_persona(id, template, language=language or self.settings.language, **given), author)

    def copy(self, kind: str, name: str, id: str, author: str, **fields: Any) -> Applied:
        """Puts a copy of a document under another name, such as the to-be map beside the as-is one."""
        document, _ = self.load(kind, name)
        plain = {**document.plain(), "id": id, **fields}
        return self.store.create(type(document).load(plain), author, note=f"copied from {name}")

    def apply(self, kind: str, name: str, change: Change, author: str, **options: Any) -> Applied:
        """Does a change; see `Store.apply`."""
        return self.store.apply(kind, name, change, author, **options)

    def import_(self, path: Path, author: str, *, kind: str = "", note: str = "") -> Imported:
        """Reads a YAML file into the store: a new document, or an edit of the one of its name.

        The file is compared with the revision it was exported from, so that what others did since stays; where both
        changed the same field, the file comes later and counts, and the overlap is told.

        Raises
        ------
        MapFault, Faults
            All that cannot be read, each with line and column; nothing is changed then.
        """
        if path.suffix.lower() == ".xlsx":
            return self._import_workbook(path, author, note)
        text = read_file(path)
        first = read(text, str(path), kind=kind_of(kind) if kind else None)
        if first.page.faults or first.document is None:
            raise all_of(first.page.faults or [MapFault("The file is empty.", str(path), "Begin it with `map: NAME`.")])
        name, id = first.document.NAME, first.document.id
        if id not in {row.id for row in self.store.listed(name)}:
            made = self.store.create(first.document, author, note=note or f"imported from {path.name}")
            return Imported(made.document, 1, True, made.edit, self._warnings(first.document))
        head, revision = self.store.loaded(name, id)
        base = first.revision if first.revision is not None and 1 <= first.revision <= revision else revision
        then = head if base == revision else self.store.loaded(name, id, base)[0]
        document = read(text, str(path), then).document or first.document
        change = merge(then, head, document).change
        applied = self.store.apply(name, id, change, author, base=base, note=note or f"imported from {path.name}")
        return Imported(applied.document, applied.revision, False, applied.edit, self._warnings(applied.document))

    def _import_workbook(self, path: Path, author: str, note: str) -> Imported:
        """Reads an edited workbook over the revision it was written from; what it lacks stays and is told."""
        from etappe.maps.workbook.read import open_workbook, read_workbook

        opened = open_workbook(path)
        note = note or f"imported from {path.name}"
        if opened.id not in {row.id for row in self.store.listed("map")}:
            given = read_workbook(opened, None)
            made = self.store.create(given.document, author, note=note)
            return Imported(made.document, 1, True, made.edit, [*_told(given.told, path), *self._warnings(given.document)])
        head, revision = self.store.loaded("map", opened.id)
        base = opened.revision if opened.revision is not None and 1 <= opened.revision <= revision else revision
        then = head if base == revision else self.store.loaded("map", opened.id, base)[0]
        assert isinstance(then, Map)
        given = read_workbook(opened, then)
        change = merge(then, head, given.document).change
        applied = self.store.apply("map", opened.id, change, author, base=base, note=note)
        return Imported(applied.document, applied.revision, False, applied.edit, [*_told(given.told, path), *self._warnings(applied.document)])

    def undo(self, kind: str, name: str, author: str, *, redo: bool = False, force: bool = False) -> Applied:
        """Takes the author's last edit back, or does it again."""
        return (self.store.redo if redo else self.store.undo)(kind, name, author, force=force)

    def restore(self, kind: str, name: str, to: str, author: str, *, only: str = "") -> Applied:
        """Brings a document, or one thing of it, back to a revision or a named version."""
        return self.store.restore(kind, name, self._revision(kind, name, to), author, only=only)

    def mark(self, kind: str, name: str, version: str, author: str) -> Mark:
        """Gives the present state a name."""
        return self.store.mark(kind, name, version, author)

    def erase(self, words: Sequence[str]) -> int:
        """Strikes words out of every document, its log and its texts; rows altered. Nothing is opened where there is nothing."""
        from etappe.maps.erasure import erase

        if not documents.there_may_be(self.folder, self.settings):
            return 0
        return erase(self.store.database, words)

    def mentions(self, words: Sequence[str]) -> int:
        """How many rows of documents, logs, texts and answers have these words. Nothing is opened where there is nothing."""
        from etappe.maps.erasure import mentions

        return mentions(self.store.database, words) if documents.there_may_be(self.folder, self.settings) else 0

    # -- inside -----------------------------------------------------------------------------------------------------

    def today(self) -> dt.date:
        """The day of knowledge: fixed where the settings fix it (a sample), else today."""
        return self.settings.today()

    def _around(self) -> Around:
        personas = {row.id for row in self.store.listed("persona")}
        segments = {row.id for row in self.store.listed("segment")} | set(_labels(self.folder.rules / "segments.yaml", "segments"))
        return Around(self.today(), self.vocabulary(), personas, segments)

    def _warnings(self, document: Document) -> list[Finding]:
        return [item for item in lint(document, self._around()) if item.level == "error"]

    def _revision(self, kind: str, id: str, version: str) -> int:
        if version.isdigit():
            return int(version)
        marks = {mark.name: mark.revision for mark in self.store.marks(kind, id)}
        if version not in marks:
            hint = nearest(version, marks) if marks else "Give a number of its history, or name one with `etappe map mark`."
            raise NotFound(f"The {kind} `{id}` has no version `{version}`.", "", hint)
        return marks[version]

    def _either(self, kind: str, name: str, base: Document | None) -> Document:
        if not _is_file(name):
            return self.load(kind, name)[0]
        found = read(read_file(Path(name)), name, base, kind_of(kind))
        if found.page.faults or found.document is None:
            raise all_of(found.page.faults)
        return found.document


def _told(lines: list[str], path: Path) -> list[Finding]:
    return [Finding("warning", "workbook", line, str(path), "Write the workbook anew to get it back.") for line in lines]


def _is_file(name: str) -> bool:
    """Whether a name means a file: a document's name never has this ending or a separator."""
    return Path(name).suffix in (".yaml", ".yml") or "/" in name or os.sep in name


def author_of(given: str = "") -> str:
    """Who edits: as said, by ETAPPE_AUTHOR, else the user of the machine."""
    if given or os.environ.get("ETAPPE_AUTHOR"):
        return given or os.environ["ETAPPE_AUTHOR"]
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _labels(path: Path, what: str) -> dict[str, Sequence[str]]:
    """Ids with their German and English labels, wherever they stand in a rule file; faults of the file are not ours."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError):
        return {}
    found: dict[str, Sequence[str]] = {}
    waiting = [content]
    while waiting:
        item = waiting.pop()
        for key, value in item.items() if isinstance(item, dict) else ():
            if key == what and isinstance(value, list):
                found |= {str(rule["id"]): tuple(str(rule[name]) for name in ("de", "en") if name in rule) for rule in value if isinstance(rule, dict) and "id" in rule}
            elif isinstance(value, (dict, list)):
                waiting += value if isinstance(value, list) else [value]
    return found
