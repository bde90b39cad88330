"""The ontology says what the guidelines say, admits what the gold says, and names only foreign terms that exist."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib import namespace as spaces
from support import ROOT, gold_annotation, shared

from kg.context import Context
from kg.graph import to_quads
from kg.union import finish
from kg.vocab import Vocab, check_ontology, load_vocab, ontology_quads
from kg.vocab_docs import ontology_page

ONTOLOGY = ROOT / "ontology.ttl"
GUIDELINES = ROOT / "data" / "gold" / "GUIDELINES.md"

CLOSED = ["DCTERMS", "GEO", "ORG", "OWL", "PROV", "RDF", "RDFS", "SDO", "SH", "SKOS", "SOSA", "TIME", "VANN", "XSD"]
"""Vocabularies that rdflib holds a full list of."""

CHECKED_BY_HAND = {
    "http://www.w3.org/ns/oa#": [
        *("SpecificResource", "TextPositionSelector", "TextQuoteSelector"),
        *("end", "exact", "hasSelector", "hasSource", "start"),
    ],
    "http://qudt.org/schema/qudt/": ["hasUnit"],
    "http://vocab.gtfs.org/terms#": ["Route", "Station", "agency"],
}
"""Terms of vocabularies that ship with no library: a list kept by hand, not checked by this test."""


@cache
def vocab() -> Vocab:
    return load_vocab(ONTOLOGY)


@cache
def graph() -> Graph:
    return Graph().parse(ONTOLOGY)


def exists(iri: URIRef) -> bool:
    for space in (getattr(spaces, name) for name in CLOSED):
        if iri.startswith(str(space)):
            return iri in space
    return any(str(iri) == space + name for space, names in CHECKED_BY_HAND.items() for name in names)


def test_nothing_is_wrong_with_it() -> None:
    assert check_ontology(ONTOLOGY) == ()


def test_foreign_terms_exist() -> None:
    own = (vocab().namespace, vocab().ontology)
    iris = {node for triple in graph() for node in triple if isinstance(node, URIRef)}
    foreign = {iri for iri in iris if not str(iri).startswith(own)}
    assert len(foreign) > 80
    assert sorted(iri for iri in foreign if not exists(iri)) == []


def test_foreign_terms_of_the_shapes_exist() -> None:
    shapes = Graph().parse(ROOT / "data" / "shapes.ttl")
    iris = {node for triple in shapes for node in triple if isinstance(node, URIRef)}
    own = (vocab().namespace, "https://w3id.org/kg-regional/shapes")
    assert sorted(iri for iri in iris if not str(iri).startswith(own) and not exists(iri)) == []


def test_the_shapes_use_declared_terms_only() -> None:
    text = (ROOT / "data" / "shapes.ttl").read_text(encoding="utf-8")
    declared = {vocab().name(str(s)) for s in graph().subjects(RDF.type)}
    assert set(re.findall(r"\bkg:(\w+)", text)) - declared == set()


def test_a_made_up_foreign_term_would_be_noticed() -> None:
    assert not exists(URIRef("https://schema.org/NewsArticel"))
    assert not exists(URIRef("http://qudt.org/schema/qudt/unit"))


def test_nothing_is_imported() -> None:
    assert list(graph().objects(None, OWL.imports)) == []


def test_every_term_has_labels_and_comments_in_both_languages() -> None:
    terms = {s for s in graph().subjects(RDF.type) if isinstance(s, URIRef)}
    for term in sorted(terms):
        for predicate in (RDFS.label, RDFS.comment):
            languages = sorted(str(text.language) for text in graph().objects(term, predicate))  # type: ignore[attr-defined]
            assert languages == ["en", "zh"], (term, predicate)


def test_every_own_term_used_is_declared() -> None:
    own = {n for triple in graph() for n in triple if isinstance(n, URIRef) and n.startswith(vocab().namespace)}
    assert sorted(term for term in own if (term, RDF.type, None) not in graph()) == []


def test_labels_tell_terms_apart() -> None:
    for terms in (vocab().classes, vocab().properties):
        for part in ("label_zh", "label_en"):
            labels = [getattr(term, part) for term in terms.values()]
            assert sorted({label for label in labels if labels.count(label) > 1}) == [], part


def guideline_rows(heading: str) -> Iterator[list[str]]:
    section = GUIDELINES.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    for line in section.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def test_every_entity_type_of_the_guidelines_is_a_class_that_counts_as_itself() -> None:
    types = {row[0].strip("`") for row in guideline_rows("Entity types")}
    assert types == vocab().types
    for name in types:
        assert vocab().classes[name].counts_as == name


def test_every_predicate_of_the_guidelines_is_one() -> None:
    names = {name for row in guideline_rows("Predicates") for name in re.findall(r"`(\w+)`", row[0])}
    assert names == vocab().predicates.keys()


def test_statuses_are_those_of_the_guidelines() -> None:
    (row,) = (row for row in guideline_rows("Predicates") if row[0] == "`status`")
    assert set(re.findall(r"`(\w+)`", row[1])) == vocab().values("status").keys()


def test_a_finer_class_counts_as_one_type() -> None:
    for name, term in vocab().classes.items():
        scored = {up for up in term.ancestors if up in vocab().types}
        assert len(scored) <= 1, name
        assert term.counts_as == next(iter(scored), ""), name


def gold_facts() -> Iterator[tuple[str, dict[str, Any], str, str]]:
    """Every fact of the gold with the class of its subject, and the class or datatype of its object."""
    dates = {4: "gYear", 7: "gYearMonth", 10: "date"}
    for path in sorted([*shared("gold", "seed").glob("*.yaml"), *shared("gold", "dev").glob("*.yaml")]):
        gold = yaml.safe_load(path.read_text(encoding="utf-8"))
        types = {entity["id"]: entity["type"] for entity in gold["entities"]}
        for fact in gold.get("facts") or ():
            end = str(fact["o"])
            known = types.get(end) or ("term" if fact["p"] == "status" else dates[len(end)])
            yield path.name, fact, types[fact["s"]], known


def test_all_facts_of_the_gold_are_admitted() -> None:
    facts = list(gold_facts())
    assert len(facts) > 600
    refused = [(name, fact) for name, fact, s, o in facts if not vocab().admits(fact["p"], s, o)]
    assert refused == []


def test_classes_that_the_gold_mixes_are_not_disjoint() -> None:
    """A thing of two types, in two texts, would break the graph: places of a name are one thing."""
    seen: dict[str, set[str]] = {}
    for path in sorted(shared("gold").rglob("*.gold.yaml")):
        for entity in yaml.safe_load(path.read_text(encoding="utf-8"))["entities"]:
            seen.setdefault(entity["id"], set()).add(entity["type"])
    mixed = {name: types for name, types in seen.items() if len(types) > 1}
    wrong = [
        (name, left, right)
        for name, types in mixed.items()
        for left, right in itertools.combinations(sorted(types), 2)
        if right in vocab().classes[left].disjoint
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("predicate", "subject", "object"),
    [
        ("partOf", "Company", "AdministrativeRegion"),
        ("partOf", "Person", "Company"),
        ("worksFor", "Company", "Company"),
        ("worksFor", "Person", "AdministrativeRegion"),
        ("subsidiaryOf", "Institution", "Company"),
        ("hasStation", "TransportLine", "Airport"),
        ("openedOn", "TransportLine", "decimal"),
        ("openedOn", "Person", "date"),
        ("openedOn", "TransportLine", "AdministrativeRegion"),
        ("status", "TransportLine", "date"),
        ("status", "Person", "term"),
        ("issuedBy", "Company", "GovernmentBody"),
        ("relocatedTo", "AdministrativeRegion", "Zone"),
        ("locatedIn", "AdministrativeRegion", "AdministrativeRegion"),
        ("signedOn", "PolicyDocument", "date"),
        ("occurredOn", "PolicyDocument", "date"),
        ("noSuchPredicate", "Zone", "Zone"),
        ("partOf", "NoSuchClass", "Zone"),
        ("partOf", "Zone", "NoSuchClass"),
    ],
)
def test_nonsense_is_not_admitted(predicate: str, subject: str, object: str) -> None:
    assert not vocab().admits(predicate, subject, object)


def test_no_class_excludes_itself_or_what_it_is_below() -> None:
    for name, term in vocab().classes.items():
        assert term.ancestors.isdisjoint(term.disjoint), name
        assert all(name in vocab().classes[other].disjoint for other in term.disjoint), name


def test_inverses_mirror_each_other() -> None:
    for name, term in vocab().properties.items():
        if term.inverse:
            other = vocab().properties[term.inverse]
            assert (other.inverse, other.domain, other.range) == (name, term.range, term.domain), name
            assert other.transitive == term.transitive or term.is_predicate or other.is_predicate


def test_shortcuts_fit_their_events() -> None:
    """The roles of an event lead from it to what may stand at the ends of the predicate."""
    shortcuts = [term for term in vocab().properties.values() if term.event]
    assert len(shortcuts) > 15
    for term in shortcuts:
        for role, ends in ((term.subject_role, term.domain), (term.object_role, term.range)):
            known = vocab().properties[role]
            assert any(vocab().is_a(term.event, each) for each in known.domain), (term.name, role)
            fits = known.range & ends or all(any(vocab().is_a(e, r) for r in known.range) for e in ends)
            assert fits, (term.name, role)


def test_dates_have_no_circular_order() -> None:
    def earlier(name: str) -> set[str]:
        first = vocab().properties[name].not_before
        return set(first).union(*(earlier(each) for each in first))

    assert all(name not in earlier(name) for name in vocab().predicates)


# Colours: a vocabulary for the eye

SHAPES = {"dot", "diamond", "square", "triangle", "triangleDown", "star", "hexagon", "box", "ellipse", "database"}
WEAK = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""How eyes without one kind of cone see, in linear RGB (Machado, Oliveira and Fernandes 2009)."""


