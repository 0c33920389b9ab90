"""A view is a step of a query: its columns are what its expression says, and it is read as it stands when it is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etappe.tables import csvfile, functions
from etappe.tables.duck import DuckEngine, open_duck


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckEngine]:
    with open_duck(tmp_path / "scratch", threads=2) as opened:
        yield opened


def test_a_view_has_the_types_that_its_expression_says(engine: DuckEngine, tmp_path: Path) -> None:
    """To DuckDB a merged JSON object is JSON and 1.0 a decimal number; the evidence has texts and floating numbers."""
    rows = engine.from_arrow("rows", pa.table({"name": ["a", None]}))
    packed = functions.json_without_nulls("{}", ibis.struct({"name": rows.name}).cast("json"))
    view = engine.view("typed", rows.select(packed=packed, low=ibis.literal(1.0)))
    engine.write_parquet(view, tmp_path / "typed.parquet")
    assert pq.read_schema(tmp_path / "typed.parquet").types == [pa.string(), pa.float64()]


def test_views_over_views_are_one_query(engine: DuckEngine) -> None:
    """A view that is read twice, by a view and beside it, in a query that has steps of its own."""
    numbers = engine.view("numbers", engine.from_arrow("numbers", pa.table({"n": list(range(10))})))
    even = engine.view("even", numbers.filter(numbers.n % 2 == 0))
    shared = even.mutate(half=even.n // 2)
    pairs = shared.join(shared.view(), "n").join(numbers, "n").filter(lambda t: t.half > 0)
    assert sorted(row["n"] for row in engine.rows(pairs.select("n"))) == [2, 4, 6, 8]
    assert engine.count(engine.keep("pairs", pairs.select("n"), on_disk=True)) == 4
    assert engine.sql(pairs).lstrip().startswith("WITH")
    assert len(engine.backend.con.sql(engine.sql(pairs)).fetchall()) == 4


def test_files_of_one_shape_are_told_apart_though_their_views_have_one_name(engine: DuckEngine, tmp_path: Path) -> None:
    found = []
    for number in range(3):
        (tmp_path / f"{number}.csv").write_text(f"id,name\n{number},x\n", encoding="utf-8")
        engine.forget_views()
        table = csvfile.read(engine, tmp_path / f"{number}.csv", ["id", "name"], ",", 1).table
        upper = engine.view("upper", table.mutate(name=table.name.upper()))
        found += engine.rows(upper)
    assert found == [{"id": str(number), "name": "X"} for number in range(3)]
