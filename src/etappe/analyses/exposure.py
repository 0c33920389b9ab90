"""With and without: does something happen more often after a thing was met in a stage, like for like?

The unit is a *visit day*: the account's last own act (not the vendor's) before a break of six hours or more.
After it a journey comes back to the same stage, moves on, ends (lost, or silent for good), or cannot be
judged yet. Visit days of journeys that have met the thing by then (in this stay in the stage) are compared
with those that have not, *of the same stage, the same segment, about as many days in the stage and about as
many steps so far*: nobody is compared with somebody who had more time or more contacts to meet it. The tables
of all such strata are pooled by Mantel-Haenszel. A segment is held equal only in stages where it is known of
nearly all: where it is known of those that got on, it is a consequence of what is measured.

Counting by visit days and not by calendar days matters: that a journey fell asleep is known only long after,
and dating it at its last step would make everything look harmful that happens in a step at all. Visit days
later than `as_of` less the dormancy limit are left out for the same reason: nobody knows yet whether they
were the last.

Source: N. Mantel, W. Haenszel, J. Natl. Cancer Inst. 22 (1959) 719-748; S. Greenland, J. M. Robins,
Biometrics 41 (1985) 55-68; discrete hazards: P. D. Allison, Sociological Methodology 13 (1982) 61-98.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses.analysis import Params, Tables
from etappe.analyses.maths import risk
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.met import Met
from etappe.analyses.numbered import numbered
from etappe.analyses.population import in_period
from etappe.journeys.touches import DAY_SECONDS, IDENTIFYING, VENDOR_KINDS, own_acts

ENDED, MOVED, BACK, OPEN = "ended", "moved", "came back", "open"
FAMILIES = (("first_purchase", "win_back"), ("expansion", "renewal", "repurchase"))
# A tracker's heartbeat is not something that was met.
HEARTBEAT = ("web_event",)
DAY_BINS = (1, 3, 7, 14, 28, 56, 112, 224)
STEP_BINS = (1, 2, 4, 8, 16, 32, 64, 128)
PEOPLE_BINS = (1, 2, 4, 8)
ANY = "any segment"
NEARLY_ALL = 0.9  # share of the stays whose segment is known from which on it is held equal
LATER = " a week on"
LAG_DAYS = 7

__all__ = ["IDENTIFYING", "VENDOR_KINDS", "own_acts"]  # of the build, where visit days are counted beforehand


def visit_days(tables: Tables, journeys: ir.Table, params: Params) -> ir.Table:
    """One visit day a row: journey_id, visit_no, account_id, kind, stage, segment, at, days, steps, how,
    deal_value.

    `days` and `steps` are numbers of bins; `how` is what came after: ended, moved, came back, or open.
    """
    joined = _settled(tables).inner_join(stays_of(tables, journeys, params), "stay")
    return joined.select(
        "stay", "journey_id", "visit_no", "account_id", "family", "kind", "stage", "segment", "deal_value", "outcome",
        at=joined.happened_at, how=_how(joined), days=_days(joined), steps=_bin(joined.seq, STEP_BINS, closed=True), people=joined.known,
    )  # fmt: skip


def _settled(tables: Tables) -> ir.Table:
    """The visit days of which it is known whether they were the last."""
    limit = ibis.timestamp(tables.as_of).epoch_seconds() - dormancy(tables)
    return tables.visit_days.filter(tables.visit_days.happened_at.epoch_seconds() <= limit)


def _how(joined: ir.Table) -> ir.Value:
    return ibis.cases(
        (joined.again, BACK), (joined.left_to.isnull(), OPEN), (joined.left_to.isin(("lost", "dormant")), ENDED), else_=MOVED
    )


def _days(joined: ir.Table) -> ir.Value:
    return _bin((joined.happened_at.epoch_seconds() - joined.entered_at.epoch_seconds()) / DAY_SECONDS, DAY_BINS)


def stays_of(tables: Tables, journeys: ir.Table, params: Params) -> ir.Table:
    """The stays of the journeys, entered in the period, with what is held equal: family, stage, kind, segment."""
    of_journey = journeys.select(
        "journey_id", "kind", "outcome", "deal_value", family=family_of(journeys.kind), segment=journeys.segment
    )
    stays = in_period(tables.stays, "entered_at", params)
    return _fairly_segmented(stays.inner_join(of_journey, "journey_id"))


def family_of(kind: ir.Value) -> ir.Value:
    """New or existing customer: what is compared together, with the kind held equal."""
    return kind.isin(FAMILIES[0]).ifelse(", ".join(FAMILIES[0]), ", ".join(FAMILIES[1]))


def _fairly_segmented(stays: ir.Table) -> ir.Table:
    """The stays with their segment where it can be held equal, and with none in the stages where it cannot.

    A segment comes from the CRM, and in the early stages an account is often entered there because it got on:
    those without a segment are then the ones that ended, and to hold "unknown" equal would be to compare the ended
    with the ended. So a stage is matched on segments only where they are known of nearly all, of those that ended
    there as well as of those that did not.
    """
    ended, known = stays.left_to.isin(("lost", "dormant")).fill_null(False), stays.segment.notnull().ifelse(1.0, 0.0)
    shares = stays.group_by("family", "stage").agg(ended=known.mean(where=ended), others=known.mean(where=~ended))
    fair = (shares.ended.fill_null(1.0) >= NEARLY_ALL) & (shares.others.fill_null(1.0) >= NEARLY_ALL)
    unfair = shares.filter(~fair).select("family", "stage", unfair=True)
    joined = stays.left_join(unfair, ["family", "stage"])
    segment = joined.unfair.fill_null(False).ifelse(ANY, joined.segment.fill_null("unknown"))
    return joined.select(*(name for name in stays.columns if name != "segment"), segment=segment)


def stated_roles(tables: Tables) -> ir.Table:
    """The persons whose role is stated by the CRM or a title: a role guessed from behaviour is known only
    afterwards.
    """
    center = tables.buying_center
    return center.filter(center.first_at.notnull() & center.role.notnull() & (center.role_source != "behaviour"))


def _bin(value: ir.Value, edges: tuple[int, ...], closed: bool = False) -> ir.Value:
    """Number of the bin; `closed` bins contain their upper edge."""
    rules = [((value <= edge) if closed else (value < edge), number) for number, edge in enumerate(edges)]
    return ibis.cases(*rules, else_=len(edges)).cast("int8")


def dormancy(tables: Tables) -> int:
    """Seconds of silence after which a journey is dormant, as seen in the data; 0 where none ever fell
    asleep.
    """
    asleep = tables.journeys.filter(tables.journeys.outcome == "dormant")
    gap = (asleep.ended_at.epoch_seconds() - asleep.last_step_at.epoch_seconds()).cast("float64").floor()
    # The shortest gap that a twentieth are not longer than: said by ranks, as not every warehouse knows exact quantiles.
    ranked = asleep.select(gap=gap, place=ibis.row_number().over(order_by=gap) + 1, n=gap.count().over())
    rows = tables.engine.rows(ranked.agg(gap=ranked.gap.min(where=ranked.place * 20 >= ranked.n)))
    return int(rows[0]["gap"] or 0) if rows else 0


@dataclass(frozen=True, eq=False)
class Days:
    """Visit days ready to be counted, all in numbers.

    `units` is kept and has stay, journey, place, cell, at, and what came after as 0 and 1: n, ended, moved. `place` is
    the number of (family, stage) in `places`, `place_of` that of each stratum; the cell is the stratum with days, steps
    and people. `unfair` are the stages in which segments are not held equal.
    """

    units: ir.Table
    stays: ir.Table
    places: list[tuple[str, str]]
    unfair: list[str]
    place_of: Ints

    def drop(self, tables: Tables) -> None:
        """Frees what was kept."""
        tables.engine.drop(self.units)
        tables.engine.drop(self.stays)


_KEYS = ("family", "stage", "kind", "segment")
_PEOPLE = 100  # cells a stratum of days and steps has: numbers of `people`
_CELLS = 16 * 16 * _PEOPLE


def days_of(tables: Tables, journeys: ir.Table, params: Params) -> Days:
    """The visit days, kept.

    A visit day is paired with everything its stay has met by then, which makes many pairs: of numbers they are counted
    several times as fast as of texts. So the few strata of texts get a number each, and the cell is made of it.
    """
    stays = tables.engine.keep("compared_stays", stays_of(tables, journeys, params))
    named, coded = numbered(tables, stays, _KEYS, "stratum")
    places = sorted({(row["family"], row["stage"]) for row in named})
    place = [places.index((row["family"], row["stage"])) for row in named]
    listed = ibis.memtable({"stratum": list(range(len(named))), "place": place}, schema={"stratum": "int64", "place": "int64"})
    coded = coded.inner_join(listed, "stratum").select("stay", "journey", "entered_at", "left_to", "stratum", "place")
    joined = _settled(tables).inner_join(coded, "stay")
    how = tables.engine.view("visit_days", joined.mutate(how=_how(joined)))
    steps = _bin(how.seq, STEP_BINS, closed=True).cast("int64")
    cell = ((how.stratum * 16 + _days(how).cast("int64")) * 16 + steps) * _PEOPLE + how.known.ifelse(1, 0)
    units = how.select(
        "stay", "journey", "place", cell=cell.cast("int64"), at=how.happened_at, known=how.known.ifelse(1, 0).cast("int8"),
        **{name: hit.ifelse(1, 0).cast("int8") for name, hit in {"n": how.how != OPEN, ENDED: how.how == ENDED, MOVED: how.how == MOVED}.items()},
    )  # fmt: skip
    kept = tables.engine.keep("visit_days", units)
    there = tables.engine.rows(kept.select(stratum=kept.cell // _CELLS).distinct())
    unfair = sorted({named[int(row["stratum"])]["stage"] for row in there if named[int(row["stratum"])]["segment"] == ANY})
    return Days(kept, stays, places, unfair, np.array(place, np.int64))


def with_people(tables: Tables, days: Days, units: ir.Table) -> ir.Table:
    """The visit days matched on how many persons with a known role there were; those with none are left out.

    A role is known from the CRM or a title, and those are known of accounts that got on: a journey of which
    no role is known lacks every role, and says nothing about a missing one.
    """
    center = stated_roles(tables)
    order = ibis.row_number().over(group_by=center.journey_id, order_by=[center.first_at, center.person_id])
    placed = center.select("journey_id", "first_at", place=order)
    # The moments from which on there were more than 0, 1, 2, 4, 8 of them: the edges of the bins.
    edges = (0, *PEOPLE_BINS)
    came = placed.group_by("journey_id").agg(**{f"above_{edge}": placed.first_at.min(where=placed.place == edge) for edge in edges})
    numbers = days.stays.select("journey_id", "journey").distinct()
    joined = units.inner_join(came.inner_join(numbers, "journey_id").drop("journey_id"), "journey")
    joined = joined.filter(joined.above_0 <= joined["at"])
    together = sum(((joined[f"above_{edge}"] <= joined["at"]).fill_null(False).ifelse(1, 0) for edge in PEOPLE_BINS), ibis.literal(0))
    cell = joined.cell + joined.known.cast("int64") * 9 + together  # people: ten times known, and together
    return joined.select(*(name for name in units.columns if name != "cell"), cell=cell.cast("int64"))


@dataclass(frozen=True, eq=False)
class Strata:
    """Visit days counted by stratum: all of them, and those by which a thing had been met.

    `whole` and `met` have code arrays stage and cell (stratum), and counts n and hits; `met` also thing. `codes` are
    the numbers of the things in the engine.
    """

    stages: list[tuple[str, str]]
    things: list[tuple[str, str]]
    whole: dict[str, Any]
    met: dict[str, Any]
    journeys: dict[tuple[int, int], int]
    codes: list[int]


def counted(
    tables: Tables, days: Days, units: ir.Table, met: Met, how: str = ENDED, lag: int | None = None, journeys: bool = True
) -> Strata:
    """Counts the visit days in the engine: what comes out has no journeys any more.

    Parameters
    ----------
    units : table
        Those of `days`, or some of them.
    met : Met
        What was met; its table is kept.
    how : str
        What is counted of the visit days: ended or moved.
    lag : int, optional
        Each thing also counts as another one, from so many days after it was met (what works slowly is diluted else).
    journeys : bool
        Whether to count the journeys that met each thing, too.
    """
    whole = tables.engine.to_arrow(units.group_by("cell").agg(n=units.n.sum(), hits=units[how].sum()))
    joined = units.select("stay", "cell", "at", "n", hit=units[how]).inner_join(met.table.drop("steps"), "stay")
    joined = joined.filter(joined.met_at <= joined["at"])
    sums = {"n": joined.n.sum(), "hits": joined.hit.sum()}
    if lag is not None:
        slow = _late(joined, lag)
        sums |= {"many": slow.ifelse(1, 0).sum(), "n_slow": slow.ifelse(joined.n, 0).sum(), "hits_slow": slow.ifelse(joined.hit, 0).sum()}
    part = tables.engine.to_arrow(joined.group_by("cell", "what").agg(**sums))
    base = met.names
    named = sorted([(name, code) for code, name in base.items()] + ([((sort + LATER, thing), code) for code, (sort, thing) in base.items()] if lag is not None else []))
    things = [name for name, _ in named]
    cells = np.sort(_numbers(whole["cell"]))
    order = np.argsort(_numbers(whole["cell"]))
    stages = days.place_of[cells // _CELLS] if len(cells) else cells
    many = _journeys(tables, units, met, lag, things) if journeys else {}
    coded_whole = {"stage": stages, "cell": np.arange(len(cells)), "n": _floats(whole["n"])[order], "hits": _floats(whole["hits"])[order]}
    return Strata(days.places, things, coded_whole, _coded(part, cells, stages, things, base, lag), many, [code for _, code in named])


def _coded(part: Any, cells: Ints, stages: Ints, things: list[tuple[str, str]], base: dict[int, tuple[str, str]], lag: int | None) -> dict[str, Any]:
    """The counts of what was met as arrays: first of all things, then of those that count from later on."""
    cell = np.searchsorted(cells, _numbers(part["cell"]))
    codes = np.array(sorted(base), np.int64)
    place = {name: number for number, name in enumerate(things)}
    which = np.searchsorted(codes, _numbers(part["what"]))
    found = [_one_of(cell, stages, _places(codes, base, place, "")[which], _floats(part["n"]), _floats(part["hits"]))]
    if lag is not None:
        some = np.flatnonzero(_floats(part["many"]) > 0)
        slow = _places(codes, base, place, LATER)[which]
        found.append(_one_of(cell[some], stages, slow[some], _floats(part["n_slow"])[some], _floats(part["hits_slow"])[some]))
    return {name: np.concatenate([one[name] for one in found]) for name in found[0]}


def _places(codes: Ints, base: dict[int, tuple[str, str]], place: dict[tuple[str, str], int], suffix: str) -> Ints:
    return np.array([place[base[int(code)][0] + suffix, base[int(code)][1]] for code in codes], np.int64)


def _one_of(cell: Ints, stages: Ints, thing: Ints, n: Floats, hits: Floats) -> dict[str, Any]:
    return {"stage": stages[cell] if len(stages) else cell, "cell": cell, "thing": thing, "n": n, "hits": hits}


def _journeys(
    tables: Tables, units: ir.Table, met: Met, lag: int | None, things: list[tuple[str, str]]
) -> dict[tuple[int, int], int]:
    """Journeys with a visit day after each thing, by stage: those whose stay's last visit day is."""
    last = units.group_by("stay").agg(at=units["at"].max(), journey=units.journey.min(), place=units.place.min())
    joined = last.inner_join(met.table.drop("steps"), "stay")
    joined = joined.filter(joined.met_at <= joined["at"])
    joined = joined.mutate(slow=ibis.literal(0) if lag is None else _late(joined, lag).ifelse(1, 0))
    each = joined.group_by("place", "what", "journey").agg(slow=joined.slow.max())
    counts = each.group_by("place", "what").agg(journeys=each.count(), slow=each.slow.sum())
    number = {name: place for place, name in enumerate(things)}
    found: dict[tuple[int, int], int] = {}
    for row in tables.engine.rows(counts):
        sort, thing = met.names[int(row["what"])]
        found[int(row["place"]), number[sort, thing]] = int(row["journeys"])
        if lag is not None:
            found[int(row["place"]), number[sort + LATER, thing]] = int(row["slow"])
    return found


