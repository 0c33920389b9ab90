"""What a build writes down about itself, so that `build` and `status` answer without reading it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import ibis.expr.types as ir

from etappe.analyses.maths.bounds import wilson_of_one
from etappe.tables.engine import Engine
from etappe.words.result import Figure, plain
from etappe.workspace.conservation import Received, by_place

SHOWN = 3  # ambiguous domains that are named


def write_down(
    engine: Engine, kept: Mapping[str, ir.Table], received: Received, checks: list[dict[str, Any]], moment: dt.datetime,
    suggested: list[dict[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """Counts, outcomes, match rates per source, reasons of what is unresolved, checks, what may be the own domains."""
    journeys, persons, accounts = kept["journeys"], kept["persons"], kept["resolved_accounts"]
    outcomes = {row["outcome"]: row["n"] for row in engine.rows(journeys.group_by("outcome").aggregate(n=journeys.count()))}
    places = by_place(engine, kept)
    return {
        "as_of": moment.isoformat(),
        "built_at": dt.datetime.now(dt.UTC).isoformat(),
        "events": received.events,
        **{name: sum(counts.values()) for name, counts in places.items()},
        "duplicates": received.duplicates,
        **_people(engine, persons),
        "accounts": engine.count(accounts.filter(~accounts.internal.fill_null(False))),
        "journeys": sum(outcomes.values()),
        "outcomes": {name: outcomes.get(name, 0) for name in ("won", "lost", "dormant", "open")},
        "sources": _sources(received, places),
        "unresolved_reasons": _reasons(engine, kept["unresolved"]),
        "deals": received.deals,
        "deals_without_company": engine.count(kept["journey_deals"].filter(kept["journey_deals"].account_id.isnull())),
        "ambiguous": engine.count(_ambiguous(kept)),
        "ambiguous_names": engine.count(_ambiguous(kept).filter(lambda key: key.kind == "name")),
        "ambiguous_domains": [row["value"] for row in engine.rows(_ambiguous(kept).select("value").order_by("value").limit(SHOWN))],
        "held_apart": _held_apart(engine, kept["person_keys"]),
        "suggested_domains": suggested,
        "conservation": {"ok": all(check["ok"] for check in checks), "checks": checks},
    }


def _ambiguous(kept: Mapping[str, ir.Table]) -> ir.Table:
    """Domains and names that belong to several companies."""
    return kept["account_keys"].filter(kept["account_keys"].account_id.isnull())


def _people(engine: Engine, persons: ir.Table) -> dict[str, int]:
    """Persons with a name or address, and beside them the visitors known by a cookie, user id or telephone alone."""
    others = persons.filter(~persons.internal.fill_null(False))
    nameless = others.anonymous.fill_null(False)
    counted = engine.rows(others.aggregate(persons=(~nameless).sum(), visitors=nameless.sum()))[0]
    return {name: int(counted[name] or 0) for name in ("persons", "visitors")}


def _sources(received: Received, places: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Per source: events, first and last day, and the share of the customers' events that found their journey."""
    found = {}
    for source, row in received.by_source.items():
        steps = places["steps"].get(source, 0)
        customers = steps + places["unresolved"].get(source, 0)
        share, low, high = wilson_of_one(steps, max(customers, 1))
        matched = Figure(share, low, high, customers, unit="share") if customers else None
        found[source] = {"events": row["events"], "first": plain(row["first"]), "last": plain(row["last"]), "matched": asdict(matched) if matched else None}
    return found


def _reasons(engine: Engine, unresolved: ir.Table) -> list[dict[str, Any]]:
    rows = engine.rows(unresolved.group_by("reason").aggregate(n=unresolved.count()))
    return sorted(rows, key=lambda row: -row["n"])


def _held_apart(engine: Engine, keys: ir.Table) -> list[dict[str, Any]]:
    held = keys.filter(keys.held_apart.notnull())
    rows = engine.rows(held.group_by("kind", "held_apart").aggregate(n=held.count()))
    return sorted(({"kind": row["kind"], "reason": row["held_apart"], "n": row["n"]} for row in rows), key=lambda row: -row["n"])[:20]
