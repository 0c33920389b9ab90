"""dwell, conversion: how long journeys stay in a stage, and how many go on from it."""

from __future__ import annotations

from typing import Any

import numpy as np

from etappe.analyses.answer import number
from etappe.analyses.maths import survival
from etappe.analyses.measures.cases import cases_of
from etappe.analyses.measures.found import OPEN, Found, newest, nothing, share_of
from etappe.analyses.measures.observed import Observed
from etappe.words.claim import Claim
from etappe.words.result import Figure, Recipe, too_few
from etappe.words.said import said as both

DWELL = Recipe(
    "dwell", 1, both(
        "median days from first entering the stage to the first later stage, or to the end; steps back count as time, journeys still in it count for as long as they were watched",
        "Median der Tage vom ersten Eintritt in die Phase bis zur ersten späteren Phase oder bis zum Ende; Rücksprünge zählen als Zeit, laufende Journeys so lange, wie sie beobachtet wurden",
    ), 10,
)
CONVERSION = Recipe("conversion", 1, both("share of the journeys entering the stage that go on to a later one (or buy); open journeys count for as long as they were watched", "Anteil der Journeys der Phase, die in eine spätere weitergehen (oder kaufen); offene zählen so lange, wie sie beobachtet wurden"), 10)


def dwell(claim: Claim, population: Any, observed: Observed) -> Found:
    """The median time in a stage (Kaplan-Meier), with the interval of Brookmeyer and Crowley."""
    cases = cases_of(observed, claim.arguments[0], population)
    if not len(cases):
        return nothing(DWELL, both("No journey of this population was in `{stage}`.", "Keine Journey dieser Grundgesamtheit war in „{stage}“.", stage=claim.arguments[0]))
    days, left = cases.until - cases.entered, cases.cause != OPEN
    fresh = newest(observed.moments("last")[cases.journey])
    return Found(
        median_stay(days, left), DWELL, fresh,
        behind=lambda limit: observed.rows_of(cases.journey, limit, days=np.round(days, 2), left=left),
    )  # fmt: skip


def median_stay(days: Any, left: Any) -> Figure:
    """Median days with interval; where it is not reached yet, its lower bound is all that is known."""
    n = len(days)
    if n < DWELL.minimum_n:
        return too_few(n, "days")
    found = survival.curves(days, np.asarray(left, np.int64), groups=1)
    value, low, high = survival.quantiles(found, 0.5)[0]
    if number(value) is None:
        return Figure(None, number(low), None, n, "never reached", "days")
    return Figure(float(value), number(low), number(high), n, unit="days")


def conversion(claim: Claim, population: Any, observed: Observed) -> Found:
    """Share going on to any later stage, as `moved on` of `show stages`."""
    cases = cases_of(observed, claim.arguments[0], population)
    if not len(cases):
        return nothing(CONVERSION, both("No journey of this population reached `{stage}`.", "Keine Journey dieser Grundgesamtheit hat „{stage}“ erreicht.", stage=claim.arguments[0]))
    days = cases.until - cases.entered
    fresh = newest(observed.moments("last")[cases.journey])
    figure = share_of(days, cases.cause, CONVERSION, claim.within_days)
    words = np.array(["open", "on", "lost or asleep"])[cases.cause]
    return Found(figure, CONVERSION, fresh, behind=lambda limit: observed.rows_of(cases.journey, limit, went=words, days=np.round(days, 2)))
