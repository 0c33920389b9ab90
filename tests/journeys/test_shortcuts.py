"""What the build counts beforehand is what counting now gives."""

from __future__ import annotations

import pytest

from etappe.analyses.analysis import find
from etappe.journeys.schema import SHORTCUTS
from etappe.journeys.shortcuts import shortcuts
from etappe.tables.engine import open_engine
from tests.analyses.make import make


@pytest.fixture(scope="module")
def tables():
    with open_engine() as engine:
        yield make(400, seed=5).into(engine)


@pytest.mark.parametrize("name", SHORTCUTS)
def test_columns_are_those_of_the_schema(tables, name):
    made = shortcuts(tables.built, tables.as_of)[name]
    assert tables.engine.to_arrow(made).schema.names == list(SHORTCUTS[name].names)
    assert [field.type for field in tables.engine.to_arrow(made).schema] == [c.type for c in SHORTCUTS[name].columns]


def test_every_step_is_one_move_and_every_journey_begins_once(tables):
    moves = tables.engine.rows(shortcuts(tables.built, tables.as_of)["moves"])
    waits = tables.engine.rows(shortcuts(tables.built, tables.as_of)["move_waits"])
    steps, journeys = tables.engine.count(tables.steps), tables.engine.count(tables.journeys)
    assert sum(row["n"] for row in moves) == sum(row["n"] for row in waits) == steps + journeys
    assert sum(row["journeys"] for row in moves if row["source"] == "(start)") == journeys


def test_the_graph_of_all_journeys_is_that_of_every_outcome_together(tables):
    """One is read from the shortcut, the other counted from the steps."""
    short = find("paths").ask(tables, keep=1.0, limit=10_000)
    long = find("paths").ask(tables, keep=1.0, limit=10_000, outcome="won,lost,dormant,open")
    assert short.rows == long.rows
    assert len(short.rows) > 100
