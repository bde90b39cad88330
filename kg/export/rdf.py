"""RDF syntaxes, streamed through Oxigraph: memory does not grow with the graph."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, TypeVar

import pyoxigraph as ox

from kg.errors import DataError
from kg.export.sinks import SortedHead, XmlSink
from kg.export.source import GraphFile
from kg.export.tidy import xml_text
from kg.export.written import Written

T = TypeVar("T", ox.Triple, ox.Quad)
Write = Callable[[GraphFile, Sequence[str], IO[bytes]], Written]

_XML_NAME_AT_END = re.compile(r"[^\W\d][\w.-]*$")


def triples(syntax: ox.RdfFormat) -> Write:
    """A writer of a syntax that knows no named graphs: the union of the wanted ones."""

    def write(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
        counted = _Counted()
        with io.BufferedWriter(SortedHead(out, len(source.prefixes))) as sink:
            ox.serialize(counted(_union(source, graphs)), sink, syntax, prefixes=source.prefixes)
        return Written(statements=counted.number)

    return write


def quads(syntax: ox.RdfFormat) -> Write:
    """A writer of a syntax with named graphs that names the graph on every line."""

    def write(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
        counted = _Counted()
        ox.serialize(counted(source.quads(graphs)), out, syntax)
        return Written(statements=counted.number)

    return write


def grouped(syntax: ox.RdfFormat) -> Write:
    """A writer of a syntax with named graphs that opens a block for each: the file is read once a graph."""

    def write(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
        counted = _Counted()
        by_graph = chain.from_iterable(source.quads([name]) for name in graphs)
        with io.BufferedWriter(SortedHead(out, len(source.prefixes))) as sink:
            ox.serialize(counted(by_graph), sink, syntax, prefixes=source.prefixes)
        return Written(statements=counted.number)

    return write


def rdfxml(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write RDF/XML that any XML parser reads.

    XML cannot hold control characters: they become U+FFFD and are counted. A predicate whose IRI does not end in an XML
    name cannot be written at all: :class:`DataError`.
    """
    counted, ready = _Counted(), _XmlReady()
    stream = counted(ready(_union(source, graphs)))
    with io.BufferedWriter(XmlSink(out)) as sink:
        ox.serialize(stream, sink, ox.RdfFormat.RDF_XML, prefixes=source.prefixes)
    return Written(statements=counted.number, altered=ready.altered)


def _union(source: GraphFile, graphs: Sequence[str]) -> Iterator[ox.Triple]:
    """The triples of these graphs; one that stands in several comes once, as the file is sorted."""
    last = None
    for quad in source.quads(graphs):
        triple = quad.triple
        if triple != last:
            yield triple
        last = triple


class _Counted:
    """Passes statements on and knows how many have gone by."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, statements: Iterable[T]) -> Iterator[T]:
        for statement in statements:
            self.number += 1
            yield statement


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
