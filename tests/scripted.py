"""Servers inside the process of a test that answer as the test says: refusals, delays, halves of answers, stores."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def parameters(self) -> Mapping[str, list[str]]:
        """Those of the address, and of a form."""
        is_form = "form" in self.headers.get("Content-Type", "")
        return parse_qs(urlsplit(self.path).query) | (parse_qs(self.body.decode()) if is_form else {})


@dataclass(frozen=True)
class Answer:
    """What is sent back; ``cut`` sends only so many bytes of the body, then breaks the connection off."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


DIE = Answer(0)
"""No answer: the connection is broken off."""


@contextmanager
def scripted(
    answer: Callable[[Asked], Answer], context: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[Asked]]]:
    """The address of a server that answers so, by TLS where there is a ``context``, and what it was asked until now."""
    heard: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            asked = Asked(self.command, self.path, self.headers, self.rfile.read(size))  # type: ignore[arg-type]
            heard.append(asked)
            say(self, answer(asked))

        do_GET = do_PUT = do_POST = do_DELETE = answer

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def say(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Write an answer, or the part of it that is to be written."""
    if answer.status:
        handler.send_response_only(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.body[: answer.cut])
    if not answer.status or answer.cut is not None:
        handler.close_connection = True


ROWS = {"Content-Type": "application/sparql-results+json"}
TRIPLES = {"Content-Type": "application/n-triples"}


class FakeStore:
    """A SPARQL server over Oxigraph in memory. ``trouble`` sees each request first, and may answer in its place."""

    def __init__(self, trouble: Callable[[Asked], Answer | None] = lambda _: None) -> None:
        self.store, self.trouble = ox.Store(), trouble

    def __call__(self, asked: Asked) -> Answer:
        early = self.trouble(asked)
        if early is not None:
            return early
        path = urlsplit(asked.path).path
        return {"/query": self._query, "/update": self._update, "/store": self._graph}.get(path, nothing)(asked)

    def _query(self, asked: Asked) -> Answer:
        given = asked.parameters
        graphs = [ox.NamedNode(iri) for iri in given.get("default-graph-uri", ())]
        named = [ox.NamedNode(iri) for iri in given.get("named-graph-uri", ())]
        dataset: dict[str, Any] = {"default_graph": graphs, "named_graphs": named} if graphs else {}
        try:
            result = self.store.query(given["query"][0], **dataset)
        except SyntaxError as error:
            return Answer(400, str(error).encode())
        if isinstance(result, ox.QueryTriples):
            return Answer(200, result.serialize(format=ox.RdfFormat.N_TRIPLES) or b"", TRIPLES)
        return Answer(200, result.serialize(format=ox.QueryResultsFormat.JSON) or b"", ROWS)

    def _update(self, asked: Asked) -> Answer:
        self.store.update(asked.body.decode())
        return Answer(204)

    def _graph(self, asked: Asked) -> Answer:
        graph = ox.NamedNode(asked.parameters["graph"][0])
        if asked.method == "GET":
            triples = [quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph)]
            return Answer(200, ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"", TRIPLES)
        if asked.method == "PUT":
            self.store.remove_graph(graph)
        self.store.load(asked.body, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
        return Answer(204)


def nothing(_: Asked) -> Answer:
    """What is answered at an address where there is nothing."""
    return Answer(404, b"<html>Not found</html>", {"Content-Type": "text/html"})
