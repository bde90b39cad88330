"""RDF of others: files in the usual syntaxes -> triples in the forms of the model, without blank nodes.

Nothing is fetched: a JSON-LD context must stand in the file. XML entities, lines without end and RDF 1.2 are refused.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import DataError, ReadError
from kg.importing_blank import without_blanks
from kg.importing_literals import normal

FORMATS: Mapping[str, ox.RdfFormat] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".turtle": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}
"""The syntaxes by the ends of file names; ``.gz`` may follow each."""
LONGEST = 8 << 20
"""Bytes of a line beyond which a file is refused; XML and JSON may stand in one line, up to ``LONGEST_DOCUMENT``."""
LONGEST_DOCUMENT = 256 << 20
LARGEST = 4 << 30
"""Bytes, unpacked, beyond which a file is refused."""

Triple = tuple[str, str, str]

_LEXED = (ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD)
# JSON-LD leaves out in silence what it cannot resolve, and RDF/XML gives no line: what begins so was relative.
_NOWHERE = "http://relative.invalid/"
_ENTITY = b"<!ENTITY"
_PLACE = re.compile(r"^Parser error at line \d+ (?:between columns \d+ and \d+|column \d+): | \(line \d+\)$")
_REMOTE = "LoadDocumentCallback"


@dataclass(frozen=True, slots=True)
class Rdf:
    """What files hold: triples as terms of N-Quads, sorted; ``notes`` tells what had to be changed."""

    triples: tuple[Triple, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Noted:
    """What is counted while reading: datatypes given up, and named graphs whose names are not kept."""

    dropped: Counter[str] = field(default_factory=Counter)
    graphs: set[str] = field(default_factory=set)

    def lines(self) -> Iterator[str]:
        for name, count in sorted(self.dropped.items()):
            yield f"{count} {'value' if count == 1 else 'values'} of xsd:{name} kept as plain text"
        if self.graphs:
            yield f"{len(self.graphs)} named {'graph' if len(self.graphs) == 1 else 'graphs'} joined into one"


def format_of(path: Path) -> ox.RdfFormat | None:
    """The syntax of a file by its name; none if it is no RDF."""
    name = path.name.lower().removesuffix(".gz")
    return FORMATS.get(Path(name).suffix)


def read_rdf(paths: Sequence[Path], base: str, graph: str) -> Rdf:
    """The triples of files, those of all their named graphs; blank nodes get IRIs that begin with ``graph#``.

    ``base`` resolves relative IRIs; without one they are refused. Raises :class:`DataError`, beginning ``file:line:``
    where the place is known, for what is not well-formed, :class:`ReadError` for a file that cannot be read.
    """
    noted, triples = _Noted(), set[Triple]()
    for number, path in enumerate(paths, 1):
        triples.update(_read(path, base, f"_:f{number}-", noted))
    if not triples:
        raise DataError(f"{paths[0]}: holds no triples; in JSON-LD, a context must say which IRIs its keys stand for")
    return Rdf(tuple(sorted(without_blanks(triples, graph))), tuple(noted.lines()))


def _read(path: Path, base: str, blank: str, noted: _Noted) -> Iterator[Triple]:
    fmt = format_of(path)
    if fmt is None:
        known = f"{', '.join(FORMATS)}, each perhaps with .gz; tables: .csv, .tsv, .xlsx"
        raise DataError(f"{path}: neither RDF nor a table by its name; RDF: {known}")
    with _opened(path) as raw:
        own = base or (_NOWHERE if fmt in _LEXED else None)
        try:
            guard = _Guard(raw, path, fmt)
            for quad in ox.parse(cast("IO[bytes]", guard), format=fmt, base_iri=own):
                if isinstance(quad.graph_name, ox.NamedNode):
                    noted.graphs.add(quad.graph_name.value)
                yield _triple(quad, path, blank, noted)
        except SyntaxError as error:
            raise _malformed(path, fmt, error, base) from error
        except (OSError, EOFError, zlib.error, MemoryError) as error:
            raise ReadError(f"{path}: cannot be read: {error}; give a file that is whole") from error
        except ValueError as error:
            raise DataError(f"{path}:1: {error}; give an absolute IRI with --base") from error


def _opened(path: Path) -> IO[bytes]:
    try:
        return cast("IO[bytes]", gzip.open(path, "rb")) if path.name.lower().endswith(".gz") else path.open("rb")
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror or error}; name a file") from error


class _Guard:
    """A file that a parser reads, watched: no endless line, no endless file, no XML entity; no byte order mark."""

    def __init__(self, raw: IO[bytes], path: Path, fmt: ox.RdfFormat) -> None:
        self._raw, self._path, self._xml = raw, path, fmt == ox.RdfFormat.RDF_XML
        self._longest = LONGEST_DOCUMENT if fmt in _LEXED else LONGEST
        self._line, self._length, self._size, self._tail = 1, 0, 0, b""
        start = raw.read(3)
        self._ready = b"" if start == b"\xef\xbb\xbf" else start

    def read(self, size: int = -1) -> bytes:
        # A parser that asks for a little and is given more reads past its buffer.
        ready, self._ready = self._ready[:size], self._ready[size:] if size > 0 else b""
        chunk = ready or self._raw.read(size if size > 0 else io.DEFAULT_BUFFER_SIZE)
        self._size += len(chunk)
        if self._size > LARGEST:
            raise DataError(f"{self._path}: larger than {LARGEST >> 30} GB; import it in parts")
        if self._xml:
            self._look(chunk)
        self._measure(chunk)
        return chunk

    def _look(self, chunk: bytes) -> None:
        seen = self._tail + chunk
        if _ENTITY in seen:
            raise DataError(f"{self._path}: declares XML entities, which are not read; write them out")
        self._tail = seen[-len(_ENTITY) + 1 :]

    def _measure(self, chunk: bytes) -> None:
        breaks = chunk.count(b"\n")
        self._length = len(chunk) - chunk.rfind(b"\n") - 1 if breaks else self._length + len(chunk)
        self._line += breaks
        if self._length > self._longest:
            raise DataError(f"{self._path}:{self._line}: a line of more than {self._longest >> 20} MB; break it up")


def _triple(quad: ox.Quad, path: Path, blank: str, noted: _Noted) -> Triple:
    s, p, o, _ = quad
    return _node(s, path, blank), _node(p, path, blank), _object(o, path, blank, noted, quad)


def _node(term: object, path: Path, blank: str) -> str:
    if isinstance(term, ox.BlankNode):
        return blank + term.value
    if not isinstance(term, ox.NamedNode):
        raise DataError(f"{path}: holds triple terms of RDF 1.2, which are not imported; write RDF 1.1")
    if term.value.startswith(_NOWHERE):
        name = term.value.removeprefix(_NOWHERE)
        where = f"{path}:{line_with(path, name)}" if name else f"{path}"
        raise DataError(f"{where}: the IRI {name!r} is relative; say with --base what it belongs to")
    return f"<{term.value}>"


def _object(term: object, path: Path, blank: str, noted: _Noted, quad: ox.Quad) -> str:
    if not isinstance(term, ox.Literal):
        return _node(term, path, blank)
    if term.direction is not None:
        raise DataError(f"{path}: holds texts with a direction (RDF 1.2), which are not imported; write RDF 1.1")
    try:
        made, dropped = normal(term.value, term.language or "", term.datatype.value)
    except ValueError as error:
        where = f"{path}:{line_with(path, term.value, str(quad.subject)[1:-1])}"
        raise DataError(f"{where}: {error} ({quad.subject} {quad.predicate}); mend it") from error
    if dropped:
        noted.dropped[dropped] += 1
    return made


def _malformed(path: Path, fmt: ox.RdfFormat, error: SyntaxError, base: str) -> DataError:
    reason = _PLACE.sub("", _PLACE.sub("", str(error.msg))).replace("\n", " ")
    if _REMOTE in reason:
        return DataError(f"{path}: its JSON-LD context is elsewhere, and nothing is fetched; put it into the file")
    line = error.lineno or _line_of_error(path, fmt, base)
    if "No scheme found" in reason and not base:
        reason = "an IRI is relative; say with --base what it belongs to"
    return DataError(f"{path}:{line}: {reason}; nothing was imported: mend the file")


def _line_of_error(path: Path, fmt: ox.RdfFormat, base: str) -> int:
    """The line at which a parser that gives none stops, found by giving it line by line."""
    with _opened(path) as raw:
        lines = _ByLine(raw)
        try:
            for _ in ox.parse(cast("IO[bytes]", lines), format=fmt, base_iri=base or _NOWHERE):
                pass
        except (SyntaxError, OSError, EOFError, zlib.error):
            return max(1, lines.number)
    return 1


class _ByLine:
    """A file of which each reading gives one line at most."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw, self._rest, self.number = raw, b"", 0

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = self._raw.readline(LONGEST)
            self.number += 1
        given, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return given


def line_with(path: Path, *words: str) -> int:
    """The first line of a file that holds most of some words, 1 if none holds any; looked up when something is wrong.

    Of an IRI, what follows its last ``/`` or ``#`` is looked for, because prefixes stand for the rest.
    """
    wanted = [re.split(r"[/#]", word.splitlines()[0])[-1].encode() for word in words if word.strip()]
    best, found = 0, 1
    with _opened(path) as lines:
        for number, line in enumerate(lines, 1):
            held = sum(word in line for word in wanted)
            if held > best:
                best, found = held, number
            if wanted and best == len(wanted):
                break
    return found
