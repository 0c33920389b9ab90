"""The audit log: who signed in, who saw personal data, who changed what. Edits of documents have their own log."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from etappe.maps.database import AUDIT, Database


@dataclass(frozen=True)
class Audit:
    """The log of one database."""

    database: Database

    def note(self, who: str, what: str, about: str = "", **detail: Any) -> None:
        """Writes one line: `note("anna", "saw account", "acme.example")`."""
        row = {"at": dt.datetime.now(dt.UTC).isoformat(), "who": who, "what": what, "about": about[:400], "detail": json.dumps(detail, ensure_ascii=False, default=str)}
        with self.database.writing() as connection:
            connection.execute(sa.insert(AUDIT).values(**row))

    def lines(self, *, who: str = "", what: str = "", before: int | None = None, limit: int = 100) -> list[dict[str, Any]]:
        """The newest lines, of one person or of one kind where asked; `before` a number, to page on."""
        wanted = sa.select(AUDIT).order_by(AUDIT.c.number.desc()).limit(limit)
        wanted = wanted.where(AUDIT.c.who == who) if who else wanted
        wanted = wanted.where(AUDIT.c.what == what) if what else wanted
        wanted = wanted.where(AUDIT.c.number < before) if before is not None else wanted
        with self.database.reading() as connection:
            return [{**row, "detail": json.loads(row["detail"])} for row in connection.execute(wanted).mappings()]
