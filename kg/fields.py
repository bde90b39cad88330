"""What the YAML of ``data/grammar`` must look like: keys known, values of their shapes; else file, line and remedy.

A shape is a test and the words that say what it wants::

    raw = checked(entry, "names.yaml:7", {"id": WORD, "heads": WORDS, "longest": WHOLE}, needed=("id", "heads"))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from kg.errors import DataError

LINE = "__line__"
"""The key under which a mapping tells the line on which it begins (``kg.grammar.read_yaml``)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A test of a value, and what the value must be if it fails."""

    wants: str
    fits: Callable[[Any], bool]


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float | date) and not isinstance(value, bool)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_word, value))


def each(shape: Shape, wants: str) -> Shape:
    """A list of values of one shape."""
    return Shape(wants, lambda value: isinstance(value, list) and all(map(shape.fits, value)))


def by_name(shape: Shape, wants: str) -> Shape:
    """A mapping of names to values of one shape."""
    return Shape(
        wants,
        lambda value: (
            isinstance(value, dict) and all(_is_word(k) and shape.fits(v) for k, v in value.items() if k != LINE)
        ),
    )


WORD = Shape("a word (quote what looks like a number)", _is_word)
WORDS = each(WORD, "a list of words (quote what looks like a number)")
SCALAR = Shape("a word, number or date", _is_scalar)
FLAG = Shape("true or false", lambda value: isinstance(value, bool))
WHOLE = Shape("a whole number above 0", lambda value: type(value) is int and value > 0)
SHARE = Shape("a number between 0 and 1", lambda value: type(value) in (int, float) and 0 <= value <= 1)
PAIRS = each(Shape("", _is_pair), "a list of pairs of words, [[long, short], …]")
MARKS = each(
    Shape("", lambda value: isinstance(value, str) and len(value) == 2), "a list of pairs of marks, such as “”"
)
ENTRIES = each(Shape("", lambda value: isinstance(value, dict)), "a list of entries; begin each with '- '")
WORD_BY_NAME = by_name(WORD, "a mapping of names to words")
WORDS_BY_NAME = by_name(WORDS, "a mapping of names to lists of words")
COUNT_BY_NAME = by_name(WHOLE, "a mapping of words to whole numbers above 0")


def checked(
    raw: Any, where: str, shapes: Mapping[str, Shape], needed: Collection[str] = (), path: Path | None = None
) -> dict[str, Any]:
    """A mapping without its line, each key of it known and each value in shape; else :class:`DataError`.

    ``where`` begins the message; with the ``path`` of a file of which this is all, the line of the key does.
    """
    if not isinstance(raw, dict):
        raise DataError(f"{where}: not a mapping; write 'key: value' lines (keys: {', '.join(shapes)})")
    content = {key: value for key, value in raw.items() if key != LINE}
    missing = [key for key in needed if key not in content]
    if missing:
        raise DataError(f"{where}: lacks {', '.join(missing)}; add it")
    for key, value in content.items():
        if key in shapes and shapes[key].fits(value):
            continue
        place = f"{path}:{line_of(path, key)}" if path else where
        if key not in shapes:
            raise DataError(f"{place}: unknown key {key!r}; known: {', '.join(sorted(shapes))}")
        raise DataError(f"{place}: {key} must be {shapes[key].wants}; mend it")
    return content


def checked_file(path: Path, raw: Any, shapes: Mapping[str, Shape], needed: Collection[str] = ()) -> dict[str, Any]:
    """As :func:`checked`, for all of a file."""
    return checked(raw, f"{path}:1", shapes, needed, path)


def line_of(path: Path, key: object) -> int:
    """The line of a key at the top of a YAML file; looked up only when something is wrong with it."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    root: Any = yaml.compose(path.read_text(encoding="utf-8"), Loader=loader)
    return next((k.start_mark.line + 1 for k, _ in getattr(root, "value", ()) if k.value == str(key)), 1)
