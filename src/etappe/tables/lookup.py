"""Rows of kept tables found by the value of a column: what one account's story needs, at once.

A question about one account or person is a handful of filters. Loading a query compiler for them takes longer than such
an answer may, so the files of a build are asked directly; tables that are open in an engine are asked through it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from etappe.tables.schema import MOMENT, Table

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etappe.tables.engine import Engine

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

Row = dict[str, Any]


class Lookup(Protocol):
    """Tables by name, asked for the rows in which columns have one of some values."""

    def rows(self, name: str, columns: Sequence[str] = (), **where: Sequence[str]) -> list[Row]:
        """The rows of a table as dicts: all columns or the named ones; each `where` lists the values of one column."""


@dataclass(frozen=True)
class InEngine:
    """Tables that are open in an engine."""

    engine: Engine
    tables: Mapping[str, ir.Table]

    def rows(self, name: str, columns: Sequence[str] = (), **where: Sequence[str]) -> list[Row]:
        """See :class:`Lookup`."""
        table = self.tables[name]
        for column, values in where.items():
            table = table.filter(table[column].isin(list(values) or [""]))
        return self.engine.rows(table.select(*columns) if columns else table)


class InFiles:
    """The Parquet files of a build, in a folder.

    Parameters
    ----------
    folder : Path
        Where `NAME.parquet` lies.
    schemas : mapping of name to Table
        Their columns. A table whose file is not there is empty.
    """

    def __init__(self, folder: Path, schemas: Mapping[str, Table]) -> None:
        import duckdb

        self._folder, self._schemas = folder, schemas
        self._ask: Callable[..., Any] = duckdb.connect().execute

    def rows(self, name: str, columns: Sequence[str] = (), **where: Sequence[str]) -> list[Row]:
        """See :class:`Lookup`."""
        path = self._folder / f"{name}.parquet"
        if not path.exists():
            return []
        names = list(columns or self._schemas[name].names)
        picked, moments = _picked(self._schemas[name], names)
        tests = " AND ".join(f'"{column}" IN ({", ".join("?" * len(values)) or "NULL"})' for column, values in where.items())
        query = f"SELECT {picked} FROM read_parquet(?)" + (f" WHERE {tests}" if tests else "")
        files = str(path / "*.parquet") if path.is_dir() else str(path)
        found = self._ask(query, [files, *(value for values in where.values() for value in values)]).fetchall()
        return [dict(zip(names, _with_moments(row, moments), strict=True)) for row in found]


def rows_in(paths: Sequence[Path], schema: Table) -> list[tuple[Path, Row]]:
    """All rows of some small files with the columns of a table, each with the file it stands in."""
    import duckdb

    picked, moments = _picked(schema, schema.names)
    named = {str(path): path for path in paths}
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT filename, {picked} FROM read_parquet(?, filename = true)", [list(named)]).fetchall()
    return [(named[file], dict(zip(schema.names, _with_moments(tuple(row), moments), strict=True))) for file, *row in found]


def _picked(schema: Table, names: Sequence[str]) -> tuple[str, list[int]]:
    """The columns for SELECT, and which of them are moments: those come as microseconds, for DuckDB's own way wants pytz."""
    moments = [place for place, column in enumerate(names) if schema[column].kind == MOMENT]
    return ", ".join(f'epoch_us("{column}")' if place in moments else f'"{column}"' for place, column in enumerate(names)), moments


def _with_moments(row: tuple[Any, ...], moments: Sequence[int]) -> Sequence[Any]:
    values = list(row)
    for place in moments:
        if values[place] is not None:
            values[place] = _EPOCH + dt.timedelta(microseconds=values[place])
    return values
