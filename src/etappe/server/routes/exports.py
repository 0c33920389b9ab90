"""Answers as files: spreadsheets in which no cell acts, pages to print."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response

from etappe.reports.spoken_rows import spoken_heads, spoken_rows
from etappe.reports.table import words_of
from etappe.reports.texts import Words
from etappe.server import behind
from etappe.server.answering import as_of_build, companies_found
from etappe.server.here import Asked
from etappe.server.needs import Needs
from etappe.server.routes.accounts import Asking, story_of, wanted_of
from etappe.server.routes.analyses import Filters, Only, analysis_records, asked_for
from etappe.server.routes.maps import agreement_records, blind_spot_records, claim_records
from etappe.tables.keep import Build
from etappe.workspace import answers
from etappe.workspace.companies import LARGEST_PAGE
from etappe.workspace.listing import headings, listed
from etappe.workspace.naming import names_of
from etappe.workspace.spreadsheets import MEDIA, spreadsheet
from etappe.workspace.workspace import Workspace

router = APIRouter(tags=["exports"])

Sees = Annotated[Asked, Depends(Needs("see"))]
Language = Annotated[Literal["de", "en"] | None, Query()]
_MEDIA = {**MEDIA, "pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml", "html": "text/html; charset=utf-8", "yaml": "application/yaml", "md": "text/markdown; charset=utf-8", "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation"}


@router.get("/analyses/{name}/export", response_class=Response)
def export_analysis(
    name: str, asked: Sees, request: Request, filters: Annotated[Filters, Query()], format: Literal["csv", "xlsx", "pdf", "png", "svg", "html"] = "csv", language: Language = None,
    rows: bool = False, only: Only = [], figure: Annotated[str, Query(max_length=80)] = "",  # noqa: B006
) -> Response:  # fmt: skip
    """An analysis as a file; with `rows=true` the records behind the figures (csv, xlsx)."""
    ws = asked.here.workspace
    params, as_of = asked_for(request)
    params = {key: value for key, value in params.items() if key != "rows"}
    speaks = language or ws.settings.language
    build = as_of_build(asked.here.views, as_of)
    asked.note("exported", name, format=format, rows=rows, filters=params)
    if rows and format in ("csv", "xlsx"):
        return records_sent(asked, analysis_records(asked, name, params, as_of, only, figure), f"{name}-rows", format, speaks)
    with ws._engine() as engine:
        result = answers.show(ws.folder, engine, build, name, {**params, "language": speaks}, ws.settings)
        if format in ("csv", "xlsx"):
            return rows_sent(result.flat(), name, format, words_of(result, "de" if speaks == "de" else "en", names_of(ws.folder)), result.columns)
        from etappe.reports.report import write_result

        return _written(name, format, lambda path: write_result(result, path, speaks))


@router.get("/accounts.{format}", response_class=Response)
def export_accounts(format: Literal["csv", "xlsx"], asked: Sees, asking: Annotated[Asking, Query()], language: Language = None) -> Response:
    """The companies that the filters ask for, as a file."""
    ws = asked.here.workspace
    build = asked.here.views.build()
    rows = all_companies(ws, build, asking)
    asked.note("exported", "accounts", format=format, rows=len(rows))
    return rows_sent(rows, "accounts", format, words_for(asked, language), ["account_id"])


@router.get("/lists/{many}/export", response_class=Response)
def export_list(many: Literal["maps", "personas", "segments", "surveys", "interviews", "reviews"], asked: Sees, format: Literal["csv", "xlsx"] = "csv", language: Language = None) -> Response:
    """A list of documents as a file: who looks after each, when it is due, who changed it last."""
    ws = asked.here.workspace
    speaks = language or ws.settings.language
    asked.note("exported", f"list of {many}", format=format)
    heads = headings(speaks)
    return sent(spreadsheet(spoken_rows(listed(ws, many), words_for(asked, speaks)), list(heads), format, language=speaks, headings=heads), many, format)


def all_companies(ws: Workspace, build: Build, asking: Asking) -> list[dict[str, Any]]:
    """All pages of a list of companies, as far as a hundred thousand."""
    rows: list[dict[str, Any]] = []
    with ws._engine() as engine:
        for page in range(1, 101):
            found = companies_found(ws, engine, build, wanted_of(asking.model_copy(update={"page": page, "size": LARGEST_PAGE})))
            rows += found["rows"]
            if len(rows) >= found["total"]:
                break
    return rows


@router.get("/accounts/{id}/report", response_class=Response)
def account_report(id: str, asked: Sees, format: Literal["pdf", "png", "svg", "html"] = "pdf", language: Language = None) -> Response:
    """One company's story as a page to print."""
    from etappe.reports.report import write_account

    ws = asked.here.workspace
    build = asked.here.views.build()
    told = story_of(build, id, asked.user.personal)
    asked.note("exported", f"account {id}", format=format)
    return _written(f"account-{told['account'].get('domain') or id}", format, lambda path: write_account(told, path, language or ws.settings.language, build.as_of, build.about))


