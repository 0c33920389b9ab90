"""What the routes work with: the workspace, its people, its kept answers, its jobs and the rooms of live maps."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from fastapi import Request
from starlette.requests import HTTPConnection

from etappe.server.jobs import Jobs
from etappe.server.limits import Limits
from etappe.server.live import Rooms
from etappe.tables.standing import Standing
from etappe.workspace.access import Who
from etappe.workspace.atlas import author_of
from etappe.workspace.audit import Audit
from etappe.workspace.guests import Guests
from etappe.workspace.people import LOCAL, People
from etappe.workspace.views import Views
from etappe.workspace.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from etappe.server.oidc import Oidc

_REMEMBERED: Final = 5.0  # seconds for which who a session belongs to is not looked up again


@dataclass(frozen=True)
class Serving:
    """How it is served.

    `loopback`: reachable from this machine alone; `names`: host names that may be asked for besides; `address`: where the
    outside reaches it, such as https://maps.firm.example; `largest`: bytes of one upload; `warm`: compute the first answers
    before somebody asks.
    """

    loopback: bool = True
    names: tuple[str, ...] = ()
    address: str = ""
    largest: int = 4 << 30
    warm: bool = False
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = ""


def cookie_of(workspace: Workspace) -> str:
    """What the cookie of a session is called: browsers keep one jar for all ports of a host, and two workspaces may be served on one."""
    return f"etappe-{hashlib.sha256(str(workspace.folder.root.resolve()).encode()).hexdigest()[:10]}"


class Here:
    """One served workspace."""

    def __init__(self, workspace: Workspace, serving: Serving | None = None) -> None:
        self.serving = serving or Serving()
        self.workspace = workspace
        workspace.standing = Standing()
        self.cookie = cookie_of(workspace)
        database = workspace.atlas.store.database
        self.people, self.guests, self.audit = People(database), Guests(database), Audit(database)
        self.views = Views(workspace)
        self.jobs = Jobs()
        self.limits = Limits()
        self.rooms = Rooms(workspace.atlas)
        self.oidc: Oidc | None = None
        self._sessions: dict[str, tuple[float, Who | None]] = {}
        self._lock = threading.Lock()

    def who(self, secret: str, token: str = "") -> Who | None:
        """Who asks, by the secret of a session or a token. Whoever sits at the machine counts on loopback alone."""
        key = f"{secret}\0{token}"
        now = time.monotonic()
        found = self._sessions.get(key)
        if found is None or found[0] < now:
            who = self.people.of_token(token) if token else self.people.of_session(secret) if secret else None
            if who is not None and who.name == LOCAL.name:
                me = author_of()
                who = replace(who, name=me, shown=me) if self.serving.loopback else None
            with self._lock:
                if len(self._sessions) > 10_000:
                    self._sessions.clear()
                self._sessions[key] = (now + _REMEMBERED, who)
            return who
        return found[1]

    def look_again(self) -> None:
        """Forgets who the sessions belong to, after rights have changed."""
        with self._lock:
            self._sessions.clear()

    def reload(self) -> None:
        """Opens the workspace anew, after its settings have changed; the database stays open."""
        fresh = open_workspace(self.workspace.folder.root)
        fresh.__dict__["atlas"], fresh.standing = self.workspace.atlas, self.workspace.standing
        self.workspace.atlas.settings = fresh.settings
        self.workspace = self.views.workspace = fresh

    def close(self) -> None:
        """Lets go of everything."""
        self.jobs.close()
        self.workspace.atlas.close()
        if self.workspace.standing:
            self.workspace.standing.close()


@dataclass
class Asked:
    """A request with who asks."""

    here: Here
    who: Who | None
    request: HTTPConnection = field(repr=False)

    @property
    def user(self) -> Who:
        """Who asks, where a right was demanded."""
        assert self.who is not None
        return self.who

    def note(self, what: str, about: str = "", **detail: Any) -> None:
        """Writes a line of the audit log."""
        self.here.audit.note(self.who.name if self.who else "", what, about, **detail)


def here_of(request: Request) -> Here:
    """The served workspace, for routes."""
    found: Here = request.app.state.here
    return found
