"""Two ways to put triples into a graph of a store on the network: the Graph Store Protocol, and SPARQL Update."""

from __future__ import annotations

import re
from typing import Protocol

from kg.errors import RemoteError
from kg.stores.address import shown
from kg.stores.http import Client, Request
from kg.stores.layouts import Endpoint
from kg.stores.requests import in_graph

CHUNK = 10_000
"""Triples that are sent at once by the Graph Store Protocol."""
UPDATE_CHUNK = 2_000
"""Triples that are sent at once by an update, which stores keep in memory as a whole."""
WAYS = ("auto", "gsp", "update")

_ESCAPE = re.compile(rb"\\\\([uU])|\\.")


class Writer(Protocol):
    """Puts triples (lines of N-Triples) into a graph (a full IRI), in the place of or beside what it has."""

    name: str
    url: str
    chunk: int

    def replace(self, graph: str, lines: bytes) -> None: ...

    def add(self, graph: str, lines: bytes) -> None: ...


def writer(endpoint: Endpoint, client: Client, via: str = "auto") -> Writer:
    """The way ``via`` into a store; ``auto`` prefers the Graph Store Protocol. :class:`RemoteError` if it has none."""
    if endpoint.graphs and via in ("auto", "gsp"):
        return ByGraph(endpoint.graphs, client)
    if endpoint.update and via in ("auto", "update"):
        return ByUpdate(endpoint.update, client)
    raise RemoteError(
        f"{shown(endpoint.query)}: it is not known at which address this store takes data"
        f"{'' if via == 'auto' else f' by {via}'}: name the store with --store, or give --gsp-url or --update-url"
    )


class ByGraph:
    """The Graph Store Protocol: PUT takes the place of a graph, POST adds to it."""

    name, chunk = "gsp", CHUNK

    def __init__(self, url: str, client: Client) -> None:
        self.url, self._client = url, client

    def replace(self, graph: str, lines: bytes) -> None:
        self._send("PUT", graph, lines)

    def add(self, graph: str, lines: bytes) -> None:
        self._send("POST", graph, lines)

    def _send(self, method: str, graph: str, lines: bytes) -> None:
        headers = {"Content-Type": "application/n-triples"}
        self._client.fetch(Request(method, in_graph(self.url, graph), headers, lines, writes=True))


class ByUpdate:
    """SPARQL Update: DROP and INSERT DATA."""

    name, chunk = "update", UPDATE_CHUNK

    def __init__(self, url: str, client: Client) -> None:
        self.url, self._client = url, client

    def replace(self, graph: str, lines: bytes) -> None:
        self._send(f"DROP SILENT GRAPH <{graph}>".encode())
        self.add(graph, lines)

    def add(self, graph: str, lines: bytes) -> None:
        self._send(b"INSERT DATA { GRAPH <%s> {\n%s} }" % (graph.encode(), as_sparql(lines)))

    def _send(self, update: bytes) -> None:
        headers = {"Content-Type": "application/sparql-update"}
        self._client.fetch(Request("POST", self.url, headers, update, writes=True))


def as_sparql(lines: bytes) -> bytes:
    r"""Lines of N-Triples for use in an update.

    SPARQL replaces ``\u0041`` wherever it stands before it looks at anything else, and some stores do so behind an
    escaped backslash, too: so the letter behind one is itself written by its number.
    """
    return _ESCAPE.sub(_spelt, lines) if b"\\\\u" in lines or b"\\\\U" in lines else lines


def _spelt(match: re.Match[bytes]) -> bytes:
    return rb"\\\u%04X" % ord(match[1]) if match[1] else match[0]
