"""Shapes: a sound graph conforms; each shape has a graph that breaks it, and the breach is traced to its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from rdflib import RDF, SH, Graph
from support import ROOT, gold_annotation

from kg import nquads
from kg import terms as t
from kg.context import Context
from kg.errors import DataError
from kg.graph import to_quads
from kg.types import Annotation, Document, Entity, Evidence, Fact, Link, Mention, Observation, Quad, Span, Value
from kg.union import finish
from kg.validate import Report, Violation, validate
from kg.vocab import Vocab, load_vocab

SHAPES = ROOT / "data" / "shapes.ttl"
BASE = "https://w3id.org/kg-regional/"
FACTS, EVIDENCE, BACKGROUND = (f"<{BASE}graph/{name}>" for name in ("facts", "evidence", "background"))

TEXT = (
    "甲乙铁路2016年开工，2020年开通，连接甲市和乙市，全长92公里，比上年增加8公里，将于2025年建成丙站。"
    "王某任甲公司经理。"
)
RAIL, CITY, OTHER, STATION, PERSON, COMPANY = (
    Entity("rail", "RailwayLine", ("甲乙铁路",), known=True),
    Entity("city", "Prefecture", ("甲市",), known=True),
    Entity("other", "Prefecture", ("乙市",), known=True),
    Entity("station", "RailwayStation", ("丙站",), known=True),
    Entity("person", "Person", ("王某",), known=True),
    Entity("company", "Company", ("甲公司",), known=True),
)


@cache
def vocab() -> Vocab:
    return load_vocab(ROOT / "ontology.ttl")


def quote(words: str) -> Evidence:
    start = TEXT.index(words)
    return Evidence("made-up", Span(start, start + len(words)), words, "rule.v1", 0.9)


def fact(s: Entity, p: str, o: Entity | Value, words: str, modality: str = "asserted", **qualifiers: str) -> Fact:
    end = o.id if isinstance(o, Entity) else o
    extra = tuple((name, Value(value, "string")) for name, value in qualifiers.items())
    return Fact(s.id, p, end, modality, quote(words), extra)


@cache
def sound() -> frozenset[Quad]:
    """A graph with a bit of everything."""
    facts = (
        fact(RAIL, "connects", CITY, "连接甲市"),
        fact(RAIL, "connects", OTHER, "连接甲市和乙市"),
        fact(RAIL, "startedOn", Value("2016", "gYear"), "2016年开工"),
        fact(RAIL, "openedOn", Value("2020", "gYear"), "2020年开通"),
        fact(RAIL, "status", Value("operational", "term"), "2020年开通"),
        fact(STATION, "completedOn", Value("2025", "gYear"), "将于2025年建成丙站", "planned"),
        fact(PERSON, "worksFor", COMPANY, "王某任甲公司经理", title="经理"),
    )
    figures = (
        Observation("rail", "全长", "92", "公里", "asserted", quote("全长92公里")),
        Observation("rail", "全长", "8", "公里", "asserted", quote("增加8公里"), change="increase", baseline="2019"),
    )
    document = Document("made-up", TEXT, "made-up.txt", published="2021-02")
    mention = Mention(Span(0, 4), "甲乙铁路", "RailwayLine", "lexicon.v1")
    everybody = (RAIL, CITY, OTHER, STATION, PERSON, COMPANY)
    links = (Link(mention, "rail", "lexicon.v1"),)
    annotation = Annotation(document, (mention,), everybody, links, facts, figures)
    context = Context(vocab())
    return frozenset(finish(to_quads(annotation, context), context))


def kg(name: str) -> str:
    return f"<{vocab().namespace}{name}>"


def thing(entity: Entity) -> str:
    return f"<{BASE}id/{entity.id}>"


def one(predicate: str, object: str = "", subject: str = "", **also: str) -> Quad:
    """The first quad of the sound graph with this predicate and, where given, object and subject."""
    described = {q.subject for q in sound() if all((kg(p), o) == q[1:3] for p, o in also.items())}
    return min(
        q
        for q in sound()
        if q.predicate == predicate
        and object in ("", q.object)
        and subject in ("", q.subject)
        and (not also or q.subject in described)
    )


def statement(predicate: str, object: str = "") -> str:
    """The statement of the sound graph with this predicate and object."""
    said = {q.subject for q in sound() if (q.predicate, q.object) == (t.PREDICATE, kg(predicate))}
    return min(q.subject for q in sound() if q.subject in said and q.predicate == t.OBJECT and object in ("", q.object))


def evidence_of(node: str) -> str:
    return one(kg("evidence"), subject=node).object


def figure() -> str:
    return one(kg("value"), nquads.decimal("92")).subject


Change = Callable[[set[Quad]], object]


def drop(subject: str, predicate: str, object: str = "") -> Change:
    """Takes quads out."""

    def change(quads: set[Quad]) -> None:
        gone = {q for q in quads if q[:2] == (subject, predicate) and object in ("", q.object)}
        assert gone, "the sound graph has no such quad"
        quads -= gone

    return change


def add(subject: str, predicate: str, object: str, graph: str = EVIDENCE) -> Change:
    return lambda quads: quads.add(Quad(subject, predicate, object, graph))


def swap(subject: str, predicate: str, object: str) -> Change:
    """Puts another object in the place of what there is."""

    def change(quads: set[Quad]) -> None:
        graph = one(predicate, subject=subject).graph
        drop(subject, predicate)(quads)
        add(subject, predicate, object, graph)(quads)

    return change


def both(*changes: Change) -> Change:
    return lambda quads: [change(quads) for change in changes]


def stated(subject: str, predicate: str, object: str, modality: str, name: str = "more") -> Change:
    """A further statement, on the evidence of another one, and the plain triple if it is asserted."""
    node, piece = f"<{BASE}statement/{name}>", evidence_of(statement("openedOn"))
    said = ((t.SUBJECT, subject), (t.PREDICATE, kg(predicate)), (t.OBJECT, object), (t.TYPE, kg("Statement")))
    numbers = ((kg("confidence"), nquads.decimal(1)), (kg("evidenceCount"), nquads.integer(1)))
    borne = ((kg("modality"), kg(modality)), (kg("evidence"), piece))
    plain = [add(subject, kg(predicate), object, FACTS)] if modality == "asserted" else []
    return both(*(add(node, p, o) for p, o in (*said, *numbers, *borne)), *plain)


def reviewed(node: str, verdict: str = "accepted", without: str = "") -> Change:
    """A person's decision on a statement."""
    made, g = f"<{BASE}review/made>", f"<{BASE}graph/reviews>"
    said = {
        t.TYPE: kg("Review"),
        kg("reviewOf"): node,
        kg("verdict"): kg(verdict),
        kg("reviewer"): nquads.literal("Li Hua"),
        kg("reason"): nquads.literal("read again"),
        t.ENDED_AT: nquads.literal("2026-01-31T09:30:00Z", datatype=t.XSD + "dateTime"),
    }
    return both(*(add(made, p, o, g) for p, o in said.items() if p != without))


