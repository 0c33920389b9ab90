"""The way of the data on one page: evidence → associate → identity → journeys → checked, kept, swapped in."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from etappe.errors import ConservationFault, WorkspaceFault
from etappe.identity.decisions import read_decisions
from etappe.identity.resolve import resolve
from etappe.identity.rules import IdentityRules
from etappe.journeys.build import build_journeys
from etappe.journeys.rules import JourneyRules
from etappe.settings import Settings
from etappe.sources.associate import associate
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine, open_engine
from etappe.tables.keep import Build, Builds
from etappe.tables.lake import Lake
from etappe.workspace import conservation
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
    say = progress or (lambda words, share: None)
    moment = as_of or settings.as_of or dt.datetime.now(dt.UTC)
    lake = Lake(folder.evidence, EVIDENCE)
    if not lake.imports():
        raise WorkspaceFault("there is no evidence yet", str(folder.root), "import exports first: `etappe import FOLDER`")
    builds = Builds(folder.builds)
    with builds.making() as making, open_engine(making / "_scratch", settings.memory or None) as engine:
        say("reading the evidence", 0.02)
        evidence = read_evidence(lake, engine, moment)
        received = conservation.received(lake, engine, evidence, moment)
        say("who is who", 0.1)
        identity = resolve(evidence, engine, _identity_rules(folder), read_decisions(folder.rules / "decisions.yaml"))
        say("journeys", 0.35)
        journeys = build_journeys(evidence, identity, engine, JourneyRules.load(folder.rules), moment)
        say("writing", 0.75)
        made = {**identity, **journeys}
        _write(engine, made, making)
        say("checking that nothing is missing", 0.95)
        kept = {name: engine.parquet([making / f"{name}.parquet"]) for name in made}
        checks = conservation.check(engine, received, kept)
        about = _about(engine, kept, received, checks, moment, started)
        if not about["conservation"]["ok"]:
            failed = "; ".join(check["words"] for check in checks if not check["ok"])
            raise ConservationFault(f"the build does not add up: {failed}", str(folder.root), "the last good build stays in use; please report this with the output of `etappe status --json`")
        return builds.finish(_emptied(making), about, settings.keep, in_use=as_of is None)


def read_evidence(lake: Lake, engine: Engine, moment: dt.datetime) -> dict[str, ir.Table]:
    """The evidence as known at a moment, current versions only, with facts from other files joined in."""
    return associate({name: lake.read(engine, name, moment) for name in EVIDENCE}, engine)


def _identity_rules(folder: Folder) -> IdentityRules:
    path = folder.rules / "identity.yaml"
    return IdentityRules.parse(path.read_text(encoding="utf-8"), path) if path.exists() else IdentityRules()


def _write(engine: Engine, made: Mapping[str, ir.Table], making: Path) -> None:
    for name, table in made.items():
        engine.write_parquet(table, making / f"{name}.parquet")


def _emptied(making: Path) -> Path:
    return making


def _about(
    engine: Engine, kept: Mapping[str, ir.Table], received: conservation.Received, checks: list[dict[str, Any]], moment: dt.datetime, started: float
) -> dict[str, Any]:
    outcomes = {row["outcome"]: row["n"] for row in engine.rows(kept["journeys"].group_by("outcome").aggregate(n=lambda t: t.count()))}
    internal = conservation.internal(engine, kept)
    return {
        "as_of": moment.isoformat(),
        "built_at": dt.datetime.now(dt.UTC).isoformat(),
        "seconds": round(time.perf_counter() - started, 3),
        "events": received.events,
        "steps": engine.count(kept["steps"]),
        "internal": internal,
        "unresolved": engine.count(kept["unresolved"]),
        "duplicates": received.duplicates,
        "persons": engine.count(kept["persons"].filter(~kept["persons"].internal.fill_null(False))),
        "accounts": engine.count(kept["resolved_accounts"].filter(~kept["resolved_accounts"].internal.fill_null(False))),
        "journeys": sum(outcomes.values()),
        "outcomes": {name: outcomes.get(name, 0) for name in ("won", "lost", "dormant", "open")},
        "conservation": {"ok": all(check["ok"] for check in checks), "checks": checks},
    }
