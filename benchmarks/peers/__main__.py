"""`python -m benchmarks.peers FOLDER [--python PYTHON]`: other tools on the same events, onto docs/benchmarks.md.

FOLDER holds a workspace of the sample company with a build; PYTHON is the Python in which the tools are installed
(`make bench` makes it from requirements/peers.txt). Each step is a process of its own, and its answer is compared.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import machine
from benchmarks.page import put
from benchmarks.peers.files import STAGES
from benchmarks.process import ROOT, Took, run, step

TOOLS = ROOT / ".venv-peers" / "bin" / "python"
SHOWS = {"moves": "paths", "variants": "variants", "funnel": "stages"}
PROMISED = {"moves": 40.0, "variants": 20.0, "funnel": 40.0}
WHOLE = 15.0


@dataclass(frozen=True)
class Step:
    """One step of one tool: what it took as a process, and from after its import."""

    tool: str
    what: str
    took: Took

    @property
    def seconds(self) -> float:
        """From after the import to the answer."""
        return float(self.took.said["seconds"])

    @property
    def line(self) -> str:
        """A row of the table of steps."""
        said = self.took.said
        return f"| {self.what} | {self.tool} | {said['seconds']:.2f} | {said['processor']:.2f} | {self.took.seconds:.2f} | {said['peak']:.2f} GiB |"


def main(arguments: list[str] | None = None) -> int:
    """Runs all steps; 1 where a promise is broken or answers differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", type=Path, default=TOOLS)
    parser.add_argument("--times", type=int, default=3, help="runs of etappe's own steps, of which the middle one counts")
    given = parser.parse_args(arguments)
    if not given.python.exists():
        parser.error(f"there is no {given.python}; `make bench` makes it")
    written = step("peers.files", given.folder).said
    log = [_theirs(given, *words) for words in _log_steps(given.folder / "peers")]
    log += [_ours(given, what, given.folder / "workspace") for what in SHOWS]
    credit = [_theirs(given, *words) for words in _credit_steps(given.folder / "peers")]
    credit += [_ours(given, what, given.folder / "peers" / "paths.parquet") for what in ("all_models", "two_models")]
    commands = {what: _command(given, show) for what, show in SHOWS.items()}
    rows, kept = _promises(log, credit, commands, written["without_steps"])
    text = _page(written, rows, [*log, *credit], commands, _tools(given.python))
    print(text)
    put("peers", text)
    return int(not kept)


def _log_steps(files: Path) -> list[tuple[str, str, list[str]]]:
    stages = ",".join(f"stage {stage}" for stage in STAGES)
    events, staged = str(files / "events.parquet"), str(files / "stages.parquet")
    # The funnel of pm4py takes minutes a million events on polars, so there only pandas is run.
    return [
        ("pm4py (polars)", "moves", ["pm4py_steps", "moves", "polars", events]),
        ("pm4py (pandas)", "moves", ["pm4py_steps", "moves", "pandas", events]),
        ("retentioneering", "moves", ["retentioneering_steps", "moves", events]),
        ("pm4py (polars)", "variants", ["pm4py_steps", "variants", "polars", events]),
        ("pm4py (pandas)", "variants", ["pm4py_steps", "variants", "pandas", events]),
        ("pm4py (polars)", "variants, repeats once", ["pm4py_steps", "distinct", "polars", events]),
        ("pm4py (pandas)", "funnel", ["pm4py_steps", "funnel", "pandas", staged, stages]),
        ("retentioneering", "funnel", ["retentioneering_steps", "funnel", staged, stages]),
    ]


def _credit_steps(files: Path) -> list[tuple[str, str, list[str]]]:
    path = str(files / "paths.parquet")
    return [("ChannelAttribution", "all_models", ["channelattribution_steps", path]), ("MAM", "markov and shapley", ["mam_steps", str(files / "sessions.parquet")])]


def _theirs(given: argparse.Namespace, tool: str, what: str, words: list[str]) -> Step:
    _say(f"{tool}: {what}")
    return Step(tool, what, run([str(given.python), "-m", f"benchmarks.peers.{words[0]}", *words[1:]]))


