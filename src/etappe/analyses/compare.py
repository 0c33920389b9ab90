"""What the won journeys did otherwise than the lost ones.

**Question.** Which touchpoints, channels and content are more frequent early in journeys that were won
later than in those that were lost (or between any two groups: `--between segment:large/small`)?

**Answer.** One row a thing: odds ratio with interval on matched journeys, adjusted p-value, whether it is
clear, and the share of journeys with it on either side.

**How.** To compare like with like, only what happened in the first `--within` days (30) of a journey counts,
and only journeys that were still undecided then: otherwise a journey that was lost on its second day would
"lack" everything. Journeys are matched on segment, kind, stage reached and number of steps by then; the odds ratio is
that of Mantel and Haenszel with the Robins-Breslow-Greenland interval, p-values are adjusted for the number
of things compared (Benjamini-Hochberg). Dormant journeys count as lost; open ones are left out. What only the
vendor did (mails sent, notes) is not compared; nor are roles, which become known as a deal gets on (see
`buying-center`).

**Assumes.** Journeys of one segment and kind, equally far and equally active by then, are comparable.

**Does not say.** That the thing makes the difference: it is an association.

**Example.** `etappe show compare --kind first_purchase --within 60`

**Source.** J. Robins, N. Breslow, S. Greenland, Biometrics 42 (1986) 311-323; landmark method: J. R.
Anderson, K. C. Cain, R. D. Gelber, J. Clin. Oncol. 1 (1983) 710-719.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option, unknown
from etappe.analyses.answer import answer, figure, proportion
from etappe.analyses.exposure import HEARTBEAT, own_acts
from etappe.analyses.maths import risk
from etappe.analyses.maths.bounds import benjamini_hochberg
from etappe.analyses.numbered import numbered
from etappe.analyses.population import journeys_of, values
from etappe.errors import QuestionFault
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "compare",
    1,
    said(
        "odds of having met a thing early, won against lost, matched on segment, kind, stage and activity",
        "Quote, mit der etwas früh vorkam, gewonnene gegen verlorene, gleich in Segment, Art, Phase und Aktivität",
    ),
    10,
)
COLUMNS = ("sort", "thing", "odds_ratio", "adjusted_p", "clear", "share_a", "share_b", "a", "b")
DIMENSIONS = ("outcome", "segment", "tier", "kind", "industry", "country", "owner")
KEYS = ("segment", "kind", "reached", "activity", "side")
MOST_THINGS = 300
LEVEL = 0.05


@dataclass(frozen=True, kw_only=True)
class CompareParams(Params):
    """Filters of `compare`; the period is about the day a journey began."""

    between: str = option("two groups, as column:this/that", "outcome:won/lost")
    within: float = option("what happened in the first so many days", 30.0)
    clear: bool = option("only what is clear", False)
    limit: int = option("at most so many rows", 60)


def run(tables: Tables, params: CompareParams) -> Result:
    """The differences, clearest first."""
    journeys = journeys_of(tables, params)
    name, this, that = _sides(tables, params.between)
    chosen = tables.engine.keep("compared", _journeys(tables, journeys, params, name, this, that))
    try:
        cells, met = _counted(tables, chosen)
        example = _behind(journeys)
        rows, tested = _rows(cells, met, params)
        query = _journeys(tables, journeys, params, name, this, that)
    finally:
        tables.engine.drop(chosen)
    sizes = [sum(int(row["n"]) for row in cells if row["side"] == side) for side in (True, False)]
    caveats: list[str] = [
        said("a is {this} ({n}), b is {that} ({m}). An association, not a cause.",
             "a ist {this} ({n}), b ist {that} ({m}). Ein Zusammenhang, keine Ursache.", this=this, that=that, n=sizes[0], m=sizes[1]),
        said("{n} things compared.", "{n} Dinge verglichen.", n=tested),
    ]  # fmt: skip
    if min(sizes) < RECIPE.minimum_n:
        caveats.insert(0, said("Too few journeys on one of the two sides.", "Zu wenige Journeys auf einer der beiden Seiten."))
    return answer(
        "compare", RECIPE, COLUMNS, rows, tables, params, caveats, query, _drawing(rows), journeys, lambda: example, headline=_headline(rows)
    )


def _sides(tables: Tables, text: str) -> tuple[str, str, str]:
    name, colon, sides = text.partition(":")
    this, slash, that = sides.partition("/")
    if not (colon and slash and this and that):
        raise QuestionFault(
            "two groups are written as column:this/that", f"--between {text}", "For example outcome:won/lost."
        )
    if name not in DIMENSIONS:
        raise unknown("column", name, DIMENSIONS)
    known = values(tables, tables.journeys, name)
    for side in (this, that):
        if known and side not in known and name != "outcome":
            raise unknown(name, side, known)
    return name, this, that


def _journeys(tables: Tables, journeys: ir.Table, params: CompareParams, name: str, this: str, that: str) -> ir.Table:
    """One journey a row that is on one of the sides and was undecided at the landmark: journey_id, side,
    until, segment, kind.
    """
    wanted = {this, that} | ({"dormant"} if (name, that) == ("outcome", "lost") else set())
    chosen = journeys.filter(journeys[name].isin(sorted(wanted)))
    seconds = int(params.within * 86_400)
    end = chosen.ended_at.fill_null(ibis.timestamp(tables.as_of)).epoch_seconds()
    chosen = chosen.filter(end - chosen.started_at.epoch_seconds() > seconds)
    return chosen.select(
        "journey_id", side=chosen[name] == this, until=chosen.started_at.epoch_seconds() + seconds,
        segment=ibis.literal("all") if name == "segment" else chosen.segment.fill_null("unknown"),
        kind=ibis.literal("all") if name == "kind" else chosen.kind,
    )  # fmt: skip


def _counted(tables: Tables, chosen: ir.Table) -> tuple[list[Row], list[Row]]:
    """Journeys by stratum and side, in all and with each thing."""
    steps = own_acts(tables.built["steps"]).inner_join(chosen, "journey_id")
    steps = steps.filter(steps.happened_at.epoch_seconds() <= steps.until)
    sizes = steps.group_by("journey_id").agg(steps=steps.count())
    level = ibis.cases(*[(sizes.steps <= edge, number) for number, edge in enumerate((1, 2, 4, 8, 16, 32))], else_=6)
    leveled = sizes.select("journey_id", level=level.cast("int64"))
    sized = chosen.left_join(leveled, "journey_id")
    sized = sized.select(*chosen.columns, activity=sized.level.fill_null(-1))
    visits = tables.stage_visits.inner_join(chosen.select("journey_id", "until"), "journey_id")
    visits = visits.filter(visits.entered_at.epoch_seconds() <= visits.until)
    reached = visits.group_by("journey_id").agg(reached=visits.stage_no.argmax(visits.visit_no))
    sized = sized.left_join(reached, "journey_id").drop("journey_id_right")
    sized = sized.mutate(reached=sized.reached.fill_null(0))
    sized = tables.engine.keep("sized", sized)
    try:
        return tables.engine.rows(sized.group_by(*KEYS).agg(n=sized.count())), _with_each(tables, sized)
    finally:
        tables.engine.drop(sized)


def _with_each(tables: Tables, sized: ir.Table) -> list[Row]:
    """Journeys of each cell that had met each thing by the landmark."""
    cells, coded = numbered(tables, sized, KEYS, "cell")
    stays = tables.engine.keep("compared_stays", tables.stays.inner_join(coded.select("journey_id", "cell", "until"), "journey_id").select("stay", "journey", "cell", "until"))
    parts = []
    for sort, table in (("touchpoint", tables.touches), ("channel", tables.touches), ("content", tables.uses)):
        met = _by_then(table, stays)
        parts.append(met.select("journey", "cell", sort=ibis.literal(sort), thing=met[sort]))
    sales = _by_then(tables.touches.filter(tables.touches.sales.fill_null(False)), stays)
    parts.append(sales.select("journey", "cell", sort=ibis.literal("sales"), thing=ibis.literal("contact with sales")))
    once = ibis.union(*parts).distinct()
    try:
        found = tables.engine.rows(once.group_by("sort", "thing", "cell").agg(n=once.count()))
    finally:
        tables.engine.drop(stays)
    return [{**cells[row["cell"]], **row} for row in found]


def _by_then(rows: ir.Table, stays: ir.Table) -> ir.Table:
    """What the account itself had met by the landmark."""
    own = own_acts(rows.filter(~rows.kind.isin(HEARTBEAT).fill_null(False)))
    joined = own.inner_join(stays, "stay")
    return joined.filter(joined.first_at.epoch_seconds() <= joined.until)


def _rows(cells: list[Row], met: list[Row], params: CompareParams) -> tuple[list[Row], int]:
    def key(row: Row) -> tuple[Any, ...]:
        return row["segment"], row["kind"], row["reached"], row["activity"]

    strata = sorted({key(row) for row in cells})
    place = {stratum: number for number, stratum in enumerate(strata)}
    sizes = np.zeros((2, len(strata)))
    for row in cells:
        sizes[0 if row["side"] else 1, place[key(row)]] += row["n"]
    totals: dict[tuple[str, str], int] = {}
    for row in met:
        totals[row["sort"], row["thing"]] = totals.get((row["sort"], row["thing"]), 0) + row["n"]
    things = sorted(totals, key=lambda thing: (-totals[thing], thing))[:MOST_THINGS]
    number = {thing: n for n, thing in enumerate(things)}
    hits = np.zeros((2, len(things), len(strata)))
    for row in met:
        if (row["sort"], row["thing"]) in number:
            hits[0 if row["side"] else 1, number[row["sort"], row["thing"]], place[key(row)]] += row["n"]
    group = np.repeat(np.arange(len(things)), len(strata))
    with_, without = (np.tile(sizes[side], len(things)) for side in (0, 1))
    ratio = risk.odds_ratio(hits[0].ravel(), with_, hits[1].ravel(), without, group, len(things))
    odds = np.where(np.isnan(ratio.low), np.nan, ratio.value)  # 0 or without bound where one side has nothing: no number, and no interval
    a, b = hits[0].sum(axis=1), hits[1].sum(axis=1)
    n1, n0 = sizes.sum(axis=1)
    enough = (
        (np.minimum(n1, n0) >= RECIPE.minimum_n) & (a + b >= RECIPE.minimum_n) & (n1 + n0 - a - b >= RECIPE.minimum_n)
    )
    adjusted = benjamini_hochberg(np.where(enough, ratio.p, np.nan))
    rows = []
    for k in np.lexsort((ratio.p, ~enough)) if len(things) else []:
        clear = bool(enough[k] and adjusted[k] <= LEVEL)
        if enough[k] and (clear or not params.clear):
            rows.append({
                "sort": things[k][0], "thing": things[k][1],
                "odds_ratio": figure(
                    odds[k], ratio.low[k], ratio.high[k], int(a[k] + b[k]), RECIPE, why="only on one side"
                ),
                "adjusted_p": None if np.isnan(adjusted[k]) else float(adjusted[k]), "clear": clear,
                "share_a": proportion(a[k], n1, RECIPE), "share_b": proportion(b[k], n0, RECIPE), "a": int(a[k]), "b": int(b[k]),
            })  # fmt: skip
    return rows[: params.limit], int(enough.sum())


def _behind(journeys: ir.Table) -> ir.Table:
    return journeys.filter(journeys.outcome != "open").drop("path").order_by(journeys.started_at.desc())


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """How many differences are clear, and the clearest of them."""
    clear = [row for row in rows if row["clear"]]
    count: list[tuple[str, Figure | int]] = [(said("clear differences", "deutliche Unterschiede"), len(clear))]
    return [(said("odds ratio, the clearest: {thing}", "Quotenverhältnis, am deutlichsten: {thing}", thing=row["thing"]), row["odds_ratio"]) for row in clear[:1]] + count


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """Odds ratios on a log axis; 1 is no difference; hollow where it is not clear."""
    flat = [{**row, "clear": draw.CLEAR[row["clear"]], "label": f"{row['thing']} · {row['sort']}"} for row in rows[: draw.MOST_ROWS]]
    y = {"field": "label", "type": "nominal", "title": None, "sort": None}
    layers = draw.clear_or_not(draw.intervals("odds_ratio", "x", "Odds ratio", {"type": "log"}, ".1f", y=y))
    return draw.the_first(draw.chart(
        "What won journeys did otherwise", flat,
        {"What won journeys did otherwise": "Was gewonnene Journeys anders machten"}, width=draw.WIDE, layer=[draw.line_at(1), *layers],
    ), len(flat), len(rows))  # fmt: skip


QUESTION_DE = "Was die gewonnenen Journeys anders machten als die verlorenen."
ANALYSIS = Analysis("compare", "Compare", "Vergleich", RECIPE, CompareParams, run, __doc__, QUESTION_DE)
