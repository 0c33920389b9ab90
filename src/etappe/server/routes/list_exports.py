"""The lists that are neither answers nor documents as spreadsheets: quarantine, insights, answers of a survey."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from etappe.reports.spoken_rows import spoken_rows
from etappe.server import behind, shapes
from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.server.routes.exports import records_sent, sent, words_for
from etappe.tables.keep import Build
from etappe.words.german_faults import german
from etappe.words.result import plain
from etappe.workspace.interviews import Interviews
from etappe.workspace.listing import LISTS, heads_of
from etappe.workspace.pseudonyms import pseudonymous
from etappe.workspace.repair import broken
from etappe.workspace.spreadsheets import spreadsheet
from etappe.workspace.surveys import Surveys
from etappe.workspace.unresolved import unresolved_of

router = APIRouter(tags=["exports"])

Sees = Annotated[Asked, Depends(Needs("see"))]
Feeds = Annotated[Asked, Depends(Needs("feed"))]
Format = Literal["csv", "xlsx"]
Language = Annotated[Literal["de", "en"] | None, Query()]


@router.get("/sources/quarantine/export", response_class=Response)
def export_quarantine(
    asked: Feeds, format: Format = "csv", language: Language = None, search: Annotated[str, Query(max_length=200)] = "",
    source: Annotated[str, Query(max_length=120)] = "", file: Annotated[str, Query(max_length=400)] = "", reason: Annotated[str, Query(max_length=400)] = "",
) -> Response:  # fmt: skip
    """The broken records with source, file, line, reason and text; those that the list shows."""
    rows: list[dict[str, Any]] = plain(broken(asked.here.workspace, search=search, source=source, file=file, reason=reason, limit=behind.MOST)["rows"])
    rows = behind.seen_by(asked, rows)
    speaks = language or asked.here.workspace.settings.language
    said = [{**row, "reason": german(row["reason"]) if speaks == "de" else row["reason"]} for row in rows]
    return listed_file(asked, "quarantine", said, format, speaks)


@router.get("/sources/export", response_class=Response)
def export_sources(asked: Sees, format: Format = "csv", language: Language = None) -> Response:
    """The sources with records, match rate, freshness and quarantine, one a row."""
    found: list[dict[str, Any]] = plain(asked.here.workspace.status()["sources"])
    return listed_file(asked, "sources", [{**row, "matched": (row["matched"] or {}).get("value")} for row in found], format, language)


@router.get("/sources/{source}/unresolved", response_model=shapes.Rows, tags=["sources"])
def unresolved(source: Annotated[str, Path(max_length=120)], asked: Sees, request: Request, limit: Annotated[int, Query(ge=1, le=10_000)] = 500) -> Response:
    """The events of a source that are in no journey, with why; the newest first."""
    asked.note("saw rows", f"unresolved of {source}")
    return behind.some(asked, request, "unresolved", {"source": source}, limit, _unresolved(source))


@router.get("/sources/{source}/unresolved/export", response_class=Response)
def export_unresolved(source: Annotated[str, Path(max_length=120)], asked: Sees, format: Format = "csv", language: Language = None) -> Response:
    """The events of a source that are in no journey, as a file."""
    asked.note("exported", f"unresolved of {source}", format=format, rows=True)
    return records_sent(asked, _unresolved(source), "unresolved", format, language)


def _unresolved(source: str) -> behind.Records:
    def records(engine: Any, build: Build, limit: int) -> list[behind.Row]:
        rows: list[behind.Row] = plain(unresolved_of(engine, build, source, limit))
        return rows

    return records


@router.get("/interviews/insights/export", response_class=Response)
def export_insights(asked: Sees, format: Format = "csv", language: Language = None, by: Literal["topic", "ring", "force", "stage", "lane", "persona"] = "topic") -> Response:
    """What k of n interviews speak of, a quote a row."""
    found = [item.to_dict() for item in Interviews(asked.here.workspace.atlas).insights(by)]
    rows = [{**{name: one[name] for name in ("what", "k", "n", "share")}, **quote} for one in found for quote in (one["quotes"] or [{}])]
    return listed_file(asked, "insights", plain(rows), format, language)


@router.get("/surveys/{id}/answers", tags=["surveys"])
def survey_answers(id: str, asked: Sees, question: Annotated[str, Query(max_length=120)] = "", limit: Annotated[int, Query(ge=1, le=10_000)] = 500) -> shapes.Rows:
    """The answers to a survey, or to one question of it: those that its figures count, one a row."""
    rows = _answers(asked, id, question)
    asked.note("saw rows", f"survey {id}", question=question)
    return shapes.Rows(columns=list(rows[0]) if rows else [], rows=rows[:limit], more=len(rows) > limit)


@router.get("/surveys/{id}/answers/export", response_class=Response)
def export_answers(id: str, asked: Sees, format: Format = "csv", language: Language = None, question: Annotated[str, Query(max_length=120)] = "") -> Response:
    """The answers to a survey, or to one question of it, as a file."""
    return listed_file(asked, "answers", _answers(asked, id, question), format, language)


def _answers(asked: Asked, id: str, question: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = plain(Surveys(asked.here.workspace.atlas).answered(id, question))
    return rows if asked.user.personal else [{name: value for name, value in row.items() if name != "text"} for row in pseudonymous(rows)]


def listed_file(asked: Asked, name: str, rows: list[dict[str, Any]], format: str, language: str | None) -> Response:
    """A list of the page as a file."""
    words = words_for(asked, language)
    speaks = words.language
    asked.note("exported", f"list of {name}", format=format, rows=len(rows))
    return sent(spreadsheet(spoken_rows(rows, words), LISTS[name], format, language=speaks, headings=heads_of(name, speaks)), name, format)
