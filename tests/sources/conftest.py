"""What the tests of exports share: a file read as the importer reads it, without the lake."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from etappe.sources.files import Found
from etappe.sources.importer import FileReport, Options, _stage, choose, raw_mapped
from etappe.sources.quarantine import Bad
from etappe.sources.raw import open_raw
from etappe.sources.sniff import look
from etappe.tables.csvfile import BAD_ENCODING
from etappe.tables.engine import Engine, open_engine
from etappe.tables.lake import SIDE, Staged

LEARNED = datetime(2026, 7, 1, tzinfo=UTC)
SAMPLES = Path(__file__).parent / "samples"


@dataclass
class Read:
    """A file as evidence: rows by table, without what every row has; what was quarantined; what was noted."""

    format: str
    source: str
    tables: dict[str, list[dict[str, Any]]]
    bad: list[Bad]
    notes: list[str]
    primary: set[str]

    def __getitem__(self, table: str) -> list[dict[str, Any]]:
        return self.tables.get(table, [])

    def one(self, table: str, record_id: str) -> dict[str, Any]:
        """The row of this id."""
        found = [row for row in self[table] if row["record_id"] == record_id]
        assert len(found) == 1, (table, record_id, [row["record_id"] for row in self[table]][:20])
        return found[0]


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for all files that are only read."""
    with open_engine(tmp_path_factory.mktemp("engine"), threads=1) as opened:
        yield opened


@pytest.fixture
def read_file(reader: Engine, tmp_path: Path) -> Callable[..., Read]:
    """Reads a file by its recognised format (or by the options given)."""
    numbers = itertools.count()

    def read(path: Path, **given: Any) -> Read:
        number = next(numbers)
        work, folder = tmp_path / f"work-{number}", tmp_path / f"staged-{number}"
        work.mkdir()
        folder.mkdir()
        options = Options(**given)
        sample = look(path)
        format_ = choose(Found(path, path.name), sample, options)
        report = FileReport(path.name, format_.name, options.source or format_.source)
        staged = Staged("import-1", folder, LEARNED)
        raw = open_raw(path, sample, format_, reader, work, options.zone)
        bad = _stage(raw, format_, reader, staged, options, report)
        if any(entry.reason == BAD_ENCODING for entry in bad) and sample.container == "table":
            staged.files.clear()
            raw = open_raw(path, sample, format_, reader, work, options.zone, mend=True)
            bad = _stage(raw, format_, reader, staged, options, report)
        tables: dict[str, list[dict[str, Any]]] = {}
        for part, files in staged.files.items():
            rows = [_bare(row) for row in reader.rows(reader.parquet(files)) if not (row["note"] or "").startswith("!")]
            tables.setdefault(part.removesuffix(SIDE), []).extend(rows)
        primary = {mapped.table for mapped in raw_mapped(raw, format_) if mapped.primary}
        return Read(format_.name, report.source or "", tables, bad, raw.notes, primary)

    return read


@pytest.fixture
def read_text(read_file: Callable[..., Read], tmp_path: Path) -> Callable[..., Read]:
    """Reads a text (or bytes) as if it were a file."""
    numbers = itertools.count()

    def read(content: str | bytes, name: str = "export.txt", **given: Any) -> Read:
        path = tmp_path / f"{next(numbers)}-{name}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, **given)

    return read


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    dropped = ("import_id", "learned_at", "source")
    return {name: value for name, value in row.items() if value is not None and name not in dropped}
