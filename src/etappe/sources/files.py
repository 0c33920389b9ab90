"""Folders, archives and links to single files, safely: nothing outside the named place is read, nothing explodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from etappe.errors import FileFault
from etappe.sources import packed
from etappe.sources.packed import OPENING, Unpacking

WITHIN = " › "  # between an archive and what lies in it, as reports show it
_SKIPPED_NAMES = {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"}


@dataclass(frozen=True, slots=True)
class Found:
    """A file to import: where it lies, and the name a report shows; or the fault that keeps it out.

    `among` tells whether it lay among others in a folder or archive, where not every file has to be an export.
    """

    path: Path
    shown: str
    fault: FileFault | None = None
    among: bool = False


def find(paths: list[Path], scratch: Path) -> Iterator[Found]:
    """All files under the given paths, in order of name; archives are unpacked into `scratch`.

    Hidden files and the litter of operating systems are passed over. A symbolic link that leaves the folder it lies in
    is a fault, not a file. An entry of an archive may be named as a report shows it. An archive that unpacks beyond all measure, with the archives in it, is one fault and no file.
    """
    for path in paths:
        if not path.exists() and (archive := Path(str(path).split(WITHIN)[0])).is_file():
            yield from _entry(archive, str(path), scratch)
        elif not path.exists():
            yield Found(path, str(path), FileFault("there is no such file or folder", str(path), "check the path"))
        elif path.is_dir():
            yield from _in_folder(path, scratch)
        else:
            yield from _whole(path, str(path), scratch)


def own_name(path: Path) -> str:
    """The name of a file, or of the entry of an archive."""
    return path.name.split(WITHIN)[-1]


def _entry(archive: Path, shown: str, scratch: Path) -> list[Found]:
    """One entry of an archive, or the fault that there is none of this name."""
    found = [replace(item, among=False) for item in _whole(archive, str(archive), scratch) if item.shown == shown]
    return found or [Found(Path(shown), shown, FileFault("there is no such file in the archive", shown, "check the path"))]


def _in_folder(folder: Path, scratch: Path) -> Iterator[Found]:
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or _skipped(path.relative_to(folder).parts):
            continue
        shown = str(path)
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            yield Found(path, shown, FileFault("the link points out of the folder and was not followed", shown, "import its target by its own path if it is meant"))
        elif not path.is_file():
            yield Found(path, shown, FileFault("this is not a regular file", shown, "remove it from the folder"))
        else:
            yield from _whole(path, shown, scratch, among=True)


def _skipped(parts: tuple[str, ...]) -> bool:
    return any((part.startswith(".") and part != "..") or part in _SKIPPED_NAMES for part in parts)


def _whole(path: Path, shown: str, scratch: Path, among: bool = False) -> list[Found]:
    """A file, or all that an archive holds; of an archive that explodes nothing."""
    try:
        unpacking = Unpacking(scratch, path.stat().st_size, shown)
    except OSError as fault:
        return [Found(path, shown, packed.unopened(fault, shown))]
    try:
        return list(_one(path, shown, unpacking, among=among))
    except packed.Explodes as fault:
        unpacking.remove()
        return [Found(path, shown, fault)]


def _one(path: Path, shown: str, unpacking: Unpacking, depth: int = 0, among: bool = False, unwrapped: bool = False) -> Iterator[Found]:
    """A file as it is; a packed one unpacked (`unwrapped`: it came out of a packed stream); every entry of an archive."""
    try:
        kind = packed.kind_of(path)
        if kind in packed.STREAMS and not unwrapped:
            yield from _one(packed.unwrap(path, kind, unpacking), shown, unpacking, depth, among, unwrapped=True)
        elif kind in packed.ARCHIVES:
            yield from _entries(path, kind, shown, unpacking, depth)
        elif kind is not None:
            raise packed.not_opened(kind, shown)
        else:
            yield Found(path, shown, among=among)
    except packed.Explodes:
        raise
    except (FileFault, *OPENING) as fault:
        yield Found(path, shown, packed.unopened(fault, shown))


def _entries(path: Path, kind: str, shown: str, unpacking: Unpacking, depth: int) -> Iterator[Found]:
    if depth == packed.DEEPEST:
        raise FileFault("the archive lies too deep in other archives", shown, "unpack it yourself and import the parts you trust")
    with packed.opened(path, kind, shown) as entries:
        if not entries:
            raise FileFault("there is no file in this archive", shown, "pack it again, or import the files as they are")
        for entry in entries:
            name = f"{shown}{WITHIN}{entry.inner}"
            if _skipped(entry.inner.parts):
                continue
            # An entry that cannot be unpacked holds up no other.
            try:
                target = packed.extract(entry, name, unpacking)
            except packed.Explodes:
                raise
            except (FileFault, *OPENING) as fault:
                yield Found(path, name, packed.unopened(fault, name))
            else:
                yield from _one(target, name, unpacking, depth + 1, among=True)
