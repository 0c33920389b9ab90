"""LimeSurvey: responses with question codes, with full texts (German or English) or with both, by comma or semicolon.

Responses are counted from 1 in every survey, so a response is known by its number together with its random seed.
"""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._facts import leave_out
from etappe.sources.formats._surveys import Question, answers, email_column, feedback, guess, named
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
    v, sample = raw.values, raw.sample
    heads = _heads(sample.columns)

    def text(code: str) -> ir.StringValue:
        # 1980-01-01 stands for a date that an anonymous survey does not keep.
        cell = v.text(heads.get(code, ""))
        return ibis.cases((cell.startswith("1980-01-01"), ibis.null("string")), else_=cell)

    submitted = text("submitdate")
    happened = v.moment_of(
        ibis.coalesce(submitted, text("datestamp"), text("startdate")), heads.get("submitdate", "submitdate")
    )
    finished = v.text(heads["submitdate"]).notnull()
    mark = v.text(heads["seed"]) if "seed" in heads else ibis.coalesce(text("startdate"), submitted, "")
    response_id = v.text(heads["id"]) + "-" + ibis.coalesce(mark, "")
    where = v.text(heads["id"]).notnull()
    others = [column for column in sample.columns if column not in heads.values()]
    mail = email_column(others, sample.rows)
    first, last = named(others, r"(firstname|vorname)"), named(others, r"(lastname|nachname)")
    company = named(others, r".*\b(firma|unternehmen|company|organisation|organization)\b.*")
    asked = [question for question in _questions(sample, heads) if question.column not in {mail, first, last, company}]
    response: dict[str, ir.Value] = {
        "response_id": response_id,
        "happened_at": happened,
        "email": v.email(mail or ""),
        "contact_ref": text("token"),
        "person_name": ibis.coalesce(v.text(first or "") + " " + v.text(last or ""), v.text(last or "")),
        "company_name": v.text(company or ""),
        "finished": finished,
        "language": text("startlanguage"),
    }
    if not _dated(sample, heads):
        raw.notes.append("the survey is anonymous and keeps no dates: its responses cannot be placed in time")
    leave_out(raw, where & ~finished, "responses were not sent to the end: their answers are kept, but are no event")
    rows = answers(raw, asked, response, where)
    score = next((question for question in asked if question.instrument == "nps"), None)
    event: dict[str, ir.Value] = {
        "record_id": response_id,
        "happened_at": happened,
        "kind": ibis.literal("survey_answer"),
        "name": ibis.literal("survey"),
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "email": response["email"],
        "user_id": text("token"),
        "person_name": response["person_name"],
        "company_name": response["company_name"],
        "referrer": text("refurl"),
        "value": v.text(score.column).re_replace(r"[^0-9].*$", "").try_cast("float64")
        if score
        else ibis.null("float64"),
    }
    return [Mapped("events", event, where & finished), feedback(rows)]


def _dated(sample: Sample, heads: dict[str, str]) -> bool:
    columns = [heads[code] for code in ("submitdate", "datestamp", "startdate") if code in heads]
    cells = [str(row.get(column) or "") for row in sample.rows for column in columns]
    return not any(cells) or any(cell and not cell.startswith("1980-01-01") for cell in cells)


FORMATS = [
    Format("limesurvey responses", "limesurvey", "Responses of LimeSurvey exported as CSV or Excel, with question codes, full texts or both, German or English.", _recognise, _map),
]  # fmt: skip
