"""Where stores take queries, updates and graphs: by name, by what the server calls itself, or as one is told."""

from __future__ import annotations

import re

import pytest
from scripted import ROWS, Answer, scripted
from support import ROOT

from kg.errors import DataError, RemoteError
from kg.stores.layouts import endpoint, layouts, named, recognised
from kg.stores.remote import connect

HOST = "http://h:1"


@pytest.mark.parametrize(
    ("store", "url", "query", "update", "graphs"),
    [
        ("oxigraph", HOST, "/query", "/update", "/store"),
        ("virtuoso", HOST, "/sparql", "/sparql-auth", "/sparql-graph-crud-auth"),
        ("fuseki", f"{HOST}/ds", "/query", "/update", "/data"),
        ("graphdb", f"{HOST}/repositories/x", "", "/statements", "/rdf-graphs/service"),
        ("neptune", HOST, "/sparql", "/sparql", "/sparql/gsp/"),
        ("sparql", f"{HOST}/all", "", "", ""),
    ],
)
def test_a_store_by_its_name(store: str, url: str, query: str, update: str, graphs: str) -> None:
    for given in {url, f"{url}/", f"{url}{query}"}:
        found = endpoint(given, named(store))
        assert (found.query, found.update, found.graphs) == (url + query, url + update, url + graphs)


def test_a_store_without_the_graph_store_protocol_has_no_address_of_it() -> None:
    found = endpoint(f"{HOST}/blazegraph/namespace/kb/sparql", named("blazegraph"))
    assert (found.graphs, found.graphs_read) == ("", "")
    assert found.query == found.update == f"{HOST}/blazegraph/namespace/kb/sparql"


def test_addresses_that_are_given_win() -> None:
    found = endpoint(HOST, named("oxigraph"), query=f"{HOST}/q", update=f"{HOST}/u", graphs=f"{HOST}/g")
    assert found.urls == (f"{HOST}/q", f"{HOST}/u", f"{HOST}/g", f"{HOST}/g")


@pytest.mark.parametrize(
    ("url", "server", "store"),
    [
        (HOST, "Oxigraph/0.5.13", "oxigraph"),
        (HOST, "Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu", "virtuoso"),
        (f"{HOST}/ds", "Apache Jena Fuseki (4.10.0)", "fuseki"),
        (f"{HOST}/repositories/news", "", "graphdb"),
        (f"{HOST}/rdf4j-server/repositories/news/", "Apache", "rdf4j"),
        (f"{HOST}/blazegraph/namespace/kb/sparql", "Jetty", "blazegraph"),
    ],
)
def test_a_store_is_recognised(url: str, server: str, store: str) -> None:
    found = recognised(url, server)
    assert found is not None
    assert found.store == store


def test_a_store_that_nobody_knows_is_not_recognised() -> None:
    assert recognised(f"{HOST}/sparql", "nginx") is None


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DataError, match=r"'virtuso': did you mean 'virtuoso'\? there are oxigraph, virtuoso, fuseki"):
        named("virtuso")


def test_a_question_mark_does_not_belong_into_the_address_of_a_store() -> None:
    with pytest.raises(RemoteError, match="ends before the question mark"):
        endpoint(f"{HOST}/?key=1", named("oxigraph"))


def test_the_table_is_in_order() -> None:
    for layout in layouts().values():
        re.compile(layout.server)
        re.compile(layout.path)
        assert layout.name
        assert layout.example.startswith(("http://", "https://"))
        assert layout.union in ("", "list") or "=" in layout.union
        if layout.path:
            assert re.search(layout.path, layout.example)


def test_the_server_is_asked_what_it_is() -> None:
    with scripted(lambda _: Answer(404, b"", {"Server": "Virtuoso/07"})) as (url, heard):
        assert connect(url).endpoint.store == "virtuoso"
        assert connect(url, store="oxigraph").endpoint.store == "oxigraph"
    assert [asked.method for asked in heard] == ["GET"]


def test_one_that_is_not_known_answers_queries_and_takes_no_data_unless_told_where() -> None:
    with scripted(lambda _: Answer(200, b"", ROWS)) as (url, _):
        found = connect(f"{url}/sparql").endpoint
        assert found.urls == (f"{url}/sparql",)
        told = connect(f"{url}/sparql", update=f"{url}/u", graphs=f"{url}/g").endpoint
        assert (told.update, told.graphs, told.graphs_read) == (f"{url}/u", f"{url}/g", f"{url}/g")


def test_the_document_has_every_store_and_what_was_run() -> None:
    text = (ROOT / "docs" / "push.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\S+)`.* \| (\S+) \|$", text, re.MULTILINE)
    wanted = [(each.store, each.example, each.tried or "–") for each in layouts().values() if each.store != "sparql"]
    assert rows == wanted
