"""How an export writes what is known about a fact: as it is, as RDF 1.2 triple terms, or by a graph of its own.

A build writes RDF 1.1 statements. The other styles are made of them as they stream by: a file is sorted by subject, so
all that is said of a statement is met in one piece. What makes no whole statement stays as it is in every style.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import pyoxigraph as ox

from kg import terms as t
from kg.types import ASSERTED

STATEMENTS, RDF12, NAMED_GRAPHS, PLAIN = "statements", "rdf12", "named-graphs", "plain"
STYLES = (STATEMENTS, RDF12, NAMED_GRAPHS, PLAIN)
"""RDF 1.1 statements, RDF 1.2 triple terms, a named graph for each asserted statement, or only the plain triples."""

REIFIES = ox.NamedNode(t.RDF + "reifies")

_PARTS = tuple(ox.NamedNode(term[1:-1]) for term in (t.SUBJECT, t.PREDICATE, t.OBJECT))
OBJECT = _PARTS[2]
_IS_STATEMENT = (ox.NamedNode(t.TYPE[1:-1]), ox.NamedNode(t.STATEMENT[1:-1]))


def reified(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """The quads, of which the statements speak of triple terms."""
    for mine, triple in _statements(quads):
        if triple:
            yield ox.Quad(mine[0].subject, REIFIES, triple, mine[0].graph_name)
            mine = _besides(mine)
        yield from mine


def graphed(quads: Iterable[ox.Quad], namespace: str) -> Iterator[ox.Quad]:
    """The quads, of which the asserted statements are graphs: a statement's IRI names the graph that holds its triple.

    What is planned or denied stays a statement: in a graph, stores that ask all graphs at once would take it for true.
    ``namespace`` is that of the ontology, whose ``modality`` tells the one from the other.
    """
    asserted = ox.NamedNode(f"{namespace}modality"), ox.NamedNode(namespace + ASSERTED)
    for mine, triple in _statements(quads):
        subject = mine[0].subject
        if triple and isinstance(subject, ox.NamedNode) and any((q.predicate, q.object) == asserted for q in mine):
            yield ox.Quad(triple.subject, triple.predicate, triple.object, subject)
            mine = _besides(mine)
        yield from mine


def _statements(quads: Iterable[ox.Quad]) -> Iterator[tuple[Sequence[ox.Quad], ox.Triple | None]]:
    """All that is said of one subject in one graph, with the triple that it states, if it is a whole statement."""
    for _, group in groupby(quads, key=lambda quad: quad.subject):
        them = list(group)
        for graph in sorted({quad.graph_name for quad in them}, key=str):
            mine = [quad for quad in them if quad.graph_name == graph]
            yield mine, _triple_of(mine)


def _besides(quads: Sequence[ox.Quad]) -> list[ox.Quad]:
    """What a statement says besides its triple."""
    return [q for q in quads if q.predicate not in _PARTS and (q.predicate, q.object) != _IS_STATEMENT]


def _triple_of(quads: Sequence[ox.Quad]) -> ox.Triple | None:
    """The triple that a statement is about, if it tells each of its parts once."""
    parts = [[quad.object for quad in quads if quad.predicate == part] for part in _PARTS]
    if any(len(found) != 1 for found in parts):
        return None
    [[subject], [predicate], [target]] = parts
    if not isinstance(subject, ox.NamedNode) or not isinstance(predicate, ox.NamedNode):
        return None
    return ox.Triple(subject, predicate, target)