def year(text: str) -> str:
    return nquads.literal(text, datatype=t.XSD + "gYear")


class Case(NamedTuple):
    shape: str
    """The local name of the shape that is broken."""
    change: Change
    quote: str
    """Words that the violation must show."""


@cache
def cases() -> dict[str, Case]:
    opened, planned, works = statement("openedOn"), statement("completedOn"), statement("worksFor")
    piece, length = evidence_of(statement("openedOn")), figure()
    words, place = piece[:-1] + "#quote>", piece[:-1] + "#position>"
    article, mention = one(t.TYPE, kg("Article")).subject, one(kg("refersTo")).subject
    compared = one(kg("comparedWith")).subject
    rail, person = thing(RAIL), thing(PERSON)
    text, told = nquads.literal("王某"), "2020年开通"
    return {
        "name without class": Case("Named", drop(person, t.TYPE), "王某任甲公司经理"),
        "class unknown": Case("Named", swap(person, t.TYPE, kg("Wizard")), "王某任甲公司经理"),
        "empty label": Case("EntityLabel", add(rail, t.LABEL, nquads.literal("", "en"), FACTS), ""),
        "two labels": Case("EntityLabel", add(rail, t.LABEL, nquads.literal("铁路", "zh"), FACTS), ""),
        "no Chinese label": Case("EntityName", drop(person, t.LABEL, nquads.literal("王某", "zh")), "王某任甲公司经理"),
        "classes exclude": Case("EntityClasses", add(person, t.TYPE, kg("Company"), FACTS), "王某任甲公司经理"),
        "no subject": Case("Statement", drop(opened, t.SUBJECT), told),
        "two subjects": Case("Statement", add(opened, t.SUBJECT, thing(CITY)), told),
        "subject is no entity": Case("Statement", swap(opened, t.SUBJECT, article), told),
        "of itself": Case("Statement", add(statement("connects"), t.OBJECT, rail), "连接甲市"),
        "no predicate": Case("Statement", drop(opened, t.PREDICATE), told),
        "no fact predicate": Case("Statement", swap(opened, t.PREDICATE, kg("modality")), told),
        "no object": Case("Statement", drop(opened, t.OBJECT), told),
        "no modality": Case("Statement", drop(opened, kg("modality")), told),
        "two modalities": Case("Statement", add(opened, kg("modality"), kg("planned")), told),
        "no evidence": Case("Statement", drop(opened, kg("evidence")), ""),
        "evidence is none": Case("Statement", add(opened, kg("evidence"), article), told),
        "no confidence": Case("Statement", drop(opened, kg("confidence")), told),
        "confidence above 1": Case("Statement", swap(opened, kg("confidence"), nquads.decimal("1.2")), told),
        "no count": Case("Statement", drop(opened, kg("evidenceCount")), told),
        "wrong count": Case("EvidenceCount", swap(opened, kg("evidenceCount"), nquads.integer(2)), told),
        "wrong count of a figure": Case(
            "EvidenceCount", swap(length, kg("evidenceCount"), nquads.integer(7)), "全长92公里"
        ),
        "planned as if done": Case(
            "NotAsserted", add(thing(STATION), kg("completedOn"), year("2025"), FACTS), "将于2025年建成丙站"
        ),
        "denied as if so": Case("NotAsserted", swap(opened, kg("modality"), kg("negated")), told),
        "asserted but missing": Case("Asserted", drop(rail, kg("openedOn")), told),
        "denied and asserted": Case("Contradiction", stated(rail, "openedOn", year("2020"), "negated"), told),
        "no statement behind": Case("Grounded", add(rail, kg("connects"), thing(STATION), FACTS), ""),
        "opened before it started": Case("DateOrder", stated(rail, "openedOn", year("2015"), "asserted"), told),
        "completed before it started": Case("DateOrder", stated(rail, "completedOn", year("2014"), "asserted"), told),
        "no source": Case("Evidence", drop(piece, t.HAS_SOURCE), told),
        "no rule": Case("Evidence", drop(piece, kg("rule")), told),
        "rule without name": Case("Evidence", swap(piece, kg("rule"), nquads.literal("")), told),
        "no confidence of evidence": Case("Evidence", drop(piece, kg("confidence")), told),
        "no run": Case("Evidence", drop(piece, t.GENERATED_BY), told),
        "no quote": Case("Evidence", drop(piece, t.HAS_SELECTOR, words), ""),
        "no position": Case("Evidence", drop(piece, t.HAS_SELECTOR, place), told),
        "no words": Case("Quote", drop(words, t.EXACT), ""),
        "empty words": Case("Quote", swap(words, t.EXACT, nquads.literal("")), ""),
        "no start": Case("Position", drop(place, t.START), told),
        "ends before it starts": Case("Position", swap(place, t.END, nquads.integer(0)), told),
        "start is no number": Case("Position", swap(place, t.START, nquads.literal("1")), told),
        "source ends before it starts": Case("Position", swap(place, kg("sourceEnd"), nquads.integer(0)), told),
        "too short": Case("QuoteLength", swap(words, t.EXACT, nquads.literal("开通")), "开通"),
        "bears nothing out": Case("EvidenceUsed", drop(opened, kg("evidence")), ""),
        "mention of nothing": Case("Mention", drop(mention, kg("refersTo")), ""),
        "article without id": Case("Article", drop(article, t.IDENTIFIER), ""),
        "article without origin": Case("Article", drop(article, t.SOURCE), ""),
        "published some day": Case("Article", swap(article, t.ISSUED, nquads.literal("some day")), ""),
        "figure about nothing": Case("Observation", drop(length, kg("about")), "全长92公里"),
        "figure of nothing": Case("Observation", drop(length, kg("indicator")), "全长92公里"),
        "no value": Case("Observation", drop(length, kg("value")), "全长92公里"),
        "two values": Case("Observation", add(length, kg("value"), nquads.decimal("93")), "全长92公里"),
        "no unit": Case("Observation", drop(length, kg("unit")), "全长92公里"),
        "not said whether exact": Case("Observation", drop(length, kg("approximation")), "全长92公里"),
        "figure without evidence": Case("Observation", drop(length, kg("evidence")), ""),
        "review of nothing": Case("Review", reviewed(opened, without=kg("reviewOf")), ""),
        "no verdict": Case("Review", reviewed(opened, without=kg("verdict")), ""),
        "verdict on a merge": Case("Review", reviewed(opened, "same"), ""),
        "nobody's review": Case("Review", reviewed(opened, without=kg("reviewer")), ""),
        "no reason": Case("Review", reviewed(opened, without=kg("reason")), ""),
        "no time": Case("Review", reviewed(opened, without=t.ENDED_AT), ""),
        "review of an article": Case("reviewOf-range", reviewed(article), ""),
        "rejected but stated": Case("Stated", reviewed(opened, "rejected"), ""),
        "up or down": Case("Compared", drop(compared, kg("change")), "增加8公里"),
        "domain": Case("openedOn-domain", stated(person, "openedOn", year("2020"), "asserted"), told),
        "domain of a plan": Case("openedOn-domain", stated(person, "openedOn", year("2020"), "planned"), told),
        "range": Case("worksFor-range", stated(person, "worksFor", rail, "asserted"), told),
        "range of a plan": Case("worksFor-range", stated(person, "worksFor", rail, "planned"), told),
        "literal for a thing": Case("worksFor-range", stated(person, "worksFor", text, "asserted"), told),
        "not yet a date": Case(
            "openedOn-range",
            stated(rail, "openedOn", nquads.literal("2020-02-30", datatype=t.XSD + "date"), "asserted"),
            told,
        ),
        "not a date": Case("openedOn-range", stated(rail, "openedOn", nquads.literal("2020"), "asserted"), told),
        "no such month": Case(
            "openedOn-range",
            stated(rail, "openedOn", nquads.literal("2020-13", datatype=t.XSD + "gYearMonth"), "asserted"),
            told,
        ),
        "no such status": Case("status-range", stated(rail, "status", kg("planned"), "asserted"), told),
        "part of another kind": Case(
            "partOf-range-of-Organization", stated(thing(COMPANY), "partOf", rail, "asserted"), told
        ),
        "value is no decimal": Case("value-range", swap(length, kg("value"), nquads.literal("92")), "全长92公里"),
        "no such approximation": Case(
            "approximation-range", swap(length, kg("approximation"), kg("about")), "全长92公里"
        ),
        "no such modality": Case(
            "modality-range", swap(planned, kg("modality"), kg("statusPlanned")), "将于2025年建成丙站"
        ),
        "title is no text": Case("title-range", swap(works, kg("title"), nquads.integer(1)), "王某任甲公司经理"),
    }


