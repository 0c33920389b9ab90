"""A server of its own process on a workspace, and whoever sits at the machine signed in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from benchmarks.process import ROOT

_SERVE: Final = """
import json
from etappe.server.here import Serving
from etappe.server.serve import serve
from etappe.workspace.workspace import open_workspace
serve(open_workspace({root!r}), "127.0.0.1", 0, serving=Serving(warm={warm}), say=lambda link, once: print(json.dumps(link), flush=True), opens=False)
"""


@contextmanager
def served(root: Path, *, warm: bool) -> Iterator[tuple[httpx.Client, int]]:
    """A client that is signed in, and the server's process id; `warm`: whether the server tells answers beforehand, as `etappe serve` does."""
    server = subprocess.Popen([sys.executable, "-c", _SERVE.format(root=str(root), warm=warm)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert server.stdout is not None
    try:
        line = server.stdout.readline()
        if not line:
            raise RuntimeError(f"the server ended with {server.wait(20)}")
        link: str = json.loads(line)
        with httpx.Client(base_url=link.split("/s/")[0], timeout=120) as client:
            client.get(link)
            client.headers["X-CSRF"] = client.get("/api/v1/session").json()["csrf"]
            yield client, server.pid
    finally:
        server.terminate()
        server.wait(20)
