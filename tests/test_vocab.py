"""Reading an ontology: what it says is known by local name, what is wrong with it is said with file and line."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT

from kg.errors import DataError
from kg.vocab import Vocab, check_ontology, load_vocab, ontology_quads

HEAD = """@prefix : <https://example.org/o#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix vann: <http://purl.org/vocab/vann/> .
<https://example.org/o> a owl:Ontology ; vann:preferredNamespaceUri "https://example.org/o#" .
<https://example.org/o> vann:preferredNamespacePrefix "o" .
"""


def said(name: str) -> str:
    return f'rdfs:label "{name}"@zh , "{name}"@en ; rdfs:comment "{name}"@zh , "{name}"@en'


SMALL = f"""{HEAD}
:Thing a owl:Class ; {said("Thing")} ; :colour "#112233" ; :shape "dot" .
:Line a owl:Class ; rdfs:subClassOf :Thing ; {said("Line")} ; :countsAs :Line ; :shape "diamond" .
:Metro a owl:Class ; rdfs:subClassOf :Line ; {said("Metro")} .
:City a owl:Class ; rdfs:subClassOf :Thing ; {said("City")} ; :countsAs :City .
:State a owl:Class ; {said("State")} .
:stateOpen a owl:NamedIndividual , :State ; :code "open" ; {said("stateOpen")} .
:links a owl:ObjectProperty , :Predicate ; {said("links")} ; owl:inverseOf :linked ;
    rdfs:domain [ owl:unionOf ( :Line :City ) ] ; rdfs:range :Thing .
:linked a owl:ObjectProperty ; {said("linked")} .
:near a owl:ObjectProperty , owl:SymmetricProperty , :Predicate ; {said("near")} ;
    rdfs:domain :City ; rdfs:range :City .
:state a owl:ObjectProperty , :Predicate ; {said("state")} ; rdfs:domain :Line ; rdfs:range :State .
:opened a owl:DatatypeProperty , :Predicate ; {said("opened")} ; rdfs:domain :Line ;
    rdfs:range [ owl:unionOf ( xsd:date xsd:gYear ) ] ; :notBefore :opened .
