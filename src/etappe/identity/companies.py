"""The company records of all sources, and what persons, deals and events say of companies."""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import polars as pl

from etappe.identity.domains import DomainKinds, registrable
from etappe.identity.mentions import SHORTEST_FOREIGN_ID, Evidence, frame_of, handles, table
from etappe.identity.names import company_key, fold
from etappe.identity.trade import Trade
from etappe.tables import cleaning
from etappe.tables.engine import Engine

OWNABLE = ("company", "own")  # uses of hosts that belong to one company

_RECORD = [
    "kind", "value", "source", "name", "host", "hosts", "parent", "merged_refs", "street", "postcode", "city", "country",
    "telephone", "industry", "employees", "revenue", "tier", "type", "owner", "happened_at", "learned_at",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Companies:
    """The account side of the evidence, one row a distinct thing.

    Attributes
    ----------
    records : frame
        kind, value, source, name, key (name without legal form), domains, city, place (folded), postcode, telephone,
        parent, merged_refs, … of every company record, and of every reference to one that has none (`bare`).
    said : frame
        kind, value (reference, null where there is none), name (lower case), title (as written), key, mail (domain of
        the e-mail), site (domain as stated), web, seen: what stood together on people, deals, events and feedback.
    hosts : frame
        host, domain, use (`DomainKinds.kind`), persons (0 where only networks and records have it).
    """

    records: pl.DataFrame
    said: pl.DataFrame
    hosts: pl.DataFrame

    def owned_hosts(self) -> list[tuple[str, str]]:
        """Host and registrable domain, of those that can be a company's (the own one's too)."""
        return list(self.hosts.filter(pl.col("use").is_in(OWNABLE)).select("host", "domain").iter_rows())


@dataclass(frozen=True, slots=True)
class Read:
    """What the evidence has of companies, as it stands there: their records; what stood together on people, deals, …"""

    accounts: pl.DataFrame
    said: pl.DataFrame


def read(evidence: Evidence, engine: Engine, people: pl.DataFrame, trade: Trade) -> Read:
    """Collects them; `people` and `trade` are what records of people, deals and events say of companies."""
    return Read(_records(table(evidence, "accounts", engine), engine), _said(people, trade))


def hosts_of_people(evidence: Evidence, engine: Engine, single: ir.Table) -> pl.DataFrame:
    """host, persons: hosts of the addresses among the identifiers of persons (`single`), and of networks (0 persons)."""
    mails = single.filter(single.kind == "email").select(host=cleaning.email_host(single.value))
    mails = mails.group_by("host").agg(persons=mails.count())
    named = handles(evidence, engine)
    networks = named.filter(named.domain.notnull()).select("domain").distinct()
    networks = networks.select(host=cleaning.host(networks.domain), persons=ibis.literal(0).cast("int64"))
    return frame_of(ibis.union(mails, networks), engine)


def gather(found: Read, domains: DomainKinds) -> Companies:
    """Brings names and hosts into the form in which they are compared; it takes one core and no engine.

    `hosts` are those that stand beside companies; nobody has counted persons on them yet, see `with_people`.
    """
    hosts = _hosts([*_stated_hosts(found), found.said.select(host="mail_host", persons=_NOBODY)], domains)
    said = _said_domains(found.said, hosts)
    return Companies(_with_bare(_record_domains(found.accounts, hosts), said), said, hosts)


def with_people(gathered: Companies, found: Read, mails: pl.DataFrame, domains: DomainKinds) -> Companies:
    """The companies with all hosts, and the persons on each; `mails` are the `hosts_of_people`."""
    return replace(gathered, hosts=_hosts([*_stated_hosts(found), mails.select("host", "persons")], domains, gathered.hosts))


def _records(accounts: ir.Table, engine: Engine) -> pl.DataFrame:
    rows = accounts.mutate(
        kind=cleaning.account_kind(accounts.source),
        value=cleaning.contact(accounts.record_id),
        host=cleaning.host(accounts.domain),
        hosts=accounts.domains,
        merged_refs=accounts.merged_refs.map(cleaning.contact),
        parent=cleaning.contact(accounts.parent_ref),
        telephone=cleaning.phone(accounts.phone),
    )
    frame = frame_of(rows.select(_RECORD), engine)
    return frame.sort("kind", "value", "learned_at").unique(["kind", "value"], keep="last", maintain_order=True)


def _said(people: pl.DataFrame, trade: Trade) -> pl.DataFrame:
    """What stands together on one row, counted: reference, company name, e-mail host, stated host."""
    on_records = people.select(
        kind="account_kind",
        value="account_ref",
        title="title_of_company",
        name="company",
        mail_host=pl.col("mail").str.replace(r"^.*@", ""),
        site_host="site",
        web=pl.lit(False),
        seen=pl.lit(1, pl.Int64),
    )
    renamed = {"account_kind": "kind", "account_ref": "value", "company": "name"}
    on_deals = trade.names.rename(renamed).with_columns(site_host=pl.lit(None, pl.String), web=pl.lit(False))
    beside = trade.beside.drop("kind", "value").rename(renamed)
    every = pl.concat([part.select(on_records.columns) for part in (on_records, on_deals, beside)])
    known = pl.any_horizontal(pl.col("value", "name", "mail_host", "site_host").is_not_null())
    return every.filter(known).group_by(pl.exclude("seen")).agg(pl.col("seen").sum())


_NOBODY = pl.lit(0, pl.Int64)


def _stated_hosts(found: Read) -> list[pl.DataFrame]:
    """host, persons: what company records name, and what is stated as a company's domain."""
    many = found.accounts.select(host=pl.col("hosts").cast(pl.List(pl.String))).explode("host")
    return [
        found.accounts.select("host", persons=_NOBODY),
        many.with_columns(persons=_NOBODY),
        found.said.select(host="site_host", persons=(~pl.col("web")).cast(pl.Int64)),
    ]


def _hosts(parts: list[pl.DataFrame], domains: DomainKinds, known: pl.DataFrame | None = None) -> pl.DataFrame:
    """Every host that names or could name a company, with its registrable domain and whose it can be.

    What is `known` already is not looked up again.
    """
    every = pl.concat(parts).with_columns(host=_bare_host("host")).drop_nulls("host")
    every = every.group_by("host").agg(pl.col("persons").sum())
    told = known.select("host", "domain", "use") if known is not None else pl.DataFrame(schema=dict.fromkeys(("host", "domain", "use"), pl.String))
    names = every.join(told, on="host", how="anti")["host"].to_list()
    new = {"host": names, "domain": [registrable(host) for host in names], "use": [domains.kind(host) for host in names]}
    told = pl.concat([told, pl.DataFrame(new, schema=told.schema)])
    return every.join(told, on="host", how="left").sort("host")


def _bare_host(column: str) -> pl.Expr:
    return pl.col(column).str.to_lowercase().str.strip_chars().str.replace(r"^www\d?\.", "")


def _said_domains(said: pl.DataFrame, hosts: pl.DataFrame) -> pl.DataFrame:
    """Hosts of what was said become company domains (free mail and providers fall away); one spelling a name."""
    own = hosts.filter(pl.col("use").is_in(OWNABLE)).select("host", "domain")
    joined = said.join(own.rename({"host": "mail_host", "domain": "mail"}), on="mail_host", how="left")
    joined = joined.join(own.rename({"host": "site_host", "domain": "site"}), on="site_host", how="left")
    titles = joined.drop_nulls("name").group_by("name", "title").agg(pl.col("seen").sum())
    titles = titles.sort("name", "seen", "title", descending=[False, True, True])
    titles = titles.group_by("name", maintain_order=True).agg(pl.col("title").first())
    keys = [company_key(name) or None for name in titles["name"]]
    titles = titles.with_columns(key=pl.Series(keys, dtype=pl.String))
    joined = joined.drop("title").join(titles, on="name", how="left")
    columns = ["kind", "value", "name", "title", "key", "mail", "site", "web"]
    return joined.group_by(columns).agg(pl.col("seen").sum()).sort(columns)


def _record_domains(accounts: pl.DataFrame, hosts: pl.DataFrame) -> pl.DataFrame:
    """Adds domains, key (name without legal form) and place (folded) of each record."""
    own = dict(hosts.filter(pl.col("use").is_in(OWNABLE)).select("host", "domain").iter_rows())
    found, keys, places = [], [], []
    for name, host, many, city in accounts.select("name", "host", "hosts", "city").iter_rows():
        listed = [one.lower().strip().removeprefix("www.") for one in (host, *(many or [])) if one]
        found.append(list(dict.fromkeys(own[one] for one in listed if one in own)))
        keys.append(company_key(name) or None if name else None)
        places.append(fold(city) or None if city else None)
    return accounts.drop("host", "hosts").with_columns(
        domains=pl.Series(found, dtype=pl.List(pl.String)),
        key=pl.Series(keys, dtype=pl.String),
        place=pl.Series(places, dtype=pl.String),
        bare=pl.lit(False),
    )


def _with_bare(accounts: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Adds references without a record: ids that were merged away, or whose company table was not imported."""
    merged = accounts.select("kind", value="merged_refs").explode("value").drop_nulls("value")
    refs = said.drop_nulls("value").sort("seen", "title", descending=[True, False], nulls_last=True)
    named = refs.group_by("kind", "value", maintain_order=True).agg(
        name=pl.col("title").drop_nulls().first(), key=pl.col("key").drop_nulls().first()
    )
    named = pl.concat([named, merged], how="diagonal").unique(["kind", "value"], keep="first", maintain_order=True)
    bare = named.join(accounts.select("kind", "value"), on=["kind", "value"], how="anti").with_columns(
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
