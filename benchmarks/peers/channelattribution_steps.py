"""ChannelAttribution: `python -m benchmarks.peers.channelattribution_steps FILE`: heuristics, order 1, order 2; no intervals."""

from __future__ import annotations

import sys
import time
from typing import Any

import ChannelAttribution as tool
import pandas as pd

from benchmarks.peers.clock import say


def all_models(path: str) -> dict[str, Any]:
    """The three heuristics it has, and Markov of order 1 and 2."""
    rows = pd.read_parquet(path)
    parts = {}
    began = time.perf_counter()
    columns = {"var_path": "path", "var_conv": "conversions", "var_value": "value"}
    heuristics = tool.heuristic_models(rows, **columns, flg_pro=False)
    parts["heuristics"] = time.perf_counter() - began
    for order in (1, 2):
        began = time.perf_counter()
        found = tool.markov_model(rows, **columns, var_null="nulls", order=order, verbose=False, flg_pro=False)
        parts[f"markov{order}"] = time.perf_counter() - began
        shown = found[0] if isinstance(found, (list, tuple)) else found["result"] if isinstance(found, dict) else found
        parts[f"credit{order}"] = dict(zip(shown.iloc[:, 0], (round(float(x), 2) for x in shown.iloc[:, 1]), strict=True))
    parts["linear"] = dict(zip(heuristics["channel"] if "channel" in heuristics else heuristics.iloc[:, 0], (round(float(x), 2) for x in heuristics["linear_touch_conversions"]), strict=True))
    return parts


if __name__ == "__main__":
    say(lambda: all_models(sys.argv[1]))
