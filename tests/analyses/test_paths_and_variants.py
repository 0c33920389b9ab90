"""The graph and the variants against a plain count."""

import collections
import itertools
import statistics

import ibis
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etappe.analyses import analysis, answer, waits
from etappe.analyses.maths.resample import ratios
from etappe.journeys import shortcuts


@pytest.fixture(scope="module")
def steps(company):
    rows = company.engine.rows(company.steps)
    found = collections.defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["journey_id"], row["seq"])):
        found[row["journey_id"]].append(row)
    return found


@pytest.fixture(scope="module")
def journeys(company):
    return {row["journey_id"]: row for row in company.engine.rows(company.journeys)}


@pytest.mark.parametrize("of", ["touchpoints", "channels"])
def test_moves_are_all_pairs_of_following_steps_with_start_and_end(company, steps, of):
    name = of[:-1]
    expected = collections.Counter()
    for path in steps.values():
        nodes = ["(start)", *(row[name] for row in path), "(end)"]
        expected.update(itertools.pairwise(nodes))
    found = analysis.find("paths").ask(company, of=of, keep=1, limit=10_000).rows
    assert {(row["from"], row["to"]): row["moves"] for row in found} == expected


def test_moves_of_persons_are_those_of_each_person_alone(company, steps):
    expected = collections.Counter()
    for path in steps.values():
        for person in {row["person_id"] for row in path if row["role"] == "buyer"}:
            nodes = ["(start)", *(row["touchpoint"] for row in path if row["person_id"] == person), "(end)"]
            expected.update(itertools.pairwise(nodes))
    found = analysis.find("paths").ask(company, unit="person", role="buyer", keep=1, limit=10_000).rows
    assert {(row["from"], row["to"]): row["moves"] for row in found} == expected


def test_waits_won_and_difference_of_a_move_are_those_of_its_journeys(company, steps, journeys):
    row = next(
        row for row in analysis.find("paths").ask(company).rows if row["from"] != "(start)" and row["to"] != "(end)"
    )
    waits, on = [], set()
    for name, path in steps.items():
        for one, other in itertools.pairwise(path):
            if (one["touchpoint"], other["touchpoint"]) == (row["from"], row["to"]):
                waits.append((other["happened_at"] - one["happened_at"]).total_seconds() / 86_400)
                on.add(name)
    outcome = [journeys[name]["outcome"] for name in on]
    assert row["journeys"] == len(on)
    assert row["median_days"].value == pytest.approx(statistics.median_low(waits), rel=0.01)
    assert row["mean_days"].value == pytest.approx(statistics.mean(waits), rel=0.01)
    assert row["won"].value == pytest.approx(outcome.count("won") / (len(outcome) - outcome.count("open")))
    assert row["difference"].value == pytest.approx(row["won_share"].value - row["lost_share"].value)


def test_the_interval_of_a_mean_wait_is_not_narrower_than_journeys_drawn_again_make_it(company, steps):
    rows = [row for row in analysis.find("paths").ask(company).rows if row["mean_days"].value is not None and row["journeys"] >= 30]
    assert rows
    for row in rows[:8]:
        waits = []
        for path in steps.values():
            mine = [(other["happened_at"] - one["happened_at"]).total_seconds() / 86_400 for one, other in itertools.pairwise(path)
                    if (one["touchpoint"], other["touchpoint"]) == (row["from"], row["to"])]  # fmt: skip
            waits += [(sum(mine), len(mine))] if mine else []
        added = np.array(waits)
        _, low, high = (float(part[0]) for part in ratios(added[:, :1], added[:, 1:], draws=1000))
        assert row["mean_days"].high - row["mean_days"].low >= 0.85 * (high - low)
        assert row["mean_days"].n == len(waits)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8), st.integers(0, 120), st.integers(0, 120))
def test_figures_made_at_once_are_those_made_one_by_one(hits, n, m):
    recipe = analysis.find("paths").recipe
    a, b = (np.array([min(pair[side], most) for pair in hits], int) for side, most in ((0, n), (1, m)))
    assert answer.proportions(a, n, recipe) == [answer.proportion(k, n, recipe) for k in a]
    assert answer.proportions(b, b + 5, recipe) == [answer.proportion(k, k + 5, recipe) for k in b]
    assert answer.differences(a, n, b, m, recipe) == [answer.difference(k, n, j, m, recipe) for k, j in zip(a, b, strict=True)]
    spans = np.array([[k, np.nan if k < 5 else k - 5, np.inf] for k in a], float).reshape(-1, 3)
    assert answer.figures(spans.T, a, recipe, "days", "never reached") == [answer.spans(span, k, recipe) for span, k in zip(spans, a, strict=True)]


