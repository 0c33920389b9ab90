"""The audit log: who signed in, who saw personal data, who changed what. Edits of documents have their own log."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from etappe.maps.database import AUDIT, Database


@dataclass(frozen=True)
class Wanted:
    """Which lines are asked for: of one person, of one kind, of days (`since` in, `until` out, as UTC moments), and those that hold words.

    `kinds` and `things` are those of which the searched words speak in a reader's language: what was done, and ids by their names.
    """

    who: str = ""
    what: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    search: str = ""
    kinds: Sequence[str] = ()
    things: Sequence[str] = ()

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """As conditions of a query."""
        found: list[sa.ColumnElement[bool]] = []
        if self.who:
            found.append(AUDIT.c.who == self.who)
        if self.what:
            found.append(AUDIT.c.what == self.what)
        if self.since:
            found.append(AUDIT.c.at >= self.since.astimezone(dt.UTC).isoformat())
        if self.until:
            found.append(AUDIT.c.at < self.until.astimezone(dt.UTC).isoformat())
        if self.search:
            held = [column.icontains(self.search, autoescape=True) for column in (AUDIT.c.who, AUDIT.c.about, AUDIT.c.detail)]
            named = [AUDIT.c.about.contains(id, autoescape=True) for id in self.things]
            found.append(sa.or_(*held, *named, AUDIT.c.what.in_(list(self.kinds))))
        return found


ANY = Wanted()


@dataclass(frozen=True)
class Audit:
    """The log of one database."""

    database: Database

    def note(self, who: str, what: str, about: str = "", **detail: Any) -> None:
        """Writes one line: `note("anna", "saw account", "acme.example")`."""
        row = {"at": dt.datetime.now(dt.UTC).isoformat(), "who": who, "what": what, "about": about[:400], "detail": json.dumps(detail, ensure_ascii=False, default=str)}
        with self.database.writing() as connection:
            connection.execute(sa.insert(AUDIT).values(**row))

    def lines(self, asked: Wanted = ANY, *, before: int | None = None, limit: int = 100) -> list[dict[str, Any]]:
        """The newest lines that are asked for; `before` a number, to page on."""
        wanted = sa.select(AUDIT).where(*asked.conditions()).order_by(AUDIT.c.number.desc()).limit(limit)
        wanted = wanted.where(AUDIT.c.number < before) if before is not None else wanted
        with self.database.reading() as connection:
            return [{**row, "detail": json.loads(row["detail"])} for row in connection.execute(wanted).mappings()]

    def choices(self, asked: Wanted = ANY) -> dict[str, Any]:
        """How many lines are asked for (`total`), and by whom (`people`) and what was done (`kinds`), each counted as the other conditions leave them."""
        with self.database.reading() as connection:

            def counts(column: sa.Column[Any], others: Wanted) -> list[tuple[str, int]]:
                n = sa.func.count()
                rows = connection.execute(sa.select(column, n).where(*others.conditions()).group_by(column).order_by(n.desc(), column).limit(200))
                return [(row[0], row[1]) for row in rows]

            total = connection.execute(sa.select(sa.func.count()).select_from(AUDIT).where(*asked.conditions())).scalar_one()
            return {"total": total, "people": [{"who": who, "n": n} for who, n in counts(AUDIT.c.who, replace(asked, who=""))], "kinds": [{"what": what, "n": n} for what, n in counts(AUDIT.c.what, replace(asked, what=""))]}