def _late(joined: ir.Table, lag: int) -> ir.Value:
    return joined.met_at + ibis.interval(days=lag) <= joined["at"]


def without(units: ir.Table, met: Met, leaders: Iterable[tuple[int, int, int, bool]]) -> ir.Table:
    """The visit days by which a thing had not been met.

    Parameters
    ----------
    leaders : iterable of (place, what, lag, absent)
        One thing a place: only its visit days are left. Of an absent one those days are, by which it was there.
    """
    rows = list(leaders)
    names = {"of_place": [row[0] for row in rows], "what": [row[1] for row in rows], "lag": [row[2] for row in rows], "absent": [row[3] for row in rows]}
    asked = ibis.memtable(names, schema={"of_place": "int64", "what": "int64", "lag": "int64", "absent": "boolean"})
    led = met.table.inner_join(asked, "what")
    led = led.select(of_stay="stay", of_place="of_place", led_at=(led["lag"] > 0).ifelse(led.met_at + ibis.interval(days=LAG_DAYS), led.met_at))
    mine = units.filter(units.place.isin(names["of_place"]))
    joined = mine.left_join(led, [mine.stay == led.of_stay, mine.place == led.of_place])
    had = (joined.led_at <= joined["at"]).fill_null(False)
    there = [row[0] for row in rows if row[3]]
    left = joined.place.isin(there).ifelse(had, ~had) if there else ~had
    return joined.filter(left).select(*units.columns)


