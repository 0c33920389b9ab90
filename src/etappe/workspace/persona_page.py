"""The page of a persona: who belongs and what they are worth, in their words, what drives them, and where the page is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from etappe.analyses.measures.feeling import feeling_at
from etappe.analyses.measures.persons import (
    REVENUE,
    ROLES,
    SIZE,
    WIN_RATE,
    Size,
    active_in,
    revenue_of,
    roles_of,
    size_of,
    win_rate,
)
from etappe.errors import QuestionFault
from etappe.maps.insights import Insight, insights
from etappe.maps.interview import FORCES, RINGS, Interview
from etappe.maps.map import Map
from etappe.maps.persona import Persona
from etappe.words.claim import Claim, Verdict
from etappe.words.result import Figure, plain
from etappe.workspace.asking import Evidence
from etappe.workspace.atlas import Atlas
from etappe.workspace.check import CheckedClaim, checked, figure_of, population_of
from etappe.workspace.persona_answers import needs_of, satisfaction_of
from etappe.workspace.persona_changes import Changes, Judged, changes


@dataclass(frozen=True)
class PersonaPage:
    """What is known of a persona, ready to be drawn.

    Attributes
    ----------
    size : Size, optional
        None where the persona has no rule (its size is unknown) or nothing is built; `problem` says which.
    revenue, wins, wins_of_all : Figure, optional
        Share of the won value, win rate with such a person in the journey, and of all journeys.
    quotes : list of dict
        In their words: ref, quote, speaker.
    job : list of str
    forces, insights : dict
        Push, pull, anxiety, habit; trigger, success, barrier, way, criterion: what k of n interviews say.
    roles : list of dict
        Usual roles in closed journeys.
    needs, satisfaction : list of dict
        Outcomes with importance, satisfaction and opportunity, the most underserved first; NPS, CSAT, CES and ratings.
    journeys : list of dict
        Each map of this persona with its curve's lowest point and its contradicted claims.
    wrong : list of CheckedClaim
        What is contradicted: own traits and cards of the maps.
    oldest, missing : date, tuple of str
        The oldest evidence that is quoted, and the kinds of source that are missing.
    changes : Changes
        What changed since a day, by default since a quarter ago.
    """

    persona: Persona
    as_of: dt.datetime | None
    problem: str | None
    size: Size | None
    revenue: Figure | None
    wins: Figure | None
    wins_of_all: Figure | None
    quotes: list[dict[str, Any]]
    forces: dict[str, list[Insight]]
    insights: dict[str, list[Insight]]
    interviews: int
    roles: list[dict[str, Any]]
    needs: list[dict[str, Any]]
    satisfaction: list[dict[str, Any]]
    journeys: list[dict[str, Any]]
    claims: list[CheckedClaim]
    wrong: list[dict[str, Any]]
    oldest: dt.date | None
    missing: tuple[str, ...]
    changes: Changes

    def to_dict(self) -> dict[str, Any]:
        """The page as `persona show --json` gives it."""
        persona = self.persona
        recipes = {"size": SIZE.in_both(), "revenue": REVENUE.in_both(), "win_rate": WIN_RATE.in_both(), "roles": ROLES.in_both()}
        return {
            "persona": persona.id, "title": persona.title, "sentence": persona.sentence, "kind": persona.kind, "owner": persona.owner, "review_by": plain(persona.review_by),
            "status": persona.grounded(), "rule": persona.rule, "as_of": plain(self.as_of), "problem": self.problem, "size": self.size.to_dict() if self.size else None,
            "revenue": figure_of(self.revenue), "win_rate": figure_of(self.wins), "win_rate_of_all": figure_of(self.wins_of_all), "recipes": recipes,
            "job": [trait.text for trait in persona.sorted("traits") if trait.kind == "job"], "quotes": self.quotes, "interviews": self.interviews,
            "forces": {name: [item.to_dict() for item in found] for name, found in self.forces.items()},
            "insights": {name: [item.to_dict() for item in found] for name, found in self.insights.items()},
            "roles": plain(self.roles), "needs": plain(self.needs), "satisfaction": plain(self.satisfaction), "scales": [scale.plain() for scale in persona.sorted("scales")],
            "journeys": plain(self.journeys), "claims": [claim.to_dict() for claim in self.claims], "wrong": plain(self.wrong),
            "oldest_evidence": plain(self.oldest), "missing_sources": list(self.missing), "changes": self.changes.to_dict(),
        }  # fmt: skip


def persona_page(persona: Persona, atlas: Atlas, found: Evidence | None, since: dt.date | None = None) -> PersonaPage:
    """The page of a persona; without evidence (nothing is built yet) what the documents know of it. `since` is the day its changes begin."""
    interviews = found.interviews if found else _interviews(atlas)
    mine = [item for item in interviews if persona.id in item.personas or any(passage.persona == persona.id for passage in item.passages.values())]
    maps = [item for row in atlas.listed("map") if persona.id in (item := atlas.map(row.id)).personas]
    problem = "nothing is built yet: run `etappe build`" if found is None else None if persona.rule else "the persona has no rule, so its size is unknown: say `rule`"
    size = revenue = wins = of_all = None
    roles: list[dict[str, Any]] = []
    known = persona
    if found is not None and persona.rule:
        try:
            size, revenue, wins, of_all, roles = _figures(persona, found)
        except QuestionFault as fault:
            problem, known = fault.what, persona.model_copy(update={"rule": {}})
    claims = checked(persona, found) if found else []
    judged = {document.id: checked(document, found) if found else [] for document in maps}
    journeys, wrong = _maps(persona, maps, judged)
    wrong = [_wrong(claim, "persona", persona.id) for claim in claims if claim.verdict == Verdict.CONTRADICTED] + wrong
    days = [item.held_on for item in mine if item.held_on]
    sources = {"interview": bool(mine), "survey": any(trait.provenance == "survey" for trait in persona.traits.values()), "data": bool(size and size.persons)}
    return PersonaPage(
        persona, found.as_of if found else None, problem, size, revenue, wins, of_all, _quotes(persona, mine), _by(mine, persona, "force", FORCES), _by(mine, persona, "ring", RINGS),
        len(mine), roles, needs_of(known, atlas, found), satisfaction_of(known, found), journeys, claims, wrong, min(days) if days else None, tuple(name for name, there in sources.items() if not there),
        changes(persona, atlas, found, judged, (size, revenue, wins) if size and revenue and wins else None, since),
    )  # fmt: skip


def _interviews(atlas: Atlas) -> list[Interview]:
    from etappe.workspace.interviews import Interviews

    return Interviews(atlas).all()


def _figures(persona: Persona, found: Evidence) -> tuple[Size, Figure, Figure, Figure, list[dict[str, Any]]]:
    asking = found.asking
    size = size_of(asking.observed, asking.populations, persona.id, asking.personas)
    flags, everybody = (asking.populations.of(population).flags for population in ((("persona", (persona.id,)),), ()))
    roles = [{"role": role, "label": found.role(role), "figure": figure} for role, figure in roles_of(asking.observed, persona.rule)]
    return size, revenue_of(asking.observed, flags), win_rate(asking.observed, flags), win_rate(asking.observed, everybody), roles


def _by(interviews: Sequence[Interview], persona: Persona, by: str, names: Sequence[str]) -> dict[str, list[Insight]]:
    """For each force (or ring) the topics, what k of n interviews say; passages of another persona do not count."""

    def of(name: str) -> list[Insight]:
        found = insights(interviews, "topic", lambda passage: getattr(passage, by) == name and passage.persona in ("", persona.id))
        return found or insights(interviews, by, lambda passage: getattr(passage, by) == name and passage.persona in ("", persona.id))

    return {name: of(name) for name in names}


def _quotes(persona: Persona, interviews: Sequence[Interview], most: int = 6) -> list[dict[str, Any]]:
    """Words that were said, never edited: first those that traits of the persona rest on, then the strongest feelings."""
    linked = {ref for trait in persona.traits.values() for ref in trait.evidence}
    rows = [
        (f"interview:{item.id}#{passage.id}" not in linked, -abs(passage.feeling or 0.0), {"ref": f"interview:{item.id}#{passage.id}", "quote": passage.quote, "speaker": passage.speaker, "stage": passage.stage, "feeling": passage.feeling})
        for item in interviews for passage in item.sorted("passages") if passage.persona in ("", persona.id) and passage.quote
    ]  # fmt: skip
    different = {" ".join(row["quote"].casefold().split()): row for *_, row in sorted(rows, key=lambda row: row[:2], reverse=True)}
    return list(different.values())[::-1][:most]


def _maps(persona: Persona, maps: Sequence[Map], judged: Judged) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    journeys, wrong = [], []
    for document in maps:
        points = [point for point in document.sorted("feelings") if point.persona in ("", persona.id) and point.how != "target"]
        lowest = min(points, key=lambda point: point.value, default=None)
        claims = [claim for claim in judged[document.id] if claim.verdict == Verdict.CONTRADICTED]
        wrong += [_wrong(claim, "map", document.id) for claim in claims]
        curve = [{"stage": point.stage, "how": point.how, "value": point.value, "low": point.low, "high": point.high, "n": point.n} for point in points]
        low = {"stage": lowest.stage, "value": lowest.value, "how": lowest.how} if lowest else None
        journeys.append({"map": document.id, "title": document.title, "journey": list(document.journey), "curve": curve, "lowest": low, "contradicted": len(claims)})
    return journeys, wrong


def _wrong(claim: CheckedClaim, kind: str, name: str) -> dict[str, Any]:
    return {kind: name, **claim.to_dict()}


def persona_stages(document: Map, personas: Sequence[Persona], found: Evidence, language: str = "") -> dict[str, Any]:
    """Personas × stages: for each pair how often such people are active there, and the curve, by hand and measured with its band.

    Personas without a rule have no measured part.
    """
    stages = [stage.id for stage in document.sorted("stages")]
    kinds = tuple(population_of(document.model_copy(update={"personas": ()})).items())
    rows = []
    for persona in personas:
        limits = (*kinds, ("persona", (persona.id,)))
        chosen = found.asking.populations.of(limits)
        given, quotes = found.asking.said_by(Claim("feeling", ("",), population=limits), chosen)
        active = active_in(found.asking.observed, found.asking.populations.of(kinds).flags, persona.rule, stages) if persona.rule else {}
        cells = []
        for stage in stages:
            point = document.feelings.get(f"{stage}/_/{persona.id}/hand") or (document.feelings.get(f"{stage}/_/_/hand") if document.personas in ((), (persona.id,)) else None)
            measured = feeling_at(stage, None, given, quotes, is_stage=True).figure
            cells.append({"stage": stage, "active": figure_of(active.get(stage)), "hand": point.value if point else None, "measured": figure_of(measured)})
        rows.append({"persona": persona.id, "title": persona.say("title", None if language in ("", persona.language) else language), "journeys": chosen.size, "problem": None if persona.rule else "no rule", "stages": cells})
    labels = [{"id": stage.id, "title": stage.say("title", None if language in ("", document.language) else language) or stage.id} for stage in document.sorted("stages")]
    return {"map": document.id, "as_of": plain(found.as_of), "stages": labels, "personas": rows}
