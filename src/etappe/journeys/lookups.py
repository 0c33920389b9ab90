"""What identity knows, made ready for joining: who is behind an identifier, which account behind a company's key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from etappe.tables import cleaning, functions
from etappe.tables.engine import Engine

# What an event is: a step, internal, or in no journey and why. The place in the list is its `state`.
STATES: Final = (
    "step", "internal", "no date", "after as_of", "ambiguous company", "no identifier", "free-mail address",
    "identifier of several people", "no company known", "between journeys",
)  # fmt: skip
STEP, INTERNAL, NO_DATE, AFTER, AMBIGUOUS, NO_IDENTIFIER, FREE_MAIL, SEVERAL, UNKNOWN, BETWEEN = range(len(STATES))
UNDECIDED: Final = 99  # has to be looked at more closely


@dataclass(frozen=True)
class Lookups:
    """Identifiers and companies as numbers.

    Attributes
    ----------
    accounts : table
        The resolved accounts with `account_no`, numbers from 0 in the order of the ids.
    people : table
        id_key (hash of kind and value), person_id, account_no, standing: one row an identifier. The standing is STEP
        for people of a customer, INTERNAL for own people, else why their account is not known.
    places : table
        place_key (hash of kind and value), account_no, standing: one row a company record, domain or name.
    """

    accounts: ir.Table
    people: ir.Table
    places: ir.Table


def make_lookups(identity: Mapping[str, ir.Table], engine: Engine) -> Lookups:
    """The lookups from the tables of identity.schema."""
    resolved = identity["resolved_accounts"]
    number = ibis.row_number().over(order_by=resolved.account_id).cast("int32")
    own = resolved.internal.fill_null(False)
    accounts = engine.keep("numbered_accounts", resolved.mutate(account_no=number, internal=own))
    keys = identity["account_keys"].filter(ibis._.value.notnull())
    places = keys.left_join(accounts.select("account_id", "account_no", "internal"), "account_id")
    standing = ibis.cases((places.internal, INTERNAL), (places.account_no.notnull(), STEP), else_=AMBIGUOUS)
    named = places.select(
        "kind", "value", account_no=_of_customer(places.account_no, standing),
        place_key=place_key(places.kind, places.value), standing=standing.cast("int32"),
    )  # fmt: skip
    kept = engine.keep("places", named)
    people = engine.keep("people_by_key", _people(identity, accounts, kept))
    return Lookups(accounts, people, kept.drop("kind", "value"))


def place_key(kind: ir.StringValue, value: ir.StringValue) -> ir.Value:
    """The number by which a company record, domain or name is found; null where there is none."""
    return ibis.ifelse(value.notnull(), functions.fingerprint(kind, value), ibis.null("uint64"))


def _of_customer(account: ir.IntegerValue, standing: ir.IntegerValue) -> ir.IntegerValue:
    """The account, where it is a customer's: the own company has no journeys."""
    return ibis.ifelse(standing == STEP, account, ibis.null("int32"))


def _people(identity: Mapping[str, ir.Table], accounts: ir.Table, places: ir.Table) -> ir.Table:
    persons = identity["persons"]
    host = cleaning.email_host(persons.email)
    persons = persons.select("person_id", "account_id", own=persons.internal.fill_null(False), host=host)
    domains = places.filter(places.kind == "domain").select(host="value", domain_standing="standing")
    known = persons.left_join(accounts.select("account_id", "account_no", "internal"), "account_id")
    known = known.left_join(domains, "host")
    standing = ibis.cases(
        (known.own | known.internal.fill_null(False), INTERNAL),
        (known.account_no.notnull(), STEP),
        (known.domain_standing == AMBIGUOUS, AMBIGUOUS),
        # Every company domain has a key; an address whose domain has none is on a provider's domain.
        (known.host.notnull() & known.domain_standing.isnull(), FREE_MAIL),
        else_=UNKNOWN,
    )
    placed = known.select("person_id", account_no=_of_customer(known.account_no, standing), standing=standing)
    keys = identity["person_keys"]
    keyed = keys.select("person_id", id_key=functions.fingerprint(keys.kind, keys.value))
    joined = keyed.left_join(placed, "person_id")
    return joined.select("id_key", "person_id", "account_no", standing=joined.standing.fill_null(SEVERAL).cast("int32"))
