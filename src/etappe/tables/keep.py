"""Derived tables: built beside the old ones and swapped in whole, the last good build always there."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etappe.errors import WorkspaceFault
from etappe.tables.schema import Table

_USED = "used"  # an empty file of a build; its time is when the build was last asked
_IN_USE_SECONDS = 600.0  # a build that was asked in this time may still be read: it is not removed

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etappe.tables.engine import Engine


@dataclass(frozen=True)
class Build:
    """One finished build: its folder of Parquet files and what was written down about it."""

    folder: Path
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def as_of(self) -> dt.datetime:
        """The state of knowledge it shows."""
        return dt.datetime.fromisoformat(self.about["as_of"])

    def table(self, engine: Engine, name: str, schema: Table | None = None) -> ir.Table:
        """One of its tables.

        Raises
        ------
        WorkspaceFault
            If the build was removed since it was found: its tables are gone, not empty.
        """
        if not self.folder.exists():
            raise WorkspaceFault("this build has been removed since it was asked", str(self.folder), "ask again: the question goes to the build that is in use now")
        path = self.folder / f"{name}.parquet"
        if not path.exists() and schema is not None:
            return engine.from_arrow(name, schema.arrow.empty_table())
        if not path.exists():
            raise WorkspaceFault(f"the build has no table '{name}'", str(self.folder), "run `etappe build`")
        return engine.parquet([path], name=name)

    def use(self) -> Build:
        """Notes that it is being asked, so that no other build's end removes it meanwhile; returns itself."""
        with suppress(OSError):  # a workspace that may only be read is asked all the same
            (self.folder / _USED).touch()
        return self

    @property
    def last_used(self) -> float:
        """When it was last asked, else when it was made (seconds since 1970)."""
        mark = self.folder / _USED
        return (mark if mark.exists() else self.folder / "about.json").stat().st_mtime

    @property
    def may_be_read(self) -> bool:
        """Whether somebody asked it so lately that they may still be reading."""
        return (self.folder / _USED).exists() and time.time() - self.last_used < _IN_USE_SECONDS


class Builds:
    """The folder of builds; `current` is a small file that names the one in use and is replaced atomically."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> Build | None:
        """The last good build."""
        pointer = self.folder / "current"
        if not pointer.exists():
            return None
        folder = self.folder / pointer.read_text(encoding="utf-8").strip()
        about = folder / "about.json"
        return Build(folder, json.loads(about.read_text(encoding="utf-8"))) if about.exists() else None

    def all(self) -> list[Build]:
        """All finished builds, the oldest first."""
        found = [Build(path.parent, json.loads(path.read_text(encoding="utf-8"))) for path in self.folder.glob("*/about.json") if not path.parent.name.startswith("_")]
        return sorted(found, key=lambda build: build.folder.name)

    @contextmanager
    def making(self) -> Iterator[Path]:
        """A folder for a build in the making; removed if the making fails."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        folder = self.folder / f"_making-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def finish(self, making: Path, about: Mapping[str, Any], keep: int, in_use: bool = True) -> Build:
        """Swaps a complete build in; of the others the `keep` last used ones stay, and those that may still be read."""
        (making / "about.json").write_text(json.dumps(about, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
        folder = self.folder / f"{stamp}-{making.name.rsplit('-', 1)[1]}"
        making.rename(folder)
        if in_use:
            pointer = self.folder / f".current-{uuid.uuid4().hex[:6]}"
            pointer.write_text(folder.name, encoding="utf-8")
            pointer.replace(self.folder / "current")
        made = Build(folder, dict(about))
        if not in_use:
            made.use()  # it was made to be asked
        self._prune(keep)
        return made

    def _prune(self, keep: int) -> None:
        current = self.current()
        others = [build for build in self.all() if current is None or build.folder != current.folder]
        others.sort(key=lambda build: (build.last_used, build.folder.name))
        for build in others[: max(len(others) - keep, 0)]:
            if not build.may_be_read:
                shutil.rmtree(build.folder, ignore_errors=True)

    def clear(self, but: Path | None = None) -> int:
        """Removes all builds but one; returns how many."""
        gone = [build for build in self.all() if build.folder != but]
        for build in gone:
            shutil.rmtree(build.folder)
        return len(gone)

    def _sweep(self) -> None:
        """Removes what builds left behind whose process is gone."""
        for path in self.folder.glob("_making-*"):
            pid = int(path.name.split("-")[1])
            if not _alive(pid):
                shutil.rmtree(path, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
