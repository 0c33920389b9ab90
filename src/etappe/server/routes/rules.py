"""The rules in text: read, tried with their effect, saved."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from etappe.server import shapes
from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.server.routes.sources import shape
from etappe.words.result import plain
from etappe.workspace import rule_files

router = APIRouter(tags=["rules"])

Sees = Annotated[Asked, Depends(Needs("see"))]
Feeds = Annotated[Asked, Depends(Needs("feed"))]


class Rules(BaseModel):
    """Rules as text; `tag` is that of the text they were made from, so that nobody writes over somebody else."""

    text: str = Field(max_length=1_000_000)
    tag: str = Field("", max_length=40)


class Trying(BaseModel):
    """Changed rules to be tried."""

    name: str = Field(max_length=40)
    text: str = Field(max_length=1_000_000)


@router.get("/rules")
def list_rules(asked: Sees) -> list[dict[str, Any]]:
    """The rule files there are."""
    return rule_files.listed(asked.here.workspace)


@router.get("/rules/{name}")
def read_rules(name: str, asked: Sees) -> dict[str, Any]:
    """One rule file as text, with its tag."""
    return rule_files.read(asked.here.workspace, name)


@router.put("/rules/{name}")
def save_rules(name: str, given: Rules, asked: Feeds) -> dict[str, Any]:
    """Saves rules that can be read; they count from the next build on."""
    saved = rule_files.save(asked.here.workspace, name, given.text, given.tag)
    asked.note("saved rules", name, tag=saved["tag"])
    return saved


@router.post("/rules/check")
def check_rules(given: Trying, asked: Feeds) -> shapes.Done:
    """Whether rules can be read; the refusal has every fault with line and column."""
    rule_files.check(asked.here.workspace, given.name, given.text)
    return shapes.Done()


@router.post("/rules/preview", status_code=202)
def preview_rules(given: Trying, asked: Feeds) -> shapes.JobShape:
    """How many accounts and how much deal value changed rules would move; long work."""
    ws = asked.here.workspace
    rule_files.check(ws, given.name, given.text)
    return shape(asked.here.jobs.start("preview", asked.user.name, lambda _say: plain(rule_files.preview(ws, given.name, given.text))))
