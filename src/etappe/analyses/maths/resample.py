"""Resampling accounts: how far would a figure move, had another draw of the same kind of accounts come along?

Events of one account belong together, so accounts are drawn (with replacement), never events. All draws and
all quantities are one matrix product::

    resampled (draws × quantities) = weights (draws × piles) · sums (piles × quantities)

Accounts beyond `PILES` are first dealt like cards into that many equal piles, and piles are drawn. As the
accounts of a pile are a random sample, the spread between piles is the spread of accounts (variance of a
pile's sum = accounts in it × variance of one), so the interval stays right while the matrix stays small. With
fewer accounts every pile is one account, and this is the ordinary bootstrap.

Sources: B. Efron, Ann. Statist. 7 (1979) 1-26; random groups: K. Wolter, Introduction to Variance Estimation
(2007), chapter 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from etappe.analyses.maths.bounds import LEVEL, Floats, Ints, percentile

PILES = 1000
DRAWS = 200


def deal(n: int, piles: int = PILES, seed: int = 0) -> tuple[Ints, int]:
    """Deals n accounts into piles of equal size (± 1): the pile of each account, and the number of piles."""
    if n <= piles:
        return np.arange(n, dtype=np.int64), n
    shuffled = np.random.default_rng(seed).permutation(n)
    return (shuffled % piles).astype(np.int64), piles


def weights(piles: int, draws: int = DRAWS, seed: int = 0) -> Floats:
    """How often each draw takes each pile: draws × piles, every row sums to `piles`."""
    generator = np.random.default_rng(seed + 1)
    picked = generator.integers(0, piles, size=(draws, piles))
    flat = picked + np.arange(draws)[:, None] * piles
    return np.bincount(flat.ravel(), minlength=draws * piles).reshape(draws, piles).astype(float)


def ratios(
    above: Any, below: Any, draws: int = DRAWS, level: float = LEVEL, seed: int = 0
) -> tuple[Floats, Floats, Floats]:
    """Ratios of sums over accounts, with their intervals: means (below = number of events), shares, costs per
    deal.

    Parameters
    ----------
    above, below : accounts × quantities
        What each account adds to the numerator and to the denominator of each ratio.

    Returns
    -------
    value, low, high : one entry a quantity; nan where the denominator is 0.
    """
    top = np.atleast_2d(np.asarray(above, float).T).T
    bottom = np.broadcast_to(np.atleast_2d(np.asarray(below, float).T).T, top.shape)
    pile, piles = deal(len(top), seed=seed)
    sums = np.reshape([np.bincount(pile, column, minlength=piles) for column in (*top.T, *bottom.T)], (2 * top.shape[1], piles)).T
    resampled = weights(piles, draws, seed) @ sums
    with np.errstate(divide="ignore", invalid="ignore"):
        value = top.sum(axis=0) / bottom.sum(axis=0)
        each = resampled[:, : top.shape[1]] / resampled[:, top.shape[1] :]
    low, high = percentile(np.where(np.isfinite(each), each, np.nan), level)
    return np.where(np.isfinite(value), value, np.nan), low, high
