"""What an export format is, and how the formats under `formats/` are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import pyarrow as pa

from etappe.sources.sniff import Sample

if TYPE_CHECKING:
    from etappe.sources.raw import Raw


@dataclass(frozen=True)
class Mapped:
    """The rows of one evidence table that a format draws from a file.

    Attributes
    ----------
    table : str
        Name in sources.schema.EVIDENCE.
    columns : dict
        Evidence column to Ibis expression over `rows` (or the raw table). `record_id` and, where the table has a
        moment, `happened_at` have to be there; what is missing is null. `source` and `learned_at` are added.
    where : boolean expression, optional
        The records that belong to this table; the others are not counted here.
    primary : bool
        One raw record is one row of this table (or of its primary sisters), so that it counts in the report as read.
        A table drawn besides (stages beside deals, companies named by contacts) is not primary.
    rows : table expression, optional
        What the columns are over, where it is not the raw table itself (an unnested list, say).
    problem : text expression, optional
        Why a record cannot be used, null where it can; unreadable dates and numbers are found without it.
    source : str, optional
        The source where it is not the format's.
    """

    table: str
    columns: dict[str, ir.Value]
    where: ir.BooleanValue | None = None
    primary: bool = True
    rows: ir.Table | None = None
    problem: ir.StringValue | None = None
    source: str | None = None


@dataclass(frozen=True)
class Format:
    """One kind of export.

    Attributes
    ----------
    name : str
        Shown in reports: "hubspot deals", "snowplow events".
    source : str
        The system, the value of `source` in every row.
    words : str
        One sentence for `docs/formats`: what it is and where a user gets it.
    recognise : callable
        From the first look at a file to 0 (no) … 1 (certain). The highest wins. Ask for names that only this format
        has; 0.9 and more for a certain match, about 0.5 for a likely one.
    map : callable
        From the raw file to the evidence tables' rows.
    read : callable, optional
        For containers that have to be flattened first (XML, SQLite, nested JSON documents): from the path to record
        batches of text columns, which then become the raw table.
    columns : tuple of str
        Names for a file that has no header.
    zone : str
        Zone of times that carry none: "UTC", or "" for the workspace's.
    dates : str
        "dmy" or "mdy" where the format always has one order of day and month; "" decides by the file.
    quoted : bool
        Whether a cell may stand in quotation marks; False where a quotation mark is a sign like any other.
    bulk : bool
        Has a row an event, up to millions: mapped without the dearest cleaning.
    own_ids : bool
        Whether ids are the file's own (e1, e2, …): another file may use the same ones for something else.
    """

    name: str
    source: str
    words: str
    recognise: Callable[[Sample], float]
    map: Callable[[Raw], list[Mapped]]
    read: Callable[[Path], Iterator[pa.RecordBatch]] | None = None
    columns: tuple[str, ...] = ()
    zone: str = ""
    dates: str = ""
    quoted: bool = True
    bulk: bool = False
    own_ids: bool = False
    docs: tuple[str, ...] = field(default=())


@cache
def formats() -> tuple[Format, ...]:
    """All formats: the `FORMATS` of every module in `formats/`, in order of name."""
    from etappe.sources import formats as folder

    found: list[Format] = []
    for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda info: info.name):
        found.extend(getattr(importlib.import_module(f"{folder.__name__}.{module.name}"), "FORMATS", ()))
    names = [format_.name for format_ in found]
    if len(names) != len(set(names)):
        raise ValueError("two formats have the same name")
    return tuple(sorted(found, key=lambda format_: format_.name))


def recognise(sample: Sample) -> list[tuple[float, Format]]:
    """The formats that a file may be, the likeliest first."""
    scored = [(format_.recognise(sample), format_) for format_ in formats()]
    return sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].name))
