"""How a room says what leaves it: tables of columns, each with a type and a meaning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

# Arrow takes a third of the time of a short answer to load, and few of those who know the columns need it.
if TYPE_CHECKING:
    import pyarrow as pa


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    MOMENT = "moment"
    DAY = "day"
    TEXTS = "texts"

    @property
    def arrow(self) -> pa.DataType:
        """As an Arrow type."""
        import pyarrow as pa

        types = {
            Kind.TEXT: pa.string(), Kind.INTEGER: pa.int64(), Kind.NUMBER: pa.float64(), Kind.FLAG: pa.bool_(), Kind.MOMENT: pa.timestamp("us", tz="UTC"),
            Kind.DAY: pa.date32(), Kind.TEXTS: pa.list_(pa.field("element", pa.string())),
        }  # fmt: skip
        return types[self]


TEXT, INTEGER, NUMBER, FLAG, MOMENT, DAY, TEXTS = Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.FLAG, Kind.MOMENT, Kind.DAY, Kind.TEXTS


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, its meaning, whether it may be empty, and whether it can name a person."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    personal: bool = False

    @property
    def type(self) -> pa.DataType:
        """Its Arrow type."""
        return self.kind.arrow


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
        import pyarrow as pa

        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    @property
    def personal(self) -> tuple[str, ...]:
        """The columns that can name a person; erasure looks into these."""
        return tuple(column.name for column in self.columns if column.personal)
