"""Fifty who read and ten who edit at once: `python -m benchmarks.page_load WORKSPACE [--seconds N] [--print-only]`.

A reader opens a view, which is all that the page asks for then, at once; reads it for 2 to 10 seconds; opens the next one.
Nobody reads faster for long. Every tenth view has a filter, and so has to be computed when nobody had it before; answers
are asked for with the tag that the browser has, as browsers do. Five of the readers have the map open that is edited. An
editor is in the room of the map by a live connection, and every 2 to 4 seconds writes a card or changes one of theirs. The
server is one process on a copy of the workspace; readers, editors and server share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from websockets.asyncio.client import ClientConnection, connect

from benchmarks import page
from benchmarks.machine import machine
from benchmarks.serving import served
from benchmarks.views import copied, processor

READERS, WATCHING, EDITORS, SECONDS = 50, 5, 10, 60
LIMIT: Final = 0.5  # seconds, of which 95 of 100 answers have to be quicker
MAP: Final = "load"
FILTERS: Final = ("kind=renewal", "kind=first_purchase", "outcome=won", "outcome=lost", "kind=expansion", "since=2026-01-01")
ANALYSES: Final = ("stages", "paths", "variants", "blockers", "attribution", "channels", "content", "searches", "buying-center", "drift", "durations", "playbook")
VIEWS: Final = (
    ("/overview", "/analyses/blockers?language=de", "/overview/maps", "/accounts?quiet=90&sort=won_value&size=5"),
    ("/maps",), (f"/maps/{MAP}", f"/maps/{MAP}/history?limit=200"), ("/personas",), ("/sources",), ("/reviews", "/reviews/tasks"),
    ("/accounts?sort=last_step_at&down=true&page=1&size=50", "/filters"),
    *((f"/analyses/{name}?language=de", "/filters") for name in ANALYSES),
)  # fmt: skip


@dataclass
class Told:
    """Seconds to each answer, and what failed."""

    reads: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)
    edits: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    last: int = 0  # revision of the last acknowledged edit


async def _read(client: httpx.AsyncClient, until: float, told: Told, seed: int) -> None:
    chance, tags = random.Random(seed), dict[str, str]()
    await asyncio.sleep(chance.uniform(0, 6))
    while time.monotonic() < until:
        view = chance.choice(VIEWS)
        filtered = f"&{chance.choice(FILTERS)}" if chance.random() < 0.1 and "/analyses" in view[0] else ""
        await asyncio.gather(*(_asked(client, path + (filtered if "/analyses" in path else ""), tags, told, bool(filtered)) for path in view))
        await asyncio.sleep(chance.uniform(2, 10))


async def _asked(client: httpx.AsyncClient, path: str, tags: dict[str, str], told: Told, filtered: bool) -> None:
    began = time.perf_counter()
    try:
        answer = await client.get(f"/api/v1{path}", headers={"If-None-Match": tags[path]} if path in tags else {})
    except httpx.HTTPError as fault:
        told.failed.append(f"{path}: {fault!r}")
        return
    (told.computed if filtered and "/analyses" in path else told.reads).append(time.perf_counter() - began)
    if answer.status_code not in (200, 304):
        told.failed.append(f"{path}: {answer.status_code}")
    if "etag" in answer.headers:
        tags[path] = answer.headers["etag"]


async def _watch(room: ClientConnection) -> None:
    async for _ in room:
        pass


async def _edit(room: ClientConnection, until: float, told: Told, number: int) -> None:
    chance = random.Random(1000 + number)
    own: list[str] = []
    turn = 0
    while time.monotonic() < until:
        await asyncio.sleep(chance.uniform(2, 4))
        card = chance.choice(own) if own and chance.random() < 0.7 else f"c-{number}-{turn}"
        text = f"Zettel {turn} von {number}"
        change = {"do": "set", "collection": "cards", "id": card, "path": ["text"], "value": text} if card in own else {"do": "add", "collection": "cards", "thing": {"id": card, "stage": "research", "lane": "actions", "text": text}}
        id = f"load-{number}-{turn:05}"
        began = time.perf_counter()
        await room.send(json.dumps({"type": "edit", "id": id, "changes": [change]}))
        answer: dict[str, Any] = {}
        while answer.get("id") != id or answer["type"] not in ("ack", "refused"):
            answer = json.loads(await asyncio.wait_for(room.recv(), 60))
        told.edits.append(time.perf_counter() - began)
        if answer["type"] == "refused":
            told.failed.append(f"edit: {answer['error']}")
        else:
            own.append(card)
            told.last = max(told.last, answer["revision"])
        turn += 1


async def _run(base: str, headers: dict[str, str], seconds: float) -> Told:
    told = Told()
    address = f"{base.replace('http', 'ws')}/api/v1/maps/{MAP}/live"
    rooms = [await connect(address, additional_headers={"Cookie": headers["Cookie"]}, ping_interval=None) for _ in range(EDITORS + WATCHING)]
    async with httpx.AsyncClient(base_url=base, timeout=60, limits=httpx.Limits(max_connections=READERS), headers=headers) as client:
        until = time.monotonic() + seconds
        watching = [asyncio.create_task(_watch(room)) for room in rooms[EDITORS:]]
        await asyncio.gather(*(_read(client, until, told, seed) for seed in range(READERS)), *(_edit(room, until, told, number) for number, room in enumerate(rooms[:EDITORS])))
        for task in watching:
            task.cancel()
        revision = (await client.get(f"/api/v1/maps/{MAP}")).json()["revision"]
    if revision != told.last:
        told.failed.append(f"the last edit was acknowledged as revision {told.last}, the map has {revision}")
    for room in rooms:
        await room.close()
    return told


def measure(workspace: Path, seconds: float) -> tuple[Told, float]:
    """The load on a copy of a workspace; and how much of one core the server was at work."""
    with tempfile.TemporaryDirectory(prefix="etappe-bench-load-", dir=workspace.parent) as folder:
        root = copied(workspace, Path(folder) / "workspace")
        with served(root, warm=True) as (client, server):
            client.post("/api/v1/maps", json={"id": MAP, "examples": True}).raise_for_status()
            for path in dict.fromkeys(path for view in VIEWS for path in view):  # a server that runs already
                client.get(f"/api/v1{path}").raise_for_status()
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items()), "X-CSRF": client.headers["X-CSRF"]}
            before = processor(server)
            told = asyncio.run(_run(str(client.base_url).rstrip("/"), headers, seconds))
            return told, (processor(server) - before) / seconds


def text(told: Told, share: float, seconds: float) -> str:
    """The part of the page."""
    rows = [("all answers to readers", [*told.reads, *told.computed], f"{LIMIT:g} s"), ("those with a filter among them", told.computed, ""), ("edits, until they are acknowledged", told.edits, f"{LIMIT:g} s")]
    lines = [
        "## Fifty who read and ten who edit at once", "",
        f"Printed by `python -m benchmarks.page_load`, {seconds:g} seconds. A reader opens a view with all its requests at once and reads it for 2 to 10 seconds; every tenth view has a filter; {WATCHING} have the edited map open besides. An editor writes or changes a card every 2 to 4 seconds by a live connection. One server, on the same two cores as its readers: it was at work for {share:.0%} of one.",
        f"Promised: no error, 95 of 100 answers under {LIMIT:g} s. {machine()}", "",
        "| | asked | in the middle | 95 of 100 under | slowest | promised | kept |", "| --- | --: | --: | --: | --: | --: | --- |",
        *(f"| {words} | {len(times):,} | {_part(times, 0.5):.3f} s | {_part(times, 0.95):.3f} s | {max(times, default=0):.3f} s | {promised} | {_kept(times) if promised else ''} |" for words, times, promised in rows),
        f"| errors | {len(told.failed)} | | | | 0 | {'**no**' if told.failed else 'yes'} |",
    ]  # fmt: skip
    return "\n".join(lines)


def _kept(times: list[float]) -> str:
    return "yes" if _part(times, 0.95) <= LIMIT else "**no**"


def _part(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)] if times else 0.0


def main() -> int:
    """Prints the part, onto the page too unless `--print-only` is said; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_load", description=__doc__)
    parser.add_argument("workspace", type=Path, help="a workspace that is built; it is copied")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--print-only", action="store_true", help="leave docs/benchmarks.md as it is")
    given = parser.parse_args()
    told, share = measure(given.workspace, given.seconds)
    shown = text(told, share, given.seconds)
    print(shown, *told.failed[:10], sep="\n")
    if not given.print_only:
        page.put("load", shown)
    return int(bool(told.failed) or any(_part(times, 0.95) > LIMIT for times in ([*told.reads, *told.computed], told.edits)))


if __name__ == "__main__":
    sys.exit(main())