def broken(case: Case) -> frozenset[Quad]:
    quads = set(sound())
    case.change(quads)
    return frozenset(quads)


def report(quads: Iterable[Quad]) -> Report:
    return validate(quads, vocab(), SHAPES)


def test_a_sound_graph_conforms() -> None:
    assert report(sound()).violations == ()


@pytest.mark.parametrize("name", cases())
def test_a_breach_is_found_and_traced(name: str) -> None:
    case = cases()[name]
    breaches = [each for each in report(broken(case)).violations if each.shape == case.shape]
    assert breaches
    assert any(case.quote in each.quote for each in breaches), breaches
    assert all(each.fact and each.message for each in breaches)
    assert all(
        each.rule == "rule.v1" for each in breaches if each.quote and name not in ("no rule", "rule without name")
    )


@cache
def shapes_graph() -> Graph:
    return Graph().parse(SHAPES)


def test_every_shape_has_a_breach() -> None:
    shapes = {str(shape).rpartition("#")[2] for shape in shapes_graph().subjects(RDF.type, SH.NodeShape)}
    assert shapes - {case.shape for case in cases().values()} == set()


def test_a_sound_graph_that_people_accept_conforms() -> None:
    quads = set(sound())
    reviewed(statement("openedOn"))(quads)
    assert report(quads).violations == ()


