"""What the benchmark of the views measures on, and what it calls kept."""

from __future__ import annotations

from pathlib import Path

from benchmarks import views
from benchmarks.views import Asked, Took


def test_a_workspace_is_measured_on_a_copy_that_shares_its_tables_alone(tmp_path: Path) -> None:
    build = tmp_path / "workspace" / "builds" / "b"
    (build / "_views").mkdir(parents=True)
    for path in (tmp_path / "workspace" / "model.db", build / "steps.parquet", build / "used", build / "_views" / "kept.json"):
        path.write_text("as it was")
    copy = views.copied(tmp_path / "workspace", tmp_path / "copy")
    (copy / "model.db").write_text("changed")
    assert (tmp_path / "workspace" / "model.db").read_text() == "as it was"
    assert (copy / "builds" / "b" / "steps.parquet").samefile(build / "steps.parquet")
    assert not (copy / "builds" / "b" / "used").samefile(build / "used")
    assert not (copy / "builds" / "b" / "_views").exists(), "what is kept already would be measured as computed"


def test_a_promise_that_is_broken_is_said_and_one_that_was_not_made_is_not() -> None:
    rows = [Asked("A view", "/quick"), Asked("A view", "/slow")]
    quick, slow = Took(0.1, 0.1), Took(0.3, 0.1)
    found = {"/quick": {"computed": slow, "first": quick, "again": quick}, "/slow": {"computed": slow, "first": slow, "again": quick}}
    said = {row.path: next(line for line in views.text(100, rows, found, 1.0).splitlines() if f"`{row.path}`" in line) for row in rows}
    assert said["/quick"].endswith("| yes |")
    assert said["/slow"].endswith("| **no** |")
    assert views.text(10_000_000, rows, found, 1.0).count("| yes |") == 2, "of ten million events a second is promised"
    assert "0 of 2 are under it too (2 by processor time)" in views.text(100, rows, found, 1.0)
