"""The graph of a build, as exports read it: ``graph.nq``, and the named graphs in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg import nquads, terms
from kg.errors import DataError, ReadError
from kg.types import Quad

ALL = "all"
"""Stands for every named graph of a build."""
FACTS = "facts"
KNOWN = frozenset({FACTS, "evidence", "background", "identity", "inferred", "rejected", "ontology"})
"""The graphs that a build may have, by the last part of their IRIs."""

_PREFIX, _NAMESPACE = terms.VANN + "preferredNamespacePrefix", terms.VANN + "preferredNamespaceUri"
_DECLARATIONS = frozenset({ox.NamedNode(_PREFIX), ox.NamedNode(_NAMESPACE)})
_VANN = terms.VANN.encode()
_SUBCLASS = ox.NamedNode(terms.RDFS + "subClassOf")


@dataclass(frozen=True)
class GraphFile:
    """The N-Quads of a build; ``path`` is its ``graph.nq``."""

    path: Path

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The IRIs of the named graphs in the file, sorted."""
        return self._survey[0]

    @cached_property
    def namespace(self) -> str:
        """The namespace of the ontology that the graph is written with, as the ontology itself declares it."""
        return min((namespace for _, namespace in self._survey[1]), default=terms.KG)

    @cached_property
    def ancestors(self) -> Mapping[str, frozenset[str]]:
        """The classes above each class of the ontology, as local names, whatever part of the build is asked for."""
        parents: dict[str, set[str]] = {}
        for quad in self._parse():
            if quad.predicate == _SUBCLASS and isinstance(quad.object, ox.NamedNode):
                parents.setdefault(short(str(quad.subject)[1:-1]), set()).add(quad.object.value)
        ours = {name: {short(p) for p in them if p.startswith(self.namespace)} for name, them in parents.items()}
        return {name: frozenset(_closure(name, ours)) for name in ours}

    def prefixes(self, graphs: Iterable[str]) -> dict[str, str]:
        """The prefixes that are of use in these graphs (full IRIs)."""
        used = {_namespace_of(term) for quad in self.quads(graphs) for term in _terms_of(quad.triple)}
        known = terms.prefixes_of(self.names, self._survey[1])
        return {prefix: namespace for prefix, namespace in known.items() if namespace in used}

    def select(self, graphs: Iterable[str]) -> tuple[str, ...]:
        """The IRIs of the graphs so called: by their last part (``facts``), in full, or ``all``.

        A graph that a build can have but this one does not is no error; a name that no build has is.
        """
        wanted = tuple(graphs)
        if ALL in wanted:
            return self.names
        return tuple(sorted({iri for name in wanted for iri in self._named(name)}))

    def quads(self, graphs: Iterable[str]) -> Iterator[ox.Quad]:
        """The quads of these graphs (full IRIs), in the order of the file."""
        wanted = {graph_node(name) for name in graphs}
        return (quad for quad in self._parse() if quad.graph_name in wanted)

    def terms(self) -> Iterator[Quad]:
        """All quads as N-Quads writes their terms."""
        try:
            yield from nquads.read(self.path)
        except (OSError, UnicodeDecodeError) as error:
            raise self._unreadable(error) from error

    def _named(self, name: str) -> Sequence[str]:
        found = [iri for iri in self.names if name in (iri, short(iri))]
        if not found and name not in KNOWN:
            known = sorted({*KNOWN, *map(short, self.names)})
            raise DataError(f"{self.path}: there is no graph {name!r}; there are {', '.join(known)} and {ALL}")
        return found

    @cached_property
    def _survey(self) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """The named graphs, and the prefixes that ontologies in them declare with their namespaces."""
        graphs: dict[bytes, str] = {}
        declared: dict[tuple[object, str], str] = {}
        for number, line, graph in self._lines():
            if graph in graphs and _VANN not in line:
                continue
            for quad in self._quads_of(line, number):
                if isinstance(quad.graph_name, ox.NamedNode):
                    graphs[str(quad.graph_name).encode()] = quad.graph_name.value
                if quad.predicate in _DECLARATIONS and isinstance(quad.object, ox.Literal):
                    declared[quad.subject, quad.predicate.value] = quad.object.value
        pairs = ((p, declared.get((s, _NAMESPACE))) for (s, name), p in declared.items() if name == _PREFIX)
        return tuple(sorted(graphs.values())), tuple(sorted((p, n) for p, n in pairs if n))

    def _lines(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Each line with its number and the term before its full stop: its graph, if it has one.

        Most lines need no more than that to be surveyed, and parsing is what costs.
        """
        try:
            with self.path.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    yield number, line, line[line.rfind(b" <") + 1 : -3]
        except OSError as error:
            raise self._unreadable(error) from error

    def _quads_of(self, line: bytes, number: int) -> list[ox.Quad]:
        try:
            return list(ox.parse(line, format=ox.RdfFormat.N_QUADS))
        except SyntaxError as error:
            raise self._malformed(number, error) from error

    def _parse(self) -> Iterator[ox.Quad]:
        try:
            yield from ox.parse(path=str(self.path), format=ox.RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise self._malformed(error.lineno or 1, error) from error
        except OSError as error:
            raise self._unreadable(error) from error

    def _malformed(self, line: int, error: SyntaxError) -> DataError:
        return DataError(f"{self.path}:{line}: not N-Quads: {error.msg}; build again")

    def _unreadable(self, error: Exception) -> ReadError:
        return ReadError(f"{self.path}: cannot read the graph of a build ({error}); run `kg build` or name its folder")


def _closure(name: str, parents: Mapping[str, Collection[str]]) -> set[str]:
    found: set[str] = set()
    ahead = {*parents.get(name, ())}
    while ahead:
        parent = ahead.pop()
        if parent not in found:
            found.add(parent)
            ahead.update(parents.get(parent, ()))
    return found


def graph_node(name: str) -> ox.NamedNode | ox.DefaultGraph:
    """A graph by its IRI; the default graph if that is empty."""
    return ox.NamedNode(name) if name else ox.DefaultGraph()


def _terms_of(triple: ox.Triple) -> Iterator[object]:
    """The terms of a triple, and those of a triple that it speaks of."""
    for term in triple:
        if isinstance(term, ox.Triple):
            yield from _terms_of(term)
        else:
            yield term


def _namespace_of(term: object) -> str:
    """What stands before the local name of an IRI, or of a literal's datatype; a prefix must be exactly this."""
    if isinstance(term, ox.Literal):
        term = term.datatype
    if not isinstance(term, ox.NamedNode):
        return ""
    end = max(term.value.rfind("#"), term.value.rfind("/"))
    return term.value[: end + 1]


def short(iri: str) -> str:
    """The last part of an IRI.

    >>> short("https://example.org/graph/facts")
    'facts'
    """
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
