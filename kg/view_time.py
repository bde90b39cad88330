"""When a fact holds, as far as the graph says: the first and the last day, for the time slider and for windows."""

from __future__ import annotations

import re
from calendar import monthrange

from kg.view_model import Figure, Statement, Value

Days = tuple[str, str]
"""The first and the last day, ``YYYY-MM-DD``; an open end is the first or last day that can be written."""

FIRST, LAST = "0001-01-01", "9999-12-31"
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_RANGE = re.compile(r"([\d-]*|\.\.)/([\d-]*|\.\.)")
_KINDS = frozenset({"date", "gYear", "gYearMonth", "string"})


def days(text: str) -> Days | None:
    """The days of a year, a month, a day, or of a range between two of them (``2014/..`` is open); else nothing.

    >>> days("2020-02"), days("2014/..")
    (('2020-02-01', '2020-02-29'), ('2014-01-01', '9999-12-31'))
    """
    found = _RANGE.fullmatch(text)
    if found is None:
        return _days(text)
    ends = [_days(end) for end in found.groups() if end.strip(".")]
    if None in ends or not ends:
        return None
    first, last = _days(found[1]), _days(found[2])
    return first[0] if first else FIRST, last[1] if last else LAST


def _days(text: str) -> Days | None:
    found = _DATE.fullmatch(text)
    if found is None or not 1 <= int(found[2] or 1) <= 12 or int(found[1]) < 1:
        return None
    year, month, day = found.groups()
    last = monthrange(int(year), int(month or 12))[1]
    return f"{year}-{month or '01'}-{day or '01'}", f"{year}-{month or '12'}-{day or f'{last:02}'}"


def when(fact: Statement | Figure) -> Days | None:
    """The days that a fact is about: of its date, of the dates that qualify it, of a figure's time; else nothing."""
    if isinstance(fact, Figure):
        said = [fact.details["time"]] if "time" in fact.details else []
    else:
        said = [value for _, value in fact.qualifiers]
        said += [fact.object] if isinstance(fact.object, Value) else []
    found = [both for value in said if value.kind in _KINDS and (both := days(value.text))]
    return (min(first for first, _ in found), max(last for _, last in found)) if found else None
