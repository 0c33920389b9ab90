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

from etappe.analyses.maths.bounds import Floats
from etappe.analyses.maths.paths import Paths


def shapley(paths: Paths) -> Floats:
    """One weight a touch: 1 ÷ distinct channels for the first touch of each channel in its path, 0 for its
    repeats.
    """
    if not len(paths):
        return np.zeros(0)
    pair = paths.owner.astype(np.int64) * paths.channels + paths.touch
    order = np.argsort(pair, kind="stable")
    new = np.ones(len(pair), bool)
    new[1:] = pair[order][1:] != pair[order][:-1]
    leads = np.zeros(len(pair), bool)
    leads[order[new]] = True
    distinct = np.add.reduceat(leads.astype(float), paths.start[:-1])
    weights: Floats = leads / np.repeat(distinct, paths.length)
    return weights
