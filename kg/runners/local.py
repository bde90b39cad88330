"""One machine: in this process, or in several."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Generic, TypeVar

from kg.errors import KgError

A = TypeVar("A")
B = TypeVar("B")

AHEAD = 4
"""Items a worker that are under way at most, so that a long stream of documents is never held in memory."""
DEATHS = 3
"""Deaths of a worker on the same item after which work is given up."""


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Processes started herein never hear Ctrl-C, which a terminal sends to all: the parent tells them to stop.

    They inherit the mask, so that not even their own start can be interrupted; what comes meanwhile reaches the parent
    afterwards. Where a system knows no masks, nothing is held back.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(frozen=True, slots=True)
class Serial:
    """One item after the other, in this process."""

    def map(self, fn: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        return map(fn, items)


def usable_cores() -> int:
    """The cores that this process may use, where the system tells; else those that there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Processes:
    """A pool of fresh processes; ``fn`` and the items must be picklable. Results come in the order of the items.

    When a worker dies (killed, out of memory), what was under way is done again: work on an item must be repeatable. An
    item whose worker dies again and again is a :class:`KgError`; what ``fn`` itself raises is raised here.
    """

    workers: int = field(default_factory=usable_cores)

    def map(self, fn: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        crew = _Crew(self.workers, fn)
        try:
            for item in items:
                crew.submit(item)
                if crew.is_busy:
                    yield crew.next()
            while crew.has_work:
                yield crew.next()
        finally:
            crew.close()


class _Crew(Generic[A, B]):
    """A pool that is replaced when it breaks, and the items under way in it, oldest first."""

    def __init__(self, workers: int, fn: Callable[[A], B]) -> None:
        self._workers, self._fn = workers, fn
        self._pool = self._fresh()
        self._under_way: deque[tuple[A, Future[B]]] = deque()

    @property
    def has_work(self) -> bool:
        return bool(self._under_way)

    @property
    def is_busy(self) -> bool:
        return len(self._under_way) >= AHEAD * self._workers

    def submit(self, item: A) -> None:
        self._under_way.append((item, self._hand_in(item)))

    def next(self) -> B:
        """The result of the oldest item."""
        for _ in range(DEATHS):
            try:
                result = self._under_way[0][1].result()
            except BrokenProcessPool:
                self._start_again()
            else:
                self._under_way.popleft()
                return result
        reason = "it may need more memory than there is: use fewer workers, or smaller documents"
        raise KgError(f"a worker process died {DEATHS} times on the same work; {reason}")

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _start_again(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._fresh()
        self._under_way = deque((item, self._hand_in(item)) for item, _ in list(self._under_way))

    def _hand_in(self, item: A) -> Future[B]:
        try:
            with _interrupts_held_back():  # the pool starts its processes when it is given work
                return self._pool.submit(self._fn, item)
        except BrokenProcessPool as error:  # a worker died since: whoever waits for the result starts again
            broken: Future[B] = Future()
            broken.set_exception(error)
            return broken

    def _fresh(self) -> ProcessPoolExecutor:
        # spawn, not fork: the same on every system, and no half-copied state of native libraries
        return ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))
