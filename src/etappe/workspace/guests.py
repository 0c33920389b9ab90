"""Guest links: one map, opened for somebody from outside, until a day, in the lanes that its owner opens."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from etappe.errors import AccessFault, NotFound, SignInFault
from etappe.maps.database import GUESTS, SESSIONS, Database
from etappe.maps.document import new_id
from etappe.workspace.access import CANS, Grant


@dataclass(frozen=True)
class Guests:
    """The guest links of one database."""

    database: Database

    def invite(self, map: str, can: str, by: str, *, lanes: Sequence[str] = (), days: int = 14, title: str = "") -> tuple[str, str]:
        """Makes a link for one map; its id and its secret, which is told this once.

        Parameters
        ----------
        lanes : sequence of str
            The lanes that are opened; none named: all.
        """
        if can not in CANS:
            raise AccessFault(f"A guest cannot `{can}`.", "can", f"It may be {', '.join(CANS)}.")
        if not 1 <= days <= 366:
            raise AccessFault("A guest link lasts from one day to a year.", "days", "Give a number from 1 to 366.")
        secret, id = secrets.token_urlsafe(32), new_id("g")
        now = dt.datetime.now(dt.UTC)
        row = {
            "id": id, "secret": _hash(secret), "map": map, "can": can, "lanes": json.dumps(list(lanes)), "title": title[:120], "made_by": by,
            "made_at": now.isoformat(), "expires_at": (now + dt.timedelta(days=days)).isoformat(), "revoked": False,
        }  # fmt: skip
        with self.database.writing() as connection:
            connection.execute(sa.insert(GUESTS).values(**row))
        return id, secret

    def of(self, map: str = "") -> list[dict[str, Any]]:
        """The links of a map, or of all maps, without their secrets."""
        wanted = sa.select(*(column for column in GUESTS.c if column.name != "secret")).order_by(GUESTS.c.made_at)
        wanted = wanted.where(GUESTS.c.map == map) if map else wanted
        with self.database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
        return [{**row, "lanes": json.loads(row["lanes"])} for row in rows]

    def revoke(self, map: str, id: str) -> None:
        """Ends a link and the sessions of those who came by it."""
        with self.database.writing() as connection:
            done = connection.execute(sa.update(GUESTS).where(GUESTS.c.id == id, GUESTS.c.map == map).values(revoked=True))
            if done.rowcount != 1:
                raise NotFound(f"The map `{map}` has no guest link `{id}`.", "", "See its list of guests.")
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.guest == id))

    def enter(self, secret: str) -> tuple[Grant, dt.datetime]:
        """What a link opens, and until when.

        Raises
        ------
        SignInFault
            If it is unknown, over, or was taken back: the same words for all of them.
        """
        with self.database.reading() as connection:
            row = connection.execute(sa.select(GUESTS).where(GUESTS.c.secret == _hash(secret))).mappings().first()
            grant = self.grant(connection, row["id"]) if row is not None else None
        if row is None or grant is None:
            raise SignInFault("This link is not valid any more.", "", "Ask who gave it to you for a new one.")
        return grant, dt.datetime.fromisoformat(row["expires_at"])

    def grant(self, connection: sa.Connection, id: str) -> Grant | None:
        """What a link opens now; None where it is over or was taken back."""
        row = connection.execute(sa.select(GUESTS).where(GUESTS.c.id == id)).mappings().first()
        if row is None or row["revoked"] or row["expires_at"] <= dt.datetime.now(dt.UTC).isoformat():
            return None
        return Grant(row["id"], row["map"], row["can"], tuple(json.loads(row["lanes"])))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
