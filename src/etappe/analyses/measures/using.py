"""content: whether journeys use a piece of content in a stage."""

from __future__ import annotations

import difflib
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses.measures.cases import cases_of
from etappe.analyses.measures.found import Found, newest, nothing, share_of
from etappe.analyses.measures.observed import DAY, Observed
from etappe.analyses.measures.touching import decided
from etappe.words.claim import Claim
from etappe.words.result import Recipe
from etappe.words.said import said as both

CONTENT = Recipe(
    "content", 1, "share of the journeys that reached the stage (or of all) in which this content (title, file or address) is used there; journeys still in it count for as long as they were watched", 10
)


def content(claim: Claim, population: Any, observed: Observed) -> Found:
    """Share of journeys that use content: its title, its file's name, or its address, whatever the case."""
    cases = cases_of(observed, claim.stage, population)
    if not len(cases):
        return nothing(CONTENT, both("No journey of this population reached the stage.", "Keine Journey dieser Grundgesamtheit hat die Phase erreicht."))
    used = _used(claim, observed)
    if not len(used):
        return nothing(CONTENT, both("No content is called {names}.{near}", "Kein Inhalt heißt {names}.{near}", names=list(claim.arguments), near=_near(claim, observed)))
    first = np.full(observed.size, np.inf)
    for row in used:
        if claim.stage is None or row["stage"] == claim.stage:
            first[row["no"]] = min(first[row["no"]], row["first"] / DAY)
    yes = np.isfinite(first[cases.journey])
    days, cause = decided(cases, first[cases.journey], yes)
    fresh = newest(observed.moments("last")[cases.journey])
    return Found(share_of(days, cause, CONTENT), CONTENT, fresh, behind=lambda limit: observed.rows_of(cases.journey, limit, uses=yes))


def _used(claim: Claim, observed: Observed) -> list[dict[str, Any]]:
    # Names are looked for among the few that there are, and not in every step.
    tests = [_is(observed.pieces, wanted.strip().lower()) for wanted in claim.arguments]
    chosen = observed.uses.semi_join(observed.pieces.filter(ibis.or_(*tests)), "piece")
    return observed.tables.engine.rows(chosen.group_by("no", "stage").agg(first=chosen["first"].min()))


def _is(steps: ir.Table, wanted: str) -> ir.BooleanValue:
    path = wanted.split("?")[0].split("#")[0]
    if "://" in path:
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    path = path.rstrip("/") or path
    tests = [steps.content.lower() == wanted, steps.name.lower() == wanted]
    if "/" in path or "." in path:
        # An address or a file: the path has to end with it, so that a part of another name does not count.
        address = steps.url.lower().re_replace("[?#].*$", "").re_replace("/+$", "")
        ending = path if path.startswith("/") else f"/{path}"
        tests += [address.endswith(ending), steps.content.lower().endswith(ending), steps.content.lower() == path]
    return ibis.or_(*(test.fill_null(False) for test in tests))


def _near(claim: Claim, observed: Observed) -> str:
    steps = observed.tables.built["steps"]
    with_name = steps.filter(steps.content.notnull())
    named = with_name.group_by("content").agg(n=with_name.count())
    known = {str(row["content"]).lower(): str(row["content"]) for row in observed.tables.engine.rows(named.order_by(named.n.desc()).limit(5000))}
    near = [known[word] for wanted in claim.arguments for word in difflib.get_close_matches(wanted.lower(), known, 2, 0.5)]
    near += [name for low, name in known.items() for wanted in claim.arguments if wanted.lower() in low][:2]
    return both(" Did you mean {names}?", " Meinten Sie {names}?", names=list(dict.fromkeys(near))) if near else ""
