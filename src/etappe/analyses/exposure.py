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

from dataclasses import dataclass
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses.analysis import Params, Tables
from etappe.analyses.maths import risk
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.population import filtered, in_period

ENDED, MOVED, BACK, OPEN = "ended", "moved", "came back", "open"
BREAK_DAYS = 0.25
FAMILIES = (("first_purchase", "win_back"), ("expansion", "renewal", "repurchase"))
# Sent by the vendor, or done by a machine: an opened mail may be no more than a preview.
# By these a person becomes known, and with it all that its browser did before.
IDENTIFYING = ("form", "sign_in", "list_change", "chat", "survey_answer", "email_click", "unsubscribe", "webinar")
# A tracker's heartbeat is not something that was met.
HEARTBEAT = ("web_event",)
VENDOR_KINDS = (
    "email_sent", "email_delivered", "email_bounce", "email_open", "ad_view", "note", "task", "list_change", "letter",
)  # fmt: skip
DAY_BINS = (1, 3, 7, 14, 28, 56, 112, 224)
STEP_BINS = (1, 2, 4, 8, 16, 32, 64, 128)
DAY_SECONDS = 86_400.0
ANY = "any segment"
NEARLY_ALL = 0.9  # share of the stays whose segment is known from which on it is held equal


def visit_days(tables: Tables, journeys: ir.Table, params: Params) -> ir.Table:
    """One visit day a row: journey_id, visit_no, account_id, kind, stage, segment, at, days, steps, how,
    deal_value.

    `days` and `steps` are numbers of bins; `how` is what came after: ended, moved, came back, or open.
    """
    of_journey = journeys.select(
        "journey_id",
        "account_id",
        "kind",
        "outcome",
        "deal_value",
        family=family_of(journeys.kind),
        segment=journeys.segment,
    )
    stays = in_period(tables.stage_visits, "entered_at", params).select(
        "journey_id", "visit_no", "stage", "entered_at", "left_to"
    )
    stays = _fairly_segmented(stays.inner_join(of_journey, "journey_id"))
    acts = own_acts(tables.steps)
    if filtered(params):
        acts = acts.semi_join(journeys, "journey_id")
    # Narrow rows and a number to part them by: this sort is where the time goes.
    acts = acts.select("journey_id", "person_id", "visit_no", "seq", at=acts.happened_at, journey=acts.journey_id.hash())
    order = {"group_by": acts.journey, "order_by": acts.seq}
    acts = acts.mutate(next_at=acts["at"].lead().over(**order), next_visit=acts.visit_no.lead().over(**order))
    gap = acts.next_at.epoch_seconds() - acts["at"].epoch_seconds()
    acts = acts.filter(acts.next_at.isnull() | (gap >= BREAK_DAYS * DAY_SECONDS))
    joined = _seen_as_it_happened(tables, acts.inner_join(stays, ["journey_id", "visit_no"]))
    limit = ibis.timestamp(tables.as_of).epoch_seconds() - dormancy(tables)
    joined = joined.filter(joined["at"].epoch_seconds() <= limit)
    how = ibis.cases(
        ((joined.next_visit == joined.visit_no).fill_null(False), BACK),
        (joined.left_to.isnull(), OPEN),
        (joined.left_to.isin(("lost", "dormant")), ENDED),
        else_=MOVED,
    )
    in_stage = (joined["at"].epoch_seconds() - joined.entered_at.epoch_seconds()) / DAY_SECONDS
    return joined.select(
        "journey_id", "visit_no", "account_id", "family", "kind", "stage", "segment", "at", "deal_value", "outcome",
        how=how, days=_bin(in_stage, DAY_BINS), steps=_bin(joined.seq, STEP_BINS, closed=True), people=joined.known,
    )  # fmt: skip


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


