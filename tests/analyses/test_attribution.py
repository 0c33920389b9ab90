"""Attribution on a build: credits, blind spots, money."""

import dataclasses

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from etappe.analyses import analysis
from etappe.errors import Fault, NotFound
from etappe.tables.engine import open_engine

from .make import make


def ask(company, **given):
    return analysis.find("attribution").ask(company, **{"draws": 0, **given})


def credit(answer, model, name="deals"):
    return {row["channel"]: row[name].value for row in answer.rows if row["model"] == model}


@pytest.fixture(scope="module")
def paths(company):
    """Channels of each won journey in order, repeats in a row once, in plain Python; with value."""
    rows = company.engine.rows(company.steps.select("journey_id", "seq", "channel", "happened_at"))
    journeys = {row["journey_id"]: row for row in company.engine.rows(company.journeys)}
    found = {}
    for row in sorted(rows, key=lambda row: (row["journey_id"], row["seq"])):
        journey = journeys[row["journey_id"]]
        if journey["outcome"] == "won" and row["happened_at"] <= journey["ended_at"]:
            path = found.setdefault(row["journey_id"], [])
            if not path or path[-1] != row["channel"]:
                path.append(row["channel"])
    return {name: (path, journeys[name]["won_value"]) for name, path in found.items()}


def test_first_last_and_linear_are_those_of_the_paths_one_by_one(company, paths):
    answer = ask(company)
    for model, share in (
        ("first", lambda path: [1.0] + [0.0] * (len(path) - 1)),
        ("last", lambda path: [0.0] * (len(path) - 1) + [1.0]),
        ("linear", lambda path: [1 / len(path)] * len(path)),
    ):
        expected: dict[str, float] = {}
        for path, _ in paths.values():
            for channel, part in zip(path, share(path), strict=True):
                expected[channel] = expected.get(channel, 0.0) + part
        found = credit(answer, model)
        assert {name: value for name, value in found.items() if value} == pytest.approx(
            {name: value for name, value in expected.items() if value}
        )


@pytest.mark.parametrize("unit", ["account", "person"])
@pytest.mark.parametrize("by", ["channel", "touchpoint", "campaign"])
def test_credits_sum_to_the_won_journeys_and_to_their_value_to_the_cent(company, unit, by):
    answer = ask(company, unit=unit, by=by)
    won = [row for row in company.engine.rows(company.journeys) if row["outcome"] == "won"]
    cents = round(sum(row["won_value"] for row in won) * 100)
    for model in {row["model"] for row in answer.rows}:
        assert sum(credit(answer, model).values()) == pytest.approx(len(won))
        assert sum(round(value * 100) for value in credit(answer, model, "value").values()) == pytest.approx(
            cents, abs=1
        )


def test_a_won_journey_without_a_touch_is_the_blind_spot_and_nobodys_credit(company):
    answer = ask(company, by="campaign", model="first,linear")
    blind = [row for row in answer.rows if row["channel"] == "(no touch)"]
    assert len(blind) == 2
    assert blind[0]["deals"].value == answer.population["without_any_touch"] > 0
    assert any("no tracked touch" in words for words in answer.caveats)


def test_a_milestone_can_be_the_goal(company):
    answer = ask(company, goal="first_talks", model="last")
    visits = company.engine.rows(company.stage_visits.filter(company.stage_visits.stage == "first_talks"))
    assert sum(credit(answer, "last").values()) == len({row["journey_id"] for row in visits})
    with pytest.raises(NotFound) as told:
        ask(company, goal="first_talk")
    assert "first_talks" in told.value.do_next


def test_a_lookback_drops_older_touches(company):
    whole, short = (ask(company, model="first", lookback=days) for days in (None, 5))
    assert credit(whole, "first") != credit(short, "first")
    assert sum(credit(short, "first").values()) == pytest.approx(sum(credit(whole, "first").values()))


def test_costs_stand_beside_the_credit_of_their_channel(company):
    rows = {row["channel"]: row for row in ask(company, model="linear", draws=50).rows}
    social = rows["paid social"]
    assert social["cost"] > 0
    assert social["cost_per_deal"].value == pytest.approx(social["cost"] / social["deals"].value, rel=1e-3)
    assert social["cost_per_deal"].low < social["cost_per_deal"].value < social["cost_per_deal"].high
    assert social["return"].value == pytest.approx(social["value"].value / social["cost"], rel=1e-3)
    assert rows["email"]["cost"] is None


def test_what_costs_something_is_drawn_with_its_cost_and_return_each_with_its_range(company):
    answer = ask(company, model="first,markov1", draws=20)
    costs = answer.drawing["vconcat"][1]["hconcat"]
    credited = {row["channel"]: row for row in answer.rows if row["model"] == "markov1" and row["cost"] and row["cost_per_deal"].value is not None}
    assert credited
    for panel, name in zip(costs, ("cost_per_deal", "return"), strict=True):
        drawn = {value["channel"]: value for value in panel["data"]["values"]}
        assert set(drawn) == set(credited)
        for channel, value in drawn.items():
            figure = credited[channel][name]
            assert (value[name], value[f"{name}_low"], value[f"{name}_high"]) == (figure.value, figure.low, figure.high)


def test_the_drawing_says_of_how_many_it_shows_the_first(company):
    answer = ask(company, by="content", model="linear", draws=0)
    whole = answer.drawing["vconcat"][0] if "vconcat" in answer.drawing else answer.drawing
    drawn = {value["channel"] for value in whole["data"]["values"]}
    credited = {row["channel"] for row in answer.rows if row["channel"] != "(no touch)"}
    assert (len(drawn) < len(credited)) == isinstance(answer.drawing["title"], dict)


