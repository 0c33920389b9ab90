"""What the user of each tool keeps on disk, from the workspace of the sample company: `python -m benchmarks.peers.files FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

STAGES = ("research", "supplier_search", "preselection", "first_talks", "request_for_proposal")
PATHS = 1_000_000


def build_of(folder: Path) -> Path:
    """The build in use of `folder/workspace`."""
    builds = folder / "workspace" / "builds"
    return builds / (builds / "current").read_text(encoding="utf-8").strip()


def main(folder: Path) -> dict[str, object]:
    """Writes `folder/peers`: the event log, the log with the entries into stages for the funnel, and paths."""
    target, build = folder / "peers", build_of(folder)
    target.mkdir(exist_ok=True)
    connection = duckdb.connect()
    connection.execute(f"SET temp_directory = '{target}/tmp'")
    # Moments that are the same are told apart by a microsecond, so that every tool sees one order.
    steps = f"""
        SELECT journey_id, touchpoint, happened_at + to_microseconds(row_number() OVER (PARTITION BY journey_id, happened_at ORDER BY seq) - 1) AS happened_at
        FROM '{build}/steps.parquet'"""
    entered = f"SELECT journey_id, 'stage ' || stage, entered_at FROM '{build}/stage_visits.parquet'"
    written = {
        "events": _write(connection, f"SELECT * FROM ({steps}) ORDER BY happened_at", target / "events.parquet"),
        "with_stages": _write(
            connection, f"SELECT * FROM ({steps} UNION ALL {entered}) ORDER BY happened_at", target / "stages.parquet"
        ),
    }
    stepless = f"SELECT count(*) FROM '{build}/journeys.parquet' WHERE steps = 0"  # a deal alone; other tools see no such case
    written["without_steps"] = connection.execute(stepless).fetchall()[0][0]
    paths = _paths()
    pq.write_table(paths, target / "paths.parquet")
    pq.write_table(_sessions(paths), target / "sessions.parquet")
    return {**written, "paths": PATHS}


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    return int(connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)").fetchall()[0][0])


def _paths(channels: int = 20, seed: int = 3) -> pa.Table:
    """A million paths of about six touches over twenty channels, of which one in twelve converts."""
    random = np.random.default_rng(seed)
    lengths = np.minimum(random.geometric(0.16, PATHS), 60)
    weight = 1 / np.arange(1, channels + 1)
    touch = random.choice(channels, lengths.sum(), p=weight / weight.sum())
    stay = random.random(len(touch)) < 0.25  # some channels come back at once
    touch[1:][stay[1:]] = touch[:-1][stay[1:]]
    names = np.array([f"ch{number:02d}" for number in range(channels)])
    ends = np.cumsum(lengths)
    taken = pa.DictionaryArray.from_arrays(pa.array(touch), pa.array(names.tolist())).cast(pa.string())
    text = pa.ListArray.from_arrays(np.concatenate([[0], ends]).astype(np.int32), taken)
    strength = random.uniform(0.2, 1.8, channels)
    hit = random.random(PATHS) < 0.083 * strength[touch[ends - 1]]
    value = np.where(hit, random.lognormal(9, 1, PATHS).round(2), 0.0)
    columns = {"path": pc.binary_join(text, " > "), "conversions": hit.astype(int), "value": value, "nulls": (~hit).astype(int)}
    return pa.table(columns)


def _sessions(paths: pa.Table) -> pa.Table:
    """The same paths, one touch a row, an hour apart."""
    touches = pc.split_pattern(paths["path"].combine_chunks(), " > ")
    owner = pc.list_parent_indices(touches).to_numpy()
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    hour = np.datetime64("2026-01-01T00:00:00") + place.astype("timedelta64[h]")
    converted = paths["conversions"].to_numpy()[owner] > 0
    return pa.table({"journey": owner, "at": hour, "channel": pc.list_flatten(touches), "converted": converted})


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
