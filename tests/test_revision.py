"""What people decided is carried out: on triples, statements, events, figures and records, and undone as wholly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from support import ROOT, vocab
from test_graph import LINE, PIER, PORT, annotation, evidence, opened, select, small

from kg import terms as t
from kg.context import Context
from kg.decisions import Decisions
from kg.errors import DataError
from kg.graph import REVIEW, to_quads
from kg.iri import entity_iri
from kg.records import to_records
from kg.reviews import Parts, Review, corrected
from kg.revision import Revised, address_of, parts_of, revise
from kg.types import ASSERTED, PLANNED, Annotation, Entity, Fact, Quad, Value
from kg.union import finish
from kg.validate import validate

NOW = "2026-01-31T09:30:00Z"
CONTEXT = Context(vocab())
IDS = {e.id: entity_iri(CONTEXT.base, e).rpartition("/")[2] for e in (LINE, PORT, PIER)}
KNOWN = {IDS[e.id]: Entity(IDS[e.id], e.type, e.names, known=True) for e in (LINE, PORT, PIER)}
CITY = Entity("city", "Prefecture", ("甲市",), known=True)


def said(item: Fact, ids: dict[str, str] = IDS) -> Parts:
    return parts_of(item, ids)


def review(verdict: str, fact: Parts, by: str = "Li Hua", **replacement: str) -> Review:
    parts = tuple(replacement.items())
    return Review("0" * 20, verdict, fact, by, "read again", NOW, parts, where="reviews.csv:2")


def decisions(*reviews: Review, canonical: dict[str, str] | None = None, also: Sequence[Entity] = ()) -> Decisions:
    known = KNOWN | {entity.id: entity for entity in also}
    made = Decisions(reviews, vocab(), canonical or {}, known.get)
    made.check()
    return made


def built(made: Decisions, *annotations: Annotation, context: Context = CONTEXT) -> list[Quad]:
    done = [revise(each, context, made) for each in annotations]
    return list(finish([q for each in done for q in (*to_quads(each.annotation, context), *each.quads)], context))


def conforms(graph: list[Quad]) -> bool:
    return validate(graph, vocab(), ROOT / "data" / "shapes.ttl").conforms


def plain_dates(graph: list[Quad]) -> list[tuple[str, ...]]:
    return select(graph, "SELECT ?d { ?x kg:openedOn ?d } ORDER BY ?d")


OPENED = said(opened())
REJECTED = "SELECT ?why ?quote { ?x a kg:Rejection ; kg:reason ?why ; kg:evidence/oa:hasSelector/oa:exact ?quote }"


# ---------------------------------------------------------------------- nothing decided


def test_without_decisions_a_document_is_as_it_was() -> None:
    assert revise(small(), CONTEXT, Decisions()) == Revised(small())
    others = decisions(review("reject", said(replace(opened(), modality="negated"))))
    assert revise(small(), CONTEXT, others) == Revised(small())


# ---------------------------------------------------------------------- rejected


def test_what_is_rejected_is_stated_nowhere_and_kept_with_reason_and_quote() -> None:
    graph = built(decisions(review("reject", OPENED)), small())
    assert conforms(graph)
    assert plain_dates(graph) == []
    assert select(graph, "SELECT ?s { ?s a kg:Statement ; rdf:predicate kg:openedOn }") == []
    assert select(graph, "SELECT ?s { ?s rdf:predicate kg:openedOn ; kg:modality ?m }") == []
    assert select(graph, "SELECT ?e { ?e a kg:Opening }") == [], "the event stood on this statement alone"
    assert select(graph, REJECTED) == [("rejected by Li Hua: read again", "京雄城际铁路2020年12月27日开通")]
    assert {q.graph for q in graph if q.subject == f"<{address_of(OPENED, CONTEXT)}>"} == {CONTEXT.graph("rejected")}


def test_what_is_rejected_keeps_its_address_but_bears_nothing_out() -> None:
    before = select(built(decisions(), small()), "SELECT ?s ?e { ?s rdf:predicate kg:openedOn ; kg:evidence ?e }")
    graph = built(decisions(review("reject", OPENED)), small())
    assert select(graph, "SELECT ?s ?e { ?s a kg:Rejection ; kg:evidence ?e }") == before
    assert before[0][0] == address_of(OPENED, CONTEXT)
    assert select(graph, f"SELECT ?c {{ <{before[0][1]}> a ?c FILTER(?c = kg:Evidence) }}") == []
    assert select(graph, f"SELECT ?n {{ <{before[0][0]}> kg:evidenceCount|kg:confidence ?n }}") == []


def test_the_decision_holds_for_every_text_that_says_so() -> None:
    both = annotation(opened()), annotation(opened(document="d2"), document="d2")
    graph = built(decisions(review("reject", OPENED)), *both)
    assert plain_dates(graph) == []
    assert len(select(graph, "SELECT ?e { ?s a kg:Rejection ; kg:evidence ?e }")) == 2
    places = (
        "SELECT ?d ?w ?b { ?s a kg:Rejection ; oa:hasSource ?d ; oa:hasSelector ?p . ?p oa:exact ?w ; oa:start ?b }"
    )
    assert len(select(graph, places)) == 4, "two documents, two places, as all that is refused"
    assert len(select(graph, "SELECT ?r { ?r a kg:Review }")) == 1


def test_what_else_a_text_says_of_an_event_stays() -> None:
    where = evidence("天津港将于2025年建成新码头")
    movers = Entity("m", "Company", ("企业",)), Entity("a", "County", ("甲县",)), Entity("b", "County", ("乙县",))
    left, came = Fact("m", "relocatedFrom", "a", ASSERTED, where), Fact("m", "relocatedTo", "b", ASSERTED, where)
    ids = {e.id: entity_iri(CONTEXT.base, e).rpartition("/")[2] for e in movers}
    graph = built(decisions(review("reject", said(left, ids))), annotation(left, came, entities=movers))
    assert len(select(graph, "SELECT ?e { ?e a kg:Relocation ; kg:destination ?d }")) == 1
    assert select(graph, "SELECT ?e { ?e kg:origin ?d }") == []
    assert conforms(graph)


def test_a_rejected_fact_is_no_record() -> None:
    done = revise(small(), CONTEXT, decisions(review("reject", OPENED))).annotation
    records = [*to_records(done, vocab(), CONTEXT.entity_iri)]
    assert [r["p"] for r in records if r["kind"] == "fact"] == ["completedOn", "partOf"]


# ---------------------------------------------------------------------- corrected


def test_a_correction_is_stated_with_the_same_quote_and_leads_back() -> None:
    graph = built(decisions(review("correct", OPENED, object="2020-12-28")), small())
    assert conforms(graph)
    assert plain_dates(graph) == [("2020-12-28",)]
    (row,) = select(
        graph,
        """SELECT ?o ?n ?c ?rule ?quote ?old ?by { ?s a kg:Statement ; rdf:predicate kg:openedOn ; rdf:object ?o ;
             kg:evidenceCount ?n ; kg:confidence ?c ; kg:evidence ?e ; prov:wasRevisionOf/rdf:object ?old ;
             prov:wasGeneratedBy/kg:reviewer ?by . ?e kg:rule ?rule ; oa:hasSelector/oa:exact ?quote }""",
    )
    assert row == ("2020-12-28", "1", "1", REVIEW, "京雄城际铁路2020年12月27日开通", "2020-12-27", "Li Hua")
    assert select(graph, REJECTED)[0][0] == "corrected by Li Hua: read again"
    assert select(
        graph, "SELECT ?d { ?e a kg:Opening ; ?role ?d FILTER(ISLITERAL(?d) && DATATYPE(?d) = xsd:date) }"
    ) == [("2020-12-28",)]


def test_a_correction_may_say_that_it_is_only_planned() -> None:
    graph = built(decisions(review("correct", OPENED, modality=PLANNED)), small())
    assert plain_dates(graph) == []
    assert select(graph, "SELECT ?m { ?s rdf:predicate kg:openedOn ; kg:modality ?m }") == [(t.KG + PLANNED,)]
    assert conforms(graph)


def test_a_correction_may_name_an_entity_that_the_text_does_not() -> None:
    made = decisions(review("correct", OPENED, predicate="connects", object="id:city"), also=[CITY])
    graph = built(made, small())
    assert select(graph, 'SELECT ?l { id:city rdfs:label ?l FILTER(LANG(?l) = "zh") }') == [("甲市",)]
    assert select(graph, "SELECT ?x { ?x kg:connects id:city }") == [(f"{CONTEXT.base}id/{IDS['l']}",)]
    assert conforms(graph)


def test_what_a_correction_says_adds_to_what_texts_say_themselves() -> None:
    later = replace(opened(document="d2"), object=Value("2020-12-28", "date"))
    made = decisions(review("correct", OPENED, object="2020-12-28"))
    graph = built(made, annotation(opened()), annotation(later, document="d2"))
    assert select(graph, "SELECT ?n ?c { ?s rdf:predicate kg:openedOn ; kg:evidenceCount ?n ; kg:confidence ?c }") == [
        ("2", "1")
    ]


def test_a_correction_of_a_correction_is_followed() -> None:
    first = review("correct", OPENED, object="2020-12-28")
    second = review("correct", corrected(OPENED, first.replacement), by="Wang Wei", object="2020-12-29")
    assert plain_dates(built(decisions(first, second), small())) == [("2020-12-29",)]
    last = review("reject", corrected(OPENED, first.replacement))
    graph = built(decisions(first, last), small())
    assert plain_dates(graph) == []
    assert len(select(graph, "SELECT ?s { ?s a kg:Rejection ; kg:evidence ?e }")) == 2
    assert conforms(graph)


def test_corrections_that_lead_back_to_each_other_are_told() -> None:
    there = review("correct", OPENED, object="2020-12-28")
    back = review("correct", corrected(OPENED, there.replacement), object="2020-12-27")
    with pytest.raises(DataError, match=r"^reviews.csv:2: .* lead back to each other; withdraw one"):
        decisions(there, back)


def test_a_correction_that_the_ontology_does_not_allow_is_told_with_its_line() -> None:
    with pytest.raises(DataError, match=r"^reviews.csv:2: openedOn takes a date"):
        decisions(review("correct", OPENED, object="soon"))


def test_an_ontology_without_reviews_is_told() -> None:
    bare = replace(vocab(), individuals={})
    with pytest.raises(DataError, match=r"^reviews.csv:2: the ontology declares no verdict 'reject'"):
        Decisions((review("reject", OPENED),), bare).check()


def test_what_a_correction_names_but_a_build_lacks_is_not_stated_and_counted() -> None:
    made = decisions(review("correct", OPENED, predicate="connects", object="id:city"))
    done = revise(small(), CONTEXT, made)
    assert done.unstated == done.met == {OPENED}
    assert not [fact for fact in done.annotation.facts if fact.predicate in ("openedOn", "connects")]
    assert conforms(built(made, small()))


# ---------------------------------------------------------------------- accepted


def test_what_is_accepted_stays_and_says_who_read_it() -> None:
    graph, before = built(decisions(review("accept", OPENED)), small()), built(decisions(), small())
    reviews = [quad for quad in graph if quad.graph == CONTEXT.graph("reviews")]
    assert sorted({*graph} - {*reviews}) == sorted(before), "all that is new is one graph"
    (row,) = select(
        graph,
        """SELECT ?p ?verdict ?by ?why ?when { ?r a kg:Review ; kg:reviewOf/rdf:predicate ?p ; kg:verdict ?verdict ;
             kg:reviewer ?by ; kg:reason ?why ; prov:endedAtTime ?when }""",
    )
    assert row == (t.KG + "openedOn", t.KG + "accepted", "Li Hua", "read again", NOW)
    assert conforms(graph)


def test_no_node_is_blank_and_the_result_may_be_finished_again() -> None:
    graph = built(decisions(review("correct", OPENED, object="2020-12-28")), small())
    assert not [term for quad in graph for term in quad if term.startswith("_:")]
    assert list(finish(graph, CONTEXT)) == graph


# ---------------------------------------------------------------------- figures


def figure() -> Parts:
    return parts_of(small().observations[0], IDS)


def test_figures_are_rejected_too() -> None:
    graph = built(decisions(review("reject", figure())), small())
    assert select(graph, "SELECT ?o { ?o kg:about ?x ; kg:value ?v }") == []
    assert select(graph, REJECTED) == [("rejected by Li Hua: read again", "投资超过12.50亿元")]
    assert conforms(graph)


def test_figures_are_corrected_part_by_part() -> None:
    made = decisions(review("correct", figure(), value="1.250", unit="人", time="2024", approximation="about"))
    graph = built(made, small())
    (row,) = select(
        graph,
        """SELECT ?v ?u ?t ?a ?m ?c { ?o a kg:Observation ; kg:value ?v ; kg:unit ?u ; kg:time ?t ; kg:modality ?m ;
             kg:approximation ?a ; kg:confidence ?c ; prov:wasRevisionOf ?old . ?old a kg:Rejection }""",
    )
    assert row == ("1.25", "人", "2024", t.KG + "approxAbout", t.KG + PLANNED, "1")
    assert conforms(graph)


# ---------------------------------------------------------------------- merges


def test_a_decision_holds_when_its_ends_turn_out_to_be_others() -> None:
    canonical = {IDS["l"]: "hsr-jingxiong"}
    line = Entity("hsr-jingxiong", "RailwayLine", LINE.names, known=True)
    made = decisions(review("reject", OPENED), canonical=canonical, also=[line])
    context = replace(CONTEXT, canonical=canonical)
    assert plain_dates(built(made, small(), context=context)) == []
    newer = review("withdraw", (("subject", "id:hsr-jingxiong"), *OPENED[1:]))
    made = decisions(review("reject", OPENED), newer, canonical=canonical, also=[line])
    assert plain_dates(built(made, small(), context=context)) == [("2020-12-27",)]


def test_it_does_not_matter_which_end_of_a_symmetric_predicate_comes_first() -> None:
    ports = PORT, replace(PIER, id="r", names=("他港",))
    fact = Fact("p", "agreementWith", "r", ASSERTED, evidence("天津港"))
    ids = {e.id: entity_iri(CONTEXT.base, e).rpartition("/")[2] for e in ports}
    for way in (said(fact, ids), said(replace(fact, subject="r", object="p"), ids)):
        graph = built(decisions(review("reject", way)), annotation(fact, entities=ports))
        assert select(graph, "SELECT ?x { ?x kg:agreementWith ?y }") == []
        assert len(select(graph, "SELECT ?x { ?x a kg:Review }")) == 1


def test_a_correction_replaces_the_end_that_the_person_saw() -> None:
    ports = PORT, replace(PIER, id="r", names=("他港",)), LINE
    fact = Fact("p", "agreementWith", "r", ASSERTED, evidence("天津港"))
    ids = {e.id: entity_iri(CONTEXT.base, e).rpartition("/")[2] for e in ports}
    others = [Entity("x", "Port", ("新港",), known=True), Entity(ids["r"], "Port", ("他港",), known=True)]
    for way in (said(fact, ids), said(replace(fact, subject="r", object="p"), ids)):
        made = decisions(review("correct", way, object="id:x"), also=others)
        graph = built(made, annotation(fact, entities=ports))
        (row,) = select(graph, "SELECT ?s ?o { ?x a kg:Statement ; rdf:subject ?s ; rdf:object ?o }")
        assert set(row) == {f"{CONTEXT.base}id/{way[0][1].removeprefix('id:')}", f"{CONTEXT.base}id/x"}


def test_a_correction_between_two_that_turn_out_to_be_one_decides_nothing() -> None:
    made = decisions(review("correct", OPENED, subject="id:other"), canonical={"other": IDS["l"]})
    assert revise(small(), CONTEXT, made) == Revised(small())


def test_addresses_are_those_of_the_graph() -> None:
    graph = built(decisions(), small())
    facts = {row[0] for row in select(graph, "SELECT ?s { ?s kg:modality ?m }")}
    items = (*small().facts, *small().observations)
    assert {address_of(parts_of(item, IDS), CONTEXT) for item in items} == facts
    assert address_of((("subject", "id:x"), ("predicate", "none"), ("object", "o"), ("modality", "m")), CONTEXT) == ""
