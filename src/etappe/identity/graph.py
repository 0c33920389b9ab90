"""Things tied by pairs: connected components over integer codes, and cuts between two things that must stay apart."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Numbers = NDArray[np.int32]  # of identifiers: there are fewer than two milliards, and millions of pairs


def components(count: int, left: Codes | Numbers, right: Codes | Numbers) -> Codes:
    """The component of each of `count` nodes under the edges left–right: an array of labels from 0."""
    if count == 0 or len(left) == 0:
        return np.arange(count, dtype=np.int64)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    edges = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    _, labels = connected_components(edges, directed=False)
    return np.asarray(labels, dtype=np.int64)


def neighbours(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, set[Any]]:
    """Who is next to whom."""
    found: dict[Any, set[Any]] = {}
    for one, two in pairs:
        found.setdefault(one, set()).add(two)
        found.setdefault(two, set()).add(one)
    return found


def nearest(graph: Mapping[Any, set[Any]], seeds: Mapping[Any, int]) -> dict[Any, int]:
    """Which seed each node is nearest to, counted in edges; of two equally near ones the lower number wins."""
    owner = dict(seeds)
    queue = deque(sorted(seeds, key=lambda node: (seeds[node], node)))
    while queue:
        node = queue.popleft()
        for other in sorted(graph.get(node, ())):
            if other not in owner:
                owner[other] = owner[node]
                queue.append(other)
    return owner
