"""The database of the model side: SQLite beside the evidence, or PostgreSQL by URL; its tables and its migrations."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event

from etappe.errors import MapFault
from etappe.maps.due import HEAD

_LOCK: Final = 6_355_891  # any fixed number: PostgreSQL's advisory lock of those who migrate
_PATIENCE: Final = 15  # seconds that an opener or a writer waits for another

META = sa.MetaData()

DOCUMENTS = sa.Table(
    "documents", META,
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("review_by", sa.String(10)),
    sa.Column("changed_at", sa.String(32), nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)  # fmt: skip

EDITS = sa.Table(
    "edits", META,
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("document", sa.String(80), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(40), nullable=False, unique=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("base", sa.Integer, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("inverse", sa.Text, nullable=False),
    sa.Column("over", sa.Text, nullable=False),
    sa.Column("undoes", sa.String(40), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)  # fmt: skip

MARKS = sa.Table(
    "marks", META,
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("document", sa.String(80), primary_key=True),
    sa.Column("name", sa.String(120), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
)  # fmt: skip

TEXTS = sa.Table(
    "texts", META,
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("document", sa.String(80), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)  # fmt: skip

INVITATIONS = sa.Table(
    "invitations", META,
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column("survey", sa.String(80), nullable=False, index=True),
    sa.Column("made_at", sa.String(32), nullable=False),
    sa.Column("expires_on", sa.String(10)),
    sa.Column("used_at", sa.String(32)),
    sa.Column("about", sa.Text, nullable=False),
)  # fmt: skip

RESPONSES = sa.Table(
    "responses", META,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("survey", sa.String(80), nullable=False, index=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("language", sa.String(5), nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("answers", sa.Text, nullable=False),
    sa.Column("delivered", sa.Boolean, nullable=False),
)  # fmt: skip


USERS = sa.Table(
    "users", META,
    sa.Column("name", sa.String(120), primary_key=True),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("language", sa.String(5), nullable=False),
    sa.Column("personal", sa.Boolean, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("made_at", sa.String(32), nullable=False),
)  # fmt: skip

SESSIONS = sa.Table(
    "sessions", META,
    sa.Column("secret", sa.String(64), primary_key=True),
    sa.Column("user", sa.String(120), nullable=False, index=True),
    sa.Column("guest", sa.String(40), nullable=False, index=True),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("made_at", sa.String(32), nullable=False),
    sa.Column("expires_at", sa.String(32), nullable=False),
)  # fmt: skip

OPENINGS = sa.Table(
    "openings", META,
    sa.Column("secret", sa.String(64), primary_key=True),
    sa.Column("made_at", sa.String(32), nullable=False),
    sa.Column("expires_at", sa.String(32), nullable=False),
    sa.Column("used_at", sa.String(32)),
)  # fmt: skip

TOKENS = sa.Table(
    "tokens", META,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("secret", sa.String(64), nullable=False, unique=True),
    sa.Column("user", sa.String(120), nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("scope", sa.String(10), nullable=False),
    sa.Column("made_at", sa.String(32), nullable=False),
    sa.Column("expires_on", sa.String(10)),
)  # fmt: skip

GUESTS = sa.Table(
    "guests", META,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("secret", sa.String(64), nullable=False, unique=True),
    sa.Column("map", sa.String(80), nullable=False, index=True),
    sa.Column("can", sa.String(10), nullable=False),
    sa.Column("lanes", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", sa.String(32), nullable=False),
    sa.Column("expires_at", sa.String(32), nullable=False),
    sa.Column("revoked", sa.Boolean, nullable=False),
)  # fmt: skip

AUDIT = sa.Table(
    "audit", META,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String(32), nullable=False, index=True),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.String(40), nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)  # fmt: skip

VERDICTS = sa.Table(
    "verdicts", META,
    sa.Column("map", sa.String(80), primary_key=True),
    sa.Column("card", sa.String(120), primary_key=True),
    sa.Column("claim", sa.String(600), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("verdict", sa.String(20), nullable=False),
)  # fmt: skip


class Database:
    """An open database at its newest migration. Readers never wait for writers; an acknowledged write is on the disk."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._bring_up()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection that sees one consistent state."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that holds the pen: committed at the end, taken back on any fault."""
        with self.engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Lets go of all connections."""
        self.engine.dispose()

    def _bring_up(self) -> None:
        try:
            with self.reading() as connection:
                found = _version(connection)
        except sa.exc.OperationalError as error:
            raise MapFault(f"The database of the maps cannot be opened: {_first_line(error)}.", _hidden(self.url), "Look at `[model] database` in etappe.toml.") from None
        if found == HEAD:
            return
        if found is not None and found > HEAD:
            raise MapFault("The database of the maps was made by a newer etappe.", _hidden(self.url), "Install the newer etappe.")
        from alembic import command
        from alembic.config import Config

        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            if _version(connection) == HEAD:
                return  # another process was quicker
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path}"


def _engine(url: str) -> sa.Engine:
    try:
        address = sa.engine.make_url(url)
        if address.get_backend_name() == "postgresql" and address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        engine = sa.create_engine(address, pool_pre_ping=address.get_backend_name() != "sqlite")
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError) as error:
        raise MapFault(f"This is no address of a database: {_first_line(error)}.", _hidden(url), "Write postgresql://user@host/name, or leave it empty for SQLite.") from None
    except ModuleNotFoundError as error:
        raise MapFault(f"The driver {error.name} is not installed.", _hidden(url), "Install it: pip install 'etappe[postgres]'.") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    elif engine.dialect.name != "postgresql":
        raise MapFault(f"Maps are not kept in {engine.dialect.name}.", _hidden(url), "Use SQLite or PostgreSQL.")
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _on_begin, not by the driver
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
    _let_readers_in(cursor)
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _let_readers_in(cursor: Any) -> None:
    """Write-ahead logging. SQLite does not wait for its lock when two turn a new file at once, whatever `busy_timeout` says; so we do."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _on_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(sa.text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else None


def _hidden(url: str) -> str:
    try:
        return sa.engine.make_url(url).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        return "the URL of the database"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0].strip().rstrip(".")
