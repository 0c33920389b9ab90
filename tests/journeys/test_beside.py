"""What stood beside a journey at its turns is what reading its steps and persons one by one gives."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pytest

from etappe.journeys.beside import VENDOR_DAYS
from etappe.journeys.shortcuts import shortcuts
from etappe.journeys.touches import VENDOR_KINDS
from etappe.tables.engine import open_engine
from etappe.words.kinds import ROLES
from tests.analyses.make import make


@pytest.fixture(scope="module")
def tables():
    with open_engine() as engine:
        yield make(400, seed=5).into(engine)


@pytest.fixture(scope="module")
def made(tables):
    counted = shortcuts(tables.built, tables.as_of)
    return {name: tables.engine.rows(counted[name]) for name in ("pauses_around", "center_states")}


def test_around_each_pause_stand_the_steps_of_its_own_journey(tables, made):
    steps = defaultdict(list)
    for row in tables.engine.rows(tables.built["steps"].order_by("seq")):
        steps[row["journey_id"]].append(row)
    found = made["pauses_around"]
    assert len(found) == tables.engine.count(tables.pauses) > 20
    for row in found:
        mine = steps[row["journey_id"]]
        before = [step["touchpoint"] for step in mine if step["happened_at"] <= row["started_at"]]
        assert row["fell_after"] == (before[-1] if before else None)
        acts = [step["touchpoint"] for step in mine if _vendors(step) and _shortly_before(step, row["ended_at"])]
        assert row["vendor_before"] == (acts[-1] if acts else None)
    assert any(row["vendor_before"] for row in found)


def _vendors(step):
    return step["direction"] == "out" or (step["kind"] in VENDOR_KINDS and step["kind"] != "email_open")


def _shortly_before(step, moment):
    return moment is not None and dt.timedelta() <= moment - step["happened_at"] <= dt.timedelta(days=VENDOR_DAYS)


def test_who_was_there_is_who_had_come_by_then(tables, made):
    center = defaultdict(list)
    for row in tables.engine.rows(tables.buying_center):
        center[row["journey_id"]].append(row)
    outcome = {row["journey_id"]: row["outcome"] for row in tables.engine.rows(tables.journeys)}
    last = {}
    for row in tables.engine.rows(tables.stage_visits):
        if outcome[row["journey_id"]] == "won" or (outcome[row["journey_id"]] == "open" and row["left_at"] is None):
            key = row["journey_id"], row["stage"]
            last[key] = max(last.get(key, row["left_at"] or tables.as_of), row["left_at"] or tables.as_of)
    found = {(row["journey_id"], row["stage"]): row for row in made["center_states"]}
    assert found.keys() == last.keys()
    assert len(found) > 100
    for key, row in found.items():
        there = [person for person in center[row["journey_id"]] if person["first_at"] and person["first_at"] <= last[key]]
        assert row["people"] == len(there)
        assert {role for role in ROLES if row[role]} == {person["role"] for person in there} - {None}
        assert row["outcome"] == outcome[row["journey_id"]]
    assert any(row[role] for row in found.values() for role in ROLES)
