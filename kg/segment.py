"""Words of a short window: enough of a segmenter to find where a name begins.

Most probable path through the word list's unigram frequencies (a Viterbi pass over the window's word graph),
with known names as fixed words. What no word covers is ``unknown``: in front of a head noun, that is how a proper name
shows itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

NAME, NOUN, ADJECTIVE, VERB, STOP = "name", "noun", "adjective", "verb", "stop"
UNKNOWN, CHAR, NUMBER, MARK = "unknown", "char", "number", "mark"
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the window: ``text[start:end]``, and what kind of word it is."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Words:
    """Word -> (kind, cost): ``kind`` as this module names them, ``cost`` the negative log of its probability.

    A single character that is a verb by the list only (联, 保) may be part of a name; those in ``strong`` may not.
    """

    table: Mapping[str, tuple[str, float]]
    unknown: float
    strong: frozenset[str]

    def segment(self, text: str, start: int, end: int, names: Sequence[tuple[int, int]] = ()) -> list[Token]:
        """The tokens of ``text[start:end]``; ``names`` are known names inside it, ascending, not overlapping."""
        tokens: list[Token] = []
        at = start
        for a, b in names:
            tokens += self._plain(text, at, a)
            tokens.append(Token(a, b, NAME))
            at = b
        return tokens + self._plain(text, at, end)

    def kind(self, word: str) -> str:
        """The kind of a whole word; ``unknown`` for what the list lacks."""
        entry = self.table.get(word)
        return entry[0] if entry else UNKNOWN

    def _plain(self, text: str, start: int, end: int) -> list[Token]:
        best = [0.0] + [float("inf")] * (end - start)
        back = [0] * (end - start + 1)
        get, unknown = self.table.get, self.unknown
        for i in range(end - start):
            here = best[i]
            for j in range(i + 1, min(i + _LONGEST, end - start) + 1):
                entry = get(text[start + i : start + j])
                cost = entry[1] if entry else unknown if j == i + 1 else None
                if cost is not None and here + cost < best[j]:
                    best[j], back[j] = here + cost, i
        return self._path(text, start, end, back)

    def _path(self, text: str, start: int, end: int, back: Sequence[int]) -> list[Token]:
        tokens: list[Token] = []
        j = end - start
        while j:
            i = back[j]
            tokens.append(Token(start + i, start + j, self._kind(text[start + i : start + j])))
            j = i
        return tokens[::-1]

    def _kind(self, word: str) -> str:
        if not word[0].isalnum():
            return MARK
        entry = self.table.get(word)
        if word[0].isdigit():
            return NUMBER
        kind = entry[0] if entry else UNKNOWN
        plain = kind in (NOUN, ADJECTIVE) or (kind == VERB and word not in self.strong)
        return CHAR if len(word) == 1 and plain else kind


def make_words(rows: Mapping[str, tuple[str, int]], kinds: Mapping[str, str], override: Mapping[str, str]) -> Words:
    """From word -> (part of speech, frequency), part of speech -> kind, and single words' own kinds."""
    total = sum(frequency for _, frequency in rows.values()) or 1
    table = {
        word: (override.get(word) or kinds.get(pos, NOUN), log(total) - log(frequency + 1))
        for word, (pos, frequency) in rows.items()
    }
    for word, kind in override.items():
        table.setdefault(word, (kind, log(total) - log(300)))
    return Words(table, log(total) + 2.0, frozenset(override))
