"""Every `show` beside the plain DuckDB query that does the same least work on the same tables.

`python -m benchmarks.analyses FOLDER` writes its section of docs/benchmarks.md; FOLDER holds a workspace with a build.
The plain queries (`plain_analyses.sql`) count; they give no interval, no test and no match of like with like.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.compute as pc

from benchmarks.machine import machine
from benchmarks.page import put
from benchmarks.peers.files import build_of

TIMES = 3
RATIO, ALWAYS_FINE, MOST, FILTERED = 1.5, 0.2, 2.0, 1.0
TENTH = {"kind": "renewal"}
Answer = Callable[[Any], float]

# What is compared: a number of the answer of `show` that the plain query has to give, too.
ANSWERS: dict[str, Answer] = {
    "before-sales": lambda found: found.rows[0]["journeys"],
    "buying-center": lambda found: sum(row["won"].n for row in found.rows if row["what"] == "people"),
    "channels": lambda found: sum(row["steps"] for row in found.rows),
    "journeys": lambda found: found.population["journeys"],
    "paths": lambda found: found.population["moves"],
    "pauses": lambda found: found.population["journeys"],
    "stages": lambda found: sum(row["journeys"] for row in found.rows),
    "variants": lambda found: found.population["variants"],
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One analysis: seconds of `show`, of the plain query, and of `show` with a filter that keeps a tenth; processor seconds of
    the first two, which say more where others use the machine, too.
    """

    name: str
    seconds: float
    plain: float
    filtered: float
    same: bool | None
    work: float
    plain_work: float

    @property
    def kept(self) -> bool:
        """Whether all that is promised of it holds."""
        quick = self.seconds <= max(ALWAYS_FINE, RATIO * self.plain)
        return quick and self.seconds <= MOST and self.filtered <= FILTERED and self.same is not False

    @property
    def text(self) -> str:
        """A row of the table."""
        same = {True: "yes", False: "**no**", None: "–"}[self.same]
        ratio = f"{self.seconds / self.plain:.1f} ×" if self.plain else ""
        return f"| `show {self.name}` | {self.seconds:.3f} | {self.plain:.3f} | {ratio} | {self.filtered:.3f} | {self.work:.2f} | {self.plain_work:.2f} | {same} | {'yes' if self.kept else '**no**'} |"


def main(arguments: list[str] | None = None) -> int:
    """Times all analyses; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.analyses", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="names, separated by commas; then nothing is written")
    given = parser.parse_args(arguments)
    only = [name for name in given.only.split(",") if name]
    lines = measure(given.folder, only)
    text = _page(given.folder, lines)
    print(text)
    if not only:
        put("analyses", text)
    return int(not all(line.kept for line in lines))


def measure(folder: Path, only: list[str]) -> list[Line]:
    """All analyses, one after the other, in one process; the first answer of each, which loads what it needs, is left out."""
    from etappe.workspace import kept_answers
    from etappe.workspace.workspace import open_workspace

    kept_answers.BEFOREHAND = ()  # type: ignore[misc]  # what is measured is to make an answer, not to read one that the build keeps
    workspace = open_workspace(folder / "workspace")
    queries = plain_queries()
    lines = []
    for name in only or sorted(queries):
        print(f"… {name}", file=sys.stderr, flush=True)
        seconds, work, found = _median(lambda name=name: workspace.show(name))
        filtered, _, _ = _median(lambda name=name: workspace.show(name, **TENTH))
        plain, plain_work, rows = _plain(folder, queries[name])
        same = bool(abs(ANSWERS[name](found) - rows) < 0.5) if name in ANSWERS else None
        lines.append(Line(name, seconds, plain, filtered, same, work, plain_work))
    return lines


def plain_queries() -> dict[str, str]:
    """Name → query, from `plain_analyses.sql`."""
    text = (Path(__file__).parent / "plain_analyses.sql").read_text(encoding="utf-8")
    parts = [part.split("\n", 1) for part in text.split("-- show ")[1:]]
    return {name.strip(): query.strip().rstrip(";") for name, query in parts}


def _plain(folder: Path, query: str) -> tuple[float, float, float]:
    """Seconds, processor seconds, and the sum of the last column: what is compared."""
    build = build_of(folder)

    def ask() -> float:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            asked = query.replace("{build}", str(build)).replace("{evidence}", str(folder / "workspace" / "evidence"))
            found = connection.sql(asked).to_arrow_table()
            return float(pc.sum(found.column(found.num_columns - 1)).as_py() or 0)

    return _median(ask)


def _median(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Median seconds, least processor seconds, and what came of it."""
    took, busy, found = list[float](), list[float](), None
    for _ in range(TIMES + 1):
        began, begun = time.perf_counter(), time.process_time()
        found = work()
        took.append(time.perf_counter() - began)
        busy.append(time.process_time() - begun)
    return statistics.median(took[1:]), min(busy[1:]), found


def _page(folder: Path, lines: list[Line]) -> str:
    build = build_of(folder)
    steps = duckdb.execute(f"SELECT count(*) FROM '{build}/steps.parquet'").fetchall()[0][0]
    filters = ", ".join(f"`--{name} {value}`" for name, value in TENTH.items())
    return "\n".join([
        "## Questions", "",
        f"Printed by `python -m benchmarks.analyses`. {steps:,} steps of the sample company, in a process that runs already, median of {TIMES}; what a build keeps of answers is not used. The plain queries are in [`benchmarks/plain_analyses.sql`](../benchmarks/plain_analyses.sql): they count on the same tables, without intervals, tests, or comparing like with like.",
        f"Promised: at most {RATIO} × the plain query or under {ALWAYS_FINE} s, none over {MOST:.0f} s, and under {FILTERED:.0f} s with a filter that keeps about a tenth ({filters}).", "",
        machine(), "",
        "| question | seconds | plain query | ratio | filtered | processor seconds | of the plain query | same answer | kept |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *[line.text for line in lines], "",
    ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
