from __future__ import annotations

from pathlib import Path

import pytest

from etappe.demo.market import Summary, write


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """One small market, shared by all tests of the sample company."""
    folder = tmp_path_factory.mktemp("market")
    return folder, write(folder, accounts=400, seed=7)
