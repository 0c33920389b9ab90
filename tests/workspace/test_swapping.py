"""Two who save the same file at once: one of the two texts stands there, whole, and no draft is left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from etappe.workspace.swapping import swap_in


def test_writers_at_once_leave_one_whole_text_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "stages.yaml"
    texts = [str(number) * 50_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: swap_in(path, text), texts * 5))
    assert path.read_text() in texts
    assert list(tmp_path.iterdir()) == [path]


def test_a_draft_that_fails_its_check_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "etappe.toml"
    path.write_text("old")
    with pytest.raises(ValueError, match="invalid literal"):
        swap_in(path, "new", lambda draft: int(draft.read_text()))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
