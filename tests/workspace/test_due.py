"""What is overdue is told the same, whether the workspace's file is read or its store is opened."""

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from etappe.maps.due import due
from etappe.workspace import state
from etappe.workspace.reviews import Reviews
from etappe.workspace.workspace import Workspace, init_workspace

TODAY = dt.date(2026, 6, 30)


@pytest.fixture
def late(tmp_path: Path) -> Workspace:
    """Maps and a persona of which some are overdue, one removed; a review with tasks that are late, done, open, without a day."""
    ws = init_workspace(tmp_path / "late", as_of=TODAY.isoformat())
    for number, day in enumerate(("2026-06-29", "2025-01-01", "2026-06-30", "2026-01-01")):
        ws.atlas.new_map(f"map-{number}", "anna", review_by=dt.date.fromisoformat(day))
    ws.atlas.store.remove("map", "map-3")
    ws.atlas.new_persona("buyer", "ben", review_by=dt.date(2026, 2, 28))
    ws.atlas.new_persona("user", "ben", review_by=None)
    room = Reviews(ws.atlas)
    review = room.start("map-0", "anna")
    for text, day in (("Preise kürzen", dt.date(2026, 3, 1)), ("fertig", dt.date(2026, 3, 1)), ("später", dt.date(2026, 7, 1)), ("irgendwann", None), ("früh", dt.date(2026, 1, 1))):
        room.task(review.id, text, "anna", owner="ben", due=day, card="c1")
    done = next(task.id for task in room.load(review.id).tasks.values() if task.text == "fertig")
    room.finish(review.id, done, "anna")
    ws.atlas.close()
    return ws


def test_reading_the_file_and_asking_the_store_say_the_same(late: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    read = state.overdue(late.folder, late.settings)
    assert [row["map"] for row in read["maps"]] == ["map-1", "map-0"]
    assert [row["persona"] for row in read["personas"]] == ["buyer"]
    assert [(row["task"]["text"], row["days"]) for row in read["tasks"]] == [("früh", 180), ("Preise kürzen", 121)]
    monkeypatch.setattr(state, "due", lambda path, today: None)
    assert state.overdue(late.folder, late.settings) == read


def test_a_file_that_the_store_has_to_bring_up_to_date_is_left_to_it(late: Workspace, tmp_path: Path) -> None:
    with sqlite3.connect(late.folder.model) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
    assert due(late.folder.model, TODAY) is None
    assert due(tmp_path / "nowhere.db", TODAY) is None
    assert not (tmp_path / "nowhere.db").exists()
    (tmp_path / "text.db").write_text("no database at all" * 100)
    assert due(tmp_path / "text.db", TODAY) is None


def test_a_review_of_another_version_is_left_to_the_store(late: Workspace) -> None:
    assert due(late.folder.model, TODAY)
    with sqlite3.connect(late.folder.model) as connection:
        connection.execute("UPDATE documents SET body = json_set(body, '$.version', 0) WHERE kind = 'review'")
    assert due(late.folder.model, TODAY) is None


def test_reading_leaves_nothing_behind(late: Workspace) -> None:
    before = sorted(path.name for path in late.folder.root.iterdir())
    assert due(late.folder.model, TODAY)
    assert sorted(path.name for path in late.folder.root.iterdir()) == before


@pytest.mark.parametrize("heavy", ["sqlalchemy", "etappe.workspace.atlas", "pydantic", "yaml", "pyarrow", "numpy", "ibis"])
def test_a_status_is_told_without_what_takes_long_to_load(late: Workspace, heavy: str) -> None:
    code = f"import sys; from etappe.cli.main import main\ntry: main(['status', '-w', {str(late.folder.root)!r}])\nexcept SystemExit as end: assert not end.code\nprint({heavy!r} in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "map-1" in told
    assert told.splitlines()[-1] == "False"
