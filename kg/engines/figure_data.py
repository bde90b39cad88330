"""``data/grammar/figures.yaml``, compiled: what is Chinese about figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.fields import LINE, WORD, WORD_BY_NAME, WORDS, Shape, by_name, checked_file, line_of
from kg.grammar import Compiler, read_yaml
from kg.vocab import Vocab

_LISTS = ("skip_units", "owners", "topics", "never", "passing", "group")


@dataclass(frozen=True, slots=True)
class FigureData:
    """Patterns over masked text, words of change, default indicators by kind of quantity, and classes of owners."""

    skip_before: re.Pattern[str]
    skip_after: re.Pattern[str]
    lead: re.Pattern[str]
    oblique: re.Pattern[str]
    leaving: re.Pattern[str]
    level: re.Pattern[str]
    trim_left: re.Pattern[str]
    trim_right: re.Pattern[str]
    noun_end: re.Pattern[str]
    each: re.Pattern[str]
    joined: re.Pattern[str]
    run: re.Pattern[str]
    others: re.Pattern[str]
    passed: re.Pattern[str]
    levels: re.Pattern[str]
    neutral: re.Pattern[str]
    compared: re.Pattern[str]
    of: re.Pattern[str]
    money: re.Pattern[str]
    carry: re.Pattern[str]
    change: tuple[tuple[re.Pattern[str], str], ...]
    defaults: Mapping[str, str]
    money_unit: str
    wanting: Mapping[str, re.Pattern[str]]
    skip_units: frozenset[str]
    owners: frozenset[str]
    topics: frozenset[str]
    group: frozenset[str]


_PATTERNS = tuple(n for n, t in FigureData.__annotations__.items() if t == "re.Pattern[str]")


_KINDS = ("increase", "decrease")  # of change
_CHANGE = by_name(WORD, "patterns of increase and decrease")
_KEYS: Mapping[str, Shape] = {
    **dict.fromkeys((*_PATTERNS, "money_unit"), WORD),
    **dict.fromkeys(_LISTS, WORDS),
    **dict.fromkeys(("defaults", "wanting"), WORD_BY_NAME),
    "change": Shape(_CHANGE.wants, lambda value: _CHANGE.fits(value) and value.keys() - {LINE} <= {*_KINDS}),
}


def load_figures(path: Path, compiler: Compiler, vocab: Vocab) -> FigureData:
    """Read ``figures.yaml``; a missing or unknown key, bad pattern or unknown class is a ``DataError``."""
    raw = checked_file(path, read_yaml(path), _KEYS, tuple(_KEYS))
    for key in ("owners", "topics", "never", "passing", "group"):
        for name in raw[key]:
            if name not in vocab.classes:
                raise DataError(f"{path}:{line_of(path, key)}: {key}: no class {name!r} in the ontology; mend the name")

    def compiled(key: str, pattern: object) -> re.Pattern[str]:
        try:
            return compiler.compile(str(pattern), key)
        except DataError as e:
            raise DataError(f"{path}:{line_of(path, key)}: {e}") from e

    patterns: Any = {key: compiled(key, raw[key]) for key in _PATTERNS}
    classes: Any = {key: _classes(raw[key], raw["never"], vocab) for key in ("owners", "group")}
    classes["topics"] = _classes(raw["topics"], [*raw["never"], *raw["passing"]], vocab)
    return FigureData(
        change=tuple((compiled("change", pattern), kind) for kind, pattern in _named(raw["change"])),
        defaults={kind: str(indicator) for kind, indicator in _named(raw["defaults"])},
        money_unit=str(raw["money_unit"]),
        wanting={unit: compiled("wanting", pattern) for unit, pattern in _named(raw["wanting"])},
        skip_units=frozenset(map(str, raw["skip_units"])),
        **patterns,
        **classes,
    )


def _named(raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((str(key), value) for key, value in raw.items() if key != LINE)


def _classes(wanted: Sequence[str], never: Sequence[str], vocab: Vocab) -> frozenset[str]:
    """Some classes and all that is narrower, but for those that never count."""
    out = {n for c in never for n in vocab.narrower(c)}
    return frozenset(n for c in wanted for n in vocab.narrower(c)) - out
