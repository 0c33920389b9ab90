"""Which account a person belongs to: a decision, else the CRM's link, the domain, the company's name, the network."""

from __future__ import annotations

import ibis.expr.types as ir
import polars as pl

from etappe.identity.accounts import LINK, Grouped
from etappe.identity.companies import WEB, Companies
from etappe.identity.mentions import Evidence, table
from etappe.identity.overrides import Overrides
from etappe.identity.ownership import Owned
from etappe.identity.persons import Persons
from etappe.identity.rules import IdentityRules
from etappe.tables import cleaning
from etappe.tables.engine import Engine

ORDER = {"decision": 0, "crm link": 1, "domain": 2, "company name": 3, "network": 4}
PROBABILITY = {"decision": 1.0, "crm link": 0.98, "domain": 0.95, "company name": 0.85, "network": 0.6}
NETWORK_SHARE = 0.6  # share of a visitor's records that must come from one company's network


def decide(
    persons: Persons,
    engine: Engine,
    records: pl.DataFrame,
    found: Companies,
    grouped: Grouped,
    owned: Owned,
    decided: Overrides,
) -> pl.DataFrame:
    """All reasons for which a person could belong to an account: person_id, account_id (null where ambiguous), rule, left, right, seen, at, accepted, …

    The network is added by :func:`network`. The first accepted reason of a person, by `ORDER`, counts.
    """
    tied = persons.tied.drop_nulls("person_id").select("kind", "value", "person_id")
    keys = pl.concat([tied, _records_and_addresses(persons, engine)]).unique(
        ["kind", "value"], maintain_order=True
    )
    claims = pl.concat(
        [
            _crm(records, keys, grouped),
            _domains(keys, found, owned),
            _names(records, keys, owned),
            _decisions(keys, grouped, owned, decided),
        ]
    )
    return _judged(claims)


CLAIM = {
    "person_id": pl.String,
    "account_id": pl.String,
    "rule": pl.String,
    "left_kind": pl.String,
    "left": pl.String,
    "right_kind": pl.String,
    "right": pl.String,
    "seen": pl.Int64,
    "at": pl.Datetime("us", "UTC"),
    "reason": pl.String,
}


def _records_and_addresses(persons: Persons, engine: Engine) -> pl.DataFrame:
    """Records of people and addresses, also those that occur with nothing else."""
    surest = persons.keys.filter(persons.keys.person_id.notnull() & (persons.keys["rank"] <= 1))
    frame = pl.from_arrow(engine.to_arrow(surest.select("kind", "value", "person_id")))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _claims(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, kind).alias(name) for name, kind in CLAIM.items() if name not in frame.columns]
    return frame.with_columns(missing).select([pl.col(name).cast(kind) for name, kind in CLAIM.items()])


def _crm(records: pl.DataFrame, keys: pl.DataFrame, grouped: Grouped) -> pl.DataFrame:
    """Contact records that name a company record."""
    linked = records.drop_nulls("account_ref").join(keys, on=["kind", "value"])
    accounts = grouped.records.select("kind", "value", "account_id")
    met = linked.join(accounts, left_on=["account_kind", "account_ref"], right_on=["kind", "value"])
    return _claims(
        met.select(
            "person_id",
            "account_id",
            rule=pl.lit("crm link"),
            left_kind="kind",
            left="value",
            right_kind="account_kind",
            right="account_ref",
            seen=pl.lit(1),
            at=pl.coalesce("happened_at", "learned_at"),
        )
    )


def _domains(keys: pl.DataFrame, found: Companies, owned: Owned) -> pl.DataFrame:
    """Addresses at a company's domain."""
    mails = keys.filter(pl.col("kind") == "email").with_columns(host=pl.col("value").str.replace(r"^.*@", ""))
    hosts = found.hosts.filter(pl.col("use") == "company").select("host", "domain")
    return _owned_claims(mails.join(hosts, on="host"), "domain", owned.domains, "domain")


def _names(records: pl.DataFrame, keys: pl.DataFrame, owned: Owned) -> pl.DataFrame:
    """Contact records that write a company's name."""
    named = records.drop_nulls("company").join(keys, on=["kind", "value"]).with_columns(name="company")
    return _owned_claims(named, "name", owned.names, "company name")


def _owned_claims(
    met: pl.DataFrame, column: str, owners: dict[str, tuple[str, ...]], rule: str
) -> pl.DataFrame:
    """Claims through a domain or name; where several accounts own it there is a claim without account, and a reason."""
    table_of = pl.DataFrame(
        [
            (
                thing,
                accounts[0] if len(accounts) == 1 else None,
                None if len(accounts) == 1 else "ambiguous: several accounts",
            )
            for thing, accounts in owners.items()
            if accounts
        ],
        schema={column: pl.String, "account_id": pl.String, "reason": pl.String},
        orient="row",
    )
    claimed = met.join(table_of, on=column)
    at = (
        pl.coalesce("happened_at", "learned_at")
        if "learned_at" in claimed.columns
        else pl.lit(None, pl.Datetime("us", "UTC"))
    )
    picked = claimed.select(
        "person_id",
        "account_id",
        "reason",
        rule=pl.lit(rule),
        left_kind="kind",
        left="value",
        right_kind=pl.lit(column),
        right=column,
        seen=pl.lit(1),
        at=at,
    )
    return _claims(picked)


