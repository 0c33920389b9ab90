"""What is frequent in the evidence, stage by stage: touchpoints, waits, roles, searches. A map says whether it knows them.

Shares of journeys are of those that reached the stage; whoever is still in it counts for as long as it was watched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from etappe.analyses.answer import proportion, triple
from etappe.analyses.maths.resample import ratios
from etappe.analyses.measures.cases import Cases, cases_of
from etappe.analyses.measures.found import OPEN, share_of
from etappe.analyses.measures.observed import Observed
from etappe.analyses.measures.touching import COVERAGE, decided
from etappe.analyses.stage_exits import coded
from etappe.tables.plain_arrays import numbers_of
from etappe.words.result import Figure, Recipe
from etappe.words.said import said as both

WAIT: Final = Recipe("wait", 1, both("share of the journeys that reached the stage and lay on ice in it: no sign of life for longer than the pause limit", "Anteil der Journeys, die die Phase erreichten und in ihr auf Eis lagen: länger als die Pausengrenze ohne Lebenszeichen"), 10)
ROLE: Final = Recipe("role", 1, both("share of the journeys that reached the stage in which somebody of this role comes in there", "Anteil der Journeys, die die Phase erreichten, in denen dort jemand mit dieser Rolle dazukommt"), 10)
SEARCHED: Final = Recipe("search share", 1, both("share of all times we were shown in search results that were for this term; days are drawn for the interval", "Anteil aller Einblendungen in Suchergebnissen, die zu diesem Begriff waren; für das Intervall werden Tage gezogen"), 10)
EXPLAINED: Final = Recipe("explained steps", 1, both("share of the observed steps whose touchpoint the map speaks of in their stage; companies are drawn for the interval", "Anteil der beobachteten Schritte, von deren Touchpoint die Map in ihrer Phase spricht; für das Intervall werden Unternehmen gezogen"), 10)


@dataclass(frozen=True, slots=True)
class Frequent:
    """Something with the share of journeys (for a search: of showings) that it is in.

    `behind` gives the journeys that were counted, each with whether it was `found` in it; a search has none.
    """

    kind: str
    stage: str
    what: str
    figure: Figure
    journeys: int
    recipe: Recipe
    behind: Callable[[int], list[dict[str, Any]]] | None = None


def touchpoints(observed: Observed, population: Any, stages: Collection[str], silent: Collection[str] = (), least: float = 0.0) -> list[Frequent]:
    """Each touchpoint in each stage with its coverage, the most frequent first; those clearly under `least` are passed over."""
    touches = observed.touches
    rows: list[Frequent] = []
    mine = population[touches.journey]
    for stage in stages:
        cases = cases_of(observed, stage, population)
        if not len(cases):
            continue
        closed = int((cases.cause != OPEN).sum())
        here = np.flatnonzero(mine & (touches.stage == observed.stage_code(stage)))
        starts = np.searchsorted(touches.touchpoint[here], np.arange(len(touches.names) + 1))  # touches stand by touchpoint
        for code in np.flatnonzero(np.diff(starts)):
            name = touches.names[code]
            if name in silent:
                continue
            part = here[starts[code] : starts[code + 1]]
            if len(part) < 0.8 * least * closed:
                continue
            figure, journeys = _coverage(observed, cases, touches.journey[part], touches.first[part])
            rows.append(Frequent("touchpoint", stage, name, figure, journeys, COVERAGE, partial(_touched, observed, cases, part)))
    return sorted(rows, key=lambda row: -(row.figure.value or 0.0))


def _coverage(observed: Observed, cases: Cases, journey: Any, when: Any) -> tuple[Figure, int]:
    first = np.full(observed.size, np.inf)
    np.minimum.at(first, journey, when)
    touched = first[cases.journey]
    yes = np.isfinite(touched)
    return share_of(*decided(cases, touched, yes), COVERAGE), int(yes.sum())


def _touched(observed: Observed, cases: Cases, touches: Any, limit: int) -> list[dict[str, Any]]:
    return _journeys_with(observed, cases, observed.touches.journey[touches], limit)


def _journeys_with(observed: Observed, cases: Cases, journeys: Any, limit: int) -> list[dict[str, Any]]:
    """The journeys of a stage, each with whether it is among some."""
    return observed.rows_of(cases.journey, limit, found=np.isin(cases.journey, journeys))


def waits(observed: Observed, population: Any, stages: Collection[str]) -> list[Frequent]:
    """Each stage with the share of its journeys that lay on ice in it."""
    pauses = observed.tables.pauses
    rows = observed.tables.engine.to_arrow(pauses.select("journey_id", "stage").distinct().inner_join(observed.numbered.select("journey_id", "no"), "journey_id").select("no", "stage"))
    journey, stage = numbers_of(rows["no"]), np.asarray(rows["stage"].to_pylist(), object)
    found = []
    for name in stages:
        cases = cases_of(observed, name, population)
        there = journey[stage == name]
        paused = len(np.intersect1d(cases.journey, there))
        if len(cases) and paused:
            found.append(Frequent("wait", name, "pause", proportion(paused, len(cases), WAIT), paused, WAIT, partial(_journeys_with, observed, cases, there)))
    return found


def roles(observed: Observed, population: Any, stages: Collection[str]) -> list[Frequent]:
    """Each buying role with the stages in which it comes in."""
    center = observed.tables.buying_center
    came = center.filter(center.role.notnull()).select("journey_id", "role", stage="entered_stage").distinct()
    rows = observed.tables.engine.to_arrow(came.inner_join(observed.numbered.select("journey_id", "no"), "journey_id").select("no", "role", "stage"))
    journey = numbers_of(rows["no"])
    (words, role), (places, stage) = (coded(rows[name]) for name in ("role", "stage"))
    found = []
    for name in stages:
        cases = cases_of(observed, name, population)
        here = np.zeros(observed.size, bool)
        here[cases.journey] = True
        # Each pair is there once, so that journeys are counted by counting rows.
        mine = here[journey] & (stage == places.index(name)) if name in places else np.zeros(len(journey), bool)
        counts = np.bincount(role[mine], minlength=len(words))
        for many, word in sorted(((int(n), word) for n, word in zip(counts, words, strict=True) if n), key=lambda pair: pair[1]):
            there = journey[mine & (role == words.index(word))]
            found.append(Frequent("role", name, str(word), proportion(many, len(cases), ROLE), many, ROLE, partial(_journeys_with, observed, cases, there)))
    return found


def searched(observed: Observed, most: int = 20) -> list[Frequent]:
    """The search terms for which we are shown most, with their share of all showings."""
    table = observed.tables.evidence["searches"]
    asked = table.filter(table["query"].notnull() & table.impressions.notnull())
    counted = asked.group_by(what=asked["query"].lower(), day=asked["day"]).agg(shown=asked.impressions.sum())
    rows = observed.tables.engine.to_arrow(counted)
    if not rows.num_rows:
        return []
    what, shown = np.asarray(rows["what"].to_pylist(), object), numbers_of(rows["shown"]).astype(float)
    days, day = np.unique(np.asarray(rows["day"].to_pylist(), "datetime64[D]"), return_inverse=True)
    whole = np.bincount(day, weights=shown, minlength=len(days))
    names, code = np.unique(what.astype(str), return_inverse=True)
    top = np.argsort(-np.bincount(code, weights=shown))[:most]
    above = np.stack([np.bincount(day[code == place], weights=shown[code == place], minlength=len(days)) for place in top], axis=1)
    value, low, high = ratios(above, whole[:, None]) if len(days) > 1 else (above.sum(axis=0) / whole.sum(), *[np.full(len(top), np.nan)] * 2)
    return [Frequent("search", "", str(names[place]), triple((value[k], low[k], high[k]), int(whole.sum()), SEARCHED, "share"), 0, SEARCHED) for k, place in enumerate(top)]


def explained(observed: Observed, population: Any, known: Collection[tuple[str, str]], silent: Collection[str] = ()) -> Figure:
    """The share of steps whose (stage, touchpoint) is among the known ones; silent touchpoints do not count."""
    touches = observed.touches
    steps, spoken = _steps(observed, known, silent)
    # By journey first: of them there are few, and companies are looked up for them alone.
    of_company = [np.bincount(observed.account, np.bincount(touches.journey, each, observed.size) * population) for each in (steps * spoken, steps)]
    there = of_company[1] > 0
    above, below = of_company[0][there], of_company[1][there]
    if len(below) < EXPLAINED.minimum_n:
        return Figure(None, n=int(below.sum()), why="too few" if len(below) else "no data", unit="share")
    value, low, high = ratios(above, below)
    return triple((value[0], low[0], high[0]), int(below.sum()), EXPLAINED, "share")


def explained_rows(observed: Observed, population: Any, known: Collection[tuple[str, str]], silent: Collection[str], limit: int) -> list[dict[str, Any]]:
    """The steps that `explained` counts, one row a touchpoint in a stage of a journey, with whether they are `not_on_map`.

    Those come first, most steps before fewer.
    """
    touches = observed.touches
    steps, spoken = _steps(observed, known, silent)
    mine = np.flatnonzero((steps > 0) & population[touches.journey])
    shape = (observed.size, len(observed.stages), max(len(touches.names), 1))
    places, entry = np.unique(np.ravel_multi_index((touches.journey[mine], touches.stage[mine], touches.touchpoint[mine]), shape), return_inverse=True)
    many = np.bincount(entry, steps[mine], len(places)).astype(np.int64)
    missing = np.bincount(entry, spoken[mine], len(places)) == 0
    first = np.lexsort((places, -many, ~missing))[:limit]
    journey, stage, touchpoint = np.unravel_index(places[first], shape)
    names = {"stage": np.array(observed.stages, object)[stage], "touchpoint": np.array(touches.names or [""], object)[touchpoint]}
    return observed.rows_of(journey, limit, **names, steps=many[first], not_on_map=missing[first])


def _steps(observed: Observed, known: Collection[tuple[str, str]], silent: Collection[str]) -> tuple[Any, Any]:
    """How many steps each touch counts for, and whether the map speaks of them."""
    touches = observed.touches
    grid = np.zeros((len(observed.stages), max(len(touches.names), 1)), bool)
    for stage, name in known:
        if stage in observed.stages and name in touches.names:
            grid[observed.stages.index(stage), touches.names.index(name)] = True
    loud = np.array([name not in silent for name in touches.names] or [True])
    return touches.count * loud[touches.touchpoint], grid.ravel()[touches.stage.astype(np.int64) * grid.shape[1] + touches.touchpoint]
