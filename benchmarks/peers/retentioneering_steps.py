"""retentioneering: `python -m benchmarks.peers.retentioneering_steps moves|funnel FILE [STAGES]`. It has no variants."""

from __future__ import annotations

import os
import sys
from typing import Any

os.environ["RETENTIONEERING_NO_TRACK"] = "1"

import pandas as pd
from retentioneering.eventstream.eventstream import Eventstream

from benchmarks.peers.clock import say

_SCHEMA = {"path_cols": ["journey_id"], "event_col": "touchpoint", "timestamp_col": "happened_at"}


def _stream(path: str) -> Any:
    return Eventstream(pd.read_parquet(path, columns=["journey_id", "touchpoint", "happened_at"]), _SCHEMA)


def moves(path: str) -> dict[str, Any]:
    """Counts and median waits; it knows no means."""
    stream = _stream(path)
    counted, median = stream.transition_graph_data("count"), stream.transition_graph_data("time_median")
    own = [name for name in counted.index if not str(name).startswith("path_")]
    inner = counted.loc[own, own]
    source, target = inner.stack().idxmax()
    return {
        "moves": int(inner.to_numpy().sum()), "edges": int((inner.to_numpy() > 0).sum()), "first": [str(source), str(target)],
        "n": int(inner.loc[source, target]), "median": pd.Timedelta(median.loc[source, target], "s").total_seconds(),
    }  # fmt: skip


def funnel(path: str, stages: list[str]) -> dict[str, Any]:
    """Journeys by how many of the stages they passed in order; it knows no times between them."""
    return {"counts": [int(step["unique_paths"]) for step in _stream(path).funnel_data(stages)["steps"]]}


if __name__ == "__main__":
    what, path, *rest = sys.argv[1:]
    say(lambda: funnel(path, rest[0].split(",")) if what == "funnel" else moves(path))
