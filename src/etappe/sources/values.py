"""Cells to values: texts, moments, numbers, flags, as Ibis expressions over a raw table.

How a file writes dates and numbers is decided once per file, from an unambiguous cell, and said in the import's report;
a cell that is filled but cannot be read is a *doubt* and sends its record to the quarantine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from etappe.tables import functions as fn

_NOTHING = r"^\s*(?:NULL|null|\\N|#N/A|#NV|\(null\)|undefined)?\s*$"

_DAY_FIRST = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y %H:%M:%S", "%d.%m.%y %H:%M", "%d.%m.%y",
              "%d.%m.%Y, %H:%M", "%d.%m.%Y, %H:%M:%S", "%d.%m.%Y %H:%M Uhr", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y")  # fmt: skip
_SLASHED = {
    "dmy": ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d/%m/%y %H:%M", "%d/%m/%y"),
    "mdy": ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
            "%m/%d/%y %I:%M %p", "%m/%d/%y %H:%M", "%m/%d/%y"),
}  # fmt: skip
_WORDED = ("%d %b %Y %H:%M:%S", "%d %b %Y", "%b %d, %Y %I:%M %p", "%b %d, %Y", "%B %d, %Y", "%d. %B %Y")
# A bare hour counts only behind a time: 2026-10-06 is a day, not an offset of six hours.
_OFFSET = r"(?:Z|UTC|\d[+-]\d\d:?\d\d|:\d\d(?:[.]\d+)?[+-]\d\d)$"


@dataclass
class Decisions:
    """How a file writes things: decided from its sample, the same for all of its columns."""

    dates: str = "dmy"
    decimal: str = "."
    zone: str = "UTC"
    notes: list[str] = field(default_factory=list)


def decide(cells: Iterable[str], delimiter: str, zone: str, dates: str, workbook: bool) -> Decisions:
    """Reads the order of day and month and the decimal sign off the cells of a sample."""
    texts = [cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()]
    made = Decisions(zone=zone)
    made.dates = dates or _order_of(texts, delimiter, made.notes)
    made.decimal = "." if workbook else _decimal_of(texts, delimiter, made.notes)
    return made


def _order_of(texts: list[str], delimiter: str, notes: list[str]) -> str:
    day, month, seen = 0, 0, 0
    for text in texts:
        found = re.match(r"(\d{1,2})/(\d{1,2})/\d{2,4}\b", text)
        if found:
            seen += 1
            day += int(found[1]) > 12
            month += int(found[2]) > 12
    if not seen:
        return "dmy"
    if day and month:
        notes.append(f"dates are written in two orders (day first in {day}, month first in {month} of the first cells); the other order is quarantined where it cannot be a date")
    order = ("mdy" if month > day else "dmy") if day or month else ("dmy" if delimiter == ";" else "mdy")
    if not day and not month:
        notes.append(f"dates such as 03/04/2025 could be read two ways; read with the {'day' if order == 'dmy' else 'month'} first")
    return order


def _decimal_of(texts: list[str], delimiter: str, notes: list[str]) -> str:
    comma = point = 0
    ambiguous = ""
    for text in texts:
        number = re.sub(r"[\s€$£%\u00a0\u202f]|EUR|CHF|USD", "", text)
        if not re.fullmatch(r"[-+]?\d[\d.,]*", number):
            continue
        if re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+,\d+|[-+]?\d+,(\d{1,2}|\d{4,})|[-+]?0,\d+|[-+]?\d{1,3}(\.\d{3}){2,}", number):
            comma += 1
        elif re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+\.\d+|[-+]?\d+\.(\d{1,2}|\d{4,})|[-+]?0\.\d+|[-+]?\d{1,3}(,\d{3}){2,}", number):
            point += 1
        elif re.fullmatch(r"[-+]?\d{1,3}[.,]\d{3}", number):
            ambiguous = ambiguous or number
    if comma or point:
        sign = "," if comma > point else "."
        if comma and point:
            notes.append(f"numbers are written in two ways ({comma} with decimal comma, {point} with decimal point); read with '{sign}'")
        return sign
    sign = "," if delimiter == ";" else "."
    if ambiguous:
        notes.append(f"numbers such as {ambiguous} could be read two ways; read with decimal '{sign}', because the file is separated by '{delimiter}'")
    return sign


def _moment_of(text: ir.StringValue, made: Decisions) -> ir.TimestampValue:
    """All ways of writing a moment, the commonest first; the later ones are only tried on what is left over."""
    # The engine also takes `infinity` and years that Python's calendar does not have: a year has four digits, from 1000 on.
    iso = ibis.cases((text.re_search(r"^\s*[1-9]\d{3}[-/]"), text), else_=ibis.null("string"))
    aware = iso.try_cast("timestamp('UTC')")
    if made.zone != "UTC":
        local = fn.in_zone(made.zone, iso.try_cast("timestamp"))
        aware = ibis.cases((text.re_search(_OFFSET), aware), else_=local)
    other = fn.try_strptime(text, [*_DAY_FIRST, *_SLASHED[made.dates], *_WORDED, "%Y%m%d"])
    other_aware = fn.in_zone(made.zone, other) if made.zone != "UTC" else other.cast("timestamp('UTC')")
    zoned = fn.try_strptime(text.re_replace(r"\s*(UTC|GMT)$", ""), ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]).cast("timestamp('UTC')")
    number = text.try_cast("float64")
    # Beyond the year 5138 (and NaN, which is the greatest) there is no moment, and the engine refuses to make one.
    digits = ibis.cases((number < 1e17, number), else_=ibis.null("float64"))
    counted = fn.from_epoch((digits - 25_569) * 86_400)
    serial = fn.in_zone(made.zone, counted.cast("timestamp")) if made.zone != "UTC" else counted
    numeric = ibis.cases(
        (digits >= 1e14, fn.from_epoch(digits / 1e6)),
        (digits >= 1e11, fn.from_epoch(digits / 1e3)),
        (digits >= 1e8, fn.from_epoch(digits)),
        # Days since 1899-12-30 of the clock on the wall, as spreadsheets count them: 20000 is 1954, 80000 is 2119.
        ((digits > 20_000) & (digits < 80_000), serial),
        else_=ibis.null("timestamp('UTC')"),
    )
    # Seconds and milliseconds since 1970 first: failing at every written form would cost more than all else in a file.
    epoch = ibis.cases((text.re_search(r"^[0-9]{9,}$"), numeric), else_=ibis.null("timestamp('UTC')"))
    return ibis.coalesce(epoch, aware, other_aware, zoned, numeric)


class Values:
    """The cells of one raw table as values. All methods take a column's possible names and use the first that is there."""

    def __init__(self, table: ir.Table, columns: Iterable[str], made: Decisions, bulk: bool = False, clean: bool = False) -> None:
        self.table = table
        self.made = made
        self.bulk = bulk
        self.clean = clean  # the table's texts are those of `cleaned` already
        self._columns = {name.strip().lower(): name for name in reversed(list(columns))}
        self.doubts: list[tuple[str, ir.Value, ir.Value]] = []
        self.used: set[str] = set()

    def on(self, table: ir.Table) -> Values:
        """The same cells over a table made from the raw one (unnested, filtered); doubts are kept together."""
        other = Values(table, table.columns, self.made, self.bulk)
        other.doubts = self.doubts
        return other

    def name(self, *names: str) -> str | None:
        """The first of these columns that the file has."""
        return next((self._columns[name.strip().lower()] for name in names if name.strip().lower() in self._columns), None)

    def has(self, *names: str) -> bool:
        """Whether the file has any of these columns."""
        return self.name(*names) is not None

    def raw(self, *names: str) -> ir.StringValue:
        """The cell as it came; null where no such column exists."""
        name = self.name(*names)
        if name is None:
            return _absent()
        self.used.add(name)
        cell = self.table[name]
        return cell if cell.type().is_string() else cell.cast("string")

    def text(self, *names: str) -> ir.StringValue:
        """The cell trimmed; empty cells and words for nothing (`NULL`, `#N/A`) are null."""
        if self.name(*names) is None:
            return _absent()
        if self.clean:
            return self.raw(*names)
        return self.raw(*names).nullif("") if self.bulk else _trimmed(self.raw(*names))

    def first(self, *names: str) -> ir.StringValue:
        """The first filled cell among several columns that may all be there."""
        present = [name for name in names if self.has(name)]
        return ibis.coalesce(*(self.text(name) for name in present)) if present else _absent()

    def email(self, *names: str) -> ir.StringValue:
        """An e-mail address, trimmed and in lower case; null where there is no @ in it."""
        cell = self.text(*names).strip().lower()
        return ibis.cases((cell.contains("@"), cell), else_=ibis.null("string"))

    def moment(self, *names: str, zone: str | None = None, sure: bool = True) -> ir.TimestampValue:
        """A date or time as UTC. A filled cell that is none sends the record to the quarantine, unless `sure` is False."""
        name = self.name(*names)
        if name is None:
            return _absent("timestamp('UTC')")
        cell = self.table[name]
        if cell.type().is_timestamp() or cell.type().is_date():
            self.used.add(name)
            aware = cell.type().is_timestamp() and cell.type().timezone
            zone = zone or self.made.zone
            return cell.cast("timestamp('UTC')") if aware or zone == "UTC" else fn.in_zone(zone, cell.cast("timestamp"))
        made = self.made if zone is None else Decisions(self.made.dates, self.made.decimal, zone)
        text = self.text(*names)
        parsed = _moment_of(text, made)
        if sure:
            self.doubts.append((name, text, parsed))
        return parsed

    def moment_of(self, text: ir.StringValue, name: str, zone: str | None = None, sure: bool = True) -> ir.TimestampValue:
        """Like `moment`, of an expression instead of a column (two cells joined, a JSON field); `name` is for reports."""
        made = self.made if zone is None else Decisions(self.made.dates, self.made.decimal, zone)
        parsed = _moment_of(text, made)
        if sure:
            self.doubts.append((name, text, parsed))
        return parsed

    def day(self, *names: str, sure: bool = True) -> ir.DateValue:
        """A day without a zone: the date as it stands in the file."""
        return self.moment(*names, zone="UTC", sure=sure).date()

    def number(self, *names: str, sure: bool = True) -> ir.FloatingValue:
        """A number, in the file's own way of writing; currency signs, spaces and % are dropped, "--" is null."""
        name = self.name(*names)
        if name is None:
            return _absent("float64")
        cell = self.table[name]
        if cell.type().is_numeric():
            self.used.add(name)
            return cell.cast("float64")
        return self.number_of(self.text(*names), name, sure)

    def number_of(self, text: ir.StringValue, name: str, sure: bool = True) -> ir.FloatingValue:
        """Like `number`, of an expression."""
        bare = text.re_replace(r"[\s%€$£'\x{a0}\x{202f}]|EUR|CHF|USD|<|^(?:-+|—)$", "").nullif("")
        plain = bare.replace(".", "").replace(",", ".") if self.made.decimal == "," else bare.replace(",", "")
        parsed = plain.try_cast("float64")
        if sure:
            self.doubts.append((name, bare, parsed))
        return parsed

    def percent(self, *names: str) -> ir.FloatingValue:
        """A share between 0 and 1, from "3,4 %" or 0.034."""
        text = self.text(*names)
        value = self.number(*names)
        return ibis.cases((text.contains("%"), value / 100), else_=value)

    def integer(self, *names: str) -> ir.IntegerValue:
        """A whole number."""
        return self.number(*names).round().cast("int64")

    def flag(self, *names: str) -> ir.BooleanValue:
        """True or false in German, English or digits; null for anything else."""
        cell = self.text(*names).lower()
        return ibis.cases(
            (cell.re_search("^(true|1|yes|y|ja|wahr|t|x|1[.]0)$"), True),
            (cell.re_search("^(false|0|no|n|nein|falsch|f|0[.]0)$"), False),
            else_=ibis.null("boolean"),
        )

    def texts(self, *names: str, separator: str = ";") -> ir.ArrayValue:
        """A list written in one cell; empty items are dropped, an empty list is null."""
        cell = self.text(*names)
        parts = cell.split(separator).map(lambda part: part.strip()).filter(lambda part: part != "")
        return ibis.cases((cell.notnull() & (parts.length() > 0), parts), else_=ibis.null("array<string>"))

    def rest(self) -> ir.StringValue:
        """All columns that no other method has read so far, filled ones only, as a JSON object; call it last."""
        left = [name for name in self.table.columns if name not in self.used and not name.startswith("_etappe")]
        left = [name for name in left if self.table[name].type().is_string()][:400]
        return self.packed({name: name for name in left})

    def packed(self, columns: Mapping[str, str]) -> ir.StringValue:
        """Some columns by the names they are to have, filled ones only, as a JSON object; null where none is filled."""
        if not columns:
            return ibis.null("string")
        # A merge patch leaves out what is null (RFC 7396).
        packed = ibis.struct({called: self.text(name) for called, name in columns.items()}).cast("json")
        return fn.json_without_nulls("{}", packed).nullif("{}")


def _absent(type_: str = "string") -> ir.Value:
    """Null where there is no such column: an expression, because Ibis cannot compare a bare null."""
    return ibis.coalesce(ibis.null(type_), ibis.null(type_))


def _trimmed(cell: ir.StringValue) -> ir.StringValue:
    # A pattern, not `isin`: the engine makes a join of a long list, and a wide table would become hundreds of joins.
    return ibis.cases((cell.re_search(_NOTHING), ibis.null("string")), else_=cell.strip())


def cleaned(table: ir.Table) -> ir.Table:
    """The table with its texts trimmed and null where they are empty or a word for nothing."""
    return table.mutate(**{name: _trimmed(table[name]) for name in table.columns if table[name].type().is_string()})


def content_id(*parts: ir.Value) -> ir.StringValue:
    """An id made from a record's content, for records that have none: the same content is the same record."""
    texts = [ibis.coalesce(part.cast("string"), "") for part in parts]
    joined = texts[0]
    for text in texts[1:]:
        joined = joined + "\x1f" + text
    return fn.md5(joined)
