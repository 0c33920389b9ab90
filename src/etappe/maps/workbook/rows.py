"""The rows of a map's sheets: what is written, and the cells that an untouched workbook would have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from etappe.maps.map import Map
from etappe.maps.workbook.cells import cell_of
from etappe.maps.workbook.columns import HEAD, SHEETS, STANDING, Field, Sheet, choices, labels


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet with its rows; `choices` are the words that cells of a column take."""

    sheet: Sheet
    fields: tuple[Field, ...]
    rows: list[tuple[str, list[Any]]]
    choices: dict[str, list[str]]


def tables(document: Map, language: str) -> list[Table]:
    """All sheets of the map; each row with the id of its thing."""
    return [table(document, sheet, language) for sheet in SHEETS]


def table(document: Map, sheet: Sheet, language: str) -> Table:
    """One sheet of the map."""
    fields = (*sheet.fields, *standing_fields(document)) if sheet.collection == "criteria" else sheet.fields
    words = {field.name: choices(field.kind, document, language) for field in fields}
    rows = [(thing.id, row_of(thing.plain(), fields, words, language)) for thing in document.sorted(sheet.collection)]
    return Table(sheet, fields, rows, {name: list(found.values()) for name, found in words.items() if found})


def standing_fields(document: Map) -> tuple[Field, ...]:
    """A column for each vendor of the decision matrix."""
    names = labels(document, ("competitors",))
    return tuple(Field(f"{STANDING}{id}", name, name, "number", 12) for id, name in names.items())


def row_of(plain: dict[str, Any], fields: tuple[Field, ...], words: dict[str, dict[str, str] | None], language: str) -> list[Any]:
    """The cells of one thing; fields at their default are empty where that is how they read."""
    return [cell_of(_value(plain, field), field, words[field.name], language) for field in fields]


def _value(plain: dict[str, Any], field: Field) -> Any:
    if field.name.startswith(STANDING):
        return plain.get("standing", {}).get(field.name.removeprefix(STANDING))
    if field.name in ("provenance", "how", "kind"):
        return plain.get(field.name, {"provenance": "hypothesis", "how": "hand", "kind": "own"}[field.name])
    if field.name == "evidence":
        return sorted(plain.get("evidence", {}))
    value = plain.get(field.name)
    return float(value) if field.kind == "number" and value is not None else value


def head_rows(document: Map, revision: int, language: str) -> list[tuple[Field, Any]]:
    """What the map says of itself, a row a field."""
    plain = {**document.plain(), "journey": list(document.journey), "revision": revision or None}
    return [(field, cell_of(plain.get(field.name), field, None, language)) for field in HEAD]
