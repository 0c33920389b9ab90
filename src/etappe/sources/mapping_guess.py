"""A first mapping for a table nobody has seen: from its headings and cells, for the user to correct."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from etappe.errors import FileFault
from etappe.sources.files import find, own_name
from etappe.sources.mapping_words import LEFT_OUT, Column, best, columns_of, plain
from etappe.sources.sniff import MAPPABLE, NO_MAPPING, Sample, look

_PLAIN = re.compile(r"^[A-Za-zÄÖÜäöüß][\w ÄÖÜäöüß./()-]*[\wÄÖÜäöüß)]$")
_RESERVED = {"yes", "no", "on", "off", "true", "false", "null", "rest", "y", "n", "filled", "nan"}
_VISIT = re.compile(r"\b(besuchs?\w*|termin\w*|meeting\w*|visit\w*|gespr[aä]chs?\w*)\b")
_ORDER = r"\b(order|orders|bestell\w*|auftrags?\w*|rechnungs?\w*|invoice)\b"
_DEAL_WORDS = re.compile(
    r"won|lost|gewonnen|verloren|closed|open|offen|angebot|qualif|verhandl|negot|proposal", re.IGNORECASE
)
_LOST = re.compile(r"lost|verlor|cancel|abgebroch|absage", re.IGNORECASE)
_WON = re.compile(r"won|gewonn|order|auftrag|success", re.IGNORECASE)

# Evidence column -> meanings that may fill it, best first.
_WHO: dict[str, tuple[str, ...]] = {"email": ("email",), "phone": ("phone",), "contact_ref": ("contact_id",), "user_id": ("user_id",), "person_name": ("person",), "account_ref": ("account_id",), "company_name": ("company",), "domain": ("domain",), "deal_ref": ("deal_id",), "session_id": ("session",)}  # fmt: skip
_PEOPLE: dict[str, tuple[str, ...]] = {"record_id": ("contact_id", "user_id", "record"), "email": ("email",), "phone": ("phone",), "first_name": ("first_name",), "last_name": ("last_name", "person"), "title": ("title",), "account_ref": ("account_id",), "company_name": ("company",), "domain": ("domain",), "city": ("city",), "country": ("country",), "lifecycle": ("stage", "status"), "origin": ("origin",), "owner": ("owner",)}  # fmt: skip
_ACCOUNTS: dict[str, tuple[str, ...]] = {"record_id": ("account_id", "record"), "name": ("company",), "domain": ("domain",), "street": ("street",), "postcode": ("postcode",), "city": ("city",), "country": ("country",), "phone": ("phone",), "industry": ("industry",), "employees": ("employees",), "revenue": ("revenue",), "owner": ("owner",)}  # fmt: skip
_DEALS: dict[str, tuple[str, ...]] = {"record_id": ("deal_id", "record"), "name": ("deal_name", "activity"), "account_ref": ("account_id",), "company_name": ("company",), "contact_email": ("email",), "amount": ("amount",), "currency": ("currency",), "stage": ("stage", "status"), "happened_at": ("moment",), "closed_at": ("closed",), "lost_reason": ("lost_reason",), "origin": ("origin",), "campaign": ("campaign",), "owner": ("owner",)}  # fmt: skip
_EVENTS: dict[str, tuple[str, ...]] = {"record_id": ("record",), "name": ("activity", "stage"), **_WHO, "url": ("url",), "referrer": ("referrer",), "medium": ("medium",), "origin": ("origin",), "campaign": ("campaign",), "owner": ("owner",), "value": ("amount", "rating"), "currency": ("currency",), "text": ("text",)}  # fmt: skip
_COSTS: dict[str, tuple[str, ...]] = {"day": ("moment",), "campaign": ("campaign",), "cost": ("cost",), "currency": ("currency",), "impressions": ("impressions",), "clicks": ("clicks",), "conversions": ("conversions",)}  # fmt: skip
_SEARCHES: dict[str, tuple[str, ...]] = {"day": ("moment",), "query": ("query",), "page": ("url",), "clicks": ("clicks",), "impressions": ("impressions",), "country": ("country",)}  # fmt: skip
_FEEDBACK: dict[str, tuple[str, ...]] = {"record_id": ("record",), "happened_at": ("moment",), "value": ("rating",), "text": ("text",), "email": ("email",), "contact_ref": ("contact_id",), "person_name": ("person",), "account_ref": ("account_id",), "company_name": ("company",)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a table, in place of the guess.

    Attributes
    ----------
    meanings : dict
        Column of the export to what it is, one of `mapping_words.HEADINGS`; "" leaves the column out.
    table : str
        Evidence table that a row belongs to, one of `MAIN`; "" guesses.
    kind : str
        Kind of event, where a row is an event; "" guesses.
    """

    meanings: Mapping[str, str] = field(default_factory=dict)
    table: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """A first mapping: as text, and as what it takes each column for (with how sure that is, and some of its cells)."""

    text: str
    table: str
    kind: str
    columns: tuple[dict[str, Any], ...]


