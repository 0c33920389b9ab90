"""The company records of all sources, and what persons, deals and events say of companies."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import polars as pl

from etappe.identity.domains import DomainKinds, registrable
from etappe.identity.mentions import SHORTEST_FOREIGN_ID, Evidence, table
from etappe.identity.names import company_key, fold
from etappe.tables import cleaning
from etappe.tables.engine import Engine

# Kinds of events where a company's name or domain comes from the visitor's network, not from a person who said it.
WEB = (
    "page_view",
    "search",
    "download",
    "video",
    "web_event",
    "ad_view",
    "ad_click",
    "product_use",
    "sign_in",
    "chat",
)


@dataclass(frozen=True, slots=True)
class Companies:
    """The account side of the evidence, one row a distinct thing.

    Attributes
    ----------
    records : frame
        kind, value, source, name, key (name without legal form), domains, city, postcode, country, phone, street,
        parent, merged, learned_at, and the columns of the profile. Also the ids that other tables refer to and that
        have no record of their own (`bare`).
    said : frame
        kind, value (reference, null where there is none), name, key, mail (domain of the e-mail), site (domain as
        stated), city, web, seen: what stood together on people, deals, events and feedback.
    hosts : frame
        host, domain, use (`DomainKinds.kind`), seen.
    """

    records: pl.DataFrame
    said: pl.DataFrame
    hosts: pl.DataFrame


def gather(evidence: Evidence, engine: Engine, single: ir.Table, domains: DomainKinds) -> Companies:
    """Collects them. `single` are the identifiers of persons: their e-mail addresses bring hosts."""
    accounts = _records(table(evidence, "accounts", engine), engine)
    said = pl.from_arrow(engine.to_arrow(_said(evidence, engine)))
    assert isinstance(said, pl.DataFrame)
    mails = single.filter(single.kind == "email")
    mails = mails.select(host=cleaning.email_host(mails.value), seen=mails.seen)
    mail_hosts = pl.from_arrow(
        engine.to_arrow(
            mails.group_by("host").agg(seen=mails.seen.sum().cast("int64"), persons=mails.count())
        )
    )
    assert isinstance(mail_hosts, pl.DataFrame)
    hosts = _hosts(accounts, said, mail_hosts, domains)
    said = _said_domains(said, hosts)
    accounts = _record_domains(accounts, hosts)
    return Companies(_with_bare(accounts, said), said, hosts)


def _records(accounts: ir.Table, engine: Engine) -> pl.DataFrame:
    rows = accounts.mutate(
        kind=cleaning.account_kind(accounts.source),
        value=cleaning.contact(accounts.record_id),
        host=cleaning.host(accounts.domain),
        parent=cleaning.contact(accounts.parent_ref),
        telephone=cleaning.phone(accounts.phone),
        hosts=ibis.ifelse(accounts.domains.isnull(), ibis.literal([], "array<string>"), accounts.domains),
    )
    columns = [
        "kind",
        "value",
        "source",
        "name",
        "host",
        "hosts",
        "parent",
        "merged_refs",
        "street",
        "postcode",
        "city",
        "country",
        "telephone",
        "industry",
        "employees",
        "revenue",
        "tier",
        "type",
        "owner",
        "happened_at",
        "learned_at",
    ]
    frame = pl.from_arrow(engine.to_arrow(rows.select(columns)))
    assert isinstance(frame, pl.DataFrame)
    return frame.sort("kind", "value", "learned_at").unique(
        ["kind", "value"], keep="last", maintain_order=True
    )


def _said(evidence: Evidence, engine: Engine) -> ir.Table:
    """What stands together on one row, counted: reference, company name, e-mail host, stated host, city."""
    people, deals = table(evidence, "people", engine), table(evidence, "deals", engine)
    events, feedback = table(evidence, "events", engine), table(evidence, "feedback", engine)
    named = events.filter(
        events.company_name.notnull()
        | events.account_ref.notnull()
        | (events.domain.notnull() & events.email.notnull())
    )
    nothing = ibis.null("string")
    parts = [
        _part(people, people.email, people.domain, people.city, ibis.literal(False)),
        _part(deals, deals.contact_email, nothing, nothing, ibis.literal(False)),
        _part(named, named.email, named.domain, nothing, named.kind.isin(WEB) & named.email.isnull()),
        _part(feedback, feedback.email, nothing, nothing, ibis.literal(False)),
    ]
    return engine.keep("company_mentions", ibis.union(*parts))


def _part(
    rows: ir.Table, mail: ir.StringValue, site: ir.StringValue, city: ir.StringValue, web: ir.BooleanValue
) -> ir.Table:
    ref = cleaning.contact(rows.account_ref) if "account_ref" in rows.columns else ibis.null("string")
    picked = rows.select(
        kind=cleaning.account_kind(rows.source),
        value=ref,
        name=cleaning.company(rows.company_name),
        mail_host=cleaning.email_host(cleaning.email(mail)),
        site_host=cleaning.host(site),
        city=city,
        web=web,
    )
    kept = picked.filter(
        picked.value.notnull()
        | picked.name.notnull()
        | picked.mail_host.notnull()
        | picked.site_host.notnull()
    )
    return kept.group_by(kept.columns).agg(seen=kept.count())


def _hosts(
    accounts: pl.DataFrame, said: pl.DataFrame, mails: pl.DataFrame, domains: DomainKinds
) -> pl.DataFrame:
    """Every host that names or could name a company, with its registrable domain and whose it can be."""
    parts = [
        accounts.select(host="host", seen=pl.lit(1, pl.Int64), persons=pl.lit(0, pl.Int64)),
        accounts.select(host=pl.col("hosts"))
        .explode("host")
        .with_columns(seen=pl.lit(1, pl.Int64), persons=pl.lit(0, pl.Int64)),
        said.select(
            host="site_host", seen=pl.col("seen").cast(pl.Int64), persons=(~pl.col("web")).cast(pl.Int64)
        ),
        mails.select("host", pl.col("seen").cast(pl.Int64), pl.col("persons").cast(pl.Int64)),
    ]
    every = (
        pl.concat(parts)
        .drop_nulls("host")
        .with_columns(host=pl.col("host").str.to_lowercase().str.replace(r"^www\d?\.", ""))
    )
    every = every.group_by("host").agg(pl.col("seen").sum(), pl.col("persons").sum()).sort("host")
    names = every["host"].to_list()
    return every.with_columns(
        domain=pl.Series([registrable(host) for host in names], dtype=pl.String),
        use=pl.Series([domains.kind(host) for host in names], dtype=pl.String),
    )


def _said_domains(said: pl.DataFrame, hosts: pl.DataFrame) -> pl.DataFrame:
    """Hosts of what was said become company domains; those of free mail and providers fall away."""
    own = hosts.filter(pl.col("use") == "company").select("host", "domain")
    joined = said.join(own.rename({"host": "mail_host", "domain": "mail"}), on="mail_host", how="left")
    joined = joined.join(own.rename({"host": "site_host", "domain": "site"}), on="site_host", how="left")
    names = joined["name"].unique().drop_nulls().to_list()
    keys = pl.DataFrame(
        {"name": names, "key": [company_key(name) for name in names]},
        schema={"name": pl.String, "key": pl.String},
    )
    joined = joined.join(keys.filter(pl.col("key") != ""), on="name", how="left")
    columns = ["kind", "value", "name", "key", "mail", "site", "city", "web"]
    return joined.group_by(columns).agg(pl.col("seen").sum()).sort(columns)


def _record_domains(accounts: pl.DataFrame, hosts: pl.DataFrame) -> pl.DataFrame:
    own = dict(hosts.filter(pl.col("use") == "company").select("host", "domain").iter_rows())
    found, keys, cities = [], [], []
    for name, host, many, city in accounts.select("name", "host", "hosts", "city").iter_rows():
        listed = [host, *(many or [])]
        found.append(
            list(
                dict.fromkeys(
                    own[one.lower().removeprefix("www.")]
                    for one in listed
                    if one and one.lower().removeprefix("www.") in own
                )
            )
        )
        keys.append(company_key(name) or None if name else None)
        cities.append(fold(city) or None if city else None)
    return accounts.drop("host", "hosts").with_columns(
        domains=pl.Series(found, dtype=pl.List(pl.String)),
        key=pl.Series(keys, dtype=pl.String),
        place=pl.Series(cities, dtype=pl.String),
        bare=pl.lit(False),
    )


def _with_bare(accounts: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Adds references without a record; an id of another system that refers to a known record is tied later."""
    refs = said.drop_nulls("value").sort("seen", "key", "name", descending=[True, False, False])
    refs = (
        refs.group_by("kind", "value")
        .agg(pl.col("name").drop_nulls().first(), pl.col("key").drop_nulls().first())
        .sort("kind", "value")
    )
    bare = refs.join(accounts.select("kind", "value"), on=["kind", "value"], how="anti")
    bare = bare.with_columns(
        bare=pl.lit(True),
        source=pl.col("kind").str.strip_prefix("account:"),
        domains=pl.lit([], pl.List(pl.String)),
    )
    return pl.concat([accounts, bare], how="diagonal").sort("kind", "value")


def foreign_records(records: pl.DataFrame) -> pl.DataFrame:
    """Pairs of a reference without a record and the record of exactly one other source that has this id."""
    homes = records.filter(~pl.col("bare")).group_by("value").agg(home=pl.col("kind").min(), homes=pl.len())
    homes = homes.filter((pl.col("homes") == 1) & (pl.col("value").str.len_chars() >= SHORTEST_FOREIGN_ID))
    met = records.filter(pl.col("bare")).join(homes, on="value").filter(pl.col("home") != pl.col("kind"))
    return met.select(left_kind="home", left="value", right_kind="kind", right="value")
