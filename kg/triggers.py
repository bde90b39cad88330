"""Which rules a sentence calls: one pass over it for the words of all rules."""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick


class Triggers:
    """Words -> the rules that they call. A word ``*`` calls its rule for every sentence."""

    def __init__(self, words: Sequence[Sequence[str]]) -> None:
        called: dict[str, set[int]] = {}
        for k, on in enumerate(words):
            for word in on:
                called.setdefault(word, set()).add(k)
        self._always = frozenset(called.pop("*", ()))
        self._calls = [frozenset(called[word]) for word in sorted(called)]
        self._automaton = AhoCorasick(sorted(called))

    def called(self, text: str) -> list[int]:
        """The numbers of the rules that the text calls, ascending."""
        found = set(self._always)
        for k in {k for k, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}:
            found |= self._calls[k]
        return sorted(found)
