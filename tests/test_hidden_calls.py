"""Calls to other servers that are written so that a row of tokens does not show them: the engine must not make them."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.stores import embedded
from kg.stores.embedded import EmbeddedStore
from kg.types import Quad

ALLOWED = "https://allowed.example/"
ANSWER = b'{"head": {"vars": []}, "results": {"bindings": [{}]}}'
HIDDEN = {
    "plain": "SERVICE <{url}> {{ ?s ?p ?o }}",
    "comment in what looks like an IRI": "FILTER(1<2)SERVICE#>\n<{url}> {{ ?s ?p ?o }}",
    "quote in what looks like an IRI": """FILTER("a"<'>') SERVICE <{url}> {{ ?s ?p ?o }} FILTER("a"<'>')""",
    "comment that looks like a string": "FILTER(1<2#>'''\n) SERVICE <{url}> {{ }} #'''\n",
    "name behind the word": "SERVICE: {{ ?s ?p ?o }}",
    "number before the word": "?s ?p 1e5SERVICE <{url}> {{ ?s ?p ?o }}",
    "truth before the word": "?s ?p trueSERVICE <{url}> {{ ?s ?p ?o }}",
    "silent behind the word": "SERVICESILENT<{url}> {{ ?s ?p ?o }}",
    "string that is none": 'VALUES ?x {{ """a" }} SERVICE <{url}> {{ }} #\\q"""\n',
    "IRI with an escape": "OPTIONAL {{ ?s <\\u0062#> ?o }} SERVICE <{url}> {{ ?s ?p ?o }}",
    "name that makes no IRI": "?s ?p port:SERVICE <{url}> {{ ?s ?p ?o }}",
    "gap that closes a string": 'VALUES ?x {{ """SERVICE #""" }} SERVICE <{url}> {{ }} #\n<{allowed}> ?b ?c',
}


class Called(ThreadingHTTPServer):
    """A server that counts how often it is called."""

    calls = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Called)
        self.server.calls += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def elsewhere() -> Iterator[Called]:
    with Called(("127.0.0.1", 0), _Answering) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def store() -> EmbeddedStore:
    made = embedded.open()
    double = '"1e5"^^<http://www.w3.org/2001/XMLSchema#double>'
    truth = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    made.load([Quad("<a:a>", "<a:b>", each, "<a:g>") for each in (double, truth, "<http://x:1>", "<a:c>")])
    made.load([Quad(f"<{ALLOWED}>", "<a:b>", "<a:c>", "<a:g>")])
    return made


def written(name: str, url: str) -> str:
    pattern = HIDDEN[name].format(url=url, allowed=ALLOWED)
    return f"PREFIX : <{url}> PREFIX port: <http://x:1> SELECT * {{ {pattern} }}"


@pytest.mark.parametrize("name", HIDDEN)
def test_no_call_is_hidden_from_the_gate(store: EmbeddedStore, elsewhere: Called, name: str) -> None:
    with pytest.raises(QueryError):
        list(store.query(written(name, elsewhere.url), base="http://h/", services=(ALLOWED,)))
    assert elsewhere.calls == 0


@pytest.mark.parametrize("name", HIDDEN)
def test_the_engine_itself_would_have_called(store: EmbeddedStore, elsewhere: Called, name: str) -> None:
    known = ox.Store()
    known.extend(ox.Quad(q.subject, q.predicate, q.object) for q in store._store)
    solutions = known.query(written(name, elsewhere.url), base_iri="http://h/")
    assert isinstance(solutions, ox.QuerySolutions)
    list(solutions)
    assert elsewhere.calls > 0


@pytest.mark.parametrize("call", ["SERVICE <{url}>", "service#a\n SILENT <{url}>", "SERVICE<{url}>"])
def test_a_server_that_is_allowed_is_called(store: EmbeddedStore, elsewhere: Called, call: str) -> None:
    query = f"SELECT * {{ ?service a:b ?Service_load {call.format(url=elsewhere.url)} {{ ?s ?p ?o }} }}"
    list(store.query(f"PREFIX a: <a:> {query}", services=(elsewhere.url,)))
    assert elsewhere.calls > 0


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?service { ?service <a:service> "service: load <http://x/>" } # SERVICE <http://x/> {}',
        "PREFIX load: <a:> SELECT (1 AS ?service) (2 AS ?Service) ?SERVICE { ?SERVICE load:service ?load }",
    ],
)
def test_words_that_call_nobody_may_stand_anywhere(store: EmbeddedStore, query: str) -> None:
    assert list(store.query(query)) == []


@pytest.mark.parametrize("update", ["LOAD <{url}>", "CLEAR ALL;LOADSILENT<{url}>", "LOAD:", "CLEAR ALL;LOAD<{url}x>"])
def test_an_update_hides_no_call(store: EmbeddedStore, elsewhere: Called, update: str) -> None:
    with pytest.raises(QueryError):
        store.update(f"PREFIX : <{elsewhere.url}> {update.format(url=elsewhere.url)}", services=("a:other",))
    assert elsewhere.calls == 0


@pytest.mark.parametrize("update", ["LOAD SILENT <{url}>", "LOAD SILENT <{url}> INTO GRAPH <a:h> ; CLEAR ALL"])
def test_an_update_loads_from_where_it_may(store: EmbeddedStore, elsewhere: Called, update: str) -> None:
    store.update(update.format(url=elsewhere.url), services=(elsewhere.url,))
    assert elsewhere.calls > 0
