"""What a chain of channels says of what is missing in a chain that remembers more.

States that end in the same channel are worth about as much, and the slowest thing about a fixed point is that all of them
rise together, a touch at a time. So what is missing is summed up by channel, solved for in the chain of channels alone, and
shared out to their states; a step along the true chain puts the states of a channel apart again. Without a channel the
coarse system is another one by a single column, which costs no other solution (Sherman and Morrison).

Source: W. J. Stewart, Introduction to the Numerical Solution of Markov Chains (1994), chapter 6: aggregation and
disaggregation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from etappe.analyses.maths.bounds import Floats, Ints


@dataclass(frozen=True, eq=False)
class Coarse:
    """The system ``h = constant + q (h · keep)`` summed up by channel.

    `summed` (groups × states; the start is a group, and each channel) sums up, `ahead` sums up where a step leads, `spread`
    (states × groups) shares out; `inverse` is that of the coarse system with all channels, `without` (groups × channels) what it changes
    by where one is removed.
    """

    summed: sparse.csr_matrix
    ahead: sparse.csr_matrix
    spread: sparse.csr_matrix
    inverse: Floats
    without: Floats

    @classmethod
    def of(cls, q: sparse.csr_matrix, channel: Ints, channels: int, weight: Floats, share: Floats) -> Coarse:
        """Of states that end in `channel` (-1 the start); each counts with `weight`, and gets its `share` of its channel's."""
        states, groups = len(channel), channels + 1
        group = channel + 1
        shared = share / np.bincount(group, weight * share, groups)[group]
        summed = sparse.csr_matrix((weight, (group, np.arange(states))), shape=(groups, states))
        spread = sparse.csr_matrix((shared, (np.arange(states), group)), shape=(states, groups))
        ahead = sparse.csr_matrix(summed @ q)
        moved = (ahead @ spread).toarray()
        inverse = np.asarray(np.linalg.inv(np.eye(groups) - moved), float)
        without = (inverse @ moved)[:, 1:]
        return cls(summed, ahead, spread, inverse, without / (1.0 + np.diagonal(without, offset=-1)))

    def missing(self, summed: Floats) -> Floats:
        """About what is still missing: states × (channels + 1), the last column with all of them, as is the summed residual.

        After a step that changed `found` by so much, the summed residual is ``ahead @ (change · keep)``: no other step has to
        be taken to know it.
        """
        coarse = self.inverse @ summed
        coarse[:, :-1] -= self.without * np.diagonal(coarse[:, :-1], offset=-1)
        return np.asarray(self.spread @ coarse)
