"""Finds known names in a text, and tells a name from the same characters standing there by accident.

The automaton is ``ahocorasick_rs``: it counts code points, not bytes, reads 40 million characters a second, and has
wheels for every Python and for Linux on ARM (``daachorse`` is twice as fast, but would have to be compiled there).

Three kinds of accident are known, each from data:

* by the name (``ambiguous.csv``): ``chain``, a short name that is also a word, counts only right behind the name of
  what contains it, or joined to another by a mark of ``joiners.csv`` (、 joins siblings, 至 any two places);
  ``apart``, a body of this state, does not count right behind the name of another country; ``word`` is something
  longer in which a name stands, and hides it; ``never`` is not looked for at all;
* by what follows (``endings.csv``): …区 before 域 is no district, …部 before 门 no ministry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from kg.lexicon_files import ANY, APART, CHAIN, SIBLING, WORD, Entry


class Found(NamedTuple):
    """A known name in a text, half-open, in code points."""

    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True)
class Context:
    """What tells names from accidents: name -> policy, ending -> what must not follow, mark -> whom it joins."""

    policies: Mapping[str, str]
    endings: Mapping[str, tuple[str, ...]]
    joiners: Mapping[str, str]


class Matcher:
    """Leftmost-longest search for the names of a lexicon; ``names`` maps what may be found to ids of ``entries``."""

    def __init__(self, entries: Mapping[str, Entry], names: Mapping[str, Sequence[str]], context: Context) -> None:
        self._entries, self._names, self._joiners = entries, names, context.joiners
        self._policies = {n: policy for n, policy in context.policies.items() if n in names or policy == WORD}
        self._chained = {name for name, policy in self._policies.items() if policy == CHAIN}
        self._lengths = sorted({len(name) for name in self._chained}, reverse=True)
        self._heads = {name[:2] for name in self._chained}
        words = [name for name, policy in self._policies.items() if policy == WORD]
        self._surfaces = [*(name for name in names if name not in self._chained), *words]
        self._longest = max(map(len, self._surfaces), default=0)
        self._barred = _barred(self._surfaces, context.endings)
        self._special = self._policies.keys() | self._barred.keys()
        self._automaton = AhoCorasick(self._surfaces, matchkind=MatchKind.LeftmostLongest, store_patterns=False)

    def find(self, text: str) -> Iterator[Found]:
        """The names in ``text`` from left to right, not overlapping."""
        surfaces, joiners, heads, special = self._surfaces, self._joiners, self._heads, self._special
        last = Found(0, 0, "")
        for number, start, end in self._automaton.find_matches_as_indexes(text):
            if start < last.end:  # something found by its context reaches into this
                continue
            match = Found(start, end, surfaces[number])
            for name in self._admitted(text, match, last) if match.surface in special else (match,):
                behind = text[name.end : name.end + 2]
                if behind in heads or behind[:1] in joiners or text[name.start - 1 : name.start] in joiners:
                    for found in self._with_neighbours(text, name, last.end):
                        yield found
                        last = found
                else:
                    yield name
                    last = name

    def _admitted(self, text: str, match: Found, last: Found) -> Iterable[Found]:
        """What a match stands for that data has something to say about: itself, nothing, or shorter names in it."""
        policy, barred = self._policies.get(match.surface), self._barred.get(match.surface)
        if policy == WORD or (policy == APART and last.end == match.start and self._is_root(last.surface)):
            return ()
        return self._within(text, match) if barred and text.startswith(barred, match.end) else (match,)

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
        """A name, after the chained names joined to it from the left and before those that it vouches for."""
        yield from reversed(list(self._before(text, found, last)))
        yield found
        following = self._behind(text, found)
        while following:
            yield following
            following = self._behind(text, following)

    def _before(self, text: str, found: Found, last: int) -> Iterator[Found]:
        while joiner := self._joiners.get(text[found.start - 1 : found.start]):
            end = found.start - 1
            name = self._chained_name(text[end - n : end] for n in self._lengths if end - n >= last)
            if not name or not self._is_joined(joiner, found.surface, name):
                return
            found = Found(end - len(name), end, name)
            yield found

    def _behind(self, text: str, found: Found) -> Found | None:
        joiner = self._joiners.get(text[found.end : found.end + 1], "")
        at = found.end + 1 if joiner else found.end
        if text[at : at + 2] not in self._heads:
            return None
        name = self._chained_name(text[at : at + n] for n in self._lengths)
        if not name or self._free_at(text, at) > len(name):
            return None
        return Found(at, at + len(name), name) if self._is_joined(joiner, found.surface, name) else None

    def _chained_name(self, candidates: Iterable[str]) -> str:
        return next((name for name in candidates if name in self._chained), "")

    def _free_at(self, text: str, at: int) -> int:
        """The length of the longest name, or word, that is not chained and begins exactly at ``at``."""
        found = self._automaton.find_matches_as_indexes(text[at : at + self._longest])
        return found[0][2] if found and found[0][1] == 0 else 0

    def _is_root(self, name: str) -> bool:
        return any(not self._entries[id].parent for id in self._names.get(name, ()))

    def _is_joined(self, joiner: str, vouching: str, chained: str) -> bool:
        """Whether one name vouches for another: as what contains it, as its sibling, or as any place at all."""
        # A country, which nothing contains, vouches for nothing: 中国 stands before too many words.
        vouching_ids = [id for id in self._names[vouching] if self._entries[id].parent]
        if joiner == SIBLING:
            parents = {self._entries[id].parent for id in vouching_ids}
            return any(self._entries[id].parent in parents for id in self._names[chained])
        if joiner == ANY:
            roots = {list(self._ancestors(id))[-1] for id in vouching_ids}
            return any(not roots.isdisjoint(self._ancestors(id)) for id in self._names[chained])
        return any(not set(self._ancestors(id)).isdisjoint(vouching_ids) for id in self._names[chained])

    def _ancestors(self, id: str) -> Iterator[str]:
        while id := self._entries[id].parent:
            yield id


def _barred(names: Iterable[str], endings: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What must not follow a name: that of the longest ending it has."""
    lengths = sorted({len(ending) for ending in endings}, reverse=True)
    found = ((name, next((endings[e] for n in lengths if (e := name[-n:]) in endings), ())) for name in names)
    return {name: barred for name, barred in found if barred}
