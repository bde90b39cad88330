"""Stores on the network are asked as a build is asked, and answer alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from scripted import ROWS, Answer, Asked, FakeStore, scripted
from servers import oxigraph
from support import gold_build, gold_graph
from test_stores_push import EVIDENCE, FACTS, QUADS

from kg.cli import run
from kg.errors import DataError, QueryError, RemoteError
from kg.query import list_questions
from kg.query import run_query as ask_build
from kg.sparql import form
from kg.stores.asking import run_query
from kg.stores.http import Client
from kg.stores.layouts import Endpoint
from kg.stores.remote import RemoteStore, connect
from kg.terms import XSD
from kg.types import Quad

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
QUESTIONS = {question.name: question.query for question in list_questions()}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gold_build(tmp_path_factory.mktemp("gold") / "build")


@pytest.fixture(scope="module")
def store() -> Iterator[RemoteStore]:
    with oxigraph() as url:
        made = connect(url)
        made.load(gold_graph())
        yield made


@contextmanager
def fake(
    trouble: Callable[[Asked], Answer | None] = lambda _: None, union: str = ""
) -> Iterator[tuple[RemoteStore, list[Asked]]]:
    """A small store in this process, and what it was asked."""
    behind = FakeStore()
    with scripted(behind) as (url, heard):
        made = RemoteStore(Endpoint("", f"{url}/query", f"{url}/update", union=union), Client(sleep=lambda _: None))
        made.load(QUADS)
        behind.trouble = trouble
        heard.clear()
        yield made, heard


# ------------------------------------------------------------------------------------------------ answers


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_bundled_questions_are_answered_as_over_a_build(build: Path, store: RemoteStore, name: str) -> None:
    usual = ask_build(build, name)
    assert run_query(store, name) == usual


@pytest.mark.parametrize("fmt", ["table", "csv", "tsv", "json"])
@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?x ?name ?none { ?x kg:openedOn ?day ; rdfs:label ?name FILTER(LANG(?name) = "zh") } ORDER BY ?name',
        "ASK { ?x kg:openedOn ?day }",
        "PREFIX o: <https://w3id.org/kg-regional/ontology#>\nASK { ?x o:nothing ?day }",
        COUNT,
    ],
)
def test_rows_and_truth_values_have_every_format(build: Path, store: RemoteStore, query: str, fmt: str) -> None:
    assert run_query(store, query, fmt=fmt) == ask_build(build, query, fmt=fmt)


@pytest.mark.parametrize("fmt", ["turtle", "nt", "table"])
def test_triples_have_every_format(build: Path, store: RemoteStore, fmt: str) -> None:
    query = "CONSTRUCT { ?s kg:partOf ?o } WHERE { ?s kg:partOf ?o }"
    assert run_query(store, query, fmt=fmt) == ask_build(build, query, fmt=fmt)


def test_graphs_may_be_chosen(store: RemoteStore) -> None:
    size = {"".join(quad.graph[1:-1]): 0 for quad in gold_graph()}
    for quad in gold_graph():
        size[quad.graph[1:-1]] += 1
    facts = next(graph for graph in size if graph.endswith("/facts"))
    for names in (["facts"], [facts]):
        assert run_query(store, COUNT, fmt="csv", graphs=names).split() == ["n", str(size[facts])]
    assert run_query(store, COUNT, fmt="csv", graphs=["all"]).split() == ["n", str(sum(size.values()))]
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert run_query(store, named, fmt="csv", graphs=["facts"]).split() == ["g", facts]
    with pytest.raises(DataError, match="there is no graph 'fact'; there are https:"):
        run_query(store, COUNT, graphs=["fact"])


def test_where_a_store_knows_no_union_the_graphs_are_named() -> None:
    with fake(union="list") as (store, heard):
        assert run_query(store, COUNT, fmt="csv").split() == ["n", str(len(QUADS))]
    assert heard[-1].parameters["default-graph-uri"] == heard[-1].parameters["named-graph-uri"] == [EVIDENCE, FACTS]


def test_where_graphs_have_to_be_named_those_of_the_build_are() -> None:
    system = Quad("<a:a>", "<a:b>", "<a:c>", "<a:system>")
    with fake(union="list") as (store, _):
        store.load([system])
        assert run_query(store, COUNT, fmt="csv").split() == ["n", str(len(QUADS))]
        assert run_query(store, COUNT, fmt="csv", graphs=["a:system"]).split() == ["n", "1"]
        store.load([system._replace(graph="<https://other.example/graph/facts>")])
        assert run_query(store, COUNT, fmt="csv").split() == ["n", str(len(QUADS) + 2)]


def test_a_query_that_names_its_graphs_is_left_alone() -> None:
    with fake(union="list") as (store, heard):
        query = f"SELECT (COUNT(*) AS ?n) FROM <{FACTS}> {{ ?s ?p ?o }}"
        assert run_query(store, query, fmt="csv").split() == ["n", "10"]
    assert [set(asked.parameters) for asked in heard] == [{"query"}]


def test_virtuosos_rows_for_a_truth_value_are_understood() -> None:
    def virtuoso(asked: Asked) -> Answer | None:
        value = "1" if b"yes" in asked.body else "0"
        cell = {"type": "typed-literal", "datatype": f"{XSD}integer", "value": value}
        rows = {"head": {"link": [], "vars": ["__ASK_RETVAL"]}, "results": {"bindings": [{"__ASK_RETVAL": cell}]}}
        return Answer(200, json.dumps(rows).encode(), ROWS) if b"ASK" in asked.body else None

    with fake(virtuoso) as (store, _):
        assert run_query(store, "ASK { ?s ?p 'yes' }", fmt="csv") == "true"
        assert run_query(store, "ASK { ?s ?p 'no' }") == "answer\n──────\nfalse\n"


def test_prefixes_of_the_data_need_no_declaration_and_others_are_explained() -> None:
    with fake() as (store, heard):
        table = store.select("SELECT ?o { GRAPH ?g { id:03 ?p ?o } }")
        assert set(table.rows) == {("<https://example.org/id/04>",), ('"雄安3"@zh',)}
        assert heard[-1].parameters["query"][0].startswith("PREFIX id: <https://example.org/id/>\n")
        with pytest.raises(QueryError, match=r"query:1:15: the prefix rfds: is not declared; did you mean rdfs:\?"):
            store.select("SELECT * { ?s rfds:label ?o }")


def test_where_a_store_cannot_tell_its_prefixes_the_usual_ones_shorten() -> None:
    def slow(asked: Asked) -> Answer | None:
        return Answer(500, b"too slow") if b"GRAPH" in asked.body else None

    with fake(slow) as (store, _):
        assert "https://example.org/id/00" in run_query(store, f"SELECT ?s FROM <{FACTS}> {{ ?s ?p ?o }} ORDER BY ?s")


# ------------------------------------------------------------------------------------------------ errors


def test_a_wrong_query_is_placed_in_the_query_as_it_was_given(store: RemoteStore) -> None:
    with pytest.raises(QueryError, match=r"^query:2:23: (.|\n)*\n  WHERE \{ \?s rdfs:label \}\n"):
        run_query(store, "SELECT ?s\nWHERE { ?s rdfs:label }")


def test_a_wrong_query_in_a_file_names_the_file(store: RemoteStore, tmp_path: Path) -> None:
    path = tmp_path / "wrong.rq"
    path.write_text("SELECT ?s\nWHERE { ?s ?p }", encoding="utf-8")
    with pytest.raises(QueryError) as caught:
        run_query(store, str(path))
    assert str(caught.value).startswith(f"{path}:2:")


@pytest.mark.parametrize(
    "query", ["DROP ALL", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "INSERT DATA { <a:a> <a:b> 1 }"]
)
def test_what_is_refused_is_never_sent(query: str) -> None:
    with fake() as (store, heard), pytest.raises(QueryError):
        run_query(store, query)
    assert heard == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(200, b"<html>Welcome", {"Content-Type": "text/html"}), "web page.*--store, or give the address"),
        (Answer(200, b"Welcome", {"Content-Type": "text/plain"}), "answers with something else"),
        (Answer(200, b'{"head": {"vars": ["n"]}, "results": {"bind', ROWS), "answers with something else"),
        (Answer(400, b"Virtuoso 37000 Error SP030\n\nSPARQL query:"), "the query is refused: .*Error SP030$"),
        (Answer(500, b"java.lang.Error\n\tat x"), "refused with 500: it says: java.lang.Error$"),
        (Answer(401, b""), "this needs a user: set KG_USER"),
    ],
)
def test_what_is_no_answer_says_what_to_do(answer: Answer, message: str) -> None:
    with fake(lambda _: answer) as (store, _), pytest.raises((QueryError, RemoteError), match=message):
        run_query(store, COUNT)


def test_the_form_decides_the_format() -> None:
    with fake() as (store, heard), pytest.raises(QueryError, match="cannot be written as 'turtle'"):
        run_query(store, COUNT, fmt="turtle")
    assert heard == []


# ------------------------------------------------------------------------------------------------ the command


def test_the_command_asks_an_endpoint_without_a_build(
    store: RemoteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    url = store.endpoint.query
    assert run(["query", "agreements", "--endpoint", url, "--format", "csv"]) == 0
    assert "北京海关" in capsys.readouterr().out
    assert run(["query", COUNT, "--endpoint", url, "--graph", "facts", "--store", "oxigraph"]) == 0
    assert list(tmp_path.iterdir()) == []


def test_options_of_endpoints_need_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["query", COUNT, "--graph", "facts"]) == 2
    assert "--store and --graph go with --endpoint" in capsys.readouterr().err


def test_every_question_has_a_form() -> None:
    assert {form(query) for query in QUESTIONS.values()} == {"SELECT", "CONSTRUCT"}
