"""A sentence as rules see it: every name, date and number is one private-use character for its class.

Input is cleaned of private-use characters at reading, so a mark can only come from here, and a rule is
an ordinary regular expression in which the ontology's hierarchy comes free: a slot for a class is the
character set of the class and all that is narrower.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.dates import Date
from kg.quantities import Quantity
from kg.types import Mention, Span
from kg.vocab import Vocab

Item = Mention | Date | Quantity

_FIRST = 0xE000
DATE, NUMBER = "\uf8f0", "\uf8f1"


def make_marks(vocab: Vocab) -> dict[str, str]:
    """One private-use character for each class of the ontology."""
    return {name: chr(_FIRST + i) for i, name in enumerate(sorted(vocab.classes))}


@dataclass(frozen=True, slots=True)
class Placed:
    """An item and the stretch that its mark hides, which may be wider (河北省唐山市|曹妃甸区; 京津冀|三地)."""

    span: Span
    item: Item


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked stretch: ``text`` with marks, and for each mark where it stands and what it hides.

    ``starts`` are the positions of the marks in ``text``; ``placed`` what they stand for, in the same order;
    ``base`` is where the stretch begins in the document.
    """

    text: str
    base: int
    starts: tuple[int, ...]
    placed: tuple[Placed, ...]

    def inside(self, start: int, end: int) -> tuple[Item, ...]:
        """The items whose marks stand in ``text[start:end]``."""
        return tuple(p.item for p in self.placed[bisect_left(self.starts, start) : bisect_left(self.starts, end)])

    def to_document(self, position: int) -> int:
        """Where a position of the masked text stands in the document; behind a mark, that is its item's end."""
        k = bisect_left(self.starts, position) - 1
        if k < 0:
            return self.base + position
        return self.placed[k].span.end + position - self.starts[k] - 1

    def span(self, start: int, end: int) -> Span:
        """The document's stretch that ``text[start:end]`` masks."""
        return Span(self.to_document(start), self.to_document(end))


def mask(text: str, span: Span, placed: Iterable[Placed], marks: Mapping[str, str]) -> Masked:
    """Shrink each item of ``span`` (ascending, not overlapping) to its mark."""
    parts: list[str] = []
    starts: list[int] = []
    kept: list[Placed] = []
    done, at = span.start, 0
    for one in placed:
        gap = text[done : one.span.start]
        parts += (gap, mark_of(one.item, marks))
        starts.append(at + len(gap))
        kept.append(one)
        at += len(gap) + 1
        done = one.span.end
    parts.append(text[done : span.end])
    return Masked("".join(parts), span.start, tuple(starts), tuple(kept))


def mark_of(item: Item, marks: Mapping[str, str]) -> str:
    """The character that stands for an item."""
    if isinstance(item, Mention):
        return marks[item.type]
    return DATE if isinstance(item, Date) else NUMBER
