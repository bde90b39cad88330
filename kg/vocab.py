"""``ontology.ttl`` -> ``Vocab``: reads the ontology, and says what is wrong with it.

``load_vocab`` for those who use it, ``check_ontology`` for those who edit it, ``ontology_quads`` for the graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import DataError
from kg.turtle import RDF, Node, TurtleFile, read_turtle
from kg.types import Quad
from kg.vocab_types import ClassTerm, Individual, PropertyTerm, Term, Vocab

__all__ = [
    "ClassTerm",
    "Individual",
    "PropertyTerm",
    "Term",
    "Vocab",
    "check_ontology",
    "load_vocab",
    "ontology_quads",
    "read_vocab",
]

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
VANN = "http://purl.org/vocab/vann/"
ALIGNMENTS = (RDFS + "subClassOf", RDFS + "subPropertyOf", RDFS + "seeAlso", OWL + "equivalentClass")


def load_vocab(path: str | Path) -> Vocab:
    """Read an ontology; ``DataError`` (``file:line: …``) for the first thing wrong with it, if any."""
    return read_vocab(read_turtle(Path(path)))


def read_vocab(file: TurtleFile) -> Vocab:
    """The same of a file that was read already."""
    reader = _Reader(file)
    vocab = reader.vocab()
    problems = (*reader.problems, *_missing(vocab, reader.file))
    if problems:
        more = f" (and {len(problems) - 1} more: run kg check)" if len(problems) > 1 else ""
        raise DataError(problems[0] + more)
    return vocab


def check_ontology(path: str | Path) -> tuple[str, ...]:
    """Everything wrong with an ontology, one ``file:line: message`` each; a syntax error ends the search."""
    try:
        reader = _Reader(read_turtle(Path(path)))
        vocab = reader.vocab()
    except DataError as error:
        return (str(error),)
    return (*reader.problems, *_missing(vocab, reader.file), *_unused(vocab, reader.file))


def ontology_quads(path: str | Path, graph: str) -> Iterator[Quad]:
    """The ontology as quads of one graph (an IRI), its lists and unions named ``<graph>#node-N`` in file order."""
    file = read_turtle(Path(path))
    names: dict[BlankNode, NamedNode] = {}

    def term(node: Node | Literal) -> str:
        if isinstance(node, BlankNode):
            node = names.setdefault(node, NamedNode(f"{graph}#node-{len(names) + 1}"))
        return str(node)

    for subject, predicates in file.index.items():
        for predicate, objects in predicates.items():
            for each in objects:
                yield Quad(term(subject), f"<{predicate}>", term(each), f"<{graph}>")


