"""What one figure in a text says: value, range, unit, approximation, change; or that it is none.

The pattern of ``quantity_grammar`` finds candidates; here the words around them decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from kg.numerals import Numeral, canonical, parse_numeral, read_numeral
from kg.quantity_grammar import QuantityGrammar
from kg.types import Span
from kg.units import Unit, load_units

_LOOK_BACK = 24  # characters before a figure in which a governing verb or noun is sought
_FIXED_BEFORE, _FIXED_AFTER = 3, 4  # how far a fixed word may reach beyond a figure
_HALF = Decimal("0.5")
_BARE = Unit("", "number", "")
EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure.

    ``span`` takes in the words of approximation; ``number`` and ``unit_span`` are the numeral and the unit alone
    (``unit_span`` is empty where the text leaves the unit out). ``value`` is a canonical decimal, multiplied out;
    ``high`` the other end of a range, else empty. ``unit`` is as in the text without 万/亿; ``kind`` what it measures
    (``length``, ``count``, ``money`` …; ``number`` without a unit). ``approx``: ``exact``, ``over``, ``nearly``,
    ``about``, ``upto``. ``change``: ``increase``, ``decrease`` or empty. Marks: ``article`` (一个, which counts
    nothing by itself), ``vague`` (数百: an order of magnitude), ``grade`` (千亿级: a class), ``ordinal`` (第三).
    """

    span: Span
    number: Span
    value: str
    unit: str
    approx: str
    change: str
    unit_span: Span
    ordinal: bool
    kind: str
    high: str = ""
    article: bool = False
    vague: bool = False
    grade: bool = False


class _Figure(NamedTuple):
    """A candidate: number and unit as they stand in the text, before the words around are looked at."""

    number: Span
    text: str  # the numeral
    numeral: Numeral
    unit_span: Span
    unit: Unit
    end: int


