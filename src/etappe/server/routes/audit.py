"""The audit log: who signed in, saw personal data, changed what; found by person, kind, days and words."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from etappe.server import behind, shapes
from etappe.server.answering import built
from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.server.routes.list_exports import Format, Language, listed_file
from etappe.words.audit_line import done
from etappe.workspace.audit import Wanted
from etappe.workspace.audit_told import meant, told

router = APIRouter(tags=["people"])

Manages = Annotated[Asked, Depends(Needs("manage"))]


class AuditAsked(BaseModel):
    """Which lines: of one person, of one kind (`saw account`), from one day on to the end of another, with words in them."""

    model_config = ConfigDict(extra="ignore")

    who: str = Field("", max_length=200)
    what: str = Field("", max_length=40)
    since: dt.date | None = None
    until: dt.date | None = None
    search: str = Field("", max_length=200)


class Choices(shapes.Shape):
    """How many lines there are as asked, and which persons and kinds can be chosen, with how many lines each."""

    total: int
    people: list[dict[str, Any]]
    kinds: list[dict[str, Any]]


@router.get("/audit")
def audit(
    asked: Manages, asking: Annotated[AuditAsked, Query()], before: Annotated[int | None, Query(ge=1, le=2**53)] = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[dict[str, Any]]:  # fmt: skip
    """Who signed in, saw personal data, changed what; newest first. `said` tells what was done, on what, and its details in words, by language; `to` is the thing it leads to."""
    lines = asked.here.audit.lines(_wanted(asked, asking), before=before, limit=limit)
    return told(asked.here.workspace, built(asked.here.views), lines)


@router.get("/audit/choices")
def audit_choices(asked: Manages, asking: Annotated[AuditAsked, Query()]) -> Choices:
    """How many lines are asked for, and by whom and what they are, each as the other conditions leave them."""
    found = asked.here.audit.choices(_wanted(asked, asking))
    kinds = [{**one, "said": {language: done(one["what"], language) for language in ("de", "en")}} for one in found["kinds"]]
    return Choices(total=found["total"], people=found["people"], kinds=kinds)


@router.get("/audit/export", response_class=Response, tags=["exports"])
def export_audit(asked: Manages, asking: Annotated[AuditAsked, Query()], format: Format = "csv", language: Language = None) -> Response:
    """The lines that are asked for as a file; newest first."""
    rows: list[dict[str, Any]] = []
    before, wanted = None, _wanted(asked, asking)
    while len(rows) < behind.MOST and (page := asked.here.audit.lines(wanted, before=before, limit=1000)):
        rows += page
        before = page[-1]["number"]
    speaks = language or asked.here.workspace.settings.language
    return listed_file(asked, "audit", [{**row, **row["said"][speaks]} for row in told(asked.here.workspace, built(asked.here.views), rows)], format, speaks)


def _wanted(asked: Asked, asking: AuditAsked) -> Wanted:
    """The lines in question; days are those of the workspace's clock, the last one whole."""
    ws = asked.here.workspace
    zone = zoneinfo.ZoneInfo(ws.settings.zone)
    kinds, things = meant(ws, built(asked.here.views), asking.search)
    since, until = (dt.datetime.combine(day, dt.time(), zone) if day else None for day in (asking.since, asking.until and asking.until + dt.timedelta(days=1)))
    return Wanted(asking.who, asking.what, since, until, asking.search.strip(), kinds, things)
