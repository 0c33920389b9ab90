"""Long work: imports and builds, one after the other, each with its progress, while the page can be left."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from etappe.errors import Fault
from etappe.maps.document import new_id
from etappe.words.result import plain

Progress = Callable[[str, float], None]
_KEPT: Final = 200
_LOG = logging.getLogger(__name__)


@dataclass
class Job:
    """One piece of long work. `state` is waiting, running, done or failed; `progress` runs from 0 to 1."""

    id: str
    kind: str
    by: str
    made_at: dt.datetime
    state: str = "waiting"
    progress: float = 0.0
    words: str = ""
    result: Any = None
    error: dict[str, Any] | None = None
    done_at: dt.datetime | None = None
    changed: threading.Event = field(default_factory=threading.Event, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """As the wire shows it."""
        names = ("id", "kind", "by", "made_at", "state", "progress", "words", "result", "error", "done_at")
        shown: dict[str, Any] = plain({name: getattr(self, name) for name in names})
        return shown


class Jobs:
    """The jobs of one server; they write to one lake, so they run one after the other."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._worker = ThreadPoolExecutor(1, "job")
        self._lock = threading.Lock()

    def start(self, kind: str, by: str, work: Callable[[Progress], Any]) -> Job:
        """Puts work in the queue; `work` gets a function to say how far it is."""
        job = Job(new_id("j"), kind, by, dt.datetime.now(dt.UTC))
        with self._lock:
            self._jobs[job.id] = job
            finished = [id for id, item in self._jobs.items() if item.done_at is not None]
            for id in finished[: max(len(self._jobs) - _KEPT, 0)]:
                del self._jobs[id]
        self._worker.submit(self._run, job, work)
        return job

    def get(self, id: str) -> Job | None:
        """A job by its id."""
        return self._jobs.get(id)

    def all(self) -> list[Job]:
        """The jobs, the newest first."""
        return list(reversed(self._jobs.values()))

    def close(self) -> None:
        """Lets running work end and drops what waits."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _run(self, job: Job, work: Callable[[Progress], Any]) -> None:
        def say(words: str, share: float) -> None:
            job.words, job.progress = words, min(max(share, 0.0), 1.0)

        job.state = "running"
        try:
            job.result = plain(work(say))
            job.state, job.progress = "done", 1.0
        except Fault as fault:
            job.state, job.error = "failed", fault.to_dict()
        except Exception:
            _LOG.exception("the job %s failed", job.kind)
            job.state, job.error = "failed", {"code": "internal", "what": "This failed by a fault of etappe.", "where": job.kind, "do_next": "Look at the server's log, and please report it."}
        finally:
            job.done_at = dt.datetime.now(dt.UTC)
            job.changed.set()
