"""Persons among a tagger's words: by surname, by who stands before them and by what they do behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.engines.lac import Word
from kg.engines.tagger_data import PersonData
from kg.lexicon import Lexicon
from kg.segment import NAME, UNKNOWN, Words
from kg.types import Mention, Span


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A word that may name a person; ``sure`` if it is so much built as a Chinese name that it needs no witness."""

    span: Span
    sure: bool


class Persons:
    """Finds persons among words."""

    def __init__(self, data: PersonData, lexicon: Lexicon, words: Words, by: str) -> None:
        self._data, self._lexicon, self._words, self._by = data, lexicon, words, by
        heads = [title for title, t in lexicon.titles.items() if t.part == "head"]
        self._before = tuple(sorted({*heads, *data.roles}, key=lambda t: (-len(t), t)))
        self._behind = (*data.says, *data.called)
        # A side's officer (伊外长) is no name.
        self._not_ending = (*data.not_ending, *(title for title in heads if len(title) > 1))

    def find(self, text: str, words: Sequence[Word], taken: Sequence[Mention]) -> Iterator[Mention]:
        """The persons that no mention covers; a name found once is found wherever it stands."""
        covered = [m.span for m in taken]
        people = [m for m in taken if m.type == self._data.type]
        candidates = list(self._candidates(text, words, {m.span.end for m in taken}))
        ends = {*(m.span.end for m in people), *(c.span.end for c in candidates)}
        found = self._witnessed(text, candidates, ends)
        names = {*(m.text for m in people), *(c.span.of(text) for c in found)}
        whole = {c: _widened(text, c.span, names) for c in candidates}
        spans = {span for c, span in whole.items() if c in found or span.of(text) in names}
        for span in sorted(spans, key=lambda s: (s.start, -s.end)):
            if not any(span.overlaps(other) for other in covered):
                covered.append(span)
                yield Mention(span, span.of(text), self._data.type, self._by, self._data.score)

    def _candidates(self, text: str, words: Sequence[Word], ends: Set[int]) -> Iterator[_Candidate]:
        """The words that have the form of a name and stand in no quotation."""
        for word, behind in self._tagged(text, words):
            candidate = self._candidate(text, word, behind, word.start in ends)
            if candidate:
                yield candidate

    def _tagged(self, text: str, words: Sequence[Word]) -> Iterator[tuple[Word, Word | None]]:
        """Words tagged as persons and what follows each; two that a hyphen joins are one (迪亚斯-卡内尔)."""
        k = 0
        while k < len(words):
            word, k = words[k], k + 1
            if word.tag not in self._data.tags:
                continue
            while k + 1 < len(words) and self._are_joined(text, words[k], words[k + 1]):
                word, k = replace(word, end=words[k + 1].end), k + 2
            taken = next((p for p in self._data.not_starting if text.startswith(p, word.start)), "")
            yield replace(word, start=word.start + len(taken)), words[k] if k < len(words) else None

    def _are_joined(self, text: str, mark: Word, word: Word) -> bool:
        return text[mark.start : mark.end] in self._data.dots and word.tag in self._data.tags

    def _candidate(self, text: str, word: Word, behind: Word | None, named: bool) -> _Candidate | None:
        data, name = self._data, text[word.start : word.end].rstrip()
        if not 2 <= len(name) <= data.longest or name in self._words.table or name in data.never:
            return None
        if name.endswith(self._not_ending) or text.endswith(data.not_after, 0, word.start):
            return None
        given = self._given(name)
        compound = behind is not None and behind.tag in data.not_before
        compound = compound and not text.startswith(self._behind, word.end)
        if (compound and len(given) < 2) or all(self._lexicon.abbreviation(c) for c in name):
            return None
        # Behind the name of a place a place may stand (美国|阿斯本), and before a noun a thing's own name.
        sure = len(given) == 2 and len(name) == 3 and self._is_plain(given) and not compound and not named
        return _Candidate(Span(word.start, word.start + len(name)), sure)

    def _given(self, name: str) -> str:
        """What follows the surname, where the whole is built as a Chinese name of one or two given characters."""
        for length in (2, 1):
            if name[:length] in self._lexicon.surnames and 1 <= len(name) - length <= 2:
                return name[length:]
        return ""

    def _is_plain(self, given: str) -> bool:
        """Neither a word of the language nor foreign sounds."""
        return self._words.kind(given) in (UNKNOWN, NAME) and not self._data.foreign.issuperset(given)

    def _witnessed(self, text: str, candidates: Sequence[_Candidate], ends: Set[int]) -> Set[_Candidate]:
        """The sure ones, those with a witness beside them, and then those in one list with them."""
        good = {c for c in candidates if c.sure or self._has_witness(text, c.span, ends)}
        for a, b in (*pairwise(candidates), *((b, a) for a, b in pairwise(candidates[::-1]))):
            first, second = sorted((a.span, b.span))
            if text[first.end : second.start] in self._data.joins and (a in good or b in good):
                good |= {a, b}
        return good

    def _has_witness(self, text: str, span: Span, ends: Set[int]) -> bool:
        """Whether there is a dot inside, a title before it that is nobody else's, or a verb of persons behind it."""
        dotted = any(dot in text[span.start + 1 : span.end - 1] for dot in self._data.dots)
        title = next((t for t in self._before if text.endswith(t, 0, span.start)), "")
        owned = bool(title) and span.start - len(title) not in ends
        return dotted or owned or text.startswith(self._behind, span.end)


def _widened(text: str, span: Span, names: Iterable[str]) -> Span:
    """The longest of the names that stands there around or in place of the span: the tagger cuts some in two."""
    own = span.of(text)
    for name in sorted((n for n in names if len(n) > len(own) and own in n), key=lambda n: (-len(n), n)):
        start = span.start - name.index(own)
        if start >= 0 and text.startswith(name, start):
            return Span(start, start + len(name))
    return span
