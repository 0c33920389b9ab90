"""The moves of all journeys, counted by the build from the steps as numbers, before their words are written."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import days
from etappe.journeys.making import Making
from etappe.journeys.shortcuts import END, START, moves_counted, waits_counted

_FROM, _TO = -1, -2  # the numbers of START and END: those of touchpoints begin at 0


def count_moves(placed: ir.Table, journeys: ir.Table, making: Making) -> dict[str, ir.Table]:
    """`moves` and `move_waits`, as :mod:`etappe.journeys.shortcuts` counts them from written steps; not computed yet.

    `placed` are the steps of `placed.place_contacts`, `journeys` has journey_no, kind and outcome.
    """
    steps = placed.select(
        "touchpoint", journey_id="journey_no", previous_touchpoint="previous", next_touchpoint="following",
        wait_after=days(placed.until),
    )  # fmt: skip
    known = journeys.select("kind", "outcome", journey_id="journey_no")
    moves = _worded(moves_counted(steps, known, _FROM, _TO), making)
    waits = _worded(waits_counted(steps, _FROM, _TO), making)
    return {
        "moves": moves.order_by("kind", "outcome", "source", "target"),
        "move_waits": waits.order_by("source", "target", "seconds"),
    }


def _worded(counted: ir.Table, making: Making) -> ir.Table:
    return counted.mutate(source=_word(counted.source, making), target=_word(counted.target, making))


def _word(number: ir.IntegerValue, making: Making) -> ir.StringValue:
    return ibis.cases((number == _FROM, START), (number == _TO, END), else_=making.labels.name(number))
