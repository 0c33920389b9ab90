"""Each contact in its place: in the order of its account, in its journey and stage."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.contacts import BETWEEN, STEP
from etappe.tables.engine import Engine


def place_contacts(contacts: ir.Table, visits: ir.Table, engine: Engine) -> ir.Table:
    """One row a step, on disk: key, account_no, position (in the account), at, touchpoint, channel, person_id,
    journey_no, visit, and touchpoint and time of the steps before and after within the journey.

    Which visit a moment belongs to does not depend on its neighbours, so one sort of narrow rows is enough.
    """
    known = contacts.filter(contacts.state == STEP).select(
        "key", "account_no", "at", "touchpoint", "channel", "person_id"
    )
    order = {"group_by": known.account_no, "order_by": [known["at"], known.key]}
    ordered = known.mutate(
        position=ibis.row_number().over(**order),
        previous_at=known["at"].lag().over(**order), previous=known.touchpoint.lag().over(**order),
        next_at=known["at"].lead().over(**order), following=known.touchpoint.lead().over(**order),
    )  # fmt: skip
    windows = visits.select(
        "visit", "journey_no", window_account="account_no", from_at="from_at", to_at="to_at"
    )
    return engine.keep("placed", _inside(ordered, windows, visits), on_disk=True)


def _inside(ordered: ir.Table, windows: ir.Table, visits: ir.Table) -> ir.Table:
    spans = visits.group_by(span_no=visits.journey_no).agg(
        span_from=visits.from_at.min(), span_to=visits.to_at.max()
    )
    timed = windows.join(spans, [("journey_no", "span_no")]).drop("span_no")
    joined = ordered.join(
        timed,
        [
            ordered.account_no == timed.window_account,
            ordered["at"] >= timed.from_at,
            ordered["at"] <= timed.to_at,
        ],
    )
    # A neighbour outside the journey (an earlier journey's last step, a mail sent between two) is no neighbour.
    first = (joined.previous_at < joined.span_from).fill_null(True)
    last = (joined.next_at > joined.span_to).fill_null(True)
    none = ibis.null("int64")
    return joined.select(
        "key", "account_no", "at", "touchpoint", "channel", "person_id", "journey_no",
        position=joined.position.cast("int32"), visit=joined.visit.cast("int32"),
        previous=ibis.ifelse(first, none, joined.previous).cast("int16"), following=ibis.ifelse(last, none, joined.following).cast("int16"),
        since=ibis.ifelse(first, none, joined["at"] - joined.previous_at), until=ibis.ifelse(last, none, joined.next_at - joined["at"]),
    )  # fmt: skip


def between_journeys(contacts: ir.Table, visits: ir.Table, silent: list[int]) -> ir.Table:
    """Silent contacts outside every journey: mails to companies with which nothing was going on."""
    quiet = contacts.filter((contacts.state == STEP) & contacts.touchpoint.isin(silent))
    windows = visits.select(window_account="account_no", from_at="from_at", to_at="to_at")
    outside = quiet.anti_join(
        windows,
        [
            quiet.account_no == windows.window_account,
            quiet["at"] >= windows.from_at,
            quiet["at"] <= windows.to_at,
        ],
    )
    return outside.mutate(state=ibis.literal(BETWEEN, "int8"))
