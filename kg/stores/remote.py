"""A store on the network: SPARQL 1.1 Protocol, Update and Graph Store Protocol, whoever speaks them.

Queries see all graphs as one, as in the stores beside this one, however the server itself has it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, islice
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from kg import nquads, terms
from kg.errors import DataError, QueryError, RemoteError
from kg.sparql import check_prefixes, form, names_graphs, refuse, syntax_error, undeclared, wrong_form
from kg.stores.address import check, shown
from kg.stores.credentials import from_environment
from kg.stores.http import Client, Request
from kg.stores.layouts import Endpoint, endpoint, named, recognised
from kg.stores.refusals import Refused, is_page
from kg.stores.writing import in_graph, writer
from kg.types import Quad, Table

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
_FORM = "application/x-www-form-urlencoded"
_TRIPLES = f"{TRIPLES}, text/turtle;q=0.5, application/rdf+xml;q=0.3"
_MOST_GRAPHS = 1000
_DECLARED = f"""
SELECT DISTINCT ?prefix ?namespace
WHERE {{
  GRAPH ?g {{ ?o <{terms.VANN}preferredNamespacePrefix> ?prefix ; <{terms.VANN}preferredNamespaceUri> ?namespace }}
}}
ORDER BY ?prefix"""
_LINE = re.compile(r"(error at )(\d+)(?=:)")
_VIRTUOSO_ASK = "__ASK_RETVAL"

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
    found = (
        Endpoint("", check(query or url), *(check(each) if each else "" for each in (update, graphs, graphs)))
        if layout is None
        else endpoint(url, layout, query=query, update=update, graphs=graphs)
    )
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

        ``graphs`` (full IRIs) are those that the query sees, by default all, unless it says so itself by FROM. Raises
        :class:`QueryError` for a query that is wrong or refused, :class:`RemoteError` for a server that fails.
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
        return self._answer(body, headers, kind)

    def rows(self, query: str) -> Iterator[Any]:
        """The solutions of a query of our own, which says itself which graphs it asks."""
        body, headers = self._send(query, (), "SELECT")
        return iter(self._answer(body, headers, "SELECT"))

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
            seen = graphs or self.graphs()
            return [(name, graph) for graph in seen for name in ("default-graph-uri", "named-graph-uri")]
        name, _, value = union.partition("=")
        return [(name, value)] if name else ()

    def _send(self, query: str, dataset: Sequence[tuple[str, str]], kind: str) -> tuple[bytes, Mapping[str, str]]:
        return self.client.fetch(_asking(self.endpoint.query, query, dataset, kind))

    def _answer(self, body: bytes, headers: Mapping[str, str], kind: str) -> Any:
        if is_page(body, headers):
            raise self._no_sparql("a web page")
        try:
            if kind in ("CONSTRUCT", "DESCRIBE"):
                return [quad.triple for quad in ox.parse(body, format=_syntax(headers))]
            results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            return _truth(results) if kind == "ASK" else results
        except (SyntaxError, ValueError) as error:
            raise self._no_sparql(f"something else ({str(error)[:100]})") from error

    def _no_sparql(self, what: str) -> RemoteError:
        return RemoteError(
            f"{self.name}: answers with {what}, not with what SPARQL has for it: is this the address of queries? "
            "Name the store with --store, or the address with --query-url"
        )

    def _wrong(self, query: str, error: Refused, *, shift: bool) -> QueryError:
        """The error of a query that the server does not take, placed in the query as it was given."""
        said = _LINE.sub(lambda match: f"{match[1]}{int(match[2]) - shift}", error.said)
        return syntax_error(query, said) if _LINE.search(said) else QueryError(f"the query is refused: {error}")

    # ------------------------------------------------------------------------------------------ graphs

    def graphs(self) -> Sequence[str]:
        """The IRIs of the named graphs, sorted."""
        listing = f"SELECT ?g {{ GRAPH ?g {{}} }} LIMIT {_MOST_GRAPHS}"  # at once, where a store can do it
        found = self._listed(listing) or self._listed(
            f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {_MOST_GRAPHS}"
        )
        if len(found) == _MOST_GRAPHS:
            raise RemoteError(f"{self.name}: holds {_MOST_GRAPHS} graphs or more; name those wanted with --graph")
        return sorted(found)

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
    def triples(self, graph: str, page: tuple[int, int] | None = None) -> Iterator[Iterator[Any]]:
        """The triples of a graph as they arrive: by the Graph Store Protocol where the store has it, else by query.

        ``page`` (size, number) asks by query for a part of them in order, for stores that cut long answers short.
        """
        direct = self.endpoint.graphs_read if page is None else ""
        request = self._graph_request(graph, direct) if direct else self._construct_request(graph, page)
        with self.client.opened(request) as (stream, headers):
            if "html" in headers.get("Content-Type", ""):
                raise self._no_sparql("a web page")
            yield self._parsed(stream, headers)

    def _graph_request(self, graph: str, url: str) -> Request:
        return Request("GET", in_graph(url, graph), {"Accept": _TRIPLES})

    def _construct_request(self, graph: str, page: tuple[int, int] | None) -> Request:
        part = f" ORDER BY ?s ?p ?o LIMIT {page[0]} OFFSET {page[0] * page[1]}" if page else ""
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}{part}"
        return _asking(self.endpoint.query, query, (), "CONSTRUCT")

    def _parsed(self, stream: io.BufferedReader, headers: Mapping[str, str]) -> Iterator[Any]:
        try:
            for quad in ox.parse(stream, format=_syntax(headers)):
                yield quad.triple
        except SyntaxError as error:
            raise RemoteError(f"{self.name}: sends a graph that is malformed or broke off: {error}") from error


def _asking(url: str, query: str, dataset: Sequence[tuple[str, str]], kind: str) -> Request:
    """A query as a form, which every store takes."""
    accept = ROWS if kind in ("SELECT", "ASK") else _TRIPLES
    body = urlencode([("query", query), *dataset]).encode()
    return Request("POST", url, {"Accept": accept, "Content-Type": _FORM}, body)


def _syntax(headers: Mapping[str, str]) -> ox.RdfFormat:
    """The syntax of an answer as it names it; one that names none is taken for what was asked for."""
    media = headers.get("Content-Type", "").partition(";")[0].strip()
    return ox.RdfFormat.from_media_type(media) or ox.RdfFormat.N_TRIPLES


def _truth(results: ox.QuerySolutions | ox.QueryBoolean) -> ox.QueryBoolean:
    """The answer of an ASK; Virtuoso gives it as a row with a number."""
    if isinstance(results, ox.QueryBoolean):
        return results
    said = "true" if any(row[_VIRTUOSO_ASK].value == "1" for row in results) else "false"
    answer = ox.parse_query_results(f'{{"head":{{}},"boolean":{said}}}', format=ox.QueryResultsFormat.JSON)
    assert isinstance(answer, ox.QueryBoolean)
    return answer
