"""The way of the data on one page: evidence → associate → identity → journeys → checked, kept, swapped in."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from etappe.errors import ConservationFault, WorkspaceFault
from etappe.identity.resolve import resolve
from etappe.identity.suggest import suggest_internal
from etappe.journeys.build import Begun, begin, build_journeys
from etappe.journeys.rules import JourneyRules
from etappe.journeys.schema import SHORTCUTS
from etappe.journeys.shortcuts import NUMBERING, shortcuts
from etappe.settings import Settings
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import ROW_GROUP, Engine, clearing, leaving_memory, open_engine, side_by_side, two_at_a_time
from etappe.tables.keep import Build, Builds
from etappe.tables.lake import Lake
from etappe.workspace import about, answers, conservation, garbage, rules
from etappe.workspace.evidence import read_evidence
from etappe.workspace.folder import Folder, written_rules
from etappe.workspace.kept_answers import tell_beforehand
from etappe.workspace.naming import keep_names

Progress = Callable[[str, float], None]

# Of the machine's memory for the engine: sorting the steps spills early and is no slower for it, up to here. Just under
# a fifth: while steps are sorted, what has a row a journey is computed beside, and a build holds most at that time.
_MEMORY = 0.19
# Journeys carry their path: small groups of rows, so that one account's are found without reading the rest.
_ROW_GROUPS = {"journeys": 8_192}


def build(folder: Folder, settings: Settings, as_of: dt.datetime | None, progress: Progress | None = None) -> Build:
    """Builds everything derived, beside the last good build, and swaps it in when all checks hold.

    Raises
    ------
    WorkspaceFault
        If there is no evidence yet.
    ConservationFault
        If a record went missing on the way; the last good build stays in use.
    """
    started = time.perf_counter()
    say = progress or _quietly
    moment = as_of or settings.as_of or dt.datetime.now(dt.UTC)
    lake = Lake(folder.evidence, EVIDENCE).held()
    if not lake.imports():
        raise WorkspaceFault("there is no evidence yet", str(folder.root), "import exports first: `etappe import FOLDER`")
    builds = Builds(folder.builds)
    with builds.making() as making, garbage.looked_for_seldom():
        scratch = making / "_scratch"
        with open_engine(scratch, settings.memory or None, master=settings.engine, share=_MEMORY) as engine:
            ruled = written_rules(folder, settings.as_of)  # before they are read: what is changed meanwhile counts as not followed
            made = {**_make(folder, lake, engine, making, moment, say), "rules": ruled}
            tell_beforehand(making, lambda name, **shown: answers.show(folder, engine, Build(making, made), name, shown, settings))
        shutil.rmtree(scratch, ignore_errors=True)
        made["seconds"] = round(time.perf_counter() - started, 3)
        failed = [check["words"] for check in made["conservation"]["checks"] if not check["ok"]]
        if failed:
            raise ConservationFault(
                f"the build does not add up: {'; '.join(failed)}", str(folder.root),
                "the last good build stays in use; please report this with the output of `etappe status --json`",
            )  # fmt: skip
        return builds.finish(making, made, settings.keep, in_use=as_of is None)


def _quietly(_words: str, _share: float) -> None:
    """Progress for nobody."""


def _make(folder: Folder, lake: Lake, engine: Engine, making: Path, moment: dt.datetime, say: Progress) -> dict[str, Any]:
    say("reading the evidence", 0.02)
    evidence = read_evidence(lake, engine, moment)
    received = conservation.received(lake, engine, evidence, moment)
    say("who is who", 0.1)
    who = rules.identity_rules(folder)
    drawn, begun, suggested = JourneyRules.load(folder.rules), list[Begun](), list[dict[str, Any]]()
    with clearing(engine) as spared:  # what is in memory by then is a row an identifier, and journeys need room

        def meanwhile() -> None:
            begun.append(begin(evidence, engine, drawn))
            spared.extend((begun[0].labels.table, begun[0].events))
            suggested.extend(suggest_internal(evidence, engine, who.own_domains))

        with leaving_memory(engine):
            found = resolve(evidence, engine, who, rules.human_decisions(folder), meanwhile)
        links = {"links": found.pop("links")}  # written beside the others: as large as all of them
        side_by_side(engine, lambda own: _write(found, own, making), lambda: _write(links, engine, making))
        identity = {name: engine.parquet([making / f"{name}.parquet"]) for name in (*found, *links)}
    say("journeys", 0.35)

    def written(steps: ir.Table) -> ir.Table:
        return _written({"steps": steps}, engine, making)["steps"]

    journeys = build_journeys(evidence, identity, engine, drawn, moment, begun[0], written)
    say("writing", 0.75)
    later = {name: journeys.pop(name) for name in ("unresolved", "moves", "move_waits")}
    kept = {**identity, "steps": journeys.pop("steps"), **_written(journeys, engine, making)}
    # Written first: the other tables name the stays and ways by these numbers.
    for name, made in NUMBERING.items():
        kept |= _written({name: made(kept)}, engine, making)

    checks: list[dict[str, Any]] = []

    def the_rest(_own: Engine) -> None:
        kept.update(_written(later, engine, making))
        checks.extend(conservation.check(engine, received, kept))

    two_at_a_time(engine, [the_rest, *_counted_beforehand(list(kept), set(SHORTCUTS) - {*kept, *later}, making, moment)])
    keep_names(making, drawn.names)
    say("checking that nothing is missing", 0.95)
    return about.write_down(engine, kept, received, checks, moment, suggested)


def _counted_beforehand(
    read: Collection[str], names: Collection[str], making: Path, moment: dt.datetime
) -> Iterator[Callable[[Engine], object]]:
    """The writing of some shortcuts from those tables that are files of the build, each by an engine of its own."""

    def written(name: str, engine: Engine) -> None:
        tables = {other: engine.parquet([making / f"{other}.parquet"]) for other in read}
        _written({name: shortcuts(tables, moment)[name]}, engine, making)

    for name in SHORTCUTS:
        if name in names:
            yield partial(written, name)


def _written(tables: Mapping[str, ir.Table], engine: Engine, making: Path) -> dict[str, ir.Table]:
    """The tables as files of the build, and read from there."""
    _write(tables, engine, making)
    return {name: engine.parquet([making / f"{name}.parquet"]) for name in tables}


def _write(tables: Mapping[str, ir.Table], engine: Engine, making: Path) -> None:
    """The tables as files of the build."""
    for name, table in tables.items():
        engine.write_parquet(table, making / f"{name}.parquet", _ROW_GROUPS.get(name, ROW_GROUP))