def _ours(given: argparse.Namespace, what: str, path: Path) -> Step:
    _say(f"etappe: {what}")
    took = sorted((step("peers.etappe_steps", what, path) for _ in range(given.times)), key=lambda one: float(one.said["seconds"]))
    return Step("etappe", what, took[len(took) // 2])


def _command(given: argparse.Namespace, show: str) -> Took:
    command = [str(Path(sys.executable).parent / "etappe"), "show", show]
    took = sorted((run(command, given.folder / "workspace") for _ in range(given.times)), key=lambda one: one.seconds)
    return took[len(took) // 2]


def _promises(log: list[Step], credit: list[Step], commands: dict[str, Took], stepless: int) -> tuple[list[str], bool]:
    rows: list[tuple[str, str, str, bool]] = []
    for what, show in SHOWS.items():
        ours = next(one for one in log if one.tool == "etappe" and one.what == what)
        theirs = [one for one in log if one.tool != "etappe" and one.what == what]
        best, quickest = min(theirs, key=lambda one: one.seconds), min(theirs, key=lambda one: one.took.seconds)
        ratio, whole = best.seconds / ours.seconds, quickest.took.seconds / commands[what].seconds
        rows += [
            (f"`show {show}` against {best.tool}", f"{ratio:.0f} ×", f"≥ {PROMISED[what]:.0f} ×", ratio >= PROMISED[what]),
            (f"`etappe show {show}` as a process", f"{whole:.0f} ×", f"≥ {WHOLE:.0f} ×", whole >= WHOLE),
        ]
        least = min(one.took.peak for one in theirs)
        rows.append((f"peak of memory, `show {show}`", f"{commands[what].peak:.2f} GiB", f"< {least:.2f} GiB", commands[what].peak < least))
    own = {one.what: one for one in credit if one.tool == "etappe"}
    chain, mam = (next(one for one in credit if one.tool == name) for name in ("ChannelAttribution", "MAM"))
    rows.append((f"all {own['all_models'].took.said['models']} models with intervals, 1 M paths", f"{own['all_models'].seconds:.1f} s", f"< {chain.seconds:.1f} s (ChannelAttribution: heuristics, order 1, order 2, no interval)", own["all_models"].seconds < chain.seconds))
    rows.append(("peak of memory, all models with intervals", f"{own['all_models'].took.peak:.2f} GiB", f"< {chain.took.peak:.2f} GiB", own["all_models"].took.peak < chain.took.peak))
    ratio = mam.seconds / own["two_models"].seconds
    rows.append(("Markov and Shapley against MAM, 1 M paths", f"{ratio:.1f} ×", "≥ 10 ×", ratio >= 10))
    rows += _answers(log, credit, stepless)
    return [f"| {what} | {value} | {promised} | {'yes' if kept else '**no**'} |" for what, value, promised, kept in rows], all(row[3] for row in rows)


def _answers(log: list[Step], credit: list[Step], stepless: int) -> list[tuple[str, str, str, bool]]:
    """Whether the tools say the same where they mean the same."""
    said = {(one.tool, one.what): one.took.said for one in [*log, *credit]}
    ours, theirs = said["etappe", "moves"], [value for (tool, what), value in said.items() if what == "moves" and tool != "etappe"]
    same = all(all(other[name] == ours[name] for name in ("moves", "edges", "first", "n")) for other in theirs)
    rows = [("same moves", f"{ours['moves']:,} on {ours['edges']:,} edges", "equal", same)]
    medians = [other["median"] for other in theirs if other["median"]]
    near = all(abs(median - ours["median"]) <= max(1.0, 0.01 * median) for median in medians)
    rows.append(("same median of the most frequent move", f"{ours['median']:.0f} s", ", ".join(f"{median:.1f} s" for median in medians), near))
    ours, other = said["etappe", "variants"], said["pm4py (polars)", "variants, repeats once"]
    here = {"variants": ours["variants"] - bool(stepless), "journeys": ours["journeys"] - stepless, "most": ours["most"]}  # a deal without a step is a case for etappe alone
    rows.append(("same variants", f"{here['variants']:,} of {here['journeys']:,} journeys with a step, most {here['most']:,}", "equal", all(here[name] == other[name] for name in here)))
    ours, others = said["etappe", "funnel"], [value["counts"] for (tool, what), value in said.items() if what == "funnel" and tool != "etappe"]
    rows.append(("same entries into the funnel", f"{ours['counts'][0]:,}", "equal", all(counts == others[0] for counts in others) and ours["counts"][0] == others[0][0]))
    exact, drawn = said["etappe", "all_models"]["credit"]["markov1"], said["ChannelAttribution", "all_models"]["credit1"]
    gap = max(abs(exact[name] - drawn[name]) / drawn[name] for name in exact)
    rows.append(("Markov credit, largest gap to ChannelAttribution's simulation", f"{gap:.1%}", "< 15 %", gap < 0.15))
    return rows


def _tools(python: Path) -> str:
    names = ("pm4py", "retentioneering", "ChannelAttribution", "marketing-attribution-models", "polars", "pandas")
    code = f"from importlib.metadata import version; print(', '.join(n + ' ' + version(n) for n in {names!r}))"
    return subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _page(written: dict[str, Any], rows: list[str], steps: list[Step], commands: dict[str, Took], tools: str) -> str:
    lines = [
        "## Against other open-source tools", "",
        f"Printed by `python -m benchmarks.peers`. {written['events']:,} events (those of the sample company that belong to a journey), each tool from what its user keeps on disk: the others a Parquet file and the preparation they ask for, etappe its build, which keeps the answers of `show paths` (whatever `--keep`, `--least` and `--limit` show of it), `variants` and `stages`: they are read here, and what they take where they are computed stands under Questions above. What each runs can be read in [`benchmarks/peers`](../benchmarks/peers).",
        "", machine(), f"Tools: {tools}.", "",
        "| what | measured | promised | kept |", "| --- | --- | --- | --- |", *rows, "",
        "The others know no interval and take open journeys for lost ones; pm4py's and retentioneering's funnels know no time between steps, and count who passed all earlier stages, where `show stages` counts who entered each.", "",
        "| step | tool | seconds, import left out | processor seconds | whole process | peak of memory |", "| --- | --- | --- | --- | --- | --- |",
        *[one.line for one in steps],
        *[f"| `etappe show {SHOWS[what]}` | etappe | | | {took.seconds:.2f} | {took.peak:.2f} GiB |" for what, took in commands.items()], "",
    ]  # fmt: skip
    return "\n".join(lines)


def _say(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
