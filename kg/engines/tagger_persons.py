"""Persons among a tagger's words: by surname, by who stands before them and by what they do behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from kg.engines.lac import Word
from kg.engines.tagger_data import PersonData
from kg.lexicon import Lexicon
from kg.segment import NAME, UNKNOWN, Words
from kg.types import Mention, Span


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A word that may name a person; ``native`` if it is built as a Chinese name, ``sure`` if that needs no witness."""

    span: Span
    native: bool
    sure: bool


class Persons:
    """Finds persons among words."""

    def __init__(self, data: PersonData, lexicon: Lexicon, words: Words, by: str) -> None:
        self._data, self._lexicon, self._words, self._by = data, lexicon, words, by
        heads = [title for title, t in lexicon.titles.items() if t.part == "head"]
        self._before = tuple(sorted({*heads, *data.roles}))
        self._behind = (*data.says, *data.called)
        # A side's officer (伊外长) is no name.
        self._not_ending = (*data.not_ending, *(title for title in heads if len(title) > 1))

    def find(self, text: str, words: Sequence[Word], taken: Sequence[Mention]) -> Iterator[Mention]:
        """The persons that no mention covers; a name found once is found wherever it stands."""
        covered = [m.span for m in taken]
        candidates = [c for c in self._candidates(text, words, {m.span.end for m in taken}) if c]
        names = {m.text for m in taken if m.type == self._data.type}
        found = self._witnessed(text, candidates)
        names |= {c.span.of(text) for c in found}
        whole = {c: _widened(text, c.span, names) for c in candidates}
        spans = {span for c, span in whole.items() if c in found or span.of(text) in names}
        for span in sorted(spans, key=lambda s: (s.start, -s.end)):
            if not any(span.overlaps(other) for other in covered):
                covered.append(span)
                yield Mention(span, span.of(text), self._data.type, self._by, self._data.score)

    def _candidates(self, text: str, words: Sequence[Word], ends: Set[int]) -> Iterator[_Candidate | None]:
        for k, word in enumerate(words):
            if word.tag in self._data.tags:
                behind = words[k + 1] if k + 1 < len(words) else None
                yield self._candidate(text, word, behind, word.start in ends)

    def _candidate(self, text: str, word: Word, behind: Word | None, named: bool) -> _Candidate | None:
        """The word as a candidate, if it has the form of a name and stands in no quotation."""
        data, name = self._data, text[word.start : word.end].rstrip()
        short = len(name) < 2 or len(name) > data.longest
        if short or name.endswith(self._not_ending) or text.endswith(data.not_after, 0, word.start):
            return None
        if name in self._words.table or name in data.never or all(self._lexicon.abbreviation(c) for c in name):
            return None
        given = self._given(name)
        native = given is not None
        plain = bool(given) and self._words.kind(given or "") in (UNKNOWN, NAME)
        compound = behind is not None and behind.tag in data.not_before
        compound = compound and not text.startswith(self._behind, word.end)
        if compound and (not native or len(name) < 3):
            return None
        # Behind the name of a place a place may stand (美国|阿斯本), and before a noun a thing's own name.
        sure = native and plain and len(name) == 3 and not compound and not named
        return _Candidate(Span(word.start, word.start + len(name)), native, sure)

    def _given(self, name: str) -> str | None:
        """What follows the surname, where the whole is built as a Chinese name of one or two given characters."""
        for length in (2, 1):
            if name[:length] in self._lexicon.surnames and 1 <= len(name) - length <= 2:
                return name[length:]
        return None

    def _witnessed(self, text: str, candidates: Sequence[_Candidate]) -> list[_Candidate]:
        """The sure ones, those with a witness beside them, and then those in one list with them."""
        good = {c for c in candidates if c.sure or self._has_witness(text, c)}
        for row in (candidates, candidates[::-1]):
            for a, b in pairwise(row):
                if (
                    a in good
                    and text[min(a.span.end, b.span.end) : max(a.span.start, b.span.start)] in self._data.joins
                ):
                    good.add(b)
        return sorted(good, key=lambda c: c.span)

    def _has_witness(self, text: str, c: _Candidate) -> bool:
        name = c.span.of(text)
        dotted = any(dot in name[1:-1] for dot in self._data.dots)
        before = text.endswith(self._before, 0, c.span.start)
        return dotted or before or text.startswith(self._behind, c.span.end)


def _widened(text: str, span: Span, names: Iterable[str]) -> Span:
    """The longest of the names that stands there around or in place of the span: the tagger cuts some in two."""
    own = span.of(text)
    for name in sorted((n for n in names if len(n) > len(own) and own in n), key=lambda n: (-len(n), n)):
        start = span.start - name.index(own)
        if start >= 0 and text.startswith(name, start):
            return Span(start, start + len(name))
    return span
