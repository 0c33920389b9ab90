"""Level 1: records of people and e-mail addresses are one person where they occur together, unless names contradict."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from etappe.identity.graph import components
from etappe.identity.names import local_words, names_contradict
from etappe.identity.rules import IdentityRules
from etappe.identity.tied import Ties, Words

ROUNDS = 5  # each cuts what still contradicts; what is left after them is cut at every address


def tie(ties: Ties, rules: IdentityRules) -> None:
    """Labels records and addresses."""
    between = ties.rank[ties.right] <= 1
    _crowded(ties, between, rules)
    for turn in range(ROUNDS):
        mask = between & ties.usable()
        labels = components(len(ties.label), ties.left[mask], ties.right[mask])
        suspects = _contradicting(ties, labels) | _oversized(ties, labels, rules)
        if not suspects:
            break
        inside = np.flatnonzero(mask & np.isin(labels[ties.left], sorted(suspects)))
        if turn == ROUNDS - 1 or not _cut(ties, inside.tolist()):
            _give_up(ties, inside.tolist())
    mask = between & ties.usable()
    labels = components(len(ties.label), ties.left[mask], ties.right[mask])
    ties.label = np.where((ties.rank <= 1) & ~ties.held_mask(), labels, -1)


def _crowded(ties: Ties, between: NDArray[np.bool_], rules: IdentityRules) -> None:
    """An address on more records of one source than one person has, is nobody's own."""
    address = ties.kind == (ties.kind_names.index("email") if "email" in ties.kind_names else -1)
    mask = between & ties.usable() & address[ties.right]
    edges = pl.DataFrame({"l": ties.left[mask], "r": ties.right[mask], "left_kind": ties.kind[ties.left[mask]]})
    crowd = edges.group_by("r", "left_kind").agg(records=pl.col("l").n_unique())
    crowd = crowd.filter(pl.col("records") > rules.people_per_identifier)
    ties.held |= dict.fromkeys(crowd["r"].to_list(), "too many people")


def _contradicting(ties: Ties, labels: NDArray[np.int64]) -> set[int]:
    """Components in which two names have nothing in common."""
    codes = ties.names.nodes()
    several = np.bincount(labels[codes], minlength=1)[labels[codes]] > 1  # most are alone with their name
    codes = codes[several & ~ties.held_mask()[codes]]
    by_label: dict[int, set[str]] = {}
    for label, text in zip(labels[codes].tolist(), ties.names.texts(codes), strict=True):
        by_label.setdefault(label, set()).add(text)
    suspects = {label: [frozenset(text.split()) for text in found] for label, found in by_label.items() if len(found) > 1}
    return {label for label, found in suspects.items() if _any_contradict(found)}


def _any_contradict(names: list[Words]) -> bool:
    return any(names_contradict(one, two) for place, one in enumerate(names) for two in names[place + 1 :])


def _oversized(ties: Ties, labels: NDArray[np.int64], rules: IdentityRules) -> set[int]:
    sizes = np.bincount(labels[ties.rank <= 1])
    return set(np.flatnonzero(sizes > rules.identifiers_per_person).tolist())


def _cut(ties: Ties, rows: list[int]) -> bool:
    """Rejects edges between contradicting names; where several names meet in a node, decides whose it is."""
    by_node: dict[int, list[int]] = {}
    changed = False
    for row in rows:
        one, two = int(ties.left[row]), int(ties.right[row])
        if names_contradict(ties.names.get(one, frozenset()), ties.names.get(two, frozenset())):
            ties.rejected[row] = "the names contradict"
            changed = True
        else:
            by_node.setdefault(two, []).append(row)
            by_node.setdefault(one, []).append(row)
    for node, around in sorted(by_node.items()):
        changed |= _judge(ties, node, around)
    return changed


def _judge(ties: Ties, node: int, rows: list[int]) -> bool:
    """Names that contradict each other meet in a node: the one it is named after keeps it, else it ties nobody."""
    others = {row: int(ties.left[row]) if int(ties.left[row]) != node else int(ties.right[row]) for row in rows}
    named = {
        row: ties.names[other] for row, other in others.items() if other in ties.names and row not in ties.rejected
    }
    if not _any_contradict(sorted(set(named.values()), key=sorted)):
        return False
    kind = ties.kind_of(node)
    own = local_words(ties.value_of(node)) if kind == "email" else ties.names.get(node, frozenset())
    keepers = {row for row, words in named.items() if _named_after(own, words)}
    if keepers and not _any_contradict([named[row] for row in sorted(keepers)]):
        lost = [row for row in named if row not in keepers]
        ties.rejected |= dict.fromkeys(lost, "named after somebody else")
    else:
        ties.held[node] = "several names on one address" if kind == "email" else "several names on one record"
    return True


def _named_after(own: Words, words: Words) -> bool:
    """Whether an address (or record) carries a word of the name, joined or apart."""
    joined = "".join(sorted(own))
    return any(word in own or (len(word) >= 4 and word in joined) for word in words)


def _give_up(ties: Ties, rows: list[int]) -> None:
    """What cannot be told apart by names is cut at every address: better two persons than a wrong one."""
    said = ties.rules_among(("merged record", "converted lead"))
    for row in rows:
        if row not in ties.rejected and ties.edges["rule"][row] not in said:
            ties.rejected[row] = "too many identifiers whose names contradict"