MAIN = ("events", "deals", "people", "accounts", "feedback", "costs", "searches")


def suggest(path: Path) -> str:
    """A mapping file for a table, as commented YAML.

    The guess is always a mapping that can be read; what it says may be wrong and is meant to be corrected.

    Raises
    ------
    FileFault
        If the file holds no table at all.
    """
    return guess(path).text


def guess(path: Path, said: Said | None = None) -> Guess:
    """A mapping for a table from its headings and cells, and from what a person says of them.

    Raises
    ------
    FileFault
        If the file holds no table at all, or if what is said of it lacks what its rows need.
    """
    with tempfile.TemporaryDirectory() as unpacked:
        found = list(find([path], Path(unpacked)))
        if len(found) != 1:
            raise FileFault(f"a mapping is for one table, and here are {len(found)} files", str(path), "name one of them, an entry of an archive as the report of `etappe import` does")
        if found[0].fault:
            raise found[0].fault
        return _guessed(path, look(found[0].path), said or Said())


def _guessed(path: Path, sample: Sample, said: Said) -> Guess:
    if sample.container not in MAPPABLE:
        raise FileFault(f"a mapping is for tables and JSON lines, and this is {'XML' if sample.container == 'xml' else 'SQLite'}", str(path), NO_MAPPING)
    names, rows = _cells(sample)
    columns = [_as_said(column, said) for column in columns_of(names, rows)]
    by = {meaning: column for meaning, column in best(columns).items() if meaning != LEFT_OUT}
    tables = _tables(by, columns, said)
    used: list[str] = []
    lines = [*_head(path, sample), "tables:"]
    for place, (table, wanted, extra) in enumerate(tables):
        lines += _table(table, wanted, extra, by, used, place)
    lines += _unused(columns, used) if not any("rest  #" in line or line.endswith(": rest") for line in lines) else []
    kind = next((text.removeprefix("{value: ").removesuffix("}") for name, text, _ in tables[0][2] if name == "kind"), "")
    told = tuple({"name": column.name, "meaning": column.meaning if by.get(column.meaning, column).name == column.name and column.meaning != LEFT_OUT else "", "sure": column.confidence.split(":")[0], "used": column.name in used, "cells": list(column.words[:3])} for column in columns)
    return Guess("\n".join(lines) + "\n", tables[0][0], kind, told)


def _as_said(column: Column, said: Said) -> Column:
    """A column with the meaning that a person gives it; where they give none, no other may take its place."""
    if column.name not in said.meanings:
        return column
    return replace(column, meaning=said.meanings[column.name] or LEFT_OUT, by_name=True, fits=True)


def _cells(sample: Sample) -> tuple[list[str], Sequence[dict[str, Any]]]:
    """Columns and rows; the fields of nested objects are named by their path."""
    if sample.container != "objects":
        return list(sample.columns), sample.rows
    rows = [dict(_paths(row)) for row in sample.rows]
    return list(dict.fromkeys(name for row in rows for name in row)), rows


