"""JSON Lines: one article a line, read as a stream."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.decode import decode
from kg.errors import ReadError
from kg.metadata import iso_date

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Record:
    """One article as its line gives it; ``line`` counts from 1."""

    line: int
    text: str
    title: str
    published: str
    id: str
    language: str


def records(lines: Iterator[bytes], source: str) -> Iterator[Record]:
    """The records of JSON Lines in UTF-8 (or UTF-16 with a byte order mark); blank lines are skipped.

    Raises ``ReadError`` beginning ``source:line:`` for a line that is no JSON object, has no ``text``, or a date
    that is none; and for input without any record.
    """
    number = 0
    for number, line in _decoded(lines, source):
        yield _record(line, number, source)
    if not number:
        raise ReadError(f'{source}: is empty; give one JSON object a line, such as {{"text": "…"}}')


def _decoded(lines: Iterator[bytes], source: str) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(lines, 1):
        if number == 1 and raw.startswith(_UTF16):
            whole = decode(raw + b"".join(lines), source)
            yield from ((n, line) for n, line in enumerate(whole.split("\n"), 1) if line.strip())
            return
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise ReadError(
                f"{source}:{number}: byte 0x{raw[error.start]:02x} at offset {error.start} of the line is no UTF-8; "
                "JSON Lines are UTF-8: convert with 'iconv -f GB18030 -t UTF-8'"
            ) from error
        if line.strip():
            yield number, line


def _record(line: str, number: int, source: str) -> Record:
    where = f"{source}:{number}"
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ReadError(
            f"{where}: is no JSON ({error.msg} at column {error.colno}); write one object a line"
        ) from error
    except RecursionError as error:
        raise ReadError(f'{where}: is nested too deep; write a flat object with "text"') from error
    if not isinstance(row, dict):
        raise ReadError(f'{where}: is no JSON object; write {{"text": "…"}}')
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ReadError(f'{where}: has no "text"; give each line the text of its article under that key')
    given = _string(row, "date", where) or _string(row, "published", where)
    published = iso_date(given)
    if published is None:
        raise ReadError(f'{where}: "date" {given!r} is no date; write YYYY-MM-DD, or leave it out')
    title = " ".join(_string(row, "title", where).split())
    return Record(number, text, title, published, _string(row, "id", where), _string(row, "language", where) or "zh")


def _string(row: dict[str, Any], key: str, where: str) -> str:
    value = row.get(key)
    if value is None or isinstance(value, str):
        return (value or "").strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ReadError(f'{where}: "{key}" must be a string, not {type(value).__name__}; put it in quotes')
