"""Exports in real property graph stores: nodes, edges and properties arrive, Cypher answers what SPARQL answers."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from graph_stores import STORES, Filled, GraphStore

from benchmarks import million
from kg import nquads
from kg.export import ExportSummary, export
from kg.export.labelled import read_labelled
from kg.export.source import GraphFile
from kg.query import query_table

SMALL = 20_000
QUESTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "agreements": ("MATCH (a:Entity)-{agreementWith}->(b:Entity) RETURN a.label_zh, b.label_zh", ("party", "with")),
    "lines": (
        "MATCH (a:Entity)-{connects}->(b:Entity) RETURN a.label_zh, a.openedOn, b.label_zh",
        ("line", "opened", "connects"),
    ),
    "people": (
        "MATCH (a:Entity)-{worksFor}->(b:Entity) RETURN a.label_zh, b.label_zh, r.title",
        ("person", "organisation", "title"),
    ),
    "figures": (
        "MATCH {figure}-{about}->(b:Entity) RETURN b.label_zh, n.indicator, n.value, n.unit, n.time",
        ("about", "indicator", "value", "unit", "time"),
    ),
}
"""Bundled questions in Cypher, and the columns of their answers that it has; patterns in braces differ by store."""


def named(store: GraphStore) -> str:
    return store.name


@pytest.fixture(scope="module", params=STORES.values(), ids=named)
def store(request: pytest.FixtureRequest) -> GraphStore:
    chosen: GraphStore = request.param
    if why := chosen.absent():
        pytest.fail(why) if chosen.always and os.environ.get("CI") == "true" else pytest.skip(why)
    return chosen


@pytest.fixture(scope="module", params=["bundled", "small"])
def build(request: pytest.FixtureRequest, bundled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled build, or one of twenty thousand quads with nasty names."""
    if request.param == "bundled":
        return bundled
    folder = tmp_path_factory.mktemp("small") / "build"
    million.lay(bundled, folder, SMALL)
    return folder


@pytest.fixture(scope="module")
def there(store: GraphStore, build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    with store.fill(build, tmp_path_factory.mktemp("store")) as filled:
        yield filled


@pytest.fixture(scope="module")
def here(store: GraphStore, build: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ExportSummary]:
    """The same as tables, and what was written."""
    folder = tmp_path_factory.mktemp("tables") / store.tables
    return folder, export(build, store.tables, folder)


def test_all_nodes_edges_and_figures_arrive(store: GraphStore, there: Filled, here: tuple[Path, ExportSummary]) -> None:
    wanted = here[1].written
    about = there.ask(f"MATCH {store.figure}-{store.about}->(m:Entity) RETURN count(n)")
    assert about == there.ask(f"MATCH {store.figure} RETURN count(n)") == [[wanted.figures]]
    assert there.ask("MATCH (n:Entity) RETURN count(n)") == [[wanted.nodes]]
    assert there.ask(f"MATCH ()-{store.edges}->() RETURN count(r)") == [[wanted.edges]]


@pytest.mark.parametrize("kind", ["nodes", "figures", "edges"])
def test_all_properties_arrive(store: GraphStore, there: Filled, here: tuple[Path, ExportSummary], kind: str) -> None:
    pattern = {"nodes": "(n:Entity)", "figures": store.figure, "edges": f"()-{store.edges.replace('r', 'n', 1)}->()"}[
        kind
    ]
    name = "relationships" if kind == "edges" and store.tables == "neo4j" else kind
    wanted = filled_cells(here[0] / f"{name}.csv", store.left_out)
    counts = ", ".join(f"count(n.`{column}`)" for column in wanted)
    assert dict(zip(wanted, there.ask(f"MATCH {pattern} RETURN {counts}")[0], strict=True)) == wanted


def test_names_arrive_as_they_are(
    store: GraphStore, there: Filled, here: tuple[Path, ExportSummary], build: Path
) -> None:
    """Also those with quotes, line ends and emoji, which stand in lists where a store has lists."""
    rows = there.ask(f"MATCH (n:Entity) WHERE n.alt_labels IS NOT NULL RETURN n.{store.id}, n.alt_labels")
    if store.lists:
        source = GraphFile(build / "graph.nq")
        nodes = read_labelled(source, source.select(["facts"])).nodes
        wanted = {node.iri: [store.text(name) for name in node.lists["alt_labels"]] for node in nodes}
        assert dict(rows) == {iri: names for iri, names in wanted.items() if names}
    else:
        with (here[0] / "nodes.csv").open(encoding="utf-8", newline="") as file:
            assert dict(rows) == {row["id"]: row["alt_labels"] for row in csv.DictReader(file) if row["alt_labels"]}


@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_the_answer_in_cypher_is_that_in_sparql(store: GraphStore, there: Filled, build: Path, question: str) -> None:
    query, columns = QUESTIONS[question]
    for predicate in ("agreementWith", "connects", "worksFor"):
        query = query.replace(f"{{{predicate}}}", store.edge.format(predicate))
    query = query.replace("{figure}", store.figure).replace("{about}", store.about)
    found = {tuple(map(plain, row)) for row in there.ask(query)}
    assert found == {tuple(map(plain, row)) for row in texts(build, question, columns)}


def texts(build: Path, query: str, columns: tuple[str, ...]) -> list[list[str | None]]:
    table = query_table(build, query, timeout=120)
    places = [table.columns.index(column) for column in columns]
    return [[None if row[place] is None else nquads.plain(str(row[place])) for place in places] for row in table.rows]


def plain(value: object) -> object:
    """Numbers as numbers, however they are written; a text that is empty is none."""
    try:
        return Decimal(str(value)).normalize()
    except ArithmeticError:
        return value or None


def filled_cells(path: Path, left_out: frozenset[str]) -> dict[str, int]:
    """How many cells of each column of a table hold something."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = {column: column.partition(":")[0] for column in rows[0]}
    return {
        name: sum(1 for row in rows if row[column]) for column, name in kept.items() if name and name not in left_out
    }
