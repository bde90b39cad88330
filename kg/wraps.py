"""Lines of a text and how they were wrapped: which of them belong to one paragraph.

Newspaper pages and converted documents break a paragraph at the width of a column, often with a blank line
after every line. Nothing here knows a width: it is read off the document, line by line, because columns change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from kg.bylines import Words
from kg.characters import HAN

_LINE = re.compile(r"[^\n]+")
_FINAL = re.compile('[。！？；…][”’」』）》】〉")]*$')
_RUNNING = re.compile("[，。；！？：]")
_PAIRS = (("（", "）"), ("“", "”"), ("《", "》"), ("【", "】"), ("「", "」"), ("(", ")"))
_COMMAS = re.compile("[，。；！？]|(?<=....)、")  # 、 after a number at the start of a line counts items
_WIDE = re.compile(f"[{HAN}\u3040-\u30ff\uac00-\ud7af]")
_MARKS = re.compile("[，。、；：？！“”‘’（）《》〈〉【】「」『』…—·]")
_FILLING = re.compile("\0+|(?<=[^ -~])[ \0]+|[ \0]+(?=[^ -~])")
_HANGING = frozenset("，。、；：？！”’）》")
_SPACED = re.compile(f"(?<=[{HAN}]) +(?=[{HAN}])")

INDENT = 4.0  # cells: two characters, as Chinese paragraphs begin
SLACK = 3.0  # cells: line breaking before punctuation leaves up to a character and a half
_NEAR = 12  # lines that share a column with a line of the same paragraph
_FEWEST = 3  # lines that end in mid-sentence; fewer are headings
_FULL_SHARE = 0.25  # of all lines; the others are headings or end paragraphs
_FAR = 0.6  # of the column: a line that is shorter was not broken by the column
_CLAUSE = 80.0  # cells: running text has a comma or stop at least that often; lists and names have not
_REGULAR_SHARE = 0.5  # of the open lines; the others are headings, bylines, or where a column changes


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank: its place in the source, without the spaces around it.

    ``blanks`` counts the blank lines before it, ``indent`` the cells before its first character; ``width`` is
    in half-width cells. ``final`` says that it ends a sentence, ``spaced`` that spaces between its characters
    justify it.
    """

    start: int
    end: int
    text: str
    blanks: int
    indent: float
    final: bool

    @property
    def running(self) -> bool:
        """Whether a clause or sentence ends in it, as headings seldom have it."""
        return bool(_RUNNING.search(self.text)) or self.text[-1] in "、—,:"

    @property
    def unclosed(self) -> bool:
        """Whether a bracket or quote is opened in it and not closed."""
        return any(self.text.count(left) > self.text.count(right) for left, right in _PAIRS)

    @property
    def spaced(self) -> bool:
        return len(_SPACED.findall(self.text)) >= 3


def lines(chars: str) -> list[Line]:
    """The lines of levelled text that hold anything visible."""
    found: list[Line] = []
    end = 0
    for m in _LINE.finditer(chars):
        raw = m[0]
        text = raw.strip(" \0")
        if not text:
            continue
        start = m.start() + len(raw) - len(raw.lstrip(" \0"))
        blanks = chars.count("\n", end, start) - 1 if found else 0
        end = start + len(text)
        indent = float(start - m.start())
        found.append(Line(start, end, text, blanks, indent, bool(_FINAL.search(text, max(0, len(text) - 8)))))
    return found


def width(text: str, mark: float) -> float:
    """How wide the text is set, in half-width cells; ``mark`` is the width of a punctuation mark (1 to 2 cells).

    A mark at the end is not counted: it may hang over the margin.
    """
    tight = _FILLING.sub("", text)
    if len(tight) > 1 and tight[-1] in _HANGING:
        tight = tight[:-1]
    marks, wide = len(_MARKS.findall(tight)), len(_WIDE.findall(tight))
    return len(tight) + wide + (mark - 1) * marks


