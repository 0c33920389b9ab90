"""DuckDB in the process: the engine that needs nothing set up."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from ibis.formats.pyarrow import PyArrowData

from etappe.tables.one_dialect import load_as_asked
from etappe.tables.plain_rows import rows_of

ROW_GROUP = 122_880  # rows of a Parquet file that are read or passed over together

ENOUGH = 5e9  # bytes of memory with which wide joins of a hundred million events get along
_UNITS = {"bytes": 1, **{f"{sign}iB": 1024**power for power, sign in enumerate("KMGT", 1)}}

MOST_WRITTEN = 200  # queries whose text is remembered
MOST_SCHEMAS = 1000  # files whose columns are
_PASSING = re.compile(r"_memtable_|\bmemory\b")  # in a query's text: what is there for one question alone

_numbers = itertools.count(1)
_QUOTED_NAME = re.compile(r'"(\w+)"')
_schemas: dict[tuple[tuple[str, int, int], ...], ibis.Schema] = {}  # of Parquet files, by path, time and size
_names: dict[tuple[str, tuple[tuple[str, int, int], ...]], int] = {}
_SHARED = ("memory", "main")  # what stands there is seen by every connection to the database
# What functions.py names and DuckDB has no function for.
MACROS = ("hex_number(digits) AS ('0x' || digits)::BIGINT", "base_32(number) AS lower(to_base(number, 32, 11))")


class _Columns(PyArrowData):
    """Columns as their expressions are typed; a column of nothing but null has no type in the engine."""

    @classmethod
    def convert_column(cls, column: pa.Array, dtype: Any) -> pa.Array:
        return pa.nulls(len(column)) if dtype.is_null() else super().convert_column(column, dtype)


@dataclass(eq=False)
class DuckEngine:
    """A DuckDB behind Ibis; what each method means stands at :class:`etappe.tables.engine.Engine`."""

    backend: Any
    scratch: Path
    own_scratch: bool = False
    guest: bool = False
    kept: dict[str, ir.Table] = field(default_factory=dict)
    _views: dict[str, str] = field(default_factory=dict)
    _files: dict[str, str] = field(default_factory=dict)
    _written: dict[ops.Node, str] | None = None
    _of_all: dict[ops.Node, str] | None = None

    def __enter__(self) -> DuckEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forgets all kept tables and removes the scratch folder."""
        try:
            if self.guest:
                for table in list(self.kept.values()):
                    self.drop(table)
            self.backend.disconnect()
        finally:
            if self.own_scratch:
                shutil.rmtree(self.scratch, ignore_errors=True)

    def beside(self) -> DuckEngine:
        """A second connection to the same database, for another thread: what either keeps is there for both.

        Views are this connection's own; what is kept there stays when that engine is closed.
        """
        return DuckEngine(_prepared(ibis.duckdb.from_connection(self.backend.con.cursor()), {}), self.scratch, kept=self.kept)

    def apart(self) -> DuckEngine:
        """A connection to the same database that sees nothing of this one: what it keeps is its own, and goes when it is closed.

        All that are made so know the text of each query that one of them has written: most of what is asked with another
        filter is asked in the same words but for one query or two, and Ibis takes longer to write it than the engine to answer.
        """
        if self._of_all is None:
            self._of_all = {}
        return DuckEngine(_prepared(ibis.duckdb.from_connection(self.backend.con.cursor()), {}), self.scratch, guest=True, _of_all=self._of_all)

    @contextmanager
    def a_core_less(self) -> Iterator[None]:
        """Leaves a core to what is no query; where there is one alone, it is shared."""
        ((threads,),) = self.run("SELECT current_setting('threads')")
        self.run(f"SET threads = {max(int(threads) - 1, 1)}")
        try:
            yield
        finally:
            self.run(f"SET threads = {threads}")

    @contextmanager
    def half_its_memory(self) -> Iterator[None]:
        """Leaves half of the engine's memory to what works beside it, where what is left is still enough for it."""
        ((limit,),) = self.run("SELECT current_setting('memory_limit')")
        number, unit = limit.split(" ")
        whole = float(number) * _UNITS[unit]
        self.run(f"SET memory_limit = '{int(max(whole / 2, min(whole, ENOUGH)))}B'")
        try:
            yield
        finally:
            self.run(f"SET memory_limit = '{int(whole)}B'")

    def interrupt(self) -> None:
        """Breaks off what another thread is running here."""
        with suppress(duckdb.Error):
            self.backend.con.interrupt()

    def keep(self, name: str, expression: ir.Table, on_disk: bool = False) -> ir.Table:
        """Computes a table now and keeps it under a name with a meaning (a number is added to keep it unique).

        `on_disk` puts it into the scratch folder as Parquet: for tables with a row an event, which would fill the memory.
        """
        unique = f"{name}_{next(_numbers)}"
        if on_disk:
            path = self.scratch / f"{unique}.parquet"
            query = self._query(expression)
            # Read again within minutes, in any order: packing it hardly at all is quicker than packing it well. Few
            # columns have less than some thousand different values; looking for them takes as long as all the rest.
            options = "FORMAT parquet, PRESERVE_ORDER false, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1000"
            self.run(f"COPY ({query}) TO '{_quoted(path)}' ({options})")
            self.run(f"CREATE VIEW {'.'.join(_SHARED)}.{unique} AS SELECT * FROM read_parquet('{_quoted(path)}')")
        else:
            self.run(f"CREATE TABLE {'.'.join(_SHARED)}.{unique} AS {self._query(expression)}")
        self.kept[unique] = self.backend.table(unique, database=_SHARED)
        return self.kept[unique]

    def view(self, name: str, expression: ir.Table) -> ir.Table:
        """A table that is computed whenever it is read, as a step of its own.

        Ibis writes an expression out wherever it is used; columns of a view are written out once. Use it where further
        expressions refer to the same columns many times.
        """
        query, schema = self._own_query(expression), expression.schema()
        # What Ibis takes for a text may be JSON to the engine: a step is what its expression says.
        typed = ", ".join(f"CAST({_name(column)} AS {self.backend.compiler.type_mapper.to_string(type_)}) AS {_name(column)}" for column, type_ in schema.items())
        return self.step(name, f"SELECT {typed} FROM ({query})", schema)

    def step(self, name: str, query: str, schema: ibis.Schema) -> ir.Table:
        """`view` of a query in the engine's own SQL, with the columns that it has. For this room alone.

        It is no view of the engine's: it is written into the queries that read it. The engine would look through a view,
        and all that lie under it, when it is made, when it is described, and whenever one above it is made.
        """
        unique = f"view_{len(self._views) + 1}_{name}"  # no kept table is called so
        self._views[unique] = query
        return ops.DatabaseTable(name=unique, schema=schema, source=self.backend, namespace=ops.Namespace()).to_expr()

    def forget_views(self) -> None:
        """Forgets all views, so that those of the next file have the names of the last one's.

        The same expression over the same names is the same query, which is remembered from now on: Ibis takes longer to
        write it than a small file takes to be read.
        """
        self._views.clear()
        if self._written is None or len(self._written) >= MOST_WRITTEN:
            self._written = {}

    def _query(self, expression: ir.Table) -> str:
        """The expression in the engine's SQL, with the views that it reads."""
        return self._with_views(self._own_query(expression))

    def _with_views(self, query: str) -> str:
        return self._with_steps(query, self._views)

    def _with_steps(self, query: str, known: dict[str, str]) -> str:
        """The query with those of the known steps that it reads, each before those that read it."""
        read = self._read_by(query, known)
        if not read:
            return query
        steps = ",\n".join(f"{_name(name)} AS NOT MATERIALIZED ({known[name]})" for name in list(known) if name in read)
        return f"WITH {steps},\n{query.removeprefix('WITH ')}" if query.startswith("WITH ") else f"WITH {steps}\n{query}"

    def _own_query(self, expression: ir.Table) -> str:
        """The expression in the engine's SQL; views stand in it by name."""
        known = self._written if self._of_all is None else self._of_all
        written = None if known is None else known.get(expression.op())
        if written is None:
            self.backend._run_pre_execute_hooks(expression)
            written = str(self.backend.compile(expression))
            if known is not None and (known is self._written or not _PASSING.search(written)):
                if len(known) >= MOST_WRITTEN and known is self._of_all:
                    known.clear()
                known[expression.op()] = written
        return written

    def _read_by(self, query: str, known: dict[str, str]) -> set[str]:
        """The steps that a query reads, and those that they read."""
        found: set[str] = set()
        open_ = [query]
        while open_:
            named = set(_QUOTED_NAME.findall(open_.pop())) & known.keys() - found
            found |= named
            open_ += [known[name] for name in named]
        return found

    def drop(self, table: ir.Table) -> None:
        """Forgets a kept table and frees its memory or disk."""
        for unique, kept in list(self.kept.items()):
            if kept is not table:
                continue
            del self.kept[unique]
            path = self.scratch / f"{unique}.parquet"
            if path.exists():
                path.unlink()
                self.run(f"DROP VIEW IF EXISTS {'.'.join(_SHARED)}.{unique}")
            else:
                self.run(f"DROP TABLE IF EXISTS {'.'.join(_SHARED)}.{unique}")

    def from_arrow(self, name: str, table: pa.Table) -> ir.Table:
        """Brings an Arrow table in under a name."""
        unique = f"{name}_{next(_numbers)}"
        self.kept[unique] = self.backend.create_table(unique, ibis.memtable(table), database=_SHARED)
        return self.kept[unique]

    def parquet(self, paths: Sequence[str | Path], schema: pa.Schema | None = None, name: str = "parquet") -> ir.Table:
        """Parquet files as one table, called `name` in queries; an empty table of `schema` where there is no file."""
        if not paths:
            if schema is None:
                raise ValueError("no files and no schema")
            return self.from_arrow("empty", schema.empty_table())
        files = files_of(paths)
        known = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
        columns = _schemas.get(known)
        if columns is None:
            columns = self.backend.read_parquet([path for path, _, _ in known], union_by_name=True).schema()
            if len(_schemas) >= MOST_SCHEMAS:
                _schemas.clear()  # other threads are at it too, so what is used here is not looked up again
            _schemas[known] = columns
        # Asked for anew with each question, as often as a question has tables, it would take longer than some questions. The
        # name is that of the files, so that the next question about them is written in the same words.
        unique = f"{name}_{_names.setdefault((name, known), next(_numbers))}"
        listed = ", ".join(f"'{_quoted(path)}'" for path in files)
        self._files[unique] = f"SELECT * FROM read_parquet([{listed}], union_by_name = true)"
        self.run(f"CREATE OR REPLACE TEMP VIEW {unique} AS {self._files[unique]}")
        return ops.DatabaseTable(name=unique, schema=columns, source=self.backend, namespace=ops.Namespace()).to_expr()

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """The table's rows, all of them, in memory."""
        # The backend's own way loads pandas, which is a fifth of a second and of no use here.
        found = self.backend.con.sql(self._query(expression)).to_arrow_table()
        return expression.__pyarrow_result__(found, data_mapper=_Columns)

    def rows(self, expression: ir.Table, limit: int | None = None) -> list[dict[str, Any]]:
        """The table's rows as dicts, for small answers."""
        return rows_of(self.to_arrow(expression if limit is None else expression.limit(limit)))

    def count(self, expression: ir.Table) -> int:
        """Number of rows."""
        return int(self.to_arrow(expression.aggregate(n=expression.count()))["n"][0].as_py())

    def sql(self, expression: ir.Expr) -> str:
        """The query as the engine's SQL, formatted, with the files that its tables are read from: it can be run elsewhere."""
        return self._with_steps(str(ibis.to_sql(expression, dialect=self.backend.name)), {**self._files, **self._views})

    def write_parquet(self, expression: ir.Table, path: Path, row_group: int = ROW_GROUP) -> int:
        """Writes a table to one Parquet file (zstd, rows in the order of the expression) and returns its row count."""
        return self.copy(self._query(expression), path, row_group)

    def copy(self, query: str, path: Path, row_group: int = ROW_GROUP) -> int:
        """`write_parquet` of a query in the engine's own SQL. For this room alone."""
        # The order is asked for: the engine takes it for given only where it sees nothing but a sort.
        options = f"FORMAT parquet, PRESERVE_ORDER true, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {row_group}"
        return int(self.run(f"COPY ({query}) TO '{_quoted(path)}' ({options})")[0][0])

    def columns(self, source: str) -> list[str]:
        """The columns of something that can stand behind FROM. For this room alone."""
        return [str(row[0]) for row in self.run(f"DESCRIBE SELECT * FROM {source}")]

    def dicts(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query in the engine's own SQL, as dicts. For this room alone."""
        return rows_of(self.backend.con.sql(query).to_arrow_table())

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Runs a statement in the engine's own SQL. For this room alone."""
        return self.backend.raw_sql(statement).fetchall()


def open_duck(
    scratch: Path | None = None, memory: str | None = None, threads: int | None = None, share: float = 0.5
) -> DuckEngine:
    """A DuckDB in the process: UTC, spilling into `scratch`, never more than 40 GB of it.

    `share` is the part of the machine's memory that it may take where `memory` does not say.
    The cap is there because DuckDB 2.0 can spill without bound (a window and an exact grouped median in one query).
    """
    own = scratch is None
    folder = Path(tempfile.mkdtemp(prefix="etappe-")) if scratch is None else scratch
    folder.mkdir(parents=True, exist_ok=True)
    settings: dict[str, str | int] = {
        "temp_directory": str(folder),
        "max_temp_directory_size": "40GB",
        "memory_limit": memory or _part_of_memory(share),
    }
    if threads:
        settings["threads"] = threads
    load_as_asked()
    return DuckEngine(_prepared(ibis.duckdb.connect(), settings), folder, own)


def _prepared(backend: Any, settings: dict[str, str | int]) -> Any:
    """A connection as all of this room's are, and the settings of its database."""
    backend.compiler = _compiler()
    for name, value in {"TimeZone": "UTC", "enable_progress_bar": False, **settings}.items():
        backend.raw_sql(f"SET {name} = '{value}'" if isinstance(value, str) else f"SET {name} = {value}")
    for macro in MACROS:
        backend.raw_sql(f"CREATE OR REPLACE TEMP MACRO {macro}")
    return backend


@cache
def _compiler() -> Any:
    """Ibis' way of writing DuckDB's SQL, but for seconds: by way of a moment without a zone they take eight times as long."""
    from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

    class Compiler(DuckDBCompiler):
        def visit_ExtractEpochSeconds(self, _op: Any, *, arg: Any) -> Any:
            return self.f.epoch(arg)

    return Compiler()


def files_of(paths: Sequence[str | Path]) -> list[Path]:
    """The Parquet files meant by paths: a folder, as a cluster writes it, stands for the files in it, in their order."""
    found: list[Path] = []
    for path in map(Path, paths):
        found += sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    return found


def _part_of_memory(share: float) -> str:
    """What the engine may take of the machine: the rest is for what works beside it, and for the files' cache.

    Not under 4 GB where half of the machine is more than that.
    """
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{int(max(machine * share, min(machine * 0.5, 4e9))) // 1_000_000}MB"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def version() -> str:
    """The engine's version, for reports and benchmarks."""
    return f"DuckDB {duckdb.__version__}"
