"""What needs attention: overdue reviews and tasks, unstaffed maps, blockers by value, stale sources, what waits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from etappe.workspace.reviews import Reviews

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace

STALE_DAYS: Final = 30


def documents_due(workspace: Workspace, today: dt.date | None = None) -> dict[str, Any]:
    """Documents whose review is overdue or due within two weeks, and the open tasks, the most overdue first."""
    atlas = workspace.atlas
    day = today or atlas.today()
    due = [
        {"kind": kind, "id": row.id, "title": row.title or row.id, "owner": row.owner, "review_by": row.review_by, "overdue": row.review_by < day, "days": (day - row.review_by).days}
        for kind in ("map", "persona", "segment")
        for row in atlas.listed(kind)
        if row.review_by is not None and row.review_by < day + dt.timedelta(days=14)
    ]  # fmt: skip
    return {"reviews": sorted(due, key=lambda row: row["review_by"]), "tasks": Reviews(atlas).tasks()}


def sources_due(found: dict[str, Any]) -> dict[str, Any]:
    """Sources without news for a month, records that wait in the quarantine, and what is advised; `found` is of `status`."""
    stale = [row for row in found["sources"] if row["days_old"] is not None and row["days_old"] > STALE_DAYS]
    built = found["build"]
    return {
        "stale": sorted(stale, key=lambda row: -row["days_old"]), "quarantined": found["quarantined"], "hints": found["hints"],
        "build": {name: built[name] for name in ("as_of", "built_at", "events", "steps", "persons", "accounts", "journeys", "outcomes")} if built else None,
        "conservation": built["conservation"]["ok"] if built else None,
    }  # fmt: skip
