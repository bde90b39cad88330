"""RDF syntaxes, streamed through Oxigraph: memory does not grow with the graph."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

import pyoxigraph as ox

from kg.errors import DataError
from kg.export.sinks import SortedHead, TurtleSink, XmlSink
from kg.export.source import GraphFile
from kg.export.tidy import xml_text
from kg.export.written import Counted, Written

BUFFER = 1 << 20
"""Bytes that are held before they go through a sink."""
_ESCAPED = re.compile(rb"\\[bfuU]")
_XML_NAME_AT_END = re.compile(r"[^\W\d][\w.-]*$")


def turtle(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write Turtle for people: the prefixes that are used, in order, and a blank line between subjects."""
    counted, prefixes = Counted(), source.prefixes(graphs)
    with io.BufferedWriter(TurtleSink(out, len(prefixes)), BUFFER) as sink:
        ox.serialize(_triples(source, graphs, counted), sink, ox.RdfFormat.TURTLE, prefixes=prefixes)
    return Written(statements=counted.number)


def ntriples(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write a triple a line, in the order of the file."""
    counted, batches = Counted(), source.triple_lines(graphs)
    if batches is None:
        ox.serialize(counted(_union(source, graphs)), out, ox.RdfFormat.N_TRIPLES)
    else:
        _copy(counted.batches(batches), out)
    return Written(statements=counted.number)


def nquads(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write a quad a line, in the order of the file: lines that nothing changes are copied as they are."""
    counted, batches = Counted(), source.quad_lines(graphs)
    if batches is None:
        ox.serialize(counted(source.quads(graphs)), out, ox.RdfFormat.N_QUADS)
    else:
        _copy(counted.batches(batches), out)
    return Written(statements=counted.number)


def trig(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write one block for each graph; the file is read once for each, as far as its lines reach."""
    counted, prefixes = Counted(), source.prefixes(graphs)
    with io.BufferedWriter(SortedHead(out, len(prefixes)), BUFFER) as sink:
        ox.serialize(by_graph(source, graphs, counted), sink, ox.RdfFormat.TRIG, prefixes=prefixes)
    return Written(statements=counted.number)


def rdfxml(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write RDF/XML that any XML parser reads.

    XML cannot hold control characters: they become U+FFFD and are counted. A predicate whose IRI does not end in an XML
    name cannot be written at all: :class:`DataError`.
    """
    counted, ready, prefixes = Counted(), _XmlReady(), source.prefixes(graphs)
    batches = source.triple_lines(graphs)
    if batches is None:
        triples = ready(counted(_union(source, graphs)))
    else:
        triples = ready.batches(source, counted.batches(batches))
    with io.BufferedWriter(XmlSink(out), BUFFER) as sink:
        ox.serialize(triples, sink, ox.RdfFormat.RDF_XML, prefixes=prefixes)
    return Written(statements=counted.number, altered=ready.altered)


def _copy(batches: Iterable[Sequence[bytes]], out: IO[bytes]) -> None:
    for batch in batches:
        out.write(b"".join(batch))


def _triples(source: GraphFile, graphs: Sequence[str], counted: Counted) -> Iterator[ox.Quad]:
    """The triples of these graphs, each once, as quads of the default graph."""
    batches = source.triple_lines(graphs)
    return counted(_union(source, graphs)) if batches is None else source.parsed(counted.batches(batches))


def _union(source: GraphFile, graphs: Sequence[str]) -> Iterator[ox.Quad]:
    """The same where they have to be looked at; one that stands in several comes once, as the file is sorted."""
    last = None
    for quad in source.quads(graphs):
        triple = quad.triple
        if triple != last:
            yield ox.Quad(*triple)
        last = triple


def by_graph(source: GraphFile, graphs: Sequence[str], counted: Counted) -> Iterator[ox.Quad]:
    """The quads of these graphs, one graph after the other; the file is read for each, as far as its lines reach."""
    for name in graphs:
        batches = source.quad_lines([name])
        yield from counted(source.quads([name])) if batches is None else source.parsed(counted.batches(batches))


class _XmlReady:
    """Passes triples on as XML can hold them and knows how many literals it had to change."""

    def __init__(self) -> None:
        self.altered = 0

    def __call__(self, triples: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        for triple in triples:
            _check_name(triple.predicate.value)
            value = triple.object
            if isinstance(value, ox.Literal) and xml_text(value.value) != value.value:
                self.altered += 1
                triple = ox.Quad(triple.subject, triple.predicate, _with_text(value, xml_text(value.value)))
            yield triple

    def batches(self, source: GraphFile, batches: Iterable[Sequence[bytes]]) -> Iterator[ox.Quad]:
        """The same for lines: what XML cannot hold is escaped in them, so most need no look at each triple."""
        checked: set[bytes] = set()
        for batch in batches:
            new = {line.split(b" ", 2)[1] for line in batch} - checked
            for predicate in sorted(new):
                _check_name(predicate[1:-1].decode())
            checked |= new
            quads = source.parsed([batch])
            yield from self(quads) if _ESCAPED.search(b"".join(batch)) else quads


def _check_name(predicate: str) -> None:
    if not _XML_NAME_AT_END.search(predicate):
        reason = "it does not end in an XML name; export another format"
        raise DataError(f"RDF/XML cannot hold the predicate <{predicate}>: {reason}")


def _with_text(literal: ox.Literal, text: str) -> ox.Literal:
    if literal.language:
        return ox.Literal(text, language=literal.language)
    return ox.Literal(text, datatype=literal.datatype)
