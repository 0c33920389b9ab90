"""What is searched for, whether the firm is found, and what became of the journeys that began there.

**Question.** For which queries (or on which pages) is the firm found, at which place, with how many clicks;
in which stage are those pages used; and what became of the journeys that began there?

**Answer.** One row a query (`--by page` a page): times shown, clicks, share of clicks with interval, mean
position, whether it is found (on the first page, position 10 or better), the stage its page is mostly used
in, journeys that began on that page by organic search, and how many of those that ended were won.

**How.** Positions are means weighted by how often the query was shown. The search engine does not tell who
searched, so queries are tied to journeys by the page they led to, not by person. A query with several pages
takes the one with the most clicks.

**Assumes.** Pages keep their addresses.

**Does not say.** Which query brought which account.

**Example.** `etappe show searches --since 2026-01`; `etappe show searches --by page`

**Source.** Google Search Console help, "What are impressions, position, and clicks?"; E. B. Wilson, JASA 22
(1927) 209-212.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, proportion
from etappe.analyses.population import journeys_of, of_days
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "searches",
    1,
    said(
        "queries and pages of the search engine, tied to stages and journeys by page",
        "Suchanfragen und Seiten der Suchmaschine, über die Seite mit Phasen und Journeys verbunden",
    ),
    10,
)
COLUMNS = (
    "what", "page", "shown", "clicks", "click_share", "position", "found", "stage", "journeys_begun", "won",
)  # fmt: skip
FIRST_PAGE = 10.0
_HOST = re.compile(r"^[a-z]+://[^/]+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class SearchesParams(Params):
    """Filters of `searches`; the period is about the day of the search, the other filters about the journeys."""

    by: str = option("a row for each", "query", ("query", "page"))
    limit: int = option("at most so many rows", 100)


def run(tables: Tables, params: SearchesParams) -> Result:
    """Queries or pages, the most shown first."""
    journeys, whenever = journeys_of(tables, params), journeys_of(tables, params, moment=None)
    counted = _searches(tables, params)
    listed = tables.engine.rows(counted.order_by([counted.shown.desc(), counted.what]).limit(params.limit))
    pages = {_path(row["page"]) for row in listed if row["page"]}
    stages, begun = _stages(tables, whenever, sorted(pages)), _begun(tables, journeys, sorted(pages))
    rows = [_row(row, stages, begun) for row in listed]
    nothing = said("There is no export of a search engine in this period.",
        "Für diesen Zeitraum gibt es keinen Export einer Suchmaschine.")  # fmt: skip
    caveats: list[str] = [] if rows else [nothing]
    behind = of_days(tables.evidence["searches"], params)
    return answer(
        "searches", RECIPE, COLUMNS, rows, tables, params, caveats, counted, _drawing(rows), journeys,
        lambda: behind.order_by(behind.impressions.desc()), headline=_headline(rows),
    )  # fmt: skip


def _searches(tables: Tables, params: SearchesParams) -> ir.Table:
    found = of_days(tables.evidence["searches"], params)
    found = found.filter(found[params.by].notnull())
    shown = found.impressions.fill_null(0)
    return found.group_by(what=found[params.by]).agg(
        page=found.page.argmax(found.clicks.fill_null(0)), shown=shown.sum(), clicks=found.clicks.fill_null(0).sum(),
        weighted=(found.position * shown).sum(), weight=found.position.notnull().ifelse(shown, 0).sum(),
    )  # fmt: skip


def _path(page: str | None) -> str:
    """The path of an address, as `content` of a page step has it: without host, query and final slash."""
    path = _HOST.sub("", page or "").split("?")[0].split("#")[0]
    return path.rstrip("/") or "/"


def _of_page(tables: Tables, pages: list[str]) -> ir.Table:
    """Steps on one of the pages. Content that is an address is cut to its path, as the pages are."""
    steps = tables.steps
    path = steps.content.re_replace("^[a-zA-Z]+://[^/]+", "").re_replace("[?#].*$", "").re_replace("(.)/+$", "\\1")
    return steps.mutate(of_page=path).filter(lambda row: row.of_page.isin(pages))


def _stages(tables: Tables, journeys: ir.Table, pages: list[str]) -> dict[str, str]:
    """The stage in which each page is used most."""
    steps = _of_page(tables, pages).semi_join(journeys, "journey_id")
    counts = tables.engine.rows(steps.group_by("of_page", "stage").agg(n=steps.count())) if pages else []
    best: dict[str, tuple[int, str]] = {}
    for row in counts:
        best[row["of_page"]] = max(best.get(row["of_page"], (0, "")), (row["n"], row["stage"]))
    return {page: stage for page, (_, stage) in best.items()}


def _begun(tables: Tables, journeys: ir.Table, pages: list[str]) -> dict[str, dict[str, int]]:
    """Journeys whose first step was on the page, by organic search: how many, ended, won."""
    steps = _of_page(tables, pages)
    first = steps.filter((steps.seq == 1) & (steps.channel == "organic search")).select("journey_id", "of_page")
    joined = first.inner_join(journeys.select("journey_id", "outcome"), "journey_id")
    counts = joined.group_by("of_page").agg(
        n=joined.count(),
        ended=(joined.outcome != "open").ifelse(1, 0).sum(),
        won=(joined.outcome == "won").ifelse(1, 0).sum(),
    )
    return {row["of_page"]: row for row in tables.engine.rows(counts)} if pages else {}


def _row(row: Row, stages: dict[str, str], begun: dict[str, dict[str, int]]) -> Row:
    page = _path(row["page"]) if row["page"] else ""
    mine = begun.get(page, {"n": 0, "ended": 0, "won": 0})
    position = row["weighted"] / row["weight"] if row["weight"] else None
    shown = int(row["shown"] or 0)
    return {
        "what": row["what"], "page": page or None, "shown": shown, "clicks": int(row["clicks"]),
        "click_share": proportion(min(row["clicks"], shown), shown, RECIPE),
        "position": Figure(position, n=shown) if position is not None else Figure(None, n=shown, why="no data"),
        "found": None if position is None else position <= FIRST_PAGE, "stage": stages.get(page),
        "journeys_begun": int(mine["n"]), "won": proportion(mine["won"], mine["ended"], RECIPE),
    }  # fmt: skip


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """How many are found on the first page."""
    asked = [row for row in rows if row["found"] is not None]
    return [(said("of {n} found on the first page", "von {n} auf der ersten Seite gefunden", n=len(asked)), sum(row["found"] for row in asked))] if asked else []


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """Position against how often it was shown, each query named; the first page on the left, hollow where not found."""
    shown = [row for row in rows if row["position"].value is not None][:25]
    lowest = min((row["shown"] for row in shown if row["shown"]), default=1)
    place = {
        "x": {"field": "position", "type": "quantitative", "title": "Position", "scale": {"zero": False, "nice": True, "padding": 16}},
        "y": {"field": "shown", "type": "quantitative", "title": "Times shown", "scale": {"type": "log", "domainMin": max(1, lowest * 0.7)},
              "axis": {"tickCount": 5}},
    }  # fmt: skip
    line = {"data": {"values": [{"first": FIRST_PAGE}]}, "mark": {"type": "rule", "strokeDash": [4, 4], "color": "#667085"},
            "encoding": {"x": {"field": "first", "type": "quantitative"}}}  # fmt: skip
    points = {
        "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1, "strokeWidth": 1.6, "stroke": "#0b7a75"},
        "encoding": {**place, "fill": {"condition": {"test": "datum.found", "value": "#0b7a75"}, "value": "white"},
                     "tooltip": [{"field": name} for name in ("what", "page", "shown", "clicks", "position", "stage")]},
    }  # fmt: skip
    label = {**place, "text": {"field": "what"}}
    flat = [{**row, "up": number % 2} for number, row in enumerate(sorted(shown, key=lambda row: row["position"].value))]
    # labels stand above and below their points in turn, so that neighbours do not lie on each other
    names = [
        {"mark": {"type": "text", "align": "left", "dx": 9, "dy": dy}, "transform": [{"filter": f"datum.up == {up}"}], "encoding": label}
        for up, dy in ((0, -7), (1, 7))
    ]
    return draw.chart(
        "Searches: where the firm is found", flat,
        {"Searches: where the firm is found": "Suchen: wo die Firma gefunden wird", "Position": "Position",
         "Times shown": "Impressionen"},
        width=640, height=340, layer=[line, points, *names],
    )  # fmt: skip


QUESTION_DE = "Wonach gesucht wird, ob die Firma gefunden wird, und was aus den Journeys wurde, die dort begannen."
ANALYSIS = Analysis("searches", "Searches", "Suchen", RECIPE, SearchesParams, run, __doc__, QUESTION_DE)
