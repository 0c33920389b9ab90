"""What the rules called stages, touchpoints and channels when a build was made: kept beside it, told without reading them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, cast

from etappe.tables.keep import Builds
from etappe.workspace.folder import Folder

Names = dict[str, dict[str, dict[str, str]]]  # list → id → language → name
_FILE: Final = "names.json"


def keep_names(folder: Path, names: Names) -> None:
    """Writes the names beside the tables of a build that is being made."""
    (folder / _FILE).write_text(json.dumps(names, ensure_ascii=False, indent=1), encoding="utf-8")


def names_of(folder: Folder) -> Names | None:
    """The names of the build in use; those of the rules where there is none, or it is of an earlier version that kept none."""
    build = Builds(folder.builds).current()
    path = build.folder / _FILE if build else None
    if path is not None and path.exists():
        return cast("Names", json.loads(path.read_text(encoding="utf-8")))
    from etappe.workspace.rules import readable_names  # takes its time to load

    return readable_names(folder)