def _numbers(column: Any) -> Ints:
    return np.asarray(column.to_numpy().astype(np.int64))


def _floats(column: Any) -> Floats:
    return np.asarray(column.to_numpy().astype(float))


def merged(one: Strata, other: Strata) -> Strata:
    """Two counts side by side: their strata and things stay apart."""
    stages = sorted({*one.stages, *other.stages})
    shift = 1 + int(max(one.whole["cell"].max(initial=-1), one.met["cell"].max(initial=-1)))

    def moved(rows: dict[str, Any], names: list[tuple[str, str]], cells: int, things: int) -> dict[str, Any]:
        place = np.array([stages.index(pair) for pair in names] or [0], np.int64)
        out = {**rows, "stage": place[rows["stage"]], "cell": rows["cell"] + cells}
        return out if "thing" not in rows else {**out, "thing": rows["thing"] + things}

    def both(name: str) -> dict[str, Any]:
        first = moved(getattr(one, name), one.stages, 0, 0)
        second = moved(getattr(other, name), other.stages, shift, len(one.things))
        return {key: np.concatenate([first[key], second[key]]) for key in first}

    journeys = {(stages.index(one.stages[s]), t): n for (s, t), n in one.journeys.items()}
    journeys |= {(stages.index(other.stages[s]), t + len(one.things)): n for (s, t), n in other.journeys.items()}
    codes = [*one.codes, *other.codes]
    return Strata(stages, [*one.things, *other.things], both("whole"), both("met"), journeys, codes)


