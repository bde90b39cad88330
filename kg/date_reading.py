"""What one date expression means, given the day of publication and the date that stands before it.

Input are the named groups of a form in ``data/grammar/time.yaml``; output is a ``When``, whose ``first`` is None
where the words are a date that cannot be known, or None where the calendar has no such date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kg.numerals import parse_numeral
from kg.periods import Moment, exists, first_day, parse_moment, shift_days, shift_months, shift_years
from kg.time_grammar import TimeGrammar

Groups = Mapping[str, str]

# A month without a year belongs to the year of publication, unless it is at least FAR days off there
# and at most NEAR days off in the year beside it: 12月28日 in a text of 3 January.
_NEAR, _FAR = 62, 240


class When(NamedTuple):
    """The first and last moment (``last`` is None for a point) and how it is known; see ``dates.Date``."""

    first: Moment | None
    last: Moment | None = None
    relative: bool = False
    vague: bool = False
    open_end: bool = False
    now: bool = False  # 目前
    literal: str = ""  # a value that is no moment: a decade
    precision: str = ""  # where it is not that of ``first``

    def value(self) -> str:
        """ISO 8601 or EDTF; empty where unknown."""
        if self.literal or not self.first:
            return self.literal
        if self.open_end:
            return self.first.iso() + "/.."
        return self.first.iso() + (f"/{self.last.iso()}" if self.last else "")

    def one_year(self) -> int | None:
        """The year if all of it lies in one, else None."""
        if self.first is None or self.open_end:
            return None
        return self.first.year if self.first.year == (self.last or self.first).year else None

    def one_month(self) -> Moment | None:
        """The month if all of it lies in one, else None."""
        first, last = self.first, self.last or self.first
        if first is None or last is None or first.month is None or self.open_end:
            return None
        return Moment(first.year, first.month) if first[:2] == last[:2] else None


UNKNOWN = When(None, vague=True)


def when_of(value: str) -> When | None:
    """A value of ``dates.Date`` read back; None where it is empty or a decade."""
    ends = value.split("/")
    first = parse_moment(ends[0])
    last = parse_moment(ends[1]) if len(ends) == 2 else None
    return When(first, last, open_end=ends[-1] == "..") if first else None


def _number(text: str) -> int | None:
    value = parse_numeral(text)
    return None if value is None or value != int(value) else int(value)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the groups of a form. ``context`` is the nearest date before in the same sentence, ``day`` the nearest
    day before in the same paragraph, to which 当天 refers."""

    grammar: TimeGrammar
    published: Moment | None
    context: When | None = None
    day: When | None = None

    def when(self, g: Groups) -> When | None:
        """The date that the groups say, by the first reading whose key is there."""
        for key, read in _READINGS:
            if key in g:
                return read(self, g)
        return self.calendar(g)

    def calendar(self, g: Groups) -> When | None:
        """A year, a part of it, a month or a day; what is not said comes from context or publication."""
        year, relative = self._year(g)
        if "same" in g:
            return self._same(year, relative)
        if "m" in g:
            return self._month(g, year, relative)
        if year is None and (moment := self._default_year()):
            year, relative = moment
        if not year:
            return UNKNOWN
        if not exists(year):
            return None
        part = self._part(g)
        if part is None:
            return When(Moment(year), relative=relative)
        low, high = part
        if not 1 <= low <= high <= 12:
            return None
        return When(Moment(year, low), Moment(year, high), relative)

    def _year(self, g: Groups) -> tuple[int | None, bool]:
        if "y" in g:
            return _number(g["y"]), False
        if "ry" not in g:
            return None, False
        source, shift = self.grammar.years[g["ry"]]
        near = self.context.one_year() if self.context and source != "published" else None
        if near is not None and self.context:
            return near + shift, self.context.relative
        if source == "context" or self.published is None:
            return 0, False  # said, but unknown: never taken from elsewhere
        return self.published.year + shift, True

    def _default_year(self) -> tuple[int, bool] | None:
        near = self.context.one_year() if self.context else None
        if near is not None and self.context:
            return near, self.context.relative
        return (self.published.year, True) if self.published else None

    def _same(self, year: int | None, relative: bool) -> When:
        """The same stretch of another year: 去年同期 beside 2020年前三季度."""
        near = self.context
        if near is None or near.first is None or near.one_year() is None:
            return When(Moment(year), relative=relative) if year else UNKNOWN
        step = year - near.first.year if year else -1
        step = min(step, -1)  # nothing is compared with itself
        last = shift_years(near.last, step) if near.last else None
        return When(shift_years(near.first, step), last, near.relative)

    def _part(self, g: Groups) -> tuple[int, int] | None:
        if "half" in g:
            return self.grammar.halves[g["half"]]
        if "q" in g:
            number = self.grammar.quarter[g["q"]]
            return 3 * number - 2, 3 * number
        if "fq" in g:
            return 1, 3 * self.grammar.quarter[g["fq"]]
        if "fm" in g:
            return 1, _number(g["fm"]) or 0
        return None

    def _month(self, g: Groups, year: int | None, relative: bool) -> When | None:
        month, day = _number(g["m"]) or 0, _number(g["d"]) if "d" in g else None
        if not exists(2000, month, day):  # a leap year: 29 February may exist
            return None
        if year is None:
            year, relative = self._year_of(month, day)
        if not year:
            return UNKNOWN
        return When(Moment(year, month, day), relative=relative) if exists(year, month, day) else None

    def _year_of(self, month: int, day: int | None) -> tuple[int, bool]:
        """The year of a month that is written without one; 0 where nothing tells."""
        near = self.context.one_year() if self.context else None
        if near is not None and self.context:
            return near, self.context.relative
        return (_nearest_year(self.published, month, day), True) if self.published else (0, False)

    def day_of_month(self, g: Groups) -> When | None:
        """A day of the month alone: of the month before it in the sentence, or of that of publication."""
        number = _number(g["d"]) or 0
        if not exists(2000, 1, number):
            return None
        month = self.context.one_month() if self.context else None
        if month and self.context:
            relative = self.context.relative
        elif self.published and self.published.month:
            month, relative = _nearest_month(self.published, number), True
        else:
            return UNKNOWN
        if not exists(month.year, month.month, number):
            return None
        return When(month._replace(day=number), relative=relative)

    def day_word(self, g: Groups) -> When | None:
        """今天 and the like, with the day in brackets where it is written: one date."""
        source, shift = self.grammar.days[g["rd"]]
        near = self.day if source == "context" else None
        base = near.last or near.first if near else None if source == "context" else self.published
        moment = shift_days(base, shift) if base else None
        if "pd" not in g:
            return When(moment, relative=near.relative if near else True) if moment else UNKNOWN
        groups = {"d": g["pd"], **({"m": g["pm"]} if "pm" in g else {})}
        written = Reader(self.grammar, self.published).when(groups)
        return written._replace(relative=True) if written and written.first else written

    def month_word(self, g: Groups) -> When | None:
        """本月, 上月 and the like, with a day where there is one."""
        source, shift = self.grammar.months[g["rm"]]
        base = self.context.one_month() if source == "context" and self.context else None
        if source == "published" and self.published:
            base = self.published
        moment = shift_months(base, shift) if base else None
        if moment is None:
            return UNKNOWN
        if "d" in g and moment.month:
            moment = moment._replace(day=_number(g["d"]))
        return When(moment, relative=source == "published") if exists(*moment) else None

    def since(self, g: Groups) -> When | None:
        """七年来, 半年来: from then until publication."""
        first = self._back(g["sn"], g["su"], fine=True)
        return When(first, relative=True, vague=True, open_end=True) if first else UNKNOWN._replace(open_end=True)

    def ago(self, g: Groups) -> When | None:
        """三年前, 十年前的今天."""
        if "at" in g:
            count = _number(g["an"])
            moment = shift_years(self.published, -count) if self.published and count else None
            return When(moment, relative=True) if moment else UNKNOWN
        moment = self._back(g["an"], g["au"], fine=False)
        return When(moment, relative=True, vague=True) if moment else UNKNOWN

    def _back(self, number: str, unit: str, fine: bool) -> Moment | None:
        """So long before publication; a year is counted in months only where ``fine`` and it is but one."""
        count, kind, day = parse_numeral(number), self.grammar.units[unit], self.published
        if not count or day is None:
            return None
        if kind in ("day", "week"):
            moment = shift_days(day, -int(count * (7 if kind == "week" else 1)))
            return moment._replace(day=None) if moment and kind == "week" else moment
        if kind == "month":
            return shift_months(day._replace(day=None), -int(count))
        if count < 1 or (fine and count == 1):
            return shift_months(day._replace(day=None), -int(count * 12))
        return shift_years(Moment(day.year), -int(count))

    def past(self, g: Groups) -> When | None:
        """过去五年, 近三年: years up to that of publication."""
        count = _number(g["pn"])
        if not count or self.published is None:
            return UNKNOWN
        year = Moment(self.published.year)
        return When(shift_years(year, -count), year, relative=True, vague=True)

    def coming(self, g: Groups) -> When | None:
        """未来五年: years from that of publication."""
        count = _number(g["cn"])
        if not count or self.published is None:
            return UNKNOWN
        year = Moment(self.published.year)
        return When(year, shift_years(year, count), relative=True, vague=True)

    def iso(self, g: Groups) -> When | None:
        """Digits and punctuation: 2020-12-27, 2020.12.27, 2020-12."""
        year, month, day = int(g["iy"]), int(g["im"]), int(g["id"]) if "id" in g else None
        return When(Moment(year, month, day)) if exists(year, month, day) else None

    def plan(self, g: Groups) -> When | None:
        """The years of a five-year plan, or its first or last one."""
        first, last = (Moment(year) for year in self.grammar.plans[g["plan"]])
        if "plan1" in g:
            return When(first)
        return When(last) if "plan2" in g else When(first, last)

    def decade(self, g: Groups) -> When | None:
        """上世纪八十年代 -> 198X; without a century, the latest such decade before publication."""
        tens = (_number(g["decade"]) or 0) // 10
        century = _number(g["century"]) if "century" in g else None
        if century is not None:
            hundreds, relative = century - 1, False
        elif self.published is None:
            return UNKNOWN
        else:
            hundreds, relative = self.published.year // 100, True
            if "rcentury" in g:
                hundreds += self.grammar.centuries[g["rcentury"]]
            elif hundreds * 100 + tens * 10 > self.published.year:
                hundreds -= 1
        return When(None, relative=relative, literal=f"{hundreds * 10 + tens}X", precision="decade")

    def unknown(self, _: Groups) -> When | None:
        """近年来, 多年前: no year can be written down."""
        return UNKNOWN

    def rough(self, _: Groups) -> When | None:
        """近日, 日前: the year of publication at most."""
        if self.published is None:
            return UNKNOWN
        return When(Moment(self.published.year), relative=True, vague=True, precision="vague")

    def now(self, _: Groups) -> When | None:
        """目前: the month of publication."""
        if self.published is None:
            return UNKNOWN
        return When(self.published._replace(day=None), relative=True, vague=True, now=True)


