"""How far the work is and how long it took, for whoever watches; a build that nobody watches is silent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

Progress = Callable[[str, int], None]
"""Told the stage, and how much of it is done."""


class Watch:
    """Tells ``progress`` of each stage and keeps the seconds of each."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress
        self._stage = ""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """A stage of the work; its seconds count also if it fails."""
        self._stage, start = name, time.perf_counter()
        self._tell(0)
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

    def each(self, items: Iterable[T], size: Callable[[T], int] = lambda _: 1) -> Iterator[T]:
        """The items, each counted as it passes with its ``size``."""
        done = 0
        for item in items:
            done += size(item)
            self._tell(done)
            yield item

    def _tell(self, done: int) -> None:
        if self._progress is not None:
            self._progress(self._stage, done)
