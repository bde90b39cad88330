"""Finding things by name: Chinese, aliases, English, pinyin run together, and its initials."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.serve.catalogue import names
from kg.serve.refs import Named
from kg.serve.site import Opened
from kg.view_data import clean

LONGEST = 100
"""Characters of a search that are heeded."""
EXACT, BEGINS, HOLDS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found; ``by`` is the name that fits where it is not the one shown."""

    named: Named
    rank: int
    by: str


@dataclass(frozen=True, slots=True)
class _Key:
    """A spelling by which a thing is found, and the name that it spells."""

    spelling: str
    name: str


def index(opened: Opened) -> tuple[tuple[Named, tuple[_Key, ...]], ...]:
    """Everything that has a name, with its spellings."""
    return tuple((named, tuple(_keys(named))) for named in opened.once(names))


def _keys(named: Named) -> Iterator[_Key]:
    read = _reading(named)
    for name in dict.fromkeys((named.zh, named.en, *named.aliases)):
        if name:
            yield from (_Key(spelling, name) for spelling in spellings(name, read))


def _reading(named: Named) -> Mapping[str, str]:
    """How the letters of a label are read, by the pinyin that the graph has for it."""
    parts, said = _parts(named.zh), unaccented(named.pinyin).lower().split()
    return dict(zip(parts, said, strict=True)) if len(parts) == len(said) else {}


def _parts(name: str) -> list[str]:
    """A name in pieces as pinyin has them: Chinese letter by letter, the rest between spaces."""
    spaced = "".join(f" {letter} " if _is_han(letter) else letter for letter in name)
    return spaced.split()


def _is_han(letter: str) -> bool:
    return unicodedata.category(letter) == "Lo"


def unaccented(text: str) -> str:
    """Letters without the marks of tones."""
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))


def spellings(name: str, read: Mapping[str, str]) -> tuple[str, ...]:
    """A name as it may be typed: itself without spaces, its pinyin, the initials of that.

    ``read`` says how letters are read where that is known; others are read each by itself.
    """
    syllables = [read.get(letter) or _syllable(letter) for letter in name if _is_han(letter)]
    joined, initials = "".join(syllables), "".join(syllable[:1] for syllable in syllables)
    return tuple(dict.fromkeys(each for each in (_typed(name), joined, initials) if each))


@lru_cache(maxsize=1 << 14)
def _syllable(letter: str) -> str:
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(letter, errors="ignore")).lower()


def _typed(text: str) -> str:
    return "".join(clean(text).casefold().split())


def find(opened: Opened, asked: str, most: int) -> tuple[list[Hit], int]:
    """The best hits, at most ``most``, the exact and the most linked first; and how many there are."""
    wanted = _typed(asked[:LONGEST])
    if not wanted:
        return [], 0
    hits = [hit for named, keys in opened.once(index) if (hit := _hit(named, keys, wanted))]
    hits.sort(key=lambda hit: (hit.rank, -hit.named.links, len(hit.named.zh), hit.named.iri))
    return hits[:most], len(hits)


def _hit(named: Named, keys: tuple[_Key, ...], wanted: str) -> Hit | None:
    best: tuple[int, int, str] | None = None
    for place, key in enumerate(keys):
        at = key.spelling.find(wanted)
        if at < 0 or (at and len(wanted) < 3 and wanted.isascii()):  # one or two letters within pinyin mean nothing
            continue
        rank = HOLDS if at else EXACT if len(key.spelling) == len(wanted) else BEGINS
        if best is None or (rank, place) < best[:2]:
            best = (rank, place, key.name)
    if best is None:
        return None
    return Hit(named, best[0], "" if best[2] in (named.zh, named.en) else best[2])
