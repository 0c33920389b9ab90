"""Splits the rows of an import: records that are new, new versions of known ones, rows that are known as they are.

Most rows of most imports are records that nobody has seen before. So the ids alone are looked at first, as hashes, and
only rows whose id is doubtful (it occurs twice, or is known) are compared by content, with the files alone that hold
such an id. A file without doubt stays as it is.

The queries are written in the engine's own SQL: they are the same for every file, and a folder of small files would
spend more time on composing them than on running them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etappe.tables.counts import Counts
from etappe.tables.duck import DuckEngine
from etappe.tables.schema import Table

BROKEN = "!"  # a row whose note begins with it is broken and is not taken in
_BESIDES = ("source", "record_id", "learned_at", "import_id")
_numbers = itertools.count(1)


@dataclass
class KnownIds:
    """The ids that the files of a table hold, as hashes in a table of the engine: each file is read for them once a run.

    Ids of files that were taken away meanwhile may stay: they only make a row doubtful, and the doubt is then settled by
    content.
    """

    engine: DuckEngine
    _held: dict[str, tuple[str, dict[Path, int]]] = field(default_factory=dict)

    def of(self, key: str, files: Sequence[Path]) -> str:
        """The table (id, file) of these files' ids; `key` says which files belong together."""
        if key not in self._held:
            self._held[key] = (f"known_ids_{next(_numbers)}", {})
            self.engine.run(f"CREATE TEMP TABLE {self._held[key][0]} (id UBIGINT, file INTEGER)")
        name, numbers = self._held[key]
        for path in files:
            if path not in numbers:
                numbers[path] = len(numbers)
                self.engine.run(f"INSERT INTO {name} SELECT hash(record_id), {numbers[path]} FROM read_parquet({_text(str(path))})")
        return name

    def files(self, key: str, numbers: Sequence[int], files: Sequence[Path]) -> list[Path]:
        """The files with these numbers, as far as they are among those given."""
        return [path for path in files if self._held[key][1][path] in set(numbers)]


def sift(
    engine: DuckEngine, table: Table, files: Sequence[Path], earlier: Sequence[Path], folder: Path, known: KnownIds | None = None, key: str = ""
) -> tuple[Counts, list[tuple[Path, str]]]:
    """Counts the rows of staged files, and gives the files to keep, each `new` or `changed`; rewritten ones lie in `folder`.

    `known` keeps the ids of the `earlier` files for the next call with the same `key`.
    """
    with _Working(engine) as work:
        rows, names = _with_places(engine, files)
        ids = work.table("ids", f"SELECT hash(record_id) AS id, {_broken(names)} AS broken FROM {rows}")
        total, sound = work.row(f"SELECT count(*), count(*) FILTER (NOT broken) FROM {ids}")
        if sound == 0:
            return Counts(), []
        hits, holding = _known(work, ids, known or KnownIds(engine), key or table.name, earlier)
        doubtful = work.table(
            "doubtful", f"SELECT id FROM {ids} WHERE NOT broken GROUP BY id HAVING count(*) > 1" + (f" UNION SELECT id FROM {hits}" if hits else "")
        )
        (doubts,) = work.row(f"SELECT count(*) FROM {doubtful}")
        if not doubts and sound == total:
            return Counts(new=sound), [(path, "new") for path in files]
        whole = f"SELECT * FROM {rows} WHERE NOT {_broken(names)}"
        verdicts = _verdicts(work, table, whole, names, doubtful, holding) if doubts else None
        counts, kept = Counts(), []
        for kind, part in _parts(whole, names, verdicts).items():
            path = folder / f"{table.name}-{kind}-sifted.parquet"
            number = engine.copy(f"SELECT {', '.join(_column(name) for name in names if name in table.names)} FROM ({part})", path)
            setattr(counts, kind, number)
            if number:
                kept.append((path, kind))
        counts.same = sound - counts.new - counts.changed
        return counts, kept


def broken_rows(engine: DuckEngine, path: Path, limit: int) -> list[dict[str, Any]]:
    """The rows of a staged file that are broken, with what is wrong about them."""
    return engine.dicts(f"SELECT * FROM read_parquet({_text(str(path))}) WHERE starts_with(note, '{BROKEN}') LIMIT {limit}")


def noted_rows(engine: DuckEngine, path: Path, note: str) -> int:
    """How many rows of a staged file carry this note."""
    return int(engine.run(f"SELECT count(*) FROM read_parquet({_text(str(path))}) WHERE note = {_text(note)}")[0][0])


