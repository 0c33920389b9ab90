"""What the house asks of an engine; DuckDB and Spark answer alike. Only this room names either.

Rooms above get an :class:`Engine` and write Ibis expressions; nothing they write says which engine will run them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol, TypeVar

import ibis.expr.types as ir
import pyarrow as pa

from etappe.tables.duck import ROW_GROUP, DuckEngine, open_duck, version

__all__ = ["ROW_GROUP", "DuckEngine", "Engine", "clearing", "leaving_memory", "open_duck", "open_engine", "side_by_side", "two_at_a_time", "version"]

DUCKDB = "duckdb"

_Made = TypeVar("_Made")


class Engine(Protocol):
    """An open engine with a scratch folder of its own.

    Tables handed to :meth:`keep` are computed once and stay under their name until the engine is closed, so that an
    intermediate step can be looked at, and so that no query is computed twice.
    """

    scratch: Path
    kept: dict[str, ir.Table]

    def __enter__(self) -> Engine: ...

    def __exit__(self, *_: object) -> None: ...

    def close(self) -> None:
        """Forgets all kept tables and removes the scratch folder."""

    def keep(self, name: str, expression: ir.Table, on_disk: bool = False) -> ir.Table:
        """Computes a table now and keeps it under a name with a meaning (a number is added to keep it unique).

        `on_disk` puts it into the scratch folder as Parquet: for tables with a row an event, which would fill the memory.
        """
        ...

    def view(self, name: str, expression: ir.Table) -> ir.Table:
        """A table that is computed whenever it is read, as a step of its own.

        Ibis writes an expression out wherever it is used; columns of a view are written out once. Use it where further
        expressions refer to the same columns many times.
        """
        ...

    def drop(self, table: ir.Table) -> None:
        """Forgets a kept table and frees its memory or disk."""

    def from_arrow(self, name: str, table: pa.Table) -> ir.Table:
        """Brings an Arrow table in under a name."""
        ...

    def parquet(self, paths: Sequence[str | Path], schema: pa.Schema | None = None, name: str = "parquet") -> ir.Table:
        """Parquet files (or folders of them) as one table, called `name` in queries; an empty table of `schema` where there is no file."""
        ...

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """The table's rows, all of them, in memory."""
        ...

    def rows(self, expression: ir.Table, limit: int | None = None) -> list[dict[str, Any]]:
        """The table's rows as dicts, for small answers."""
        ...

    def count(self, expression: ir.Table) -> int:
        """Number of rows."""
        ...

    def sql(self, expression: ir.Expr) -> str:
        """The query as the engine's SQL, formatted."""
        ...

    def write_parquet(self, expression: ir.Table, path: Path, row_group: int = ROW_GROUP) -> int:
        """Writes a table as Parquet (zstd, rows in the order of the expression) and returns its row count.

        `path` becomes one file, or, on a cluster, a folder of files whose names are in the order of the rows.
        """
        ...


def reads(engine: Engine, expression: ir.Table) -> bool:
    """Whether the engine can answer an expression at all; each engine fails in a way of its own."""
    try:
        engine.rows(expression)
    except Exception:
        return False
    return True


@contextmanager
def clearing(engine: Engine) -> Iterator[list[ir.Table]]:
    """Forgets, at its end, the tables that were kept since its beginning, but for those put on its list."""
    before, spared = set(engine.kept), list[ir.Table]()
    try:
        yield spared
    finally:
        for name, table in list(engine.kept.items()):
            if name not in before and not any(table is other for other in spared):
                engine.drop(table)


def two_at_a_time(engine: Engine, jobs: Sequence[Callable[[Engine], object]]) -> None:
    """Does jobs that do not depend on one another, in their order, two at a time where the engine is in the process.

    One query seldom keeps two cores busy to its end: it waits for the last group, the last row group, the disk. A
    cluster has its own way of filling its cores, and gets one job after the other.

    Each job gets an engine of its own: it sees files and the tables that are kept elsewhere, but no views, and what it
    keeps is there for all. When a job fails, those that are running are broken off, no further one is begun, and its
    error is raised.
    """
    if not isinstance(engine, DuckEngine):
        for job in jobs:
            job(engine)
        return
    others = [engine.beside() for _ in jobs]
    failed = threading.Event()

    def done(job: Callable[[Engine], object], other: DuckEngine) -> None:
        if not failed.is_set():
            try:
                job(other)
            except BaseException:
                failed.set()
                raise

    pool = ThreadPoolExecutor(2)
    running = [pool.submit(done, job, other) for job, other in zip(jobs, others, strict=True)]
    try:
        for future in as_completed(running):
            future.result()
    finally:
        failed.set()  # the wait was broken off, or all is done
        for other in others:
            other.interrupt()
        pool.shutdown()
        for other in others:
            other.close()


def side_by_side(engine: Engine, beside: Callable[[Engine], _Made], here: Callable[[], object], spare: bool = False) -> _Made:
    """Does two things at once where the engine is in the process, and returns what the first one makes.

    `beside` gets an engine of its own: it sees whatever is kept, but neither views nor the files that `parquet` opened
    here. `here` has this one. On a cluster `here` is done first. When either fails, the other is broken off, and the
    error is raised.

    `spare` leaves a core to `beside` for as long as `here` is at work: for what hands the engine little to do.
    """
    if not isinstance(engine, DuckEngine):
        here()
        return beside(engine)
    other = engine.beside()

    def done() -> _Made:
        try:
            return beside(other)
        except BaseException:
            engine.interrupt()
            raise

    with ThreadPoolExecutor(1) as pool:
        try:
            with engine.a_core_less() if spare else nullcontext():
                running = pool.submit(done)
                here()
        except BaseException:
            if running.done() and (first := running.exception()):
                raise first from None  # what broke this off
            other.interrupt()
            raise
        finally:
            pool.shutdown()
            other.close()
        return running.result()


def leaving_memory(engine: Engine) -> AbstractContextManager[None]:
    """Leaves memory to what works beside the engine, where the engine is in the process: what it cannot hold it spills."""
    return engine.half_its_memory() if isinstance(engine, DuckEngine) else nullcontext()


def open_engine(
    scratch: Path | None = None, memory: str | None = None, threads: int | None = None, master: str = DUCKDB,
    within: Path | None = None, share: float = 0.5,
) -> Engine:  # fmt: skip
    """Opens the engine that a workspace names in its settings.

    Parameters
    ----------
    scratch : Path, optional
        A folder for intermediate tables; made and removed by the engine if not given.
    memory : str, optional
        Most memory of the engine, such as "8GB"; of Spark, of each executor.
    threads : int, optional
        Most threads of DuckDB.
    master : str
        `duckdb`, or the address of a Spark master: `spark://host:port`, `local[4]`, `local-cluster[2,1,1024]`.

    within : Path, optional
        Where a cluster's own scratch folder is made: its workers have to see it under the same path.
    share : float
        The part of the machine's memory that DuckDB may take where `memory` does not say.

    Raises
    ------
    SettingsFault
        If the engine is unknown, its package or Java is missing, or the master does not answer.
    """
    if master in ("", DUCKDB):
        return open_duck(scratch, memory, threads, share)
    from etappe.tables.spark import open_spark

    return open_spark(master, scratch, memory, within)
