"""Chinese text: normalised once, at reading, with a way back to the source; then cut to sentences and clauses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from kg.bylines import words
from kg.characters import GONE, HAN, fold, level, widen
from kg.layout import Piece, lay_out
from kg.types import Block, Offsets, Span

__all__ = ["Normalised", "clauses", "fold", "normalise", "sentences", "to_source"]

_CLOSING = "”’」』）》】〉"
_SENTENCE = re.compile(rf"[^。！？\n]*[。！？]+[{_CLOSING}]*|[^。！？\n]+")
_CLAUSE = re.compile(rf"[^。！？；，：\n]*[。！？；，：]+[{_CLOSING}]*|[^。！？；，：\n]+")

_RUN = re.compile("[ \n\0]+")
_DECIMAL = re.compile(r"[^\d\s]\d{1,9}\.$")  # not the number of an item at the start of a block
_IDEOGRAPH = re.compile(f"[{HAN}]")
_WORD = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f'’.,;:!?)(\"&+-]")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text ready to be read: one paragraph a line, and where each character stands in the source."""

    text: str
    offsets: Offsets
    blocks: tuple[Block, ...]


def normalise(source: str, *, titled: bool = False) -> Normalised:
    """Unwrap and unify a source text; ``titled`` says that its first line is known to be the title.

    Every block is one line of the result, without spaces between Chinese characters, in half-width letters and
    digits and Chinese punctuation. Nothing visible is added, left out or moved: for every span of the result,
    ``fold(source[to_source(offsets, span)]) == fold(text[span])``.
    """
    chars = level(source)
    pieces = lay_out(chars, words(), titled)
    out = _Assembly(chars)
    for piece in pieces:
        out.add(piece)
    text = widen(out.text.getvalue())
    return Normalised(text, Offsets(tuple(out.runs), len(text)), tuple(out.blocks))


class _Assembly:
    """The text as it grows, with its runs and blocks."""

    def __init__(self, chars: str) -> None:
        self.chars = chars
        self.text = StringIO()
        self.runs: list[tuple[int, int]] = []
        self.blocks: list[Block] = []
        self.length = 0
        self.source = 0  # where the next character would come from if the run went on

    def put(self, text: str, source: int) -> None:
        """Append characters that stand at ``source`` and after it."""
        if not self.runs or source != self.source:
            self.runs.append((self.length, source))
        self.text.write(text)
        self.length += len(text)
        self.source = source + len(text)

    def add(self, piece: Piece) -> None:
        """Append a block, after a line break if it is not the first."""
        chars, at = self.chars, piece.start
        if self.length:
            self._break(at)
        begin = self.length
        for start, end, kept in _spaces(chars, piece):
            self.put(chars[at:start], at)
            at = end
            if kept:
                self.put(" ", start + len(chars[start:end]) - len(chars[start:end].lstrip(GONE)))
        if piece.end > at:
            self.put(chars[at : piece.end], at)
        self.blocks.append(Block(Span(begin, self.length), piece.kind))

    def _break(self, following: int) -> None:
        """A line break: that of the source, or one that no character of the source stands for."""
        gap = self.chars[self.source : following]
        blank = len(gap) - len(gap.lstrip(GONE))
        if blank < len(gap):
            self.put("\n", self.source + blank)
            return
        self.put("\n", following)
        self.source = -1


def _spaces(chars: str, piece: Piece) -> Iterator[tuple[int, int, bool]]:
    """The runs of white space and invisible characters in a piece, and whether a space of each stays."""
    if piece.kind != "byline":
        for m in _RUN.finditer(chars, piece.start, piece.end):
            yield m.start(), m.end(), _keeps_space(chars, m.start(), m.end(), piece)
        return
    runs = [m.span() for m in _RUN.finditer(chars, piece.start, piece.end) if m[0].strip(GONE)]
    edges = [piece.start, *(at for run in runs for at in run), piece.end]
    tokens = [chars[a:b].replace(GONE, "") for a, b in zip(edges[::2], edges[1::2], strict=True)]
    kept = dict(zip(runs, words().byline_spaces(tokens), strict=True))
    for m in _RUN.finditer(chars, piece.start, piece.end):
        yield m.start(), m.end(), kept.get(m.span(), False)


