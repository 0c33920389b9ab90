"""etappe's own side: `python -m benchmarks.peers.etappe_steps moves|variants|funnel WORKSPACE` or `all_models|two_models PATHS`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import ibis.backends.duckdb
import pandas  # noqa: F401  loaded before the clock starts, as the other tools load theirs
import scipy.sparse  # noqa: F401

from benchmarks.peers.clock import say
from etappe.analyses import attribution, paths, paths_table, stages, variants
from etappe.workspace import answers
from etappe.workspace.workspace import open_workspace

_LOADED = (ibis.backends.duckdb, attribution, paths, stages, variants, answers)


def moves(workspace: str) -> dict[str, Any]:
    """`show paths`: counts, mean and median waits with intervals, journeys, share won."""
    found = open_workspace(workspace).show("paths", keep=1.0, limit=100_000)
    inner = [row for row in found.rows if "(" not in row["from"] + row["to"]]
    first = max(inner, key=lambda row: row["moves"])
    return {
        "moves": sum(row["moves"] for row in inner), "edges": len(inner),
        "journeys": sum(row["moves"] for row in found.rows if row["from"] == "(start)"), "first": [first["from"], first["to"]],
        "n": first["moves"], "median": first["median_days"].value * 86_400,
    }  # fmt: skip


def one_variants(workspace: str) -> dict[str, Any]:
    """`show variants`."""
    found = open_workspace(workspace).show("variants")
    return {"variants": found.population["variants"], "journeys": found.population["journeys"], "most": found.rows[0]["journeys"]}


def funnel(workspace: str) -> dict[str, Any]:
    """`show stages`: how many enter each stage, get on from it, and after how many days, open journeys censored."""
    rows = open_workspace(workspace).show("stages").rows[:5]
    return {"counts": [row["journeys"] for row in rows], "days": [row["median_days"].value for row in rows]}


def attribute(path: str, models: tuple[str, ...], draws: int) -> dict[str, Any]:
    """`etappe attribute PATHS`."""
    options = paths_table.TableOptions(conversions="conversions", value="value", nulls="nulls", models=models, draws=draws)
    rows = paths_table.attribute_file(Path(path), options).rows
    credit: dict[str, dict[str, float]] = {}
    for row in rows:
        credit.setdefault(row["model"], {})[row["channel"]] = round(row["conversions"].value, 2)
    return {"models": len(credit), "credit": credit}


if __name__ == "__main__":
    what, path = sys.argv[1:3]
    steps = {
        "moves": lambda: moves(path), "variants": lambda: one_variants(path), "funnel": lambda: funnel(path),
        "all_models": lambda: attribute(path, ("all",), 200), "two_models": lambda: attribute(path, ("markov1", "shapley"), 0),
    }  # fmt: skip
    say(steps[what])
