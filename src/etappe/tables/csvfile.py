"""Reads delimited text and JSON records through the engine, in parallel and in a stream, all cells as text."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir

from etappe.errors import FileFault
from etappe.tables.duck import DuckEngine

BAD_ENCODING = "the line is not written in the encoding of the rest"
_REASONS = {
    "MISSING COLUMNS": "the row has too few cells",
    "TOO MANY COLUMNS": "the row has too many cells",
    "UNQUOTED VALUE": "a quotation mark is not closed",
    "LINE SIZE OVER MAXIMUM": "the row is larger than 64 MB",
    "INVALID ENCODING": BAD_ENCODING,
    "INVALID STATE": "the row breaks the rules of CSV",
}
LARGEST_ROW = 64 << 20
SMALL = 64 << 20
_numbers = itertools.count(1)

Rejected = list[tuple[int | None, str, str]]


@dataclass
class Delimited:
    """A CSV file as a lazy table of text columns; it never stands in memory.

    `rejected()` gives the rows that could not be cut into cells, in all scans of the table so far.
    """

    table: ir.Table
    engine: DuckEngine
    rejects: str

    def rejected(self) -> Rejected:
        """Line, reason and text of each row that could not be cut into cells."""
        return _rejected(self.engine, self.rejects)


def read(engine: DuckEngine, path: Path, columns: Sequence[str], delimiter: str, skip: int, quoted: bool = True) -> Delimited:
    """Opens a CSV file.

    A small file is read through once to find the mode that loses the fewest rows (strict, lenient, short rows filled
    up). A large one starts strict, which is the mode that is read in parallel; the rows it rejects are told.
    """
    small = path.stat().st_size <= SMALL
    for strict, pad in ((True, False), (False, False), (False, True)):
        name = f"rejects_{next(_numbers)}"
        source = _scan(path, columns, delimiter, skip, strict, pad, name, quoted)
        try:
            rows = engine.run(f"SELECT count({_name(columns[0])}), count(*) FROM {source}")[0][1] if small else 0
        except duckdb.Error as fault:
            if pad:
                raise FileFault(f"the table cannot be read: {str(fault).splitlines()[0]}", str(path), "open it and save it again as CSV") from fault
            continue
        short = sum(reason == _REASONS["MISSING COLUMNS"] for _, reason, _ in _rejected(engine, name)) if small else 0
        # Many short rows are a habit of the export (empty cells at the end are left out), a few are broken rows.
        if pad or short <= max(3, rows // 20):
            break
    name = f"rejects_{next(_numbers)}"
    source = _scan(path, columns, delimiter, skip, strict, pad, name, quoted)
    return Delimited(engine.step("csv", f"SELECT * FROM {source}", ibis.schema(dict.fromkeys(columns, "string"))), engine, name)


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _scan(path: Path, columns: Sequence[str], delimiter: str, skip: int, strict: bool, pad: bool, rejects: str, quoted: bool) -> str:
    quote = '"' if quoted else ""
    names = ", ".join(f"{_text(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({_text(str(path))}, delim = {_text(delimiter)}, quote = '{quote}', escape = '{quote}', header = false, skip = {skip}, "
        f"columns = {{{names}}}, auto_detect = false, strict_mode = {str(strict).lower()}, null_padding = {str(pad).lower()}, "
        f"max_line_size = {LARGEST_ROW}, store_rejects = true, rejects_table = '{rejects}', rejects_scan = '{rejects}_scans'"
        f"{', parallel = false' if pad else ''})"
    )


def _rejected(engine: DuckEngine, name: str) -> Rejected:
    if not engine.run(f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{name}'"):
        return []
    rows = engine.run(f"SELECT line, error_type::VARCHAR, csv_line FROM {name} ORDER BY line LIMIT 1000000")
    seen: dict[int, tuple[int | None, str, str]] = {}
    for line, kind, text in rows:
        seen.setdefault(int(line), (int(line), _REASONS.get(kind, kind.lower()), text or ""))
    return list(seen.values())


def read_objects(engine: DuckEngine, path: Path, json_lines: bool) -> tuple[ir.Table, Rejected]:
    """A file of JSON objects (one a line, or one array) as a table with the column `json`, and the broken lines."""
    rejected: Rejected = []
    form = "newline_delimited" if json_lines else "array" if _is_array(path) else "unstructured"
    source = f"read_json_objects({_text(str(path))}, format = '{form}', maximum_object_size = {LARGEST_ROW})"
    try:
        engine.run(f"SELECT count(*) FROM {source}")
    except duckdb.Error as fault:
        if not json_lines:
            raise FileFault(f"the JSON is broken: {str(fault).splitlines()[0]}", str(path), "export it again; a cut-off download often ends like this") from fault
        rejected = _broken_lines(path)
        source = f"read_json_objects({_text(str(path))}, format = 'newline_delimited', ignore_errors = true, maximum_object_size = {LARGEST_ROW})"
    return engine.step("objects", f"SELECT json FROM {source} WHERE json IS NOT NULL", ibis.schema({"json": "json"})), rejected


def _is_array(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")


def _broken_lines(path: Path) -> Rejected:
    import json

    broken: Rejected = []
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                json.loads(line)
            except ValueError as fault:
                broken.append((number, f"the line is not JSON: {fault}", line[:2000]))
    return broken
