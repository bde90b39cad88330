"""The description of a dataset: valid, and true of what it describes; links to others only where a source says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from export_samples import build_of, nasty_quads
from pyshacl import validate
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib import namespace as ns
from support import ROOT, gold_build

from kg import api
from kg import terms as t
from kg.errors import DataError
from kg.export import About, Choice, export
from kg.iri import BASE
from kg.lexicon import load_lexicon
from kg.nquads import read
from kg.pipeline import load_recipe
from kg.resources import find_recipe
from kg.vocab import load_vocab

DATASET = URIRef(f"{BASE}dataset")
SAID = About("京津冀知识图谱", "https://creativecommons.org/licenses/by/4.0/", "某研究所")
LICENCE = f'licence = "{SAID.licence}"'


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gold_build(tmp_path_factory.mktemp("void") / "build")


@pytest.fixture(scope="module")
def described(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    path = tmp_path_factory.mktemp("void") / "dataset.ttl"
    export(build, "void", path, choice=Choice(about=SAID))
    return Graph().parse(path)


@pytest.fixture(scope="module")
def data(build: Path) -> Dataset:
    dataset = Dataset(default_union=True)
    dataset.parse(build / "graph.nq", format="nquads")
    return dataset


def number(described: Graph, predicate: URIRef) -> int:
    value = described.value(DATASET, predicate)
    assert isinstance(value, Literal)
    return int(value)


def test_it_is_what_catalogues_want(described: Graph) -> None:
    conforms, _, text = validate(described, shacl_graph=Graph().parse(ROOT / "tests" / "data" / "dcat.ttl"))
    assert conforms, text
    assert (DATASET, ns.RDF.type, ns.DCAT.Dataset) in described


def test_the_counts_are_those_of_the_graph(described: Graph, data: Dataset, build: Path) -> None:
    assert number(described, ns.VOID.triples) == len((build / "graph.nq").read_bytes().splitlines())
    assert number(described, ns.VOID.distinctSubjects) == len(set(data.subjects()))
    for part in described.objects(DATASET, ns.VOID.classPartition):
        kind = described.value(part, ns.VOID["class"])
        assert int(str(described.value(part, ns.VOID.entities))) == len(set(data.subjects(ns.RDF.type, kind))), kind
    counted = {
        described.value(part, ns.VOID.property) for part in described.objects(DATASET, ns.VOID.propertyPartition)
    }
    assert counted == set(data.predicates())
    assert number(described, ns.VOID.properties) == len(counted)


def test_the_named_graphs_are_subsets(described: Graph, build: Path) -> None:
    sizes: dict[str, int] = {}
    for quad in read(build / "graph.nq"):
        sizes[quad.graph[1:-1]] = sizes.get(quad.graph[1:-1], 0) + 1
    subsets = {
        str(each): int(str(described.value(each, ns.VOID.triples)))
        for each in described.objects(DATASET, ns.VOID.subset)
    }
    assert subsets == sizes


def test_examples_are_entities_with_many_facts(described: Graph, data: Dataset) -> None:
    facts = data.graph(URIRef(f"{BASE}graph/facts"))
    examples = list(described.objects(DATASET, ns.VOID.exampleResource))
    assert len(examples) == 3
    most = sorted((len(list(facts.predicate_objects(each))) for each in set(facts.subjects())), reverse=True)
    assert sorted((len(list(facts.predicate_objects(each))) for each in examples), reverse=True) == most[:3]


def test_it_tells_what_the_recipe_says(described: Graph) -> None:
    assert described.value(DATASET, ns.DCTERMS.title) == Literal(SAID.title, lang="zh")
    assert described.value(DATASET, ns.DCTERMS.license) == URIRef(SAID.licence)
    publisher = described.value(DATASET, ns.DCTERMS.publisher)
    assert described.value(publisher, ns.FOAF.name) == Literal(SAID.publisher)


def test_dates_are_those_of_the_documents(described: Graph) -> None:
    period = described.value(DATASET, ns.DCTERMS.temporal)
    assert {str(described.value(period, end)) for end in (ns.DCAT.startDate, ns.DCAT.endDate)} == {"2021-02"}
    assert not re.search(r"20(2[2-9]|[3-9]\d)-", described.serialize(format="nt"))


def test_what_nobody_said_is_left_out(tmp_path: Path) -> None:
    export(build_of(tmp_path, nasty_quads()), "void", tmp_path / "dataset.ttl")
    graph = Graph().parse(tmp_path / "dataset.ttl")
    assert graph.value(DATASET, ns.DCTERMS.license) is None
    assert graph.value(DATASET, ns.DCTERMS.publisher) is None
    assert graph.value(DATASET, ns.DCTERMS.temporal) is None


def recipe(folder: Path, *lines: str) -> Path:
    text = find_recipe("default").read_text(encoding="utf-8")
    places = r'^(ontology|lexicon|grammar|shapes|queries|gold|judgements) = "'
    text = re.sub(places, rf'\1 = "{ROOT}/data/', text, flags=re.MULTILINE)
    path = folder / "recipe.toml"
    path.write_text("\n".join([*lines, text]), encoding="utf-8")
    return path


def test_a_recipe_may_say_title_licence_and_publisher(tmp_path: Path) -> None:
    told = load_recipe(recipe(tmp_path, f'title = "{SAID.title}"', LICENCE, f'publisher = "{SAID.publisher}"'))
    assert About(told.title, told.licence, told.publisher) == SAID
    assert load_recipe(recipe(tmp_path)).licence == ""


def test_a_licence_is_an_iri(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"recipe\.toml:1: licence must be an IRI, like .*; mend 'CC BY'"):
        load_recipe(recipe(tmp_path, 'licence = "CC BY"'))


def test_the_command_takes_it_from_the_recipe(bundled: Path, tmp_path: Path) -> None:
    api.export(bundled, "void", tmp_path / "dataset.ttl")
    graph = Graph().parse(tmp_path / "dataset.ttl")
    assert int(str(graph.value(DATASET, ns.VOID.documents))) == 1


def test_every_link_to_another_dataset_is_vouched_for_by_a_source_of_ours(bundled: Path) -> None:
    lexicon = load_lexicon(ROOT / "data" / "lexicon", load_vocab(ROOT / "ontology.ttl"))
    sourced = {entry.id: entry.wikidata for entry in lexicon.entries.values() if entry.wikidata and entry.source}
    links = [quad for quad in read(bundled / "graph.nq") if quad.predicate == t.SAME_AS]
    assert links
    for quad in links:
        assert quad.graph == f"<{BASE}graph/background>"
        assert quad.object == f"<{t.WIKIDATA}{sourced[quad.subject.rpartition('/')[2][:-1]]}>"
    assert {entry.id for entry in lexicon.entries.values() if entry.wikidata} == set(sourced)
