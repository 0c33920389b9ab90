"""The analyses: what there is, what it says, and the rows behind it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from etappe.errors import AccessFault
from etappe.server import behind, shapes
from etappe.server.answering import answered, as_of_build, filter_values, plain_answer
from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.tables.keep import Build
from etappe.workspace import answers, groups
from etappe.workspace.pseudonyms import about_people
from etappe.workspace.vocabulary import vocabulary

router = APIRouter(tags=["analyses"])

Sees = Annotated[Asked, Depends(Needs("see"))]
Only = Annotated[list[Annotated[str, Field(max_length=400)]], Query(max_length=20)]

_OURS: Final = frozenset({"as_of", "limit", "language", "format", "only", "figure"})
_WHOLE: Final = frozenset({"account", "industry", "owner", "segment", "tier", "persona", "country"})
"""Filters whose values may hold commas: several values are given by repeating the parameter."""


class Filters(BaseModel):
    """The filters that all analyses have in common; each analysis adds its own options beside. Repeat one for several values."""

    since: str | None = None
    until: str | None = None
    period: str | None = None
    kind: list[str] = []
    outcome: list[str] = []
    segment: list[str] = []
    tier: list[str] = []
    industry: list[str] = []
    country: list[str] = []
    owner: list[str] = []
    persona: list[str] = []
    role: list[str] = []
    account: list[str] = []
    as_of: str | None = None


@router.get("/analyses")
def list_analyses(asked: Sees) -> list[shapes.AnalysisShape]:
    """All analyses with their titles, questions and own options."""
    return [shapes.AnalysisShape.model_validate(row) for row in answers.described()]


@router.get("/filters")
def filters(asked: Sees, request: Request) -> Response:
    """The values that each filter may have."""
    return answered(request, filter_values(asked.here.views))


@router.get("/words")
def words(asked: Sees) -> dict[str, Any]:
    """What stages, touchpoints, channels, roles, kinds, outcomes and columns are called, in both languages."""
    return vocabulary(asked.here.workspace)


@router.get("/analyses/{name}", response_model=shapes.Answer)
def show_analysis(name: str, asked: Sees, request: Request, filters: Annotated[Filters, Query()], language: Annotated[Literal["de", "en"] | None, Query()] = None) -> Response:
    """The answer of one analysis; its own options are further query parameters."""
    params, as_of = asked_for(request)
    return answered(request, plain_answer(asked.here.views, name, language or asked.here.workspace.settings.language, params, as_of))


@router.get("/analyses/{name}/rows", response_model=shapes.Rows)
def analysis_rows(
    name: str, asked: Sees, request: Request, filters: Annotated[Filters, Query()], limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
    only: Only = [], figure: Annotated[str, Query(max_length=80)] = "",  # noqa: B006
) -> Response:  # fmt: skip
    """The records behind the figures of an answer; `only=column:value` those of one row, `figure=column` those that one of its figures counts."""
    params, as_of = asked_for(request)
    stamp = {**params, **groups.stamp(asked.here.workspace.atlas, params), "as_of": as_of, "only": only, "figure": figure}
    found = behind.some(asked, request, f"rows {name}", stamp, limit, analysis_records(asked, name, params, as_of, only, figure))
    asked.note("saw rows", name, filters=params)
    return found


def analysis_records(asked: Asked, name: str, params: dict[str, Any], as_of: str | None, only: list[str], figure: str) -> behind.Records:
    """The records behind the figures of an answer, as they were known on the day asked for."""
    ws, told_of = asked.here.workspace, as_of_build(asked.here.views, as_of)
    wanted = only_of(only)
    if about_people(wanted) and not asked.user.personal:
        raise AccessFault("This asks for one person, and you see pseudonyms.", "only", "Ask an admin for the right to see personal data.")

    def records(engine: Any, _build: Build, limit: int) -> list[behind.Row]:
        return answers.rows_behind(ws.folder, engine, told_of, name, params, ws.settings, limit, wanted, figure)

    return records


def only_of(given: list[str]) -> dict[str, str]:
    """What tells a row of an answer from the others, from `column:value`."""
    return {name: value for name, colon, value in (item.partition(":") for item in given) if colon}


def asked_for(request: Request) -> tuple[dict[str, Any], str | None]:
    """Filters and options of an analysis from the query, and the state of knowledge asked for."""
    params: dict[str, Any] = {}
    for name in request.query_params:
        values = [value for value in request.query_params.getlist(name) if value != ""]
        if name in _OURS or not values:
            continue
        params[name] = values if len(values) > 1 or name in _WHOLE else values[0]
    return params, request.query_params.get("as_of") or None
