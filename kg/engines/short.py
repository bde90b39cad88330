"""Short names inside one document: the end of a longer name that the text has given (…区域|通关一体化改革).

A rest counts that begins where a word of the name begins, is long enough to say something, and stands in the text
behind a mark, a verb or a function word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.segment import MARK, STOP, VERB, Words
from kg.types import Annotation, Mention, Span
from kg.vocab import Vocab

SHORT = "short.v1"
_SHORTEST = 6
_BEFORE = 4


class ShortNameEngine:
    """Proposes the other places where the rest of a name stands on its own."""

    name = SHORT

    def __init__(self, words: Words, shortened: frozenset[str], vocab: Vocab) -> None:
        self._words = words
        self._types = frozenset(n for c in shortened for n in vocab.narrower(c))

    def mentions(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Mention]]:
        return (tuple(self._scan(a)) for a in batch)

    def _scan(self, a: Annotation) -> Iterator[Mention]:
        text = a.document.text
        taken = bytearray(len(text))
        for m in a.mentions:
            taken[m.span.start : m.span.end] = b"\1" * len(m.text)
        long = {m.text: m for m in a.mentions if m.type in self._types and len(m.text) > _SHORTEST}
        for name, mention in sorted(long.items()):
            for rest in self._rests(name):
                at = text.find(rest)
                while at >= 0:
                    span = Span(at, at + len(rest))
                    if not any(taken[at : span.end]) and self._begins(text, at):
                        taken[at : span.end] = b"\1" * len(rest)
                        yield Mention(span, rest, mention.type, self.name, 0.8)
                    at = text.find(rest, at + 1)

    def _rests(self, name: str) -> Iterator[str]:
        """What is left of a name behind each of its words, the longest first."""
        for token in self._words.segment(name, 0, len(name))[1:]:
            if len(name) - token.start >= _SHORTEST and name[token.start].isalnum():
                yield name[token.start :]

    def _begins(self, text: str, at: int) -> bool:
        before = self._words.segment(text, max(0, at - _BEFORE), at)
        return not before or before[-1].kind in (MARK, STOP, VERB)
