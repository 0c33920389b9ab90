"""What needs attention, on one page."""

from __future__ import annotations

import json
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends

from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.server.routes.maps import check_view
from etappe.words.result import plain
from etappe.workspace.overview import QUIET_DAYS, documents_due, map_due, mentions, sources_due
from etappe.workspace.people import LOCAL

router = APIRouter(tags=["overview"])

_EDITED: Final = 5.0  # seconds: ten who edit a map at once change it three times a second, and each time a check would be due


@router.get("/overview")
def overview(asked: Annotated[Asked, Depends(Needs("see"))]) -> dict[str, Any]:
    """Overdue reviews and tasks, comments that name the one who asks, stale sources, the state of the build. Blockers: GET /analyses/blockers"""
    ws = asked.here.workspace
    shown: dict[str, Any] = plain({**documents_due(ws), "mentions": mentions(ws.atlas, {asked.user.name, asked.user.shown}), "sources": sources_due(asked.here.views.lately("status", 10, ws.status)), "maps": len(ws.atlas.listed("map")), "quiet_days": QUIET_DAYS})
    return shown


@router.get("/overview/maps")
def overview_maps(asked: Annotated[Asked, Depends(Needs("see"))]) -> list[dict[str, Any]]:
    """What is new about each map: claims that turned, blind spots; those with most to tell first."""
    views = asked.here.views
    found = [map_due(json.loads(views.recent(f"check {row.id}", _EDITED, partial(check_view, asked, row.id)).body)) for row in asked.here.workspace.atlas.listed("map")]
    return sorted(found, key=lambda item: (-len(item["turned"]), -item["new_blind_spots"], -item["verdicts"]["contradicted"], item["title"]))


@router.get("/members")
def members(asked: Annotated[Asked, Depends(Needs("see"))]) -> list[dict[str, str]]:
    """Whom a comment can name: everybody with an account here, and who asks."""
    known = {user.name: user.shown for user in asked.here.people.all() if not user.disabled and user.name != LOCAL.name}
    known.setdefault(asked.user.name, asked.user.shown)
    return [{"name": name, "shown": shown or name} for name, shown in sorted(known.items())]
