"""Attribution by removal: how many conversions would be missed if a channel led nowhere?

Paths are read as an absorbing Markov chain of order k: the state is the last k touches, from it the next
touch, the conversion or the end in nothing follows as often as it did in the data. ``N = (I - Q)⁻¹`` has the
expected visits, ``p = N r`` the probability to convert from each state, p₀ that from the start. Removing
channel c sends every move to it into nothing; its **removal effect** is the share of conversions lost, ``RE_c
= 1 - P(convert without c)/p₀``, and credits are the conversions split in proportion to the effects.

Everything is exact linear algebra, no path is simulated:

* few states: ``RE_c = f · p_C/p₀``, the states C that end in c by the chance f to get to each of them first; for all
  channels, and all draws of a resample, by elimination (:mod:`etappe.analyses.maths.without_each`);
* many states: all channels at once by the fixed point ``h = r + Q (h · keep)``, one column a channel, to
  1e-11. As most states of a channel are worth about as much, what is still missing is first shared out by the chain of
  channels (:mod:`etappe.analyses.maths.coarse`), which takes a tenth of the steps.

**Value version:** a conversion from a state brings the mean value of the conversions that came from it: ``r``
is replaced by value over moves. Repeats of a channel change nothing in order 1 (a visit is a visit).

Sources: E. Anderl, I. Becker, F. v. Wangenheim, J. H. Schumann, Mapping the customer journey, Int. J.
Research in Marketing 33 (2016) 457-474; J. G. Kemeny, J. L. Snell, Finite Markov Chains (1960), chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.maths.coarse import Coarse
from etappe.analyses.maths.paths import Paths, Units
from etappe.analyses.maths.without_each import Moving, lost_without

DENSE_STATES = 1500
TOLERANCE = 1e-11
MOST_STEPS = 100_000
PATIENCE = 20  # steps after which the chain of channels has to have left a tenth of what was missing at most
AT_ONCE = 1 << 19  # touches that are given codes at a time
MOVES_AT_ONCE = 1 << 12  # moves whose influence is worked out at a time


@dataclass(frozen=True, eq=False)
class Chain:
    """The shape of the chain: which states there are and which move each touch is.

    State 0 is the start. `move` is the code of each touch's move; `before` and `after` are the states of each
    move; `last` is the state each path ends in; `channel` is the channel a state ends in (-1 for the start).
    """

    states: int
    channels: int
    move: Ints
    before: Ints
    after: Ints
    last: Ints
    channel: Ints

    @property
    def moves(self) -> int:
        """Number of different moves."""
        return len(self.before)


def chain(paths: Paths, order: int = 1) -> Chain:
    """The chain of order 1, 2, 3, … of some paths.

    A state of order k is the last k touches, fewer near the start.
    """
    base = paths.channels + 1
    if base**order > 2**62:
        raise ValueError(f"{paths.channels} channels are too many for order {order}")
    touches = len(paths.touch)
    names = _Codes.of((_grams(part, order) for _, part in paths.parts()), touches, base**order)
    states = len(names.keys) + 1
    # Numbers of moves stand where their keys stood: there is one a touch, and they are most of what a chain takes.
    move = np.empty(touches, _narrowest(states * paths.channels))
    last = np.empty(len(paths), np.int64)
    for at, part in paths.parts():
        state = names.codes(_grams(part, order)) + 1
        last[at] = state[part.start[1:] - 1]
        here = move[paths.start[at.start] : paths.start[at.stop]]
        here[1:] = state[:-1]
        here[part.start[:-1]] = 0
        here *= paths.channels
        here += part.touch.astype(here.dtype)
    found = _Codes.of((move[low : low + AT_ONCE] for low in range(0, touches, AT_ONCE)), touches, states * paths.channels)
    for low in range(0, touches, AT_ONCE):
        move[low : low + AT_ONCE] = found.codes(move[low : low + AT_ONCE])
    before = found.keys // paths.channels
    channel = np.concatenate([[-1], names.keys % base - 1]).astype(np.int64)
    return Chain(states, paths.channels, move.astype(np.int32, copy=False), before, _after(before, found.keys % paths.channels, names, base, order), last, channel)


def _grams(paths: Paths, order: int) -> Any:
    """The last `order` touches at each touch as one number, 0 for those before the first."""
    base = paths.channels + 1
    kind = _narrowest(base**order)
    gram = paths.touch.astype(kind) + kind(1)
    for back in range(1, order):
        earlier = (paths.touch[:-back].astype(kind) + kind(1)) * kind(base**back)
        for place in range(back):  # the first touches of a path have nothing so far back
            young = paths.start[:-1][paths.length > place] + place - back
            earlier[young[young >= 0]] = 0
        gram[back:] += earlier
    return gram


def _after(before: Ints, touch: Ints, names: _Codes, base: int, order: int) -> Ints:
    """The state that each move leads to: the touches of the one before, the oldest gone, and one more."""
    gram = np.concatenate([[0], names.keys])[before]
    return names.codes(gram % base ** (order - 1) * base + touch + 1).astype(np.int64) + 1


def _narrowest(space: int) -> type[np.signedinteger[Any]]:
    """The type of codes up to `space`: there is one a touch, and they are most of what a chain takes."""
    return np.int32 if space < 2**31 else np.int64


@dataclass(frozen=True, eq=False)
class _Codes:
    """The distinct keys in order; their places are codes, found without searching where `table` has one for every key there may be."""

    keys: Ints
    table: npt.NDArray[np.int32] | None

    @classmethod
    def of(cls, keys: Iterable[Any], number: int, space: int) -> _Codes:
        """The codes of `number` keys from 0 to under `space`, that come in parts."""
        if space > max(4 * number, 1 << 20):
            found = np.unique(np.concatenate([np.zeros(0, np.int64), *(np.unique(part) for part in keys)]))
            return cls(found.astype(np.int64), None)
        seen = np.zeros(space, bool)
        for part in keys:
            seen[part] = True
        return cls(np.flatnonzero(seen).astype(np.int64), (np.cumsum(seen) - 1).astype(np.int32))

    def codes(self, keys: Any) -> npt.NDArray[np.int32]:
        """The codes of keys that are among them."""
        return np.asarray(np.searchsorted(self.keys, keys).astype(np.int32) if self.table is None else self.table[keys])
@dataclass(frozen=True, eq=False)
class Counts:
    """How often each move was made, and each state ended in a conversion, with what value, or in nothing."""

    moves: Floats
    conversions: Floats
    value: Floats
    nulls: Floats


def counts(shape: Chain, paths: Paths, units: Units) -> Counts:
    """The counts of all units."""
    sums = [_tally(units.path, part, len(paths)) for part in (units.conversions, units.value, units.nulls)]
    went, moves = sums[0] + sums[2], np.zeros(shape.moves)
    for at, part in paths.parts():
        moves += _tally(shape.move[paths.start[at.start] : paths.start[at.stop]], np.repeat(went[at], part.length), shape.moves)
    return Counts(moves, *(_tally(shape.last, part, shape.states) for part in sums))


def _tally(codes: Ints, weights: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(codes, weights=weights, minlength=size), float)


def passes(shape: Chain, paths: Paths, at_once: int = 0) -> Iterator[tuple[slice, sparse.csr_matrix]]:
    """How often each path makes each move: so many paths at a time × moves."""
    for at, part in paths.parts(at_once):
        move = shape.move[paths.start[at.start] : paths.start[at.stop]]
        yield at, sparse.csr_matrix((np.ones(len(move), np.float32), move, part.start), shape=(len(part), shape.moves))


@dataclass(frozen=True, eq=False)
class Effects:
    """Probability to convert (and value) from the start, and the removal effect of each channel on both."""

    probability: float
    worth: float
    conversions: Floats
    value: Floats


def removal_effects(shape: Chain, found: Counts, worths: list[Floats] | None = None) -> Effects:
    """Removal effect of every channel on conversions and on value, 0 to 1; `worths` where they are known already."""
    if shape.states <= DENSE_STATES and worths is None:
        base, lost = (part[0] for part in _lost(shape, Counts(*(part[None] for part in (found.moves, found.conversions, found.value, found.nulls)))))
    else:
        begun = np.column_stack([worth[0] for worth in worths or worths_without(shape, found)])
        base, lost = begun[-1], np.where(leading(shape, found), begun[-1] - begun[:-1], 0.0)
    effects = _of_base(lost, base)
    return Effects(float(base[0]), float(base[1]), effects[:, 0], effects[:, 1])


def leading(shape: Chain, found: Counts) -> npt.NDArray[np.bool_]:
    """Whether any conversion, and any value, is reached from a channel: channels × 2. Without one from which none is, nothing
    is lost, where steps leave a trace of rounding.
    """
    moved = found.moves > 0
    back = sparse.csr_matrix((np.ones(int(moved.sum()), np.float32), (shape.before[moved], shape.after[moved])), shape=(shape.states, shape.states))
    reaching, fresh = np.zeros((shape.states, 2), bool), np.column_stack([found.conversions > 0, found.value > 0])
    while (fresh & ~reaching).any():
        reaching |= fresh
        fresh = (back @ reaching.astype(np.float32)) > 0
    return np.array([reaching[block].any(axis=0) for block in blocks(shape)]).reshape(-1, 2)


def effects_of_draws(shape: Chain, drawn: Counts) -> Floats:
    """Removal effects of many draws, each part of whose counts has a row a draw: draws × channels × (conversions, value)."""
    base, lost = _lost(shape, drawn)
    return _of_base(lost, base[:, None])


def _of_base(lost: Floats, base: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(np.where(base > 0, lost / base, 0.0), 0.0, 1.0)


def _lost(shape: Chain, drawn: Counts) -> tuple[Floats, Floats]:
    """Conversions and value expected from the start, and what of them is lost without each channel, by draw."""
    left = np.stack([_tally(shape.before, moves, shape.states) for moves in drawn.moves]) + drawn.conversions + drawn.nulls
    out = np.where(left > 0, left, 1.0)
    rewards = np.stack([drawn.conversions, drawn.value], axis=2) / out[:, :, None]
    return lost_without(Moving(shape.states, shape.before, shape.after, drawn.moves / out[:, shape.before], rewards), blocks(shape))


def _out_of(shape: Chain, found: Counts) -> Floats:
    """How often each state was left; 1 for states never seen, so that they can be divided by."""
    out = _tally(shape.before, found.moves, shape.states) + found.conversions + found.nulls
    return np.where(out > 0, out, 1.0)


def _sparse(shape: Chain, chance: Floats) -> sparse.csr_matrix:
    return sparse.csr_matrix((chance, (shape.before, shape.after)), shape=(shape.states, shape.states))


def blocks(shape: Chain) -> list[Ints]:
    """The states that end in each channel."""
    order = np.argsort(shape.channel, kind="stable")
    ends = np.searchsorted(shape.channel[order], np.arange(shape.channels + 1))
    return [order[ends[c] : ends[c + 1]] for c in range(shape.channels)]


def keeps(shape: Chain) -> Floats:
    """States × (channels + 1): 0 where the state ends in the removed channel, else 1; the last column removes
    nothing.
    """
    keep = np.ones((shape.states, shape.channels + 1))
    inner = np.flatnonzero(shape.channel >= 0)
    keep[inner, shape.channel[inner]] = 0.0
    return keep


def worths_without(shape: Chain, found: Counts) -> list[Floats]:
    """Expected conversions, and expected value, from each state without each channel; last column with all: each states ×
    (channels + 1).
    """
    out = _out_of(shape, found)
    q = _sparse(shape, found.moves / out[shape.before])
    coarse = Coarse.of(q, shape.channel, shape.channels, out, np.ones(shape.states))

    def expected(reward: Floats) -> Floats:
        return fixed_point(shape, q, np.repeat((reward / out)[:, None], shape.channels + 1, axis=1), coarse)

    with ThreadPoolExecutor(2) as pool:  # the longest of all models: where others are done it has two cores
        return list(pool.map(expected, (found.conversions, found.value)))


def fixed_point(shape: Chain, q: sparse.csr_matrix, constant: Floats, coarse: Coarse) -> Floats:
    """Solves ``h = constant + q (h · keep)`` column by column, until a step changes less than `TOLERANCE`.

    One step is one touch further along the paths, so alone as many would be needed as the longer paths have touches, and
    more; `coarse` says what they come to, as long as that brings them nearer.
    """
    found = constant.copy()
    limit = TOLERANCE * max(float(np.abs(constant).max(initial=0.0)), 1e-300)
    inner = np.flatnonzero(shape.channel >= 0)
    removed = shape.channel[inner]

    before, helps = np.inf, True
    for steps in range(MOST_STEPS):
        whole = found[inner, removed]
        found[inner, removed] = 0.0  # as `· keep`, which would read as much again
        fresh: Floats = q @ found
        fresh += constant
        found[inner, removed] = whole
        change = np.subtract(fresh, found, out=found)
        found = fresh
        gap = float(max(change.max(initial=0.0), -change.min(initial=0.0)))
        if gap <= limit:
            break
        if steps % PATIENCE == PATIENCE - 1:  # a step may well lead away, but not many of them
            before, helps = gap, helps and gap < 0.1 * before
        if helps:
            change[inner, removed] = 0.0
            found += coarse.missing(coarse.ahead @ change)
    return found


def influence(shape: Chain, found: Counts, worths: list[Floats] | None = None) -> tuple[Floats, Influence]:
    """How each path moves the probability to convert, and the value, without each channel: the first
    derivative.

    With y the expected visits and h the worth of each state, one more unit on a path changes the worth of the
    start by ``Σ over its moves s→x of y(s) · (h(x) - h(s))/out(s)``, and at its end by ``y(s) · (reward -
    h(s))/out(s)``. So what a resample of the units does to all removal effects is one matrix product, with no
    chain solved again.

    Returns
    -------
    base : 2 × (channels + 1)
        Worth of the start without each channel (last column: with all), in conversions and in value.
    influence : Influence
    """
    out = _out_of(shape, found)
    q = _sparse(shape, found.moves / out[shape.before])
    keep = keeps(shape)
    begin = np.zeros((shape.states, shape.channels + 1))
    begin[0] = 1.0
    back = sparse.csr_matrix(q.T)
    visits = fixed_point(shape, back, begin, Coarse.of(back, shape.channel, shape.channels, np.ones(shape.states), out)) * keep / out[:, None]
    known = worths or worths_without(shape, found)
    width = shape.channels + 1
    # Single precision is enough for how far a figure moves, and the product with it is where the time goes.
    gains = np.empty((shape.moves, len(known) * width), np.float32)
    for kind, worth in enumerate(known):
        after = worth * keep
        for low in range(0, shape.moves, MOVES_AT_ONCE):
            at = slice(low, low + MOVES_AT_ONCE)
            before = shape.before[at]
            gains[at, kind * width : (kind + 1) * width] = visits[before] * (after[shape.after[at]] - worth[before])
    return np.array([worth[0] for worth in known]), Influence(gains, np.hstack([visits * worth for worth in known]), visits)


@dataclass(frozen=True, eq=False)
class Influence:
    """What one unit on a path adds: by each move it makes and by the state it ends in (in conversions, then in value: a
    column each for every channel removed, and for none), and by each conversion or unit of value there.
    """

    moves: npt.NDArray[np.float32]
    ends: Floats
    reward: Floats

    def passing(self, moved: sparse.csr_matrix, last: Ints) -> Floats:
        """By passing along some paths: paths × 2 (channels + 1)."""
        return np.asarray(moved @ self.moves - self.ends[last], float)
