"""Answers on a scale with what is known of them: who gave them, of which company, in which stage, about which touchpoint."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from etappe.analyses.analysis import Params, Tables
from etappe.analyses.population import filtered, in_period, journeys_of

SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "rating": (1, 5), "importance": (1, 5), "satisfaction": (1, 5)}
"""The scale of an instrument whose export does not say one."""

_KINDS = ("survey_answer", "review", "ticket", "chat", "call")


def answers(tables: Tables, params: Params, instruments: Sequence[str], surveys: Sequence[str] = ()) -> ir.Table:
    """One row an answer, off-scale and unfinished ones left out.

    Columns: instrument, question, value, low, high, happened_at, survey (the source where the export does not name it), response, cluster (the company, else the
    person, else the response), stage and journey_id (null for an answer of nobody in a journey), touchpoint, person_id.
    With filters on journeys only answers in those journeys, with a persona or role only those of such people.
    """
    feedback = in_period(tables.evidence["feedback"], "happened_at", params)
    feedback = feedback.mutate(survey=ibis.coalesce(feedback.survey, feedback.source))
    if surveys:
        feedback = feedback.filter(feedback.survey.isin(list(surveys)))
    feedback = feedback.filter(feedback.value.notnull() & feedback.instrument.isin(list(instruments)) & feedback.finished.fill_null(True))
    steps = tables.built["steps"]
    said = steps.filter(steps.kind.isin(_KINDS)).select("source", "record_id", "journey_id", "account_id", "stage", "person_id", "role", met=steps.touchpoint)
    lowest, highest = ({name: scale[end] for name, scale in SCALES.items()} for end in (0, 1))
    asked = feedback.select(
        "source", "instrument", "value", "survey", "happened_at", about="touchpoint", question=feedback.question.fill_null(""), response=ibis.coalesce(feedback.response_id, feedback.record_id),
        low=feedback.low.fill_null(feedback.instrument.cases(*lowest.items(), else_=1).cast("float64")), high=feedback.high.fill_null(feedback.instrument.cases(*highest.items(), else_=5).cast("float64")),
    )  # fmt: skip
    found = asked.left_join(said, [asked.source == said.source, asked.response == said.record_id]).drop("record_id")
    found = found.filter((found.value >= found.low) & (found.value <= found.high))
    found = found.mutate(touchpoint=ibis.coalesce(found.about, found.met), cluster=ibis.coalesce(found.account_id, found.person_id, found.response))
    return _of_people(tables, params, found)


def answered(tables: Tables, params: Params, found: ir.Table) -> ir.Table:
    """The journeys in which somebody gave one of the answers: what figures of answers are about."""
    return journeys_of(tables, params, moment=None, skip=("persona", "role")).semi_join(found, "journey_id")


def _of_people(tables: Tables, params: Params, found: ir.Table) -> ir.Table:
    journeys = journeys_of(tables, params, moment=None, skip=("persona", "role"))
    if filtered(params):
        found = found.semi_join(journeys, "journey_id")
    if params.role:
        found = found.filter(found.role.isin(params.role))
    if params.persona:
        members = [tables.members[name].select("person_id") for name in params.persona]
        found = found.semi_join(ibis.union(*members) if len(members) > 1 else members[0], "person_id")
    return found
