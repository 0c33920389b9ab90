"""Strikes a person's words out of everything the model side keeps: documents, their log, texts, the audit log; the bytes too."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from etappe.maps.database import AUDIT, DOCUMENTS, EDITS, INVITATIONS, MARKS, RESPONSES, TEXTS, VERDICTS, Database
from etappe.maps.document import slug

REMOVED: Final = "_removed_"
"""Letters that an id may have, so that a document stays readable where an id bore the word."""

_TABLES: Final = (DOCUMENTS, EDITS, MARKS, TEXTS, INVITATIONS, RESPONSES, AUDIT)
_NAMED: Final = ((DOCUMENTS, "id"), (EDITS, "document"), (MARKS, "document"), (TEXTS, "document"))
"""Where a document's name is part of the key."""


def mentions(database: Database, words: Sequence[str]) -> int:
    """How many rows the words stand in."""
    pattern = _pattern(words)
    if pattern is None:
        return 0
    with database.reading() as connection:
        return sum(any(pattern.search(text) for text in texts.values()) for table in _TABLES for _, texts in _rows(connection, table, with_names=True))


def erase(database: Database, words: Sequence[str]) -> int:
    """Replaces the words wherever they stand, in any case; returns how many rows were altered.

    Authors who bear such a word are struck as well, and documents that are called so get another name. In an interview that
    names the person in full, first and last name alone are struck too. In SQLite the file is written anew afterwards, so that
    no byte is left; PostgreSQL frees the bytes by its own vacuum, which is asked for.
    """
    pattern = _pattern(words)
    if pattern is None:
        return 0
    altered = 0
    with database.writing() as connection:
        close = _pattern([*words, *_parts(words)]) or pattern
        spoken = _interviews(connection, pattern)
        for table in _TABLES:
            keys = list(table.primary_key.columns)
            for key, texts in _rows(connection, table):
                here = close if key.get("kind") == "interview" and key.get("document", key.get("id")) in spoken else pattern
                struck = {name: new for name, text in texts.items() if (new := here.sub(_struck, text)) != text}
                if struck:
                    connection.execute(sa.update(table).where(sa.and_(*(column == key[column.name] for column in keys))).values(**struck))
                    altered += 1
        altered += _rename(connection, pattern)
    if altered:
        _vacuum(database)
    return altered


def _rows(connection: sa.Connection, table: sa.Table, with_names: bool = False) -> list[tuple[dict[str, Any], dict[str, str]]]:
    """The key and the texts of each row; `with_names` counts the names of documents among the texts."""
    keys = list(table.primary_key.columns)
    columns = [column for column in table.columns if isinstance(column.type, sa.Text) and column not in keys]
    found = []
    for row in connection.execute(sa.select(*keys, *columns)).mappings().all():
        key = {column.name: row[column.name] for column in keys}
        names = {"": str(key.get("document", key.get("id", "")))} if with_names and "kind" in key else {}
        found.append((key, {column.name: str(row[column.name] or "") for column in columns} | names))
    return found


def _interviews(connection: sa.Connection, pattern: re.Pattern[str]) -> set[str]:
    """The interviews in which the person is named."""
    held = [(key, texts) for table in (DOCUMENTS, TEXTS) for key, texts in _rows(connection, table, with_names=True) if key["kind"] == "interview"]
    return {str(key.get("document", key.get("id"))) for key, texts in held if any(pattern.search(text) for text in texts.values())}


def _rename(connection: sa.Connection, pattern: re.Pattern[str]) -> int:
    """Other names for documents that are called like the person; references to them were struck alike."""
    known = {(row.kind, row.id) for row in connection.execute(sa.select(DOCUMENTS.c.kind, DOCUMENTS.c.id))}
    renamed = 0
    for kind, name in sorted(known):
        other = pattern.sub(_struck, name)
        if other == name:
            continue
        free = next(text for number in range(1, len(known) + 2) if (kind, text := other if number == 1 else f"{other}-{number}") not in known)
        known.add((kind, free))
        for table, column in _NAMED:
            connection.execute(sa.update(table).where(table.c.kind == kind, table.c[column] == name).values(**{column: free}))
        if kind == "map":
            connection.execute(sa.update(VERDICTS).where(VERDICTS.c.map == name).values(map=free))
        renamed += 1
    return renamed


def _parts(words: Collection[str]) -> list[str]:
    """First and last names of full names."""
    return [part for word in words if "@" not in word for part in re.split(r"[\s,]+", word) if len(word.split()) > 1 and len(part) > 2 and part[:1].isupper()]


def _pattern(words: Collection[str]) -> re.Pattern[str] | None:
    """The words as they stand in plain text, inside JSON, and in names of documents."""
    plain = [word.strip() for word in words if len(word.strip()) > 2]
    forms = {form for word in plain for form in (word, json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1])}
    forms |= {name for word in plain if "-" in (name := slug(word))}
    listed = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE) if forms else None


def _struck(found: re.Match[str]) -> str:
    """What stands there instead: where it was part of a name of ids, what such a name is made of the other."""
    text = found.group()
    return slug(REMOVED) if "-" in text and text == slug(text) else REMOVED


def _vacuum(database: Database) -> None:
    with database.engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        if connection.dialect.name == "sqlite":
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for table in _TABLES:
                connection.execute(sa.text(f"VACUUM FULL {table.name}"))
