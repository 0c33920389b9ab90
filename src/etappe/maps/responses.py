"""Answers to surveys: one-time links that work once, and answers that are kept until the evidence has them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from etappe.maps.database import INVITATIONS, RESPONSES, Database
from etappe.maps.document import new_id
from etappe.maps.survey import Survey, read_answers

State = Literal["open", "closed", "used", "expired", "unknown"]


@dataclass(frozen=True, slots=True)
class Response:
    """One filled-in form. `about` is what the link knew (persona, stage, account), and nothing for an anonymous survey."""

    id: str
    survey: str
    at: dt.datetime
    language: str
    about: dict[str, str]
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Submitted:
    """What came of a form: kept under `id`, or not (the state of the link, or faults by question)."""

    id: str
    state: State
    faults: dict[str, str]


class Responses:
    """The links and answers of one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def invite(self, survey: str, count: int = 1, *, expires_on: dt.date | None = None, about: Mapping[str, str] | None = None) -> list[str]:
        """Makes one-time links; returns their tokens, of which only a hash is kept."""
        tokens = [secrets.token_urlsafe(16) for _ in range(count)]
        made = dt.datetime.now(dt.UTC).isoformat()
        given = json.dumps(dict(about or {}), ensure_ascii=False)
        rows = [{"token": _hash(token), "survey": survey, "made_at": made, "expires_on": expires_on.isoformat() if expires_on else None, "used_at": None, "about": given} for token in tokens]
        with self.database.writing() as connection:
            connection.execute(sa.insert(INVITATIONS), rows)
        return tokens

    def state(self, survey: Survey, token: str, today: dt.date) -> State:
        """Whether a form may be filled in now."""
        with self.database.reading() as connection:
            return self._state(connection, survey, token, today)[0]

    def submit(self, survey: Survey, given: Mapping[str, Any], *, token: str = "", language: str = "", at: dt.datetime | None = None) -> Submitted:
        """Keeps the answers of a form; a one-time link is used up in the same moment, so that it cannot be used twice."""
        moment = at or dt.datetime.now(dt.UTC)
        answers, faults = read_answers(survey, dict(given))
        with self.database.writing() as connection:
            state, about = self._state(connection, survey, token, moment.date(), locked=True)
            if state != "open" or faults or not answers:
                return Submitted("", state, faults if answers or faults else {"": "missing"})
            if token:
                connection.execute(sa.update(INVITATIONS).where(INVITATIONS.c.token == _hash(token)).values(used_at=moment.isoformat()))
            id = new_id("r")
            known = {} if survey.anonymous else about
            connection.execute(sa.insert(RESPONSES).values(
                id=id, survey=survey.id, at=moment.astimezone(dt.UTC).isoformat(), language=language or survey.language,
                about=json.dumps(known, ensure_ascii=False), answers=json.dumps(answers, ensure_ascii=False), delivered=False,
            ))  # fmt: skip
        return Submitted(id, "open", {})

    def of(self, survey: str = "", undelivered: bool = False) -> list[Response]:
        """The answers to a survey (or to all), oldest first; only those that the evidence does not have yet, if asked."""
        wanted = sa.select(RESPONSES).order_by(RESPONSES.c.at, RESPONSES.c.id)
        wanted = wanted.where(RESPONSES.c.survey == survey) if survey else wanted
        wanted = wanted.where(RESPONSES.c.delivered.is_(False)) if undelivered else wanted
        with self.database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
        return [Response(row["id"], row["survey"], dt.datetime.fromisoformat(row["at"]), row["language"], json.loads(row["about"]), json.loads(row["answers"])) for row in rows]

    def delivered(self, ids: Iterable[str]) -> None:
        """Notes that the evidence has these answers."""
        listed = list(ids)
        with self.database.writing() as connection:
            for start in range(0, len(listed), 500):
                connection.execute(sa.update(RESPONSES).where(RESPONSES.c.id.in_(listed[start : start + 500])).values(delivered=True))

    def counts(self, survey: str) -> dict[str, int]:
        """Links made and used, answers kept."""
        with self.database.reading() as connection:
            made = connection.execute(sa.select(sa.func.count(), sa.func.count(INVITATIONS.c.used_at)).where(INVITATIONS.c.survey == survey)).one()
            kept = connection.execute(sa.select(sa.func.count()).select_from(RESPONSES).where(RESPONSES.c.survey == survey)).scalar()
        return {"links": int(made[0]), "used": int(made[1]), "responses": int(kept or 0)}

    def _state(self, connection: sa.Connection, survey: Survey, token: str, today: dt.date, *, locked: bool = False) -> tuple[State, dict[str, str]]:
        if survey.state != "open" or (survey.closes_on is not None and today > survey.closes_on):
            return "closed", {}
        if not token:
            return ("open" if survey.access == "public" else "unknown"), {}
        wanted = sa.select(INVITATIONS).where(INVITATIONS.c.token == _hash(token), INVITATIONS.c.survey == survey.id)
        row = connection.execute(wanted.with_for_update() if locked else wanted).mappings().first()
        if row is None:
            return "unknown", {}
        if row["used_at"]:
            return "used", {}
        if row["expires_on"] and today.isoformat() > row["expires_on"]:
            return "expired", {}
        return "open", json.loads(row["about"])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
