"""Runs the examples of what reading and values rest on: ``time.yaml``, ``numbers.yaml``, ``layout.yaml``.

These files are no recipe's own: every recipe reads with the bundled ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from kg import resources
from kg.bylines import Words, bundled, load_rules, words
from kg.dates import find_dates
from kg.errors import DataError
from kg.numerals import load_table
from kg.quantities import find_quantities

_EXPECT_DATE = ("value", "precision", "kind")
_CELLS = {"time.yaml": 5, "numbers.yaml": 5}
_MEND = "mend the rule or its example"

_LAYOUT: Mapping[str, Callable[[Words, str], bool]] = {
    "bylines": Words.is_byline,
    "trailing": lambda known, line: known.trailing_byline(line) > 0,
    "lone_name": Words.is_lone_name,
    "caption": Words.is_caption,
    "datelines": lambda known, line: known.dateline(line) != "",
}
"""How each section of ``layout.yaml`` is asked whether a line is of its kind."""


def failures() -> Iterator[str]:
    """One message for each example that is read otherwise than it says, with file and line; none if all hold."""
    yield from _dates()
    yield from _numbers()
    yield from _layout()


def _dates() -> Iterator[str]:
    for text, published, *wanted in _examples("time.yaml"):
        found = _date(str(text), str(published))
        if found != [str(part) for part in wanted]:
            where = place(_bundled("time.yaml"), str(text))
            yield f"{where}: {text!r} ({published}) is read as {found}, not {wanted}; {_MEND}"


def _numbers() -> Iterator[str]:
    for text, *wanted in _examples("numbers.yaml"):
        found = _figure(str(text))
        if found != [str(part) for part in wanted]:
            where = place(_bundled("numbers.yaml"), str(text))
            yield f"{where}: {text!r} is read as {found}, not {wanted}; {_MEND}"


def _layout() -> Iterator[str]:
    known = words()
    for section, rules in load_rules(bundled())[1].items():
        for rule in rules:
            cases = [(line, True) for line in rule["examples"]] + [(line, False) for line in rule.get("not", ())]
            for line, wanted in cases:
                if _LAYOUT[section](known, line) != wanted:
                    where, verdict = place(bundled(), line), "not found" if wanted else "found"
                    yield f"{where}: rule {rule['id']!r} on {line!r}: wrongly {verdict}; {_MEND}"


def _bundled(name: str) -> Path:
    return resources.data() / "grammar" / name


def _examples(name: str) -> Sequence[Sequence[object]]:
    rows = load_table(name).get("examples")
    if not isinstance(rows, list) or not all(isinstance(row, list) and len(row) == _CELLS[name] for row in rows):
        raise DataError(f"{_bundled(name)}:1: examples must be a list of lists of {_CELLS[name]} cells; mend it")
    return rows


def place(path: Path, text: str) -> str:
    """File and line of an example: the last line that holds its text, since examples stand below what they show."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return f"{path}:{max((k for k, line in enumerate(lines, 1) if text in line), default=1)}"


def _date(text: str, published: str) -> list[str]:
    dates = find_dates(text, published)
    return [getattr(dates[0], name) for name in _EXPECT_DATE] if dates else ["", "", ""]


def _figure(text: str) -> list[str]:
    figures = find_quantities(text)
    if not figures:
        return ["", "", "", ""]
    first = figures[0]
    value = f"{first.value}~{first.high}" if first.high else first.value
    return [value, first.unit, first.approx, first.change]
