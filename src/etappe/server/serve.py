"""Starts the server: on this machine with a one-time link, elsewhere with accounts only."""

from __future__ import annotations

import ipaddress
import socket
import webbrowser
from collections.abc import Callable
from typing import Any, Final

import uvicorn

from etappe.errors import AccessFault, WorkspaceFault
from etappe.server.app import make_app
from etappe.server.here import Serving
from etappe.workspace.people import People
from etappe.workspace.workspace import Workspace

USUAL: Final = 8400


def is_loopback(host: str) -> bool:
    """Whether an address is reachable from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def serve(
    workspace: Workspace, host: str, port: int | None, *, serving: Serving, say: Callable[[str, bool], None], opens: bool = True, proxies: str = "",
) -> None:  # fmt: skip
    """Serves until it is stopped. `say` gets the address to open, and whether it is a one-time link.

    Raises
    ------
    AccessFault
        On an address that others reach, without accounts.
    WorkspaceFault
        If the port asked for is taken; where none is asked for, any free one will do.
    """
    if not is_loopback(host) and not People(workspace.atlas.store.database).any():
        raise AccessFault(
            f"On {host} others could reach this workspace, and it has no accounts.", "--host",
            "Add an account first: `etappe people add you@firm.example --role admin`; or serve on 127.0.0.1.",
        )  # fmt: skip
    taken = _bound(host, port) if port is not None else _usual(host)
    real = taken.getsockname()[1]
    app = make_app(workspace, serving)
    here = app.state.here
    shown = f"[{host}]" if ":" in host else host
    base = serving.address.rstrip("/") or f"http://{'127.0.0.1' if shown in ('localhost', '0.0.0.0') else shown}:{real}"
    link = f"{base}/s/open/{here.people.opening()}" if serving.loopback else base
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, proxy_headers=bool(proxies), forwarded_allow_ips=proxies or None, ws="websockets-sansio",
        ws_max_size=1 << 20, timeout_graceful_shutdown=5,
    )  # fmt: skip
    server = _Telling(config, lambda: _ready(link, say, opens and serving.loopback, serving.loopback))
    server.run(sockets=[taken])


def _ready(link: str, say: Callable[[str, bool], None], opens: bool, once: bool) -> None:
    say(link, once)
    if opens:
        webbrowser.open(link)


class _Telling(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()


def _usual(host: str) -> Any:
    """The usual port, or any free one where it is taken."""
    try:
        return _bound(host, USUAL)
    except WorkspaceFault:
        return _bound(host, 0)


def _bound(host: str, port: int) -> Any:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP: else asyncio takes it for none, leaves Nagle's algorithm on, and every answer waits 40 ms for the acknowledgement of its head.
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host.strip("[]"), port))
    except OSError as fault:
        raise WorkspaceFault(f"The address {host}:{port} cannot be used: {fault.strerror or fault}.", "--port", "Choose another with --port, or end what uses it.") from fault
    return taken
