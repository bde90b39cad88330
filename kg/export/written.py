"""What a writer reports of its work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """Counts of what was written: RDF ``statements``, or ``nodes``, ``edges`` and ``figures`` of a network.

    ``altered`` counts the texts in which characters had to be replaced because the format cannot hold them.
    """

    statements: int = 0
    nodes: int = 0
    edges: int = 0
    figures: int = 0
    altered: int = 0


class Counted:
    """Passes statements on and knows how many have gone by."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, statements: Iterable[T]) -> Iterator[T]:
        for statement in statements:
            self.number += 1
            yield statement

    def batches(self, batches: Iterable[Sequence[T]]) -> Iterator[Sequence[T]]:
        """The same for statements that come some at a time."""
        for batch in batches:
            self.number += len(batch)
            yield batch
