"""Sources: what came in, how fresh it is, and the way from received to used."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.words.result import plain
from etappe.workspace.answers import list_formats

router = APIRouter(tags=["sources"])


@router.get("/sources")
def sources(asked: Annotated[Asked, Depends(Needs("see"))]) -> dict[str, Any]:
    """Sources with records, freshness and match rates; the last build with its conservation; what is unresolved; hints."""
    shown: dict[str, Any] = plain({name: value for name, value in asked.here.workspace.status().items() if name not in ("workspace", "quarantine")})
    return shown


@router.get("/formats")
def formats(asked: Annotated[Asked, Depends(Needs("see"))]) -> list[dict[str, str]]:
    """The export formats that are recognised."""
    return list_formats()
