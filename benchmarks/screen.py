"""How soon a map of 500 cards stands on the page, and how smoothly it scrolls: `python -m benchmarks.screen [--print-only]`.

Chromium opens the map as a reader does who is signed in, with nothing of the page in its cache. `until cards are seen` is
from the beginning of the navigation to the frame after the one in which the first cards stand. For scrolling the frame is
pushed by 40 px each frame, across and down; what counts is what the page itself needs for a frame (scripts, styles, layout,
painting), as a machine without a graphics card needs seconds of its own to put pixels together. And the page's own files:
what the shell loads first, and what a room adds when it is entered.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks import page
from benchmarks.machine import machine
from benchmarks.maps import large_map
from benchmarks.serving import served
from etappe.server.page import INDEX
from etappe.workspace.workspace import init_workspace
from tests.browser.serving import chromium

CARDS, FRAMES, TIMES = 500, 180, 3
MOST_BYTES: Final = 400_000  # that the shell loads first
SIZE: Final = {"width": 1440, "height": 900}
_SEEN: Final = """() => {
  const look = () => document.querySelectorAll(".map-frame .card").length >= 12
    ? requestAnimationFrame(() => { window.__seen = performance.now(); }) : requestAnimationFrame(look);
  look();
}"""
_SCROLL: Final = """(frames) => new Promise((done) => {
  const frame = document.querySelector(".map-frame");
  const times = [];
  let last = performance.now(), down = 40, across = 40;
  const step = (now) => {
    times.push(now - last); last = now;
    const [top, left] = [frame.scrollTop, frame.scrollLeft];
    frame.scrollBy(times.length % 2 ? 0 : across, times.length % 2 ? down : 0);
    if (times.length % 2 ? frame.scrollTop === top : frame.scrollLeft === left) { if (times.length % 2) down = -down; else across = -across; }
    if (times.length < frames) requestAnimationFrame(step); else done(times);
  };
  requestAnimationFrame(step);
})"""
_BUSY: Final = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")


@dataclass(frozen=True)
class Seen:
    """Of one run: seconds until cards are seen, the renderer's own work until then and per frame of scrolling, and the frames."""

    seconds: float
    opening: dict[str, float]
    scrolling: dict[str, float]
    frames: list[float]


def measure(times: int) -> list[Seen]:
    """Some runs, each with a browser context of its own."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="etappe-bench-screen-") as name:
        workspace = init_workspace(Path(name) / "workspace")
        workspace.atlas.store.create(large_map(CARDS), "bench")
        workspace.atlas.close()
        with served(Path(name) / "workspace", warm=False) as (client, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium())
            cookies = [{"name": name, "value": str(value), "url": str(client.base_url)} for name, value in client.cookies.items()]
            try:
                return [_once(browser, cookies, str(client.base_url).rstrip("/")) for _ in range(times)]
            finally:
                browser.close()


def _once(browser: Any, cookies: list[dict[str, str]], address: str) -> Seen:
    context = browser.new_context(viewport=SIZE, locale="de-DE")
    context.add_cookies(cookies)
    shown = context.new_page()
    tools = context.new_cdp_session(shown)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})  # processor time: others use the machine too
    shown.add_init_script(f"({_SEEN})()")
    shown.goto(f"{address}/maps/gross", wait_until="commit")
    while not (seconds := (shown.evaluate("window.__seen") or 0) / 1000):
        shown.wait_for_timeout(50)
    opening = _metrics(tools)
    shown.wait_for_load_state("networkidle")
    shown.wait_for_timeout(500)
    before = _metrics(tools)
    frames = shown.evaluate(_SCROLL, FRAMES)
    after = _metrics(tools)
    cards = shown.locator(".map-frame .card").count()
    context.close()
    if cards < CARDS * 0.8:  # those of the feelings are a curve
        raise RuntimeError(f"the map shows {cards} cards of {CARDS}")
    return Seen(seconds, opening, {name: (after[name] - before[name]) / FRAMES for name in _BUSY}, frames[1:])


def _metrics(tools: Any) -> dict[str, float]:
    found = {item["name"]: float(item["value"]) for item in tools.send("Performance.getMetrics")["metrics"]}
    return {name: found[name] for name in _BUSY}


def first_load() -> dict[str, int]:
    """Bytes on the wire: what the shell loads before a room is entered, the largest part that comes later, and all there is.

    Vite lists in the page what its entry imports, and what those import; the font's Latin part is needed by any text.
    """
    text = INDEX.read_text(encoding="utf-8")
    packed = {path.name: _packed(path) for path in (INDEX.parent / "assets").iterdir()}
    first = {name for name in packed if name in text or ("latin-wght" in name and name.endswith(".woff2"))}
    later = packed.keys() - first
    return {"shell": sum(packed[name] for name in first) + _packed(INDEX), "largest": max(packed[name] for name in later), "all": sum(packed.values())}


def _packed(path: Path) -> int:
    content = path.read_bytes()
    return len(content) if path.suffix == ".woff2" else len(gzip.compress(content, 6))


def text(runs: list[Seen], loads: dict[str, int]) -> str:
    """The part of the page."""
    best = min(runs, key=lambda run: run.seconds)
    busy = min(run.opening["TaskDuration"] for run in runs)
    frame = min((run.scrolling for run in runs), key=lambda one: one["TaskDuration"])
    late = min(sum(1 for took in run.frames if took > 17.5) for run in runs)
    rows = [
        (f"a map of {CARDS} cards, until cards are seen", f"{best.seconds:.2f} s", "1 s", best.seconds <= 1),
        ("work of the page until then (scripts, styles, layout)", f"{busy:.2f} s ({best.opening['ScriptDuration']:.2f}, {best.opening['RecalcStyleDuration']:.2f}, {best.opening['LayoutDuration']:.2f})", "1 s", busy <= 1),
        ("work of the page for a frame of scrolling it", f"{1000 * frame['TaskDuration']:.1f} ms", "16.7 ms", frame["TaskDuration"] <= 1 / 60),
        (f"frames of {FRAMES - 1} that came later than 60 a second", f"{late}", "–", None),
        ("first load of the shell, packed, with its font", f"{loads['shell'] / 1000:.0f} kB", f"{MOST_BYTES // 1000} kB", loads["shell"] <= MOST_BYTES),
        ("the largest part that a room loads when it is entered", f"{loads['largest'] / 1000:.0f} kB", "–", None),
        ("all parts together", f"{loads['all'] / 1000:.0f} kB", "–", None),
    ]  # fmt: skip
    lines = ["## A large map on the screen", "", f"Printed by `python -m benchmarks.screen`: Chromium without a window or a graphics card, {SIZE['width']} × {SIZE['height']}, the best of {len(runs)} runs with an empty cache. {machine()}", "", "| | took | promised | |", "| --- | --: | --: | --- |"]
    return "\n".join([*lines, *(f"| {what} | {took} | {promised} | {'' if kept is None else '✓' if kept else '✕'} |" for what, took, promised, kept in rows)])


def main() -> int:
    """Prints the part, onto the page too unless `--print-only` is said; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screen", description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--print-only", action="store_true", help="leave docs/benchmarks.md as it is")
    given = parser.parse_args()
    shown = text(measure(given.times), first_load())
    print(shown)
    if not given.print_only:
        page.put("screen", shown)
    return int("✕" in shown)


if __name__ == "__main__":
    sys.exit(main())
