"""When the nodes and edges of a network are there, as far as the graph dates them: for tools with a timeline.

A statement is there from the first day that its dates may mean: those of its qualifiers and of the event that it was
derived from. It is there for good, unless a qualifier names a period that ends. A node with dates of its own is there
from the first of them, or of its dated statements if that is earlier; any other always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg import terms as t
from kg.export.statements import Graph, Statement, Value
from kg.periods import first_day, last_day, parse_moment
from kg.types import ASSERTED


@dataclass(frozen=True, slots=True)
class Life:
    """The first and the last day, ``YYYY-MM-DD``; empty where there is no first, or no last."""

    start: str = ""
    end: str = ""


def life(text: str) -> Life | None:
    """What a date or a period of two dates tells; ``None`` if a text is neither.

    >>> life("2020-02"), life("2014/2016"), life("../2016-03")
    (Life(start='2020-02-01', end=''), Life(start='2014-01-01', end='2016-12-31'), Life(start='', end='2016-03-31'))
    """
    first, period, last = text.partition("/")
    start, end = parse_moment(first), parse_moment(last)
    if not (start or end) or (not start and first.strip(".")) or (not end and last.strip(".")):
        return None
    return Life(first_day(start).isoformat() if start else "", last_day(end).isoformat() if end and period else "")


def of_edges(graph: Graph) -> Mapping[str, Life]:
    """The lives of dated statements, by their IRI."""
    found = ((each.iri, _joined(_dates(graph, each))) for each in graph.statements)
    return {iri: life for iri, life in found if life}


def of_nodes(graph: Graph, edges: Mapping[str, Life]) -> Mapping[str, Life]:
    """The lives of nodes that have dates, by IRI."""
    starts: dict[str, str] = {}
    for node, start in _own(graph):
        starts[node] = min(starts.get(node, start), start)
    for node, start in _ends(graph, edges):
        if node in starts:
            starts[node] = min(starts[node], start)
    return {node[1:-1]: Life(start) for node, start in starts.items()}


def _dates(graph: Graph, statement: Statement) -> Iterator[Value]:
    for values in statement.qualifiers.values():
        yield from values
    for event in graph.rest.get(f"<{statement.iri}>", t.DERIVED_FROM):
        for predicate, terms in graph.facts.row(event).items():
            if graph.is_ours(predicate):
                yield from map(graph.value, terms)


def _joined(dates: Iterable[Value]) -> Life | None:
    """From the first start to the last end; without end if one of them has none."""
    found = [each for date in dates if isinstance(date, str) and (each := life(date))]
    if not found:
        return None
    ends = [each.end for each in found]
    return Life(min(each.start for each in found), max(ends) if all(ends) else "")


def _own(graph: Graph) -> Iterator[tuple[str, str]]:
    """Each node with the start of each date that it is asserted to have."""
    for each in graph.statements:
        if each.modality == ASSERTED and not graph.is_node(each.object):
            found = life(str(graph.value(each.object)))
            if found and found.start:
                yield each.subject, found.start


def _ends(graph: Graph, edges: Mapping[str, Life]) -> Iterator[tuple[str, str]]:
    for each in graph.statements:
        known = edges.get(each.iri)
        if known and known.start:
            yield from ((end, known.start) for end in (each.subject, each.object) if graph.is_node(end))
