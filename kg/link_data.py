"""``data/grammar/linking.yaml``: what is Chinese about linking names inside a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError
from kg.grammar import read_yaml
from kg.vocab import Vocab

_KEYS = (
    "equal",
    "initials",
    "years",
    "drop",
    "scoped",
    "described",
    "tails",
    "tailed",
    "joining",
    "counts",
    "quotes",
    "shortened",
)


@dataclass(frozen=True, slots=True)
class LinkData:
    """The file, checked.

    ``equal``: longer form -> short form of a name's parts; ``initials``: a name that writes out what another
    abbreviates (groups a, b, rest); ``years``: what a document's name may leave out; ``drop``: parts that a fold leaves out; ``scoped``: classes whose names hold inside
    one document only; ``described``: classes that are an entity only where a fact needs them; ``tails`` and
    ``tailed``: see ``page.Masker``; ``joining``: classes whose names make chains; ``counts``: numbers in collectives;
    ``quotes``: pairs of marks that quote a short name inside a longer one; ``shortened``: see ``engines/short.py``.
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

    def fold(self, name: str) -> str:
        """The form in which names are compared: usual short forms of the parts, no marks."""
        for part in self.drop:
            name = name.replace(part, "")
        for long, short in self.equal:
            name = name.replace(long, short)
        return self.initials.sub(r"\g<a>\g<b>\g<rest>", self.years.sub("", name))


def load_link_data(path: Path, vocab: Vocab) -> LinkData:
    """Read ``linking.yaml``; a missing key, or a class that the ontology lacks, is a ``DataError``."""
    raw = read_yaml(path)
    missing = [key for key in _KEYS if not isinstance(raw, dict) or key not in raw]
    if missing:
        raise DataError(f"{path}:1: lacks {', '.join(missing)}; add it")
    classes = [
        *raw["scoped"],
        *raw["described"],
        *raw["tailed"],
        *raw["shortened"],
        *(c for pair in raw["joining"] for c in pair),
    ]
    unknown = [c for c in classes if c not in vocab.classes]
    if unknown:
        raise DataError(f"{path}:1: no class {unknown[0]!r} in the ontology; mend the name")

    def narrower(key: str) -> frozenset[str]:
        return frozenset(n for c in raw[key] for n in vocab.narrower(c))

    return LinkData(
        equal=tuple((long, short) for long, short in raw["equal"]),
        initials=re.compile(str(raw["initials"])),
        years=re.compile(str(raw["years"])),
        drop=tuple(raw["drop"]),
        scoped=narrower("scoped"),
        described=narrower("described"),
        tails=tuple(raw["tails"]),
        tailed=narrower("tailed"),
        joining=tuple((a, b) for a, b in raw["joining"]),
        counts={k: int(v) for k, v in raw["counts"].items() if k != "__line__"},
        quotes=tuple(raw["quotes"]),
        shortened=narrower("shortened"),
    )
