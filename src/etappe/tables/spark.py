"""Apache Spark behind the same words as DuckDB: a cluster, or `local[n]`, does the wide work.

Delta tables are read through their log (`deltalake`) as the Parquet files that are live, so the cluster needs no jar
and no Python package: only the workspace under the same path (a shared disk), and Java.
"""

from __future__ import annotations

import itertools
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from etappe.errors import SettingsFault
from etappe.tables.duck import files_of
from etappe.tables.plain_rows import rows_of

PARTITIONS = "spark.sql.shuffle.partitions"  # of Spark's own 200, a small cluster does little else than starting tasks
_numbers = itertools.count(1)


@dataclass(eq=False)
class SparkEngine:
    """A Spark session behind Ibis; what each method means stands at :class:`etappe.tables.engine.Engine`."""

    backend: Any
    scratch: Path
    own_scratch: bool = False
    kept: dict[str, ir.Table] = field(default_factory=dict)
    _views: list[str] = field(default_factory=list)

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forgets all tables and removes the scratch folder; the session stays for the next question of this process."""
        for name in self._views:
            self._session.catalog.dropTempView(name)
        self._views.clear()
        self.kept.clear()
        if self.own_scratch:
            shutil.rmtree(self.scratch, ignore_errors=True)

    @property
    def _session(self) -> Any:
        return self.backend._session

    def keep(self, name: str, expression: ir.Table, on_disk: bool = False) -> ir.Table:  # noqa: ARG002 - a cluster's memory is its disk
        """Computes a table now into the scratch folder: files have sizes, which is what Spark plans its joins by."""
        unique = f"{name}_{next(_numbers)}"
        path = self.scratch / unique
        frame = self._frame(expression)
        frame.write.parquet(str(path))
        # As it was written: Spark may be exact where the expression's type is not (seconds with their fraction).
        self.kept[unique] = self._named(unique, self._session.read.schema(frame.schema).parquet(str(path)), expression.schema())
        return self.kept[unique]

    def view(self, name: str, expression: ir.Table) -> ir.Table:
        """A table that is computed whenever it is read, as a step of its own."""
        return self._named(f"{name}_{next(_numbers)}", self._frame(expression), expression.schema())

    def drop(self, table: ir.Table) -> None:
        """Forgets a kept table and frees its disk."""
        for unique, kept in list(self.kept.items()):
            if kept is table:
                del self.kept[unique]
                self._session.catalog.dropTempView(unique)
                shutil.rmtree(self.scratch / unique, ignore_errors=True)

    def from_arrow(self, name: str, table: pa.Table) -> ir.Table:
        """Brings an Arrow table in under a name, by way of a file that every worker reads its part of."""
        unique = f"{name}_{next(_numbers)}"
        path = self.scratch / unique
        path.mkdir()
        schema = ibis.Schema.from_pyarrow(table.schema)
        pq.write_table(_plain(table), path / "part-00000.parquet", compression="zstd", coerce_timestamps="us", allow_truncated_timestamps=True)
        self.kept[unique] = self._named(unique, self._read([path], schema), schema)
        return self.kept[unique]

    def parquet(self, paths: Sequence[str | Path], schema: pa.Schema | None = None, name: str = "parquet") -> ir.Table:
        """Parquet files (or folders of them) as one table, called `name` in queries; an empty table of `schema` where there is no file."""
        files = files_of(paths)
        if not files:
            if schema is None:
                raise ValueError("no files and no schema")
            return self.from_arrow("empty", schema.empty_table())
        merged = pa.unify_schemas([pq.read_schema(file) for file in files], promote_options="permissive")
        known = ibis.Schema.from_pyarrow(merged)
        return self._named(f"{name}_{next(_numbers)}", self._read(files, known), known)

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """The table's rows, all of them, in memory."""
        table = self._frame(expression).toArrow()
        return table.cast(expression.schema().to_pyarrow(), safe=False)

    def rows(self, expression: ir.Table, limit: int | None = None) -> list[dict[str, Any]]:
        """The table's rows as dicts, for small answers."""
        return rows_of(self.to_arrow(expression if limit is None else expression.limit(limit)))

    def count(self, expression: ir.Table) -> int:
        """Number of rows."""
        return int(self._frame(expression).count())

    def sql(self, expression: ir.Expr) -> str:
        """The query as Spark SQL, formatted."""
        return str(self.backend.compile(expression, pretty=True))

    def write_parquet(self, expression: ir.Table, path: Path, row_group: int = 122_880) -> int:  # noqa: ARG002 - Spark sizes row groups itself
        """Writes a table as a folder of Parquet files, named in the order of the rows, and returns its row count."""
        self._frame(expression).write.parquet(str(path))
        for beside in [*path.glob("_*"), *path.glob(".*.crc")]:
            beside.unlink()
        return sum(pq.ParquetFile(file).metadata.num_rows for file in files_of([path]))

    def _frame(self, expression: ir.Expr) -> Any:
        self.backend._run_pre_execute_hooks(expression)
        return self._session.sql(self.backend.compile(expression))

    def _read(self, files: Sequence[Path], schema: ibis.Schema) -> Any:
        """Files as a frame of a known schema: it need not be looked up, and what a file lacks is null."""
        from etappe.tables.spark_sql import spark_schema

        return self._session.read.schema(spark_schema(schema)).parquet(*[str(file) for file in files])

    def _named(self, name: str, frame: Any, schema: ibis.Schema) -> ir.Table:
        """A frame under a name, with the types the expression had: no engine's own types get into what follows."""
        frame.createOrReplaceTempView(name)
        self._views.append(name)
        nullable = ibis.schema({column: dtype(nullable=True) for column, dtype in schema.items()})
        return ops.DatabaseTable(name=name, schema=nullable, source=self.backend).to_expr()


