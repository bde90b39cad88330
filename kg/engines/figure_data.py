"""``data/grammar/figures.yaml``, compiled: what is Chinese about figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.grammar import Compiler, read_yaml
from kg.vocab import Vocab

_LISTS = ("skip_units", "owners", "topics", "never", "group")


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


def load_figures(path: Path, compiler: Compiler, vocab: Vocab) -> FigureData:
    """Read ``figures.yaml``; a missing key, bad pattern or unknown class is a ``DataError``."""
    raw = read_yaml(path)
    wanted = (*_PATTERNS, *_LISTS, "change", "defaults", "money_unit", "wanting")
    missing = [key for key in wanted if not isinstance(raw, dict) or key not in raw]
    if missing:
        raise DataError(f"{path}:1: lacks {', '.join(missing)}; add it")
    unknown = [c for key in ("owners", "topics", "never", "group") for c in raw[key] if c not in vocab.classes]
    if unknown:
        raise DataError(f"{path}:1: no class {unknown[0]!r} in the ontology; mend the name")
    patterns: Any = {key: compiler.compile(str(raw[key]), f"{path}:1: {key}") for key in _PATTERNS}
    classes: Any = {key: _classes(raw[key], raw["never"], vocab) for key in ("owners", "topics", "group")}
    return FigureData(
        change=tuple(
            (compiler.compile(str(pattern), f"{path}:1: change"), kind)
            for kind, pattern in raw["change"].items()
            if kind != "__line__"
        ),
        defaults={k: v for k, v in raw["defaults"].items() if k != "__line__"},
        money_unit=str(raw["money_unit"]),
        wanting={
            unit: compiler.compile(str(pattern), f"{path}:1: wanting")
            for unit, pattern in raw["wanting"].items()
            if unit != "__line__"
        },
        skip_units=frozenset(map(str, raw["skip_units"])),
        **patterns,
        **classes,
    )


def _classes(wanted: Sequence[str], never: Sequence[str], vocab: Vocab) -> frozenset[str]:
    """Some classes and all that is narrower, but for those that never count."""
    out = {n for c in never for n in vocab.narrower(c)}
    return frozenset(n for c in wanted for n in vocab.narrower(c)) - out
