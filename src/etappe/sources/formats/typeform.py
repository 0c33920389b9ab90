"""Typeform: the responses of a form as CSV or XLSX; a column a question, a column an option where several may be chosen."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._facts import leave_out
from etappe.sources.formats._surveys import Question, answers, email_column, feedback, guess, named
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample

_DATES = ("Submit Date (UTC)", "Submitted At", "Stage Date (UTC)", "Start Date (UTC)")
_KNOWN = {"#", "response type", "start date (utc)", "stage date (utc)", "submit date (utc)", "submitted at", "network id", "tags", "token", "score", "ending", "winning outcome", "other"}  # fmt: skip
_HIDDEN = r"(utm_\w+|gclid|fbclid|source|campaign|\w*_id|id)"


def _recognise(sample: Sample) -> float:
    if sample.container not in ("table", "workbook") or sample.headerless:
        return 0.0
    submitted = sample.has_any("Submit Date (UTC)", "Stage Date (UTC)")
    return (
        0.95
        if sample.has("#") and submitted and sample.has_any("Network ID", "Start Date (UTC)", "Response Type")
        else 0.0
    )


def _map(raw: Raw) -> list[Mapped]:
    v, sample = raw.values, raw.sample
    response_id = v.text("#")
    where = response_id.notnull()
    happened = v.moment_of(v.first(*_DATES), "Submit Date (UTC)", zone="UTC")
    kind = v.text("Response Type").lower()
    finished = ibis.cases(
        (kind.isin(("partial", "started")), False),
        (v.text("Submit Date (UTC)").isnull() & kind.isnull(), False),
        else_=True,
    )
    others = [column for column in sample.columns if column.lower() not in _KNOWN]
    mail = email_column(others, sample.rows)
    first, last = named(others, r"(first ?name|vorname).*"), named(others, r"(last ?name|nachname|surname).*")
    whole, company = (
        named(others, r"(name|full ?name|.*\bihr name\b.*)"),
        named(others, r".*\b(firma|unternehmen|company|organisation|organization)\b.*"),
    )
    hidden = [column for column in others if column == column.lower() and named([column], _HIDDEN)]
    taken = {mail, first, last, whole, company, *hidden}
    asked = guess(
        [
            Question(column, column[:80], column)
            for column in others
            if column not in taken and not column.startswith("column ")
        ],
        sample.rows,
    )
    response: dict[str, ir.Value] = {
        "response_id": response_id,
        "happened_at": happened,
        "email": v.email(mail or ""),
        "contact_ref": v.text(named(others, r"(user|contact|crm|customer|hubspot|salesforce)_?id") or ""),
        "person_name": ibis.coalesce(
            v.text(first or "") + " " + v.text(last or ""), v.text(whole or ""), v.text(last or "")
        ),
        "company_name": v.text(company or ""),
        "finished": finished,
    }
    leave_out(raw, where & ~finished, "responses were not sent to the end: their answers are kept, but are no event")
    score = next((question for question in asked if question.instrument == "nps"), None)
    event: dict[str, ir.Value] = {
        "record_id": response_id,
        "happened_at": happened,
        "kind": ibis.literal("survey_answer"),
        "name": ibis.literal("form"),
        "detail": v.text("Tags"),
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "email": response["email"],
        "user_id": response["contact_ref"],
        "person_name": response["person_name"],
        "company_name": response["company_name"],
        "medium": v.text("utm_medium"),
        "origin": v.text("utm_source"),
        "campaign": v.text("utm_campaign"),
        "value": v.number(score.column, sure=False) if score else ibis.null("float64"),
    }
    return [Mapped("events", event, where & finished), feedback(answers(raw, asked, response, where))]


FORMATS = [
    Format(
        "typeform responses",
        "typeform",
        "Responses of a Typeform, downloaded as CSV or XLSX.",
        _recognise,
        _map,
        zone="UTC",
    )
]
