"""The structure of a name: region chain, head, type suffix.

金隅天坛（唐山）木业科技有限公司 has the region 唐山, the head 金隅天坛木业科技 and the suffix 公司.
What makes these parts is data: the places of the lexicon and ``data/grammar/name-parts.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from kg.lexicon import Lexicon
from kg.name_parts import NameParts
from kg.numerals import parse_numeral

TITLE = 4
"""Characters from which on common words are a title."""
PROPER = 2
"""Characters that a name of its own has at least."""
CHAIN = 4
"""Places that a name may begin with at most (province, prefecture, county, zone)."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    ``regions`` are the ids that the last place of the leading chain (or of a bracket) may stand for, ``place`` its
    words; ``head`` is what is left before the suffix, in its short form; ``ends`` are the two places of a line
    that are written out, and ``rest`` what stands behind them. ``is_common`` says that the head is made of common words
    alone, so that nothing but the region tells whose name it is, ``is_national`` that it is one of a kind in a country
    for all that; ``whole`` are the ids of the places that the name as a whole may stand for.
    """

    text: str
    regions: frozenset[str] = frozenset()
    place: str = ""
    head: str = ""
    suffix: str = ""
    kind: str = ""
    is_bare: bool = False
    ends: tuple[str, ...] = ()
    rest: str = ""
    is_common: bool = True
    is_national: bool = False
    whole: frozenset[str] = frozenset()

    @property
    def full(self) -> str:
        """All parts, with the last place of the region as it is written."""
        return self.place + self.head + self.suffix

    @property
    def core(self) -> str:
        """Head and suffix: all but the region."""
        return self.head + self.suffix


class Names:
    """Takes names apart; what was parsed is kept."""

    def __init__(self, parts: NameParts, lexicon: Lexicon) -> None:
        self.parts, self.lexicon = parts, lexicon
        self._parsed: dict[tuple[str, str], Name] = {}

    def parse(self, text: str, type_: str) -> Name:
        """The parts of a name of a class."""
        key = (text, type_)
        if key not in self._parsed:
            self._parsed[key] = self._parse(text, type_)
        return self._parsed[key]

    def _parse(self, text: str, type_: str) -> Name:
        plain = self._rewritten(text, type_)
        ends, rest = self._ends(plain) if type_ in self.parts.joined else ((), "")
        if ends:
            return replace(self._named(text, "", frozenset(), rest), ends=ends, rest=self._clean(rest), is_common=False)
        plain, inner = self._outside_brackets(plain)
        plain = self._unmarked(plain)
        place, regions, at = self._chain(plain)
        if inner and (not regions or self._is_in_any(inner[1], regions)):
            place, regions = inner
        elif inner and not self._is_in_any(regions, inner[1]):
            plain += inner[0]  # a bracket that contradicts the chain tells the name apart
        made = self._named(text, place, regions, plain[at:])
        whole = self.places_of(plain) if type_ in self.parts.places else frozenset[str]()
        national = plain.startswith(self.parts.national) or made.head.startswith(self.parts.national)
        common = made.is_common and not national and not self._is_proper(text, made, type_)
        return replace(made, whole=whole, is_common=common, is_national=national)

    def _is_proper(self, text: str, made: Name, type_: str) -> bool:
        """Whether something but its words makes a name of common words a proper one."""
        return (
            any(mark in text for mark in self.parts.quotes)
            or (type_ in self.parts.titled and len(made.head) >= TITLE)
            or (made.suffix in self.parts.numbered and made.head.isdigit())
        )

    # ------------------------------------------------------------------ pieces

    def _rewritten(self, text: str, type_: str) -> str:
        for rewrite in self.parts.rewrites:
            if not rewrite.classes or type_ in rewrite.classes:
                text = rewrite.pattern.sub(rewrite.to, text) or text
        for prefix in self.parts.prefixes:
            text = text.removeprefix(prefix) or text
        return text

    def fold(self, text: str) -> str:
        """A stretch of a name with its parts in their short forms and its ordinals as digits."""
        if self.parts.folds:
            for _ in range(2):  # a short form may be a part of a longer one
                text = self.parts.folds.sub(lambda m: self.parts.equal[m[0]], text)
        return self.parts.ordinal.sub(_digits, text) if self.parts.ordinal else text

    def _unmarked(self, text: str) -> str:
        return self.parts.marks.sub("", text) if self.parts.marks else text

    def _clean(self, text: str) -> str:
        return self.fold(self._unmarked(text))

    def _outside_brackets(self, text: str) -> tuple[str, tuple[str, frozenset[str]] | None]:
        """The name without its brackets, and the place that stands in one; other words in brackets stay."""
        inner: tuple[str, frozenset[str]] | None = None
        if not self.parts.brackets:
            return text, None
        for match in self.parts.brackets.finditer(text):
            held = next(group for group in match.groups() if group is not None)
            ids = self._places.get(held)
            if ids and text[: match.start()] and text[: match.start()] not in self._places:
                inner = (held, frozenset(ids))
                text = text.replace(match[0], "")
            else:
                text = text.replace(match[0], held)
        return text, inner

    def _chain(self, text: str) -> tuple[str, frozenset[str], int]:
        """The last place of the chain in front: its words, what it may stand for, where it ends."""
        place, regions, at, passed = "", frozenset[str](), 0, frozenset[str]()
        for _ in range(CHAIN):
            # A zone may be known to lie in the province alone: 上海|浦东|张江.
            found = self._next(text, at, regions, passed)
            if found is None:
                break
            at, place, regions = found
            passed |= regions - self.parts.whole
        return place, regions, at

    def _next(
        self, text: str, at: int, within: frozenset[str], passed: frozenset[str]
    ) -> tuple[int, str, frozenset[str]] | None:
        """The longest place at a position that may lie in the ones before, and leaves something behind it."""
        for end in range(min(len(text) - 1, at + self._longest), at + 1, -1):
            ids = self._places.get(text[at:end], ())
            inside = frozenset(
                id
                for id in ids
                if not within or self.lexicon.entries[id].parent in passed or self._is_in_any(frozenset((id,)), within)
            )
            if inside and not inside <= within:
                return end, text[at:end], inside
        return None

    def _is_in_any(self, ids: frozenset[str], places: frozenset[str]) -> bool:
        return any(self.lexicon.is_in(id, place) for id in ids for place in places)

    def _ends(self, text: str) -> tuple[tuple[str, ...], str]:
        """The two places of a line whose ends are written out, and what follows."""
        for join in self.parts.joins.finditer(text) if self.parts.joins else ():
            first, behind = text[: join.start()], text[join.end() :]
            for length in range(min(len(behind) - 1, self._longest), 1, -1):
                known = behind[:length] in self._places
                if known and first in self._places:
                    return (first, behind[:length]), behind[length:]
        return (), ""

    def _named(self, text: str, place: str, regions: frozenset[str], rest: str) -> Name:
        rest = self._clean(rest)
        suffix = next(
            (rest[-n:] for n in range(min(self.parts.longest, len(rest)), 0, -1) if rest[-n:] in self.parts.suffixes),
            "",
        )
        known = self.parts.suffixes.get(suffix)
        head = rest.removesuffix(suffix)
        return Name(
            text,
            regions - self.parts.whole,
            place if regions - self.parts.whole else "",
            head,
            suffix,
            known.kind if known else "",
            known.bare if known else True,
            is_common=self.is_common(head),
        )

    def editions(self, names: Iterable[str]) -> frozenset[str]:
        """The numbers and years by which names tell the things of one series apart."""
        if self.parts.edition is None:
            return frozenset()
        found = (match for name in names for match in self.parts.edition.finditer(name))
        return frozenset(_digits(match, match["n"]) if match["n"] else match["y"] for match in found)

    def is_common(self, head: str) -> bool:
        """Whether a head is nothing but common words: no name without a place before it."""
        if len(head) < PROPER or head in self._shared:
            return True
        reach = [True] + [False] * len(head)
        for start in range(len(head)):
            if reach[start]:
                for end in range(start + 1, min(start + 5, len(head)) + 1):
                    reach[end] = reach[end] or self._is_word(head[start:end])
        return reach[-1]

    def _is_word(self, word: str) -> bool:
        if word in self.parts.common or word in self.parts.shorts or word.isdigit():
            return True
        if word in self.parts.proper:
            return False
        known = self.lexicon.nouns.get(word) or self.lexicon.words.get(word)
        return len(word) > 1 and known is not None and known.pos in self.parts.parts_of_speech

    def initials(self, place: str) -> frozenset[str]:
        """The characters by which the short name of a line may call one of its ends."""
        ids = self._places.get(place, ())
        chars = {char for char, id in self.lexicon.abbreviations.items() if id in ids}
        chars.update(char for name, char in self.parts.initials.items() if set(self._places.get(name, ())) & set(ids))
        return frozenset((place[0], *chars))

    def places_of(self, name: str) -> frozenset[str]:
        """The ids of the places that a name may stand for."""
        return frozenset(self._places.get(name, ()))

    @cached_property
    def _places(self) -> dict[str, tuple[str, ...]]:
        """Every name of a place -> the ids that it may stand for; also those too ambiguous for running text."""
        found: dict[str, dict[str, None]] = {}
        for entry in self.lexicon.entries.values():
            if entry.type in self.parts.places:
                for name in (entry.label, *entry.aliases, *self._bare(entry.label)):
                    if len(name) > 1:
                        found.setdefault(name, {})[entry.id] = None
        return {name: tuple(ids) for name, ids in found.items()}

    def _bare(self, label: str) -> tuple[str, ...]:
        """A place's name without a class noun that may be missing."""
        found = (label.removesuffix(s.text) for s in self.parts.suffixes.values() if s.bare and label.endswith(s.text))
        return tuple(name for name in found if len(name) > 1)

    @cached_property
    def _shared(self) -> frozenset[str]:
        """Names after which many things are called."""
        entries = (each for each in self.lexicon.entries.values() if each.type in self.parts.shared)
        return frozenset(name for each in entries for name in (each.label, *each.aliases))

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._places), default=0)


def _digits(match: re.Match[str], number: str = "") -> str:
    value = parse_numeral(number or match["n"])
    return match[0] if value is None else str(value)


def lines(name: Name) -> Iterator[str]:
    """A name's parts as people read them, one a line."""
    parts = {"region": name.place, "ends": " / ".join(name.ends), "head": name.head, "suffix": name.suffix}
    shown = [f"{label} {text}" for label, text in parts.items() if text]
    common = " (common words)" if name.is_common and name.head else ""
    yield f"{name.text}: {', '.join(shown)}{common}"
