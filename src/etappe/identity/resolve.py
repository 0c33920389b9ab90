"""The way of this room on one page: evidence in, persons and accounts and the links between them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from etappe.identity import accounts, belonging, companies, mentions, ownership, people, persons, profiles
from etappe.identity.decisions import Decision
from etappe.identity.domains import DomainKinds
from etappe.identity.overrides import overrides
from etappe.identity.rules import IdentityRules
from etappe.identity.schema import ACCOUNT_KEYS, LINKS, PERSON_KEYS, PERSONS, RESOLVED_ACCOUNTS
from etappe.tables import cleaning
from etappe.tables.engine import Engine
from etappe.tables.schema import Table


def resolve(
    evidence: Mapping[str, ir.Table],
    engine: Engine,
    rules: IdentityRules | None = None,
    decisions: Sequence[Decision] = (),
) -> dict[str, ir.Table]:
    """Ties identifiers to persons, persons to accounts, company records to accounts.

    Parameters
    ----------
    evidence : mapping
        The evidence tables by name (`sources.schema.EVIDENCE`), current versions only; a missing one counts as empty.
    engine : Engine
    rules : IdentityRules
    decisions : sequence of Decision
        A human's word; it wins over every rule.

    Returns
    -------
    dict
        `person_keys`, `persons`, `account_keys`, `resolved_accounts`, `links`: see `identity.schema`.
    """
    rules = rules or IdentityRules()
    of_persons, of_accounts = overrides(decisions)
    kinds = DomainKinds(rules.free_mail, rules.own_domains)
    named = mentions.gather(evidence, engine, rules)
    found = companies.gather(evidence, engine, named.single, kinds)
    grouped = accounts.group(found, rules, of_accounts)
    owned = ownership.decide(found, grouped, of_accounts)
    records, spoken = people.records(evidence, engine), people.spoken_names(evidence, engine)
    tied = persons.build(named, engine, records, spoken, rules, of_persons, _no_pairs())
    claims = belonging.decide(tied, engine, records, found, grouped, owned, of_persons)
    network = belonging.network(evidence, tied, engine, found, owned, rules)
    profile = profiles.of_persons(
        _known(tied, engine), records, spoken, _stated_roles(evidence, engine), kinds, rules
    )
    everybody = _persons(engine, tied, profile, belonging.chosen(claims), network)
    firms = profiles.of_accounts(found, grouped, owned, rules)
    return {
        "person_keys": _narrow(tied.keys, PERSON_KEYS),
        "persons": everybody,
        "account_keys": engine.from_arrow("account_keys", _account_keys(found, grouped, owned)),
        "resolved_accounts": _with_persons(engine, firms, everybody),
        "links": engine.from_arrow("links", _links(grouped, owned, tied, claims)),
    }


def _no_pairs() -> pl.DataFrame:
    return pl.DataFrame()


def _narrow(table: ir.Table, schema: Table) -> ir.Table:
    return table.select(*schema.names)


def _arrow(frame: pl.DataFrame, schema: Table) -> pa.Table:
    """A frame as the schema says: missing columns empty."""
    missing = [pl.lit(None).alias(name) for name in schema.names if name not in frame.columns]
    return frame.with_columns(missing).select(schema.names).to_arrow().cast(schema.arrow)


def _known(tied: persons.Persons, engine: Engine) -> pl.DataFrame:
    """Records of people and addresses with their person."""
    named = tied.keys.filter(tied.keys["rank"] <= 1).select(
        "kind", "value", "person_id", "seen", "held_apart"
    )
    frame = pl.from_arrow(engine.to_arrow(named))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _stated_roles(evidence: Mapping[str, ir.Table], engine: Engine) -> pl.DataFrame:
    rows = mentions.table(evidence, "deal_roles", engine)
    ref = cleaning.contact(rows.contact_ref)
    picked = rows.select(
        kind=ibis.ifelse(ref.notnull(), cleaning.contact_kind(rows.source), ibis.literal("email")),
        value=ibis.coalesce(ref, cleaning.email(rows.email)),
        role=rows.role,
        at=rows.happened_at,
    )
    frame = pl.from_arrow(engine.to_arrow(picked.filter(picked.value.notnull() & picked.role.notnull())))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _persons(
    engine: Engine, tied: persons.Persons, profile: pl.DataFrame, chosen: pl.DataFrame, network: ir.Table
) -> ir.Table:
    """All persons: those with a record or address with their profile, visitors with what their network says."""
    keys = tied.keys.filter(tied.keys.person_id.notnull())
    everybody = keys.group_by("person_id").agg(
        identifiers=keys.count(), first_known_at=keys.first_at.min(), lowest=keys["rank"].min()
    )
    known = profile.join(chosen, on="person_id", how="full", coalesce=True)
    with_profile = everybody.left_join(engine.from_arrow("profiles", known.to_arrow()), "person_id").drop(
        "person_id_right"
    )
    net = network.group_by("person_id").agg(net=network.account_id.min())
    joined = with_profile.left_join(net, "person_id").drop("person_id_right")
    internal, by_network = joined.internal.fill_null(False), joined.account_id.isnull() & joined.net.notnull()
    persons_table = joined.mutate(
        account_id=ibis.ifelse(internal, ibis.null("string"), ibis.coalesce(joined.account_id, joined.net)),
        internal=internal,
        opted_out=joined.opted_out.fill_null(False),
        anonymous=joined.lowest > 1,
        account_rule=ibis.ifelse(by_network, ibis.literal("network"), joined.account_rule),
        account_probability=ibis.ifelse(
            by_network, ibis.literal(belonging.PROBABILITY["network"]), joined.account_probability
        ),
    )
    return engine.keep("persons", _narrow(persons_table, PERSONS))


def _account_keys(found: companies.Companies, grouped: accounts.Grouped, owned: ownership.Owned) -> pa.Table:
    """Company records, hosts and names with their account, or their candidates."""
    no_list = pl.lit(None, pl.List(pl.String))
    records = grouped.records.select("kind", "value", "account_id", candidates=no_list)
    hosts = found.hosts.filter(pl.col("use") == "company").select("host", "domain")
    both = pl.concat([hosts, hosts.select(host="domain", domain="domain")]).unique()
    rows = [
        ("domain", host, *_owner(owned.domains.get(domain, ()))) for host, domain in sorted(both.iter_rows())
    ]
    rows += [("name", name, *_owner(accounts_)) for name, accounts_ in sorted(owned.names.items())]
    schema = {
        "kind": pl.String,
        "value": pl.String,
        "account_id": pl.String,
        "candidates": pl.List(pl.String),
    }
    named = pl.DataFrame(rows, schema=schema, orient="row").filter(
        pl.col("account_id").is_not_null() | pl.col("candidates").is_not_null()
    )
    return _arrow(pl.concat([records, named]), ACCOUNT_KEYS)


def _owner(accounts_: tuple[str, ...]) -> tuple[str | None, list[str] | None]:
    return (accounts_[0], None) if len(accounts_) == 1 else (None, list(accounts_) or None)


def _with_persons(engine: Engine, firms: pl.DataFrame, everybody: ir.Table) -> ir.Table:
    named = everybody.filter(everybody.account_id.notnull() & ~everybody.anonymous)
    counted = pl.from_arrow(
        engine.to_arrow(named.group_by(account_id=named.account_id).agg(persons=named.count().cast("int64")))
    )
    assert isinstance(counted, pl.DataFrame)
    whole = firms.join(counted, on="account_id", how="left").with_columns(pl.col("persons").fill_null(0))
    return engine.from_arrow("resolved_accounts", _arrow(whole.sort("account_id"), RESOLVED_ACCOUNTS))


def _links(
    grouped: accounts.Grouped, owned: ownership.Owned, tied: persons.Persons, claims: pl.DataFrame
) -> pa.Table:
    return _arrow(pl.concat([grouped.links, owned.frame(), tied.links, belonging.links(claims)]), LINKS)
