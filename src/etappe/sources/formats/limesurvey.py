"""LimeSurvey: responses with question codes, with full texts (German or English) or with both, by comma or semicolon.

Responses are counted from 1 in every survey, so a response is known by its number together with its random seed.
"""

from __future__ import annotations

import re

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

# What each column of the head is called: as code, in German, in English.
_HEAD = {
    "id": ("id", "antwort id", "antwort-id", "response id"),
    "submitdate": ("submitdate", "datum abgeschickt", "date submitted"),
    "lastpage": ("lastpage", "letzte seite", "last page"),
    "startlanguage": ("startlanguage", "start-sprache", "startsprache", "start language"),
    "seed": ("seed", "zufallsstartwert", "seed value"),
    "token": ("token", "zugangscode", "zugangsschlüssel", "access code", "access token"),
    "startdate": ("startdate", "datum gestartet", "date started"),
    "datestamp": ("datestamp", "datum letzte aktivität", "datum der letzten aktivität", "date last action"),
    "ipaddr": ("ipaddr", "ip-adresse", "ip adresse", "ip address"),
    "refurl": ("refurl", "weiterleitungs-url", "verweis-url", "referrer url"),
}
_BOTH = re.compile(r"^([A-Za-z][\w]*(?:\[[^\]]*\])*)\.\s+(.+)$", re.DOTALL)
_TIMINGS = re.compile(
    r"^(interviewtime|grouptime\w*|\w+Time)$|^(Gesamtzeit|Total time|Gruppenzeit|Group time|Fragezeit|Question time)",
    re.IGNORECASE,
)


def _heads(columns: tuple[str, ...]) -> dict[str, str]:
    """The head's columns by their code."""
    found: dict[str, str] = {}
    for column in columns:
        both = _BOTH.match(column)
        bare = (both[1] if both else column).strip().lower()
        for code, names in _HEAD.items():
            if bare in names or (both and both[2].strip().lower() in names):
                found.setdefault(code, column)
    return found


def _recognise(sample: Sample) -> float:
    if sample.container not in ("table", "workbook") or sample.headerless:
        return 0.0
    heads = _heads(sample.columns)
    return 0.95 if "id" in heads and {"submitdate", "lastpage"} <= set(heads) and "startlanguage" in heads else 0.0


def _questions(sample: Sample, heads: dict[str, str]) -> list[Question]:
    known = set(heads.values())
    found = []
    for column in sample.columns:
        if column in known or column.startswith("column ") or _TIMINGS.match(column):
            continue
        both = _BOTH.match(column)
        ref, text = (both[1], both[2]) if both else (column, column)
        found.append(Question(column, ref.strip(), " ".join(text.split())))
    return guess(found, sample.rows)


def _map(raw: Raw) -> list[Mapped]:
    sample, heads = raw.sample, _heads(raw.sample.columns)
    others = [column for column in sample.columns if column not in heads.values()]
    who = {
        "email": email_column(others, sample.rows),
        "first": named(others, r"(firstname|vorname)"),
        "last": named(others, r"(lastname|nachname)"),
        "company": named(others, COMPANY),
    }
    response = _response(raw, heads, who)
    if not _dated(sample, heads):
        raw.notes.append("the survey is anonymous and keeps no dates: its responses cannot be placed in time")
    asked = [question for question in _questions(sample, heads) if question.column not in who.values()]
    where = raw.values.text(heads["id"]).notnull()
    event = response_event(
        raw, asked, response, where, name=ibis.literal("survey"), referrer=_cell(raw, heads, "refurl")
    )
    return [event, feedback(answers(raw, asked, response, where))]


def _cell(raw: Raw, heads: dict[str, str], code: str) -> ir.StringValue:
    # 1980-01-01 stands for a date that an anonymous survey does not keep.
    cell = raw.values.text(heads.get(code, ""))
    return ibis.cases((cell.startswith("1980-01-01"), ibis.null("string")), else_=cell)


def _response(raw: Raw, heads: dict[str, str], who: dict[str, str | None]) -> dict[str, ir.Value]:
    """What a response says of itself, and who gave it by the columns of `who`."""
    v, submitted, started = raw.values, _cell(raw, heads, "submitdate"), _cell(raw, heads, "startdate")
    moment = ibis.coalesce(submitted, _cell(raw, heads, "datestamp"), started)
    mark = v.text(heads["seed"]) if "seed" in heads else ibis.coalesce(started, submitted, "")
    first, last = v.text(who["first"] or ""), v.text(who["last"] or "")
    return {
        "response_id": v.text(heads["id"]) + "-" + ibis.coalesce(mark, ""),
        "happened_at": v.moment_of(moment, heads.get("submitdate", "submitdate")),
        "email": v.email(who["email"] or ""),
        "contact_ref": _cell(raw, heads, "token"),
        "person_name": ibis.coalesce(first + " " + last, last),
        "company_name": v.text(who["company"] or ""),
        "finished": v.text(heads["submitdate"]).notnull(),
        "language": _cell(raw, heads, "startlanguage"),
    }


def _dated(sample: Sample, heads: dict[str, str]) -> bool:
    columns = [heads[code] for code in ("submitdate", "datestamp", "startdate") if code in heads]
    cells = [str(row.get(column) or "") for row in sample.rows for column in columns]
    return not any(cells) or any(cell and not cell.startswith("1980-01-01") for cell in cells)


FORMATS = [
    Format("limesurvey responses", "limesurvey", "Responses of LimeSurvey exported as CSV or Excel, with question codes, full texts or both, German or English.", _recognise, _map),
]  # fmt: skip
