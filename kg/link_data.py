"""``data/grammar/linking.yaml``: what is Chinese about linking names inside a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.fields import COUNT_BY_NAME, LINE, MARKS, PAIRS, WORD, WORDS, Shape, checked_file, line_of
from kg.grammar import read_yaml
from kg.vocab import Vocab

_CLASSES = ("scoped", "described", "tailed", "shortened", "coordinated", "sited")
_KEYS: Mapping[str, Shape] = {
    **dict.fromkeys((*_CLASSES, "drop", "tails", "joins"), WORDS),
    **dict.fromkeys(("equal", "joining"), PAIRS),
    **dict.fromkeys(("initials", "years"), WORD),
    "counts": COUNT_BY_NAME,
    "quotes": MARKS,
}
_GROUPS = {"a", "b", "rest"}  # of `initials`
_NOTHING = r"(?!)"  # matches nowhere


@dataclass(frozen=True, slots=True)
class LinkData:
    """The file, checked.

    ``equal``: longer form -> short form of a name's parts; ``initials``: a name that writes out what another
    abbreviates (groups a, b, rest); ``years``: what a document's name may leave out; ``drop``: parts that a fold leaves
    out; ``scoped``: classes whose names hold inside one document only; ``described``: classes that are an entity only
    where a fact needs them; ``tails`` and ``tailed``: see ``page.Masker``; ``joining``: classes whose names make
    chains; ``counts``: numbers in collectives; ``quotes``: pairs of marks that quote a short name inside a longer one;
    ``shortened``: see ``engines/short.py``; ``coordinated``, ``sited``, ``joins``: see ``engines/coordination.py``.
    """

    equal: tuple[tuple[str, str], ...]
    initials: re.Pattern[str]
    years: re.Pattern[str]
    drop: tuple[str, ...]
    scoped: frozenset[str]
    described: frozenset[str]
    tails: tuple[str, ...]
    tailed: frozenset[str]
    joining: tuple[tuple[str, str], ...]
    counts: Mapping[str, int]
    quotes: tuple[str, ...]
    shortened: frozenset[str]
    coordinated: frozenset[str]
    sited: frozenset[str]
    joins: frozenset[str]

    def fold(self, name: str) -> str:
        """The form in which names are compared: usual short forms of the parts, no marks."""
        for part in self.drop:
            name = name.replace(part, "")
        for long, short in self.equal:
            name = name.replace(long, short)
        name = self.years.sub("", name)
        return self.initials.sub(lambda m: m["a"] + m["b"] + m["rest"], name)


def load_link_data(path: Path, vocab: Vocab) -> LinkData:
    """Read ``linking.yaml``; a key left out says that there is none. Whatever is wrong is a ``DataError``."""
    raw = checked_file(path, read_yaml(path) or {}, _KEYS)
    for key in (*_CLASSES, "joining"):
        for name in (n for one in raw.get(key, ()) for n in (one if isinstance(one, list) else [one])):
            if name not in vocab.classes:
                raise DataError(f"{path}:{line_of(path, key)}: {key}: no class {name!r} in the ontology; mend the name")
    narrower: Any = {key: frozenset(n for c in raw.get(key, ()) for n in vocab.narrower(c)) for key in _CLASSES}
    return LinkData(
        equal=tuple((str(long), str(short)) for long, short in raw.get("equal", ())),
        initials=_pattern(path, raw, "initials", _GROUPS),
        years=_pattern(path, raw, "years", set()),
        drop=_words(raw, "drop"),
        tails=_words(raw, "tails"),
        joining=tuple((a, b) for a, b in raw.get("joining", ())),
        counts={str(k): v for k, v in raw.get("counts", {}).items() if k != LINE},
        quotes=_words(raw, "quotes"),
        joins=frozenset(_words(raw, "joins")),
        **narrower,
    )


def _words(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(map(str, raw.get(key, ())))


def _pattern(path: Path, raw: Mapping[str, Any], key: str, groups: set[str]) -> re.Pattern[str]:
    try:
        pattern = re.compile(str(raw.get(key, _NOTHING)))
    except re.error as e:
        raise DataError(f"{path}:{line_of(path, key)}: {key}: bad regular expression ({e}); mend it") from e
    lacks = sorted(groups - pattern.groupindex.keys())
    if lacks and key in raw:
        raise DataError(f"{path}:{line_of(path, key)}: {key} has no group {lacks[0]!r}; name one (?P<{lacks[0]}>…)")
    return pattern
