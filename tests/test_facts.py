"""Engines propose facts and figures, the gate admits: quoted, grounded, allowed; the rest is kept with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit import annotated, at, kit, reasons, spelled
from support import vocab

from kg.facts import Gate, find_facts
from kg.types import ASSERTED, NEGATED, PLANNED, Annotation, Evidence, Fact, Observation, Rejected, Span, Value

GATE = Gate(vocab(), frozenset({"OrganizationGroup"}), frozenset({"refer.v1"}))
TEXT = "2020年12月27日，京雄城际铁路开通，连接北京市和雄安新区。"
OPERATIONAL = Value("operational", "term")
LINE, BEIJING, XIONGAN = "hsr-jingxiong", "cn-110000", "xiongan"
DOCUMENT = annotated(
    TEXT,
    [at(TEXT, "京雄城际铁路", "RailwayLine"), at(TEXT, "北京市", "Municipality"), at(TEXT, "雄安新区", "NewArea")],
)


class Engine:
    """Proposes what it is told, whatever the text says."""

    name = "liar.v1"

    def __init__(self, *proposed: Fact | Observation) -> None:
        self.proposed = proposed

    def facts(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Fact | Observation]]:
        return (self.proposed for _ in batch)


def found(*proposed: Fact | Observation, a: Annotation = DOCUMENT) -> Annotation:
    return find_facts([a], [Engine(*proposed)], GATE)[0]


def evidence(quote: str = "京雄城际铁路开通", score: float = 0.9, by: str = "liar.v1") -> Evidence:
    start = TEXT.index(quote)
    return Evidence("d", Span(start, start + len(quote)), quote, by, score)


def fact(
    subject: str = LINE,
    predicate: str = "status",
    object: str | Value = OPERATIONAL,
    modality: str = ASSERTED,
    at: Evidence | None = None,
) -> Fact:
    return Fact(subject, predicate, object, modality, at or evidence())


def figure(about: str = LINE, modality: str = ASSERTED, at: Evidence | None = None) -> Observation:
    return Observation(about, "全长", "91", "公里", modality, at or evidence())


# ---- what passes


def test_what_the_ontology_allows_and_the_text_says_is_admitted() -> None:
    a = found(
        fact(),
        fact(predicate="openedOn", object=Value("2020-12-27", "date")),
        fact(predicate="connects", object=XIONGAN, at=evidence("连接北京市和雄安新区")),
        figure(),
    )
    assert spelled(a) == {
        ("京雄城际铁路", "status", "operational"),
        ("京雄城际铁路", "openedOn", "2020-12-27"),
        ("京雄城际铁路", "connects", "雄安新区"),
    }
    assert [o.value for o in a.observations] == ["91"]
    assert a.rejected == ()


def test_facts_stand_in_the_order_of_their_evidence() -> None:
    late = fact(predicate="connects", object=XIONGAN, at=evidence("连接北京市和雄安新区"))
    assert found(late, fact()).facts == (fact(), late)


def test_of_two_readings_of_one_fact_the_surer_is_kept() -> None:
    sure, unsure = fact(at=evidence(score=0.9, by="a.v1")), fact(at=evidence(score=0.5, by="b.v1"))
    assert found(sure, unsure).facts == found(unsure, sure).facts == (sure,)


# ---- what does not


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        (fact(at=Evidence("d", Span(0, 4), "2021", "x.v1")), "quote is not in the text"),
        (fact(at=Evidence("d", Span(3, 3), "", "x.v1")), "quote is not in the text"),
        (fact(at=Evidence("d", Span(-3, -1), TEXT[-3:-1], "x.v1")), "quote is not in the text"),
        (fact(at=Evidence("d", Span(0, 999), TEXT, "x.v1")), "quote is not in the text"),
        (fact(at=Evidence("another", Span(0, 4), "2020", "x.v1")), "quote is not in the text"),
        (fact(modality="maybe"), "unknown modality"),
        (fact(subject="nobody"), "speaks of no linked entity"),
        (fact(predicate="connects", object="nowhere"), "speaks of no linked entity"),
        (fact(predicate="connects", object=LINE), "relates a thing to itself"),
        (fact(subject=BEIJING, predicate="connects", object=XIONGAN), "not allowed by domain and range"),
        (fact(predicate="openedOn", object=XIONGAN), "not allowed by domain and range"),
        (fact(predicate="openedOn", object=Value("3", "decimal")), "not allowed by domain and range"),
        (fact(predicate="flies", object=XIONGAN), "not allowed by domain and range"),
        (fact(object=Value("splendid", "term")), "not allowed by domain and range"),
        (fact(predicate="openedOn", object=Value("2020-13", "gYearMonth")), "value is not of its kind"),
        (fact(predicate="openedOn", object=Value("soon", "gYear")), "value is not of its kind"),
        (replace(fact(), qualifiers=(("colour", Value("red", "string")),)), "unknown qualifier"),
    ],
)
def test_a_lie_is_refused_with_its_reason(lie: Fact, reason: str) -> None:
    a = found(lie)
    assert a.facts == ()
    assert a.rejected == (Rejected(lie, reason, lie.evidence.by),)


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        (figure(about="nobody"), "speaks of no linked entity"),
        (figure(modality="wished"), "unknown modality"),
        (replace(figure(), value="many"), "value is not of its kind"),
        (replace(figure(), unit=""), "value is not of its kind"),
        (replace(figure(), approx="perhaps"), "value is not of its kind"),
        (replace(figure(), change="sideways"), "value is not of its kind"),
        (figure(at=Evidence("d", Span(0, 4), "2021", "x.v1")), "quote is not in the text"),
    ],
)
def test_a_lying_figure_is_refused_too(lie: Observation, reason: str) -> None:
    a = found(lie)
    assert a.observations == ()
    assert reasons(a, Observation) == [(lie, reason)]


@pytest.mark.parametrize("modality", [PLANNED, NEGATED])
def test_what_a_reading_calls_planned_or_denies_is_not_asserted_by_another(modality: str) -> None:
    doubted = replace(fact(), modality=modality)
    for order in ([fact(), doubted], [doubted, fact()]):
        a = found(*order)
        assert a.facts == (doubted,)
        assert reasons(a, Fact) == [(fact(), "planned or denied by the same words")]


def test_what_was_planned_in_other_words_may_be_asserted() -> None:
    elsewhere = replace(fact(at=evidence("京雄城际铁路")), modality=PLANNED)
    assert set(found(fact(), elsewhere).facts) == {fact(), elsewhere}


# ---- which entities stay


def test_a_described_group_is_an_entity_only_where_a_fact_needs_it() -> None:
    text = "北京市的企业转移到雄安新区。"
    group = at(text, "北京市的企业", "OrganizationGroup")
    a = annotated(text, [group, at(text, "北京市", "Municipality"), at(text, "雄安新区", "NewArea")])
    (id,) = (e.id for e in a.entities if e.type == "OrganizationGroup")
    proof = Evidence("d", Span(0, len(text)), text, "x.v1")
    assert id not in {e.id for e in found(a=a).entities}
    moved = found(fact(id, "relocatedTo", XIONGAN, at=proof), a=a)
    assert {e.id for e in moved.entities} >= {id, XIONGAN}
    assert BEIJING in {e.id for e in found(a=a).entities}


def test_a_name_that_stands_only_inside_another_is_an_entity_only_where_a_fact_needs_it() -> None:
    text = "青泽北京路综合保税区扩大。"
    a = annotated(text, [at(text, "青泽北京路综合保税区", "Zone"), at(text, "北京", "Municipality")])
    assert [e.type for e in found(a=a).entities] == ["Zone"]
    assert {x.entity for x in found(a=a).links} == {"Zone/青泽北京路综保区"}


def test_without_engines_there_are_no_facts() -> None:
    (a,) = find_facts([DOCUMENT], [], GATE)
    assert (a.facts, a.observations, a.rejected) == ((), (), ())


# ---- whatever engines say

SPANS = st.tuples(st.integers(-3, len(TEXT) + 3), st.integers(-3, len(TEXT) + 3)).map(lambda p: Span(*p))
QUOTED = SPANS.map(lambda s: (s, s.of(TEXT))) | st.tuples(SPANS, st.sampled_from(("京雄", "", TEXT)))
PROOFS = QUOTED.map(lambda q: Evidence("d", q[0], q[1], "liar.v1"))
IDS = st.sampled_from((LINE, BEIJING, XIONGAN, "cn-120000", "nobody", ""))
VALUES = st.builds(
    Value, st.sampled_from(("operational", "2020", "91", "?")), st.sampled_from(("term", "gYear", "decimal", "?"))
)
MODALITIES = st.sampled_from((ASSERTED, PLANNED, NEGATED, "wished", ""))
PREDICATES = st.sampled_from((*sorted(vocab().properties), "flies"))
FACTS = st.builds(Fact, IDS, PREDICATES, IDS | VALUES, MODALITIES, PROOFS)
FIGURES = st.builds(
    Observation, IDS, st.just("全长"), st.just("91"), st.just("公里"), MODALITIES, PROOFS, st.just("exact")
)


@given(st.lists(FACTS | FIGURES, max_size=10))
def test_only_grounded_quoted_allowed_facts_pass(lies: list[Fact | Observation]) -> None:
    a = found(*lies)
    types = {e.id: e.type for e in DOCUMENT.entities}
    for item in (*a.facts, *a.observations):
        assert item in lies
        assert item.evidence.quote
        assert item.evidence.span.start >= 0
        assert item.evidence.span.end <= len(TEXT)
        assert item.evidence.span.of(TEXT) == item.evidence.quote
        assert item.modality in (ASSERTED, PLANNED, NEGATED)
    for f in a.facts:
        kind = types[f.object] if isinstance(f.object, str) else f.object.datatype
        assert vocab().admits(f.predicate, types[f.subject], kind)
    assert all(o.about in types for o in a.observations)


@given(st.lists(FACTS | FIGURES, max_size=6))
def test_a_lying_engine_changes_nothing_of_what_others_found(lies: list[Fact | Observation]) -> None:
    refused = [r.item for r in found(*lies).rejected]
    only_lies = [item for item in lies if item in refused]
    honest = Engine(fact(), figure())
    (alone,) = find_facts([DOCUMENT], [honest], GATE)
    (beside,) = find_facts([DOCUMENT], [honest, Engine(*only_lies)], GATE)
    assert replace(beside, rejected=()) == replace(alone, rejected=())
    assert {r.item for r in beside.rejected} == set(only_lies)


def test_the_bundled_gate_knows_which_engines_only_refer() -> None:
    assert {"refer.company.v1", "refer.places.v1"} <= kit().gate.referring
    assert "refer.pair.v1" not in kit().gate.referring
