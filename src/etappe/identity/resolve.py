"""The way of this room on one page: evidence in, persons and accounts and the links between them out."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from etappe.identity import (
    accounts,
    belonging,
    companies,
    further,
    mentions,
    ownership,
    people,
    persons,
    profiles,
    trade,
)
from etappe.identity.decisions import Decision
from etappe.identity.domains import DomainKinds
from etappe.identity.links import RULES, store
from etappe.identity.mentions import frame_of
from etappe.identity.overrides import Overrides, overrides
from etappe.identity.rules import IdentityRules
from etappe.identity.schema import ACCOUNT_KEYS, LINKS, PERSON_KEYS, PERSONS, RESOLVED_ACCOUNTS
from etappe.tables.engine import Engine, side_by_side
from etappe.tables.handles import with_handles
from etappe.tables.schema import Table

AT_A_TIME = 100_000  # persons, two parts side by side


def resolve(
    evidence: Mapping[str, ir.Table],
    engine: Engine,
    rules: IdentityRules | None = None,
    decisions: Sequence[Decision] = (),
    meanwhile: Callable[[], None] | None = None,
) -> dict[str, ir.Table]:
    """Ties identifiers to persons, persons to accounts, company records to accounts.

    Companies come first, from the records alone; then persons, because one name in one company makes one person; then
    who belongs where.

    Parameters
    ----------
    evidence : mapping
        The evidence tables by name (`sources.schema.EVIDENCE`), current versions only; a missing one counts as empty.
        Beside them may be `handles` (see `tables.handles`).
    engine : Engine
    rules : IdentityRules
    decisions : sequence of Decision
        A human's word; it wins over every rule.
    meanwhile : function, optional
        Work for the engine that needs no identities: done beside what takes one core and little of the engine.

    Returns
    -------
    dict
        The tables of `identity.schema` by name; `links` have a row a pair of identifiers and are *not computed yet*.
    """
    rules = rules or IdentityRules()
    evidence = with_handles(evidence, mentions.table(evidence, "events", engine), engine)  # gathered once
    on_persons, on_accounts = overrides(decisions)
    kinds = DomainKinds(rules.free_mail, rules.own_domains)
    on_people, records = people.identifiers(people.records(evidence, engine, rules), engine)
    spoken, business = people.spoken_names(evidence, engine), trade.gather(evidence, engine)
    read = companies.read(evidence, engine, records, business)
    named: Future[_Named] = Future()
    met: Future[tuple[ir.Table, ir.Table]] = Future()

    def who_belongs_where(own: Engine) -> tuple[dict[str, ir.Table], list[Path]]:
        found = companies.gather(read, kinds)
        grouped = accounts.group(found, rules, on_accounts)
        single, mails = named.result()
        firms = _firms(companies.with_people(found, read, mails, kinds), grouped, on_accounts, own)
        names = further.names_on(records, spoken)
        more = further.pairs(single, own, records, spoken, names, firms.found, firms.grouped, firms.owned)
        pairs, sighted = met.result()
        tied = persons.build(single, pairs, own, names, more, rules, on_persons)
        del found, grouped, mails, names, more  # each has a row a record or company, and what comes needs room
        own.drop(single)
        return _belonging(tied, sighted, _People(records, spoken, business, kinds), firms, rules, on_persons, own)

    def engine_work() -> None:
        try:
            on_records = people.pairs(on_people)
            mentioned = mentions.gather(evidence, engine, on_records, business.deals, rules)
            named.set_result((mentioned.single, companies.hosts_of_people(evidence, engine, mentioned.single)))
            met.set_result((mentions.pairs(mentioned, on_people, on_records, engine), belonging.sightings(evidence, engine, rules)))
        except BaseException as error:
            for waited_for in (named, met):
                if not waited_for.done():
                    waited_for.set_exception(error)
            raise
        if meanwhile is not None:
            meanwhile()

    tables, links = side_by_side(engine, who_belongs_where, engine_work, spare=True)
    return {**tables, "links": ibis.union(tables["links"], engine.parquet(links).select(*LINKS.names))}


_Named = tuple[ir.Table, pl.DataFrame]  # identifiers of persons, and the hosts of their addresses


@dataclass(frozen=True, slots=True)
class _Firms:
    """Companies: what the evidence says of them, its records grouped to accounts, and which domain and name is whose.

    `links` are files: there is one a record, domain and name, and nobody asks them any more.
    """

    found: companies.Companies
    grouped: accounts.Grouped
    owned: ownership.Owned
    links: list[Path]


@dataclass(frozen=True, slots=True)
class _People:
    """What the evidence says of people, besides their identifiers."""

    records: pl.DataFrame
    spoken: pl.DataFrame
    business: trade.Trade
    kinds: DomainKinds


def _belonging(
    tied: persons.Persons, sighted: ir.Table, about_people: _People, firms: _Firms, rules: IdentityRules, decided: Overrides, engine: Engine
) -> tuple[dict[str, ir.Table], list[Path]]:  # fmt: skip
    """Who belongs to which account: all tables of the room, of the links those of identifiers, and files of the others."""
    found, grouped, owned = firms.found, firms.grouped, firms.owned
    records, business = about_people.records, about_people.business
    said = belonging.said_of(business)
    owners = belonging.Owners.of(found, grouped, owned, decided)
    about, claimed = [], []

    def profiled(part: pl.DataFrame) -> tuple[pl.DataFrame, list[Path]]:
        claims = belonging.decide(part, records, said, owners)
        profile = profiles.of_persons(part, records, about_people.spoken, business.roles, about_people.kinds, rules)
        together = profile.join(belonging.chosen(claims), on="person_id", how="full", coalesce=True)
        return together, store(engine, [belonging.links(claims, decided)])

    with ThreadPoolExecutor(2) as pool:
        # Much of it takes one core, and none of it the engine.
        parts = pool.map(profiled, _some_at_a_time(_known(tied.keys, said, decided, engine)))
        network = belonging.network(sighted, tied.keys, engine, found, owned)
        for profile, stored in parts:
            about.append(profile)
            claimed += stored
    profiled_firms = profiles.of_accounts(grouped, owned, rules)
    everybody = _persons(engine, tied.keys, pl.concat(about, how="vertical_relaxed"), network, profiled_firms)
    links = [*tied.added, *firms.links, *claimed]
    tables = {
        "person_keys": tied.keys.select(*PERSON_KEYS.names),
        "persons": everybody,
        "account_keys": engine.from_arrow("account_keys", _account_keys(found, grouped, owned)),
        "resolved_accounts": engine.from_arrow("resolved_accounts", _counted(engine, profiled_firms, everybody)),
        "links": tied.pairs,
    }
    return tables, links


def _firms(found: companies.Companies, grouped: accounts.Grouped, decided: Overrides, engine: Engine) -> _Firms:
    """Which domain and name is whose, once it is known how many persons write from where."""
    owned = ownership.decide(found, grouped, decided)
    stored = store(engine, [grouped.links, owned.links_told()])
    return _Firms(found, replace(grouped, links=grouped.links.clear()), owned, stored)


def _arrow(frame: pl.DataFrame, schema: Table) -> pa.Table:
    """A frame as the schema says: missing columns empty."""
    missing = [pl.lit(None).alias(name) for name in schema.names if name not in frame.columns]
    return frame.with_columns(missing).select(schema.names).to_arrow().cast(schema.arrow)


def _known(keys: ir.Table, said: pl.DataFrame, decided: Overrides, engine: Engine) -> pl.DataFrame:
    """Identifiers that may have a name or a company: records, addresses, those beside a company or in a decision."""
    items = pl.DataFrame(list(decided.assigned), schema={"kind": pl.String, "value": pl.String}, orient="row")
    named = pl.concat([said.select("kind", "value"), items]).unique()
    beside = engine.from_arrow("identifiers_beside_companies", named.to_arrow())
    met = keys.left_join(beside.mutate(met=True), ["kind", "value"]).drop("kind_right", "value_right")
    columns = ["kind", "value", "person_id", "seen", "held_apart"]
    return frame_of(met.filter((met["rank"] <= 1) | met.met.fill_null(False)).select(columns), engine)


def _some_at_a_time(keys: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The identifiers of so many persons, and with each part those of nobody: what speaks for a person is many texts."""
    nobodys = keys.filter(pl.col("person_id").is_null())
    owned = keys.drop_nulls("person_id").sort("person_id")
    del keys  # several gigabytes in a large workspace
    starts = owned["person_id"].is_first_distinct().arg_true().gather_every(AT_A_TIME).to_list() or [0]
    for start, end in itertools.pairwise([*starts, len(owned)]):
        yield pl.concat([owned.slice(start, end - start), nobodys])


