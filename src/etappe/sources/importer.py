"""Files to evidence: recognise, open, map, check, stage, commit; a report for each file."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.errors import FileFault
from etappe.sources import clocks, mapping
from etappe.sources.files import Found, find
from etappe.sources.format import Format, Mapped, recognise
from etappe.sources.quarantine import Bad, Quarantine, locate
from etappe.sources.raw import Raw, open_raw
from etappe.sources.same_id import mark_different_people, told
from etappe.sources.schema import EVIDENCE
from etappe.sources.side_by_side import in_order
from etappe.sources.sniff import CALLED, MAPPABLE, NO_MAPPING, NoExport, Sample, is_prose, look
from etappe.tables.counts import Counts
from etappe.tables.csvfile import BAD_ENCODING
from etappe.tables.duck import DuckEngine
from etappe.tables.lake import SIDE, Import, Lake, Staged, stage
from etappe.tables.sifting import BROKEN, KnownIds, broken_rows, noted_rows

Progress = Callable[[str, float], None]
_FIRST, _LAST = dt.datetime(1000, 1, 1, tzinfo=dt.UTC), dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
MOST_QUARANTINED = 1_000_000
# What lies beside exports; asked of files alone that no format recognises.
BESIDE = re.compile(r"(?i)^(readme|licen[cs]e|copying|notice|changelog|authors|contributing)\b|[.](md|rst|adoc)$")
MOST_VERSIONS = 10_000  # of one record in one file, before those of the next file begin
MOST_AT_ONCE = 4  # files read side by side: each takes its memory


@dataclass
class FileReport:
    """What became of one file. `read = new + changed + same + quarantined`, counted in records of the export."""

    path: str
    format: str | None = None
    source: str | None = None
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    quarantined: int = 0
    tables: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)
    error: dict[str, Any] | None = None
    passed_over: str | None = None
    mapping: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in `import --json`; `error` only where the file could not be read at all, `passed_over` where it is no export."""
        shown = {name: getattr(self, name) for name in ("path", "format", "source", "read", "new", "changed", "same", "quarantined", "tables", "notes", "reasons")}
        more = {"error": self.error, "passed_over": self.passed_over}
        return shown | {name: value for name, value in more.items() if value}


@dataclass(frozen=True)
class Options:
    """How to import.

    `zone` is for times without one, `zones` the same per source; `learned_at` backdates what is learned (for exports of an earlier day);
    `format` and `mapping` name what the file is instead of recognising it; `source` renames the source (two portals of
    one product); `forgotten` tells whether an identifier was erased and must not come back.
    """

    zone: str = "Europe/Berlin"
    zones: Mapping[str, str] = field(default_factory=dict)
    learned_at: dt.datetime | None = None
    format: str | None = None
    mapping: Path | None = None
    source: str | None = None
    mappings: Path | None = None
    forgotten: Callable[[ir.Table, str], ir.BooleanValue | None] | None = None


def import_paths(
    paths: Sequence[Path], lake: Lake, engine: DuckEngine, quarantine: Quarantine, options: Options, progress: Progress | None = None
) -> list[FileReport]:
    """Imports files, folders and archives; a file that cannot be read is reported and holds up no other.

    Several files are read at once, and taken in one after the other in the order in which they were found, each whole:
    so reports, versions and counts are those of an import of one file after the other.
    """
    with lake.making_ready() as work:
        found = list(find(list(paths), work / "unpacked"))
        before = {item.fingerprint: item for item in lake.imports()}
        taking = _Taking(lake.held(), engine, quarantine)

        def read(turn: _Turn, own: DuckEngine) -> _Ready:
            return _read(turn, own, options, work, before)

        reports = []
        done, whole = 0, max(sum(_size(item) for item in found), 1)
        reading = in_order(list(_turns(found, options)), read, engine.beside, _threads(), lambda turn: _size(turn.item))
        with closing(reading):
            for item in found:
                if progress:
                    progress(item.shown, done / whole)
                reports.append(taking.take(next(reading)))
                done += _size(item)
        if progress:
            progress("", 1.0)
        return reports