def unit_of(name: str) -> Unit:
    """The unit of a word in the text; a quotient (元/平方米) is a rate, no word is a bare number."""
    if not name:
        return _BARE
    known = load_units()
    return known[name] if name in known else Unit(name, "rate", "")


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds the figures of ``text``."""

    text: str
    grammar: QuantityGrammar

    def between(self, start: int, end: int) -> Iterator[Quantity]:
        """The figures that lie between two places, ordinals included."""
        at, search = start, self.grammar.scan.search
        while at < end and (hit := search(self.text, at, end)):
            found = self._read(hit, start, end)
            if found:
                yield found
                at = max(found.span.end, hit.start() + 1)
            else:
                at = max(hit.end("n"), hit.start() + 1) if hit["n"] else hit.end("body")

    def _read(self, hit: re.Match[str], least: int, most: int) -> Quantity | None:
        if hit["fraction"]:
            figure = self._fraction(hit)
        elif hit["rank"]:
            return self._rank(hit)
        else:
            figure = self._figure(hit) if hit["n"] else None
        if figure is None or (figure.unit_span.end > figure.unit_span.start and self._names(figure)):
            return None
        return self._quantity(figure, least, most)

    def _rank(self, hit: re.Match[str]) -> Quantity | None:
        span = Span(*hit.span("rank"))
        value = parse_numeral(re.sub(r"^\D|\D+$", "", span.of(self.text))) or self._chinese_rank(span)
        if value is None:
            return None
        return Quantity(span, span, canonical(value), "", EXACT, "", Span(span.end, span.end), True, "ordinal")

    def _chinese_rank(self, span: Span) -> Decimal | None:
        for end in range(span.end, span.start + 1, -1):
            value = parse_numeral(self.text[span.start + 1 : end])
            if value is not None:
                return value
        return None

    def _fraction(self, hit: re.Match[str]) -> _Figure | None:
        span, g = Span(*hit.span("fraction")), self.grammar
        below, above = span.of(self.text).split(g.over, 1)
        unit = g.percent.get(below, "")
        value = parse_numeral(above if unit else span.of(self.text))
        if value is None:
            return None
        nowhere = Span(span.end, span.end)
        return _Figure(span, span.of(self.text), Numeral(value), nowhere, unit_of(unit) if unit else _BARE, span.end)

    def _figure(self, hit: re.Match[str]) -> _Figure | None:
        """The number with its unit: single, with a half or a more between, or a range."""
        g = self.grammar
        n, mid, n2, u1, u2, u = hit.group("n", "mid", "n2", "u1", "u2", "u")
        if not (u or mid or n2 or n[0].isascii()) and g.large.isdisjoint(n):
            return None  # most Chinese numerals without a unit are parts of words
        low = read_numeral(n)
        if low is None:
            return None
        if mid:
            half = mid == g.half
            low = replace(low, value=low.value + _HALF) if half else read_numeral(n + mid) or low
            return self._with_unit(hit, "n", low, "midunit")
        if n2:
            high = self._high(low, n, n2, u1, u2)
            if high:
                return self._with_unit(hit, "n2", high, "u2" if u2 else "")
            u = u1
            group = "u1"
        else:
            group = "u"
        return self._with_unit(hit, "n", low, group if u else "")

    def _with_unit(self, hit: re.Match[str], last: str, numeral: Numeral, group: str) -> _Figure:
        number = Span(hit.start("n"), hit.end(last))
        where = Span(*hit.span(group)) if group else Span(number.end, number.end)
        if where.of(self.text) in self.grammar.grade and self.text[number.end - 1] in self.grammar.myriads:
            where = Span(number.end, number.end)  # a class of size, no degree of heat or wind
        return _Figure(number, number.of(self.text), numeral, where, unit_of(where.of(self.text)), where.end)

    def _high(self, low: Numeral, n: str, n2: str, u1: str | None, u2: str | None) -> Numeral | None:
        """Both ends of a range, or None where the two numbers make none; 3到5万 is 30000 to 50000."""
        top, g = read_numeral(n2), self.grammar
        if top is None or (u1 and unit_of(u1).name != unit_of(u2 or "").name):
            return None
        bottom = low.value
        head = parse_numeral(n2.rstrip(g.myriads))
        if not u1 and head and bottom < head and g.large.isdisjoint(n):
            bottom = bottom * (top.value / head)
        return Numeral(bottom, top.value, top.approx, low.vague or top.vague) if bottom < top.value else None

    def _names(self, figure: _Figure) -> bool:
        """Whether numeral and unit are part of a name, an ordinal or a fixed word, and so no figure."""
        g, text, start = self.grammar, self.text, figure.number.start
        if not figure.unit.dimension:
            return True
        if text[start].isascii():
            return False
        if figure.unit_span.of(text) in g.arabic_only:
            return True
        if figure.unit.dimension in g.names and text[start - 1 : start] and text[start - 1] in g.opening:
            return True
        end = figure.end
        for word in g.fixed.finditer(text, max(0, start - _FIXED_BEFORE), min(len(text), end + _FIXED_AFTER)):
            overlaps = word.start() < figure.number.end and start < word.end()
            if overlaps and not figure.unit_span.start < word.end() < figure.unit_span.end:
                return True
        return False

    def _quantity(self, figure: _Figure, least: int, most: int) -> Quantity | None:
        before, begin = self._before(figure, least)
        unit, change = figure.unit, self._change(begin, figure.unit)
        if unit is _BARE and not self._bare(figure, before, change):
            return None
        numeral, end = self._half_after(figure, most)
        after, end = self._after(figure, end, most)
        approx = before or numeral.approx or after or EXACT
        grade = self.text.startswith(self.grammar.grade, figure.end)
        if not self._counts(figure, approx, grade):
            return None
        if unit is _BARE:
            unit = self._implied(figure)
        low, high = self._signed(numeral, begin, unit)
        return Quantity(
            span=Span(begin, end + grade),
            number=figure.number,
            value=low,
            unit=unit.name,
            approx=approx,
            change=change,
            unit_span=figure.unit_span,
            ordinal=False,
            kind=unit.dimension,
            high=high,
            article=approx == EXACT and unit.dimension in self.grammar.names and figure.text == self.grammar.article,
            vague=numeral.vague,
            grade=grade,
        )

    def _before(self, figure: _Figure, least: int) -> tuple[str, int]:
        """The approximation said before the number, and where it begins."""
        g, text, start = self.grammar, self.text, figure.number.start
        role, begin = g.before.before(text, start, least)
        if not role:
            filled, at = g.fill.before(text, start, least)
            role, begin = g.before.before(text, at, least) if filled else ("", start)
        if role in ("", "none"):
            return "", start
        if text[begin:start] in g.magnitude_only and text[start] not in g.multipliers + g.several:
            return "", start
        return role, begin

    def _after(self, figure: _Figure, end: int, most: int) -> tuple[str, int]:
        """The approximation said after the unit, and where it ends."""
        g = self.grammar
        role, after = g.after.after(self.text, end, most)
        only = g.after_only.get(self.text[end:after])
        if role in ("", "none") or (only is not None and figure.unit.dimension not in only):
            return "", end
        return role, after

    def _half_after(self, figure: _Figure, most: int) -> tuple[Numeral, int]:
        """一年半: a half that follows its unit."""
        g, end = self.grammar, figure.end
        follows = end < most and self.text[end] == g.half and figure.unit.dimension in g.half_after
        if not follows or self.text[end : end + 2] in g.half_not:
            return figure.numeral, end
        return replace(figure.numeral, value=figure.numeral.value + _HALF), end + 1

    def _counts(self, figure: _Figure, approx: str, grade: bool) -> bool:
        """Whether 百, 千, 万 without a digit, or 半, stand for a number here: 上百家, 千亿元, 半小时."""
        g, text = self.grammar, figure.text
        if text == g.half:
            return figure.unit.dimension in g.half_of
        if text[0] not in g.multipliers[1:] or g.over in text:  # ten needs no digit
            return True
        return approx != EXACT or (len(text) > 1 and text[-1] in g.large and (figure.unit is not _BARE or grade))

    def _bare(self, figure: _Figure, approx: str, change: str) -> bool:
        """Whether a number without a unit is a figure: it has 万/亿, or words around that make it one."""
        text, g = figure.text, self.grammar
        if not g.large.isdisjoint(text) or g.over in text:
            return True
        if not text[0].isascii() or self.text[figure.end : figure.end + 1].isascii():
            return False
        if approx or figure.numeral.approx or change:
            return len(text) > 1
        return "." in text and bool(g.change_fill.before(self.text, figure.number.start, 0)[0])

    def _implied(self, figure: _Figure) -> Unit:
        """Money often goes without its unit: 涉及投资1.28万亿."""
        g, start = self.grammar, figure.number.start
        if g.large.isdisjoint(figure.text) or g.over in figure.text:
            return _BARE
        money = g.implied.search(self.text, max(0, start - _LOOK_BACK), start)
        return unit_of(g.implied_unit) if money else _BARE

    def _signed(self, numeral: Numeral, begin: int, unit: Unit) -> tuple[str, str]:
        low, high, g = numeral.value, numeral.high, self.grammar
        if unit.dimension in g.minus_of:
            role, at = g.minus.before(self.text, begin, 0)
            if role and not self.text[at - 1 : at].isalnum():
                low = -low
        return canonical(low), "" if high is None else canonical(high)

    def _change(self, at: int, unit: Unit) -> str:
        """The direction of a change: by the verb or noun right before, else by a verb over a short object."""
        g, text, filler = self.grammar, self.text, ""
        for _ in range(4):
            role, begin = g.change.before(text, at, 0)
            if role:
                return self._direction(role, begin, filler)
            kind, at = g.change_fill.before(text, at, 0)
            if not kind:
                break
            filler = kind if filler != "noun" else filler
        if unit.dimension in g.distant_dimensions:
            found = g.distant.search(text, max(0, at - _LOOK_BACK), at)
            return found.lastgroup or "" if found else ""
        return ""

    def _direction(self, role: str, begin: int, filler: str) -> str:
        if role == "none":
            return ""
        manner, _, direction = role.rpartition("_")
        if manner == "compared":
            return direction if self.grammar.than.search(self.text, max(0, begin - _LOOK_BACK), begin) else ""
        return "" if filler == "noun" and manner != "noun" else direction
