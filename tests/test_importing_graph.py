"""Imports stand beside a build: they add to it, change nothing of it, and say nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import vocab

from kg import nquads
from kg import terms as t
from kg.errors import DataError
from kg.importing_check import import_findings, term_problems
from kg.importing_graph import (
    LICENSE,
    TRIPLES,
    Given,
    Import,
    beside,
    check_name,
    counts,
    describe,
    graph_of,
    load_imports,
    near,
)
from kg.iri import BASE
from kg.nquads import literal
from kg.resources import data
from kg.shapes import read_shapes
from kg.types import Quad

FACTS, BACKGROUND = f"<{BASE}graph/facts>", f"<{BASE}graph/background>"
A, B, C = (f"<{BASE}id/{name}>" for name in "abc")
IN = f"<{t.KG}locatedIn>"
ABOUT = f"<{t.KG}about>"
AIRPORT, CITY = f"<{t.KG}Airport>", f"<{t.KG}Municipality>"


def zh(text: str) -> str:
    return literal(text, "zh")


def an_import(*triples: tuple[str, str, str], name: str = "x") -> Import:
    return Import(name, tuple(sorted(Quad(*triple, graph_of(name, BASE)) for triple in triples)))


BUILT = [
    Quad(A, t.TYPE, AIRPORT, FACTS),
    Quad(A, t.LABEL, zh("甲机场"), FACTS),
    Quad(A, t.LABEL, literal("Jiǎ", "zh-latn"), FACTS),
    Quad(B, t.TYPE, CITY, BACKGROUND),
    Quad(B, t.LABEL, zh("乙市"), BACKGROUND),
]


def triples(quads: list[Quad]) -> set[tuple[str, str, str]]:
    return {(s, p, o) for s, p, o, _ in quads}


def test_what_the_build_says_is_not_said_again() -> None:
    placed = beside([an_import((A, t.TYPE, AIRPORT), (A, t.LABEL, zh("甲机场")), (A, IN, B))], BUILT)
    assert placed == [Quad(A, IN, B, graph_of("x", BASE))]


def test_what_two_imports_say_stands_in_the_first_by_name() -> None:
    one, two = an_import((A, IN, B), name="one"), an_import((A, IN, B), (A, IN, C), name="two")
    assert beside([two, one], BUILT) == beside([one, two], BUILT)
    assert {(q.object, q.graph) for q in beside([two, one], BUILT)} == {
        (B, graph_of("one", BASE)),
        (C, graph_of("two", BASE)),
    }


def test_another_label_is_an_alias_and_a_label_in_another_language_stays_one() -> None:
    placed = beside([an_import((A, t.LABEL, zh("甲国际机场")), (A, t.LABEL, literal("A", "en")))], BUILT)
    assert triples(placed) == {(A, t.ALT_LABEL, zh("甲国际机场")), (A, t.LABEL, literal("A", "en"))}


def test_what_only_imports_name_has_its_fullest_label_and_pinyin() -> None:
    placed = beside([an_import((C, t.LABEL, zh("丙")), (C, t.LABEL, zh("丙机场")))], BUILT)
    assert triples(placed) == {
        (C, t.LABEL, zh("丙机场")),
        (C, t.ALT_LABEL, zh("丙")),
        (C, t.LABEL, literal("Bǐng jī chǎng", "zh-latn")),
    }


def test_a_merged_entity_has_the_id_that_stands_for_it() -> None:
    merged = [*BUILT, Quad(C, t.REPLACED_BY, A, f"<{BASE}graph/identity>")]
    assert triples(beside([an_import((C, IN, B), (B, IN, C))], merged)) == {(A, IN, B), (B, IN, A)}


def test_an_import_describes_itself() -> None:
    graph = graph_of("x", BASE)
    files = [Given("机场.csv", "ab12")]
    said = list(describe(graph, files, "统计公报", "https://example.org/licence", 7))
    made = Import("x", tuple(sorted(said)))
    assert made.graph == graph
    assert [made.told(p) for p in (t.SOURCE, LICENSE, TRIPLES)] == ["统计公报", "https://example.org/licence", "7"]
    assert literal("sha256:ab12") in {quad.object for quad in said}
    assert {quad.graph for quad in said} == {graph}
    assert [q.object for q in describe(graph, [], "s", "CC0-1.0", 1) if q.predicate == LICENSE] == ['"CC0-1.0"']


def test_imports_are_files_beside_the_recipe(tmp_path: Path) -> None:
    assert load_imports(tmp_path / "none", BASE) == ()
    made = an_import((A, IN, B))
    nquads.write(made.quads, tmp_path / "x.nq")
    assert load_imports(tmp_path, BASE) == (made,)
    assert counts(made.quads) == {"x": 1}


def test_a_file_of_another_graph_or_with_a_bad_name_is_refused(tmp_path: Path) -> None:
    nquads.write(an_import((A, IN, B)).quads, tmp_path / "y.nq")
    with pytest.raises(DataError, match=r"y\.nq:1: the graph must be <.*imported-y>"):
        load_imports(tmp_path, BASE)
    with pytest.raises(DataError, match="no name for an import"):
        check_name("Übersee")


def test_a_network_shows_of_imports_what_is_joined_to_the_texts() -> None:
    figure, far = f"<{BASE}observation/1>", f"<{BASE}observation/2>"
    made = an_import(
        *((A, IN, C), (C, t.TYPE, CITY), (C, t.LABEL, zh("丙")), (figure, ABOUT, C)),
        *((f"<{BASE}id/far>", t.TYPE, CITY), (far, ABOUT, f"<{BASE}id/far>")),
    )
    shown = {quad.subject for quad in near([*BUILT, *made.quads], ABOUT)}
    assert shown == {A, B, C, figure}
    assert near(BUILT, ABOUT) == BUILT


def problems(*said: tuple[str, str, str]) -> list[str]:
    return [told for _, told in term_problems(said, vocab(), BASE)]


def test_terms_that_the_ontology_lacks_are_told_with_a_near_one() -> None:
    assert problems((A, f"<{t.KG}locatdIn>", B)) == [
        "the ontology has no property 'locatdIn'; did you mean 'locatedIn'?"
    ]
    assert problems((A, t.TYPE, f"<{t.KG}Airprot>")) == ["the ontology has no class 'Airprot'; did you mean 'Airport'?"]
    assert problems((A, IN, B), (A, t.TYPE, AIRPORT), (A, "<http://e/p>", B)) == []


@pytest.mark.parametrize(
    "said",
    [
        (A, t.TYPE, f"<{t.KG}Statement>"),
        (A, t.TYPE, t.STATEMENT),
        (A, t.SUBJECT, B),
        (A, f"<{t.KG}evidence>", B),
        (f"<{BASE}evidence/1>", t.LABEL, '"x"'),
        (f"<{t.KG}Airport>", t.LABEL, '"x"'),
        (A, f"<{t.VANN}preferredNamespacePrefix>", '"kg"'),
    ],
)
def test_statements_evidence_and_terms_are_not_imported(said: tuple[str, str, str]) -> None:
    [told] = problems(said)
    assert told.endswith(("--graph facts leaves them out", "leave it out"))


def findings(*said: tuple[str, str, str]) -> set[str]:
    quads = [*BUILT, *beside([an_import(*said)], BUILT)]
    return {finding.shape for finding in import_findings(quads, vocab(), read_shapes(data() / "shapes.ttl"))}


FIGURE = f"<{BASE}observation/1>"
DAY = "2020-01-01"


def date(name: str, day: str) -> tuple[str, str, str]:
    return A, f"<{t.KG}{name}>", literal(day, datatype=t.XSD + "date")


def test_the_shapes_are_put_to_imports() -> None:
    assert findings((A, IN, B), (C, t.TYPE, CITY), (C, t.LABEL, zh("丙"))) == set()
    assert findings((A, IN, C)) == {"locatedIn-range"}
    assert findings((C, IN, A)) == {"locatedIn-domain"}
    assert findings((A, f"<{t.KG}openedOn>", '"2020"')) == {"openedOn-range"}
    assert findings(date("openedOn", DAY), date("startedOn", "2021-01-01")) == {"DateOrder"}
    assert findings((C, t.TYPE, CITY)) == {"EntityName"}
    assert findings((A, t.TYPE, CITY)) == {"EntityClasses"}


def test_the_shapes_that_ask_for_evidence_are_not() -> None:
    from kg.context import Context
    from kg.graph import figure_quads
    from kg.types import ASSERTED, Evidence, Observation, Span

    nobody = Evidence("", Span(0, 0), "", "")
    whole = figure_quads(Observation(A, "旅客", "1", "人", ASSERTED, nobody), A, Context(vocab()), "")
    said = [(s, p, o) for s, p, o, _ in whole]
    assert findings(*said) == set()
    assert findings(*(each for each in said if each[1] != f"<{t.KG}unit>")) == {"Observation"}


def test_what_others_say_of_their_own_things_is_their_own_affair() -> None:
    assert findings(("<http://e/a>", t.LABEL, literal("a", "en")), ("<http://e/a>", t.TYPE, "<http://e/B>")) == set()