def test_the_gold_graph_conforms() -> None:
    context = Context(vocab())
    found = report(finish(to_quads(gold_annotation(), context), context))
    assert [str(each) for each in found.violations] == []
    assert found.triples > 5000


def test_a_warning_is_no_violation() -> None:
    found = report(broken(cases()["denied and asserted"]))
    assert [each.severity for each in found.violations] == ["warning"]
    assert found.conforms


def test_a_violation_is_one_line() -> None:
    violation = Violation("甲 openedOn 2020", "开通", "rule.v1", "Statement", "a statement has …", "violation")
    assert str(violation) == "violation Statement: 甲 openedOn 2020: a statement has … “开通” [rule.v1]"


def test_a_fact_is_named_by_its_labels() -> None:
    (violation,) = report(broken(cases()["no confidence"])).violations
    assert violation.fact == "甲乙铁路 openedOn 2020"
    (violation,) = report(broken(cases()["no unit"])).violations
    assert violation.fact == "甲乙铁路 全长 92 ?"


def test_dates_compare_as_far_as_both_are_known() -> None:
    same_year = nquads.literal("2016-03", datatype=t.XSD + "gYearMonth")
    fine = Case("", stated(thing(RAIL), "openedOn", same_year, "asserted"), "")
    assert report(broken(fine)).violations == ()


