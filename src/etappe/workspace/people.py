"""The people of a workspace: accounts, sign-in, sessions, tokens. Of every secret only a hash is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from etappe.errors import AccessFault, NotFound, SignInFault
from etappe.maps.database import OPENINGS, SESSIONS, TOKENS, USERS, Database
from etappe.maps.document import new_id
from etappe.words.claim_language import nearest
from etappe.workspace.access import ROLES, SCOPES, Grant, Role, Who, role_of_token
from etappe.workspace.guests import Guests

if TYPE_CHECKING:
    from pwdlib import PasswordHash

LOCAL: Final = Who("local", "", "admin", personal=True)
"""Whoever sits at the machine: came by the one-time link, where there are no accounts."""

SESSION: Final = dt.timedelta(days=14)
OPENING: Final = dt.timedelta(hours=1)
LEAST_PASSWORD: Final = 10
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,119}")


@dataclass(frozen=True, slots=True)
class User:
    """One account."""

    name: str
    shown: str
    role: Role
    personal: bool
    language: str
    disabled: bool
    made_at: str
    by: str

    def to_dict(self) -> dict[str, Any]:
        """As the wire and `--json` show it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True)
class People:
    """Accounts, sessions, one-time links and tokens of one database."""

    database: Database

    # -- accounts ---------------------------------------------------------------------------------------------------

    def all(self) -> list[User]:
        """The accounts by name."""
        with self.database.reading() as connection:
            return [_user(dict(row)) for row in connection.execute(sa.select(USERS).order_by(USERS.c.name)).mappings()]

    def any(self) -> bool:
        """Whether there are accounts at all."""
        with self.database.reading() as connection:
            return connection.execute(sa.select(USERS.c.name).where(USERS.c.disabled.is_(False)).limit(1)).first() is not None

    def add(self, name: str, role: str, *, password: str = "", shown: str = "", personal: bool | None = None, language: str = "", subject: str = "") -> User:
        """Makes an account. Without a password its owner signs in by OIDC.

        Parameters
        ----------
        personal : bool, optional
            May see names and addresses; by default editors and admins may, viewers see pseudonyms.

        Raises
        ------
        AccessFault
            For a bad name, an unknown role, a weak password, or a name that is taken.
        """
        name = name.strip().lower()
        if not _NAME.fullmatch(name):
            raise AccessFault(f"`{name[:60]}` is no name for signing in.", "name", "Use small letters, digits and . _ @ + -, such as an e-mail address.")
        if name == LOCAL.name:
            raise AccessFault(f"`{name}` is whoever sits at the machine.", "name", "Choose another name, such as an e-mail address.")
        row = {
            "name": name, "shown": (shown or name.partition("@")[0])[:120], "role": _role(role), "password": self._hashed(password) if password else "", "subject": subject,
            "language": language, "personal": role != "viewer" if personal is None else personal, "disabled": False, "made_at": _now().isoformat(),
        }  # fmt: skip
        with self.database.writing() as connection:
            if connection.execute(sa.select(USERS.c.name).where(USERS.c.name == name)).first():
                raise AccessFault(f"There is an account `{name}` already.", "name", "Change that one, or choose another name.")
            connection.execute(sa.insert(USERS).values(**row))
        return _user(row)

    def change(self, name: str, **fields: Any) -> User:
        """Changes an account: role, shown, personal, language, disabled, password. Its sessions end where rights were taken.

        Raises
        ------
        NotFound, AccessFault
            If there is no such account, or nobody would be admin any more.
        """
        given = {key: value for key, value in fields.items() if value is not None}
        if "role" in given:
            _role(given["role"])
        if "password" in given:
            given["password"] = self._hashed(given["password"])
        with self.database.writing() as connection:
            row = self._row(connection, name)
            if row["role"] == "admin" and not row["disabled"] and (given.get("role", "admin") != "admin" or given.get("disabled")):
                self._other_admin(connection, name)
            if given:
                connection.execute(sa.update(USERS).where(USERS.c.name == name).values(**given))
            if given.get("disabled") or "password" in given:
                connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user == name))
            return _user({**row, **given})

    def renew(self, name: str, old: str, new: str, *, here: str = "") -> None:
        """Changes somebody's own password; their other sessions end, that of the secret `here` goes on.

        Raises
        ------
        AccessFault
            If `old` is not the password, the account has none, or `new` is a weak one.
        """
        with self.database.reading() as connection:
            kept = str(self._row(connection, name)["password"] or "")
        if not self._hasher.verify(old[:1000], kept or self._nobody):  # where there is none nothing fits
            raise AccessFault("That is not your present password.", "old", "Try again, or ask an admin to set a new one.")
        hashed_new = self._hashed(new)
        with self.database.writing() as connection:
            connection.execute(sa.update(USERS).where(USERS.c.name == name).values(password=hashed_new))
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user == name, SESSIONS.c.secret != hashed(here)))

    def remove(self, name: str) -> None:
        """Removes an account with its sessions and tokens; its edits keep their author."""
        with self.database.writing() as connection:
            row = self._row(connection, name)
            if row["role"] == "admin" and not row["disabled"]:
                self._other_admin(connection, name)
            connection.execute(sa.delete(USERS).where(USERS.c.name == name))
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user == name))
            connection.execute(sa.delete(TOKENS).where(TOKENS.c.user == name))

    # -- sign-in ----------------------------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str) -> str:
        """Begins a session; returns its secret, for the cookie.

        Raises
        ------
        SignInFault
            The same for an unknown name and a wrong password, after the same work.
        """
        with self.database.reading() as connection:
            row = connection.execute(sa.select(USERS).where(USERS.c.name == name.strip().lower())).mappings().first()
        kept = row["password"] if row is not None and row["password"] else self._nobody
        fits = self._hasher.verify(password[:1000], kept)
        if not fits or row is None or not row["password"] or row["disabled"]:
            raise SignInFault("Name or password is wrong.", "", "Try again, or ask an admin to set a new password.")
        return self.begin(str(row["name"]))

    def sign_in_as(self, subject: str, email: str, *, trusted: bool) -> str:
        """Begins the session of somebody an OIDC provider vouches for.

        An account is bound to the provider's `subject` at the first sign-in, when the provider has verified an e-mail
        address (`trusted`) that is the account's name; afterwards the subject alone counts.
        """
        with self.database.writing() as connection:
            row = connection.execute(sa.select(USERS).where(USERS.c.subject == subject)).mappings().first()
            if row is None and trusted and email:
                row = connection.execute(sa.select(USERS).where(USERS.c.name == email.strip().lower(), USERS.c.subject == "")).mappings().first()
                if row is not None:
                    connection.execute(sa.update(USERS).where(USERS.c.name == row["name"]).values(subject=subject))
        if row is None or row["disabled"]:
            raise SignInFault("There is no account for you here.", "", "Ask an admin to add your e-mail address under People.")
        return self.begin(str(row["name"]))

    def begin(self, user: str = "", *, guest: str = "", shown: str = "", until: dt.datetime | None = None) -> str:
        """Begins a session of a user, of a guest, or (neither) of whoever sits at the machine; returns its secret."""
        secret = secrets.token_urlsafe(32)
        now = _now()
        expires = min(until, now + SESSION) if until else now + SESSION
        with self.database.writing() as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.expires_at < now.isoformat()))
            connection.execute(sa.insert(SESSIONS).values(secret=hashed(secret), user=user, guest=guest, shown=shown[:90], made_at=now.isoformat(), expires_at=expires.isoformat()))
        return secret

    def begin_as_guest(self, guest: str, called: str, word: str, until: dt.datetime) -> tuple[str, str]:
        """Begins the session of a guest; its secret, and the name that the guest's words bear: `Karl Kunde (guest)`.

        No two guests who are here have one name, or they would take back each other's edits; and none has that of a user,
        which has no brackets.

        Parameters
        ----------
        word : str
            What a guest is called in the workspace's language.
        """
        plain = " ".join(re.sub(r"[()]", " ", called).split())[:60] or word.title()
        with self.database.reading() as connection:
            taken = set(connection.execute(sa.select(SESSIONS.c.shown).where(SESSIONS.c.guest != "", SESSIONS.c.expires_at > _now().isoformat())).scalars())
        names = (f"{plain}{f' {number}' if number > 1 else ''} ({word})" for number in range(1, len(taken) + 2))
        shown = next(name for name in names if name not in taken)
        return self.begin(guest=guest, shown=shown, until=until), shown

    def end(self, secret: str) -> None:
        """Ends a session."""
        with self.database.writing() as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.secret == hashed(secret)))

    def of_session(self, secret: str) -> Who | None:
        """Who a session belongs to; None where it is unknown, over, or its user, link or right has gone."""
        with self.database.reading() as connection:
            row = connection.execute(sa.select(SESSIONS).where(SESSIONS.c.secret == hashed(secret))).mappings().first()
            if row is None or row["expires_at"] <= _now().isoformat():
                return None
            if row["guest"]:
                grant: Grant | None = Guests(self.database).grant(connection, row["guest"])
                return Who(row["shown"], row["shown"], grant=grant) if grant else None
            if not row["user"]:
                return LOCAL
            user = connection.execute(sa.select(USERS).where(USERS.c.name == row["user"])).mappings().first()
        return _who(dict(user)) if user is not None and not user["disabled"] else None

    # -- the one-time link ------------------------------------------------------------------------------------------

    def opening(self) -> str:
        """A secret that opens one session, once, within the hour."""
        secret = secrets.token_urlsafe(32)
        now = _now()
        with self.database.writing() as connection:
            connection.execute(sa.delete(OPENINGS).where(OPENINGS.c.expires_at < now.isoformat()))
            connection.execute(sa.insert(OPENINGS).values(secret=hashed(secret), made_at=now.isoformat(), expires_at=(now + OPENING).isoformat(), used_at=None))
        return secret

    def open(self, secret: str) -> str:
        """Uses a one-time link up; returns the secret of the session it began."""
        now = _now().isoformat()
        fits = (OPENINGS.c.secret == hashed(secret)) & OPENINGS.c.used_at.is_(None) & (OPENINGS.c.expires_at > now)
        with self.database.writing() as connection:
            done = connection.execute(sa.update(OPENINGS).where(fits).values(used_at=now))
        if done.rowcount != 1:
            raise SignInFault("This link was used already, or its hour is over.", "", "Make a new one: `etappe people link`, or start `etappe serve` again.")
        return self.begin()

    # -- tokens -----------------------------------------------------------------------------------------------------

    def make_token(self, user: str, title: str, scope: str, *, expires_on: dt.date | None = None) -> tuple[str, str]:
        """Makes a token for a user; its id and its secret, which is told this once."""
        if scope not in SCOPES:
            raise AccessFault(f"There is no scope `{scope}`.", "scope", f"It may be {', '.join(SCOPES)}.")
        secret, id = f"etappe_{secrets.token_urlsafe(32)}", new_id("t")
        with self.database.writing() as connection:
            if user != LOCAL.name:
                self._row(connection, user)
            connection.execute(sa.insert(TOKENS).values(id=id, secret=hashed(secret), user=user, title=title[:120], scope=scope, made_at=_now().isoformat(), expires_on=expires_on.isoformat() if expires_on else None))
        return id, secret

    def tokens(self) -> list[dict[str, Any]]:
        """The tokens, without their secrets."""
        wanted = sa.select(*(column for column in TOKENS.c if column.name != "secret")).order_by(TOKENS.c.made_at)
        with self.database.reading() as connection:
            return [dict(row) for row in connection.execute(wanted).mappings()]

    def remove_token(self, id: str) -> None:
        """Ends a token."""
        with self.database.writing() as connection:
            if connection.execute(sa.delete(TOKENS).where(TOKENS.c.id == id)).rowcount != 1:
                raise NotFound(f"There is no token `{id}`.", "", "See the list of tokens.")

    def of_token(self, secret: str) -> Who | None:
        """Who a token speaks for."""
        with self.database.reading() as connection:
            token = connection.execute(sa.select(TOKENS).where(TOKENS.c.secret == hashed(secret))).mappings().first()
            if token is None or (token["expires_on"] and token["expires_on"] < _now().date().isoformat()):
                return None
            user = connection.execute(sa.select(USERS).where(USERS.c.name == token["user"])).mappings().first()
        who = LOCAL if token["user"] == LOCAL.name else _who(dict(user)) if user is not None and not user["disabled"] else None
        if who is None or who.role is None:
            return None
        role = role_of_token(who.role, token["scope"])
        return Who(who.name, who.shown, role, who.personal and role != "viewer", language=who.language, reads=token["scope"] == "read")

    # -- inside -----------------------------------------------------------------------------------------------------

    @cached_property
    def _hasher(self) -> PasswordHash:
        from pwdlib import PasswordHash

        return PasswordHash.recommended()

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(16))

    def _hashed(self, password: str) -> str:
        if len(password) < LEAST_PASSWORD or len(set(password)) < 5:
            raise AccessFault(f"The password is too easy to guess: it needs at least {LEAST_PASSWORD} characters.", "password", "Take several words, or a password manager's suggestion.")
        return self._hasher.hash(password[:1000])

    def _row(self, connection: sa.Connection, name: str) -> Mapping[str, Any]:
        row = connection.execute(sa.select(USERS).where(USERS.c.name == name)).mappings().first()
        if row is None:
            known = connection.execute(sa.select(USERS.c.name)).scalars().all()
            raise NotFound(f"There is no account `{name[:60]}`.", "", nearest(name, known) if known else "Add one: `etappe people add NAME`.")
        return dict(row)

    def _other_admin(self, connection: sa.Connection, name: str) -> None:
        wanted = sa.select(USERS.c.name).where(USERS.c.role == "admin", USERS.c.disabled.is_(False), USERS.c.name != name)
        others = connection.execute(sa.select(USERS.c.name).where(USERS.c.name != name)).first()
        if connection.execute(wanted).first() is None and others is not None:
            raise AccessFault("Nobody would be admin any more.", name, "Make somebody else an admin first.")


def hashed(secret: str) -> str:
    """What is kept of a secret. Secrets are random and long, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _user(row: Mapping[str, Any]) -> User:
    by = "oidc" if row["subject"] else "password" if row["password"] else "not yet"
    return User(row["name"], row["shown"], row["role"], row["personal"], row["language"], row["disabled"], row["made_at"], by)


def _who(row: Mapping[str, Any]) -> Who:
    return Who(row["name"], row["shown"], row["role"], bool(row["personal"]), language=row["language"])


def _role(role: str) -> str:
    if role not in ROLES:
        raise AccessFault(f"There is no role `{role}`.", "role", f"It may be {', '.join(ROLES)}.")
    return role


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
