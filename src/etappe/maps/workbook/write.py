"""Writes the editable sheets of a map into a workbook: lists to choose from, frozen headings, texts that are never formulas."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from etappe.maps.map import Map
from etappe.maps.workbook.columns import HEAD_SHEET, Field
from etappe.maps.workbook.rows import Table, head_rows, tables

INK: Final = "#1c2430"
_ROOM: Final = 200
"""So many rows beneath the last one also offer the lists."""


def add_sheets(book: Any, document: Map, revision: int) -> None:
    """Adds the sheets to an XlsxWriter workbook, in the map's own language."""
    language = "de" if document.language == "de" else "en"
    looks = Looks(book)
    _head(book, looks, document, revision, language)
    for table in tables(document, language):
        _sheet(book, looks, table, language)


class Looks:
    """The formats of the sheets."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "top"}
        self.text = book.add_format({**base, "text_wrap": True})
        self.id = book.add_format({**base, "font_color": "#667085"})
        self.number = book.add_format({**base, "num_format": "General"})
        self.middle = book.add_format({**base, "num_format": "+0.0;-0.0;0", "align": "center"})
        self.date = book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "left"})
        self.head = book.add_format({**base, "bold": True, "bg_color": "#f7f8fa", "bottom": 1, "bottom_color": "#c8ced8", "text_wrap": True, "valign": "vcenter"})
        self.note = book.add_format({**base, "font_color": "#667085", "text_wrap": True})
        self.strong = book.add_format({**base, "bold": True, "text_wrap": True})
        self.title = book.add_format({**base, "bold": True, "font_size": 16, "valign": "vcenter"})


def put(sheet: Any, row: int, column: int, cell: Any, looks: Looks, quiet: bool = False) -> None:
    """One cell by its kind; a text stays a text, whatever it begins with."""
    if cell is None:
        sheet.write_blank(row, column, None, looks.text)
    elif isinstance(cell, float):
        sheet.write_number(row, column, cell, looks.number)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, column, dt.datetime(cell.year, cell.month, cell.day), looks.date) if cell.year >= 1900 else sheet.write_string(row, column, cell.isoformat(), looks.text)
    else:
        sheet.write_string(row, column, cell, looks.id if quiet else looks.text)


def _head(book: Any, looks: Looks, document: Map, revision: int, language: str) -> None:
    sheet = book.add_worksheet(HEAD_SHEET[0 if language == "de" else 1])
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    for number, (field, cell) in enumerate(head_rows(document, revision, language)):
        sheet.write_string(number, 0, field.heading(language), looks.head)
        put(sheet, number, 1, cell, looks)
    notes = _HELP[0 if language == "de" else 1]
    for place, note in enumerate(notes):
        sheet.write_string(len(head_rows(document, revision, language)) + 1 + place, 1, note, looks.note)
        sheet.set_row(len(head_rows(document, revision, language)) + 1 + place, 28)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


_HELP: Final = (
    ("Ändern Sie Zellen, fügen Sie Zeilen ohne Kennung an oder löschen Sie Zeilen, und lesen Sie die Datei wieder ein: etappe map import DATEI.xlsx",
     "Verglichen wird mit der Fassung oben: was andere seither geändert haben, bleibt. Blätter „Map“ und „Befunde“ werden nicht gelesen.",
     "Eine fehlende Spalte lässt die Werte, wie sie waren; ohne die Spalte Kennung wird nichts übernommen."),
    ("Change cells, append rows without an id or delete rows, and read the file again: etappe map import FILE.xlsx",
     "It is compared with the revision above: what others changed since then stays. The sheets “Map” and “Verdicts” are not read.",
     "A missing column leaves the values as they were; without the column Id nothing is taken over."),
)  # fmt: skip


def _sheet(book: Any, looks: Looks, table: Table, language: str) -> None:
    sheet = book.add_worksheet(table.sheet.title(language))
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 22)
    for place, field in enumerate(table.fields):
        sheet.set_column(place, place, field.width)
        sheet.write_string(0, place, field.heading(language), looks.head)
    for number, (_, cells) in enumerate(table.rows, start=1):
        for place, (field, cell) in enumerate(zip(table.fields, cells, strict=True)):
            if cell is not None:
                put(sheet, number, place, cell, looks, quiet=field.name == "id")
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.fields) - 1)
    for place, field in enumerate(table.fields):
        _list(sheet, place, field, table, len(table.rows))
    sheet.set_landscape()
    sheet.set_paper(8 if len(table.fields) > 10 else 9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _list(sheet: Any, place: int, field: Field, table: Table, count: int) -> None:
    """A list to choose from, where its words fit into one (Excel takes 255 letters)."""
    words = [word for word in table.choices.get(field.name, []) if "," not in word]
    if words and len(",".join(words)) <= 255:
        sheet.data_validation(1, place, count + _ROOM, place, {"validate": "list", "source": words, "error_type": "information", "ignore_blank": True})
