"""JSON-LD: what it means is what the build says, as two other readers have it; its shape is what people want of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox
import pytest
from export_samples import QUADS, lines_of, quads_of, written
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld
from support import gold_build, vocab

from kg import terms as t
from kg.export import Choice, export
from kg.export.framing import nested
from kg.vocab_context import Key, context_address, make_context

CONTEXT = make_context(vocab(), t.prefixes())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled page's gold with all that a build adds."""
    return gold_build(tmp_path_factory.mktemp("whole") / "build")


@pytest.fixture(params=["nasty", "article", "whole"])
def build(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_bytes())
    return content


def graph_of(build: Path, name: str) -> set[ox.Triple]:
    return {q.triple for q in quads_of(build / "graph.nq", ox.RdfFormat.N_QUADS) if str(q.graph_name).endswith(name)}


def by_id(nodes: list[dict[str, Any]]) -> Mapping[str, dict[str, Any]]:
    return {node["@id"]: node for node in nodes}


# -- compact


@pytest.mark.parametrize("style", ["statements", "named-graphs", "plain"])
def test_compact_and_expanded_mean_the_same_quads(build: Path, tmp_path: Path, style: str) -> None:
    choice = Choice(style)
    quads = quads_of(written(build, "nquads", tmp_path / "g.nq", choice=choice), ox.RdfFormat.N_QUADS)
    for fmt in ("jsonld", "jsonld-expanded"):
        path = tmp_path / fmt
        assert export(build, fmt, path, choice=choice).written.statements == len(quads)
        assert quads_of(path, ox.RdfFormat.JSON_LD) == quads


def test_another_library_expands_it_to_the_same_quads(whole: Path, tmp_path: Path) -> None:
    document = read(written(whole, "jsonld", tmp_path / "g.jsonld"))
    lines = jsonld.to_rdf(document, {"format": "application/n-quads"})
    assert set(ox.parse(lines, format=ox.RdfFormat.N_QUADS)) == quads_of(whole / "graph.nq", ox.RdfFormat.N_QUADS)


@given(st.sets(QUADS, max_size=20))
def test_whatever_is_written_is_read_back(quads: set[ox.Quad]) -> None:
    with TemporaryDirectory() as name:
        build = lines_of(Path(name), quads)
        for fmt in ("jsonld", "jsonld-expanded"):
            assert quads_of(written(build, fmt, build / fmt), ox.RdfFormat.JSON_LD) == quads
        back = {quad.triple for quad in quads_of(written(build, "jsonld-framed", build / "f"), ox.RdfFormat.JSON_LD)}
        assert back == {quad.triple for quad in quads}


def test_nodes_have_short_keys_language_maps_and_plain_dates(nasty: Path, tmp_path: Path) -> None:
    document = read(written(nasty, "jsonld", tmp_path / "g.jsonld", graphs=["facts"]))
    [graph] = document["@graph"]
    assert graph["@id"] == "graph:facts"
    node = by_id(graph["@graph"])["id:北京"]
    assert node["rdfs:label" if "rdfs:label" in node else "label"] == {"zh": "北京", "en": "Beijing"}
    assert node["altLabel"] == {"zh": "京"}


def test_dates_of_less_precision_say_so(whole: Path, tmp_path: Path) -> None:
    text = (written(whole, "jsonld", tmp_path / "g.jsonld")).read_text(encoding="utf-8")
    assert '"openedOn": "2020-12-27"' in text
    assert '"@type": "xsd:gYear"}' in text


def test_a_node_is_a_line(whole: Path, tmp_path: Path) -> None:
    lines = written(whole, "jsonld", tmp_path / "g.jsonld", graphs=["facts"]).read_text(encoding="utf-8").splitlines()
    subjects = {quad.subject for quad in graph_of(whole, "/facts>")}
    assert sum(line.startswith('{"@id": "') and '"@graph"' not in line for line in lines) == len(subjects)


# -- the context


def test_the_context_is_that_of_the_files_and_the_same_each_time(whole: Path, tmp_path: Path) -> None:
    context = read(written(whole, "context", tmp_path / "context.jsonld"))
    assert context["@context"] == read(written(whole, "jsonld", tmp_path / "g.jsonld"))["@context"]
    assert context["@context"] == make_context(vocab(), context_prefixes(context)).document


