"""Archives and packed streams, opened within bounds: how deep, how many files, and how much they may grow in all."""

from __future__ import annotations

import bz2
import gzip
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from etappe.errors import FileFault

LARGEST_UNPACKED = 200 << 30
LARGEST_RATIO = 400  # honest exports pack 5 to 60 times
LARGEST_GROWTH = 3 * LARGEST_RATIO  # of an archive with all archives and streams in it, each of which is written out
ALWAYS_FINE = 64 << 20
MOST_ENTRIES = 100_000
DEEPEST = 3  # archives in archives: exports come in one, downloads of exports in two

# What a broken or unknown packing raises while it is opened; `RuntimeError` and `NotImplementedError` are zipfile's.
OPENING = (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError, RuntimeError, NotImplementedError)

_TRUST = "unpack it yourself and import the parts you trust"
_PIECE = 16 << 20
_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),  # an empty one
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
)
_OPENERS: dict[str, Callable[[Path], Any]] = {"gzip": gzip.open, "bzip2": bz2.open}
STREAMS = frozenset(_OPENERS)
ARCHIVES = frozenset({"zip", "tar"})


class Explodes(FileFault):
    """An archive that grows beyond all measure: nothing of it is imported."""


@dataclass
class Unpacking:
    """What one file that the user named has been unpacked to so far, with the archives in it: bounded as a whole."""

    scratch: Path
    packed: int
    shown: str
    written: int = 0
    files: int = 0
    folders: list[Path] = field(default_factory=list)

    def fresh(self, name: str) -> Path:
        """A place for one more file."""
        self.files += 1
        if self.files > MOST_ENTRIES:
            raise Explodes(f"the archive holds more than {MOST_ENTRIES:,} files", self.shown, _TRUST)
        self.scratch.mkdir(parents=True, exist_ok=True)
        self.folders.append(Path(tempfile.mkdtemp(prefix="unpacked-", dir=self.scratch)))
        return self.folders[-1] / (name or "unnamed")

    def add(self, size: int) -> None:
        """So many bytes were written; Explodes where that is too much in all."""
        self.written += size
        if self.written > min(max(self.packed * LARGEST_GROWTH, ALWAYS_FINE), LARGEST_UNPACKED):
            raise Explodes("the file grows beyond all measure when unpacked", self.shown, _TRUST)

    def remove(self) -> None:
        """What was unpacked is taken away."""
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Entry:
    """A file in an archive: its name there, the size it announces, how to open it, and what speaks against that."""

    inner: PurePosixPath
    size: int
    open: Callable[[], IO[bytes]]
    link: bool = False
    locked: bool = False


def kind_of(path: Path) -> str | None:
    """How a file is packed, by its content; None where it is not, or is a workbook."""
    with path.open("rb") as file:
        head = file.read(512)
    kind = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    if kind is None and head[257:262] == b"ustar":
        kind = "tar"
    return None if kind == "zip" and _is_workbook(path) else kind


def not_opened(kind: str, shown: str) -> FileFault:
    """The fault of a packing that is known and not opened."""
    return FileFault(f"the file is packed with {kind}", shown, "unpack it, or pack it as .zip, .tar.gz or .gz")


def unopened(fault: BaseException, shown: str) -> FileFault:
    """The fault of a file that cannot be opened; one that says so itself stays as it is."""
    return fault if isinstance(fault, FileFault) else FileFault(f"the file cannot be opened: {fault}", shown, "check its rights, or download it again")


def unwrap(path: Path, kind: str, unpacking: Unpacking) -> Path:
    """The file in a packed stream."""
    target = unpacking.fresh(path.stem)
    with _OPENERS[kind](path) as source:
        _write(source, target, unpacking)
    return target


@contextmanager
def opened(path: Path, kind: str, shown: str) -> Iterator[list[Entry]]:
    """The files in an archive, in order of name.

    Raises
    ------
    Explodes
        If it says itself that it unpacks to more than it may.
    """
    if kind == "zip":
        with zipfile.ZipFile(path) as archive:
            yield _of_zip(archive, path, shown)
    else:
        with tarfile.open(path, "r:") as archive:
            yield _of_tar(archive, shown)


def _of_zip(archive: zipfile.ZipFile, path: Path, shown: str) -> list[Entry]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    unpacked, size = sum(info.file_size for info in infos), max(path.stat().st_size, 1)
    if len(infos) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or (unpacked > ALWAYS_FINE and unpacked / size > LARGEST_RATIO):
        raise Explodes(f"the archive would unpack to {unpacked / 1e9:,.1f} GB in {len(infos):,} files, {unpacked / size:,.0f} times its size", shown, _TRUST)
    return [
        Entry(
            PurePosixPath(info.filename.replace("\\", "/")), info.file_size, lambda info=info: archive.open(info),  # type: ignore[misc]
            link=(info.external_attr >> 16) & 0o170000 == 0o120000, locked=bool(info.flag_bits & 1),
        )
        for info in sorted(infos, key=lambda info: info.filename)
    ]  # fmt: skip


def _of_tar(archive: tarfile.TarFile, shown: str) -> list[Entry]:
    members = []
    for member in archive:
        if not member.isdir():
            members.append(member)
        if len(members) > MOST_ENTRIES:
            raise Explodes(f"the archive holds more than {MOST_ENTRIES:,} files", shown, _TRUST)
    return [
        Entry(PurePosixPath(member.name), member.size, lambda member=member: archive.extractfile(member), link=not member.isreg())  # type: ignore[misc, arg-type]
        for member in sorted(members, key=lambda member: member.name)
    ]


def extract(entry: Entry, name: str, unpacking: Unpacking) -> Path:
    """The file of an entry, which has to lie in the archive and be no larger than it says."""
    if entry.inner.is_absolute() or ".." in entry.inner.parts:
        raise FileFault("the archive's entry points out of the archive and was not unpacked", name, "unpack it yourself")
    if entry.link:
        raise FileFault("the archive's entry is a link and was not followed", name, "pack the file itself")
    if entry.locked:
        raise FileFault("the archive is locked with a password", name, "unpack it yourself")
    target = unpacking.fresh(entry.inner.name)
    with entry.open() as source:
        if _write(source, target, unpacking, entry.size) > entry.size:
            raise FileFault("the archive's entry is larger than it says", name, "unpack it yourself")
    return target


def _write(source: IO[bytes], target: Path, unpacking: Unpacking, most: int | None = None) -> int:
    """Writes a stream out, piece by piece; stops behind `most` bytes. How many were written."""
    written = 0
    with target.open("wb") as out:
        while piece := source.read(_PIECE):
            written += len(piece)
            unpacking.add(len(piece))
            out.write(piece)
            if most is not None and written > most:
                break
    return written


def _is_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    return "[Content_Types].xml" in names or "mimetype" in names
