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

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from etappe.analyses.analysis import Params, Tables
from etappe.analyses.maths import risk
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.maths.meetings import Flags, Pairs, last_of_each, packed, tallied
from etappe.analyses.maths.together import together
from etappe.analyses.population import filtered, in_period
from etappe.journeys.touches import DAY_SECONDS, IDENTIFYING, VENDOR_KINDS, own_acts
from etappe.tables.engine import Engine
from etappe.tables.plain_arrays import moments_of, numbers_of
from etappe.words.result import Row

ENDED, MOVED, BACK, OPEN = "ended", "moved", "came back", "open"
GONE = ("lost", "dormant")
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
NEVER = np.iinfo(np.int64).max
_KEYS = ("family", "stage", "kind", "segment")

__all__ = ["IDENTIFYING", "VENDOR_KINDS", "own_acts"]  # of the build, where visit days are counted beforehand


def visit_days(stays: Stays) -> ir.Table:
    """One visit day a row: journey_id, visit_no, account_id, kind, stage, segment, at, days, steps, how,
    deal_value.

    `days` and `steps` are numbers of bins; `how` is what came after: ended, moved, came back, or open.
    """
    joined = stays.settled.inner_join(stays.table, "stay")
    how = ibis.cases((joined.again, BACK), (joined.left_to.isnull(), OPEN), (joined.left_to.isin(GONE), ENDED), else_=MOVED)
    days = _bin((joined.happened_at.epoch_seconds() - joined.entered_at.epoch_seconds()) / DAY_SECONDS, DAY_BINS)
    return joined.select(
        "stay", "journey_id", "visit_no", "account_id", "family", "kind", "stage", "segment", "deal_value", "outcome",
        at=joined.happened_at, how=how, days=days, steps=_bin(joined.seq, STEP_BINS, closed=True), people=joined.known,
    )  # fmt: skip


def _settled(tables: Tables) -> ir.Table:
    """The visit days of which it is known whether they were the last."""
    limit = ibis.timestamp(tables.as_of).epoch_seconds() - dormancy(tables)
    return tables.visit_days.filter(tables.visit_days.happened_at.epoch_seconds() <= limit)


def _bin(value: ir.Value, edges: tuple[int, ...], closed: bool = False) -> ir.Value:
    """Number of the bin; `closed` bins contain their upper edge."""
    rules = [((value <= edge) if closed else (value < edge), number) for number, edge in enumerate(edges)]
    return ibis.cases(*rules, else_=len(edges)).cast("int8")


def family_of(kind: ir.Value) -> ir.Value:
    """New or existing customer: what is compared together, with the kind held equal."""
    return kind.isin(FAMILIES[0]).ifelse(", ".join(FAMILIES[0]), ", ".join(FAMILIES[1]))


@dataclass(frozen=True, eq=False)
class Stays:
    """The stays that are compared: a table of them with what is held equal (family, stage, kind, segment), and the distinct
    groups of these, in order. `some` says that they are not all stays there are; `settled` are the visit days (of all stays)
    of which it is known whether they were the last.
    """

    table: ir.Table
    groups: list[tuple[str, str, str, str]]
    settled: ir.Table
    some: bool

    def held(self, engine: Engine) -> Stays:
        """The same, computed once where they are some of all: they are asked for again and again."""
        return replace(self, table=engine.keep("stays_asked_for", self.table)) if self.some else self


