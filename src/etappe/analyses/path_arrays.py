"""From lists of touches to the arrays that the models work on: equal paths once, touches as codes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.maths.paths import Paths
from etappe.analyses.maths.shapley import first_of_each

MOST_CHANNELS = 500
OTHER = "(other)"
PIECE = 1 << 16  # paths that are split at a time
AHEAD = 2  # pieces that wait to be split, or to be taken


@dataclass(frozen=True, eq=False)
class Coded:
    """Paths with the names of their channels; `path` is the path of each row, -1 where a row has no touch at
    all.
    """

    paths: Paths
    channels: list[str]
    path: Ints
    folded: int = 0


def from_texts(texts: Iterable[pa.Array], separator: str) -> Coded:
    """Paths written as text, "A > B > C", in pieces. Blanks around touches and empty touches are dropped.

    Each piece becomes codes before the next but one is asked for, so that the texts of all paths are never held at once.
    """
    known: dict[str, int] = {}
    touches, lengths = [np.zeros(0, np.uint8)], [np.zeros(0, np.int32)]
    for touch, length in _numbered(_split(_small(texts), separator.strip() or separator), known):
        touches.append(touch)
        lengths.append(length)
    channels = sorted(known)
    touch = np.concatenate(touches)
    place = np.empty(len(channels), touch.dtype)
    place[[known[name] for name in channels]] = np.arange(len(channels))
    paths, path = _distinct(place[touch], np.concatenate(lengths), len(channels))
    touch, channels, folded = fold(paths.touch, channels)
    return Coded(replace(paths, touch=touch, channels=len(channels)), channels, path, folded)


def _small(texts: Iterable[pa.Array]) -> Iterator[pa.Array]:
    """The texts in pieces of at most `PIECE`."""
    for text in texts:
        yield from (text.slice(low, PIECE).cast(pa.string()) for low in range(0, len(text), PIECE))


_Split = tuple[list[str], Any, Any]


def _split(pieces: Iterable[pa.Array], mark: str) -> Iterator[_Split]:
    """Names of the touches of each piece, which of them each touch is, and how many each path has: split on one core while the next is read on another."""

    def split(piece: pa.Array) -> _Split:
        lists = pc.split_pattern(pc.fill_null(piece, ""), mark)
        touches = lists.flatten().dictionary_encode()
        return pc.utf8_trim_whitespace(touches.dictionary).to_pylist(), touches.indices.to_numpy(), pc.list_value_length(lists).to_numpy()

    waiting: deque[Future[_Split]] = deque()
    with ThreadPoolExecutor(1) as pool:
        for piece in pieces:
            waiting.append(pool.submit(split, piece))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _numbered(split: Iterable[_Split], known: dict[str, int]) -> Iterator[tuple[Any, Any]]:
    """Touches as numbers, and how many each path has; `known` are the numbers of the names so far."""
    for names, indices, length in split:
        code = np.array([known.setdefault(name, len(known)) if name else -1 for name in names], np.int32)
        touch = code[indices]
        if len(code) and code.min() < 0:
            real = touch >= 0
            length = np.bincount(np.repeat(np.arange(len(length)), length)[real], minlength=len(length)).astype(np.int32)
            touch = touch[real]
        yield touch.astype(np.min_scalar_type(max(len(known) - 1, 0))), length


def _distinct(touch: Any, length: Any, channels: int) -> tuple[Paths, Ints]:
    """Equal paths once, in the order in which they first come, and which of them each row goes; -1 where it has no touch."""
    width = touch.dtype.itemsize
    long = len(touch) * width >= 2**31
    ends = np.zeros(len(length) + 1, np.int64 if long else np.int32)
    np.cumsum(length, out=ends[1:])
    kind = pa.large_binary() if long else pa.binary()
    as_bytes = pa.Array.from_buffers(kind, len(length), [None, pa.py_buffer(ends * width), pa.py_buffer(touch)])
    found = as_bytes.dictionary_encode()
    _, starts, data = found.dictionary.buffers()
    start = np.frombuffer(starts, ends.dtype, len(found.dictionary) + 1) // width
    some = np.diff(start) > 0
    place = np.cumsum(some) - 1
    place[~some] = -1
    one = np.frombuffer(data, touch.dtype, start[-1]) if len(touch) else touch
    # Without a touch there is at most one path, which takes no room among the others.
    start = np.concatenate([[0], start[1:][some]]).astype(np.int64)
    return Paths(one.astype(np.int32), start, channels), place[found.indices.to_numpy()]


def from_columns(table: pa.Table, columns: Sequence[str]) -> Coded:
    """Paths spread over columns, one touch a column; empty cells are skipped, whatever else stands in one is
    a touch.
    """
    mark = "\x1f"
    cells = [pc.utf8_trim_whitespace(table[name].combine_chunks().cast(pa.string())) for name in columns]
    cells = [pc.if_else(pc.equal(cell, ""), pa.scalar(None, pa.string()), cell) for cell in cells]
    joined = pc.binary_join_element_wise(*cells, mark, null_handling="skip")
    return from_texts([joined], mark)


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
    total = np.zeros(paths.channels)
    for at, part in paths.parts():
        some = np.flatnonzero(of_path[at])
        there = part.some(some)
        firsts = first_of_each(there)
        total += np.bincount(there.touch[firsts], np.repeat(of_path[at][some], there.length)[firsts], paths.channels)
    return total
