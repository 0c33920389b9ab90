"""The settings of the workspace."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.words.result import plain
from etappe.workspace import settings_file

router = APIRouter(tags=["settings"])

Manages = Annotated[Asked, Depends(Needs("manage"))]


class Changing(BaseModel):
    """Settings by `section.name`, and days by source after which records are removed (0: never)."""

    settings: dict[str, str | int | bool] = Field({}, max_length=40)
    retention: dict[str, Annotated[int, Field(ge=0, le=36_500)]] | None = None


@router.get("/settings")
def read_settings(asked: Manages) -> dict[str, Any]:
    """All settings with their meaning and value."""
    shown: dict[str, Any] = plain(settings_file.shown(asked.here.workspace))
    return shown


@router.put("/settings")
def change_settings(given: Changing, asked: Manages) -> dict[str, Any]:
    """Changes settings; with any fault nothing is changed."""
    settings_file.change(asked.here.workspace, dict(given.settings), given.retention)
    asked.here.reload()
    asked.note("changed settings", ", ".join(given.settings), settings=given.settings, retention=given.retention)
    return read_settings(asked)
