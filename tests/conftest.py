"""What all tests share: an engine, a throw-away PostgreSQL, an OpenID Connect provider, and the larger sample data beside the project."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import settings

from etappe.maps.database import sqlite_url
from etappe.tables.engine import Engine, open_engine

settings.register_profile("house", deadline=None)  # no test judges by the clock of a busy machine
settings.load_profile("house")

SHARED = Path(os.environ.get("ETAPPE_SHARED", Path(__file__).resolve().parents[2] / "shared" / "data"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A fresh DuckDB with a scratch folder of its own."""
    with open_engine(tmp_path / "scratch", threads=1) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared() -> Path:
    """The larger sample data; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"the sample data is not at {SHARED.name} beside the project")
    return SHARED


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sample company of 200 accounts: raw/, truth/, workspace/ (built)."""
    from etappe.demo.market import write
    from etappe.workspace.sample import make_workspace
    from etappe.workspace.workspace import open_workspace

    folder = tmp_path_factory.mktemp("company")
    write(folder, accounts=200, seed=3)
    root, files = make_workspace(folder)
    assert [item.path for item in files if item.error] == []
    open_workspace(root).build()
    return folder


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) if os.name == "posix" else []
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a throw-away server, reached by a socket in its own folder; it is ended by its process."""
    programs = _programs()
    if programs is None:
        pytest.skip("the programs of a PostgreSQL server are not installed")
    folder = Path(tempfile.mkdtemp(prefix="etappe-pg-"))
    user = "nobody" if os.geteuid() == 0 else None  # a server refuses to run as root
    if user:
        shutil.chown(folder, user)
    made = subprocess.run([programs / "initdb", "-D", folder / "data", "-U", "etappe", "-A", "trust", "-E", "UTF8", "--no-sync"], user=user, capture_output=True, text=True, cwd=folder)
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"initdb: {made.stderr.strip()[-200:]}")
    command = [programs / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", "-c", "shared_buffers=16MB", "-c", "fsync=off"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, user=user, stdout=log, stderr=log, cwd=folder)
    try:
        for _ in range(100):
            if subprocess.run([programs / "pg_isready", "-h", folder], capture_output=True).returncode == 0:
                break
            if server.poll() is not None:
                pytest.skip(f"postgres: {(folder / 'log').read_text()[-200:]}")
            subprocess.run(["sleep", "0.1"], check=True)
        yield f"postgresql+psycopg://etappe@/postgres?host={folder}"
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "model.db")
        return
    server: str = request.getfixturevalue("postgres")
    name = f"t{uuid.uuid4().hex[:12]}"  # a schema each: quicker than a database each
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    engine.dispose()
    yield f"{server}&options=-csearch_path%3D{name}"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """An OpenID Connect provider in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen([sys.executable, "-m", "oidc_provider_mock", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                if httpx.get(f"{issuer}/.well-known/openid-configuration").status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield issuer
    finally:
        running.terminate()
        running.wait(20)
