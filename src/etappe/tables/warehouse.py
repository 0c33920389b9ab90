"""A warehouse behind the same words: tables that lie there are asked there, by any backend that Ibis has."""

from __future__ import annotations

import contextlib
import itertools
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from etappe.errors import LakeFault
from etappe.tables.dialects import COMPILERS
from etappe.tables.plain_rows import rows_of

_numbers = itertools.count(1)


@dataclass(eq=False)
class WarehouseEngine:
    """An Ibis backend that is connected already; what each method means stands at :class:`etappe.tables.engine.Engine`.

    It answers; it does not build. Intermediate tables are temporary tables of the connection, or views where the
    warehouse has none.
    """

    backend: Any
    scratch: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))
    kept: dict[str, ir.Table] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.backend.name in COMPILERS:
            self.backend.compiler = COMPILERS[self.backend.name]()

    def __enter__(self) -> WarehouseEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Drops the intermediate tables; the connection stays with whom it came from."""
        for table in list(self.kept.values()):
            self.drop(table)

    def keep(self, name: str, expression: ir.Table, on_disk: bool = False) -> ir.Table:  # noqa: ARG002 - a warehouse has disks
        """Computes a table now, as a temporary table."""
        unique = f"etappe_{os.getpid()}_{name}_{next(_numbers)}"
        self.kept[unique] = self.backend.create_table(unique, expression, temp=True)
        return self.kept[unique]

    def view(self, name: str, expression: ir.Table) -> ir.Table:  # noqa: ARG002 - written out where it is used
        """The expression itself: a warehouse may not let a reader make views."""
        return expression

    def drop(self, table: ir.Table) -> None:
        """Forgets a kept table."""
        for unique, kept in list(self.kept.items()):
            if kept is table:
                del self.kept[unique]
                with contextlib.suppress(Exception):  # the connection's end drops it as well
                    self.backend.drop_table(unique, force=True)

    def from_arrow(self, name: str, table: pa.Table) -> ir.Table:
        """Brings an Arrow table in under a name."""
        unique = f"etappe_{os.getpid()}_{name}_{next(_numbers)}"
        self.kept[unique] = self.backend.create_table(unique, ibis.memtable(table), temp=True)
        return self.kept[unique]

    def parquet(self, paths: Sequence[str | Path], schema: pa.Schema | None = None) -> ir.Table:
        """A warehouse reads no files of this machine; only no files at all are a table."""
        if paths or schema is None:
            raise LakeFault("a warehouse does not read files of this machine", str(paths[0]) if paths else "", "load them with the warehouse's own loader: docs/warehouse.md")
        return self.from_arrow("empty", schema.empty_table())

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """The table's rows, all of them, in memory."""
        return self.backend.to_pyarrow(expression)

    def rows(self, expression: ir.Table, limit: int | None = None) -> list[dict[str, Any]]:
        """The table's rows as dicts, for small answers."""
        return rows_of(self.to_arrow(expression if limit is None else expression.limit(limit)))

    def count(self, expression: ir.Table) -> int:
        """Number of rows."""
        return int(self.backend.to_pyarrow(expression.count()).as_py())

    def sql(self, expression: ir.Expr) -> str:
        """The query in the warehouse's dialect, formatted."""
        return str(self.backend.compile(expression, pretty=True))

    def write_parquet(self, expression: ir.Table, path: Path, row_group: int = 122_880) -> int:  # noqa: ARG002
        """A warehouse answers; it does not build."""
        raise LakeFault("a warehouse answers questions, builds are made elsewhere", str(path), "build with DuckDB or Spark and load the tables: docs/warehouse.md")
