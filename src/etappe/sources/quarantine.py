"""Where broken records wait: nothing is dropped, each has its file, line and reason."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def _lines(raw: Raw, broken: list[dict[str, Any]]) -> dict[int, int]:
    """The line of each broken row, by its place in the list, where it can be found."""
    if not broken or raw.path.stat().st_size > LARGEST_LOCATED:
        return {}
    rows_of: dict[str, list[int]] = {}
    for place, row in enumerate(broken):
        for cell in _cells(row):
            rows_of.setdefault(cell, []).append(place)
    best: dict[int, tuple[int, int]] = {}
    for line, cells in _cells_by_line(raw):
        votes: Counter[int] = Counter()
        for cell in set(cells):
            places = rows_of.get(cell, ())
            if len(places) <= _SHARED:
                votes.update(places)
        for place, number in votes.items():
            if number > best.get(place, (0, 0))[0]:
                best[place] = (number, line)
    return {place: line for place, (_, line) in best.items()}


def _cells(row: dict[str, Any]) -> set[str]:
    """What the file may show of a row: its texts, the parts of its id, and the very text that could not be read."""
    found = {str(row["note"]).rsplit(": ", 1)[-1]}
    for name, value in row.items():
        if isinstance(value, str) and name not in _OURS:
            found.add(value)
    ref = str(row.get("record_id") or "")
    found.update(part for part in re.split(r"[:@]", ref) if part)
    return found - {""}


def _cells_by_line(raw: Raw) -> Iterator[tuple[int, list[str]]]:
    """The cells of each record with the number of its last line."""
    with raw.path.open(encoding=raw.sample.encoding, errors="replace", newline="") as file:
        if raw.sample.container == "objects" and raw.sample.json_lines:
            for number, line in enumerate(file, 1):
                yield number, [plain or quoted for quoted, plain in re.findall(r'"((?:[^"\\]|\\.)*)"|([\w.+-]+)', line)]
        if raw.sample.container != "table":
            return
        reader = csv.reader((line.replace("\x00", "") for line in file), delimiter=raw.sample.delimiter, skipinitialspace=True)
        try:
            for row in reader:
                yield reader.line_num, [text for cell in row for text in (cell.strip(), cell.strip().lower())]
        except csv.Error:
            return
