"""The shapes of a graph: those of a Turtle file, and those that follow from the ontology.

A file of shapes has two parts. Core constraints go to pySHACL. Constraints in SPARQL are kept apart as queries: one
query for all nodes is as good as one for each and many times faster; a test holds the answers of both ways equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.errors import DataError
from kg.turtle import Node as OxNode
from kg.turtle import TurtleFile, read_turtle
from kg.vocab_types import PropertyTerm, Vocab

SEVERITIES = {str(SH.Violation): "violation", str(SH.Warning): "warning", str(SH.Info): "info"}

LEXICAL = {
    "gYear": r"^\d{4}$",
    "gYearMonth": r"^\d{4}-(0[1-9]|1[0-2])$",
    "date": r"^\d{4}-\d\d-\d\d$",
    "decimal": r"^[+-]?(\d+(\.\d*)?|\.\d+)$",
}
"""How literals of some datatypes are written: rdflib knows no months and years, and takes more than XSD does."""

Constraint: TypeAlias = tuple[URIRef, Node]


@dataclass(frozen=True, slots=True)
class SparqlShape:
    """A constraint in SPARQL for all nodes at once; ``query`` selects ``?this``, perhaps ``?path``, ``?value``."""

    iri: str
    classes: frozenset[str]
    query: str
    message: str
    severity: str


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of one file: what pySHACL runs, and what we run."""

    core: Graph
    sparql: tuple[SparqlShape, ...]


def read_shapes(path: Path) -> Shapes:
    """Read a file of shapes; ``DataError`` with file and line for bad Turtle or a query that is none."""
    file = read_turtle(path)
    constraints: set[OxNode] = set()
    sparql: list[SparqlShape] = []
    for shape in file.typed(str(SH.NodeShape)):
        for node in file.nodes(shape, str(SH.sparql)):
            constraints.add(node)
            sparql.append(_sparql(file, shape, node))
    core = Graph()
    for subject, predicates in file.index.items():
        if subject not in constraints:
            for predicate, objects in predicates.items():
                for each in objects if predicate != str(SH.sparql) else ():
                    core.add((_node(subject), URIRef(predicate), _node(each)))
    return Shapes(core, tuple(sorted(sparql, key=lambda each: each.iri)))


def _sparql(file: TurtleFile, shape: ox.NamedNode, node: OxNode) -> SparqlShape:
    def text(of: OxNode, term: Node) -> str:
        return next((o.value for o in file.of(of, str(term))), "")

    declared = "".join(
        f"PREFIX {text(each, SH.prefix)}: <{text(each, SH.namespace)}>\n"
        for named in file.nodes(node, str(SH.prefixes))
        for each in file.nodes(named, str(SH.declare))
    )
    query = declared + text(node, SH.select)
    try:
        ox.Store().query(query)
    except SyntaxError as error:
        raise DataError(f"{file.where(shape.value)}: the query of this shape is wrong: {error}") from error
    classes = frozenset(each.value for each in file.of(shape, str(SH.targetClass)))
    if not classes:
        raise DataError(f"{file.where(shape.value)}: a shape in SPARQL needs sh:targetClass")
    severity = SEVERITIES[text(shape, SH.severity) or str(SH.Violation)]
    return SparqlShape(shape.value, classes, query, text(node, SH.message), severity)