def _threads() -> int:
    """How many files are read at once: each of them may use all cores already where it is a long table."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST_AT_ONCE)


def _size(item: Found) -> int:
    try:
        return item.path.stat().st_size + 1
    except OSError:
        return 1


@dataclass(frozen=True)
class _Turn:
    """A file whose turn it is, and when it is learned of: when the import began, later files later, in whatever order they are read."""

    item: Found
    learned_at: dt.datetime


def _turns(found: Sequence[Found], options: Options) -> Iterator[_Turn]:
    moment = dt.datetime.now(dt.UTC)
    for item in found:
        yield _Turn(item, options.learned_at or moment)
        # Versions of a record within one file are a microsecond apart each: there is room for them before the next file.
        moment += dt.timedelta(microseconds=min(_size(item), MOST_VERSIONS))


@dataclass
class _Ready:
    """A file that was read: its report so far, and, unless it has a fault or was known, what is to be taken in of it."""

    item: Found
    report: FileReport
    fingerprint: str = ""
    known: Import | None = None
    staged: Staged | None = None
    bad: list[Bad] = field(default_factory=list)
    primary: set[str] = field(default_factory=set)
    own_ids: bool = False


def _read(turn: _Turn, engine: DuckEngine, options: Options, work: Path, before: Mapping[str, Import]) -> _Ready:
    """Everything about a file that needs no knowledge of the other files."""
    ready = _Ready(turn.item, FileReport(turn.item.shown))
    with _told(ready), tempfile.TemporaryDirectory(prefix="file-", dir=work) as folder:
        if turn.item.fault:
            raise turn.item.fault
        _run(ready, turn.learned_at, engine, options, work, Path(folder), before)
    return ready


@contextmanager
def _told(ready: _Ready) -> Iterator[None]:
    """A fault of the file becomes its report."""
    try:
        yield
    except FileFault as fault:
        if isinstance(fault, NoExport) and ready.item.among:
            ready.report.passed_over = fault.what
            return
        ready.report.error = fault.to_dict() | {"where": _shown(fault.where, ready.item)}
    except RecursionError:
        ready.report.error = FileFault("the file nests deeper than any export does", ready.item.shown, "check where the file comes from").to_dict()
    except OSError as fault:
        ready.report.error = FileFault(f"the file cannot be read: {fault.strerror or fault}", ready.item.shown, "check its rights and try again").to_dict()


def _shown(where: str, item: Found) -> str:
    """A place as the report shows it: with the archive, not with where it was unpacked."""
    return where if item.shown in where else where.replace(str(item.path), item.shown)


def _run(ready: _Ready, learned_at: dt.datetime, engine: DuckEngine, options: Options, work: Path, scratch: Path, before: Mapping[str, Import]) -> None:
    item, report = ready.item, ready.report
    engine.forget_views()
    stat = item.path.stat()
    sample = look(item.path)
    format_ = choose(item, sample, options)
    report.format, report.source = format_.name, options.source or format_.source
    ready.fingerprint = f"{_digest(item.path)}:{format_.name}:{report.source}"
    # A file that was imported before, byte for byte, needs no second reading.
    if (known := before.get(ready.fingerprint)) is not None:
        ready.known = known
        return
    staged = stage(work, learned_at)
    zone = options.zones.get(report.source, options.zone)
    raw = open_raw(item.path, sample, format_, engine, scratch, zone)
    ready.bad = _stage(raw, format_, engine, staged, options, report)
    if any(entry.reason == BAD_ENCODING for entry in ready.bad) and sample.container == "table":
        staged.files.clear()
        report.notes.clear()
        raw = open_raw(item.path, sample, format_, engine, scratch, zone, mend=True)
        ready.bad = _stage(raw, format_, engine, staged, options, report)
    _unchanged(item, stat)
    report.notes += [note for note in raw.notes if note not in report.notes]
    ready.primary, ready.own_ids = {mapped.table for mapped in raw_mapped(raw, format_) if mapped.primary}, format_.own_ids
    ready.staged = staged


@dataclass
class _Taking:
    """Takes in what was read, file after file: what is new is decided by what was taken in before."""

    lake: Lake
    engine: DuckEngine
    quarantine: Quarantine
    taken: dict[str, Import] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = KnownIds(self.engine)

    def take(self, ready: _Ready) -> FileReport:
        """The file's evidence, visible from now on; its report."""
        known = ready.known or self.taken.get(ready.fingerprint)
        if known is not None:
            _again(ready.report, known)
        elif ready.staged is not None:
            with _told(ready):
                self._commit(ready, ready.staged)
        if ready.staged is not None:
            shutil.rmtree(ready.staged.folder, ignore_errors=True)
        return ready.report

    def _commit(self, ready: _Ready, staged: Staged) -> None:
        report, source = ready.report, str(ready.report.source)
        report.quarantined = len(ready.bad)
        for entry in ready.bad:
            report.reasons[entry.kind] = report.reasons.get(entry.kind, 0) + 1
        self.quarantine.write(staged.import_id, ready.item.shown, ready.bad)
        now = dt.datetime.now(dt.UTC).isoformat()
        self.lake.commit(
            self.engine, staged, source, ready.fingerprint, lambda counts: _count(report, counts, ready.primary, ready.own_ids) | {"imported_at": now},
            self.ids, tidy=not self.taken,
        )  # fmt: skip
        self.taken[ready.fingerprint] = Import(staged.import_id, staged.learned_at, source, ready.fingerprint, report.to_dict())


