"""A workspace's folder: where its parts lie, how it is made and found."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from etappe import settings
from etappe.errors import WorkspaceFault

MARK = "etappe.toml"


@dataclass(frozen=True)
class Folder:
    """The places in a workspace."""

    root: Path

    @property
    def settings(self) -> Path:
        """`etappe.toml`."""
        return self.root / MARK

    @property
    def rules(self) -> Path:
        """Rules in text: touchpoints, channels, stages, roles, identity, decisions."""
        return self.root / "rules"

    @property
    def mappings(self) -> Path:
        """Mapping files for tables that no format recognises."""
        return self.root / "mappings"

    @property
    def evidence(self) -> Path:
        """The lake."""
        return self.root / "evidence"

    @property
    def builds(self) -> Path:
        """Derived tables, thrown away and rebuilt at will."""
        return self.root / "builds"

    @property
    def quarantine(self) -> Path:
        """Broken records with their reasons."""
        return self.root / "quarantine"

    @property
    def answers(self) -> Path:
        """Answers of the own forms on their way into the evidence."""
        return self.root / "answers"

    @property
    def model(self) -> Path:
        """The document side's database."""
        return self.root / "model.db"

    @property
    def forgotten(self) -> Path:
        """Salted hashes of erased identifiers, so that a later import does not bring them back."""
        return self.root / "forgotten.json"


_AT_ONCE: Final = frozenset({"rules/playbook.yaml", "rules/currencies.yaml"})  # the next answer follows them without a build


def written_rules(folder: Folder, as_of: dt.datetime | None) -> dict[str, str]:
    """What a build follows: path in the workspace → a hash of what is written there.

    Of the settings that is the day of knowledge alone: all others are followed by the next import or the next answer.
    """
    found = {path.relative_to(folder.root).as_posix(): path.read_bytes() for path in sorted(folder.rules.rglob("*.yaml")) if path.is_file()}
    found[MARK] = str(as_of).encode()
    return {name: hashlib.sha256(text).hexdigest()[:16] for name, text in found.items() if name not in _AT_ONCE}


def find(start: Path | None = None) -> Folder:
    """The workspace of a folder or of the nearest parent that is one.

    Raises
    ------
    WorkspaceFault
        If there is none.
    """
    here = (start or Path.cwd()).expanduser().resolve()
    for folder in (here, *here.parents):
        if (folder / MARK).is_file():
            return Folder(folder)
        if start is not None:
            break
    raise WorkspaceFault("there is no etappe workspace here", str(here), "make one with `etappe init NAME`, or name one with `-w DIR`")


def make(root: Path, rules: Sequence[Path], name: str = "", language: str = "de", as_of: str = "") -> Folder:
    """Makes a workspace: settings, rules from the templates, empty places. An existing one is left alone.

    Raises
    ------
    WorkspaceFault
        If the folder is a workspace already, or is a file.
    """
    folder = Folder(root.expanduser().resolve())
    if folder.settings.exists():
        raise WorkspaceFault("this folder is a workspace already", str(folder.root), "use it as it is, or name another folder")
    if folder.root.exists() and not folder.root.is_dir():
        raise WorkspaceFault("there is a file of this name", str(folder.root), "name another folder")
    for place in (folder.root, folder.mappings):
        place.mkdir(parents=True, exist_ok=True)
    folder.rules.mkdir(exist_ok=True)
    for template in rules:
        if not (folder.rules / template.name).exists():
            shutil.copy(template, folder.rules / template.name)
    (folder.root / ".gitignore").write_text("evidence/\nbuilds/\nquarantine/\nmodel.db\nforgotten.json\n", encoding="utf-8")
    folder.settings.write_text(settings.template(name or folder.root.name, language, as_of), encoding="utf-8")
    return folder
