"""``data/grammar/units.csv``: which words are units, what they measure, and their QUDT term where QUDT has one."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg import resources
from kg.errors import DataError

_COLUMNS = ("unit", "dimension", "qudt", "note", "canonical")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit word. ``name`` is how it is written in results (个小时 is 小时); ``dimension`` is empty for words that
    number things in order (届, 号) and so measure nothing; ``qudt`` is a CURIE (``unit:KiloM``) or empty."""

    name: str
    dimension: str
    qudt: str


@lru_cache(maxsize=1)
def load_units() -> Mapping[str, Unit]:
    """All unit words of the bundled table; raises DataError with file and line where a row is wrong."""
    path = resources.data() / "grammar" / "units.csv"
    units: dict[str, Unit] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        if tuple(rows.fieldnames or ()) != _COLUMNS:
            raise DataError(f"{path}:1: the columns must be {','.join(_COLUMNS)}")
        for row in rows:
            word = row["unit"]
            if not word or None in row.values():
                raise DataError(f"{path}:{rows.line_num}: a row needs {len(_COLUMNS)} fields and a unit")
            if word in units:
                raise DataError(f"{path}:{rows.line_num}: {word!r} is there twice: keep one")
            units[word] = Unit(row["canonical"] or word, row["dimension"], row["qudt"])
    return units