def paragraphs(found: Sequence[Line], words: Words, first: int = 0) -> list[tuple[int, int]]:
    """The lines grouped to paragraphs: half-open ranges of indices.

    Text that is not wrapped keeps a paragraph a line. The first ``first`` lines are left alone.
    """
    if not _is_wrapped(found[first:]):
        return [(i, i + 1) for i in range(len(found))]
    page = _Page(found, words)
    ranges: list[tuple[int, int]] = [(i, i + 1) for i in range(first)]
    begin = first
    for i in range(first, len(found)):
        if i + 1 == len(found) or not page.goes_on(begin, i):
            ranges.append((begin, i + 1))
            begin = i + 1
    return ranges


def _is_wrapped(found: Sequence[Line]) -> bool:
    """Whether lines end in mid-sentence because a column was full, not because they are headings or items.

    Full lines are of nearly equal width, and none after them is much wider; running text has commas and
    comes to an end.
    """
    open_ = [i for i in range(len(found) - 1) if not found[i].final]
    if len(open_) < max(_FEWEST, _FULL_SHARE * len(found)) or not any(line.final for line in found):
        return False
    widths = [width(line.text, 1.0) for line in found]
    full = [i for i in open_ if _fills_alike(widths[i], widths[i + 1], found[i + 1])]
    if len(full) < max(_FEWEST, _FULL_SHARE * len(found), _REGULAR_SHARE * len(open_)):
        return False
    return _CLAUSE * sum(len(_COMMAS.findall(found[i].text)) for i in full) >= sum(widths[i] for i in full)


def _fills_alike(before: float, after: float, line: Line) -> bool:
    """Whether a line may follow an open one in the same column: not wider, and narrower only if it ends there."""
    if after > before + INDENT + SLACK:
        return False
    return line.final or after >= before - INDENT - SLACK


