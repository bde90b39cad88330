"""Records: an annotation as lines that people diff and that are scored against gold."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from support import ROOT, gold_annotation

from kg.errors import DataError, ReadError
from kg.evaluate import score
from kg.gold import load_gold
from kg.iri import BASE, entity_iri
from kg.records import document_name, load_records, number, to_line, to_records
from kg.types import Annotation, Document, Entity, Evidence, Fact, Observation, Span, Value
from kg.vocab import Vocab, load_vocab

EVIDENCE = Evidence("d1", Span(0, 4), "京雄城际", "opened.v1", 0.9)
ANNOTATION = Annotation(
    document=Document("d1", "京雄城际将于2020年通车", "news/a.txt"),
    entities=(Entity("line", "RailwayLine", ("京雄城际",)), Entity("wang", "Person", ("王某",))),
    facts=(
        Fact("line", "openedOn", Value("2020", "gYear"), "planned", EVIDENCE),
        Fact("wang", "worksFor", "line", "asserted", EVIDENCE, (("title", Value("处长", "string")),)),
    ),
    observations=(Observation("line", "时速", "250", "公里", "planned", EVIDENCE, time="2020", change="increase"),),
)


@pytest.fixture(scope="module")
def vocab() -> Vocab:
    return load_vocab(ROOT / "ontology.ttl")


def iri_of(entity: Entity) -> str:
    return f"x:{entity.id}"


def test_an_entity_is_of_the_type_it_counts_as(vocab: Vocab) -> None:
    first = next(to_records(ANNOTATION, vocab, iri_of))
    assert first == {
        "kind": "entity",
        "document": "a.txt",
        "id": "x:line",
        "type": "TransportLine",
        "names": ["京雄城际"],
    }


def test_a_fact_tells_modality_only_where_it_is_not_asserted(vocab: Vocab) -> None:
    planned, asserted = (r for r in to_records(ANNOTATION, vocab, iri_of) if r["kind"] == "fact")
    assert planned == {
        "kind": "fact",
        "document": "a.txt",
        "s": "x:line",
        "p": "openedOn",
        "o": "2020",
        "modality": "planned",
        "quote": "京雄城际",
        "rule": "opened.v1",
    }
    assert "modality" not in asserted
    assert (asserted["o"], asserted["qualifiers"]) == ("x:line", {"title": "处长"})


def test_a_figure_is_a_number_and_leaves_out_what_is_empty(vocab: Vocab) -> None:
    (record,) = (r for r in to_records(ANNOTATION, vocab, iri_of) if r["kind"] == "observation")
    assert (record["value"], record["time"], record["change"], record["modality"]) == (
        250,
        "2020",
        "increase",
        "planned",
    )
    assert "baseline" not in record


def test_what_counts_as_nothing_is_left_out_with_all_that_is_said_of_it(vocab: Vocab) -> None:
    uncounted = next(name for name, term in sorted(vocab.classes.items()) if not term.counts_as)
    event = Entity("event", uncounted, ("某事",))
    more = replace(
        ANNOTATION,
        entities=(*ANNOTATION.entities, event),
        facts=(*ANNOTATION.facts, Fact("event", "partOf", "line", "asserted", EVIDENCE)),
    )
    assert list(to_records(more, vocab, iri_of)) == list(to_records(ANNOTATION, vocab, iri_of))


@pytest.mark.parametrize(("text", "value"), [("371", 371), ("40.7", 40.7), ("480246000000", 480246000000), ("-3", -3)])
def test_numbers_are_json_numbers(text: str, value: float) -> None:
    assert json.dumps(number(text)) == json.dumps(value)


def test_a_document_is_called_by_its_file_and_record() -> None:
    assert document_name("news/2021/a.txt") == "a.txt"
    assert document_name("news/a.jsonl#2021/17") == "a.jsonl#2021/17"


def test_the_gold_of_the_bundled_page_scores_one_through_records(vocab: Vocab) -> None:
    records = list(to_records(gold_annotation(), vocab, partial(entity_iri, BASE)))
    scores = score(load_gold(ROOT / "data" / "gold"), records, vocab)
    assert scores.misses == ()
    assert (scores.entities.f1, scores.facts.f1, scores.observations.f1) == (1, 1, 1)


def test_lines_are_read_back(tmp_path: Path, vocab: Vocab) -> None:
    records = list(to_records(ANNOTATION, vocab, iri_of))
    path = tmp_path / "records.jsonl"
    path.write_text("".join(map(to_line, records)), encoding="utf-8")
    assert load_records(path) == records


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[]", "a record is an object"),
        ('{"kind": "thing"}', "a record is an object"),
        ('{"kind": "fact", "document": "a", "s": "x", "p": "y"}', 'this fact has no "o"; give it one'),
        (
            '{"kind": "entity", "document": "a", "id": 1, "type": "y", "names": []}',
            '"id" of this entity has the wrong type, int',
        ),
    ],
)
def test_a_wrong_line_is_told_with_file_and_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_records(path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert says in str(caught.value)


def test_records_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot read the records"):
        load_records(tmp_path / "none.jsonl")
