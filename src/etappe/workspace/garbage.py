"""How often Python looks for objects that hold one another and are of use to nobody."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (100_000, 50, 1_000)
_turn = threading.Lock()
_at_work = 0
_usual = gc.get_threshold()


@contextmanager
def looked_for_seldom() -> Iterator[None]:
    """For as long as an import or a build is at work.

    Both hold millions of small objects of which hardly one is garbage. To look through them again and again took three
    seconds of a build of ten million events, on the one core that finds out who is who, and one of its import.
    """
    global _at_work, _usual
    with _turn:
        if _at_work == 0:
            _usual = gc.get_threshold()
            gc.set_threshold(*_SELDOM)
        _at_work += 1
    try:
        yield
    finally:
        with _turn:
            _at_work -= 1
            if _at_work == 0:
                gc.set_threshold(*_usual)
