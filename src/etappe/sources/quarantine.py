"""Where broken records wait: nothing is dropped, each has its file, line and reason."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from etappe.sources.raw import Raw

LARGEST_LOCATED = 256 << 20  # lines are looked up in files up to this size


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that cannot be used: its line, the reason in words, the reason's kind (to count by), its text."""

    line: int | None
    reason: str
    kind: str
    text: str


class Quarantine:
    """The folder of broken records: one file of JSON lines an import."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, import_id: str, file: str, bad: Sequence[Bad]) -> Path | None:
        """Keeps the broken records of one file; None where there are none."""
        if not bad:
            return None
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{import_id}.jsonl"
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as out:
            for entry in bad:
                out.write(json.dumps({"file": file, "line": entry.line, "reason": entry.reason, "text": entry.text}, ensure_ascii=False, default=str) + "\n")
        part.rename(path)
        return path

    def read(self, import_id: str | None = None) -> Iterator[dict[str, Any]]:
        """The broken records, of one import or of all."""
        for path in sorted(self.folder.glob(f"{import_id or '*'}.jsonl")):
            with path.open(encoding="utf-8") as file:
                for line in file:
                    yield {"import_id": path.stem, **json.loads(line)}


def locate(raw: Raw, broken: list[dict[str, Any]], table: str) -> list[Bad]:
    """Gives broken rows their line in the file: the line that shows most of the record's own cells."""
    lines = _lines(raw, broken)
    found = []
    for place, row in enumerate(broken):
        reason = str(row["note"]).removeprefix("!")
        kind = reason.split(":", 1)[0]
        shown = {name: value for name, value in row.items() if value is not None and name not in _OURS}
        found.append(Bad(lines.get(place), reason, kind, json.dumps({table: shown}, ensure_ascii=False, default=str)))
    return found


_OURS = ("note", "import_id", "learned_at", "source")
_SHARED = 50  # a cell that more broken rows share tells none of them apart
_FEW = 50  # so many broken rows are looked for in the pieces of the file that show a cell of theirs
_SHORT = 5  # a cell of so few signs may stand anywhere
_PIECE = 1 << 20


def _lines(raw: Raw, broken: list[dict[str, Any]]) -> dict[int, int]:
    """The line of each broken row, by its place in the list, where it can be found."""
    if not broken or raw.path.stat().st_size > LARGEST_LOCATED:
        return {}
    rows_of: dict[str, list[int]] = {}
    for place, row in enumerate(broken):
        for cell in _cells(row):
            rows_of.setdefault(cell, []).append(place)
    marks = _marks(raw, rows_of) if len(broken) <= _FEW else None
    found = _best(raw, rows_of, marks)
    return found if marks is None or len(found) == len(broken) else _best(raw, rows_of, None)


def _best(raw: Raw, rows_of: dict[str, list[int]], marks: list[bytes] | None) -> dict[int, int]:
    best: dict[int, tuple[int, int]] = {}
    for line, cells in _cells_by_line(raw, marks):
        votes: Counter[int] = Counter()
        for cell in set(cells):
            places = rows_of.get(cell, ())
            if len(places) <= _SHARED:
                votes.update(places)
        for place, number in votes.items():
            if number > best.get(place, (0, 0))[0]:
                best[place] = (number, line)
    return {place: line for place, (_, line) in best.items()}


def _marks(raw: Raw, rows_of: dict[str, list[int]]) -> list[bytes] | None:
    """The cells that tell the broken rows apart, as the file writes them: hardly any record of its sample has them. None where a row has none."""
    seen = "\n".join(str(cell) for record in raw.sample.rows for cell in record.values()).lower()
    plain = {cell: places for cell, places in rows_of.items() if len(cell) > _SHORT and cell.isascii() and cell.isprintable() and '"' not in cell}
    rare = {cell: places for cell, places in plain.items() if seen.count(cell.lower()) <= 2}
    told = {place for places in rare.values() for place in places}
    if raw.sample.encoding not in ("utf-8", "utf-8-sig", "cp1252") or told != {place for places in rows_of.values() for place in places}:
        return None
    return [cell.encode() for cell in rare]


def _cells(row: dict[str, Any]) -> set[str]:
    """What the file may show of a row: its texts, the parts of its id, and the very text that could not be read."""
    found = {str(row["note"]).rsplit(": ", 1)[-1]}
    for name, value in row.items():
        if isinstance(value, str) and name not in _OURS:
            found.add(value)
    ref = str(row.get("record_id") or "")
    found.update(part for part in re.split(r"[:@]", ref) if part)
    return found - {""}


def _cells_by_line(raw: Raw, marks: list[bytes] | None) -> Iterator[tuple[int, list[str]]]:
    """The cells of each record with the number of its last line; with `marks`, of the pieces of the file that show one of them."""
    with raw.path.open("rb") as file:
        if marks is None:
            yield from _cells_of(raw, file, 0)
            return
        before = 0
        for piece in _pieces(file, raw.sample.container == "table"):
            if any(mark in piece for mark in marks):
                yield from _cells_of(raw, io.BytesIO(piece), before)
            before += piece.count(b"\n") + piece.count(b"\r") - piece.count(b"\r\n")


def _pieces(file: IO[bytes], quoted: bool) -> Iterator[bytes]:
    """A file in pieces that end where a record ends: at a line's end outside of quotation marks."""
    rest = b""
    while piece := file.read(_PIECE):
        rest += piece
        end = _record_end(rest) if quoted else rest.rfind(b"\n") + 1
        if end:
            yield rest[:end]
            rest = rest[end:]
        elif len(rest) > 16 * _PIECE:  # a quotation mark that is never closed: the rest is one piece
            rest += file.read()
    if rest:
        yield rest


def _record_end(piece: bytes) -> int:
    """Behind the last line's end outside of quotation marks; 0 where there is none among the last lines."""
    end, inside = len(piece), piece.count(b'"') % 2
    for _ in range(1000):
        line = piece.rfind(b"\n", 0, end)
        if line < 0:
            return 0
        inside = (inside + piece.count(b'"', line, end)) % 2
        if not inside:
            return line + 1
        end = line
    return 0


def _cells_of(raw: Raw, source: IO[bytes], before: int) -> Iterator[tuple[int, list[str]]]:
    file = io.TextIOWrapper(source, encoding=raw.sample.encoding, errors="replace", newline="")
    if raw.sample.container == "objects" and raw.sample.json_lines:
        for number, line in enumerate(file, before + 1):
            yield number, [plain or quoted for quoted, plain in re.findall(r'"((?:[^"\\]|\\.)*)"|([\w.+-]+)', line)]
    if raw.sample.container != "table":
        return
    reader = csv.reader((line.replace("\x00", "") for line in file), delimiter=raw.sample.delimiter, skipinitialspace=True)
    try:
        for row in reader:
            yield before + reader.line_num, [text for cell in row for text in (cell.strip(), cell.strip().lower())]
    except csv.Error:
        return
