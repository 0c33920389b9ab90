"""Any other table: read through a mapping file that says which column is what."""

from __future__ import annotations

import glob
from pathlib import Path

import ibis
import ibis.expr.types as ir

from etappe.errors import FileFault
from etappe.sources.format import Format, Mapped, formats, recognise
from etappe.sources.formats._objects import Fields
from etappe.sources.mapping_file import Cell, Condition, MappingFaults, MappingFile, TableMap, nearest, parse
from etappe.sources.mapping_guess import suggest
from etappe.sources.raw import Raw
from etappe.sources.schema import EVIDENCE
from etappe.sources.sniff import Sample
from etappe.sources.values import Values, content_id
from etappe.tables.schema import DAY, FLAG, INTEGER, MOMENT, NUMBER, TEXTS, Kind
from etappe.words.kinds import EVENT_KINDS

__all__ = ["by_name", "check_own", "fitting", "load", "read", "suggest"]

_WON = r"(?i)\b(won|gewonnen|closed won|abgeschlossen|success)"
_LOST = r"(?i)\b(lost|verloren|closed lost|abgelehnt|storniert|cancel)"


def by_name(name: str) -> Format:
    """The format of this name.

    Raises
    ------
    FileFault
        If there is none; the nearest names are told.
    """
    known = {format_.name: format_ for format_ in formats()}
    if name not in known:
        raise FileFault(f"there is no format '{name}'", name, nearest(name, list(known)))
    return known[name]


