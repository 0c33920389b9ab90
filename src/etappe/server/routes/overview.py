"""What needs attention, on one page."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.words.result import plain
from etappe.workspace.overview import documents_due, sources_due

router = APIRouter(tags=["overview"])


@router.get("/overview")
def overview(asked: Annotated[Asked, Depends(Needs("see"))]) -> dict[str, Any]:
    """Overdue reviews and tasks, stale sources, the state of the build. Blockers and quiet customers: GET /analyses/…"""
    ws = asked.here.workspace
    shown: dict[str, Any] = plain({**documents_due(ws), "sources": sources_due(asked.here.views.lately("status", 10, ws.status)), "maps": len(ws.atlas.listed("map"))})
    return shown
