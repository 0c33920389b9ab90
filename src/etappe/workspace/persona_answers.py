"""What people of a persona answered in surveys: how satisfied they are, and which needs are badly served."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from etappe.analyses import needs, satisfaction
from etappe.analyses.analysis import Params, Tables
from etappe.analyses.measures.belonging import persons_of
from etappe.analyses.survey_answers import answers
from etappe.maps.persona import Persona
from etappe.maps.survey import RECIPES, Survey, opportunity
from etappe.maps.survey import figure_of as score_of
from etappe.words.question import shown_item
from etappe.workspace.asking import Evidence
from etappe.workspace.atlas import Atlas
from etappe.workspace.surveys import Surveys


def needs_of(persona: Persona, atlas: Atlas, found: Evidence | None) -> list[dict[str, Any]]:
    """Opportunity scores of the outcomes that surveys ask in pairs, by the answers of this persona; `of` says whose they are.

    Own forms count as they stand, imported answers as of the build. An answer is of the persona where its link said so,
    or where it is of somebody who belongs. Where no answer can be told, those of everybody are shown, and named so.
    """
    own = [Surveys(atlas).load(row.id) for row in atlas.listed("survey")]
    rows = [row for survey in own for row in _of_form(survey, persona, atlas, found)]
    rows += _imported(persona, found, {survey.id for survey in own}) if found else []
    return sorted(rows, key=lambda row: -(row["figure"].value if row["figure"].value is not None else -1.0))


def satisfaction_of(persona: Persona, found: Evidence | None) -> list[dict[str, Any]]:
    """NPS, CSAT, CES and ratings of the people who belong, one row a question; empty where nobody of them answered."""
    if found is None or not persona.rule:
        return []
    tables, params = _of_persona(persona, found)
    rows = tables.engine.rows(satisfaction.counted(answers(tables, params, satisfaction.INSTRUMENTS), "all"))
    return satisfaction.scored(rows, "all", {})


def _of_persona(persona: Persona, found: Evidence) -> tuple[Tables, Params]:
    tables = found.asking.tables
    return replace(tables, members={persona.id: persons_of(tables, persona.rule)}), Params(persona=(persona.id,))


def _imported(persona: Persona, found: Evidence, own: set[str]) -> list[dict[str, Any]]:
    pair = ("importance", "satisfaction")
    rows: list[dict[str, Any]] = []
    whose = "persona"
    if persona.rule:
        tables, params = _of_persona(persona, found)
        rows = needs.scored(row for row in tables.engine.rows(answers(tables, params, pair)) if row["survey"] not in own)
    if not rows:
        whose, tables = "everybody", found.asking.tables
        rows = needs.scored(row for row in tables.engine.rows(answers(tables, Params(), pair)) if row["survey"] not in own)
    return [_row(row["survey"] or "", row["need"], whose, row, row["respondents"]) for row in rows]


def _of_form(survey: Survey, persona: Persona, atlas: Atlas, found: Evidence | None) -> list[dict[str, Any]]:
    asked = survey.pairs()
    if not asked:
        return []
    responses = Surveys(atlas).responses.of(survey.id)
    belongs = _addresses(persona, found)
    mine = [item for item in responses if item.about.get("persona") == persona.id or item.about.get("email", "").lower() in belongs]
    rows = []
    for outcome, (important, satisfied) in asked.items():
        both = [item.answers for item in (mine or responses) if important.id in item.answers and satisfied.id in item.answers]
        first, second = [item[important.id] for item in both], [item[satisfied.id] for item in both]
        figures = {"importance": score_of(important, first), "satisfaction": score_of(satisfied, second), "opportunity": opportunity(first, second, important.scale()[1])}
        figures["band"] = needs.band_of(figures["importance"], figures["satisfaction"], figures["opportunity"])  # type: ignore[assignment]
        rows.append({**_row(survey.id, shown_item(important.text) or outcome, "persona" if mine else "everybody", figures, len(both)), "outcome": outcome})
    return rows


def _row(survey: str, text: str, whose: str, figures: dict[str, Any], n: int) -> dict[str, Any]:
    return {
        "survey": survey, "outcome": text, "text": text, "of": whose, "figure": figures["opportunity"], "importance": figures["importance"], "satisfaction": figures["satisfaction"],
        "band": figures["band"], "recipe": RECIPES["opportunity"].in_both(), "n": n,
    }  # fmt: skip


def _addresses(persona: Persona, found: Evidence | None) -> frozenset[str]:
    if found is None or not persona.rule:
        return frozenset()
    members = found.asking.populations.persons(persona.id)
    persons = found.asking.tables.built["persons"].filter(lambda row: row.email.notnull()).select("person_id", "email")
    return frozenset(str(row["email"]).lower() for row in found.asking.tables.engine.rows(persons) if row["person_id"] in members)
