"""``data/grammar/linking.yaml``: what is Chinese about linking names inside a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.grammar import read_yaml
from kg.vocab import Vocab

_CLASSES = ("scoped", "described", "tailed", "shortened", "coordinated", "sited")
_KEYS = (*_CLASSES, "equal", "initials", "years", "drop", "tails", "joining", "counts", "quotes", "joins")
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
    """Read ``linking.yaml``; a key left out says that there is none. Unknown keys and classes are a ``DataError``."""
    content = read_yaml(path)
    raw: dict[str, Any] = {k: v for k, v in (content or {}).items() if k != "__line__"}
    odd = sorted(raw.keys() - set(_KEYS))
    if odd:
        raise DataError(f"{path}:1: unknown key {odd[0]!r}; known: {', '.join(sorted(_KEYS))}")
    classes = [c for key in _CLASSES for c in raw.get(key, ())]
    classes += [c for pair in raw.get("joining", ()) for c in pair]
    unknown = [c for c in classes if c not in vocab.classes]
    if unknown:
        raise DataError(f"{path}:1: no class {unknown[0]!r} in the ontology; mend the name")
    narrower: Any = {key: frozenset(n for c in raw.get(key, ()) for n in vocab.narrower(c)) for key in _CLASSES}
    return LinkData(
        equal=tuple((long, short) for long, short in raw.get("equal", ())),
        initials=re.compile(str(raw.get("initials", _NOTHING))),
        years=re.compile(str(raw.get("years", _NOTHING))),
        drop=tuple(raw.get("drop", ())),
        tails=tuple(raw.get("tails", ())),
        joining=tuple((a, b) for a, b in raw.get("joining", ())),
        counts={k: int(v) for k, v in raw.get("counts", {}).items() if k != "__line__"},
        quotes=tuple(raw.get("quotes", ())),
        joins=frozenset(raw.get("joins", ())),
        **narrower,
    )
