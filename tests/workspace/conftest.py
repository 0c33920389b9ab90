"""The small sample company of all tests, opened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etappe.workspace.workspace import Workspace, open_workspace


@pytest.fixture
def built(company: Path) -> Workspace:
    """The built workspace; not to be changed."""
    return open_workspace(company / "workspace")


@pytest.fixture
def own(company: Path, tmp_path: Path) -> Workspace:
    """A copy of the built workspace that a test may change."""
    shutil.copytree(company / "workspace", tmp_path / "workspace")
    return open_workspace(tmp_path / "workspace")
