"""How often something may be tried: sign-in, links, public forms."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from etappe.errors import TooManyFault


class Limits:
    """Counts tries by what and whom, each count falling evenly with time (a leaking bucket)."""

    def __init__(self, most_kept: int = 20_000) -> None:
        self._filled: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        self._most = most_kept
        self._lock = threading.Lock()

    def count(self, what: str, whom: str, most: int, seconds: float) -> None:
        """Counts one try.

        Raises
        ------
        TooManyFault
            After `most` tries within `seconds`.
        """
        now = time.monotonic()
        with self._lock:
            level, then = self._filled.pop((what, whom), (0.0, now))
            level = max(0.0, level - (now - then) * most / seconds)
            if level + 1 > most:
                self._filled[what, whom] = (level, now)
                wait = int((level + 1 - most) * seconds / most) + 1
                raise TooManyFault("Too many tries.", what, f"Wait {wait} seconds, then try again.")
            self._filled[what, whom] = (level + 1, now)
            while len(self._filled) > self._most:
                self._filled.popitem(last=False)
