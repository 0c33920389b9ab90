"""Who met us, and when: every event as one narrow row with its account, person, touchpoint and channel as numbers.

Wide columns (names, addresses, campaigns) stay in the evidence; they come back at the very end, by `key`.
Whose an event is, is decided for each *handle* (what it says of who it was, see `tables.handles`), of which there are
few beside the events. Most have one clean identifier that is known, so they are decided at first sight, with one join.
The others are looked at closely: cleaned, and asked for every other hint to a person or company.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.closely import look_closely
from etappe.journeys.labels import Labels
from etappe.journeys.lookups import AFTER, INTERNAL, NO_DATE, NO_IDENTIFIER, SEVERAL, STEP, UNDECIDED
from etappe.journeys.making import Making
from etappe.journeys.rules import JourneyRules
from etappe.tables import cleaning, functions
from etappe.tables.handles import HINTS, handle_of

_IDENTIFIERS = ("contact_ref", "email", "user_id", "cookie", "phone")
_DECIDED = ("handle", "account_no", "person_id", "standing", "dated")


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


def number_events(events: ir.Table, labels: Labels, rules: JourneyRules) -> ir.Table:
    """One row an event, before it is known whose it is; not computed yet.

    Columns: key, turn, source, at (microseconds), record_id, handle, touchpoint, channel, of_visit (the channel says
    nothing of its own), session.
    """
    named = events.select(
        "source", "record_id", key=key_of(events), turn=turn_of(events), at=functions.micros(events.happened_at),
        handle=handle_of(events), session=_session(events), sign=rules.signature.sign(events),
    )  # fmt: skip
    return named.left_join(labels.table, "sign").drop("sign", "sign_right")


def make_contacts(events: ir.Table, handles: ir.Table, deals: ir.Table, making: Making) -> ir.Table:
    """One row an event, on disk; `events` are those of `number_events`, `deals` those of `make_deals`.

    Columns: key, turn, source, at (microseconds), state (place in lookups.STATES), account_no, person_id, touchpoint,
    channel, of_visit (the channel says nothing of its own), session, record_id (null for steps that need none).
    """
    first = making.keep("handles_at_first_sight", _at_first_sight(handles, making), on_disk=True)
    decided = making.keep("decided_handles", _decided(first, deals, making))
    making.engine.drop(first)
    found = events.join(decided, "handle")
    state = ibis.cases(
        (~found.dated, found.standing), (found["at"].isnull(), NO_DATE), (found["at"] > making.now, AFTER),
        else_=found.standing,
    )  # fmt: skip
    kept = (state != STEP) | found.touchpoint.isin(making.silent)
    contacts = found.select(
        "key", "turn", "source", "at", "account_no", "person_id", "touchpoint", "channel", "of_visit", "session",
        state=state.cast("int32"), record_id=ibis.ifelse(kept, found.record_id, ibis.null("string")),
    )  # fmt: skip
    kept_contacts = making.keep("contacts", contacts, on_disk=True)
    making.engine.drop(decided)
    return kept_contacts


def _at_first_sight(handles: ir.Table, making: Making) -> ir.Table:
    """The handles with the columns of _DECIDED; those that have to be looked at closely are UNDECIDED."""
    seen = handles.select("handle", "source", *HINTS, id_key=_first_key(handles))
    seen = seen.left_join(making.lookups.people, "id_key")
    dated = (seen.standing.notnull() & (seen.standing != INTERNAL)).fill_null(False)
    return seen.mutate(standing=_standing(seen).cast("int32"), dated=dated)


def _decided(first: ir.Table, deals: ir.Table, making: Making) -> ir.Table:
    """handle, account_no, person_id, standing (a state), dated (whether a missing or later date is the state instead)."""
    closely = look_closely(first.filter(first.standing == UNDECIDED).select("handle", "source", *HINTS), deals, making)
    return ibis.union(first.filter(first.standing != UNDECIDED).select(*_DECIDED), closely.select(*_DECIDED))


def _first_key(handles: ir.Table) -> ir.Value:
    """The key of the first identifier as it came; sources hand over most of them clean."""
    kinds = {
        "contact_ref": cleaning.contact_kind(handles.source),
        "email": "email",
        "user_id": "user",
        "cookie": "cookie",
        "phone": "phone",
    }
    cases = [(handles[name].notnull(), functions.fingerprint(kinds[name], handles[name])) for name in _IDENTIFIERS]
    return ibis.cases(*cases, else_=ibis.null("uint64"))


def _session(events: ir.Table) -> ir.Value:
    none = ibis.null("uint64")
    return ibis.ifelse(events.session_id.notnull(), functions.fingerprint(events.source, events.session_id), none)


def _standing(found: ir.Table) -> ir.IntegerValue:
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
        (found.standing.isnull(), ibis.ifelse(any_hint, UNDECIDED, NO_IDENTIFIER)), (asks, UNDECIDED), else_=found.standing
    )