def context_prefixes(context: Mapping[str, Any]) -> dict[str, str]:
    spaces = {k: v for k, v in context["@context"].items() if isinstance(v, str) and v.endswith(("/", "#"))}
    return {prefix.rstrip("_"): space for prefix, space in spaces.items()}


def test_every_term_of_the_ontology_has_a_key_that_means_it() -> None:
    names = [*vocab().classes, *vocab().properties, *vocab().individuals]
    document = {"@context": CONTEXT.document, "@id": "http://e/x", "@type": names}
    [node] = jsonld.expand(document)
    assert node["@type"] == [f"{vocab().namespace}{name}" for name in names]


def test_keys_tell_how_values_are_read() -> None:
    assert CONTEXT.document["openedOn"] == {"@id": "kg:openedOn", "@type": "xsd:date"}
    assert CONTEXT.document["modality"] == {"@id": "kg:modality", "@type": "@vocab"}
    assert CONTEXT.document["connects"] == {"@id": "kg:connects", "@type": "@id"}
    assert CONTEXT.document["confidence"] == {"@id": "kg:confidence", "@type": "xsd:decimal"}
    assert CONTEXT.document["label"] == {"@id": "rdfs:label", "@container": "@language"}


def test_the_context_has_a_place_below_the_ontology() -> None:
    assert context_address(vocab()) == f"{vocab().ontology}/context.jsonld"


def test_terms_win_over_prefixes_and_over_foreign_terms() -> None:
    assert CONTEXT.document["evidence"]["@id"] == "kg:evidence"
    assert CONTEXT.document["evidence_"] == t.prefixes()["evidence"]
    assert CONTEXT.keys[vocab().namespace + "title"] == Key("title", "")
    assert t.TITLE[1:-1] not in CONTEXT.keys


# -- framed


def test_framed_json_means_the_facts_and_the_evidence(build: Path, tmp_path: Path) -> None:
    path = tmp_path / "g.jsonld"
    summary = export(build, "jsonld-framed", path)
    back = {quad.triple for quad in quads_of(path, ox.RdfFormat.JSON_LD)}
    assert back == graph_of(build, "/facts>") | graph_of(build, "/evidence>")
    assert summary.written.statements == len(back)


def test_entities_come_first_with_their_statements_and_evidence_in_them(whole: Path, tmp_path: Path) -> None:
    nodes = read(written(whole, "jsonld-framed", tmp_path / "g.jsonld"))["@graph"]
    labelled = ["label" in node or "statements" in node or "observations" in node for node in nodes]
    assert labelled == sorted(labelled, reverse=True)
    line = next(node for node in nodes if node.get("label", {}).get("zh") == "京雄城际铁路")
    [opened] = [each for each in line["statements"] if each["predicate"] == "openedOn"]
    assert (opened["object"]["@value"], opened["modality"]) == ("2020-12-27", "asserted")
    exact = [selector["exact"] for selector in opened["evidence"]["hasSelector"] if "exact" in selector]
    assert "2020年12月27日" in exact[0]
    assert any("observations" in node for node in nodes)
    assert not any("subject" in node for node in nodes)


def test_a_node_never_stands_inside_of_itself() -> None:
    rows = {
        "a": {"@id": "a", "evidence": "b", "subject": "a"},
        "b": {"@id": "b", "evidence": ["a", "c"], "subject": "c"},
        "c": {"@id": "c", "subject": "b"},
    }
    top = list(nested(rows, vocab().namespace, CONTEXT))
    text = json.dumps(top)
    assert [text.count(f'"@id": "{name}"') for name in "abc"] == [1, 1, 1]


def test_graphs_named_besides_are_framed_too(whole: Path, tmp_path: Path) -> None:
    export(whole, "jsonld-framed", tmp_path / "g.jsonld", graphs=["background"])
    back = {quad.triple for quad in quads_of(tmp_path / "g.jsonld", ox.RdfFormat.JSON_LD)}
    assert back == set().union(*(graph_of(whole, f"/{name}>") for name in ("facts", "evidence", "background")))
