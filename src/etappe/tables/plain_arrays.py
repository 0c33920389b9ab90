"""Arrow columns of numbers, flags and texts as numpy arrays.

Arrow's own way loads pandas as soon as a column has a null or several chunks, which takes longer than most answers.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa

_NAMES = {"double": "float64", "float": "float32"}


def numbers_of(column: pa.ChunkedArray | pa.Array, nothing: float = 0) -> np.ndarray[Any, Any]:
    """The numbers of a column (whole or not, of any width) in a copy of their own; `nothing` in the place of null."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    kind = np.dtype(_NAMES.get(str(column.type), str(column.type)))
    return np.concatenate([np.empty(0, kind), *(_chunk(chunk, kind, nothing) for chunk in chunks)])


def moments_of(column: pa.ChunkedArray | pa.Array) -> np.ndarray[Any, Any]:
    """The moments of a column, none of them null, as microseconds since 1970."""
    return numbers_of(column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64()))


def flags_of(column: pa.ChunkedArray | pa.Array) -> np.ndarray[Any, Any]:
    """The flags of a column; null is False."""
    return numbers_of(column.cast(pa.uint8())).astype(bool)


def among(column: pa.ChunkedArray, values: Collection[str]) -> np.ndarray[Any, Any]:
    """A flag for each row whose text is one of some; null never is."""
    encoded = column.combine_chunks().dictionary_encode()
    known = np.array([*(word in values for word in encoded.dictionary.to_pylist()), False])
    return np.asarray(known[numbers_of(encoded.indices, -1)], bool)


def picked(table: pa.Table, places: Any) -> pa.Table:
    """The rows at some places, in that order."""
    numbers = np.ascontiguousarray(places, np.int64)
    return table.take(pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)]))


def _chunk(chunk: pa.Array, kind: np.dtype[Any], nothing: float) -> np.ndarray[Any, Any]:
    known, values = chunk.buffers()
    place = slice(chunk.offset, chunk.offset + len(chunk))
    numbers = np.frombuffer(values, kind)[place] if len(chunk) else np.empty(0, kind)
    if not chunk.null_count:
        return numbers
    valid = np.unpackbits(np.frombuffer(known, np.uint8), bitorder="little")[place].astype(bool)
    return np.where(valid, numbers, np.asarray(nothing, kind))
