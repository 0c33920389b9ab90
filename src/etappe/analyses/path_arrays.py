"""From lists of touches to the arrays that the models work on: equal paths once, touches as codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.maths.paths import Paths

MOST_CHANNELS = 500
OTHER = "(other)"


@dataclass(frozen=True, eq=False)
class Coded:
    """Paths with the names of their channels; `path` is the path of each row, -1 where a row has no touch at
    all.
    """

    paths: Paths
    channels: list[str]
    path: Ints
    folded: int = 0


def from_texts(texts: pa.ChunkedArray | pa.Array, separator: str) -> Coded:
    """Paths written as text, "A > B > C". Blanks around touches and empty touches are dropped."""
    column = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    encoded = pc.fill_null(column.cast(pa.string()), "").dictionary_encode()
    lists = pc.split_pattern(encoded.dictionary, separator.strip() or separator)
    return from_lists(lists, encoded.indices.to_numpy().astype(np.int64))


def from_columns(table: pa.Table, columns: Sequence[str]) -> Coded:
    """Paths spread over columns, one touch a column; empty cells are skipped, whatever else stands in one is
    a touch.
    """
    mark = "\x1f"
    cells = [pc.utf8_trim_whitespace(table[name].combine_chunks().cast(pa.string())) for name in columns]
    cells = [pc.if_else(pc.equal(cell, ""), pa.scalar(None, pa.string()), cell) for cell in cells]
    joined = pc.binary_join_element_wise(*cells, mark, null_handling="skip")
    return from_texts(joined, mark)


def from_lists(lists: Any, row: Ints) -> Coded:
    """Paths as Arrow lists of texts; `row` says which list each row has."""
    lengths = pc.list_value_length(lists).fill_null(0).to_numpy().astype(np.int64)
    flat = pc.list_flatten(lists).dictionary_encode()
    names = pc.utf8_trim_whitespace(flat.dictionary.cast(pa.string())).to_pylist()
    channels, code = _named(names)
    code = code.astype(np.int32)
    touch: Ints = code[flat.indices.to_numpy()] if len(code) else flat.indices.to_numpy()
    del flat
    if (code < 0).any():
        real = touch >= 0
        owner = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[real]
        touch, lengths = touch[real], np.bincount(owner, minlength=len(lengths))
    touch, channels, folded = fold(touch, channels)
    some = np.flatnonzero(lengths)
    place = np.full(len(lengths), -1, np.int64)
    place[some] = np.arange(len(some))
    start = np.concatenate([[0], np.cumsum(lengths[some])]).astype(np.int64)
    return Coded(Paths(touch, start, len(channels)), channels, place[row], folded)


def _named(names: list[str]) -> tuple[list[str], Ints]:
    """Distinct trimmed names in alphabetical order, and the code of each given one; "" is -1."""
    channels = sorted({name for name in names if name})
    place = {name: number for number, name in enumerate(channels)}
    return channels, np.array([place.get(name, -1) for name in names], np.int64)


def fold(touch: Ints, channels: list[str], most: int = MOST_CHANNELS) -> tuple[Ints, list[str], int]:
    """Keeps the most frequent channels and folds the rest into one, so that a chain stays solvable; how many
    were folded.
    """
    if len(channels) <= most:
        return touch, channels, 0
    count = np.bincount(touch, minlength=len(channels))
    kept = np.sort(np.argsort(-count, kind="stable")[: most - 1])
    code = np.full(len(channels), most - 1, np.int64)
    code[kept] = np.arange(most - 1)
    return code[touch], [*(channels[k] for k in kept), OTHER], len(channels) - most + 1


def passing(paths: Paths, path: Ints, weight: Floats) -> Floats:
    """Of each channel: the total weight of the rows whose path it lies on."""
    of_path = np.bincount(path, weights=weight, minlength=len(paths))
    touches = paths.by_channel(np.ones(len(paths.touch)))
    touches.sum_duplicates()
    touches.data[:] = 1.0
    return np.asarray(touches.T @ of_path, float)