def linear(colour: str) -> tuple[float, ...]:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)


def lab(colour: str, weak: str) -> tuple[float, float, float]:
    seen = [min(1, max(0, sum(a * b for a, b in zip(row, linear(colour), strict=True)))) for row in WEAK[weak]]
    to_xyz = ((0.4339, 0.3762, 0.1899), (0.2126, 0.7152, 0.0722), (0.0177, 0.1095, 0.8728))
    x, y, z = (sum(a * b for a, b in zip(row, seen, strict=True)) for row in to_xyz)
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def shown() -> dict[str, tuple[str, str]]:
    return {name: (vocab().classes[name].colour, vocab().classes[name].shape) for name in sorted(vocab().types)}


def test_types_are_told_apart_by_colour_and_shape() -> None:
    assert len(set(shown().values())) == len(shown())
    assert {shape for _, shape in shown().values()} <= SHAPES


def test_colours_are_readable_on_white() -> None:
    for name, (colour, _) in shown().items():
        luminance = sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))
        assert 1.05 / (luminance + 0.05) >= 4.5, name


@pytest.mark.parametrize("weak", WEAK)
def test_colours_differ_for_every_eye(weak: str) -> None:
    colours = sorted({colour for colour, _ in shown().values()})
    for left, right in itertools.combinations(colours, 2):
        assert math.dist(lab(left, weak), lab(right, weak)) > 15, (left, right)


# What is made of it


def test_its_quads_have_no_blank_nodes_and_are_the_same_in_every_build() -> None:
    quads = list(ontology_quads(ONTOLOGY, vocab().ontology))
    assert quads == list(ontology_quads(ONTOLOGY, vocab().ontology))
    assert not any(part.startswith("_:") for quad in quads for part in quad)
    assert len(set(quads)) == len(graph())


def test_the_gold_graph_uses_declared_terms_only() -> None:
    context, own = Context(vocab()), f"<{vocab().namespace}"
    quads = finish(to_quads(gold_annotation(), context), context)
    used = {part[1:-1] for quad in quads for part in quad if part.startswith(own)}
    declared = {str(s) for s in graph().subjects(RDF.type)}
    assert sorted(used - declared) == []


def test_its_page_is_current() -> None:
    page = Path(ROOT / "docs" / "ontology.md").read_text(encoding="utf-8")
    assert page == ontology_page(vocab()), "run: python -m kg.vocab_docs ontology.ttl > docs/ontology.md"