def test_a_further_start_does_not_make_the_end_wrong() -> None:
    phase_two = Case("", stated(thing(RAIL), "startedOn", year("2022"), "asserted"), "")
    assert report(broken(phase_two)).violations == ()


def test_background_names_what_facts_speak_of() -> None:
    said = both(
        drop(thing(CITY), t.TYPE),
        add(thing(CITY), t.TYPE, kg("Prefecture"), BACKGROUND),
        add(thing(CITY), kg("partOf"), f"<{BASE}id/province>", BACKGROUND),
    )
    assert report(broken(Case("", said, ""))).violations == ()


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ("@prefix sh: <http://www.w3.org/ns/shacl#> .\n<urn:a> a sh:NodeShape ;; . x", "bad.ttl:2:"),
        (
            "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n<urn:a> a sh:NodeShape ; sh:targetClass <urn:c> ;\n"
            '  sh:sparql [ sh:select "SELECT $this WHERE {" ] .',
            "bad.ttl:3: the query of this shape is wrong",
        ),
        (
            "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<urn:a> a sh:NodeShape ;\n"
            '  sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o }" ] .',
            "bad.ttl:2: a shape in SPARQL needs sh:targetClass",
        ),
    ],
)
def test_bad_shapes_say_where(tmp_path: Path, shapes: str, message: str) -> None:
    path = tmp_path / "bad.ttl"
    path.write_text(shapes, encoding="utf-8")
    with pytest.raises(DataError, match=f"^{re.escape(str(tmp_path))}/" + message):
        validate(sound(), vocab(), path)


def test_a_file_of_quads_is_read(tmp_path: Path) -> None:
    nquads.write(sound(), tmp_path / "graph.nq")
    assert validate(tmp_path / "graph.nq", vocab(), SHAPES).conforms
