"""Attribution by rule of thumb: each rule says what share of a conversion every touch of its path gets.

Every function returns one weight a touch; the weights of a path sum to 1. Nothing is estimated, so the
credits are exact.

=============== =====================================================================================
first, last     all to the first, to the last touch
last_non_direct all to the last touch that is not direct; to the last touch where all are direct
linear          the same to every touch
position        40 % first, 40 % last, 20 % among those between; 50/50 for two touches ("U-shaped")
w_shaped        30 % first, 30 % the touch that made the lead, 30 % the one that opened the deal, 10 % others;
                without known milestones: first, middle, last
time_decay      ½^(age / half-life): a touch one half-life older counts half
own             own shares for first, between and last
=============== =====================================================================================

Shares of positions that do not exist in a short path go to the others in proportion; a touch that holds two
positions gets both. Sources: the rules are industry custom: Google Analytics help "About attribution models"
(position 40/20/40, time decay with half-life), Marketo Measure documentation (W-shaped 30/30/30/10).
"""

from __future__ import annotations

import numpy as np

from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.maths.paths import Paths


def first(paths: Paths) -> Floats:
    """All to the first touch."""
    weights = np.zeros(len(paths.touch))
    weights[paths.start[:-1]] = 1.0
    return weights


def last(paths: Paths) -> Floats:
    """All to the last touch."""
    weights = np.zeros(len(paths.touch))
    weights[paths.start[1:] - 1] = 1.0
    return weights


def last_non_direct(paths: Paths, direct: int | None) -> Floats:
    """All to the last touch whose channel is not `direct`; to the last touch where there is none (or `direct`
    is None).
    """
    places = np.where(paths.touch != direct, paths.place, -1) if direct is not None else paths.place
    latest = np.maximum.reduceat(places, paths.start[:-1]) if len(paths) else places
    chosen = np.where(latest >= 0, latest, paths.length - 1) + paths.start[:-1]
    weights = np.zeros(len(paths.touch))
    weights[chosen] = 1.0
    return weights


def linear(paths: Paths) -> Floats:
    """The same to every touch."""
    return np.repeat(1.0 / paths.length, paths.length)


def position(paths: Paths) -> Floats:
    """40 % first, 20 % between, 40 % last."""
    return own(paths, 0.4, 0.2, 0.4)


def own(paths: Paths, at_first: float, between: float, at_last: float) -> Floats:
    """Own shares for the first touch, all those between, and the last; they need not sum to 1, but to more
    than 0.
    """
    n = paths.length
    total = at_first + at_last + np.where(n > 2, between, 0.0)
    flat = (total <= 0) & (n > 1)  # nothing is left for a short path: then all its touches count the same
    scale = np.where(flat, 1.0, np.where(n == 1, 1.0, total))
    middle = np.where(flat, 1.0 / n, between / np.maximum(n - 2, 1) / scale)
    weights = np.repeat(middle, n)
    weights[paths.start[:-1]] = np.where(flat, 1.0 / n, at_first / scale)
    weights[paths.start[1:] - 1] = np.where(n == 1, 1.0, np.where(flat, 1.0 / n, at_last / scale))
    return weights


def w_shaped(paths: Paths) -> Floats:
    """30 % first, 30 % lead, 30 % deal, 10 % the others; the middle touch for an unknown lead, the last for
    an unknown deal.
    """
    n = paths.length
    lead = (n - 1) // 2 if paths.lead is None else np.where(paths.lead < 0, (n - 1) // 2, paths.lead)
    deal = n - 1 if paths.deal is None else np.where(paths.deal < 0, n - 1, paths.deal)
    begin = paths.start[:-1]
    weights = _among_others(paths, [begin, begin + lead, begin + deal], [0.3, 0.3, 0.3], 0.1)
    return _to_one(paths, weights)


def time_decay(paths: Paths, half_life: float) -> Floats:
    """½^(age / half-life), scaled to 1 a path.

    Without ages a touch is as old as the number of touches after it.
    """
    age = paths.age
    if age is None:
        age = (np.repeat(paths.length, paths.length) - 1 - paths.place).astype(float)
    youngest = np.minimum.reduceat(age, paths.start[:-1]) if len(paths) else age
    # Ages count from the youngest touch, so that a path that lies far back does not vanish in rounding.
    return _to_one(paths, np.exp2(-(age - np.repeat(youngest, paths.length)) / half_life))


def _among_others(paths: Paths, marked: list[Ints], shares: list[float], rest: float) -> Floats:
    weights = np.zeros(len(paths.touch))
    for touches, share in zip(marked, shares, strict=True):
        weights[touches] += share  # one touch a path in each list, so no touch is named twice in one
    plain = np.ones(len(paths.touch), bool)
    for touches in marked:
        plain[touches] = False
    others = np.bincount(paths.owner[plain], minlength=len(paths))
    weights[plain] = rest / others[paths.owner[plain]]
    return weights


def _to_one(paths: Paths, weights: Floats) -> Floats:
    total = np.add.reduceat(weights, paths.start[:-1]) if len(paths) else weights
    scaled: Floats = weights / np.repeat(total, paths.length)
    return scaled
