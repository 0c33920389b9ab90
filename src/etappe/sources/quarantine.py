"""Where broken records wait: nothing is dropped, each has its file, line and reason."""

from __future__ import annotations

import csv
import json
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
    """Gives broken rows their line in the file, by the id or content that the record shows."""
    lines = _lines_by_cell(raw, broken)
    found = []
    for row in broken:
        reason = str(row["note"]).removeprefix("!")
        kind = reason.split(":", 1)[0]
        shown = {name: value for name, value in row.items() if value is not None and name not in ("note", "import_id", "learned_at", "source")}
        line = lines.get(str(row.get("record_id"))) or lines.get(reason.rsplit(": ", 1)[-1])
        found.append(Bad(line, reason, kind, json.dumps({table: shown}, ensure_ascii=False, default=str)))
    return found


def _lines_by_cell(raw: Raw, broken: list[dict[str, Any]]) -> dict[str, int]:
    """Line of the first row that has a wanted cell: the record's id, else the very text that could not be read."""
    if raw.sample.container != "table" or raw.path.stat().st_size > LARGEST_LOCATED:
        return {}
    wanted = {str(row.get("record_id")) for row in broken} | {str(row["note"]).rsplit(": ", 1)[-1] for row in broken}
    lines: dict[str, int] = {}
    encoding = raw.sample.encoding
    with raw.path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader((line.replace("\x00", "") for line in file), delimiter=raw.sample.delimiter, skipinitialspace=True)
        try:
            for row in reader:
                for cell in row:
                    if cell.strip() in wanted:
                        lines.setdefault(cell.strip(), reader.line_num)
        except csv.Error:
            return lines
    return lines
