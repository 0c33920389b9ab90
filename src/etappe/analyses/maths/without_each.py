"""What is lost without each channel, for many chains of one shape at once: the draws of a resample.

A channel is removed by sending every move to it into nothing. So once all other states are eliminated (their rows of ``h =
r + Q h`` put into the others'), start and the channel's own states C are left, and what is lost without it is ``f · h_C``:
the chance to get to each of its states first, times what that is worth from there. Which states are eliminated has much in
common between channels: the states of half the channels are eliminated for all of the other half, of those again a half,
and so on. That is half the work of one inverse, and more than half of what is left is spared where states remember (order
2, 3, …): there each state is entered from those of one channel alone, and only those entered from within the eliminated
half have to be solved for.

Source: block elimination and Schur complements, G. H. Golub, C. F. Van Loan, Matrix Computations (2013), chapter 3; "all
but one" by halves: as products of all factors but one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etappe.analyses.maths.bounds import Floats, Ints


@dataclass(frozen=True, eq=False)
class Moving:
    """Chains of one shape: chance of each move in each of them, and what each state brings.

    Parameters
    ----------
    states : int
        State 0 is the start, which no move leads to.
    before, after : moves
        The states of each move; no pair comes twice.
    chance : chains × moves
    rewards : chains × states × rewards
    """

    states: int
    before: Ints
    after: Ints
    chance: Floats
    rewards: Floats

    def part(self, rows: Ints, columns: Ints) -> Floats:
        """The chances to move from some states to others: chains × rows × columns."""
        row, column = self._place(rows), self._place(columns)
        here = np.flatnonzero((row[self.before] >= 0) & (column[self.after] >= 0))
        table = np.zeros((len(self.chance), len(rows), len(columns)))
        table[:, row[self.before[here]], column[self.after[here]]] = self.chance[:, here]
        return table

    def entered(self, states: Ints, origins: Ints) -> Ints:
        """Those of some states that are entered from others, in order."""
        there = self._place(origins)[self.before] >= 0
        return states[np.isin(states, self.after[there])]

    def _place(self, some: Ints) -> Ints:
        place = np.full(self.states, -1, np.int64)
        place[some] = np.arange(len(some))
        return place


def lost_without(moving: Moving, blocks: list[Ints]) -> tuple[Floats, Floats]:
    """Rewards expected from the start, and how much of them is lost without each channel.

    Parameters
    ----------
    blocks : a list of states for each channel
        Every state but the start is in one.

    Returns
    -------
    base : chains × rewards
    lost : chains × channels × rewards
    """
    chains, _, kinds = moving.rewards.shape
    base, lost = moving.rewards[:, 0].copy(), np.zeros((chains, len(blocks), kinds))
    there = [channel for channel, block in enumerate(blocks) if len(block)]
    sizes = [len(blocks[channel]) for channel in there]
    halves = [(there, _whole(moving, blocks, there))]
    if len(there) > 1:
        cut = _middle(sizes)
        halves = [(kept, _half(moving, blocks, kept, gone)) for kept, gone in ((there[:cut], there[cut:]), (there[cut:], there[:cut]))]
    for kept, system in halves:
        _down(system, kept, [len(blocks[channel]) for channel in kept], base, lost, there[0])
    return base, lost


def _middle(sizes: list[int]) -> int:
    """Where to cut a list into two parts of about the same sum, neither empty."""
    ends = np.cumsum(sizes)
    return 1 + int(np.argmin(np.abs(2 * ends[:-1] - ends[-1])))


def _whole(moving: Moving, blocks: list[Ints], kept: list[int]) -> Floats:
    """The system of some channels' states, and of the start as its last row; rewards are its last columns."""
    states = np.concatenate([np.zeros(0, np.int64), *(blocks[channel] for channel in kept)])
    rows = np.append(states, 0)
    return np.concatenate([moving.part(rows, states), moving.rewards[:, rows]], axis=2)


def _half(moving: Moving, blocks: list[Ints], kept: list[int], gone: list[int]) -> Floats:
    """The same, with the states of the other channels eliminated."""
    system = _whole(moving, blocks, kept)
    mine, others = (np.concatenate([blocks[channel] for channel in part]) for part in (kept, gone))
    rows = np.append(mine, 0)
    inner, doors, back = moving.entered(others, others), moving.entered(others, rows), moving.entered(mine, others)
    from_inner, from_doors = (np.concatenate([moving.part(some, back), moving.rewards[:, some]], axis=2) for some in (inner, doors))
    if len(inner):
        from_doors += moving.part(doors, inner) @ _solved(moving.part(inner, inner), from_inner)
    columns = np.append(np.flatnonzero(np.isin(mine, back)), len(mine) + np.arange(moving.rewards.shape[2]))
    system[:, :, columns] += moving.part(rows, doors) @ from_doors
    return system


def _solved(q: Floats, right: Floats) -> Floats:
    own = np.negative(q)
    own.reshape(len(own), -1)[:, :: q.shape[1] + 1] += 1.0
    return np.asarray(np.linalg.solve(own, right), float)


def _down(system: Floats, channels: list[int], sizes: list[int], base: Floats, lost: Floats, first: int) -> None:
    """From a system of some channels to those of each of them, by halves."""
    states = system.shape[1] - 1
    if len(channels) == 1:
        worth = _solved(system[:, :states, :states], system[:, :states, states:])
        lost[:, channels[0]] = (system[:, states:, :states] @ worth)[:, 0]
        if channels[0] == first:
            base[:] = system[:, states, states:] + lost[:, first]
        return
    cut = _middle(sizes)
    middle = sum(sizes[:cut])
    low, high, ends = slice(0, middle), slice(middle, states), slice(states, None)
    _down(_left(system, low, high, ends), channels[:cut], sizes[:cut], base, lost, first)
    _down(_left(system, high, low, ends), channels[cut:], sizes[cut:], base, lost, first)


def _left(system: Floats, kept: slice, gone: slice, ends: slice) -> Floats:
    """A system with some of its states eliminated."""
    solved = _solved(system[:, gone, gone], np.concatenate([system[:, gone, kept], system[:, gone, ends]], axis=2))
    many = kept.stop - kept.start
    left = np.empty((len(system), many + 1, solved.shape[2]))
    # Part by part into its place: to put the parts together and then add them up is to copy them thrice.
    for here, rows in ((slice(0, many), kept), (slice(many, None), ends)):
        np.matmul(system[:, rows, gone], solved, out=left[:, here])
        left[:, here, :many] += system[:, rows, kept]
        left[:, here, many:] += system[:, rows, ends]
    return left
