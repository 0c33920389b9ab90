"""How long `check` of a map with a hundred claims takes: `python -m benchmarks.checks FOLDER`.

FOLDER holds a workspace with a build (`python -m benchmarks --folder FOLDER --keep`); a map named `hundred-claims` is put
into it. Every sort of measure is asked; the first check is of a process that has only just begun.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import page
from benchmarks.machine import machine
from benchmarks.verdicts import COVERED, NAMES, ORDERS, STAGES
from etappe.maps.changes import Add, Several
from etappe.workspace.workspace import Workspace, open_workspace

MAP = "hundred-claims"
CLAIMS, LIMIT = 100, 5.0
PIECES = ("/preise", "/produkte", "whitepaper-schwingungsmessung.pdf", "/de/loesungen", "/referenzen")
SAID = ('mention(price) >= 3 of reviews', 'mention(Preis) >= 3 of answers', 'mention(Termin) >= 3 of tickets',
        'found("schwingungsmessung") <= 10', 'found("schwingungssensor") <= 10')  # fmt: skip


def claims() -> list[str]:
    """A hundred claims, of all measures."""
    made = [text for touchpoint, _, stage in COVERED for text in (f"coverage({touchpoint}) in {NAMES[stage]} >= 0.3", f"coverage({touchpoint}) >= 0.2")]
    for stage in STAGES:
        name = NAMES[stage]
        made += [f"conversion({name}) >= 0.4", f"dwell({name}) <= 30 days", f"dwell({name}) between 5 and 60 days", f"feeling({stage}) >= 0"]
    made += [text for one, _, other, _ in ORDERS for text in (f"order({one}, {other})", f"order({one}, {other}) where segment = large")]
    made += [text for piece in PIECES for text in (f"content({piece}) in preselection >= 0.1", f"content({piece}) >= 0.1")]
    made += SAID
    more = (f"coverage({COVERED[n % len(COVERED)][0]}) in {NAMES[STAGES[n % len(STAGES)]]} >= 0.{n % 9 + 1}" for n in range(CLAIMS))
    return [*made, *more][:CLAIMS]


def prepared(folder: Path) -> Workspace:
    """The workspace, with the map in it."""
    ws = open_workspace(folder / "workspace")
    if MAP not in {row.id for row in ws.atlas.listed("map")}:
        ws.atlas.new_map(MAP, "bench", template="seven-phases", language="de", journey=("first_purchase",))
        cards = [{"id": f"h{n}", "stage": "preselection", "lane": "actions", "order": "V", "text": str(n), "claim": claim} for n, claim in enumerate(claims())]
        ws.atlas.apply("map", MAP, Several(changes=tuple(Add(collection="cards", thing=card) for card in cards)), "bench")
    return ws


def measure(folder: Path) -> tuple[list[tuple[float, float]], dict[str, Any]]:
    """Seconds and processor seconds of a first and a second check, and how the claims came out."""
    ws = prepared(folder)
    took = []
    for _ in range(2):
        clock, busy = time.perf_counter(), time.process_time()
        made = ws.check(MAP)
        took.append((time.perf_counter() - clock, time.process_time() - busy))
    return took, dict(made.counts())


def text(took: list[tuple[float, float]], counts: dict[str, Any]) -> str:
    """The part of the page."""
    names = ("the first in a process", "another one")
    rows = [f"| {name} | {seconds:.2f} s | {busy:.2f} s | {LIMIT:g} s | {'✓' if seconds <= LIMIT else '✕'} |" for name, (seconds, busy) in zip(names, took, strict=True)]
    found = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
    head = ["## Check of a hundred claims", "", f"On the build of 10 million events, with blind spots and agreement; {found}. {machine()}", ""]
    return "\n".join([*head, "| check | took | processor | promised | |", "| --- | --: | --: | --: | --- |", *rows])


def main(arguments: list[str]) -> int:
    """Prints the part and writes it onto the page; 1 where the promise is broken."""
    took, counts = measure(Path(arguments[0]))
    print(text(took, counts))
    page.put("checks", text(took, counts))
    return int(took[-1][0] > LIMIT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
