"""The journeys themselves, one a row, newest first.

**Question.** Which journeys are these?

**Answer.** One row a journey: account, kind, when it began and ended, outcome, stage, number of steps,
persons, steps back, pauses, value, owner. `--stage` keeps those that are in a stage (or ended there),
`--entered` those that were in it at any time, `--min-days` and `--max-days` the long and the short ones.

**How.** A list, nothing is estimated. Days run from the first step to the end, or to `as_of` while the
journey is open.

**Assumes.** Nothing beyond the rules that cut the events of an account into journeys (`rules/journeys.yaml`).

**Does not say.** How often such journeys occur: see `stages` and `durations`.

**Example.** `etappe show journeys --outcome lost --stage decision --limit 20`

**Source.** The table `journeys` of the last build.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option, unknown
from etappe.analyses.answer import answer
from etappe.analyses.population import journeys_of, named, named_accounts
from etappe.errors import Fault, Faults
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "journeys",
    1,
    said("the journeys that pass the filters, newest first", "die Journeys, die zu den Filtern passen, die neuesten zuerst"),
)
BRIEF = (
    "account",
    "kind",
    "outcome",
    "stage",
    "started_at",
    "days",
    "ended_at",
    "steps",
    "persons",
    "deal_value",
    "owner",
    "lost_reason",
)
COLUMNS = (
    "journey_id", "account", "account_id", "kind", "started_at", "ended_at", "outcome", "stage", "furthest_stage", "days",
    "steps", "persons", "back_moves", "pauses", "first_sales_at", "won_value", "deal_value", "currency", "owner",
    "segment", "tier", "lost_reason",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class JourneysParams(Params):
    """Filters of `journeys`; the period is about the day a journey began."""

    stage: tuple[str, ...] = option("in this stage now, or ended there", ())
    entered: tuple[str, ...] = option("was in this stage at any time", ())
    touchpoint: tuple[str, ...] = option("had this touchpoint", ())
    min_days: float | None = option("lasted at least so many days")
    max_days: float | None = option("lasted at most so many days")
    limit: int = option("at most so many rows", 100)


def run(tables: Tables, params: JourneysParams) -> Result:
    """The list."""
    journeys = _narrowed(tables, journeys_of(tables, params), params)
    names = named_accounts(tables)
    newest = journeys.order_by([journeys.started_at.desc(), journeys.journey_id]).limit(params.limit)
    shown = newest.left_join(names, "account_id").select(*COLUMNS)
    shown = shown.order_by([shown.started_at.desc(), shown.journey_id])
    rows: list[Row] = tables.engine.rows(shown)
    total = tables.engine.count(journeys)
    caveats: list[str] = []
    if total > len(rows):
        caveats.append(said("{total} journeys pass the filters; the newest {n} are shown.",
            "{total} Journeys passen zu den Filtern; gezeigt sind die neuesten {n}.", total=total, n=params.limit))  # fmt: skip
    return answer(
        "journeys",
        RECIPE,
        COLUMNS,
        rows,
        tables,
        params,
        caveats,
        shown,
        drawing(rows),
        journeys,
        lambda: _steps(tables, newest),
        brief=BRIEF,
        headline=_headline(tables, journeys),
    )


def _headline(tables: Tables, journeys: ir.Table) -> list[tuple[str, Figure | int]]:
    """How many there are, and what became of them: counts, since a share of the ended would leave out the open ones."""
    counts = {row["outcome"]: int(row["n"]) for row in tables.engine.rows(journeys.group_by("outcome").agg(n=journeys.count()))}
    if not counts:
        return []
    fates = {
        "won": said("were won", "wurden gewonnen"), "open": said("are open", "sind offen"), "lost": said("were lost", "gingen verloren"),
        "dormant": said("are dormant", "sind eingeschlafen"),
    }  # fmt: skip
    found = [(text, counts[outcome]) for outcome, text in fates.items() if outcome in counts]
    return [(said("journeys pass the filters", "Journeys passen zu den Filtern"), sum(counts.values())), *found]


def _narrowed(tables: Tables, journeys: ir.Table, params: JourneysParams) -> ir.Table:
    faults: list[Fault] = []
    for name, wanted, table, column in (
        ("stage", (*params.stage, *params.entered), tables.stage_visits, "stage"),
        ("touchpoint", params.touchpoint, tables.steps, "touchpoint"),
    ):
        if wanted:
            known = named(tables, table, column)
            faults += [unknown(name, value, known) for value in wanted if value not in known]
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    if params.stage:
        journeys = journeys.filter(journeys.stage.isin(params.stage))
    if params.entered:
        visits = tables.stage_visits
        journeys = journeys.semi_join(visits.filter(visits.stage.isin(params.entered)), "journey_id")
    if params.touchpoint:
        steps = tables.steps
        journeys = journeys.semi_join(steps.filter(steps.touchpoint.isin(params.touchpoint)), "journey_id")
    if params.min_days is not None:
        journeys = journeys.filter(journeys.days >= params.min_days)
    if params.max_days is not None:
        journeys = journeys.filter(journeys.days <= params.max_days)
    return journeys


def _steps(tables: Tables, journeys: ir.Table) -> ir.Table:
    steps = tables.steps.semi_join(journeys, "journey_id")
    return steps.order_by(["journey_id", "seq"])


def drawing(rows: list[Row]) -> dict[str, Any]:
    """One bar a journey over time, in the order of the list, with what became of it at its end."""
    flat = [
        {
            "journey": f"{row['account'] or row['account_id']} · {row['journey_id'][-4:]}", "no": number,
            "from": row["started_at"], "to": row["ended_at"], "outcome": row["outcome"],
        }
        for number, row in enumerate(rows[: draw.MOST_ROWS])
    ]  # fmt: skip
    latest = max((row["ended_at"] or row["started_at"] for row in rows), default=None)
    for row in flat:
        row["to"] = row["to"] or latest
    y = {"field": "journey", "type": "nominal", "title": None, "sort": {"field": "no"}}
    fates = {"won": draw.ACCENT, "open": draw.DARK, "dormant": draw.QUIET, "lost": draw.AGAINST}
    bar = {
        "mark": {"type": "bar", "height": 8},
        "encoding": {
            "y": y, "x": {"field": "from", "type": "temporal", "title": None, "axis": {"format": "%x", "tickCount": 5, "labelOverlap": True}}, "x2": {"field": "to"},
            "color": {"field": "outcome", "type": "nominal", "title": "Outcome", "scale": {"domain": list(fates), "range": list(fates.values())}, "legend": None},
        },
    }  # fmt: skip
    ends = {
        "mark": {"type": "text", "align": "left", "dx": 6},
        "encoding": {"y": y, "x": {"field": "to", "type": "temporal"}, "text": {"field": "outcome"}},
    }
    spec = draw.chart(
        "Journeys over time", flat, {"Journeys over time": "Journeys im Zeitverlauf", "Journey": "Journey"},
        width=draw.WIDE, layer=[bar, ends],
    )  # fmt: skip
    return draw.the_first(spec, len(flat), len(rows))


QUESTION_DE = "Die Journeys selbst, je eine Zeile, die neuesten zuerst."
ANALYSIS = Analysis("journeys", "Journeys", "Journeys", RECIPE, JourneysParams, run, __doc__, QUESTION_DE)
