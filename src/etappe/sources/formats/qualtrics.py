"""Qualtrics: the CSV export with its three header rows (names, texts, import ids), the older one with two."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._facts import leave_out
from etappe.sources.formats._surveys import (
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
from etappe.sources.values import Values

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
    layout = _Layout(raw.sample)
    cells = _Cells(raw.values, layout)
    response_id = cells.text("responseid")
    real = ~response_id.isin(layout.heads) if layout.heads else response_id.notnull()
    tried = cells.text("status").isin(_UNREAL).fill_null(False)
    leave_out(raw, real & tried, "responses are previews, tests or spam and were left out")
    where, questions, response = real & ~tried, layout.questions(), _response(cells, layout)
    known = response["email"].notnull() | response["contact_ref"].notnull()
    event = response_event(
        raw, questions, response, where,
        name=response["survey"],
        detail=cells.text("distributionchannel"),
        person_name=ibis.cases((~known, response["person_name"]), else_=ibis.null("string")),
    )  # fmt: skip
    return [event, feedback(answers(raw, questions, response, where))]


class _Cells:
    """The cells of a response, by the names of the first row."""

    def __init__(self, values: Values, layout: _Layout) -> None:
        self.values, self._layout = values, layout

    def text(self, *names: str) -> ir.StringValue:
        """The first of these columns that is there."""
        by_name = self._layout.by_name
        return self.values.text(next((by_name[name] for name in names if name in by_name), ""))

    def extra(self, pattern: str) -> ir.StringValue:
        """A column of embedded data by its name."""
        return self.values.text(self._layout.extra(pattern) or "")


def _response(cells: _Cells, layout: _Layout) -> dict[str, ir.Value]:
    """What a response says of itself, and who gave it."""
    text, extra, columns = cells.text, cells.extra, layout.by_name
    ended = columns.get("enddate") or columns.get("recordeddate") or columns["startdate"]
    first, last = text("recipientfirstname"), text("recipientlastname")
    ref = extra(r"(crm|sf|salesforce|hubspot|contact|kontakt)[ _-]?id")
    return {
        "response_id": text("responseid"),
        "happened_at": cells.values.moment(ended, zone=layout.zone),
        "survey": extra(r"survey[ _-]?(name|id)|umfrage"),
        "email": _respondent(layout, text, cells.values.text),
        "contact_ref": ibis.coalesce(text("externalreference", "externaldatareference"), ref),
        "person_name": ibis.coalesce(first + " " + last, last, _real_name(text("name"))),
        "account_ref": extra(r"(account|company|firmen|konto)[ _-]?id"),
        "company_name": extra(r"company|firma|unternehmen|account([ _-]?name)?|organi[sz]ation|organisation"),
        "touchpoint": extra(r"touch[ _-]?point|kontaktpunkt|anlass"),
        "finished": _true(text("finished"), text("progress")),
        "language": text("userlanguage"),
    }


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


FORMATS = [
    Format("qualtrics responses", "qualtrics", "Responses of a Qualtrics survey (Data & Analysis › Export data › CSV or Excel), with values or with choice texts.", _recognise, _map),
]  # fmt: skip
