"""Who met us, and when: every event as one narrow row with its account, person, touchpoint and channel as numbers.

Wide columns (names, addresses, campaigns) stay in the evidence; they come back at the very end, by `key`.
Most events carry one clean identifier that is known, so they are decided at first sight, with one join. The others are
looked at closely: cleaned, and asked for every other hint to a person or company.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.closely import HINTS, look_closely
from etappe.journeys.lookups import AFTER, INTERNAL, NO_DATE, NO_IDENTIFIER, SEVERAL, STEP, UNDECIDED
from etappe.journeys.making import Making
from etappe.tables import cleaning, functions

_IDENTIFIERS = ("contact_ref", "email", "user_id", "cookie", "phone")
COLUMNS = (
    "key",
    "turn",
    "source",
    "at",
    "state",
    "account_no",
    "person_id",
    "touchpoint",
    "channel",
    "of_visit",
    "session",
    "record_id",
)


def key_of(events: ir.Table) -> ir.Value:
    """One number for each event, by which its wide columns are found again."""
    return functions.fingerprint(events.source, events.record_id)


def turn_of(events: ir.Table) -> ir.IntegerValue:
    """Where an event stands among those of the same moment: in the order of the ids its source counted up.

    Made of the id's length and its last four signs, so that 1000-9 is before 1000-10, on every engine alike.
    """
    tail = ("    " + events.record_id).right(4)
    turn = events.record_id.length().cast("int64")
    for place in range(4):
        turn = turn * 256 + tail.substr(place, 1).ascii_str()
    return turn


def make_contacts(events: ir.Table, deals: ir.Table, making: Making) -> ir.Table:
    """One row an event, on disk; `deals` are those of `make_deals`.

    Columns: key, turn, source, at (microseconds), state (place in lookups.STATES), account_no, person_id, touchpoint,
    channel, of_visit (the channel says nothing of its own), session, record_id (null for steps that need none).
    """
    seen = making.keep("contacts_at_first_sight", _first_sight(events, making), on_disk=True)
    undecided = seen.filter(seen.state == UNDECIDED)
    closely = making.keep("contacts_looked_at_closely", look_closely(undecided, deals, making), on_disk=True)
    decided = seen.filter(seen.state != UNDECIDED)
    return ibis.union(decided.select(*COLUMNS), closely.select(*COLUMNS))


def _first_sight(events: ir.Table, making: Making) -> ir.Table:
    named = events.select(
        "source", "record_id", *HINTS, key=key_of(events), turn=turn_of(events), at=functions.micros(events.happened_at), id_key=_first_key(events),
        sign=making.rules.signature.sign(events), session=_session(events),
    )  # fmt: skip
    found = named.left_join(making.lookups.people, "id_key").left_join(making.labels.table, "sign")
    state = _state(found, making.now)
    kept = (state != STEP) | found.touchpoint.isin(making.silent)
    none = ibis.null("string")
    return found.select(
        "key", "turn", "source", "at", "account_no", "person_id", "touchpoint", "channel", "of_visit", "session", state=state.cast("int32"),
        record_id=ibis.ifelse(kept, found.record_id, none),
        **{name: ibis.ifelse(state == UNDECIDED, found[name], ibis.null(found[name].type())) for name in HINTS},
    )  # fmt: skip


def _first_key(events: ir.Table) -> ir.Value:
    """The key of the first identifier as it came; sources hand over most of them clean."""
    kinds = {
        "contact_ref": cleaning.contact_kind(events.source),
        "email": "email",
        "user_id": "user",
        "cookie": "cookie",
        "phone": "phone",
    }
    cases = [(events[name].notnull(), functions.fingerprint(kinds[name], events[name])) for name in _IDENTIFIERS]
    return ibis.cases(*cases, else_=ibis.null("uint64"))


def _session(events: ir.Table) -> ir.Value:
    none = ibis.null("uint64")
    return ibis.ifelse(events.session_id.notnull(), functions.fingerprint(events.source, events.session_id), none)


def _state(found: ir.Table, now: int) -> ir.IntegerValue:
    """The state, where the first identifier tells it.

    A person without a company is looked at closely where a company, deal or participant is named besides; a mailbox of
    several people and an identifier that nobody knows, where there is any other hint.
    """
    about_person = ("contact_ref", "email", "user_id", "cookie", "phone")
    about_company = ibis.or_(*[found[name].notnull() for name in HINTS if name not in about_person])
    several = ibis.or_(*[found[name].notnull() for name in ("contact_ref", "email")])
    any_hint = about_company | ibis.or_(*[found[name].notnull() for name in about_person])
    asks = ibis.cases(
        (found.standing == STEP, False), (found.standing == INTERNAL, found.participants.notnull()),
        (found.standing == SEVERAL, about_company | several), else_=about_company,
    )  # fmt: skip
    return ibis.cases(
        (found.standing.isnull(), ibis.ifelse(any_hint, UNDECIDED, NO_IDENTIFIER)),
        (asks, UNDECIDED),
        (found.standing == INTERNAL, INTERNAL),
        (found["at"].isnull(), NO_DATE),
        (found["at"] > now, AFTER),
        else_=found.standing,
    )
