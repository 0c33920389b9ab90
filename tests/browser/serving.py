"""A workspace served on a free port of this machine while something looks at it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from etappe.server.app import make_app
from etappe.server.here import Here, Serving
from etappe.workspace.workspace import Workspace

CHROMIUM = Path("/usr/bin/chromium")


@dataclass
class Served:
    """A running server: its address, and what it serves."""

    address: str
    here: Here

    def link(self) -> str:
        """A fresh one-time link."""
        return f"{self.address}/s/open/{self.here.people.opening()}"


@contextmanager
def serving(workspace: Workspace) -> Iterator[Served]:
    """Serves a workspace as `etappe serve` does, without printing its link."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    app = make_app(workspace, Serving())
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, ws="websockets-sansio"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.05)
    try:
        yield Served(f"http://127.0.0.1:{taken.getsockname()[1]}", app.state.here)
    finally:
        server.should_exit = True
        thread.join(10)


def chromium() -> str | None:
    """The system's Chromium; None for the one that Playwright brings."""
    return str(CHROMIUM) if CHROMIUM.exists() else None
