"""Whether journeys keep rules, judged as arrays: what each journey did and when is read once for all rules.

:func:`judged` says the same of one rule in the engine's own words: it is the query behind the figures and their records.
A test holds the two to each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.analyses.analysis import Tables
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.playbook_rules import AFTER, BEFORE, WITHIN, Rule, Thing
from etappe.analyses.stage_exits import coded
from etappe.analyses.step_arrays import journeys_of_stays
from etappe.journeys.shortcuts import DAY
from etappe.tables.plain_arrays import moments_of, numbers_of

KEPT, OPEN, MISSING, LATE, ORDER = VERDICTS = ("kept", "still open", "missing", "late", "out of order")
UNKNOWN = np.iinfo(np.int64).max
Moments = tuple[Ints, Ints]
"""Journeys, by their place, and when each of them met something (microseconds; `UNKNOWN` where nobody knows)."""


@dataclass(frozen=True, eq=False)
class Verdicts:
    """The journeys to which a rule applies: outcome, days, and the verdict as its place in `VERDICTS`."""

    outcome: Any
    days: Floats
    verdict: Ints

    def count(self, name: str) -> int:
        """How many have a verdict."""
        return int((self.verdict == VERDICTS.index(name)).sum())


@dataclass(frozen=True, eq=False)
class Judge:
    """The journeys that are judged, and when each met the things that the rules name."""

    outcome: Any
    days: Floats
    moments: Mapping[Thing, Moments]
    now: int

    @classmethod
    def of(cls, tables: Tables, journeys: ir.Table, rules: Sequence[Rule]) -> Judge:
        """Reads the journeys and, once each, the touchpoints, stages and roles of all rules."""
        found = tables.engine.to_arrow(journeys.select("journey_id", "outcome", "days", "ended_at"))
        outcomes, outcome = coded(found["outcome"])
        named = np.array(outcomes or [""])[outcome]
        ids = found["journey_id"].combine_chunks()

        def place_of(journey_id: pa.ChunkedArray) -> Ints:
            return numbers_of(pc.index_in(journey_id, value_set=ids), -1).astype(np.int64)

        wanted = {sort: {thing.name for rule in rules for thing in (rule.a, rule.b) if thing.sort == sort} for sort in ("touchpoint", "stage", "role")}
        moments = {Thing("outcome", name): (np.flatnonzero(named == name), _ends(found["ended_at"])[named == name]) for name in ("won", "lost")}
        stays = _Stays.of(tables, place_of) if wanted["touchpoint"] or wanted["stage"] else None
        if stays and wanted["stage"]:
            moments |= stays.entered(tables, wanted["stage"])
        # Where it matters how often, or what came next, each step is read; else the first and last of each stay.
        each = {rule.a.name for rule in rules if rule.a.sort == "touchpoint" and (rule.relation == WITHIN or rule.times > 1)}
        if stays and each:
            moments |= stays.met(tables, each, tables.numbered_steps, ["happened_at"])
        if stays and wanted["touchpoint"] - each:
            ends = ["first_at"] if all(rule.relation == BEFORE for rule in rules) else ["first_at", "last_at"]
            moments |= stays.met(tables, wanted["touchpoint"] - each, tables.touches, ends)
        if wanted["role"]:
            center = tables.buying_center.filter(tables.buying_center.role.isin(sorted(wanted["role"])))
            people = tables.engine.to_arrow(center.select("journey_id", "role", "first_at"))
            moments |= _by_name("role", people["role"], place_of(people["journey_id"]), _ends(people["first_at"]))
        return cls(named, numbers_of(found["days"], np.nan).astype(float), moments, int(tables.as_of.timestamp() * 1_000_000))

    def judge(self, rule: Rule) -> Verdicts:
        """The verdicts on all journeys in which the rule's trigger has happened."""
        n, nothing = len(self.outcome), (np.zeros(0, np.int64), np.zeros(0, np.int64))
        (triggered, trigger_at), (place, at) = self.moments.get(rule.b, nothing), self.moments.get(rule.a, nothing)
        applies, begun = np.bincount(triggered, minlength=n) > 0, np.full(n, UNKNOWN)
        np.minimum.at(begun, triggered, trigger_at)
        counts = (at != UNKNOWN) & (begun[place] != UNKNOWN)
        place, at = place[counts], at[counts]
        late, following = at > begun[place], np.full(n, UNKNOWN)
        np.minimum.at(following, place[late], at[late])
        before, after = np.bincount(place[~late], minlength=n), np.bincount(place[late], minlength=n)
        verdict = self._verdict(rule, begun, before, after, following)
        return Verdicts(self.outcome[applies], self.days[applies], verdict[applies])

    def _verdict(self, rule: Rule, begun: Ints, before: Ints, after: Ints, following: Ints) -> Ints:
        """The verdict on each journey; as :func:`_in_words`."""
        still = self.outcome == "open"
        if rule.relation == WITHIN:
            known = begun != UNKNOWN
            due = np.full(len(begun), np.iinfo(np.int64).min)
            due[known] = begun[known] + _within(rule)
            cases = [((after > 0) & (following <= due), KEPT), (after > 0, LATE), (still & (self.now <= due), OPEN), (before > 0, ORDER), (before >= 0, MISSING)]
        elif rule.relation == BEFORE:
            cases = [(before >= rule.times, KEPT), (before + after >= rule.times, ORDER), (before >= 0, MISSING)]
        elif rule.relation == AFTER:
            cases = [(after > 0, KEPT), (still, OPEN), (before > 0, ORDER), (before >= 0, MISSING)]
        else:
            cases = [(after > 0, ORDER), (still, OPEN), (before >= 0, KEPT)]
        return np.select([case for case, _ in cases], [VERDICTS.index(name) for _, name in cases])


