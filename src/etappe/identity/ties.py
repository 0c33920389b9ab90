"""Identifiers tied to persons, level by level: the surer first, so that a doubtful one never ties two persons.

1. Records and e-mail addresses that occur together are one person (connected components), unless the names on them
   contradict each other (`strong`).
2. User ids, then telephone numbers, then cookies join the one person they occur with. One that occurs with several
   persons is held apart; one that occurs with none is a person of its own (`weak`).

A human's merges and splits come before and after: nothing overrules them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from etappe.identity import strong, weak
from etappe.identity.domains import DomainKinds
from etappe.identity.graph import nearest, neighbours
from etappe.identity.mentions import RANKS
from etappe.identity.overrides import Overrides
from etappe.identity.rules import IdentityRules
from etappe.identity.tied import Ties, Words


def tie(
    pairs: pl.DataFrame,
    held: pl.DataFrame,
    names: Mapping[tuple[str, str], Words],
    rules: IdentityRules,
    decided: Overrides,
) -> Ties:
    """Ties the identifiers of `pairs` to persons.

    Parameters
    ----------
    pairs : frame
        As in :class:`etappe.identity.mentions.Mentions`.
    held : frame
        kind, value, reason: identifiers that tie nobody by what they are.
    names : mapping
        Record or address → the telling words of the name on it.
    """
    ties = _coded(pairs, held, names, decided)
    del pairs  # nobody else has them, and their texts are the largest thing here
    ties.kinds = DomainKinds(rules.free_mail, rules.own_domains)
    _split(ties, decided)
    strong.tie(ties, rules)
    for rank in (RANKS["user"], RANKS["phone"], RANKS["cookie"]):
        weak.attach(ties, rank, rules)
    weak.limit(ties, rules)
    _merge(ties, decided)
    return ties


def rank_of(kind: str) -> pl.Expr:
    """The rank of each kind of a column, in `mentions.RANKS`."""
    ranked = pl.lit(9)
    for name, rank in RANKS.items():
        ranked = pl.when(pl.col(kind).str.starts_with(name)).then(pl.lit(rank)).otherwise(ranked)
    return ranked.cast(pl.Int64)


def _coded(pairs: pl.DataFrame, held: pl.DataFrame, names: Mapping[tuple[str, str], Words], decided: Overrides) -> Ties:
    """Every identifier that occurs in a pair, or in a decision, gets a number.

    Texts are compared by a hash of 128 bits: joining millions of texts costs more than everything that follows.
    """
    forced = {item for one, two, _ in decided.together for item in (one, two)}
    forced |= {item for chosen, _, _ in decided.apart for item in chosen}
    left, right = _hashed(pairs, "left_kind", "left"), _hashed(pairs, "right_kind", "right")
    named = pl.DataFrame(sorted(forced), schema={"kind": pl.String, "value": pl.String}, orient="row")
    ends = [
        left.with_columns(kind=pairs["left_kind"], value=pairs["left"]).unique(["h1", "h2"], keep="any"),
        right.with_columns(kind=pairs["right_kind"], value=pairs["right"]).unique(["h1", "h2"], keep="any"),
        _hashed(named, "kind", "value").with_columns(kind=named["kind"], value=named["value"]),
    ]
    nodes = pl.concat(ends).unique(["h1", "h2"], keep="any").with_columns(rank=rank_of("kind"))
    nodes = nodes.sort("rank", "h1", "h2").with_row_index("code").with_columns(pl.col("code").cast(pl.Int64))
    codes = nodes.select("h1", "h2", "code")
    edges = pairs.drop("left", "right").with_columns(
        l=left.join(codes, on=["h1", "h2"], how="left", maintain_order="left")["code"],
        r=right.join(codes, on=["h1", "h2"], how="left", maintain_order="left")["code"],
    ).sort("l", "r", "rule")
    known = {
        code: names[kind, value]
        for code, kind, value in nodes.filter(pl.col("rank") <= 1).select("code", "kind", "value").iter_rows()
        if (kind, value) in names
    }
    ties = Ties(
        nodes=nodes.select("code", "kind", "value", "rank"),
        edges=edges,
        rank=nodes["rank"].to_numpy(),
        left=edges["l"].to_numpy(),
        right=edges["r"].to_numpy(),
        names=known,
        label=np.full(len(nodes), -1, dtype=np.int64),
    )
    reasons = _hashed(held, "kind", "value").with_columns(reason=held["reason"])
    ties.held = dict(codes.join(reasons, on=["h1", "h2"]).select("code", "reason").iter_rows())
    for code in codes_of(ties, {item for one, two, _ in decided.together for item in (one, two)}).values():
        ties.held.pop(code, None)
    return ties


def _hashed(frame: pl.DataFrame, kind: str, value: str) -> pl.DataFrame:
    """h1, h2: two independent hashes of an identifier."""
    seeds = (11, 12)
    both = [pl.col(value).hash(seed) ^ (pl.col(kind).hash(seed + 10) * 3) for seed in seeds]
    return frame.select(h1=both[0], h2=both[1])


def codes_of(ties: Ties, items: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The codes of some identifiers; those that do not occur are left out."""
    if not items:
        return {}
    asked = pl.DataFrame(sorted(items), schema={"kind": pl.String, "value": pl.String}, orient="row")
    met = ties.nodes.join(asked, on=["kind", "value"])
    return {(kind, value): code for kind, value, code in met.select("kind", "value", "code").iter_rows()}


def _split(ties: Ties, decided: Overrides) -> None:
    """A split cuts the edges between what it names and the rest, or the ways to what it is split from."""
    for chosen, origin, decision in decided.apart:
        found = codes_of(ties, {*chosen, *([origin] if origin else [])})
        inside = sorted(found[item] for item in chosen if item in found)
        live = [row for row in range(len(ties.left)) if row not in ties.rejected]
        pairs = {row: (int(ties.left[row]), int(ties.right[row])) for row in live}
        if origin in found and all(ties.rank[code] <= 1 for code in inside):
            graph = neighbours(pair for pair in pairs.values() if ties.rank[pair[1]] <= 1)
            owner = nearest(graph, {**dict.fromkeys(inside, 0), found[origin]: 1})
            side = {code: owner.get(code, -1) for pair in pairs.values() for code in pair if code in owner}
            cut = [row for row, (one, two) in pairs.items() if one in side and two in side and side[one] != side[two]]
        else:
            cut = [row for row, (one, two) in pairs.items() if (one in inside) != (two in inside)]
        ties.rejected |= dict.fromkeys(cut, decision.words())


def _merge(ties: Ties, decided: Overrides) -> None:
    """What a human merged is one person, whatever the rules held apart."""
    codes = codes_of(ties, {item for one, two, _ in decided.together for item in (one, two)})
    if not codes:
        return
    fresh = int(ties.label.max(initial=0)) + 1
    for place, node in enumerate(sorted(codes.values())):
        ties.held.pop(node, None)
        if ties.label[node] < 0:
            ties.label[node] = fresh + place
    left = np.array([ties.label[codes[one]] for one, _, _ in decided.together], dtype=np.int64)
    right = np.array([ties.label[codes[two]] for _, two, _ in decided.together], dtype=np.int64)
    ties.join(left, right)
