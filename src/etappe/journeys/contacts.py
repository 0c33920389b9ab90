"""Who met us, and when: every event as one narrow row with its account, person, touchpoint and channel as numbers.

Wide columns (names, addresses, campaigns) stay in the evidence; they come back at the very end, by `key`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import ibis
import ibis.expr.types as ir

from etappe.journeys.labels import Labels
from etappe.journeys.lookups import Lookups
from etappe.journeys.rules import JourneyRules
from etappe.tables import cleaning, functions
from etappe.tables.engine import Engine

STEP: Final = 0
INTERNAL: Final = 1
# Why an event is in no journey; the place in the list is its `state`.
REASONS: Final = (
    "", "internal", "no date", "after as_of", "ambiguous company", "no identifier", "free-mail address",
    "identifier of several people", "no company known", "between journeys",
)  # fmt: skip
BETWEEN: Final = REASONS.index("between journeys")

_ACCOUNTS = ["account_no", "account_1", "account_2", "account_3", "account_4", "guest_account"]


def key_of(events: ir.Table) -> ir.Value:
    """One number for each event, by which its wide columns are found again."""
    return functions.fingerprint(events.source + "\x1f" + events.record_id)


def guests_of(events: ir.Table, lookups: Lookups, engine: Engine) -> ir.Table:
    """key, person_id, account_no, internal: the people in `participants`, one row a person of an event."""
    several = events.filter(events.participants.length() > 0)
    each = several.select("source", key=key_of(several), who=several.participants.unnest())
    by_id = each.who.startswith("id:")
    kind = ibis.ifelse(by_id, cleaning.contact_kind(each.source), ibis.literal("email"))
    value = ibis.ifelse(by_id, cleaning.contact(each.who.substr(3)), cleaning.email(each.who))
    named = each.select("key", guest_kind=kind, guest=value)
    known = named.join(lookups.people.rename(name="key"), [("guest_kind", "key_kind"), ("guest", "name")])
    found = (
        known.filter(known.person_id.notnull())
        .select("key", "person_id", "account_no", "internal")
        .distinct()
    )
    return engine.keep("guests", found)


def make_contacts(
    events: ir.Table,
    labels: Labels,
    lookups: Lookups,
    guests: ir.Table,
    deals: ir.Table,
    rules: JourneyRules,
    engine: Engine,
    as_of: int,
) -> ir.Table:
    """One row an event, on disk.

    Columns: key, source, at (microseconds), state (STEP, INTERNAL or why not, see REASONS), account_no, person_id,
    touchpoint, channel, of_visit (the channel is only known for the visit), record_id (null for steps that need none).
    """
    named = _with_person(events, labels, rules)
    found = named.left_join(
        lookups.people.rename(name="key"), [("id_kind", "key_kind"), ("id_value", "name")]
    )
    found = found.mutate(internal=found.internal.fill_null(False))
    found = _with_guests(found, guests)
    found = _with_places(found, lookups, deals)
    found = found.left_join(labels.touchpoints, "touch_sign").left_join(labels.channels, "channel_sign")
    account = ibis.coalesce(*[found[name] for name in _ACCOUNTS])
    own = found.internal & found.guest_person.isnull()
    own |= (
        ibis.or_(*[found[f"internal_{number}"].fill_null(False) for number in "134"])
        & found.account_no.isnull()
        & found.account_2.isnull()
    )
    sorted_out = found.mutate(account_no=account, state=_state(found, account, own, as_of))
    kept = (sorted_out.state != STEP) | sorted_out.touchpoint.isin(silent_numbers(labels, rules))
    return engine.keep(
        "contacts",
        sorted_out.select(
            "key", "source", "at", "account_no", "touchpoint", "channel", "of_visit",
            state=sorted_out.state.cast("int8"),
            person_id=ibis.ifelse(sorted_out.internal, sorted_out.guest_person, ibis.coalesce(sorted_out.person_id, sorted_out.guest_person)),
            record_id=ibis.ifelse(kept, sorted_out.record_id, ibis.null("string")),
        ),
        on_disk=True,
    )  # fmt: skip


def silent_numbers(labels: Labels, rules: JourneyRules) -> list[int]:
    """Numbers of the touchpoints that do not keep a journey alive; never empty, so that it can stand in a query."""
    return labels.numbers(rules.touchpoints.where(lambda touchpoint: touchpoint.silent)) or [-1]


def _with_person(events: ir.Table, labels: Labels, rules: JourneyRules) -> ir.Table:
    """Keys of the joins that follow, one column each; what is not needed any more is left behind."""
    kind, value = cleaning.event_identifier(events)
    address = cleaning.email(events.email)
    return events.select(
        "source", "record_id", key=key_of(events), at=functions.micros(events.happened_at), id_kind=kind, id_value=value,
        touch_sign=rules.touchpoints.signature.write(events), channel_sign=rules.channels.signature.write(events),
        account_kind=cleaning.account_kind(events.source), account_ref=cleaning.contact(events.account_ref), deal_ref=events.deal_ref,
        domain=ibis.coalesce(cleaning.host(events.domain), cleaning.email_host(address)), company=cleaning.company(events.company_name),
        guest_key=ibis.ifelse(events.participants.length() > 0, key_of(events), ibis.null("uint64")),
    )  # fmt: skip


def _with_guests(found: ir.Table, guests: ir.Table) -> ir.Table:
    """An event of an unknown or own person is with the first foreign participant."""
    foreign = guests.filter(~guests.internal)
    main = foreign.group_by("key").agg(
        guest_person=foreign.person_id.min(),
        guest_account=foreign.account_no.argmin(foreign.person_id, where=foreign.account_no.notnull()),
    )
    return found.left_join(main.rename(main_key="key"), [("guest_key", "main_key")])


def _with_places(found: ir.Table, lookups: Lookups, deals: ir.Table) -> ir.Table:
    """The account by company record, deal, domain and name, each asked only where nothing was found before."""
    bare = ibis.null("string")
    unknown = found.account_no.isnull()
    found = found.mutate(ref_1=ibis.ifelse(unknown, found.account_ref, bare))
    found = found.left_join(lookups.place("1"), [("account_kind", "kind_1"), ("ref_1", "place_1")])
    unknown = found.account_no.isnull() & found.account_1.isnull()
    found = found.mutate(ref_2=ibis.ifelse(unknown, found.deal_ref, bare))
    of_deals = deals.select(source_2="source", deal_2="record_id", account_2="account_no")
    found = found.left_join(of_deals, [("source", "source_2"), ("ref_2", "deal_2")])
    unknown &= found.account_2.isnull()
    found = found.mutate(
        ref_3=ibis.ifelse(unknown & ~found.internal, found.domain, bare), kind_of_3=ibis.literal("domain")
    )
    found = found.left_join(lookups.place("3"), [("kind_of_3", "kind_3"), ("ref_3", "place_3")])
    unknown &= found.account_3.isnull()
    found = found.mutate(
        ref_4=ibis.ifelse(unknown & ~found.internal, found.company, bare), kind_of_4=ibis.literal("name")
    )
    return found.left_join(lookups.place("4"), [("kind_of_4", "kind_4"), ("ref_4", "place_4")])


def _state(found: ir.Table, account: ir.Value, own: ir.BooleanValue, as_of: int) -> ir.IntegerValue:
    state = {reason: number for number, reason in enumerate(REASONS)}
    several = ibis.or_(
        found.ambiguous.fill_null(False), *[found[f"ambiguous_{number}"].fill_null(False) for number in "134"]
    )
    named = [
        found[name].notnull()
        for name in ("id_value", "account_ref", "deal_ref", "domain", "company", "guest_key")
    ]
    return ibis.cases(
        (own.fill_null(False), INTERNAL),
        (found.at.isnull(), state["no date"]),
        (found.at > as_of, state["after as_of"]),
        (account.notnull(), STEP),
        (several, state["ambiguous company"]),
        (~ibis.or_(*named), state["no identifier"]),
        (found.free_mail.fill_null(False), state["free-mail address"]),
        (found.person_id.isnull() & found.id_value.notnull(), state["identifier of several people"]),
        else_=state["no company known"],
    )