@router.get("/maps/{slug}/export", response_class=Response)
def export_map(
    slug: str, asked: Sees, format: Literal["pdf", "png", "svg", "html", "pptx", "yaml", "xlsx", "csv"] = "pdf", language: Language = None,
    view: Literal["design", "evidence"] = "evidence", paper: Literal["", "a4", "a3", "wide"] = "",
) -> Response:  # fmt: skip
    """A map as a page to print, as slides, as text, or its cards as a table."""
    ws = asked.here.workspace
    asked.note("exported", f"map {slug}", format=format)
    if format == "yaml":
        return sent(ws.atlas.text("map", slug).encode(), f"{slug}.map", "yaml")
    if format in ("csv", "xlsx"):
        document = ws.atlas.map(slug)
        words = words_for(asked, language or document.language)
        cards = [
            {"stage": document.stages[card.stage].say("title", language) if card.stage in document.stages else card.stage, "lane": document.lanes[card.lane].say("title", language) if card.lane in document.lanes else card.lane,
             "text": card.say("text", language), "provenance": words(f"p_{card.provenance}"), "claim": card.claim, "id": card.id}
            for card in document.sorted("cards")
        ]  # fmt: skip
        return rows_sent(cards, slug, format, words, ["stage", "lane", "text", "provenance", "claim", "id"])
    return _written(slug, format, lambda path: ws.report("map", path, name=slug, language=language, view=view, **({"paper": paper} if paper else {})))


@router.get("/maps/{slug}/report", response_class=Response)
def journey_report(slug: str, asked: Sees, format: Literal["pdf", "pptx", "html"] = "pdf", language: Language = None) -> Response:
    """The journey report of a map: findings, map, stages, blockers, attribution, buying center, content, every claim."""
    ws = asked.here.workspace
    asked.note("exported", f"journey report {slug}", format=format)
    return _written(f"{slug}-report", format, lambda path: ws.report("journey", path, name=slug, language=language))


@router.get("/maps/{slug}/personas", response_class=Response)
def personas_report(slug: str, asked: Sees, format: Literal["pdf", "png", "svg", "html"] = "pdf", language: Language = None, persona: Annotated[str, Query(max_length=800)] = "") -> Response:
    """The personas of a map (or those named, between commas) beside its stages, with all their curves, to print."""
    asked.note("exported", f"personas of {slug}", format=format)
    return _written(f"{slug}-personas", format, lambda path: asked.here.workspace.report("personas", path, name=slug, language=language, persona=persona))


@router.get("/maps/{slug}/claims/{card}/export", response_class=Response)
def export_claim(slug: str, card: str, asked: Sees, format: Literal["csv", "xlsx"] = "csv", language: Language = None) -> Response:
    """The records that the verdict of a card's claim rests on, as a file."""
    asked.note("exported", f"claim {slug} {card}", format=format, rows=True)
    return records_sent(asked, claim_records(asked.here.workspace, slug, card), f"{slug}-{card}", format, language)


@router.get("/maps/{slug}/blind-spots/{spot}/export", response_class=Response)
def export_blind_spot(slug: str, spot: str, asked: Sees, format: Literal["csv", "xlsx"] = "csv", language: Language = None) -> Response:
    """The journeys behind a blind spot's share, as a file."""
    asked.note("exported", f"blind spot {slug} {spot}", format=format, rows=True)
    return records_sent(asked, blind_spot_records(asked.here.workspace, slug, spot), f"{slug}-{spot}", format, language)


@router.get("/maps/{slug}/agreement/export", response_class=Response)
def export_agreement(slug: str, asked: Sees, format: Literal["csv", "xlsx"] = "csv", language: Language = None) -> Response:
    """The steps behind the agreement of a map with the evidence, as a file."""
    asked.note("exported", f"agreement {slug}", format=format, rows=True)
    return records_sent(asked, agreement_records(asked.here.workspace, slug), f"{slug}-agreement", format, language)


@router.get("/personas/{id}/report", response_class=Response)
def persona_report(id: str, asked: Sees, format: Literal["pdf", "png", "svg", "html", "pptx"] = "pdf", language: Language = None) -> Response:
    """A persona on one page to print."""
    asked.note("exported", f"persona {id}", format=format)
    return _written(id, format, lambda path: asked.here.workspace.report("persona", path, name=id, language=language))


@router.get("/reviews/{id}/report", response_class=Response)
def review_report(id: str, asked: Sees, format: Literal["pdf", "html", "md"] = "pdf", language: Language = None) -> Response:
    """The minutes of a review, to hand round."""
    asked.note("exported", f"review {id}", format=format)
    return _written(id, format, lambda path: asked.here.workspace.report("review", path, name=id, language=language))


def records_sent(asked: Asked, records: behind.Records, name: str, format: str, language: str | None) -> Response:
    """All records behind a figure as a file."""
    return rows_sent(behind.all_of(asked, records), name, format, words_for(asked, language))


def words_for(asked: Asked, language: str | None) -> Words:
    """The words of the workspace in the language that is asked for, else in its own."""
    ws = asked.here.workspace
    return Words("de" if (language or ws.settings.language) == "de" else "en", names_of(ws.folder), zone=ws.settings.zone)


def rows_sent(rows: Sequence[Mapping[str, Any]], name: str, format: str, words: Words, columns: Sequence[str] = ()) -> Response:
    """Rows as a file, in the words of its reader; `columns` are those of a file without rows."""
    shown = list(rows[0]) if rows else list(columns)
    return sent(spreadsheet(spoken_rows(rows, words), shown, format, language=words.language, headings=spoken_heads(shown, words)), name, format)


def sent(body: bytes, name: str, format: str) -> Response:
    """A file to keep; pages of HTML are never shown in place."""
    clean = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in name)[:80]
    disposition = f"attachment; filename=\"{clean.encode('ascii', 'replace').decode().replace('?', '-')}.{format}\"; filename*=UTF-8''{quote(clean)}.{format}"
    return Response(body, media_type=_MEDIA[format], headers={"Content-Disposition": disposition, "Cache-Control": "no-store"})


def _written(name: str, format: str, write: Any) -> Response:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"page.{format}"
        write(path)
        return sent(path.read_bytes(), name, format)
