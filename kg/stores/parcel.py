"""What is pushed: the quads of a file, graph by graph, in chunks of lines, with the counts to find on arrival."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg import nquads
from kg.errors import DataError, ReadError
from kg.export.source import ALL, KNOWN, short

LARGEST_CHUNK = 8 << 20
"""Bytes beyond which a chunk ends, however few its lines are."""
_SAMPLE = 24


@dataclass(frozen=True, slots=True)
class Parcel:
    """A named graph (full IRI) to send: how many triples with each predicate, and some triples to look for.

    The sample holds IRIs and texts only: stores may write numbers and dates in another way than they were sent.
    """

    graph: str
    predicates: Mapping[str, int]
    sample: Sequence[str] = field(default=())

    @property
    def triples(self) -> int:
        """How many triples there are."""
        return sum(self.predicates.values())


@dataclass(frozen=True, slots=True)
class Survey:
    """All that a file of N-Quads has to send: its graphs by name, and a hash of all of it."""

    path: Path
    parcels: Mapping[str, Parcel]
    digest: str

    def select(self, graphs: Sequence[str]) -> Sequence[Parcel]:
        """The graphs so called (``facts``, a full IRI, ``all``), or all; :class:`DataError` for a name there is not."""
        if not graphs or ALL in graphs:
            return list(self.parcels.values())
        wanted = {iri for name in graphs for iri in self._named(name)}
        return [parcel for iri, parcel in self.parcels.items() if iri in wanted]

    def _named(self, name: str) -> Sequence[str]:
        found = [iri for iri in self.parcels if name in (iri, short(iri))]
        if not found:
            there = ", ".join(sorted(map(short, self.parcels)))
            why = "is empty in this build" if name in KNOWN else "is not there"
            raise DataError(f"{self.path}: the graph {name!r} {why}; there are {there} and {ALL}")
        return found


def survey(path: Path) -> Survey:
    """Read a file of N-Quads through; :class:`DataError`, beginning ``file:line:``, for what cannot be pushed."""
    counts: dict[str, Counter[str]] = {}
    samples: dict[str, list[str]] = {}
    digest = hashlib.sha256()
    for number, (s, p, o, g) in enumerate(nquads.read(path), 1):
        if not g:
            raise DataError(f"{path}:{number}: a triple without a named graph cannot be pushed; name its graph")
        counted = counts.setdefault(g, Counter())
        counted[p] += 1
        digest.update(f"{s} {p} {o} {g}\n".encode())
        if counted.total() & (counted.total() - 1) == 0 and "^^<" not in o:
            samples.setdefault(g, []).append(f"{s} {p} {o}")
    parcels = {g[1:-1]: Parcel(g[1:-1], dict(counts[g]), samples.get(g, [])[:_SAMPLE]) for g in sorted(counts)}
    return Survey(path, parcels, digest.hexdigest())


def chunks(path: Path, graph: str, size: int) -> Iterator[tuple[bytes, int]]:
    """The triples of a graph as lines of N-Triples, ``size`` at a time, with the number of them."""
    end = f" <{graph}> .\n".encode()
    lines: list[bytes] = []
    length = 0
    try:
        with path.open("rb") as file:
            for line in file:
                if not line.endswith(end):
                    continue
                lines.append(line[: -len(end)] + b" .\n")
                length += len(lines[-1])
                if len(lines) == size or length >= LARGEST_CHUNK:
                    yield b"".join(lines), len(lines)
                    lines, length = [], 0
    except OSError as error:
        raise ReadError(f"{path}: cannot read the graph: {error.strerror}") from error
    if lines:
        yield b"".join(lines), len(lines)
