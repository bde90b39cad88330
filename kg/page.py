"""What every engine asks of a document: its sentences, dates and quantities, and its sentences masked.

Computed once a document and kept for the batch at hand; a document's id comes from its content, so it is the key.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.dates import Date, find_dates
from kg.masking import Item, Masked, Placed, mask
from kg.mentions import outer
from kg.quantities import Quantity, find_quantities
from kg.text import sentences
from kg.types import Block, Document, Mention, Span

Joins = Callable[[Mention, Mention], bool]


@dataclass(frozen=True, slots=True)
class Page:
    """A document's sentences, dates and quantities, each in the order of the text."""

    sentences: tuple[Span, ...]
    dates: tuple[Date, ...]
    quantities: tuple[Quantity, ...]


def page_of(document: Document) -> Page:
    """The page of a document."""
    return _page(document.text, document.published, document.blocks)


@lru_cache(maxsize=512)
def _page(text: str, published: str, blocks: tuple[Block, ...]) -> Page:
    dates = find_dates(text, published)
    return Page(sentences(text, blocks), dates, find_quantities(text, dates))


class Masker:
    """Masks the sentences of documents.

    ``joins`` says whether a name directly behind another is inside it (河北省|唐山市): of such a chain the last
    stands for all. ``tails`` are words that only repeat what the name before them says (京津冀|三地).
    """

    def __init__(self, marks: Mapping[str, str], joins: Joins, tails: Sequence[str], tailed: frozenset[str]) -> None:
        self._marks, self._joins, self._tailed = marks, joins, tailed
        longest_first = sorted(tails, key=len, reverse=True)
        self._tail = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        self.views = lru_cache(maxsize=256)(self._views)

    def _views(self, document: Document, mentions: tuple[Mention, ...]) -> tuple[Masked, ...]:
        """One masked view a sentence."""
        page, text = page_of(document), document.text
        placed = self._place(text, _merge(outer(mentions), page.dates, page.quantities))
        starts = [p.span.start for p in placed]
        views = []
        for sentence in page.sentences:
            inside = placed[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
            views.append(mask(text, sentence, inside, self._marks))
        return tuple(views)

    def _place(self, text: str, items: Sequence[Item]) -> list[Placed]:
        placed: list[Placed] = []
        for k, item in enumerate(items):
            start, end = item.span.start, item.span.end
            if isinstance(item, Mention) and item.type in self._tailed:
                tail = self._tail.match(text, end)
                free = tail and (k + 1 == len(items) or tail.end() <= items[k + 1].span.start)
                end = tail.end() if tail and free else end
            if placed and placed[-1].span.end == start and isinstance(item, Mention):
                before = placed[-1].item
                if isinstance(before, Mention) and self._joins(before, item):
                    start = placed.pop().span.start
            placed.append(Placed(Span(start, end), item))
        return placed


def _merge(mentions: Sequence[Mention], dates: Sequence[Date], quantities: Sequence[Quantity]) -> list[Item]:
    """All items in the order of the text; a date or quantity that meets a name is part of the name."""
    names = [m.span for m in mentions]
    items: list[Item] = list(mentions)
    items += [d for d in dates if d.value and not _meets(d.span, names)]
    items += [q for q in quantities if not (q.article or q.grade or q.ordinal or _meets(q.span, names))]
    items.sort(key=lambda item: item.span)
    return items


def _meets(span: Span, names: Sequence[Span]) -> bool:
    k = bisect_left(names, span.end, key=lambda n: n.start) - 1
    return k >= 0 and names[k].overlaps(span)
