"""How many get from stage to stage, how many are lost there, and how long it takes.

**Question.** Of the journeys that enter a stage, how many get on, how many are lost or fall asleep there, how
many are still in it, and how long does it take those that get on?

**Answer.** One row a stage: journeys and accounts that entered; share that got on to any later stage (or
won), was lost, fell asleep (no step for the dormancy limit and no open deal), is still open; drop-off (lost
and asleep together); share of stays that ended with a step back; median days of those that got on.

**How.** A journey is watched from its first entry into the stage to the first later stage it reaches; steps
back in between count as time. Getting on, loss and falling asleep compete (Aalen-Johansen estimator); a
journey that is still in the stage is open and counts only for as long as it was watched. The shares of a row
sum to one. With `--within 90` they are those of the first 90 days after entry; otherwise they reach as far as
at least five journeys were watched, and the column `within_days` says how far that is. The median is that of
the days of those who got on, with an order-statistic interval on the effective number of moves.

**Assumes.** What happens to journeys that entered lately will be like what happened to earlier ones after the
same time in the stage. Journeys are counted as independent; several journeys of one account make the
intervals a little too narrow.

**Does not say.** Why they are lost (see `blockers`), nor that a stage causes the loss that happens in it. The
plain ratio (got on ÷ entered) takes open journeys for failures and is too low while many are open; it is
shown only with `--naive`, and named so.

**Example.** `etappe show stages --kind first_purchase --segment large --since 2025-01`

**Source.** O. O. Aalen, S. Johansen, Scand. J. Statist. 5 (1978) 141-150; H. Putter, M. Fiocco, R. B. Geskus,
Tutorial in biostatistics: competing risks and multi-state models, Statist. Med. 26 (2007) 2389-2430;
intervals: log-log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, share, spans
from etappe.analyses.maths import survival
from etappe.analyses.maths.bounds import Floats, Ints, wilson
from etappe.analyses.population import journeys_of, timed
from etappe.analyses.stage_exits import DORMANT, LOST, MOVED, SKIPPED, Exits, Place, cases, exits, horizon
from etappe.words.result import Figure, Recipe, Result, Row, too_few
from etappe.words.said import said

RECIPE = Recipe(
    "stages",
    1,
    said(
        "share of the journeys that entered a stage and got on from it; "
        "open journeys count for as long as they were watched",
        "Anteil der Journeys, die eine Phase betreten haben und weitergekommen sind; "
        "offene Journeys zählen so lange, wie sie beobachtet wurden",
    ),
    10,
)
WATCHED = 5  # a curve is read as far as so many journeys were still watched
COLUMNS = (
    "journey_kinds", "stage", "stage_no", "journeys", "accounts", "moved_on", "lost", "dormant", "still_open", "drop_off",
    "went_back", "median_days", "open_now", "within_days",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StagesParams(Params):
    """Filters of `stages`; the period is about the day a stage was entered."""

    to: str = option("what counts as getting on: any later stage, or the very next one", "later", ("later", "next"))
    within: float | None = option("look at the first so many days after entry")
    naive: bool = option("show the plain ratio too, which takes open journeys for failures", False)


def run(tables: Tables, params: StagesParams) -> Result:
    """The funnel, a row a stage."""
    journeys = journeys_of(tables, params, moment=None)
    found = exits(tables, journeys, params, params.to == "next")
    rows = _rows(found, _accounts(tables, journeys, params, found), params)
    more = {"skipped": params.to == "next", "naive_ratio": params.naive}
    columns = (*COLUMNS, *(name for name, wanted in more.items() if wanted))
    caveats = _caveats(found, rows, params)
    counted = cases(tables, journeys, params) if timed(params) else None
    there = journeys if counted is None else journeys.semi_join(counted, "journey_id")
    return answer(
        "stages", RECIPE, columns, rows, tables, params, caveats, found.expression, drawing(rows), there,
        lambda: _behind(tables, journeys, counted),
        brief=("journey_kinds", "stage", "journeys", "moved_on", "lost", "dormant", "still_open", "went_back", "median_days", "naive"), headline=_headline(rows),
    )  # fmt: skip


def _accounts(tables: Tables, journeys: ir.Table, params: Params, found: Exits) -> Ints:
    """Distinct accounts of each place; an account may come more than once."""
    models = list(dict.fromkeys(place.kinds for place in found.places))
    if not models:
        return np.zeros(0, np.int64)
    entered = cases(tables, journeys, params)
    model = ibis.cases(*((entered.kind.isin(kinds), number) for number, kinds in enumerate(models)))
    counted = entered.group_by("stage", model=model).agg(n=entered.account_id.nunique())
    counts = {(row["model"], row["stage"]): row["n"] for row in tables.engine.rows(counted)}
    return np.array([counts.get((models.index(place.kinds), place.stage), 0) for place in found.places], np.int64)


def _rows(found: Exits, accounts: Ints, params: StagesParams) -> list[Row]:
    curves = found.curves()
    until = horizon(curves, WATCHED, params.within)
    at_end, dropped = curves.read_at(until), found.curves(np.array([0, 1, 2, 2, 1])).read_at(until)
    low, high = survival.incidence_interval(at_end)
    open_low, open_high = survival.survival_interval(at_end)
    drop_low, drop_high = survival.incidence_interval(dropped)
    median = survival.time_to(curves, MOVED, until)
    back = wilson(found.stays_back, found.stays_ended)
    entered, open_now = found.entered(), found.open()
    rows: list[Row] = []
    for number, place in enumerate(found.places):
        n, row = int(entered[number]), number if until[number] >= 0 else -1
        cause = {name: share(at_end.incidence, low, high, row, code - 1, n, RECIPE) for name, code in _CAUSES.items()}
        rows.append(
            {
                **_of_place(place), "journeys": n, "accounts": int(accounts[number]), **cause,
                "still_open": share(at_end.survival[:, None], open_low[:, None], open_high[:, None], row, 0, n, RECIPE),
                "drop_off": share(dropped.incidence, drop_low, drop_high, row, 1, n, RECIPE),
                "went_back": _of(back, number, int(found.stays_ended[number])),
                "median_days": spans(median[number], _moved(found, number), RECIPE),
                "open_now": int(open_now[number]), "within_days": float(at_end.time[row]) if row >= 0 else None,
            }
        )  # fmt: skip
        if params.to == "next":
            rows[-1]["skipped"] = share(at_end.incidence, low, high, row, SKIPPED - 1, n, RECIPE)
        if params.naive:
            rows[-1]["naive_ratio"] = _of(wilson(_moved(found, number), n), None, n)
    return rows


_CAUSES = {"moved_on": MOVED, "lost": LOST, "dormant": DORMANT}


def _of_place(place: Place) -> Row:
    return {"journey_kinds": ", ".join(place.kinds), "stage": place.stage, "stage_no": place.number}


def _moved(found: Exits, number: int) -> int:
    return int(found.count[(found.place == number) & (found.cause == MOVED)].sum())


def _of(interval: tuple[Floats, Floats, Floats], number: int | None, n: int) -> Figure:
    value, low, high = (float(part if number is None else part[number]) for part in interval)
    return too_few(n, "share") if n < RECIPE.minimum_n else Figure(value, low, high, n, unit="share")


def _caveats(found: Exits, rows: list[Row], params: StagesParams) -> list[str]:
    notes: list[str] = []
    total = found.entered().sum()
    if not total:
        notes.append(said("No journey entered a stage in this period.", "In diesem Zeitraum hat keine Journey eine Phase betreten."))
    if total and found.open().sum() == total:
        notes.append(said("All journeys are still open: nothing has ended yet, so no share is known.",
            "Alle Journeys sind noch offen: Es hat noch nichts geendet, also ist kein Anteil bekannt."))  # fmt: skip
    if params.naive:
        notes.append(said("The plain ratio takes open journeys for failures; it is too low while journeys are open.",
            "Der einfache Quotient hält offene Journeys für gescheitert; er ist zu klein, solange Journeys offen sind."))  # fmt: skip
    short = [row["stage"] for row in rows if row["journeys"] < RECIPE.minimum_n]
    if short:
        notes.append(said("Too few journeys (under {few}) in: {stages}.", "Zu wenige Journeys (unter {few}) in: {stages}.",
            few=RECIPE.minimum_n, stages=short))  # fmt: skip
    return notes


def _behind(tables: Tables, journeys: ir.Table, counted: ir.Table | None) -> ir.Table:
    """The stays; of a period, those of the journeys in the stages that they entered in it."""
    visits = tables.stage_visits
    if counted is not None:
        visits = visits.semi_join(counted, ["journey_id", "stage"])
    visits = visits.inner_join(journeys.select("journey_id", "kind", "outcome"), "journey_id")
    return visits.order_by(visits.entered_at.desc())


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """The stage that the fewest get on from."""
    known = [row for row in rows if row["moved_on"].value is not None]
    least = min(known, key=lambda row: row["moved_on"].value, default=None)
    return [(said("get on from {stage}, the least of all stages", "kommen aus {stage} weiter, am wenigsten von allen Phasen", stage=least["stage"]), least["moved_on"])] if least else []


FATES = {"moved_on": ("moved on", draw.ACCENT), "still_open": ("still open", draw.DARK), "dormant": ("dormant", draw.QUIET), "lost": ("lost", draw.AGAINST)}


def drawing(rows: list[Row]) -> dict[str, Any]:
    """Of each stage model: stacked shares a stage (got on, still open, asleep, lost), and the median days beside them."""
    title = "Stages: how many get on, and how long it takes"
    german = {title: "Phasen: wie viele kommen weiter, und wie lange dauert es", "Median days": "Tage (Median)"}
    longest = max((row["median_days"].high or row["median_days"].value or 0.0 for row in rows), default=0.0)
    panels = []
    for kinds in draw.ordered(rows, "journey_kinds"):
        english, german[english] = draw.kinds_named(kinds)
        mine = [row for row in rows if row["journey_kinds"] == kinds]
        sides = [_shares(mine), _days(mine, longest)]
        panels.append({"title": {"text": english, "fontSize": 12}, "hconcat": sides, "spacing": 18})
    return draw.chart(title, [], german, vconcat=panels, spacing=20)


def _shares(rows: list[Row]) -> dict[str, Any]:
    """What became of the journeys of each stage, as parts of a bar."""
    flat = [
        {"stage": row["stage"], "no": row["stage_no"], "outcome": label, "order": order, "share": row[name], "journeys": row["journeys"]}
        for row in rows for order, (name, (label, _)) in enumerate(FATES.items())
    ]  # fmt: skip
    labels, colours = [label for label, _ in FATES.values()], [colour for _, colour in FATES.values()]
    return {
        "data": {"values": [draw.spread(row) for row in flat]},
        "mark": {"type": "bar"},
        "width": 320,
        "encoding": {
            "y": {"field": "stage", "type": "nominal", "title": None, "sort": {"field": "no"}},
            "x": {"field": "share", "type": "quantitative", "title": "Share of journeys", "axis": {"format": "%"}, "stack": "zero", "scale": {"domain": [0, 1]}},
            "color": {"field": "outcome", "type": "nominal", "title": None, "scale": {"domain": labels, "range": colours}},
            "order": {"field": "order", "type": "quantitative"},
            "tooltip": [{"field": name} for name in ("stage", "outcome", "share", "share_low", "share_high", "journeys")],
        },
    }  # fmt: skip


def _days(rows: list[Row], longest: float) -> dict[str, Any]:
    """The median days of those who got on, on a scale that all models share."""
    flat = [{"stage": row["stage"], "no": row["stage_no"], "days": row["median_days"]} for row in rows]
    y: dict[str, Any] = {"field": "stage", "type": "nominal", "title": None, "sort": {"field": "no"}, "axis": None}
    layers = draw.intervals("days", "x", "Median days", {"domain": [0, longest * 1.2 or 1]}, ",.0f", y=y)
    return {"data": {"values": [draw.spread(row) for row in flat]}, "width": 170, "layer": layers}


QUESTION_DE = "Wie viele von Phase zu Phase kommen, wie viele dort verloren gehen, und wie lange es dauert."
ANALYSIS = Analysis("stages", "Stages", "Phasen", RECIPE, StagesParams, run, __doc__, QUESTION_DE)
