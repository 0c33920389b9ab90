"""Laws of removing each channel: by elimination, by steps, for one chain and for many at once."""

import numpy as np
import pytest

from etappe.analyses.maths import credit, markov
from etappe.analyses.maths.coarse import Coarse
from etappe.analyses.maths.paths import Paths, Units


def walks(order, channels=7, n=300, seed=4):
    """A chain of walks that prefer some neighbours; channel 2 lies on the first one alone."""
    random = np.random.default_rng(seed)
    length = random.geometric(0.15, n).clip(1, 40)
    start = np.concatenate([[0], np.cumsum(length)])
    touch = (random.integers(0, channels, start[-1]) ** 2) % channels
    touch[touch == 2] = 3
    touch[0] = 2
    paths = Paths(touch, start, channels)
    won = (random.random(n) < 0.3).astype(float)
    shape = markov.chain(paths, order)
    return shape, paths, Units(np.arange(n), won, won * random.lognormal(3, 1, n), 1 - won)


def drawn(shape, paths, units, draws=6, seed=9):
    random = np.random.default_rng(seed)
    each = []
    for _ in range(draws):
        weight = np.bincount(random.integers(1, len(units.path), len(units.path)), minlength=len(units.path))  # the first walk never
        some = Units(units.path, units.conversions * weight, units.value * weight, units.nulls * weight)
        each.append(markov.counts(shape, paths, some))
    return each


def together(each):
    return markov.Counts(*(np.stack([getattr(one, name) for one in each]) for name in ("moves", "conversions", "value", "nulls")))


def without(shape, found, channel):
    """What the start is worth where every move to a channel leads into nothing, by one plain solution."""
    out = np.bincount(shape.before, found.moves, shape.states) + found.conversions + found.nulls
    out = np.where(out > 0, out, 1.0)
    q = np.zeros((shape.states, shape.states))
    q[shape.before, shape.after] = found.moves / out[shape.before]
    q[:, shape.channel == channel] = 0.0
    return np.linalg.solve(np.eye(shape.states) - q, np.stack([found.conversions, found.value], axis=1) / out[:, None])[0]


@pytest.mark.parametrize("order", [1, 2, 3])
def test_every_draw_loses_without_a_channel_what_its_own_chain_does_where_nothing_leads_there(order):
    shape, paths, units = walks(order)
    each = drawn(shape, paths, units)
    effects = markov.effects_of_draws(shape, together(each))
    for one, found in zip(effects, each, strict=True):
        base = without(shape, found, channel=-2)
        for channel in range(shape.channels):
            assert one[channel] == pytest.approx(1 - without(shape, found, channel) / base, abs=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_channel_that_nobody_of_a_draw_meets_takes_nothing_away_not_even_a_trace_of_rounding(order):
    shape, paths, units = walks(order)
    effects = markov.effects_of_draws(shape, together(drawn(shape, paths, units)))
    assert (effects[:, 2] == 0).all()
    assert (effects[:, 3] > 0).all()


def test_a_chain_of_a_single_channel_loses_everything_without_it():
    paths = Paths(np.zeros(3, np.int64), np.array([0, 2, 3]), 1)
    shape = markov.chain(paths, 2)
    found = markov.counts(shape, paths, Units(np.arange(2), np.array([1.0, 0.0]), np.array([5.0, 0.0]), np.array([0.0, 1.0])))
    effects = markov.removal_effects(shape, found)
    assert (effects.probability, effects.worth) == pytest.approx((0.5, 2.5))
    assert effects.conversions == pytest.approx([1.0])


@pytest.mark.parametrize("order", [2, 3])
def test_steps_with_the_chain_of_channels_end_where_elimination_does(order):
    shape, paths, units = walks(order)
    found = markov.counts(shape, paths, units)
    by_steps = markov.removal_effects(shape, found, markov.worths_without(shape, found))
    solved = markov.removal_effects(shape, found)
    assert by_steps.conversions == pytest.approx(solved.conversions, abs=1e-9)
    assert by_steps.value == pytest.approx(solved.value, abs=1e-9)


def test_a_coarse_chain_that_leads_astray_is_no_longer_asked(monkeypatch):
    shape, paths, units = walks(2)
    found = markov.counts(shape, paths, units)
    right = markov.worths_without(shape, found)
    astray, asked = Coarse.missing, []

    def wrong(self, residual):
        asked.append(1)
        return -3.0 * astray(self, residual)

    monkeypatch.setattr(Coarse, "missing", wrong)
    for one, other in zip(markov.worths_without(shape, found), right, strict=True):
        assert one == pytest.approx(other, rel=1e-8, abs=1e-8)
    assert len(asked) < 2 * (2 * markov.PATIENCE)


def test_the_chain_of_channels_solves_a_chain_that_remembers_nothing_at_once():
    shape, paths, units = walks(1)
    found = markov.counts(shape, paths, units)
    out = np.bincount(shape.before, found.moves, shape.states) + found.conversions + found.nulls
    q = markov._sparse(shape, found.moves / np.where(out > 0, out, 1.0)[shape.before])
    constant = np.repeat((found.conversions / np.where(out > 0, out, 1.0))[:, None], shape.channels + 1, axis=1)
    coarse = Coarse.of(q, shape.channel, shape.channels, np.where(out > 0, out, 1.0), np.ones(shape.states))
    missing = coarse.missing(coarse.summed @ constant)  # of a start from nothing, everything is
    assert missing == pytest.approx(markov.fixed_point(shape, q, constant, coarse), rel=1e-9)


@pytest.mark.parametrize("model", ["markov2", "markov3"])
def test_a_channel_from_which_nothing_is_won_gets_nothing_in_any_draw_not_even_a_trace_of_rounding(model, monkeypatch):
    _, paths, units = walks(1)
    lost = Units(units.path, np.where(units.path == 0, 0.0, units.conversions), np.where(units.path == 0, 0.0, units.value), np.where(units.path == 0, 1.0, units.nulls))
    alone = Paths(np.concatenate([[2, 2], paths.touch[paths.start[1] :]]), np.concatenate([[0], paths.start[1:] - paths.start[1] + 2]), paths.channels)
    for exact in (0.0, 2e10):
        monkeypatch.setattr(credit, "EXACT_WORK", exact)
        (found,) = credit.attribute(alone, lost, [model])
        assert (found.conversions[:, 2] == 0).all()
        assert (found.value[:, 2] == 0).all()
        assert (found.conversions[0, [1, 3]] > 0).all()
