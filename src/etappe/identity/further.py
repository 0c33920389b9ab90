"""Gathers what :mod:`etappe.identity.likeness` compares: each record and address with its company and its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import ibis.expr.types as ir
import polars as pl

from etappe.identity import likeness, people
from etappe.identity.accounts import Grouped
from etappe.identity.companies import Companies
from etappe.identity.names import local_words
from etappe.identity.ownership import Owned
from etappe.identity.tied import Words
from etappe.tables.engine import Engine


def names_on(records: pl.DataFrame, spoken: pl.DataFrame) -> dict[tuple[str, str], Words]:
    """The telling words of the name on each record of people; events and feedback speak for records without one."""
    found: dict[tuple[str, str], Words] = {}
    for frame in (spoken.filter(pl.col("kind") != "email"), records):
        named = frame.drop_nulls("name")
        for kind, value, words in zip(named["kind"], named["value"], people.name_words(named["name"]), strict=True):
            if words:
                found[kind, value] = words
    return found


def pairs(
    single: ir.Table,
    engine: Engine,
    records: pl.DataFrame,
    spoken: pl.DataFrame,
    names: Mapping[tuple[str, str], Words],
    found: Companies,
    grouped: Grouped,
    owned: Owned,
) -> pl.DataFrame:
    """All further pairs, in the columns of the pairs of `mentions`."""
    own = single.filter((single.kind == "email") & single.held.isnull()).select("value")
    addresses = sorted(engine.to_arrow(own)["value"].to_pylist())
    account_of = _accounts_of_addresses(addresses, found, owned)
    many = [address for address in addresses if "+" in address or address.endswith(("@gmail.com", "@googlemail.com"))]
    plus = {address.partition("+")[0] + "@" + address.partition("@")[2] for address in many if "+" in address}
    mailboxes = sorted({*many, *(plus & set(addresses))})
    parts = [likeness.same_mailbox(mailboxes), likeness.same_address(account_of), likeness.same_spelling(account_of)]
    usable = set(addresses)
    named = [
        *_named_records(records, names, usable, found, grouped, owned),
        *_named_addresses(account_of, spoken),
    ]
    return pl.concat([*parts, likeness.same_name(named)])


def _accounts_of_addresses(addresses: list[str], found: Companies, owned: Owned) -> dict[str, str]:
    """Address → the one account that owns its domain."""
    owner = {host: owned.domains[domain][0] for host, domain in found.owned_hosts() if owned.sole(domain)}
    met = {address: owner.get(address.rpartition("@")[2]) for address in addresses}
    return {address: account for address, account in met.items() if account is not None}


def _named_records(
    records: pl.DataFrame,
    names: Mapping[tuple[str, str], Words],
    usable: set[str],
    found: Companies,
    grouped: Grouped,
    owned: Owned,
) -> Iterator[tuple[likeness.Node, str, Words, str | None]]:
    """Records of people with a company: by reference, else by the domain of the address, else by the company's name."""
    account_of = grouped.account_of()
    owner = {host: owned.domains[domain][0] for host, domain in found.owned_hosts() if owned.sole(domain)}
    columns = ("kind", "value", "account_kind", "account_ref", "company", "mail")
    for kind, value, account_kind, ref, company, mail in records.select(columns).iter_rows():
        words = names.get((kind, value))
        account = account_of.get((account_kind, ref)) if ref else None
        account = account or (owner.get(mail.rpartition("@")[2]) if mail else None)
        account = account or (owned.names[company][0] if company and len(owned.names.get(company, ())) == 1 else None)
        if words and account:
            yield (kind, value), account, words, mail if mail in usable else None


def _named_addresses(
    account_of: Mapping[str, str], spoken: pl.DataFrame
) -> Iterator[tuple[likeness.Node, str, Words, str | None]]:
    """Addresses with the name that was given with them, else the name that they spell."""
    given = spoken.filter(pl.col("kind") == "email").group_by("value", maintain_order=True).first()
    said = dict(zip(given["value"], people.name_words(given["name"]), strict=True))
    for address, account in account_of.items():
        words = said.get(address) or local_words(address)
        if len(words) == 2 and min(map(len, words)) >= 2:
            yield ("email", address), account, words, address
