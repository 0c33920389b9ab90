"""What stands in front of a route: who asks, the right it needs, and the proof that the page itself sent it."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from fastapi import Request
from starlette.requests import HTTPConnection

from etappe.errors import AccessFault
from etappe.server.here import Asked, Here
from etappe.workspace.access import RIGHTS, Who, demand

HEADER: Final = "X-CSRF"
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Needs:
    """A dependency of a route: the right it needs, by its name in `workspace/access.py`.

    A right on maps is asked for the map in the path (`slug`). Every route of the API has exactly one; `app.py` refuses to
    start otherwise.
    """

    def __init__(self, right: str) -> None:
        if right not in RIGHTS:
            raise KeyError(right)
        self.right = right

    async def __call__(self, request: Request) -> Asked:
        """The request with who asks, or a fault."""
        here: Here = request.app.state.here
        token, secret = _token(request), request.cookies.get(here.cookie, "")
        who = who_of(here, request)
        demand(who, self.right, str(request.path_params.get("slug", "")))
        # A cookie whose session is over counts as none, or nobody could sign in again who was signed out from elsewhere.
        if request.method not in _READS and not token and not proven(secret if who is not None else "", request.headers.get(HEADER, "")):
            raise AccessFault("The request does not prove that this page sent it.", HEADER, "Send the `csrf` of GET /session in this header; reload the page.")
        return Asked(here, who, request)


def who_of(here: Here, request: HTTPConnection) -> Who | None:
    """Who asks, by token or session."""
    return here.who(request.cookies.get(here.cookie, ""), _token(request))


def csrf_of(secret: str) -> str:
    """The proof that belongs to a session (before there is one: to none)."""
    return hashlib.sha256(f"csrf:{secret}".encode()).hexdigest()[:40]


def proven(secret: str, given: str) -> bool:
    """Whether a proof belongs to a session."""
    return hmac.compare_digest(csrf_of(secret).encode(), given.encode())


def address_of(request: HTTPConnection) -> str:
    """Where a request comes from, for counting."""
    return request.client.host if request.client else ""


def is_secure(request: HTTPConnection) -> bool:
    """Whether the outside reaches us over TLS, also where a proxy ends it and does not say so: cookies are for it alone then."""
    here: Here = request.app.state.here
    return request.url.scheme == "https" or here.serving.address.lower().startswith("https:")


def _token(request: HTTPConnection) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""
