"""What a dataset holds, told in VoID and DCAT, as catalogues and harvesters want it.

Everything is counted in the graph itself, in one pass; title, licence and publisher are what the recipe says. There is
no clock: the period is that of the documents.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import chain, groupby
from typing import IO
from urllib.parse import quote

import pyoxigraph as ox

from kg import terms as t
from kg.export.sinks import TurtleSink
from kg.export.source import EVIDENCE, FACTS, GraphFile, namespace_of, short
from kg.export.written import Written

VOID, DCAT, FOAF = "http://rdfs.org/ns/void#", "http://www.w3.org/ns/dcat#", "http://xmlns.com/foaf/0.1/"
LANGUAGE = "http://id.loc.gov/vocabulary/iso639-1/"
MEDIA = "https://www.iana.org/assignments/media-types/"
FILES: Mapping[str, str] = {"graph.nq": "application/n-quads", "facts.ttl": "text/turtle"}
"""The files of a build that hold it as RDF, with their media types."""
EXAMPLES = 3
"""Resources that are named as examples: those of which most is said."""

_TYPE = ox.NamedNode(t.TYPE[1:-1])
_ISSUED, _GENERATED_BY = (ox.NamedNode(term[1:-1]) for term in (t.ISSUED, t.GENERATED_BY))
_FOAF_AGENT = "http://xmlns.com/foaf/0.1/Agent"
_ARTICLE = t.NEWS_ARTICLE[1:-1]

Term = ox.NamedNode | ox.Literal


@dataclass(frozen=True, slots=True)
class About:
    """What nobody can count: a title, the IRI of a licence, and who publishes (an IRI or a name). Empty is unsaid."""

    title: str = ""
    licence: str = ""
    publisher: str = ""


UNSAID = About()


@dataclass
class Counts:
    """What is in a graph: ``graphs``, ``classes`` and ``properties`` with how often; the first and the last date."""

    triples: int = 0
    subjects: int = 0
    entities: int = 0
    graphs: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    languages: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)
    dates: list[ox.Literal] = field(default_factory=list)
    examples: tuple[str, ...] = ()


def void(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write the description of these graphs as Turtle; ``source.about`` is what is known besides."""
    base = source.base
    dataset = f"{base}dataset"
    prefixes = {"void": VOID, "dcat": DCAT, "foaf": FOAF, **source.known_prefixes}
    counts, about = count(source, graphs), getattr(source, "about", UNSAID)
    parts = (
        _dataset(dataset, base, counts, about),
        _graphs(dataset, counts.graphs),
        _partitions(dataset, "class", counts.classes, "entities", prefixes),
        _partitions(dataset, "property", counts.properties, "triples", prefixes),
        _distributions(dataset, base, about),
    )
    triples = sorted(chain.from_iterable(parts), key=str)
    used = {namespace_of(term) for triple in triples for term in triple}
    used_prefixes = {prefix: space for prefix, space in prefixes.items() if space in used}
    with io.BufferedWriter(TurtleSink(out, len(used_prefixes))) as sink:
        ox.serialize(triples, sink, ox.RdfFormat.TURTLE, prefixes=used_prefixes)
    return Written(statements=len(triples))


def count(source: GraphFile, graphs: Sequence[str]) -> Counts:
    """Count what these graphs hold; memory does not grow with them."""
    counts = Counts()
    busiest = nlargest(EXAMPLES, _subjects(source.quads(graphs), counts), key=lambda each: (each[0], each[1]))
    counts.examples = tuple(sorted(iri for number, iri in busiest if number))
    return counts


def _subjects(quads: Iterable[ox.Quad], counts: Counts) -> Iterator[tuple[int, str]]:
    """Each subject with how many facts there are of it: none, if it is no entity."""
    for subject, group in groupby(quads, key=lambda quad: quad.subject):
        counts.subjects += 1
        facts = 0
        for quad in group:
            graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
            facts += short(graph) == FACTS
            _count(quad, graph, counts)
        counts.entities += facts > 0
        yield facts, subject.value


def _count(quad: ox.Quad, graph: str, counts: Counts) -> None:
    counts.triples += 1
    counts.graphs[graph] += 1
    counts.properties[quad.predicate.value] += 1
    value = quad.object
    if isinstance(value, ox.Literal):
        if value.language:
            counts.languages.add(value.language.partition("-")[0])
        if quad.predicate == _ISSUED and short(graph) == EVIDENCE:
            ends = [*counts.dates, value]
            counts.dates = [min(ends, key=str), max(ends, key=str)]
    elif quad.predicate == _TYPE and isinstance(value, ox.NamedNode):
        counts.classes[value.value] += 1
    elif quad.predicate == _GENERATED_BY and isinstance(value, ox.NamedNode):
        counts.runs.add(value.value)