def stays_of(tables: Tables, journeys: ir.Table, params: Params) -> Stays:
    """The stays of the journeys, entered in the period, with their segment where it can be held equal, and with none in the
    stages where it cannot.

    A segment comes from the CRM, and in the early stages an account is often entered there because it got on:
    those without a segment are then the ones that ended, and to hold "unknown" equal would be to compare the ended
    with the ended. So a stage is matched on segments only where they are known of nearly all, of those that ended
    there as well as of those that did not.
    """
    of_journey = journeys.select(
        "journey_id", "kind", "outcome", "deal_value", family=family_of(journeys.kind), segment=journeys.segment
    )
    joined = in_period(tables.stays, "entered_at", params).inner_join(of_journey, "journey_id")
    stays = joined.select(*joined.columns)
    ended = stays.left_to.isin(GONE).fill_null(False).ifelse(1, 0).sum()
    sizes = tables.engine.rows(stays.group_by("family", "stage", "kind", "segment").agg(n=stays.count(), ended=ended))
    unfair = _unfair(sizes)
    groups = {(row["family"], row["stage"], row["kind"], ANY if (row["family"], row["stage"]) in unfair else "unknown" if row["segment"] is None else row["segment"]) for row in sizes}
    hidden = [(stays.family == family) & (stays.stage == stage) for family, stage in sorted(unfair)]
    known = stays.segment.fill_null("unknown")
    segment = ibis.or_(*hidden).ifelse(ANY, known) if hidden else known
    some = filtered(params) or params.since is not None or params.until is not None
    return Stays(stays.select(*(name for name in stays.columns if name != "segment"), segment=segment), sorted(groups), _settled(tables), some)


def _unfair(sizes: list[Row]) -> set[tuple[str, str]]:
    """Families and stages in which the segment is not known of nearly all that ended, or not of nearly all others."""
    known: dict[tuple[str, str, bool], list[int]] = {}
    for row in sizes:
        for gone, n in ((True, row["ended"]), (False, row["n"] - row["ended"])):
            count = known.setdefault((row["family"], row["stage"], gone), [0, 0])
            count[0] += n
            count[1] += n if row["segment"] is not None else 0
    return {(family, stage) for (family, stage, _), (n, named) in known.items() if n and named / n < NEARLY_ALL}


def stated_roles(tables: Tables) -> ir.Table:
    """The persons whose role is stated by the CRM or a title: a role guessed from behaviour is known only
    afterwards.
    """
    center = tables.buying_center
    return center.filter(center.first_at.notnull() & center.role.notnull() & (center.role_source != "behaviour"))


