"""Rows as files for spreadsheets: CSV and XLSX in which no cell can act as a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from etappe.errors import QuestionFault
from etappe.words.result import plain

FORMATS: Final = ("csv", "xlsx")
MEDIA: Final = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_ACTING: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def spreadsheet(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], format: str, *, language: str = "de", headings: Mapping[str, str] | None = None) -> bytes:
    """Rows as a file.

    A CSV for German has semicolons and decimal commas, as German spreadsheets expect it. A text that a spreadsheet would
    take for a formula gets an apostrophe in front; in XLSX every text is a text, whatever it begins with.
    """
    heads = [(headings or {}).get(name, name) for name in columns]
    if format == "csv":
        return _csv(rows, columns, heads, german=language == "de")
    if format == "xlsx":
        return _xlsx(rows, columns, heads)
    raise QuestionFault(f"'{format}' is not a format for rows", "format", f"it may be {', '.join(FORMATS)}")


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> safe("=HYPERLINK(...)"), safe("Anna")
    ("'=HYPERLINK(...)", 'Anna')
    """
    return f"'{text}" if text.startswith(_ACTING) else text


def _csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], heads: Sequence[str], german: bool) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if german else ",", lineterminator="\r\n")
    writer.writerow([safe(head) for head in heads])
    for row in rows:
        writer.writerow([_text(row.get(name), german) for name in columns])
    return out.getvalue().encode("utf-8-sig")


def _text(value: Any, german: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).replace(".", ",") if german else repr(value)
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    if isinstance(value, dt.datetime) and not value.tzinfo:
        return value.isoformat(" ")
    return safe(_flat(value))


def _xlsx(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], heads: Sequence[str]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": True, "remove_timezone": True}
    with xlsxwriter.Workbook(out, options) as book:
        bold, day, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, head in enumerate(heads):
            sheet.write_string(0, place, head, bold)
            sheet.set_column(place, place, min(max(len(head) + 2, 12), 40))
        for line, row in enumerate(rows, start=1):
            for place, name in enumerate(columns):
                _cell(sheet, line, place, row.get(name), day, moment)
        if rows:
            sheet.autofilter(0, 0, len(rows), max(len(columns) - 1, 0))
    return out.getvalue()


def _cell(sheet: Any, line: int, place: int, value: Any, day: Any, moment: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(line, place, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(line, place, value.astimezone(dt.UTC) if value.tzinfo else value, moment)
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, place, value, day)
    else:
        sheet.write_string(line, place, _flat(value)[:32_000])


def _flat(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_flat(item) for item in value)
    return str(plain(value))
