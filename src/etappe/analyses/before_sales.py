"""How much of the journey lies before the first contact with sales.

**Question.** How far are buyers, in time and in touches, before they talk to sales for the first time?

**Answer.** For all journeys, or a row a group (`--by segment` …): how many had a contact with sales, the
share of the journey's time before it, the share of its touches before it, the days until it, and the touches
before it.

**How.** The clock starts at the first step of the journey, or with `--start "webinar"` at the first such
touchpoint (journeys without it are left out, and counted). A contact with sales is a call, meeting or
personal e-mail that goes both ways. Shares of time and touches are of journeys that were won or lost
(`--outcome won` for won ones only), where the whole is known: the share of time is a median with
order-statistic interval, the share of touches a ratio of sums with accounts resampled. Days until the first
sales contact are a Kaplan-Meier median over all journeys: those that have not talked to sales yet count for
as long as they were watched; for those that ended without it, it will not happen (competing risk).

**Assumes.** The start is what was tracked first: what buyers read elsewhere before is not in it, so the true
share is larger.

**Does not say.** That sales came too late or too early.

**Example.** `etappe show before-sales --kind first_purchase --by segment`

**Source.** The question is that of the often quoted "57 percent" (CEB, The Digital Evolution in B2B
Marketing, 2012), which depends on its start event; here the start event is named beside the figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option, unknown
from etappe.analyses.answer import answer, proportion, spans, triple
from etappe.analyses.maths import resample, survival
from etappe.analyses.maths.bounds import Floats, median_interval
from etappe.analyses.population import journeys_of, named
from etappe.analyses.stage_exits import coded, horizon, in_order
from etappe.analyses.step_arrays import journeys_of_stays, with_numbers
from etappe.tables.plain_arrays import numbers_of
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "before-sales",
    1,
    said(
        "share of a journey before its first contact with sales, from a named start",
        "Anteil einer Journey vor dem ersten Kontakt mit dem Vertrieb, von einem benannten Beginn an",
    ),
    10,
)
COLUMNS = (
    "group", "journeys", "with_sales", "share_of_time", "share_of_touches", "days_before", "touches_before", "open_without",
)  # fmt: skip
GROUPS = ("segment", "tier", "kind", "industry", "country", "owner", "outcome")
DAY_SECONDS = 86_400.0
_NONE = np.iinfo(np.int64).max


@dataclass(frozen=True, kw_only=True)
class BeforeSalesParams(Params):
    """Filters of `before-sales`; the period is about the day a journey began."""

    by: str | None = option("a row for each", None, GROUPS)
    start: str = option("start event: first step, or a touchpoint", "first step")


def run(tables: Tables, params: BeforeSalesParams) -> Result:
    """One row a group."""
    journeys = journeys_of(tables, params)
    table = _cases(tables, journeys, params)
    columns = tables.engine.to_arrow(table)
    groups, group = coded(columns["group"])
    numbers = {name: numbers_of(columns[name], np.nan).astype(float) for name in ("until_sales", "whole", "touches")}
    numbers["before"] = numbers_of(columns["before"]).astype(float) if "before" in columns.column_names else _before(tables, columns["journey"])
    outcomes, outcome = coded(columns["outcome"])
    closed, ended = (np.array([name in ends for name in outcomes] or [False])[outcome] for ends in (("won", "lost"), ("won", "lost", "dormant")))
    accounts = in_order(columns["account_id"])[1]  # resampling draws by place: the same places whatever engine answers
    rows = [
        _row(name, group == code, numbers, closed, ended, accounts) for code, name in enumerate(groups)
    ]
    rows.sort(key=lambda row: str(row["group"]))
    total = tables.engine.count(journeys)
    caveats: list[str] = [said("The clock starts at: {start}.", "Die Uhr beginnt bei: {start}.", start=_started(params.start))]
    if total > len(group):
        caveats.append(said("{n} journeys without it are left out.", "{n} Journeys ohne ihn sind nicht dabei.",
            n=total - len(group)))  # fmt: skip
    return answer(
        "before-sales", RECIPE, COLUMNS, rows, tables, params, caveats, table, _drawing(rows), journeys,
        lambda: journeys.order_by(journeys.started_at.desc()), {"start": params.start}, headline=_headline(rows),
    )  # fmt: skip


def _started(start: str) -> str:
    return said("first step", "erster Schritt") if start == "first step" else start


def _cases(tables: Tables, journeys: ir.Table, params: BeforeSalesParams) -> ir.Table:
    """One journey a row: group, account_id, outcome, until_sales and whole in days, touches; besides, those before the first
    contact with sales, or the number of the journey, by which :func:`_before` counts them.
    """
    label = journeys[params.by].fill_null("unknown") if params.by else ibis.literal("all")
    base = journeys.select("journey_id", "account_id", "outcome", "ended_at", "first_sales_at", "started_at",
        touches="steps", group=label)  # fmt: skip
    if params.start == "first step":
        cases = with_numbers(tables, base)
    else:
        steps = tables.steps
        sales = steps.filter(steps.sales.fill_null(False)).select("journey_id", "seq")
        known = named(tables, steps, "touchpoint")
        if params.start not in known:
            raise unknown("start event", params.start, ["first step", *known])
        hits = steps.filter(steps.touchpoint == params.start)
        begun = hits.group_by("journey_id").agg(begun=hits.happened_at.min(), begun_seq=hits.seq.min())
        base = base.inner_join(begun, "journey_id").drop("started_at").rename(started_at="begun")
        later = sales.inner_join(begun.select("journey_id", "begun_seq"), "journey_id")
        later = later.filter(later.seq >= later.begun_seq)
        places = later.group_by("journey_id").agg(before=later.seq.min() - later.begun_seq.min())
        cases = base.mutate(touches=base.touches - base.begun_seq + 1).left_join(places, "journey_id")
    start = cases.started_at.epoch_seconds()
    end = cases.ended_at.fill_null(ibis.timestamp(tables.as_of)).epoch_seconds()
    return cases.select(
        "group", "account_id", "outcome", *(name for name in ("journey", "before") if name in cases.columns),
        until_sales=(cases.first_sales_at.epoch_seconds() - start) / DAY_SECONDS,
        whole=(end - start) / DAY_SECONDS, touches=cases.touches.fill_null(0),
    )  # fmt: skip


def _before(tables: Tables, journey: pa.ChunkedArray) -> Floats:
    """The steps of journeys (by their numbers) before their first contact with sales: those before its place; 0 without one."""
    ways = [row["way"] for row in tables.engine.rows(tables.touch_ways) if row["sales"]]
    touches = tables.touches.filter(tables.touches.way.isin(ways))
    found = tables.engine.to_arrow(touches.select(**{name: touches[name].cast("int32") for name in ("stay", "first_seq")}))
    journey_of = journeys_of_stays(tables)
    first = np.full(1 + int(journey_of.max(initial=-1)), _NONE)
    np.minimum.at(first, journey_of[numbers_of(found["stay"])], numbers_of(found["first_seq"]).astype(np.int64))  # of one width: many times as fast
    before = np.append(np.where(first == _NONE, 0, first - 1), 0)
    return before[numbers_of(journey, -1)].astype(float)


def _row(name: str, mine: Any, numbers: dict[str, Any], closed: Any, ended: Any, accounts: Any) -> Row:
    until, whole = numbers["until_sales"][mine], numbers["whole"][mine]
    touches, before = numbers["touches"][mine], numbers["before"][mine]
    talked = ~np.isnan(until) & (until >= 0)
    known, ended = talked & closed[mine] & (whole > 0), ended[mine]
    n, decided = int(mine.sum()), int(known.sum())
    part = np.clip(until[known] / whole[known], 0, 1)
    cause = np.where(talked, 1, np.where(ended, 2, 0))
    found = survival.curves(np.maximum(np.where(talked, until, whole), 0), cause, 2, groups=1)
    days = survival.time_to(found, 1, horizon(found, 5, None))[0]
    _, codes = np.unique(accounts[mine][known], return_inverse=True)
    size = int(codes.max(initial=-1)) + 1
    above, below = (np.bincount(codes, weights=part_[known], minlength=size) for part_ in (before, touches))
    ratio = [float(end[0]) for end in resample.ratios(above, below)] if decided else [np.nan] * 3
    return {
        "group": name, "journeys": n, "with_sales": proportion(talked.sum(), n, RECIPE),
        "share_of_time": triple(median_interval(part), decided, RECIPE, "share"),
        "share_of_touches": triple(ratio, decided, RECIPE, "share"),
        "days_before": spans(days, int(talked.sum()), RECIPE),
        "touches_before": triple(median_interval(before[talked]), talked.sum(), RECIPE),
        "open_without": int((~talked & ~ended).sum()),
    }  # fmt: skip


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """The shares of time and of touches, where there is one group."""
    if len(rows) != 1:
        return []
    return [
        (said("of the time lies before the first sales contact", "der Zeit liegen vor dem ersten Vertriebskontakt"), rows[0]["share_of_time"]),
        (said("of the touches", "der Touchpoints"), rows[0]["share_of_touches"]),
    ]  # fmt: skip


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """Shares of time and of touches before sales, a row a group."""
    label = {"share_of_time": "time", "share_of_touches": "touches"}
    flat = [{"group": row["group"], "of": label[name], "share": row[name]} for row in rows for name in label]
    y = {"field": "group", "type": "nominal", "title": None}
    of = {"field": "of", "type": "nominal", "title": None}
    layers = draw.intervals(
        "share", "x", "Share before the first sales contact", {"domain": [0, 1]}, ".0%", y=y,
        yOffset={"field": "of", "type": "nominal"}, color={**of, "scale": {"domain": sorted(label.values()), "range": [draw.ACCENT, draw.DARK]}},
    )  # fmt: skip
    layers[1]["encoding"]["shape"] = {**of, "scale": {"domain": sorted(label.values()), "range": ["circle", "square"]}}
    return draw.chart(
        "Before sales: how far buyers are at the first contact", flat,
        {"Before sales: how far buyers are at the first contact": "Vor dem Vertrieb: wie weit Käufer beim ersten Kontakt sind",
         "Share before the first sales contact": "Anteil vor dem ersten Vertriebskontakt", "time": "Zeit"},
        width=draw.WIDE, height={"step": 44, "for": "position"}, layer=layers,
    )  # fmt: skip


QUESTION_DE = "Wie viel der Journey vor dem ersten Kontakt mit dem Vertrieb liegt."
ANALYSIS = Analysis("before-sales", "Before sales", "Vor dem Vertrieb", RECIPE, BeforeSalesParams, run, __doc__, QUESTION_DE)
