"""Terms and lines of N-Quads, written canonically: the same quads are the same bytes in every build.

A term is the string that N-Quads has for it (``<iri>``, ``"text"@zh``, ``"1"^^<…integer>``). There are no blank nodes,
so sorted lines without repetition are the canonical form (RDF Dataset Canonicalization has nothing left to name).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from kg.errors import DataError, OutputError, ReadError
from kg.types import Quad

XSD = "http://www.w3.org/2001/XMLSchema#"

_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_CONTROLS = [*range(0x20), 0x7F, 0xFFFE, 0xFFFF]
_ESCAPES = {code: _SHORT.get(chr(code), f"\\u{code:04X}") for code in [*_CONTROLS, ord('"'), ord("\\")]}
_TO_ESCAPE = re.compile("[" + "".join(re.escape(chr(code)) for code in _ESCAPES) + "]")
_UNESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_LETTERS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
_IRI_UNSAFE = re.compile(
    r"[\x00-\x20<>\"{}|^`\\\[\]\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U0010ffff]|%(?![0-9A-Fa-f]{2})"
)
_LITERAL = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[a-zA-Z0-9-]+)|\^\^<(?P<datatype>[^>]*)>)?', re.DOTALL
)
_LINE = re.compile(r'(<[^>]*>) (<[^>]*>) (<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[a-zA-Z0-9-]+|\^\^<[^>]*>)?)(?: (<[^>]*>))? \.')


def iri(text: str) -> str:
    """An IRI as a term; characters that an IRI cannot hold are percent-encoded.

    >>> iri("https://example.org/a b")
    '<https://example.org/a%20b>'
    """
    return f"<{_IRI_UNSAFE.sub(lambda match: quote(match[0], safe=''), text)}>"


def escape(text: str) -> str:
    """The text as it stands between the quotes of a canonical literal."""
    return text.translate(_ESCAPES) if _TO_ESCAPE.search(text) else text


@lru_cache(maxsize=1 << 16)
def literal(text: str, language: str = "", datatype: str = "") -> str:
    """A literal as a term; ``language`` is lowered, ``datatype`` is an IRI, ``xsd:string`` is left unsaid.

    >>> literal("雄安新区", language="zh")
    '"雄安新区"@zh'
    """
    quoted = f'"{escape(text)}"'
    if language:
        return f"{quoted}@{language.lower()}"
    return quoted if datatype in ("", XSD + "string") else f"{quoted}^^<{datatype}>"


def decimal(value: str | float | int | Decimal) -> str:
    """A number as a canonical ``xsd:decimal``: no exponent, no trailing zeros.

    >>> decimal("40.70")
    '"40.7"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    text = f"{Decimal(str(value)):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f'"{"0" if text in ("-0", "") else text}"^^<{XSD}decimal>'


def integer(value: int) -> str:
    """A whole number as an ``xsd:integer``."""
    return f'"{value}"^^<{XSD}integer>'


def split_literal(term: str) -> tuple[str, str, str] | None:
    """Text, language and datatype IRI of a literal term; ``None`` if the term is an IRI.

    >>> split_literal('"雄安站"@zh')
    ('雄安站', 'zh', '')
    """
    match = _LITERAL.fullmatch(term)
    if match is None:
        return None
    return unescape(match["text"]), match["language"] or "", match["datatype"] or ""


def unescape(text: str) -> str:
    """The inverse of :func:`escape`; it reads every escape that N-Quads knows."""
    return _UNESCAPE.sub(_letter, text) if "\\" in text else text


def _letter(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _LETTERS.get(code, code)


def plain(term: str) -> str:
    """What a person reads of a term: the text of a literal, the address of an IRI."""
    parts = split_literal(term)
    return term[1:-1] if parts is None else parts[0]


def line(quad: Quad) -> str:
    """One quad as a line of N-Quads, its end included; without a graph it is a line of N-Triples."""
    subject, predicate, object_, graph = quad
    return f"{subject} {predicate} {object_} {graph} .\n" if graph else f"{subject} {predicate} {object_} .\n"


def parse(lines: Iterable[str], source: str = "N-Quads") -> Iterator[Quad]:
    """Quads of lines such as :func:`line` writes (canonical N-Quads or N-Triples without blank nodes).

    Much faster than a general parser. Raises :class:`DataError`, beginning ``source:line:``, on anything else.
    """
    for number, text in enumerate(lines, 1):
        match = _LINE.fullmatch(text.rstrip("\n"))
        if match is None:
            raise DataError(f"{source}:{number}: not a line of canonical N-Quads: {text.strip()[:80]!r}")
        subject, predicate, object_, graph = match.groups()
        yield Quad(subject, predicate, object_, graph or "")


def read(path: Path) -> Iterator[Quad]:
    """The quads of a file that :func:`write` wrote; :class:`ReadError` if it cannot be read."""
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            yield from parse(lines, str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: cannot read the graph: {error}; run `kg build` to make it anew") from error


def write(quads: Iterable[Quad], path: Path) -> int:
    """Write the quads sorted and without repetition, beside and then renamed; their number is returned."""
    lines = sorted({line(quad) for quad in quads})
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(lines)
        beside.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot write the graph: {error.strerror}; choose another folder") from error
    return len(lines)