def _seen_as_it_happened(tables: Tables, acts: ir.Table) -> ir.Table:
    """Without the days that are only seen because the person made itself known later; `known` is 1 from then
    on.

    A visitor's earlier days come to light with the form that is sent at last, and cannot have been the end;
    those of visitors who left unknown never do. Counted together they would make a form, and whatever leads
    to it, look deadly.
    """
    signs = tables.steps.filter(tables.steps.kind.isin(IDENTIFYING))
    persons = signs.filter(signs.person_id.notnull())
    persons = persons.group_by(of_person="person_id").agg(person_known=persons.happened_at.min())
    accounts = signs.group_by(of_account="account_id").agg(account_known=signs.happened_at.min())
    joined = acts.left_join(persons, acts.person_id == persons.of_person)
    joined = joined.filter(joined.person_known.isnull() | (joined.person_known <= joined["at"]))
    joined = joined.left_join(accounts, joined.account_id == accounts.of_account)
    known = (joined.account_known <= joined["at"]).fill_null(False).ifelse(1, 0).cast("int8")
    return joined.select(*acts.columns, known=known)


def own_acts(steps: ir.Table) -> ir.Table:
    """What the account did itself.

    What the vendor sends goes on after a journey has died, and is no sign of life.
    """
    sent = steps.kind.isin(VENDOR_KINDS).fill_null(False)
    out = (steps.direction == "out").fill_null(False) & ~steps.sales.fill_null(False)
    return steps.filter(~sent & ~out)


def stated_roles(tables: Tables) -> ir.Table:
    """The persons whose role is stated by the CRM or a title: a role guessed from behaviour is known only
    afterwards.
    """
    center = tables.buying_center
    return center.filter(center.first_at.notnull() & center.role.notnull() & (center.role_source != "behaviour"))


def with_people(tables: Tables, units: ir.Table) -> ir.Table:
    """The visit days matched on how many persons with a known role there were; those with none are left out.

    A role is known from the CRM or a title, and those are known of accounts that got on: a journey of which
    no role is known lacks every role, and says nothing about a missing one.
    """
    center = stated_roles(tables)
    known = center.group_by("journey_id").agg(firsts=center.first_at.collect())
    joined = units.inner_join(known, "journey_id")
    by_then = joined.firsts.filter(lambda first: first <= joined["at"]).length()
    joined = joined.mutate(together=by_then).filter(by_then > 0)
    people = joined.people * 10 + _bin(joined.together, (1, 2, 4, 8), closed=True)
    return joined.mutate(people=people.cast("int8")).select(units.columns)


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


def first_met(steps: ir.Table) -> ir.Table:
    """When each stay first met each thing: journey_id, visit_no, sort, thing, met_at."""
    return steps.group_by("journey_id", "visit_no", "sort", "thing").agg(met_at=steps.happened_at.min())


def with_codes(units: ir.Table) -> ir.Table:
    """The visit days with `stay` and `cell` (the stratum) as numbers, and what came after as 0 and 1.

    A visit day is paired with everything its stay has met by then, which makes many pairs: of numbers they are counted
    several times as fast as of texts.
    """
    keys = [units[name].cast("string").fill_null("") for name in _KEYS]
    cell = reduce(lambda one, other: one + "\x1f" + other, keys).hash()
    return units.mutate(stay=_stay(units), cell=cell, **_happened(units))


def met_with_codes(met: ir.Table) -> ir.Table:
    """What was met with `stay` and `what` (sort and thing) as numbers."""
    return met.mutate(stay=_stay(met), what=(met.sort + "\x1f" + met.thing).hash())


def _stay(table: ir.Table) -> ir.Value:
    return (table.journey_id + "\x1f" + table.visit_no.cast("string")).hash()


def _happened(units: ir.Table) -> dict[str, ir.Value]:
    hits = {"n": units.how != OPEN, ENDED: units.how == ENDED, MOVED: units.how == MOVED}
    return {name: hit.ifelse(1, 0).cast("int8") for name, hit in hits.items()}


@dataclass(frozen=True, eq=False)
class Strata:
    """Visit days counted by stratum: all of them, and those by which a thing had been met.

    `whole` and `met` have code arrays stage and cell (stratum), and counts n, ended, moved; `met` also thing.
    `codes` are the numbers of the things in the engine.
    """

    stages: list[tuple[str, str]]
    things: list[tuple[str, str]]
    whole: dict[str, Any]
    met: dict[str, Any]
    journeys: dict[tuple[int, int], int]
    codes: list[int]


