"""Work done by several threads at once, handed on in order: what comes out is the same as if it were done one by one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

from etappe.tables.duck import DuckEngine

Item = TypeVar("Item")
Done = TypeVar("Done")


def in_order(
    items: Sequence[Item], work: Callable[[Item, DuckEngine], Done], engine: Callable[[], AbstractContextManager[DuckEngine]], threads: int,
    weight: Callable[[Item], int] = lambda _: 0,
) -> Generator[Done, None, None]:  # fmt: skip
    """What `work` makes of each item, in the items' order, while others are in work already.

    One thread begins with the heaviest item and goes down, the others go through the items in their order: so a heavy
    one is not left over for the end, and the light ones, which keep the interpreter busy, run beside heavy ones, which
    keep the engine busy. A fault that `work` raises is raised where its item's turn is; what was begun is then broken
    off, and nothing behind it is begun any more.

    Parameters
    ----------
    items
        The items.
    work : callable
        From an item and an engine that nobody else uses meanwhile to what is made of it.
    engine : callable
        Opens such an engine.
    threads : int
        How many items are in work at once.
    weight : callable
        How long an item keeps a thread busy, compared with the others.
    """
    if threads <= 1 or len(items) <= 1:
        with engine() as own:
            for item in items:
                yield work(item, own)
        return
    places: list[Future[Done]] = [Future() for _ in items]
    downwards = sorted(range(len(items)), key=lambda place: -weight(items[place]))
    team = _Team(items, places, work, engine)
    orders = [downwards, *[list(range(len(items)))] * (min(threads, len(items)) - 1)]
    workers = [threading.Thread(target=team.run, args=(order,), name=f"etappe-{number}", daemon=True) for number, order in enumerate(orders)]
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
        self, items: Sequence[Item], places: list[Future[Done]], work: Callable[[Item, DuckEngine], Done],
        engine: Callable[[], AbstractContextManager[DuckEngine]],
    ) -> None:  # fmt: skip
        self._items = items
        self._places = places
        self._work = work
        self._engine = engine
        self._lock = threading.Lock()
        self._busy: list[DuckEngine] = []
        self._begun: set[int] = set()
        self._end = len(items)  # nothing from here on is begun

    def run(self, order: Sequence[int]) -> None:
        """One thread: item after item of its order, until none is left or all are told to stop."""
        try:
            with self._engine() as engine:
                self._busy.append(engine)
                for place in order:
                    if self._draw(place):
                        self._make(place, engine)
        except BaseException as fault:  # there is no engine: whoever waits for an item gets to know
            for place in range(len(self._items)):
                self._fail(place, fault)

    def _draw(self, place: int) -> bool:
        """Whether this item is to be begun now, by whoever asks."""
        with self._lock:
            free = place < self._end and place not in self._begun
            if free:
                self._begun.add(place)
            return free

    def _make(self, place: int, engine: DuckEngine) -> None:
        try:
            done = self._work(self._items[place], engine)
        except BaseException as fault:  # whoever waits for the item gets it
            self._fail(place, fault)
            return
        with self._lock:
            if not self._places[place].done():
                self._places[place].set_result(done)

    def _fail(self, place: int, fault: BaseException) -> None:
        with self._lock:
            # Those before it are still waited for.
            self._end = min(self._end, place)
            if not self._places[place].done():
                self._places[place].set_exception(fault)

    def stop(self) -> None:
        """Nothing more is begun, and what runs is broken off."""
        with self._lock:
            self._end = 0
        for engine in self._busy:
            engine.interrupt()
