"""What identity knows, made ready for joining: who is behind an identifier, which account behind a company's key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from etappe.tables import cleaning
from etappe.tables.engine import Engine


@dataclass(frozen=True)
class Lookups:
    """
    Attributes
    ----------
    accounts : table
        The resolved accounts with `account_no`, numbers from 0 in the order of the ids.
    people : table
        key_kind, key, person_id, account_no, internal, ambiguous, free_mail: one row an identifier.
    places : table
        place_kind, place, account_no, internal, ambiguous: one row a company record, domain or name.
    """

    accounts: ir.Table
    people: ir.Table
    places: ir.Table

    def place(self, number: str) -> ir.Table:
        """The places under names of their own (`kind_1`, `account_1`, …), to be joined several times."""
        return self.places.select(
            ibis._.place_kind.name(f"kind_{number}"), ibis._.place.name(f"place_{number}"), ibis._.account_no.name(f"account_{number}"),
            ibis._.internal.name(f"internal_{number}"), ibis._.ambiguous.name(f"ambiguous_{number}"),
        )  # fmt: skip


def make_lookups(identity: Mapping[str, ir.Table], engine: Engine) -> Lookups:
    """The lookups from the tables of identity.schema."""
    resolved = identity["resolved_accounts"]
    numbered = resolved.mutate(
        account_no=ibis.row_number().over(order_by=resolved.account_id).cast("int32"),
        internal=resolved.internal.fill_null(False),
    )
    accounts = engine.keep("numbered_accounts", numbered)
    keys = identity["account_keys"]
    joined = keys.left_join(accounts.select("account_id", "account_no", "internal"), "account_id")
    places = engine.keep(
        "places",
        joined.select(
            place_kind="kind", place="value", account_no="account_no", internal=joined.internal.fill_null(False),
            ambiguous=joined.account_no.isnull() & joined.candidates.notnull(),
        ).filter(ibis._.place.notnull()),
    )  # fmt: skip
    return Lookups(accounts, engine.keep("people_by_key", _people(identity, accounts, places)), places)


def _people(identity: Mapping[str, ir.Table], accounts: ir.Table, places: ir.Table) -> ir.Table:
    persons = identity["persons"]
    persons = persons.select(
        "person_id",
        "account_id",
        own=persons.internal.fill_null(False),
        host=cleaning.email_host(persons.email),
    )
    domains = places.filter(places.place_kind == "domain").select(host="place", of_several="ambiguous")
    placed = persons.left_join(accounts.select("account_id", "account_no", "internal"), "account_id").select(
        "person_id", "own", "host", "account_no", "internal"
    )
    placed = placed.left_join(domains, "host").select(
        "person_id", "own", "account_no", "internal", "host", "of_several"
    )
    known = placed.select(
        "person_id", "account_no", internal=placed.own | placed.internal.fill_null(False),
        ambiguous=placed.account_no.isnull() & placed.of_several.fill_null(False),
        # Every company domain has a key; an address whose domain has none is on a provider's domain.
        free_mail=placed.account_no.isnull() & placed.host.notnull() & placed.of_several.isnull(),
    )  # fmt: skip
    keys = identity["person_keys"].select(key_kind="kind", key="value", person_id="person_id")
    joined = keys.left_join(known, "person_id")
    return joined.select(
        "key_kind", "key", "person_id", "account_no", internal=joined.internal.fill_null(False),
        ambiguous=joined.ambiguous.fill_null(False), free_mail=joined.free_mail.fill_null(False),
    )  # fmt: skip