def raw_mapped(raw: Raw, format_: Format) -> list[Mapped]:
    """The format's mapping of this file, computed once."""
    if raw.mapped is None:
        raw.mapped = format_.map(raw)
    return raw.mapped


def choose(item: Found, sample: Sample, options: Options) -> Format:
    """The format of a file: the one asked for, a mapping file that fits, else the one recognised.

    Raises
    ------
    FileFault
        If nothing fits, or two formats fit equally well.
    """
    if options.mapping is not None:
        return mapping.load(options.mapping)
    if options.format is not None:
        return mapping.by_name(options.format)
    if options.mappings is not None and (fits := mapping.fitting(options.mappings, sample)) is not None:
        return fits
    scored = recognise(sample)
    if not scored or scored[0][0] < 0.3:
        if item.among and (is_prose(sample) or BESIDE.search(item.path.name)):
            raise NoExport("this is text, not a table", item.shown)
        if options.mappings is not None:
            mapping.check_own(options.mappings, item.path)
        shown = ", ".join(_cut(name) for name in sample.columns[:12]) or sample.root
        raise FileFault(f"no format recognises this {CALLED[sample.container]} ({shown}{' …' if len(sample.columns) > 12 else ''})", item.shown, _way_out(item, sample))
    if len(scored) > 1 and scored[0][0] == scored[1][0]:
        names = " or ".join(f"'{format_.name}'" for score, format_ in scored if score == scored[0][0])
        raise FileFault(f"the file could be {names}", item.shown, "say which with `--format`")
    return scored[0][1]


def _cut(name: str) -> str:
    """A column's name as a sentence bears it: a file of one endless line has one of megabytes."""
    return f"{name[:60]}…" if len(name) > 60 else name


def _way_out(item: Found, sample: Sample) -> str:
    """What to do with a file that no format recognises: only tables and JSON take a mapping."""
    if sample.container not in MAPPABLE:
        return NO_MAPPING
    return f"run `etappe import {shlex.quote(item.shown)} --suggest` to write a first mapping, correct it, and import again with `--mapping`"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _again(report: FileReport, known: Import) -> None:
    """The report of a file that was imported before, byte for byte."""
    report.read, report.quarantined = known.report["read"], known.report["quarantined"]
    report.same = report.read - report.quarantined
    report.tables = {name: {"new": 0, "changed": 0, "same": sum(counts.values())} for name, counts in known.report["tables"].items()}
    report.notes = [f"imported before, unchanged, on {known.learned_at:%Y-%m-%d %H:%M} UTC"]


