"""Credits of all models side by side, each with the interval that resampling accounts gives.

Rules of thumb and Shapley are sums over paths, so a resample of accounts is a weighted sum. Markov chains are
made of counts of moves, which are sums over paths too. All those sums are laid side by side, once a pile of
accounts, and all resamples of all models are one product (see :mod:`etappe.analyses.maths.resample`)::

    weights (draws × piles) · [ first | last | … | shapley | moves of order 1 | influence on order 2 | … ]

Chains of few states are solved again exactly for every draw, larger ones too where there are few accounts. For the
others the draw is carried over by the first derivative (:func:`etappe.analyses.maths.markov.influence`): the
infinitesimal jackknife. What it leaves out falls with the number of accounts, faster than the interval narrows.

Source: B. Efron, The Jackknife, the Bootstrap and Other Resampling Plans (1982), chapters 5 and 6.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from etappe.analyses.maths import heuristics, markov, resample
from etappe.analyses.maths.bounds import LEVEL, Floats, Ints, percentile
from etappe.analyses.maths.cores import one_core
from etappe.analyses.maths.paths import Paths, Units
from etappe.analyses.maths.shapley import shapley

MARKOV = {"markov1": 1, "markov2": 2, "markov3": 3}
MODELS = (
    "first", "last", "last_non_direct", "linear", "position", "w_shaped", "time_decay", "shapley", *MARKOV,
)  # fmt: skip
EXACT_WORK = 2e10  # multiplications that solving every draw anew may cost where there are few accounts
MANY_WORK = 1e8  # and where there are so many that they are drawn in piles
AT_ONCE = 50_000  # paths whose influence on the draws is held at a time
RANKED = 10  # decimals of a removal effect that its rank goes by
EXACT_AT_ONCE = 1_000_000  # entries of the tables of states of the draws that are solved at a time
EXACT_CELLS = 12_000_000  # entries of the table of moves that may be held


@dataclass(frozen=True, slots=True)
class Options:
    """What the models need to know beside the paths.

    `direct` is the code of the direct channel; `half_life` is in the unit of `Paths.age`, else in touches;
    `own` are shares for first, between and last; `draws` 0 leaves the intervals out.
    """

    direct: int | None = None
    half_life: float = 7.0
    own: tuple[float, float, float] | None = None
    draws: int = resample.DRAWS
    seed: int = 0
    level: float = LEVEL


@dataclass(frozen=True, eq=False)
class Credit:
    """What one model gives each channel.

    Intervals are 3 × channels: value, low, high; `rank` from 1, likewise.
    """

    model: str
    conversions: Floats
    value: Floats
    removal_effect: Floats | None
    rank: Floats


def attribute(
    paths: Paths, units: Units, models: Sequence[str] = MODELS, options: Options | None = None
) -> list[Credit]:
    """The credits of each model, in the order asked for.

    The parts sum to all conversions and to all value.
    """
    chosen = options or Options()
    piled = _Piled.of(paths, units, chosen)

    def one(name: str) -> Credit:
        if name in MARKOV:
            return _by_markov(name, MARKOV[name], piled, chosen)
        return _by_rule(name, piled, chosen)

    # The products release the interpreter, so that models share the cores, each on one; largest first.
    paths.length, piled.won  # noqa: B018  computed once, before there are threads
    with one_core(), ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        waiting = {
            name: pool.submit(one, name) for name in sorted(models, key=lambda name: MARKOV.get(name, 0), reverse=True)
        }
        return [waiting[name].result() for name in models]


def rule(name: str, paths: Paths, options: Options) -> Floats:
    """The weights, one a touch, of a model that is a rule."""
    rules: dict[str, Callable[[], Floats]] = {
        "first": lambda: heuristics.first(paths),
        "last": lambda: heuristics.last(paths),
        "last_non_direct": lambda: heuristics.last_non_direct(paths, options.direct),
        "linear": lambda: heuristics.linear(paths),
        "position": lambda: heuristics.position(paths),
        "w_shaped": lambda: heuristics.w_shaped(paths),
        "time_decay": lambda: heuristics.time_decay(paths, options.half_life),
        "shapley": lambda: shapley(paths),
        "own": lambda: heuristics.own(paths, *(options.own or (1.0, 1.0, 1.0))),
    }
    return rules[name]()


@dataclass(frozen=True, eq=False)
class _Piled:
    """The units dealt into piles: piles × paths for conversions, value and nulls, and the weights of the
    draws.
    """

    paths: Paths
    units: Units
    conversions: sparse.csr_matrix
    value: sparse.csr_matrix
    nulls: sparse.csr_matrix
    draws: Floats
    totals: Floats  # piles × (conversions, value)

    @cached_property
    def won(self) -> list[tuple[Paths, list[sparse.csr_matrix]]]:
        """The paths that brought anything, so many at a time, with their conversions and value: all that rules look at."""
        tables = [self.conversions.tocsc(), self.value.tocsc()]
        brought = np.zeros(len(self.paths), bool)
        for table in (self.conversions, self.value):
            brought[table.indices] = True
        found = []
        for at, part in self.paths.parts():
            which = np.flatnonzero(brought[at])
            found.append((part.some(which), [table[:, at.start + which].tocsr() for table in tables]))
        return found

    @classmethod
    def of(cls, paths: Paths, units: Units, options: Options) -> _Piled:
        # Without draws nobody asks for piles: all units are one.
        where, piles, spread = _dealt(units, options.seed) if options.draws else (np.zeros(len(units.path), np.int64), 1, units)
        shape = (piles, len(paths))
        tables = []
        for part in (spread.conversions, spread.value, spread.nulls):
            some = np.flatnonzero(part)
            tables.append(sparse.csr_matrix((part[some], (where[some], spread.path[some])), shape=shape))
        totals = np.column_stack([np.asarray(table.sum(axis=1)).ravel() for table in tables[:2]])
        draws = (
            resample.weights(piles, options.draws, options.seed) if piles and options.draws else np.zeros((0, piles))
        )
        return cls(paths, units, tables[0], tables[1], tables[2], draws, totals)


def _dealt(units: Units, seed: int) -> tuple[Ints, int, Units]:
    """Deals the units' accounts into piles: the pile of each entry, the number of piles, and the entries.

    A row that stands for several accounts becomes as many entries; one that stands for more accounts than
    there are piles becomes one entry a pile, each with a random share of it.
    """
    if units.account is not None:
        pile, piles = resample.deal(int(units.account.max(initial=-1)) + 1, seed=seed)
        return pile[units.account], piles, units
    count = np.maximum(np.ceil(units.conversions + units.nulls), 1.0)
    small, large = np.flatnonzero(count <= resample.PILES), np.flatnonzero(count > resample.PILES)
    single = _singly(units, small, count[small].astype(np.int64))
    pile, piles = resample.deal(len(single), seed=seed)
    if not len(large):
        return pile, piles, single
    generator = np.random.default_rng(seed)
    even = np.full(resample.PILES, 1.0 / resample.PILES)
    parts = [
        generator.multinomial(total[large].astype(np.int64), even).ravel() for total in (units.conversions, units.nulls)
    ]
    shared = _valued(units, np.repeat(large, resample.PILES), parts[0].astype(float), parts[1].astype(float))
    entries = Units(*(np.concatenate(pair) for pair in zip(_columns(single), _columns(shared), strict=True)))
    return np.concatenate([pile, np.tile(np.arange(resample.PILES), len(large))]), resample.PILES, entries


def _singly(units: Units, rows: Ints, count: Ints) -> Units:
    """Each account of some rows on its own: first the conversions, then the nulls; what is no whole number
    stays a part.
    """
    row = np.repeat(rows, count)
    rank = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    conversions = np.clip(units.conversions[row] - rank, 0.0, 1.0)
    nulls = np.clip(units.conversions[row] + units.nulls[row] - rank, 0.0, 1.0) - conversions
    return _valued(units, row, conversions, nulls)


def _valued(units: Units, row: Ints, conversions: Floats, nulls: Floats) -> Units:
    whole = units.conversions[row]
    each = np.divide(units.value[row], whole, out=np.zeros(len(row)), where=whole > 0)
    return Units(units.path[row], conversions, conversions * each, nulls)


def _columns(units: Units) -> tuple[Ints, Floats, Floats, Floats]:
    return units.path, units.conversions, units.value, units.nulls


def _by_rule(name: str, piled: _Piled, options: Options) -> Credit:
    sums = [np.zeros((piled.draws.shape[1], piled.paths.channels)) for _ in (0, 1)]
    for part, tables in piled.won:
        shares = part.by_channel(rule(name, part, options))
        for total, table in zip(sums, tables, strict=True):
            total += (table @ shares).toarray()
    point = [part.sum(axis=0) for part in sums]
    drawn = [piled.draws @ part for part in sums]
    return _credit(name, point, drawn, None, options)


def _by_markov(name: str, order: int, piled: _Piled, options: Options) -> Credit:
    shape = markov.chain(piled.paths, order)
    found = markov.counts(shape, piled.paths, piled.units)
    work = 2.0 * shape.states**3 * len(piled.draws)
    cells = piled.draws.shape[1] * (shape.moves + 3 * shape.states)
    anew = work <= (MANY_WORK if piled.draws.shape[1] >= resample.PILES else EXACT_WORK) and cells <= EXACT_CELLS
    # Where the draws are carried over, the systems that say how give the effects, too.
    worths = None if anew and shape.states <= markov.DENSE_STATES else markov.worths_without(shape, found)
    effects = markov.removal_effects(shape, found, worths)
    point = np.array([effects.conversions, effects.value])
    if not len(piled.draws):
        drawn = np.zeros((0, 2, shape.channels))
    else:
        drawn = _solved_again(shape, piled) if anew else _carried_over(shape, found, piled, worths)
    total = piled.totals.sum(axis=0)
    drawn_total = piled.draws @ piled.totals
    credits = [_split(point[kind], total[kind]) for kind in (0, 1)]
    drawn_credits = [_split(drawn[:, kind], drawn_total[:, kind]) for kind in (0, 1)]
    interval = _with_interval(point[0], drawn[:, 0], options)
    # Of equal effects, steps leave rounding apart: it is nothing to go by for the rank.
    ranked = np.round(point[0][None], RANKED), np.round(drawn[:, 0], RANKED)
    return _credit(name, credits, drawn_credits, interval, options, ranked)


def _split(effects: Floats, total: Floats) -> Floats:
    whole = effects.sum(axis=-1, keepdims=True)
    shares = np.divide(effects, whole, out=np.zeros_like(effects), where=whole > 0)
    return shares * np.asarray(total)[..., None]


def _solved_again(shape: markov.Chain, piled: _Piled) -> Floats:
    """Removal effects of every draw, each chain solved anew: draws × (conversions, value) × channels."""
    paths = piled.paths
    tried = (piled.conversions + piled.nulls).tocsc()
    ended = sparse.csr_matrix(
        (np.ones(len(paths)), (np.arange(len(paths)), shape.last)), shape=(len(paths), shape.states)
    )
    sums = [sum((tried[:, at] @ moved for at, moved in markov.passes(shape, paths)), sparse.csr_matrix((tried.shape[0], shape.moves))).toarray()]
    sums += [(table @ ended).toarray() for table in (piled.conversions, piled.value, piled.nulls)]
    drawn = piled.draws @ np.hstack(sums)
    cuts = np.cumsum([part.shape[1] for part in sums])[:-1]
    some = max(1, EXACT_AT_ONCE // shape.states**2)

    def solved(low: int) -> Floats:
        return markov.effects_of_draws(shape, markov.Counts(*np.split(drawn[low : low + some], cuts, axis=1)))

    # The models that are solved anew are the longest of all: one takes all cores, where the others have one each.
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        return np.concatenate(list(pool.map(solved, range(0, len(drawn), some)))).transpose(0, 2, 1)


def _carried_over(shape: markov.Chain, found: markov.Counts, piled: _Piled, worths: list[Floats] | None) -> Floats:
    """Removal effects of every draw by the first derivative: draws × (conversions, value) × channels."""
    base, moved = markov.influence(shape, found, worths)
    width = shape.channels + 1
    sums = np.zeros((piled.draws.shape[1], 2 * width))
    tables = [table.tocsc() for table in (piled.conversions + piled.nulls, piled.conversions, piled.value)]
    # A row a path and a column a channel would be most of the memory: so many paths at a time, their sums alone are kept.
    for at, made in markov.passes(shape, piled.paths, AT_ONCE):
        sums += tables[0][:, at] @ moved.passing(made, shape.last[at])
        reward = moved.reward[shape.last[at]]
        sums += np.hstack([table[:, at] @ reward for table in tables[1:]])
    leading = markov.leading(shape, found)
    out = np.zeros((len(piled.draws), 2, shape.channels))
    for kind in (0, 1):
        worth = base[kind] + (piled.draws - 1.0) @ sums[:, kind * width : (kind + 1) * width]
        whole = worth[:, -1:]
        ratio = np.divide(worth[:, :-1], whole, out=np.ones_like(worth[:, :-1]), where=whole > 0)
        out[:, kind] = np.where(leading[:, kind], np.clip(1.0 - ratio, 0.0, 1.0), 0.0)
    return out


def _credit(name: str, point: list[Floats], drawn: list[Floats], effects: Floats | None, options: Options, ranked: tuple[Floats, Floats] | None = None) -> Credit:
    conversions, value = (_with_interval(p, d, options) for p, d in zip(point, drawn, strict=True))
    of_point, of_draws = (_ranks(part) for part in ranked or (point[0][None], drawn[0]))
    rank = _with_interval(of_point[0], of_draws, options)
    return Credit(name, conversions, value, effects, rank)


def _with_interval(point: Floats, drawn: Floats, options: Options) -> Floats:
    if not len(drawn):
        return np.vstack([point, np.full((2, len(point)), np.nan)])
    low, high = percentile(drawn, options.level)
    return np.vstack([point, np.minimum(low, point), np.maximum(high, point)])


def _ranks(values: Floats) -> Floats:
    """Rank of each channel in each line, 1 for the largest; equal ones share the better rank."""
    order = np.argsort(-values, axis=-1, kind="stable")
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(1.0, values.shape[-1] + 1), values.shape), axis=-1)
    return ranks
