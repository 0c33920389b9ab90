"""Shapley value of channels, in closed form.

The game: a set of channels is worth the conversions of the paths that need no other channel,
``v(S) = Σ conversions of paths whose channels ⊆ S``. The Shapley value of a channel is its mean contribution
over all orders in which channels may join. As v is a sum of one "all of these or nothing" game a path, and in
such a game all needed players are alike, **each conversion is shared equally among the distinct channels of
its path**: no sampling, no cut-off at a number of channels.

It answers "who was needed", not "who was touched often": a channel counts once a path, wherever and however
often.

Sources: L. S. Shapley, A value for n-person games (1953); K. Zhao, S. H. Mahboobi, S. R. Bagheri, Shapley
value methods for attribution modeling in online advertising, arXiv:1804.05327 (2018), simplified formula.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from etappe.analyses.maths.bounds import Floats
from etappe.analyses.maths.paths import Paths

MARKED = 2_000_000  # paths × channels that are marked in a table at a time, which is quicker than putting touches in order


def shapley(paths: Paths) -> Floats:
    """One weight a touch: 1 ÷ distinct channels for the first touch of each channel in its path, 0 for its
    repeats.
    """
    if not len(paths):
        return np.zeros(0)
    leads = first_of_each(paths)
    distinct = np.add.reduceat(leads, paths.start[:-1], dtype=np.int32)
    weights: Floats = leads / np.repeat(distinct, paths.length)
    return weights


def first_of_each(paths: Paths) -> npt.NDArray[np.bool_]:
    """Whether each touch is the first of its channel in its path."""
    firsts = [np.zeros(0, bool)]
    for _, part in paths.parts(max(MARKED // max(paths.channels, 1), 1)):
        pair = part.owner * paths.channels + part.touch
        place = np.arange(len(pair), dtype=np.int32)
        earliest = np.empty(len(part) * paths.channels, np.int32)
        earliest[pair[::-1]] = place[::-1]  # of several the last one written stays
        firsts.append(earliest[pair] == place)
    return np.concatenate(firsts)
