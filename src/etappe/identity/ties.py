"""Identifiers tied to persons, level by level: the surer ones first, so that a doubtful one can never tie two persons.

1. Records and e-mail addresses that occur together are one person (connected components), unless their names contradict.
2. User ids, then telephone numbers, then cookies join the one person they occur with. An identifier that occurs with
   several persons is held apart; one that occurs with none is a person of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from etappe.identity.graph import components, nearest, neighbours
from etappe.identity.names import names_contradict
from etappe.identity.overrides import Overrides
from etappe.identity.rules import IdentityRules

ALIASES = ("user id is an address", "id of another system")
PROBABILITY = {
    "contact record": 0.99,
    "further address": 0.97,
    "merged record": 0.999,
    "converted lead": 0.999,
    "user id is an address": 0.99,
    "id of another system": 0.97,
    "same event": 0.95,
    "survey answer": 0.97,
    "deal role": 0.97,
    "decision": 1.0,
    "same mailbox": 0.97,
    "same name on one device": 0.95,
    "same name in one company": 0.93,
    "same address at two domains": 0.93,
}


@dataclass(slots=True)
class Ties:
    """The identifiers that occur with others, being tied.

    Attributes
    ----------
    nodes : frame
        code, kind, value, rank, words (of the name, list), seen.
    edges : frame
        l, r (codes; l has the lower rank), rule, probability, seen, first_at, last_at, example, and `reason` where rejected.
    label : array
        Person number of each node, -1 while unknown.
    held : dict
        Node → why it ties nobody.
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame
    label: np.ndarray
    held: dict[int, str] = field(default_factory=dict)
    rejected: dict[int, str] = field(default_factory=dict)
    rank: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    left: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    right: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def held_mask(self) -> np.ndarray:
        """True for nodes that are held apart."""
        mask = np.zeros(len(self.label), dtype=bool)
        mask[list(self.held)] = True
        return mask

    def usable(self) -> np.ndarray:
        """True for edges that were not rejected and touch nothing held apart."""
        held = self.held_mask()
        mask = ~(held[self.left] | held[self.right])
        mask[list(self.rejected)] = False
        return mask


def tie(
    pairs: pl.DataFrame,
    held: pl.DataFrame,
    words: dict[tuple[str, str], frozenset[str]],
    rules: IdentityRules,
    decided: Overrides,
) -> Ties:
    """Ties the identifiers of `pairs` (see `mentions`); `held` (kind, value, reason) tie nobody from the start."""
    ties = _coded(pairs, held, decided)
    names = _names_of_nodes(ties, words)
    _apply_splits(ties, decided)
    _strong(ties, names, rules)
    for rank in (2, 3, 4):
        _attach(ties, rank, rules)
    _apply_merges(ties, decided)
    return ties


def _coded(pairs: pl.DataFrame, held: pl.DataFrame, decided: Overrides) -> Ties:
    forced = [(one, two, decision) for one, two, decision in decided.together]
    ends = [
        pairs.select(kind="left_kind", value="left"),
        pairs.select(kind="right_kind", value="right"),
        pl.DataFrame(
            [item for one, two, _ in forced for item in (one, two)],
            schema={"kind": pl.String, "value": pl.String},
            orient="row",
        ),
    ]
    nodes = (
        pl.concat(ends)
        .unique()
        .with_columns(rank=_rank())
        .sort("rank", "kind", "value")
        .with_row_index("code")
    )
    codes = nodes.select("kind", "value", "code")
    edges = pairs.join(
        codes.rename({"kind": "left_kind", "value": "left", "code": "l"}), on=["left_kind", "left"]
    )
    edges = edges.join(
        codes.rename({"kind": "right_kind", "value": "right", "code": "r"}), on=["right_kind", "right"]
    ).sort("l", "r", "rule")
    left, right = edges["l"].to_numpy().astype(np.int64), edges["r"].to_numpy().astype(np.int64)
    ties = Ties(
        nodes,
        edges,
        np.full(len(nodes), -1, dtype=np.int64),
        rank=nodes["rank"].to_numpy().astype(np.int64),
        left=left,
        right=right,
    )
    met = codes.join(held, on=["kind", "value"])
    ties.held = dict(met.select("code", "reason").iter_rows())
    for item in {item for one, two, _ in forced for item in (one, two)}:
        code = codes.filter((pl.col("kind") == item[0]) & (pl.col("value") == item[1]))["code"]
        ties.held.pop(int(code[0]), None)
    return ties


