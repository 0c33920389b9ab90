"""Builds: what is being asked stays, what nobody asks goes, and what has gone is said to have."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pyarrow as pa
import pytest

from etappe.errors import WorkspaceFault
from etappe.tables.duck import open_duck
from etappe.tables.keep import Build, Builds
from etappe.tables.schema import Column, Table

KEEP = 1


def _made(builds: Builds, as_of: str, in_use: bool = False) -> Build:
    with builds.making() as making:
        return builds.finish(making, {"as_of": as_of, "built_at": as_of}, KEEP, in_use)


def _unused_for(build: Build, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(build.folder / "used", (then, then))


def test_a_build_that_is_being_asked_outlives_the_builds_made_meanwhile(tmp_path: Path) -> None:
    builds = Builds(tmp_path)
    _made(builds, "2026-03-31", in_use=True)
    asked = _made(builds, "2026-01-31").use()
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        _made(builds, day)
    assert asked.folder.exists()


def test_builds_beyond_the_kept_ones_go_when_nobody_asks_them_any_more_the_longest_unasked_first(tmp_path: Path) -> None:
    builds = Builds(tmp_path)
    current = _made(builds, "2026-03-31", in_use=True)
    first, second = _made(builds, "2026-01-01"), _made(builds, "2026-01-02")
    _unused_for(second, 7_200)
    _unused_for(first, 3_600)
    newest = _made(builds, "2026-01-03", in_use=True)
    assert [build.folder for build in builds.all()] == [current.folder, newest.folder], "the one in use and the one before it"


def test_the_tables_of_a_build_that_was_removed_are_gone_and_not_empty(tmp_path: Path) -> None:
    gone = Build(tmp_path / "20260101T000000-abcdef", {"as_of": "2026-01-01"})
    with open_duck() as engine, pytest.raises(WorkspaceFault, match="removed"):
        gone.table(engine, "steps", Table("steps", "one a row", (Column("n", pa.int64(), "a number"),)))
