"""What journeys had met by a moment, told apart by number, is what reading the touches one by one says."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from etappe.analyses.attribution import AttributionParams
from etappe.analyses.step_arrays import StepArrays
from etappe.analyses.touch_paths import _by_name, _by_number, _ended, _ordered
from etappe.analyses.ways import NEVER, met_by_then, once_each, own
from etappe.journeys.touches import own_acts
from etappe.tables.engine import open_engine
from tests.analyses.make import make


@pytest.fixture(scope="module")
def tables():
    with open_engine() as engine:
        yield make(300, seed=9).into(engine)


def test_the_own_ways_are_those_of_the_own_acts(tables):
    grid = itertools.product(("email_sent", "page_view", "call", None), ("in", "out", None), (True, False, None))
    kinds, directions, sales = zip(*grid, strict=True)
    ways = tables.engine.from_arrow("grid", pa.table({"kind": kinds, "direction": directions, "sales": sales}))
    mine = {tuple(row.values()) for row in tables.engine.rows(own_acts(ways))}
    every = tables.engine.rows(ways)
    assert {tuple(row.values()) for row in every if own(row)} == mine
    assert 0 < len(mine) < len(every)


def test_what_was_met_by_then_was_met_by_then(tables):
    stays = {row["stay"]: row for row in tables.engine.rows(tables.stays)}
    ways = {row["way"]: row for row in tables.engine.rows(tables.touch_ways)}
    until = {row["journey_id"]: row["started_at"] + dt.timedelta(20) for row in tables.engine.rows(tables.journeys) if row["kind"] != "renewal"}
    expected = defaultdict(set)
    for row in tables.engine.rows(tables.touches):
        stay, way = stays[row["stay"]], ways[row["way"]]
        if own(way) and stay["journey_id"] in until and row["first_at"] <= until[stay["journey_id"]]:
            expected[stay["journey"]].add(way["touchpoint"])
    moments = np.full(1 + max(stay["journey"] for stay in stays.values()), NEVER)
    journey_of = np.full(len(stays), -1)
    for number, stay in stays.items():
        if stay["journey_id"] in until:
            journey_of[number] = stay["journey"]
            moments[stay["journey"]] = until[stay["journey_id"]].timestamp() * 1e6
    last = 1 + np.flatnonzero(journey_of >= 0)[-1]
    met = met_by_then(tables, tables.touches, tables.touch_ways, moments, journey_of[:last], own)
    names, code = met.codes("touchpoint")
    found = defaultdict(set)
    for journey, place in zip(met.journey, code, strict=True):
        found[int(journey)].add(names[place])
    assert found == expected
    assert len(found) > 100
    one_place = np.zeros(1 + int(met.journey.max()), np.int64)
    thing, _, many = once_each(met.journey, code, len(names), one_place, 1)
    assert {names[k]: int(n) for k, n in zip(thing, many, strict=True)} == {
        name: sum(name in had for had in expected.values()) for name in set().union(*expected.values())
    }


def test_a_unit_counts_once_in_its_cell_and_nothing_for_nothing():
    unit, thing = np.array([0, 0, 1, 2, 2]), np.array([1, 1, 1, -1, 0])
    found = once_each(unit, thing, 2, np.array([4, 4, 3]), 5)
    assert [part.tolist() for part in found] == [[0, 1], [3, 4], [1, 2]]
    none = np.zeros(0, np.int64)
    assert [len(part) for part in once_each(none, none, 0, none, 0)] == [0, 0, 0]


@pytest.mark.parametrize("by", ["channel", "touchpoint"])
@pytest.mark.parametrize("lookback", [None, 25.0])
def test_paths_from_steps_as_numbers_are_those_of_their_words(tables, by, lookback):
    ended = _ended(tables, AttributionParams(), "won")
    (numbered, some), (named, every) = _by_number(tables, ended, by, lookback), _by_name(tables, ended, by, lookback, False)
    assert [{**row, "journey": 0} for row in some.to_pylist()] == [{**row, "journey": 0} for row in every.drop_columns("unit").to_pylist()]
    one, other = _ordered(numbered), _ordered(named)
    assert one.channels == other.channels
    for name in ("touch", "age", "contact", "sales", "start", "unit", "share"):
        assert np.allclose(getattr(one, name), getattr(other, name), rtol=0, atol=1e-9), name  # engines make days of moments in their own way
    assert len(one.touch) > 500


def test_steps_that_stand_in_another_order_are_put_in_theirs(tables):
    steps = StepArrays.of(tables)
    shuffled = replace(tables, built={**tables.built, "numbered_steps": tables.numbered_steps.order_by("way", "happened_at", "seq", "stay")})
    for name in ("stay", "seq", "way", "at"):
        assert np.array_equal(getattr(steps, name), getattr(StepArrays.of(shuffled), name)), name
    assert np.any(np.diff(steps.way) < 0)