def _keeps_space(chars: str, start: int, end: int, piece: Piece) -> bool:
    """Whether the white space at ``start`` separates words rather than filling a line."""
    run = chars[start:end]
    if not run.strip(GONE):
        return False
    before, after = chars[start - 1], chars[end]
    if before.isdigit() and after.isdigit():
        return "\n" not in run and not _parts_of_number(chars, start, end)
    if before == "." and after.isdigit() and _DECIMAL.search(chars[max(piece.start, start - 12) : start]):
        return False
    if _WORD.match(before) or before.isdigit():
        return bool(_WORD.match(after)) or after.isdigit()
    if "\n" in run:
        return False
    return _separates(chars, start, end, piece)


def _parts_of_number(chars: str, start: int, end: int) -> bool:
    """Whether digits on both sides are one number: a lone digit, or groups of three."""
    left = re.search(r"\d*$", chars[max(0, start - 8) : start])
    right = re.match(r"\d*", chars[end : end + 8])
    n, m = len(left[0]) if left else 0, len(right[0]) if right else 0
    return n == 1 or m == 1 or (n <= 3 and m == 3)


def _separates(chars: str, start: int, end: int, piece: Piece) -> bool:
    """Whether a space among Chinese stands between names or phrases, not inside one."""
    left = _token_before(chars, start, piece.start)
    right = _token_after(chars, end, piece.end)
    if piece.kind in {"title", "heading"}:
        return len(left) >= 4 and len(right) >= 4
    return bool(_IDEOGRAPH.match(left[-1]) and _IDEOGRAPH.match(right[0])) and len(left) >= 2 and len(right) >= 2


def _token_before(chars: str, end: int, floor: int) -> str:
    part = chars[max(floor, end - 8) : end]
    return _RUN.split(part)[-1]


def _token_after(chars: str, start: int, ceiling: int) -> str:
    return _RUN.split(chars[start : min(ceiling, start + 8)])[0]


def to_source(offsets: Offsets, span: Span) -> Span:
    """The span of the source's characters for a span of the text."""
    runs = offsets.runs
    if not runs:
        return Span(0, 0)
    at = bisect_right(runs, (span.start, 1 << 62)) - 1
    start = runs[at][1] + span.start - runs[at][0]
    if span.end <= span.start:
        return Span(start, start)
    last = bisect_right(runs, (span.end - 1, 1 << 62)) - 1
    end = runs[last][1] + span.end - runs[last][0]
    if last + 1 < len(runs) and runs[last + 1][0] == span.end:
        end = min(end, runs[last + 1][1])
    return Span(start, max(start, end))


def sentences(text: str, blocks: Sequence[Block] = ()) -> tuple[Span, ...]:
    """The sentences in order: cut after 。！？ and the quotes and brackets that close there, and at block ends."""
    return tuple(_cut(_SENTENCE, text, [b.span for b in blocks] or [Span(0, len(text))]))


def clauses(text: str, span: Span) -> tuple[Span, ...]:
    """The clauses of a span in order, each with its punctuation: cut after ，：； and at sentence ends."""
    return tuple(_cut(_CLAUSE, text, [span]))


def _cut(pattern: re.Pattern[str], text: str, spans: Sequence[Span]) -> Iterator[Span]:
    for span in spans:
        for m in pattern.finditer(text, span.start, span.end):
            start, end = m.span()
            if text[start] == " " or text[end - 1] == " ":
                part = m[0]
                start, end = start + len(part) - len(part.lstrip(" ")), end - (len(part) - len(part.rstrip(" ")))
            if end > start:
                yield Span(start, end)
