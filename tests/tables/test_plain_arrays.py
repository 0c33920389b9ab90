"""Numbers out of Arrow, without what Arrow loads for it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etappe.tables.plain_arrays import among, flags_of, numbers_of, picked

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


@given(chunks=st.lists(st.lists(st.none() | st.booleans(), max_size=20), max_size=4), cut=st.integers(0, 10))
def test_flags_are_those_of_the_column_and_null_is_none(chunks: list[list[bool | None]], cut: int) -> None:
    column = pa.chunked_array(chunks, pa.bool_()).slice(cut)
    assert flags_of(column).tolist() == [bool(value) for value in column.to_pylist()]


@given(chunks=st.lists(st.lists(st.none() | st.sampled_from("abc"), max_size=20), max_size=4), values=st.sets(st.sampled_from("abcd")))
def test_a_text_is_among_some_where_it_is_one_of_them(chunks: list[list[str | None]], values: set[str]) -> None:
    column = pa.chunked_array(chunks, pa.string())
    assert among(column, values).tolist() == [value in values for value in column.to_pylist()]


def test_rows_are_picked_in_the_order_of_their_places() -> None:
    table = pa.table({"text": ["a", None, "c"]})
    assert picked(table, [2, 0, 2])["text"].to_pylist() == ["c", "a", "c"]
    assert picked(table, np.flatnonzero([False, False])).num_rows == 0
