"""Runs shapes over the triples of a graph: core constraints by pySHACL, constraints in SPARQL by Oxigraph."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kg import nquads
from kg import terms as t
from kg.types import Quad
from kg.vocab_types import Vocab

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

    from kg.shapes import Shapes

STATED = ("facts", "evidence", "reviews")
"""The graphs that are validated whole."""
SPOKEN = {"background": (t.TYPE, t.LABEL), "rejected": (t.TYPE,)}
"""Those of which only what names and types the nodes of the former is."""

SUB_CLASS_OF, DISJOINT_WITH = f"<{t.RDFS}subClassOf>", f"<{t.OWL}disjointWith>"

Triple = tuple[str, str, str]


class Finding(NamedTuple):
    """A result of SHACL: terms as N-Quads writes them, empty where there is none; ``shape`` is a local name."""

    focus: str
    path: str
    value: str
    shape: str
    message: str
    severity: str


@dataclass(frozen=True, slots=True)
class Data:
    """What is validated: quads of the graphs in question, and what the ontology says of the terms in them."""

    quads: tuple[Quad, ...]
    vocab: Vocab

    @classmethod
    def select(cls, quads: Iterable[Quad], vocab: Vocab) -> Data:
        """The quads that matter, of all of a build; quads without a graph all matter."""
        stated, others = [], []
        for quad in quads:
            name = quad.graph.rpartition("/graph/")[2][:-1]
            if name in STATED or not quad.graph:
                stated.append(quad)
            elif quad.predicate in SPOKEN.get(name, ()):
                others.append(quad)
        spoken = {quad.object for quad in stated} | {quad.subject for quad in stated}
        return cls((*stated, *(quad for quad in others if quad.subject in spoken)), vocab)

    def schema(self) -> Iterator[Triple]:
        """What shapes need to know of the ontology: hierarchy, predicates, named values, order, what excludes what."""
        vocab, used = self.vocab, {quad.object for quad in self.quads if quad.predicate == t.TYPE}

        def term(name: str) -> str:
            return f"<{vocab.namespace}{name}>"

        for name, kind in vocab.classes.items():
            yield from ((term(name), SUB_CLASS_OF, term(parent)) for parent in kind.parents)
            if term(name) in used:
                excluded = (term(other) for other in kind.disjoint if term(other) in used)
                yield from ((term(name), DISJOINT_WITH, other) for other in excluded)
        for name, known in vocab.properties.items():
            if known.is_predicate:
                yield term(name), t.TYPE, term("Predicate")
            yield from ((term(name), term("notBefore"), term(first)) for first in known.not_before)
        yield from ((term(name), t.TYPE, term(value.type)) for name, value in vocab.individuals.items())

    def propositions(self) -> Iterator[Triple]:
        """What the statements state, whatever their modality, as plain triples."""
        ends: dict[str, dict[str, list[str]]] = {}
        for quad in self.quads:
            if quad.predicate in (t.SUBJECT, t.PREDICATE, t.OBJECT):
                ends.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
        for said in ends.values():
            for predicate in said.get(t.PREDICATE, ()):
                yield from ((s, predicate, o) for s in said.get(t.SUBJECT, ()) for o in said.get(t.OBJECT, ()))


def sparql_findings(data: Data, shapes: Shapes) -> Iterator[Finding]:
    """The results of the constraints in SPARQL, each asked once for all nodes."""
    import pyoxigraph as ox

    store = ox.Store()
    triples = {(quad.subject, quad.predicate, quad.object) for quad in data.quads} | set(data.schema())
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
    store.bulk_load(lines.encode(), ox.RdfFormat.N_TRIPLES)
    targets: dict[str, frozenset[str]] = {}
    for shape in shapes.sparql:
        for target in shape.classes - targets.keys():
            below = f"SELECT ?this {{ ?class {SUB_CLASS_OF}* <{target}> . ?this a ?class }}"
            targets[target] = frozenset(str(row["this"]) for row in _rows(store.query(below)))
        focus = frozenset[str]().union(*(targets[each] for each in shape.classes))
        name = shape.iri.rpartition("#")[2]
        for row in _rows(store.query(shape.query)):
            this, path, value = (str(row.get(each) or "") for each in ("this", "path", "value"))
            if this in focus:
                yield Finding(this, path, value or this, name, shape.message, shape.severity)


def _rows(solutions: object) -> Iterator[dict[str, object]]:
    from pyoxigraph import QuerySolutions

    if not isinstance(solutions, QuerySolutions):
        raise TypeError("the query of a shape must be a SELECT")
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: solution[name] for name in names}


def core_findings(data: Data, shapes: Shapes) -> Iterator[Finding]:
    """The results of the core constraints, those of the ontology included."""
    from rdflib import RDF, SH

    from kg.shapes import SEVERITIES, derived_shapes, shape_names

    graph, used = _graph(data)
    known: Graph = shapes.core + derived_shapes(data.vocab, used)
    results = run_pyshacl(graph, known)
    names = dict(shape_names(known))
    for result in results.subjects(RDF.type, SH.ValidationResult):
        shape, message = results.value(result, SH.sourceShape), results.value(result, SH.resultMessage)
        severity = SEVERITIES[str(results.value(result, SH.resultSeverity))]
        name = names.get(shape, str(shape)) if shape is not None else ""
        yield Finding(*_ends(result, results, known), name, str(message or ""), severity)


def _ends(result: Node, results: Graph, known: Graph) -> tuple[str, str, str]:
    """Focus, path and value of a result of SHACL."""
    from rdflib import SH

    focus, path = results.value(result, SH.focusNode), results.value(result, SH.resultPath)
    shape, value = results.value(result, SH.sourceShape), results.value(result, SH.value)
    if path is None and shape is not None:
        # A subject that a property must not have: what is wrong is the triple.
        path, value = known.value(shape, SH.targetSubjectsOf), None
    return _term(focus), _term(path), _term(value)


def run_pyshacl(data: Graph, shapes: Graph) -> Graph:
    """The graph of results that pySHACL gives; the data graph may be written to."""
    from pyshacl import validate
    from rdflib import Graph

    _, results, _ = validate(data, shacl_graph=shapes, inplace=True, inference="none", advanced=False)
    if not isinstance(results, Graph):
        raise TypeError(f"pySHACL failed: {results!r}")
    return results


def _graph(data: Data) -> tuple[Graph, set[str]]:
    """The data as pySHACL reads it, and the local names of the properties in it."""
    from rdflib import Graph, Literal, URIRef

    from kg.shapes import unions

    known: dict[str, Node] = {}

    def node(term: str) -> Node:
        if term not in known:
            text, language, kind = nquads.split_literal(term) or ("", "", "")
            datatype = URIRef(kind) if kind else None
            literal = Literal(text, lang=language or None, datatype=datatype, normalize=False)
            known[term] = URIRef(term[1:-1]) if term.startswith("<") else literal
        return known[term]

    graph, used = Graph(), set[str]()
    plain = ((quad.subject, quad.predicate, quad.object) for quad in data.quads)
    members = ((f"<{data.vocab.classes[name].iri}>", SUB_CLASS_OF, f"<{union}>") for name, union in unions(data.vocab))
    with _quiet():
        for s, p, o in (*plain, *data.schema(), *members, *data.propositions()):
            graph.add((node(s), node(p), node(o)))
            used.add(p)
    return graph, {data.vocab.name(p[1:-1]) for p in used} - {""}


@contextmanager
def _quiet() -> Iterator[None]:
    """rdflib prints a traceback for each ill-formed literal; shapes report them with their place."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _term(node: object) -> str:
    from rdflib.term import Literal

    if isinstance(node, Literal):
        return nquads.literal(str(node), node.language or "", str(node.datatype or ""))
    return "" if node is None else f"<{node}>"
