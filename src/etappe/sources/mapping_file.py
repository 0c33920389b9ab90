"""Mapping files: how a user says in YAML which column of a table is what. Read whole, with all faults at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from etappe.errors import Fault, Faults, FileFault
from etappe.sources.schema import EVIDENCE, KEPT
from etappe.tables.schema import Table
from etappe.words.kinds import DEAL_STATUSES, DIRECTIONS, EVENT_KINDS

_ADDED = {"source", "learned_at", "import_id"}  # filled by the importer, never by a mapping
_FILE_KEYS = ("source", "zone", "dates", "decimal", "header", "tables")
_TABLE_KEYS = ("table", "kind", "columns", "where", "primary")
_CELL_KEYS = ("column", "columns", "first", "value", "words", "else", "separator")
_CONDITION_KEYS = ("is", "not")
_CLOSED = {
    ("events", "kind"): tuple(EVENT_KINDS),
    ("events", "direction"): DIRECTIONS,
    ("deals", "status"): DEAL_STATUSES,
}


class MappingFaults(Faults, FileFault):
    """Everything that is wrong about one mapping file."""

    code = "mapping"


@dataclass(frozen=True)
class Cell:
    """Where the value of an evidence column comes from.

    `columns` are joined with a blank (a list's items stay items); with `first` the first filled one counts. `value` is a
    constant; `words` replaces what the cell says, `otherwise` stands for what is not among them. `rest` takes all columns that are not used.
    """

    columns: tuple[str, ...] = ()
    first: bool = False
    value: str | None = None
    words: tuple[tuple[str, str], ...] = ()
    otherwise: str | None = None
    separator: str = ";"
    rest: bool = False
    place: str = ""


@dataclass(frozen=True)
class Condition:
    """Which records belong: a cell is one of these words, is none of them, or is filled (no words)."""

    column: str
    words: tuple[str, ...] = ()
    negated: bool = False
    place: str = ""


@dataclass(frozen=True)
class TableMap:
    """One evidence table drawn from the file."""

    table: str
    columns: dict[str, Cell]
    where: tuple[Condition, ...] = ()
    primary: bool = True


@dataclass(frozen=True)
class MappingFile:
    """A mapping file that is free of faults as far as that can be told without the export."""

    path: Path
    source: str
    tables: tuple[TableMap, ...]
    zone: str = ""
    dates: str = ""
    decimal: str = ""
    header: tuple[str, ...] = ()

    @property
    def places(self) -> dict[str, str]:
        """The columns of the export that are asked for, and where in the mapping each first stands."""
        found: dict[str, str] = {}
        for table in self.tables:
            for cell in table.columns.values():
                for column in cell.columns:
                    found.setdefault(column, cell.place)
            for condition in table.where:
                found.setdefault(condition.column, condition.place)
        return found


@dataclass
class _Page:
    """The file being read, and what was found wrong so far."""

    path: Path
    faults: list[Fault] = field(default_factory=list)

    def at(self, node: yaml.Node) -> str:
        return f"{self.path}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"

    def fault(self, node: yaml.Node, what: str, do_next: str = "") -> None:
        self.faults.append(FileFault(what, self.at(node), do_next))

    def unknown(
        self, node: yaml.Node, what: str, name: str, known: Iterator[str] | tuple[str, ...] | list[str]
    ) -> None:
        self.fault(node, f"{what} '{name}' is not known", nearest(name, list(known)))

    def entries(
        self, node: yaml.Node, known: tuple[str, ...] | None, what: str
    ) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """Key to (key node, value node) of a YAML mapping; unknown and doubled keys are faults."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{what} has to be a list of `name: value` lines")
            return {}
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if not name:
                self.fault(key, "a name has to stand before the colon")
            elif name in found:
                self.fault(key, f"'{name}' stands here a second time", "keep one of the two")
            elif known is not None and name not in known:
                self.unknown(key, f"the word of {what}", name, known)
            else:
                found[name] = (key, value)
        return found

    def text(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or node.tag.endswith(":null"):
            self.fault(node, f"{what} has to be one word or text")
            return ""
        return str(node.value)

    def texts(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.text(item, what) for item in node.value)
        return (self.text(node, what),)


def nearest(name: str, known: list[str]) -> str:
    """The next step for a name that is not known: the names most like it."""
    lowered = {one.lower(): one for one in known}
    close = [lowered[one] for one in difflib.get_close_matches(name.lower(), list(lowered), 3, 0.5)]
    close += [one for one in known if name and name.lower() in one.lower() and one not in close][: 3 - len(close)]
    shown = close or known[:12]
    return (
        f"{'did you mean' if close else 'known are'} {', '.join(repr(one) for one in shown)}{'' if close or len(known) <= 12 else ' …'}"
        if shown
        else ""
    )


def parse(text: str, path: Path) -> MappingFile:
    """A mapping file's text as what it says.

    Raises
    ------
    MappingFaults
        With everything that is wrong: line, column, and the nearest names.
    """
    page = _Page(path)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise MappingFaults(
            [
                FileFault(
                    f"this is not YAML: {getattr(fault, 'problem', fault)}",
                    place,
                    "check indents, colons and quotation marks",
                )
            ]
        ) from fault
    if root is None:
        raise MappingFaults(
            [
                FileFault(
                    "the mapping file is empty", str(path), "write a first guess with `etappe import FILE --suggest`"
                )
            ]
        )
    given = page.entries(root, _FILE_KEYS, "the mapping")
    made = MappingFile(
        path,
        page.text(given["source"][1], "source") if "source" in given else "",
        _tables(page, given["tables"][1]) if "tables" in given else (),
        _zone(page, given),
        _one_of(page, given, "dates", ("dmy", "mdy")),
        _one_of(page, given, "decimal", (",", ".")),
        page.texts(given["header"][1], "header") if "header" in given else (),
    )
    for name in ("source", "tables"):
        if name not in given:
            page.fault(root, f"the mapping does not say its {name}", "see docs/formats/any-table.md for an example")
    if page.faults:
        raise MappingFaults(page.faults)
    return made


def _zone(page: _Page, given: dict[str, tuple[yaml.Node, yaml.Node]]) -> str:
    if "zone" not in given:
        return ""
    name = page.text(given["zone"][1], "zone")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        page.fault(given["zone"][1], f"there is no time zone '{name}'", "write it as Europe/Berlin or UTC")
    return name


def _one_of(page: _Page, given: dict[str, tuple[yaml.Node, yaml.Node]], name: str, words: tuple[str, ...]) -> str:
    if name not in given:
        return ""
    said = page.text(given[name][1], name)
    if said not in words:
        page.unknown(given[name][1], f"the value of {name},", said, words)
    return said


def _tables(page: _Page, node: yaml.Node) -> tuple[TableMap, ...]:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        page.fault(node, "tables has to be a list, each item beginning with `- table:`")
        return ()
    return tuple(made for place, item in enumerate(node.value) if (made := _table(page, item, place == 0)) is not None)


def _table(page: _Page, node: yaml.Node, first: bool) -> TableMap | None:
    given = page.entries(node, _TABLE_KEYS, "a table")
    if not given:
        return None
    if "table" not in given or "columns" not in given:
        page.fault(node, f"the table does not say its {'columns' if 'table' in given else 'table'}")
        return None
    name = page.text(given["table"][1], "table")
    if name not in EVIDENCE:
        page.unknown(given["table"][1], "the evidence table", name, list(EVIDENCE))
        return None
    schema = EVIDENCE[name]
    columns = _columns(page, schema, given["columns"][1])
    if "kind" in given and "kind" in schema:
        columns["kind"] = _checked(
            page, schema, "kind", given["kind"][1], Cell(value=page.text(given["kind"][1], "kind"))
        )
    elif "kind" in given:
        page.fault(given["kind"][0], f"the table {name} has no kind")
    for column in schema.columns:
        filled = column.name in columns or column.name in _ADDED or column.name == "record_id"
        if column.required and not filled:
            page.fault(
                node, f"the table {name} needs a column '{column.name}': {column.meaning}", _needed(name, column.name)
            )
    if name in ("events", "feedback", "deal_stages") and "happened_at" not in columns:
        page.fault(node, f"the table {name} needs a column 'happened_at': when it happened")
    primary = _flag(page, given["primary"][1]) if "primary" in given else first
    return TableMap(name, columns, _conditions(page, given["where"][1]) if "where" in given else (), primary)


def _needed(table: str, column: str) -> str:
    words = _CLOSED.get((table, column))
    return (
        f"give it a column or a constant, for example `{column}: {{value: {words[0]}}}`; known are {', '.join(words)}"
        if words
        else "give it a column of the export or a constant"
    )


def _flag(page: _Page, node: yaml.Node) -> bool:
    said = page.text(node, "primary").lower()
    if said not in ("true", "false"):
        page.fault(node, "primary is true or false")
    return said == "true"


def _columns(page: _Page, schema: Table, node: yaml.Node) -> dict[str, Cell]:
    known = [column.name for column in schema.columns if column.name not in _ADDED]
    found: dict[str, Cell] = {}
    for name, (key, value) in page.entries(node, None, "columns").items():
        if name not in known:
            own = [one for one in known if one not in {kept.name for kept in KEPT}] + ["record_id", "happened_at"]
            page.unknown(key, f"the column of {schema.name},", name, own)
            continue
        cell = _cell(page, value)
        if cell is not None:
            found[name] = _checked(page, schema, name, value, cell)
    return found


def _cell(page: _Page, node: yaml.Node) -> Cell | None:
    place = page.at(node)
    if isinstance(node, yaml.ScalarNode):
        said = page.text(node, "a column")
        return Cell(rest=True, place=place) if said == "rest" else Cell((said,), place=place) if said else None
    if isinstance(node, yaml.SequenceNode):
        return Cell(page.texts(node, "a column"), place=place)
    given = page.entries(node, _CELL_KEYS, "a column")
    sources = [name for name in ("column", "columns", "first", "value") if name in given]
    if len(sources) != 1:
        if not isinstance(node, yaml.MappingNode) or len(given) == len(node.value):  # else it was told already
            page.fault(
                node, "a column is one of `column:`, `columns:`, `first:` or `value:`", "see docs/formats/any-table.md"
            )
        return None
    how = sources[0]
    words = page.entries(given["words"][1], None, "words") if "words" in given else {}
    return Cell(
        () if how == "value" else page.texts(given[how][1], how),
        how == "first",
        page.text(given["value"][1], "value") if how == "value" else None,
        tuple((name, page.text(value, "words")) for name, (_, value) in words.items()),
        page.text(given["else"][1], "else") if "else" in given else None,
        page.text(given["separator"][1], "separator") if "separator" in given else ";",
        place=place,
    )


def _checked(page: _Page, schema: Table, name: str, node: yaml.Node, cell: Cell) -> Cell:
    """Constants of closed lists have to be among their words."""
    closed = _CLOSED.get((schema.name, name))
    if closed is None:
        return cell
    for said in (cell.value, cell.otherwise, *(word for _, word in cell.words)):
        if said is not None and said not in closed:
            page.unknown(node, f"the `{name}` of {schema.name},", said, closed)
    return cell


def _conditions(page: _Page, node: yaml.Node) -> tuple[Condition, ...]:
    found = []
    for column, (_, value) in page.entries(node, None, "where").items():
        place = page.at(value)
        if isinstance(value, yaml.MappingNode):
            given = page.entries(value, _CONDITION_KEYS, "where")
            for name, (_, words) in given.items():
                found.append(Condition(column, page.texts(words, name), name == "not", place))
        elif isinstance(value, yaml.ScalarNode) and value.value == "filled":
            found.append(Condition(column, place=place))
        else:
            found.append(Condition(column, page.texts(value, "where"), place=place))
    return tuple(found)
