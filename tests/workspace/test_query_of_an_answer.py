"""The query of an answer is there when the engine that answered has gone, and any DuckDB runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from etappe.analyses import analysis
from etappe.tables.duck import open_duck
from etappe.workspace.workspace import Workspace

FILTERED = {"period": "2025", "kind": "first_purchase"}


@pytest.mark.parametrize("name", analysis.names())
def test_the_query_of_an_answer_runs_in_another_engine(tmp_path: Path, built: Workspace, name: str) -> None:
    for params in ({}, FILTERED):
        query = str(built.show(name, sql=True, **params).sql)
        with open_duck(tmp_path / "elsewhere") as other:
            assert other.columns(f"({query})"), query
            other.run(f"SELECT count(*) FROM ({query})")


def test_a_query_that_is_read_later_is_the_same(built: Workspace) -> None:
    later, at_once = (str(built.show("paths", **asked).sql) for asked in ({}, {"sql": True}))
    assert [line for line in later.splitlines() if '"steps_' not in line] == [line for line in at_once.splitlines() if '"steps_' not in line]
    assert "steps.parquet" in later
