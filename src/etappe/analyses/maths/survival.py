"""Times with an open end: how long until something happens, when for some it has not happened yet.

A case is observed from 0 (or from `entry`, where it came under observation late) to `time`, and then had the
event of `cause` 1, 2, … or was still open (0, *censored*). Open cases count as "at risk" until the day they
were last seen and are never taken for failures.

* **Kaplan-Meier**: ``S(t) = Π (1 - d/n)`` over event times, d events of any cause among n at risk: the
  share still open.
* **Aalen-Johansen**: ``F_k(t) = Σ S(t-) · d_k/n``: the share for which cause k has happened, while the
  other causes compete. ``S + Σ F_k = 1`` always; without open cases F_k is the plain share. Events of several
  causes at one time are exact ties, nothing is jittered.
* Variance of S: Greenwood, ``S² Σ d/(n(n-d))``. Variance of F_k (delta method, Aalen type)::

      Σ (F(t)-F_j)² d/(n(n-d)) + Σ S(t-)² d_k(n-d_k)/n³ - 2 Σ (F(t)-F_j) S(t-) d_k/n²

Sources: E. L. Kaplan, P. Meier, JASA 53 (1958) 457-481; O. O. Aalen, S. Johansen, Scand. J. Statist. 5 (1978)
141-150; M. Greenwood (1926); E. Marubini, M. G. Valsecchi, Analysing Survival Data (1995), chapter 10;
intervals of quantiles: R. Brookmeyer, J. Crowley, Biometrics 38 (1982) 29-41.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from etappe.analyses.maths.bounds import LEVEL, Floats, Ints, z_of

Kind = Literal["log-log", "log", "plain"]


@dataclass(frozen=True, eq=False)
class Curves:
    """The curves of all groups, one row a group and distinct time, in order of group and time.

    Attributes
    ----------
    group, time, at_risk : one entry a row
    events : rows × causes
    survival, hazard_spread : share still open; Greenwood's sum Σ d/(n(n-d))
    incidence, incidence_variance : rows × causes
    bounds : groups + 1
        Group g has the rows bounds[g] to bounds[g + 1].
    """

    group: Ints
    time: Floats
    at_risk: Floats
    events: Floats
    survival: Floats
    hazard_spread: Floats
    incidence: Floats
    incidence_variance: Floats
    bounds: Ints

    @property
    def groups(self) -> int:
        """Number of groups, empty ones too."""
        return len(self.bounds) - 1

    def rows_at(self, when: Any) -> Ints:
        """The last row of each group at or before a time (one for all, or one a group); -1 where there is
        none.
        """
        times = np.broadcast_to(np.asarray(when, float), (self.groups,))
        found = np.full(self.groups, -1, np.int64)
        for code in range(self.groups):
            first, end = self.bounds[code], self.bounds[code + 1]
            place = int(np.searchsorted(self.time[first:end], times[code], side="right"))
            found[code] = first + place - 1 if place else -1
        return found


    def read_at(self, rows: Ints) -> Curves:
        """Of each group only the row that stands at its place in `rows`; the first of all where that is -1."""
        at = np.maximum(rows, 0) if len(self.time) else np.zeros(0, np.int64)
        parts = {part.name: getattr(self, part.name)[at] for part in fields(self) if part.name != "bounds"}
        return Curves(**parts, bounds=np.arange(len(at) + 1))


def curves(
    time: Any,
    cause: Any,
    causes: int = 1,
    group: Any = None,
    groups: int | None = None,
    weight: Any = None,
    entry: Any = None,
) -> Curves:
    """Kaplan-Meier and Aalen-Johansen of every group at once.

    Parameters
    ----------
    time : cases
        How long each case was observed, in any unit, not negative.
    cause : cases
        0 for open, 1 to `causes` for what happened.
    group, groups : cases, number of groups
        Integer codes from 0.
    weight : cases, optional
        How many equal cases the row stands for.
    entry : cases, optional
        Time at which observation began (left truncation): the case is at risk only after it.
    """
    times = np.asarray(time, float)
    codes = np.zeros(len(times), np.int64) if group is None else np.asarray(group, np.int64)
    count = groups if groups is not None else int(codes.max(initial=-1)) + 1
    order = np.lexsort((times, codes))
    t, g = times[order], codes[order]
    what = np.asarray(cause, np.int64)[order]
    w = np.ones(len(t)) if weight is None else np.asarray(weight, float)[order]
    new = np.ones(len(t), bool)
    new[1:] = (t[1:] != t[:-1]) | (g[1:] != g[:-1])
    row = np.cumsum(new) - 1
    rows = int(new.sum())
    exits = _tally(row, w, rows)
    events = _tally(row * (causes + 1) + what, w, rows * (causes + 1)).reshape(rows, causes + 1)[:, 1:]
    bounds = np.searchsorted(g[new], np.arange(count + 1)).astype(np.int64)
    at_risk = _at_risk(exits, g[new], bounds)
    if entry is not None:
        late = np.asarray(entry, float)[order]
        at_risk = at_risk - _not_yet_in(late, w, g, t[new], bounds)
    return _product_limit(g[new], t[new], at_risk, events, bounds)


def _tally(row: Ints, weight: Floats, rows: int) -> Floats:
    return np.asarray(np.bincount(row, weights=weight, minlength=rows), float)


def _running(values: Floats, bounds: Ints) -> Floats:
    """Cumulative sum that starts anew with each group."""
    total = np.cumsum(values, axis=0)
    for start, end in pairwise(bounds):
        if 0 < start < end:
            total[start:end] -= total[start] - values[start]
    return total


def _at_risk(exits: Floats, group: Ints, bounds: Ints) -> Floats:
    if not len(exits):
        return exits
    size = np.add.reduceat(np.concatenate([exits, [0.0]]), bounds[:-1]) * (np.diff(bounds) > 0)
    before: Floats = _running(exits, bounds) - exits
    return np.round(size[group] - before, 9)


def _not_yet_in(entry: Floats, weight: Floats, group: Ints, time: Floats, bounds: Ints) -> Floats:
    """Cases that leave at or after each row's time but had not come under observation before it."""
    out = np.zeros(len(time))
    of_group = np.searchsorted(group, np.arange(len(bounds)))
    for code in range(len(bounds) - 1):
        cases = slice(of_group[code], of_group[code + 1])
        order = np.argsort(entry[cases], kind="stable")
        cumulated = np.concatenate([[0.0], np.cumsum(weight[cases][order])])
        rows = slice(bounds[code], bounds[code + 1])
        inside = cumulated[np.searchsorted(entry[cases][order], time[rows], side="left")]
        out[rows] = cumulated[-1] - inside
    return out


