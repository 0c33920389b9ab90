"""found: at which place a search engine shows us for a term."""

from __future__ import annotations

import difflib
from typing import Any

import numpy as np

from etappe.analyses.answer import triple
from etappe.analyses.maths.resample import ratios
from etappe.analyses.measures.found import Found, newest, nothing
from etappe.analyses.measures.observed import DAY, Observed
from etappe.tables.functions import micros
from etappe.words.claim import Claim
from etappe.words.result import Recipe
from etappe.words.said import said as both

FOUND = Recipe("found", 1, both("mean position in the search results for the term, each time it was shown counting once; 1 is first", "mittlerer Platz in den Suchergebnissen zu dem Begriff, jede Einblendung zählt einmal; 1 ist ganz oben"), 10)
_PERSONAL = {"outcome", "segment", "tier", "industry", "owner", "role", "persona"}


def found(claim: Claim, _population: Any, observed: Observed) -> Found:
    """Mean position by impressions. Days are drawn for the interval: results of one day are not independent."""
    searches = observed.tables.evidence["searches"]
    asked = [term.strip().lower() for term in claim.arguments]
    shown = searches.filter(searches.query.lower().isin(asked) & searches.position.notnull())
    days = shown.group_by("day").agg(
        weighted=(shown.position * shown.impressions.fill_null(1)).sum(), weight=shown.impressions.fill_null(1).sum(), at=micros(shown.happened_at).max()
    )
    rows = observed.tables.engine.rows(days.order_by("day"))
    if not rows:
        return nothing(FOUND, both("No export of a search engine has {terms}. {near}", "Kein Export einer Suchmaschine hat {terms}. {near}", terms=list(claim.arguments), near=_near(asked, observed)))
    above, below = (np.array([float(row[name]) for row in rows]) for name in ("weighted", "weight"))
    value, low, high = ratios(above, below) if len(rows) > 1 else (above / below, np.array([np.nan]), np.array([np.nan]))
    fresh = newest([row["at"] / DAY for row in rows if row["at"] is not None])
    said = sorted(_PERSONAL & {name for name, _ in claim.population} - {"persona"})
    caveats = [both("Search results do not say who searched: {what} cannot be told apart here.", "Suchergebnisse sagen nicht, wer gesucht hat: {what} lässt sich hier nicht unterscheiden.", what=said)] if said else []
    caveats += [both("All of it is of one day: there is no interval.", "Alles stammt von einem Tag: es gibt kein Intervall.")] if len(rows) == 1 else []
    figure = triple((value[0], low[0], high[0]), int(below.sum()), FOUND, "position")
    return Found(figure, FOUND, fresh, tuple(caveats), lambda limit: [{"day": row["day"], "shown": row["weight"], "position": row["weighted"] / row["weight"]} for row in rows[:limit]])


def _near(asked: list[str], observed: Observed) -> str:
    searches = observed.tables.evidence["searches"]
    counted = searches.filter(searches["query"].notnull()).group_by(what=searches["query"]).agg(n=searches.impressions.sum())
    known = [str(row["what"]) for row in observed.tables.engine.rows(counted.order_by(counted.n.desc()).limit(5000))]
    near = [word for wanted in asked for word in difflib.get_close_matches(wanted, known, 2, 0.5)] or known[:3]
    if near:
        return both("Known: {names}.", "Bekannt: {names}.", names=near)
    return both("Import an export of the Search Console.", "Importieren Sie einen Export der Search Console.")
