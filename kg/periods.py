"""Dates known to the year, the month or the day, and honest arithmetic on them.

Shifting a date that is known to the month only by a day gives what both ends of that month agree on,
no more: the day before ``2021-02`` is somewhere in ``2021``.
"""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, timedelta
from typing import NamedTuple

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?")


class Moment(NamedTuple):
    """A year, a month of a year, or a day; ``None`` where not known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> str:
        """``day``, ``month`` or ``year``."""
        return "day" if self.day else "month" if self.month else "year"

    def iso(self) -> str:
        """ISO 8601 at the precision known: ``2020-12-27``, ``2015-06``, ``2020``."""
        text = f"{self.year:04d}"
        if self.month:
            text += f"-{self.month:02d}"
        return f"{text}-{self.day:02d}" if self.day else text


_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_of(year: int, month: int) -> int:
    """How many days the month has."""
    return _DAYS[month - 1] + (month == 2 and isleap(year))


def exists(year: int, month: int | None = None, day: int | None = None) -> bool:
    """Whether the calendar has it: 2021-02-30 and 2020-13 it has not."""
    if not 1 <= year <= 9999 or (month is not None and not 1 <= month <= 12):
        return False
    return day is None or (month is not None and 1 <= day <= days_of(year, month))


def parse_moment(text: str) -> Moment | None:
    """Read ISO 8601 (``2021``, ``2021-02``, ``2021-02-26``, a date-time); None where it is no such date."""
    found = _ISO.fullmatch(text.strip())
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    return Moment(year, month, day) if year is not None and exists(year, month, day) else None


def first_day(moment: Moment) -> date:
    """The first day that the moment may mean."""
    return date(moment.year, moment.month or 1, moment.day or 1)


def last_day(moment: Moment) -> date:
    """The last day that the moment may mean."""
    month = moment.month or 12
    return date(moment.year, month, moment.day or days_of(moment.year, month))


def _agreed(low: date, high: date) -> Moment | None:
    if low == high:
        return Moment(low.year, low.month, low.day)
    if (low.year, low.month) == (high.year, high.month):
        return Moment(low.year, low.month)
    return Moment(low.year) if low.year == high.year else None


def shift_days(moment: Moment, days: int) -> Moment | None:
    """So many days later, at the precision that is certain; None where not even the year is."""
    step = timedelta(days=days)
    return _agreed(first_day(moment) + step, last_day(moment) + step)


def shift_months(moment: Moment, months: int) -> Moment | None:
    """The month so many months later; a moment known to the year gives a year, or None where it may be either."""
    if moment.month is None:
        return moment if months == 0 else shift_years(moment, months // 12) if months % 12 == 0 else None
    count = moment.year * 12 + moment.month - 1 + months
    return Moment(count // 12, count % 12 + 1)


def shift_years(moment: Moment, years: int) -> Moment | None:
    """The same month and day so many years later (29 February becomes the month); None outside the calendar."""
    year = moment.year + years
    if not exists(year):
        return None
    return Moment(year, moment.month, moment.day if exists(year, moment.month, moment.day) else None)
