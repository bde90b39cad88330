"""Dates in normalised text -> ISO 8601 / EDTF, as precise as the text and never guessed.

``find_dates`` is the door; ``resolve`` reads a date again beside another anchor (上年 beside 2020年 is 2019).
What the words mean is in ``data/grammar/time.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.date_reading import UNKNOWN, Groups, Reader, When, when_of
from kg.periods import first_day, last_day, parse_moment, shift_years
from kg.time_grammar import SUFFIXES, Form, TimeGrammar, load_time
from kg.types import Span

_BREAK = re.compile(r"[。！？!?\n]")


@dataclass(frozen=True, slots=True)
class Date:
    """A date expression.

    ``value`` is ISO 8601 or EDTF: ``2020-12-27``, ``2015-06``, ``2014/..``, ``2014/2020``, ``199X``; empty where it
    cannot be known. ``precision``: ``day``, ``month``, ``year``, ``decade``, ``vague`` or empty. ``kind``: ``point``;
    ``since`` (open end); ``until`` (by then: a target if later than publication); ``asof`` (截至); ``span``.
    ``relative``: resolved from the day of publication; ``vague``: said roughly, or unknown. The span takes in the
    words that make the kind (自…以来, 到…).
    """

    span: Span
    value: str
    precision: str
    kind: str
    relative: bool
    text: str
    vague: bool = False

    @property
    def begin(self) -> str:
        """The first end of an interval, or the value itself."""
        return self.value.split("/")[0]

    @property
    def end(self) -> str:
        """The last end of an interval (empty if open), or the value itself."""
        return self.value.split("/")[-1].replace("..", "")

    @property
    def year(self) -> str:
        """The year in which it begins, or empty."""
        return self.value[:4] if self.value[:4].isdigit() else ""


def find_dates(text: str, published: str) -> tuple[Date, ...]:
    """All date expressions, ascending, not overlapping; ``published`` is ISO at the precision known, or empty."""
    return tuple(_scan(text, Reader(load_time(), parse_moment(published))))


def resolve(date: Date, anchor: str) -> Date:
    """The same words read beside ``anchor`` (the value of another date): 上年 beside 2020 is 2019.

    Words that count from the day of publication, and full dates, stay as they are.
    """
    again = next(_scan(date.text, Reader(load_time(), None, when_of(anchor))), None)
    if again is None or not again.value:
        return date
    return replace(again, span=date.span, text=date.text, relative=False)


def _scan(text: str, reader: Reader) -> Iterator[Date]:
    """Each date in the context of the last one known in its sentence, and of the last day in its paragraph."""
    grammar, published, search = reader.grammar, reader.published, reader.grammar.scan.search
    known_until = at = 0
    while hit := search(text, at):
        start, end = hit.span("body")
        if (reader.context or reader.day) and _BREAK.search(text, known_until, start):
            within = "\n" not in text[known_until:start] and reader.day
            reader = Reader(grammar, published, None, within or None)
        known_until = at = end
        found = _read(text, hit, reader)
        if found is None:
            continue
        date, when = found
        yield date
        at = max(date.span.end, start + 1)
        if when.first and not when.vague:
            day = when if when.first.day else reader.day
            reader = Reader(grammar, published, when, day)


def _groups(hit: re.Match[str], forms: tuple[Form, ...]) -> Groups:
    """The parts of the form that matched, by their names in the data (``m``, ``d`` …)."""
    start = hit.start
    for form in forms:
        if start(form.group) >= 0:
            break
    found = hit.group(*form.parts)
    if len(form.parts) == 1:
        return dict.fromkeys(form.names, str(found))
    return {name: part for name, part in zip(form.names, found, strict=True) if part is not None}


def _read(text: str, hit: re.Match[str], reader: Reader) -> tuple[Date, When] | None:
    start, end = hit.span("body")
    before, role = _prefix(text, start, reader.grammar)
    if role == "never":
        return None
    groups = _groups(hit, reader.grammar.forms)
    when = reader.when(groups)
    ranged, past, since, begun, until, about = hit.group("range", *SUFFIXES)
    if when and ranged:
        later = replace(reader, context=when, day=when)
        when = _range(when, later.when(_groups(hit, reader.grammar.range_forms)))
    if when is None:
        return None
    if begun and role != "from":
        begun, end = "", hit.start("begun")
    if (past or role == "asof") and when.relative and not {"y", "ry"} & groups.keys():
        when = _not_ahead(when, reader)
    if (past or since or begun) and not when.open_end:
        when = when._replace(open_end=True, last=None)
    if about:
        when = when._replace(vague=True)
    kind, takes = _kind(when, role, bool(until), text.startswith(reader.grammar.of, end))
    return _date(Span(before if takes else start, end), when, kind, text), when


def _not_ahead(when: When, reader: Reader) -> When:
    """A month without a year that has passed: 10月以来, told in February, is of the year before."""
    first, today = when.first, reader.published
    if first is None or today is None or when.last or first_day(first) <= last_day(today):
        return when
    return when._replace(first=shift_years(first, -1))


def _date(span: Span, when: When, kind: str, text: str) -> Date:
    value = when.value()
    precision = "" if not value else when.precision or (when.first.precision if when.first else "")
    return Date(span, value, precision, kind, when.relative, span.of(text), when.vague)


def _range(first: When, second: When | None) -> When | None:
    """From the first moment of one to the last of the other; the turn of the year may lie between months."""
    if second is None:
        return None
    if first.first is None or second.first is None:
        return UNKNOWN
    last = second.last or second.first
    backwards = last_day(last) < first_day(first.first)
    if backwards and last.month and last.year == first.first.year:
        last = last._replace(year=last.year + 1)
    elif backwards:
        return None
    return When(first.first, last, first.relative or second.relative)


def _prefix(text: str, start: int, grammar: TimeGrammar) -> tuple[int, str]:
    """Where the word before the date begins that says from, until or as of, and which it is."""
    if start and text[start - 1] in grammar.prefix_ends:
        for length in grammar.prefix_lengths:
            role = grammar.prefixes.get(text[max(0, start - length) : start])
            if role:
                return max(0, start - length), role
    return start, ""


def _kind(when: When, role: str, until: bool, possessive: bool) -> tuple[str, bool]:
    """The kind of date, and whether the word before it belongs to it."""
    if when.open_end:
        return "since", role == "from"
    if until:
        return "until", False
    if role == "asof" or (role == "until" and not possessive and not when.last):
        return ("asof" if when.now else role), True
    return ("span", role == "from") if when.last else ("point", False)