class _Reader:
    """Turns the triples of one file into terms and collects what does not hold together."""

    def __init__(self, file: TurtleFile) -> None:
        self.file = file
        self.problems: list[str] = []
        ontology = next(file.typed(OWL + "Ontology"), None)
        if ontology is None:
            raise DataError(f"{file.path}:1: no owl:Ontology is declared: say `<IRI> a owl:Ontology ; …`")
        self.ontology = ontology
        self.namespace = self._text(ontology, VANN + "preferredNamespaceUri")
        if not self.namespace:
            raise DataError(f"{file.where(ontology.value)}: the ontology has no vann:preferredNamespaceUri")
        # Classes of properties belong to the ontology's own description, not to the world that it describes.
        meta = NamedNode(RDF + "Property")
        things = (c for c in file.typed(OWL + "Class") if meta not in file.of(c, RDFS + "subClassOf"))
        self.classes = {self._name(c): c for c in things if self._name(c)}
        self.parents = {name: self._parents(node) for name, node in self.classes.items()}
        self.ancestors = {name: self._closed(name) for name in self.classes}

    def vocab(self) -> Vocab:
        disjoint = self._disjoint()
        classes = {name: self._class(name, node, disjoint) for name, node in self.classes.items()}
        individuals = {term.name: term for node in self._named_individuals() for term in [self._individual(node)]}
        prefix = self._text(self.ontology, VANN + "preferredNamespacePrefix") or "kg"
        properties = self._properties()
        known = {*classes, *properties, *individuals}
        labelled = (n for n in self.file.index if isinstance(n, NamedNode) and self.file.of(n, RDFS + "label"))
        own = {name: Term(*self._term(n)) for n in labelled if (name := self._name(n)) and name not in known}
        return Vocab(self.namespace, classes, properties, individuals, prefix, self.ontology.value, own)

    # -- small readings

    def _name(self, node: object) -> str:
        iri = node.value if isinstance(node, NamedNode) else ""
        return iri[len(self.namespace) :] if iri.startswith(self.namespace) else ""

    def _text(self, subject: Node, predicate: str, language: str | None = None) -> str:
        values = (o for o in self.file.of(subject, predicate) if isinstance(o, Literal) and o.language == language)
        return next((o.value for o in values), "")

    def _own(self, subject: Node, local: str) -> str:
        """The value of one of the ontology's own annotations: the local name of an IRI, or a text."""
        values = self.file.of(subject, self.namespace + local)
        return next((o.value if isinstance(o, Literal) else self._name(o) for o in values), "")

    def _is(self, subject: Node, type: str) -> bool:
        return NamedNode(type) in self.file.of(subject, RDF + "type")

    def _term(self, node: NamedNode) -> tuple[str, str, str, str, str, str, tuple[str, ...]]:
        labels = (self._text(node, RDFS + p, tag) for p in ("label", "comment") for tag in ("zh", "en"))
        foreign = {o.value for p in ALIGNMENTS for o in self.file.of(node, p) if isinstance(o, NamedNode)}
        outside = tuple(sorted(iri for iri in foreign if not iri.startswith(self.namespace)))
        return (self._name(node), node.value, *labels, outside)  # type: ignore[return-value]

    def _problem(self, node: NamedNode, message: str) -> None:
        self.problems.append(f"{self.file.where(node.value)}: {self._name(node)}: {message}")

    # -- classes

    def _parents(self, node: NamedNode) -> frozenset[str]:
        ours = {self._name(o) for o in self.file.of(node, RDFS + "subClassOf")} - {""}
        for unknown in sorted(ours - self.classes.keys()):
            self._problem(node, f"its parent class {unknown} is not declared: declare it or mend the name")
        return frozenset(ours & self.classes.keys())

    def _closed(self, name: str) -> frozenset[str]:
        found, todo = {name}, [name]
        while todo:
            fresh = self.parents[todo.pop()] - found
            found |= fresh
            todo += fresh
        return frozenset(found)

    def _class(self, name: str, node: NamedNode, disjoint: Mapping[str, frozenset[str]]) -> ClassTerm:
        excluded = frozenset().union(*(disjoint.get(up, frozenset()) for up in self.ancestors[name]))
        return ClassTerm(
            *self._term(node),
            parents=self.parents[name],
            ancestors=self.ancestors[name],
            disjoint=frozenset(c for c, up in self.ancestors.items() if not up.isdisjoint(excluded)),
            colour=self._inherited(name, "colour"),
            shape=self._inherited(name, "shape"),
            counts_as=self._inherited(name, "countsAs"),
        )

    def _inherited(self, name: str, local: str) -> str:
        """The annotation of the class itself or of its nearest ancestor (the first by name among equals)."""
        level = [name]
        while level:
            values = (self._own(self.classes[each], local) for each in level)
            if found := next(filter(None, values), ""):
                return found
            level = sorted(frozenset().union(*(self.parents[each] for each in level)))
        return ""

    def _disjoint(self) -> dict[str, frozenset[str]]:
        groups = [
            self._listed(head)
            for node in self.file.index
            if self._is(node, OWL + "AllDisjointClasses")
            for head in self.file.nodes(node, OWL + "members")
        ]
        for name, node in self.classes.items():
            groups += [frozenset({name, self._name(o)}) for o in self.file.of(node, OWL + "disjointWith")]
        every = frozenset().union(*groups)
        return {name: frozenset().union(*(g - {name} for g in groups if name in g)) for name in every}

    def _listed(self, head: Node) -> frozenset[str]:
        names = frozenset(self._name(each) for each in self.file.members(head))
        for unknown in sorted(names - self.classes.keys()):
            self.problems.append(f"{self.file.path}:1: disjointness names {unknown!r}, which is no declared class")
        return names & self.classes.keys()

    # -- properties

    def _properties(self) -> dict[str, PropertyTerm]:
        kinds = (OWL + "ObjectProperty", OWL + "DatatypeProperty")
        nodes = {self._name(node): node for node in self.file.typed(*kinds) if self._name(node)}
        inverse = self._inverses(nodes)
        return {name: self._property(name, nodes, inverse.get(name, "")) for name in nodes}

    def _inverses(self, nodes: Mapping[str, NamedNode]) -> dict[str, str]:
        pairs: dict[str, str] = {}
        for name, node in nodes.items():
            for other in map(self._name, self.file.of(node, OWL + "inverseOf")):
                if other not in nodes:
                    self._problem(node, f"its inverse {other!r} is not declared")
                pairs |= {name: other, other: name}
        return pairs

    def _property(self, name: str, nodes: Mapping[str, NamedNode], inverse: str) -> PropertyTerm:
        node = nodes[name]
        symmetric = self._is(node, OWL + "SymmetricProperty")
        other = node if symmetric else nodes.get(inverse)
        return PropertyTerm(
            *self._term(node),
            domain=self._ends(node, "domain") or self._ends(other, "range"),
            range=self._ends(node, "range") or self._ends(other, "domain"),
            only=self._only(node),
            symmetric=symmetric,
            transitive=self._is(node, OWL + "TransitiveProperty"),
            functional=self._is(node, OWL + "FunctionalProperty"),
            inverse=name if symmetric else inverse,
            event=self._known(node, "shortcutOf", self.classes),
            subject_role=self._known(node, "subjectRole", nodes),
            object_role=self._known(node, "objectRole", nodes),
            not_before=self._earlier(node, nodes),
            is_predicate=self._is(node, self.namespace + "Predicate"),
            is_qualifier=self._is(node, self.namespace + "Qualifier"),
        )

    def _known(self, node: NamedNode, local: str, declared: Mapping[str, object]) -> str:
        name = self._own(node, local)
        if name and name not in declared:
            self._problem(node, f"its {local} {name} is not declared")
        return name

    def _earlier(self, node: NamedNode, declared: Mapping[str, object]) -> frozenset[str]:
        names = {self._name(o) for o in self.file.of(node, self.namespace + "notBefore")}
        for unknown in sorted(names - declared.keys()):
            self._problem(node, f"its notBefore {unknown} is not declared")
        return frozenset(names & declared.keys())

    def _ends(self, node: NamedNode | None, which: str) -> frozenset[str]:
        if node is None:
            return frozenset()
        ends = frozenset(e for o in self.file.nodes(node, RDFS + which) for e in self._expanded(o))
        for end in sorted(ends):
            if end.startswith(self.namespace):
                unknown = end[len(self.namespace) :]
                self._problem(node, f"its {which} {unknown} is not declared: declare it or mend the name")
        return ends

    def _expanded(self, node: Node) -> Iterator[str]:
        """The classes or kinds of literal that a class expression stands for; an undeclared one as its whole IRI."""
        name = self._name(node)
        if name in self.classes:
            yield name
        elif unions := self.file.nodes(node, OWL + "unionOf"):
            for member in (m for head in unions for m in self.file.members(head) if not isinstance(m, Literal)):
                yield from self._expanded(member)
        elif same := self.file.nodes(node, OWL + "equivalentClass"):
            yield from self._expanded(same[0])
        elif isinstance(node, NamedNode):
            yield node.value.removeprefix(XSD).removeprefix(RDF)

    def _only(self, node: NamedNode) -> dict[str, frozenset[str]]:
        """Restrictions ``CLASS ⊑ ∀ property . RANGE``, by class."""
        found: dict[str, frozenset[str]] = {}
        for name, each in self.classes.items():
            for bound in self.file.nodes(each, RDFS + "subClassOf"):
                if node in self.file.of(bound, OWL + "onProperty"):
                    ranges = self.file.nodes(bound, OWL + "allValuesFrom")
                    found[name] = frozenset(e for o in ranges for e in self._expanded(o))
        return found

    # -- named values

    def _named_individuals(self) -> Iterator[NamedNode]:
        return (node for node in self.file.typed(OWL + "NamedIndividual") if self._name(node))

    def _individual(self, node: NamedNode) -> Individual:
        types = sorted({self._name(o) for o in self.file.of(node, RDF + "type")} & self.classes.keys())
        if not types:
            self._problem(node, "it has no declared class")
        name = self._name(node)
        code = self._own(node, "code") or name
        return Individual(*self._term(node), type=types[0] if types else "", code=code)


