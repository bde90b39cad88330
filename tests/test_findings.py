"""Findings of shapes: our way against pySHACL, and shapes that come from the ontology."""

from __future__ import annotations

from functools import cache

import pytest
from rdflib import RDF, SH, Graph, URIRef
from test_validate import SHAPES, broken, cases, shapes_graph, vocab

from kg.findings import Data, core_findings, sparql_findings
from kg.shapes import derived_shapes, read_shapes


@cache
def in_sparql() -> dict[str, str]:
    """The constraints in SPARQL: their shapes' IRIs by local name."""
    return {shape.iri.rpartition("#")[2]: shape.iri for shape in read_shapes(SHAPES).sparql}


@pytest.mark.parametrize("name", [name for name, case in cases().items() if case.shape in in_sparql()])
def test_one_query_for_all_nodes_is_as_good_as_one_for_each(name: str) -> None:
    """Our way with constraints in SPARQL against pySHACL's own."""
    shape = cases()[name].shape
    data = Data.select(broken(cases()[name]), vocab())
    found = sparql_findings(data, read_shapes(SHAPES))
    ours = {(each.focus, each.path, each.value) for each in found if each.shape == shape}
    assert ours == by_pyshacl(data, in_sparql()[shape])


def by_pyshacl(data: Data, shape: str) -> set[tuple[str, str, str]]:
    from pyshacl import validate as pyshacl

    triples = {(quad.subject, quad.predicate, quad.object) for quad in data.quads} | set(data.schema())
    graph = Graph().parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in triples), format="nt")
    _, results, _ = pyshacl(graph, shacl_graph=shapes_graph(), use_shapes=[shape])
    assert isinstance(results, Graph)

    def term(node: object) -> str:
        return "" if node is None else f"<{node}>" if isinstance(node, URIRef) else node.n3()  # type: ignore[attr-defined]

    return {
        tuple(term(results.value(each, p)) for p in (SH.focusNode, SH.resultPath, SH.value))  # type: ignore[misc]
        for each in results.subjects(RDF.type, SH.ValidationResult)
    }


def test_shapes_of_ends_come_from_the_ontology() -> None:
    graph = derived_shapes(vocab(), ["openedOn", "partOf"])
    names = {str(shape).rpartition("/")[2] for shape in graph.subjects(RDF.type, SH.NodeShape)}
    assert {"openedOn-domain", "openedOn-range", "partOf-range-of-Organization"} <= names


def test_core_findings_name_the_shape_of_the_ontology() -> None:
    data = Data.select(broken(cases()["range"]), vocab())
    (finding,) = core_findings(data, read_shapes(SHAPES))
    assert finding.shape == "worksFor-range"
    assert finding.message == "the object of worksFor must be Organization"
