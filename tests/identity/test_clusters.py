import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from etappe.identity.clusters import cluster
from etappe.identity.graph import components, nearest, neighbours

COUNT = 12
EDGES = st.lists(
    st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)).filter(lambda edge: edge[0] < edge[1]),
    unique=True, max_size=30,
)  # fmt: skip
CODES = {"left": pl.Int64, "right": pl.Int64}


def pairs(edges: list[tuple[int, int]], probability: float = 0.9) -> pl.DataFrame:
    frame = pl.DataFrame(edges, schema=CODES, orient="row")
    return frame.with_columns(probability=pl.lit(probability))


def group(edges: list[tuple[int, int]], apart: list[tuple[int, int]], largest: int = COUNT) -> np.ndarray:
    return cluster(COUNT, pairs(edges), pl.DataFrame(apart, schema=CODES, orient="row"), largest)[0]


@settings(max_examples=50, deadline=None)
@given(EDGES)
def test_without_anything_against_it_groups_are_connected_components(edges: list[tuple[int, int]]) -> None:
    plain = (
        components(COUNT, *(np.array(side, dtype=np.int64) for side in zip(*edges, strict=True)))
        if edges
        else np.arange(COUNT)
    )
    assert np.array_equal(group(edges, []), plain)


@settings(max_examples=50, deadline=None)
@given(EDGES, EDGES)
def test_what_must_stay_apart_never_meets_in_a_group(
    edges: list[tuple[int, int]], apart: list[tuple[int, int]]
) -> None:
    labels = group(edges, apart)
    assert all(labels[one] != labels[two] for one, two in apart)


@settings(max_examples=50, deadline=None)
@given(EDGES, st.integers(1, 5))
def test_groups_do_not_grow_over_their_largest_size(edges: list[tuple[int, int]], largest: int) -> None:
    assert np.bincount(group(edges, [], largest)).max() <= largest


def test_a_humans_pair_ties_whatever_speaks_against_it() -> None:
    labels, dropped = cluster(2, pairs([(0, 1)], 1.0), pl.DataFrame([(0, 1)], schema=CODES, orient="row"), 1)
    assert labels[0] == labels[1]
    assert dropped == []


def test_the_surest_pair_is_kept_when_not_all_can_be() -> None:
    accepted = pl.concat([pairs([(0, 1)], 0.9), pairs([(1, 2)], 0.99)])
    labels, dropped = cluster(3, accepted, pl.DataFrame([(0, 2)], schema=CODES, orient="row"), 3)
    assert labels[1] == labels[2] != labels[0]
    assert dropped == [0]


def test_each_goes_with_the_nearest_and_ties_go_to_the_first() -> None:
    graph = neighbours([(0, 1), (1, 2), (2, 3), (3, 4)])
    assert nearest(graph, {0: 0, 4: 1}) == {0: 0, 1: 0, 2: 0, 3: 1, 4: 1}
