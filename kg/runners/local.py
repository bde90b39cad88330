"""One machine: in this process, or in several."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Serial:
    """One item after the other, in this process."""

    def map(self, fn: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        return map(fn, items)


@dataclass(frozen=True, slots=True)
class Processes:
    """A pool of fresh processes; ``fn`` and the items must be picklable. Results come in the order of the items.

    No more than four items a worker are under way, so that a long stream of documents is never held in memory.
    """

    workers: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))

    def map(self, fn: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        # spawn, not fork: the same on every system, and no half-copied state of native libraries
        pool = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))
        try:
            yield from self._stream(pool, fn, iter(items))
        finally:
            pool.shutdown(cancel_futures=True)

    def _stream(self, pool: ProcessPoolExecutor, fn: Callable[[A], B], items: Iterator[A]) -> Iterator[B]:
        under_way: deque[Future[B]] = deque()
        for item in items:
            under_way.append(pool.submit(fn, item))
            if len(under_way) >= 4 * self.workers:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
