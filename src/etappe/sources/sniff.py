"""The first look at a file: what it is, how it is written, where its records begin.

Everything is decided from the content; the name of the file is never asked.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import sqlite3
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from etappe.errors import FileFault

Container = Literal["table", "workbook", "parquet", "objects", "xml", "sqlite"]
CALLED: dict[str, str] = {"table": "table", "workbook": "workbook", "parquet": "Parquet file", "objects": "JSON file", "xml": "XML file", "sqlite": "SQLite file"}

MAPPABLE = frozenset({"table", "workbook", "parquet", "objects"})  # what a mapping file can be for
NO_MAPPING = "export each of its tables as CSV, and import those; docs/formats says what else is read as it is"

HEAD = 1 << 20  # bytes looked at before anything is decided
_EXPORT_AS = "export the data as CSV, XLSX, JSON, XML or Parquet"
_WRITTEN = frozenset("\t\n\v\f\r\x01\x1a\x1c\x1d\x1e\x1f")  # control signs that stand in texts, some of them as separators
_DELIMITERS = (",", ";", "\t", "|", "^", "`")
_LOOKS_LIKE_DATA = re.compile(
    r"^\s*(?:[-+]?\d[\d.,]*\s*%?|\d{4}-\d\d-\d\d.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}.*|[0-9a-f]{8}-[0-9a-f]{4}-.*|https?://.*|[^@\s]+@[^@\s]+\.\w+)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the first look at a file has found.

    `columns` are the header's names as they stand (made unique with `_2`, `_3`), or the keys of the first objects;
    `rows` the first records, as text by column (tables) or as parsed objects.
    """

    container: Container
    columns: tuple[str, ...] = ()
    rows: tuple[dict[str, Any], ...] = ()
    preamble: tuple[str, ...] = ()
    headerless: bool = False
    encoding: str = "utf-8"
    delimiter: str = ","
    data_offset: int = 0  # byte at which the records begin, in the file as it is
    header_line: int = 1
    data_line: int = 2
    root: str = ""  # root element of XML, without its namespace
    sheet: str = ""
    tables: tuple[str, ...] = ()  # of SQLite
    json_lines: bool = False
    json_path: str = ""  # where the records lie in a JSON document, "" for the document itself
    notes: tuple[str, ...] = ()
    lowered: frozenset[str] = field(default=frozenset())

    def has(self, *names: str) -> bool:
        """Whether all these columns are there; case and outer space do not matter."""
        return all(name.strip().lower() in self.lowered for name in names)

    def has_any(self, *names: str) -> bool:
        """Whether at least one of these columns is there."""
        return any(name.strip().lower() in self.lowered for name in names)

    def share(self, *names: str) -> float:
        """The share of these columns that are there."""
        return sum(name.strip().lower() in self.lowered for name in names) / max(len(names), 1)


class NoExport(FileFault):
    """A file that holds no records of any kind: among exports it is passed over, asked for by itself it is a fault."""


def is_prose(sample: Sample) -> bool:
    """Whether a text that was looked at as a table is none: cut at its commas, sentences are long cells in rows of any width."""
    if sample.container != "table":
        return False
    cells = [*sample.columns, *(str(cell) for row in sample.rows for cell in row.values() if cell)]
    words = sum(len(cell.split()) for cell in cells) / max(len(cells), 1)
    ragged = sum(len(row) < len(sample.columns) for row in sample.rows)
    return words > 2.2 and (len(sample.columns) == 1 or ragged > len(sample.rows) / 5)


