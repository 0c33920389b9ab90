"""The way of the data on one page: evidence → associate → identity → journeys → checked, kept, swapped in."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from etappe.errors import ConservationFault, WorkspaceFault
from etappe.identity.resolve import resolve
from etappe.identity.suggest import suggest_internal
from etappe.journeys.build import build_journeys
from etappe.journeys.rules import JourneyRules
from etappe.journeys.shortcuts import shortcuts
from etappe.settings import Settings
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine, open_engine
from etappe.tables.keep import Build, Builds
from etappe.tables.lake import Lake
from etappe.workspace import about, conservation, rules
from etappe.workspace.evidence import read_evidence
from etappe.workspace.folder import Folder

Progress = Callable[[str, float], None]


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
    lake = Lake(folder.evidence, EVIDENCE)
    if not lake.imports():
        raise WorkspaceFault("there is no evidence yet", str(folder.root), "import exports first: `etappe import FOLDER`")
    builds = Builds(folder.builds)
    with builds.making() as making:
        scratch = making / "_scratch"
        with open_engine(scratch, settings.memory or None, master=settings.engine) as engine:
            made = _make(folder, lake, engine, making, moment, say)
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
    suggested = suggest_internal(evidence, engine, who.own_domains)
    identity = resolve(evidence, engine, who, rules.human_decisions(folder))
    say("journeys", 0.35)
    made = {**identity, **build_journeys(evidence, identity, engine, JourneyRules.load(folder.rules), moment)}
    say("writing", 0.75)
    for name, table in made.items():
        engine.write_parquet(table, making / f"{name}.parquet")
    kept = {name: engine.parquet([making / f"{name}.parquet"]) for name in made}
    for name, table in shortcuts(kept, moment).items():
        engine.write_parquet(table, making / f"{name}.parquet")
    say("checking that nothing is missing", 0.95)
    return about.write_down(engine, kept, received, conservation.check(engine, received, kept), moment, suggested)
