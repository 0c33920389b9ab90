"""The best known name, address, title, place … of each person and each account."""

from __future__ import annotations

from functools import cache

import polars as pl

from etappe.identity import lists
from etappe.identity.accounts import Grouped
from etappe.identity.domains import DomainKinds, registrable
from etappe.identity.names import fold
from etappe.identity.ownership import Owned
from etappe.identity.rules import IdentityRules


@cache
def roles() -> dict[str, str]:
    """Buying roles as CRMs write them, folded → the house's words."""
    import yaml

    written: dict[str, list[str]] = yaml.safe_load("\n".join(lists.lines("roles.yaml")))
    return {fold(alias): role for role, aliases in written.items() for alias in aliases}


@cache
def _countries() -> dict[str, str]:
    return {name: code for code, names in lists.groups("countries.txt").items() for name in names}


def country_code(text: str) -> str:
    """ISO 3166 alpha-2 where the country is recognised, else the text as it is."""
    return _countries().get(fold(text).replace(" ", "_"), text)


def _each(column: pl.Series, found: dict[str, str | None]) -> pl.Series:
    return column.replace_strict(found, default=None, return_dtype=pl.String) if found else column.cast(pl.String)


def _coded(frame: pl.DataFrame) -> pl.DataFrame:
    """Countries as codes, roles as the house's words; a role it does not know is no role."""
    changed = []
    if "country" in frame.columns:
        changed.append(
            _each(
                frame["country"],
                {text: country_code(text) for text in frame["country"].unique().drop_nulls()},
            )
        )
    if "role" in frame.columns:
        changed.append(
            _each(frame["role"], {text: roles().get(fold(text)) for text in frame["role"].unique().drop_nulls()})
        )
    return frame.with_columns(changed)


def of_persons(
    keys: pl.DataFrame,
    records: pl.DataFrame,
    spoken: pl.DataFrame,
    stated: pl.DataFrame,
    domains: DomainKinds,
    rules: IdentityRules,
) -> pl.DataFrame:
    """Everything known of persons that have a record or an address.

    Parameters
    ----------
    keys : frame
        kind, value, person_id, seen, held_apart of records of people and addresses.
    records, spoken : frame
        See `people`.
    stated : frame
        kind, value, role, at: buying roles on deals.
    """
    owned = keys.drop_nulls("person_id").select("kind", "value", "person_id", "seen")
    person_of = owned.select("kind", "value", "person_id")
    on_record = _coded(records.join(person_of, on=["kind", "value"]))
    recent = pl.coalesce("happened_at", "learned_at")
    newest = _ordered(on_record.with_columns(recent=recent), "recent", "kind", "value", falling=1)
    whole = newest.with_columns(whole=pl.col("first_name").is_not_null() & pl.col("last_name").is_not_null())
    whole = whole.sort("person_id", "whole", descending=[False, True], maintain_order=True)
    told = _ordered(spoken.join(person_of, on=["kind", "value"]), "seen", "name", falling=1)
    on_deals = _ordered(_coded(stated.join(person_of, on=["kind", "value"])), "at", "role", falling=1)
    every = _of_records(newest)
    for part in (
        _first(whole, "name", "name"),
        _first(told, "name", "told"),
        _first(on_deals, "role", "on_deal"),
        _addresses(keys, owned, on_record, domains, rules),
    ):
        every = every.join(part, on="person_id", how="full", coalesce=True)
    return every.select(
        "person_id",
        "email",
        "title",
        "language",
        "country",
        name=pl.coalesce("name", "told"),
        stated_role=pl.coalesce("on_deal", "role"),
        internal=pl.col("colleague").fill_null(False) | pl.col("own").fill_null(False),
        opted_out=pl.col("opted_out").fill_null(False),
    ).sort("person_id")


def _of_records(newest: pl.DataFrame) -> pl.DataFrame:
    """The newest title, language, country and role on a person's records; opted out and colleague if any says so."""
    return newest.group_by("person_id", maintain_order=True).agg(
        pl.col("title", "language", "country", "role").drop_nulls().first(),
        opted_out=pl.col("opted_out").any(),
        colleague=pl.col("internal").any(),
    )


def _ordered(frame: pl.DataFrame, *columns: str, falling: int, key: str = "person_id") -> pl.DataFrame:
    """Rows of one person (or account) next to each other; the first `falling` columns from high to low, nulls last."""
    descending = [False, *(place < falling for place in range(len(columns)))]
    return frame.sort(key, *columns, descending=descending, nulls_last=True)


