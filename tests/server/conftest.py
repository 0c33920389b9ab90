"""A served sample company: built once, opened in the process, asked as a signed-in page asks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from etappe.server.app import make_app
from etappe.server.here import Here, Serving
from etappe.server.needs import HEADER, csrf_of
from etappe.workspace.workspace import open_workspace

HOST = "http://127.0.0.1:8400"
PATIENCE = 60.0
"""Seconds after which a message on a line is taken not to come: far more than the busiest machine needs."""


@pytest.fixture(scope="session")
def sample(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of the sample company, built, with a map and a persona; not to be changed."""
    root = tmp_path_factory.mktemp("served") / "workspace"
    shutil.copytree(company / "workspace", root)
    ws = open_workspace(root)
    ws.atlas.new_persona("it-lead", "anna", title="IT-Leitung")
    ws.atlas.new_map("buying", "anna", personas=["it-lead"], examples=True)
    ws.atlas.close()
    return root


@pytest.fixture
def root(sample: Path, tmp_path: Path) -> Path:
    """A copy of the workspace that a test may change."""
    shutil.copytree(sample, tmp_path / "workspace")
    return tmp_path / "workspace"


@pytest.fixture
def client(root: Path) -> Iterator[TestClient]:
    """A browser that nobody has signed in."""
    with Browser(make_app(open_workspace(root), Serving()), base_url=HOST, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def here(client: TestClient) -> Here:
    """What is served."""
    found: Here = client.app.state.here  # type: ignore[attr-defined]
    return found


class Browser(TestClient):
    """A browser of the served workspace, on the loop that serves it."""

    def websocket_connect(self, url: str, *args: Any, **options: Any) -> Any:
        line: Any = super().websocket_connect(f"{HOST.replace('http', 'ws')}{url}", *args, **options)
        # A message that never comes is a failure; without a bound the test would wait for it for ever.
        line.receive = lambda: line.portal.start_task_soon(line._send_rx.receive).result(PATIENCE)
        return line


def another(client: TestClient) -> Browser:
    """Another browser on the same server, that nobody has signed in."""
    other = Browser(client.app, base_url=HOST, raise_server_exceptions=False)
    other.portal = client.portal
    return other


def enter(client: TestClient, secret: str) -> Browser:
    """Another browser on the same server, with a session."""
    other = another(client)
    other.cookies.set(client.app.state.here.cookie, secret)
    other.headers[HEADER] = csrf_of(secret)
    return other


@pytest.fixture
def local(client: TestClient, here: Here) -> TestClient:
    """The browser of whoever sits at the machine."""
    return enter(client, here.people.open(here.people.opening()))


@pytest.fixture
def role(client: TestClient, here: Here) -> Callable[[str], TestClient]:
    """The browser of somebody with a role; an admin is made first, so that there is one."""

    def made(role: str) -> TestClient:
        known = {user.name for user in here.people.all()}
        for name in ("admin", role):
            if f"{name}@firm.example" not in known:
                here.people.add(f"{name}@firm.example", name, password="correct horse battery", shown=name.title())
                known.add(f"{name}@firm.example")
        return enter(client, here.people.begin(f"{role}@firm.example"))

    return made
