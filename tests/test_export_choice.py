"""What an export holds: the style of its evidence, its languages, what a query constructs, compression."""

from __future__ import annotations

import gzip
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
import pyoxigraph as ox
import pytest
import zstandard
from export_samples import (
    BACKGROUND,
    CONTEXT,
    EVIDENCE,
    FACTS,
    GRAPHS,
    IRIS,
    OBJECTS,
    PARTS,
    QUADS,
    kg,
    nasty_quads,
    quads_of,
)
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, gold_annotation

from kg import nquads
from kg import terms as t
from kg.cli import run
from kg.errors import DataError, MissingExtra, QueryError
from kg.export import FORMATS, STYLES, Choice, export
from kg.export.source import GraphFile
from kg.export.styles import REIFIES, graphed, reified
from kg.graph import to_quads
from kg.stores import open_store
from kg.vocab import ontology_quads

RDF_12 = [name for name, fmt in FORMATS.items() if fmt.triple_terms and not fmt.binary]
SYNTAX = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "jsonld-framed": ox.RdfFormat.JSON_LD,
    "jsonld-expanded": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module", params=["nasty", "article"])
def build(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a graph and a store, of nasty labels or of the bundled page's gold."""
    folder = tmp_path_factory.mktemp("build")
    ontology = ontology_quads(ROOT / "ontology.ttl", CONTEXT.ontology[1:-1])
    quads = nasty_quads() if request.param == "nasty" else chain(to_quads(gold_annotation(), CONTEXT), ontology)
    nquads.write(quads, folder / "graph.nq")
    store = open_store("embedded", folder / "store")
    store.load(nquads.read(folder / "graph.nq"))
    store.close()  # type: ignore[attr-defined]
    return folder


def all_quads(build: Path) -> set[ox.Quad]:
    return quads_of(build / "graph.nq", ox.RdfFormat.N_QUADS)


def exported(build: Path, folder: Path, fmt: str, choice: Choice, graphs: list[str] | None = None) -> set[ox.Quad]:
    path = folder / f"g{FORMATS[fmt].suffix}"
    summary = export(build, fmt, path, choice=choice, graphs=graphs)
    back = quads_of(path, SYNTAX[fmt])
    assert summary.written.statements == len(back)
    return back


def unreified(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """RDF 1.2 back into RDF 1.1: what a triple term says, as a statement."""
    back = set()
    for s, p, o, g in quads:
        if p == REIFIES and isinstance(o, ox.Triple):
            parts = zip((t.TYPE, t.SUBJECT, t.PREDICATE, t.OBJECT), (ox.NamedNode(t.STATEMENT[1:-1]), *o), strict=True)
            back |= {ox.Quad(s, ox.NamedNode(name[1:-1]), value, g) for name, value in parts}
        else:
            back.add(ox.Quad(s, p, o, g))
    return back


# -- style


@pytest.mark.parametrize("fmt", RDF_12)
def test_triple_terms_say_what_statements_say(build: Path, tmp_path: Path, fmt: str) -> None:
    back = exported(build, tmp_path, fmt, Choice("rdf12"), ["all"])
    reified = [quad for quad in back if quad.predicate == REIFIES]
    statements = {quad.subject for quad in all_quads(build) if quad.predicate.value == t.SUBJECT[1:-1]}
    assert {quad.subject for quad in reified} == statements
    assert all(isinstance(quad.object, ox.Triple) for quad in reified)
    assert not {quad.predicate.value for quad in back} & {t.SUBJECT[1:-1], t.PREDICATE[1:-1], t.OBJECT[1:-1]}
    wanted = all_quads(build)
    if fmt in ("turtle", "ntriples"):
        wanted = {ox.Quad(*quad.triple) for quad in wanted}
    assert unreified(back) == wanted


def test_prefixes_are_declared_for_what_triple_terms_hold(build: Path, tmp_path: Path) -> None:
    exported(build, tmp_path, "turtle", Choice("rdf12"), ["evidence"])
    text = (tmp_path / "g.ttl").read_text(encoding="utf-8")
    assert re.search(r"rdf:reifies <<\( id:\S+ kg:\w+ id:\S+ \)>>", text)


@pytest.mark.parametrize("fmt", [name for name, fmt in FORMATS.items() if not fmt.triple_terms])
def test_other_formats_refuse_triple_terms(build: Path, tmp_path: Path, fmt: str) -> None:
    with pytest.raises(
        DataError, match=rf"{fmt} cannot hold the triple terms .* can: jelly, nquads, ntriples, trig, turtle"
    ):
        export(build, fmt, tmp_path / "g", choice=Choice("rdf12"))
    assert list(tmp_path.iterdir()) == []


def test_what_makes_no_triple_stays_as_it_is() -> None:
    s, a = ox.NamedNode("http://e/s"), ox.NamedNode("http://e/a")
    subject, predicate, target = (ox.NamedNode(term[1:-1]) for term in (t.SUBJECT, t.PREDICATE, t.OBJECT))
    incomplete = [ox.Quad(s, subject, a), ox.Quad(s, target, a)]
    assert list(reified(incomplete)) == incomplete
    two = [*incomplete, ox.Quad(s, predicate, a), ox.Quad(s, target, s)]
    assert list(reified(two)) == two
    odd = [ox.Quad(s, subject, ox.Literal("no subject")), ox.Quad(s, predicate, a), ox.Quad(s, target, a)]
    assert list(reified(odd)) == odd


@given(st.sets(QUADS, max_size=30))
def test_whatever_is_written_in_rdf_1_2_is_read_back(quads: set[ox.Quad]) -> None:
    styled = list(reified(sorted(quads, key=str)))
    for syntax in (ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG):
        body = ox.serialize(styled, format=syntax)
        assert body is not None
        assert set(ox.parse(body, format=syntax)) == set(styled)
    whole = {quad.subject for quad in styled if quad.predicate == REIFIES}
    untyped = ox.NamedNode(t.STATEMENT[1:-1])
    assert unreified(styled) - quads == {  # a statement may have had no class before
        q for q in unreified(styled) - quads if q.subject in whole and q.object == untyped
    }
    assert quads <= unreified(styled)


def ungraphed(quads: Iterable[ox.Quad], graphs: Iterable[object]) -> set[ox.Quad]:
    """Graphs of statements, which are all but the ``graphs`` of a build, back into statements."""
    back, evidence = set(), ox.NamedNode(EVIDENCE[1:-1])
    for s, p, o, graph in quads:
        if graph in graphs:
            back.add(ox.Quad(s, p, o, graph))
        else:
            assert isinstance(graph, ox.NamedNode)
            parts = {t.TYPE: ox.NamedNode(t.STATEMENT[1:-1]), t.SUBJECT: s, t.PREDICATE: p, t.OBJECT: o}
            back |= {ox.Quad(graph, ox.NamedNode(name[1:-1]), part, evidence) for name, part in parts.items()}
    return back


@pytest.mark.parametrize("fmt", ["nquads", "trig", "jsonld"])
def test_asserted_statements_are_graphs_that_hold_their_triple(build: Path, tmp_path: Path, fmt: str) -> None:
    back = exported(build, tmp_path, fmt, Choice("named-graphs"))
    asserted = {q.subject for q in all_quads(build) if q.predicate.value == t.KG + "modality" and "asserted" in str(q)}
    statements = {q.subject for q in all_quads(build) if q.predicate.value == t.SUBJECT[1:-1]}
    assert {quad.graph_name for quad in back} - {q.graph_name for q in all_quads(build)} == asserted & statements
    assert {q.subject for q in back if q.predicate.value == t.SUBJECT[1:-1]} == statements - asserted
    assert ungraphed(back, {quad.graph_name for quad in all_quads(build)}) == all_quads(build)


def test_a_graph_of_a_statement_leads_to_its_evidence(build: Path, tmp_path: Path) -> None:
    store = ox.Store()
    store.extend(exported(build, tmp_path, "nquads", Choice("named-graphs"), ["evidence"]))
    query = (
        f"SELECT ?o ?rule {{ GRAPH ?g {{ ?s ?p ?o }} GRAPH {EVIDENCE} {{ ?g {kg('evidence')}/{kg('rule')} ?rule }} }}"
    )
    rows = list(store.query(query))  # type: ignore[arg-type]
    assert rows
    assert all(row["rule"].value for row in rows)  # type: ignore[index]


@pytest.mark.parametrize("fmt", [name for name, fmt in FORMATS.items() if fmt.graphs != "all"])
def test_formats_of_one_graph_refuse_graphs_of_statements(build: Path, tmp_path: Path, fmt: str) -> None:
    with pytest.raises(DataError, match=f"{fmt} holds no named graphs; these do: jelly, jsonld.*, nquads, quads, trig"):
        export(build, fmt, tmp_path / "g", choice=Choice("named-graphs"))
    assert list(tmp_path.iterdir()) == []


@given(st.sets(QUADS, max_size=30))
def test_whatever_is_no_asserted_statement_stays_out_of_graphs(quads: set[ox.Quad]) -> None:
    assert set(graphed(sorted(quads, key=str), "http://e/none#")) == quads


def test_plain_leaves_evidence_out(build: Path, tmp_path: Path) -> None:
    for fmt in ("nquads", "trig", "jsonld"):
        back = exported(build, tmp_path, fmt, Choice("plain"))
        assert back == {quad for quad in all_quads(build) if str(quad.graph_name) != EVIDENCE}
    back = exported(build, tmp_path, "turtle", Choice("plain"))
    assert {quad.triple for quad in back} == {q.triple for q in all_quads(build) if str(q.graph_name) == FACTS}


def test_a_plain_network_has_only_asserted_edges_without_quotes(build: Path, tmp_path: Path) -> None:
    export(build, "graphml", tmp_path / "g.graphml", choice=Choice("plain"))
    edges = [data for *_, data in nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True).edges(data=True)]
    assert edges
    assert {edge["modality"] for edge in edges} == {"asserted"}
    assert not any("quote" in edge or "rule" in edge for edge in edges)


def test_evidence_cannot_be_plain(build: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the graph 'evidence' holds no plain triples"):
        export(build, "nquads", tmp_path / "g", graphs=["facts", "evidence"], choice=Choice("plain"))


def test_an_unknown_style_is_answered_with_the_right_ones(build: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"no style 'star'; there are {', '.join(STYLES)}"):
        export(build, "nquads", tmp_path / "g", choice=Choice("star"))


# -- languages


def test_only_texts_in_the_languages_asked_for_or_in_none(build: Path, tmp_path: Path) -> None:
    back = exported(build, tmp_path, "nquads", Choice(languages=("ZH",)))
    gone = all_quads(build) - back
    assert gone
    assert {quad.object.language for quad in gone if isinstance(quad.object, ox.Literal)} <= {"en", "zh-latn"}
    assert not {q.object.language for q in back if isinstance(q.object, ox.Literal)} & {"en", "zh-latn"}


def test_languages_hold_for_networks_too(build: Path, tmp_path: Path) -> None:
    export(build, "graphml", tmp_path / "g.graphml", choice=Choice(languages=("zh",)))
    nodes = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True).nodes(data=True)
    assert any("label_zh" in data for _, data in nodes)
    assert not any("label_en" in data for _, data in nodes)


@pytest.mark.parametrize(("tag", "message"), [("cn", "no text is in cn; there are en, zh"), ("z h", "no language tag")])
def test_a_language_of_which_there_is_nothing_is_an_error(build: Path, tmp_path: Path, tag: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        export(build, "turtle", tmp_path / "g", choice=Choice(languages=(tag,)))


# -- a query

PART_OF = "CONSTRUCT { ?x kg:partOf ?y } WHERE { ?x kg:partOf ?y }"


@pytest.mark.parametrize("fmt", SYNTAX)
def test_a_query_says_what_is_exported(build: Path, tmp_path: Path, fmt: str) -> None:
    back = {quad.triple for quad in exported(build, tmp_path, fmt, Choice(where=PART_OF))}
    assert back == {quad.triple for quad in all_quads(build) if str(quad.predicate) == kg("partOf")}
    assert back


def test_what_a_build_has_keeps_its_graph(build: Path, tmp_path: Path) -> None:
    query = "CONSTRUCT { ?x ?p ?y . ?y <http://e/contains> ?x } WHERE { ?x ?p ?y FILTER(?p = kg:partOf) }"
    back = exported(build, tmp_path, "nquads", Choice(where=query))
    graphs = {str(quad.graph_name) for quad in back if str(quad.predicate) == kg("partOf")}
    assert FACTS in graphs
    assert graphs <= {FACTS, BACKGROUND}
    assert {quad.graph_name for quad in back if quad.predicate.value == "http://e/contains"} == {ox.DefaultGraph()}


def test_a_query_makes_a_network(build: Path, tmp_path: Path) -> None:
    query = "CONSTRUCT { ?x kg:near ?y ; a ?c ; rdfs:label ?l . ?y a ?d } WHERE { ?x kg:partOf ?y ; a ?c ; "
    query += "rdfs:label ?l . ?y a ?d }"
    export(build, "graphml", tmp_path / "g.graphml", choice=Choice(where=query))
    network = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    pairs = {(q.subject, q.object) for q in all_quads(build) if str(q.predicate) == kg("partOf")}
    assert 0 < network.number_of_edges() <= len(pairs)
    assert {data["predicate"] for *_, data in network.edges(data=True)} == {"near"}
    assert all("type" in data for _, data in network.nodes(data=True))


def test_a_query_goes_with_a_style(build: Path, tmp_path: Path) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s rdf:subject ?x ; ?p ?o }"
    back = exported(build, tmp_path, "trig", Choice("rdf12", where=query))
    assert {quad.predicate for quad in back} > {REIFIES}


@pytest.mark.parametrize(
    ("query", "error", "message"),
    [
        ("SELECT ?x WHERE { ?x a kg:Zone }", DataError, "begins with CONSTRUCT or DESCRIBE"),
        ("CONSTRUCT { ?x a ?y } WHERE { ?x a }", QueryError, r"query:1:\d+"),
        ("nothing", QueryError, "no query, no file and no question"),
    ],
)
def test_a_wrong_query_is_told(build: Path, tmp_path: Path, query: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        export(build, "turtle", tmp_path / "g", choice=Choice(where=query))
    assert list(tmp_path.iterdir()) == []


def test_a_query_and_names_of_graphs_do_not_go_together(build: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="says itself which graphs"):
        export(build, "turtle", tmp_path / "g", graphs=["facts"], choice=Choice(where=PART_OF))


# -- compression


def test_the_ending_tells_of_compression(build: Path, tmp_path: Path) -> None:
    plain = (build / "graph.nq").read_bytes()
    export(build, "nquads", tmp_path / "g.nq.gz")
    assert gzip.decompress((tmp_path / "g.nq.gz").read_bytes()) == plain
    export(build, "nquads", tmp_path / "g.nq.zst")
    with (tmp_path / "g.nq.zst").open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as reader:
        assert io.BufferedReader(reader).read() == plain


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_compressed_outputs_are_the_same_bytes_under_any_name(build: Path, tmp_path: Path, ending: str) -> None:
    first, second = tmp_path / f"a.ttl.{ending}", tmp_path / f"b.ttl.{ending}"
    for path in (first, second):
        export(build, "turtle", path)
    assert first.read_bytes() == second.read_bytes()


def test_a_folder_is_not_compressed(build: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"csv is several files; name a folder or a \.zip file"):
        export(build, "csv", tmp_path / "tables.gz")


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python has zstd")
def test_zstd_tells_how_to_get_it(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(MissingExtra, match=r"pip install 'kg\[zstd\]'"):
        export(build, "nquads", tmp_path / "g.zst")
    assert list(tmp_path.iterdir()) == []


# -- the command


def test_the_command_takes_all_of_it(bundled: Path, tmp_path: Path) -> None:
    out = tmp_path / "g.nt.gz"
    line = ["export", "--in", str(bundled), "--format", "ntriples", "-o", str(out), "-q", "--lang", "zh, en"]
    assert run([*line, "--style", "plain", "--where", PART_OF, "--timeout", "20"]) == 0
    text = gzip.decompress(out.read_bytes()).decode()
    assert text.count("\n") > 5
    assert set(re.findall(r"> <(\S+)> ", text)) == {kg("partOf")[1:-1]}


def test_the_help_names_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "--help"]) == 0
    shown = re.sub(r"-\n\s+", "-", capsys.readouterr().out)
    assert [name for name in FORMATS if not re.search(rf"\b{name}\b", shown)] == []


def test_the_commands_of_the_documentation_run(bundled: Path, tmp_path: Path) -> None:
    shutil.copytree(bundled, tmp_path / "build")
    text = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        command = ["sh", "-e", "-c", block]
        done = subprocess.run(
            command, cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    made = ("graph.nq.gz", "neo4j-import/nodes.csv", "graph.trig", "facts.ttl.gz", "planned.gexf")
    assert all((tmp_path / name).stat().st_size for name in made)


LINES = st.builds(
    lambda s, p, o, g: f"{s} {p} {o} {g} .\n" if g else f"{s} {p} {o} .\n",
    IRIS,
    PARTS,
    OBJECTS | st.sampled_from(["a <http://e/graph/facts", " <x> .", "<http://e/no>"]).map(ox.Literal) | GRAPHS,
    GRAPHS | st.none(),
)


@given(st.lists(LINES | st.sampled_from(["\n", "# <http://e/comment> .\n"]), max_size=20))
def test_the_graphs_of_a_file_are_those_of_its_quads(lines: list[str]) -> None:
    with TemporaryDirectory() as name:
        path = Path(name) / "graph.nq"
        path.write_text("".join(lines), encoding="utf-8", newline="\n")
        graphs = {quad.graph_name for quad in ox.parse(path=str(path))} - {ox.DefaultGraph()}
        assert GraphFile(path).names == tuple(sorted(graph.value for graph in graphs))
