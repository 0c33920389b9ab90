"""The folder of exports: CSV files in every spelling, written block by block, and the dirt put into them.

A :class:`Csv` takes Arrow tables; delimiter, encoding, byte-order mark, null text and head (lines in place of the column
names) are its own. Dirt is written
as raw lines behind the first block and counted, so that a reader's quarantine can be checked against the truth.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv


class Csv:
    """A CSV export under construction."""

    def __init__(
        self, path: Path, name: str, delimiter: str = ",", encoding: str = "utf-8", null: str = "",
        quoting: str = "needed", eol: str = "\n", head: Sequence[Sequence[str]] = (),
    ) -> None:  # fmt: skip
        self.name, self.path, self.delimiter, self.encoding = name, path, delimiter, encoding
        self.null, self.quoting, self.eol = null, quoting, eol
        self.rows = 0
        self.dirt: dict[str, int] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        self._sink: IO[bytes] = path.open("wb")
        if encoding == "utf-8-sig":
            self._sink.write(b"\xef\xbb\xbf")
        if encoding == "utf-16-le":
            self._sink.write(b"\xff\xfe")
        for line in head:
            self.line(line)
        self._headed = bool(head)

    def write(self, table: pa.Table) -> None:
        """Adds the rows of a table; the first block decides on the columns."""
        if not self._headed:
            self.line(table.column_names)
            self._headed = True
        if not table.num_rows:
            return
        self.rows += table.num_rows
        options = pacsv.WriteOptions(
            include_header=False, delimiter=self.delimiter, null_string=self.null, quoting_style=self.quoting,
            eol=self.eol, batch_size=16384,
        )  # fmt: skip
        if self.encoding in ("utf-8", "utf-8-sig"):
            pacsv.write_csv(table, self._sink, options)
            return
        block = io.BytesIO()
        pacsv.write_csv(table, block, options)
        self._sink.write(block.getvalue().decode().encode(self.encoding, errors="replace"))

    def line(self, cells: Sequence[Any]) -> None:
        """One raw line."""
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter, lineterminator=self.eol).writerow(cells)
        encoding = "utf-8" if self.encoding == "utf-8-sig" else self.encoding
        self._sink.write(text.getvalue().encode(encoding, errors="replace"))

    def soil(self, kind: str, lines: Iterable[Sequence[Any]]) -> None:
        """Writes dirty lines and counts them under their kind."""
        for cells in lines:
            self.line(cells)
            self.dirt[kind] = self.dirt.get(kind, 0) + 1

    def soil_like(self, table: pa.Table, changes: Mapping[str, Mapping[str, str]], blank: bool = True) -> None:
        """Dirty copies of the first row: for each kind the changed cells; and a blank line and two ragged ones."""
        if not table.num_rows:
            return
        first = table.slice(0, 1)
        row = {name: first[name].cast(pa.string())[0].as_py() or "" for name in first.column_names}
        for kind, cells in changes.items():
            self.soil(kind, [list({**row, **cells}.values())])
        if blank:
            self.soil("blank row", [[]])
            short = list(row.values())
            self.soil("ragged row", [short[: max(2, len(short) // 2)]])

    def close(self) -> None:
        """Finishes the file."""
        self._sink.close()


class Folder:
    """The folder `raw/`: its files, opened once and written in blocks."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, Csv] = {}
        self.counts: dict[str, dict[str, int]] = {}

    def csv(self, name: str, **spelling: Any) -> Csv:
        """The CSV of this name; its spelling is settled when it is first asked for."""
        if name not in self.files:
            self.files[name] = Csv(self.root / name, name, **spelling)
        return self.files[name]

    def place(self, name: str) -> Path:
        """Where a file that is not a CSV goes; its folder exists then."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def note(self, name: str, rows: int, **dirt: int) -> None:
        """Counts rows and dirt of a file that is not a CSV."""
        counts = self.counts.setdefault(name, {"rows": 0})
        counts["rows"] += rows
        for kind, number in dirt.items():
            counts[kind.replace("_", " ")] = counts.get(kind.replace("_", " "), 0) + number

    def close(self) -> dict[str, dict[str, int]]:
        """Finishes all files; returns rows and dirt of each."""
        for name, file in self.files.items():
            file.close()
            self.counts[name] = {"rows": file.rows, **file.dirt}
        return dict(sorted(self.counts.items()))


def stamp(ms: Any, form: str) -> pa.Array:
    """Milliseconds as text; whole seconds."""
    if form == "%Y-%m-%d":
        return pa.array(ms // 86_400_000, pa.int32()).cast(pa.date32()).cast(pa.string())
    return pc.strftime(pa.array(ms // 1000, pa.int64()).cast(pa.timestamp("s")), format=form)


def iso(ms: Any) -> pa.Array:
    """Milliseconds UTC as Salesforce writes them: `2024-04-22T08:35:00.000Z`."""
    spaced = pa.array(ms, pa.int64()).cast(pa.timestamp("ms")).cast(pa.string())
    return pc.binary_join_element_wise(pc.binary_replace_slice(spaced, 10, 11, "T"), "Z", "")


def vocabulary(words: Sequence[str | None], codes: Any) -> pa.Array:
    """Words by their places; places below zero are null."""
    safe = pa.array(codes, pa.int32(), mask=codes < 0)
    return pa.array(list(words), pa.string()).take(safe)
