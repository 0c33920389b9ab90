"""Which account a person belongs to: a decision, else a CRM's link, the domain, the company's name, the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import polars as pl

from etappe.identity.accounts import Grouped
from etappe.identity.companies import Companies
from etappe.identity.links import narrow, probability_of
from etappe.identity.mentions import Evidence, handles
from etappe.identity.overrides import Overrides
from etappe.identity.ownership import Owned, account_named
from etappe.identity.rules import IdentityRules
from etappe.identity.trade import Trade
from etappe.tables import cleaning
from etappe.tables.engine import Engine

ORDER: Final = {"decision": 0, "crm link": 1, "event link": 2, "domain": 3, "company name": 4}
AMBIGUOUS: Final = "ambiguous: several accounts"
NETWORK_SHARE: Final = 0.6  # share of a visitor's records that must come from one company's network

_CLAIM: Final[dict[str, Any]] = {
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
    "candidates": pl.List(pl.String),
}


@dataclass(frozen=True, slots=True)
class Owners:
    """Which account what names a company is of: made once, asked for each part of the persons.

    Attributes
    ----------
    records : frame
        kind, value, account_id of company records.
    hosts, names, decisions : frame
        host and domain; name; kind and value of an identifier in a decision; each with account_id (null where several own it,
        or nobody is to), and with reason and candidates (of several), or right_kind, right and at (of a decision).
    """

    records: pl.DataFrame
    hosts: pl.DataFrame
    names: pl.DataFrame
    decisions: pl.DataFrame

    @classmethod
    def of(cls, found: Companies, grouped: Grouped, owned: Owned, decided: Overrides) -> Owners:
        """As companies were grouped and decided."""
        hosts = pl.DataFrame(found.owned_hosts(), schema={"host": pl.String, "domain": pl.String}, orient="row")
        return cls(
            grouped.records.select("kind", "value", "account_id"), hosts.join(_owners("domain", owned.domains), on="domain"),
            _owners("name", owned.names), _decisions(grouped, owned, decided),
        )  # fmt: skip


def decide(keys: pl.DataFrame, records: pl.DataFrame, said: pl.DataFrame, owners: Owners) -> pl.DataFrame:
    """All reasons for which a person could belong to an account, the accepted one of each person marked.

    Parameters
    ----------
    keys : frame
        kind, value, person_id of identifiers that may have a company.
    records : frame
        Records of people, see `people.records`.
    said : frame
        kind, value, account_kind, account_ref, company, seen, at: which company events and deals name beside a person.
    owners : Owners

    Returns
    -------
    frame
        person_id, account_id (null where ambiguous), rule, left_kind, left, right_kind, right, seen, at, candidates,
        probability, accepted, reason.
    """
    keys = keys.drop_nulls("person_id").select("kind", "value", "person_id")
    parts = [
        _by_record(records, keys, owners),
        _by_event(said, keys, owners),
        _by_domain(keys, records, owners),
        _by_name(records, said, keys, owners),
        _by_decision(keys, owners),
    ]
    return _judged(_once(pl.concat(parts)))


def _once(claims: pl.DataFrame) -> pl.DataFrame:
    """Claims that say the same, counted."""
    same = ["person_id", "account_id", "rule", "left_kind", "left", "right_kind", "right", "reason"]
    counted = claims.group_by(same).agg(pl.col("seen").sum(), pl.col("at").max(), pl.col("candidates").first())
    return counted.select(list(_CLAIM))


def said_of(trade: Trade) -> pl.DataFrame:
    """Which company events and deals name beside a person; the network's owner on an anonymous visit does not count."""
    company = pl.when(~pl.col("web")).then("company")
    beside = trade.beside.select("kind", "value", "account_kind", "account_ref", "seen", "at", company=company)
    on_deals = trade.deals.with_columns(company=pl.lit(None, pl.String), seen=pl.lit(1, pl.Int64))
    both = pl.concat([beside, on_deals.select(beside.columns)], how="vertical_relaxed").drop_nulls("value")
    named = both.filter(pl.col("account_ref").is_not_null() | pl.col("company").is_not_null())
    keys = ["kind", "value", "account_kind", "account_ref", "company"]
    return named.group_by(keys).agg(pl.col("seen").sum(), pl.col("at").max())


def _claims(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, kind).alias(name) for name, kind in _CLAIM.items() if name not in frame.columns]
    return frame.with_columns(missing).select([pl.col(name).cast(kind) for name, kind in _CLAIM.items()])


