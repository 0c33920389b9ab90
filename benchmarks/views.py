"""How soon the page's views have their data: `python -m benchmarks.views WORKSPACE [--times N] [--print-only]`.

Every request that a view makes when it is opened is asked of a server that is its own process, on a copy of the
workspace (its tables are linked, never written). Four times of each:

computed   the first time anybody asks: nothing is kept of this build, and nothing is told beforehand
filtered   the same with a filter, for what a filter bar stands above
first      the first request to a server that was started anew, where the build's answers are kept
again      a request that was made before

The fastest of N runs counts, each on a fresh server. Processor time is the server's own, all its threads, in the steps
of 10 ms in which the system counts it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from benchmarks import page
from benchmarks.machine import machine
from benchmarks.serving import served

SMALL: Final = 1_000_000  # events up to which a workspace counts as of the sample company's size
PROMISED: Final = {True: 0.2, False: 1.0}  # seconds: of the sample company, and of ten million events
KEPT: Final = "_views"  # the folder of a build where its answers are
TICK: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Asked:
    """A request of a view; `filtered` is the same with a filter."""

    view: str
    path: str
    filtered: str = ""


@dataclass(frozen=True)
class Took:
    """Seconds until the answer was there, and processor seconds of the server."""

    seconds: float
    processor: float


Times = dict[str, dict[str, Took]]  # path → computed, filtered, first, again


def asked(client: httpx.Client) -> list[Asked]:
    """What the views ask, with the first map, persona and company there are."""
    told = {many: client.get(f"/api/v1/{many}").json() for many in ("maps", "personas")}
    companies = client.get("/api/v1/accounts?sort=steps&size=1").json()["rows"]
    names = [row["name"] for row in client.get("/api/v1/analyses").json()]
    kinds = "&".join(f"kind={kind}" for slug in told["maps"][:1] for kind in client.get(f"/api/v1/maps/{slug['id']}").json()["document"]["journey"])
    return [
        Asked("every view", "/session"), Asked("every view", "/words"), Asked("every view", "/filters"), Asked("every view", "/members"),
        Asked("Overview", "/overview"), Asked("Overview", "/overview/maps"), Asked("Overview", "/accounts?quiet=90&sort=won_value&size=5"),
        Asked("Maps", "/maps"), Asked("Maps", "/templates"),
        *(Asked("A map", path) for row in told["maps"][:1] for path in (f"/maps/{row['id']}", f"/maps/{row['id']}/check", f"/analyses/stages?{kinds}", f"/maps/{row['id']}/history?limit=200")),
        Asked("Personas", "/personas"),
        *(Asked("A persona", f"/personas/{row['id']}{more}") for row in told["personas"][:1] for more in ("", "/page")),
        Asked("Interviews", "/interviews"), Asked("Interviews", "/interviews/insights?by=topic"), Asked("Surveys", "/surveys"), Asked("Reviews", "/reviews"), Asked("Reviews", "/reviews/tasks"),
        Asked("Accounts", "/accounts?sort=last_step_at&down=true&page=1&size=50", "/accounts?sort=last_step_at&down=true&page=1&size=50&kind=renewal"),
        Asked("Accounts", "/accounts?search=ma&size=8&sort=won_value"),
        *(Asked("An account", f"/accounts/{row['account_id']}{more}") for row in companies for more in ("", "/why")),
        Asked("Segments", "/segments"), Asked("Segments", "/segments/sizes"),
        *(Asked("Analyses", f"/analyses/{name}?language=de", f"/analyses/{name}?language=de&kind=renewal") for name in names),
        Asked("Analyses", "/analyses/stages/rows?language=de&limit=500"),
        Asked("Sources", "/sources"), Asked("Sources", "/sources/quarantine"), Asked("Sources", "/rules"), Asked("Sources", "/jobs"),
        Asked("Settings", "/settings"), Asked("Settings", "/people"), Asked("Settings", "/tokens"), Asked("Settings", "/audit"),
    ]  # fmt: skip


def measure(workspace: Path, times: int) -> tuple[list[Asked], Times, float]:
    """All of it, the fastest of so many runs; and the processor seconds that a server needs after a new build to tell answers beforehand."""
    with tempfile.TemporaryDirectory(prefix="etappe-bench-views-", dir=workspace.parent if os.access(workspace.parent, os.W_OK) else None) as name:
        root = copied(workspace, Path(name) / "workspace")
        with served(root, warm=False) as (client, _):
            rows = asked(client)
        found: Times = {row.path: {} for row in rows}
        for _ in range(times):
            _forget(root)
            with served(root, warm=False) as (client, server):
                _all(client, server, rows, found, "computed")
                _all(client, server, rows, found, "again")
                _all(client, server, [row for row in rows if row.filtered], found, "filtered")
            with served(root, warm=False) as (client, server):
                _all(client, server, rows, found, "first")
        _forget(root)
        with served(root, warm=True) as (_, server):
            beforehand = _settled(server)
        return rows, found, beforehand


def _settled(server: int) -> float:
    """What a server has used of the processor when it has come to rest."""
    used = -1.0
    while used != processor(server):
        used = processor(server)
        time.sleep(2)
    return used


def copied(workspace: Path, to: Path) -> Path:
    """A copy whose tables are links to the workspace's own files: they are never written again."""

    def put(source: str, target: str) -> str:
        if source.endswith(".parquet"):
            os.link(source, target)
            return target
        return str(shutil.copy2(source, target))

    shutil.copytree(workspace, to, copy_function=put, ignore=shutil.ignore_patterns(KEPT))
    return to


