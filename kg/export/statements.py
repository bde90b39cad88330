"""What a graph says, read once: everything by subject, and every statement with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg import terms as t
from kg.export.source import FACTS, GraphFile, short
from kg.nquads import plain, split_literal
from kg.types import ASSERTED, Quad

Value = str | int | float

# The terms of the ontology by which a statement carries its evidence: see MODEL, "Statements and evidence".
MODALITY, EVIDENCE, EVIDENCE_COUNT, CONFIDENCE, RULE = "modality", "evidence", "evidenceCount", "confidence", "rule"
OBSERVATION, ABOUT = "Observation", "about"
CODE = "code"  # the short name of a named value, which others of another kind may share
_NO_QUALIFIER = frozenset({MODALITY, EVIDENCE, EVIDENCE_COUNT, CONFIDENCE, RULE})

_NUMBERS: Mapping[str, type[int] | type[float]] = {t.XSD + "integer": int, t.XSD + "decimal": float}
# Positions and contexts of quotes are half of a graph, and nobody's attribute.
_SKIPPED = frozenset({t.START, t.END, t.PREFIX, t.SUFFIX, t.GENERATED_BY})
# What was refused is no part of the network, though it may look like a statement.
_REJECTED = "/rejected>"


class Table:
    """Objects by subject and predicate, all of them terms as N-Quads writes them."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, list[str]]] = {}

    def add(self, subject: str, predicate: str, value: str) -> None:
        self._rows.setdefault(subject, {}).setdefault(predicate, []).append(value)

    def row(self, subject: str) -> Mapping[str, Sequence[str]]:
        """All that is said of a subject; nothing if it is unknown."""
        return self._rows.get(subject, {})

    def get(self, subject: str, predicate: str) -> Sequence[str]:
        return self.row(subject).get(predicate, ())

    def with_predicate(self, predicate: str) -> Iterator[str]:
        """The subjects of which this is said, sorted."""
        return (subject for subject in sorted(self._rows) if predicate in self._rows[subject])

    def quads(self) -> Iterator[tuple[str, str, str]]:
        for subject, row in sorted(self._rows.items()):
            for predicate, values in sorted(row.items()):
                yield from ((subject, predicate, value) for value in values)


