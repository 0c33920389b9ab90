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

from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option, unknown
from etappe.analyses.answer import answer, figure, proportion
from etappe.analyses.exposure import HEARTBEAT
from etappe.analyses.maths import risk
from etappe.analyses.maths.bounds import Floats, Ints, benjamini_hochberg
from etappe.analyses.maths.together import together
from etappe.analyses.population import journeys_of, values
from etappe.analyses.stage_exits import in_order
from etappe.analyses.step_arrays import with_numbers
from etappe.analyses.ways import NEVER, met_by_then, once_each, own
from etappe.errors import QuestionFault
from etappe.tables.plain_arrays import flags_of, moments_of, numbers_of
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
ACTIVITY = (1, 2, 4, 8, 16, 32)  # own acts by the landmark: the upper edges of the bins
DAY = 86_400
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
    query = _journeys(tables, journeys, params, name, this, that)
    found = _counted(tables, query, int(params.within * DAY))
    example = _behind(journeys)
    rows, tested = _rows(found, params)
    sizes = [int(side.sum()) for side in found.sizes]
    caveats: list[str] = [
        said("a is {this} ({n}), b is {that} ({m}). An association, not a cause.",
             "a ist {this} ({n}), b ist {that} ({m}). Ein Zusammenhang, keine Ursache.", this=this, that="lost or dormant" if _with_dormant(name, that) else that, n=sizes[0], m=sizes[1]),
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


def _with_dormant(name: str, that: str) -> bool:
    """Whether the second side holds what fell silent too: both ended without a win."""
    return (name, that) == ("outcome", "lost")


def _journeys(tables: Tables, journeys: ir.Table, params: CompareParams, name: str, this: str, that: str) -> ir.Table:
    """One journey a row that is on one of the sides and was undecided at the landmark: journey_id, side,
    started_at, segment, kind.
    """
    wanted = {this, that} | ({"dormant"} if _with_dormant(name, that) else set())
    chosen = journeys.filter(journeys[name].isin(sorted(wanted)))
    seconds = int(params.within * DAY)
    end = chosen.ended_at.fill_null(ibis.timestamp(tables.as_of)).epoch_seconds()
    chosen = chosen.filter(end - chosen.started_at.epoch_seconds() > seconds)
    return chosen.select(
        "journey_id", "started_at", side=chosen[name] == this,
        segment=ibis.literal("all") if name == "segment" else chosen.segment.fill_null("unknown"),
        kind=ibis.literal("all") if name == "kind" else chosen.kind,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Undecided:
    """The journeys that are compared: number, segment, kind and side of each, as codes; and of every journey its landmark
    (microseconds; `NEVER` where it is not compared), of every stay its journey, stage and beginning.
    """

    journey: Ints
    segment: Ints
    kind: Ints
    side: Ints
    until: Ints
    journey_of: Ints
    stage: Ints
    entered: Ints

    @classmethod
    def of(cls, tables: Tables, chosen: ir.Table, seconds: int) -> _Undecided:
        found = tables.engine.to_arrow(with_numbers(tables, chosen).select("journey", "started_at", "segment", "kind", "side"))
        stays = tables.engine.to_arrow(tables.stays.select("stay", "journey", "stage_no", "entered_at"))
        order = np.argsort(numbers_of(stays["stay"]), kind="stable")
        journey, journey_of = numbers_of(found["journey"], -1).astype(np.int64), numbers_of(stays["journey"])[order].astype(np.int64)
        size = 1 + int(max(journey.max(initial=-1), journey_of.max(initial=-1)))
        lone = np.flatnonzero(journey < 0)  # a journey without a stay has met nothing, and counts
        journey[lone] = size + np.arange(len(lone))
        until = np.full(size + len(lone), NEVER)
        until[journey] = moments_of(found["started_at"]) + seconds * 10**6
        segment, kind = (in_order(found[name])[1] for name in ("segment", "kind"))
        side = flags_of(found["side"]).astype(np.int64)
        return cls(journey, segment, kind, side, until, journey_of, numbers_of(stays["stage_no"])[order], moments_of(stays["entered_at"])[order])

    def reached(self) -> Ints:
        """The stage each journey was in at the landmark, by its number; 0 where in none."""
        by_then = self.entered <= self.until[self.journey_of]
        found = np.zeros(len(self.until), np.int64)
        found[self.journey_of[by_then]] = self.stage[by_then]  # of several the last
        return found[self.journey]

    def activity(self, tables: Tables) -> Ints:
        """How many own acts each journey had by then, as the number of a bin; -1 of none."""
        mine = [row["way"] for row in tables.engine.rows(tables.touch_ways) if own(row)]
        steps = tables.numbered_steps
        found = tables.engine.to_arrow(steps.select("happened_at", **{name: steps[name].cast("int32") for name in ("stay", "way")}))
        way, stay = numbers_of(found["way"]), numbers_of(found["stay"])
        is_own = np.zeros(1 + max(int(way.max(initial=0)), max(mine, default=0)), bool)
        is_own[mine] = True
        early = is_own[way] & (moments_of(found["happened_at"]) <= self.until[self.journey_of][stay])
        of_stay = np.bincount(stay[early], minlength=len(self.journey_of))
        acts = np.bincount(self.journey_of, of_stay, minlength=len(self.until))[self.journey]
        return np.where(acts, np.searchsorted(ACTIVITY, acts, side="left"), -1)


@dataclass(frozen=True, eq=False)
class Counted:
    """Journeys counted by cell (stratum and side), and by cell and thing.

    Attributes
    ----------
    sizes : 2 × strata
        Journeys of this and of the other side.
    things : list of (sort, thing)
        The most frequent first.
    hits : 2 × things × strata
        Those that had met it by the landmark.
    """

    sizes: Floats
    things: list[tuple[str, str]]
    hits: Floats


def _counted(tables: Tables, chosen: ir.Table, seconds: int) -> Counted:
    """Journeys by stratum and side, in all and with each thing by the landmark, so many seconds after they began."""
    mine = _Undecided.of(tables, chosen, seconds)
    cells, cell = together(mine.segment, mine.kind, mine.reached(), mine.activity(tables), mine.side)
    cell_of = np.full(len(mine.until), -1)
    cell_of[mine.journey] = cell
    touched, used = (
        met_by_then(tables, table, ways, mine.until, mine.journey_of, _counts)
        for table, ways in ((tables.touches, tables.touch_ways), (tables.uses, tables.use_ways))
    )
    things, parts = list[tuple[str, str]](), list[tuple[Ints, Ints, Ints]]()
    sales = replace(touched, ways=[{**way, "sales": "contact with sales" if way["sales"] else None} for way in touched.ways])
    for sort, met in (("touchpoint", touched), ("channel", touched), ("content", used), ("sales", sales)):
        names, code = met.codes(sort)
        thing, place, n = once_each(met.journey, code, len(names), cell_of, cells.shape[1])
        parts.append((thing + len(things), place, n))
        things += [(sort, name) for name in names]
    found = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _by_stratum(cells, np.bincount(cell, minlength=cells.shape[1]), things, *found)


def _counts(way: Row) -> bool:
    """What the account itself did, but for a tracker's heartbeat."""
    return own(way) and way["kind"] not in HEARTBEAT


def _by_stratum(cells: Ints, sizes: Ints, things: list[tuple[str, str]], thing: Ints, cell: Ints, n: Ints) -> Counted:
    """The counts of cells (columns; the last row is the side) by side and stratum; of the things only the most frequent."""
    strata, stratum = together(*cells[:-1])
    side = 1 - cells[-1]
    total = np.bincount(thing, weights=n, minlength=len(things))
    frequent = sorted((k for k in range(len(things)) if total[k]), key=lambda k: (-total[k], things[k]))[:MOST_THINGS]
    place = np.full(len(things), -1)
    place[frequent] = np.arange(len(frequent))
    some = place[thing] >= 0
    whole, hits = np.zeros((2, strata.shape[1])), np.zeros((2, len(frequent), strata.shape[1]))
    np.add.at(whole, (side, stratum), sizes)
    np.add.at(hits, (side[cell[some]], place[thing[some]], stratum[cell[some]]), n[some])
    return Counted(whole, [things[k] for k in frequent], hits)


def _rows(found: Counted, params: CompareParams) -> tuple[list[Row], int]:
    things, hits, sizes = found.things, found.hits, found.sizes
    strata = sizes.shape[1]
    group = np.repeat(np.arange(len(things)), strata)
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
