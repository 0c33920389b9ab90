"""Splits the rows of an import: records that are new, new versions of known ones, rows that are known as they are.

Most rows of most imports are records that nobody has seen before. So the ids alone are looked at first, and only rows
whose id is doubtful (it occurs twice, or is known) are compared by content. A file without doubt stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir

from etappe.tables import functions
from etappe.tables.counts import Counts
from etappe.tables.duck import DuckEngine
from etappe.tables.schema import Table

BROKEN = "!"  # a row whose note begins with it is broken and is not taken in
_BESIDES = ("source", "record_id", "learned_at", "import_id")


def sift(
    engine: DuckEngine, table: Table, files: Sequence[Path], earlier: Sequence[Path], folder: Path
) -> tuple[Counts, list[tuple[Path, str]]]:
    """Counts the rows of staged files, and gives the files to keep, each `new` or `changed`; rewritten ones lie in `folder`."""
    rows = engine.parquet_with_places(files)
    sound = rows.filter(~_is_broken(rows))
    ids = rows.select(id=rows.record_id.hash(), broken=_is_broken(rows))
    tally = engine.rows(ids.agg(total=ids.count(), sound=ids.count(where=~ids.broken), distinct=ids.id.nunique(where=~ids.broken)))[0]
    total = int(tally["sound"])
    if total == 0:
        return Counts(), []
    known = engine.parquet(earlier, table.arrow) if earlier else None
    doubtful = _doubtful(sound, known, engine) if known is not None or int(tally["distinct"]) < total else None
    if doubtful is None and total == int(tally["total"]):
        return Counts(new=total), [(path, "new") for path in files]
    counts, kept = Counts(), []
    for kind, part in _parts(table, sound, known, doubtful, engine).items():
        path = folder / f"{table.name}-{kind}-sifted.parquet"
        number = engine.write_parquet(part.select(*(name for name in part.columns if name in table.names)), path)
        setattr(counts, kind, number)
        if number:
            kept.append((path, kind))
    counts.same = total - counts.new - counts.changed
    return counts, kept


def _is_broken(rows: ir.Table) -> ir.BooleanValue:
    return rows.note.startswith(BROKEN).fill_null(False) if "note" in rows.columns else ibis.literal(False)


def _doubtful(sound: ir.Table, known: ir.Table | None, engine: DuckEngine) -> ir.Table | None:
    """The ids (hashed) that occur more than once or are known; none at all is None."""
    ids = sound.select(id=sound.record_id.hash())
    grouped = ids.group_by("id").agg(n=ids.count())
    found = grouped.filter(grouped.n > 1).select("id")
    if known is not None:
        found = found.union(grouped.semi_join(known.select(id=known.record_id.hash()), "id").select("id"), distinct=True)
    kept = engine.keep("doubtful_ids", found)
    return kept if engine.count(kept) else None


def _parts(
    table: Table, sound: ir.Table, known: ir.Table | None, doubtful: ir.Table | None, engine: DuckEngine
) -> dict[str, ir.Table]:
    """The rows that are new and those that are changed."""
    if doubtful is None:
        return {"new": sound}
    content = [name for name in table.names if name not in _BESIDES]
    before = None if known is None else _prints(known, doubtful, content)
    verdicts = engine.keep("verdicts", _verdicts(_prints(sound, doubtful, content), before, engine))
    changed = sound.join(verdicts.filter(verdicts.is_changed.fill_null(False)), "place")
    # Versions that come in one file are told apart by a microsecond each, in the order in which they stand there.
    changed = changed.mutate(learned_at=changed.learned_at + changed.version.cast("int64").as_interval("us")).order_by("place")
    out = verdicts.filter(verdicts.is_changed.fill_null(True)).select("place")
    return {"new": sound.anti_join(out, "place"), "changed": changed}


def _verdicts(incoming: ir.Table, known: ir.Table | None, engine: DuckEngine) -> ir.Table:
    """place, version, is_changed of each doubtful row; is_changed is null where the row brings nothing."""
    incoming = engine.keep("doubtful_rows", incoming)
    first = incoming.group_by("record_id", "print").agg(place=incoming.place.min())
    seen = ibis.literal(False)
    if known is not None:
        known = engine.keep("known_prints", known.distinct())
        first = first.anti_join(known, ["record_id", "print"])
        records = known.select("record_id").distinct().mutate(known=True)
        first = first.left_join(records, "record_id").drop("record_id_right")
        seen = first.known.fill_null(False)
    version = ibis.row_number().over(group_by=first.record_id, order_by=first.place)
    ranked = first.select("place", version=version, seen=seen)
    decided = ranked.select("place", "version", is_changed=(ranked.version > 0) | ranked.seen)
    return incoming.select("place").left_join(decided, "place").drop("place_right")


def _prints(rows: ir.Table, doubtful: ir.Table, content: Sequence[str]) -> ir.Table:
    """record_id and a hash of the content, and the place where there is one, of the rows with a doubtful id."""
    asked = rows.mutate(id=rows.record_id.hash()).semi_join(doubtful, "id")
    place = ["place"] if "place" in rows.columns else []
    return asked.select("record_id", *place, print=functions.fingerprint(*[_text(asked, name) for name in content]))


def _text(rows: ir.Table, name: str) -> ir.StringValue:
    if name not in rows.columns:
        return ibis.null("string")
    return rows[name] if rows[name].type().is_string() else rows[name].cast("string")
