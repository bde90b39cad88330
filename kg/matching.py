"""Finds known names in a text, and tells a name from the same characters standing there by accident.

The automaton is ``ahocorasick_rs``: it counts code points, not bytes, reads 40 million characters a second, and has
wheels for every Python and for Linux on ARM (``daachorse`` is twice as fast, but would have to be compiled there).

Three kinds of accident are known, each from data:

* by the name (``ambiguous.csv``): ``chain``, a short name that is also a word, counts only right behind the name of
  what contains it, or beside a sibling in a list (、); ``apart``, a body of this state, does not count right behind
  the name of another country; ``word`` is something longer in which a name stands, and hides it; ``never`` is not
  looked for at all;
* by the character behind (``endings.csv``): …区 before 域 is no district, …部 before 门 no ministry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from kg.lexicon_files import APART, CHAIN, WORD, Entry

_LIST_MARK = "、"


class Found(NamedTuple):
    """A known name in a text, half-open, in code points."""

    start: int
    end: int
    surface: str


class Matcher:
    """Leftmost-longest search for the names of a lexicon.

    ``names`` maps every name that may be found to the ids of its entries; ``policies`` is ``ambiguous.csv``;
    ``endings`` maps the end of a name to the characters that must not follow it.
    """

    def __init__(
        self,
        entries: Mapping[str, Entry],
        names: Mapping[str, Sequence[str]],
        policies: Mapping[str, str],
        endings: Mapping[str, str],
    ) -> None:
        self._entries, self._names = entries, names
        self._policies = {name: policy for name, policy in policies.items() if name in names or policy == WORD}
        self._chained = {name for name, policy in self._policies.items() if policy == CHAIN}
        self._lengths = sorted({len(name) for name in self._chained}, reverse=True)
        self._heads = {name[:2] for name in self._chained}
        words = [name for name, policy in self._policies.items() if policy == WORD]
        self._surfaces = [*(name for name in names if name not in self._chained), *words]
        self._longest = max(map(len, self._surfaces), default=0)
        self._barred = _barred(self._surfaces, endings)
        self._automaton = AhoCorasick(self._surfaces, matchkind=MatchKind.LeftmostLongest, store_patterns=False)

    def find(self, text: str) -> Iterator[Found]:
        """The names in ``text`` from left to right, not overlapping."""
        surfaces, barred, policies = self._surfaces, self._barred, self._policies
        last = Found(0, 0, "")
        for number, start, end in self._automaton.find_matches_as_indexes(text):
            if start < last.end:  # something found by its context reaches into this
                continue
            match = Found(start, end, surfaces[number])
            if match.surface in barred or match.surface in policies:
                admitted = self._admitted(text, match, last)
            else:
                admitted = [match]
            for name in admitted:
                for found in self._with_neighbours(text, name, last.end):
                    yield found
                    last = found

    def _admitted(self, text: str, match: Found, last: Found) -> list[Found]:
        """What a match stands for that data has something to say about: itself, nothing, or shorter names in it."""
        policy = self._policies.get(match.surface)
        if policy == WORD or (policy == APART and last.end == match.start and self._is_root(last.surface)):
            return []
        behind = text[match.end : match.end + 1]
        refused = behind and behind in self._barred.get(match.surface, "")
        return list(self._within(text, match)) if refused else [match]

    def _within(self, text: str, match: Found) -> Iterator[Found]:
        """Where the longest name is refused: the names that begin within it, the first at its start if there is one."""
        start, end, name = match
        head = next((name[:n] for n in range(len(name) - 1, 1, -1) if self._is_plain(name[:n])), "")
        if head:
            yield Found(start, start + len(head), head)
        cut = start + max(len(head), 1)
        for number, s, e in self._automaton.find_matches_as_indexes(text[cut : end + self._longest]):
            if cut + s >= end:
                return
            if self._is_plain(self._surfaces[number]):
                yield Found(cut + s, cut + e, self._surfaces[number])

    def _is_plain(self, name: str) -> bool:
        return name in self._names and name not in self._policies and name not in self._barred

    def _with_neighbours(self, text: str, found: Found, last: int) -> Iterator[Found]:
        """A name, after the chained names listed before it and before those that it vouches for."""
        if found.start and text[found.start - 1] == _LIST_MARK:
            yield from reversed(list(self._listed_before(text, found, last)))
        yield found
        following = self._behind(text, found)
        while following:
            yield following
            following = self._behind(text, following)

    def _listed_before(self, text: str, found: Found, last: int) -> Iterator[Found]:
        while text[found.start - 1 : found.start] == _LIST_MARK:
            end = found.start - 1
            name = self._chained_name(text[end - n : end] for n in self._lengths if end - n >= last)
            if not name or not self._are_siblings(found.surface, name):
                return
            found = Found(end - len(name), end, name)
            yield found

    def _behind(self, text: str, found: Found) -> Found | None:
        listed = text.startswith(_LIST_MARK, found.end)
        at = found.end + 1 if listed else found.end
        if text[at : at + 2] not in self._heads:
            return None
        name = self._chained_name(text[at : at + n] for n in self._lengths)
        if not name or self._free_at(text, at) > len(name):
            return None
        related = self._are_siblings if listed else self._contains
        return Found(at, at + len(name), name) if related(found.surface, name) else None

    def _chained_name(self, candidates: Iterable[str]) -> str:
        return next((name for name in candidates if name in self._chained), "")

    def _free_at(self, text: str, at: int) -> int:
        """The length of the longest name, or word, that is not chained and begins exactly at ``at``."""
        found = self._automaton.find_matches_as_indexes(text[at : at + self._longest])
        return found[0][2] if found and found[0][1] == 0 else 0

    def _is_root(self, name: str) -> bool:
        return any(not self._entries[id].parent for id in self._names.get(name, ()))

    def _contains(self, outer: str, inner: str) -> bool:
        # A country, which nothing contains, vouches for nothing: 中国 stands before too many words.
        ids = {id for id in self._names[outer] if self._entries[id].parent}
        return any(not ids.isdisjoint(self._ancestors(id)) for id in self._names[inner])

    def _ancestors(self, id: str) -> Iterator[str]:
        while id := self._entries[id].parent:
            yield id

    def _are_siblings(self, left: str, right: str) -> bool:
        parents = {self._entries[id].parent for id in self._names[left]} - {""}
        return any(self._entries[id].parent in parents for id in self._names[right])


def _barred(names: Iterable[str], endings: Mapping[str, str]) -> dict[str, str]:
    """The characters that must not follow a name: those of the longest ending it has."""
    lengths = sorted({len(ending) for ending in endings}, reverse=True)
    found = ((name, next((endings[e] for n in lengths if (e := name[-n:]) in endings), "")) for name in names)
    return {name: chars for name, chars in found if chars}
