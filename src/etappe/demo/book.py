"""Columns that grow by blocks: how the simulation writes down what happens."""

from __future__ import annotations

from typing import Any

import numpy as np

from etappe.demo.clock import Array


class Book:
    """A table under construction; every block gives all columns (numbers are spread to the block's length)."""

    def __init__(self, **columns: str) -> None:
        self._types = {name: np.dtype(kind) for name, kind in columns.items()}
        self._blocks: dict[str, list[Array]] = {name: [] for name in columns}
        self.rows = 0

    def add(self, count: int, **values: Any) -> None:
        """Writes `count` rows."""
        if not count:
            return
        for name, kind in self._types.items():
            value = values[name]
            block = value.astype(kind) if isinstance(value, np.ndarray) else np.full(count, value, dtype=kind)
            self._blocks[name].append(block)
        self.rows += count

    def close(self) -> Leaf:
        """The finished columns."""
        return Leaf(
            {
                name: np.concatenate(blocks) if blocks else np.empty(0, dtype=self._types[name])
                for name, blocks in self._blocks.items()
            }
        )


class Leaf:
    """Finished columns of one length: `leaf["slot"]`, `leaf.where(mask)`."""

    def __init__(self, columns: dict[str, Array]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def where(self, rows: Array) -> Leaf:
        """The rows of a mask, or in the order of places."""
        return Leaf({name: column[rows] for name, column in self.columns.items()})

    def with_(self, **columns: Array) -> Leaf:
        """The same rows with more columns."""
        return Leaf({**self.columns, **columns})
