"""The evidence lake: Delta tables that several processes append to, and that forget when they must.

An import writes its Parquet files first, then adds them to the Delta tables, then writes one row into the table
`imports`. That last row is what makes it visible: a file whose name starts with an import that `imports` does not know
is not read, and is taken back by the next import. So a process killed at any moment leaves either the whole import or
nothing of it.

Rows are never changed. A record that comes again with other content is a new version (a file named `…-changed…`); the
newest version by `learned_at` is current. Statistics in the Delta log are kept for `learned_at` alone, so that no
personal data is written there.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction
from filelock import FileLock, Timeout

from etappe.errors import LakeFault
from etappe.tables.counts import Counts
from etappe.tables.lookup import rows_in
from etappe.tables.schema import MOMENT, TEXT, Column, Table

# The ledger alone is read without an engine, which takes its time to load; whoever reads none needs no Arrow either.
if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from etappe.tables.duck import DuckEngine
    from etappe.tables.engine import Engine
    from etappe.tables.sifting import KnownIds

_LEDGER = Table("imports", "one row an import that is whole", tuple(Column(name, MOMENT if name == "learned_at" else TEXT, "") for name in ("import_id", "learned_at", "source", "fingerprint", "report")))
COMPACT = "compact"  # stands where the import's id stands in files that hold several imports
_STATS = {"delta.dataSkippingStatsColumns": "learned_at"}

# Whoever answers many questions reads a log, and a line of the ledger, once: to do so each time takes longer than some answers.
_ledgers: dict[Path, dict[Path, list[Import]]] = {}  # evidence folder → file of `imports` → its lines
_listings: dict[Path, tuple[frozenset[tuple[str, int]], list[Path]]] = {}  # log of a table → its entries, and the table's files by it

HELD = ".lock"  # in the folder of an import: held as long as its process lives
SIDE = "~"  # behind a table's name: rows drawn beside the records themselves, counted apart


@dataclass(frozen=True)
class Import:
    """One line of the ledger: an import that is whole and visible."""

    import_id: str
    learned_at: dt.datetime
    source: str
    fingerprint: str
    report: dict[str, Any]


@dataclass
class Staged:
    """An import in the making: its folder, and the Parquet files written for each table so far."""

    import_id: str
    folder: Path
    learned_at: dt.datetime
    files: dict[str, list[Path]] = field(default_factory=dict)

    def path(self, table: str) -> Path:
        """A fresh file for rows of this table."""
        place = self.files.setdefault(table, [])
        place.append(self.folder / f"{table}-{len(place)}.parquet")
        return place[-1]


def stage(folder: Path, learned_at: dt.datetime) -> Staged:
    """An import in the making, in a folder of its own under the one given, which whoever asks has to remove."""
    import_id = f"{learned_at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:10]}"
    own = folder / import_id
    own.mkdir(parents=True)
    return Staged(import_id, own, learned_at)


class Lake:
    """The evidence folder of a workspace.

    Parameters
    ----------
    folder : Path
        `evidence/` of the workspace; made when first written to.
    tables : mapping of name to Table
        The evidence tables (sources.schema.EVIDENCE).
    """

    def __init__(self, folder: Path, tables: Mapping[str, Table]) -> None:
        self.folder = folder
        self.tables = tables
        self._held: dict[str, DeltaTable] | None = None

    def held(self) -> Lake:
        """The same evidence for a row of commits: a table is opened once, and from then on brought up to date.

        To open a table is to read its whole log, which grows with every commit.
        """
        other = Lake(self.folder, self.tables)
        other._held = {}
        return other

    # -- reading ---------------------------------------------------------------------------------------------------

    def imports(self) -> list[Import]:
        """All imports that are whole, the oldest first."""
        paths = self.files("imports")
        known = _ledgers.get(self.folder.absolute(), {})
        # Such a file never changes, so it is read once; without Arrow, which takes longer to load than the answer may.
        if unread := [path for path in paths if path not in known]:
            known = {path: known.get(path, []) for path in paths}
            for path, row in rows_in(unread, _LEDGER):
                known[path].append(Import(row["import_id"], row["learned_at"], row["source"], row["fingerprint"], json.loads(row["report"])))
            _ledgers[self.folder.absolute()] = known
        return sorted((item for path in paths for item in known[path]), key=lambda item: (item.learned_at, item.import_id))

    def read(self, engine: Engine, name: str, as_of: dt.datetime | None = None, current: bool = True) -> ir.Table:
        """An evidence table as known at `as_of` (default: now).

        `current` leaves only the newest version of each record. Where no record ever changed this costs nothing.
        """
        import ibis

        known = {item.import_id: item for item in self.imports()}
        files = [path for path in self.files(name) if _visible(path, known, as_of)]
        schema = self.tables[name].arrow
        table = engine.parquet(files, schema, name)
        table = table.select(*(table[column] if column in table.columns else ibis.null(_ibis_type(schema, column)).name(column) for column in schema.names))
        if as_of is not None and any(_import_of(path) == COMPACT for path in files):
            table = table.filter(table.learned_at <= ibis.literal(as_of))
        changed = [path for path in files if path.stem.endswith("changed")]
        return _newest(engine, table, changed, schema) if current and changed else table

    def rows(self, name: str, as_of: dt.datetime | None = None) -> int:
        """Number of rows, all versions counted."""
        import pyarrow.parquet as pq

        known = {item.import_id: item for item in self.imports()}
        return sum(pq.ParquetFile(path).metadata.num_rows for path in self.files(name) if _visible(path, known, as_of))

    def removed(self) -> dict[str, int]:
        """Rows that were erased or retired from each table so far: numbers alone, for the check that nothing else is missing."""
        path = self.folder / "removed.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def note_removed(self, name: str, rows: int) -> None:
        """Adds to `removed`; the caller holds the lock."""
        if rows:
            part = self.folder / "removed.part"
            part.write_text(json.dumps(self.removed() | {name: self.removed().get(name, 0) + rows}), encoding="utf-8")
            part.replace(self.folder / "removed.json")

    def _open(self, name: str) -> DeltaTable | None:
        if self._held is not None and name in self._held:
            self._held[name].update_incremental()  # other processes write too
            return self._held[name]
        try:
            delta = DeltaTable(str(self.folder / name))
        except TableNotFoundError:
            return None
        if self._held is not None:
            self._held[name] = delta
        return delta

    def files(self, name: str) -> list[Path]:
        """The Parquet files of a table's newest version."""
        if self._held is not None:
            return self._listed(name)
        log = (self.folder / name / "_delta_log").absolute()
        now = _entries(log)  # before the table is opened: what is added meanwhile is looked for again
        then, listed = _listings.get(log, (None, []))
        if now != then:
            listed = self._listed(name)
            _listings[log] = (now, listed)
        return list(listed)

    def _listed(self, name: str) -> list[Path]:
        delta = self._open(name)
        return sorted(_local(uri) for uri in delta.file_uris()) if delta is not None else []

    # -- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def staging(self, learned_at: dt.datetime | None = None) -> Iterator[Staged]:
        """A folder for the files of one import, on the lake's own disk; removed whatever happens."""
        staged = stage(self.scratch(), learned_at or dt.datetime.now(dt.UTC))
        try:
            yield staged
        finally:
            shutil.rmtree(staged.folder, ignore_errors=True)

    def scratch(self) -> Path:
        """Where imports are made ready: on the lake's own disk, so that their files can be moved in."""
        folder = self.folder / "_staging"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def making_ready(self) -> Iterator[Path]:
        """A folder for what one import makes ready; gone with it, or, where the import is killed, with the next one."""
        with FileLock(str(self.scratch() / ".lock")):
            self._sweep()
            folder = Path(tempfile.mkdtemp(prefix="import-", dir=self.scratch()))
            held = FileLock(str(folder / HELD))
            held.acquire()
        try:
            yield folder
        finally:
            held.release()
            shutil.rmtree(folder, ignore_errors=True)

    def sweep(self) -> None:
        """Removes what killed imports have left; what an import is at work in stays."""
        with FileLock(str(self.scratch() / ".lock")):
            self._sweep()

    def _sweep(self) -> None:
        # The system lets go of a dead process's lock, so whatever can be taken belongs to nobody.
        for folder in self.scratch().glob("import-*"):
            try:
                with FileLock(str(folder / HELD), timeout=0):
                    pass
            except (Timeout, OSError):
                continue
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def lock(self, wait: float = 600.0) -> Iterator[None]:
        """Keeps other processes from committing meanwhile; reading is never held up."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.folder / ".lock"))
        try:
            lock.acquire(timeout=wait)
        except Timeout as fault:
            raise LakeFault("another process has been writing to the evidence for a long time", str(self.folder), "wait for it to end, or stop it, and try again") from fault
        try:
            yield
        finally:
            lock.release()

    def commit(
        self, engine: DuckEngine, staged: Staged, source: str, fingerprint: str, report: Callable[[dict[str, Counts]], dict[str, Any]],
        ids: KnownIds | None = None, tidy: bool = True,
    ) -> dict[str, Counts]:  # fmt: skip
        """Makes a staged import visible, whole, and says what was new, changed or known.

        Several may stage at once; comparing with what is known and committing is done one after the other.
        What `report` makes of the counts is kept in the ledger. Files staged under a table's name with `SIDE` behind
        it go into the same table, and are counted apart. Who commits several imports keeps the `ids` he has seen, and
        need `tidy` up what was cut off before only once.
        """
        from etappe.tables.sifting import sift

        with self.lock():
            known = self.imports()
            if tidy:
                self.take_back(known)
            mine = {item.import_id for item in known if item.source == source} | {COMPACT}
            counts: dict[str, Counts] = {}
            actions: dict[str, list[AddAction]] = {}
            for part, files in staged.files.items():
                name = part.removesuffix(SIDE)
                earlier = [path for path in self.files(name) if _import_of(path) in mine]
                counts[part], kept = sift(engine, self.tables[name], files, earlier, staged.folder, ids, f"{name} of {source}")
                actions.setdefault(name, []).extend(self._adopt(name, path, staged, kind) for path, kind in kept)
            for name, added in actions.items():
                if added:
                    self.append(name, added)
            self._write_ledger(Import(staged.import_id, staged.learned_at, source, fingerprint, report(counts)))
        return counts

    def _adopt(self, name: str, path: Path, staged: Staged, kind: str) -> AddAction:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{staged.import_id}_{uuid.uuid4().hex[:8]}-{kind}.parquet"
        path.rename(target)
        return add_action(target)

    def append(self, name: str, actions: Sequence[AddAction | RemoveAction]) -> None:
        """Adds files to a table, or takes them away, in one transaction; the caller holds the lock."""
        delta = self._open(name)
        if delta is None:
            schema = (_LEDGER if name == "imports" else self.tables[name]).arrow
            delta = DeltaTable.create(str(self.folder / name), schema=schema, configuration=_STATS)
        delta.create_write_transaction(list(actions), mode="append", schema=delta.schema())

    def _write_ledger(self, item: Import) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        folder = self.folder / "imports"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{item.import_id}.parquet"
        row = {"import_id": item.import_id, "learned_at": item.learned_at, "source": item.source, "fingerprint": item.fingerprint, "report": json.dumps(item.report, ensure_ascii=False, default=str)}
        pq.write_table(pa.Table.from_pylist([row], schema=_LEDGER.arrow), path)
        self.append("imports", [add_action(path)])

    def take_back(self, known: list[Import] | None = None) -> None:
        """Removes the files of imports that were cut off before their ledger row; the caller holds the lock."""
        ids = {item.import_id for item in (self.imports() if known is None else known)}
        for name in self.tables:
            orphans = [path for path in self.files(name) if _import_of(path) not in ids | {COMPACT}]
            if orphans:
                self.append(name, [remove_action(path) for path in orphans])
            live = set(self.files(name))
            for path in (self.folder / name).glob("*.parquet"):
                if path not in live and _import_of(path) not in ids | {COMPACT}:
                    path.unlink(missing_ok=True)


def _entries(log: Path) -> frozenset[tuple[str, int]]:
    """What stands in the log of a table, and when each was written: as long as this is the same, so are the table's files."""
    with suppress(FileNotFoundError), os.scandir(log) as found:
        return frozenset((entry.name, entry.stat().st_mtime_ns) for entry in found)
    return frozenset()