def _referring(frame: pl.DataFrame, keys: pl.DataFrame, owners: Owners, rule: str) -> pl.DataFrame:
    """Claims of rows that refer to a company record."""
    met = frame.drop_nulls("account_ref").join(keys, on=["kind", "value"])
    met = met.join(owners.records, left_on=["account_kind", "account_ref"], right_on=["kind", "value"])
    named = met.rename({"kind": "left_kind", "value": "left", "account_kind": "right_kind", "account_ref": "right"})
    return _claims(named.with_columns(rule=pl.lit(rule)))


def _by_record(records: pl.DataFrame, keys: pl.DataFrame, owners: Owners) -> pl.DataFrame:
    dated = records.with_columns(seen=pl.lit(1), at=pl.coalesce("happened_at", "learned_at"))
    return _referring(dated, keys, owners, "crm link")


def _by_event(said: pl.DataFrame, keys: pl.DataFrame, owners: Owners) -> pl.DataFrame:
    return _referring(said, keys, owners, "event link")


def _by_domain(keys: pl.DataFrame, records: pl.DataFrame, owners: Owners) -> pl.DataFrame:
    """Addresses at a company's domain; a role mailbox names no person, but it names the company of its record."""
    mails = keys.filter(pl.col("kind") == "email").select("person_id", "kind", "value", mail="value")
    on_record = records.drop_nulls("mail").join(keys, on=["kind", "value"]).select("person_id", "kind", "value", "mail")
    both = pl.concat([mails, on_record.join(mails, on=["person_id", "mail"], how="anti")])
    both = both.with_columns(host=pl.col("mail").str.replace(r"^.*@", ""))
    return _owned(both.join(owners.hosts, on="host"), "domain", "domain")


def _by_name(records: pl.DataFrame, said: pl.DataFrame, keys: pl.DataFrame, owners: Owners) -> pl.DataFrame:
    """Records and events that write a company's name."""
    at = pl.coalesce("happened_at", "learned_at")
    on_records = records.drop_nulls("company").select("kind", "value", at=at, seen=pl.lit(1, pl.Int64), name="company")
    beside = said.drop_nulls("company").select("kind", "value", "at", pl.col("seen").cast(pl.Int64), name="company")
    met = pl.concat([on_records, beside], how="vertical_relaxed").join(keys, on=["kind", "value"])
    return _owned(met.join(owners.names, on="name"), "name", "company name")


