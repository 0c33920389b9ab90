"""docs/benchmarks.md: what was measured, beside what was promised."""

from __future__ import annotations

import datetime as dt
import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.answers import LIMITS
from benchmarks.process import Took

IMPORT, BUILD, PEAK = 3.0, 2.0, 6.0


@dataclass(frozen=True)
class Measured:
    """One run: bytes of the exports, each step, each question as a process and inside one."""

    size: int
    imported: Took
    plain: Took
    again: Took
    built: Took
    least: Took
    asked: dict[str, Took]
    inside: dict[str, float]

    @property
    def rows(self) -> list[tuple[str, str, str, bool]]:
        """What, measured, promised, kept."""
        imports, builds = self.imported.seconds / self.plain.seconds, self.built.seconds / self.least.seconds
        found = [
            ("import : plain DuckDB", f"{imports:.2f} ×", f"≤ {IMPORT:.0f} ×", imports <= IMPORT),
            ("build : least script", f"{builds:.2f} ×", f"≤ {BUILD:.0f} ×", builds <= BUILD),
            ("peak of memory, import", f"{self.imported.peak:.2f} GiB", f"< {PEAK:.0f} GiB", self.imported.peak < PEAK),
            ("peak of memory, build", f"{self.built.peak:.2f} GiB", f"< {PEAK:.0f} GiB", self.built.peak < PEAK),
        ]
        for name, limit in LIMITS.items():
            took = self.asked[name].seconds
            found.append((f"`etappe {name}`, whole process", f"{took:.2f} s", f"< {limit} s", took < limit))
        return found

    @property
    def kept(self) -> bool:
        """Whether every promise is kept."""
        return all(row[3] for row in self.rows)


def page(measured: Measured) -> str:
    """The page as text."""
    built, events = measured.built.said, measured.built.said["events"]
    lines = [
        "# Benchmarks", "",
        "Printed by `make bench` (`python -m benchmarks`). Each step is a process of its own; the two sides of a ratio ran on the same files, one after the other.",
        "What the other side does can be read in [`benchmarks/imports.py`](../benchmarks/imports.py) (`plain`) and [`benchmarks/least_build.sql`](../benchmarks/least_build.sql).",
        "", _machine(), "",
        f"Sample company: {events:,} events in {measured.imported.said['files']} files, {measured.size / 1e9:.2f} GB of exports.", "",
        "| what | measured | promised | kept |", "| --- | --- | --- | --- |",
        *[f"| {what} | {value} | {promised} | {'yes' if kept else '**no**'} |" for what, value, promised, kept in measured.rows],
        "", "## Steps", "", "| step | seconds | processor seconds | peak of memory | |", "| --- | --- | --- | --- | --- |",
        *_steps(measured), "",
        "Events a second: " + ", ".join(f"{name} {events / took.seconds:,.0f}" for name, took in (("import", measured.imported), ("build", measured.built))) + ".",
        "", "## Answers in a process that runs already", "", "| question | seconds |", "| --- | --- |",
        *[f"| {name} | {seconds:.3f} |" for name, seconds in measured.inside.items()], "",
        "## Both did the work", "",
        f"Import: {measured.imported.said['read']:,} records read by etappe ({measured.imported.said['quarantined']:,} of them into the quarantine); plain DuckDB copied {measured.plain.said['records']:,} rows of {measured.plain.said['files']} files (files of {measured.plain.said['bytes_left_out'] / 1e6:.1f} MB together it cannot read).",
        *[f"{row['file']}: {row['etappe']:,} records, {row['plain']:,} rows." for row in measured.plain.said["differing"]],
        "",
        f"Build: {built['steps']:,} steps, {built['journeys']:,} journeys, {built['persons']:,} persons; the least script {measured.least.said['steps']:,} steps, {measured.least.said['journeys']:,} journeys, {measured.least.said['persons']:,} persons.",
        f"Import of everything again: {measured.again.said['new']} new, {measured.again.said['changed']} changed, {measured.again.said['same']:,} the same.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _steps(measured: Measured) -> list[str]:
    named = [
        ("import", measured.imported, ""), ("plain DuckDB, same files", measured.plain, "lower bound"), ("import of everything again", measured.again, ""),
        ("build", measured.built, ""), ("least script, same evidence", measured.least, "lower bound"),
        *[(f"`etappe {name}`", took, "median of 5") for name, took in measured.asked.items()],
    ]  # fmt: skip
    return [f"| {name} | {took.seconds:.2f} | {took.processor:.2f} | {took.peak:.2f} GiB | {words} |" for name, took, words in named]


def _machine() -> str:
    try:
        model = next(line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
        memory = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / (1 << 30):.0f} GiB"
    except (OSError, StopIteration, ValueError):
        model, memory = platform.processor() or platform.machine(), "unknown memory"
    load = os.getloadavg()[2]
    versions = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "ibis-framework", "polars", "deltalake"))
    return (
        f"Machine: {os.cpu_count()} × {model}, {memory}, {platform.system()}; Python {platform.python_version()}, {versions}; {dt.date.today().isoformat()}. "
        f"Load of the machine in the last 15 minutes: {load:.1f}; where it is more than {os.cpu_count()}, others used it too and seconds are longer than they need be."
    )