def _rank() -> pl.Expr:
    kind = pl.col("kind")
    return (
        pl.when(kind.str.starts_with("contact:"))
        .then(0)
        .when(kind == "email")
        .then(1)
        .when(kind == "user")
        .then(2)
        .when(kind == "phone")
        .then(3)
        .otherwise(4)
    )


def _names_of_nodes(ties: Ties, words: dict[tuple[str, str], frozenset[str]]) -> dict[int, frozenset[str]]:
    found: dict[int, frozenset[str]] = {}
    for code, kind, value in (
        ties.nodes.filter(pl.col("rank") <= 1).select("code", "kind", "value").iter_rows()
    ):
        named = words.get((kind, value))
        if named:
            found[code] = named
    return found


def _apply_splits(ties: Ties, decided: Overrides) -> None:
    """A decision's split cuts the edges between what it names and the rest, or the way to what it is split from."""
    codes = (
        {(kind, value): code for code, kind, value in ties.nodes.select("code", "kind", "value").iter_rows()}
        if decided.apart
        else {}
    )
    for chosen, origin, decision in decided.apart:
        inside = {codes[item] for item in chosen if item in codes}
        pairs = list(zip(ties.left.tolist(), ties.right.tolist(), strict=True))
        live = [row for row in range(len(pairs)) if row not in ties.rejected]
        if origin in codes and all(ties.rank[code] <= 1 for code in inside):
            graph = neighbours(pairs[row] for row in live if ties.rank[pairs[row][1]] <= 1)
            owner = nearest(graph, {**dict.fromkeys(sorted(inside), 0), codes[origin]: 1})
            cut = [
                row
                for row in live
                if owner.get(pairs[row][0]) != owner.get(pairs[row][1])
                and pairs[row][0] in owner
                and pairs[row][1] in owner
            ]
        else:
            cut = [row for row in live if (pairs[row][0] in inside) != (pairs[row][1] in inside)]
        ties.rejected |= dict.fromkeys(cut, decision.words())


def _strong(ties: Ties, names: dict[int, frozenset[str]], rules: IdentityRules) -> None:
    """Level 1: records and addresses. Components whose names contradict are cut until they do not."""
    strong = ties.rank[ties.right] <= 1
    _crowded(ties, strong, rules)
    for _ in range(4):
        mask = strong & ties.usable()
        labels = components(len(ties.label), ties.left[mask], ties.right[mask])
        suspects = _contradicting(labels, names)
        if not suspects or not _cut_at_names(ties, mask, labels, suspects, names):
            break
    mask = strong & ties.usable()
    labels = components(len(ties.label), ties.left[mask], ties.right[mask])
    settled = (ties.rank <= 1) & ~ties.held_mask()
    ties.label = np.where(settled, labels, -1)


def _crowded(ties: Ties, strong: np.ndarray, rules: IdentityRules) -> None:
    """An address on more records of one source than one person has, is nobody's own."""
    edges = ties.edges.filter(pl.Series(strong & ties.usable()) & (pl.col("right_kind") == "email"))
    crowd = (
        edges.group_by("r", "left_kind")
        .agg(records=pl.col("l").n_unique())
        .filter(pl.col("records") > rules.people_per_identifier)
    )
    ties.held |= dict.fromkeys(crowd["r"].to_list(), "too many people")


def _contradicting(labels: np.ndarray, names: dict[int, frozenset[str]]) -> set[int]:
    """Components in which two names have nothing in common."""
    by_label: dict[int, set[frozenset[str]]] = {}
    for code, words in names.items():
        by_label.setdefault(int(labels[code]), set()).add(words)
    return {
        label
        for label, found in by_label.items()
        if len(found) > 1
        and any(names_contradict(one, two) for one in found for two in found if one is not two)
    }


def _cut_at_names(
    ties: Ties, mask: np.ndarray, labels: np.ndarray, suspects: set[int], names: dict[int, frozenset[str]]
) -> bool:
    """Inside suspect components, rejects edges between contradicting names, or holds the address between them apart."""
    inside = np.flatnonzero(mask & np.isin(labels[ties.left], list(suspects)))
    by_address: dict[int, list[int]] = {}
    changed = False
    for row in inside.tolist():
        one, two = int(ties.left[row]), int(ties.right[row])
        if names_contradict(names.get(one, frozenset()), names.get(two, frozenset())):
            ties.rejected[row] = "the names contradict"
            changed = True
        else:
            by_address.setdefault(two, []).append(row)
    for address, rows in sorted(by_address.items()):
        changed |= _judge_address(ties, address, rows, names)
    return changed


