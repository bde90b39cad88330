"""Names of known things, from ``data/lexicon/*.csv``: entries, what a surface may stand for, the names in a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.lexicon_files import (
    NEVER,
    WORD,
    Entry,
    read_endings,
    read_entries,
    read_ids,
    read_joiners,
    read_policies,
    read_table,
)
from kg.matching import Context, Matcher

if TYPE_CHECKING:
    from kg.vocab import Vocab

__all__ = ["Entry", "Lexicon", "Title", "Word", "load_lexicon"]


class Word(NamedTuple):
    """A word of the general language: part of speech (``v``, ``d``, ``p`` …) and frequency in newspaper text."""

    pos: str
    freq: int


class Title(NamedTuple):
    """A part of persons' titles: ``kind`` is role, media or academic; ``part`` is head, or modifier of a head."""

    kind: str
    part: str


@dataclass(frozen=True)
class Lexicon:
    """What is known by name. Built by ``load_lexicon``; equal folders give equal answers.

    ``names`` maps every surface that ``find`` may report to the ids it can stand for: first those with the fewest
    ancestors (province, prefecture, county), then by id. To choose among them takes context, and is the linker's work.
    ``regions`` maps a region to its members, ``abbreviations`` a character to a place; ``context`` tells names from
    accidents.
    Not slotted: automaton and word lists are made when first asked for.
    """

    folder: Path
    entries: Mapping[str, Entry]
    names: Mapping[str, tuple[str, ...]]
    context: Context
    abbreviations: Mapping[str, str]
    regions: Mapping[str, tuple[str, ...]]

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Known names in ``text`` as ``(start, end, surface)``, leftmost-longest, not overlapping, in code points.

        What counts as an accident is told in ``kg.matching``.
        """
        return self._matcher.find(text)

    def ancestors(self, id: str) -> tuple[str, ...]:
        """The ids of what contains ``id``, the nearest first."""
        found: list[str] = []
        while id := self.entries[id].parent:
            found.append(id)
        return tuple(found)

    def is_in(self, id: str, ancestor: str) -> bool:
        """Whether ``id`` is ``ancestor`` or inside it."""
        while id and id != ancestor:
            id = self.entries[id].parent
        return bool(id)

    def members(self, region: str) -> tuple[str, ...]:
        """The ids that make up a region (京津冀 -> 北京, 天津, 河北); empty where the lexicon does not say."""
        return self.regions.get(region, ())

    def abbreviation(self, char: str) -> str:
        """The id of the place a character stands for in collectives and names of lines (京 -> 北京), or ''."""
        return self.abbreviations.get(char, "")

    @cached_property
    def words(self) -> Mapping[str, Word]:
        """Verbs, adverbs, prepositions, conjunctions, pronouns, particles, adjectives, words of time."""
        return {word: Word(pos, int(freq)) for _, (word, pos, freq) in read_table(self.folder / "words.csv")}

    @cached_property
    def nouns(self) -> Mapping[str, Word]:
        """Common nouns: what a name may contain, but what is no name by itself."""
        return {word: Word(pos, int(freq)) for _, (word, pos, freq) in read_table(self.folder / "nouns.csv")}

    @cached_property
    def surnames(self) -> frozenset[str]:
        """Chinese surnames, single and compound."""
        return frozenset(surname for _, (surname,) in read_table(self.folder / "surnames.csv"))

    @cached_property
    def titles(self) -> Mapping[str, Title]:
        """Heads of persons' titles (书记, 局长) and the modifiers they take (副, 常务)."""
        return {title: Title(kind, part) for _, (title, kind, part) in read_table(self.folder / "titles.csv")}

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self.entries, self.names, self.context)


def load_lexicon(folder: Path, vocab: Vocab) -> Lexicon:
    """Read the lexicon in ``folder``; types must be classes of ``vocab``.

    Raises ``DataError``, beginning ``file:line:``, for a wrong header or number of cells, an unknown type, parent,
    id or policy, an id used twice, a malformed cell, and for parents that run in a circle.
    """
    entries = read_entries(folder, vocab.classes)
    policies = read_policies(folder, entries)
    abbreviations = {char: id for _, (char, id) in read_ids(folder / "abbreviations.csv", entries, 1)}
    regions: dict[str, tuple[str, ...]] = {}
    for _, (region, member) in read_ids(folder / "members.csv", entries, 0, 1):
        regions[region] = (*regions.get(region, ()), member)
    context = Context(policies, read_endings(folder), read_joiners(folder))
    return Lexicon(folder, entries, _names(entries, policies), context, abbreviations, regions)


def _names(entries: Mapping[str, Entry], policies: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for entry in entries.values():
        for name in dict.fromkeys((entry.label, *entry.aliases)):
            if policies.get(name) not in (NEVER, WORD):
                names.setdefault(name, []).append(entry.id)
    rank = {id: (_depth(entries, id), id) for ids in names.values() if len(ids) > 1 for id in ids}
    return {name: tuple(ids if len(ids) == 1 else sorted(ids, key=rank.__getitem__)) for name, ids in names.items()}


def _depth(entries: Mapping[str, Entry], id: str) -> int:
    depth = 0
    while id := entries[id].parent:
        depth += 1
    return depth