def _within(rule: Rule) -> int:
    """The time that a rule gives, in microseconds."""
    return int(rule.days * DAY) * 1_000_000


def _ends(column: pa.ChunkedArray) -> Ints:
    """Moments as microseconds, `UNKNOWN` where there is none."""
    known = column.is_valid()
    at = np.full(len(column), UNKNOWN)
    at[numbers_of(known.cast(pa.uint8())).astype(bool)] = moments_of(column.drop_null())
    return at


def _by_name(sort: str, names: pa.ChunkedArray, place: Ints, at: Ints) -> dict[Thing, Moments]:
    """The moments of each name; journeys that are not judged have no place (-1)."""
    listed, code = coded(names)
    return {Thing(sort, name): (place[mine], at[mine]) for number, name in enumerate(listed) for mine in [(code == number) & (place >= 0)]}


@dataclass(frozen=True, eq=False)
class _Stays:
    """Stays in stages: the place of each one's journey by the number of the stay and of the journey; -1 of one that is not judged."""

    of_journey: Ints
    of_stay: Ints

    @classmethod
    def of(cls, tables: Tables, place_of: Callable[[pa.ChunkedArray], Ints]) -> _Stays:
        first = tables.engine.to_arrow(tables.stays.filter(tables.stays.visit_no == 1).select("journey", "journey_id"))
        number, journey_of = numbers_of(first["journey"]), journeys_of_stays(tables)
        place = np.full(2 + max(int(number.max(initial=-1)), int(journey_of.max(initial=-1))), -1)
        place[number] = place_of(first["journey_id"])
        return cls(place, place[journey_of])

    def entered(self, tables: Tables, stages: set[str]) -> dict[Thing, Moments]:
        """When journeys entered stages."""
        found = tables.engine.to_arrow(tables.stays.filter(tables.stays.stage.isin(sorted(stages))).select("journey", "stage", "entered_at"))
        return _by_name("stage", found["stage"], self.of_journey[numbers_of(found["journey"])], _ends(found["entered_at"]))

    def met(self, tables: Tables, touchpoints: set[str], table: ir.Table, moments: Sequence[str]) -> dict[Thing, Moments]:
        """When journeys met touchpoints: at the moments of a table with the stay and the way."""
        name_of = {row["way"]: row["touchpoint"] for row in tables.engine.rows(tables.touch_ways) if row["touchpoint"] in touchpoints}
        mine = table.filter(table.way.isin(sorted(name_of)))
        found = tables.engine.to_arrow(mine.select(*moments, **{name: mine[name].cast("int32") for name in ("stay", "way")}))
        place, way = self.of_stay[numbers_of(found["stay"])], numbers_of(found["way"])
        at = [moments_of(found[name]) for name in moments]
        return {
            Thing("touchpoint", name): (np.tile(place[these], len(moments)), np.concatenate([part[these] for part in at]))
            for name in touchpoints for these in [np.isin(way, [number for number, called in name_of.items() if called == name]) & (place >= 0)]
        }  # fmt: skip