@dataclass(frozen=True, slots=True)
class Backing:
    """What stands behind a statement or figure: its modality, and all the ``places`` that state it together."""

    modality: str
    confidence: Value | None
    quotes: tuple[str, ...]
    rules: tuple[str, ...]
    sources: tuple[str, ...]
    published: tuple[str, ...]
    places: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact with its evidence; ``predicate`` is a local name, ``subject`` and ``object`` are terms."""

    iri: str
    subject: str
    predicate: str
    object: str
    backing: Backing
    qualifiers: Mapping[str, tuple[Value, ...]]

    @property
    def modality(self) -> str:
        return self.backing.modality


@dataclass(frozen=True, slots=True)
class Figure:
    """An observation with its evidence; ``about`` is a term, ``values`` is all else that the ontology says of it."""

    iri: str
    about: str
    backing: Backing
    units: tuple[str, ...]
    values: Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True)
class Graph:
    """The facts graph, all other graphs as one, and the plain triples of the graphs that were asked for besides."""

    namespace: str
    facts: Table
    rest: Table
    further: tuple[Quad, ...]

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement, by IRI; what has no subject, predicate or object is none."""
        whole = (s for s in self.rest.with_predicate(t.SUBJECT) if {t.PREDICATE, t.OBJECT} <= self.rest.row(s).keys())
        return tuple(map(self._statement, whole))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every observation, by IRI; what is about no node is none."""
        about, kind = self._term(ABOUT), self._term(OBSERVATION)
        found = ((iri, self.rest.get(iri, about)[0]) for iri in self.rest.with_predicate(about))
        return tuple(
            self._figure(*each) for each in found if kind in self.rest.get(each[0], t.TYPE) and self.is_node(each[1])
        )

    def texts(self, subject: str, predicate: str) -> list[str]:
        """All that any graph says with this predicate, as plain texts, sorted."""
        return sorted({plain(term) for table in (self.facts, self.rest) for term in table.get(subject, predicate)})

    def is_node(self, term: str) -> bool:
        """Whether a term is an IRI of the data: an individual of the ontology (a status) is a value, like a literal."""
        return term.startswith("<") and not self.is_ours(term)

    def is_ours(self, term: str) -> bool:
        """Whether a term belongs to the ontology."""
        return term.startswith(f"<{self.namespace}")

    def value(self, term: str) -> Value:
        """A term as a value: a number where it is one, the code or local name of an IRI, else the literal's text."""
        parts = split_literal(term)
        if parts is None:
            code = self.rest.get(term, self._term(CODE))
            return plain(code[0]) if code else local(term)
        text, _, datatype = parts
        return _NUMBERS.get(datatype, str)(text)

    def _statement(self, iri: str) -> Statement:
        subject, predicate, target = (self.rest.get(iri, term)[0] for term in (t.SUBJECT, t.PREDICATE, t.OBJECT))
        return Statement(iri[1:-1], subject, local(predicate), target, self._backing(iri), self._qualifiers(iri))

    def _figure(self, iri: str, about: str) -> Figure:
        units = tuple(map(local, self.rest.get(iri, t.HAS_UNIT)))
        values = {name: them for name, them in self._qualifiers(iri).items() if name != ABOUT}
        return Figure(iri[1:-1], about, self._backing(iri), units, values)

    def _backing(self, iri: str) -> Backing:
        places = self._places(iri)
        documents = self._all(places, t.HAS_SOURCE)
        confidences = self._all([iri], self._term(CONFIDENCE)) or self._all(places, self._term(CONFIDENCE))
        return Backing(
            modality=str(next(map(self.value, self.rest.get(iri, self._term(MODALITY))), ASSERTED)),
            confidence=max((c for c in map(self.value, confidences) if not isinstance(c, str)), default=None),
            quotes=_texts(self._all(self._all(places, t.HAS_SELECTOR), t.EXACT)),
            rules=_texts(self._all(places, self._term(RULE))),
            sources=_texts(self._all(documents, t.SOURCE)),
            published=_texts(self._all(documents, t.ISSUED)),
            places=len(places),
        )

    def _places(self, iri: str) -> list[str]:
        return sorted(self.rest.get(iri, self._term(EVIDENCE)))

    def _qualifiers(self, iri: str) -> Mapping[str, tuple[Value, ...]]:
        found: dict[str, dict[Value, None]] = {}
        for subject in (iri, *self._places(iri)):
            for predicate, values in self.rest.row(subject).items():
                if self.is_ours(predicate) and (name := local(predicate)) not in _NO_QUALIFIER:
                    found.setdefault(name, {}).update(dict.fromkeys(map(self.value, values)))
        return {name: tuple(values) for name, values in found.items()}

    def _all(self, subjects: Iterable[str], predicate: str) -> list[str]:
        return [term for subject in subjects for term in self.rest.get(subject, predicate)]

    def _term(self, name: str) -> str:
        return f"<{self.namespace}{name}>"


def read_graph(source: GraphFile, graphs: Sequence[str]) -> Graph:
    """Read a build; the plain triples of ``graphs`` (full IRIs) other than the facts are kept as ``further``."""
    facts, rest, further = Table(), Table(), []
    also = {f"<{name}>" for name in graphs if short(name) != FACTS}
    ours = f"<{source.namespace}"
    for quad in source.terms():
        if quad.predicate not in _SKIPPED and not quad.graph.endswith(_REJECTED):
            (facts if not quad.graph or quad.graph.endswith(f"/{FACTS}>") else rest).add(*quad[:3])
            if quad.graph in also and quad.predicate.startswith(ours):
                further.append(quad)
    return Graph(source.namespace, facts, rest, tuple(further))


def local(term: str) -> str:
    """The local name of an IRI, given as a term."""
    return short(plain(term))


def _texts(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(plain, terms)))
