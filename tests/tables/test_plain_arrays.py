"""Numbers out of Arrow, without what Arrow loads for it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etappe.tables.plain_arrays import numbers_of

KINDS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.float64()]


@pytest.mark.parametrize("kind", KINDS, ids=str)
@given(chunks=st.lists(st.lists(st.none() | st.integers(0, 100), max_size=20), max_size=4), cut=st.integers(0, 10))
def test_numbers_are_those_of_the_column(kind: pa.DataType, chunks: list[list[int | None]], cut: int) -> None:
    column = pa.chunked_array(chunks, kind).slice(cut)
    expected = [-1 if value is None else value for value in column.to_pylist()]
    found = numbers_of(column, -1)
    assert found.tolist() == expected
    assert found.dtype == np.dtype(kind.to_pandas_dtype())
    if column.num_chunks:
        assert numbers_of(column.chunk(0)).tolist() == [value or 0 for value in column.chunk(0).to_pylist()]
