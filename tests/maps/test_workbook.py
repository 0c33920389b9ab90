"""A map as a workbook: written and read it is the same map, and what a hand breaks in it is told, not lost."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from python_calamine import CalamineWorkbook

from etappe.errors import Fault, Faults
from etappe.maps.map import Map
from etappe.maps.workbook.cells import said
from etappe.maps.workbook.read import open_workbook, read_workbook
from etappe.maps.workbook.write import add_sheets

from . import make


def written(document: Map, path: Path, revision: int = 3) -> Path:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    add_sheets(book, document, revision)
    book.close()
    path.write_bytes(made.getvalue())
    return path


def edited(path: Path, change: Any) -> Path:
    """The workbook with its cells changed as somebody would: `change` gets sheets as lists of rows."""
    book = CalamineWorkbook.from_path(str(path))
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    change(sheets)
    out = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    for name, rows in sheets.items():
        sheet = out.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell not in ("", None):
                    sheet.write_string(number, place, cell) if isinstance(cell, str) else sheet.write(number, place, said(cell) if not isinstance(cell, (int, float)) else cell)
    out.close()
    return path


def small() -> Map:
    return Map.load({
        "id": "klein", "title": "Klein", "language": "de",
        "stages": {"research": {"id": "research", "order": "B", "title": "Vorrecherche", "planned_days": 20}, "decision": {"id": "decision", "order": "C", "title": "Entscheidung"}},
        "lanes": {"actions": {"id": "actions", "order": "B", "kind": "actions", "title": "Handlungen"}},
        "competitors": {"us": {"id": "us", "order": "B", "title": "Wir"}}, "criteria": {"p": {"id": "p", "order": "B", "text": "Preis", "weight": 3, "standing": {"us": 2}}},
        "feelings": {"research/_/_/hand": {"id": "x", "stage": "research", "value": 0.5}},
        "cards": {
            "k1": {"id": "k1", "order": "B", "stage": "research", "lane": "actions", "text": "=HYPERLINK(\"x\")", "claim": "coverage(article) >= 0.4", "evidence": {"int#1": {"ref": "int#1", "quote": "Ja"}}, "colour": "rot"},
            "k2": {"id": "k2", "order": "C", "stage": "research", "lane": "actions", "text": "Zweite", "effort": 2, "translations": {"en": {"text": "Second"}}},
        },
    })  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(make.maps())
def test_a_workbook_read_again_is_the_same_map(tmp_path_factory: pytest.TempPathFactory, document: Map) -> None:
    path = written(document, tmp_path_factory.mktemp("book") / "map.xlsx")
    opened = open_workbook(path)
    assert (opened.id, opened.revision) == (document.id, 3)
    given_ = read_workbook(opened, document)
    assert given_.document == document
    assert given_.told == []


def test_edits_of_cells_are_edits_of_the_map_and_all_else_stays(tmp_path: Path) -> None:
    def change(sheets: dict[str, list[list[Any]]]) -> None:
        cards = sheets["Karten"]
        heads = cards[0]
        cards[1][heads.index("Phase")] = "Entscheidung"
        cards[2][heads.index("Aufwand")] = "4"
        new = ["" for _ in heads]
        new[heads.index("Text")], new[heads.index("Phase")], new[heads.index("Zeile")], new[heads.index("Herkunft")] = "Neue Karte", "vorrecherche", "actions", "Interview"
        cards.append(new)
        sheets["Kriterien"][1][sheets["Kriterien"][0].index("Wir")] = "4,5"
        sheets["Angaben"][2][1] = "Neuer Titel"

    path = edited(written(small(), tmp_path / "a.xlsx"), change)
    made = read_workbook(open_workbook(path), small()).document
    assert made.title == "Neuer Titel"
    assert made.cards["k1"].stage == "decision"
    assert made.cards["k1"].text == small().cards["k1"].text
    assert made.cards["k1"].evidence["int#1"].quote == "Ja"
    assert (made.cards["k1"].model_extra or {})["colour"] == "rot"
    assert made.cards["k2"].effort == 4
    assert made.cards["k2"].translations == {"en": {"text": "Second"}}
    assert made.criteria["p"].standing == {"us": 4.5}
    (new,) = [card for card in made.cards.values() if card.text == "Neue Karte"]
    assert (new.stage, new.lane, new.provenance) == ("research", "actions", "interview")


def test_a_row_that_is_gone_removes_its_card_and_a_sheet_that_is_gone_nothing(tmp_path: Path) -> None:
    def change(sheets: dict[str, list[list[Any]]]) -> None:
        del sheets["Karten"][1]
        del sheets["Kriterien"]

    given_ = read_workbook(open_workbook(edited(written(small(), tmp_path / "a.xlsx"), change)), small())
    assert set(given_.document.cards) == {"k2"}
    assert given_.document.criteria == small().criteria
    assert "`Kriterien` is missing" in given_.told[0]


def test_a_missing_column_is_told_and_its_values_stay(tmp_path: Path) -> None:
    def change(sheets: dict[str, list[list[Any]]]) -> None:
        place = sheets["Karten"][0].index("Annahme")
        for row in sheets["Karten"]:
            del row[place]

    given_ = read_workbook(open_workbook(edited(written(small(), tmp_path / "a.xlsx"), change)), small())
    assert given_.document == small()
    assert given_.told == ["Karten: without the column `Annahme`; what stood there stays as it was."]


def test_every_broken_cell_is_told_at_once_with_its_address(tmp_path: Path) -> None:
    def change(sheets: dict[str, list[list[Any]]]) -> None:
        cards = sheets["Karten"]
        heads = cards[0]
        cards[1][heads.index("Phase")] = "Vorrecherch"
        cards[1][heads.index("Review am")] = "bald"
        cards[2][heads.index("Aufwand")] = "viel"
        sheets["Stimmung"][1][sheets["Stimmung"][0].index("Wert")] = "gut"

    with pytest.raises(Faults) as told:
        read_workbook(open_workbook(edited(written(small(), tmp_path / "a.xlsx"), change)), small())
    where = [fault.where.removeprefix("a.xlsx: ") for fault in told.value.faults]
    assert where == ["Karten!B2", "Karten!U2", "Karten!P3", "Stimmung!E2"]
    assert "Did you mean `Vorrecherche`" in told.value.faults[0].do_next


def test_a_value_out_of_range_is_told_at_its_cell(tmp_path: Path) -> None:
    def change(sheets: dict[str, list[list[Any]]]) -> None:
        sheets["Karten"][1][sheets["Karten"][0].index("Aufwand")] = 9

    with pytest.raises(Fault) as told:
        read_workbook(open_workbook(edited(written(small(), tmp_path / "a.xlsx"), change)), small())
    assert told.value.where == "a.xlsx: Karten!P2"


def test_without_ids_or_a_name_nothing_is_taken_over(tmp_path: Path) -> None:
    def no_ids(sheets: dict[str, list[list[Any]]]) -> None:
        for row in sheets["Karten"]:
            del row[0]

    def twice(sheets: dict[str, list[list[Any]]]) -> None:
        sheets["Karten"][2][0] = "k1"

    for change, word in ((no_ids, "The column `Kennung` (Id) is missing."), (twice, "`k1` is there twice, first in another row.")):
        with pytest.raises(Fault) as told:
            read_workbook(open_workbook(edited(written(small(), tmp_path / "a.xlsx"), change)), small())
        assert told.value.what == word
    with pytest.raises(Fault, match="does not say which map"):
        open_workbook(edited(written(small(), tmp_path / "a.xlsx"), lambda sheets: sheets.pop("Angaben")))
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(Fault, match="cannot be opened"):
        open_workbook(tmp_path / "broken.xlsx")


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(written(small(), tmp_path / "a.xlsx")) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in book.read(name)