def read(path: Path) -> MappingFile:
    """A mapping file, checked.

    Raises
    ------
    MappingFaults, FileFault
        With everything that is wrong about it, or if it cannot be opened.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise FileFault(
            f"the mapping file cannot be read: {fault}", str(path), "check its name; it has to be text in UTF-8"
        ) from fault
    return parse(text, path)


def load(path: Path) -> Format:
    """The format that a mapping file describes."""
    made = read(path)

    def fits(sample: Sample) -> float:
        return 1.0 if not _missing(made, sample) else 0.0

    def map_(raw: Raw) -> list[Mapped]:
        return _map(made, raw)

    return Format(
        f"mapping {path.stem}",
        made.source,
        f"The mapping file {path.name}.",
        fits,
        map_,
        columns=made.header,
        zone=made.zone,
        dates=made.dates,
    )


def fitting(folder: Path, sample: Sample) -> Format | None:
    """The mapping in the workspace's folder that fits a file, if any: all of its columns are there, the one with the most wins.

    A mapping that asks for a few columns only does not take a file away from a format that is sure of it. Mappings with
    faults are passed over here; they are told when they are asked for by name.
    """
    best: tuple[int, Path] | None = None
    for path in sorted(folder.glob("*.y*ml")) if folder.is_dir() else []:
        try:
            made = read(path)
        except FileFault:
            continue
        asked = len(made.places)
        if not asked or _missing(made, sample) or (best is not None and asked <= best[0]):
            continue
        known = recognise(sample)
        if known and known[0][0] >= 0.9 and asked < len(sample.columns) / 2:
            continue
        best = (asked, path)
    return load(best[1]) if best else None


def check_own(folder: Path, file: Path) -> None:
    """Tells what is wrong in the mapping that is called like a file, as `--suggest` calls it.

    Raises
    ------
    FileFault
        If there is one and it has faults: the file is unknown because of them.
    """
    for path in sorted(folder.glob(f"{glob.escape(file.name.split('.')[0])}.y*ml")):
        read(path)


def _missing(made: MappingFile, sample: Sample) -> dict[str, str]:
    """The columns that a mapping asks for and a file does not have, with their place in the mapping."""
    if sample.container not in ("table", "workbook", "parquet", "objects"):
        return made.places
    there = {name.lower() for name in made.header} if made.header and sample.headerless else sample.lowered
    if sample.container == "objects":
        return {column: place for column, place in made.places.items() if column.split(".")[0].lower() not in there}
    return {column: place for column, place in made.places.items() if column.strip().lower() not in there}


def _map(made: MappingFile, raw: Raw) -> list[Mapped]:
    missing = _missing(made, raw.sample)
    if missing:
        known = list(made.header if made.header and raw.sample.headerless else raw.sample.columns)
        raise MappingFaults(
            [
                FileFault(f"the file has no column '{column}'", place, nearest(column, known))
                for column, place in missing.items()
            ]
        )
    if made.decimal:
        raw.values.made.decimal = made.decimal
    v = _cells(made, raw)
    return [_mapped(table, v) for table in made.tables]


def _cells(made: MappingFile, raw: Raw) -> Values:
    """The columns that are asked for; fields of JSON objects are named by their path."""
    if raw.sample.container != "objects":
        return raw.values
    fields = Fields(raw.table.json)
    return raw.values.on(
        raw.engine.view("mapped", raw.table.select(**{column: fields.text(column) for column in made.places}))
    )


def _mapped(table: TableMap, v: Values) -> Mapped:
    columns = {name: _value(table.table, name, cell, v) for name, cell in table.columns.items()}
    if "record_id" not in columns:
        # The same content is the same record.
        used = dict.fromkeys(
            column for name, cell in table.columns.items() if name != "note" for column in cell.columns
        )
        columns["record_id"] = content_id(ibis.literal(table.table), *(v.text(column) for column in used))
    if "day" in columns and "happened_at" not in columns:
        columns["happened_at"] = columns["day"].cast("timestamp").cast("timestamp('UTC')")
    if table.table == "events":
        columns |= _event(table, columns, v)
    where = _where(table.where, v)
    rows = v.table
    return Mapped(table.table, columns, where, table.primary, rows)


def _value(table: str, name: str, cell: Cell, v: Values) -> ir.Value:
    """One evidence column, in its type."""
    kind = EVIDENCE[table][name].kind
    if cell.rest:
        return v.rest()
    if cell.value is not None:
        return _typed(ibis.literal(cell.value), kind, name, v)
    if kind == TEXTS:
        return _list(cell, v)
    single = cell.columns[0] if len(cell.columns) == 1 and not cell.words else None
    if single is not None and kind == MOMENT:
        return v.moment(single)
    if single is not None and kind == DAY:
        return v.day(single)
    if single is not None and kind in (NUMBER, INTEGER):
        return v.number(single) if kind == NUMBER else v.integer(single)
    if single is not None and kind == FLAG:
        return v.flag(single)
    return _typed(_said(cell, v), kind, cell.columns[0], v, table, name)


def _said(cell: Cell, v: Values) -> ir.StringValue:
    """The text of a cell: columns joined or the first filled one, with its words replaced."""
    if cell.first:
        text = v.first(*cell.columns)
    else:
        text = v.text(cell.columns[0])
        for column in cell.columns[1:]:
            text = ibis.coalesce(text + " " + v.text(column), text, v.text(column))
    if not cell.words:
        return text
    lowered = text.lower()
    known = [(lowered == word.lower(), said) for word, said in cell.words]
    rest = text if cell.otherwise is None else ibis.literal(cell.otherwise)
    return ibis.cases(*known, else_=rest)


def _typed(
    text: ir.StringValue, kind: Kind, column: str, v: Values, table: str = "", name: str = ""
) -> ir.Value:
    if kind == MOMENT:
        return v.moment_of(text, column)
    if kind == DAY:
        return v.moment_of(text, column, zone="UTC").date()
    if kind in (NUMBER, INTEGER):
        number = v.number_of(text, column)
        return number if kind == NUMBER else number.round().cast("int64")
    if kind == FLAG:
        return text.lower().isin(("true", "1", "yes", "ja", "wahr", "x"))
    if kind == TEXTS:
        return ibis.array([text])
    if name == "email" or name == "contact_email":
        return ibis.cases((text.contains("@"), text.lower()), else_=ibis.null("string"))
    if (table, name) == ("deals", "status"):
        return ibis.cases(
            (text.isin(("open", "won", "lost")), text),
            (text.re_search(_WON), "won"),
            (text.re_search(_LOST), "lost"),
            else_="open",
        )
    return text


def _list(cell: Cell, v: Values) -> ir.ArrayValue:
    """All items of one or several cells."""
    if len(cell.columns) == 1:
        return v.texts(cell.columns[0], separator=cell.separator)
    items = ibis.array([v.text(column) for column in cell.columns]).filter(lambda item: item.notnull())
    return ibis.cases((items.length() > 0, items), else_=ibis.null("array<string>"))


def _event(table: TableMap, columns: dict[str, ir.Value], v: Values) -> dict[str, ir.Value]:
    """An unknown word for the kind is `other` and keeps its own word beside it."""
    kind = columns["kind"]
    given = table.columns["kind"]
    more: dict[str, ir.Value] = {"kind": ibis.cases((kind.isin(tuple(EVENT_KINDS)), kind), else_="other")}
    if given.columns and "detail" not in columns:
        more["detail"] = v.text(given.columns[0])
    return more


def _where(conditions: tuple[Condition, ...], v: Values) -> ir.BooleanValue | None:
    asked: list[ir.BooleanValue] = []
    for condition in conditions:
        cell = v.text(condition.column)
        if not condition.words:
            asked.append(cell.notnull())
            continue
        among = cell.lower().isin(tuple(word.lower() for word in condition.words)).fill_null(False)
        asked.append(~among if condition.negated else among)
    return ibis.and_(*asked) if asked else None
