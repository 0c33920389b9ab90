"""The events of one source that are in no journey, with why: what a match rate leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from etappe.workspace.answers import built, with_names

if TYPE_CHECKING:
    from etappe.tables.engine import Engine
    from etappe.tables.keep import Build


def unresolved_of(engine: Engine, build: Build, source: str, limit: int) -> list[dict[str, Any]]:
    """The newest unresolved events of a source, at most `limit`: when, reason, touchpoint, channel, record, company where known."""
    table = built(engine, build)["unresolved"]
    wanted = table.filter(table.source == source).select("happened_at", "reason", "touchpoint", "channel", "record_id", "account_id", "person_id")
    rows = with_names(engine, build, engine.rows(wanted.order_by(wanted.happened_at.desc(), "record_id"), limit))
    return [{**row, "account": row.get("account") if row["account_id"] else None} for row in rows]
