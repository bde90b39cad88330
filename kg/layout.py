"""Lines to blocks: title, heading, body, byline, caption, in the order of the source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.bylines import Words
from kg.wraps import Line, lines, paragraphs, width

_INNER_END = re.compile("[。！？；][^。！？；]")
_FINAL = re.compile('[。！？；…：，、,:—][”’」』）》】〉")]*$')
_HEADLINE = 90.0  # cells: a headline or subhead is shorter
_TITLE = 240.0  # cells: no title is longer, though it be set apart


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of levelled text that becomes one block; ``apart`` says that a blank line follows it."""

    start: int
    end: int
    kind: str
    final: bool
    apart: bool = False


def lay_out(chars: str, words: Words, titled: bool = False) -> list[Piece]:
    """The blocks of levelled text; ``titled`` says that its first line is known to be the title."""
    found = lines(chars)
    if not found:
        return []
    ranges = paragraphs(found, words, first=int(titled))
    pieces: list[Piece] = []
    for begin, end in ranges:
        pieces.extend(_split(chars, found[begin:end], words))
    pieces = _apart(pieces, found)
    return _kinds(chars, pieces, words, titled)


def _split(chars: str, paragraph: Sequence[Line], words: Words) -> list[Piece]:
    """A paragraph, and its byline apart where one ends it."""
    start, end, last = paragraph[0].start, paragraph[-1].end, paragraph[-1]
    whole = Piece(start, end, "body", last.final)
    if last.final and not last.text.endswith(("）", ")")):
        return [whole]
    if len(paragraph) == 1 and words.is_byline(last.text):
        return [replace(whole, kind="byline")]
    if len(paragraph) > 1 and words.is_byline(chars[start:end]):
        return [replace(whole, kind="byline")]
    cut = words.trailing_byline(last.text)
    if cut <= 0:
        return [whole]
    text = last.text[:cut].rstrip(" \0")
    before = Piece(start, last.start + len(text), "body", bool(_FINAL.search(text)))
    return [before, Piece(last.start + cut, end, "byline", False)]


def _apart(pieces: list[Piece], found: Sequence[Line]) -> list[Piece]:
    """The pieces, the first marked if more blank lines follow it than some other piece."""
    blanks = {line.start: line.blanks for line in found}
    after = [blanks[p.start] for p in pieces[1:] if p.start in blanks]
    if after and after[0] and (len(after) == 1 or after[0] > min(after)):
        return [replace(pieces[0], apart=True), *pieces[1:]]
    return pieces


def _kinds(chars: str, pieces: list[Piece], words: Words, titled: bool) -> list[Piece]:
    """The pieces with their kinds, each decided by itself and its neighbours."""
    for i, piece in enumerate(pieces):
        if piece.kind != "body":
            continue
        text = chars[piece.start : piece.end]
        if i == 0 and (titled or _is_title(chars, pieces)):
            kind = "title"
        elif _is_heading(chars, pieces, i):
            before = pieces[i - 1].kind if i else ""
            kind = "byline" if before in {"title", "heading"} and words.is_lone_name(text) else "heading"
        elif _credited(chars, pieces, i, words) or words.is_caption(text):
            kind = "caption"
        else:
            continue
        pieces[i] = replace(piece, kind=kind)
    return pieces


def _is_title(chars: str, pieces: Sequence[Piece]) -> bool:
    """Whether the first piece is a headline: set apart by a blank line, or followed by running text."""
    first = pieces[0]
    text = chars[first.start : first.end]
    if len(pieces) < 2 or (_FINAL.search(text) and not text.endswith(("？", "！", "?", "!", "…"))):
        return False
    if first.apart and "\n" not in text and width(text, 2.0) <= _TITLE and not _INNER_END.search(text):
        return True
    return _is_heading(chars, pieces, 0)


def _is_heading(chars: str, pieces: Sequence[Piece], i: int) -> bool:
    """Whether a piece is a short line without final punctuation that running text follows."""
    piece = pieces[i]
    if piece.final or piece.end - piece.start > 3 * _HEADLINE:
        return False
    text = chars[piece.start : piece.end]
    if _FINAL.search(text) or _INNER_END.search(text) or width(text, 2.0) > _HEADLINE:
        return False
    following = [p for p in pieces[i + 1 : i + 4] if p.kind != "byline"][:2]
    return any(p.final and p.end - p.start > piece.end - piece.start for p in following)


def _credited(chars: str, pieces: Sequence[Piece], i: int, words: Words) -> bool:
    """Whether a photograph's credit follows."""
    if i + 1 == len(pieces) or pieces[i + 1].kind != "byline":
        return False
    credit = pieces[i + 1]
    return words.is_credit(chars[credit.start : credit.end])