def _node(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    kind = URIRef(term.datatype.value)
    return Literal(term.value, datatype=None if kind == XSD.string else kind)


def derived_shapes(vocab: Vocab, used: Iterable[str]) -> Graph:
    """Shapes for the ends of the properties ``used`` (local names): domain, range, and ranges by class of subject.

    They are called ``<ontology IRI>/shapes/PROPERTY-domain``, ``-range``, ``-range-of-CLASS``.
    """
    build = _Builder(vocab)
    for name in sorted(used):
        if term := vocab.properties.get(name):
            build.ends(term)
    return build.graph


class _Builder:
    def __init__(self, vocab: Vocab) -> None:
        self.vocab, self.graph = vocab, Graph()
        self.prefix = vocab.ontology + "/shapes/"

    def ends(self, term: PropertyTerm) -> None:
        path = URIRef(term.iri)
        shape = self._shape(f"{term.name}-domain", f"{term.name} is said of {_list(term.domain)} only")
        self.graph.add((shape, SH.targetSubjectsOf, path))
        self._one_of(shape, term, term.domain)
        self._path(f"{term.name}-range", SH.targetSubjectsOf, path, term, term.range)
        for name, allowed in sorted(term.only.items()):
            target = URIRef(self.vocab.classes[name].iri)
            self._path(f"{term.name}-range-of-{name}", SH.targetClass, target, term, allowed, of=f" of {name}")

    def _path(
        self, name: str, how: URIRef, target: URIRef, term: PropertyTerm, allowed: frozenset[str], of: str = ""
    ) -> None:
        message = f"the object of {term.name}{of} must be {_list(allowed)}"
        shape, end = self._shape(name, message), URIRef(f"{self.prefix}{name}-object")
        self.graph.add((shape, how, target))
        self.graph.add((shape, SH.property, end))
        self.graph.add((end, SH.path, URIRef(term.iri)))
        self.graph.add((end, SH.message, Literal(message)))
        self._one_of(end, term, allowed)

    def _shape(self, name: str, message: str) -> URIRef:
        shape = URIRef(self.prefix + name)
        self.graph.add((shape, RDF.type, SH.NodeShape))
        self.graph.add((shape, SH.message, Literal(message)))
        return shape

    def _one_of(self, shape: URIRef, term: PropertyTerm, kinds: frozenset[str]) -> None:
        """One constraint: a class, a union of classes, a datatype, a list of values, or ``sh:or`` of these."""
        classes = {kind for kind in kinds if kind in self.vocab.classes and not self._values(kind, term)}
        union = [((SH["class"], union_class(self.vocab, classes)),)] if classes else []
        options = [*union, *(self._constraints(kind, term) for kind in sorted(kinds - classes))]
        if len(options) == 1:
            self._say(shape, options[0])
            return
        nodes: list[Node] = [URIRef(f"{shape}-{number}") for number in range(len(options))]
        for node, option in zip(nodes, options, strict=True):
            self._say(node, option)
        head = BNode()
        Collection(self.graph, head, nodes)
        self.graph.add((shape, SH["or"], head))

    def _say(self, shape: Node, constraints: Iterable[Constraint]) -> None:
        for component, value in constraints:
            self.graph.add((shape, component, value))

    def _constraints(self, kind: str, term: PropertyTerm) -> tuple[Constraint, ...]:
        if values := self._values(kind, term):
            head = BNode()
            Collection(self.graph, head, values)
            return ((SH["in"], head),)
        if "://" in kind:
            return ((SH["class"], URIRef(kind)),)
        datatype = (SH.datatype, RDF.langString if kind == "langString" else XSD[kind])
        return (datatype, (SH.pattern, Literal(LEXICAL[kind]))) if kind in LEXICAL else (datatype,)

    def _values(self, kind: str, term: PropertyTerm) -> list[Node]:
        named = self.vocab.values(term.name).values()
        return [URIRef(each.iri) for each in sorted(named, key=lambda v: v.name) if each.type == kind]


def union_class(vocab: Vocab, names: Iterable[str]) -> URIRef:
    """The IRI of the union of some classes: of the class itself where it is one, else one made for validation."""
    first, *others = sorted(names)
    if not others:
        return URIRef(vocab.classes[first].iri)
    return URIRef(f"{vocab.ontology}/union/{'-'.join((first, *others))}")


def unions(vocab: Vocab) -> Iterator[tuple[str, URIRef]]:
    """Each class with the unions of which it is a member, as the ends of properties use them."""
    every = {ends for term in vocab.properties.values() for ends in (term.domain, term.range, *term.only.values())}
    for names in sorted(sorted(ends & vocab.classes.keys()) for ends in every):
        yield from ((name, union_class(vocab, names)) for name in names if len(names) > 1)


def _list(names: Iterable[str]) -> str:
    *some, last = sorted(name.rpartition("#")[2] for name in names)
    return f"{', '.join(some)} or {last}" if some else last


def shape_names(shapes: Graph) -> Iterator[tuple[Node, str]]:
    """The local name of the node shape that each shape, named or not, belongs to."""
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        name = str(shape).replace("#", "/").rpartition("/")[2]
        yield shape, name
        for inner in shapes.objects(shape, SH.property):
            yield inner, name
