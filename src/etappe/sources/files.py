"""Folders, archives and links to single files, safely: nothing outside the named place is read, nothing explodes."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from etappe.errors import FileFault

LARGEST_UNPACKED = 200 << 30
LARGEST_RATIO = 400  # honest exports pack 5 to 60 times
MOST_ENTRIES = 100_000
DEEPEST = 3  # archives in archives: exports come in one, downloads of exports in two
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
    is a fault, not a file.
    """
    for path in paths:
        if not path.exists():
            yield Found(path, str(path), FileFault("there is no such file or folder", str(path), "check the path"))
        elif path.is_dir():
            yield from _in_folder(path, scratch)
        else:
            yield from _one(path, str(path), scratch)


def _in_folder(folder: Path, scratch: Path) -> Iterator[Found]:
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or any(part.startswith(".") or part in _SKIPPED_NAMES for part in path.relative_to(folder).parts):
            continue
        shown = str(path)
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            yield Found(path, shown, FileFault("the link points out of the folder and was not followed", shown, "import its target by its own path if it is meant"))
        elif not path.is_file():
            yield Found(path, shown, FileFault("this is not a regular file", shown, "remove it from the folder"))
        else:
            yield from _one(path, shown, scratch, among=True)


def _one(path: Path, shown: str, scratch: Path, depth: int = 0, among: bool = False) -> Iterator[Found]:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        if magic[:2] == b"\x1f\x8b":
            yield Found(_ungzip(path, shown, scratch), shown, among=among)
        elif magic == b"PK\x03\x04" and not _is_workbook(path):
            if depth == DEEPEST:
                raise FileFault("the archive lies too deep in other archives", shown, "unpack it yourself and import the parts you trust")
            yield from _unzip(path, shown, scratch, depth + 1)
        else:
            yield Found(path, shown, among=among)
    except FileFault as fault:
        yield Found(path, shown, fault)
    except (OSError, zipfile.BadZipFile, EOFError) as fault:
        yield Found(path, shown, FileFault(f"the file cannot be opened: {fault}", shown, "check its rights, or download it again"))


def _is_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    return "[Content_Types].xml" in names or "mimetype" in names


def _ungzip(path: Path, shown: str, scratch: Path) -> Path:
    target = _fresh(scratch, path.stem)
    limit = max(path.stat().st_size * LARGEST_RATIO * 3, 64 << 20)
    with gzip.open(path) as source, target.open("wb") as out:
        while piece := source.read(16 << 20):
            out.write(piece)
            if out.tell() > min(limit, LARGEST_UNPACKED):
                raise FileFault("the file grows beyond all measure when unpacked", shown, "unpack it yourself and import the parts you trust")
    return target


def _unzip(path: Path, shown: str, scratch: Path, depth: int) -> Iterator[Found]:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        unpacked = sum(entry.file_size for entry in entries)
        packed = max(path.stat().st_size, 1)
        if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or (unpacked > 64 << 20 and unpacked / packed > LARGEST_RATIO):
            raise FileFault(
                f"the archive would unpack to {unpacked / 1e9:,.1f} GB in {len(entries):,} files, {unpacked / packed:,.0f} times its size", shown,
                "unpack it yourself and import the parts you trust",
            )  # fmt: skip
        for entry in sorted(entries, key=lambda info: info.filename):
            yield from _entry(archive, entry, shown, scratch, depth)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, shown: str, scratch: Path, depth: int) -> Iterator[Found]:
    inner = PurePosixPath(entry.filename.replace("\\", "/"))
    name = f"{shown} › {inner}"
    if any(part.startswith(".") or part in _SKIPPED_NAMES for part in inner.parts if part != ".."):
        return
    if inner.is_absolute() or ".." in inner.parts:
        yield Found(Path(shown), name, FileFault("the archive's entry points out of the archive and was not unpacked", name, "unpack it yourself"))
        return
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        yield Found(Path(shown), name, FileFault("the archive's entry is a link and was not followed", name, "pack the file itself"))
        return
    if entry.flag_bits & 1:
        yield Found(Path(shown), name, FileFault("the archive is locked with a password", name, "unpack it yourself"))
        return
    target = _fresh(scratch, inner.name)
    with archive.open(entry) as source, target.open("wb") as out:
        shutil.copyfileobj(_Limited(source, entry.file_size, name), out, 16 << 20)
    yield from _one(target, name, scratch, depth, among=True)


class _Limited:
    """A stream that refuses to give more than it announced."""

    def __init__(self, source: object, announced: int, name: str) -> None:
        self._source, self._left, self._name = source, announced, name

    def read(self, size: int = -1, /) -> bytes:
        piece: bytes = self._source.read(size)  # type: ignore[attr-defined]
        self._left -= len(piece)
        if self._left < 0:
            raise FileFault("the archive's entry is larger than it says", self._name, "unpack it yourself")
        return piece


def _fresh(scratch: Path, name: str) -> Path:
    scratch.mkdir(parents=True, exist_ok=True)
    folder = scratch / f"unpacked-{len(list(scratch.iterdir()))}"
    folder.mkdir()
    return folder / name
