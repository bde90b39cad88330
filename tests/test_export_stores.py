"""Exports in a real store: the Cypher script in FalkorDB, started on this machine for the time of the tests.

Its packages are in the extra ``stores`` (with ``dev``, so continuous integration has them) and not to be had for every
platform: where they are not installed these tests are skipped.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from export_samples import CONTEXT, NASTY, nasty_quads
from graph_stores import STORES, falkordb_server
from support import ROOT, gold_annotation
from test_export_tables import figures

from kg import nquads
from kg.export import export
from kg.graph import to_quads
from kg.vocab import ontology_quads

Ask = Callable[[str], list[list[Any]]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client of a FalkorDB that listens to this machine alone and keeps nothing."""
    if why := STORES["FalkorDB"].absent():
        pytest.fail(why) if os.environ.get("CI") == "true" else pytest.skip(why)
    with falkordb_server(tmp_path_factory.mktemp("falkordb")) as (client, _):
        yield client


def script(build: Path) -> list[str]:
    """The statements of the export, less the constraint, which is Neo4j's own."""
    export(build, "cypher", build / "g.cypher")
    constraint, *statements = (build / "g.cypher").read_bytes().decode().rstrip("\n").split("\n")
    assert constraint.startswith("CREATE CONSTRAINT")
    return [statement.rstrip(";") for statement in statements]


def test_the_script_of_the_bundled_page_loads_and_loads_again(server: Any, tmp_path: Path) -> None:
    ontology = ontology_quads(ROOT / "ontology.ttl", CONTEXT.ontology[1:-1])
    nquads.write([*to_quads(gold_annotation(), CONTEXT), *ontology], tmp_path / "graph.nq")
    wanted = export(tmp_path, "neo4j", tmp_path / "import").written
    graph = server.select_graph("page")
    for _ in range(2):
        for statement in script(tmp_path):
            graph.query(statement)
        ask: Ask = lambda query: graph.query(query).result_set  # noqa: E731
        assert ask("MATCH (n) RETURN count(n)") == [[wanted.nodes + wanted.figures]]
        assert ask("MATCH ()-[r]->() RETURN count(r)") == [[wanted.edges]]
        assert ask("MATCH (n:Observation)-[:about]->(m:Entity) RETURN count(n)") == [[wanted.figures]]


def test_nasty_texts_come_back(server: Any, tmp_path: Path) -> None:
    nquads.write([*nasty_quads(), *figures()], tmp_path / "graph.nq")
    graph = server.select_graph("nasty")
    for statement in script(tmp_path):
        graph.query(statement)
    rows = graph.query("MATCH (n:Zone) RETURN n.iri, n.label_zh").result_set
    labels = {iri.rpartition("/")[2]: label for iri, label in rows}
    for name, label in NASTY.items():
        assert labels[name] == label.replace("\r\n", "\n").replace("\r", "\n"), name
    quotes = graph.query(
        "MATCH ()-[r:partOf {modality: 'planned'}]->() RETURN r.quote, r.confidence, r.title"
    ).result_set
    assert quotes == [["one\ntwo\nthree\nfour", 0.96, "处长"]]
    lists = graph.query("MATCH (n) WHERE size(n.alt_labels) > 1 RETURN n.alt_labels").result_set
    assert lists == [[["four", "one; two\nthree"]]]
