"""A close look at what events say whose first identifier did not tell the company: every other hint, in order.

The order is: the person by any cleaned identifier, the company's record, the deal, foreign participants, the domain,
the company's name.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.lookups import AMBIGUOUS, INTERNAL, NO_IDENTIFIER, STEP, UNKNOWN, place_key
from etappe.journeys.making import Making
from etappe.tables import cleaning, functions

_PLACES = ("record", "domain", "name")


def look_closely(handles: ir.Table, deals: ir.Table, making: Making) -> ir.Table:
    """handle, account_no, person_id, standing (a state), dated (whether a missing or later date is the state instead).

    `handles` has handle, source and `tables.handles.HINTS`.
    """
    keyed = _keyed(handles)
    found = _with_people(keyed, making.lookups.people)
    found = _with_guests(found, guests_of(handles.rename(key="handle"), making))
    of_deals = deals.select(deal_source="source", deal_no="record_id", deal_account="account_no")
    found = found.left_join(of_deals, [("source", "deal_source"), ("deal_ref", "deal_no")])
    for name in _PLACES:
        places = making.lookups.places.select(
            **{f"{name}_key": "place_key", f"{name}_account": "account_no", f"{name}_standing": "standing"}
        )
        found = found.left_join(places, f"{name}_key")
    own = _is_internal(found)
    accounts = (
        "account_1",
        "account_2",
        "record_account",
        "deal_account",
        "guest_account",
        "domain_account",
        "name_account",
    )
    account = ibis.ifelse(own, ibis.null("int32"), ibis.coalesce(*[found[name] for name in accounts]))
    person = ibis.ifelse(
        found.standing_1 == INTERNAL, ibis.null("string"), ibis.coalesce(found.person_1, found.person_2)
    )
    return found.select(
        "handle", account_no=account, person_id=ibis.coalesce(person, found.guest_person),
        standing=_standing(found, account, own).cast("int32"), dated=~own,
    )  # fmt: skip


def guests_of(events: ir.Table, making: Making) -> ir.Table:
    """key, person_id, account_no, standing: the people in `participants`, one row a person of an event."""
    several = events.filter(events.participants.notnull())
    each = making.keep("guest_list", several.select("source", "key", who=several.participants.unnest()))
    # The same people meet again and again: their addresses are cleaned and looked up once.
    who = each.select("source", "who").distinct()
    by_id = who.who.startswith("id:")
    kind = ibis.ifelse(by_id, cleaning.contact_kind(who.source), ibis.literal("email"))
    value = ibis.ifelse(by_id, cleaning.contact(who.who.substr(3)), cleaning.email(who.who))
    known = who.select("source", "who", id_key=functions.fingerprint(kind, value)).join(making.lookups.people, "id_key")
    known = making.keep("known_guests", known.filter(known.person_id.notnull()).drop("id_key"))
    met = each.join(known, ["source", "who"])
    return met.select("key", "person_id", "account_no", "standing").distinct()


def _keyed(handles: ir.Table) -> ir.Table:
    """With the keys of the first two cleaned identifiers and of the places."""
    cleaned = handles.mutate(
        clean_contact=cleaning.contact(handles.contact_ref), clean_email=cleaning.email(handles.email),
        clean_user=cleaning.plain(handles.user_id), clean_cookie=cleaning.plain(handles.cookie),
        clean_phone=cleaning.phone(handles.phone),
    )  # fmt: skip
    named = [
        (cleaning.contact_kind(cleaned.source), cleaned.clean_contact), (ibis.literal("email"), cleaned.clean_email),
        (ibis.literal("user"), cleaned.clean_user), (ibis.literal("cookie"), cleaned.clean_cookie),
        (ibis.literal("phone"), cleaned.clean_phone),
    ]  # fmt: skip
    keys = [place_key(kind, value) for kind, value in named]
    # The second identifier is the first one behind the first.
    later = [(keys[place].notnull(), ibis.coalesce(*keys[place + 1 :])) for place in range(len(keys) - 1)]
    host = ibis.coalesce(cleaning.host(cleaned.domain), cleaning.email_host(cleaned.clean_email))
    return cleaned.mutate(
        id_1=ibis.coalesce(*keys), id_2=ibis.cases(*later, else_=ibis.null("uint64")),
        record_key=place_key(cleaning.account_kind(cleaned.source), cleaning.contact(cleaned.account_ref)),
        domain_key=place_key(ibis.literal("domain"), host),
        name_key=place_key(ibis.literal("name"), cleaning.company(cleaned.company_name)),
    )


def _with_people(keyed: ir.Table, people: ir.Table) -> ir.Table:
    for number in "12":
        columns = {"id_key": f"id_{number}", "person_id": f"person_{number}", "account_no": f"account_{number}"}
        renamed = people.select(**{new: old for old, new in columns.items()}, **{f"standing_{number}": "standing"})
        keyed = keyed.left_join(renamed, f"id_{number}")
    return keyed


def _with_guests(found: ir.Table, guests: ir.Table) -> ir.Table:
    """An event of an unknown or own person is with the first foreign participant."""
    foreign = guests.filter(guests.standing != INTERNAL)
    account = foreign.account_no.argmin(foreign.person_id, where=foreign.account_no.notnull())
    main = foreign.group_by("key").agg(guest_person=foreign.person_id.min(), guest_account=account)
    return found.left_join(main.rename(handle="key"), "handle")


def _is_internal(found: ir.Table) -> ir.BooleanValue:
    """Own people among themselves, or the own company's record without any person of a customer."""
    own = (found.standing_1 == INTERNAL).fill_null(False)
    nobody = found.account_1.isnull() & found.account_2.isnull() & found.deal_account.isnull()
    company = ibis.or_(*[(found[f"{name}_standing"] == INTERNAL).fill_null(False) for name in _PLACES])
    return (own | (nobody & company)) & found.guest_person.isnull()


def _standing(found: ir.Table, account: ir.Value, own: ir.BooleanValue) -> ir.IntegerValue:
    several = [(found[f"{name}_standing"] == AMBIGUOUS).fill_null(False) for name in _PLACES]
    several += [(found[f"standing_{number}"] == AMBIGUOUS).fill_null(False) for number in "12"]
    keys = ("id_1", "record_key", "deal_ref", "domain_key", "name_key", "participants")
    return ibis.cases(
        (own, INTERNAL),
        (account.notnull(), STEP),
        (ibis.or_(*several), AMBIGUOUS),
        (~ibis.or_(*[found[key].notnull() for key in keys]), NO_IDENTIFIER),
        else_=ibis.coalesce(found.standing_1, UNKNOWN),
    )
