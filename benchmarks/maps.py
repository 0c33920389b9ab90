"""How long a large map takes to print, and to leave and come back as text: `python -m benchmarks.maps [--print-only]`.

Each is asked in a process that runs already; the first run, which loads what is needed, is left out.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import page
from benchmarks.machine import machine
from etappe.maps.map import Map
from etappe.maps.order import spread
from etappe.maps.template import new_map
from etappe.reports.map.report import Asked, write_map
from etappe.workspace.workspace import init_workspace

TIMES = 5


@dataclass(frozen=True)
class Timed:
    """What was done, the median of its seconds, and how many were promised."""

    what: str
    seconds: float
    limit: float


def large_map(count: int) -> Map:
    """A map of seven phases with so many cards, as many in each stage and lane."""
    made = new_map("gross", "seven-phases", language="de", owner="bench")
    stages, lanes = ([thing.id for thing in made.sorted(name)] for name in ("stages", "lanes"))
    places = [(stage, lane) for stage in stages for lane in lanes]
    cards = {}
    for number, order in enumerate(spread(count)):
        stage, lane = places[number % len(places)]
        text = f"Vergleicht Angebot {number} mit einer eigenen Tabelle und fragt im Haus nach, wer mitentscheidet"
        cards[f"k{number}"] = {"id": f"k{number}", "stage": stage, "lane": lane, "order": order, "text": text, "provenance": "interview", "claim": "coverage(article) >= 0.3" if number % 5 == 0 else ""}
    return Map.load({**made.plain(), "cards": cards})


def measure() -> list[Timed]:
    """All of it, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="etappe-bench-maps-") as name:
        folder = Path(name)
        printed = Asked(large_map(500), 1, None, "de")
        found = [Timed(f"a map of 500 cards to {ending}", _median(partial(write_map, printed, folder / f"map.{ending.lower()}")), limit) for ending, limit in (("PDF", 2.0), ("PPTX", 3.0))]
        return [*found, Timed("a map of 2,000 cards out as YAML and in again", _median(_there_and_back(folder)), 1.0)]


def _there_and_back(folder: Path) -> Callable[[], object]:
    """Exports a map and reads it in again, each time with a card that was changed in the file."""
    atlas = init_workspace(folder / "workspace").atlas
    atlas.store.create(large_map(2000), "bench")
    path = folder / "gross.map.yaml"
    number = iter(range(1_000_000))

    def once() -> None:
        atlas.export("map", "gross", path)
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("Vergleicht Angebot", f"Prüft {next(number)} Mal Angebot", 1), encoding="utf-8")
        atlas.import_(path, "bench")

    return once


def _median(done: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        done()
        took.append(time.perf_counter() - began)
    return statistics.median(took[1:])


def text(found: list[Timed]) -> str:
    """The part of the page."""
    rows = [f"| {item.what} | {item.seconds:.2f} s | {item.limit:g} s | {'✓' if item.seconds <= item.limit else '✕'} |" for item in found]
    return "\n".join(["## Maps", "", f"Median of {TIMES} runs in a process that runs already, without a check. {machine()}", "", "| | took | promised | |", "| --- | --: | --: | --- |", *rows])


def main() -> int:
    """Prints the part, onto the page too unless `--print-only` is said; 1 where a promise is broken."""
    found = measure()
    print(text(found))
    if "--print-only" not in sys.argv:
        page.put("maps", text(found))
    return int(any(item.seconds > item.limit for item in found))


if __name__ == "__main__":
    sys.exit(main())
