"""Reads an edited workbook: every fault at once with sheet and cell; what is missing in it stays as it was.

A cell that says what the workbook said when it was written changes nothing, so that texts a cell cannot hold in full
(control characters, more than 32,000 letters) survive. Rows without an id are new; rows that are gone are removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from etappe.errors import Fault, MapFault
from etappe.maps.document import Plain, all_of, faults_of, new_id
from etappe.maps.map import Map, feeling_id
from etappe.maps.reading import set_orders
from etappe.maps.workbook.cells import Odd, said, value_of
from etappe.maps.workbook.columns import HEAD, HEAD_SHEET, SHEETS, STANDING, Field, Sheet, choices
from etappe.maps.workbook.rows import head_rows, standing_fields, table

_MOST_ROWS: Final = 20_000
_BIG: Final = 60_000_000
_PREFIX: Final = {"cards": "c", "stages": "s", "steps": "t", "lanes": "l", "competitors": "v", "criteria": "k"}


@dataclass(slots=True)
class Opened:
    """A workbook as cells: which map and revision it is of, and its sheets by name."""

    path: Path
    id: str
    revision: int | None
    sheets: dict[str, list[list[Any]]]


@dataclass(slots=True)
class Given:
    """What a workbook says: the map, and what the reader should know of it."""

    document: Map
    told: list[str] = field(default_factory=list)


def open_workbook(path: Path) -> Opened:
    """The cells of a workbook.

    Raises
    ------
    MapFault
        If it is no workbook, too large, or does not say which map it is of.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if path.stat().st_size > _BIG:
            raise MapFault("The workbook is larger than 60 MB.", str(path), "Is it the right one?")
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: _rows(book.get_sheet_by_name(name)) for name in book.sheet_names}
    except (OSError, CalamineError, ValueError) as error:
        raise MapFault(f"The workbook cannot be opened: {error}.", str(path), "Write it with `etappe report map NAME -o map.xlsx`, and save it as .xlsx.") from None
    head = _head(sheets)
    id = said(head.get("id", ("", None))[1])
    if not id:
        raise MapFault(
            "The workbook does not say which map it is of.", f"{path}: {HEAD_SHEET[0]}",
            f"The sheet `{HEAD_SHEET[0]}` (or `{HEAD_SHEET[1]}`) has to have a row `Name` with the name of the map; write the workbook anew to get it back.",
        )  # fmt: skip
    revision = said(head.get("revision", ("", None))[1])
    return Opened(path, id, int(revision) if revision.isdigit() else None, sheets)


def _rows(sheet: Any) -> list[list[Any]]:
    """All rows from A1 on, empty ones at the end left out."""
    found: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    while found and not any(said(cell) for cell in found[-1]):
        found.pop()
    return found


def _head(sheets: dict[str, list[list[Any]]]) -> dict[str, tuple[str, Any]]:
    """The map's own fields: name -> (cell, value)."""
    found: dict[str, tuple[str, Any]] = {}
    name, rows = _sheet(sheets, HEAD_SHEET)
    for number, row in enumerate(rows or (), start=1):
        heading = said(row[0]).casefold() if row else ""
        for item in HEAD:
            if heading in (item.de.casefold(), item.en.casefold(), item.name):
                found[item.name] = (f"{name}!B{number}", row[1] if len(row) > 1 else None)
    return found


def _sheet(sheets: dict[str, list[list[Any]]], names: Sequence[str]) -> tuple[str, list[list[Any]] | None]:
    wanted = {name.casefold() for name in names}
    return next(((name, rows) for name, rows in sheets.items() if name.strip().casefold() in wanted), (names[0], None))


def read_workbook(opened: Opened, base: Map | None) -> Given:
    """The map that the workbook says, over the state it was written from.

    Parameters
    ----------
    base : Map, optional
        The map at the workbook's revision; None for one that is new here.

    Raises
    ------
    MapFault, Faults
        All cells that cannot be read; nothing is taken over then.
    """
    return _Reader(opened, base).given()


