"""A statistical tagger as evidence: doubtful edges of names, persons, places and organisations with a known last part.

The words come from LAC (``lac.py``); what of them is believed is said by ``data/grammar/tagger.yaml``. Two engines use
them: ``edges`` objects to names by structure whose edge cuts a word in two and mends what can be mended; ``tagger``
proposes what all engines before it have missed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.engines.lac import Lac, Word
from kg.engines.names import NAME_V1, NameData, line_ends
from kg.engines.tagger_data import TaggerData
from kg.engines.tagger_persons import Persons
from kg.lexicon import Lexicon
from kg.mentions import outer
from kg.page import page_of
from kg.segment import CHAR, MARK, NAME, NUMBER, STOP, UNKNOWN, VERB
from kg.types import Annotation, Mention, Rejected, Span
from kg.vocab import Vocab

EDGES_V1, TAGGER_V1 = "edges.v1", "tagger.v1"
CUT_LEFT, CUT_RIGHT, MENDED = "begins inside a word", "ends inside a word", "begins too late"
_LINE, _NAME = "line", "name"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A document's text and its tagged words, in the order of the text."""

    text: str
    words: tuple[Word, ...]
    starts: tuple[int, ...]

    def over(self, at: int) -> Word | None:
        """The word that has ``at`` strictly inside."""
        k = bisect_right(self.starts, at) - 1
        word = self.words[k] if k >= 0 else None
        return word if word and word.start < at < word.end else None


class Tagger:
    """The words of documents, tagged once a batch for all engines that ask."""

    def __init__(self, lac: Lac) -> None:
        self._lac = lac
        self._kept: dict[str, Tagged] = {}

    def tag(self, batch: Sequence[Annotation]) -> list[Tagged]:
        """The tagged words of each document of a batch."""
        texts = [a.document.text for a in batch]
        if any(text not in self._kept for text in texts):
            spans = [page_of(a.document).sentences for a in batch]
            words = iter(self._lac.tag([s.of(text) for text, each in zip(texts, spans, strict=True) for s in each]))
            self._kept = {
                text: _tagged(text, [(s.start, next(words)) for s in each])
                for text, each in zip(texts, spans, strict=True)
            }
        return [self._kept[text] for text in texts]


class EdgeEngine:
    """Objects to names by structure that begin or end inside a word, and proposes the mended form of some."""

    name = EDGES_V1

    def __init__(self, data: TaggerData, tagger: Tagger, names: NameData, lexicon: Lexicon, vocab: Vocab) -> None:
        self._data, self._tagger, self._names, self._lexicon, self._vocab = data.edges, tagger, names, lexicon, vocab

    def objections(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Rejected]]:
        """The names that a word's edge speaks against."""
        return (tuple(self._objections(a, page)) for a, page in zip(batch, self._tagger.tag(batch), strict=True))

    def mentions(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Mention]]:
        """The names objected to that only begin too late, from where they begin."""
        return (tuple(self._mended(a, page)) for a, page in zip(batch, self._tagger.tag(batch), strict=True))

    def _objections(self, a: Annotation, page: Tagged) -> Iterator[Rejected]:
        ends = {m.span.end for m in a.mentions}
        for m in a.mentions:
            if m.by != NAME_V1:
                continue
            if self._goes_on(m, page):
                yield Rejected(m, CUT_RIGHT, self.name)
            elif m.span.start not in ends and (word := page.over(m.span.start)):
                left = self._further(m, word, a)
                if left is None:
                    yield Rejected(m, CUT_LEFT, self.name)
                elif left != m.span.start:
                    yield Rejected(m, MENDED, self.name)

    def _goes_on(self, m: Mention, page: Tagged) -> bool:
        """Whether a word that begins inside the name ends behind it, and is no title (省委|书记)."""
        data, word = self._data, page.over(m.span.end)
        if word is None or word.start <= m.span.start or word.tag not in data.beyond:
            return False
        if any(self._vocab.is_a(m.type, c) for c in data.beyond_classes_not):
            return False
        rest = page.text[m.span.end : word.end]
        return len(rest) <= data.beyond_longest and not (rest in self._lexicon.titles or rest.endswith(data.beyond_not))

    def _further(self, m: Mention, word: Word, a: Annotation) -> int | None:
        """Where the name begins if the word it cuts is its first; its own edge if in doubt, ``None`` for a veto."""
        text, at = a.document.text, m.span.start
        if word.tag in self._data.veto:
            return None
        left = word.start if self._is_whole(m) else self._behind_known(word, at, a)
        if word.tag not in self._data.extend or at - left > self._data.reach:
            return at
        return at if self._parts_names(text, left, at) else left

    def _parts_names(self, text: str, left: int, at: int) -> bool:
        """Whether something stands there that no name goes over: a mark, a number, a function word."""
        added = self._names.words.segment(text, left, at)
        marked = any(t.kind in (MARK, NUMBER) or (t.kind == STOP and t.end - t.start > 1) for t in added)
        return marked or any(c in text[left:at] for c in self._data.not_over)

    def _is_whole(self, m: Mention) -> bool:
        return any(self._vocab.is_a(m.type, w) for w in self._data.whole)

    def _behind_known(self, word: Word, at: int, a: Annotation) -> int:
        """The start of a word without the known names with which it begins (江西|昌九高铁)."""
        known = (*a.mentions, *self._displaced(a))
        inside = [m.span.end for m in known if word.start <= m.span.start and m.span.end <= at + 1]
        return min(max(inside, default=word.start), at)

    def _mended(self, a: Annotation, page: Tagged) -> Iterator[Mention]:
        taken_back = [(r.item, r.reason) for r in a.rejected if r.by == self.name and isinstance(r.item, Mention)]
        for m, reason in taken_back:
            word = page.over(m.span.start) if reason == MENDED else None
            left = self._further(m, word, a) if word else None
            if left is not None:
                span = Span(left, m.span.end)
                yield replace(m, span=span, text=span.of(page.text), by=self.name)
        # What such a name had displaced (湖南 by 南张吉怀高铁) has its turn again.
        yield from (m for m in self._displaced(a) if any(m.span.overlaps(k.span) for k, _ in taken_back))

    def _displaced(self, a: Annotation) -> Iterator[Mention]:
        return (r.item for r in a.rejected if r.by != self.name and isinstance(r.item, Mention))