def look(path: Path) -> Sample:
    """Looks at a file.

    Raises
    ------
    FileFault
        If it is empty, binary of an unknown kind, an HTML page, or has no records' layout that could be found.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise FileFault("the file is empty", str(path), "export it again; nothing was imported from it")
    if head.startswith(b"PAR1"):
        return _look_parquet(path)
    if head.startswith(b"SQLite format 3\x00"):
        return _look_sqlite(path)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _look_workbook(path)
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x7fELF", b"MZ")):
        raise NoExport("this is not an export but a document, picture or program", str(path), _EXPORT_AS)
    encoding = _encoding_of(head)
    text = _decode(head, encoding)
    if _is_binary(text, encoding):
        raise NoExport("this is neither text nor a kind of file that is known", str(path), _EXPORT_AS)
    start = text.lstrip("\ufeff \t\r\n")
    if re.match(r"<!doctype html|<html|<head|<body", start, re.IGNORECASE):
        raise FileFault("this is a web page (HTML), not an export", str(path), "log in to the tool and download the export again: it answered with a page instead of data")
    if start.startswith("<"):
        return _look_xml(start, encoding)
    if start.startswith(("{", "[")):
        found = _look_objects(path, start, encoding, size > len(head))
        if found is not None:
            return found
    return _look_table(path, text, encoding, whole=size <= len(head))


def _encoding_of(head: bytes) -> str:
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark):
            return name
    probe = head[:4096]
    if probe.count(0) > len(probe) // 5:  # UTF-16 without a mark: every other byte of plain text is zero
        return "utf-16-le" if probe[1::2].count(0) > probe[0::2].count(0) else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError as fault:
        # One broken byte in a file that is UTF-8 elsewhere is a broken row, not another encoding.
        valid = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]+", head))
        broken = len(re.findall(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])", head))
        return "utf-8" if fault.start and valid > broken else "cp1252"
    return "utf-8"


def _decode(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(head, final=False)


def _is_binary(text: str, encoding: str) -> bool:
    """Whether what was decoded is no writing: more than a twentieth of its beginning are signs that nobody writes."""
    head = text[:4096]
    nobody = sum(
        sign == "\ufffd" or (unicodedata.category(sign) in ("Cc", "Cn", "Co", "Cs") and sign not in _WRITTEN and (sign != "\x00" or encoding.startswith("utf-16")))
        for sign in head
    )
    return nobody > max(len(head) / 20, 1)


def _sample(container: Container, columns: tuple[str, ...], **more: Any) -> Sample:
    return Sample(container, columns, lowered=frozenset(name.strip().lower() for name in columns), **more)


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Header names made usable: trimmed, empty ones named by place, twins numbered; case-only twins count as twins."""
    seen: Counter[str] = Counter()
    result = []
    for place, name in enumerate(names, 1):
        plain = " ".join(name.replace("\ufeff", "").replace("\x00", "").split()) or f"column {place}"
        seen[plain.lower()] += 1
        while seen[plain.lower()] > 1:
            base = plain
            plain = f"{base}_{seen[base.lower()]}"
            seen[plain.lower()] += 1
        result.append(plain)
    return tuple(result)


def _look_parquet(path: Path) -> Sample:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        first = next(file.iter_batches(batch_size=50), None)
    except (OSError, pa.ArrowException) as fault:
        raise FileFault(f"the Parquet file is broken: {fault}", str(path), "write it again") from fault
    names = tuple(file.schema_arrow.names)
    return _sample("parquet", names, rows=tuple(first.to_pylist()) if first is not None else ())


def _look_sqlite(path: Path) -> Sample:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        try:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        except sqlite3.DatabaseError as fault:
            raise FileFault(f"the SQLite file is broken: {fault}", str(path), "export it again") from fault
    tables = tuple(str(name) for (name,) in found)
    return _sample("sqlite", tables, tables=tables)


def _look_workbook(path: Path) -> Sample:
    from python_calamine import CalamineError, CalamineWorkbook

    if _is_document(path):
        raise NoExport("this is not an export but a document or presentation", str(path), _EXPORT_AS)
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [sheet.name for sheet in book.sheets_metadata if str(sheet.visible).endswith("Visible")] or book.sheet_names
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=True, nrows=200)) for name in names]
    except (CalamineError, OSError, ValueError) as fault:
        raise FileFault(f"the workbook cannot be opened: {fault}", str(path), "save it again as .xlsx, without a password") from fault
    if not any(rows for _, rows in sheets):
        raise FileFault("the workbook has no filled sheet", str(path), "export it again")
    # The sheet with the most records is the export; covers and legends are shorter.
    sheet, rows = max(sheets, key=lambda pair: sum(any(cell not in ("", None) for cell in row) for row in pair[1]))
    table = [["" if cell is None else str(cell) for cell in row] for row in rows]
    layout = _layout(table, str(path))
    columns = unique_names(table[layout.header]) if not layout.headerless else _numbered(layout.width)
    return _sample(
        "workbook", columns, sheet=sheet, header_line=layout.header + 1, data_line=layout.data + 1, headerless=layout.headerless,
        preamble=tuple(" ".join(row).strip() for row in table[: layout.header]), rows=_as_rows(table[layout.data :], columns),
    )  # fmt: skip


