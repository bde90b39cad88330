"""Requests that read a store on the network: queries, and graphs as a whole or in pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from kg.stores.http import Request

_ROWS = "application/sparql-results+json"
_TRIPLES = "application/n-triples, text/turtle;q=0.5, application/rdf+xml;q=0.3"
_FORM = "application/x-www-form-urlencoded"


class Page(NamedTuple):
    """A part of a graph: of its triples with a predicate (as a term), in order, ``size`` from ``size * number`` on."""

    predicate: str
    size: int
    number: int


def asking(url: str, query: str, dataset: Sequence[tuple[str, str]] = (), *, rows: bool = False) -> Request:
    """A query as a form, which every store takes; ``rows`` (or a truth value) or else triples are wanted."""
    body = urlencode([("query", query), *dataset]).encode()
    return Request("POST", url, {"Accept": _ROWS if rows else _TRIPLES, "Content-Type": _FORM}, body)


def graph_asked(url: str, graph: str) -> Request:
    """A graph as a whole."""
    return Request("GET", in_graph(url, graph), {"Accept": _TRIPLES})


def in_graph(url: str, graph: str) -> str:
    """The address of a graph in a graph store."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'graph': graph})}"


def construct(graph: str, page: Page | None = None) -> str:
    """The query for the triples of a graph, or for a page of them."""
    if page is None:
        return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    predicate, size, number = page
    # Ordered inside and cut outside: Virtuoso sorts no more than 10,000 rows where both stand together.
    inner = f"SELECT ?s ?o WHERE {{ GRAPH <{graph}> {{ ?s {predicate} ?o }} }} ORDER BY ?s ?o"
    return f"CONSTRUCT {{ ?s {predicate} ?o }} WHERE {{ {{ {inner} }} }} LIMIT {size} OFFSET {size * number}"
