"""pm4py: `python -m benchmarks.peers.pm4py_steps moves|variants|funnel polars|pandas FILE [STAGES]`."""

from __future__ import annotations

import sys
from typing import Any

import pandas as pd
import pm4py
import polars as pl

from benchmarks.peers.clock import say

_COLUMNS = {"case_id": "journey_id", "activity_key": "touchpoint", "timestamp_key": "happened_at"}


def _log(backend: str, path: str) -> Any:
    """The user's Parquet file, in the shape that the tool asks for."""
    read = pl.scan_parquet(path) if backend == "polars" else pd.read_parquet(path)
    return pm4py.format_dataframe(read, **_COLUMNS)


def moves(backend: str, path: str) -> dict[str, Any]:
    """Directly-follows graph: counts, and mean and median waits."""
    log = _log(backend, path)
    counted, starts, _ = pm4py.discover_dfg(log)
    waits, _, _ = pm4py.discover_performance_dfg(log)
    first = max(counted, key=lambda edge: counted[edge])
    shown = waits[first]
    median = shown["median"] if isinstance(shown, dict) else None
    return {
        "moves": int(sum(counted.values())), "edges": len(counted), "journeys": int(sum(starts.values())), "first": list(first),
        "n": int(counted[first]), "median": float(median) if median is not None else None,
    }  # fmt: skip


def variants(backend: str, path: str) -> dict[str, Any]:
    """Variants with their counts."""
    found = pm4py.get_variants(_log(backend, path))
    return {"variants": len(found), "journeys": int(sum(found.values())), "most": int(max(found.values()))}


def distinct(backend: str, path: str) -> dict[str, Any]:
    """Variants with neighbours that are the same once, as etappe counts them: for the comparison of answers, not timed."""
    found = pm4py.get_variants(_log(backend, path), max_repetitions=1)
    return {"variants": len(found), "journeys": int(sum(found.values())), "most": int(max(found.values()))}


def funnel(backend: str, path: str, stages: list[str]) -> dict[str, Any]:
    """Journeys by how many of the stages they passed in order; it knows no times between them."""
    log = _log(backend, path)
    counts = []
    for number, stage in enumerate(stages):
        if number == 0:
            log = pm4py.filter_event_attribute_values(log, "concept:name", [stage], level="case")
        else:
            log = pm4py.filter_eventually_follows_relation(log, [(stages[number - 1], stage)])
        names = log.select("case:concept:name").unique().collect() if backend == "polars" else log["case:concept:name"].unique()
        counts.append(len(names))
    return {"counts": counts}


if __name__ == "__main__":
    what, backend, path, *rest = sys.argv[1:]
    steps = {"moves": moves, "variants": variants, "distinct": distinct}
    say(lambda: funnel(backend, path, rest[0].split(",")) if what == "funnel" else steps[what](backend, path))