_KEYS = ("family", "stage", "kind", "segment", "days", "steps", "people")


def counted(tables: Tables, units: ir.Table, met: ir.Table, journeys: bool = True) -> Strata:
    """Counts the visit days in the engine: what comes out has no journeys any more.

    Parameters
    ----------
    units, met : table
        Of :func:`with_codes` and :func:`met_with_codes`, kept.
    journeys : bool
        Whether to count the journeys that met each thing, too.
    """
    whole = tables.engine.to_arrow(units.group_by("cell", *_KEYS).agg(**_counts(units)))
    joined = units.select("stay", "cell", "at", "n", ENDED, MOVED).inner_join(met.select("stay", "what", "met_at"), "stay")
    joined = joined.filter(joined.met_at <= joined["at"])
    part = tables.engine.to_arrow(joined.group_by("cell", "what").agg(**_counts(joined)))
    listed = met.group_by("what").agg(sort=met.sort.min(), thing=met.thing.min())
    names = {row["what"]: (row["sort"], row["thing"]) for row in tables.engine.rows(listed.order_by("sort", "thing"))}
    pairs = sorted(set(zip(whole["family"].to_pylist(), whole["stage"].to_pylist(), strict=True)))
    place = {pair: number for number, pair in enumerate(pairs)}
    cells = _numbers(whole["cell"])
    order = np.argsort(cells)
    stages = np.array([place[pair] for pair in zip(whole["family"].to_pylist(), whole["stage"].to_pylist(), strict=True)], np.int64)
    codes = np.array(list(names), np.int64)
    by_code = np.argsort(codes)
    met_cell = order[np.searchsorted(cells[order], _numbers(part["cell"]))]
    thing = by_code[np.searchsorted(codes[by_code], _numbers(part["what"]))] if len(codes) else np.zeros(0, np.int64)
    coded_whole = {"stage": stages, "cell": np.arange(len(cells)), **_sums(whole)}
    coded_met = {"stage": stages[met_cell], "cell": met_cell, "thing": thing, **_sums(part)}
    many = _journeys(tables, units, met, place, list(names)) if journeys else {}
    return Strata(pairs, list(names.values()), coded_whole, coded_met, many, list(names))


def _journeys(
    tables: Tables, units: ir.Table, met: ir.Table, place: dict[tuple[str, str], int], codes: list[int]
) -> dict[tuple[int, int], int]:
    """Journeys with a visit day after each thing, by stage: those whose stay's last visit day is."""
    last = units.group_by("stay", "family", "stage").agg(at=units["at"].max(), journey=units.journey_id.min().hash())
    joined = last.inner_join(met.select("stay", "what", "met_at"), "stay")
    joined = joined.filter(joined.met_at <= joined["at"])
    counts = joined.group_by("family", "stage", "what").agg(journeys=joined.journey.nunique())
    number = {code: place for place, code in enumerate(codes)}
    return {
        (place[row["family"], row["stage"]], number[row["what"]]): int(row["journeys"]) for row in tables.engine.rows(counts)
    }


def _numbers(column: Any) -> Ints:
    return np.asarray(column.to_numpy().astype(np.int64))


def _sums(table: Any) -> dict[str, Floats]:
    return {name: np.asarray(table[name].to_numpy().astype(float)) for name in ("n", ENDED, MOVED)}


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


def _counts(table: ir.Table) -> dict[str, ir.Value]:
    return {name: table[name].sum() for name in ("n", ENDED, MOVED)}


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


def compared(strata: Strata, how: str = ENDED, absent: tuple[str, ...] = ()) -> Compared:
    """Risk ratio of each thing in each stage where it was met. For sorts in `absent`, of *not* having it."""
    whole, met = strata.whole, strata.met
    size = 1 + int(max(whole["cell"].max(initial=-1), met["cell"].max(initial=-1)))
    n, d = _by_cell(whole, "n", size), _by_cell(whole, how, size)
    pairs, group = np.unique(np.stack([met["stage"], met["thing"]]), axis=1, return_inverse=True)
    a, n1 = met[how], met["n"]
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