def _forget(root: Path) -> None:
    for folder in (root / "builds").glob(f"*/{KEPT}"):
        shutil.rmtree(folder)


def _all(client: httpx.Client, server: int, rows: list[Asked], found: Times, kind: str) -> None:
    for row in rows:
        path = row.filtered if kind == "filtered" else row.path
        with _timed(server) as told:
            answer = client.get(f"/api/v1{path}")
        if not answer.is_success:
            raise RuntimeError(f"{path} was answered with {answer.status_code}: {answer.text[:200]}")
        best = found[row.path].get(kind)
        if best is None or told[0].seconds < best.seconds:
            found[row.path][kind] = told[0]


@contextmanager
def _timed(server: int) -> Iterator[list[Took]]:
    told: list[Took] = []
    before, began = processor(server), time.perf_counter()
    yield told
    told.append(Took(time.perf_counter() - began, processor(server) - before))


def processor(pid: int) -> float:
    """Processor seconds of a process, all its threads, those that have ended too."""
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / TICK


def text(events: int, rows: list[Asked], found: Times, beforehand: float) -> str:
    """The part of the page."""
    small = events <= SMALL
    limit = PROMISED[small]
    lines = [
        f"## Views of the page, {'the sample company' if small else f'{events / 1e6:.0f} million events'}", "",
        f"Printed by `python -m benchmarks.views`. {events:,} events. Seconds until a view's data is there, and processor seconds of the server in brackets: the first time anybody asks (`computed`, and `filtered`: with `kind=renewal`), the first request to a server started anew (`first`; answers of the build are kept), and a request made before (`again`).",
        f"After a build the server tells what the rooms open with beforehand: {beforehand:.0f} processor seconds from its start until it rests. Promised: `first` and `again` under {limit:g} s. Computed, {_under(found, limit)}. {machine()}", "",
        "| view | request | computed | filtered | first | again | promised | kept |", "| --- | --- | --: | --: | --: | --: | --: | --- |",
    ]  # fmt: skip
    for row in rows:
        took = found[row.path]
        shown = [_shown(took.get(kind)) for kind in ("computed", "filtered", "first", "again")]
        lines.append(f"| {row.view} | `{_short(row.path)}` | {' | '.join(shown)} | {limit:g} s | {'yes' if kept(took, small) else '**no**'} |")
    return "\n".join(lines)


def kept(took: dict[str, Took], small: bool) -> bool:
    """Whether a request is as quick as promised."""
    return all(took[way].seconds <= PROMISED[small] for way in ("first", "again"))


def _under(found: Times, limit: float) -> str:
    """How many of those that have to be computed are as quick as the others, filtered or not."""
    each = [took[way] for took in found.values() for way in ("computed", "filtered") if way in took]
    return f"{sum(one.seconds <= limit for one in each)} of {len(each)} are under it too ({sum(one.processor <= limit for one in each)} by processor time)"


def _shown(took: Took | None) -> str:
    return "" if took is None else f"{took.seconds:.3f} ({took.processor:.2f})"


def _short(path: str) -> str:
    bare = path.removeprefix("/accounts/")
    return f"/accounts/…{bare[bare.find('/') :] if '/' in bare else ''}" if bare != path else path


def main() -> int:
    """Prints the part, onto the page too unless `--print-only` is said; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.views", description=__doc__)
    parser.add_argument("workspace", type=Path, help="a workspace that is built; it is copied")
    parser.add_argument("--times", type=int, default=3, help="runs, of which the fastest counts")
    parser.add_argument("--print-only", action="store_true", help="leave docs/benchmarks.md as it is")
    given = parser.parse_args()
    from etappe.workspace.workspace import open_workspace

    events: int = open_workspace(given.workspace).current().about["events"]
    rows, found, beforehand = measure(given.workspace, given.times)
    told = text(events, rows, found, beforehand)
    print(told)
    if not given.print_only:
        page.put("views" if events <= SMALL else "views_large", told)
    return int(any(not kept(took, events <= SMALL) for took in found.values()))


if __name__ == "__main__":
    sys.exit(main())
