"""Verdicts agree with what the simulator knows; `python -m benchmarks.verdicts` asks twenty markets, this one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from benchmarks import verdicts


def test_no_verdict_is_swapped_and_what_can_be_decided_is_decided(company: Path, tmp_path: Path) -> None:
    shutil.copytree(company / "workspace", tmp_path / "workspace")
    (tmp_path / "truth").symlink_to(company / "truth")
    found = verdicts.judged(tmp_path)
    assert len(found) > 100
    assert [item for item in found if item.swapped] == []
    assert verdicts.decided_share(found) >= verdicts.PROMISED_DECIDED
    assert {item.hypothesis.true for item in found if item.decided} == {True, False}
    flipped = [replace(item, hypothesis=replace(item.hypothesis, true=not item.hypothesis.true)) for item in found]
    assert sum(item.swapped for item in flipped) == sum(item.decided for item in found), "the measure sees a swap"
