"""Jelly: RDF in binary frames, small and fast, streamed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import MissingExtra
from kg.export.choice import Chosen
from kg.export.source import GraphFile
from kg.export.styles import RDF12
from kg.export.written import Counted, Written
from kg.terms import XSD

if TYPE_CHECKING:
    from types import ModuleType

_STRING = XSD + "string"  # what a literal is that names no datatype


def jelly(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write a flat stream of quads, in the order of the file; triple terms are told by its options."""
    generic, serialize, streams = _library()
    encoder, counted = _Encoder(generic), Counted()
    stream = _stream(serialize, streams, triple_terms=isinstance(source, Chosen) and source.style == RDF12)
    for frame in serialize.stream_frames(stream, map(encoder.quad, counted(source.quads(graphs)))):
        serialize.write_delimited(frame, out)
    return Written(statements=counted.number)


def _library() -> tuple[ModuleType, ModuleType, ModuleType]:
    try:
        from pyjelly.integrations.generic import generic_sink, serialize
        from pyjelly.serialize import streams
    except ImportError as error:
        raise MissingExtra("writing Jelly", "jelly") from error
    return generic_sink, serialize, streams


def _stream(serialize: ModuleType, streams: ModuleType, *, triple_terms: bool) -> Any:
    """A stream that says what it holds before its first quad, so that an empty one is whole too."""
    options = streams.SerializerOptions(
        logical_type=streams.jelly.LOGICAL_STREAM_TYPE_FLAT_QUADS,
        params=streams.StreamParameters(rdf_star=triple_terms),
    )
    encoder = serialize.GenericSinkTermEncoder(lookup_preset=options.lookup_preset)
    return streams.QuadStream(encoder=encoder, options=options)


class _Encoder:
    """Makes the library's terms of Oxigraph's."""

    def __init__(self, sink: ModuleType) -> None:
        self._sink = sink

    def quad(self, quad: ox.Quad) -> Any:
        return self._sink.Quad(*self._terms(quad))

    def _terms(self, terms: Iterable[object]) -> list[Any]:
        return [self._term(term) for term in terms]

    def _term(self, term: object) -> Any:
        if isinstance(term, ox.NamedNode):
            return self._sink.IRI(term.value)
        if isinstance(term, ox.Literal):
            datatype = term.datatype.value
            return self._sink.Literal(
                term.value, term.language, None if term.language or datatype == _STRING else datatype
            )
        if isinstance(term, ox.Triple):
            return self._sink.Triple(*self._terms(term))
        return self._sink.DefaultGraph