def _paths(row: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _paths(value, f"{before}{name}.")
        elif not isinstance(value, list) and "." not in name and '"' not in name:
            yield f"{before}{name}", value


def _head(path: Path, sample: Sample) -> list[str]:
    name = re.sub(r"\W+", "_", own_name(path).split(".")[0].lower()).strip("_") or "table"
    lines = [
        f"# First guess at {len(sample.columns)} columns. Correct it, then: etappe import FILE --mapping THIS_FILE",
        "# A line is `column of the evidence: column of the export`. All words: docs/formats/any-table.md",
        f"source: {_quoted(name)}  # the system it comes from: tables of one system have the same source, and their ids meet",
        "# zone: Europe/Berlin  # of times without a zone, where it is not the workspace's",
    ]
    if sample.headerless:
        lines.append("# The file has no header; give the columns names: header: [first, second, …]")
    return lines


Wanted = Mapping[str, tuple[str, ...]]
Extra = list[tuple[str, str, str]]  # evidence column, what stands behind the colon, comment


def _tables(by: dict[str, Column], columns: list[Column], said: Said) -> list[tuple[str, Wanted, Extra]]:
    """Which evidence tables the file holds, with what each takes and adds."""
    if said.table:
        return _said_tables(by, said)
    who = {"email", "company", "account_id", "contact_id", "user_id", "session", "person", "last_name", "case"} & set(
        by
    )
    company: Extra = []
    if {"cost", "campaign", "moment"} <= set(by):
        return [("costs", _COSTS, [])]
    if {"query", "clicks"} <= set(by):
        return [("searches", _SEARCHES, [])]
    if "amount" in by and ("stage" in by or "deal_name" in by or _speaks_of_deals(by)):
        return [("deals", _DEALS, _status(by)), *_beside(by)]
    if "rating" in by and "moment" in by and ("text" in by or "email" in by) and not {"activity", "amount"} & set(by):
        return [("feedback", _FEEDBACK, [("instrument", "{value: rating}", "one of nps, csat, ces, rating, text …")])]
    if "moment" in by and (who or "activity" in by):
        return [("events", _EVENTS, _event(by, said.kind)), *_beside(by)]
    if {"email", "last_name", "person", "contact_id", "first_name"} & set(by):
        return [
            ("people", _PEOPLE, []),
            *([("accounts", _ACCOUNTS, company)] if {"company", "account_id"} <= set(by) else []),
        ]
    if not who and "record" not in by and not any(column.meaning for column in columns):
        return [
            (
                "accounts",
                {},
                [
                    (
                        "attributes",
                        "rest",
                        "nothing was recognised: every row is taken as a company with all of its columns",
                    )
                ],
            )
        ]
    return [("accounts", _ACCOUNTS, [("attributes", "rest", "all other columns")])]


def _said_tables(by: dict[str, Column], said: Said) -> list[tuple[str, Wanted, Extra]]:
    """The table that a person names, with the people and companies that its rows name besides."""
    if said.table in ("events", "feedback", "costs", "searches") and "moment" not in by:
        raise FileFault(f"rows of `{said.table}` need a day, and no column is the day", said.table, "say which column tells when it happened")
    match said.table:
        case "events":
            return [("events", _EVENTS, _event(by, said.kind)), *_beside(by)]
        case "deals":
            return [("deals", _DEALS, _status(by)), *_beside(by)]
        case "people":
            return [("people", _PEOPLE, []), *([("accounts", _ACCOUNTS, [])] if {"company", "account_id"} <= set(by) else [])]
        case "accounts":
            return [("accounts", _ACCOUNTS, [("attributes", "rest", "all other columns")])]
        case "feedback":
            return [("feedback", _FEEDBACK, [("instrument", "{value: rating}", "one of nps, csat, ces, rating, text …")]), *_beside(by)]
        case "costs":
            return [("costs", _COSTS, [])]
        case _:
            return [("searches", _SEARCHES, [])]


def _speaks_of_deals(by: dict[str, Column]) -> bool:
    said = by.get("status")
    return said is not None and sum(bool(_DEAL_WORDS.search(word)) for word in said.words) >= max(
        1, len(said.words) // 2
    )


def _status(by: dict[str, Column]) -> Extra:
    column = by.get("status") or by.get("stage")
    if column is None:
        return [("status", "{value: open}", "open, won or lost")]
    known = {word: "lost" if _LOST.search(word) else "won" if _WON.search(word) else "open" for word in column.words}
    words = ", ".join(f"{_quoted(word)}: {said}" for word, said in known.items())
    return [
        (
            "status",
            f"{{column: {_quoted(column.name)}, words: {{{words}}}, else: open}}",
            "check each word: open, won or lost",
        )
    ]


def _event(by: dict[str, Column], said: str = "") -> Extra:
    lines: Extra = []
    moment, clock = by["moment"], by.get("clock")
    joined = (
        f"[{_quoted(moment.name)}, {_quoted(clock.name)}]" if clock and clock.shape == "clock" else _quoted(moment.name)
    )
    lines.append(("happened_at", joined, moment.confidence))
    if "case" in by and not {"account_id", "company"} & set(by):
        lines.append(("account_ref", _quoted(by["case"].name), "every case is taken as a company"))
        kind, why = "activity", "a step of a process log"
    elif "case" in by:
        kind, why = "activity", "a step of a process log"
    elif "url" in by:
        kind, why = "page_view", "the rows name pages"
    elif _VISIT.search(plain(moment.name)):
        kind, why = "meeting", "the day is that of a visit or meeting"
    elif "activity" not in by and (
        "amount" in by or re.search(_ORDER, plain(f"{moment.name} {by['record'].name if 'record' in by else ''}"))
    ):
        kind, why = "purchase", "the rows are orders or invoices"
    elif {"session", "user_id"} & set(by):
        kind, why = "web_event", "the rows name users or sessions"
    else:
        kind, why = "other", "one of call, meeting, form, purchase, ticket, webinar, fair_visit, activity …"
    lines.append(("kind", f"{{value: {said or kind}}}", "as said" if said else why))
    return lines


def _beside(by: dict[str, Column]) -> list[tuple[str, Wanted, Extra]]:
    """People and companies that the rows name besides."""
    found: list[tuple[str, Wanted, Extra]] = []
    if "email" in by and {"first_name", "last_name", "person"} & set(by):
        found.append(("people", {name: meanings for name, meanings in _PEOPLE.items() if name != "record_id" or "contact_id" in by} | ({"record_id": ("contact_id",)} if "contact_id" in by else {}), []))  # fmt: skip
    if {"company", "account_id"} <= set(by):
        found.append(("accounts", _ACCOUNTS | {"record_id": ("account_id",)}, []))
    return found


def _table(
    table: str, wanted: Wanted, extra: Extra, by: dict[str, Column], used: list[str], place: int
) -> list[str]:
    lines = [f"  - table: {table}"]
    if place:
        lines.append("    where: " + _mentioned(table, wanted, by))
    lines.append("    columns:")
    given = {name for name, _, _ in extra}
    for name, meanings in wanted.items():
        column = next((by[meaning] for meaning in meanings if meaning in by), None)
        if (
            column is None
            or name in given
            or (name == "record_id" and column.shape != "empty" and column.distinct < (0.9 if place == 0 else 0.0) and column.meaning == "record")
        ):
            continue
        used.append(column.name)
        lines.append(f"      {name}: {_quoted(column.name)}  # {column.confidence}")
    for name, said, why in extra:
        lines.append(f"      {name}: {said}  # {why}")
        used += [column.name for column in by.values() if _quoted(column.name) in said]
    if table in ("people", "accounts", "deals") and not any(line.startswith("      record_id:") for line in lines):
        lines.append("      # record_id:   # no column numbers the rows: those that agree in all columns above are one record")
    return lines if len(lines) > 2 + (place > 0) else [*lines, "      attributes: rest"]


def _mentioned(table: str, wanted: Wanted, by: dict[str, Column]) -> str:
    """A row names a person or company where its id or address is filled."""
    keys = ("email", "record_id", "name") if table == "people" else ("record_id", "name")
    column = next(by[meaning] for key in keys for meaning in wanted.get(key, ()) if meaning in by)
    return f"{{{_quoted(column.name)}: filled}}"


def _unused(columns: list[Column], used: list[str]) -> list[str]:
    left = [column for column in columns if column.name not in used]
    if not left:
        return []
    return ["# Not used:", *(f"#   {_quoted(column.name)}: {column.shape}" for column in left)]


def _quoted(name: str) -> str:
    """A name as YAML, in quotation marks where it needs them."""
    if _PLAIN.match(name) and plain(name) not in _RESERVED and "  " not in name:
        return name
    return json.dumps(name, ensure_ascii=not name.isprintable())