# The first key that is there decides.
_READINGS: tuple[tuple[str, Callable[[Reader, Groups], When | None]], ...] = (
    ("iy", Reader.iso),
    ("rd", Reader.day_word),
    ("rm", Reader.month_word),
    ("sn", Reader.since),
    ("an", Reader.ago),
    ("pn", Reader.past),
    ("cn", Reader.coming),
    ("plan", Reader.plan),
    ("decade", Reader.decade),
    ("unknown", Reader.unknown),
    ("vague", Reader.rough),
    ("now", Reader.now),
    ("y", Reader.calendar),
    ("ry", Reader.calendar),
    ("m", Reader.calendar),
    ("d", Reader.day_of_month),
)


def _nearest_year(published: Moment, month: int, day: int | None) -> int:
    """The year of a month written without one, in a text of ``published``."""
    if published.month is None:
        return published.year
    here = first_day(published)

    def gap(year: int) -> int:
        return abs((first_day(Moment(year, month, day if exists(year, month, day) else None)) - here).days)

    other = published.year + (1 if month < published.month else -1)
    if day is None and other > published.year:
        return published.year
    return other if gap(published.year) >= _FAR and gap(other) <= _NEAR else published.year


def _nearest_month(published: Moment, day: int) -> Moment:
    """The month of a day written without one: that of publication, or the one before for a day well ahead."""
    month = Moment(published.year, published.month)
    if published.day is None or day <= published.day + 10:
        return month
    return shift_months(month, -1) or month
