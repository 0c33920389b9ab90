"""Ids as real systems write them, made many at a time as Arrow text."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from etappe.demo.clock import Array

_HEX: Final = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
_BASE62: Final = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dtype=np.uint8)
_CHECK: Final = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", dtype=np.uint8)


def text(letters: Array) -> pa.StringArray:
    """A matrix of ASCII codes, one text a row, as Arrow text."""
    rows, width = letters.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32) if width else np.zeros(rows + 1, np.int32)
    data = np.ascontiguousarray(letters, dtype=np.uint8)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data))


def hexes(rng: np.random.Generator, count: int, width: int) -> Array:
    """Random hexadecimal digits as a matrix of ASCII codes."""
    raw = np.frombuffer(rng.bytes(count * ((width + 1) // 2)), dtype=np.uint8).reshape(count, -1)
    both = np.empty((count, raw.shape[1] * 2), dtype=np.uint8)
    both[:, 0::2] = _HEX[raw >> 4]
    both[:, 1::2] = _HEX[raw & 15]
    return both[:, :width]


def uuids(rng: np.random.Generator, count: int) -> pa.StringArray:
    """Random UUIDs of version 4."""
    digits = hexes(rng, count, 32)
    digits[:, 12] = ord("4")
    digits[:, 16] = _HEX[8 + (digits[:, 16] & 3)]
    out = np.full((count, 36), ord("-"), dtype=np.uint8)
    for start, stop, to in ((0, 8, 0), (8, 12, 9), (12, 16, 14), (16, 20, 19), (20, 32, 24)):
        out[:, to : to + stop - start] = digits[:, start:stop]
    return text(out)


def hex_text(rng: np.random.Generator, count: int, width: int) -> pa.StringArray:
    """Random hexadecimal texts of one width."""
    return text(hexes(rng, count, width))


def numbered(prefix: str, numbers: Array, width: int) -> pa.StringArray:
    """A prefix and a number with leading zeros: `A0000042`."""
    out = np.empty((len(numbers), len(prefix) + width), dtype=np.uint8)
    out[:, : len(prefix)] = np.frombuffer(prefix.encode(), dtype=np.uint8)
    rest = np.asarray(numbers, dtype=np.int64)
    for place in range(width):
        out[:, len(prefix) + width - 1 - place] = 48 + rest % 10
        rest = rest // 10
    return text(out)


def mixed(prefix: str, rng: np.random.Generator, count: int, width: int) -> pa.StringArray:
    """A prefix and random letters and digits, as survey tools write response ids."""
    out = np.empty((count, len(prefix) + width), dtype=np.uint8)
    out[:, : len(prefix)] = np.frombuffer(prefix.encode(), dtype=np.uint8)
    out[:, len(prefix) :] = _BASE62[rng.integers(0, 62, (count, width))]
    return text(out)


def salesforce(prefix: str, numbers: Array) -> pa.StringArray:
    """Salesforce ids of 18 letters: key prefix, instance, number in base 62, and the check of the letters' case."""
    count = len(numbers)
    out = np.empty((count, 18), dtype=np.uint8)
    out[:, :10] = np.frombuffer((prefix + "7R00000")[:10].encode(), dtype=np.uint8)
    rest = np.asarray(numbers, dtype=np.int64)
    for place in range(14, 9, -1):
        out[:, place] = _BASE62[rest % 62]
        rest = rest // 62
    upper = ((out[:, :15] >= 65) & (out[:, :15] <= 90)).reshape(count, 3, 5)
    out[:, 15:] = _CHECK[(upper * np.array([1, 2, 4, 8, 16])).sum(axis=2)]
    return text(out)