def _persons(
    engine: Engine,
    keys: ir.Table,
    about: pl.DataFrame,
    network: ir.Table,
    firms: pl.DataFrame,
) -> ir.Table:
    """All persons: those with a record or address with their profile, visitors with what their network says."""
    keys = keys.filter(keys.person_id.notnull())
    everybody = keys.group_by("person_id").agg(
        identifiers=keys.count(), first_known_at=keys.first_at.min(), lowest=keys["rank"].min()
    )
    joined = everybody.left_join(engine.from_arrow("profiles", about.to_arrow()), "person_id").drop("person_id_right")
    nearby = network.group_by("person_id").agg(near=network.account_id.min())
    joined = joined.left_join(nearby, "person_id").drop("person_id_right")
    by_network = joined.account_id.isnull() & joined.near.notnull()
    joined = joined.mutate(
        account_id=ibis.coalesce(joined.account_id, joined.near),
        account_rule=ibis.ifelse(by_network, ibis.literal("network"), joined.account_rule),
        account_probability=ibis.ifelse(by_network, ibis.literal(RULES["network"][0]), joined.account_probability),
    )
    own = firms.filter("internal")["account_id"].to_list() or [""]
    internal = joined.internal.fill_null(False) | joined.account_id.isin(own).fill_null(False)
    nowhere = ibis.null("string")
    return engine.keep(
        "persons",
        joined.mutate(
            internal=internal,
            account_id=ibis.ifelse(internal, nowhere, joined.account_id),
            account_rule=ibis.ifelse(internal, nowhere, joined.account_rule),
            account_probability=ibis.ifelse(internal, ibis.null("float64"), joined.account_probability),
            opted_out=joined.opted_out.fill_null(False),
            anonymous=joined.lowest > 1,
        ).select(*PERSONS.names),
    )