class TaggerEngine:
    """Proposes persons, and places and organisations that end as names do, where no mention stands yet."""

    name = TAGGER_V1

    def __init__(self, data: TaggerData, tagger: Tagger, names: NameData, lexicon: Lexicon, vocab: Vocab) -> None:
        self._data, self._tagger, self._names, self._lexicon, self._vocab = data, tagger, names, lexicon, vocab
        self._persons = Persons(data.person, lexicon, names.words, self.name)
        self._initials = line_ends(lexicon, vocab, names.sited)
        self._longest_head = max(map(len, names.heads), default=0)

    def mentions(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Mention]]:
        return (tuple(self._mentions(a, page)) for a, page in zip(batch, self._tagger.tag(batch), strict=True))

    def _mentions(self, a: Annotation, page: Tagged) -> Iterator[Mention]:
        taken = outer(a.mentions)
        yield from self._persons.find(page.text, page.words, taken)
        ends = [m.span.end for m in taken]
        for word in page.words:
            inside = list(_until(taken[bisect_right(ends, word.start) :], word.end))
            yield from self._place(word, page.text, inside)

    def _place(self, word: Word, text: str, inside: Sequence[Mention]) -> Iterator[Mention]:
        """A place or organisation, if its last part tells its type and the rest is a proper part."""
        span = Span(word.start, word.end)
        if any(not span.covers(m.span) or m.span.end == word.end for m in inside):
            return
        found = self._headed(word, text, inside) or self._ending(word, text, inside)
        if found:
            start, type_, score = found
            yield Mention(Span(start, word.end), text[start : word.end], type_, self.name, score)

    def _headed(self, word: Word, text: str, inside: Sequence[Mention]) -> tuple[int, str, float] | None:
        data = self._data.headed
        at = self._head(text, word) if word.end - word.start <= data.longest else None
        if at is None:
            return None
        surface = text[at : word.end]
        head = self._names.heads[surface]
        if word.tag not in data.types.get(head.type, ()) or at == word.start:
            return None
        if text.endswith(data.not_ending, word.start, word.end):
            return None
        if head.left == _LINE:
            ends = all(c in self._initials for c in text[word.start : at]) and 1 < at - word.start < 5
            ends = ends and text[word.start : at] not in self._names.words.table
            return (word.start, head.type, data.score) if ends else None
        if head.left != _NAME or not self._is_proper(text, word.start, at, inside, head.type):
            return None
        within = not head.within or head.type in data.waive
        within = within or any(self._vocab.is_a(m.type, w) for m in inside for w in head.within)
        return (word.start, head.type, data.score) if within else None

    def _head(self, text: str, word: Word) -> int | None:
        """Where the longest head noun begins with which the word ends."""
        starts = range(max(word.start, word.end - self._longest_head), word.end)
        return next((k for k in starts if text[k : word.end] in self._names.heads), None)

    def _is_proper(self, text: str, start: int, end: int, inside: Sequence[Mention], type_: str) -> bool:
        """Whether something that no common word explains stands there, and nothing that ends a name."""
        names = [(m.span.start, m.span.end) for m in inside if m.span.end <= end]
        tokens = self._names.words.segment(text, start, end, names)
        kinds = [t.kind for t in tokens]
        if any(kind in (STOP, NUMBER, MARK, VERB) for kind in kinds):
            return False
        if kinds == [NAME]:
            return type_ in self._data.headed.bare
        nouns, proper = self._lexicon.nouns, self._data.headed.proper
        known = any(w in nouns and nouns[w].pos in proper for w in (text[t.start : t.end] for t in tokens))
        runs = any(a == b == CHAR for a, b in pairwise(kinds))
        return known or runs or UNKNOWN in kinds or NAME in kinds

    def _ending(self, word: Word, text: str, inside: Sequence[Mention]) -> tuple[int, str, float] | None:
        data = self._data.endings
        if word.tag not in data.tags:
            return None
        ending = next((e for e in data.types if text.endswith(e, word.start, word.end)), None)
        start = max([word.start, *(m.span.end for m in inside)])
        if ending is None or word.end - len(ending) - start < data.least:
            return None
        whole, stem = text[start : word.end], text[start : word.end - len(ending)]
        common = any(known in self._names.words.table for known in (stem, whole))
        if common or whole in data.never or whole.endswith(data.not_ending) or stem.startswith(data.not_starting):
            return None
        return start, data.types[ending], data.score


def _tagged(text: str, sentences: Sequence[tuple[int, Sequence[Word]]]) -> Tagged:
    words = tuple(Word(at + w.start, at + w.end, w.tag) for at, each in sentences for w in each)
    return Tagged(text, words, tuple(w.start for w in words))


def _until(mentions: Sequence[Mention], end: int) -> Iterator[Mention]:
    for m in mentions:
        if m.span.start >= end:
            return
        yield m
