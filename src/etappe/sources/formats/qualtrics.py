"""Qualtrics: the CSV export with its three header rows (names, texts, import ids), the older one with two."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._facts import leave_out
from etappe.sources.formats._surveys import Question, answers, email_column, feedback, guess, named
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample

Cell = Callable[..., ir.StringValue]
_KNOWN = {
    "startdate", "enddate", "status", "ipaddress", "progress", "duration (in seconds)", "finished", "recordeddate", "responseid",
    "recipientlastname", "recipientfirstname", "recipientemail", "externalreference", "externaldatareference", "locationlatitude",
    "locationlongitude", "locationaccuracy", "distributionchannel", "userlanguage", "responseset", "name", "emailaddress",
}  # fmt: skip
_DERIVED = re.compile(
    r"_NPS_GROUP$| - (Parent )?Topics( |$)| - Sentiment|_DO(_|$)|_(First|Last) Click$|_Page Submit$|_Click Count$"
)
_UNREAL = ("1", "2", "8", "9", "12", "17", "Survey Preview", "Survey Test", "Spam", "Umfragevorschau", "Umfragetest", "Umfragen-Vorschau", "Umfrage-Test")  # fmt: skip


def _recognise(sample: Sample) -> float:
    if sample.container not in ("table", "workbook") or not sample.rows:
        return 0.0
    if sample.has("ResponseId", "StartDate", "EndDate") and sample.has_any("RecordedDate", "Finished", "Progress"):
        return 0.95
    second = {str(cell).strip() for cell in sample.rows[0].values()}
    return 0.95 if sample.has("V1", "V2") and {"ResponseID", "StartDate", "Finished"} <= second else 0.0


class _Layout:
    """Which column is what: names stand in the first row, in the old layout in the second."""

    def __init__(self, sample: Sample) -> None:
        first = sample.rows[0]
        self.old = not sample.has("ResponseId")
        second = {column: str(first.get(column) or "").strip() for column in sample.columns}
        self.name = {
            column: second[column] if self.old and column.startswith("V") else column for column in sample.columns
        }
        self.by_name = {name.lower(): column for column, name in reversed(self.name.items())}
        response = self.by_name["responseid"]
        heads = [row for row in sample.rows[:2] if not re.match(r"(R|FS)_\w", str(row.get(response) or ""))]
        if not any(re.match(r"(R|FS)_\w", str(row.get(response) or "")) for row in sample.rows):
            heads = [row for row in heads if _is_head(row)]  # responses without a real one to compare with
        self.heads = tuple(str(row.get(response) or "").strip() for row in heads)
        self.rows = sample.rows[len(heads) :]
        self.texts = heads[0] if heads else {}
        self.zone = _zone(heads)
        self.imports = next((_imports(row) for row in heads if '"ImportId"' in str(row.get(response))), {})

    def questions(self) -> list[Question]:
        found = []
        for column, name in self.name.items():
            if name.lower() in _KNOWN or _DERIVED.search(name) or name.startswith("column ") or self.embedded(column):
                continue
            text = " ".join(str(self.texts.get(column) or name).split())
            found.append(Question(column, self.imports.get(column, name), text))
        return guess(found, self.rows)

    def embedded(self, column: str) -> bool:
        """Whether a column is data that came with the invitation, no answer."""
        return bool(self.imports) and not self.imports.get(column, "").startswith("QID") and not self.old

    def extra(self, pattern: str) -> str | None:
        """A column of embedded data by its name."""
        return named(
            (column for column, name in self.name.items() if name.lower() not in _KNOWN and not name.startswith("Q_")),
            pattern,
        )


def _is_head(row: dict[str, object]) -> bool:
    cells = " ".join(str(cell) for cell in row.values())
    return '"ImportId"' in cells or not re.search(r"\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{2,4}", cells)


def _zone(heads: list[dict[str, object]]) -> str | None:
    """The zone that the third row states for the dates."""
    stated = re.search(r'"timeZone":\s*"([^"]+)"', " ".join(str(cell) for row in heads for cell in row.values()))
    return None if stated is None else "UTC" if stated[1] == "Z" else stated[1]


def _imports(row: dict[str, object]) -> dict[str, str]:
    found = {}
    for column, cell in row.items():
        try:
            found[column] = str(json.loads(str(cell))["ImportId"])
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _map(raw: Raw) -> list[Mapped]:
    v, layout = raw.values, _Layout(raw.sample)

    def text(*names: str) -> ir.StringValue:
        column = next((layout.by_name[name] for name in names if name in layout.by_name), None)
        return v.text(column or "")

    response_id = text("responseid")
    real = ~response_id.isin(layout.heads) if layout.heads else response_id.notnull()
    tried = text("status").isin(_UNREAL).fill_null(False)
    leave_out(raw, real & tried, "responses are previews, tests or spam and were left out")
    where = real & ~tried
    ended = layout.by_name.get("enddate") or layout.by_name.get("recordeddate") or layout.by_name["startdate"]
    happened = v.moment(ended, zone=layout.zone)
    finished = _true(text("finished"), text("progress"))
    questions = layout.questions()
    email = _respondent(layout, text, v.text)
    name = ibis.coalesce(
        text("recipientfirstname") + " " + text("recipientlastname"),
        text("recipientlastname"),
        _real_name(text("name")),
    )

    def extra(pattern: str) -> ir.StringValue:
        column = layout.extra(pattern)
        return v.text(column or "")

    ref = ibis.coalesce(
        text("externalreference", "externaldatareference"),
        extra(r"(crm|sf|salesforce|hubspot|contact|kontakt)[ _-]?id"),
    )
    response: dict[str, ir.Value] = {
        "response_id": response_id,
        "happened_at": happened,
        "survey": extra(r"survey[ _-]?(name|id)|umfrage"),
        "email": email,
        "contact_ref": ref,
        "person_name": name,
        "account_ref": extra(r"(account|company|firmen|konto)[ _-]?id"),
        "company_name": extra(r"company|firma|unternehmen|account([ _-]?name)?|organi[sz]ation|organisation"),
        "touchpoint": extra(r"touch[ _-]?point|kontaktpunkt|anlass"),
        "finished": finished,
        "language": text("userlanguage"),
    }
    rows = answers(raw, questions, response, where)
    event = Mapped(
        "events",
        {
            "record_id": response_id,
            "happened_at": happened,
            "kind": ibis.literal("survey_answer"),
            "name": response["survey"],
            "detail": text("distributionchannel"),
            "direction": ibis.literal("in"),
            "online": ibis.literal(True),
            "email": email,
            "user_id": ref,
            "person_name": ibis.cases((email.isnull() & ref.isnull(), name), else_=ibis.null("string")),
            "company_name": response["company_name"],
            "value": _score(v.text, questions),
        },
        where & finished.fill_null(True),
    )
    leave_out(
        raw, where & ~finished.fill_null(True), "responses were not sent to the end: their answers are kept, but are no event"
    )
    return [event, feedback(rows)]


def _true(finished: ir.StringValue, progress: ir.StringValue) -> ir.BooleanValue:
    said = finished.lower()
    return ibis.cases(
        (said.isin(("1", "true", "wahr", "yes", "ja")), True), (said.isin(("0", "false", "falsch", "no", "nein")), False),
        (progress == "100", True), else_=ibis.null("boolean"),
    )  # fmt: skip


def _respondent(layout: _Layout, text: Cell, cell: Cell) -> ir.StringValue:
    """The invitation's address, else one that came with it or was asked for."""
    asked = email_column([column for column, name in layout.name.items() if name.lower() not in _KNOWN], layout.rows)
    address = ibis.coalesce(
        text("recipientemail", "emailaddress"), cell(asked) if asked else ibis.null("string")
    ).lower()
    return ibis.cases((address.contains("@"), address), else_=ibis.null("string"))


def _real_name(name: ir.StringValue) -> ir.StringValue:
    return ibis.cases((name.isin(("Anonymous", "Anonym")), ibis.null("string")), else_=name)


def _score(cell: Cell, questions: list[Question]) -> ir.FloatingValue:
    """The answer to the net promoter question, which stands for the whole response."""
    asked = next((question for question in questions if question.instrument == "nps"), None)
    return cell(asked.column).re_replace(r"[^0-9].*$", "").try_cast("float64") if asked else ibis.null("float64")


FORMATS = [
    Format("qualtrics responses", "qualtrics", "Responses of a Qualtrics survey (Data & Analysis › Export data › CSV or Excel), with values or with choice texts.", _recognise, _map),
]  # fmt: skip
