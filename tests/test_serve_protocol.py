"""The SPARQL 1.1 Protocol as a client meets it: the cases of the W3C's test suite, by their names, and formats.

Source of the cases: W3C RDF tests, sparql11/protocol (34 cases). The requests are our own wording of what each asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from serving import HOME, TOKEN, client, lay_build
from starlette.testclient import TestClient

from kg.serve.protocol import negotiate

Record = Callable[[str, object], None]
SUITE = "W3C SPARQL 1.1 Protocol"
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
D1, D2, D3 = (f"http://example.org/data{n}" for n in (1, 2, 3))
DOCUMENT = "http://xmlns.com/foaf/0.1/Document"
OUT = "http://example.org/out"
DATA = f"DROP ALL ; INSERT DATA {{ {' '.join(f'GRAPH <{d}> {{ <{d}> a <{DOCUMENT}> }}' for d in (D1, D2, D3))} }}"
BOTH = f"<{D1}> a ?one . <{D2}> a ?two"
EACH = f"GRAPH ?g {{ <{D1}> a ?one }} GRAPH ?h {{ <{D2}> a ?two }}"
COPY = f"INSERT {{ GRAPH <{OUT}> {{ ?s a <{OUT}> }} }} WHERE"
COPIED = (
    f"GRAPH <{OUT}> {{ <{D1}> a <{OUT}> . <{D2}> a <{OUT}> }} FILTER NOT EXISTS {{ GRAPH ?g {{ <{D3}> a <{OUT}> }} }}"
)


class Case(NamedTuple):
    """A request; what follows it must be true (``then``, an ASK); ``status`` is its first digit."""

    name: str
    method: str = "POST"
    query: Mapping[str, Any] = {}
    media: str = ""
    body: str | bytes = ""
    status: int = 2
    answer: bool | None = None
    then: str = ""


FINE = [
    Case("query_get", "GET", {"query": "ASK {}", "default-graph-uri": D1}, answer=True),
    Case("query_post_form", query={"default-graph-uri": D1}, media=FORM, body="query=ASK%20%7B%7D", answer=True),
    Case("query_post_direct", media=QUERY, body="ASK {}", answer=True),
    Case(
        "query_dataset_default_graphs_get",
        "GET",
        {"query": f"ASK {{ {BOTH} }}", "default-graph-uri": [D1, D2]},
        answer=True,
    ),
    Case(
        "query_dataset_default_graphs_post",
        query={"default-graph-uri": [D1, D2]},
        media=QUERY,
        body=f"ASK {{ {BOTH} }}",
        answer=True,
    ),
    Case(
        "query_dataset_named_graphs_get",
        "GET",
        {"query": f"ASK {{ {EACH} }}", "named-graph-uri": [D1, D2]},
        answer=True,
    ),
    Case(
        "query_dataset_named_graphs_post",
        query={"named-graph-uri": [D1, D2]},
        media=QUERY,
        body=f"ASK {{ {EACH} }}",
        answer=True,
    ),
    Case(
        "query_dataset_full",
        query={"default-graph-uri": D3, "named-graph-uri": [D1, D2]},
        media=QUERY,
        body=f"ASK {{ <{D3}> a ?three {EACH} }}",
        answer=True,
    ),
    Case(
        "query_multiple_dataset",
        query={"named-graph-uri": [D1, D2]},
        media=QUERY,
        body=f"ASK FROM <{D3}> {{ {EACH} }}",
        answer=True,
    ),
    Case(
        "update_dataset_default_graph",
        query={"using-graph-uri": D1},
        media=UPDATE,
        body=f"{COPY} {{ ?s a <{DOCUMENT}> }}",
        then=f"ASK {{ GRAPH <{OUT}> {{ <{D1}> a <{OUT}> }} FILTER NOT EXISTS {{ GRAPH <{OUT}> {{ <{D2}> a ?c }} }} }}",
    ),
    Case(
        "update_dataset_default_graphs",
        query={"using-graph-uri": [D1, D2]},
        media=UPDATE,
        body=f"{COPY} {{ ?s a <{DOCUMENT}> }}",
        then=f"ASK {{ {COPIED} }}",
    ),
    Case(
        "update_dataset_named_graphs",
        query={"using-named-graph-uri": [D1, D2]},
        media=UPDATE,
        body=f"{COPY} {{ GRAPH ?g {{ ?s a <{DOCUMENT}> }} }}",
        then=f"ASK {{ {COPIED} }}",
    ),
    Case(
        "update_dataset_full",
        query={"using-graph-uri": D1, "using-named-graph-uri": D2},
        media=UPDATE,
        body=f"{COPY} {{ {{ ?s a <{DOCUMENT}> }} UNION {{ GRAPH ?g {{ ?s a <{DOCUMENT}> }} }} }}",
        then=f"ASK {{ {COPIED} }}",
    ),
    Case("update_post_form", media=FORM, body="update=CLEAR+ALL", then="ASK { FILTER NOT EXISTS { ?s ?p ?o } }"),
    Case("update_post_direct", media=UPDATE, body="CLEAR ALL", then="ASK { FILTER NOT EXISTS { ?s ?p ?o } }"),
    Case(
        "update_base_uri",
        media=UPDATE,
        body=f"INSERT DATA {{ GRAPH <{OUT}> {{ <{D1}> <{D2}> <test> }} }}",
        then=f"ASK {{ GRAPH <{OUT}> {{ <{D1}> <{D2}> <{HOME}/test> }} }}",
    ),
]
BAD = [
    Case("bad_query_method", "PUT", {"query": "ASK {}"}, status=4),
    Case("bad_multiple_queries", "GET", {"query": ["ASK {}", "SELECT * {}"]}, status=4),
    Case("bad_query_wrong_media_type", media="text/plain", body="ASK {}", status=4),
    Case("bad_query_missing_form_type", body="query=ASK%20%7B%7D", status=4),
    Case("bad_query_missing_direct_type", body="ASK {}", status=4),
    Case("bad_query_non_utf8", media=f"{QUERY}; charset=UTF-16", body="ASK {}".encode("utf-16"), status=4),
    Case("bad_query_syntax", "GET", {"query": "ASK {"}, status=4),
    Case("bad_update_get", "GET", {"update": "CLEAR ALL"}, status=4),
    Case("bad_multiple_updates", media=FORM, body="update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", status=4),
    Case("bad_update_wrong_media_type", media="text/plain", body="CLEAR NAMED", status=4),
    Case("bad_update_missing_form_type", body="update=CLEAR%20NAMED", status=4),
    Case("bad_update_non_utf8", media=f"{UPDATE}; charset=UTF-16", body="CLEAR NAMED".encode("utf-16"), status=4),
    Case("bad_update_syntax", media=FORM, body="update=CLEAR%20XYZ", status=4),
    Case(
        "bad_update_dataset_conflict",
        query={"using-named-graph-uri": D1},
        media=UPDATE,
        body=f"WITH <{D1}> DELETE {{ ?s ?p 1 }} INSERT {{ ?s ?p 2 }} WHERE {{ ?s ?p 1 }}",
        status=4,
    ),
]
TYPES = {
    "query_content_type_select": ("SELECT (1 AS ?value) {}", "application/sparql-results+json"),
    "query_content_type_ask": ("ASK {}", "application/sparql-results+json"),
    "query_content_type_describe": ("DESCRIBE <http://example.org/>", "text/turtle"),
    "query_content_type_construct": ("CONSTRUCT { <s> <p> 1 } WHERE {}", "text/turtle"),
}


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    build = lay_build(tmp_path_factory.mktemp("protocol") / "build")
    with client(build, writable=True, token=TOKEN) as asked:
        asked.headers["authorization"] = f"Bearer {TOKEN}"
        yield asked


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client(lay_build(tmp_path_factory.mktemp("reading") / "build")) as asked:
        yield asked


def send(asked: TestClient, case: Case) -> Any:
    address = "/sparql" + (f"?{urlencode(case.query, doseq=True)}" if case.query else "")
    headers = {"content-type": case.media} if case.media else {}
    return asked.request(case.method, address, content=case.body or None, headers=headers)


def ask(asked: TestClient, query: str) -> bool:
    return bool(asked.post("/sparql", content=query, headers={"content-type": QUERY}).json()["boolean"])


def test_the_suite_is_whole() -> None:
    names = [case.name for case in (*FINE, *BAD)] + list(TYPES)
    assert len(names) == len(set(names)) == 34


@pytest.mark.parametrize("case", FINE, ids=lambda case: case.name)
def test_what_the_protocol_allows(writable: TestClient, case: Case, record_property: Record) -> None:
    record_property("case", SUITE)
    assert send(writable, Case("data", media=UPDATE, body=DATA)).status_code == 204
    answer = send(writable, case)
    assert answer.status_code // 100 == case.status, answer.text
    if case.answer is not None:
        assert answer.json()["boolean"] is case.answer
    if case.then:
        assert ask(writable, case.then)


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_what_the_protocol_forbids(writable: TestClient, case: Case, record_property: Record) -> None:
    record_property("case", SUITE)
    send(writable, Case("data", media=UPDATE, body=DATA))
    answer = send(writable, case)
    assert answer.status_code // 100 == 4
    assert "Traceback" not in answer.text
    assert ask(writable, f"ASK {{ {EACH} }}"), "nothing was changed"


@pytest.mark.parametrize("name", TYPES)
def test_each_form_has_its_media_type(writable: TestClient, name: str, record_property: Record) -> None:
    record_property("case", SUITE)
    query, media = TYPES[name]
    answer = send(writable, Case(name, media=QUERY, body=query))
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media


# ---- formats


@pytest.mark.parametrize(
    ("accept", "begins"),
    [
        ("application/sparql-results+json", '{"head"'),
        ("application/sparql-results+xml", "<?xml"),
        ("text/csv", "line\r\n"),
        ("text/tab-separated-values", "?line\n"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "<?xml"),
        ("text/*", "line\r\n"),
        ("*/*", '{"head"'),
    ],
)
def test_rows_come_as_they_are_wanted(reading: TestClient, accept: str, begins: str) -> None:
    query = "SELECT ?line { ?x a kg:TransportLine ; rdfs:label ?line }"
    answer = reading.get("/sparql", params={"query": query}, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.text.startswith(begins)
    assert "京雄城际铁路" in answer.text


@pytest.mark.parametrize(
    ("accept", "holds"),
    [
        ("text/turtle", "@prefix rdfs:"),
        ("application/n-triples", "<http://www.w3.org/2000/01/rdf-schema#label>"),
        ("application/rdf+xml", "<rdf:RDF"),
        ("application/ld+json", '"@id"'),
    ],
)
def test_triples_come_as_they_are_wanted(reading: TestClient, accept: str, holds: str) -> None:
    query = "CONSTRUCT { ?x rdfs:label ?name } WHERE { ?x a kg:TransportLine ; rdfs:label ?name }"
    answer = reading.get("/sparql", params={"query": query}, headers={"accept": accept})
    assert answer.status_code == 200
    assert holds in answer.text


def test_what_nobody_can_write_is_said_with_what_can_be(reading: TestClient) -> None:
    answer = reading.get("/sparql", params={"query": "ASK {}"}, headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert "text/csv" in answer.text


def test_a_browser_is_sent_to_the_page_where_people_ask(reading: TestClient) -> None:
    answer = reading.get("/sparql", params={"query": "ASK { }"}, headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/ask#query=ASK%20%7B%20%7D"


def test_a_program_that_asks_nothing_is_told_what_it_can_ask(reading: TestClient) -> None:
    answer = reading.get("/sparql", headers={"accept": "text/turtle"})
    assert f"<{HOME}/sparql> a sd:Service" in answer.text


def test_the_order_of_an_accept_header_breaks_no_tie() -> None:
    assert negotiate("", ("a/b", "c/d")) == "a/b"
    assert negotiate("c/d, a/b", ("a/b", "c/d")) == "a/b"
    assert negotiate("a/b;q=0, */*;q=0.1", ("a/b", "c/d")) == "c/d"
    assert negotiate("x/y", ("a/b",)) == ""
    assert negotiate("nonsense;;q=9", ("a/b",)) == ""


# ---- errors, and who may change what


def test_a_wrong_query_is_told_with_its_place(reading: TestClient) -> None:
    answer = reading.get("/sparql", params={"query": "SELECT ?x {\n ?x nope:a 1 }"})
    assert answer.status_code == 400
    assert answer.text.startswith("query:2:5: the prefix nope: is not declared")


@pytest.mark.parametrize("call", ["SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }", "SERVICE SILENT ?x { ?s ?p ?o }"])
def test_other_servers_are_not_called(reading: TestClient, call: str) -> None:
    answer = reading.get("/sparql", params={"query": f"SELECT * {{ {call} }}"})
    assert answer.status_code == 403
    assert "SERVICE is refused" in answer.text


def test_a_service_may_be_allowed_by_name(tmp_path: Any) -> None:
    with client(lay_build(tmp_path / "build"), services=("http://127.0.0.1:9/",)) as asked:
        allowed = {"query": "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }"}
        other = {"query": "SELECT * { SERVICE <http://127.0.0.1:10/> { ?s ?p ?o } }"}
        assert asked.get("/sparql", params=allowed).status_code == 200
        assert asked.get("/sparql", params=other).status_code == 403


def test_a_reading_server_takes_no_updates(reading: TestClient) -> None:
    answer = send(reading, Case("update", media=UPDATE, body="CLEAR ALL"))
    assert answer.status_code == 403
    assert "--writable" in answer.text
    assert send(reading, Case("update", media=QUERY, body="CLEAR ALL")).status_code == 400


@pytest.mark.parametrize("given", ["", "Bearer wrong", f"Basic {TOKEN}", "Bearer 中"])
def test_an_update_needs_the_token(writable: TestClient, given: str) -> None:
    headers = {"content-type": UPDATE, "authorization": given.encode()}
    answer = writable.post("/sparql", content="CLEAR ALL", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_update_loads_from_nowhere(writable: TestClient) -> None:
    for update in ("LOAD <http://127.0.0.1:9/x.ttl>", "CLEAR ALL ; LOAD SILENT <file:///etc/passwd>"):
        assert send(writable, Case("load", media=UPDATE, body=update)).status_code == 403


def test_updates_outlive_the_server_and_leave_the_build_alone(tmp_path: Any) -> None:
    build = lay_build(tmp_path / "build")
    before = (build / "graph.nq").read_bytes()
    for _ in range(2):
        with client(build, writable=True, token=TOKEN) as asked:
            asked.headers["authorization"] = f"Bearer {TOKEN}"
            send(asked, Case("add", media=UPDATE, body=f"INSERT DATA {{ GRAPH <{OUT}> {{ <{D1}> <{D2}> 1 }} }}"))
            assert ask(asked, f"ASK {{ <{D1}> <{D2}> 1 ; ?p ?o . ?x a kg:TransportLine }}")
    with client(build) as asked:
        assert not ask(asked, f"ASK {{ <{D1}> ?p ?o }}")
    assert (build / "graph.nq").read_bytes() == before


def test_answers_are_the_same_twice(reading: TestClient) -> None:
    query = {"query": "CONSTRUCT WHERE { ?s rdfs:label ?o }"}
    assert reading.get("/sparql", params=query).content == reading.get("/sparql", params=query).content


def test_prefixes_of_the_build_need_no_declaration(reading: TestClient) -> None:
    answer = reading.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?x a kg:Statement }"})
    assert int(json.loads(answer.text)["results"]["bindings"][0]["n"]["value"]) > 50
