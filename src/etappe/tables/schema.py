"""How a room says what leaves it: tables of columns, each with a type and a meaning."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TEXT = pa.string()
INTEGER = pa.int64()
NUMBER = pa.float64()
FLAG = pa.bool_()
MOMENT = pa.timestamp("us", tz="UTC")
DAY = pa.date32()
TEXTS = pa.list_(pa.field("element", pa.string()))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type, meaning, whether it may be empty, and whether it can name a person."""

    name: str
    type: pa.DataType
    meaning: str
    required: bool = False
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that leaves a room."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def arrow(self) -> pa.Schema:
        """The table as an Arrow schema. All fields are nullable: checks are ours, not the file's."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    @property
    def personal(self) -> tuple[str, ...]:
        """The columns that can name a person; erasure looks into these."""
        return tuple(column.name for column in self.columns if column.personal)