class _Page:
    """What the statistics of a wrapped document say, and the decision for each line."""

    def __init__(self, found: Sequence[Line], words: Words) -> None:
        self.found, self.words = found, words
        self.mark = min((1.0, 2.0), key=self._spread)
        self.widths = [width(line.text, self.mark) for line in found]
        self.gap = Counter(b.blanks for a, b in self._open_pairs()).most_common(1)[0][0]
        self.indents = self._uses_indents()
        self.deficit = self._has_deficit()
        self.apart = self._sets_apart()

    def _open_pairs(self) -> list[tuple[Line, Line]]:
        return [(a, b) for a, b in pairwise(self.found) if not a.final]

    def _spread(self, mark: float) -> float:
        """How much neighbouring full lines differ if a punctuation mark is that wide."""
        pairs = [(width(a.text, mark), width(b.text, mark)) for a, b in self._open_pairs() if not b.final]
        near = [abs(a - b) for a, b in pairs if abs(a - b) < 2 * INDENT]
        return fmean(near) if near else 0.0

    def _uses_indents(self) -> bool:
        """Whether the spaces before paragraphs were kept: some lines are indented, and some are not."""
        indented = sum(line.indent >= 2 for line in self.found)
        return 2 <= indented <= 0.9 * len(self.found)

    def _ends(self) -> list[int]:
        """Lines that surely end a paragraph: a sentence ends, and the column is not filled."""
        f, w = self.found, self.widths
        return [i for i in range(1, len(f) - 1) if f[i].final and w[i] < w[i - 1] - SLACK]

    def _sets_apart(self) -> bool:
        """Whether paragraphs are set apart by more blank lines than lines are."""
        ends = self._ends()
        apart = sum(self.found[i + 1].blanks > self.gap for i in ends)
        return bool(ends) and apart >= _REGULAR_SHARE * len(ends)

    def _has_deficit(self) -> bool:
        """Whether first lines are shorter than the column by an indent whose spaces were lost.

        After most paragraphs, the next line or (behind a heading) the one after it is.
        """
        ends = [i for i in self._ends() if i + 3 < len(self.found)]
        short = sum(self._is_first_line(i + 1) or self._is_first_line(i + 2) for i in ends)
        return bool(ends) and short >= _REGULAR_SHARE * len(ends)

    def _is_first_line(self, i: int) -> bool:
        """Whether a line is shorter than the one below it by the width of an indent."""
        if i + 1 >= len(self.found) or self.found[i].final or self.found[i + 1].final:
            return False
        return SLACK <= self.widths[i + 1] - self.widths[i] <= INDENT + SLACK / 2

    def goes_on(self, begin: int, i: int) -> bool:
        """Whether the paragraph that began at line ``begin`` goes on after line ``i``."""
        line, after = self.found[i], self.found[i + 1]
        if self.words.wants_name(line.text):
            return self.words.is_byline(f"{line.text} {after.text}")
        for one in (line, after):
            if self.words.is_byline(one.text) or self.words.is_lone_name(one.text):
                return False
        if not line.final and self.words.trailing_byline(line.text) >= 0:
            return False
        if after.blanks != self.gap:
            return self._over_page_break(begin, i)
        if self.indents and after.indent >= 2:
            return False
        return self._full(begin, i) if line.final else not self._is_heading(begin, i)

    def _column(self, begin: int, i: int) -> float:
        """The width of the column at line ``i``: of its paragraph so far, else of the lines around it."""
        if i > begin:
            return max(self.widths[max(begin, i - _NEAR) : i + 1])
        return max(self.widths[max(0, i - 2) : i + 3])

    def _full(self, begin: int, i: int) -> bool:
        """Whether a line that ends a sentence fills its column and what follows is no new paragraph."""
        line, column = self.found[i], self._column(begin, i)
        if self.widths[i] + self.mark < column - SLACK and not line.spaced:
            return False
        if self.indents or self.apart:
            return not self._stands_alone(i + 1)
        return self.deficit and self.widths[i + 1] >= column - INDENT / 2 and not self.found[i + 1].final

    def _stands_alone(self, i: int) -> bool:
        """Whether the spaces and blanks that are kept show that an open line is a heading."""
        if self.found[i].final or i + 1 == len(self.found):
            return False
        after = self.found[i + 1]
        return (self.indents and after.indent >= 2) or (self.apart and after.blanks > self.gap)

    def _is_heading(self, begin: int, i: int) -> bool:
        """Whether a line without final punctuation stands alone (or ends a heading) rather than goes on."""
        line, wide = self.found[i], self.widths
        if line.spaced or line.unclosed:
            return False
        if i > begin:
            short = wide[i] < _FAR * max(wide[max(begin, i - _NEAR) : i])
            return not line.running and (short or self._ends_long_heading(begin, i))
        column = max(wide[i + 1 : i + 3])
        if line.running:
            return wide[i] < _FAR * column or (line.text[-1] in "：:" and self._stands_alone(i + 1))
        return wide[i] + INDENT + SLACK < column or (self.deficit and self._is_first_line(i + 1))

    def _ends_long_heading(self, begin: int, i: int) -> bool:
        """Whether the lines are a heading of two or three: it began without an indent, and a first line follows."""
        if not self.deficit or i - begin > 2 or any(line.running for line in self.found[begin:i]):
            return False
        return self._is_first_line(i + 1) and self.widths[begin] >= self.widths[i + 2] - SLACK / 2

    def _over_page_break(self, begin: int, i: int) -> bool:
        """Whether a sentence goes on over a gap that is wider than those between lines."""
        line, after, column = self.found[i], self.found[i + 1], self._column(begin, i)
        if after.blanks < self.gap or i == begin or line.final or self.widths[i] < column - SLACK:
            return False
        return abs(self.widths[i + 1] - column) <= SLACK or (after.final and self.widths[i + 1] < column)