def _owners(column: str, owners: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    """The account of each domain or name; where several own it, a reason and these instead."""
    rows = [
        (thing, accounts[0], None, None) if len(accounts) == 1 else (thing, None, AMBIGUOUS, list(accounts))
        for thing, accounts in owners.items()
        if accounts
    ]
    schema: dict[str, Any] = {
        column: pl.String, "account_id": pl.String, "reason": pl.String, "candidates": pl.List(pl.String),
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _owned(met: pl.DataFrame, column: str, rule: str) -> pl.DataFrame:
    """Claims through a domain or name; where several accounts own it, a claim without account and with a reason."""
    claimed = met.rename({"kind": "left_kind", "value": "left", column: "right"})
    seen = pl.col("seen") if "seen" in claimed.columns else pl.lit(1)
    return _claims(claimed.with_columns(rule=pl.lit(rule), right_kind=pl.lit(column), seen=seen))


def _decisions(grouped: Grouped, owned: Owned, decided: Overrides) -> pl.DataFrame:
    """What a human assigned, and the account that this names."""
    account_of = grouped.account_of() if decided.assigned else {}
    rows = [
        (*item, account_named(into, owned, account_of) if into else None, *(into or ("account", "none")), decision.at)
        for item, (into, decision) in decided.assigned.items()
    ]
    schema: dict[str, Any] = {
        "kind": pl.String, "value": pl.String, "account_id": pl.String, "right_kind": pl.String, "right": pl.String,
        "at": pl.Datetime("us", "UTC"),
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _by_decision(keys: pl.DataFrame, owners: Owners) -> pl.DataFrame:
    met = owners.decisions.join(keys, on=["kind", "value"]).rename({"kind": "left_kind", "value": "left"})
    return _claims(met.with_columns(rule=pl.lit("decision"), seen=pl.lit(1)))


def _judged(claims: pl.DataFrame) -> pl.DataFrame:
    """Orders the claims of a person: by rule, how often said, newest. The first counts, the others lose to it."""
    claims = _within_candidates(claims)
    said = pl.col("seen").sum().over("person_id", "rule", "account_id")
    ordered = claims.with_columns(order=pl.col("rule").replace_strict(ORDER, return_dtype=pl.Int64), said=said)
    ordered = ordered.sort(
        "person_id", "order", "said", "at", "account_id", "left_kind", "left", "right",
        descending=[False, False, True, True, False, False, False, False], nulls_last=True,
    )  # fmt: skip
    first = ordered.filter(pl.col("reason").is_null()).group_by("person_id", maintain_order=True)
    best = first.agg(chosen=pl.col("account_id").first(), by=pl.col("rule").first())
    met = ordered.join(best, on="person_id", how="left", maintain_order="left")
    same = pl.col("account_id").eq_missing(pl.col("chosen")) & pl.col("reason").is_null() & pl.col("by").is_not_null()
    lost = pl.coalesce("reason", pl.concat_str(pl.lit("weaker than "), "by", pl.lit(" to another account")))
    met = met.with_columns(accepted=same, reason=pl.when(same).then(None).otherwise(lost))
    return met.with_columns(probability=probability_of("rule"))


def _within_candidates(claims: pl.DataFrame) -> pl.DataFrame:
    """Of a person at an ambiguous domain, a company's name decides between the candidates, and for nobody else."""
    doubted = claims.filter((pl.col("rule") == "domain") & pl.col("candidates").is_not_null())
    possible = doubted.group_by("person_id").agg(possible=pl.col("candidates").explode())
    met = claims.join(possible, on="person_id", how="left", maintain_order="left")
    outside = (pl.col("rule") == "company name") & ~pl.col("possible").list.contains(pl.col("account_id"))
    reason = pl.when(outside.fill_null(False)).then(pl.lit("not among the candidates of the domain"))
    return met.with_columns(reason=pl.coalesce("reason", reason)).drop("possible")


def chosen(claims: pl.DataFrame) -> pl.DataFrame:
    """person_id, account_id, account_rule, account_probability of persons with an accepted claim."""
    best = claims.filter("accepted").group_by("person_id", maintain_order=True).first()
    return best.select("person_id", "account_id", account_rule="rule", account_probability="probability")


def links(claims: pl.DataFrame, decided: Overrides) -> pl.DataFrame:
    """The claims as links, each once."""
    words = {
        "crm link": "the record of the person names the company",
        "event link": "events or deals of the person name the company",
        "domain": "the address is at this domain",
        "company name": "a record of the person writes this name",
    }
    said = pl.col("rule").replace_strict(words, default=None, return_dtype=pl.String)
    rows = [(*item, decision.words()) for item, (_, decision) in decided.assigned.items()]
    schema = {"left_kind": pl.String, "left": pl.String, "word": pl.String}
    decisions = pl.DataFrame(rows, schema=schema, orient="row").with_columns(rule=pl.lit("decision"))
    met = claims.join(decisions, on=["left_kind", "left", "rule"], how="left", maintain_order="left")
    return narrow(met.with_columns(evidence=pl.coalesce("word", said))).unique(maintain_order=True)


def sightings(evidence: Evidence, engine: Engine, rules: IdentityRules) -> ir.Table:
    """kind, value, host, seen: from which company's network an identifier visits, and how often; kept in the engine."""
    named = handles(evidence, engine)
    web = named.filter(named.domain.notnull() & named.visit) if rules.network else named.limit(0)
    kind, value = cleaning.event_identifier(web)
    each = web.select(kind=kind, value=value, host=cleaning.host(web.domain), seen=web.seen.cast("int64"))
    counted = each.filter(each.value.notnull()).group_by("kind", "value", "host").agg(seen=each.seen.sum().cast("int64"))
    return engine.keep("network_sightings", counted)


def network(sighted: ir.Table, keys: ir.Table, engine: Engine, found: Companies, owned: Owned) -> ir.Table:
    """person_id, account_id, host, seen: visitors from the network of a company that is known otherwise.

    `sighted` are the `sightings`, which the engine forgets.
    """
    known = [(host, owned.domains[domain][0]) for host, domain in found.owned_hosts() if owned.sole(domain)]
    hosts = pl.DataFrame(known, schema={"host": pl.String, "account_id": pl.String}, orient="row")
    owners = engine.from_arrow("network_hosts", hosts.to_arrow())
    by_person = sighted.join(keys.select("kind", "value", "person_id"), ["kind", "value"])
    by_person = by_person.left_join(owners, "host").drop("host_right")
    votes = by_person.filter(by_person.person_id.notnull()).group_by("person_id", "account_id")
    votes = engine.keep("network_votes", votes.agg(seen=ibis._.seen.sum().cast("int64"), host=ibis._.host.min()))
    engine.drop(sighted)
    total = votes.group_by("person_id").agg(total=votes.seen.sum())
    met = votes.join(total, "person_id")
    clear = met.account_id.notnull() & (met.seen >= NETWORK_SHARE * met.total)
    return met.filter(clear).select("person_id", "account_id", "host", "seen")