def _unchanged(item: Found, before: Any) -> None:
    after = item.path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise FileFault("the file was being written to while it was read; nothing was imported from it", item.shown, "wait until the export is complete and import it again")


def _count(report: FileReport, counts: dict[str, Counts], primary: set[str], own_ids: bool) -> dict[str, Any]:
    report.tables = {}
    for part, count in counts.items():
        told = report.tables.setdefault(part.removesuffix(SIDE), {"new": 0, "changed": 0, "same": 0})
        for name, number in count.to_dict().items():
            told[name] += number
    for name in ("new", "changed", "same"):
        setattr(report, name, sum(getattr(count, name) for table, count in counts.items() if table in primary))
    report.read = report.new + report.changed + report.same + report.quarantined
    if own_ids and report.changed:
        report.notes.append(f"{report.changed} records replaced earlier ones that have the same ids; if this is another log, import it under a name of its own: `--source NAME`")
    if not report.read and not report.notes:
        report.notes.append("there is no record in this file: a header, and nothing below it")
    return report.to_dict()


def _stage(raw: Raw, format_: Format, engine: DuckEngine, staged: Staged, options: Options, report: FileReport) -> list[Bad]:
    """Writes the rows of each evidence table to the import's folder and collects the records that are broken."""
    bad: list[Bad] = []
    by_table: dict[str, list[ir.Table]] = {}
    primary = {mapped.table for mapped in raw_mapped(raw, format_) if mapped.primary}
    for mapped in raw_mapped(raw, format_):
        rows = _evidence(mapped, raw, format_, staged, options, report.source or format_.source)
        # Rows beside the records of the same table are staged apart, so that a record counts once.
        beside = not mapped.primary and mapped.table in primary
        by_table.setdefault(mapped.table + (SIDE if beside else ""), []).append(rows)
    for part, parts in by_table.items():
        name = part.removesuffix(SIDE)
        rows = reduce(lambda left, right: left.union(right), parts)
        if options.forgotten is not None and (gone := options.forgotten(rows, name)) is not None:
            rows = rows.filter(~gone.fill_null(False))
        path = staged.path(part)
        engine.write_parquet(rows, path)
        if name == "people" and part in primary:
            mark_different_people(engine, path)
        if part in primary and (broken := broken_rows(engine, path, MOST_QUARANTINED)):
            bad += locate(raw, broken, name)
        if name in clocks.DATED and (undated := noted_rows(engine, path, clocks.UNDATED)):
            report.notes.append(f"{undated} of the {name}: {clocks.UNDATED}")
    report.notes += told(bad)
    cut = [Bad(line, reason, reason, text) for line, reason, text in raw.rejects()]
    return [*cut, *bad]


