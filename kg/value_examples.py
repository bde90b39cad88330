"""Runs the examples that ``time.yaml`` and ``numbers.yaml`` carry: a data file is tested by itself."""

from __future__ import annotations

from collections.abc import Iterator

from kg.dates import find_dates
from kg.numerals import load_table
from kg.quantities import find_quantities

_EXPECT_DATE = ("value", "precision", "kind")


def failures() -> Iterator[str]:
    """One message for each example that is read otherwise than it says; none if the files are right."""
    for text, published, *wanted in load_table("time.yaml")["examples"]:
        found = _date(str(text), str(published))
        if found != [str(part) for part in wanted]:
            yield f"data/grammar/time.yaml: example {text!r} ({published}) gives {found}: correct the one or the other"
    for text, *wanted in load_table("numbers.yaml")["examples"]:
        found = _figure(str(text))
        if found != [str(part) for part in wanted]:
            yield f"data/grammar/numbers.yaml: example {text!r} gives {found}: correct the one or the other"


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
