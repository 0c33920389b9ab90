"""From pairs to groups, with guards: pairs that must not meet keep their groups apart, and groups have a largest size."""

from __future__ import annotations

import numpy as np
import polars as pl

from etappe.identity.graph import components


def cluster(
    count: int, accepted: pl.DataFrame, hard: pl.DataFrame, largest: int
) -> tuple[np.ndarray, list[int]]:
    """Groups `count` things by the accepted pairs (left, right, probability), the surest first.

    Parameters
    ----------
    accepted : frame
        left, right, probability.
    hard : frame
        left, right: pairs that must not be in one group.
    largest : int
        Groups do not grow over this size, unless by pairs of probability 1.

    Returns
    -------
    labels : array
        A label for each thing.
    dropped : list of int
        Row numbers of accepted pairs that were not used, because they would have tied what must stay apart.
    """
    left, right = accepted["left"].to_numpy().astype(np.int64), accepted["right"].to_numpy().astype(np.int64)
    labels = components(count, left, right)
    sizes = np.bincount(labels, minlength=count)
    one, two = hard["left"].to_numpy().astype(np.int64), hard["right"].to_numpy().astype(np.int64)
    suspect = set(labels[one[labels[one] == labels[two]]].tolist()) | set(
        np.flatnonzero(sizes > largest).tolist()
    )
    if not suspect:
        return labels, []
    inside = np.isin(labels[left], list(suspect))
    probability = accepted["probability"].to_numpy()
    order = sorted(
        np.flatnonzero(inside).tolist(), key=lambda row: (-probability[row], left[row], right[row])
    )
    guarded = _Groups(zip(one.tolist(), two.tolist(), strict=True), largest)
    dropped = [
        row for row in order if not guarded.join(int(left[row]), int(right[row]), probability[row] >= 1)
    ]
    kept = np.ones(len(left), dtype=bool)
    kept[dropped] = False
    return components(count, left[kept], right[kept]), sorted(dropped)


class _Groups:
    """Groups that grow by joining, and refuse to join what must stay apart."""

    def __init__(self, apart: object, largest: int) -> None:
        self.leader: dict[int, int] = {}
        self.members: dict[int, set[int]] = {}
        self.foes: dict[int, set[int]] = {}
        self.largest = largest
        for one, two in apart:  # type: ignore[attr-defined]
            self.foes.setdefault(one, set()).add(two)
            self.foes.setdefault(two, set()).add(one)

    def find(self, node: int) -> int:
        while self.leader.setdefault(node, node) != node:
            node = self.leader[node]
        return node

    def join(self, one: int, two: int, certain: bool) -> bool:
        """Joins the groups of two nodes; False where that must not be."""
        a, b = self.find(one), self.find(two)
        if a == b:
            return True
        group_a, group_b = self.members.get(a, {a}), self.members.get(b, {b})
        small, large = sorted((group_a, group_b), key=len)
        if any(foe in large for node in small for foe in self.foes.get(node, ())):
            return False
        if len(group_a) + len(group_b) > self.largest and not certain:
            return False
        self.leader[b] = a
        self.members[a] = group_a | group_b
        return True
