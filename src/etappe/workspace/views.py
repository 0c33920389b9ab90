"""Answers kept per build: each is computed once, however many ask for it, and known by its tag afterwards.

A build never changes, so an answer belongs to it for as long as it is kept: in memory, and as a file in the build's own
folder, which goes when the build goes. Where the folder cannot be written, memory alone is used.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from etappe import __version__
from etappe.errors import WorkspaceFault
from etappe.tables.engine import Engine
from etappe.tables.keep import Build, Builds
from etappe.words.result import plain

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace

LARGEST: Final = 64 << 20
"""Bytes of answers that are kept in memory."""
AT_ONCE: Final = 2
"""Answers that are computed at once; more would only wait for each other's processor."""
_PATIENCE: Final = 10.0  # seconds that what is told beforehand waits at most for those who ask


@dataclass(frozen=True)
class View:
    """An answer as JSON, and the tag that changes with its build and its question."""

    body: bytes
    tag: str

    @cached_property
    def packed(self) -> bytes:
        """The same, packed by gzip, once for all who ask."""
        return gzip.compress(self.body, 5)


class Views:
    """The answers of one workspace's current build.

    `on_build` is called when another build is met than before; whoever tells answers beforehand holds `telling`.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._kept: OrderedDict[str, View] = OrderedDict()
        self._running: dict[str, Future[View]] = {}
        self._lock = threading.Lock()
        self._gate = threading.BoundedSemaphore(AT_ONCE)
        self._build = ""
        self._seen: tuple[int, Build] | None = None
        self._late: dict[str, tuple[float, Any]] = {}
        self._looking = threading.Lock()
        self._recent: dict[str, tuple[float, View]] = {}
        self.on_build: Callable[[], None] | None = None
        self.telling = threading.Lock()

    def build(self) -> Build:
        """The build in use.

        Raises
        ------
        WorkspaceFault
            If nothing is built yet.
        """
        builds = Builds(self.workspace.folder.builds)
        try:
            stamp = (builds.folder / "current").stat().st_mtime_ns
        except FileNotFoundError:
            stamp = 0
        if self._seen is not None and self._seen[0] == stamp:
            return self._seen[1]
        found = builds.current()
        if found is None:
            raise WorkspaceFault("nothing is built yet", "", "import exports under Sources, then build: `etappe build`")
        with self._lock:
            self._seen = (stamp, found)
            other, self._build = self._build, found.folder.name
            if other != self._build:
                self._kept.clear()
                self._recent.clear()
        if other not in ("", self._build) and self.on_build is not None:
            self.on_build()
        return found

    def tag(self, name: str, params: Mapping[str, Any]) -> str:
        """The tag an answer has, whether or not it was computed yet."""
        return _tag(self.build(), name, params)

    def get(self, name: str, params: Mapping[str, Any], make: Callable[[Engine, Build], Any]) -> View:
        """The answer to a question: kept, or computed by `make` (once, however many ask at the same time)."""
        build = self.build()
        tag = _tag(build, name, params)
        with self._lock:
            if tag in self._kept:
                self._kept.move_to_end(tag)
                return self._kept[tag]
            waiting = self._running.get(tag)
            mine: Future[View] = Future()
            if waiting is None:
                self._running[tag] = mine
        if waiting is not None:
            return waiting.result()
        try:
            view = self._on_disk(build, tag) or self._compute(build, tag, make)
        except BaseException as fault:
            mine.set_exception(fault)
            raise
        else:
            self._keep(build, tag, view)
            mine.set_result(view)
            return view
        finally:
            with self._lock:
                self._running.pop(tag, None)

    def put(self, build: Build, name: str, params: Mapping[str, Any], answer: Any) -> None:
        """Keeps an answer that came of itself with another one of that build."""
        tag = _tag(build, name, params)
        with self._lock:
            known = tag in self._kept
        if not known:
            self._keep(build, tag, self._written(build, tag, answer))

    def wait_for_others(self) -> None:
        """Waits while answers are computed that somebody has asked for, some seconds at most."""
        until = time.monotonic() + _PATIENCE
        while self._running and time.monotonic() < until:
            time.sleep(0.02)

    def lately(self, name: str, seconds: float, make: Callable[[], Any]) -> Any:
        """What does not belong to a build, such as the state of the sources: looked up again after some seconds."""
        with self._looking:
            found = self._late.get(name)
            if found is None or found[0] < time.monotonic():
                found = self._late[name] = (time.monotonic() + seconds, make())
            return found[1]

    def recent(self, name: str, seconds: float, tell: Callable[[], View]) -> View:
        """An answer that may be some seconds old: what it rests on is being edited, and nobody waits for the last word."""
        self.build()
        found = self._recent.get(name)
        if found is None or found[0] < time.monotonic():
            found = self._recent[name] = (time.monotonic() + seconds, tell())
        return found[1]

    def forget_lately(self) -> None:
        """Looks up anew at the next question, after something has changed."""
        with self._looking:
            self._late.clear()

    def _compute(self, build: Build, tag: str, make: Callable[[Engine, Build], Any]) -> View:
        with self._gate, self.workspace._engine() as engine:
            return self._written(build, tag, make(engine, build))

    @staticmethod
    def _written(build: Build, tag: str, answer: Any) -> View:
        """An answer as it is sent, and as a file of the build."""
        body = json.dumps(plain(answer), ensure_ascii=False, separators=(",", ":"), default=str).encode()
        with contextlib.suppress(OSError):
            folder = build.folder / "_views"
            folder.mkdir(exist_ok=True)
            part = folder / f".{tag}.{uuid.uuid4().hex[:6]}"
            part.write_bytes(body)
            os.replace(part, folder / f"{tag}.json")
        return View(body, tag)

    def _on_disk(self, build: Build, tag: str) -> View | None:
        try:
            return View((build.folder / "_views" / f"{tag}.json").read_bytes(), tag)
        except OSError:
            return None

    def _keep(self, build: Build, tag: str, view: View) -> None:
        with self._lock:
            if build.folder.name != self._build:
                return
            self._kept[tag] = view
            size = sum(len(item.body) for item in self._kept.values())
            while size > LARGEST and len(self._kept) > 1:
                size -= len(self._kept.popitem(last=False)[1].body)


def _tag(build: Build, name: str, params: Mapping[str, Any]) -> str:
    said = json.dumps([__version__, build.folder.name, name, {key: params[key] for key in sorted(params)}], ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:32]
