"""A small sample company, made and built once for all tests of the bridge."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etappe.demo.market import write
from etappe.workspace.sample import make_workspace
from etappe.workspace.workspace import Workspace, open_workspace


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sample company of 200 accounts: raw/, truth/, workspace/ (built)."""
    folder = tmp_path_factory.mktemp("company")
    write(folder, accounts=200, seed=3)
    root, files = make_workspace(folder)
    assert [item.path for item in files if item.error] == []
    open_workspace(root).build()
    return folder


@pytest.fixture
def built(company: Path) -> Workspace:
    """The built workspace; not to be changed."""
    return open_workspace(company / "workspace")


@pytest.fixture
def own(company: Path, tmp_path: Path) -> Workspace:
    """A copy of the built workspace that a test may change."""
    shutil.copytree(company / "workspace", tmp_path / "workspace")
    return open_workspace(tmp_path / "workspace")
