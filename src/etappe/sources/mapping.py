"""Any other table, through a small mapping file in YAML (placeholder signatures)."""

from __future__ import annotations

from pathlib import Path

from etappe.errors import FileFault
from etappe.sources.format import Format, formats
from etappe.sources.sniff import Sample


def by_name(name: str) -> Format:
    """The format of this name."""
    for format_ in formats():
        if format_.name == name:
            return format_
    raise FileFault(f"there is no format '{name}'", name, "run `etappe formats` for the list")


def load(path: Path) -> Format:
    """The format that a mapping file describes."""
    raise FileFault("mapping files are not read yet", str(path), "")


def fitting(folder: Path, sample: Sample) -> Format | None:
    """The mapping in the workspace's folder that fits a file, if any."""
    return None