def _product_limit(group: Ints, time: Floats, at_risk: Floats, events: Floats, bounds: Ints) -> Curves:
    d = events.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(at_risk > 0, d / at_risk, 0.0)
        per_head = np.where(at_risk > 0, 1 / at_risk, 0.0)
        # Where all at risk had the event, S is 0 from there on and the spread adds nothing: F no longer
        # moves.
        all_gone = hazard >= 1
        spread = np.where(all_gone | (at_risk <= 0), 0.0, d / (at_risk * (at_risk - d)))
    logs = np.log1p(-np.where(all_gone, 0.0, hazard))
    survival = np.exp(_running(logs, bounds)) * (_running(all_gone.astype(float), bounds) == 0)
    before = np.ones(len(survival))
    before[1:] = survival[:-1]
    before[bounds[:-1][bounds[:-1] < bounds[1:]]] = 1.0
    whole = _running(spread, bounds)
    incidence, variance = np.zeros(events.shape), np.zeros(events.shape)
    # One cause after the other: sums along a row are several times as fast as down the columns of a table.
    for cause in np.flatnonzero(events.any(axis=0)):
        with np.errstate(divide="ignore", invalid="ignore"):
            hazard = np.where(at_risk > 0, events[:, cause] / at_risk, 0.0)
        steps = before * hazard
        own = before**2 * hazard * (1 - hazard) * per_head
        share = _running(steps, bounds)
        incidence[:, cause] = share
        variance[:, cause] = _incidence_variance(share, own, steps * per_head, spread, whole, bounds)
    return Curves(group, time, at_risk, events, survival, whole, incidence, variance, bounds)


