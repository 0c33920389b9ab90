"""What the build counts beforehand, so that a question over all journeys does not read every step.

Each table here is an expression over the tables of schema.BUILT and nothing else: the build writes it beside
them, and where it is not written (filtered journeys, a build of an earlier version) the same expression is computed.
The build counts the moves while touchpoints and journeys are still numbers (see `moved`), which takes half as long.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.journeys.beside import center_states, pauses_around
from etappe.journeys.in_numbers import numbered_steps, touch_ways, use_ways
from etappe.journeys.touches import long_waits, stays, touches, uses, visit_days, voices

START, END = "(start)", "(end)"
UNKNOWN = -1
HOURS = 24.0
DAY = 86_400.0
GRAINS = ((1_000, 1), (10_000, 10), (100_000, 100), (1_000_000, 1_000), (10_000_000, 10_000))

# What the other tables name stays and ways by, in an order in which each needs none but those before it.
NUMBERING: Mapping[str, Callable[[Mapping[str, ir.Table]], ir.Table]] = {
    "stays": lambda tables: stays(tables["stage_visits"]),
    "touch_ways": lambda tables: touch_ways(tables["steps"]),
    "use_ways": lambda tables: use_ways(tables["steps"]),
    "numbered_steps": lambda tables: numbered_steps(tables["steps"], tables["stays"], tables["touch_ways"]),
}  # fmt: skip


def shortcuts(tables: Mapping[str, ir.Table], as_of: dt.datetime) -> dict[str, ir.Table]:
    """The tables of schema.SHORTCUTS, not computed yet; what numbers stays and ways is made anew where it is not among the tables."""
    steps, first = tables["steps"], {**tables}
    for name, made in NUMBERING.items():
        if name not in first:
            first[name] = made(first)
    numbered = first["stays"]
    return {
        "stage_exits": stage_exits(tables["stage_visits"], tables["journeys"], as_of),
        "moves": moves(tables["steps"], tables["journeys"]),
        "move_waits": move_waits(tables["steps"]),
        **{name: first[name] for name in NUMBERING},
        "touches": touches(first["numbered_steps"]),
        "uses": uses(steps, numbered, first["use_ways"]),
        "visit_days": visit_days(steps, numbered),
        "long_waits": long_waits(steps, numbered).order_by("stay", "happened_at", "kind", "days"),
        "pauses_around": pauses_around(tables["steps"], tables["pauses"]).order_by("account_id", "journey_id", "started_at"),
        "center_states": center_states(tables["stage_visits"], tables["buying_center"], tables["journeys"], as_of).order_by("journey_id", "stage_no", "stage"),
        "voices": voices(tables["steps"]),
    }


def rounded_seconds(days: ir.Value) -> ir.Value:
    """Days as seconds to three digits (exact to a second under 17 minutes, to ten under three hours, and so on).

    Few enough distinct values that the engine can count them, fine enough for a median; -1 where there is none.
    """
    # Halves go up by a floor: engines do not agree on what `round` does with them.
    seconds = (days * DAY + 0.5).floor()
    grains = [(seconds < edge, ((seconds + grain / 2) / grain).floor() * grain) for edge, grain in GRAINS]
    return ibis.cases(*grains, else_=((seconds + 50_000) / 100_000).floor() * 100_000).cast("int64").fill_null(UNKNOWN)


def move_waits(steps: ir.Table) -> ir.Table:
    """How often each touchpoint followed each other after how many seconds, as schema.MOVE_WAITS."""
    return waits_counted(steps, START, END).order_by("source", "target", "seconds")


def waits_counted(steps: ir.Table, start: Any, end: Any) -> ir.Table:
    """schema.MOVE_WAITS in no order; touchpoints may be numbers, with numbers for the start and end of a journey."""
    first = steps.filter(steps.previous_touchpoint.isnull())
    begun = first.group_by(source=_literal(start), target=first.touchpoint, seconds=ibis.literal(UNKNOWN, "int64")).agg(
        n=first.count()
    )
    followed = steps.group_by(
        source=steps.touchpoint, target=steps.next_touchpoint.fill_null(_literal(end)), seconds=rounded_seconds(steps.wait_after)
    ).agg(n=steps.count())
    return ibis.union(begun, followed)


def moves(steps: ir.Table, journeys: ir.Table) -> ir.Table:
    """How many journeys of each kind and outcome made each move, as schema.MOVES."""
    return moves_counted(steps, journeys, START, END).order_by("kind", "outcome", "source", "target")


def moves_counted(steps: ir.Table, journeys: ir.Table, start: Any, end: Any) -> ir.Table:
    """schema.MOVES in no order; touchpoints and journeys may be numbers, with numbers for the start and end of a journey."""
    first = steps.filter(steps.previous_touchpoint.isnull())
    begun = first.group_by("journey_id", source=_literal(start), target=first.touchpoint).agg(n=first.count())
    following = steps.next_touchpoint.fill_null(_literal(end))
    followed = steps.group_by("journey_id", source=steps.touchpoint, target=following).agg(n=steps.count())
    each = ibis.union(begun, followed).inner_join(journeys.select("journey_id", "kind", "outcome"), "journey_id")
    counted = each.group_by("kind", "outcome", "source", "target").agg(n=each.n.cast("float64").sum(), journeys=each.count())
    return counted.mutate(n=counted.n.cast("int64"))  # a sum of whole numbers is wider than Ibis says, and would stay so


def _literal(touchpoint: Any) -> ir.Value:
    return ibis.literal(touchpoint, "int16") if isinstance(touchpoint, int) else ibis.literal(touchpoint)


def stage_exits(visits: ir.Table, journeys: ir.Table, as_of: dt.datetime) -> ir.Table:
    """How each journey got out of each stage that it entered, as schema.STAGE_EXITS."""
    visits = visits.select("journey_id", "visit_no", "stage", "stage_no", "entered_at", "left_to", "days", "back")
    known = journeys.select("journey_id", "account_id", "kind", "outcome", "ended_at", "back_moves")
    plain = known.filter(known.back_moves == 0).select("journey_id", "account_id", "kind")
    turned = known.filter(known.back_moves > 0)
    both = ibis.union(_straight(visits.inner_join(plain, "journey_id")), _winding(visits.inner_join(turned, "journey_id"), as_of))
    return both.order_by("account_id", "journey_id", "stage_no")


_COLUMNS = ("journey_id", "account_id", "kind", "stage", "stage_no", "entered_at", "next_stage", "hours", "stays", "backs")


def _straight(visits: ir.Table) -> ir.Table:
    """Without steps back each visit is a case of its own: the next stage is a later one."""
    return visits.mutate(
        next_stage=visits.left_to, hours=(visits.days * HOURS).round().cast("int64"),
        stays=visits.left_to.notnull().ifelse(1, 0).cast("int64"), backs=ibis.literal(0, "int64"),
    ).select(*_COLUMNS)  # fmt: skip


def _winding(visits: ir.Table, as_of: dt.datetime) -> ir.Table:
    """With steps back: from the first entry to the first visit of a later stage, else to the end of the journey."""
    order = {"group_by": visits.journey_id, "order_by": visits.visit_no}
    visits = visits.mutate(goes_back=visits.back.lead().over(**order).fill_null(False))
    first = visits.group_by("journey_id", "stage_no").agg(
        account_id=visits.account_id.max(), kind=visits.kind.max(), stage=visits.stage.max(),
        outcome=visits.outcome.max(), ended_at=visits.ended_at.max(), entered_at=visits.entered_at.min(),
        stays=visits.left_to.count(), backs=visits.count(where=visits.goes_back),
    )  # fmt: skip
    others = visits.select("journey_id", later_no="stage_no", later_stage="stage", later_at="entered_at")
    pairs = first.select("journey_id", "stage_no", "entered_at").inner_join(others, "journey_id")
    ahead = pairs.filter((pairs.later_no > pairs.stage_no) & (pairs.later_at >= pairs.entered_at))
    reached = ahead.group_by("journey_id", "stage_no").agg(
        reached_at=ahead.later_at.min(), reached=ahead.later_stage.argmin(ahead.later_at)
    )
    joined = first.left_join(reached, ["journey_id", "stage_no"])
    ended = joined.reached_at.fill_null(joined.ended_at).fill_null(ibis.timestamp(as_of))
    seconds = ended.epoch_seconds() - joined.entered_at.epoch_seconds()
    return joined.mutate(
        next_stage=joined.reached.fill_null(joined.outcome.nullif("open")), hours=(seconds / 3600.0).round().cast("int64")
    ).select(*_COLUMNS)  # fmt: skip
