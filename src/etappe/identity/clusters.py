"""From pairs to groups, with guards: what must not meet keeps groups apart, and groups have a largest size."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from etappe.identity.graph import Codes, components, neighbours


def cluster(count: int, accepted: pl.DataFrame, hard: pl.DataFrame, largest: int) -> tuple[Codes, list[int]]:
    """Groups `count` things by the accepted pairs, the surest first.

    Parameters
    ----------
    accepted : frame
        left, right, probability. A pair of probability 1 (a human's) ties whatever else speaks against it.
    hard : frame
        left, right: pairs that must not be in one group.
    largest : int
        Groups do not grow over this size.

    Returns
    -------
    labels : array
        A label for each thing.
    dropped : list of int
        Row numbers of accepted pairs that were not used, because they would have tied what must stay apart.
    """
    left, right = _column(accepted, "left"), _column(accepted, "right")
    labels = components(count, left, right)
    sizes = np.bincount(labels, minlength=count)
    one, two = _column(hard, "left"), _column(hard, "right")
    suspect = {*labels[one[labels[one] == labels[two]]].tolist(), *np.flatnonzero(sizes > largest).tolist()}
    if not suspect:
        return labels, []
    probability = accepted["probability"].to_numpy()
    inside = np.flatnonzero(np.isin(labels[left], sorted(suspect))).tolist()
    order = sorted(inside, key=lambda row: (-probability[row], left[row], right[row]))
    groups = _Groups(zip(one.tolist(), two.tolist(), strict=True), largest)
    dropped = [row for row in order if not groups.join(int(left[row]), int(right[row]), probability[row] >= 1)]
    kept = np.ones(len(left), dtype=bool)
    kept[dropped] = False
    return components(count, left[kept], right[kept]), sorted(dropped)


def _column(frame: pl.DataFrame, name: str) -> Codes:
    return frame[name].to_numpy().astype(np.int64)


class _Groups:
    """Groups that grow by joining, and refuse to join what must stay apart."""

    def __init__(self, apart: Iterable[tuple[int, int]], largest: int) -> None:
        self.group: dict[int, set[int]] = {}
        self.foes = neighbours(apart)
        self.largest = largest

    def join(self, one: int, two: int, certain: bool) -> bool:
        """Joins the groups of two things; False where that must not be."""
        small, large = sorted((self.group.setdefault(one, {one}), self.group.setdefault(two, {two})), key=len)
        if small is large:
            return True
        if not certain:
            if len(small) + len(large) > self.largest:
                return False
            if any(not large.isdisjoint(self.foes.get(member, ())) for member in small):
                return False
        large |= small
        self.group.update(dict.fromkeys(small, large))
        return True