def _incidence_variance(share: Floats, own: Floats, cross: Floats, spread: Floats, whole: Floats, bounds: Ints) -> Floats:
    """The three sums of the variance of one cause, multiplied out so that one pass over the rows is enough."""
    square = share**2
    sums = square * whole - 2 * share * _running(share * spread, bounds)
    sums += _running(square * spread, bounds) + _running(own, bounds)
    sums -= 2 * (share * _running(cross, bounds) - _running(share * cross, bounds))
    return np.maximum(sums, 0.0)


def survival_interval(found: Curves, kind: Kind = "log-log", level: float = LEVEL) -> tuple[Floats, Floats]:
    """Pointwise interval of S(t). ``log-log`` (``S^exp(±z·σ/log S)``) stays in 0 to 1 and keeps its level
    best.

    ``log`` is R's default, ``plain`` is S ± z·se (Greenwood). Where S is 1 or 0 both ends are S.
    """
    z, s, sigma = z_of(level), found.survival, np.sqrt(found.hazard_spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        if kind == "plain":
            low, high = s - z * s * sigma, s + z * s * sigma
        elif kind == "log":
            low, high = s * np.exp(-z * sigma), s * np.exp(z * sigma)
        else:
            turn = z * sigma / np.log(s)
            low, high = s ** np.exp(-turn), s ** np.exp(turn)
    sure = (s <= 0) | (s >= 1)
    return np.where(sure, s, np.clip(low, 0, 1)), np.where(sure, s, np.clip(high, 0, 1))


def incidence_interval(found: Curves, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Pointwise log-log interval of each F_k(t): ``F^exp(±z·se/(F·log F))``.

    Where F is 0 or 1 both ends are F.
    """
    f, error = found.incidence, np.sqrt(found.incidence_variance)
    return log_log(f, error, level)


def log_log(share: Floats, error: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Log-log interval of a share from its standard error; the share itself where it is 0 or 1."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        turn = z_of(level) * error / (share * np.log(share))
        low, high = share ** np.exp(-turn), share ** np.exp(turn)
    sure = (share <= 1e-12) | (share >= 1 - 1e-12)
    return np.where(sure, share, low), np.where(sure, share, high)


def quantiles(found: Curves, q: float = 0.5, kind: Kind = "log-log", level: float = LEVEL) -> Floats:
    """Time by which a share q is no longer open, with the interval got by inverting the bands: groups × 3.

    The value is the first time with S(t) ≤ 1 - q. nan: never reached in what was observed.
    """
    low, high = survival_interval(found, kind, level)
    return np.column_stack([_first_under(found, curve, 1 - q) for curve in (found.survival, low, high)])


def _first_under(found: Curves, curve: Floats, share: float) -> Floats:
    rows = np.flatnonzero(curve <= share + 1e-12)
    out = np.full(found.groups, np.nan)
    groups, place = np.unique(found.group[rows], return_index=True)
    out[groups] = found.time[rows[place]]
    return out


def time_to(found: Curves, cause: int, until: Ints, q: float = 0.5, level: float = LEVEL) -> Floats:
    """Time by which a share q of those *who get there* by cause k have got there: groups × (value, low,
    high).

    ``F_k(t) = q · F_k(end)``, with `until` the row that ends each group's view (see `Curves.rows_at`). Every
    event carries the weight S(t-)/n of its step in F_k, so the interval is that of an order statistic with
    the effective number of events (Kish): ``n_eff = (Σ w)²/Σ w²`` and ``q ± z·√(q(1-q)/n_eff)`` read off the
    curve. nan where an end is not reached.
    """
    z = z_of(level)
    out = np.full((found.groups, 3), np.nan)
    for code in range(found.groups):
        rows = slice(found.bounds[code], until[code] + 1)
        f, d = found.incidence[rows, cause - 1], found.events[rows, cause - 1]
        if until[code] < 0 or not len(f) or f[-1] <= 0:
            continue
        step = np.diff(f, prepend=0.0)
        effective = f[-1] ** 2 / np.sum(step[d > 0] ** 2 / d[d > 0])
        half = z * np.sqrt(q * (1 - q) / effective)
        for place, share in enumerate((q, q - half, q + half)):
            if 0 < share <= 1:
                out[code, place] = found.time[rows][np.searchsorted(f, share * f[-1] - 1e-12)]
    return out