def _graphs(dataset: str, graphs: Mapping[str, int]) -> Iterator[ox.Triple]:
    for graph, number in graphs.items():
        if graph:
            yield _triple(dataset, f"{VOID}subset", _node(graph))
            yield _triple(graph, t.RDF + "type", _node(f"{VOID}Dataset"))
            yield _triple(graph, t.DCTERMS + "title", ox.Literal(short(graph), language="en"))
            yield _triple(graph, f"{VOID}triples", _number(number))


def _dataset(dataset: str, base: str, counts: Counts, about: About) -> Iterator[ox.Triple]:
    documents = counts.classes[_ARTICLE]
    title = about.title or f"Knowledge graph {base}"
    text = f"What {documents} documents say of {counts.entities} entities; every statement quotes the words behind it."
    said: dict[str, list[Term]] = {
        t.RDF + "type": [_node(f"{VOID}Dataset"), _node(f"{DCAT}Dataset")],
        t.DCTERMS + "title": [ox.Literal(title, language="zh" if not title.isascii() else "en")],
        t.DCTERMS + "description": [ox.Literal(text, language="en")],
        t.DCTERMS + "license": [_node(about.licence)] if about.licence else [],
        t.DCTERMS + "language": [_node(LANGUAGE + tag) for tag in sorted(counts.languages) if len(tag) == 2],
        t.PROV + "wasGeneratedBy": [_node(run) for run in sorted(counts.runs)],
        f"{VOID}triples": [_number(counts.triples)],
        f"{VOID}entities": [_number(counts.entities)],
        f"{VOID}distinctSubjects": [_number(counts.subjects)],
        f"{VOID}documents": [_number(documents)],
        f"{VOID}classes": [_number(len(counts.classes))],
        f"{VOID}properties": [_number(len(counts.properties))],
        f"{VOID}uriSpace": [ox.Literal(base)],
        f"{VOID}vocabulary": [_node(space) for space in _vocabularies(counts)],
        f"{VOID}exampleResource": [_node(iri) for iri in counts.examples],
    }
    yield from (_triple(dataset, predicate, value) for predicate, values in said.items() for value in values)
    yield from _published(dataset, base, about.publisher)
    yield from _period(dataset, counts.dates)


def _vocabularies(counts: Counts) -> list[str]:
    return sorted({namespace_of(_node(iri)) for iri in (*counts.classes, *counts.properties)} - {""})


def _published(dataset: str, base: str, publisher: str) -> Iterator[ox.Triple]:
    if publisher:
        agent = publisher if "://" in publisher else f"{base}agent/publisher"
        yield _triple(dataset, t.DCTERMS + "publisher", _node(agent))
        yield _triple(agent, t.RDF + "type", _node(_FOAF_AGENT))
        yield _triple(agent, f"{FOAF}name", ox.Literal(publisher))


def _period(dataset: str, dates: Sequence[ox.Literal]) -> Iterator[ox.Triple]:
    if dates:
        period = f"{dataset}#period"
        yield _triple(dataset, t.DCTERMS + "temporal", _node(period))
        yield _triple(period, t.RDF + "type", _node(t.DCTERMS + "PeriodOfTime"))
        yield _triple(period, f"{DCAT}startDate", dates[0])
        yield _triple(period, f"{DCAT}endDate", dates[-1])


def _partitions(
    dataset: str, kind: str, found: Mapping[str, int], counted: str, prefixes: Mapping[str, str]
) -> Iterator[ox.Triple]:
    """How often each class or property is used; a partition is named by prefix and name of what it holds."""
    names = {namespace: prefix for prefix, namespace in prefixes.items()}
    for iri, number in found.items():
        space = namespace_of(_node(iri))
        name = f"{names[space]}-{iri[len(space) :]}" if space in names else quote(iri, safe="")
        part = f"{dataset}#{kind}-{name}"
        yield _triple(dataset, f"{VOID}{kind}Partition", _node(part))
        yield _triple(part, f"{VOID}{kind}", _node(iri))
        yield _triple(part, f"{VOID}{counted}", _number(number))


def _distributions(dataset: str, base: str, about: About) -> Iterator[ox.Triple]:
    for name, media in FILES.items():
        file = f"{dataset}#{name}"
        yield _triple(dataset, f"{DCAT}distribution", _node(file))
        yield _triple(file, t.RDF + "type", _node(f"{DCAT}Distribution"))
        yield _triple(file, t.DCTERMS + "title", ox.Literal(name))
        yield _triple(file, f"{DCAT}mediaType", _node(MEDIA + media))
        yield _triple(file, f"{DCAT}accessURL", _node(base))
        if about.licence:
            yield _triple(file, t.DCTERMS + "license", _node(about.licence))


def _triple(subject: str, predicate: str, value: Term) -> ox.Triple:
    return ox.Triple(_node(subject), _node(predicate), value)


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=_node(t.XSD + "integer"))
