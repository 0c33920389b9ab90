"""A table of paths as it is read from a file: its numbers as columns, the paths themselves piece by piece.

The texts of a million paths take as much memory as all that is computed of them. From Parquet they are read while they are
made into numbers, and are never held at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from etappe.analyses.path_arrays import PIECE
from etappe.errors import FileFault


@dataclass(frozen=True, eq=False)
class PathsRead:
    """What is read of a table of paths.

    Attributes
    ----------
    rows : the columns that are held. names : those of all columns. count : number of rows.
    texts : the texts of a column, in pieces. first : so many of the first rows as they stand.
    """

    rows: pa.Table
    names: list[str]
    count: int
    texts: Callable[[str], Iterable[pa.Array]]
    first: Callable[..., list[dict[str, Any]]]


def of_table(rows: pa.Table) -> PathsRead:
    """A table that is held whole."""
    return PathsRead(rows, rows.column_names, rows.num_rows, lambda name: rows[name].chunks, lambda limit, *_: rows.slice(0, limit).to_pylist())


def read_paths(path: Path, text: str | None, numbers: list[str]) -> PathsRead:
    """The paths of a CSV (comma, semicolon or tab) or Parquet file.

    `text` is the column with the path, None where there is one column a touch; `numbers` are the others that are needed.

    Raises
    ------
    FileFault
        If it is no such file.
    """
    if path.suffix.lower() not in (".parquet", ".pq"):
        return of_table(_csv(path))
    with _opened(path) as file:
        names = file.schema_arrow.names
        if text is None or not {text, *numbers} <= set(names):  # all of them, so that a fault can name those there are
            return of_table(file.read())
        needed = list(dict.fromkeys([text, *numbers]))
        rows = file.read(columns=needed[1:])
        return PathsRead(rows, names, file.metadata.num_rows, lambda name: _pieces(path, [name]), lambda limit, *_: _first(path, needed, limit))


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            yield file
    except (pa.ArrowException, OSError) as wrong:
        raise FileFault("the file is not Parquet", str(path), str(wrong).split("\n")[0]) from None


def _pieces(path: Path, names: list[str]) -> Iterator[pa.Array]:
    with _opened(path) as file:
        for batch in file.iter_batches(PIECE, columns=names, use_threads=False):
            yield batch.column(0)


def _first(path: Path, names: list[str], limit: int) -> list[dict[str, Any]]:
    with _opened(path) as file:
        batch = next(file.iter_batches(max(limit, 1), columns=names), None)
        return [] if batch is None else pa.Table.from_batches([batch]).select(names).slice(0, limit).to_pylist()


def _csv(path: Path) -> pa.Table:
    import pyarrow.csv as csv

    with path.open("rb") as file:
        head = file.readline(1 << 20).decode("utf-8-sig", "replace")
    delimiter = max(",;\t", key=head.count)
    parse = csv.ParseOptions(delimiter=delimiter, newlines_in_values=False)
    # "null" and "NA" are texts here: a table of paths may well say conv and null.
    convert = csv.ConvertOptions(
        strings_can_be_null=False, null_values=[""], decimal_point="," if delimiter == ";" else "."
    )
    reason = ""
    if path.stat().st_size == 0:
        raise FileFault("the file is empty", str(path), "Name a CSV or Parquet file of paths.")
    for encoding in ("utf8", "cp1252"):
        try:
            read = csv.read_csv(path, csv.ReadOptions(encoding=encoding), parse, convert)
        except (pa.ArrowInvalid, UnicodeDecodeError) as wrong:
            reason = str(wrong).split("\n")[0]
            continue
        if not any(pa.types.is_binary(kind) for kind in read.schema.types):  # bytes that are no UTF-8
            return read
    raise FileFault("the file cannot be read as a table", str(path), reason)
