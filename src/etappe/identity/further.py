"""Gathers what :mod:`etappe.identity.likeness` compares: each record and address with its company and its name."""

from __future__ import annotations

from collections.abc import Iterator

import ibis.expr.types as ir
import polars as pl

from etappe.identity import likeness, people
from etappe.identity.accounts import Grouped
from etappe.identity.companies import Companies
from etappe.identity.mentions import frame_of
from etappe.identity.names import local_words
from etappe.identity.ownership import Owned
from etappe.identity.tied import Words
from etappe.tables.engine import Engine


def names_on(records: pl.DataFrame, spoken: pl.DataFrame) -> pl.DataFrame:
    """kind, value, words (see `people.words_of`): the name on each record of people, else what events and feedback say."""
    both = [frame.select("kind", "value", "name") for frame in (spoken.filter(pl.col("kind") != "email"), records)]
    every = pl.concat(both)
    named = every.select("kind", "value", words=people.words_of(every["name"])).drop_nulls("words")
    return named.unique(["kind", "value"], keep="last", maintain_order=True)


def pairs(
    single: ir.Table,
    engine: Engine,
    records: pl.DataFrame,
    spoken: pl.DataFrame,
    names: pl.DataFrame,
    found: Companies,
    grouped: Grouped,
    owned: Owned,
) -> pl.DataFrame:
    """All further pairs, in the columns of the pairs of `mentions`."""
    own = single.filter((single.kind == "email") & single.held.isnull()).select(address="value")
    addresses = _placed(frame_of(own, engine), found, owned)
    on_records = _named_records(records, names, addresses, grouped, owned)
    named = pl.concat([on_records, _named_addresses(addresses, records, spoken, on_records)])
    return pl.concat(
        [
            likeness.same_mailbox(_of_one_mailbox(addresses)),
            likeness.same_address(_twice(addresses, "account", "local")),
            likeness.same_spelling(_twice(addresses, "host", "ending")),
            likeness.same_name(_worth_comparing(named)),
        ]
    )


def _placed(addresses: pl.DataFrame, found: Companies, owned: Owned) -> pl.DataFrame:
    """address, local, host, ending (last letters of local), account (of the domain, where it has one)."""
    owner = [(host, owned.domains[domain][0]) for host, domain in found.owned_hosts() if owned.sole(domain)]
    homes = pl.DataFrame(owner, schema={"host": pl.String, "account": pl.String}, orient="row")
    split = addresses.with_columns(
        local=pl.col("address").str.replace(r"@.*$", ""), host=pl.col("address").str.replace(r"^.*@", "")
    )
    split = split.with_columns(ending=pl.col("local").str.tail(likeness.LONG_FAMILY_NAME))
    return split.join(homes, on="host", how="left").sort("address")


def _twice(addresses: pl.DataFrame, one: str, two: str) -> dict[str, str]:
    """Address → account, of addresses at a company's domain that share two columns with another."""
    shared = addresses.drop_nulls("account").filter(pl.len().over(one, two) > 1)
    return dict(shared.select("address", "account").iter_rows())


def _of_one_mailbox(addresses: pl.DataFrame) -> list[str]:
    """Addresses that may lead into the mailbox of another: with a +, those without it, and Google's."""
    plus = addresses.filter(pl.col("local").str.contains("+", literal=True))
    plain = plus.select(address=pl.col("local").str.replace(r"\+.*$", "") + "@" + pl.col("host"))
    google = addresses.filter(pl.col("host").is_in(["gmail.com", "googlemail.com"]))
    met = addresses.join(plain.unique(), on="address", how="semi")
    return pl.concat([plus, met, google])["address"].unique().sort().to_list()


_NAMED = {"kind": pl.String, "value": pl.String, "account": pl.String, "words": pl.String, "address": pl.String}


def _worth_comparing(named: pl.DataFrame) -> Iterator[tuple[likeness.Node, str, Words, str | None]]:
    """Of names that several nodes of one company bear, those that one address does not tie already."""
    several = (pl.col("value").n_unique() > 1) & (
        (pl.col("address").n_unique() > 1) | pl.col("address").is_null().any()
    )
    worth = named.filter(several.over("account", "words")).sort("account", "words", "kind", "value")
    for kind, value, account, words, address in worth.iter_rows():
        yield (kind, value), account, frozenset(words.split()), address


def _named_records(
    records: pl.DataFrame,
    names: pl.DataFrame,
    addresses: pl.DataFrame,
    grouped: Grouped,
    owned: Owned,
) -> pl.DataFrame:
    """Records of people with a company: by reference, else by the domain of the address, else by the company's name."""
    accounts = grouped.records.select(account_kind="kind", account_ref="value", by_ref="account_id")
    homes = addresses.select(mail="address", by_mail="account", usable=pl.lit(True))
    sole = [(name, accounts[0]) for name, accounts in owned.names.items() if len(accounts) == 1]
    named = pl.DataFrame(sole, schema={"company": pl.String, "by_name": pl.String}, orient="row")
    met = records.select("kind", "value", "account_kind", "account_ref", "company", "mail")
    met = met.join(accounts, on=["account_kind", "account_ref"], how="left").join(homes, on="mail", how="left")
    met = met.join(named, on="company", how="left").with_columns(account=pl.coalesce("by_ref", "by_mail", "by_name"))
    met = met.join(names, on=["kind", "value"], how="left", maintain_order="left")
    met = met.with_columns(address=pl.when(pl.col("usable")).then("mail"))
    full = pl.col("words").str.contains(" ", literal=True) & pl.col("account").is_not_null()
    return met.filter(full).select(pl.col(name).cast(kind) for name, kind in _NAMED.items())


def _named_addresses(
    addresses: pl.DataFrame, records: pl.DataFrame, spoken: pl.DataFrame, on_records: pl.DataFrame
) -> pl.DataFrame:
    """Addresses with the name that was given with them, else the name that they spell.

    Only those that may say more than the records do: on no record, or at a company that has a record without one.
    """
    taken = records.select(address="mail").drop_nulls().unique().with_columns(taken=pl.lit(True))
    lacking = on_records.filter(pl.col("address").is_null())["account"].unique()
    placed = addresses.drop_nulls("account").join(taken, on="address", how="left")
    free = placed.filter(pl.col("taken").is_null() | pl.col("account").is_in(lacking.implode()))
    given = spoken.filter(pl.col("kind") == "email").group_by("value", maintain_order=True).first()
    given = given.select(address="value", given=people.words_of(given["name"]))
    spelled = [" ".join(sorted(local_words(address))) for address in free["address"]]
    met = free.with_columns(spelled=pl.Series(spelled, dtype=pl.String)).join(given, on="address", how="left", maintain_order="left")
    met = met.with_columns(kind=pl.lit("email"), value="address", words=pl.coalesce("given", "spelled"))
    two_words = pl.col("words").str.contains(r"^[a-z]{2,} [a-z]{2,}$")
    return met.filter(two_words).select(pl.col(name).cast(kind) for name, kind in _NAMED.items())