@dataclass(frozen=True, eq=False)
class Compared:
    """One comparison a row: stage and thing, ratio with interval and p, visit days with and without, what
    happened.

    `expected` is how many would have happened to those who met it at the rate of the others: `happened` by the pooled
    ratio, so that both always say the same (rates of single strata, summed up, can contradict the ratio where a stratum
    has one other visit day). `p_more` is the one-sided p-value of "no more often with it". `chance` is how many would have happened to them if the thing made no difference at all.
    """

    stage: Ints
    thing: Ints
    ratio: risk.Ratio
    p_more: Floats
    met: Floats
    happened: Floats
    expected: Floats
    chance: Floats
    others: Floats
    journeys: Ints


def compared(strata: Strata, absent: tuple[str, ...] = ()) -> Compared:
    """Risk ratio of each thing in each stage where it was met. For sorts in `absent`, of *not* having it."""
    whole, met = strata.whole, strata.met
    size = 1 + int(max(whole["cell"].max(initial=-1), met["cell"].max(initial=-1)))
    n, d = _by_cell(whole, "n", size), _by_cell(whole, "hits", size)
    pairs, group = np.unique(np.stack([met["stage"], met["thing"]]), axis=1, return_inverse=True)
    a, n1 = met["hits"], met["n"]
    b, n0 = d[met["cell"]] - a, n[met["cell"]] - n1
    turned = np.array([strata.things[thing][0] in absent for thing in met["thing"]], bool)
    a, b = np.where(turned, b, a), np.where(turned, a, b)
    n1, n0 = np.where(turned, n0, n1), np.where(turned, n1, n0)
    count = pairs.shape[1]
    some = (n1 > 0) & (n0 > 0)
    ratio = risk.risk_ratio(a, n1, b, n0, group, count)
    chance = n1 * (a + b) / np.maximum(n1 + n0, 1)
    exposed, happened, by_chance, others = (_sum(group, np.where(some, part, 0.0), count) for part in (n1, a, chance, n0))
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = happened / ratio.value
    journeys = np.array([strata.journeys.get((int(s), int(t)), 0) for s, t in pairs.T], np.int64)
    more = risk.more_often(a, n1, b, n0, group, count)
    return Compared(pairs[0], pairs[1], ratio, more, exposed, happened, expected, by_chance, others, journeys)


def _by_cell(rows: dict[str, Any], name: str, size: int) -> Floats:
    return _sum(rows["cell"], rows[name], size)


def _sum(codes: Ints, weights: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(codes, weights=weights, minlength=size), float)