:City rdfs:subClassOf [ owl:onProperty :links ; owl:allValuesFrom :City ] .
[] a owl:AllDisjointClasses ; owl:members ( :Line :City ) .
"""


@pytest.fixture
def small(tmp_path: Path) -> Vocab:
    return load_vocab(written(tmp_path, SMALL))


def written(folder: Path, text: str) -> Path:
    path = folder / "ontology.ttl"
    path.write_text(text, encoding="utf-8")
    return path


def test_classes_have_their_ancestors(small: Vocab) -> None:
    assert small.classes["Metro"].ancestors == {"Metro", "Line", "Thing"}
    assert small.is_a("Metro", "Thing")
    assert small.is_a("Metro", "Metro")
    assert not small.is_a("Thing", "Metro")
    assert not small.is_a("Unknown", "Thing")
    assert small.narrower("Line") == {"Line", "Metro"}


def test_what_a_class_lacks_it_has_from_the_nearest_above(small: Vocab) -> None:
    metro = small.classes["Metro"]
    assert (metro.counts_as, metro.colour, metro.shape) == ("Line", "#112233", "diamond")
    assert small.types == {"Line", "City"}


def test_exclusion_holds_for_narrower_classes(small: Vocab) -> None:
    assert small.classes["Metro"].disjoint == {"City"}
    assert small.classes["City"].disjoint == {"Line", "Metro"}


def test_a_predicate_admits_what_its_ends_allow(small: Vocab) -> None:
    assert small.admits("links", "Metro", "City")
    assert small.admits("links", "Metro", "Line")
    assert not small.admits("links", "Thing", "City")
    assert not small.admits("links", "State", "City")


def test_a_restriction_narrows_the_range_of_some(small: Vocab) -> None:
    assert small.admits("links", "City", "City")
    assert not small.admits("links", "City", "Metro")


def test_literals_are_admitted_by_datatype(small: Vocab) -> None:
    assert small.admits("opened", "Line", "gYear")
    assert not small.admits("opened", "Line", "decimal")
    assert small.admits("state", "Metro", "term")
    assert not small.admits("opened", "Metro", "term")


def test_an_inverse_has_the_ends_the_other_way_round(small: Vocab) -> None:
    linked = small.properties["linked"]
    assert (linked.inverse, linked.domain, linked.range) == ("links", {"Thing"}, {"Line", "City"})
    assert small.properties["near"].inverse == "near"
    assert small.properties["near"].symmetric


def test_only_predicates_are_for_facts(small: Vocab) -> None:
    assert small.predicates.keys() == {"links", "near", "state", "opened"}


def test_named_values_are_found_by_code(small: Vocab) -> None:
    assert small.individual("State", "open").iri == "https://example.org/o#stateOpen"
    assert small.values("state").keys() == {"open"}
    assert small.values("links") == {}
    with pytest.raises(KeyError, match="State has no value 'shut'"):
        small.individual("State", "shut")


def test_a_code_may_serve_two_classes() -> None:
    vocab = load_vocab(ROOT / "ontology.ttl")
    assert vocab.individual("Modality", "planned").name == "planned"
    assert vocab.individual("Status", "planned").name == "statusPlanned"


def test_iris_of_other_places_have_no_name(small: Vocab) -> None:
    assert small.name("https://example.org/o#Line") == "Line"
    assert small.name("https://schema.org/Place") == ""


def test_it_travels(small: Vocab) -> None:
    assert pickle.loads(pickle.dumps(small)) == small


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (":City a owl:Class ;", ":City a owl:Class ; ]", r"ontology\.ttl:12:\d+: not valid Turtle: "),
        (
            "rdfs:domain :Line ; rdfs:range :State",
            "rdfs:domain :Lime ; rdfs:range :State",
            r"ontology\.ttl:20: state: its domain Lime is not declared",
        ),
        (
            "rdfs:subClassOf :Line",
            "rdfs:subClassOf :Lime",
            r"ontology\.ttl:11: Metro: its parent class Lime is not declared",
        ),
        (
            "owl:inverseOf :linked",
            "owl:inverseOf :lonked",
            r"ontology\.ttl:15: links: its inverse 'lonked' is not declared",
        ),
        (":notBefore :opened", ":notBefore :shut", r"ontology\.ttl:21: opened: its notBefore shut is not declared"),
        ('rdfs:label "near"@zh , "near"@en', 'rdfs:label "near"@en', r"ontology\.ttl:18: near has no rdfs:label@zh"),
        ("rdfs:domain :City ; rdfs:range :City", "rdfs:comment :City", r"ontology\.ttl:18: near has no rdfs:domain"),
        (
            "owl:NamedIndividual , :State",
            "owl:NamedIndividual , :Slate",
            r"ontology\.ttl:14: stateOpen: it has no declared class",
        ),
        ("( :Line :City ) .", "( :Line :Cities ) .", r"ontology\.ttl:1: disjointness names 'Cities'"),
        ("a owl:Ontology", "a owl:Thing", r"ontology\.ttl:1: no owl:Ontology is declared"),
        (
            "vann:preferredNamespaceUri",
            "rdfs:seeAlso",
            r"ontology\.ttl:6: the ontology has no vann:preferredNamespaceUri",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in SMALL
    path = written(tmp_path, SMALL.replace(old, new, 1))
    with pytest.raises(DataError, match=f"^{re.escape(str(tmp_path))}/" + message):
        load_vocab(path)
    assert check_ontology(path)


def test_all_problems_are_listed(tmp_path: Path) -> None:
    text = (
        SMALL.replace(said("Metro"), "")
        .replace(":code", ":note")
        .replace("rdfs:subClassOf :Line", "rdfs:subClassOf :L")
    )
    path = written(tmp_path, text)
    found = check_ontology(path)
    assert len(found) == 5
    with pytest.raises(DataError, match=r"\(and 4 more: run kg check\)$"):
        load_vocab(path)


def test_a_shared_code_in_one_class_is_a_problem(tmp_path: Path) -> None:
    more = f':stateOpened a owl:NamedIndividual , :State ; :code "open" ; {said("stateOpened")} .\n'
    (problem,) = check_ontology(written(tmp_path, SMALL + more))
    assert problem.endswith("stateOpened has the code 'open' of stateOpen")


def test_a_type_that_cannot_be_drawn_is_a_problem(tmp_path: Path) -> None:
    problems = check_ontology(written(tmp_path, SMALL.replace(':colour "#112233" ;', "")))
    assert [problem.split(": ")[1].split()[0] for problem in problems] == ["Line", "Metro", "City"]


def test_a_missing_or_binary_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.ttl:1: cannot be read"):
        load_vocab(tmp_path / "none.ttl")
    (tmp_path / "binary.ttl").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(DataError, match=r"binary\.ttl:1: cannot be read"):
        load_vocab(tmp_path / "binary.ttl")


def refusal(path: Path) -> str:
    """Why an ontology is refused, empty if it is not."""
    try:
        load_vocab(path)
    except DataError as error:
        return str(error)
    return ""


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(min_value=0, max_value=len(SMALL)))
def test_whatever_is_written_it_is_read_or_refused(noise: str, at: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ontology.ttl"
        path.write_text(SMALL[:at] + noise + SMALL[at:], encoding="utf-8", errors="replace")
        assert refusal(path) == "" or refusal(path).startswith(f"{path}:")


def test_its_lists_are_named_in_quads(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL)
    quads = list(ontology_quads(path, "https://example.org/o"))
    assert {quad.graph for quad in quads} == {"<https://example.org/o>"}
    assert any(quad.subject == "<https://example.org/o#node-1>" for quad in quads)


def test_it_is_read_fast() -> None:
    """Well below 0.3 s of processor time, imports included."""
    code = "import time; from kg.vocab import load_vocab; load_vocab('ontology.ttl'); print(time.process_time())"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(run.stdout) < 0.6


def test_asking_is_fast() -> None:
    vocab = load_vocab(ROOT / "ontology.ttl")
    start = time.process_time()
    for _ in range(10_000):
        vocab.admits("partOf", "District", "Municipality")
    assert time.process_time() - start < 0.5
