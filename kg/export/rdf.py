"""RDF syntaxes, streamed through Oxigraph: memory does not grow with the graph."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, TypeVar

import pyoxigraph as ox

from kg.errors import DataError
from kg.export.sinks import SortedHead, TurtleSink, XmlSink
from kg.export.source import GraphFile
from kg.export.tidy import xml_text
from kg.export.written import Counted, Written

_Statement = TypeVar("_Statement", ox.Triple, ox.Quad)
_XML_NAME_AT_END = re.compile(r"[^\W\d][\w.-]*$")


def turtle(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write Turtle for people: the prefixes that are used, in order, and a blank line between subjects."""
    prefixes = source.prefixes(graphs)
    with io.BufferedWriter(TurtleSink(out, len(prefixes))) as sink:
        return _serialized(_union(source, graphs), sink, ox.RdfFormat.TURTLE, prefixes)


def ntriples(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write a triple a line, in the order of the file."""
    return _serialized(_union(source, graphs), out, ox.RdfFormat.N_TRIPLES)


def nquads(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write a quad a line, in the order of the file."""
    return _serialized(source.quads(graphs), out, ox.RdfFormat.N_QUADS)


def trig(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write one block for each graph; the file is read once for each."""
    prefixes = source.prefixes(graphs)
    with io.BufferedWriter(SortedHead(out, len(prefixes))) as sink:
        return _serialized(_by_graph(source, graphs), sink, ox.RdfFormat.TRIG, prefixes)


def jsonld(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write expanded JSON-LD, one object for each graph; the file is read once for each."""
    return _serialized(_by_graph(source, graphs), out, ox.RdfFormat.JSON_LD)


def rdfxml(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write RDF/XML that any XML parser reads.

    XML cannot hold control characters: they become U+FFFD and are counted. A predicate whose IRI does not end in an XML
    name cannot be written at all: :class:`DataError`.
    """
    counted, ready, prefixes = Counted(), _XmlReady(), source.prefixes(graphs)
    stream = counted(ready(_union(source, graphs)))
    with io.BufferedWriter(XmlSink(out)) as sink:
        ox.serialize(stream, sink, ox.RdfFormat.RDF_XML, prefixes=prefixes)
    return Written(statements=counted.number, altered=ready.altered)


def _serialized(
    statements: Iterable[_Statement],
    out: IO[bytes],
    syntax: ox.RdfFormat,
    prefixes: dict[str, str] | None = None,
) -> Written:
    counted = Counted()
    ox.serialize(counted(statements), out, syntax, prefixes=prefixes)
    return Written(statements=counted.number)


def _union(source: GraphFile, graphs: Sequence[str]) -> Iterator[ox.Triple]:
    """The triples of these graphs; one that stands in several comes once, as the file is sorted."""
    last = None
    for quad in source.quads(graphs):
        triple = quad.triple
        if triple != last:
            yield triple
        last = triple


def _by_graph(source: GraphFile, graphs: Sequence[str]) -> Iterator[ox.Quad]:
    return chain.from_iterable(source.quads([name]) for name in graphs)


class _XmlReady:
    """Passes triples on as XML can hold them and knows how many literals it had to change."""

    def __init__(self) -> None:
        self.altered = 0

    def __call__(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
        for triple in triples:
            predicate, value = triple.predicate, triple.object
            if not _XML_NAME_AT_END.search(predicate.value):
                reason = "it does not end in an XML name; export another format"
                raise DataError(f"RDF/XML cannot hold the predicate <{predicate.value}>: {reason}")
            if isinstance(value, ox.Literal) and xml_text(value.value) != value.value:
                self.altered += 1
                value = _with_text(value, xml_text(value.value))
                triple = ox.Triple(triple.subject, predicate, value)
            yield triple


def _with_text(literal: ox.Literal, text: str) -> ox.Literal:
    if literal.language:
        return ox.Literal(text, language=literal.language)
    return ox.Literal(text, datatype=literal.datatype)