def _missing(vocab: Vocab, file: TurtleFile) -> Iterator[str]:
    """Labels, comments, domains and ranges that are not there."""
    for term in (*vocab.classes.values(), *vocab.properties.values(), *vocab.individuals.values()):
        for part in ("label_zh", "label_en", "comment_zh", "comment_en"):
            if not getattr(term, part):
                kind, language = part.split("_")
                yield f"{file.where(term.iri)}: {term.name} has no rdfs:{kind}@{language}"
    for each in vocab.properties.values():
        for end in ("domain", "range"):
            if not getattr(each, end):
                yield f"{file.where(each.iri)}: {each.name} has no rdfs:{end}, nor its inverse one"


def _unused(vocab: Vocab, file: TurtleFile) -> Iterator[str]:
    """Entity types that cannot be shown, and codes that mean two things."""
    for term in vocab.classes.values():
        if term.counts_as and not (term.colour and term.shape):
            yield f"{file.where(term.iri)}: {term.name} has no colour and shape, nor an ancestor one"
        if term.counts_as and term.counts_as not in vocab.classes:
            yield f"{file.where(term.iri)}: {term.name} counts as {term.counts_as}, which is not declared"
    seen: dict[tuple[str, str], str] = {}
    for each in vocab.individuals.values():
        first = seen.setdefault((each.type, each.code), each.name)
        if first != each.name:
            yield f"{file.where(each.iri)}: {each.name} has the code {each.code!r} of {first}"
