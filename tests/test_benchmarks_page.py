"""docs/benchmarks.md is printed part by part."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import page


def test_a_part_is_printed_anew_and_the_others_stay_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "benchmarks.md")
    page.put("peers", "## Peers\n\nslow")
    page.put("pipeline", "## Build\n\nfirst\n")
    page.put("analyses", "## Analyses\n\nquick")
    page.put("pipeline", "## Build\n\nsecond")
    text = page.PAGE.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## Build", "## Analyses", "## Peers"]
    assert "second" in text
    assert "first" not in text
    assert "slow" in text
    before = text
    page.put("pipeline", "## Build\n\nsecond")
    assert page.PAGE.read_text(encoding="utf-8") == before
