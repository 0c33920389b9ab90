"""`python -m benchmarks [--events MILLIONS] [--large MILLIONS] [--folder DIR] [--keep]`: import, build and answers onto docs/benchmarks.md.

Each step runs as a process of its own, so that its peak of memory is its own. Ratios are of two steps of one run, on
the same files. With less than 10 million events the part is printed and not written. `--large` builds a workspace of
so many events more (default 100 million), whose evidence is the first one's, multiplied. `python -m benchmarks.analyses
FOLDER` and `python -m benchmarks.peers FOLDER` measure the questions on a folder that `--keep` has left.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import large, page, pipeline


def main(arguments: list[str] | None = None) -> int:
    """Runs the benchmarks; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--events", type=float, default=10.0, help="million events, default 10")
    parser.add_argument("--large", type=float, nargs="?", const=100.0, help="also build so many million events, default 100; about 0.4 GB a million")
    parser.add_argument("--only-large", action="store_true", help="of a folder that is built already, only `--large`")
    parser.add_argument("--folder", type=Path, help="where to work; about 1.5 GB a million events; else a temporary folder")
    parser.add_argument("--keep", action="store_true", help="leave the folder as it is at the end, and use its exports if there are any")
    parser.add_argument("--times", type=int, default=1, help="runs of import and build, of which the fastest pair counts")
    parser.add_argument("--write", action="store_true", help="write the page though there are fewer events")
    given = parser.parse_args(arguments)
    folder = given.folder or Path(tempfile.mkdtemp(prefix="etappe-bench-"))
    kept = True
    try:
        if not given.only_large:
            measured = pipeline.measure(folder, int(given.events * 1_000_000), given.times)
            _show("pipeline", pipeline.text(measured), given.events >= 10 or given.write)
            kept = measured.kept
        if given.large:
            made = large.measure(folder, given.large)
            _show("large", large.text(made), given.large >= 100 or given.write)
            kept = kept and made.kept
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return int(not kept)


def _show(part: str, text: str, write: bool) -> None:
    print(text)
    if write:
        page.put(part, text)


if __name__ == "__main__":
    sys.exit(main())
