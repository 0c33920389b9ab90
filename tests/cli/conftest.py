"""The small sample company of all tests, as a copy that a command may change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etappe.workspace.workspace import Workspace, open_workspace


@pytest.fixture
def own(company: Path, tmp_path: Path) -> Workspace:
    """A copy of the built workspace."""
    shutil.copytree(company / "workspace", tmp_path / "workspace")
    return open_workspace(tmp_path / "workspace")
