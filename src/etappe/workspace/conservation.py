"""Nothing goes missing: what was received, and the checks that every build has to pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from etappe.tables.engine import Engine
from etappe.tables.lake import Import, Lake


@dataclass(frozen=True)
class Received:
    """What the evidence holds before anything is made of it.

    `duplicates` are events that came twice: known ones in later exports or twice in one, and superseded versions.
    """

    events: int
    duplicates: int
    deals: int
    by_source: dict[str, dict[str, Any]]
    on_disk: dict[str, int]
    acknowledged: dict[str, int]


def received(lake: Lake, engine: Engine, evidence: Mapping[str, ir.Table], moment: dt.datetime) -> Received:
    """Counts the evidence: events per source with their first and last day, and rows on disk against the ledger."""
    events = evidence["events"]
    grouped = events.group_by("source").aggregate(events=events.count(), first=events.happened_at.min(), last=events.happened_at.max())
    by_source = {row["source"]: {"events": row["events"], "first": row["first"], "last": row["last"]} for row in engine.rows(grouped)}
    total = sum(row["events"] for row in by_source.values())
    imports = lake.imports()
    removed = lake.removed()
    acknowledged = {name: _kept(imports, name, "new", "changed") - removed.get(name, 0) for name in _CHECKED}
    on_disk = {name: lake.rows(name) for name in acknowledged}
    known = [item for item in imports if item.learned_at <= moment]
    visible = engine.count(lake.read(engine, "events", moment, current=False))
    return Received(total, visible - total + _kept(known, "events", "same"), engine.count(evidence["deals"]), by_source, on_disk, acknowledged)


_CHECKED = ("events", "people", "accounts", "deals")


def _kept(imports: list[Import], table: str, *kinds: str) -> int:
    return sum(item.report.get("tables", {}).get(table, {}).get(kind, 0) for item in imports for kind in kinds)


def check(engine: Engine, before: Received, kept: Mapping[str, ir.Table]) -> list[dict[str, Any]]:
    """The checks of a build, each with its two sides and in words."""
    checks = []
    places = by_place(engine, kept)
    for source, row in sorted(before.by_source.items()):
        parts = {name: counts.get(source, 0) for name, counts in places.items()}
        words = f"{source}: {row['events']:,} events = {parts['steps']:,} steps + {parts['internal']:,} internal + {parts['unresolved']:,} unresolved"
        checks.append(_one(f"events:{source}", words, row["events"], sum(parts.values())))
    for name, number in before.acknowledged.items():
        words = f"{name}: {number:,} rows acknowledged by imports and not erased, {before.on_disk[name]:,} on disk"
        checks.append(_one(f"lake:{name}", words, number, before.on_disk[name]))
    deals = kept["journey_deals"]
    checks.append(_one("deals", f"{before.deals:,} deals received, each once among the journeys' deals", before.deals, engine.count(deals)))
    journeys = kept["journeys"]
    counted = engine.rows(journeys.aggregate(steps=journeys.steps.sum(), won=journeys.won_value.sum().round(2)))[0]
    steps = sum(places["steps"].values())
    checks.append(_one("steps", f"the journeys count {counted['steps'] or 0:,} steps", steps, counted["steps"] or 0))
    won = engine.rows(deals.filter((deals.status == "won") & deals.journey_id.notnull()).aggregate(won=deals.amount.sum().round(2)))[0]["won"]
    checks.append(_one("won value", f"the journeys' won value is {counted['won'] or 0:,.2f}", round(won or 0, 2), round(counted["won"] or 0, 2)))
    return checks


def by_place(engine: Engine, kept: Mapping[str, ir.Table]) -> dict[str, dict[str, int]]:
    """Where the events of each source are: steps and unresolved as they were written, internal as they were counted."""
    internal = {row["source"]: int(row["n"]) for row in engine.rows(kept["internal"].select("source", "n"))}
    return {"steps": _per_source(engine, kept["steps"]), "internal": internal, "unresolved": _per_source(engine, kept["unresolved"])}


def _per_source(engine: Engine, table: ir.Table) -> dict[str, int]:
    return {row["source"]: int(row["n"]) for row in engine.rows(table.group_by("source").aggregate(n=table.count()))}


def _one(name: str, words: str, expected: float, found: float) -> dict[str, Any]:
    return {"check": name, "words": words, "expected": expected, "found": found, "ok": abs(expected - found) < 0.01}

