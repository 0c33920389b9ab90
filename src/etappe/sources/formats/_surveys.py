"""Answers of surveys: which column asks what, on which scale, and one row an answered question.

What a question measures is guessed from its words and from the answers of the first rows, and can only be as good: a
question that speaks of recommending and is answered with 0 to 10 is a net promoter question, one about effort a
customer effort question, one about satisfaction a satisfaction question; if the same item is also asked for its
importance, the two are a pair. The scale is that of the answers seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Mapped
from etappe.sources.formats._facts import leave_out
from etappe.sources.raw import Raw
from etappe.tables import functions as fn
from etappe.words.question import item_of

COMPANY = r".*\b(firma|unternehmen|company|organisation|organization)\b.*"  # a question that asks for the company
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NUMBER = r"^(\d{1,3}(?:[.,]\d+)?)(?:$|\s*[-–:=(]|\s+[^\d\s])|\((\d{1,3})\)$|^[^\d]{3,60}[-–:]\s*(\d{1,3})$"
_RECOMMEND = re.compile(r"empfehl|recommend|(?<![a-z])nps(?![a-z])", re.IGNORECASE)
_EFFORT = re.compile(
    r"aufwand|aufwendig|aufwändig|(wie|how)\s+(einfach|leicht|easy|difficult|schwierig)|effort|(?<![a-z])ces(?![a-z])"
    r"|(leicht|einfach) (war|fiel)|(war|fiel)( es)?( \w+)? (einfach|leicht)|made it easy|(was|were) easy",
    re.IGNORECASE,
)
_SATISFIED = re.compile(r"zufrieden|satisf|(?<![a-z])csat(?![a-z])", re.IGNORECASE)
_IMPORTANT = re.compile(r"wichtig|important|importance", re.IGNORECASE)
_RATE = re.compile(r"bewert|benot|schulnote|sterne|stars|\brat(e|ing)\b|beurteil", re.IGNORECASE)
_SCALE = re.compile(r"\b([01])\s*(?:bis|to|–|-)\s*(10|[4-9])\b|\b([01])\s*=.*?\b(10|[4-9])\s*=")
_PROSE = re.compile(r"[?.!,]\s|\s\S+\s\S+\s\S+\s\S+\s")


@dataclass(frozen=True)
class Question:
    """A column that asks something."""

    column: str
    ref: str
    text: str
    instrument: str = "other"
    low: float | None = None
    high: float | None = None


def number_in(text: str) -> float | None:
    """The number an answer states: 9, "9 - sehr wahrscheinlich", "Äußerst wahrscheinlich (10)"."""
    found = re.search(_NUMBER, text.strip())
    if not found:
        return None
    return float(next(group for group in found.groups() if group).replace(",", "."))


def guess(questions: Sequence[Question], rows: Iterable[dict[str, Any]]) -> list[Question]:
    """The questions with what they measure, from their words and the first answers."""
    seen = list(rows)
    guessed = [
        _guess_one(question, [str(row.get(question.column) or "").strip() for row in seen]) for question in questions
    ]
    important = {item_of(question.text) for question in guessed if question.instrument == "importance"}
    return [
        replace(question, instrument="satisfaction")
        if question.instrument in ("csat", "ces") and _SATISFIED.search(question.text) and item_of(question.text) in important
        else question
        for question in guessed
    ]


def _guess_one(question: Question, cells: list[str]) -> Question:
    answers = [cell for cell in cells if cell]
    numbers = [number for cell in answers if (number := number_in(cell)) is not None]
    words = f"{question.column} {question.ref} {question.text}"
    if answers and len(numbers) < 0.8 * len(answers):
        return replace(question, instrument="text" if _is_prose(answers) else "choice")
    top, bottom = max(numbers, default=0), min(numbers, default=1)
    if _RECOMMEND.search(words) and top <= 10:
        return replace(question, instrument="nps", low=0, high=10)
    if _IMPORTANT.search(words):
        return _scaled(question, "importance", top, bottom)
    if _EFFORT.search(words):
        return _scaled(question, "ces", top, bottom)
    if _SATISFIED.search(words):
        return _scaled(question, "csat", top, bottom)
    if _RATE.search(words):
        return _scaled(question, "rating", top, bottom)
    return replace(question, instrument="other")


def _is_prose(answers: list[str]) -> bool:
    """Whether people wrote what they liked, or chose from a list."""
    long = sum(len(cell) > 40 or bool(_PROSE.search(cell)) for cell in answers)
    different = len(set(answers)) > 0.8 * len(answers)
    return len(answers) == 1 or long > 0.3 * len(answers) or (different and len(answers) >= 8)


def _scaled(question: Question, instrument: str, top: float, bottom: float) -> Question:
    stated = _SCALE.search(question.text)
    if stated:
        least, most = (float(group) for group in stated.groups() if group)
        if top <= most:
            return replace(question, instrument=instrument, low=least, high=most)
    for low, high in ((1, 5), (1, 7), (1, 10), (1, 100)):
        if top <= high:
            return replace(question, instrument=instrument, low=min(low, bottom), high=high)
    return replace(question, instrument=instrument)


def email_column(columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> str | None:
    """The column whose filled cells are e-mail addresses, if there is one."""
    seen = list(rows)
    for column in columns:
        cells = [cell for row in seen if (cell := str(row.get(column) or "").strip())]
        if cells and sum(bool(_EMAIL.match(cell)) for cell in cells) >= 0.8 * len(cells):
            return column
    return None


def named(columns: Iterable[str], pattern: str) -> str | None:
    """The first column whose whole name fits a pattern."""
    return next((column for column in columns if re.fullmatch(pattern, column.strip(), re.IGNORECASE)), None)


def response_event(
    raw: Raw, questions: Sequence[Question], response: dict[str, ir.Value], where: ir.BooleanValue, **more: ir.Value
) -> Mapped:
    """A response that was sent to the end, as an event; the others are counted in the report of the file.

    Its value is the answer to the net promoter question, which stands for the whole response. `response` has the columns
    that `feedback` takes; what differs by system comes as `more`.
    """
    finished = response["finished"].fill_null(True)
    leave_out(raw, where & ~finished, "responses were not sent to the end: their answers are kept, but are no event")
    asked = next((question for question in questions if question.instrument == "nps"), None)
    columns: dict[str, ir.Value] = {
        "record_id": response["response_id"],
        "happened_at": response["happened_at"],
        "kind": ibis.literal("survey_answer"),
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "email": response["email"],
        "user_id": response["contact_ref"],
        "person_name": response["person_name"],
        "company_name": response["company_name"],
        "value": _number(raw.values.text(asked.column)) if asked else ibis.null("float64"),
    }
    return Mapped("events", columns | more, where & finished)


def answers(raw: Raw, questions: Sequence[Question], response: dict[str, ir.Value], where: ir.BooleanValue) -> ir.Table:
    """One row an answered question, with the columns of `response` and those of the question beside it."""
    table = raw.table
    items = [
        ibis.struct(
            {
                "ref": ibis.literal(question.ref),
                "question": ibis.literal(question.text),
                "instrument": ibis.literal(question.instrument),
                "low": ibis.literal(question.low, "float64") if question.low is not None else ibis.null("float64"),
                "high": ibis.literal(question.high, "float64") if question.high is not None else ibis.null("float64"),
                "answer": raw.values.text(question.column),
            }
        )
        for question in questions
    ]
    rows = table.filter(where.fill_null(False)).select(**response, item=ibis.array(items))
    rows = raw.engine.view("answers", rows.unnest("item").unpack("item"))
    return rows.filter(rows.answer.notnull())


def feedback(rows: ir.Table) -> Mapped:
    """The answers as the table `feedback`; `rows` has what `answers` gave."""
    measured = ~rows.instrument.isin(("choice", "text"))
    number = _number(rows.answer)
    columns: dict[str, ir.Value] = {
        "record_id": rows.response_id + ":" + rows.ref,
        "question": rows.question,
        "question_ref": rows.ref,
        "instrument": rows.instrument,
        "low": rows.low,
        "high": rows.high,
        "value": ibis.cases((measured, number), else_=ibis.null("float64")),
        "text": ibis.cases(
            (measured & number.notnull() & (rows.answer.length() < 4), ibis.null("string")), else_=rows.answer
        ),
    }
    given = (
        "survey",
        "response_id",
        "happened_at",
        "email",
        "contact_ref",
        "person_name",
        "account_ref",
        "company_name",
        "touchpoint",
        "finished",
        "language",
    )
    columns |= {name: rows[name] for name in given if name in rows.columns}
    return Mapped("feedback", columns, primary=False, rows=rows)


def _number(answer: ir.StringValue) -> ir.FloatingValue:
    """As `number_in`, for a column."""
    found = [fn.extract(answer, _NUMBER, group).nullif("") for group in (1, 2, 3)]
    return ibis.coalesce(*found).replace(",", ".").try_cast("float64")
