"""The lines of a build's N-Quads as bytes: most of what exports ask of a graph needs no parser, and is faster without.

A build writes canonical lines, each with its graph before the full stop. A file of which that is not true is found out
by :func:`survey`, and then has to be parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, repeat
from pathlib import Path

import pyoxigraph as ox

BATCH = 1 << 20
"""Bytes of lines that are held at a time, about."""
_FEWEST = 4  # spaces in a line with a graph: a line without one may end in an IRI that looks like its graph
_LOCAL = rb"[^#/>\s]*>(?! \.\n)"  # what ends a line is the name of its graph


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the lines of a graph stand in the file, as byte offsets; lines of other graphs may stand among them."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look at all lines tells: graphs by IRI with their extents, and the lines that speak of ``marks``."""

    extents: Mapping[str, Extent]
    marked: Sequence[bytes]


def survey(path: Path, mark: bytes) -> Survey | None:
    """Look at every line; ``None`` if one is not of the form that builds write, so that only a parser can tell more."""
    extents: dict[bytes, Extent] = {}
    marked: list[bytes] = []
    start = 0
    for lines in _batches(path):
        batch = b"".join(lines)
        end = start + len(batch)
        endings = _endings(lines, extents)
        if min(map(bytes.count, lines, repeat(b" "))) < _FEWEST:
            return None
        if any(_graph_of(next(filter(_ends(new), lines))) != new for new in endings - extents.keys()):
            return None
        extents |= {ending: Extent(extents[ending].start if ending in extents else start, end) for ending in endings}
        if mark in batch:
            marked += [line for line in lines if mark in line]
        start = end
    return Survey({ending[2:-4].decode(): extent for ending, extent in extents.items()}, marked)


def of_graphs(path: Path, graphs: Mapping[str, Extent], *, every: bool) -> Iterator[Sequence[bytes]]:
    """The lines of these graphs, in the order of the file, some at a time; ``every`` says that there are no others."""
    endings = {_ending(name) for name in graphs}
    start, end = min(e.start for e in graphs.values()), max(e.end for e in graphs.values())
    for lines in _batches(path, start, end):
        if every:
            yield lines
        elif len(endings) == 1:
            yield list(filter(_ends(*endings), lines))
        else:
            yield [line for line in lines if line[line.rfind(b" <") :] in endings]


def without_graph(path: Path, graphs: Mapping[str, Extent]) -> Iterator[Sequence[bytes]]:
    """The lines of these graphs as N-Triples; a triple that stands in several comes once, as the file is sorted."""
    found = of_graphs(path, graphs, every=False)
    if len(graphs) == 1:
        cut = -len(_ending(*graphs))
        return ([line[:cut] + b" .\n" for line in lines] for lines in found)
    stripped = (line[: line.rfind(b" <")] + b" .\n" for line in chain.from_iterable(found))
    return ([line] for line, _ in groupby(stripped))


def namespaces(batches: Iterable[Sequence[bytes]], graphs: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """Those of the known namespaces to which a term in these lines belongs: its local name is all that follows.

    The names of the ``graphs`` that lines end in do not count.
    """
    ahead = {space: f"<{space}".encode() for space in known}
    own = {space: [_ending(name) for name in graphs if name.startswith(space)] for space in ahead}
    for lines in batches:
        batch = b"".join(lines)
        for space, begin in list(ahead.items()):
            if batch.count(begin) > sum(map(batch.count, own[space])) and re.search(re.escape(begin) + _LOCAL, batch):
                yield space
                del ahead[space]


def _endings(lines: Sequence[bytes], known: Iterable[bytes]) -> set[bytes]:
    """The last terms of the lines; those that are ``known`` are found sooner."""
    found = set()
    for ending in known:
        others = [line for line in lines if not line.endswith(ending)]
        if len(others) < len(lines):
            found.add(ending)
        lines = others
    return found.union(line[line.rfind(b" <") :] for line in lines)


def _batches(path: Path, start: int = 0, end: int | None = None) -> Iterator[Sequence[bytes]]:
    with path.open("rb") as file:
        file.seek(start)
        while (end is None or start < end) and (lines := file.readlines(BATCH)):
            start += sum(map(len, lines))
            yield lines


def _ending(graph: str) -> bytes:
    return f" <{graph}> .\n".encode()


def _ends(ending: bytes) -> Callable[[bytes], bool]:
    return lambda line: line.endswith(ending)


def _graph_of(line: bytes) -> bytes:
    """The end of a line as its graph makes it; nothing where it has none, or more than a quad."""
    try:
        quads = list(ox.parse(line, format=ox.RdfFormat.N_QUADS))
    except SyntaxError:
        return b""
    graph = quads[0].graph_name if len(quads) == 1 else None
    return _ending(graph.value) if isinstance(graph, ox.NamedNode) else b""
