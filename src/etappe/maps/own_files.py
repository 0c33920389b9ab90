"""What stands in the package as YAML: templates, lanes, ways. Ours, so that it is read without looking for harm or places."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C: a tenth of the time


def own_file(path: Path) -> Any:
    """The content of one of the package's own files."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)


def own_files(folder: Path) -> dict[str, Any]:
    """The content of all of them in a folder, by name."""
    return {path.stem: own_file(path) for path in sorted(folder.glob("*.yaml"))}
