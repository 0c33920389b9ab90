"""Persons from tied identifiers: their keys, and the links that made them."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import polars as pl

from etappe.identity import people, ties
from etappe.identity.accounts import LINK
from etappe.identity.mentions import Mentions, kind_rank
from etappe.identity.overrides import Overrides
from etappe.identity.rules import IdentityRules
from etappe.tables import cleaning
from etappe.tables.engine import Engine


@dataclass(frozen=True, slots=True)
class Persons:
    """`keys` (kind, value, person_id, held_apart, seen, first_at, rank; kept in the engine), `tied` (the same for identifiers that occur with others), `links`."""

    keys: ir.Table
    tied: pl.DataFrame
    links: pl.DataFrame


def build(
    mentions: Mentions,
    engine: Engine,
    records: pl.DataFrame,
    spoken: pl.DataFrame,
    rules: IdentityRules,
    decided: Overrides,
    further: pl.DataFrame,
) -> Persons:
    """Ties identifiers to persons. `further` are pairs from other reasons than standing on one record (same name in one company, …)."""
    held = engine.keep("held_by_itself", people.held_by_itself(mentions.single, mentions.switchboards, rules))
    pairs = pl.from_arrow(engine.to_arrow(mentions.pairs))
    held_frame = pl.from_arrow(engine.to_arrow(held))
    assert isinstance(pairs, pl.DataFrame)
    assert isinstance(held_frame, pl.DataFrame)
    tied = ties.tie(
        pl.concat([pairs, further], how="diagonal"), held_frame, _words(records, spoken), rules, decided
    )
    frame = _keys(tied)
    return Persons(_all_keys(mentions.single, held, frame, engine), frame, _links(tied))


def _words(records: pl.DataFrame, spoken: pl.DataFrame) -> dict[tuple[str, str], frozenset[str]]:
    """The telling words of the name on each record."""
    found = {}
    for frame in (spoken.filter(pl.col("kind") != "email"), records):
        named = frame.drop_nulls("name")
        for kind, value, words in zip(
            named["kind"], named["value"], people.name_words(named["name"]), strict=True
        ):
            if words:
                found[kind, value] = words
    return found


def _keys(tied: ties.Ties) -> pl.DataFrame:
    """The identifiers that occur with others: kind, value, person_id, held_apart."""
    frame = tied.nodes.with_columns(label=pl.Series(tied.label))
    reasons = pl.DataFrame(
        {"code": list(tied.held), "held_apart": list(tied.held.values())},
        schema={"code": pl.UInt32, "held_apart": pl.String},
    )
    frame = frame.join(reasons, on="code", how="left", maintain_order="left")
    frame = frame.with_columns(label=pl.when(pl.col("held_apart").is_null()).then(pl.col("label")))
    roots = (
        frame.drop_nulls("label")
        .filter(pl.col("label") >= 0)
        .sort("code")
        .group_by("label", maintain_order=True)
        .agg(pl.col("kind", "value").first())
    )
    ids = [
        cleaning.short_id_of("p", kind, value) for kind, value in roots.select("kind", "value").iter_rows()
    ]
    named = roots.select("label", person_id=pl.Series(ids, dtype=pl.String))
    return frame.join(named, on="label", how="left", maintain_order="left").select(
        "kind", "value", "person_id", "held_apart"
    )


def _all_keys(single: ir.Table, held: ir.Table, tied: pl.DataFrame, engine: Engine) -> ir.Table:
    """All identifiers; one that occurs with no other is a person of its own, unless it names nobody."""
    known = engine.from_arrow("tied_identifiers", tied.to_arrow())
    joined = single.left_join(known, ["kind", "value"]).drop("kind_right", "value_right")
    joined = joined.left_join(held, ["kind", "value"]).drop("kind_right", "value_right")
    reason = ibis.coalesce(
        joined.held_apart, ibis.ifelse(joined.person_id.isnull(), joined.reason, ibis.null("string"))
    )
    alone = ibis.ifelse(
        reason.isnull(), cleaning.short_id("p", joined.kind, joined.value), ibis.null("string")
    )
    keys = joined.select(
        "kind",
        "value",
        "seen",
        "first_at",
        "last_at",
        person_id=ibis.coalesce(joined.person_id, alone),
        held_apart=reason,
        rank=kind_rank(joined.kind),
    )
    return engine.keep("person_keys", keys)


def _links(tied: ties.Ties) -> pl.DataFrame:
    """One row a pair: accepted where both ends are one person, else with the reason."""
    held = pl.DataFrame(
        {"code": list(tied.held), "why": list(tied.held.values())},
        schema={"code": pl.UInt32, "why": pl.String},
    )
    labels = pl.Series(tied.label)
    edges = tied.edges.with_row_index("row")
    edges = edges.with_columns(label_l=labels[edges["l"]], label_r=labels[edges["r"]])
    rejected = pl.DataFrame(
        {"row": list(tied.rejected), "cut": list(tied.rejected.values())},
        schema={"row": pl.UInt32, "cut": pl.String},
    )
    edges = edges.join(rejected, on="row", how="left").join(
        held.rename({"code": "l", "why": "held_l"}), on="l", how="left"
    )
    edges = edges.join(held.rename({"code": "r", "why": "held_r"}), on="r", how="left").sort("row")
    reason = pl.coalesce(
        "cut",
        "held_r",
        "held_l",
        pl.when(pl.col("label_l") != pl.col("label_r")).then(
            pl.lit("seen far more often with somebody else")
        ),
    )
    probability = pl.col("rule").replace_strict(ties.PROBABILITY, default=0.9, return_dtype=pl.Float64)
    edges = edges.with_columns(reason=reason, probability=probability, evidence=_evidence())
    edges = edges.with_columns(accepted=pl.col("reason").is_null())
    return edges.select([pl.col(name).cast(kind) for name, kind in LINK.items()])


def _evidence() -> pl.Expr:
    """The pair in words: how often and where it stood together, from when to when."""
    first, last = pl.col("first_at").dt.date().cast(pl.String), pl.col("last_at").dt.date().cast(pl.String)
    when = (
        pl.when(first == last)
        .then(pl.lit(", ") + first)
        .otherwise(pl.concat_str(pl.lit(", "), first, pl.lit(" to "), last))
        .fill_null("")
    )
    times = (
        pl.when(pl.col("seen") > 1)
        .then(pl.concat_str(pl.col("seen"), pl.lit(" times")))
        .otherwise(pl.lit("once"))
    )
    return pl.concat_str(pl.col("rule"), pl.lit(" ("), pl.col("example"), pl.lit("), "), times, when)