def _account_keys(found: companies.Companies, grouped: accounts.Grouped, owned: ownership.Owned) -> pa.Table:
    """Company records, hosts and names with their account, or their candidates."""
    records = grouped.records.select("kind", "value", "account_id", candidates=pl.lit(None, pl.List(pl.String)))
    hosts = {(host, domain) for host, domain in found.owned_hosts()}
    hosts |= {(domain, domain) for _, domain in hosts}
    rows = [("domain", host, *_owner(owned.domains.get(domain, ()))) for host, domain in sorted(hosts)]
    rows += [("name", name, *_owner(owners)) for name, owners in sorted(owned.names.items())]
    schema: dict[str, Any] = {
        "kind": pl.String,
        "value": pl.String,
        "account_id": pl.String,
        "candidates": pl.List(pl.String),
    }
    named = pl.DataFrame(rows, schema=schema, orient="row")
    known = pl.col("account_id").is_not_null() | pl.col("candidates").is_not_null()
    return _arrow(pl.concat([records, named.filter(known)]), ACCOUNT_KEYS)


def _owner(owners: tuple[str, ...]) -> tuple[str | None, list[str] | None]:
    return (owners[0], None) if len(owners) == 1 else (None, list(owners) or None)


def _counted(engine: Engine, firms: pl.DataFrame, everybody: ir.Table) -> pa.Table:
    """The accounts with the number of their persons; visitors without a name do not count."""
    named = everybody.filter(everybody.account_id.notnull() & ~everybody.anonymous)
    counted = frame_of(named.group_by("account_id").agg(persons=named.count().cast("int64")), engine)
    whole = firms.join(counted, on="account_id", how="left").with_columns(pl.col("persons").fill_null(0))
    return _arrow(whole.sort("account_id"), RESOLVED_ACCOUNTS)
