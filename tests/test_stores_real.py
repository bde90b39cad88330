"""Exports in real stores: everything arrives, and the bundled questions are answered there as ``kg query`` does."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from real_stores import STORES, Loaded, RealStore, counts, over_http
from servers import oxigraph

from benchmarks import million
from kg import nquads, terms
from kg.export import Choice, export
from kg.query import list_questions, query_table
from kg.types import Quad, Table

QUESTIONS = {question.name: question.query for question in list_questions()}
EVERYTHING = "SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
OPENED = "SELECT ?s WHERE { ?s <https://w3id.org/kg-regional/ontology#openedOn> ?day }"
TRIPLE_TERMS = f"SELECT ?x ?s ?p ?o WHERE {{ GRAPH ?g {{ ?x <{terms.RDF}reifies> <<( ?s ?p ?o )>> }} }}"
SMALL = 20_000
BIG = [STORES["Oxigraph"], STORES["Virtuoso"]]
"""The stores that are quick enough for a million quads here; ``benchmarks/stores.py`` has all of them."""


def named(store: RealStore) -> str:
    return store.name


@contextmanager
def loaded(store: RealStore, build: Path, folder: Path) -> Iterator[Loaded]:
    """The store with a build in it; skips the test where the store is absent, and fails it in CI."""
    if why := store.absent():
        pytest.fail(why) if store.always and os.environ.get("CI") == "true" else pytest.skip(why)
    (work := folder / "work").mkdir()
    try:
        with store.load(build.resolve(), work) as there:
            yield there
    finally:
        shutil.rmtree(work)  # which may be large


@cache
def here(build: Path, query: str) -> Table:
    """What ``kg query`` answers."""
    return query_table(build, query, timeout=120)


@cache
def graphs_of(build: Path) -> Counter[str]:
    return Counter(quad.graph for quad in nquads.read(build / "graph.nq"))


@pytest.fixture(scope="module", params=STORES.values(), ids=named)
def store(request: pytest.FixtureRequest) -> RealStore:
    chosen: RealStore = request.param
    return chosen


@pytest.fixture(scope="module")
def there(store: RealStore, bundled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """A store with the bundled build."""
    with loaded(store, bundled, tmp_path_factory.mktemp("page")) as there:
        yield there


def test_every_named_graph_has_as_many_triples_there(store: RealStore, there: Loaded, bundled: Path) -> None:
    assert counts(store, there) == graphs_of(bundled)


@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_the_answer_there_is_that_of_kg_query(store: RealStore, there: Loaded, bundled: Path, question: str) -> None:
    same_answer(store, there, bundled, question)


def test_what_a_query_without_graph_sees(store: RealStore, there: Loaded, bundled: Path) -> None:
    """Stores differ: where the default graph is empty, GRAPH or FROM is needed, or a setting (docs/stores.md)."""
    rows = set(there.ask(OPENED).rows)
    assert rows == (set(here(bundled, OPENED).rows) if store.union else set())


def test_every_quad_comes_back_nasty_names_too(store: RealStore, bundled: Path, tmp_path: Path) -> None:
    million.lay(bundled, tmp_path / "small", SMALL)
    with loaded(store, tmp_path / "small", tmp_path) as there:
        found = {
            Quad(*map(str, row)) for row in there.ask(EVERYTHING).rows if not str(row[3])[1:].startswith(store.own)
        }
    wanted = set(nquads.read(tmp_path / "small" / "graph.nq"))
    assert (sorted(wanted - found), sorted(found - wanted)) == ([], [])


@pytest.mark.parametrize("store", [store for store in STORES.values() if store.pushed], ids=named)
def test_a_push_brings_what_an_import_does(store: RealStore, bundled: Path, tmp_path: Path) -> None:
    with loaded(replace(store, load=store.pushed or store.load), bundled, tmp_path) as there:
        assert counts(store, there) == graphs_of(bundled)
        same_answer(store, there, bundled, "agreements")


def test_oxigraph_takes_triple_terms(bundled: Path, tmp_path: Path) -> None:
    export(bundled, "trig", tmp_path / "graph.trig", choice=Choice(style="rdf12"))
    wanted = sum(quad.predicate == terms.SUBJECT for quad in nquads.read(bundled / "graph.nq"))
    assert wanted > 50
    with oxigraph() as url:
        trig = {"Content-Type": "application/trig"}
        urlopen(Request(f"{url}/store", (tmp_path / "graph.trig").read_bytes(), trig)).close()
        rows = Loaded(over_http(f"{url}/query"), 0).ask(TRIPLE_TERMS).rows
    assert len(set(rows)) == wanted


@pytest.mark.slow
@pytest.mark.parametrize("store", BIG, ids=named)
def test_a_million_quads_are_counted_and_asked(store: RealStore, big: Path, tmp_path: Path) -> None:
    with loaded(store, big, tmp_path) as there:
        assert counts(store, there) == graphs_of(big)
        assert sum(graphs_of(big).values()) == million.MILLION
        for question in QUESTIONS:
            same_answer(store, there, big, question)


@pytest.fixture(scope="module")
def big(bundled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("big") / "build"
    million.lay(bundled, folder)
    yield folder
    shutil.rmtree(folder)


def same_answer(store: RealStore, there: Loaded, build: Path, question: str) -> None:
    """The same columns and rows; in the same order, as far as the store can sort."""
    query = QUESTIONS[question]
    if store.sorts == "nothing":  # then LIMIT takes any
        query = re.sub(r"LIMIT \d+", "", query)
    wanted = here(build, query)
    answer = there.ask(by_string(query, wanted) if store.sorts == "strings" else query)
    assert answer.columns == wanted.columns
    assert Counter(answer.rows) == Counter(wanted.rows)
    assert store.sorts == "nothing" or answer.rows == wanted.rows
    if store.sorts == "strings" and "LIMIT" not in query:
        assert Counter(there.ask(query).rows) == Counter(wanted.rows)


def by_string(query: str, answer: Table) -> str:
    """The query with ORDER BY STR(?name) for each column that holds texts with a language."""
    head, order, tail = query.rpartition("ORDER BY")
    texts = {name for row in answer.rows for name, cell in zip(answer.columns, row, strict=True) if has_language(cell)}
    for name in texts:
        tail = re.sub(rf"\?{name}\b", f"STR(?{name})", tail)
    return head + order + tail


def has_language(cell: str | None) -> bool:
    parts = nquads.split_literal(cell or "")
    return parts is not None and parts[1] != ""
