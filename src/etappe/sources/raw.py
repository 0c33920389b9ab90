"""A file as a raw table: all cells text, nothing lost, whatever its container and encoding."""

from __future__ import annotations

import codecs
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from etappe.errors import FileFault
from etappe.sources.format import Format, Mapped
from etappe.sources.sniff import Sample
from etappe.sources.values import Values, cleaned, decide
from etappe.tables import csvfile
from etappe.tables.duck import DuckEngine

CHUNK = 16 << 20


@dataclass
class Raw:
    """An opened file.

    Attributes
    ----------
    table : ir.Table
        One record a row. Tables and workbooks: text columns named as in the file, trimmed and null where empty (bulk
        formats: as they came). Objects: one column `json`. Parquet:
        its own types (nested ones too).
    values : Values
        The cells as values.
    sample : Sample
        The first look.
    notes : list of str
        What had to be assumed about the file.
    mapped : list of Mapped, optional
        What the format has made of it, once it has.
    rejects : callable
        Line, reason and text of the records that could not even be cut into cells, in all scans so far.
    """

    table: ir.Table
    values: Values
    sample: Sample
    engine: DuckEngine
    path: Path
    notes: list[str] = field(default_factory=list)
    rejects: Callable[[], list[tuple[int | None, str, str]]] = list
    mapped: list[Mapped] | None = None

    def has(self, *names: str) -> bool:
        """Whether the file has all of these columns."""
        return self.sample.has(*names)


def open_raw(
    path: Path, sample: Sample, format_: Format, engine: DuckEngine, scratch: Path, zone: str = "UTC", mend: bool = False
) -> Raw:
    """Opens a file as the raw table that the format maps from.

    `mend` reads lines that are not UTF-8 as Windows-1252; it is tried when a first reading has found such lines.

    Raises
    ------
    FileFault
        If it cannot be read to its end.
    """
    cells = [cell for row in sample.rows for cell in row.values()]
    made = decide(cells, sample.delimiter, format_.zone or zone, format_.dates, sample.container == "workbook")
    notes = [*sample.notes, *made.notes]
    rejects: Callable[[], list[tuple[int | None, str, str]]] = list
    if format_.read is not None:
        table = _from_batches(format_.read(path), engine, scratch, str(path))
    elif sample.container == "table":
        table, rejects = _from_text(path, sample, format_, engine, scratch, notes, mend)
    elif sample.container == "workbook":
        table = _from_batches(_workbook(path, sample, format_), engine, scratch, str(path))
    elif sample.container == "parquet":
        table = engine.parquet([path])
    elif sample.container == "objects":
        table, rejected = _from_objects(path, sample, engine, scratch)
        rejects = rejected.copy
    else:
        raise FileFault(f"a {sample.container} file needs a format that can read it", str(path), "see docs/formats for what is read")
    if not format_.bulk:
        table = engine.view("cells", cleaned(table))
    return Raw(table, Values(table, table.columns, made, format_.bulk, not format_.bulk), sample, engine, path, notes, rejects)


def _from_batches(batches: Iterator[pa.RecordBatch], engine: DuckEngine, scratch: Path, where: str) -> ir.Table:
    """Record batches spilled to one Parquet file, so that a large document never stands in memory whole."""
    import pyarrow.parquet as pq

    target = scratch / "flat.parquet"
    first = next(batches, None)
    if first is None:
        raise FileFault("the file has no records", where, "nothing was imported from it")
    with pq.ParquetWriter(target, first.schema, compression="zstd", compression_level=1) as writer:
        for batch in chain((first,), batches):
            writer.write_batch(batch)
    return engine.parquet([target])


def _workbook(path: Path, sample: Sample, format_: Format) -> Iterator[pa.RecordBatch]:
    from python_calamine import CalamineWorkbook

    names = list(format_.columns or sample.columns) if sample.headerless else list(sample.columns)
    schema = pa.schema([(name, pa.string()) for name in names])
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sample.sheet).to_python(skip_empty_area=True)
    body = rows[sample.data_line - 1 :]
    for start in range(0, max(len(body), 1), 50_000):
        part = [row for row in body[start : start + 50_000] if any(cell not in ("", None) for cell in row)]
        columns = [[_cell(row[place]) if place < len(row) else None for row in part] for place in range(len(names))]
        yield pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], schema=schema)


def _cell(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _from_text(
    path: Path, sample: Sample, format_: Format, engine: DuckEngine, scratch: Path, notes: list[str], mend: bool
) -> tuple[ir.Table, Callable[[], list[tuple[int | None, str, str]]]]:
    columns = format_.columns if sample.headerless and format_.columns else sample.columns
    target, skip, shift = scratch / "plain.csv", 0, sample.data_line - 1
    if mend:
        mended = _mend(path, target, sample.data_offset)
        notes.append(f"{mended} lines were not UTF-8 and were read as Windows-1252" if mended > 1 else "1 line was not UTF-8 and was read as Windows-1252")
    elif sample.encoding == "utf-8" and sample.data_line <= 2:
        target, skip, shift = path, sample.data_line - 1, 0
    else:
        _transcode(path, target, sample.encoding, sample.data_offset)
    found = csvfile.read(engine, target, columns, sample.delimiter, skip, format_.quoted)

    def rejects() -> list[tuple[int | None, str, str]]:
        return [(None if line is None else line + shift, reason, text) for line, reason, text in found.rejected()]

    return found.table, rejects


def _transcode(path: Path, target: Path, encoding: str, offset: int) -> None:
    """Copies the records as UTF-8, in pieces."""
    if encoding in ("utf-8", "utf-8-sig"):
        with path.open("rb") as source, target.open("wb") as out:
            source.seek(offset)
            shutil.copyfileobj(source, out, CHUNK)
        return
    name = {"utf-16": "utf-16-le"}.get(encoding, encoding)
    with path.open("rb") as source:
        if source.read(2) == codecs.BOM_UTF16_BE:
            name = "utf-16-be"
        source.seek(offset)
        decoder = codecs.getincrementaldecoder(name)(errors="replace")
        with target.open("w", encoding="utf-8", newline="") as out:
            while piece := source.read(CHUNK):
                out.write(decoder.decode(piece))
            out.write(decoder.decode(b"", final=True))


def _mend(path: Path, target: Path, offset: int) -> int:
    """Copies the records line by line, reading lines that are not UTF-8 as Windows-1252; returns how many were not."""
    mended = 0
    with path.open("rb") as source, target.open("wb") as out:
        source.seek(offset)
        for line in source:
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                mended += 1
                line = line.decode("cp1252", errors="replace").encode("utf-8")
            out.write(line)
    return mended


def _from_objects(
    path: Path, sample: Sample, engine: DuckEngine, scratch: Path
) -> tuple[ir.Table, list[tuple[int | None, str, str]]]:
    if sample.encoding != "utf-8":
        target = scratch / "plain.json"
        _transcode(path, target, sample.encoding, 3 if sample.encoding == "utf-8-sig" else 2)
        path = target
    if sample.json_path:
        path = _unwrap(path, scratch / "records.jsonl", sample.json_path)
        return csvfile.read_objects(engine, path, json_lines=True)
    return csvfile.read_objects(engine, path, json_lines=sample.json_lines)


def _unwrap(path: Path, target: Path, name: str) -> Path:
    import json

    with path.open(encoding="utf-8", errors="replace") as file:
        records = json.load(file)[name]
    with target.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return target
