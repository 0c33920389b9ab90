"""Laws of attribution."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etappe.analyses.maths import credit, heuristics, markov
from etappe.analyses.maths import paths as paths_room
from etappe.analyses.maths import shapley as shapley_room
from etappe.analyses.maths.paths import Paths, Units
from etappe.analyses.maths.shapley import shapley

touches = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=7), min_size=1, max_size=12)
outcomes = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.floats(0, 1000)), min_size=12, max_size=12)


def table(lists, channels=4):
    start = np.concatenate([[0], np.cumsum([len(path) for path in lists])])
    return Paths(np.concatenate([np.array(path) for path in lists]), start, channels)


def units(rows, count):
    conversions, nulls, value = (np.array(part, float) for part in zip(*rows[:count], strict=True))
    return Units(np.arange(count), conversions, value * (conversions > 0), nulls)


def at(lists, weights):
    paths = table(lists)
    return [list(map(float, part)) for part in np.split(weights(paths), paths.start[1:-1])]


def test_the_rules_give_what_their_names_say():
    paths = [[0], [0, 1], [0, 1, 2, 3]]
    assert at(paths, heuristics.first) == [[1], [1, 0], [1, 0, 0, 0]]
    assert at(paths, heuristics.last) == [[1], [0, 1], [0, 0, 0, 1]]
    assert at(paths, heuristics.linear) == [[1], [0.5, 0.5], [0.25] * 4]
    assert at(paths, heuristics.position) == [[1], [0.5, 0.5], pytest.approx([0.4, 0.1, 0.1, 0.4])]
    assert at(paths, lambda p: heuristics.last_non_direct(p, 3)) == [[1], [0, 1], [0, 0, 1, 0]]
    assert at([[3, 3], [3, 1, 3]], lambda p: heuristics.last_non_direct(p, 3)) == [[0, 1], [0, 1, 0]]
    assert at([[0, 1, 2]], lambda p: heuristics.time_decay(p, 1.0)) == [pytest.approx([1 / 7, 2 / 7, 4 / 7])]
    assert at([[0, 1, 0]], shapley) == [[0.5, 0.5, 0]]
    assert at([[0, 1, 2], [0, 1]], lambda p: heuristics.own(p, 0, 1, 0)) == [[0, 1, 0], [0.5, 0.5]]


def test_the_w_gives_thirty_to_each_milestone_and_ten_to_the_others():
    plain = table([[0, 1, 2, 3, 0]])
    assert heuristics.w_shaped(plain) == pytest.approx([0.3, 0.05, 0.3, 0.05, 0.3])
    known = Paths(plain.touch, plain.start, 4, lead=np.array([1]), deal=np.array([3]))
    assert heuristics.w_shaped(known) == pytest.approx([0.3, 0.3, 0.05, 0.3, 0.05])
    at_once = Paths(plain.touch, plain.start, 4, lead=np.array([0]), deal=np.array([0]))
    assert heuristics.w_shaped(at_once) == pytest.approx([0.9, 0.025, 0.025, 0.025, 0.025])


def test_ages_in_days_halve_the_weight_of_a_touch_one_half_life_older():
    paths = Paths(np.array([0, 1]), np.array([0, 2]), 2, age=np.array([14.0, 7.0]))
    assert heuristics.time_decay(paths, 7.0) == pytest.approx([1 / 3, 2 / 3])
    ancient = Paths(np.array([0, 1]), np.array([0, 2]), 2, age=np.array([1e6 + 7, 1e6]))
    assert heuristics.time_decay(ancient, 7.0) == pytest.approx([1 / 3, 2 / 3])


@given(touches, outcomes)
@settings(max_examples=60)
def test_every_model_gives_away_all_conversions_and_all_value_and_nothing_more(lists, rows):
    paths = table(lists)
    drawn = units(rows, len(lists))
    options = credit.Options(direct=3, own=(2, 1, 3), draws=5)
    for found in credit.attribute(paths, drawn, [*credit.MODELS, "own"], options):
        assert found.conversions[0].sum() == pytest.approx(drawn.conversions.sum())
        assert found.value[0].sum() == pytest.approx(drawn.value.sum())
        assert (found.conversions[0] >= 0).all()


@given(touches, outcomes)
@settings(max_examples=60)
def test_a_removal_effect_lies_between_0_and_1_however_it_is_solved(lists, rows):
    paths, drawn = table(lists), units(rows, len(lists))
    for order in (1, 2, 3):
        shape = markov.chain(paths, order)
        found = markov.counts(shape, paths, drawn)
        effects = markov.removal_effects(shape, found)
        assert ((effects.conversions >= 0) & (effects.conversions <= 1)).all()
        step_by_step = markov.removal_effects(shape, found, markov.worths_without(shape, found))
        assert [step_by_step.probability, step_by_step.worth] == pytest.approx([effects.probability, effects.worth])
        if effects.probability:
            assert step_by_step.conversions == pytest.approx(effects.conversions, abs=1e-6)


@given(touches, outcomes, st.lists(st.integers(0, 3), min_size=1, max_size=5))
@settings(max_examples=30)
def test_a_path_that_never_converts_changes_no_rule_of_thumb(lists, rows, idle):
    rules = ["first", "last", "last_non_direct", "linear", "position", "w_shaped", "time_decay", "shapley"]
    options = credit.Options(direct=3, draws=0)
    drawn = units(rows, len(lists))
    before = credit.attribute(table(lists), drawn, rules, options)
    more = Units(*(np.append(part, last) for part, last in (
        (drawn.path, len(lists)), (drawn.conversions, 0.0), (drawn.value, 0.0), (drawn.nulls, 5.0)
    )))  # fmt: skip
    after = credit.attribute(table([*lists, idle]), more, rules, options)
    for old, new in zip(before, after, strict=True):
        assert np.allclose(old.conversions[0], new.conversions[0])
        assert np.allclose(old.value[0], new.value[0])


def test_repeats_of_a_channel_change_nothing_in_a_chain_of_order_1():
    rows = [(3, 1, 10.0), (1, 4, 5.0), (0, 2, 0.0)]
    once = [[0, 1, 2], [1, 3], [2, 0]]
    again = [[0, 0, 0, 1, 2], [1, 3, 3], [2, 2, 0]]
    found = [
        credit.attribute(table(lists), units(rows, 3), ["markov1"], credit.Options(draws=0))[0].conversions[0]
        for lists in (once, again)
    ]
    assert found[0] == pytest.approx(found[1])


def sample(random, n, channels=5):
    length = random.geometric(0.25, n).clip(1, 30)
    start = np.concatenate([[0], np.cumsum(length)])
    touch = random.integers(0, channels, start[-1])
    paths = Paths(touch, start, channels)
    chance = np.where(np.maximum.reduceat(touch == 0, start[:-1]), 0.35, 0.15)
    conversions = (random.random(n) < chance).astype(float)
    return paths, Units(np.arange(n), conversions, conversions * random.lognormal(3, 1, n), 1 - conversions)


@pytest.mark.slow
def test_carrying_draws_over_agrees_with_solving_every_draw_anew(monkeypatch):
    paths, drawn = sample(np.random.default_rng(1), 4000)
    for model in ("markov1", "markov2", "markov3"):
        monkeypatch.setattr(credit, "MANY_WORK", 1e12)
        exact = credit.attribute(paths, drawn, [model])[0]
        monkeypatch.setattr(credit, "MANY_WORK", 0.0)
        carried = credit.attribute(paths, drawn, [model])[0]
        for name in ("conversions", "value", "removal_effect"):
            width = getattr(exact, name)[2] - getattr(exact, name)[1]
            assert (np.abs(getattr(exact, name) - getattr(carried, name)) < 0.06 * width).all()


@pytest.mark.parametrize("model", ["linear", pytest.param("markov1", marks=pytest.mark.slow)])
def test_intervals_of_credits_hold_the_truth_in_about_95_of_100_samples(model):
    random = np.random.default_rng(3)
    paths, drawn = sample(random, 200_000)
    truth = credit.attribute(paths, drawn, [model], credit.Options(draws=0))[0].conversions[0] / 200_000 * 600
    hits = []
    for number in range(120):
        found = credit.attribute(*sample(random, 600), [model], credit.Options(seed=number))[0]
        hits.append((found.conversions[1] <= truth) & (truth <= found.conversions[2]))
    assert 0.92 <= np.mean(hits) <= 0.98


def test_rows_that_stand_for_many_accounts_get_the_interval_of_those_accounts():
    random = np.random.default_rng(9)
    which = random.integers(0, 3, 30_000)
    converted = random.random(30_000) < 0.1
    paths = table([[0, 1], [1, 2], [3]])
    single = Units(which, converted.astype(float), converted * 7.0, (~converted).astype(float))
    hits = np.bincount(which[converted], minlength=3).astype(float)
    packed = Units(np.arange(3), hits, hits * 7.0, np.bincount(which[~converted], minlength=3).astype(float))
    options = credit.Options(draws=2000)
    one, other = (credit.attribute(paths, rows, ["linear"], options)[0] for rows in (single, packed))
    assert one.conversions[0] == pytest.approx(other.conversions[0])
    widths = [found.conversions[2] - found.conversions[1] for found in (one, other)]
    assert widths[0] == pytest.approx(widths[1], rel=0.15)


def test_nothing_converted_means_no_credit_and_no_crash():
    paths = table([[0, 1], [2]])
    empty = Units(np.arange(2), np.zeros(2), np.zeros(2), np.ones(2))
    for found in credit.attribute(paths, empty):
        assert not found.conversions[0].any()


def test_paths_taken_a_few_at_a_time_give_the_same_intervals(monkeypatch):
    rng = np.random.default_rng(8)
    length = rng.integers(1, 7, 1500)
    found = Paths(rng.integers(0, 9, length.sum()), np.concatenate([[0], np.cumsum(length)]), 9)
    hit = (rng.random(1500) < 0.3).astype(float)
    units = Units(np.arange(1500), hit, hit * rng.lognormal(8, 1, 1500), 1.0 - hit)
    whole = credit.attribute(found, units, ["markov2"])[0]
    monkeypatch.setattr(credit, "AT_ONCE", 7)
    parts = credit.attribute(found, units, ["markov2"])[0]
    for one, other in ((whole.conversions, parts.conversions), (whole.value, parts.value), (whole.removal_effect, parts.removal_effect)):
        assert (one[1] < one[2]).all()
        np.testing.assert_allclose(other, one, rtol=1e-9)


def _drawn(channels: int = 5, n: int = 300) -> tuple[Paths, Units]:
    random = np.random.default_rng(11)
    start = np.concatenate([[0], np.cumsum(random.integers(1, 7, n))])
    age = random.random(start[-1])
    paths = Paths(random.integers(0, channels, start[-1]), start, channels, age, random.integers(-1, 1, n), random.integers(-1, 1, n))
    hit = random.random(n) < 0.4
    return paths, Units(np.arange(n), hit * 1.0, hit * random.random(n), ~hit * 1.0)


def test_credits_are_the_same_however_many_paths_are_weighed_at_a_time(monkeypatch):
    paths, units = _drawn()
    models = [*credit.MODELS, "own"]
    whole = credit.attribute(paths, units, models)
    for place, name in ((paths_room, "PART"), (credit, "AT_ONCE"), (markov, "AT_ONCE"), (shapley_room, "MARKED")):
        monkeypatch.setattr(place, name, 7)
    for one, other in zip(whole, credit.attribute(paths, units, models), strict=True):
        assert np.allclose(one.conversions, other.conversions, rtol=1e-12), one.model
        assert np.allclose(one.value, other.value, rtol=1e-12), one.model


def test_without_draws_the_credits_are_those_beside_intervals():
    paths, units = _drawn()
    for alone, beside in zip(*(credit.attribute(paths, units, options=credit.Options(draws=draws)) for draws in (0, 20)), strict=True):
        np.testing.assert_allclose(alone.conversions[0], beside.conversions[0])
        np.testing.assert_allclose(alone.value[0], beside.value[0])
        assert np.isnan(alone.conversions[1:]).all()
        assert (alone.rank[0] == beside.rank[0]).all()


def test_a_chain_is_the_same_however_its_channels_are_numbered():
    """Of 2,000 channels in order 3 the states no longer fit into numbers of 32 bits."""
    paths, units = _drawn()
    number = np.array([0, 7, 800, 1998, 1999])
    many = Paths(number[paths.touch], paths.start, 2000)
    effects = [markov.removal_effects(shape, markov.counts(shape, some, units)) for some in (paths, many) for shape in [markov.chain(some, 3)]]
    assert np.allclose(effects[0].conversions, effects[1].conversions[number])
    assert effects[1].conversions.astype(bool).sum() == 5