class _Working:
    """The intermediate tables of one sifting, dropped at its end."""

    def __init__(self, engine: DuckEngine) -> None:
        self.engine = engine
        self.made: list[str] = []

    def __enter__(self) -> _Working:
        return self

    def __exit__(self, *_: object) -> None:
        for name in self.made:
            self.engine.run(f"DROP TABLE IF EXISTS {name}")

    def table(self, name: str, query: str) -> str:
        """The query's rows under a name of its own."""
        unique = f"sifting_{name}_{next(_numbers)}"
        self.made.append(unique)
        self.engine.run(f"CREATE TEMP TABLE {unique} AS {query}")
        return unique

    def row(self, query: str) -> tuple[Any, ...]:
        """The query's only row."""
        return self.engine.run(query)[0]


def _with_places(engine: DuckEngine, files: Sequence[Path]) -> tuple[str, list[str]]:
    """Staged files as one table with the column `place`, which tells the rows apart; and its other columns."""
    if len(files) == 1:
        read = f"read_parquet({_text(str(files[0]))}"
        return f"(SELECT * RENAME (file_row_number AS place) FROM {read}, file_row_number = true))", engine.columns(f"{read})")
    read = f"read_parquet({_texts(files)}, union_by_name = true)"
    return f"(SELECT *, row_number() OVER () AS place FROM {read})", engine.columns(read)


def _broken(names: Sequence[str]) -> str:
    return f"coalesce(starts_with(note, '{BROKEN}'), false)" if "note" in names else "false"


def _known(work: _Working, ids: str, known: KnownIds, key: str, earlier: Sequence[Path]) -> tuple[str | None, list[Path]]:
    """The ids of the import that are known, and the earlier files that hold them."""
    if not earlier:
        return None, []
    before = known.of(key, earlier)
    hits = work.table("hits", f"SELECT DISTINCT id, file FROM {before} SEMI JOIN (SELECT id FROM {ids} WHERE NOT broken) AS asked USING (id)")
    numbers = [number for (number,) in work.engine.run(f"SELECT DISTINCT file FROM {hits}")]
    return hits, known.files(key, numbers, earlier)


def _verdicts(work: _Working, table: Table, whole: str, names: Sequence[str], doubtful: str, holding: Sequence[Path]) -> str:
    """place, version, is_changed of each doubtful row; is_changed is null where the row brings nothing."""
    content = [name for name in table.names if name not in _BESIDES]
    incoming = work.table("rows", f"SELECT record_id, place, {_print(content, names)} AS print FROM ({whole}) SEMI JOIN {doubtful} ON hash(record_id) = id")
    first = f"SELECT record_id, print, min(place) AS place FROM {incoming} GROUP BY record_id, print"
    seen = "false"
    if holding:
        read = f"read_parquet({_texts(holding)}, union_by_name = true)"
        prints = work.table(
            "prints", f"SELECT DISTINCT record_id, {_print(content, work.engine.columns(read))} AS print FROM {read} SEMI JOIN {doubtful} ON hash(record_id) = id"
        )
        first = f"SELECT * FROM ({first}) ANTI JOIN {prints} USING (record_id, print)"
        seen = f"record_id IN (SELECT record_id FROM {prints})"
    ranked = f"SELECT place, row_number() OVER (PARTITION BY record_id ORDER BY place) - 1 AS version, {seen} AS seen FROM ({first})"
    return work.table(
        "verdicts", f"SELECT place, version, version > 0 OR seen AS is_changed FROM (SELECT place FROM {incoming}) LEFT JOIN ({ranked}) USING (place)"
    )


def _parts(whole: str, names: Sequence[str], verdicts: str | None) -> dict[str, str]:
    """The rows that are new and those that are changed."""
    if verdicts is None:
        return {"new": whole}
    # Versions that come in one file are told apart by a microsecond each, in the order in which they stand there.
    later = ", ".join(f"{name} + to_microseconds(version) AS {name}" if name == "learned_at" else _column(name) for name in names)
    return {
        "new": f"SELECT * FROM ({whole}) ANTI JOIN (SELECT place FROM {verdicts} WHERE is_changed IS DISTINCT FROM false) AS other USING (place)",
        "changed": f"SELECT {later} FROM ({whole}) JOIN (SELECT * FROM {verdicts} WHERE is_changed) AS judged USING (place) ORDER BY place",
    }


def _print(content: Sequence[str], names: Sequence[str]) -> str:
    """A hash of a row's content."""
    return f"hash({', '.join(f'CAST({_column(name)} AS VARCHAR)' if name in names else 'CAST(NULL AS VARCHAR)' for name in content)})"


def _column(name: str) -> str:
    """Quoted: a column may be called like a word of SQL (costs have a `group`)."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _texts(paths: Sequence[Path]) -> str:
    return f"[{', '.join(_text(str(path)) for path in paths)}]"
