"""What all tests share: an engine, and the larger sample data beside the project."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from etappe.tables.engine import Engine, open_engine

settings.register_profile("house", deadline=None)  # no test judges by the clock of a busy machine
settings.load_profile("house")

SHARED = Path(os.environ.get("ETAPPE_SHARED", Path(__file__).resolve().parents[2] / "shared" / "data"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A fresh DuckDB with a scratch folder of its own."""
    with open_engine(tmp_path / "scratch", threads=1) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared() -> Path:
    """The larger sample data; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"the sample data is not at {SHARED.name} beside the project")
    return SHARED


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sample company of 200 accounts: raw/, truth/, workspace/ (built)."""
    from etappe.demo.market import write
    from etappe.workspace.sample import make_workspace
    from etappe.workspace.workspace import open_workspace

    folder = tmp_path_factory.mktemp("company")
    write(folder, accounts=200, seed=3)
    root, files = make_workspace(folder)
    assert [item.path for item in files if item.error] == []
    open_workspace(root).build()
    return folder
