"""Persons from tied identifiers: their keys, and the links that made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import polars as pl

from etappe.identity import ties
from etappe.identity.links import LINK, PAIR, narrow, probability_of, store
from etappe.identity.mentions import Mentions, frame_of, kind_rank
from etappe.identity.overrides import Overrides
from etappe.identity.rules import IdentityRules
from etappe.identity.tied import Ties, Words
from etappe.tables import cleaning
from etappe.tables.engine import Engine

AT_A_TIME = 1_000_000  # links are spelled out in slices: their words take more room than all else


@dataclass(frozen=True, slots=True)
class Persons:
    """All identifiers of persons with their person.

    Attributes
    ----------
    keys : table
        kind, value, person_id, held_apart, seen, first_at, last_at, rank; kept in the engine, a row an identifier.
    links : list of paths
        Parquet files with one row a pair of identifiers.
    """

    keys: ir.Table
    links: list[Path]


def build(
    mentions: Mentions,
    engine: Engine,
    names: Mapping[tuple[str, str], Words],
    further: pl.DataFrame,
    rules: IdentityRules,
    decided: Overrides,
) -> Persons:
    """Ties identifiers to persons.

    Parameters
    ----------
    names : mapping
        Record → the telling words of the name on it.
    further : frame
        Pairs for other reasons than standing on one record (same mailbox, same name in one company, …).
    """
    single = mentions.single
    held = single.filter(single.held.notnull()).select("kind", "value", reason=single.held)
    tied = ties.tie(_pairs(mentions, further, engine), frame_of(held, engine), names, rules, decided)
    return Persons(_all_keys(single, _keys(tied), engine), store(engine, _links(tied)))


def _pairs(mentions: Mentions, further: pl.DataFrame, engine: Engine) -> pl.DataFrame:
    """The pairs of the evidence, and the further ones that are not among them; the engine forgets its own."""
    pairs = frame_of(mentions.pairs.select(*PAIR), engine)
    engine.drop(mentions.pairs)
    new = further.join(pairs, on=["left_kind", "left", "right_kind", "right"], how="anti", maintain_order="left")
    return pl.concat([pairs, new], how="diagonal_relaxed")


def _keys(tied: Ties) -> pl.DataFrame:
    """The identifiers that occur with others: kind, value, person_id, held_apart."""
    frame = tied.nodes.with_columns(label=pl.Series(tied.label, dtype=pl.Int64))
    frame = frame.join(_held(tied, "held_apart"), on="code", how="left", maintain_order="left")
    frame = frame.with_columns(label=pl.when(pl.col("held_apart").is_null() & (pl.col("label") >= 0)).then("label"))
    whole = frame.drop_nulls("label").filter(pl.col("rank") == pl.col("rank").min().over("label"))
    whole = whole.filter(pl.col("kind") == pl.col("kind").min().over("label"))
    roots = whole.group_by("label").agg(pl.col("kind", "value").min())
    ids = [cleaning.short_id_of("p", kind, value) for kind, value in roots.select("kind", "value").iter_rows()]
    named = roots.select("label", person_id=pl.Series(ids, dtype=pl.String))
    met = frame.join(named, on="label", how="left", maintain_order="left")
    return met.select("kind", "value", "person_id", "held_apart")


def _held(tied: Ties, column: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"code": list(tied.held), column: list(tied.held.values())}, schema={"code": pl.Int64, column: pl.String}
    )


def _all_keys(single: ir.Table, tied: pl.DataFrame, engine: Engine) -> ir.Table:
    """All identifiers; one that occurs with no other is a person of its own, unless it names nobody."""
    known = engine.from_arrow("tied_identifiers", tied.to_arrow())
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


def _links(tied: Ties) -> Iterator[pl.DataFrame]:
    """One row a pair: accepted where both ends are one person, else with the reason; so many at a time."""
    label = pl.Series(tied.label, dtype=pl.Int64)
    value = tied.nodes["value"]
    every = tied.edges.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    cut = pl.DataFrame(
        {"row": list(tied.rejected), "cut": list(tied.rejected.values())}, schema={"row": pl.Int64, "cut": pl.String}
    )
    held_l, held_r = _held(tied, "held_l").rename({"code": "l"}), _held(tied, "held_r").rename({"code": "r"})
    elsewhere = pl.when(pl.col("label_l") != pl.col("label_r")).then(pl.lit("seen far more often with somebody else"))
    for edges in every.iter_slices(AT_A_TIME):
        ends = {
            "label_l": label.gather(edges["l"]),
            "label_r": label.gather(edges["r"]),
            "left": value.gather(edges["l"]),
            "right": value.gather(edges["r"]),
        }
        met = edges.with_columns(**ends).join(cut, on="row", how="left")
        met = met.join(held_l, on="l", how="left").join(held_r, on="r", how="left").sort("row")
        met = met.with_columns(reason=pl.coalesce("cut", "held_r", "held_l", elsewhere), evidence=_evidence())
        yield narrow(met.with_columns(probability=probability_of("rule")))
    yield _added(tied)


def _evidence() -> pl.Expr:
    """The pair in words: where it stood together, how often, from when to when."""
    first, last = pl.col("first_at").dt.date().cast(pl.String), pl.col("last_at").dt.date().cast(pl.String)
    span = pl.concat_str(pl.lit(", "), first, pl.lit(" to "), last)
    when = pl.when(first == last).then(pl.lit(", ") + first).otherwise(span).fill_null("")
    times = pl.when(pl.col("seen") > 1).then(pl.concat_str("seen", pl.lit(" times"))).otherwise(pl.lit("once"))
    return pl.concat_str(pl.col("example").fill_null("?"), pl.lit(", "), times, when)


def _added(tied: Ties) -> pl.DataFrame:
    """The ties made for likeness."""
    rows = [
        (
            tied.kind_of(one), tied.value_of(one), tied.kind_of(two), tied.value_of(two), rule,
            f"both on {tied.kind_of(via)} {tied.value_of(via)}", None, True, None, 1,
        )
        for one, two, rule, via in sorted(set(tied.added))
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=LINK, orient="row")
    return frame.with_columns(probability=probability_of("rule"))
