"""Evidence that is multiplied is several markets, not one that is told several times."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks import large
from etappe.workspace.workspace import open_workspace


def test_copies_of_a_market_share_no_person_no_journey_and_no_company_record(company: Path, tmp_path: Path) -> None:
    shutil.copytree(company / "workspace", tmp_path / "workspace")
    one = open_workspace(tmp_path / "workspace").build()
    large.multiply(tmp_path, 3)
    three = open_workspace(tmp_path / "large" / "workspace").build()
    assert {name: three[name] for name in ("events", "persons", "journeys", "internal")} == {name: 3 * one[name] for name in ("events", "persons", "journeys", "internal")}
    assert three["accounts"] >= 3 * one["accounts"]