def _judge_address(ties: Ties, node: int, rows: list[int], names: dict[int, frozenset[str]]) -> bool:
    """Several records with contradicting names share a node: the one it is named after keeps it, else nobody does."""
    named = {row: names[int(ties.left[row])] for row in rows if int(ties.left[row]) in names}
    if not any(
        names_contradict(one, two) for one in named.values() for two in named.values() if one is not two
    ):
        return False
    kind, value = ties.nodes.select("kind", "value").row(node)
    from etappe.identity.names import local_words

    own = local_words(value) if kind == "email" else frozenset[str]()
    keepers = {row for row, words in named.items() if _named_after(own, words)}
    if keepers and not any(names_contradict(named[one], named[two]) for one in keepers for two in keepers):
        ties.rejected |= dict.fromkeys(
            [row for row in named if row not in keepers], "the address is named after somebody else"
        )
    else:
        ties.held[node] = "several names on one address" if kind == "email" else "several names on one record"
    return True


def _named_after(local: frozenset[str], words: frozenset[str]) -> bool:
    """Whether an address carries a word of the name, joined or apart."""
    joined = "".join(sorted(local))
    return any(word in local or (len(word) >= 4 and word in joined) for word in words)


def _attach(ties: Ties, rank: int, rules: IdentityRules) -> None:
    """Level 2: identifiers of one rank join the one person they occur with, or are held apart."""
    mask = ties.usable() & (ties.rank[ties.right] == rank) & (ties.label[ties.left] >= 0)
    met = (
        ties.edges.filter(pl.Series(mask))
        .select("r", "rule", "seen", "first_at", "last_at")
        .with_columns(label=pl.Series(ties.label[ties.left[mask]]))
    )
    votes = met.group_by("r", "label").agg(
        seen=pl.col("seen").sum(),
        first=pl.col("first_at").min(),
        last=pl.col("last_at").max(),
        alias=pl.col("rule").is_in(ALIASES).any(),
    )
    votes = votes.filter(pl.col("alias") | ~pl.col("alias").any().over("r"))
    total = votes.group_by("r").agg(
        persons=pl.len(),
        best=pl.col("label").sort_by("seen", "label", descending=[True, False]).first(),
        share=pl.col("seen").max() / pl.col("seen").sum(),
        most=pl.col("seen").max(),
        crossed=(pl.col("last").max() > pl.col("first").min()),
        overlap=_overlap(),
    )
    clear = (pl.col("persons") == 1) | (
        (pl.col("persons") <= 3) & (pl.col("share") >= rules.shared_device_share) & (pl.col("most") >= 20)
    )
    fits = total.filter(clear)
    ties.label[fits["r"].to_numpy().astype(np.int64)] = fits["best"].to_numpy()
    reason = {2: "shared sign-in", 3: "shared telephone", 4: "shared device"}[rank]
    for node, overlap in total.filter(~clear).select("r", "overlap").iter_rows():
        ties.held[node] = reason if overlap or rank == 3 else "recycled id"
    own = np.flatnonzero((ties.rank == rank) & (ties.label < 0) & ~ties.held_mask())
    ties.label[own] = (
        own  # a node's own code is free as a label: labels of level 1 are below the first code of level 2
    )


def _overlap() -> pl.Expr:
    """Whether the persons of an identifier used it in overlapping times; true where times are unknown."""
    first, last = pl.col("first").sort_by("first", "last"), pl.col("last").sort_by("first", "last")
    return (first.shift(-1) <= last).any().fill_null(True) | first.is_null().any()


def _apply_merges(ties: Ties, decided: Overrides) -> None:
    """What a human merged is one person, whatever the rules held apart."""
    if not decided.together:
        return
    codes = {
        (kind, value): code for code, kind, value in ties.nodes.select("code", "kind", "value").iter_rows()
    }
    forced = [(codes[one], codes[two]) for one, two, _ in decided.together]
    for node in {node for pair in forced for node in pair}:
        ties.held.pop(node, None)
        if ties.label[node] < 0:
            ties.label[node] = node
    left = np.array([ties.label[one] for one, _ in forced], dtype=np.int64)
    right = np.array([ties.label[two] for _, two in forced], dtype=np.int64)
    merged = components(len(ties.label), left, right)
    ties.label = np.where(ties.label >= 0, merged[np.maximum(ties.label, 0)], -1)
