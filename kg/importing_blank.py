"""Blank nodes -> IRIs that are the same each time, by RDF Dataset Canonicalization (RDFC-1.0).

Some graphs are built so that telling their blank nodes apart takes for ever, and long chains of equal ones exhaust a
stack: so it is done in a process of its own, which is stopped when it takes too much.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg import nquads
from kg.confined import command, confine
from kg.errors import DataError
from kg.types import Quad

SECONDS = 60
"""Seconds of processor time after which the naming of blank nodes is given up."""
MEMORY = 4 << 30
"""Bytes of address space that it may use."""

Triple = tuple[str, str, str]

_CANONICAL = "c14n"


def without_blanks(triples: Iterable[Triple], graph: str, seconds: int = SECONDS) -> Iterator[Triple]:
    """The triples, their blank nodes (``_:…``) replaced by IRIs ``graph#node-N``; ``graph`` is a term.

    Equal graphs get equal IRIs, whatever their blank nodes were called. Raises :class:`DataError` for blank nodes that
    cannot be told apart in time.
    """
    blank = []
    for triple in triples:
        if triple[0].startswith("_:") or triple[2].startswith("_:"):
            blank.append(triple)
        else:
            yield triple
    if blank:
        lines = "".join(sorted(nquads.line(Quad(*triple, "")) for triple in blank))
        for s, p, o, _ in nquads.parse(_work(lines, graph, seconds).splitlines(), "blank nodes"):
            yield s, p, o


def _work(lines: str, graph: str, seconds: int) -> str:
    run = command("kg.importing_blank", graph, str(seconds), str(MEMORY))
    try:
        done = subprocess.run(run, input=lines, capture_output=True, encoding="utf-8", timeout=2 * seconds + 10)
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0:
        raise DataError("the blank nodes could not be told apart: too many of them look alike; give them IRIs")
    return done.stdout


def main() -> None:
    """The process: lines of N-Triples come on standard input, those with IRIs go to standard output."""
    graph, seconds, memory = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    confine(memory, seconds)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.writelines(canonical(sys.stdin.buffer.read(), graph))


def canonical(lines: bytes, graph: str) -> list[str]:
    """Lines of N-Triples with IRIs in the place of blank nodes, sorted."""
    dataset = ox.Dataset(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(nquads.line(Quad(_term(s, graph), _term(p, graph), _term(o, graph), "")) for s, p, o, _ in dataset)


def _term(term: object, graph: str) -> str:
    if isinstance(term, ox.BlankNode):
        return f"{graph[:-1]}#node-{term.value.removeprefix(_CANONICAL)}>"
    if isinstance(term, ox.Literal):
        return nquads.literal(term.value, term.language or "", term.datatype.value if not term.language else "")
    return str(term)
