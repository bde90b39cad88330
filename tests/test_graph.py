"""An annotation as RDF: what MODEL.md promises, held by tests."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, gold_annotation, gold_graph, vocab

from kg import nquads
from kg import terms as t
from kg.context import Context
from kg.errors import DataError, OutputError
from kg.graph import date, to_quads
from kg.iri import entity_iri, pinyin, slug
from kg.nquads import decimal, line, literal, plain, split_literal
from kg.types import (
    ASSERTED,
    NEGATED,
    PLANNED,
    Annotation,
    Document,
    Entity,
    Evidence,
    Fact,
    Link,
    Mention,
    Observation,
    Quad,
    Rejected,
    Span,
    Value,
)
from kg.union import finish

GOLDEN = Path(__file__).parent / "golden"
TEXT = "京雄城际铁路2020年12月27日开通。天津港将于2025年建成新码头，投资超过12.50亿元。"
LINE, PORT, PIER = (
    Entity("l", "RailwayLine", ("京雄城际铁路", "京雄城际")),
    Entity("p", "Port", ("天津港",)),
    Entity("q", "Port", ("新码头",)),
)


def evidence(quote: str, score: float = 0.9, document: str = "d", by: str = "r.v1") -> Evidence:
    start = TEXT.index(quote)
    return Evidence(document, Span(start, start + len(quote)), quote, by, score)


def opened(modality: str = ASSERTED, score: float = 0.9, document: str = "d", by: str = "r.v1") -> Fact:
    place = evidence("京雄城际铁路2020年12月27日开通", score, document, by)
    return Fact("l", "openedOn", Value("2020-12-27", "date"), modality, place)


def annotation(*facts: Fact, document: str = "d", entities: tuple[Entity, ...] = (LINE, PORT, PIER)) -> Annotation:
    return Annotation(Document(document, TEXT, f"{document}.txt", published="2021-02"), entities=entities, facts=facts)


def small() -> Annotation:
    """One of everything, in two sentences."""
    mention = Mention(Span(0, 6), "京雄城际铁路", "RailwayLine", "names.v1")
    figure = Observation("p", "投资", "1250000000", "元", PLANNED, evidence("投资超过12.50亿元"), "over", "2020/2025")
    planned = Fact("q", "completedOn", Value("2025", "gYear"), PLANNED, evidence("将于2025年建成新码头"))
    part = Fact("q", "partOf", "p", ASSERTED, evidence("天津港将于2025年建成新码头", 0.75))
    qualified = replace(part, qualifiers=(("time", Value("2025", "gYear")),))
    return replace(
        annotation(opened(), planned, qualified),
        links=(Link(mention, "l", "names.v1"),),
        observations=(figure,),
        rejected=(Rejected(replace(opened(), predicate="issuedOn"), "the ontology does not allow it", "r.v1"),),
    )


def quads(*annotations: Annotation, context: Context | None = None) -> list[Quad]:
    context = context or Context(vocab())
    return list(finish([quad for each in annotations for quad in to_quads(each, context)], context))


def select(graph: list[Quad], query: str) -> list[tuple[str, ...]]:
    store = ox.Store()
    store.bulk_load("".join(map(line, graph)).encode(), format=ox.RdfFormat.N_QUADS)
    answer = store.query(query, prefixes=dict(t.prefixes()), use_default_graph_as_union=True)
    return [tuple(plain(str(value)) for value in row) for row in answer]


# ------------------------------------------------------------------------------------------------ the file


def test_golden() -> None:
    path, text = GOLDEN / "small.nq", "".join(map(line, quads(small())))
    if os.environ.get("KG_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8"), "if that is meant: KG_UPDATE_GOLDEN=1 pytest tests/test_graph.py"


def test_sorted_lines_are_the_canonical_form(tmp_path: Path) -> None:
    nquads.write(gold_graph(), tmp_path / "graph.nq")
    written = (tmp_path / "graph.nq").read_bytes()
    dataset = ox.Dataset(ox.parse(written, format=ox.RdfFormat.N_QUADS))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    ours = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
    assert ours is not None
    assert written == b"".join(sorted(ours.splitlines(keepends=True)))


def test_both_parsers_read_the_same_number_of_quads() -> None:
    text = "".join(map(line, gold_graph()))
    dataset = rdflib.Dataset()
    dataset.parse(io.StringIO(text), format="nquads")
    store = ox.Store()
    store.bulk_load(text.encode(), format=ox.RdfFormat.N_QUADS)
    assert len(gold_graph()) == len(store) == sum(1 for _ in dataset.quads())


def test_no_blank_nodes_and_each_triple_in_one_graph() -> None:
    assert not [quad for quad in gold_graph() if "_:" in (quad.subject[:2], quad.object[:2])]
    assert max(Counter(quad[:3] for quad in gold_graph()).values()) == 1


def test_every_term_of_the_ontology_that_is_used_is_declared() -> None:
    known = {*vocab().classes, *vocab().properties, *vocab().individuals}
    data = [quad for quad in [*quads(small()), *gold_graph()] if not quad.graph.endswith("/ontology>")]
    used = {vocab().name(term[1:-1]) for quad in data for term in quad[:3] if term.startswith("<")}
    assert used - {""} <= known


def test_the_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path[:0] = [sys.argv[1], sys.argv[2]]; from support import gold_graph\n"
        "from kg import nquads; sys.stdout.write(''.join(map(nquads.line, gold_graph())))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, str(ROOT), str(ROOT / "tests")],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            cwd=tmp_path,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@given(st.text(), st.sampled_from(["", "zh", "zh-Latn"]))
def test_literals_are_written_as_oxigraph_writes_them(text: str, language: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    term = literal(text, language)
    expected = ox.Literal(text, language=language.lower()) if language else ox.Literal(text)
    assert term == str(expected)
    assert split_literal(term) == (text, language.lower(), "")


@given(st.text(alphabet='<>"\\\n\t\r\x00\x85\u2028 雄a.@^_:'), st.text() | st.text('ab雄<> "{}|^`\\\n%'))
def test_lines_come_back_as_they_were(text: str, path: str) -> None:
    path = path.encode("utf-8", "ignore").decode().replace("#", "")
    quad = Quad(nquads.iri("http://a/" + path), "<http://p>", literal(text, "zh"), "<http://g>")
    assert list(nquads.parse([line(quad)])) == [quad]
    assert [str(each.object) for each in ox.parse(line(quad), format=ox.RdfFormat.N_QUADS)] == [quad.object]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6))
def test_decimals_are_canonical(number: Decimal) -> None:
    text = plain(decimal(number))
    assert Decimal(text) == number
    assert "E" not in text
    assert not ("." in text and text.endswith(("0", ".")))


def test_a_line_that_is_not_canonical_names_its_place() -> None:
    with pytest.raises(DataError, match=r"^x\.nq:2: "):
        list(nquads.parse(["<a:a> <a:b> <a:c> <a:g> .\n", "_:b <a:b> <a:c> .\n"], "x.nq"))


def test_a_graph_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"graph\.nq: cannot write"):
        nquads.write([], tmp_path / "nowhere" / "graph.nq")


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("2013", "gYear"),
        ("2015-06", "gYearMonth"),
        ("2020-12-27", "date"),
        ("2014/..", ""),
        ("2013/2020", ""),
        ("197X", ""),
    ],
)
def test_dates_are_as_precise_as_the_text(text: str, datatype: str) -> None:
    assert split_literal(date(text)) == (text, "", t.XSD + datatype if datatype else "")


# ------------------------------------------------------------------------------------------------ IRIs and labels


def test_iris_are_readable_and_made_of_content() -> None:
    base = "https://example.org/"
    assert entity_iri(base, Entity("xiongan", "Zone", ("雄安新区",), known=True)) == base + "id/xiongan"
    unknown = entity_iri(base, PORT)
    assert unknown.startswith(base + "id/tian-jin-gang-port-")
    assert unknown == entity_iri(base, Entity("p", "Port", ("天津港", "津港")))
    assert unknown != entity_iri(base, Entity("p", "Facility", ("天津港",)))
    assert unknown != entity_iri(base, Entity("p2", "Port", ("天津港",)))


@given(st.text(min_size=1))
def test_slugs_are_ascii(name: str) -> None:
    assert all(character.isascii() and (character.isalnum() or character == "-") for character in slug(name))
    assert len(slug(name)) <= 48


def test_pinyin_has_tone_marks() -> None:
    assert pinyin("京雄城际") == "Jīng xióng chéng jì"
    assert pinyin("重庆") == "Chóng qìng"
    assert pinyin("ABC 1") == ""


def test_names_are_labels_of_the_entity() -> None:
    rows = select(
        quads(annotation()),
        'SELECT ?label (LANG(?label) AS ?l) ?alt { ?e rdfs:label "京雄城际铁路"@zh, ?label ; skos:altLabel ?alt }',
    )
    assert sorted(rows) == [("Jīng xióng chéng jì tiě lù", "zh-latn", "京雄城际"), ("京雄城际铁路", "zh", "京雄城际")]


def test_the_union_of_documents_has_one_chinese_label() -> None:
    known = [Entity("beijing", "Municipality", names, known=True) for names in (("北京",), ("北京市", "京"))]
    graph = quads(annotation(entities=known[:1]), annotation(entities=known[1:], document="d2"))
    assert select(graph, 'SELECT ?l { id:beijing rdfs:label ?l FILTER(LANG(?l) = "zh") }') == [("北京市",)]
    assert sorted(select(graph, "SELECT ?l { id:beijing skos:altLabel ?l }")) == [("京",), ("北京",)]


# ------------------------------------------------------------------------------------------------ facts and evidence


def test_only_asserted_facts_are_plain_triples() -> None:
    for modality, expected in ((ASSERTED, 1), (PLANNED, 0), (NEGATED, 0)):
        graph = quads(annotation(opened(modality)))
        assert len(select(graph, "SELECT ?o { ?s kg:openedOn ?o }")) == expected
        assert len(select(graph, "SELECT ?e { ?e a kg:Opening }")) == expected
        assert select(graph, "SELECT ?m { ?s rdf:predicate kg:openedOn ; kg:modality ?m }") == [(t.KG + modality,)]


def test_the_gold_has_a_statement_with_evidence_for_each_fact() -> None:
    facts = gold_annotation().facts
    rows = select(
        list(gold_graph()),
        """SELECT ?s ?quote { ?s a rdf:Statement ; kg:evidence ?e . ?e oa:hasSelector ?q . ?q oa:exact ?quote }""",
    )
    assert {quote for _, quote in rows} == {fact.evidence.quote for fact in facts}
    assert len({statement for statement, _ in rows}) == len(facts)


def test_evidence_leads_back_to_the_words() -> None:
    (row,) = select(
        quads(annotation(opened(score=0.9))),
        """SELECT ?quote ?prefix ?suffix ?start ?end ?rule ?confidence ?source {
             ?e a kg:Evidence ; oa:hasSource ?d ; oa:hasSelector ?q, ?p ; kg:rule ?rule ; kg:confidence ?confidence ;
                prov:wasGeneratedBy ?run .
             ?q oa:exact ?quote ; oa:prefix ?prefix ; oa:suffix ?suffix .
             ?p oa:start ?start ; oa:end ?end ; kg:sourceStart ?start ; kg:sourceEnd ?end .
             ?d dcterms:source ?source . ?run a prov:Activity }""",
    )
    quote, prefix, suffix, start, end, *rest = row
    assert TEXT[int(start) : int(end)] == quote
    assert (prefix + quote + suffix) in TEXT
    assert rest == ["r.v1", "0.9", "d.txt"]


def test_positions_in_the_source_follow_the_offset_map() -> None:
    annotated = gold_annotation()
    source = (ROOT / annotated.document.source).read_text(encoding="utf-8")
    rows = select(
        list(gold_graph()),
        """SELECT ?quote ?start ?end { ?e oa:hasSelector ?q, ?p . ?q oa:exact ?quote .
             ?p kg:sourceStart ?start ; kg:sourceEnd ?end }""",
    )
    assert len(rows) > 100
    squeeze = str.maketrans("", "", " \n\t\r　")
    assert [q for q, s, e in rows if source[int(s) : int(e)].translate(squeeze) != q.translate(squeeze)] == []


def test_corroboration_is_a_count_and_raises_confidence() -> None:
    graph = quads(annotation(opened(score=0.9)), annotation(opened(score=0.8, document="d2"), document="d2"))
    assert select(graph, "SELECT ?n ?c { ?s kg:evidenceCount ?n ; kg:confidence ?c }") == [("2", "0.98")]


def test_two_rules_at_one_place_are_one_piece_of_evidence() -> None:
    graph = quads(annotation(opened(score=0.9, by="a.v1"), opened(score=0.8, by="b.v1")))
    assert select(graph, "SELECT ?n ?c { ?s kg:evidenceCount ?n ; kg:confidence ?c }") == [("1", "0.9")]
    assert select(graph, "SELECT ?c { ?e a kg:Evidence ; kg:confidence ?c }") == [("0.9",)]
    assert sorted(select(graph, "SELECT ?r { ?e a kg:Evidence ; kg:rule ?r }")) == [("a.v1",), ("b.v1",)]


@pytest.mark.parametrize(("second", "agreed"), [("2025", [("2025",)]), ("2026", [])])
def test_qualifiers_stand_on_the_statement_where_all_evidence_agrees(second: str, agreed: list[tuple[str]]) -> None:
    part = Fact("q", "partOf", "p", ASSERTED, evidence("天津港"), (("time", Value("2025", "gYear")),))
    other = replace(part, evidence=evidence("新码头"), qualifiers=(("time", Value(second, "gYear")),))
    graph = quads(annotation(part, other))
    assert select(graph, "SELECT ?t { ?s a kg:Statement ; kg:time ?t }") == agreed
    assert len(select(graph, "SELECT ?t { ?e a kg:Evidence ; kg:time ?t }")) == 2


def test_a_symmetric_fact_is_one_statement_whichever_way_it_is_told() -> None:
    there = Fact("p", "cooperatesWith", "q", ASSERTED, evidence("天津港"))
    back = replace(there, subject="q", object="p", evidence=evidence("新码头"))
    assert select(quads(annotation(there, back)), "SELECT ?n { ?s kg:evidenceCount ?n }") == [("2",)]


def test_figures_are_written_out_with_unit_and_time() -> None:
    (row,) = select(
        quads(small()),
        """SELECT ?value ?unit ?qudt ?approx ?time ?modality ?quote { ?o a kg:Observation ; kg:value ?value ;
             kg:unit ?unit ; qudt:hasUnit ?qudt ; kg:approximation/kg:code? ?approx ; kg:time ?time ;
             kg:modality ?modality ; kg:evidence/oa:hasSelector/oa:exact ?quote }""",
    )
    assert row == (
        *("1250000000", "元", t.UNIT + "CCY_CNY", t.KG + "approxOver", "2020/2025", t.KG + "planned"),
        "投资超过12.50亿元",
    )


def test_what_was_refused_is_kept_apart_with_the_reason() -> None:
    graph = [quad for quad in quads(small()) if quad.graph.endswith("graph/rejected>")]
    (row,) = select(
        graph, "SELECT ?why ?p ?o { ?r a kg:Rejection ; kg:reason ?why ; rdf:predicate ?p ; rdf:object ?o }"
    )
    assert row == ("the ontology does not allow it", t.KG + "issuedOn", "2020-12-27")


def test_mentions_can_be_left_out() -> None:
    without = quads(small(), context=Context(vocab(), mentions=False))
    assert select(quads(small()), "SELECT ?w { ?m a kg:Mention ; oa:hasSelector/oa:exact ?w }") == [("京雄城际铁路",)]
    assert select(without, "SELECT ?m { ?m a kg:Mention }") == []


# ------------------------------------------------------------------------------------------------ events


def test_shortcuts_of_one_sentence_are_one_event() -> None:
    where = evidence("天津港将于2025年建成新码头")
    movers = Entity("m", "Company", ("企业",)), Entity("a", "County", ("甲县",)), Entity("b", "County", ("乙县",))
    told = (Fact("m", "relocatedFrom", "a", ASSERTED, where), Fact("m", "relocatedTo", "b", ASSERTED, where))
    graph = quads(annotation(*told, entities=movers))
    rows = select(
        graph,
        """SELECT ?m ?o ?d ?label { ?e a kg:Relocation ; kg:mover/rdfs:label ?m ; kg:origin/rdfs:label ?o ;
             kg:destination/rdfs:label ?d ; rdfs:label ?label
             FILTER(LANG(?m) = "zh" && LANG(?o) = "zh" && LANG(?d) = "zh" && LANG(?label) = "zh") }""",
    )
    assert rows == [("企业", "甲县", "乙县", "企业·迁移")]
    assert len(select(graph, "SELECT ?s { ?s a rdf:Statement ; prov:wasDerivedFrom ?e . ?e a kg:Relocation }")) == 2


def test_shortcuts_of_different_sentences_are_two_events() -> None:
    other = Fact("l", "openedOn", Value("2025", "gYear"), ASSERTED, evidence("将于2025年建成"))
    assert len(select(quads(annotation(opened(), other)), "SELECT ?e { ?e a kg:Opening }")) == 2


def test_the_same_event_told_twice_is_one() -> None:
    graph = quads(annotation(opened()), annotation(opened(document="d2"), document="d2"))
    assert len(select(graph, "SELECT ?e { ?e a kg:Opening }")) == 1


def test_an_agreement_that_the_text_names_is_the_event() -> None:
    rows = select(
        list(gold_graph()),
        """SELECT DISTINCT ?name { ?s rdf:predicate kg:agreementWith ; prov:wasDerivedFrom ?a . ?a rdfs:label ?name
             FILTER(LANG(?name) = "zh") } ORDER BY ?name""",
    )
    assert rows == [("支持河北雄安新区全面深化改革和扩大开放合作备忘录",), ("机场运营期收入分享框架协议",)]
