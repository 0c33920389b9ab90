"""Forgetting a person: rows and words removed from the lake, the bytes too, also from older versions."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import ibis
import ibis.expr.types as ir
from deltalake import DeltaTable

from etappe.tables.duck import DuckEngine
from etappe.tables.lake import Lake, add_action, remove_action
from etappe.tables.schema import Table

REMOVED = "[removed]"


@dataclass(frozen=True)
class Traces:
    """All by which a person is known.

    Attributes
    ----------
    by_column : mapping of column to values
        Identifiers that make a row the person's own: email, phone, cookie, user_id, person_name.
    by_source : mapping of (column, source) to values
        Record ids that count within one source: contact_ref, record_id of people.
    words : tuple of str
        Texts to be struck out wherever they stand: addresses, full names.
    """

    by_column: Mapping[str, frozenset[str]]
    by_source: Mapping[tuple[str, str], frozenset[str]]
    words: tuple[str, ...]


def erase(lake: Lake, engine: DuckEngine, traces: Traces) -> dict[str, dict[str, int]]:
    """Removes the person's own rows from every table and strikes their words out of all others.

    Files that hold a trace are written anew without it; the old ones are deleted from the disk together with whatever
    earlier versions of the tables left behind. Returns, per table, rows removed, rows altered and files rewritten.
    """
    receipt: dict[str, dict[str, int]] = {}
    with lake.lock():
        for name, table in lake.tables.items():
            done = {"removed": 0, "altered": 0, "files": 0}
            adds, removes, gone = [], [], []
            for path in lake.files(name):
                fresh = _rewrite(engine, table, path, traces, done)
                if fresh is True:
                    continue
                done["files"] += 1
                removes.append(remove_action(path))
                gone.append(path)
                if isinstance(fresh, Path):
                    adds.append(add_action(fresh))
            if removes:
                lake.append(name, [*removes, *adds])
            for path in gone:
                path.unlink(missing_ok=True)
            vacuum(lake, name)
            lake.note_removed(name, done["removed"])
            receipt[name] = done
    return receipt


def vacuum(lake: Lake, name: str) -> None:
    """Deletes every file that the newest version of a table does not use."""
    if (lake.folder / name / "_delta_log").exists():
        DeltaTable(str(lake.folder / name)).vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True)


def _rewrite(engine: DuckEngine, table: Table, path: Path, traces: Traces, done: dict[str, int]) -> Path | bool:
    """The file without its traces: True if it holds none, False if nothing is left of it."""
    rows = engine.parquet([path])
    own = _own(rows, table, traces).fill_null(False)
    mention = _mentions(rows, traces).fill_null(False)
    counts = engine.rows(rows.aggregate(own=own.sum(), mention=(mention & ~own).sum(), rows=rows.count()))[0]
    removed, altered = int(counts["own"] or 0), int(counts["mention"] or 0)
    if not removed and not altered:
        return True
    done["removed"] += removed
    done["altered"] += altered
    if removed == counts["rows"]:
        return False
    kept = rows.filter(~own)
    kept = kept.mutate(**{name: _struck(kept, name, traces) for name in kept.columns if _text_like(kept[name])})
    import_id, rest = path.name.split("_", 1)
    target = path.with_name(f"{import_id}_{uuid.uuid4().hex[:8]}-{rest.rsplit('-', 1)[1]}")
    engine.write_parquet(kept, target)
    return target


def _own(rows: ir.Table, table: Table, traces: Traces) -> ir.BooleanValue:
    tests = [rows[column].isin(sorted(values)) for column, values in traces.by_column.items() if column in table and values and rows[column].type().is_string()]
    for (column, source), values in traces.by_source.items():
        real = "record_id" if column == "people.record_id" and table.name == "people" else column
        if real in table and values and rows[real].type().is_string():
            tests.append((rows.source == source) & rows[real].isin(sorted(values)))
    return reduce(lambda left, right: left.fill_null(False) | right.fill_null(False), tests, rows.source.isnull() & rows.source.notnull())


def _refs(traces: Traces) -> frozenset[str]:
    found: set[str] = set()
    for values in [*traces.by_column.values(), *traces.by_source.values()]:
        found |= values | {f"id:{value}" for value in values}
    return frozenset(found)


def _mentions(rows: ir.Table, traces: Traces) -> ir.BooleanValue:
    pattern = _pattern(traces.words)
    refs = sorted(_refs(traces))
    tests: list[ir.BooleanValue] = []
    for name in rows.columns:
        column = rows[name]
        if column.type().is_string() and pattern and name not in ("import_id", "source"):
            tests.append(column.re_search(pattern))
        elif column.type().is_array() and refs:
            tests.append(column.intersect(ibis.array(refs)).length() > 0)
    return reduce(lambda left, right: left.fill_null(False) | right.fill_null(False), tests, rows.source.isnull() & rows.source.notnull())


def _text_like(column: ir.Value) -> bool:
    return column.type().is_string() or column.type().is_array()


def _struck(rows: ir.Table, name: str, traces: Traces) -> ir.Value:
    column = rows[name]
    if column.type().is_array():
        refs = sorted(_refs(traces))
        return column.filter(lambda item: ~item.isin(refs)) if refs else column
    pattern = _pattern(traces.words)
    if not pattern or name in ("import_id", "source"):
        return column
    return column.re_replace(pattern, REMOVED)


def _pattern(words: tuple[str, ...]) -> str:
    long_enough = sorted({word for word in words if len(word.strip()) >= 4}, key=len, reverse=True)
    return "(?i)(" + "|".join(re.escape(word).replace("\\ ", " ").replace("\\-", "-").replace("\\@", "@") for word in long_enough) + ")" if long_enough else ""


def retire(lake: Lake, engine: DuckEngine, source: str, before: object) -> int:
    """Removes a source's events and feedback from before a moment, for a retention limit; returns the rows removed."""
    removed = 0
    with lake.lock():
        for name in ("events", "feedback"):
            adds, removes, before_table = [], [], removed
            for path in lake.files(name):
                rows = engine.parquet([path])
                old = (rows.source == source) & (rows.happened_at < ibis.literal(before).cast("timestamp('UTC')"))
                count = engine.count(rows.filter(old))
                if not count:
                    continue
                removed += count
                removes.append(remove_action(path))
                import_id, rest = path.name.split("_", 1)
                target = path.with_name(f"{import_id}_{uuid.uuid4().hex[:8]}-{rest.rsplit('-', 1)[1]}")
                if engine.write_parquet(rows.filter(~old.fill_null(False)), target):
                    adds.append(add_action(target))
                else:
                    target.unlink()
            if removes:
                lake.append(name, [*removes, *adds])
                vacuum(lake, name)
                lake.note_removed(name, removed - before_table)
    return removed
