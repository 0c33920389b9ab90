"""coverage, milestone, order: whether journeys touch something, until when, and in which order."""

from __future__ import annotations

from typing import Any

import numpy as np

from etappe.analyses.answer import proportion
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.measures.cases import Cases, cases_of
from etappe.analyses.measures.found import NO, OPEN, YES, Found, newest, nothing, share_of
from etappe.analyses.measures.observed import Observed
from etappe.words.claim import Claim
from etappe.words.result import Recipe
from etappe.words.said import said

COVERAGE = Recipe(
    "coverage", 1,
    said(
        "share of the journeys that reached the stage (or of all) in which one of the touchpoints occurs there; journeys still in it count for as long as they were watched",
        "Anteil der Journeys der Phase (oder aller), in denen einer der Touchpoints dort vorkommt; laufende zählen so lange, wie sie beobachtet wurden",
    ),
    10,
)  # fmt: skip
MILESTONE = Recipe(
    "milestone", 1, said(
        "share of the journeys entering the stage in which one of the touchpoints is reached before they leave it; open journeys count for as long as they were watched",
        "Anteil der Journeys der Phase, die einen der Touchpoints erreichen, bevor sie die Phase verlassen; offene zählen so lange, wie sie beobachtet wurden",
    ), 10,
)
ORDER = Recipe("order", 1, said("share of the journeys with all these touchpoints in which they first occur in this order", "Anteil der Journeys mit allen diesen Touchpoints, in denen sie zuerst in dieser Reihenfolge vorkommen"), 10)
_NEVER = 1e18


def coverage(claim: Claim, population: Any, observed: Observed) -> Found:
    """Share of journeys that touch something in a stage. Each touch counts, also one after a step back."""
    cases = cases_of(observed, claim.stage, population)
    return _share(claim, cases, first_touch(observed, claim.arguments, claim.stage), COVERAGE, observed, also_later=True)


def milestone(claim: Claim, population: Any, observed: Observed) -> Found:
    """Share of journeys that touch something between entering and leaving a stage."""
    cases = cases_of(observed, claim.stage, population)
    return _share(claim, cases, first_touch(observed, claim.arguments, claim.stage), MILESTONE, observed, also_later=False)


def first_touch(observed: Observed, names: tuple[str, ...], stage: str | None) -> Floats:
    """When each journey first touches one of these (in the stage); infinite where it does not."""
    touches = observed.touches
    first = np.full(observed.size, np.inf)
    for name in names:
        part = touches.of(name)
        journey, when = touches.journey[part], touches.first[part]
        if stage is not None:
            there = touches.stage[part] == observed.stage_code(stage)
            journey, when = journey[there], when[there]
        np.minimum.at(first, journey, when)
    return first


def _share(claim: Claim, cases: Cases, first: Floats, recipe: Recipe, observed: Observed, also_later: bool) -> Found:
    if not len(cases):
        return nothing(recipe, _unreached(claim))
    touched = first[cases.journey]
    yes = np.isfinite(touched) if also_later else touched <= cases.until
    days, cause = decided(cases, touched, yes)
    fresh = newest(observed.moments("last")[cases.journey])
    return Found(
        share_of(days, cause, recipe, claim.within_days), recipe, fresh,
        behind=lambda limit: observed.rows_of(cases.journey, limit, touches=yes, days=np.round(days, 2)),
    )  # fmt: skip


def decided(cases: Cases, touched: Floats, yes: Any) -> tuple[Floats, Ints]:
    """Days until each case was decided, and how: touched, left without, or still open."""
    left = np.where(cases.cause == OPEN, OPEN, NO)
    cause = np.where(yes, YES, left)
    days = np.where(yes, np.minimum(touched, _NEVER), cases.until) - cases.entered
    return np.maximum(days, 0.0), cause


def order(claim: Claim, population: Any, observed: Observed) -> Found:
    """Share of the journeys with all touchpoints that meet them first in this order; journeys without all of them say nothing."""
    touches = observed.touches
    first: list[Ints] = []
    for name in claim.arguments:
        part = touches.of(name)
        journey, seq = touches.journey[part], touches.seq[part]
        if claim.stage is not None:
            there = touches.stage[part] == observed.stage_code(claim.stage)
            journey, seq = journey[there], seq[there]
        place = np.full(observed.size, np.iinfo(np.int64).max)
        np.minimum.at(place, journey, seq)
        first.append(place)
    places = np.stack(first)
    both = np.flatnonzero((places < np.iinfo(np.int64).max).all(axis=0) & population)
    if not len(both):
        return nothing(ORDER, said("No journey has all of these touchpoints.", "Keine Journey hat alle diese Touchpoints."))
    right = (np.diff(places[:, both], axis=0) > 0).all(axis=0)
    fresh = newest(observed.moments("last")[both])
    figure = proportion(int(right.sum()), len(both), ORDER)
    return Found(figure, ORDER, fresh, behind=lambda limit: observed.rows_of(both, limit, in_order=right))


def _unreached(claim: Claim) -> str:
    if claim.stage:
        return said("No journey of this population reached `{stage}`.", "Keine Journey dieser Grundgesamtheit hat „{stage}“ erreicht.", stage=claim.stage)
    return said("There is no journey in this population.", "In dieser Grundgesamtheit gibt es keine Journey.")
