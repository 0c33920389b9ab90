"""Fifty readers and ten editors at once on one server: `python -m benchmarks.page_load WORKSPACE [SECONDS]`.

Bounded in count and time: each reader opens a view every second, each editor changes a card every two seconds. Prints how
many requests were answered, how many failed, and the 50th and 95th percentile of the times to answer, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

READERS, EDITORS, SECONDS = 50, 10, 20
VIEWS = (
    "/analyses/stages", "/analyses/durations", "/analyses/channels", "/analyses/paths", "/analyses/journeys", "/analyses/attribution", "/filters",
    "/accounts?size=50", "/overview", "/sources", "/maps/load", "/maps/load/history?limit=50", "/session",
)  # fmt: skip


def _serve(root: Path) -> tuple[subprocess.Popen[str], str]:
    code = f"from etappe.cli.main import main; main(['-w', {str(root)!r}, 'serve', '--no-open', '--port', '0', '--json'])"
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ)
    assert server.stdout is not None
    text = ""
    while not text.rstrip().endswith("}"):
        text += server.stdout.readline()
    return server, json.loads(text)["address"]


async def _read(client: httpx.AsyncClient, until: float, told: list[tuple[str, int, float]], seed: int) -> None:
    chance = random.Random(seed)
    await asyncio.sleep(chance.random())
    while time.monotonic() < until:
        path = chance.choice(VIEWS)
        await _timed(client, "GET", path, told)
        await asyncio.sleep(chance.uniform(0.5, 1.5))


async def _edit(client: httpx.AsyncClient, until: float, told: list[tuple[str, int, float]], number: int) -> None:
    turn = 0
    while time.monotonic() < until:
        thing = {"id": f"c-{number}-{turn}", "stage": "research", "lane": "actions", "text": f"note {turn} of {number}"}
        await _timed(client, "POST", "/maps/load/edits", told, {"id": f"load-{number}-{turn:05}", "changes": [{"do": "add", "collection": "cards", "thing": thing}]})
        turn += 1
        await asyncio.sleep(2)


async def _timed(client: httpx.AsyncClient, method: str, path: str, told: list[tuple[str, int, float]], body: Any = None) -> None:
    begun = time.perf_counter()
    try:
        status = (await client.request(method, f"/api/v1{path}", json=body)).status_code
    except httpx.HTTPError:
        status = 0
    told.append((method, status, time.perf_counter() - begun))


async def _run(base: str, link: str, seconds: float) -> list[tuple[str, int, float]]:
    told: list[tuple[str, int, float]] = []
    limits = httpx.Limits(max_connections=READERS + EDITORS)
    async with httpx.AsyncClient(base_url=base, timeout=60, limits=limits) as client:
        await client.get(link)
        client.headers["X-CSRF"] = (await client.get("/api/v1/session")).json()["csrf"]
        await client.post("/api/v1/maps", json={"id": "load", "examples": True})
        for path in VIEWS:
            await client.get(f"/api/v1{path}")
        until = time.monotonic() + seconds
        await asyncio.gather(*(_read(client, until, told, seed) for seed in range(READERS)), *(_edit(client, until, told, number) for number in range(EDITORS)))
    return told


def measure(workspace: Path, seconds: float = SECONDS) -> dict[str, Any]:
    """The load on a copy of a workspace."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        shutil.copytree(workspace, root)
        server, link = _serve(root)
        try:
            told = asyncio.run(_run(link.split("/s/")[0], link, seconds))
        finally:
            server.terminate()
            server.wait(20)
    shown: dict[str, Any] = {"readers": READERS, "editors": EDITORS, "seconds": seconds, "failed": sum(not 200 <= status < 400 for _, status, _ in told)}
    for method, name in (("GET", "reads"), ("POST", "edits")):
        times = sorted(taken for kind, _, taken in told if kind == method)
        shown[name] = {"n": len(times), "p50_ms": round(1000 * times[len(times) // 2], 1), "p95_ms": round(1000 * times[int(len(times) * 0.95)], 1)}
    return shown


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS), indent=1))
