"""Suggests which domains are the own company's: those of the colleagues who own records, meetings and deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.identity.domains import DomainKinds, registrable
from etappe.identity.mentions import table
from etappe.tables import cleaning
from etappe.tables.engine import Engine

LEAST_RECORDS = 3  # fewer could be a slip
LEAST_SHARE = 0.05  # of all records with an owner's address


def suggest_internal(
    evidence: Mapping[str, ir.Table], engine: Engine, known: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Domains that look like the own company's and are not in `known` yet, the likeliest first.

    Returns
    -------
    list of dict
        domain; addresses (different ones); seen (records); of (where they stand); why, in words.
    """
    parts = []
    for name in ("events", "people", "accounts", "deals", "deal_stages"):
        parts.append(_counted(table(evidence, name, engine), "owner", f"owner of {name.replace('_', ' ')}"))
    people = table(evidence, "people", engine)
    parts.append(_counted(people.filter(people.internal.fill_null(False)), "email", "colleague in a source"))
    every = ibis.union(*parts)
    every = every.mutate(address=cleaning.email(every.address))
    every = every.filter(every.address.notnull())
    counted = every.group_by("address", "of").agg(seen=every.seen.sum().cast("uint64").cast("int64"))
    return _ranked(engine.rows(counted), DomainKinds(), {registrable(domain) for domain in known})


def _counted(rows: ir.Table, column: str, words: str) -> ir.Table:
    """Addresses as they came, counted: few are distinct, and only those are cleaned."""
    named = rows.filter(rows[column].notnull())
    return named.group_by(address=named[column]).agg(seen=named.count().cast("int64")).mutate(of=ibis.literal(words))


def _ranked(rows: Sequence[Mapping[str, Any]], kinds: DomainKinds, known: set[str]) -> list[dict[str, Any]]:
    by_domain: dict[str, dict[str, Any]] = {}
    for row in rows:
        domain = registrable(row["address"].rpartition("@")[2])
        if domain in known or kinds.kind(domain) != "company":
            continue
        found = by_domain.setdefault(domain, {"addresses": set(), "of": set(), "seen": 0})
        found["addresses"].add(row["address"])
        found["of"].add(row["of"])
        found["seen"] += row["seen"]
    total = sum(found["seen"] for found in by_domain.values())
    likely = [
        {
            "domain": domain,
            "addresses": len(found["addresses"]),
            "seen": found["seen"],
            "of": sorted(found["of"]),
            "why": f"{len(found['addresses'])} addresses, {found['seen']:,} times: {', '.join(sorted(found['of']))}",
        }
        for domain, found in by_domain.items()
        if found["seen"] >= LEAST_RECORDS and found["seen"] >= LEAST_SHARE * total
    ]
    return sorted(likely, key=lambda row: (-row["addresses"], -row["seen"], row["domain"]))
