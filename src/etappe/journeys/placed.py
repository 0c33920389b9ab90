"""Each contact in its place: in the order of its account, in its journey and stage."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.lookups import BETWEEN, STEP
from etappe.journeys.making import Making, windows_of, within
from etappe.words.kinds import CHANNELS


def place_contacts(contacts: ir.Table, visits: ir.Table, making: Making) -> ir.Table:
    """One row a step, on disk.

    Columns: key, account_no, position (in the account), at, touchpoint, channel, person_id, journey_no, visit, and
    touchpoint (previous, following) and distance (since, until) of the steps before and after within the journey.

    Which visit a moment belongs to does not depend on its neighbours, so one sort of narrow rows is enough.
    """
    known = contacts.filter(contacts.state == STEP)
    order = {"group_by": known.account_no, "order_by": [known["at"], known.turn, known.key]}
    ordered = known.select(
        "key", "account_no", "at", "touchpoint", "channel", "person_id", "of_visit", "session",
        position=ibis.row_number().over(**order),
        previous_at=known["at"].lag().over(**order), previous=known.touchpoint.lag().over(**order),
        next_at=known["at"].lead().over(**order), following=known.touchpoint.lead().over(**order),
    )  # fmt: skip
    sessions = making.keep("channels_of_visits", _channels_of_visits(contacts))
    return making.keep("placed", _inside(ordered, visits, sessions), on_disk=True)


def _channels_of_visits(contacts: ir.Table) -> ir.Table:
    """session, visit_channel: how each visit to the site came about, by its first event that says so.

    Time and channel are packed into one number, whose minimum is cheaper than looking up the channel of the minimum.
    """
    telling = contacts.filter(contacts.session.notnull() & ~contacts.of_visit & contacts["at"].notnull())
    packed = telling.select("session", first=telling["at"] * len(CHANNELS) + telling.channel)
    found = packed.group_by("session").agg(first=packed["first"].min())
    return found.select("session", visit_channel=(found["first"] % len(CHANNELS)).cast("int16"))


def _inside(ordered: ir.Table, visits: ir.Table, sessions: ir.Table) -> ir.Table:
    spans = visits.group_by("journey_no").agg(span_from=visits.from_at.min(), span_to=visits.to_at.max())
    windows = windows_of(visits.join(spans, "journey_no"), "visit", "journey_no", "span_from", "span_to")
    joined = ordered.join(windows, within(ordered, windows))
    joined = joined.mutate(asking=ibis.ifelse(joined.of_visit, joined.session, ibis.null("uint64")))
    joined = joined.left_join(sessions, [("asking", "session")])
    # A neighbour outside the journey (an earlier journey's last step, a mail sent between two) is no neighbour.
    first = (joined.previous_at < joined.span_from).fill_null(True)
    last = (joined.next_at > joined.span_to).fill_null(True)
    none = ibis.null("int64")
    return joined.select(
        "key", "account_no", "at", "touchpoint", "person_id", "journey_no", "visit",
        channel=ibis.coalesce(joined.visit_channel, joined.channel), position=joined.position.cast("int32"),
        previous=ibis.ifelse(first, none, joined.previous).cast("int16"),
        following=ibis.ifelse(last, none, joined.following).cast("int16"),
        since=ibis.ifelse(first, none, joined["at"] - joined.previous_at),
        until=ibis.ifelse(last, none, joined.next_at - joined["at"]),
    )  # fmt: skip


def between_journeys(contacts: ir.Table, visits: ir.Table, making: Making) -> ir.Table:
    """Silent contacts outside every journey: mails to companies with which nothing was going on."""
    quiet = contacts.filter((contacts.state == STEP) & contacts.touchpoint.isin(making.silent))
    windows = windows_of(visits)
    outside = quiet.anti_join(windows, within(quiet, windows))
    return making.keep("between_journeys", outside.mutate(state=ibis.literal(BETWEEN, "int32")))