def judged(tables: Tables, journeys: ir.Table, rule: Rule) -> ir.Table:
    """One journey a row to which the rule applies, with its verdict."""
    triggers = _moments(tables, rule.b, "b_at")
    trigger = triggers.group_by("journey_id").agg(b_at=triggers.b_at.min())
    base = journeys.select("journey_id", "account_id", "outcome", "days", "ended_at").inner_join(trigger, "journey_id")
    acts = _moments(tables, rule.a, "a_at").inner_join(base.select("journey_id", "b_at"), "journey_id")
    before, after = acts.a_at <= acts.b_at, acts.a_at > acts.b_at
    counted = acts.group_by("journey_id").agg(
        n_before=before.ifelse(1, 0).sum(), n_after=after.ifelse(1, 0).sum(), first_after=acts.a_at.min(where=after),
    )  # fmt: skip
    joined = base.left_join(counted, "journey_id")
    return joined.select(
        "journey_id", "account_id", "outcome", "days", "b_at", "first_after", verdict=_in_words(joined, rule, tables), rule=ibis.literal(rule.text)
    )


def _moments(tables: Tables, thing: Thing, name: str) -> ir.Table:
    """journey_id and every moment of a thing."""
    if thing.sort == "touchpoint":
        steps = tables.steps.filter(tables.steps.touchpoint == thing.name)
        return steps.select("journey_id", **{name: steps.happened_at})
    if thing.sort == "stage":
        visits = tables.stage_visits.filter(tables.stage_visits.stage == thing.name)
        return visits.select("journey_id", **{name: visits.entered_at})
    if thing.sort == "role":
        center = tables.buying_center.filter(tables.buying_center.role == thing.name)
        return center.select("journey_id", **{name: center.first_at})
    ended = tables.journeys.filter(tables.journeys.outcome == thing.name)
    return ended.select("journey_id", **{name: ended.ended_at})


def _in_words(joined: ir.Table, rule: Rule, tables: Tables) -> ir.Value:
    """The verdict on each journey; as `Judge._verdict`."""
    n_before, n_after = joined.n_before.fill_null(0), joined.n_after.fill_null(0)
    now = ibis.timestamp(tables.as_of).epoch_seconds()
    still = joined.outcome == "open"
    if rule.relation == WITHIN:
        due = joined.b_at.epoch_seconds() + int(rule.days * DAY)
        took = joined.first_after.epoch_seconds()
        # One at the very moment of the trigger, or already there before it (the meeting that the form
        # confirms), counts.
        return ibis.cases(
            ((n_after > 0) & (took <= due), KEPT), (n_after > 0, LATE), (still & (now <= due), OPEN), (n_before > 0, ORDER),
            else_=MISSING,
        )  # fmt: skip
    if rule.relation == BEFORE:
        return ibis.cases((n_before >= rule.times, KEPT), (n_before + n_after >= rule.times, ORDER), else_=MISSING)
    if rule.relation == AFTER:
        return ibis.cases((n_after > 0, KEPT), (still, OPEN), (n_before > 0, ORDER), else_=MISSING)
    return ibis.cases((n_after > 0, ORDER), (still, OPEN), else_=KEPT)
