"""What stood beside a journey at its turns: who was there when it left a stage, what came before it fell silent.

Counted by the build, for both want the persons or steps of a journey at a moment of it.
"""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir

from etappe.journeys.touches import DAY_SECONDS, VENDOR_KINDS
from etappe.words.kinds import ROLES

VENDOR_DAYS = 14


def pauses_around(steps: ir.Table, pauses: ir.Table) -> ir.Table:
    """The times on ice with the touchpoint before each and the vendor's last act before its end, as schema.PAUSES_AROUND.

    The vendor's act lies in the two weeks before the journey went on.
    """
    own = sorted(set(VENDOR_KINDS) - {"email_open"})
    mine = (steps.direction == "out").fill_null(False) | steps.kind.isin(own).fill_null(False)
    pauses = pauses.mutate(pause=ibis.row_number().over(order_by=[pauses.journey_id, pauses.started_at]))
    spans = pauses.select("pause", "journey_id", "started_at", "ended_at")
    acts = steps.select("journey_id", "seq", "happened_at", "touchpoint", mine=mine).inner_join(spans, "journey_id")
    since = acts.ended_at.epoch_seconds() - acts.happened_at.epoch_seconds()
    before = (acts.mine & (since >= 0) & (since <= VENDOR_DAYS * DAY_SECONDS)).fill_null(False)
    found = acts.group_by("pause").agg(
        fell_after=acts.touchpoint.argmax(acts.seq, where=acts.happened_at <= acts.started_at),
        vendor_before=acts.touchpoint.argmax(acts.seq, where=before),
    )  # fmt: skip
    return pauses.left_join(found, "pause").select(
        "journey_id", "account_id", "stage", "started_at", "ended_at", "revived_by", "fell_after", "vendor_before"
    )


def center_states(visits: ir.Table, center: ir.Table, journeys: ir.Table, as_of: dt.datetime) -> ir.Table:
    """The people and roles of won and open journeys when they left a stage, or now, as schema.CENTER_STATES."""
    decided = journeys.filter(journeys.outcome.isin(("won", "open"))).select("journey_id", "kind", "outcome")
    stays = visits.inner_join(decided, "journey_id")
    stays = stays.filter((stays.outcome == "won") | stays.left_at.isnull())
    left = stays.group_by("journey_id", "stage").agg(
        stage_no=stays.stage_no.max(), kind=stays.kind.max(), outcome=stays.outcome.max(),
        at=stays.left_at.fill_null(ibis.timestamp(as_of)).max(),
    )  # fmt: skip
    left = left.mutate(state=ibis.row_number().over(order_by=[left.journey_id, left.stage]))
    joined = left.select("state", "journey_id", "at").inner_join(center.select("journey_id", "person_id", "role", "first_at"), "journey_id")
    there = joined.filter(joined.first_at <= joined["at"])
    roles = {role: there.count(where=there.role == role) for role in ROLES}
    met = left.left_join(there.group_by("state").agg(people=there.count(), **roles), "state")
    present = {role: (met[role].fill_null(0) > 0).ifelse(1, 0).cast("int64") for role in ROLES}
    return met.select("journey_id", "kind", "stage", "stage_no", "outcome", people=met.people.fill_null(0), **present)