class _Reader:
    def __init__(self, opened: Opened, base: Map | None) -> None:
        self.opened, self.base = opened, base
        self.old = base if base is not None else Map.load({"id": opened.id})
        self.faults: list[Fault] = []
        self.told: list[str] = []
        self.cells: dict[tuple[str, ...], str] = {}
        self.plain: Plain = self.old.plain()
        self.plain["id"] = opened.id

    def given(self) -> Given:
        self._own()
        for sheet in SHEETS:  # stages, steps and lanes are known before cards name them
            if sheet.collection in ("stages", "lanes", "competitors"):
                self._collection(sheet)
        self.shape = self._shape()
        for sheet in SHEETS:
            if sheet.collection == "steps":
                self._collection(sheet)
        self.shape = self._shape()
        for sheet in SHEETS:
            if sheet.collection in ("cards", "feelings", "criteria"):
                self._collection(sheet)
        if self.faults:
            raise all_of(self.faults)
        set_orders(Map, self.plain, self.base)
        try:
            made = Map.model_validate({**self.plain, "version": Map.VERSION})
        except ValidationError as error:
            raise all_of(faults_of(error, self._where)) from None
        return Given(made, self.told)

    def _shape(self) -> Map:
        """What stages, steps and lanes there are now, with their titles."""
        parts = {name: self.plain.get(name, {}) for name in ("stages", "steps", "lanes", "competitors")}
        try:
            return Map.model_validate({"id": self.opened.id, **parts})
        except ValidationError as error:
            raise all_of([*self.faults, *faults_of(error, self._where)]) from None

    def _where(self, path: tuple[int | str, ...]) -> str:
        """The cell of a field, or the nearest thing known of."""
        steps = tuple(str(step) for step in path)
        for length in range(len(steps), 0, -1):
            if steps[:length] in self.cells:
                return f"{self.opened.path.name}: {self.cells[steps[:length]]}"
        return f"{self.opened.path.name}: {'.'.join(steps)}"

    def _fault(self, cell: str, what: str, do_next: str) -> None:
        self.faults.append(MapFault(what, f"{self.opened.path.name}: {cell}", do_next))

    def _own(self) -> None:
        """The map's own fields; those whose row is gone stay."""
        found = _head(self.opened.sheets)
        before = {item.name: said(cell) for item, cell in head_rows(self.old, 0, self.old.language)}
        for item in HEAD:
            if item.name in ("id", "revision") or item.name not in found:
                continue
            place, cell = found[item.name]
            self.cells[(item.name,)] = place
            if said(cell) != before[item.name] or self.base is None:
                self._set(self.plain, item, cell, place, None)

    def _collection(self, sheet: Sheet) -> None:
        name, rows = _sheet(self.opened.sheets, (sheet.de, sheet.en))
        if rows is None:
            if self.old.collection(sheet.collection):
                self.told.append(f"The sheet `{sheet.de}` is missing: what it held stays as it was.")
            return
        if len(rows) > _MOST_ROWS:
            self._fault(f"{name}!A{_MOST_ROWS}", f"The sheet has {len(rows):,} rows; {_MOST_ROWS:,} are read at most.", "Is it the right one?")
            return
        shape = getattr(self, "shape", self.old)
        fields = (*sheet.fields, *standing_fields(shape)) if sheet.collection == "criteria" else sheet.fields
        places = self._places(sheet, name, rows[0] if rows else [], fields)
        if places is None:
            return
        written = table(self.old, sheet, self.old.language)
        before = {id: dict(zip((item.name for item in written.fields), cells, strict=True)) for id, cells in written.rows}
        words = {item.name: choices(item.kind, shape, self.old.language) for item in fields}
        made: dict[str, Plain] = {}
        for number, row in enumerate(rows[1:], start=2):
            if any(said(cell) for cell in row):
                self._row(sheet, name, number, row, places, before, words, made)
        self.plain[sheet.collection] = made

    def _places(self, sheet: Sheet, name: str, heading: list[Any], fields: Sequence[Field]) -> dict[Field, int] | None:
        """Where each field stands; a missing column is told, a missing id refused."""
        titles = [said(cell).casefold() for cell in heading]
        places = {item: place for item in fields for place, title in enumerate(titles) if title in (item.de.casefold(), item.en.casefold(), item.name)}
        needed = [item for item in sheet.fields if item.name == "id" or (sheet.collection == "feelings" and item.name in ("stage", "value"))]
        lost = [item for item in needed if item not in places]
        for item in lost:
            self._fault(f"{name}!1:1", f"The column `{item.de}` ({item.en}) is missing.", "Without it nobody knows which row is which: put it back, or write the workbook anew and copy your changes into it.")
        missing = [item.de for item in fields if item not in places and item not in lost]
        if missing:
            self.told.append(f"{name}: without the column{'s' if len(missing) > 1 else ''} {', '.join(f'`{item}`' for item in missing)}; what stood there stays as it was.")
        return None if lost else places

    def _row(
        self, sheet: Sheet, name: str, number: int, row: list[Any], places: dict[Field, int], before: dict[str, dict[str, Any]], words: dict[str, dict[str, str] | None], made: dict[str, Plain],
    ) -> None:  # fmt: skip
        cells = {item: (row[place] if place < len(row) else None) for item, place in places.items()}
        id = self._id(sheet, cells, words)
        at = f"{name}!A{number}"
        if id in made:
            self._fault(at, f"`{id}` is there twice, first in another row.", "Empty the id of the copy: then it is a new one.")
            return
        thing: Plain = dict(self.old.collection(sheet.collection)[id].plain()) if id in before else {"id": id}
        old = before.get(id, {})
        self.cells[sheet.collection, id] = at
        for item, cell in cells.items():
            place = f"{name}!{_letter(places[item])}{number}"
            self.cells[sheet.collection, id, item.name] = place
            if item.name != "id" and (id not in before or said(cell) != said(old.get(item.name))):
                self._set(thing, item, cell, place, words.get(item.name))
        made[id] = {**thing, "id": id}

    def _id(self, sheet: Sheet, cells: dict[Field, Any], words: dict[str, dict[str, str] | None]) -> str:
        if sheet.collection != "feelings":
            given = next((said(cell) for item, cell in cells.items() if item.name == "id"), "")
            return given or new_id(_PREFIX[sheet.collection])
        parts = {}
        for item, cell in cells.items():
            if item.name in ("stage", "step", "persona", "how"):
                try:
                    parts[item.name] = str(value_of(cell, item, words.get(item.name)) or "")
                except Odd:  # told where the cell is read; a point of a stage that is gone keeps its id
                    parts[item.name] = said(cell)
        return feeling_id(parts.get("stage", ""), parts.get("step", ""), parts.get("persona", ""), parts.get("how") or "hand")

    def _set(self, thing: Plain, item: Field, cell: Any, place: str, words: dict[str, str] | None) -> None:
        """Puts a cell's value into a thing, or notes what is odd about it."""
        try:
            value = value_of(cell, item, words)
        except Odd as odd:
            self._fault(place, f"`{item.de}` is `{said(cell)[:60]}`.", f"{str(odd)[:1].upper()}{str(odd)[1:].rstrip('.')}.")
            return
        if item.name.startswith(STANDING):
            vendor, standing = item.name.removeprefix(STANDING), dict(thing.get("standing", {}))
            standing.pop(vendor, None)
            thing["standing"] = standing if value is None else {**standing, vendor: value}
        elif item.name == "evidence":
            links = thing.get("evidence", {})
            thing["evidence"] = {ref: links.get(ref, {"ref": ref}) for ref in value or ()}
        elif value is None:
            thing.pop(item.name, None)
        else:
            thing[item.name] = int(value) if isinstance(value, float) and value.is_integer() and item.name in ("effort", "effect", "n") else value


def _letter(place: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text