def _newest(engine: Engine, table: ir.Table, changed: list[Path], schema: pa.Schema) -> ir.Table:
    """Leaves the newest version of each record; only records that ever changed are looked at closely."""
    several = engine.parquet(changed, schema).select("source", "record_id").distinct()
    versions = table.semi_join(several, ["source", "record_id"]).group_by("source", "record_id").aggregate(newest=lambda t: t.learned_at.max())
    latest = engine.keep("latest_versions", versions)
    joined = table.left_join(latest, ["source", "record_id"], rname="{name}_latest")
    return joined.filter(joined.newest.isnull() | (joined.learned_at == joined.newest)).select(*table.columns)


def _visible(path: Path, known: Mapping[str, Import], as_of: dt.datetime | None) -> bool:
    import_id = _import_of(path)
    if import_id == COMPACT:
        return True
    item = known.get(import_id)
    return item is not None and (as_of is None or item.learned_at <= as_of)


def _import_of(path: Path) -> str:
    return path.name.split("_", 1)[0]


def _local(uri: str) -> Path:
    from urllib.parse import unquote

    return Path(unquote(uri.removeprefix("file://")))


def add_action(path: Path) -> AddAction:
    """A Parquet file as an entry of a Delta transaction."""
    import pyarrow.parquet as pq

    rows = pq.ParquetFile(path).metadata.num_rows
    return AddAction(path.name, path.stat().st_size, {}, int(time.time() * 1000), True, json.dumps({"numRecords": rows}))


def remove_action(path: Path) -> RemoveAction:
    """The end of a Parquet file as an entry of a Delta transaction."""
    return RemoveAction(path.name, True, int(time.time() * 1000), path.stat().st_size if path.exists() else None, {})


def _ibis_type(schema: pa.Schema, name: str) -> Any:
    import ibis

    return ibis.Schema.from_pyarrow(schema)[name]
