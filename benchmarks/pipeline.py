"""Import, build and first answers: the steps of one run, and what was measured beside what was promised."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import answers
from benchmarks.answers import LIMITS
from benchmarks.machine import machine
from benchmarks.process import Took, step

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


def _fastest(took: list[Took]) -> Took:
    return min(took, key=lambda one: one.seconds)


def _say(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


def text(measured: Measured) -> str:
    """This part of the page."""
    built, events = measured.built.said, measured.built.said["events"]
    lines = [
        "## Import, build, first answers", "",
        "What the other side of the ratios does can be read in [`benchmarks/imports.py`](../benchmarks/imports.py) (`plain`) and [`benchmarks/least_build.sql`](../benchmarks/least_build.sql).",
        "", machine(), "",
        f"Sample company: {events:,} events in {measured.imported.said['files']} files, {measured.size / 1e9:.2f} GB of exports.", "",
        "| what | measured | promised | kept |", "| --- | --- | --- | --- |",
        *[f"| {what} | {value} | {promised} | {'yes' if kept else '**no**'} |" for what, value, promised, kept in measured.rows],
        "", "### Steps", "", "| step | seconds | processor seconds | peak of memory | |", "| --- | --- | --- | --- | --- |",
        *_steps(measured), "",
        "Events a second: " + ", ".join(f"{name} {events / took.seconds:,.0f}" for name, took in (("import", measured.imported), ("build", measured.built))) + ".",
        "", "### Answers in a process that runs already", "", "| question | seconds |", "| --- | --- |",
        *[f"| {name} | {seconds:.3f} |" for name, seconds in measured.inside.items()], "",
        "### Both did the work", "",
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
