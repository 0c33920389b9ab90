"""marketing-attribution-models: `python -m benchmarks.peers.mam_steps FILE`: Markov of order 1 and Shapley."""

from __future__ import annotations

import sys
import time
from typing import Any

import polars as pl
from mam.core import MAM

from benchmarks.peers.clock import say


def both(path: str) -> dict[str, Any]:
    """Its preparation, Markov, Shapley."""
    parts: dict[str, Any] = {}
    began = time.perf_counter()
    tool = MAM(
        pl.read_parquet(path), format_type="session", channels_colname="channel", journey_with_conv_colname="converted",
        datetime_colname="at", user_id_colname="journey",
    )  # fmt: skip
    parts["preparation"] = time.perf_counter() - began
    for name, run in (("markov", tool.run_markov), ("shapley", tool.run_shapley)):
        began = time.perf_counter()
        found = run()
        parts[name] = time.perf_counter() - began
        table = found.to_polars()
        columns = [table[name].to_list() for name in table.columns[:2]]
        parts[f"credit_{name}"] = {str(key): float(value) for key, value in zip(*columns, strict=True)}
    return parts


if __name__ == "__main__":
    say(lambda: both(sys.argv[1]))