def _decisions(keys: pl.DataFrame, grouped: Grouped, owned: Owned, decided: Overrides) -> pl.DataFrame:
    account_of = {
        (kind, value): account
        for kind, value, account in grouped.records.select("kind", "value", "account_id").iter_rows()
    }
    rows = []
    for item, (into, decision) in decided.assigned.items():
        if item[0] in ("domain", "name") or item[0].startswith("account:"):
            continue
        account = None
        if into is not None:
            owners = owned.domains.get(into[1], ()) if into[0] == "domain" else owned.names.get(into[1], ())
            account = account_of.get(into) or (owners[0] if len(owners) == 1 else None)
        rows.append((*item, account, *(into or ("account", "none")), decision.at))
    schema = {
        "kind": pl.String,
        "value": pl.String,
        "account_id": pl.String,
        "right_kind": pl.String,
        "right": pl.String,
        "at": pl.Datetime("us", "UTC"),
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row").join(keys, on=["kind", "value"])
    return _claims(
        frame.with_columns(
            rule=pl.lit("decision"), left_kind=pl.col("kind"), left=pl.col("value"), seen=pl.lit(1)
        )
    )


def _judged(claims: pl.DataFrame) -> pl.DataFrame:
    """Orders a person's claims: rule, then how many say so, then the newest; the first is accepted, the others lose to it."""
    votes = pl.len().over("person_id", "rule", "account_id")
    ordered = claims.with_columns(
        order=pl.col("rule").replace_strict(ORDER, return_dtype=pl.Int64), votes=votes
    )
    ordered = ordered.sort(
        "person_id",
        "order",
        "votes",
        "at",
        "account_id",
        "left_kind",
        "left",
        descending=[False, False, True, True, False, False, False],
        nulls_last=True,
    )
    first = (
        ordered.filter(pl.col("reason").is_null())
        .group_by("person_id", maintain_order=True)
        .agg(chosen=pl.col("account_id").first(), by=pl.col("rule").first())
    )
    met = ordered.join(first, on="person_id", how="left", maintain_order="left")
    same = pl.col("account_id").eq_missing(pl.col("chosen")) & pl.col("reason").is_null()
    lost = (
        pl.when(same)
        .then(None)
        .otherwise(
            pl.coalesce(
                "reason", pl.concat_str(pl.lit("weaker than "), pl.col("by"), pl.lit(" to another account"))
            )
        )
    )
    probability = pl.col("rule").replace_strict(PROBABILITY, return_dtype=pl.Float64)
    return met.with_columns(accepted=same, reason=lost, probability=probability)


def chosen(claims: pl.DataFrame) -> pl.DataFrame:
    """person_id, account_id, account_rule, account_probability of persons with an accepted claim."""
    best = claims.filter("accepted").group_by("person_id", maintain_order=True).first()
    return best.select("person_id", "account_id", account_rule="rule", account_probability="probability")


def links(claims: pl.DataFrame) -> pl.DataFrame:
    """The claims as links."""
    words = {
        "crm link": "the record names the company",
        "domain": "writes from this domain",
        "company name": "the record writes this name",
        "decision": "decided by a human",
    }
    said = pl.col("rule").replace_strict(words, default="", return_dtype=pl.String)
    return claims.with_columns(evidence=said).select([pl.col(name).cast(kind) for name, kind in LINK.items()])


def network(
    evidence: Evidence, persons: Persons, engine: Engine, found: Companies, owned: Owned, rules: IdentityRules
) -> ir.Table:
    """person_id, account_id, seen, domain: visitors whose network is that of a company that is known otherwise."""
    known = [
        (host, owned.domains[domain][0])
        for host, domain in found.hosts.filter(pl.col("use") == "company")
        .select("host", "domain")
        .iter_rows()
        if len(owned.domains.get(domain, ())) == 1
    ]
    hosts = pl.DataFrame(known, schema={"host": pl.String, "account_id": pl.String}, orient="row")
    owners = engine.from_arrow("network_hosts", hosts.to_arrow())
    events = table(evidence, "events", engine)
    web = events.filter(events.domain.notnull() & events.kind.isin(WEB)) if rules.network else events.limit(0)
    kind, value = cleaning.event_identifier(web)
    seen = web.select(kind=kind, value=value, host=cleaning.host(web.domain))
    counted = seen.group_by("kind", "value", "host").agg(seen=seen.count())
    by_person = counted.join(persons.keys.select("kind", "value", "person_id"), ["kind", "value"])
    by_person = by_person.join(owners, "host", how="left")
    votes = by_person.group_by("person_id", "account_id").agg(
        seen=by_person.seen.sum(), host=by_person.host.min()
    )
    votes = engine.keep("network_votes", votes.filter(votes.person_id.notnull()))
    total = votes.group_by("person_id").agg(total=votes.seen.sum())
    met = votes.join(total, "person_id")
    return met.filter(met.account_id.notnull() & (met.seen >= NETWORK_SHARE * met.total)).select(
        "person_id", "account_id", "host", seen=met.seen.cast("int64")
    )
