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
from statistics import fmean, median

from kg.bylines import Words
from kg.characters import HAN

_LINE = re.compile(r"[^\n]*[^\n \0][^\n]*")
_FINAL = re.compile('[。！？；…][”’」』）》】〉")]*$')
_INNER = re.compile("[。！？]")
_CUT = re.compile("[，、：；—,:]$")
_COMMAS = re.compile("[，、。；！？]")
_WIDE = re.compile(f"[{HAN}\u3040-\u30ff\uac00-\ud7af]")
_MARKS = re.compile("[，。、；：？！“”‘’（）《》〈〉【】「」『』…—·]")
_FILLING = re.compile("\0+|(?<=[^ -~])[ \0]+|[ \0]+(?=[^ -~])")
_SPACED = re.compile(f"(?<=[{HAN}]) +(?=[{HAN}])")

INDENT = 4.0  # cells: two characters, as Chinese paragraphs begin
SLACK = 3.0  # cells: line breaking before punctuation leaves up to a character and a half


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank: its place in the source, without the spaces around it.

    ``blanks`` counts the blank lines before it, ``indent`` the cells before its first character; ``width`` is
    in half-width cells. ``final`` says that it ends a sentence, ``inner`` that one ends inside it, ``cut`` that
    it ends at a comma or colon, ``spaced`` that it was justified by spaces between its characters.
    """

    start: int
    end: int
    text: str
    blanks: int
    indent: float
    final: bool

    @property
    def inner(self) -> bool:
        return bool(_INNER.search(self.text[:-1]))

    @property
    def cut(self) -> bool:
        return bool(_CUT.search(self.text))

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
        start = m.start() + len(raw) - len(raw.lstrip(" \0"))
        blanks = chars.count("\n", end, start) - 1 if found else 0
        end = start + len(text)
        indent = float(start - m.start())
        found.append(Line(start, end, text, blanks, indent, bool(_FINAL.search(text, max(0, len(text) - 8)))))
    return found


def width(text: str, mark: float) -> float:
    """How wide the text is set, in half-width cells; ``mark`` is the width of a punctuation mark (1 to 2 cells)."""
    tight = _FILLING.sub("", text)
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
    """Whether lines end in mid-sentence because the column was full, not because they are headings."""
    open_ = [i for i in range(len(found) - 1) if not found[i].final]
    if len(open_) < 3 or len(open_) < 0.35 * len(found):
        return False
    widths = [width(line.text, 1.0) for line in found]
    full = [i for i in open_ if widths[i] >= 0.8 * widths[i + 1]]
    if len(full) < 3 or len(full) < 0.35 * len(found):
        return False
    return sum(len(_COMMAS.findall(found[i].text)) for i in full) >= 0.5 * len(full)


class _Page:
    """What the statistics of a wrapped document say, and the decision for each line."""

    def __init__(self, found: Sequence[Line], words: Words) -> None:
        self.found, self.words = found, words
        self.mark = min((1.0, 2.0), key=self._spread)
        self.widths = [width(line.text, self.mark) for line in found]
        self.gap = Counter(b.blanks for a, b in self._open_pairs()).most_common(1)[0][0]
        self.indents = self._uses_indents()
        self.deficit = self._has_deficit()

    def _open_pairs(self) -> list[tuple[Line, Line]]:
        return [(a, b) for a, b in pairwise(self.found) if not a.final]

    def _spread(self, mark: float) -> float:
        """How much neighbouring full lines differ if a punctuation mark is that wide."""
        pairs = [(width(a.text, mark), width(b.text, mark)) for a, b in self._open_pairs() if not b.final]
        near = [abs(a - b) for a, b in pairs if abs(a - b) < 2 * INDENT]
        return fmean(near) if near else 0.0

    def _uses_indents(self) -> bool:
        """Whether the spaces before paragraphs were kept: some lines are indented, and most are not."""
        indented = sum(line.indent >= 2 for line in self.found)
        return 2 <= indented <= 0.6 * len(self.found)

    def _has_deficit(self) -> bool:
        """Whether first lines are shorter than the column by an indent whose spaces were lost."""
        f, w = self.found, self.widths
        gains = [
            w[i + 2] - w[i + 1]
            for i in range(1, len(f) - 2)
            if f[i].final and w[i] < w[i - 1] - SLACK and not (f[i - 1].final or f[i + 1].final or f[i + 2].final)
        ]
        return bool(gains) and INDENT - 2 <= median(gains) <= INDENT + 2

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
            return max(self.widths[begin : i + 1])
        return max(self.widths[max(0, i - 2) : i + 3])

    def _full(self, begin: int, i: int) -> bool:
        """Whether a line that ends a sentence fills its column and what follows is no new paragraph."""
        line, column = self.found[i], self._column(begin, i)
        if self.widths[i] < column - SLACK and not line.spaced:
            return False
        if self.indents:
            return True
        return self.deficit and self.widths[i + 1] >= column - INDENT / 2 and not self.found[i + 1].final

    def _is_heading(self, begin: int, i: int) -> bool:
        """Whether a line without final punctuation stands alone rather than goes on."""
        line = self.found[i]
        if line.inner or line.cut or line.spaced:
            return False
        if i > begin:
            return self.widths[i] < 0.6 * max(self.widths[begin:i])
        return self.widths[i] + INDENT + SLACK < max(self.widths[i + 1 : i + 3])

    def _over_page_break(self, begin: int, i: int) -> bool:
        """Whether a sentence goes on over a gap that is wider than those between lines."""
        line, after, column = self.found[i], self.found[i + 1], self._column(begin, i)
        if after.blanks < self.gap or i == begin or line.final or self.widths[i] < column - SLACK:
            return False
        return abs(self.widths[i + 1] - column) <= SLACK or (after.final and self.widths[i + 1] < column)
