"""Companies and their stories."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from etappe.errors import AccessFault
from etappe.server import shapes
from etappe.server.answering import answered, companies_page
from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.workspace import answers
from etappe.workspace.companies import Wanted
from etappe.workspace.pseudonyms import pseudonymous

router = APIRouter(tags=["accounts"])

Sees = Annotated[Asked, Depends(Needs("see"))]


class Asking(BaseModel):
    """Which companies, in which order, which page. Repeat a filter for several values."""

    search: str = Field("", max_length=200)
    tier: list[str] = []
    industry: list[str] = []
    country: list[str] = []
    owner: list[str] = []
    type: list[str] = []
    kind: list[str] = []
    outcome: list[str] = []
    stage: list[str] = []
    segment: list[str] = []
    quiet: int = Field(0, ge=0, le=3650)
    sort: Literal["name", "last_step_at", "won_value", "deal_value", "journeys", "persons", "steps"] = "last_step_at"
    down: bool = True
    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(50, ge=1, le=1000)


class Deciding(BaseModel):
    """A human's word on who is who: `what` are identifiers, `into` what they belong to."""

    kind: Literal["merge", "split", "assign"]
    what: list[Annotated[str, Field(max_length=400)]] = Field(min_length=1, max_length=100)
    into: str = Field("", max_length=400)
    reason: str = Field("", max_length=2000)


def wanted_of(asking: Asking) -> Wanted:
    """The question to the workspace."""
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in asking.model_dump().items()}
    return Wanted(**plain)


@router.get("/accounts", response_model=shapes.Companies)
def list_accounts(asked: Sees, request: Request, asking: Annotated[Asking, Query()]) -> Response:
    """One page of the companies that the filters ask for."""
    return answered(request, companies_page(asked.here.views, wanted_of(asking)))


@router.get("/accounts/{id}")
def account(id: str, asked: Sees, request: Request) -> Response:
    """One company's story: people, journeys with stages and steps, first sales contact, what is unresolved."""
    personal = asked.user.personal
    view = asked.here.views.get("account", {"id": id, "personal": personal}, lambda _engine, build: story_of(build, id, personal))
    asked.note("saw account", id, personal=personal)
    return answered(request, view)


def story_of(build: Any, id: str, personal: bool) -> dict[str, Any]:
    """The story, with pseudonyms for those who may not see names."""
    told = answers.account(build, id)
    return told if personal else dict(pseudonymous(told))


@router.get("/accounts/{id}/why")
def why(id: str, asked: Sees, request: Request, language: Annotated[Literal["de", "en"] | None, Query()] = None) -> Response:
    """Why these records are one company: rules (said in the language), evidence, probabilities, what was rejected."""
    if not asked.user.personal:
        raise AccessFault("The reasons name people, and you see pseudonyms.", "", "Ask an admin for the right to see personal data.")
    ws = asked.here.workspace
    speaks = language or ws.settings.language
    asked.note("saw why", id, personal=True)
    decided = (ws.folder.rules / "decisions.yaml").stat().st_mtime_ns if (ws.folder.rules / "decisions.yaml").exists() else 0
    return answered(request, asked.here.views.get("why", {"id": id, "decided": decided, "language": speaks}, lambda engine, build: answers.why(ws.folder, engine, build, id, None, speaks)))


@router.post("/identity/decisions")
def decide(given: Deciding, asked: Annotated[Asked, Depends(Needs("feed"))]) -> dict[str, Any]:
    """Remembers that records are one company or person, or are not; it counts from the next build on."""
    made = asked.here.workspace.decide(given.kind, given.what, given.into, author=asked.user.name, reason=given.reason)
    asked.note("decided", given.kind, things=given.what, into=given.into, reason=given.reason)
    return {"decision": made["decision"], "counts_from": "next build"}