def _plain(table: pa.Table) -> pa.Table:
    """An Arrow table as Spark reads it: no unsigned 64-bit numbers, no columns without a type."""
    for place, item in enumerate(table.schema):
        if pa.types.is_uint64(item.type):
            table = table.set_column(place, item.name, table[item.name].combine_chunks().view(pa.int64()))
        elif pa.types.is_null(item.type):
            table = table.set_column(place, item.name, table[item.name].cast(pa.string()))
        elif pa.types.is_dictionary(item.type):
            table = table.set_column(place, item.name, pc.cast(table[item.name], item.type.value_type))
    return table


def open_spark(master: str, scratch: Path | None = None, memory: str | None = None, within: Path | None = None) -> SparkEngine:
    """A session on a master; one is kept per process, as its start takes seconds.

    Raises
    ------
    SettingsFault
        If PySpark or Java is missing, or the master does not answer.
    """
    session = _session(master, memory)
    from etappe.tables.spark_sql import SparkBackend

    own = scratch is None
    if within is not None:
        within.mkdir(parents=True, exist_ok=True)
    # Named like a build in the making: what a killed process leaves is swept with those.
    folder = Path(tempfile.mkdtemp(prefix=f"_making-{os.getpid()}-", dir=within)) if scratch is None else scratch
    folder.mkdir(parents=True, exist_ok=True)
    backend = SparkBackend()
    opened = session.newSession()
    if not session.sparkContext.getConf().contains(PARTITIONS):
        opened.conf.set(PARTITIONS, str(max(4, 3 * session.sparkContext.defaultParallelism)))
    backend.reconnect_to(opened)
    return SparkEngine(backend, folder.resolve(), own)


def stop_spark() -> None:
    """Ends this process' session and its Java, where there is one."""
    from pyspark import SparkContext

    context = SparkContext._active_spark_context
    if context is None:
        return
    gateway = SparkContext._gateway
    context.stop()
    if gateway is not None:
        gateway.shutdown()
        process = getattr(gateway, "proc", None)
        if process is not None:
            process.stdin.close()
            process.wait(timeout=60)
        SparkContext._gateway = None
        SparkContext._jvm = None


def _session(master: str, memory: str | None) -> Any:
    try:
        from pyspark import SparkContext
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as fault:
        raise SettingsFault("Spark is not installed", "[build] engine", "pip install 'etappe[spark]', and Java 17") from fault
    running = SparkContext._active_spark_context
    if running is not None and running.master != master:
        stop_spark()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("etappe")
    for name, value in _configuration(master, memory).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as fault:
        raise SettingsFault("Java does not start", "[build] engine", "install Java 17 and see that `java -version` answers, or set JAVA_HOME") from fault
    except Exception as fault:
        raise SettingsFault(f"the Spark master {master} cannot be used: {str(fault).splitlines()[0]}", "[build] engine", "see that it runs and can be reached from here") from fault
    session.sparkContext.setLogLevel("OFF")  # what goes wrong is raised, and told once
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    return session


def _configuration(master: str, memory: str | None) -> dict[str, str]:
    """What answers depend on is fixed; what only time depends on is a default that spark-defaults.conf overrides."""
    fixed = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
        "spark.sql.legacy.parquet.nanosAsLong": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    if memory:
        fixed["spark.executor.memory"] = memory.lower().replace("b", "")
    if master.startswith("local"):
        fixed |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return fixed
