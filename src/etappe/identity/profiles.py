"""The best known name, address, title, place … of each person and each account."""

from __future__ import annotations

from functools import cache

import polars as pl

from etappe.identity import lists
from etappe.identity.accounts import Grouped
from etappe.identity.companies import Companies
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
    return (
        column.replace_strict(found, default=None, return_dtype=pl.String)
        if found
        else column.cast(pl.String)
    )


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
            _each(
                frame["role"], {text: roles().get(fold(text)) for text in frame["role"].unique().drop_nulls()}
            )
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
    on_record = _coded(records.join(owned.drop("seen"), on=["kind", "value"]))
    recent = pl.coalesce("happened_at", "learned_at")
    newest = on_record.sort(
        "person_id", recent, "kind", "value", descending=[False, True, False, False], nulls_last=True
    )
    profile = newest.group_by("person_id", maintain_order=True).agg(
        pl.col("title", "language", "country", "role").drop_nulls().first(),
        opted_out=pl.col("opted_out").any(),
        colleague=pl.col("internal").any(),
    )
    whole = newest.with_columns(whole=pl.col("first_name").is_not_null() & pl.col("last_name").is_not_null())
    parts = [
        profile,
        _first(
            whole.drop_nulls("name").sort(
                "person_id", "whole", descending=[False, True], maintain_order=True
            ),
            "name",
        ),
        _first(
            spoken.join(owned.drop("seen"), on=["kind", "value"])
            .sort("person_id", "seen", "name", descending=[False, True, False])
            .rename({"name": "spoken"}),
            "spoken",
        ),
        _first(
            _coded(stated.join(owned.drop("seen"), on=["kind", "value"]))
            .drop_nulls("role")
            .sort("person_id", "at", "role", descending=[False, True, False], nulls_last=True)
            .rename({"role": "on_deal"}),
            "on_deal",
        ),
        _addresses(keys, owned, on_record, domains, rules),
    ]
    every = parts[0]
    for part in parts[1:]:
        every = every.join(part, on="person_id", how="full", coalesce=True)
    return every.select(
        "person_id",
        "email",
        "title",
        "language",
        "country",
        name=pl.coalesce("name", "spoken"),
        stated_role=pl.coalesce("on_deal", "role"),
        internal=pl.col("colleague").fill_null(False) | pl.col("own").fill_null(False),
        opted_out=pl.col("opted_out").fill_null(False),
    ).sort("person_id")


def _first(ordered: pl.DataFrame, column: str) -> pl.DataFrame:
    return ordered.group_by("person_id", maintain_order=True).agg(pl.col(column).first())


def _addresses(
    keys: pl.DataFrame,
    owned: pl.DataFrame,
    on_record: pl.DataFrame,
    domains: DomainKinds,
    rules: IdentityRules,
) -> pl.DataFrame:
    """person_id, email (the best address: a record's main one at a company before others), own (an address of the own company)."""
    mails = owned.filter(pl.col("kind") == "email")
    main = (
        on_record.drop_nulls("mail")
        .select("person_id", value="mail")
        .unique()
        .with_columns(main=pl.lit(True))
    )
    mails = mails.join(main, on=["person_id", "value"], how="left")
    shared = main.join(
        keys.filter(pl.col("held_apart").is_not_null()).select("value"), on="value", how="semi"
    )
    mails = pl.concat(
        [
            mails,
            shared.join(mails, on=["person_id", "value"], how="anti").with_columns(
                main=pl.lit(None, pl.Boolean)
            ),
        ],
        how="diagonal",
    )
    hosts = mails["value"].str.replace(r"^.*@", "")
    kinds = {host: domains.kind(host) for host in hosts.unique()}
    use = hosts.replace_strict(kinds, return_dtype=pl.String) if kinds else hosts
    mails = mails.with_columns(use=use, own=(use == "own") | mails["value"].is_in(rules.own_people))
    ranked = mails.with_columns(
        order=pl.col("main").fill_null(False).cast(pl.Int8) + 2 * (pl.col("use") != "free mail").cast(pl.Int8)
    )
    ranked = ranked.sort(
        "person_id", "order", "seen", "value", descending=[False, True, True, False], nulls_last=True
    )
    return ranked.group_by("person_id", maintain_order=True).agg(
        email=pl.col("value").first(), own=pl.col("own").any()
    )


def of_accounts(found: Companies, grouped: Grouped, owned: Owned, rules: IdentityRules) -> pl.DataFrame:
    """One row an account: its best name, domains, parent and what its company records say; newest values first."""
    records = _coded(grouped.records)
    newest = records.sort(
        "account_id",
        "bare",
        "learned_at",
        "kind",
        "value",
        descending=[False, False, True, False, False],
        nulls_last=True,
    )
    fields = ["city", "country", "industry", "employees", "revenue", "tier", "type", "owner"]
    profile = newest.group_by("account_id", maintain_order=True).agg(
        pl.col(*fields).drop_nulls().first(),
        records=pl.len().cast(pl.Int64),
        listed=pl.col("domains").explode().drop_nulls(),
    )
    profile = profile.join(_names(newest), on="account_id", how="left").join(
        _parents(grouped), on="account_id", how="left"
    )
    made = pl.DataFrame(
        list(owned.titles.items()), schema={"account_id": pl.String, "title": pl.String}, orient="row"
    )
    every = profile.join(made, on="account_id", how="full", coalesce=True).join(
        _domains(owned), on="account_id", how="left"
    )
    mine = [registrable(domain) for domain in rules.own_domains]
    every = every.with_columns(
        all=pl.concat_list(pl.col("listed").fill_null([]), pl.col("owned").fill_null([])).list.unique(
            maintain_order=True
        )
    )
    return every.select(
        "account_id",
        "parent_id",
        *fields,
        name=pl.coalesce("name", "title", pl.col("all").list.first()),
        domain=pl.col("all").list.first(),
        domains="all",
        records=pl.col("records").fill_null(0),
        internal=pl.col("all").list.set_intersection(pl.lit(mine, pl.List(pl.String))).list.len() > 0,
    ).sort("account_id")


def _names(newest: pl.DataFrame) -> pl.DataFrame:
    """The name most records write; of equally frequent ones that of a record before that of a reference, then the longest."""
    named = (
        newest.drop_nulls("name")
        .group_by("account_id", "name")
        .agg(bare=pl.col("bare").min(), times=pl.len())
    )
    named = named.with_columns(length=pl.col("name").str.len_chars()).sort(
        "account_id", "bare", "times", "length", "name", descending=[False, False, True, True, False]
    )
    return named.group_by("account_id", maintain_order=True).agg(pl.col("name").first())


def _parents(grouped: Grouped) -> pl.DataFrame:
    ids = grouped.records.select("kind", "value", parent_id="account_id")
    met = grouped.records.drop_nulls("parent").join(
        ids, left_on=["kind", "parent"], right_on=["kind", "value"]
    )
    met = met.filter(pl.col("parent_id") != pl.col("account_id")).sort(
        "account_id", "learned_at", "parent_id", descending=[False, True, False]
    )
    return met.group_by("account_id", maintain_order=True).agg(pl.col("parent_id").first())


def _domains(owned: Owned) -> pl.DataFrame:
    rows = [(accounts[0], domain) for domain, accounts in sorted(owned.domains.items()) if len(accounts) == 1]
    frame = pl.DataFrame(rows, schema={"account_id": pl.String, "domain": pl.String}, orient="row")
    return frame.group_by("account_id", maintain_order=True).agg(owned=pl.col("domain"))
