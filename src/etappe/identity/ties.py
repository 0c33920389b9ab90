"""Identifiers tied to persons, level by level: the surer first, so that a doubtful one never ties two persons.

1. Records and e-mail addresses that occur together are one person (connected components), unless the names on them
   contradict each other (`strong`).
2. User ids, then telephone numbers, then cookies join the one person they occur with. One that occurs with several
   persons is held apart; one that occurs with none is a person of its own (`weak`).

A human's merges and splits come before and after: nothing overrules them.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from etappe.identity import strong, weak
from etappe.identity.domains import DomainKinds
from etappe.identity.graph import components, nearest, neighbours
from etappe.identity.mentions import RANKS
from etappe.identity.overrides import Overrides
from etappe.identity.rules import IdentityRules
from etappe.identity.tied import Names, Ties


def tie(ties: Ties, names: pl.DataFrame, rules: IdentityRules, decided: Overrides) -> Ties:
    """Ties the identifiers of pairs to persons.

    Parameters
    ----------
    ties : Ties
        The identifiers and their pairs, nobody tied yet (see :meth:`etappe.identity.numbers.Numbered.ties`).
    names : frame
        kind, value, words: records and the telling words of the name on each, as one text.
    """
    ties.kinds = DomainKinds(rules.free_mail, rules.own_domains)
    ties.names = _names(ties, names)
    for item in {item for one, two, _ in decided.together for item in (one, two)}:
        ties.held.pop(ties.named[item], None)
    _split(ties, decided)
    strong.tie(ties, rules)
    apart = [({ties.named[item] for item in chosen}, ties.named[origin] if origin else None) for chosen, origin, _ in decided.apart]
    for rank in (RANKS["user"], RANKS["phone"], RANKS["cookie"]):
        weak.attach(ties, rank, rules, apart)
    weak.limit(ties, rules)
    weak.part(ties, apart)
    _merge(ties, decided)
    return ties


def _names(ties: Ties, names: pl.DataFrame) -> Names:
    """The names by node; only records of people have some."""
    if not ties.kind_names:
        return Names()
    kinds = {kind: place for place, kind in enumerate(ties.kind_names)}
    places = pl.col("kind").replace_strict(kinds, default=None, return_dtype=pl.Int16)
    placed = names.select("value", "words", kind=places).drop_nulls("kind")
    nodes = pl.DataFrame({"kind": ties.kind[: len(ties.texts)], "value": ties.texts}, schema={"kind": pl.Int16, "value": pl.String})
    return Names(nodes.join(placed, on=["kind", "value"], how="left", maintain_order="left")["words"])


def _split(ties: Ties, decided: Overrides) -> None:
    """A split cuts the edges between what it names and the rest, or the ways to what it is split from."""
    for chosen, origin, decision in decided.apart:
        inside = sorted(ties.named[item] for item in chosen)
        if origin and all(ties.rank[code] <= 1 for code in inside):
            cut = _between(ties, inside, ties.named[origin])
        else:
            cut = np.flatnonzero(np.isin(ties.left, inside) != np.isin(ties.right, inside)).tolist()
        ties.rejected |= {row: decision.words() for row in cut if row not in ties.rejected}


def _between(ties: Ties, inside: list[int], origin: int) -> list[int]:
    """The edges between what is nearer to `inside` and what is nearer to `origin`, among what is tied to either."""
    live = np.ones(len(ties.left), dtype=bool)
    live[list(ties.rejected)] = False
    sure = live & (ties.rank[ties.right] <= 1)
    labels = components(len(ties.label), ties.left[sure], ties.right[sure])
    around = np.isin(labels, labels[[*inside, origin]])
    graph = neighbours(_ends(ties, sure & around[ties.left]))
    owner = nearest(graph, {**dict.fromkeys(inside, 0), origin: 1})
    reached = list(owner)
    rows = live & np.isin(ties.left, reached) & np.isin(ties.right, reached)
    ends = zip(np.flatnonzero(rows).tolist(), _ends(ties, rows), strict=True)
    return [row for row, (one, two) in ends if owner[one] != owner[two]]


def _ends(ties: Ties, mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    return list(zip(ties.left[mask].tolist(), ties.right[mask].tolist(), strict=True))


def _merge(ties: Ties, decided: Overrides) -> None:
    """What a human merged is one person, whatever the rules held apart."""
    pairs = [(ties.named[one], ties.named[two]) for one, two, _ in decided.together]
    if not pairs:
        return
    fresh = int(ties.label.max(initial=0)) + 1
    for place, node in enumerate(sorted({node for pair in pairs for node in pair})):
        ties.held.pop(node, None)
        if ties.label[node] < 0:
            ties.label[node] = fresh + place
    left, right = (ties.label[list(side)] for side in zip(*pairs, strict=True))
    ties.join(left, right)
