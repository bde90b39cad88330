"""A text cut where marks begin and end, so that nested and overlapping marks can be shown as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text, in code points, and ``of`` what it is a mark: a number that its owner gave."""

    start: int
    end: int
    of: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of one line that no mark begins or ends in.

    ``mention`` is the shortest mention that covers it, ``-1`` if none does; ``facts`` are all that do. ``starts`` says
    that a mark begins here, and ``first`` that the mention does.
    """

    text: str
    start: int
    mention: int
    first: bool
    facts: tuple[int, ...]
    starts: bool


def lines(text: str, mentions: Sequence[Mark], facts: Sequence[Mark]) -> list[list[Piece]]:
    """The lines of a text as pieces; marks that lie outside of the text are left out."""
    inside = [mark for mark in (*mentions, *facts) if 0 <= mark.start < mark.end <= len(text)]
    ends = {i for i, letter in enumerate(text) if letter == "\n"}
    cuts = sorted({0, len(text), *ends, *(i + 1 for i in ends), *(p for m in inside for p in (m.start, m.end))})
    kept = set(map(id, inside))
    sweep = _Sweep([m for m in mentions if id(m) in kept], [f for f in facts if id(f) in kept])
    found: list[list[Piece]] = [[]]
    for start, end in pairwise(cuts):
        piece = sweep.piece(text[start:end], start)
        if piece.text == "\n":
            found.append([])
        else:
            found[-1].append(piece)
    return found


class _Sweep:
    """Goes once from left to right and knows which marks are open."""

    def __init__(self, mentions: Sequence[Mark], facts: Sequence[Mark]) -> None:
        self.mentions, self.facts = _ordered(mentions), _ordered(facts)
        self.open_mentions: list[Mark] = []
        self.open_facts: list[Mark] = []

    def piece(self, text: str, start: int) -> Piece:
        self.open_mentions = _open(self.open_mentions, self.mentions, start)
        self.open_facts = _open(self.open_facts, self.facts, start)
        inner = min(self.open_mentions, key=lambda mark: (mark.end - mark.start, mark.of), default=None)
        return Piece(
            text,
            start,
            inner.of if inner else -1,
            inner is not None and inner.start == start,
            tuple(sorted({mark.of for mark in self.open_facts})),
            any(mark.start == start for mark in (*self.open_mentions, *self.open_facts)),
        )


def _ordered(marks: Sequence[Mark]) -> list[Mark]:
    """The last to begin first, so that the next can be popped."""
    return sorted(marks, key=lambda mark: (mark.start, mark.end, mark.of), reverse=True)


def _open(now: list[Mark], coming: list[Mark], at: int) -> list[Mark]:
    found = [mark for mark in now if mark.end > at]
    while coming and coming[-1].start <= at:
        mark = coming.pop()
        if mark.end > at:
            found.append(mark)
    return found