def test_amounts_of_two_currencies_are_never_added_up():
    made = make(300, 2)
    journeys = made.tables["journeys"]
    francs = np.arange(journeys.num_rows) % 3 == 0
    currency = pc.if_else(
        pa.array(francs), pc.if_else(pc.is_valid(journeys["currency"]), "CHF", None), journeys["currency"]
    )
    made.tables["journeys"] = journeys.set_column(journeys.schema.get_field_index("currency"), "currency", currency)
    with open_engine(threads=1) as engine:
        answer = ask(made.into(engine), model="last")
    won = made.tables["journeys"].to_pylist()
    euros = sum(row["won_value"] for row in won if row["outcome"] == "won" and row["currency"] == "EUR")
    assert answer.population["currency"] == "EUR"
    assert sum(credit(answer, "last", "value").values()) == pytest.approx(euros, abs=0.01)
    assert any("CHF" in words for words in answer.caveats)


def test_too_few_won_journeys_are_said_instead_of_a_figure(company):
    answer = ask(company, account="firm7.example")
    assert all(row["deals"].value is None for row in answer.rows)
    assert any("Too few" in words or "Nothing was won" in words for words in answer.caveats)
    assert not any("rank" in row for row in answer.rows), "without credit there is no order either"


def test_ranks_move_as_far_as_resamples_move_them(company):
    rows = list(ask(company, model="linear", draws=200).rows)
    for row in rows:
        assert row["rank_low"] <= row["rank"] <= row["rank_high"]
    apart = [row for row in rows if all(
        row["deals"].low > other["deals"].high or row["deals"].high < other["deals"].low for other in rows if other is not row
    )]  # fmt: skip
    assert all(row["rank_low"] == row["rank_high"] for row in apart)


def test_impossible_questions_are_a_clear_fault(company):
    for given in ({"by": "chanel"}, {"model": "markow"}, {"own": "40/20"}, {"model": "own"}, {"half_life": "0"}):
        with pytest.raises(Fault):
            ask(company, **given)


def test_the_answer_does_not_depend_on_the_order_of_rows():
    made = make(150, 4)
    shuffled = np.random.default_rng(0).permutation(made.tables["steps"].num_rows)
    other = dataclasses.replace(made, tables={**made.tables, "steps": made.tables["steps"].take(pa.array(shuffled))})
    answers = []
    for one in (made, other):
        with open_engine(threads=1) as engine:
            answers.append(ask(one.into(engine), draws=20))
    assert [row["deals"].value for row in answers[0].rows] == pytest.approx(
        [row["deals"].value for row in answers[1].rows]
    )


@pytest.mark.parametrize("unit", ["account", "person"])
def test_of_single_deals_the_shares_of_their_touches_sum_to_one_and_over_all_deals_to_the_credit(company, unit):
    models = ("first", "last", "linear", "time_decay", "shapley", "markov1")
    view = ask(company, view="deals", deals=100_000, model=",".join(models), unit=unit)
    assert view.columns[-len(models) :] == models
    credits = ask(company, model=",".join(models), unit=unit)
    for model in models:
        whole: dict[str, float] = {}
        by: dict[str, float] = {}
        for row in view.rows:
            whole[row["journey_id"]] = whole.get(row["journey_id"], 0.0) + row[model]
            by[row["channel"]] = by.get(row["channel"], 0.0) + row[model]
        assert all(total == pytest.approx(1, abs=0.02) for total in whole.values())
        if model != "markov1":
            expected = {name: value for name, value in credit(credits, model).items() if name != "(no touch)"}
            assert {name: by.get(name, 0.0) for name in expected} == pytest.approx(expected, abs=1.5)
    assert all(row["days_before_goal"] >= 0 and row["account"] for row in view.rows)


def test_a_touchpoint_can_be_the_goal_and_only_what_came_before_it_counts(company):
    answer = ask(company, goal="sales meeting", by="touchpoint", model="last")
    steps = company.engine.rows(company.steps.filter(company.steps.touchpoint == "sales meeting").select("journey_id").distinct())
    assert answer.population["reached"] == len(steps)
    assert credit(answer, "last")["sales meeting"] == pytest.approx(len(steps))


def test_blind_spots_name_stated_sources_that_no_tracked_touch_confirms(company):
    deals = company.engine.to_arrow(company.journey_deals)
    origin = ["Messe" if k % 2 else "Zufall" for k in range(deals.num_rows)]
    place = deals.schema.get_field_index("origin")
    stated = company.engine.from_arrow("stated", deals.set_column(place, deals.schema.field(place), pa.array(origin)))
    tables = dataclasses.replace(company, built={**company.built, "journey_deals": stated})
    rows = ask(tables, view="blind-spots").rows
    fair = next(row for row in rows if row["source"] == "Messe")
    steps = company.engine.rows(company.steps.filter(company.steps.channel == "fair").select("journey_id", "happened_at"))
    won = {row["journey_id"]: row["ended_at"] for row in company.engine.rows(company.journeys) if row["outcome"] == "won"}
    said = {row["journey_id"] for row, text in zip(deals.to_pylist(), origin, strict=True) if text == "Messe" and row["journey_id"] in won}
    seen = {row["journey_id"] for row in steps if row["journey_id"] in said and row["happened_at"] <= won[row["journey_id"]]}
    assert (fair["of"], fair["deals"]) == (len(said), len(said - seen))
    assert fair["share"].n == len(said)
    assert [row["source"] for row in rows if row["source"]] == ["Messe"], "a source nobody can place is not held against the paths"
