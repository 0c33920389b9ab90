"""The true blocker is found, false ones are not; progress after content likewise."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from etappe.analyses import analysis, blockers
from etappe.analyses.population import journeys_of
from etappe.tables.engine import open_engine

from .make import Truth, make


def ask(made, name="blockers", **given):
    with open_engine(threads=1) as engine:
        return analysis.find(name).ask(made.into(engine), **given)


def test_the_true_blocker_is_found_in_its_stage_and_its_effect_is_about_right():
    answer = ask(make(1500, 3))
    row = answer.rows[0]
    assert (row["stage"], row["thing"], row["sort"]) == ("preselection", "pricing page", "touchpoint")
    assert row["clear"]
    truth = Truth()
    # risk to end before the next visit day, after and without the blocker
    others = truth.on + truth.back + truth.steps_a_day
    ends = (truth.lost * truth.blocker_times + truth.dormant, truth.lost + truth.dormant)
    expected = ends[0] / (ends[0] + others) / (ends[1] / (ends[1] + others))
    assert row["risk_ratio"].low <= expected <= row["risk_ratio"].high * 1.15
    assert row["excess"] > 0
    assert not any("pricing page" in words for words in answer.caveats), "a thing is not explained by itself"
    assert row["open_now"] >= 0


def entered_in_the_crm_once_they_got_on(made):
    """The same company, whose accounts have a segment only if a journey of theirs came to talk to sales."""
    journeys = made.tables["journeys"]
    accounts, furthest = np.array(journeys["account_id"].to_pylist()), np.array(journeys["furthest_no"].to_pylist())
    got_on = set(accounts[(furthest >= 4) | (np.array(journeys["kind"].to_pylist()) != "first_purchase")])
    segments = [name if account in got_on else None for name, account in zip(journeys["segment"].to_pylist(), accounts, strict=True)]
    place = journeys.column_names.index("segment")
    column = journeys.schema.field("segment")
    return replace(made, tables={**made.tables, "journeys": journeys.set_column(place, column, [segments])})


def test_a_segment_that_only_those_have_who_got_on_does_not_hide_the_blocker():
    made = make(1200, 3, Truth(steps_a_day=0.4))
    both = (made, entered_in_the_crm_once_they_got_on(made))
    whole, partly = (ask(one, all=True, limit=500, sort="touchpoint") for one in both)
    (before, after) = (
        next(row for row in answer.rows if (row["stage"], row["thing"], row["from_day"]) == ("preselection", "pricing page", 0))
        for answer in (whole, partly)
    )
    assert after["clear"]
    assert abs(after["risk_ratio"].value / before["risk_ratio"].value - 1) < 0.1
    assert any("segment" in words and "preselection" in words for words in partly.caveats)
    assert not any("segment" in words for words in whole.caveats)


def test_without_a_blocker_a_segment_known_of_those_who_got_on_makes_none():
    finds = [ask(entered_in_the_crm_once_they_got_on(make(400, seed, Truth(blocker=None)))).rows for seed in range(10, 13)]
    assert sum(map(bool, finds)) <= 1


def test_its_twin_under_another_name_is_not_shown_as_a_second_blocker():
    answer = ask(make(1500, 3), sort="touchpoint,content")
    assert [row["thing"] for row in answer.rows].count("/pricing-page") == 0
    assert any("/pricing-page" in words for words in answer.caveats)


def test_without_a_blocker_nothing_is_shown_as_one():
    finds = sum(bool(ask(make(400, seed, Truth(blocker=None))).rows) for seed in range(4))
    assert finds <= 1


@pytest.mark.slow
def test_false_finds_stay_under_five_in_a_hundred_and_the_true_one_is_found():
    false = sum(bool(ask(make(800, seed, Truth(blocker=None))).rows) for seed in range(40))
    found = sum(
        ("preselection", "pricing page") in [(row["stage"], row["thing"]) for row in ask(make(800, seed)).rows]
        for seed in range(20)
    )
    assert false <= 4
    assert found >= 17


def test_all_comparisons_can_be_seen_and_are_marked(company):
    some, every = (analysis.find("blockers").ask(company, all=flag, limit=500).rows for flag in (False, True))
    assert len(every) > len(some)
    assert [row["clear"] for row in every] == sorted((row["clear"] for row in every), reverse=True)
    assert all(row["clear"] for row in some)


def test_the_records_behind_a_finding_are_those_that_ended_after_it():
    with open_engine(threads=1) as engine:
        tables = make(1500, 3).into(engine)
        answer = analysis.find("blockers").ask(tables)
        row = answer.rows[0]
        behind = answer.behind(10_000)
        params = blockers.BlockersParams()
        later = blockers._behind(tables, journeys_of(tables, params, moment=None), params, [{**row, "from_day": 7}])
        slow = engine.rows(later)
    assert 0 < len(slow) < len(behind)
    assert all((one["last_at"] - one["met_at"]).days >= 7 for one in slow)
    mine = [one for one in behind if (one["stage"], one["thing"]) == (row["stage"], row["thing"])]
    # visit days without anybody to be compared with are left out of the figure
    assert row["ended"] <= len(mine) <= 1.1 * row["ended"] + 3
    assert all((one["last_at"] - one["met_at"]).total_seconds() >= row["from_day"] * 86_400 for one in mine)


def test_the_records_behind_a_missing_role_are_those_without_it():
    with open_engine(threads=1) as engine:
        tables = make(800, 91, Truth(blocker=None)).into(engine)
        answer = analysis.find("blockers").ask(tables, sort="missing role", all=True, limit=500)
        behind = answer.behind(100_000)
        center = engine.rows(tables.buying_center.select("journey_id", "role", "first_at"))
    came = {(one["journey_id"], one["role"]): one["first_at"] for one in center if one["first_at"]}
    assert behind
    assert all(came.get((one["journey_id"], one["thing"]), one["last_at"]) >= one["last_at"] for one in behind)


def test_ended_expected_and_ratio_say_the_same(company):
    rows = analysis.find("blockers").ask(company, all=True, limit=500, sort="touchpoint,wait,missing role,content").rows
    for row in (row for row in rows if row["ended"] and row["risk_ratio"].value):
        assert row["ended"] / row["expected"] == pytest.approx(row["risk_ratio"].value, abs=0.06 * row["risk_ratio"].value / row["expected"])
        assert row["excess"] == pytest.approx(row["ended"] - row["expected"], abs=0.11)


def test_a_wait_or_role_or_content_can_be_looked_at_alone(company):
    for sort in ("wait", "missing role", "content"):
        rows = analysis.find("blockers").ask(company, sort=sort, all=True).rows
        assert {row["sort"] for row in rows} <= {sort}


def test_content_that_does_nothing_is_not_said_to_move_journeys_on(company):
    rows = analysis.find("content").ask(company, limit=1000).rows
    assert sum(row["clear"] for row in rows) <= 1
    assert any(row["progress_ratio"].value for row in rows)


def test_the_matrix_counts_journeys_with_and_without_content(company):
    rows = analysis.find("content").ask(company, matrix="role").rows
    for row in rows:
        if row["used"].value is not None:
            assert row["without"] == row["journeys"] - round(row["used"].value * row["journeys"])


def test_stale_is_what_was_not_used_lately(company):
    rows = analysis.find("content").ask(company, stale=0, limit=1000).rows
    assert all(row["stale"] for row in rows)


def test_where_no_open_journey_has_a_deal_no_value_is_at_stake():
    made = make(1500, 3)
    journeys = made.tables["journeys"]

    def worth(amounts, currency):
        table = journeys
        for name, values in (("deal_value", amounts), ("currency", currency)):
            place = table.schema.get_field_index(name)
            table = table.set_column(place, table.schema.field(place), pa.array(values, table.schema.field(place).type))
        return ask(replace(made, tables={**made.tables, "journeys": table})).rows[0]

    n = len(journeys)
    some, none = worth([100.0] * n, ["EUR"] * n), worth([None] * n, ["EUR"] * n)
    assert some["value_at_stake"] == 100 * some["open_now"] > 0
    assert none["open_now"] == some["open_now"]
    assert none["value_at_stake"] is None
