"""Identifiers as numbers: the engine counts them through and keeps their texts; what ties them holds integers alone.

There are as many identifiers and pairs of them as visitors. As texts they would fill the memory; the engine spills.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import polars as pl

from etappe.identity.links import PAIR
from etappe.identity.mentions import frame_of, kind_rank
from etappe.identity.overrides import Overrides
from etappe.identity.tied import Ties
from etappe.tables.engine import Engine

_ENDS = ("left_kind", "left", "right_kind", "right")
_TEXT = {"kind": pl.String, "value": pl.String}


@dataclass(frozen=True, slots=True)
class Numbered:
    """Identifiers that occur with others, or in a decision, and their pairs, in the engine.

    Attributes
    ----------
    nodes : table
        code (from 0, in the order of rank, kind and value), kind, value, rank, held.
    pairs : table
        Columns of `links.PAIR`, and the codes `l` and `r` of both ends.
    kinds, rules : tuple of str
        The kinds and rules there are; a small number stands for each, its place here.
    named : dict
        Kind and value of identifiers in decisions → code.
    """

    engine: Engine
    nodes: ir.Table
    pairs: ir.Table
    kinds: tuple[str, ...]
    rules: tuple[str, ...]
    named: dict[tuple[str, str], int]

    def ties(self) -> Ties:
        """The numbers alone, nobody tied yet."""
        edges, ranks = self._edges(), self._ranks()
        return Ties(
            rank=ranks["rank"].to_numpy(),
            kind=ranks["kind"].to_numpy(),
            kind_names=self.kinds,
            texts=self._texts(),
            edges=edges,
            rule_names=self.rules,
            left=edges["l"].to_numpy(),
            right=edges["r"].to_numpy(),
            named=self.named,
            label=np.full(len(ranks), -1, dtype=np.int64),
            held=self._held(),
        )

    def _edges(self) -> pl.DataFrame:
        """l, r, rule (its place in `rules`), seen, first_at, last_at: a row a pair, in the order of codes and rule."""
        rule = _place(self.pairs.rule, self.rules)
        rows = self.pairs.select("l", "r", "seen", "first_at", "last_at", rule=rule).order_by("l", "r", "rule")
        return frame_of(rows, self.engine).rechunk()

    def _ranks(self) -> pl.DataFrame:
        """rank and kind (its place in `kinds`) of each node, in the order of codes."""
        rows = self.nodes.select("code", "rank", kind=_place(self.nodes.kind, self.kinds))
        return frame_of(rows.order_by("code"), self.engine).drop("code").rechunk()

    def _texts(self) -> pl.Series:
        """The values of records and addresses, in the order of codes: they have the lowest."""
        few = self.nodes.filter(self.nodes["rank"] <= 1).select("code", "value").order_by("code")
        return frame_of(few, self.engine)["value"]

    def _held(self) -> dict[int, str]:
        """Nodes that tie nobody by what they are → why."""
        rows = self.nodes.filter(self.nodes.held.notnull()).select("code", "held")
        return dict(frame_of(rows, self.engine).iter_rows())

    def spelled(self, codes: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Kind and value of some nodes."""
        asked = pl.DataFrame({"code": sorted(set(codes))}, schema={"code": pl.Int32})
        few = self.nodes.semi_join(self.engine.from_arrow("asked_nodes", asked.to_arrow()), "code")
        rows = frame_of(few.select("code", "kind", "value"), self.engine).iter_rows()
        return {code: (kind, value) for code, kind, value in rows}


def number(pairs: ir.Table, further: pl.DataFrame, held: ir.Table, decided: Overrides, engine: Engine) -> Numbered:
    """Gives every identifier that occurs in a pair, or in a decision, a number.

    Parameters
    ----------
    pairs : table
        The pairs of the evidence, as in :class:`etappe.identity.mentions.Mentions`.
    further : frame
        Further pairs in the same columns; those of two identifiers that the evidence pairs already count for nothing.
    held : table
        kind, value, reason: identifiers that tie nobody by what they are.
    """
    more = further.select([pl.col(name).cast(kind) for name, kind in PAIR.items()])
    known = engine.from_arrow("further_pairs", more.to_arrow())
    every = ibis.union(pairs.select(*PAIR), known.anti_join(pairs, list(_ENDS)).select(*PAIR))
    forced = sorted(_in_decisions(decided))
    chosen = engine.from_arrow("decided_identifiers", pl.DataFrame(forced, schema=_TEXT, orient="row").to_arrow())
    nodes = engine.keep("numbered_identifiers", _counted_through(every, chosen, held))
    met = frame_of(nodes.join(chosen, ["kind", "value"]).select("kind", "value", "code"), engine)
    return Numbered(
        engine,
        nodes,
        engine.keep("numbered_pairs", _with_codes(every, nodes), on_disk=True),
        _distinct(nodes, "kind", engine),
        _distinct(every, "rule", engine),
        {(kind, value): code for kind, value, code in met.iter_rows()},
    )


def _in_decisions(decided: Overrides) -> set[tuple[str, str]]:
    named = {item for one, two, _ in decided.together for item in (one, two)}
    for chosen, origin, _ in decided.apart:
        named |= {*chosen, *([origin] if origin else [])}
    return named


def _counted_through(pairs: ir.Table, chosen: ir.Table, held: ir.Table) -> ir.Table:
    """Every identifier once, with its number: of low rank first, so that records and addresses have the lowest."""
    ends = [pairs.select(kind="left_kind", value="left"), pairs.select(kind="right_kind", value="right"), chosen]
    every = ibis.union(*ends, distinct=True)
    every = every.mutate(rank=kind_rank(every.kind).cast("int8"))
    order = ibis.row_number().over(order_by=[every["rank"], every.kind, every.value])
    numbered = every.mutate(code=order.cast("int32"))
    met = numbered.left_join(held, ["kind", "value"])
    return met.select("code", "kind", "value", "rank", held="reason")


def _with_codes(pairs: ir.Table, nodes: ir.Table) -> ir.Table:
    left = nodes.select(l="code", left_kind="kind", left="value")
    right = nodes.select(r="code", right_kind="kind", right="value")
    met = pairs.join(left, ["left_kind", "left"]).join(right, ["right_kind", "right"])
    return met.select(*PAIR, "l", "r")


def _distinct(rows: ir.Table, column: str, engine: Engine) -> tuple[str, ...]:
    return tuple(sorted(row[column] for row in engine.rows(rows.select(column).distinct())))


def _place(column: Any, known: Sequence[str]) -> ir.IntegerValue:
    """The place of each text of a column among those that are known."""
    places = [(column == text, ibis.literal(place, "int16")) for place, text in enumerate(known)]
    return ibis.cases(*places, else_=ibis.literal(-1, "int16")) if places else ibis.literal(-1, "int16")
