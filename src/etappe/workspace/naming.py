"""What the rules called stages, touchpoints and channels when a build was made: kept beside it, told without reading them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from etappe.tables.keep import Build

Names = dict[str, dict[str, dict[str, str]]]  # list → id → language → name
_FILE: Final = "names.json"


def keep_names(folder: Path, names: Names) -> None:
    """Writes the names beside the tables of a build that is being made."""
    (folder / _FILE).write_text(json.dumps(names, ensure_ascii=False, indent=1), encoding="utf-8")


def names_of(build: Build) -> Names | None:
    """The names of a build; None for one of an earlier version, which kept none."""
    path = build.folder / _FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
