"""What every store does: one suite, which each of them passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3
from servers import oxigraph
from support import gold_graph

from kg import nquads
from kg.errors import DataError, QueryError
from kg.nquads import literal
from kg.stores import STORES, open_store
from kg.terms import KG, XSD
from kg.types import Quad, Store

FACTS, EVIDENCE = "<https://example.org/graph/facts>", "<https://example.org/graph/evidence>"
A, B, P, Q = "<https://example.org/id/甲>", "<https://example.org/id/b>", f"<{KG}partOf>", f"<{KG}value>"
LITERALS = (
    literal("雄安新区", "zh"),
    literal("Xiong'an", "en"),
    literal("Xióng ān", "zh-latn"),
    literal('"quoted" \\ and\nbroken\tline \x01 𠀀'),
    literal("2020-12-27", datatype=XSD + "date"),
    literal("2015-06", datatype=XSD + "gYearMonth"),
    literal("2013", datatype=XSD + "gYear"),
    literal("480246000000", datatype=XSD + "decimal"),
    literal("40.7", datatype=XSD + "decimal"),
    literal("12", datatype=XSD + "integer"),
    literal("true", datatype=XSD + "boolean"),
)
QUADS = (Quad(A, P, B, FACTS), *(Quad(A, Q, each, EVIDENCE) for each in LITERALS))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with oxigraph() as url:
        yield url


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    opened = emptied(request.getfixturevalue("server")) if request.param == "remote" else open_store(request.param)
    yield opened
    opened.close()  # type: ignore[attr-defined]


def emptied(url: str) -> Store:
    """The store at an address, with nothing in it."""
    headers = {"Content-Type": "application/sparql-update"}
    assert urllib3.request("POST", f"{url}/update", body="DROP ALL", headers=headers).status == 204
    return open_store("remote", url)


def test_load_counts_what_is_new(store: Store) -> None:
    assert store.load(QUADS) == len(QUADS)
    assert store.load(QUADS) == 0
    assert store.load([Quad(B, P, A, FACTS)]) == 1


def test_quads_come_back_as_they_went_in(store: Store) -> None:
    store.load(QUADS)
    assert set(store.quads()) == set(QUADS)


def test_a_whole_graph_comes_back_as_it_went_in(store: Store) -> None:
    store.load(gold_graph())
    assert tuple(sorted(store.quads())) == gold_graph()


@pytest.mark.parametrize("term", LITERALS)
def test_a_literal_can_be_asked_for_and_is_answered(store: Store, term: str) -> None:
    store.load(QUADS)
    assert store.ask(f"ASK {{ ?s kg:value {term} }}")
    assert (term,) in store.select("SELECT ?o { ?s kg:value ?o }").rows


def test_the_default_graph_is_the_union_of_all(store: Store) -> None:
    store.load(QUADS)
    table = store.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert table.columns == ("n",)
    assert table.rows == ((literal(str(len(QUADS)), datatype=XSD + "integer"),),)
    assert store.ask(f"ASK {{ {A} kg:partOf ?o ; kg:value ?v }}")


def test_graphs_can_be_told_apart(store: Store) -> None:
    store.load(QUADS)
    assert store.select("SELECT DISTINCT ?g { GRAPH ?g { ?s kg:partOf ?o } }").rows == ((FACTS,),)
    assert not store.ask(f"ASK {{ GRAPH {EVIDENCE} {{ ?s kg:partOf ?o }} }}")


def test_from_narrows_the_default_graph(store: Store) -> None:
    store.load(QUADS)
    assert not store.ask(f"ASK FROM {EVIDENCE} {{ ?s kg:partOf ?o }}")
    assert store.ask(f"ASK FROM {FACTS} {{ ?s kg:partOf ?o }}")


def test_from_reads_no_file(store: Store, tmp_path: Path) -> None:
    (tmp_path / "secret.ttl").write_text("<a:a> <a:b> <a:c> .")
    assert not store.ask(f"ASK FROM <{(tmp_path / 'secret.ttl').as_uri()}> {{ ?s ?p ?o }}")


def test_select_has_rows_in_order_and_holes(store: Store) -> None:
    store.load([Quad(A, P, B, FACTS), Quad(B, Q, literal("2"), FACTS)])
    table = store.select("SELECT ?s ?v { ?s ?p ?o OPTIONAL { ?s kg:value ?v } } ORDER BY DESC(?s)")
    assert table.rows == ((A, None), (B, literal("2")))


def test_dates_and_numbers_compare_by_value(store: Store) -> None:
    store.load(QUADS)
    # rdflib orders values of any two kinds, so the kind is said.
    asked = 'ASK {{ ?s kg:value ?v FILTER(DATATYPE(?v) = xsd:date && ?v > "{}-01-01"^^xsd:date) }}'
    assert store.ask(asked.format(2020))
    assert not store.ask(asked.format(2021))
    assert store.ask("ASK { ?s kg:value ?v FILTER(?v > 40.65 && ?v < 40.75) }")
    assert store.ask("ASK { ?s kg:value 40.70 }") or store.ask("ASK { ?s kg:value ?v FILTER(?v = 40.70) }")


def test_language_tags_are_lower_case_and_found(store: Store) -> None:
    store.load(QUADS)
    rows = store.select('SELECT ?v { ?s kg:value ?v FILTER(LANGMATCHES(LANG(?v), "zh")) } ORDER BY ?v').rows
    assert set(rows) == {(LITERALS[0],), (LITERALS[2],)}


def test_construct_gives_sorted_triples(store: Store) -> None:
    store.load([Quad(A, P, B, FACTS), Quad(B, P, A, FACTS), Quad(A, P, A, EVIDENCE)])
    found = list(store.construct("CONSTRUCT { ?o kg:hasPart ?s } WHERE { ?s kg:partOf ?o }"))
    part = f"<{KG}hasPart>"
    assert found == sorted([Quad(B, part, A, ""), Quad(A, part, B, ""), Quad(A, part, A, "")])


def test_describe_gives_what_is_said_of_a_thing(store: Store) -> None:
    store.load(QUADS)
    assert Quad(A, P, B, "") in set(store.construct(f"DESCRIBE {A}"))


def test_prefixes_are_those_of_the_data(store: Store) -> None:
    store.load(QUADS)
    assert store.prefixes()["id"] == "https://example.org/id/"
    assert store.select("SELECT ?o { id:甲 kg:partOf ?o }").rows == ((B,),)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?s\nWHERE { ?s ?p }", r"^query:2:\d+: (.|\n)*\n  WHERE \{ \?s \?p \}\n +\^$"),
        ("SELECT * { ?s nosuch:p ?o }", r"^query:1:15: the prefix nosuch: is not declared"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE is refused"),
        ("LOAD <http://127.0.0.1:1/>", "LOAD is an update"),
        ("ASK { ?s ?p ?o }", "needs a query of the form SELECT, not ASK"),
    ],
)
def test_errors_say_what_is_wrong(store: Store, query: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        store.select(query)


def test_an_unknown_store_is_answered_with_those_there_are() -> None:
    with pytest.raises(DataError, match=r"'embeded'.*did you mean 'embedded'\? there are embedded, memory, remote"):
        open_store("embeded")


# ------------------------------------------------------------------------------------------------ on disk


def test_the_embedded_store_keeps_what_it_has_on_disk(tmp_path: Path) -> None:
    store = open_store("embedded", tmp_path / "new" / "store")
    store.load(QUADS)
    store.close()  # type: ignore[attr-defined]
    assert set(open_store("embedded", tmp_path / "new" / "store").quads()) == set(QUADS)


@pytest.mark.parametrize("name", ["embedded", "memory"])
def test_a_store_takes_a_file_of_quads(tmp_path: Path, name: str) -> None:
    path = tmp_path / "graph.nq"
    nquads.write(QUADS, path)
    assert set(from_file(name, path, tmp_path).quads()) == set(QUADS)


def from_file(name: str, path: Path, folder: Path) -> Store:
    openers: dict[str, Callable[[], Store]] = {
        "memory": lambda: open_store("memory", path),
        "embedded": lambda: open_store("embedded", folder / "store"),
    }
    store = openers[name]()
    if name == "embedded":
        store.load_file(path)  # type: ignore[attr-defined]
    return store


def test_a_file_that_is_no_n_quads_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("<a:a> <a:b> <a:c> <a:g> .\n<a:a> oops\n", encoding="utf-8")
    for name in ("embedded", "memory"):
        with pytest.raises(DataError, match=r"graph\.nq:2: not"):
            from_file(name, path, tmp_path)
