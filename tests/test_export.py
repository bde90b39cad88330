"""Exports: each format is read back and holds what the build holds, whatever stands in labels and quotes."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from export_samples import BACKGROUND, BASE, CONTROL, FACTS, NASTY, QUADS, entity, lines_of, quads_of, written
from hypothesis import given
from hypothesis import strategies as st
from support import gold_annotation

from kg import nquads
from kg.errors import DataError
from kg.export import FORMATS, export
from kg.export.tidy import tidy, xml_text
from kg.types import Quad


@pytest.fixture(params=["nasty", "article"])
def build(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


def triples_of(build: Path, *graphs: str) -> set[ox.Triple]:
    quads = quads_of(build / "graph.nq", ox.RdfFormat.N_QUADS)
    wanted = {f"<{quad.graph_name.value}>": quad for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
    return {q.triple for q in quads if str(q.graph_name) in (graphs or wanted)}


# -- RDF


@pytest.mark.parametrize(("fmt", "syntax"), [("turtle", ox.RdfFormat.TURTLE), ("ntriples", ox.RdfFormat.N_TRIPLES)])
def test_syntaxes_of_one_graph_hold_the_facts(build: Path, tmp_path: Path, fmt: str, syntax: ox.RdfFormat) -> None:
    back = {quad.triple for quad in quads_of(written(build, fmt, tmp_path / "g"), syntax)}
    assert back == triples_of(build, FACTS)


@pytest.mark.parametrize(
    ("fmt", "syntax"),
    [("nquads", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG), ("jsonld", ox.RdfFormat.JSON_LD)],
)
def test_syntaxes_of_many_graphs_hold_all(build: Path, tmp_path: Path, fmt: str, syntax: ox.RdfFormat) -> None:
    back = quads_of(written(build, fmt, tmp_path / "g"), syntax)
    assert back == quads_of(build / "graph.nq", ox.RdfFormat.N_QUADS)


@given(st.sets(QUADS, max_size=30))
def test_any_graph_comes_back_from_every_syntax(quads: set[ox.Quad]) -> None:
    with TemporaryDirectory() as name:
        build = lines_of(Path(name), quads)
        for fmt, syntax in (("nquads", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG)):
            assert quads_of(written(build, fmt, build / fmt), syntax) == quads
        for fmt, syntax in (("turtle", ox.RdfFormat.TURTLE), ("ntriples", ox.RdfFormat.N_TRIPLES)):
            summary = export(build, fmt, build / fmt, graphs=["all"])
            back = {quad.triple for quad in quads_of(build / fmt, syntax)}
            assert back == {quad.triple for quad in quads}
            assert summary.written.statements == len(back)


@given(st.sets(QUADS, max_size=30))
def test_any_graph_comes_back_from_rdf_xml_as_xml_can_hold_it(quads: set[ox.Quad]) -> None:
    with TemporaryDirectory() as name:
        build = lines_of(Path(name), quads)
        export(build, "rdfxml", build / "g.rdf", graphs=["all"])
        back = {quad.triple for quad in quads_of(build / "g.rdf", ox.RdfFormat.RDF_XML)}
        assert back == {ox.Triple(s, p, xml_literal(o)) for s, p, o, _ in quads}


def xml_literal(term: Any) -> Any:
    """A literal as XML holds it; anything else as it is."""
    if not isinstance(term, ox.Literal):
        return term
    if term.language:
        return ox.Literal(xml_text(term.value), language=term.language)
    return ox.Literal(xml_text(term.value), datatype=term.datatype)


@pytest.mark.parametrize(
    "odd", ["", "# a comment\n", "<http://e/a> <http://e/b> <https://w3id.org/kg-regional/graph/facts> .\n"]
)
@pytest.mark.parametrize("fmt", ["nquads", "ntriples", "turtle", "trig", "jsonld", "rdfxml"])
def test_a_file_that_has_to_be_parsed_gives_the_same(nasty: Path, tmp_path: Path, fmt: str, odd: str) -> None:
    """Comments and quads of the default graph, which no build writes, are no part of any graph."""
    (tmp_path / "graph.nq").write_bytes(odd.encode() + (nasty / "graph.nq").read_bytes())
    for build, out in ((nasty, "a"), (tmp_path, "b")):
        export(build, fmt, tmp_path / out)
    assert (tmp_path / "b").read_bytes() == (tmp_path / "a").read_bytes()


def test_n_quads_are_the_bytes_of_the_build(build: Path, tmp_path: Path) -> None:
    assert written(build, "nquads", tmp_path / "g.nq").read_bytes() == (build / "graph.nq").read_bytes()


@pytest.mark.parametrize("fmt", ["turtle", "ntriples"])
def test_all_graphs_can_be_had_as_one(build: Path, tmp_path: Path, fmt: str) -> None:
    path = tmp_path / f"g{FORMATS[fmt].suffix}"
    summary = export(build, fmt, path, graphs=["all"])
    back = {quad.triple for quad in ox.parse(path=str(path))}
    assert back == triples_of(build)
    assert summary.written.statements == len(back)


def test_graphs_are_chosen_by_name_or_address(nasty: Path, tmp_path: Path) -> None:
    for name in ("background", f"{BASE}graph/background"):
        back = quads_of(written(nasty, "nquads", tmp_path / "g", graphs=[name]), ox.RdfFormat.N_QUADS)
        assert {str(quad.graph_name) for quad in back} == {BACKGROUND}


def test_rdf_xml_is_well_formed_and_holds_the_facts(article: Path, tmp_path: Path) -> None:
    path = written(article, "rdfxml", tmp_path / "g.rdf")
    ElementTree.parse(path)
    back = {quad.triple for quad in quads_of(path, ox.RdfFormat.RDF_XML)}
    assert back == triples_of(article, FACTS)


def test_rdf_xml_keeps_line_ends_and_replaces_what_xml_cannot_hold(nasty: Path, tmp_path: Path) -> None:
    path = tmp_path / "g.rdf"
    summary = export(nasty, "rdfxml", path)
    labels = {str(o) for o in rdflib.Graph().parse(path, format="xml").objects(None, rdflib.RDFS.label)}
    assert labels == {*NASTY.values(), xml_text(CONTROL), "北京", "Beijing"}
    assert summary.written.altered == 1


def test_rdf_xml_refuses_a_predicate_that_is_no_xml_name(tmp_path: Path) -> None:
    quad = Quad(entity("a"), "<https://example.org/2020>", entity("b"), FACTS)
    nquads.write([quad], tmp_path / "graph.nq")
    with pytest.raises(DataError, match=r"RDF/XML cannot hold the predicate <https://example\.org/2020>"):
        export(tmp_path, "rdfxml", tmp_path / "g.rdf")
    assert not list(tmp_path.glob("g.rdf*"))


@pytest.mark.parametrize(("fmt", "name"), [("turtle", "turtle"), ("ntriples", "nt"), ("rdfxml", "xml")])
def test_another_library_reads_the_same_triples(article: Path, tmp_path: Path, fmt: str, name: str) -> None:
    graph = rdflib.Graph().parse(written(article, fmt, tmp_path / "g"), format=name)
    assert len(graph) == len(triples_of(article, FACTS))


# -- property graphs


def read_graphml(path: Path) -> nx.MultiDiGraph:
    return nx.read_graphml(path, force_multigraph=True)


def read_gexf(path: Path) -> nx.MultiDiGraph:
    graph = nx.read_gexf(path)
    return nx.MultiDiGraph(graph)


def attributes_of(graph: nx.MultiDiGraph) -> tuple[dict[str, Any], list[Any]]:
    """Nodes and edges as values, without what only one format has."""
    gone = ("eid", "id", "start", "end")  # of a timeline: see test_export_dynamics
    nodes = {n: {k: x for k, x in data.items() if k not in gone} for n, data in graph.nodes(data=True)}
    edges = [
        (u, v, data.get("eid") or data.get("id"), {k: x for k, x in data.items() if k not in gone})
        for u, v, data in graph.edges(data=True)
    ]
    return nodes, sorted(edges, key=lambda edge: edge[:3])


def test_graphml_and_gexf_hold_the_same(build: Path, tmp_path: Path) -> None:
    graphml = attributes_of(read_graphml(written(build, "graphml", tmp_path / "g.graphml")))
    gexf = attributes_of(read_gexf(written(build, "gexf", tmp_path / "g.gexf")))
    assert graphml == gexf


def test_a_network_has_every_entity_and_statement(article: Path, tmp_path: Path) -> None:
    annotation = gold_annotation()
    graph = read_graphml(written(article, "graphml", tmp_path / "g.graphml"))
    assert {data["label_zh"] for _, data in graph.nodes(data=True)} >= {e.names[0] for e in annotation.entities}
    between = {(f.subject, f.predicate, f.object, f.modality) for f in annotation.facts if isinstance(f.object, str)}
    stated = [data for *_, data in graph.edges(data=True) if "quote" in data]
    assert len(stated) == len(between)
    assert all(data["quote"] and data["rule"] and data["modality"] for data in stated)


def test_statements_are_edges_with_their_evidence(nasty: Path, tmp_path: Path) -> None:
    graph = read_graphml(written(nasty, "graphml", tmp_path / "g.graphml"))
    lines, beijing = f"{BASE}id/lines", f"{BASE}id/北京"
    edges = {data["modality"]: data for data in graph[lines][beijing].values()}
    assert edges.keys() == {"asserted", "planned"}
    wanted = {"predicate": "partOf", "confidence": 0.96, "rule": "rule.v1", "title": "处长", "evidence_count": 1}
    assert wanted.items() <= edges["planned"].items()
    assert edges["planned"]["quote"] == "one\ntwo\nthree\nfour"
    assert [data["modality"] for data in graph[lines][f"{BASE}id/quotes"].values()] == ["negated"]


def test_nodes_carry_names_class_place_and_values(nasty: Path, tmp_path: Path) -> None:
    nodes = read_graphml(written(nasty, "graphml", tmp_path / "g.graphml")).nodes
    assert nodes[f"{BASE}id/北京"] == {
        "iri": f"{BASE}id/北京",
        "label": "北京",
        "label_zh": "北京",
        "label_en": "Beijing",
        "alt_labels": "京",
        "type": "Zone",
        "lat": 39.9,
        "openedOn": "2020-12",
        "status": "operational",
    }
    assert nodes[f"{BASE}id/lines"]["planned_openedOn"] == "2030"
    assert "openedOn" not in nodes[f"{BASE}id/lines"]


def test_nasty_labels_come_back(nasty: Path, tmp_path: Path) -> None:
    for fmt, read in (("graphml", read_graphml), ("gexf", read_gexf)):
        nodes = read(written(nasty, fmt, tmp_path / fmt)).nodes
        for name, label in NASTY.items():
            assert nodes[f"{BASE}id/{name}"]["label_zh"] == label.replace("\r\n", "\n").replace("\r", "\n"), name
        assert nodes[f"{BASE}id/control"]["label_zh"] == xml_text(CONTROL)


def test_other_graphs_add_their_plain_triples(nasty: Path, tmp_path: Path) -> None:
    ends = f"{BASE}id/lines", f"{BASE}id/emoji"
    facts = read_graphml(written(nasty, "graphml", tmp_path / "a.graphml"))
    both = read_graphml(written(nasty, "graphml", tmp_path / "b.graphml", graphs=["facts", "background"]))
    assert not facts.has_edge(*ends)
    assert [data["graph"] for data in both[ends[0]][ends[1]].values()] == ["background"]


def test_every_edge_has_an_id_of_its_own(build: Path, tmp_path: Path) -> None:
    for fmt in ("graphml", "gexf"):
        edges = ElementTree.parse(written(build, fmt, tmp_path / fmt)).iterfind(".//{*}edge")
        ids = [edge.get("id") for edge in edges]
        assert len(ids) == len(set(ids)) > 3
        assert None not in ids


def read_text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def rows_of(text: str) -> list[dict[str, str]]:
    csv.field_size_limit(1_000_000)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_tables_hold_what_graphml_holds(build: Path, tmp_path: Path) -> None:
    graph = read_graphml(written(build, "graphml", tmp_path / "g.graphml"))
    folder = written(build, "csv", tmp_path / "tables")
    nodes, edges = (rows_of(read_text(folder / name)) for name in ("nodes.csv", "edges.csv"))
    assert {n["id"]: n["label"] for n in nodes} == dict(graph.nodes(data="label"))
    assert {e["id"]: (e["source"], e["target"], e["quote"]) for e in edges} == {
        data["eid"]: (u, v, data.get("quote", "")) for u, v, data in graph.edges(data=True)
    }


def test_tables_in_a_zip_are_those_of_the_folder(build: Path, tmp_path: Path) -> None:
    folder = written(build, "csv", tmp_path / "tables")
    with zipfile.ZipFile(written(build, "csv", tmp_path / "g.zip")) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            path.name: path.read_bytes() for path in folder.iterdir()
        }


# -- the sanitiser


def test_tidy_leaves_only_what_every_writer_writes() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a", none=None, many=["x", 1], day=date(2020, 1, 2), number=Decimal("1.5"), id="7", nan=float("nan"))
    graph.add_node("b", many="y", empty="", uri=rdflib.URIRef("http://e/x"), mixed=1, number=2)
    graph.add_node("c", mixed="one", flag=True)
    graph.add_edge("a", "b", "k\x07", type="T", weight=3, source="s")
    clean = tidy(graph)
    assert dict(clean.nodes["a"]) == {"many": "x; 1", "day": "2020-01-02", "number": 1.5, "id_": "7"}
    assert dict(clean.nodes["b"]) == {"many": "y", "uri": "http://e/x", "mixed": "1", "number": 2.0}
    assert type(clean.nodes["b"]["uri"]) is str
    assert [(k, d) for *_, k, d in clean.edges(data=True, keys=True)] == [
        ("k\ufffd", {"type_": "T", "weight_": 3, "source_": "s", "eid": "k\ufffd"})
    ]


VALUES = st.none() | st.booleans() | st.integers(-(2**31), 2**31 - 1) | st.floats() | st.text() | st.lists(st.text())
NAMES = st.sampled_from(["id", "label", "type", "weight", "start", "end", "key", "source", "viz", "a", "b"])


@given(st.lists(st.dictionaries(NAMES, VALUES), min_size=1, max_size=4))
def test_whatever_is_tidied_is_read_back_from_graphml(rows: list[dict[str, Any]]) -> None:
    graph = nx.MultiDiGraph()
    for i, row in enumerate(rows):
        graph.add_node(f"n{i}")
        graph.nodes[f"n{i}"].update(row)
        graph.add_edge(f"n{i}", "n0", f"e{i}")
        graph.edges[f"n{i}", "n0", f"e{i}"].update(row)
    clean, out = tidy(graph), io.BytesIO()
    nx.write_graphml_xml(clean, out, named_key_ids=True, edge_id_from_attribute="eid")
    out.seek(0)
    back = nx.read_graphml(out, force_multigraph=True)
    assert dict(back.nodes(data=True)) == dict(clean.nodes(data=True))
    assert sorted(d["eid"] for *_, d in back.edges(data=True)) == sorted(f"e{i}" for i in range(len(rows)))


@given(st.text())
def test_xml_text_is_what_xml_parsers_take(text: str) -> None:
    element = ElementTree.Element("a", {"v": xml_text(text)})
    assert ElementTree.fromstring(ElementTree.tostring(element)).get("v") == xml_text(text)
