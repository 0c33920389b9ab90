"""Rows found by the value of a column: files and engine say the same, in plain Python values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from etappe.tables.engine import Engine, clearing, open_engine
from etappe.tables.lookup import InEngine, InFiles
from etappe.tables.schema import MOMENT, NUMBER, TEXT, TEXTS, Column, Table

THINGS = Table("things", "Things", (Column("id", TEXT, ""), Column("at", MOMENT, ""), Column("names", TEXTS, ""), Column("size", NUMBER, "")))
AT = dt.datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=dt.UTC)
ROWS = [
    {"id": "a", "at": AT, "names": ["x", None], "size": 1.5},
    {"id": "b", "at": None, "names": [], "size": None},
    {"id": "a", "at": AT - dt.timedelta(days=40_000), "names": None, "size": 0.0},
    {"id": None, "at": AT, "names": ["it's"], "size": 2.0},
]


@pytest.fixture
def engine() -> Iterator[Engine]:
    with open_engine() as opened:
        yield opened


def test_files_and_engine_give_the_same_rows(engine: Engine, tmp_path: Path) -> None:
    table = engine.from_arrow("things", pa.Table.from_pylist(ROWS, schema=THINGS.arrow))
    engine.write_parquet(table, tmp_path / "things.parquet")
    files, opened = InFiles(tmp_path, {"things": THINGS}), InEngine(engine, {"things": table})
    for asked in (files, opened):
        assert asked.rows("things") == ROWS
        assert asked.rows("things", id=["a"]) == [ROWS[0], ROWS[2]]
        assert asked.rows("things", ["size"], id=["b", "it's", "a"]) == [{"size": 1.5}, {"size": None}, {"size": 0.0}]
        assert asked.rows("things", id=[]) == []


def test_a_table_without_a_file_is_empty(tmp_path: Path) -> None:
    assert InFiles(tmp_path, {"things": THINGS}).rows("things", id=["a"]) == []


def test_tables_that_were_kept_for_a_while_are_gone_afterwards(engine: Engine) -> None:
    table = engine.from_arrow("things", pa.Table.from_pylist(ROWS, schema=THINGS.arrow))
    stays = engine.keep("stays", table)
    with clearing(engine):
        engine.keep("goes", table)
        on_disk = engine.keep("goes_too", table, on_disk=True)
        assert engine.count(on_disk) == len(ROWS)
    assert set(engine.kept.values()) == {table, stays}
    assert not list(engine.scratch.glob("*.parquet"))
    assert engine.count(stays) == len(ROWS)
