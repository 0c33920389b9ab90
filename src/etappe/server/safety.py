"""What every answer and every request goes through: names of hosts, origins, sizes, and the headers of safety."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from etappe.errors import Fault
from etappe.server.faults import in_language, status_of, told

POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""No inline script, nothing from elsewhere. Inline styles are allowed: charts place their parts by them."""

HEADERS: Final = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}  # fmt: skip

LARGEST: Final = 8 << 20
"""Bytes of a request that is no upload."""


class Safety:
    """Refuses foreign hosts and origins and what is too large; adds the headers of safety to every answer.

    `uploads`: paths of files sent in, which alone may be as large as `largest`. `demand` raises where somebody may not send
    one: it is asked before the body is read, because a route's own right is looked at when the files are on the disk already.
    """

    def __init__(
        self, app: ASGIApp, *, loopback: bool, names: tuple[str, ...], largest: int, uploads: Mapping[str, str], demand: Callable[[HTTPConnection, str], None],
    ) -> None:  # fmt: skip
        self.app = app
        self.loopback, self.names = loopback, frozenset(name.lower() for name in names)
        self.largest, self.uploads, self.demand = largest, uploads, demand

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        wrong = self._wrong(scope, headers)
        if wrong:
            await _refuse(scope, send, *wrong)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        right = self.uploads.get(scope["path"])
        if right is not None:
            try:
                await run_in_threadpool(self.demand, HTTPConnection(scope), right)
            except Fault as fault:
                await _answer(_headed(send, scope), status_of(fault), {"error": in_language(HTTPConnection(scope), fault.to_dict())})
                return
        await self.app(scope, _limited(receive, self._limit(scope)), _headed(send, scope))

    def _limit(self, scope: Scope) -> int:
        return self.largest if scope["path"] in self.uploads else LARGEST

    def _wrong(self, scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
        host = headers.get("host", "")
        if not self._known(host):
            return 421, f"This server is not called `{host[:120]}`.", "Open it by the address that `etappe serve` printed, or name it with --name."
        origin = headers.get("origin")
        foreign = origin is not None and origin != "null" and urlsplit(origin).netloc.lower() != host.lower()
        acting = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if acting and (foreign or origin == "null" or headers.get("sec-fetch-site") == "cross-site"):
            return 403, "The request comes from another site.", "Open the page itself."
        length = headers.get("content-length", "0")
        limit = self._limit(scope)
        if length.isdigit() and int(length) > limit:
            return 413, f"This is larger than {limit >> 20:,} MB.", "Send less at once."
        return None

    def _known(self, host: str) -> bool:
        """Addresses cannot be forged by a name server; names have to be known."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").lower()
        except ValueError:
            return False
        if name == "localhost" or name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or not self.loopback


def _limited(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                from starlette.exceptions import HTTPException

                raise HTTPException(413, f"This is larger than {limit >> 20:,} MB.")
        return message

    return counted


def _headed(send: Send, scope: Scope) -> Send:
    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if scope.get("scheme") == "https":
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            if scope["path"].startswith(("/api/", "/s/")):
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return headed


async def _refuse(scope: Scope, send: Send, status: int, what: str, do_next: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4403, "reason": what[:100]})
        return
    error = told("refused", what, scope["path"][:120], do_next)["error"]
    await _answer(_headed(send, scope), status, {"error": in_language(HTTPConnection(scope), error)})


async def _answer(send: Send, status: int, content: dict[str, Any]) -> None:
    body = json.dumps(content, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
