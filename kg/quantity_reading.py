"""What one figure in a text says: value, range, unit, approximation, change; or that it is none.

The pattern of ``quantity_grammar`` finds candidates; here the words around them decide.
"""

from __future__ import annotations

import re
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

    start: int
    end: int  # of the number
    text: str  # the number
    numeral: Numeral
    unit_start: int
    unit_name: str  # as in the text; empty where there is none
    unit: Unit
    unit_end: int


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

    def between(self, start: int, end: int, found: list[Quantity]) -> None:
        """Append to ``found`` the figures that lie between two places, ordinals included."""
        text, search = self.text, self.grammar.scan.search
        at, rank = start, None
        while at < end and (hit := search(text, at, end)):
            figure = self._read(hit, start, end)
            if figure is None:
                at = max(hit.end("n"), hit.start() + 1) if hit["n"] else hit.end("body")
                continue
            if rank and figure.unit == rank.unit and text[rank.span.end : figure.span.start] in self.grammar.joiners:
                figure = replace(figure, ordinal=True)  # 第五十七颗、五十八颗
            rank = figure if figure.ordinal and figure.unit else None
            found.append(figure)
            at = figure.span.end

    def _read(self, hit: re.Match[str], least: int, most: int) -> Quantity | None:
        n, mid, n2, u1, u2, u, fraction, rank = hit.group("n", "mid", "n2", "u1", "u2", "u", "fraction", "rank")
        g = self.grammar
        if n is None:
            if rank:
                return self._rank(hit)
            figure = self._fraction(hit) if fraction else None
        elif u is None and mid is None and n2 is None and not n[0].isascii() and g.large.isdisjoint(n):
            return None  # most Chinese numerals without a unit are parts of words
        else:
            figure = self._compound(hit, n, mid, n2, u1, u2) if mid or n2 else self._single(hit, n, u or "", "u")
        if figure is None or self._names(figure):
            return None
        return self._quantity(figure, least, most)

    def _rank(self, hit: re.Match[str]) -> Quantity | None:
        value, unit = parse_numeral(hit["rn"]), hit["ru"]
        if value is None:
            return None
        span, number = Span(*hit.span("rank")), Span(*hit.span("rn"))
        after = Span(number.end, span.end)
        return Quantity(span, number, canonical(value), unit or "", EXACT, "", after, True, "ordinal")

    def _fraction(self, hit: re.Match[str]) -> _Figure | None:
        text, g = hit["fraction"], self.grammar
        below, above = text.split(g.over, 1)
        unit = g.percent.get(below, "")
        value = parse_numeral(above if unit else text)
        start, end = hit.span("fraction")
        return None if value is None else _Figure(start, end, text, Numeral(value), end, "", unit_of(unit), end)

    def _single(self, hit: re.Match[str], n: str, unit: str, group: str) -> _Figure | None:
        numeral = read_numeral(n)
        if numeral is None:
            return None
        start, end = hit.span("n")
        if unit in self.grammar.grade and n[-1] in self.grammar.large:
            unit = ""  # a class of size, no degree of heat or wind
        if not unit:
            return _Figure(start, end, n, numeral, end, "", _BARE, end)
        return _Figure(start, end, n, numeral, hit.start(group), unit, unit_of(unit), hit.end(group))

    def _compound(
        self, hit: re.Match[str], n: str, mid: str | None, n2: str | None, u1: str | None, u2: str | None
    ) -> _Figure | None:
        """A half or a more between number and unit (两个半小时), or a range (3到5家)."""
        if mid:
            figure = self._single(hit, n, hit["midunit"], "midunit")
            return figure and figure._replace(numeral=self._amid(figure.numeral, n, mid))
        low = read_numeral(n)
        both = self._high(low, n, n2 or "", u1, u2) if low else None
        if both and u1 and unit_of(u1).dimension != "ratio" and self._change(hit.start("n"), unit_of(u1)):
            both = None  # 减少157亿美元至3989亿美元: by how much, and to what
        if both is None:
            return self._single(hit, n, u1 or "", "u1")
        start, end = hit.start("n"), hit.end("n2")
        text = self.text[start:end]
        if not u2:
            return _Figure(start, end, text, both, end, "", _BARE, end)
        return _Figure(start, end, text, both, end, u2, unit_of(u2), hit.end("u2"))

    def _amid(self, numeral: Numeral, n: str, mid: str) -> Numeral:
        if mid == self.grammar.half.word:
            return replace(numeral, value=numeral.value + _HALF)
        return read_numeral(n + mid) or numeral

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
        g, text, start, unit = self.grammar, self.text, figure.start, figure.unit_name
        before = text[start - 1] if start else ""
        if not figure.unit.dimension or (before in g.ranked and unit in g.ranked[before]):
            return True
        if text[start].isascii() or g.over in figure.text:
            return False
        if unit in g.arabic_only or (before and before in g.opening and figure.unit.dimension in g.names):
            return True
        return any(
            word.start() <= start < word.end() and not figure.unit_start < word.end() < figure.unit_end
            for word in g.fixed.finditer(text, max(0, start - _FIXED_BEFORE), figure.unit_end + _FIXED_AFTER)
        )

    def _quantity(self, figure: _Figure, least: int, most: int) -> Quantity | None:
        before, begin = self._before(figure, least)
        unit, change = figure.unit, self._change(begin, figure.unit)
        if unit is _BARE and not self._bare(figure, before, change):
            return None
        numeral, end = self._half_after(figure, most)
        after, end = self._after(figure, end, most)
        approx = before or numeral.approx or after or EXACT
        grade = unit.dimension not in self.grammar.grade_not
        grade = grade and self.text.startswith(self.grammar.grade, figure.unit_end)
        if not self._counts(figure, approx, grade):
            return None
        if unit is _BARE:
            unit = self._implied(figure)
        low, high = self._signed(numeral, begin, unit)
        return Quantity(
            span=Span(begin, end + grade),
            number=Span(figure.start, figure.end),
            value=low,
            unit=unit.name,
            approx=approx,
            change=change,
            unit_span=Span(figure.unit_start, figure.unit_end),
            ordinal=False,
            kind=unit.dimension,
            high=high,
            article=approx == EXACT and unit.dimension in self.grammar.names and figure.text == self.grammar.article,
            vague=numeral.vague,
            grade=grade,
        )

    def _before(self, figure: _Figure, least: int) -> tuple[str, int]:
        """The approximation said before the number, and where it begins."""
        g, text, start = self.grammar, self.text, figure.start
        at = start
        role, begin = g.before.before(text, at, least)
        if not role:
            filled, at = g.fill.before(text, start, least)
            role, begin = g.before.before(text, at, least) if filled else ("", start)
        if role in ("", "none"):
            return "", start
        word = text[begin:at]
        if word in g.magnitude_only and text[start] not in g.multipliers + g.several:
            return (role, begin) if word in g.large_only and not g.large.isdisjoint(figure.text) else ("", start)
        verb = word in g.verbs_too and figure.text == g.article and figure.unit.dimension in g.names
        return ("", start) if verb else (role, begin)

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
        half, end = self.grammar.half, figure.unit_end
        follows = end < most and self.text[end] == half.word and figure.unit.dimension in half.after
        if not follows or self.text[end : end + 2] in half.unless:
            return figure.numeral, end
        return replace(figure.numeral, value=figure.numeral.value + _HALF), end + 1

    def _counts(self, figure: _Figure, approx: str, grade: bool) -> bool:
        """Whether 百, 千, 万 without a digit, or 半, stand for a number here: 上百家, 千亿元, 半小时."""
        g, text = self.grammar, figure.text
        if text == g.half.word:
            return figure.unit.dimension in g.half.of
        if text[0] not in g.multipliers[1:] or g.over in text:  # ten needs no digit
            return True
        return approx != EXACT or (len(text) > 1 and text[-1] in g.large and (figure.unit is not _BARE or grade))

    def _bare(self, figure: _Figure, approx: str, change: str) -> bool:
        """Whether a number without a unit is a figure: it has 万/亿, or words around that make it one."""
        text, g, following = figure.text, self.grammar, self.text[figure.unit_end : figure.unit_end + 1]
        if following in g.ratio or (following and following in g.multipliers):
            return False
        if not g.large.isdisjoint(text) or g.over in text:
            return True
        if not text[0].isascii() or (following and following.isascii() and following.isalnum()):
            return False
        if approx or figure.numeral.approx or change:
            return len(text) > 1
        return "." in text and bool(g.change_fill.before(self.text, figure.start, 0)[0])

    def _implied(self, figure: _Figure) -> Unit:
        """Money often goes without its unit: 涉及投资1.28万亿."""
        g, start = self.grammar, figure.start
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
