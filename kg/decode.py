"""Bytes to characters: UTF-8, UTF-16, GB18030, each strictly; an error names byte and line."""

from __future__ import annotations

import codecs
import re

from kg.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x7fELF", "a program"),
)
_SAMPLE = 1 << 16
# What text is made of: printable ASCII, CJK punctuation, kana, ideographs, full-width forms, general punctuation.
_USUAL = re.compile("[\t\n\r -~\u00a0-\u00ff\u2010-\u203a\u3000-\u30ff㐀-䶿一-鿿\uff00-\uffef]")
_BROKEN_SHARE = 0.1  # of what is not ASCII: above it, bytes that are no UTF-8 are another encoding, not damage
_USUAL_SHARE = 0.9
# GB2312 level 1 (lead bytes B0 to D7) and its symbols (A1, A3): what GB text is mostly made of, and Big5 is not.
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_COMMON = re.compile(rb"[\xa1\xa3\xb0-\xd7][\xa1-\xfe]")
_COMMON_SHARE = 0.75


def decode(raw: bytes, source: str) -> str:
    """The characters of a file's bytes; ``source`` is its name in messages.

    In this order: a byte order mark; UTF-16 by the pattern of its zero bytes; UTF-8; GB18030 where the result
    looks like Chinese. Nothing is replaced or skipped. Raises ``ReadError`` for an empty or binary file and for
    bytes that cannot be decoded, with byte offset and line.
    """
    if not raw.strip():
        raise ReadError(f"{source}: is empty; give a file with text")
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _strict(raw, encoding, source, skip=len(mark))
    if kind := binary_kind(raw):
        raise ReadError(f"{source}: is {kind}, not text; {_advice(kind)}")
    if b"\0" in raw[:_SAMPLE]:
        return _strict(raw, _utf16_kind(raw, source), source)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy(raw, source, error)


def binary_kind(raw: bytes) -> str:
    """What kind of binary file the bytes are, in words; empty if they are none that is known."""
    return next((kind for magic, kind in _BINARY if raw.startswith(magic)), "")


def _advice(kind: str) -> str:
    if kind == "a PDF":
        return "reading PDF comes later: extract its text first, as with 'pdftotext -enc UTF-8 FILE.pdf FILE.txt'"
    return "give plain text, HTML or JSON Lines"


def _strict(raw: bytes, encoding: str, source: str, skip: int = 0) -> str:
    try:
        text = raw[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _broken(raw, encoding, source, error, skip) from error
    if not text.strip():
        raise ReadError(f"{source}: is empty; give a file with text")
    return text


def _broken(raw: bytes, encoding: str, source: str, error: UnicodeDecodeError, skip: int = 0) -> ReadError:
    at = skip + error.start
    head = raw[skip:at].decode(encoding, errors="replace")
    line = len(re.findall(r"\r\n|\r|\n", head)) + 1
    return ReadError(
        f"{source}:{line}: byte 0x{raw[at]:02x} at offset {at} cannot be decoded as {encoding.upper()}; "
        "mend that byte, or convert the file to UTF-8 with 'iconv -f ENCODING -t UTF-8'"
    )


def _utf16_kind(raw: bytes, source: str) -> str:
    """Which UTF-16 the bytes are, by which half of them holds the zeros; ``ReadError`` if neither reads as text."""
    sample = raw[: min(_SAMPLE, len(raw) & ~1)]
    little, big = sample[1::2].count(0), sample[0::2].count(0)
    encoding = "utf-16-le" if little >= big else "utf-16-be"
    text = sample.decode(encoding, errors="replace")
    if len(raw) % 2 or len(_USUAL.findall(text)) < _USUAL_SHARE * len(text):
        raise ReadError(
            f"{source}: is binary (byte 0x00 at offset {raw.index(0)}); give plain text, HTML or JSON Lines"
        )
    return encoding


def _legacy(raw: bytes, source: str, error: UnicodeDecodeError) -> str:
    """Bytes that are no UTF-8: damaged UTF-8, GB18030, or neither."""
    if _mostly_utf8(raw, error.start):
        raise _broken(raw, "utf-8", source, error)
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError as wrong:
        if _common_share(raw) < _COMMON_SHARE:
            raise _unknown(source, error) from wrong
        raise _broken(raw, "gb18030", source, wrong) from wrong
    if _common_share(raw) < _COMMON_SHARE:
        raise _unknown(source, error)
    return text


def _unknown(source: str, error: UnicodeDecodeError) -> ReadError:
    return ReadError(
        f"{source}: is neither UTF-8 (offset {error.start}) nor UTF-16 nor GB18030; it is binary or in another "
        "encoding: convert it to UTF-8, for example with 'iconv -f BIG5 -t UTF-8'"
    )


def _mostly_utf8(raw: bytes, first: int) -> bool:
    """Whether all but a little of what is not ASCII is good UTF-8."""
    near = raw[max(0, first - _SAMPLE) : first + _SAMPLE]
    text = near.decode("utf-8", errors="replace")
    other = sum(not c.isascii() for c in text)
    return text.count("\ufffd") <= max(3, _BROKEN_SHARE * other) and other > text.count("\ufffd")


def _common_share(raw: bytes) -> float:
    """The share of double-byte characters that are the commonest Chinese ones, if this is GB18030."""
    pairs = _PAIR.findall(raw[:_SAMPLE])
    return sum(bool(_COMMON.fullmatch(pair)) for pair in pairs) / len(pairs) if pairs else 0.0
