"""Strikes a person's words out of everything the model side keeps: documents, their log, texts, the audit log; the bytes too."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from etappe.maps.database import AUDIT, DOCUMENTS, EDITS, INVITATIONS, MARKS, RESPONSES, TEXTS, Database

REMOVED: Final = "_removed_"
"""Letters that an id may have, so that a document stays readable where an id bore the word."""

_TABLES: Final = (DOCUMENTS, EDITS, MARKS, TEXTS, INVITATIONS, RESPONSES, AUDIT)


def erase(database: Database, words: Sequence[str]) -> int:
    """Replaces the words wherever they stand, in any case; returns how many rows were altered.

    Authors who bear such a word are struck as well. In SQLite the file is written anew afterwards, so that no byte is
    left; PostgreSQL frees the bytes by its own vacuum, which is asked for.
    """
    pattern = _pattern(words)
    if pattern is None:
        return 0
    altered = 0
    with database.writing() as connection:
        for table in _TABLES:
            keys = list(table.primary_key.columns)
            columns = [column for column in table.columns if isinstance(column.type, sa.Text) and column not in keys]
            for row in connection.execute(sa.select(*keys, *columns)).mappings().all():
                struck = {column.name: pattern.sub(REMOVED, row[column.name]) for column in columns}
                if any(struck[name] != row[name] for name in struck):
                    here = sa.and_(*(key == row[key.name] for key in keys))
                    connection.execute(sa.update(table).where(here).values(**struck))
                    altered += 1
    if altered:
        _vacuum(database)
    return altered


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """The words as they stand in plain text and inside JSON."""
    forms = {form for word in words if len(word.strip()) > 2 for form in (word.strip(), json.dumps(word.strip())[1:-1], json.dumps(word.strip(), ensure_ascii=False)[1:-1])}
    listed = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE) if forms else None


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
