"""The funnel against the rates it was made from."""

import numpy as np
import pytest

from etappe.analyses import analysis
from etappe.tables.engine import open_engine

from .make import Truth, make

PLAIN = Truth(blocker=None, more_journeys=0)


def ask(made, name="stages", **given):
    with open_engine(threads=1) as engine:
        return analysis.find(name).ask(made.into(engine), **given).rows


def test_ways_out_of_a_stage_sum_to_one(company):
    for row in analysis.find("stages").ask(company).rows:
        parts = [row[name].value for name in ("moved_on", "lost", "dormant", "still_open")]
        assert sum(parts) == pytest.approx(1, abs=1e-9)
        assert row["drop_off"].value == pytest.approx(parts[1] + parts[2], abs=1e-9)


def test_skipping_the_next_stage_is_a_way_out_of_its_own(company):
    for row in analysis.find("stages").ask(company, to="next").rows:
        parts = [row[name].value for name in ("moved_on", "lost", "dormant", "still_open", "skipped")]
        assert sum(parts) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("period", [{}, {"since": "2025-03-01", "until": "2025-05-01"}])
def test_the_records_behind_the_funnel_are_those_it_counts(company, period):
    answer = analysis.find("stages").ask(company, **period)
    behind = answer.behind(1_000_000)
    assert behind
    assert len({(row["journey_id"], row["stage"]) for row in behind}) == sum(row["journeys"] for row in answer.rows)
    assert len({row["journey_id"] for row in behind}) == answer.population["journeys"]


def test_the_records_behind_durations_of_a_period_began_or_entered_a_stage_in_it(company):
    every, some = (analysis.find("durations").ask(company, **period) for period in ({}, {"since": "2025-03-01", "until": "2025-05-01"}))
    whole = next(row for row in some.rows if row["what"] == "to any end")
    assert whole["n"] <= len(some.behind(1_000_000)) == some.population["journeys"] < every.population["journeys"]


@pytest.mark.slow
def test_conversion_is_that_of_the_rates_though_half_of_the_journeys_are_still_open():
    truth = Truth(
        blocker=None, more_journeys=0, on=0.004, lost=0.001, first_lost=0.001, dormant=0.0006, back=0.0, years=0.5
    )
    hits, naive = 0, []
    for seed in range(40):
        row = ask(make(300, seed, truth), naive=True, within=120)[0]
        assert row["open_now"] > 120
        expected = truth.conversion() * (1 - np.exp(-0.0056 * 120))
        hits += row["moved_on"].low <= expected <= row["moved_on"].high
        naive.append(row["naive_ratio"].value)
    assert hits >= 36
    assert np.mean(naive) < 0.85 * expected


def brute(made):
    """The cases of the definition, one by one, in plain Python."""
    journeys = {row["journey_id"]: row for row in made.tables["journeys"].to_pylist()}
    by_journey = {}
    for visit in made.tables["stage_visits"].to_pylist():
        by_journey.setdefault(visit["journey_id"], []).append(visit)
    cases = []
    for name, visits in by_journey.items():
        outcome = journeys[name]["outcome"]
        for number in sorted({visit["stage_no"] for visit in visits}):
            first = min((v for v in visits if v["stage_no"] == number), key=lambda v: v["entered_at"])
            later = [v for v in visits if v["stage_no"] > number and v["entered_at"] >= first["entered_at"]]
            end = "moved" if later or outcome == "won" else outcome
            cases.append((journeys[name]["kind"], first["stage"], end))
    return cases


def test_cases_are_counted_as_the_definition_says_steps_back_included():
    made = make(150, 3, Truth(back=0.03, years=1))
    cases = brute(made)
    for row in ask(made):
        kinds = row["journey_kinds"].split(", ")
        mine = [end for kind, stage, end in cases if kind in kinds and stage == row["stage"]]
        assert row["journeys"] == len(mine)
        assert row["open_now"] == mine.count("open")


def test_without_open_journeys_the_estimate_is_the_plain_ratio():
    truth = Truth(years=1)
    made = make(300, 5, truth)
    outcome = np.array(made.tables["journeys"]["outcome"].to_pylist())
    made.tables["journeys"] = made.tables["journeys"].filter(outcome != "open")
    for row in ask(made, naive=True):
        if row["moved_on"].value is not None:
            assert row["moved_on"].value == pytest.approx(row["naive_ratio"].value, abs=1e-9)
            assert row["still_open"].value == pytest.approx(0)


def test_journey_kinds_with_the_same_stages_share_a_funnel_and_others_do_not(company):
    rows = analysis.find("stages").ask(company).rows
    assert [row["journey_kinds"] for row in rows if row["stage_no"] == 1] == [
        "first_purchase",
        "expansion, renewal, repurchase",
    ]
    assert [row["stage_no"] for row in rows] == [*range(1, 8), *range(1, 6)]


def test_a_stage_that_few_enter_has_no_share(company):
    rows = analysis.find("stages").ask(company, account="firm7.example,firm8.example").rows
    assert all(row["moved_on"].value is None and row["moved_on"].why == "too few" for row in rows)


def test_a_period_without_data_is_said(company):
    answer = analysis.find("stages").ask(company, since="2031-01")
    assert not answer.rows
    assert analysis.find("journeys").ask(company, since="2031-01").caveats == ("No journey passes these filters.",)


def test_all_open_is_said():
    truth = Truth(on=1e-9, lost=1e-9, first_lost=1e-9, dormant=1e-9, back=0, years=0.3)
    with open_engine(threads=1) as engine:
        answer = analysis.find("stages").ask(make(50, 1, truth).into(engine))
    assert "still open" in answer.caveats[0]
    assert answer.rows[0]["still_open"].value == 1


@pytest.mark.slow
def test_the_median_time_is_that_of_the_rates():
    hits = 0
    for seed in range(40):
        row = ask(make(200, seed, PLAIN))[0]
        median = np.log(2) / (PLAIN.on + PLAIN.first_lost + PLAIN.dormant)
        hits += row["median_days"].low <= median <= row["median_days"].high
    assert hits >= 35


def test_durations_of_stays_are_exponential_as_made():
    rows = {row["what"]: row for row in ask(make(900, 2, PLAIN), "durations")}
    rate = PLAIN.on + PLAIN.back + PLAIN.lost + PLAIN.dormant
    figure = rows["first_talks"]["median_days"]
    assert figure.low <= np.log(2) / rate <= figure.high


def test_durations_by_group_have_a_row_for_each_group(company):
    rows = analysis.find("durations").ask(company, by="tier").rows
    assert {row["group"] for row in rows} == {"A", "B", "C"}


def test_journeys_can_be_narrowed_to_a_stage_and_a_length(company):
    rows = analysis.find("journeys").ask(company, stage="decision", outcome="lost", min_days=20).rows
    assert rows
    assert all(row["stage"] == "decision" and row["outcome"] == "lost" and row["days"] >= 20 for row in rows)
    assert rows == sorted(rows, key=lambda row: row["started_at"], reverse=True)