def test_keeping_less_shows_only_the_more_frequent_moves(company):
    some = analysis.find("paths").ask(company, keep=0.5).rows
    more = analysis.find("paths").ask(company, keep=0.9).rows
    assert [row["moves"] for row in more[: len(some)]] == [row["moves"] for row in some]
    assert len(more) > len(some)


@pytest.mark.parametrize("of", ["touchpoints", "stages"])
def test_variants_are_counted_as_whole_paths(company, steps, of):
    if of == "stages":
        rows = company.engine.rows(company.stage_visits)
        paths = collections.defaultdict(list)
        for row in sorted(rows, key=lambda row: (row["journey_id"], row["visit_no"])):
            paths[row["journey_id"]].append(row["stage"])
    else:
        paths = {}
        for name, path in steps.items():
            names = [row["touchpoint"] for row in path]
            paths[name] = [node for k, node in enumerate(names) if k == 0 or node != names[k - 1]]
    expected = collections.Counter(tuple(path) for path in paths.values())
    answer = analysis.find("variants").ask(company, of=of, limit=20)
    assert answer.population["variants"] == len(expected)
    assert [row["journeys"] for row in answer.rows] == [count for _, count in expected.most_common(20)]
    best = answer.rows[0]
    assert expected[tuple(best["path"].split(" → "))] == best["journeys"]


def test_shares_of_variants_are_of_their_own_population(company, journeys):
    rows = analysis.find("variants").ask(company, of="stages", limit=1000).rows
    assert sum(row["journeys"] for row in rows) == len(journeys)
    assert sum(row["won_share"].value for row in rows) == pytest.approx(1)
    assert sum(row["lost_share"].value for row in rows) == pytest.approx(1)


def test_a_person_of_another_role_is_in_no_variant_of_the_role(company):
    answer = analysis.find("variants").ask(company, unit="person", role="decider", limit=5)
    deciders = company.engine.count(
        company.steps.filter(company.steps.role == "decider").select("journey_id", "person_id").distinct()
    )
    assert (
        sum(
            row["journeys"]
            for row in analysis.find("variants").ask(company, unit="person", role="decider", limit=10**6).rows
        )
        == deciders
    )
    assert answer.rows


def test_the_flow_goes_from_left_to_right_and_draws_every_move_once(company):
    from etappe.analyses.flow import layout

    rows = analysis.find("paths").ask(company, of="stages", kind="first_purchase").rows
    nodes, bands, _ = layout(rows, "(start)", "(end)")
    place = {node["node"]: node["x"] for node in nodes}
    stages = ("(start)", "research", "supplier_search", "preselection", "first_talks", "request_for_proposal", "shortlist", "decision")
    assert [place[name] for name in stages] == sorted(place[name] for name in stages)
    assert len({(node["x"], node["y"]) for node in nodes}) == len(nodes), "no node hides another"
    assert len({band["edge"] for band in bands}) <= len(rows)
    assert all(-0.1 <= band["x"] <= 1.1 for band in bands)
    assert layout([], "(start)", "(end)") == ([], [], [])


def test_a_filter_that_keeps_all_journeys_changes_nothing_but_the_way_in_which_moves_are_counted(company):
    ask = analysis.find("paths").ask
    for of in ("touchpoints", "stages"):
        assert ask(company, of=of, outcome="won,lost,dormant,open").rows == ask(company, of=of).rows


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 4_000_000_000_000_000), min_size=1, max_size=50))
def test_waits_are_rounded_alike_as_arrays_and_by_the_engine(company, spans):
    days = ibis.memtable({"place": list(range(len(spans))), "days": [span / 86_400_000_000.0 for span in spans]}).order_by("place")
    by_engine = company.engine.to_arrow(days.select(seconds=shortcuts.rounded_seconds(days.days)))
    assert waits.rounded_seconds(np.array(spans)).tolist() == by_engine["seconds"].to_pylist()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 200_000_000_000_000)), min_size=1, max_size=20))
def test_the_same_waits_once_have_the_same_medians_and_means(rows):
    group, spans = (np.array(column) for column in zip(*rows, strict=True))
    times = 25_000  # so many that they are gathered
    group, seconds = np.repeat(group, times), np.repeat(np.where(spans < 0, -1, waits.rounded_seconds(spans)), times)
    count = np.ones_like(seconds)
    gathered = waits.alike(group, seconds, count, 3)
    assert len(gathered[0]) <= len(rows)
    for one, other in zip((*waits.medians(group, seconds, count, 3), *waits.means(group, seconds, count, 3)), (*waits.medians(*gathered, 3), *waits.means(*gathered, 3)), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)
