"""Parquet as DuckDB reads it: quads as one table in row groups, and the tables of nodes, edges and figures."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow.parquet
import pyoxigraph as ox
import pytest
from export_samples import QUADS, lines_of, written
from hypothesis import given
from hypothesis import strategies as st
from support import gold_build

from kg.errors import MissingExtra
from kg.export import Choice, export, parquet


@pytest.fixture(params=["nasty", "article"])
def build(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the bundled page's gold."""
    folder = tmp_path_factory.mktemp("tables")
    return written(gold_build(folder / "build"), "parquet", folder / "tables")


def quad(row: Iterable[Any]) -> ox.Quad:
    subject, predicate, value, datatype, language, graph = row
    if language:
        target: Any = ox.Literal(value, language=language)
    else:
        target = ox.Literal(value, datatype=ox.NamedNode(datatype)) if datatype else ox.NamedNode(value)
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), target, ox.NamedNode(graph))


def asked(path: Path, query: str) -> list[tuple[Any, ...]]:
    return duckdb.execute(query.format(path=f"'{path}'")).fetchall()


def test_duckdb_reads_the_quads_in_the_order_of_the_file(build: Path, tmp_path: Path) -> None:
    path = written(build, "quads", tmp_path / "g.parquet")
    back = [quad(row) for row in asked(path, "SELECT * FROM {path}")]
    assert back == list(ox.parse(path=str(build / "graph.nq")))


def test_duckdb_casts_values_by_their_datatype(build: Path, tmp_path: Path) -> None:
    path = written(build, "quads", tmp_path / "g.parquet")
    query = "SELECT object::DOUBLE FROM {path} WHERE datatype LIKE '%#decimal'"
    assert all(isinstance(number, float) for (number,) in asked(path, query))
    assert asked(path, query)


def test_quads_come_in_row_groups(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS", 7)
    path = written(build, "quads", tmp_path / "g.parquet")
    groups = pyarrow.parquet.ParquetFile(path).metadata.num_row_groups
    number = len((build / "graph.nq").read_bytes().splitlines())
    assert groups == -(-number // 7)
    assert [quad(row) for row in asked(path, "SELECT * FROM {path}")] == list(ox.parse(path=str(build / "graph.nq")))


def test_no_quads_are_a_table_too(build: Path, tmp_path: Path) -> None:
    path = written(build, "quads", tmp_path / "g.parquet", graphs=["rejected"])
    assert pyarrow.parquet.read_table(path).num_rows == 0
    assert tuple(pyarrow.parquet.read_schema(path).names) == parquet.QUADS


def test_languages_choose_among_quads(build: Path, tmp_path: Path) -> None:
    path = written(build, "quads", tmp_path / "g.parquet", choice=Choice(languages=("zh",)))
    assert asked(path, "SELECT DISTINCT lang FROM {path} WHERE lang IS NOT NULL") == [("zh",)]


@given(st.sets(QUADS, max_size=20))
def test_any_quads_come_back(quads: set[ox.Quad]) -> None:
    with TemporaryDirectory() as name:
        build = lines_of(Path(name), quads)
        export(build, "quads", build / "g.parquet")
        back = [quad(row.values()) for row in pyarrow.parquet.read_table(build / "g.parquet").to_pylist()]
        assert set(back) == quads
        assert len(back) == len(quads)


def test_duckdb_reads_the_types_of_tables(tables: Path) -> None:
    types = {
        kind: {row[0]: row[1] for row in asked(tables / f"{kind}.parquet", "DESCRIBE SELECT * FROM {path}")}
        for kind in ("nodes", "edges", "figures")
    }
    assert types["edges"]["confidence"] == "DOUBLE"
    assert types["edges"]["evidence_count"] == "BIGINT"
    assert types["edges"]["quote"] == "VARCHAR"
    assert types["figures"]["value"] == "DOUBLE"
    assert types["nodes"]["lat"] == "DOUBLE"
    assert types["nodes"]["openedOn"] == "VARCHAR"


def test_duckdb_joins_edges_to_nodes(tables: Path) -> None:
    query = f"""
        SELECT count(*), count(n.label), count(m.label) FROM '{tables}/edges.parquet' e
        LEFT JOIN '{tables}/nodes.parquet' n ON n.id = e.source
        LEFT JOIN '{tables}/nodes.parquet' m ON m.id = e.target"""
    [(edges, starts, ends)] = duckdb.execute(query).fetchall()
    assert 0 < edges == starts == ends


def test_it_tells_how_to_get_it(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"pip install 'kg\[parquet\]'"):
        export(build, "quads", tmp_path / "g")
    assert list(tmp_path.iterdir()) == []
