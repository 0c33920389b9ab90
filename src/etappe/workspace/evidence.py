"""The evidence of a build: current versions, with facts from other files joined in.

Events are by far the most, and most of their files are from sources whose records never changed and of which no other
file says anything: those are read as they lie there. Only the others are made a table of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import ibis.expr.types as ir
import pyarrow.parquet as pq

from etappe.sources.associate import associate
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine
from etappe.tables.handles import with_handles
from etappe.tables.lake import COMPACT, Lake


class _Part(Lake):
    """A lake of which only some files of the events are seen."""

    def __init__(self, lake: Lake, seen: Callable[[Path], bool]) -> None:
        super().__init__(lake.folder, lake.tables)
        self._held = lake._held
        self._seen = seen

    def files(self, name: str) -> list[Path]:
        return [path for path in super().files(name) if name != "events" or self._seen(path)]


def read_evidence(lake: Lake, engine: Engine, moment: dt.datetime) -> dict[str, ir.Table]:
    """The evidence as known at a moment, current versions only, with facts from other files joined in.

    Beside the tables of the evidence stand the `handles` of its events (see `tables.handles`).
    """
    evidence = _tables(lake, engine, moment)
    return with_handles(evidence, evidence["events"], engine)


def _tables(lake: Lake, engine: Engine, moment: dt.datetime) -> dict[str, ir.Table]:
    tables = {name: lake.read(engine, name, moment) for name in EVIDENCE if name != "events"}
    told = {row["source"] for row in engine.rows(tables["facts"].select("source").distinct())}
    sources = {path: _source(path) for path in lake.files("events")}
    told |= {source for path, source in sources.items() if path.stem.endswith("changed")}
    settled = {path for path, source in sources.items() if None not in told and source is not None and source not in told}
    if len(settled) == len(sources):
        return associate({**tables, "events": lake.read(engine, "events", moment)}, engine)
    rest = _Part(lake, lambda path: path not in settled)
    evidence = associate({**tables, "events": rest.read(engine, "events", moment)}, engine)
    # The events are read several times on the way: what is no plain file is made one.
    evidence["events"] = engine.keep("current_events", evidence["events"], on_disk=True)
    if settled:
        plain = _Part(lake, lambda path: path in settled).read(engine, "events", moment)
        evidence["events"] = engine.view("events", plain.union(evidence["events"]))
    return evidence


def _source(path: Path) -> str | None:
    """The one source of a file's rows, by its statistics; None where there are several, or where it cannot be told."""
    if path.name.startswith(COMPACT):
        return None
    metadata = pq.ParquetFile(path).metadata
    place = metadata.schema.to_arrow_schema().get_field_index("source")
    found: set[str | None] = set()
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(place).statistics
        if statistics is None or not statistics.has_min_max or statistics.min != statistics.max:
            return None
        found.add(statistics.min)
    return found.pop() if len(found) == 1 else None
