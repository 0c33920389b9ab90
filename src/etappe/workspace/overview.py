"""What needs attention: overdue reviews and tasks, claims that turned, new blind spots, quiet customers, stale sources, mentions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from etappe.maps.document import Comment
from etappe.workspace.atlas import Atlas
from etappe.workspace.reviews import Reviews

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace

STALE_DAYS: Final = 30
QUIET_DAYS: Final = 90
"""Customers without a step for so long are quiet."""


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


def map_due(check: Mapping[str, Any]) -> dict[str, Any]:
    """What is new about a map, from its check (`Check.to_dict`): claims that turned, the newest first, and blind spots.

    A claim has turned when an earlier check of the same claim had another verdict; going from and to "too few" or "no
    data" is told as well, as evidence came or went.
    """
    turned = [claim for claim in check["claims"] if claim["before"] and claim["before"] != claim["verdict"]]
    spots = check["blind_spots"]
    fresh = [spot for spot in spots if spot["since"]]
    return {
        "map": check["map"], "title": check["title"], "verdicts": check["verdicts"], "agreement": check["agreement"],
        "turned": [
            {name: claim[name] for name in ("card", "stage", "claim", "verdict", "before", "since", "figure", "sentence")}
            for claim in sorted(turned, key=lambda item: item["since"] or "", reverse=True)
        ],
        "blind_spots": len(spots), "new_blind_spots": len(fresh),
        "most_frequent": [{name: spot[name] for name in ("id", "kind", "stage", "label", "coverage", "since")} for spot in sorted(fresh or spots, key=lambda item: -(item["coverage"].get("value") or 0))[:3]],
    }  # fmt: skip


def mentions(atlas: Atlas, names: Iterable[str]) -> list[dict[str, Any]]:
    """The open comments that name somebody (`@anna`), the newest first; `names` are what they are called by."""
    called = [re.escape(name) for name in names if name]
    if not called:
        return []
    pattern = re.compile(rf"@(?:{'|'.join(sorted(called, key=len, reverse=True))})(?![\w.@-]*\w)", re.IGNORECASE)
    found = []
    for kind in ("map", "persona", "segment"):
        for row in atlas.listed(kind):
            document, _ = atlas.load(kind, row.id)
            comments = document.collection("comments").values()
            found += [
                {"kind": kind, "id": row.id, "title": row.title or row.id, "on": item.on, "comment": item.id, "text": item.text, "author": item.author, "at": item.at}
                for item in comments if isinstance(item, Comment) and not item.done and pattern.search(item.text)
            ]  # fmt: skip
    return sorted(found, key=lambda item: str(item["at"] or ""), reverse=True)
