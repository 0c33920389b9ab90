"""How soon a question is answered: as a whole process (the command) and in a process that runs already (the notebook)."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.process import Took, median

LIMITS = {"--help": 0.3, "account": 0.5, "status": 0.5, "show stages": 1.0}


def processes(folder: Path, times: int) -> dict[str, Took]:
    """Each command as a process of its own, the middle of several runs."""
    command = str(Path(sys.executable).parent / "etappe")
    words = {"--help": ["--help"], "account": ["account", account(folder)], "status": ["status"], "show stages": ["show", "stages"]}
    return {name: median(times, [command, *asked], folder / "workspace") for name, asked in words.items()}


def account(folder: Path) -> str:
    """An account of a common size: among those that won, the one in the middle by its number of steps."""
    import polars as pl

    build = folder / "workspace" / "builds" / (folder / "workspace" / "builds" / "current").read_text().strip()
    sizes = pl.scan_parquet(build / "journeys.parquet").filter(pl.col("outcome") == "won").group_by("account_id").agg(pl.col("steps").sum())
    ordered = sizes.sort("steps", "account_id").collect()
    return str(ordered["account_id"][len(ordered) // 2])


def inside(folder: Path, times: int = 5) -> dict[str, float]:
    """The same questions in one process, median seconds; the first, which loads what is needed, is left out."""
    from etappe.workspace.workspace import open_workspace

    ws = open_workspace(folder / "workspace")
    asked = account(folder)
    questions: dict[str, Callable[[], Any]] = {"account": lambda: ws.account(asked), "status": ws.status, "show stages": lambda: ws.show("stages")}
    return {name: _median(question, times) for name, question in questions.items()}


def _median(question: Callable[[], Any], times: int) -> float:
    took = []
    for _ in range(times + 1):
        began = time.perf_counter()
        question()
        took.append(time.perf_counter() - began)
    return statistics.median(took[1:])


if __name__ == "__main__":
    print(json.dumps(inside(Path(sys.argv[1]))))
