"""What the build counts beforehand is what counting now gives."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter, defaultdict

import pyarrow as pa
import pytest

from etappe.analyses.analysis import find
from etappe.journeys.build import build_journeys
from etappe.journeys.in_numbers import TOUCH, content_of, use_ways
from etappe.journeys.rules import JourneyRules
from etappe.journeys.schema import SHORTCUTS
from etappe.journeys.shortcuts import move_waits, moves, shortcuts
from etappe.tables.engine import open_engine
from tests.analyses.make import make
from tests.journeys.conftest import draw
from tests.journeys.market import AS_OF

WAYS = {"numbered_steps": "touch_ways", "touches": "touch_ways", "uses": "use_ways"}


@pytest.fixture(scope="module")
def tables():
    with open_engine() as engine:
        yield make(400, seed=5).into(engine)


@pytest.mark.parametrize("name", SHORTCUTS)
def test_columns_are_those_of_the_schema(tables, name):
    made = shortcuts(tables.built, tables.as_of)[name]
    assert tables.engine.to_arrow(made).schema.names == list(SHORTCUTS[name].names)
    assert [field.type for field in tables.engine.to_arrow(made).schema] == [c.type for c in SHORTCUTS[name].columns]


def test_the_moves_that_a_build_counts_from_numbers_are_those_of_its_steps():
    with open_engine(threads=2) as engine:
        built = build_journeys(*draw(random.Random(7)).open(engine), engine, JourneyRules.load(), AS_OF)
        steps = engine.keep("steps", built["steps"])
        for name, counted in (("moves", moves(steps, built["journeys"])), ("move_waits", move_waits(steps))):
            made = engine.to_arrow(built[name])
            assert made.num_rows > 50
            assert made.equals(engine.to_arrow(counted)), name
            assert made.schema.names == list(SHORTCUTS[name].names)
            assert [field.type for field in made.schema] == [column.type for column in SHORTCUTS[name].columns]


def test_every_step_is_one_move_and_every_journey_begins_once(tables):
    made = shortcuts(tables.built, tables.as_of)
    turns, waits = tables.engine.rows(made["moves"]), tables.engine.rows(made["move_waits"])
    steps, journeys = tables.engine.count(tables.steps), tables.engine.count(tables.journeys)
    assert sum(row["n"] for row in turns) == sum(row["n"] for row in waits) == steps + journeys
    assert sum(row["journeys"] for row in turns if row["source"] == "(start)") == journeys


def test_the_graph_of_all_journeys_is_that_of_every_outcome_together(tables):
    """One is read from the shortcut, the other counted from the steps."""
    short = find("paths").ask(tables, keep=1.0, limit=10_000)
    long = find("paths").ask(tables, keep=1.0, limit=10_000, outcome="won,lost,dormant,open")
    assert short.rows == long.rows
    assert len(short.rows) > 100


@pytest.fixture(scope="module")
def counted(tables):
    made = shortcuts(tables.built, tables.as_of)
    stays = {row["stay"]: row for row in tables.engine.rows(made["stays"])}
    ways = {name: {row["way"]: row for row in tables.engine.rows(made[listed])} for name, listed in WAYS.items()}
    return {
        name: [{**stays[row["stay"]], **ways.get(name, {}).get(row.get("way"), {}), **row} for row in tables.engine.rows(made[name])]
        for name in (*WAYS, "visit_days")
    }


def test_steps_as_numbers_say_what_the_steps_say_in_their_order(tables, counted):
    numbered = [(row["journey_id"], row["seq"], row["happened_at"], *(row[key] for key in TOUCH), row["online"], row["ends"]) for row in counted["numbered_steps"]]
    steps = [
        (row["journey_id"], row["seq"], row["happened_at"], *(row[key] for key in TOUCH), bool(row["online"]), row["next_touchpoint"] is None)
        for row in tables.engine.rows(tables.built["steps"].order_by("journey_id", "seq"))
    ]
    assert numbered == steps
    assert len(steps) > 1000


def test_a_way_has_one_number_and_nothing_is_a_way_of_its_own():
    rows = {
        "content": ["guide", None, "guide", None, "guide", None], "url": [None, "https://a.example/p/?x=1", None, "https://b.example/p", "https://a.example/q", None],
        "kind": ["page_view", None, "page_view", None, None, "call"], "direction": [None] * 6, "sales": [None, None, None, None, True, None], "name": ["one", None, "two", None, None, None],
    }
    types = {"content": pa.string(), "url": pa.string(), "name": pa.string(), "kind": pa.string(), "direction": pa.string(), "sales": pa.bool_()}
    with open_engine(threads=1) as engine:
        steps = engine.from_arrow("few", pa.table({name: pa.array(column, types[name]) for name, column in rows.items()}))
        found = [tuple(row.values()) for row in engine.rows(use_ways(steps).order_by("way"))]
    assert found == [(0, "/p", None, None, None), (1, "guide", "page_view", None, None), (2, "guide", None, None, True)]


@pytest.mark.parametrize(("name", "url", "called"), [
    ("Newsletter", "https://a.example/news", "Newsletter"), (None, "https://a.example/news/?x=1", "/news"), ("", "https://a.example", "/"), (None, None, "(no name) 0c1e7f40"),
])  # fmt: skip
def test_content_that_is_called_by_a_key_alone_is_called_by_its_title_or_page(name, url, called):
    key = "0c1e7f40-1111-4b6e-9a01-5d0000000001"
    rows = {"content": [key, f"{key}-and-more", "guide", None], "url": [url, url, url, "https://a.example/p"], "name": [name] * 4}
    with open_engine(threads=1) as engine:
        steps = engine.from_arrow("few", pa.table({column: pa.array(values, pa.string()) for column, values in rows.items()}))
        found = [row["called"] for row in engine.rows(steps.select(called=content_of(steps)))]
    assert found == [called, f"{key}-and-more", "guide", "/p"]


def test_the_touches_of_a_journey_are_its_steps(tables, counted):
    steps = Counter((row["journey_id"], row["touchpoint"], row["channel"]) for row in tables.engine.rows(tables.built["steps"]))
    touches, ends = Counter(), Counter()
    for row in counted["touches"]:
        touches[row["journey_id"], row["touchpoint"], row["channel"]] += row["steps"]
        ends[row["journey_id"]] += row["ends"]
        assert row["first_at"] <= row["last_at"]
    assert touches == steps
    assert set(ends.values()) == {1}, "every journey has one last step"


def test_a_use_has_a_name_and_the_uses_are_the_steps_with_content(tables, counted):
    steps = Counter((row["journey_id"], row["content"]) for row in tables.engine.rows(tables.steps) if row["content"] is not None)
    uses = Counter()
    for row in counted["uses"]:
        uses[row["journey_id"], row["content"]] += row["steps"]
    assert uses == steps
    assert len(uses) > 100


def test_visit_days_of_a_journey_lie_six_hours_apart(counted):
    journeys = defaultdict(list)
    for row in sorted(counted["visit_days"], key=lambda row: (row["journey_id"], row["seq"])):
        journeys[row["journey_id"]].append(row)
    assert len(journeys) > 100
    for days in journeys.values():
        for one, other in itertools.pairwise(days):
            assert other["happened_at"] - one["happened_at"] >= dt.timedelta(hours=6)


def test_voices_are_the_steps_in_which_somebody_writes_or_says_something(tables):
    steps = Counter(row["record_id"] for row in tables.engine.rows(tables.built["steps"]) if row["kind"] in ("survey_answer", "review", "ticket", "chat", "call"))
    assert Counter(row["record_id"] for row in tables.engine.rows(tables.voices)) == steps
    assert steps
