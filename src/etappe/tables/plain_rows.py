"""Arrow tables as rows of plain Python values.

Arrow's own way loads pandas as soon as it meets a moment or a list, which takes longer than most answers; so does its
room of functions, of which nothing here makes use.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

_EPOCH = dt.datetime(1970, 1, 1)


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    """The rows as dicts; moments with a zone as datetimes in UTC."""
    columns = [_values(table.column(place)) for place in range(table.num_columns)]
    names = table.column_names
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(column: pa.ChunkedArray | pa.Array) -> list[Any]:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "us":
        start = _EPOCH.replace(tzinfo=dt.UTC) if kind.tz else _EPOCH
        numbers = [number for chunk in _chunks(column) for number in chunk.view(pa.int64()).to_pylist()]
        return [None if number is None else start + dt.timedelta(microseconds=number) for number in numbers]
    if pa.types.is_list(kind):
        return [value for chunk in _chunks(column) for value in _lists(chunk)]
    values: list[Any] = column.to_pylist()
    return values


def _chunks(column: pa.ChunkedArray | pa.Array) -> list[pa.Array]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def _lists(column: pa.ListArray) -> list[Any]:
    inside, ends = _values(column.values), column.offsets.to_pylist()
    known = column.is_valid().to_pylist() if column.null_count else [True] * len(column)
    return [inside[ends[place] : ends[place + 1]] if known[place] else None for place in range(len(column))]
