"""The graph of a build, as exports read it: ``graph.nq``, and the named graphs in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kg import nquads, terms
from kg.errors import DataError, ReadError
from kg.export import lines
from kg.types import Quad

ALL = "all"
"""Stands for every named graph of a build."""
FACTS = "facts"
EVIDENCE = "evidence"
ONTOLOGY = "ontology"
KNOWN = frozenset({FACTS, EVIDENCE, "background", "identity", "inferred", "rejected", "reviews", ONTOLOGY})
"""The graphs that a build may have, by the last part of their IRIs."""

_PREFIX, _NAMESPACE = terms.VANN + "preferredNamespacePrefix", terms.VANN + "preferredNamespaceUri"
_DECLARATIONS = frozenset({ox.NamedNode(_PREFIX), ox.NamedNode(_NAMESPACE)})
_SUBCLASS = ox.NamedNode(terms.RDFS + "subClassOf")
_RESTRICTION = ox.NamedNode(terms.OWL + "Restriction")


@dataclass(frozen=True)
class GraphFile:
    """The N-Quads of a build; ``path`` is its ``graph.nq``."""

    path: Path

    @property
    def whole(self) -> GraphFile:
        """The build, whatever of it is asked for."""
        return self

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
        """The classes above each class of the ontology, as local names, whatever part of the build is asked for.

        Restrictions, which stand among them in an ontology and have no name there, are left out.
        """
        parents: dict[str, set[str]] = {}
        nameless: set[str] = set()
        for quad in self._parse():
            if quad.predicate == _SUBCLASS and isinstance(quad.object, ox.NamedNode):
                parents.setdefault(short(str(quad.subject)[1:-1]), set()).add(quad.object.value)
            elif quad.object == _RESTRICTION and isinstance(quad.subject, ox.NamedNode):
                nameless.add(quad.subject.value)
        for them in parents.values():
            them -= nameless
        ours = {name: {short(p) for p in them if p.startswith(self.namespace)} for name, them in parents.items()}
        return {name: frozenset(_closure(name, ours)) for name in ours}

    def prefixes(self, graphs: Iterable[str]) -> dict[str, str]:
        """The prefixes that are of use in these graphs (full IRIs)."""
        wanted = tuple(graphs)
        if extents := self._extents_of(wanted):
            known = self.known_prefixes.values()
            return self._prefixes_in(lines.namespaces(self._lines_of(extents), extents, known))
        return self._prefixes_in({namespace_of(term) for quad in self.quads(wanted) for term in quad.triple})

    def _prefixes_in(self, used: Iterable[str]) -> dict[str, str]:
        namespaces = set(used)
        return {prefix: namespace for prefix, namespace in self.known_prefixes.items() if namespace in namespaces}

    @property
    def base(self) -> str:
        """What the IRIs of the build begin with."""
        return self.known_prefixes["graph"].removesuffix("graph/")

    @cached_property
    def known_prefixes(self) -> Mapping[str, str]:
        """The prefixes that fit the build, whether or not they are of use."""
        return terms.prefixes_of(self.names, self._survey[1])

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
        wanted = tuple(graphs)
        if extents := self._extents_of(wanted):
            return self.parsed(self._lines_of(extents))
        nodes = {graph_node(name) for name in wanted}
        return (quad for quad in self._parse() if quad.graph_name in nodes)

    def quad_lines(self, graphs: Sequence[str]) -> Iterator[Sequence[bytes]] | None:
        """The quads of these graphs as lines of N-Quads, some at a time; ``None`` if only :meth:`quads` has them."""
        extents = self._extents_of(graphs)
        return self._lines_of(extents) if extents else None

    def triple_lines(self, graphs: Sequence[str]) -> Iterator[Sequence[bytes]] | None:
        """The same as lines of N-Triples, none twice."""
        extents = self._extents_of(graphs)
        return lines.without_graph(self.path, extents) if extents else None

    def parsed(self, batches: Iterable[Sequence[bytes]]) -> Iterator[ox.Quad]:
        """The quads of such lines; triples are quads of the default graph."""
        return chain.from_iterable(map(self._parse_batch, batches))

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

    def _lines_of(self, extents: Mapping[str, lines.Extent]) -> Iterator[Sequence[bytes]]:
        return lines.of_graphs(self.path, extents, every=len(extents) == len(self.names))

    def _extents_of(self, graphs: Iterable[str]) -> Mapping[str, lines.Extent]:
        """Where the lines of these graphs are; empty if that cannot be told without parsing."""
        known = self._lines.extents if self._lines else {}
        return {name: known[name] for name in graphs if name in known}

    @cached_property
    def _lines(self) -> lines.Survey | None:
        try:
            return lines.survey(self.path, terms.VANN.encode())
        except OSError as error:
            raise self._unreadable(error) from error

    @cached_property
    def _survey(self) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """The named graphs, and the prefixes that ontologies in them declare with their namespaces."""
        if self._lines:
            names = set(self._lines.extents)
            said = [quad for quad in self._parse_batch(self._lines.marked) if quad.predicate in _DECLARATIONS]
        else:
            names, said = set(), []
            for quad in self._parse():
                if isinstance(quad.graph_name, ox.NamedNode):
                    names.add(quad.graph_name.value)
                if quad.predicate in _DECLARATIONS:
                    said.append(quad)
        return tuple(sorted(names)), tuple(sorted(_declared(said)))

    def _parse(self) -> Iterator[ox.Quad]:
        try:
            yield from ox.parse(path=str(self.path), format=ox.RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise self._malformed(error.lineno or 1, error) from error
        except OSError as error:
            raise self._unreadable(error) from error

    def _parse_batch(self, batch: Sequence[bytes]) -> list[ox.Quad]:
        try:
            return list(ox.parse(b"".join(batch), format=ox.RdfFormat.N_QUADS))
        except SyntaxError as error:
            for _ in self._parse():  # which says in which line of the file
                pass
            raise self._malformed(1, error) from error

    def _malformed(self, line: int, error: SyntaxError) -> DataError:
        return DataError(f"{self.path}:{line}: not N-Quads: {error.msg}; build again")

    def _unreadable(self, error: Exception) -> ReadError:
        return ReadError(f"{self.path}: cannot read the graph of a build ({error}); run `kg build` or name its folder")


def _declared(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str]]:
    """Prefixes with their namespaces, of ontologies that declare both."""
    said = {(q.subject, q.predicate.value): q.object.value for q in quads if isinstance(q.object, ox.Literal)}
    for subject, predicate in said:
        if predicate == _PREFIX and (subject, _NAMESPACE) in said:
            yield said[subject, _PREFIX], said[subject, _NAMESPACE]


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


def namespace_of(term: object) -> str:
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