def _is_document(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(name.startswith(("word/", "ppt/")) for name in archive.namelist())


def _look_xml(start: str, encoding: str) -> Sample:
    root = re.search(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)", start)
    tags = tuple(dict.fromkeys(re.findall(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)", start[:200_000])))
    return _sample("xml", tags, root=root.group(1) if root else "", encoding=encoding)


def _look_objects(path: Path, start: str, encoding: str, cut: bool) -> Sample | None:
    lines = [line for line in start.splitlines() if line.strip()]
    objects: list[Any] = []
    if start.startswith("{") and len(lines) > 1:
        for line in lines[: -1 if cut else None][:200]:
            try:
                objects.append(json.loads(line))
            except ValueError:
                break
    if len(objects) > 1 or (len(objects) == len(lines) == 1):
        return _objects_sample(objects, encoding, json_lines=True)
    rows, json_path = _first_objects(path, start, encoding, cut)
    if rows is None:
        return None
    return _objects_sample(rows, encoding, json_lines=False, json_path=json_path)


def _objects_sample(objects: list[Any], encoding: str, **more: Any) -> Sample:
    rows = tuple(item for item in objects if isinstance(item, dict))[:200]
    return _sample("objects", tuple(dict.fromkeys(key for row in rows for key in row)), rows=rows, encoding=encoding, **more)


# Where products wrap their records in a document.
_WRAPPERS = ("results", "result", "batch", "data", "events", "value", "records", "items", "rows", "leads", "reviews", "tickets", "responses")


def _first_objects(path: Path, start: str, encoding: str, cut: bool) -> tuple[list[Any] | None, str]:
    if start.startswith("["):
        decoder, place = json.JSONDecoder(), 1
        rows: list[Any] = []
        while len(rows) < 200:
            place = _skip(start, place)
            try:
                item, place = decoder.raw_decode(start, place)
            except ValueError:
                break
            rows.append(item)
        if rows or re.match(r"\[\s*\]", start):
            return rows, ""
        return None, ""
    try:
        with path.open(encoding=encoding, errors="replace") as file:
            document = json.load(file) if path.stat().st_size < 512 << 20 else None
    except ValueError as fault:
        if cut or start.startswith("{"):
            raise FileFault(f"the JSON is broken: {fault}", str(path), "export it again; a cut-off download often ends like this") from fault
        return None, ""
    if not isinstance(document, dict):
        return None, ""
    for name in _WRAPPERS:
        inner = document.get(name)
        if isinstance(inner, list) and inner and isinstance(inner[0], dict) and not str(next(iter(document))).startswith("ocel"):
            if "objectTypes" in document or "eventTypes" in document:
                break  # OCEL 2.0 is read as a whole document
            return inner[:200], name
    return [document], ""


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n,":
        place += 1
    return place


@dataclass(frozen=True, slots=True)
class _Layout:
    header: int
    data: int
    width: int
    headerless: bool


def _look_table(path: Path, text: str, encoding: str, whole: bool) -> Sample:
    if not whole:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    best: tuple[float, str, list[list[str]], list[int], _Layout] | None = None
    for delimiter in _DELIMITERS:
        if delimiter not in text:
            continue
        rows, lines = _parse(text, delimiter)
        try:
            layout = _layout(rows, str(path))
        except FileFault:
            continue
        body = rows[layout.data : layout.data + 200]
        fit = sum(len(row) == layout.width for row in body) / max(len(body), 1)
        score = fit * min(layout.width, 30) + layout.width * 0.01 + (1.0 if body else 0.0)
        if best is None or score > best[0] * 1.05:
            best = (score, delimiter, rows, lines, layout)
    if best is None:
        rows, lines = _parse(text, "\x1f")
        best = (0.0, ",", rows, lines, _layout(rows, str(path)))
    _, delimiter, rows, lines, layout = best
    columns = _numbered(layout.width) if layout.headerless else unique_names(_widen(rows, layout))
    data_line = (lines[layout.data - 1] if layout.data else 0) + 1
    return _sample(
        "table", columns, encoding=encoding, delimiter=delimiter, headerless=layout.headerless,
        header_line=layout.header + 1, data_line=data_line, data_offset=_offset(text, encoding, data_line - 1, path),
        preamble=tuple(delimiter.join(row).strip() for row in rows[: layout.header]),
        rows=_as_rows(rows[layout.data :], columns),
    )  # fmt: skip


def _widen(rows: list[list[str]], layout: _Layout) -> list[str]:
    header = rows[layout.header]
    return header + [""] * (layout.width - len(header))


def _numbered(width: int) -> tuple[str, ...]:
    return tuple(f"column {place}" for place in range(1, width + 1))


def _parse(text: str, delimiter: str, limit: int = 2000) -> tuple[list[list[str]], list[int]]:
    csv.field_size_limit(1 << 30)
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            rows.append(row)
            lines.append(reader.line_num)
            if len(rows) >= limit:
                break
    except csv.Error:
        pass
    return rows, lines


def _layout(rows: list[list[str]], where: str) -> _Layout:
    """Finds the header: the first row as wide as the records are, with names in it and not data."""
    widths = Counter(len(_trim(row)) for row in rows[:400] if len(_trim(row)) > 1)
    if not widths:
        filled = [index for index, row in enumerate(rows) if any(cell.strip() for cell in row)]
        if not filled:
            raise FileFault("the file has no rows", where, "export it again")
        return _Layout(filled[0], filled[0] + 1, 1, False)
    full = Counter(len(row) for row in rows[:400] if len(_trim(row)) > 1)
    common = full.most_common(1)[0][0]
    for index, row in enumerate(rows[:60]):
        cells = [cell for cell in row if cell.strip()]
        if len(_trim(row)) < 2 or len(_trim(row)) < 0.5 * min(common, max(widths)):
            continue
        if _is_data(cells):
            return _Layout(index, index, max(len(row), common), True)
        return _Layout(index, index + 1, max(len(row), common if len(_trim(row)) >= common - 1 else len(row)), False)
    return _Layout(0, 1, common, False)


def _trim(row: list[str]) -> list[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def _is_data(cells: list[str]) -> bool:
    looks = sum(bool(_LOOKS_LIKE_DATA.match(cell)) for cell in cells)
    return len(cells) > 2 and looks >= max(2, len(cells) * 0.25)


def _as_rows(rows: list[list[str]], columns: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    return tuple(dict(zip(columns, row, strict=False)) for row in filled[:2000])


def _offset(text: str, encoding: str, lines: int, path: Path) -> int:
    """Byte at which the given number of physical lines has passed."""
    if lines == 0:
        return 0
    ends = _line_ends(text)
    place = next((end for count, end in enumerate(ends, 1) if count == lines), len(text))
    before = text[:place]
    if encoding == "utf-8-sig":
        return len(before.encode("utf-8")) + 3
    if encoding == "utf-16":
        return len(before.encode("utf-16-le")) + 2
    with path.open("rb") as file:
        head = file.read(HEAD)
    return len(before.encode(encoding)) if "\ufffd" not in before else _raw_offset(head, lines)


def _line_ends(text: str) -> Iterator[int]:
    for found in re.finditer(r"\r\n|\n|\r", text):
        yield found.end()


def _raw_offset(head: bytes, lines: int) -> int:
    for count, found in enumerate(re.finditer(rb"\r\n|\n|\r", head), 1):
        if count == lines:
            return found.end()
    return len(head)
