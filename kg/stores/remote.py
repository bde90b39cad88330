"""A store on the network: SPARQL 1.1 Protocol, Update and Graph Store Protocol, whoever speaks them.

Queries see all graphs as one, as in the stores beside this one, however the server itself has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

import pyoxigraph as ox

from kg import nquads, terms
from kg.errors import DataError, QueryError, RemoteError
from kg.sparql import check_prefixes, form, names_graphs, refuse, syntax_error, undeclared, wrong_form
from kg.stores.address import check, shown
from kg.stores.answers import answered, parsed
from kg.stores.credentials import from_environment
from kg.stores.http import Client
from kg.stores.layouts import Endpoint, endpoint, named, recognised
from kg.stores.refusals import Refused
from kg.stores.requests import Page, asking, construct, graph_asked
from kg.stores.writing import writer
from kg.types import Quad, Table

_MOST_GRAPHS = 1000
_FACTS = "graph/facts"
_DECLARED = f"""
SELECT DISTINCT ?prefix ?namespace
WHERE {{
  GRAPH ?g {{ ?o <{terms.VANN}preferredNamespacePrefix> ?prefix ; <{terms.VANN}preferredNamespaceUri> ?namespace }}
}}
ORDER BY ?prefix"""
_LINE = re.compile(r"(error at )(\d+)(?=:)")

Tell = Callable[[str], None]


def open(path: object = None) -> RemoteStore:
    """The store at an address, as :func:`connect` makes it."""
    if path is None:
        raise DataError("a store on the network has no place of its own; give its address: http://host:7878")
    return connect(str(path))


def connect(
    url: str,
    *,
    store: str = "",
    query: str = "",
    update: str = "",
    graphs: str = "",
    timeout: float = 60.0,
    tell: Tell = lambda _: None,
) -> RemoteStore:
    """The store at an address; credentials come from the environment.

    ``store`` names its kind (``data/stores.csv``); without it, the server is asked what it is, and one that is not
    known is taken to answer queries at ``url``. ``query``, ``update`` and ``graphs`` are addresses that lie elsewhere
    than usual. ``timeout`` is in seconds; ``tell`` is told what the user should know. Raises :class:`RemoteError` where
    the address is malformed, holds a password, or nothing answers, :class:`DataError` for an unknown kind.
    """
    client = Client(from_environment(), timeout=timeout, tell=tell)
    check(url)
    layout = named(store) if store else recognised(url, client.server_of(url))
    if layout is None:
        elsewhere = check(graphs) if graphs else ""
        found = Endpoint("", check(query or url), check(update) if update else "", elsewhere, elsewhere)
    else:
        found = endpoint(url, layout, query=query, update=update, graphs=graphs)
    for each in found.urls:
        client.trust(each)
    return RemoteStore(found, client)


class RemoteStore:
    """Quads in a store on the network. Without a graph a quad cannot be kept: what the default graph is differs."""

    def __init__(self, endpoint: Endpoint, client: Client) -> None:
        self.endpoint, self.client = endpoint, client
        self._prefixes: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        """The address of its queries, for messages."""
        return shown(self.endpoint.query)

    # ------------------------------------------------------------------------------------------ as every store

    def load(self, quads: Iterable[Quad]) -> int:
        """Add quads; those that are there already stay as they are. The number of new ones is returned."""
        before, self._prefixes = len(self), {}
        writes = writer(self.endpoint, self.client)
        for graph, them in groupby(sorted(set(quads), key=attrgetter("graph")), key=attrgetter("graph")):
            if not graph:
                raise DataError("a triple without a named graph cannot be kept in a store on the network; name one")
            lines = (nquads.line(quad._replace(graph="")).encode() for quad in them)
            while chunk := b"".join(islice(lines, writes.chunk)):
                writes.add(graph[1:-1], chunk)
        return len(self) - before

    def select(self, query: str) -> Table:
        """The rows of a SELECT query."""
        solutions = self.query(query, ("SELECT",))
        columns = tuple(variable.value for variable in solutions.variables)
        return Table(columns, tuple(tuple(None if v is None else str(v) for v in row) for row in solutions))

    def ask(self, query: str) -> bool:
        """The answer of an ASK query."""
        return bool(self.query(query, ("ASK",)))

    def construct(self, query: str) -> Iterator[Quad]:
        """The triples of a CONSTRUCT or DESCRIBE query, sorted, without a graph and without repetition."""
        triples = self.query(query, ("CONSTRUCT", "DESCRIBE"))
        return iter(sorted({Quad(str(s), str(p), str(o), "") for s, p, o in triples}))

    def quads(self) -> Iterator[Quad]:
        """All quads that are in named graphs, graph by graph."""
        for graph in self.graphs():
            with self.triples(graph) as triples:
                for s, p, o in triples:
                    yield Quad(str(s), str(p), str(o), f"<{graph}>")

    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that a query need not declare: the usual ones, and those of the data that are held."""
        if not self._prefixes:
            rows = ((row[0].value, row[1].value) for row in self.rows(_DECLARED))
            self._prefixes = terms.prefixes_of(self.graphs(), rows)
        return self._prefixes

    def __len__(self) -> int:
        ((number,),) = self.rows("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        return int(number.value)

    def close(self) -> None:
        """Let the connections go."""
        self.client.close()

    # ------------------------------------------------------------------------------------------ queries

    def query(self, query: str, forms: Sequence[str] = (), graphs: Sequence[str] = ()) -> Any:
        """Solutions, a truth value or triples of Oxigraph's making, whatever the server's own dialect of answers.

        ``graphs`` (full IRIs) are those that the query sees, unless it says so itself by FROM; by default all, or,
        where they have to be named, those of the build. Raises :class:`QueryError` for a query that is wrong or
        refused, :class:`RemoteError` for a server that fails.
        """
        refuse(query)
        kind = form(query)
        if forms and kind not in forms:
            raise wrong_form(query, *forms)
        prologue = self._prologue(query)
        try:
            body, headers = self._send(prologue + query, self._dataset(query, graphs), kind)
        except Refused as error:
            if error.status != 400:
                raise
            raise self._wrong(query, error, shift=bool(prologue)) from error
        return answered(body, headers, kind, self.name)

    def rows(self, query: str) -> Iterator[Any]:
        """The solutions of a query of our own, which says itself which graphs it asks."""
        body, headers = self._send(query, (), "SELECT")
        return iter(answered(body, headers, "SELECT", self.name))

    def _prologue(self, query: str) -> str:
        """Declarations of the prefixes that a query uses without declaring them, on a line of their own."""
        if not undeclared(query):
            return ""
        known = self.prefixes()
        check_prefixes(query, known)
        return " ".join(f"PREFIX {name}: <{known[name]}>" for name in sorted(undeclared(query))) + "\n"

    def _dataset(self, query: str, graphs: Sequence[str]) -> Sequence[tuple[str, str]]:
        """The parameters by which a query sees the graphs wanted as one."""
        union = self.endpoint.union
        if names_graphs(query):
            return ()
        if graphs or union == "list":
            seen = graphs or self._usual()
            return [(name, graph) for graph in seen for name in ("default-graph-uri", "named-graph-uri")]
        name, _, value = union.partition("=")
        return [(name, value)] if name else ()

    def _send(self, query: str, dataset: Sequence[tuple[str, str]], kind: str) -> tuple[bytes, Mapping[str, str]]:
        return self.client.fetch(asking(self.endpoint.query, query, dataset, rows=kind in ("SELECT", "ASK")))

    def _wrong(self, query: str, error: Refused, *, shift: bool) -> QueryError:
        """The error of a query that the server does not take, placed in the query as it was given."""
        said = _LINE.sub(lambda match: f"{match[1]}{int(match[2]) - shift}", error.said)
        return syntax_error(query, said) if _LINE.search(said) else QueryError(f"the query is refused: {error}")

    # ------------------------------------------------------------------------------------------ graphs

    def graphs(self) -> Sequence[str]:
        """The IRIs of the named graphs, sorted."""
        at_once, counted = (
            "SELECT ?g { GRAPH ?g {} }",
            "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        )
        # The former is at once where a store can do it; Virtuoso takes seconds to count, minutes for DISTINCT.
        found = self._listed(f"{at_once} LIMIT {_MOST_GRAPHS}") or self._listed(f"{counted} LIMIT {_MOST_GRAPHS}")
        if len(found) == _MOST_GRAPHS:
            raise RemoteError(f"{self.name}: holds {_MOST_GRAPHS} graphs or more; name those wanted with --graph")
        return sorted(found)

    def builds(self) -> Sequence[Sequence[str]]:
        """The graphs of each build that the store holds: those beside a graph of facts."""
        there = self.graphs()
        bases = [graph.removesuffix(_FACTS) for graph in there if graph.endswith(f"/{_FACTS}")]
        return [[graph for graph in there if graph.startswith(base)] for base in bases]

    def _usual(self) -> Sequence[str]:
        """The graphs that a query sees which names none: those of the build, or all where there is not just one."""
        builds = self.builds()
        return builds[0] if len(builds) == 1 else self.graphs()

    def _listed(self, query: str) -> set[str]:
        return {row[0].value for row in self.rows(query) if isinstance(row[0], ox.NamedNode)}

    def predicates(self, graph: str) -> Mapping[str, int]:
        """How many triples a graph has with each predicate; nothing for a graph that is not there."""
        query = f"SELECT ?p (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} GROUP BY ?p"
        return {str(row[0]): int(row[1].value) for row in self.rows(query) if row[0] is not None}

    def holds(self, graph: str, triples: Sequence[str]) -> int:
        """How many of these triples (``s p o`` as N-Triples has them, less the full stop) a graph has."""
        # Not VALUES: Virtuoso overlooks rows where texts in several languages stand beside IRIs.
        found = " UNION ".join(f"{{ GRAPH <{graph}> {{ {each} }} }}" for each in triples)
        query = f"SELECT (COUNT(*) AS ?n) {{ {found} }}"
        ((number,),) = self.rows(query)
        return int(number.value)

    @contextmanager
    def triples(self, graph: str, page: Page | None = None) -> Iterator[Iterator[Any]]:
        """The triples of a graph as they arrive: by the Graph Store Protocol where the store has it, else by query.

        With ``page``, those of it alone, by query.
        """
        direct = self.endpoint.graphs_read if page is None else ""
        request = graph_asked(direct, graph) if direct else asking(self.endpoint.query, construct(graph, page))
        with self.client.opened(request) as (stream, headers):
            yield parsed(stream, headers, self.name)
