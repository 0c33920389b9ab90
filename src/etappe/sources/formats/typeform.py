"""Typeform: the responses of a form as CSV or XLSX; a column a question, a column an option where several may be chosen."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._surveys import (
    COMPANY,
    Question,
    answers,
    email_column,
    feedback,
    guess,
    named,
    response_event,
)
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
    sample = raw.sample
    others = [column for column in sample.columns if column.lower() not in _KNOWN]
    who = {
        "email": email_column(others, sample.rows),
        "first": named(others, r"(first ?name|vorname).*"),
        "last": named(others, r"(last ?name|nachname|surname).*"),
        "whole": named(others, r"(name|full ?name|.*\bihr name\b.*)"),
        "company": named(others, COMPANY),
        "contact": named(others, r"(user|contact|crm|customer|hubspot|salesforce)_?id"),
    }
    response, where = _response(raw, who), raw.values.text("#").notnull()
    asked = guess(_questions(others, set(who.values())), sample.rows)
    event = response_event(raw, asked, response, where, **_came_by(raw))
    return [event, feedback(answers(raw, asked, response, where))]


def _questions(columns: list[str], taken: set[str | None]) -> list[Question]:
    """The columns that ask something: hidden fields are in small letters and came with the link."""
    hidden = {column for column in columns if column == column.lower() and named([column], _HIDDEN)}
    return [
        Question(column, column[:80], column)
        for column in columns
        if column not in taken and column not in hidden and not column.startswith("column ")
    ]


def _response(raw: Raw, who: dict[str, str | None]) -> dict[str, ir.Value]:
    """What a response says of itself, and who gave it by the columns of `who`."""
    v, kind = raw.values, raw.values.text("Response Type").lower()
    first, last = v.text(who["first"] or ""), v.text(who["last"] or "")
    return {
        "response_id": v.text("#"),
        "happened_at": v.moment_of(v.first(*_DATES), "Submit Date (UTC)", zone="UTC"),
        "email": v.email(who["email"] or ""),
        "contact_ref": v.text(who["contact"] or ""),
        "person_name": ibis.coalesce(first + " " + last, v.text(who["whole"] or ""), last),
        "company_name": v.text(who["company"] or ""),
        "finished": ibis.cases(
            (kind.isin(("partial", "started")), False),
            (v.text("Submit Date (UTC)").isnull() & kind.isnull(), False),
            else_=True,
        ),
    }


def _came_by(raw: Raw) -> dict[str, ir.Value]:
    v = raw.values
    return {
        "name": ibis.literal("form"),
        "detail": v.text("Tags"),
        "medium": v.text("utm_medium"),
        "origin": v.text("utm_source"),
        "campaign": v.text("utm_campaign"),
    }


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
