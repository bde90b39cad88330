"""Jelly: what is written is read back equal, by the library's reader and by the one that it has for rdflib."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from export_samples import CONTEXT, FACTS, QUADS, lines_of, nasty_quads
from hypothesis import given, settings
from hypothesis import strategies as st
from pyjelly.integrations.generic import generic_sink as generic
from pyjelly.integrations.generic.parse import parse_jelly_flat
from support import gold_annotation
from test_export_choice import exported, unreified

from kg import nquads
from kg.errors import MissingExtra, OutputError
from kg.export import Choice, export
from kg.export.styles import REIFIES
from kg.graph import to_quads


@pytest.fixture(scope="module", params=["nasty", "article"])
def build(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    quads = nasty_quads() if request.param == "nasty" else to_quads(gold_annotation(), CONTEXT)
    nquads.write(quads, folder / "graph.nq")
    return folder


def term(value: Any) -> Any:
    """A term of the library as one of Oxigraph."""
    if isinstance(value, generic.IRI):
        return ox.NamedNode(value._iri)
    if isinstance(value, generic.Triple):
        return ox.Triple(*map(term, value))
    if isinstance(value, generic.Literal):
        if value._langtag:
            return ox.Literal(value._lex, language=value._langtag)
        return ox.Literal(value._lex, datatype=ox.NamedNode(value._datatype) if value._datatype else None)
    assert value is generic.DefaultGraph
    return ox.DefaultGraph()


def read(path: Path) -> list[ox.Quad]:
    return [ox.Quad(*map(term, statement)) for statement in parse_jelly_flat(io.BytesIO(path.read_bytes()))]


def quads_of(build: Path) -> list[ox.Quad]:
    return list(ox.parse(path=str(build / "graph.nq")))


def test_all_quads_come_back_in_order(build: Path, tmp_path: Path) -> None:
    summary = export(build, "jelly", tmp_path / "g.jelly")
    assert read(tmp_path / "g.jelly") == quads_of(build)
    assert summary.written.statements == len(quads_of(build))


def test_the_same_bytes_twice(build: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(build, "jelly", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_triple_terms_come_back(build: Path, tmp_path: Path) -> None:
    export(build, "jelly", tmp_path / "g.jelly", choice=Choice("rdf12"))
    back = read(tmp_path / "g.jelly")
    assert set(back) == exported(build, tmp_path, "nquads", Choice("rdf12"))
    assert any(quad.predicate == REIFIES for quad in back)
    assert unreified(back) == set(quads_of(build))


def test_rdflib_reads_it(build: Path, tmp_path: Path) -> None:
    export(build, "jelly", tmp_path / "g.jelly", graphs=["facts"])
    dataset = rdflib.Dataset()
    dataset.parse(tmp_path / "g.jelly", format="jelly")
    assert len(dataset.graph(rdflib.URIRef(FACTS[1:-1]))) == sum(str(q.graph_name) == FACTS for q in quads_of(build))


def test_an_empty_graph_is_a_whole_stream(build: Path, tmp_path: Path) -> None:
    export(build, "jelly", tmp_path / "g.jelly", graphs=["rejected"])
    assert (tmp_path / "g.jelly").stat().st_size > 0
    assert read(tmp_path / "g.jelly") == []


@settings(deadline=None)
@given(st.sets(QUADS, max_size=30))
def test_whatever_is_written_is_read_back(quads: set[ox.Quad]) -> None:
    with TemporaryDirectory() as name:
        build = lines_of(Path(name), quads)
        export(build, "jelly", build / "g.jelly")
        assert read(build / "g.jelly") == quads_of(build)


def test_more_names_than_its_tables_hold(tmp_path: Path) -> None:
    """The format repeats names by number, and forgets the oldest when its tables are full."""
    node, graph = ox.NamedNode, ox.NamedNode("http://e/graph/facts")
    many = [
        ox.Quad(
            node(f"http://{n % 997}.example/{n}"),
            node(f"http://p{n % 401}.example/p"),
            ox.Literal(str(n), datatype=node(f"http://e/type/{n % 101}")),
            graph,
        )
        for n in range(20_000)
    ]
    build = lines_of(tmp_path, many)
    export(build, "jelly", tmp_path / "g.jelly")
    assert read(tmp_path / "g.jelly") == quads_of(build)


def test_a_terminal_is_spared(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(OutputError, match=r"jelly is no text for a terminal; name a \.jelly file"):
        export(build, "jelly")


def test_it_tells_how_to_get_it(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyjelly.integrations.generic", None)
    with pytest.raises(MissingExtra, match=r"pip install 'kg\[jelly\]'"):
        export(build, "jelly", tmp_path / "g")
    assert list(tmp_path.iterdir()) == []
