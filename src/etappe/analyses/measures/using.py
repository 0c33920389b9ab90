"""content: whether journeys use a piece of content in a stage."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.measures.cases import cases_of
from etappe.analyses.measures.found import Found, newest, nothing, share_of
from etappe.analyses.measures.observed import CALLED, DAY, Observed
from etappe.analyses.measures.touching import decided
from etappe.analyses.stage_exits import coded
from etappe.tables.functions import micros
from etappe.tables.plain_arrays import numbers_of
from etappe.words.claim import Claim
from etappe.words.result import Recipe
from etappe.words.said import said as both

CONTENT = Recipe(
    "content", 1, both(
        "share of the journeys that reached the stage (or of all) in which this content (title, file or address) is used there; journeys still in it count for as long as they were watched",
        "Anteil der Journeys der Phase (oder aller), die dort diesen Inhalt (Titel, Datei oder Adresse) nutzen; laufende zählen so lange, wie sie beobachtet wurden",
    ), 10,
)


@dataclass(eq=False)
class Uses:
    """When journeys used the pieces of content that somebody asks for.

    Steps are read once for all names that are asked for together, and only those of the pieces that are called so.
    """

    observed: Observed
    _firsts: dict[str, tuple[Ints, Any, Floats]] = field(default_factory=dict)

    def seek(self, names: Iterable[str]) -> None:
        """Looks up all these names in one go."""
        wanted = sorted({_plain(name) for name in names} - self._firsts.keys())
        if not wanted:
            return
        pieces, engine = self.observed.pieces, self.observed.tables.engine
        called = ibis.union(*(pieces.filter(_is(pieces, name)).select("piece", called=ibis.literal(place)) for place, name in enumerate(wanted)), distinct=False)
        called = engine.keep("claimed_names", called)
        chosen = engine.keep("claimed_of_names", pieces.semi_join(called, "piece"))
        steps = self.observed.tables.built["steps"].select("journey_id", "stage", "happened_at", *CALLED)
        # Nothing equals nothing here: a page without a name is the piece without a name.
        met = steps.inner_join(chosen, [steps[name].identical_to(chosen[name]) for name in CALLED]).select("journey_id", "stage", "happened_at", "piece")
        named = met.inner_join(called, "piece").group_by("journey_id", "stage", "called").agg(first=micros(ibis._.happened_at).min())
        found = engine.to_arrow(named.inner_join(self.observed.numbered.select("journey_id", "no"), "journey_id").select("no", "stage", "called", "first"))
        journey, asked, when = (numbers_of(found[column]) for column in ("no", "called", "first"))
        stages, code = coded(found["stage"])
        stage = np.asarray([*stages, None], object)[code]
        for place, name in enumerate(wanted):
            mine = asked == place
            self._firsts[name] = (journey[mine], stage[mine], when[mine] / DAY)

    def first(self, names: Iterable[str], stage: str | None) -> Floats | None:
        """When each journey first used one of these (in the stage), infinite where it did not; None where nothing is called so."""
        self.seek(names)
        first = np.full(self.observed.size, np.inf)
        known = False
        for journey, where, when in (self._firsts[_plain(name)] for name in names):
            known = known or bool(len(journey))
            here = np.ones(len(journey), bool) if stage is None else where == stage
            np.minimum.at(first, journey[here], when[here])
        return first if known else None

    @cached_property
    def frequent(self) -> dict[str, str]:
        """What most content is called (its name, its title, the path of its address), as written, by its small letters."""
        pieces = self.observed.pieces
        path = pieces.url.re_extract("^[a-zA-Z]+://[^/?#]*([^?#]*)", 1).re_replace("(.)/+$", "\\1").nullif("")
        called = ibis.union(*(pieces.select("n", called=name) for name in (pieces.content, pieces.name, path)), distinct=False)
        named = called.filter(called.called.notnull()).group_by("called").agg(n=called.n.sum())
        return {str(row["called"]).lower(): str(row["called"]) for row in self.observed.tables.engine.rows(named.order_by([named.n.desc(), "called"]).limit(5000))}

    def near(self, names: Iterable[str]) -> list[str]:
        """Content that is called nearly so."""
        near = [name for low, name in self.frequent.items() for wanted in names if wanted.lower() in low][:3]
        near += [self.frequent[word] for wanted in names for word in difflib.get_close_matches(wanted.lower(), self.frequent, 2, 0.6)]
        return list(dict.fromkeys(near))


def content(claim: Claim, population: Any, uses: Uses) -> Found:
    """Share of journeys that use content: its title, its file's name, or its address, whatever the case."""
    observed = uses.observed
    cases = cases_of(observed, claim.stage, population)
    if not len(cases):
        return nothing(CONTENT, both("No journey of this population reached the stage.", "Keine Journey dieser Grundgesamtheit hat die Phase erreicht."))
    first = uses.first(claim.arguments, claim.stage)
    if first is None:
        near = uses.near(claim.arguments)
        meant = both(" Did you mean {names}?", " Meinten Sie {names}?", names=near) if near else ""
        return nothing(CONTENT, both("No content is called {names}.{near}", "Kein Inhalt heißt {names}.{near}", names=list(claim.arguments), near=meant))
    yes = np.isfinite(first[cases.journey])
    days, cause = decided(cases, first[cases.journey], yes)
    fresh = newest(observed.moments("last")[cases.journey])
    return Found(share_of(days, cause, CONTENT), CONTENT, fresh, behind=lambda limit: observed.rows_of(cases.journey, limit, uses=yes))


def _plain(name: str) -> str:
    return name.strip().lower()


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
