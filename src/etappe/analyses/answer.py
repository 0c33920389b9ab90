"""From numbers to an answer: figures with their n, and a Result with population, period, query and the rows
behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ibis.expr.types as ir
import numpy as np

from etappe.analyses.analysis import Params, Tables
from etappe.analyses.maths.bounds import Floats, wilson, wilson_of_one
from etappe.analyses.narrowing import narrowed
from etappe.analyses.population import asked
from etappe.words.result import Figure, Query, Recipe, Result, Row, too_few
from etappe.words.said import said


def number(value: Any) -> float | None:
    """A number, or None where it is nan or infinite."""
    return float(value) if value is not None and np.isfinite(value) else None


def figure(value: Any, low: Any, high: Any, n: Any, recipe: Recipe, unit: str = "", why: str = "no data") -> Figure:
    """A figure; "too few" under the recipe's minimum n, `why` where the value does not exist."""
    if n < recipe.minimum_n:
        return too_few(int(n), unit)
    if number(value) is None:
        return Figure(None, n=int(n), why=why, unit=unit)
    return Figure(float(value), number(low), number(high), int(n), unit=unit)


def share(value: Floats, low: Floats, high: Floats, row: int, column: int, n: int, recipe: Recipe) -> Figure:
    """One entry of a curve with its bands; of a share that is 0 or 1, where the bands have no width, Wilson's
    interval.
    """
    if n < recipe.minimum_n or row < 0:
        return too_few(n, "share")
    here = float(value[row, column])
    if here <= 1e-12 or here >= 1 - 1e-12:
        return proportion(round(here) * n, n, recipe)
    return figure(here, low[row, column], high[row, column], n, recipe, "share")


def spans(values: Floats, n: int, recipe: Recipe) -> Figure:
    """Days with their interval, from (value, low, high)."""
    return figure(values[0], values[1], values[2], n, recipe, "days", "never reached")


def proportion(hits: Any, n: Any, recipe: Recipe) -> Figure:
    """A share of n cases with Wilson's interval."""
    value, low, high = wilson_of_one(hits, n)
    return figure(value, low, high, int(n), recipe, "share")


def proportions(hits: Any, n: Any, recipe: Recipe) -> list[Figure]:
    """:func:`proportion` of many shares at once, to the last digit; `n` is one number or one for each."""
    counts = np.broadcast_to(n, np.shape(hits))
    return figures(wilson(hits, counts), counts, recipe, "share")


def figures(values: Iterable[Floats], n: Any, recipe: Recipe, unit: str = "", why: str = "no data") -> list[Figure]:
    """:func:`triple` of many values at once: all values, all lower ends, all upper ends."""
    value, low, high = values
    known = np.isfinite(value) & np.isfinite(low) & np.isfinite(high) & (np.asarray(n) >= recipe.minimum_n)
    each = zip(value.tolist(), low.tolist(), high.tolist(), np.asarray(n).tolist(), known.tolist(), strict=True)
    return [Figure(v, a, b, int(k), None, unit) if ok else figure(v, a, b, int(k), recipe, unit, why) for v, a, b, k, ok in each]


def ratio(hits: float, n: float, hh: float, hn: float, nn: float, units: int, recipe: Recipe) -> Figure:
    """A share of events, from sums over journeys or accounts: Wilson's interval of the effective number of events.

    Parameters
    ----------
    hits, n : float
        Events that count, and all of them.
    hh, hn, nn : float
        Sums over these units of the squares and products of their hits and their events.
    units : int
        How many there are; the n of the figure.

    The share's variance is that of a ratio over units, linearised; the effective number of events is the number of
    independent ones that would have this variance. Where all or none count it is the number of units.

    Source: W. G. Cochran, Sampling Techniques (1977), chapter 6; E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998)
    193-201.
    """
    if units < recipe.minimum_n or not n:
        return too_few(int(units), "share")
    share = hits / n
    variance = max(hh - 2 * share * hn + share * share * nn, 0.0) / (n * n) * units / (units - 1)
    worth = share * (1 - share) / variance if variance > 0 else units
    worth = min(max(worth, 1.0), n)
    _, low, high = wilson_of_one(share * worth, worth)
    return figure(share, low, high, units, recipe, "share")


