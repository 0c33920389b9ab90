"""`python -m benchmarks [--events MILLIONS] [--folder DIR] [--keep]`: everything, in order, onto docs/benchmarks.md.

Each step runs as a process of its own, so that its peak of memory is its own. Ratios are of two steps of one run, on
the same files. With less than 10 million events the page is printed and not written.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import answers
from benchmarks.page import Measured, page
from benchmarks.process import ROOT, step

PAGE = ROOT / "docs" / "benchmarks.md"


def main(arguments: list[str] | None = None) -> int:
    """Runs the benchmarks; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--events", type=float, default=10.0, help="million events, default 10")
    parser.add_argument("--folder", type=Path, help="where to work; about 1.5 GB a million events; else a temporary folder")
    parser.add_argument("--keep", action="store_true", help="leave the folder as it is at the end, and use its exports if there are any")
    parser.add_argument("--times", type=int, default=1, help="runs of import and build, of which the fastest pair counts")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)} though there are fewer events")
    given = parser.parse_args(arguments)
    folder = given.folder or Path(tempfile.mkdtemp(prefix="etappe-bench-"))
    try:
        measured = measure(folder, int(given.events * 1_000_000), given.times)
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
    text = page(measured)
    print(text)
    if given.events >= 10 or given.write:
        PAGE.write_text(text, encoding="utf-8")
    return int(not measured.kept)


def measure(folder: Path, events: int, times: int) -> Measured:
    """All steps, one after the other, never two at once."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "raw").exists():
        _say("writing the sample company's exports")
        step("company", folder, str(events))
    _say("import")
    imported = [step("imports", "etappe", folder) for _ in range(times)]
    _say("import by plain DuckDB")
    plain = [step("imports", "plain", folder) for _ in range(times)]
    _say("import of everything again")
    again = step("imports", "again", folder)
    _say("build")
    built = [step("builds", "etappe", folder) for _ in range(times)]
    _say("build by the least script")
    least = [step("builds", "least", folder) for _ in range(times)]
    _say("answers")
    asked = answers.processes(folder, 5)
    inside = step("answers", folder).said
    size = sum(path.stat().st_size for path in (folder / "raw").rglob("*") if path.is_file())
    return Measured(size, _fastest(imported), _fastest(plain), again, _fastest(built), _fastest(least), asked, inside)


def _fastest(took: list) -> object:  # type: ignore[type-arg]
    return min(took, key=lambda one: one.seconds)


def _say(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