def _first(ordered: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """person_id and the first value of a column that is not empty."""
    known = ordered.drop_nulls(column).group_by("person_id", maintain_order=True)
    return known.agg(pl.col(column).first().alias(name))


def _addresses(
    keys: pl.DataFrame,
    owned: pl.DataFrame,
    on_record: pl.DataFrame,
    domains: DomainKinds,
    rules: IdentityRules,
) -> pl.DataFrame:
    """person_id, email, own: the best address (a record's main one, at a company, before others); has one of the own company.

    A record whose only address is a role mailbox shows it, although it ties nobody.
    """
    main = on_record.drop_nulls("mail").select("person_id", value="mail").unique()
    shared = main.join(keys.filter(pl.col("held_apart").is_not_null()), on="value", how="semi")
    mails = owned.filter(pl.col("kind") == "email").select("person_id", "value", "seen", held=pl.lit(False))
    mails = pl.concat([mails, shared.with_columns(seen=pl.lit(0, mails.schema["seen"]), held=pl.lit(True))])
    mails = mails.join(main.with_columns(main=pl.lit(True)), on=["person_id", "value"], how="left")
    hosts = mails["value"].str.replace(r"^.*@", "")
    kinds = {host: domains.kind(host) for host in hosts.unique()}
    use = hosts.replace_strict(kinds, return_dtype=pl.String) if kinds else hosts
    order = 4 * (~pl.col("held")).cast(pl.Int8) + 2 * (pl.col("use") != "free mail") + pl.col("main").fill_null(False)
    mails = mails.with_columns(use=use, own=(use == "own") | mails["value"].is_in(rules.own_people))
    ranked = _ordered(mails.with_columns(order=order), "order", "seen", "value", falling=2)
    return ranked.group_by("person_id", maintain_order=True).agg(email=pl.col("value").first(), own=pl.col("own").any())


def of_accounts(grouped: Grouped, owned: Owned, rules: IdentityRules) -> pl.DataFrame:
    """One row an account: its best name, domains, parent and what its company records say; newest values first."""
    records = _coded(grouped.records).sort("kind", "value")
    newest = _ordered(records, "learned_at", "kind", "value", falling=1, key="account_id")
    newest = newest.sort("account_id", "bare", maintain_order=True)
    fields = ["city", "country", "industry", "employees", "revenue", "tier", "type", "owner"]
    profile = newest.group_by("account_id", maintain_order=True).agg(
        pl.col(*fields).drop_nulls().first(),
        records=pl.len().cast(pl.Int64),
        listed=pl.col("domains").list.explode(keep_nulls=False, empty_as_null=False),
    )
    made = pl.DataFrame(list(owned.titles.items()), schema={"account_id": pl.String, "made": pl.String}, orient="row")
    every = profile
    for part in (_names(newest), _parents(grouped), made, _domains(owned)):
        every = every.join(part, on="account_id", how="full", coalesce=True)
    both = pl.concat_list(pl.col("listed").fill_null([]), pl.col("owned").fill_null([]))
    own = {registrable(domain) for domain in rules.own_domains}
    every = every.with_columns(domains=both.list.unique(maintain_order=True), records=pl.col("records").fill_null(0))
    mine = [not own.isdisjoint(domains) for domains in every["domains"].to_list()]
    return every.select(
        "account_id",
        "parent_id",
        "domains",
        "records",
        *fields,
        name=pl.coalesce("name", "made", pl.col("domains").list.first()),
        domain=pl.col("domains").list.first(),
        internal=pl.Series(mine, dtype=pl.Boolean),
    ).sort("account_id")


def _names(newest: pl.DataFrame) -> pl.DataFrame:
    """The name most records write: those of company tables before mere references; of equals the longest."""
    named = newest.drop_nulls("name").group_by("account_id", "name").agg(own=~pl.col("bare").min(), times=pl.len())
    named = named.with_columns(length=pl.col("name").str.len_chars())
    ordered = _ordered(named, "own", "times", "length", "name", falling=3, key="account_id")
    return ordered.group_by("account_id", maintain_order=True).agg(pl.col("name").first())


def _parents(grouped: Grouped) -> pl.DataFrame:
    """Parent companies: linked, never merged."""
    ids = grouped.records.select("kind", "value", parent_id="account_id")
    met = grouped.records.drop_nulls("parent").join(ids, left_on=["kind", "parent"], right_on=["kind", "value"])
    met = _ordered(
        met.filter(pl.col("parent_id") != pl.col("account_id")), "learned_at", "parent_id", falling=1, key="account_id"
    )
    return met.group_by("account_id", maintain_order=True).agg(pl.col("parent_id").first())


def _domains(owned: Owned) -> pl.DataFrame:
    rows = [(accounts[0], domain) for domain, accounts in sorted(owned.domains.items()) if len(accounts) == 1]
    frame = pl.DataFrame(rows, schema={"account_id": pl.String, "domain": pl.String}, orient="row")
    return frame.group_by("account_id", maintain_order=True).agg(owned=pl.col("domain"))
