"""Persons from tied identifiers: their keys, and the links that made them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import polars as pl

from etappe.identity import numbers, ties
from etappe.identity.graph import Numbers
from etappe.identity.links import LINK, RULES, probability_of, store
from etappe.identity.mentions import kind_rank
from etappe.identity.numbers import Numbered
from etappe.identity.overrides import Overrides
from etappe.identity.rules import IdentityRules
from etappe.identity.tied import Ties
from etappe.tables import cleaning
from etappe.tables.engine import Engine

ELSEWHERE = "seen far more often with somebody else"


@dataclass(frozen=True, slots=True)
class Persons:
    """All identifiers of persons with their person.

    Attributes
    ----------
    keys : table
        kind, value, person_id, held_apart, seen, first_at, last_at, rank; kept in the engine, a row an identifier.
    pairs : table
        The pairs of identifiers as links, in the order of their ends; not computed yet, so that each is written once.
    added : list of paths
        Parquet files with the further links, made for likeness.
    """

    keys: ir.Table
    pairs: ir.Table
    added: list[Path]


def build(
    single: ir.Table,
    pairs: ir.Table,
    engine: Engine,
    names: pl.DataFrame,
    further: pl.DataFrame,
    rules: IdentityRules,
    decided: Overrides,
) -> Persons:
    """Ties identifiers to persons.

    Parameters
    ----------
    single, pairs : table
        All identifiers and the pairs of them, see `mentions`; the pairs are forgotten.
    names : frame
        kind, value, words: records and the telling words of the name on each, as one text.
    further : frame
        Pairs for other reasons than standing on one record (same mailbox, same name in one company, …).
    """
    held = single.filter(single.held.notnull()).select("kind", "value", reason=single.held)
    numbered = numbers.number(pairs, further, held, decided, engine)
    engine.drop(pairs)
    tied = ties.tie(numbered.ties(), names, rules, decided)
    placed = _placed(numbered, tied, engine)
    added = store(engine, [_added(numbered, tied)])
    engine.drop(numbered.nodes)
    return Persons(_all_keys(single, placed, engine), _links(numbered, tied, placed, engine), added)


def _placed(numbered: Numbered, tied: Ties, engine: Engine) -> ir.Table:
    """The identifiers that occur with others: code, kind, value, label, held_apart, person_id."""
    frame = pl.DataFrame({"label": tied.label.astype(np.int32), "root": _roots(tied)}).with_row_index("code")
    frame = frame.with_columns(pl.col("code").cast(pl.Int32), pl.col("root").replace(-1, None))
    known = engine.from_arrow("labels", frame.to_arrow())
    reasons = pl.DataFrame(list(tied.held.items()), schema={"code": pl.Int32, "held_apart": pl.String}, orient="row")
    apart = engine.from_arrow("held_apart", reasons.to_arrow())
    met = numbered.nodes.drop("held").inner_join(known, "code").left_join(apart, "code").drop("code_right")
    # A person's id is that of the first identifier: of the lowest rank, and of those the first kind and value.
    first = met.filter(met.root == met.code)
    ids = first.select(root="code", person_id=cleaning.short_id("p", first.kind, first.value))
    named = met.left_join(ids, "root").select("code", "kind", "value", "label", "held_apart", "person_id")
    placed = engine.keep("tied_identifiers", named)
    engine.drop(known)
    return placed


def _roots(tied: Ties) -> Numbers:
    """The lowest code among those of one label; -1 for what is held apart or has no label."""
    whole = np.flatnonzero((tied.label >= 0) & ~tied.held_mask())
    roots = np.full(len(tied.label), -1, dtype=np.int32)
    if len(whole):
        labels = tied.label[whole]
        lowest = np.full(int(labels.max()) + 1, -1, dtype=np.int32)
        lowest[labels[::-1]] = whole[::-1]  # of several the last is kept
        roots[whole] = lowest[labels]
    return roots


def _all_keys(single: ir.Table, tied: ir.Table, engine: Engine) -> ir.Table:
    """All identifiers; one that occurs with no other is a person of its own, unless it names nobody."""
    known = tied.select("kind", "value", "person_id", "held_apart")
    joined = single.left_join(known, ["kind", "value"]).drop("kind_right", "value_right")
    by_itself = ibis.ifelse(joined.person_id.isnull(), joined.held, ibis.null("string"))
    reason = ibis.coalesce(joined.held_apart, by_itself)
    alone = joined.person_id.isnull() & reason.isnull()
    keys = joined.select(
        "kind",
        "value",
        "seen",
        "first_at",
        "last_at",
        person_id=ibis.ifelse(alone, cleaning.short_id("p", joined.kind, joined.value), joined.person_id),
        held_apart=reason,
        rank=kind_rank(joined.kind),
    )
    return engine.keep("person_keys", keys)


def _links(numbered: Numbered, tied: Ties, placed: ir.Table, engine: Engine) -> ir.Table:
    """One row a pair: accepted where both ends are one person, else with the reason."""
    rows = pl.DataFrame({"row": list(tied.rejected)}, schema={"row": pl.Int64})["row"]
    lost = tied.edges.select("l", "r", "rule")[rows].with_columns(cut=pl.Series(list(tied.rejected.values()), dtype=pl.String))
    names = pl.DataFrame({"rule": pl.Series(tied.rule_names, dtype=pl.String)}).with_row_index("place")
    lost = lost.with_columns(pl.col("rule").cast(pl.UInt32)).join(names, left_on="rule", right_on="place")
    cut = engine.from_arrow("rejected_pairs", lost.select("l", "r", "cut", rule="rule_right").to_arrow())
    left = placed.select(l="code", label_l="label", held_l="held_apart")
    right = placed.select(r="code", label_r="label", held_r="held_apart")
    met = numbered.pairs.join(left, "l").join(right, "r").left_join(cut, ["l", "r", "rule"])
    apart = ibis.ifelse(met.label_l != met.label_r, ibis.literal(ELSEWHERE), ibis.null("string"))
    reason = ibis.coalesce(met.cut, met.held_r, met.held_l, apart)
    probabilities = [(met.rule == rule, ibis.literal(RULES[rule][0] if rule in RULES else 0.9)) for rule in numbered.rules]
    probability = ibis.cases(*probabilities, else_=ibis.literal(0.9)) if probabilities else ibis.literal(0.9)
    said = met.mutate(evidence=_evidence(met), probability=probability, accepted=reason.isnull(), reason=reason)
    return said.order_by("l", "r", "rule").select(*LINK)


def _evidence(pairs: ir.Table) -> ir.StringValue:
    """The pair in words: where it stood together, how often, from when to when."""
    first, last = pairs.first_at.date().cast("string"), pairs.last_at.date().cast("string")
    when = ibis.ifelse(first == last, ibis.literal(", ") + first, ibis.literal(", ") + first + " to " + last)
    times = ibis.ifelse(pairs.seen > 1, pairs.seen.cast("string") + " times", ibis.literal("once"))
    words: ir.StringValue = pairs.example.fill_null("?") + ", " + times + when.fill_null("")
    return words


def _added(numbered: Numbered, tied: Ties) -> pl.DataFrame:
    """The ties made for likeness."""
    added = sorted(set(tied.added))
    spelled = numbered.spelled([node for one, two, _, via in added for node in (one, two, via)])
    rows = [
        (*spelled[one], *spelled[two], rule, f"both on {' '.join(spelled[via])}", None, True, None, 1)
        for one, two, rule, via in added
    ]
    frame = pl.DataFrame(rows, schema=LINK, orient="row")
    return frame.with_columns(probability=probability_of("rule"))
