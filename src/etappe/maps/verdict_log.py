"""When each claim of a map was judged how: one line a change of verdict."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from etappe.maps.database import VERDICTS, Database

_LONGEST = 600
Claims = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Turn:
    """From this day on a claim had this verdict."""

    on: dt.date
    verdict: str

    def to_dict(self) -> dict[str, Any]:
        """The change as `--json` shows it."""
        return {"on": self.on.isoformat(), "verdict": self.verdict}


@dataclass(frozen=True)
class VerdictLog:
    """The changes of verdicts of all maps."""

    database: Database

    def of(self, map_name: str) -> dict[tuple[str, str], list[Turn]]:
        """Card and claim → its verdicts, oldest first."""
        with self.database.reading() as connection:
            return _turns(connection, map_name)

    def size(self) -> int:
        """How many changes of verdict are noted: it grows with each."""
        with self.database.reading() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(VERDICTS)).scalar() or 0)

    def note(self, map_name: str, claims: Claims, day: dt.date) -> int:
        """Notes the verdicts that are not those noted last; how many. What is of an earlier day than the last note is left alone.

        Two checks of one day leave the later one.
        """
        with self.database.writing() as connection:
            known = _turns(connection, map_name)
            claims = {(card, key_of(claim)): verdict for (card, claim), verdict in claims.items()}
            changed = {key: verdict for key, verdict in claims.items() if _changes(known.get(key, []), verdict, day)}
            for (card, claim), verdict in changed.items():
                here = sa.and_(VERDICTS.c.map == map_name, VERDICTS.c.card == card, VERDICTS.c.claim == claim, VERDICTS.c.day == day.isoformat())
                connection.execute(sa.delete(VERDICTS).where(here))
                earlier = [turn for turn in known.get((card, claim), []) if turn.on < day]
                if not earlier or earlier[-1].verdict != verdict:
                    connection.execute(sa.insert(VERDICTS).values(map=map_name, card=card, claim=claim, day=day.isoformat(), verdict=verdict))
        return len(changed)


def key_of(claim: str) -> str:
    """A claim as the table keeps it: a very long one by its beginning and a digest."""
    return claim if len(claim) <= _LONGEST else f"{claim[: _LONGEST - 41]} {hashlib.sha256(claim.encode()).hexdigest()[:40]}"


def _turns(connection: sa.Connection, map_name: str) -> dict[tuple[str, str], list[Turn]]:
    found: dict[tuple[str, str], list[Turn]] = {}
    for row in connection.execute(sa.select(VERDICTS).where(VERDICTS.c.map == map_name).order_by(VERDICTS.c.day)).mappings():
        found.setdefault((row["card"], row["claim"]), []).append(Turn(dt.date.fromisoformat(row["day"]), row["verdict"]))
    return found


def _changes(turns: list[Turn], verdict: str, day: dt.date) -> bool:
    return not turns or (turns[-1].on <= day and turns[-1].verdict != verdict)
