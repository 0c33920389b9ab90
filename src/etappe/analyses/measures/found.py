"""What a measure hands back, and how a share is read off cases of which some are still open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from etappe.analyses.answer import proportion, share
from etappe.analyses.maths import survival
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.stage_exits import horizon
from etappe.words.result import Figure, Recipe, Row, too_few

OPEN, YES, NO = 0, 1, 2
HOURS = 24.0
WATCHED = 5  # a curve is read as far as so many cases were still watched


@dataclass(frozen=True, eq=False)
class Found:
    """A figure with its recipe, the moment of the newest evidence behind it (days since 1970), and the rows behind.

    `figure` is None where nothing maps to the claim; then `caveats` say what is missing and what to do.
    """

    figure: Figure | None
    recipe: Recipe
    newest: float | None = None
    caveats: tuple[str, ...] = ()
    behind: Callable[[int], list[Row]] | None = None


def nothing(recipe: Recipe, *caveats: str) -> Found:
    """The answer where nothing in the evidence maps to the claim."""
    return Found(None, recipe, caveats=caveats)


def newest(moments: Any) -> float | None:
    """The newest of some moments; None where there is none."""
    known = np.asarray(moments, float)
    known = known[np.isfinite(known)]
    return float(known.max()) if len(known) else None


def share_of(days: Floats, cause: Ints, recipe: Recipe, within: float | None = None) -> Figure:
    """The share of cases that come to YES; those that are OPEN count for as long as they were watched.

    Where no case is open it is the plain share with Wilson's interval. Else it is the cumulative incidence of YES while
    NO competes (Aalen-Johansen), read as far as at least five cases were still watched. With fewer than five cases
    decided it is too few, however many are open.
    """
    if within is not None:
        late = days > within
        cause, days = np.where(late, NO, cause), np.minimum(days, within)
    n, decided = len(cause), int((cause != OPEN).sum())
    if n < recipe.minimum_n or decided < min(WATCHED, n):
        return too_few(n, "share")
    if decided == n:
        return proportion(int((cause == YES).sum()), n, recipe)
    curves = _curves(days, cause)
    low, high = survival.incidence_interval(curves)
    row = int(horizon(curves, WATCHED, within)[0])
    value = float(curves.incidence[row, YES - 1]) if row >= 0 else 0.0
    if value <= 1e-12 or value >= 1 - 1e-12:
        # The bands have no width there; what is decided says how sure it is.
        sure = proportion(round(value) * decided, decided, recipe)
        return Figure(sure.value, sure.low, sure.high, n, unit="share") if sure.value is not None else too_few(n, "share")
    return share(curves.incidence, low, high, row, YES - 1, n, recipe)


def _curves(days: Floats, cause: Ints) -> survival.Curves:
    """The curves, by whole hours: cases are counted first, so that however many there are the curve is short."""
    hours = np.rint(days * HOURS).astype(np.int64)
    size = int(hours.max(initial=0)) + 1
    count = np.bincount(hours * 3 + cause, minlength=size * 3).reshape(size, 3).T
    code, hour = np.nonzero(count)
    return survival.curves(hour / HOURS, code, 2, groups=1, weight=count[code, hour])
