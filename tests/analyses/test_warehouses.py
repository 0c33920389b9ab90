"""What analyses ask is said in every warehouse's SQL, and a real PostgreSQL answers it as DuckDB does."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest
import sqlalchemy as sa
import sqlglot
from ibis.backends.sql import compilers

from etappe.analyses import analysis
from etappe.tables import dialects
from etappe.tables.duck import open_duck
from etappe.tables.warehouse import WarehouseEngine

from .make import make

DIALECTS = {
    "bigquery": compilers.BigQueryCompiler, "snowflake": compilers.SnowflakeCompiler, "databricks": dialects.COMPILERS["databricks"],
    "trino": dialects.COMPILERS["trino"], "clickhouse": compilers.ClickHouseCompiler, "postgres": compilers.PostgresCompiler,
}  # fmt: skip


class _Listening:
    """An engine that writes down what it is asked."""

    def __init__(self, engine: Any) -> None:
        self.engine, self.asked = engine, list[ir.Table]()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.engine, name)
        if name not in ("keep", "view", "to_arrow", "rows", "count"):
            return method

        def listening(*given: Any, **more: Any) -> Any:
            self.asked += [each for each in given if isinstance(each, ir.Table)]
            return method(*given, **more)

        return listening


@pytest.fixture(scope="module")
def asked() -> dict[str, list[ir.Table]]:
    """All expressions of each analysis."""
    with open_duck(threads=1) as duck:
        tables, found = make(60).into(duck), {}
        for name in analysis.names():
            listening = _Listening(duck)
            analysis.find(name).ask(replace(tables, engine=listening)).behind(5)
            found[name] = listening.asked
        return found


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_expression_of_every_analysis_is_sql_of_the_warehouse(dialect: str, asked: dict[str, list[ir.Table]]) -> None:
    compiler = DIALECTS[dialect]()
    silent = {}
    for name, expressions in asked.items():
        assert expressions, f"{name} asks nothing"
        for expression in expressions:
            try:
                said = compiler.to_sqlglot(expression.unbind()).sql(dialect=compiler.dialect)
                assert sqlglot.parse_one(said, read=compiler.dialect) is not None
            except Exception as fault:
                silent[name] = f"{type(fault).__name__}: {fault}"
    assert silent == {}


def test_postgresql_answers_every_analysis_as_duckdb_does(postgres: str) -> None:
    where = sa.engine.make_url(postgres)
    backend = ibis.postgres.connect(host=where.query["host"], user=where.username, database=where.database)
    backend.raw_sql("SET TIME ZONE 'UTC'").close()
    made, differing = make(120), {}
    with open_duck(threads=1) as duck, WarehouseEngine(backend) as warehouse:
        here, there = made.into(duck), made.into(warehouse)
        for name in analysis.names():
            one, two = (analysis.find(name).ask(tables) for tables in (here, there))
            found = _differences(_said(one), _said(two))
            found += ["rows behind"] * (_sorted(one.behind(100_000)) != _sorted(two.behind(100_000)))
            if found:
                differing[name] = found[:3]
            assert "SELECT" in two.sql
    backend.disconnect()
    assert differing == {}


def _said(result: Any) -> dict[str, Any]:
    return {name: part for name, part in json.loads(result.to_json()).items() if name != "sql"}


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    short = [{name: float(f"{value:.9g}") if isinstance(value, float) else value for name, value in row.items()} for row in rows]
    return sorted(json.dumps(row, sort_keys=True, default=str) for row in short)


def _differences(one: Any, two: Any, place: str = "") -> list[str]:
    if isinstance(one, dict) and isinstance(two, dict) and set(one) == set(two):
        return [each for name in one for each in _differences(one[name], two[name], f"{place}.{name}")]
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        return [each for number, (left, right) in enumerate(zip(one, two, strict=True)) for each in _differences(left, right, f"{place}[{number}]")]
    numbers = isinstance(one, int | float) and isinstance(two, int | float)
    same = math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-9) if numbers else one == two
    return [] if same else [f"{place}: {one!r} here, {two!r} there"]
