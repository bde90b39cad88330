"""JSON-LD: expanded, compact with the context of the ontology, or framed, with statements inside of entities.

Libraries that compact and frame hold all of a graph several times; here it streams by, a node a line. Only what is
framed is held in memory, once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import IO, Any

import pyoxigraph as ox

from kg import terms as t
from kg.export.framing import nested
from kg.export.ontology import vocab_of
from kg.export.rdf import by_graph
from kg.export.source import EVIDENCE, FACTS, ONTOLOGY, GraphFile
from kg.export.written import Counted, Written
from kg.vocab_context import ID, LANGUAGES, VOCAB, JsonContext, make_context
from kg.vocab_types import Vocab

Row = dict[str, Any]

_TYPE = t.TYPE[1:-1]
_STRING, _INTEGER = t.XSD + "string", t.XSD + "integer"
_WHOLE = re.compile("0|-?[1-9][0-9]{0,14}")  # what every reader of JSON holds exactly


def expanded(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write expanded JSON-LD, without a context, one object for each graph."""
    counted = Counted()
    ox.serialize(by_graph(source, graphs, counted), out, ox.RdfFormat.JSON_LD)
    return Written(statements=counted.number)


def compact(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write compact JSON-LD with its context, one object for each graph, in it a node a line."""
    counted, context = Counted(), context_of(source)
    quads = by_graph(source, graphs, counted)
    _write(out, context, _by_name(quads, context))
    return Written(statements=counted.number)


def framed(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write the entities, each with the statements and figures that speak of it, and these with their evidence.

    The facts and the evidence are always in it, ``graphs`` adds others, and all are one graph.
    """
    context = context_of(source)
    wanted = tuple(sorted({*source.select([FACTS, EVIDENCE]), *graphs}))
    quads = sorted({ox.Quad(*quad.triple) for quad in source.quads(wanted)}, key=str)
    rows = {node[ID]: node for node in _nodes(quads, context)}
    _write(out, context, ([_dumped(node)] for node in nested(rows, source.namespace, context)))
    return Written(statements=len(quads))


def context(source: GraphFile, _: Sequence[str], out: IO[bytes]) -> Written:
    """Write the context alone, to be published."""
    out.write(f"{json.dumps({'@context': context_of(source).document}, ensure_ascii=False, indent=1)}\n".encode())
    return Written()


def context_of(source: GraphFile) -> JsonContext:
    """The context of a build's ontology; of a graph without one, what is known without."""
    whole = source.whole
    vocab = vocab_of(whole) if whole.select([ONTOLOGY]) else Vocab(whole.namespace, {}, {}, {})
    return make_context(vocab, whole.known_prefixes)


def _write(out: IO[bytes], context: JsonContext, items: Iterable[Iterable[str]]) -> None:
    out.write(f'{{"@context": {_dumped(context.document)},\n"@graph": [\n'.encode())
    for piece in _joined(items):
        out.write(piece.encode())
    out.write(b"\n]}\n")


def _joined(items: Iterable[Iterable[str]]) -> Iterator[str]:
    """Items of a list, each some pieces of text, with what parts them."""
    for number, item in enumerate(items):
        if number:
            yield ",\n"
        yield from item


def _by_name(quads: Iterable[ox.Quad], context: JsonContext) -> Iterator[Iterable[str]]:
    """The nodes of the default graph as they are, those of another inside of it."""
    for graph, mine in groupby(quads, key=lambda quad: quad.graph_name):
        nodes = ([_dumped(node)] for node in _nodes(mine, context))
        if isinstance(graph, ox.NamedNode):
            head = f'{{"@id": {_dumped(context.short(graph.value))}, "@graph": [\n'
            yield chain([head], _joined(nodes), ["\n]}"])
        else:
            yield from nodes


def _nodes(quads: Iterable[ox.Quad], context: JsonContext) -> Iterator[Row]:
    """One node for all that comes of a subject in one piece."""
    for subject, mine in groupby(quads, key=lambda quad: quad.subject):
        row: Row = {ID: context.short(subject.value)}
        for quad in mine:
            _say(row, quad.predicate.value, quad.object, context)
        yield row


def _say(row: Row, predicate: str, value: Any, context: JsonContext) -> None:
    if predicate == _TYPE and isinstance(value, ox.NamedNode):
        _add(row, "@type", context.term(value.value))
        return
    key = context.keys.get(predicate)
    if key is None or (key.type == LANGUAGES and not getattr(value, "language", None)):
        _add(row, context.short(predicate), _value(value, "", context))
    elif key.type == LANGUAGES:
        _add(row.setdefault(key.name, {}), value.language, value.value)
    else:
        _add(row, key.name, _value(value, key.type, context))


def _add(row: Row, key: str, value: Any) -> None:
    if key not in row:
        row[key] = value
    elif isinstance(row[key], list):
        row[key].append(value)
    else:
        row[key] = [row[key], value]


def _value(value: Any, kind: str, context: JsonContext) -> Any:
    """A term as JSON: bare where the context says how to read it, else an object that says so itself."""
    if isinstance(value, ox.NamedNode):
        if kind == VOCAB:
            return context.term(value.value)
        return context.short(value.value) if kind == ID else {ID: context.short(value.value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    if datatype == _INTEGER and kind in ("", _INTEGER) and _WHOLE.fullmatch(value.value):
        return int(value.value)
    if datatype == kind or (datatype == _STRING and not kind):
        return value.value
    return {"@value": value.value} if datatype == _STRING else {"@value": value.value, "@type": context.short(datatype)}


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
