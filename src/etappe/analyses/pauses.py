"""Journeys on ice: where they lie, how many are revived, and by what.

**Question.** In which stage do journeys fall silent for longer than the pause limit, how many come back and
how soon, and what was the first thing that happened then?

**Answer.** One row a stage (`--by reason`: of the loss, `after`: the last touchpoint, `segment`, `owner`, `kind`): pauses,
share of the journeys of the stage with a pause, share revived within 30, 90 and 180 days of the pause's beginning, median days
until revival, those on ice now, the touchpoints after which they most often fell silent, those that most often revived them, and
the vendor's own act that most often came in the two weeks before; share won of the journeys that ended after a revival.

**How.** A pause begins with the last step before the silence. Revival and the end of the journey (lost,
dormant) compete (Aalen-Johansen); pauses that last are open, not given up. Each pause is one case, so a
journey may be in several.

**Assumes.** Silence is silence: what sales did without a record counts as silence too.

**Does not say.** That what revived a journey would revive others.

**Example.** `etappe show pauses --kind first_purchase`

**Source.** O. O. Aalen, S. Johansen, Scand. J. Statist. 5 (1978) 141-150.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, proportion, share, spans
from etappe.analyses.maths import survival
from etappe.analyses.maths.bounds import Ints
from etappe.analyses.maths.together import together
from etappe.analyses.population import filtered, in_period, journeys_of, of_period
from etappe.analyses.stage_exits import coded, horizon
from etappe.tables.plain_arrays import numbers_of
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe("pauses", 1, said("times on ice by stage, and how they end", "Zeiten auf Eis je Phase, und wie sie enden"), 10)
WITHIN = (30, 90, 180)
COLUMNS = (
    "pauses", "paused_share", *(f"revived_{days}" for days in WITHIN), "median_days", "on_ice_now", "fell_after",
    "revived_by", "vendor_before", "won_after",
)  # fmt: skip
REVIVED, GONE = 1, 2
GROUPS = ("stage", "reason", "after", "segment", "owner", "kind")
AROUND = ("fell_after", "revived_by", "vendor_before")


@dataclass(frozen=True, kw_only=True)
class PausesParams(Params):
    """Filters of `pauses`; the period is about the day a pause began."""

    by: str = option("a row for each", "stage", GROUPS)


def run(tables: Tables, params: PausesParams) -> Result:
    """One row a stage, and one for all."""
    journeys = journeys_of(tables, params, moment=None)
    pauses = _pauses(tables, journeys, params)
    columns = tables.engine.to_arrow(pauses.select("group", "cause", "days", "outcome", *AROUND))
    stages, stage = coded(columns["group"])
    cause = numbers_of(columns["cause"]).astype(np.int64)
    days = numbers_of(columns["days"]).astype(float)
    outcomes, outcome = coded(columns["outcome"])
    stays, order = _stays(tables, journeys, params)
    by = {name: _most_often(stages, stage, *coded(columns[name])) for name in AROUND}
    rows: list[Row] = []
    head = "stage" if params.by == "stage" else "group"
    for name, mine in [("all", np.ones(len(stage), bool)), *((n, stage == k) for k, n in sorted(enumerate(stages), key=_place(order, stage)))]:
        if mine.any():
            won = np.array([text == "won" for text in outcomes] or [False])[outcome[mine]]
            ended = np.array([text != "open" for text in outcomes] or [False])[outcome[mine]]
            rows.append({head: name, **_row(days[mine], cause[mine], stays.get(name), {key: some.get(name, "") for key, some in by.items()}, won, ended)})
    caveats: list[str] = []
    if not rows:
        caveats.append(said("No journey of this population was on ice.", "Keine dieser Journeys lag auf Eis."))
    return answer(
        "pauses", RECIPE, (head, *COLUMNS), rows, tables, params, caveats, pauses, _drawing(rows, head), of_period(journeys, tables.stage_visits, "entered_at", params),
        lambda: pauses.order_by(pauses.started_at.desc()),
        brief=(head, "pauses", "paused_share", "revived_90", "median_days", "on_ice_now", "fell_after", "revived_by", "won_after"), headline=_headline(rows, head),
    )  # fmt: skip


def _place(order: dict[str, int], stage: Any) -> Any:
    """Stages in their order, other groups by their number of pauses."""
    many = np.bincount(stage) if len(stage) else np.zeros(0)
    return lambda item: (order.get(item[1], 10**6 - int(many[item[0]])), item[1])


def _pauses(tables: Tables, journeys: ir.Table, params: PausesParams) -> ir.Table:
    """One pause a row, with how it ended and after how many days."""
    decided = journeys.select(
        "journey_id", "outcome", "segment", "owner", "kind", reason=journeys.lost_reason, journey_ended="ended_at"
    )
    pauses = in_period(tables.pauses_around, "started_at", params).inner_join(decided, "journey_id")
    gone = pauses.ended_at.isnull() & pauses.journey_ended.notnull()
    cause = ibis.cases((pauses.ended_at.notnull(), REVIVED), (gone, GONE), else_=0)
    end = pauses.ended_at.fill_null(pauses.journey_ended).fill_null(ibis.timestamp(tables.as_of))
    lasted = (end.epoch_seconds() - pauses.started_at.epoch_seconds()) / 86_400.0
    pauses = pauses.mutate(cause=cause.cast("int64"), lasted=ibis.greatest(lasted, 0.0))
    group = pauses.fell_after if params.by == "after" else pauses[params.by]
    return pauses.select(
        "journey_id", "account_id", "started_at", "ended_at", "fell_after", "revived_by", "vendor_before", "outcome", "reason",
        stage=pauses.stage.fill_null("unknown"), cause=pauses.cause, days=pauses.lasted, group=group.fill_null("unknown"),
    )  # fmt: skip


def _stays(tables: Tables, journeys: ir.Table, params: PausesParams) -> tuple[dict[str, int], dict[str, int]]:
    """Journeys of each group, and in all; the order of the stages."""
    visits = in_period(tables.stage_visits, "entered_at", params)
    chosen = filtered(params)
    whole = not (params.since or params.until)  # then each journey has one first stay, and one way out of each stage
    once = visits.filter(visits.visit_no == 1) if whole else visits.select("journey_id").distinct()
    some = journeys.semi_join(once, "journey_id")
    found, order = {"all": tables.engine.count(some if chosen else once)}, dict[str, int]()
    if params.by == "stage":
        pairs = tables.stage_exits if whole else visits
        pairs = pairs.semi_join(journeys, "journey_id") if chosen else pairs
        n = pairs.count() if whole else pairs.journey_id.nunique()
        for row in tables.engine.rows(pairs.group_by("stage").agg(n=n, no=pairs.stage_no.min())):
            found[row["stage"]], order[row["stage"]] = row["n"], row["no"]
    elif params.by in ("segment", "owner", "kind"):
        named = some.group_by(group=some[params.by].fill_null("unknown"))
        found |= {row["group"]: row["n"] for row in tables.engine.rows(named.agg(n=some.count()))}
    return found, order


def _most_often(groups: list[str], group: Ints, names: list[str], name: Ints) -> dict[str, str]:
    """The three most frequent touchpoints (-1: there is none), by group and in all."""
    known = name >= 0
    pairs, pair = together(group[known], name[known])
    counted: dict[str, dict[str, int]] = {}
    for number, touchpoint, n in zip(*pairs, np.bincount(pair, minlength=pairs.shape[1]), strict=True):
        for place in (groups[number], "all"):
            mine = counted.setdefault(place, {})
            mine[names[touchpoint]] = mine.get(names[touchpoint], 0) + int(n)
    return {
        place: ", ".join(f"{name} ({n})" for name, n in sorted(mine.items(), key=lambda item: (-item[1], item[0]))[:3])
        for place, mine in counted.items()
    }


def _row(days: Any, cause: Any, stays: int | None, by: dict[str, str], won: Any, ended: Any) -> Row:
    n = len(days)
    found = survival.curves(days, cause, 2, groups=1)
    low, high = survival.incidence_interval(found)
    revived = {}
    for within in WITHIN:
        row = int(found.rows_at(float(within))[0])
        nobody = row < 0  # no pause is as short as that: nobody was revived yet
        figures = proportion(0, n, RECIPE) if nobody else share(found.incidence, low, high, row, 0, n, RECIPE)
        revived[f"revived_{within}"] = figures
    back = cause == REVIVED
    return {
        "pauses": n, "paused_share": None if stays is None else proportion(min(n, stays), stays, RECIPE), **revived,
        "median_days": spans(survival.time_to(found, REVIVED, horizon(found, 5, None))[0], int(back.sum()), RECIPE),
        "on_ice_now": int((cause == 0).sum()), **by,
        "won_after": proportion((back & won).sum(), (back & ended).sum(), RECIPE),
    }  # fmt: skip


def _headline(rows: list[Row], head: str) -> list[tuple[str, Figure | int]]:
    """How many pause, and how many of those go on."""
    whole = next((row for row in rows if row[head] == "all"), None)
    if whole is None:
        return []
    return [
        (said("of the journeys go on ice", "der Journeys kommen auf Eis"), whole["paused_share"]),
        (said("of those go on within 90 days", "davon gehen binnen 90 Tagen weiter"), whole["revived_90"]),
        (said("are on ice now", "sind jetzt auf Eis"), whole["on_ice_now"]),
    ]


def _drawing(rows: list[Row], head: str) -> dict[str, Any]:
    """Share revived within 90 days, a row a stage."""
    y = {"field": head, "type": "nominal", "title": None, "sort": None}
    return draw.chart(
        "On ice: share revived within 90 days", rows,
        {"On ice: share revived within 90 days": "Auf Eis: Anteil, der binnen 90 Tagen weitergeht"},
        width=draw.WIDE, layer=draw.intervals("revived_90", "x", "Share", {"domain": [0, 1]}, ".0%", y=y),
    )  # fmt: skip


QUESTION_DE = "Journeys auf Eis: wo sie liegen, wie viele wiederbelebt werden, und wodurch."
ANALYSIS = Analysis("pauses", "On ice", "Auf Eis", RECIPE, PausesParams, run, __doc__, QUESTION_DE)