def _evidence(mapped: Mapped, raw: Raw, format_: Format, staged: Staged, options: Options, source: str) -> ir.Table:
    """One evidence table's columns in order, typed, with what is wrong about a row in `note` behind a `!`.

    In two steps: what the format says, then what is wrong about it. The first is a view, because Ibis writes an
    expression out wherever it is used, and a parsed date is used three times.
    """
    schema = EVIDENCE[mapped.table]
    rows = mapped.rows if mapped.rows is not None else raw.table
    types = ibis.Schema.from_pyarrow(schema.arrow)
    unknown = set(mapped.columns) - set(schema.names)
    if unknown:
        raise KeyError(f"{format_.name} fills columns that {mapped.table} does not have: {sorted(unknown)}")
    doubts = [doubt for doubt in raw.values.doubts if _concerns(doubt, raw, rows)]
    said, shared = _said(mapped, doubts)
    view = raw.engine.view("said", rows.select(**said))
    given: dict[str, ir.Value] = {name: view[shared.get(name, name)] for name in mapped.columns}
    given["source"] = ibis.literal(mapped.source if mapped.source and not options.source else source)
    given["learned_at"] = ibis.literal(staged.learned_at).cast("timestamp('UTC')")
    given["import_id"] = ibis.literal(staged.import_id)
    problems = _problems(view, [name for name, _, _ in doubts], mapped, given, staged)
    first = raw.engine.view("problems", view.mutate(_problem=ibis.coalesce(*problems)))
    given = {name: first[shared.get(name, name)] if name in mapped.columns else value for name, value in given.items()}
    note = first["note"] if "note" in mapped.columns else ibis.null("string")
    given, note = clocks.without_impossible_dates(mapped.table, given, note, staged.learned_at)
    given["note"] = ibis.cases((first["_problem"].notnull(), ibis.literal(BROKEN) + first["_problem"]), else_=note)
    columns = {name: _on_calendar(given[name].cast(types[name])) if name in given else ibis.null(types[name]) for name in schema.names}
    chosen = first.filter(first["_belongs"]) if mapped.where is not None else first
    return chosen.select(**columns)


def _on_calendar(value: ir.Value) -> ir.Value:
    """Null for `infinity` and years that are on no calendar: the engine has them, and nobody after it could read them."""
    if not (value.type().is_timestamp() or value.type().is_date()):
        return value
    first, last = (ibis.literal(moment).cast(value.type()) for moment in (_FIRST, _LAST))
    return ibis.cases((value.between(first, last), value), else_=ibis.null(value.type()))


Doubt = tuple[str, ir.Value, ir.Value]


def _concerns(doubt: Doubt, raw: Raw, rows: ir.Table) -> bool:
    """Whether a cell that may be unreadable is one of this table's: it is over the same rows."""
    asked = doubt[1].op().relations
    # Rows drawn from the raw table (filtered, unnested) still take its expressions, as long as the column is there.
    return asked <= {rows.op()} or (asked <= {raw.table.op()} and doubt[0] in rows.columns)


def _said(mapped: Mapped, doubts: list[Doubt]) -> tuple[dict[str, ir.Value], dict[str, str]]:
    """The columns of the first step, and which evidence columns are the value of a doubt, so that it is made once."""
    said: dict[str, ir.Value] = {}
    shared: dict[str, str] = {}
    for number, (_, text, parsed) in enumerate(doubts):
        said[f"_text_{number}"], said[f"_value_{number}"] = text.cast("string"), parsed
    for name, value in mapped.columns.items():
        twin = next((number for number, (_, _, parsed) in enumerate(doubts) if isinstance(value, ir.Expr) and value.equals(parsed)), None)
        if twin is None:
            said[name] = value
        else:
            shared[name] = f"_value_{twin}"
    if mapped.problem is not None:
        said["_said_problem"] = mapped.problem
    if mapped.where is not None:
        said["_belongs"] = mapped.where.fill_null(False)
    return said, shared


def _problems(view: ir.Table, doubted: list[str], mapped: Mapped, given: dict[str, ir.Value], staged: Staged) -> list[ir.StringValue]:
    """What can be wrong about a record, the weightiest first; each null where it is not."""
    nothing = ibis.null("string")
    problems: list[ir.StringValue] = [view["_said_problem"]] if mapped.problem is not None else []
    for number, column in enumerate(doubted):
        text, value = view[f"_text_{number}"], view[f"_value_{number}"]
        what = "date" if value.type().is_timestamp() else "number"
        words = ibis.literal(f"'{column}' has no {what} that can be read: ") + text.left(80)
        problems.append(ibis.cases((text.notnull() & value.isnull(), words), else_=nothing))
    problems += clocks.problems(mapped.table, given.get("happened_at"), staged.learned_at)
    if "record_id" in mapped.columns:
        problems.append(ibis.cases((given["record_id"].isnull(), "the record has no id"), else_=nothing))
    return problems or [nothing]
