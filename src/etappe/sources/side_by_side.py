"""Work done by several threads at once, handed on in order: what comes out is the same as if it were done one by one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

from etappe.tables.duck import DuckEngine

Item = TypeVar("Item")
Done = TypeVar("Done")


def in_order(
    items: Iterator[Item], number: int, work: Callable[[Item, DuckEngine], Done], engine: Callable[[], AbstractContextManager[DuckEngine]], threads: int
) -> Generator[Done, None, None]:
    """What `work` makes of each item, in the items' order, while the next ones are in work already.

    The items are drawn one at a time, so what an iterator says of the moment is in their order too. A fault that `work`
    raises is raised where its item's turn is; what was begun is then broken off, and nothing more is.

    Parameters
    ----------
    items, number
        The items and how many there are.
    work : callable
        From an item and an engine that nobody else uses meanwhile to what is made of it.
    engine : callable
        Opens such an engine.
    threads : int
        How many items are in work at once.
    """
    if threads <= 1 or number <= 1:
        with engine() as own:
            for item in items:
                yield work(item, own)
        return
    places: list[Future[Done]] = [Future() for _ in range(number)]
    team = _Team(enumerate(items), places, work, engine)
    workers = [threading.Thread(target=team.run, name=f"etappe-{place}", daemon=True) for place in range(min(threads, number))]
    for worker in workers:
        worker.start()
    try:
        for place in places:
            yield place.result()
    finally:
        # Again and again: an engine that was between two queries takes up the next one.
        while any(worker.is_alive() for worker in workers):
            team.stop()
            time.sleep(0.02)


class _Team(Generic[Item, Done]):
    """What the threads share: the items that are left, the places for what is made of them, the engines in use."""

    def __init__(
        self, items: Iterator[tuple[int, Item]], places: list[Future[Done]], work: Callable[[Item, DuckEngine], Done],
        engine: Callable[[], AbstractContextManager[DuckEngine]],
    ) -> None:  # fmt: skip
        self._items = items
        self._places = places
        self._work = work
        self._engine = engine
        self._lock = threading.Lock()
        self._busy: list[DuckEngine] = []
        self._stopped = False

    def run(self) -> None:
        """One thread: item after item, until none is left or all are told to stop."""
        place = None
        try:
            with self._engine() as engine:
                self._busy.append(engine)
                while (drawn := self._draw()) is not None:
                    place, item = drawn
                    self._places[place].set_result(self._work(item, engine))
        except BaseException as fault:  # whoever waits for the item gets it
            self._fail(place, fault)

    def _draw(self) -> tuple[int, Item] | None:
        with self._lock:
            return None if self._stopped else next(self._items, None)

    def _fail(self, place: int | None, fault: BaseException) -> None:
        with self._lock:
            self._stopped = True
        for waiting in [self._places[place]] if place is not None else self._places:
            if not waiting.done():
                waiting.set_exception(fault)

    def stop(self) -> None:
        """Nothing more is begun, and what runs is broken off."""
        with self._lock:
            self._stopped = True
        for engine in self._busy:
            engine.interrupt()