def dormancy(tables: Tables) -> int:
    """Seconds of silence after which a journey is dormant, as seen in the data; 0 where none ever fell
    asleep.
    """
    journeys = tables.built["journeys"]
    found = tables.engine.to_arrow(journeys.filter((journeys.outcome == "dormant") & journeys.ended_at.notnull() & journeys.last_step_at.notnull()).select("ended_at", "last_step_at"))
    gap = np.sort((moments_of(found["ended_at"]) - moments_of(found["last_step_at"])) // 1_000_000)
    return int(gap[(len(gap) + 19) // 20 - 1]) if len(gap) else 0  # the shortest that a twentieth are not longer than


@dataclass(frozen=True, eq=False)
class Days:
    """Visit days as arrays, in order of stay: one entry a day.

    `place` is the number of (family, stage) in `places`; `cell` that of the stratum with days, steps and whether anybody was
    known, `place_of` the place of each cell. `counts` says of which days it is known what came after; `hit` on which of them
    it was that the journey ended, or moved on. `unfair` are the stages in which segments are not held equal.
    """

    stay: Ints
    journey: Ints
    place: Ints
    cell: npt.NDArray[np.int32]
    at: Ints
    known: Flags
    counts: Flags
    hit: dict[str, Flags]
    places: list[tuple[str, str]]
    place_of: Ints
    unfair: list[str]


def days_of(tables: Tables, stays: Stays) -> Days:
    """The visit days. The stays bring one row each and the days five numbers; all the rest is made of arrays."""
    coded = _coded(tables, stays)
    settled = stays.settled
    if stays.some:
        settled = settled.semi_join(stays.table, "stay")
    flags = {name: settled[name].ifelse(1, 0).cast("int8") for name in ("again", "known")}
    found = tables.engine.to_arrow(settled.select("stay", "seq", at=settled.happened_at, **flags))
    named = numbers_of(found["stay"]).astype(np.int64)
    place_of_stay = np.full(1 + int(max(named.max(initial=-1), coded["stay"].max(initial=-1))), -1)
    place_of_stay[coded["stay"]] = np.arange(len(coded["stay"]))
    order = np.argsort(named, kind="stable")
    order = order[place_of_stay[named[order]] >= 0]
    stay = named[order]
    row = place_of_stay[stay]
    seq, again, known = (numbers_of(found[name])[order] for name in ("seq", "again", "known"))
    again, known, at = again > 0, known > 0, moments_of(found["at"])[order]
    group, after = coded["number"][row], coded["after"][row]
    days = np.searchsorted(DAY_BINS, (at / 1e6 - coded["entered"][row] / 1e6) / DAY_SECONDS, side="right")
    steps = np.searchsorted(STEP_BINS, seq, side="left")
    bins, groups = (len(DAY_BINS) + 1) * (len(STEP_BINS) + 1) * 2, stays.groups
    cells, cell = packed(((group * (len(DAY_BINS) + 1) + days) * (len(STEP_BINS) + 1) + steps) * 2 + known, len(groups) * bins)
    places = sorted({(family, stage) for family, stage, _, _ in groups})
    place = np.array([places.index((family, stage)) for family, stage, _, _ in groups], np.int64)
    there = np.unique(cells // bins)
    unfair = sorted({groups[number][1] for number in there if groups[number][3] == ANY})
    hit = {ENDED: ~again & (after == 1), MOVED: ~again & (after == 2)}
    return Days(stay, coded["journey"][row], place[group], cell.astype(np.int32), at, known, again | (after > 0), hit, places, place[cells // bins], unfair)


def _coded(tables: Tables, stays: Stays) -> dict[str, Ints]:
    """Of each stay: stay, journey, number of its group, entered (microseconds), and after: 1 it ended, 2 it moved on, 0 open."""
    columns = {name: [group[place] for group in stays.groups] for place, name in enumerate(_KEYS)}
    listed = ibis.memtable({**columns, "number": list(range(len(stays.groups)))}, schema={**dict.fromkeys(_KEYS, "string"), "number": "int64"})
    joined = stays.table.inner_join(listed, [*_KEYS])
    after = ibis.cases((joined.left_to.isnull(), 0), (joined.left_to.isin(GONE), 1), else_=2).cast("int8")
    found = tables.engine.to_arrow(joined.select("stay", "journey", "number", entered=joined.entered_at, after=after))
    numbers = {name: numbers_of(found[name]).astype(np.int64) for name in ("stay", "journey", "number", "after")}
    return {**numbers, "entered": moments_of(found["entered"])}


def people_cells(tables: Tables, stays: Stays, days: Days) -> tuple[Flags, Days]:
    """The visit days matched on how many persons with a known role there were, and on which days there was any.

    A role is known from the CRM or a title, and those are known of accounts that got on: a journey of which
    no role is known lacks every role, and says nothing about a missing one.
    """
    numbers = stays.table.select("journey_id", "journey").distinct()
    found = tables.engine.to_arrow(stated_roles(tables).select("journey_id", "first_at").inner_join(numbers, "journey_id").select("journey", "first_at"))
    journey, at = numbers_of(found["journey"]).astype(np.int64), moments_of(found["first_at"])
    order = np.lexsort((at, journey))
    journey, at = journey[order], at[order]
    first = np.flatnonzero(np.append(True, journey[1:] != journey[:-1])) if len(journey) else journey
    place = np.arange(len(journey)) - np.repeat(first, np.diff(np.append(first, len(journey))))
    journeys = 1 + int(max(journey.max(initial=-1), days.journey.max(initial=-1)))
    # The moments from which on there were more than 0, 1, 2, 4, 8 of them: the edges of the bins.
    many = np.zeros(len(days.at), np.int64)
    for edge in (0, *PEOPLE_BINS):
        above = np.full(journeys, NEVER)
        above[journey[place == edge]] = at[place == edge]
        many += above[days.journey] <= days.at
    together = len(PEOPLE_BINS) + 2
    cells, cell = packed(days.cell.astype(np.int64) * together + many, len(days.place_of) * together)
    return many > 0, replace(days, cell=cell.astype(np.int32), place_of=days.place_of[cells // together])


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
    days: Days, pairs: Pairs, names: Mapping[int, tuple[str, str]], how: str = ENDED, slow: bool = False, some: Flags | None = None, journeys: bool = True
) -> Strata:  # fmt: skip
    """Counts visit days, in all and with what was met by then.

    Parameters
    ----------
    pairs : Pairs
        Visit days with what was met by then.
    names : mapping
        Of the things, by number; others are not counted.
    how : str
        What is counted of the visit days: ended or moved.
    slow : bool
        Each thing also counts as another one, from some days after it was met (what works slowly is diluted else).
    some : array of bool, optional
        The visit days that are counted.
    journeys : bool
        Whether to count the journeys that met each thing, too.
    """
    hit, counts = days.hit[how], days.counts if some is None else days.counts & some
    cells = len(days.place_of)
    n, hits = (np.bincount(days.cell[part], minlength=cells).astype(float) for part in (counts, counts & hit))
    whole = {"stage": days.place_of, "cell": np.arange(cells), "n": n, "hits": hits}
    named = sorted([(name, code, "") for code, name in names.items()] + ([((sort + LATER, thing), code, LATER) for code, (sort, thing) in names.items()] if slow else []))
    size = 1 + max(names, default=-1)
    place = {suffix: np.full(size, -1) for suffix in ("", LATER)}
    for number, (_, code, suffix) in enumerate(named):
        place[suffix][code] = number
    known = np.isin(np.arange(1 + max(size, int(pairs.thing.max(initial=0)))), sorted(names))[pairs.thing]
    pairs = pairs if known.all() else pairs.where(known)
    there, ended = counts[pairs.day], (counts & hit)[pairs.day]
    (cell, thing), (_, n, late_n, hits, late_hits) = tallied(
        [(days.cell[pairs.day], cells), (pairs.thing, size)], [there, there & pairs.late, ended, ended & pairs.late]
    )
    found = [_part(days, cell, place[""][thing], n, hits)]
    if slow:
        some_late = late_n > 0
        found.append(_part(days, cell[some_late], place[LATER][thing[some_late]], late_n[some_late], late_hits[some_late]))
    met = {name: np.concatenate([one[name] for one in found]) for name in found[0]}
    many = _journeys(days, pairs, place, size, slow, some) if journeys else {}
    return Strata(days.places, [name for name, _, _ in named], whole, met, many, [code for _, code, _ in named])


def _part(days: Days, cell: Ints, thing: Ints, n: Ints, hits: Ints) -> dict[str, Any]:
    return {"stage": days.place_of[cell], "cell": cell, "thing": thing, "n": n.astype(float), "hits": hits.astype(float)}


def _journeys(days: Days, pairs: Pairs, place: Mapping[str, Ints], size: int, slow: bool, some: Flags | None) -> dict[tuple[int, int], int]:
    """Journeys with a visit day after each thing, by stage: those whose stay's last visit day is."""
    mine = np.arange(len(days.at)) if some is None else np.flatnonzero(some)
    last = np.zeros(len(days.at), bool)
    last[mine] = last_of_each(days.stay[mine], days.at[mine])
    spot = days.journey * len(days.places) + days.place
    alone = (np.bincount(spot[last], minlength=1) == 1)[np.where(last, spot, 0)] & last if len(spot) else last
    once = pairs.where(last[pairs.day])
    found: dict[tuple[int, int], int] = {}
    for suffix, part in (("", once), *([(LATER, once.where(once.late))] if slow else [])):
        # Few journeys come back to a stage: only theirs have to be told apart.
        single = alone[part.day]
        again = np.unique(spot[part.day[~single]] * size + part.thing[~single])
        key = np.concatenate([days.place[part.day[single]] * size + part.thing[single], again // size % len(days.places) * size + again % size])
        counts = np.bincount(key, minlength=len(days.places) * size)
        found |= {(int(key // size), int(place[suffix][key % size])): int(counts[key]) for key in np.flatnonzero(counts)}
    return found


def without(days: Days, left: Flags, leaders: Iterable[tuple[int, Ints, bool]]) -> Flags:
    """The visit days by which a thing had not been met, of those that are left.

    Parameters
    ----------
    leaders : iterable of (place, days, absent)
        One thing a place, by the visit days by which it had been met: only the others of its place are left. Of an absent
        thing those days are, by which it was there.
    """
    kept = np.zeros(len(left), bool)
    for place, met, absent in leaders:
        had = np.zeros(len(left), bool)
        had[met] = True
        kept |= (days.place == place) & (had if absent else ~had)
    return left & kept


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
    pairs, group = together(met["stage"], met["thing"])
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