def triple(values: Iterable[Any], n: Any, recipe: Recipe, unit: str = "", why: str = "no data") -> Figure:
    """A figure from (value, low, high)."""
    value, low, high = values
    return figure(value, low, high, int(n), recipe, unit, why)


def difference(hits: int, n: int, others: int, m: int, recipe: Recipe) -> Figure:
    """Difference of two shares with Newcombe's interval (from the two Wilson intervals).

    Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.
    """
    if min(n, m) < recipe.minimum_n:
        return too_few(min(n, m), "share")
    p, low, high = wilson_of_one(hits, n)
    q, below, above = wilson_of_one(others, m)
    down, up = np.hypot(p - low, above - q), np.hypot(high - p, q - below)
    return Figure(p - q, p - q - float(down), p - q + float(up), n + m, unit="share")


def differences(hits: Any, n: int, others: Any, m: int, recipe: Recipe) -> list[Figure]:
    """:func:`difference` of many pairs of shares at once, all of n and of m cases."""
    if min(n, m) < recipe.minimum_n:
        return [too_few(min(n, m), "share")] * len(hits)
    (p, low, high), (q, below, above) = wilson(hits, n), wilson(others, m)
    gap = p - q
    return figures((gap, gap - np.hypot(p - low, above - q), gap + np.hypot(high - p, q - below)), np.full(len(gap), n + m), recipe, "share")


def _nobody(tables: Tables) -> str:
    """Why no journey passes: the filters, or there are none at all."""
    if tables.engine.count(tables.built["journeys"]):
        return said("No journey passes these filters.", "Keine Journey passt zu diesen Filtern.")
    lost = tables.engine.count(tables.unresolved)
    if lost:
        return said("There is no journey: {n} events belong to no known company. `etappe status` says why.",
            "Es gibt keine Journey: {n} Ereignisse gehören zu keinem bekannten Unternehmen. `etappe status` sagt, warum.", n=lost)  # fmt: skip
    return said("There is no journey yet.", "Es gibt noch keine Journey.")


def answer(
    name: str,
    recipe: Recipe,
    columns: Iterable[str],
    rows: list[Row],
    tables: Tables,
    params: Params,
    caveats: Iterable[str] = (),
    query: ir.Table | Callable[[], ir.Table] | None = None,
    drawing: Mapping[str, Any] | None = None,
    journeys: ir.Table | None = None,
    behind: Callable[[], ir.Table] | None = None,
    population: Mapping[str, Any] | None = None,
    brief: Iterable[str] = (),
    headline: Iterable[tuple[str, Figure | int]] = (),
    holds: Mapping[str, str] | None = None,
) -> Result:
    """The Result of an analysis. The population says which filters were set and how many journeys passed; they are counted where
    it does not say so.
    """
    passed: dict[str, Any] = {}
    notes = list(caveats)
    if journeys is not None:
        counted = (population or {}).get("journeys")
        passed["journeys"] = tables.engine.count(journeys) if counted is None else counted
        if not passed["journeys"] and not rows:
            notes.insert(0, _nobody(tables))

    def evidence(limit: int, only: Mapping[str, str] | None = None, figure: str = "") -> list[Row]:
        return tables.engine.rows(narrowed(behind(), only or {}, figure)[0], limit) if behind else []

    return Result(
        name, recipe, tuple(columns), rows, {**passed, **(population or {}), "filters": asked(params)},
        params.period, tables.as_of, tuple(notes), "" if query is None else Query(lambda: tables.engine.sql(query() if callable(query) else query)),
        evidence if behind else None, drawing, tuple(brief), headline=tuple(headline), holds=dict(holds or {}),
    )  # fmt: skip
