"""Matrix products on one core, where there are many small ones.

The library of linear algebra splits every product and every solved system over all cores, and its threads wait for each
other by spinning. For systems of a few hundred unknowns that takes far longer than the arithmetic: the Markov chains of a
small company, solved anew for 200 draws, took 4.2 processor seconds on two cores and 0.5 on one. Where such work is done
by several threads anyway, nothing is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from threadpoolctl import threadpool_limits

_lock = threading.Lock()
_inside = 0
_limits: Any = None


@contextmanager
def one_core() -> Iterator[None]:
    """While it lasts, linear algebra of this process keeps to the core that asks.

    The setting is the process's own: the first to come sets it and the last to go gives back what was.
    """
    global _inside, _limits
    with _lock:
        if not _inside:
            _limits = threadpool_limits(1, user_api="blas")
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                _limits.restore_original_limits()
