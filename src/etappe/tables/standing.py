"""A database that stays open between questions, for whoever answers many: to open one takes longer than some answers."""

from __future__ import annotations

import atexit
import os
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

# Engines are loaded by the first question.
if TYPE_CHECKING:
    from etappe.tables.engine import DuckEngine, Engine


class Standing:
    """Opens an engine a question, in a database that is opened once.

    Questions see nothing of each other: what each keeps has names of its own, and goes with it.
    """

    def __init__(self) -> None:
        self._open: dict[str | None, DuckEngine] = {}
        self._lock = threading.Lock()

    def engine(self, memory: str | None = None, master: str = "", within: Path | None = None) -> Engine:
        """As `open_engine`; a cluster is asked for an engine of its own each time."""
        from etappe.tables.engine import DUCKDB, open_duck, open_engine

        if master not in ("", DUCKDB):
            return open_engine(memory=memory, master=master, within=within)
        with self._lock:
            if memory not in self._open:
                self._open[memory] = open_duck(memory=memory)
            return self._open[memory].apart()

    def close(self) -> None:
        """Closes the database, with all that is kept there."""
        with self._lock:
            for opened in self._open.values():
                opened.close()
            self._open.clear()


def in_this_process() -> Standing:
    """The one of a notebook or a script, whatever workspaces it opens; closed at its end."""
    return _in_process(os.getpid())


@cache
def _in_process(process: int) -> Standing:
    # A forked process has a number of its own: it neither asks its parent's database nor closes it.
    made = Standing()
    atexit.register(lambda: made.close() if os.getpid() == process else None)
    return made
