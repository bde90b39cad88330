"""Gold against found: the figures of the guidelines' matching rules, and what differs as items to read."""

from __future__ import annotations

import importlib.util
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, shared

from kg.errors import DataError, ReadError
from kg.evaluate import Miss, Scores, Tally, overlap, render_table, score
from kg.gold import EntityItem, FactItem, FigureItem, GoldDocument, load_gold
from kg.vocab import Vocab, load_vocab

GOLD = GoldDocument(
    document="a.txt",
    entities=(
        EntityItem("line", "TransportLine", ("京雄城际铁路", "京雄城际")),
        EntityItem("zone", "Zone", ("雄安新区", "雄安")),
        EntityItem("city", "AdministrativeRegion", ("北京市", "北京")),
        EntityItem("china", "AdministrativeRegion", ("中国", "我国"), optional=True),
    ),
    facts=(
        FactItem("line", "connects", "zone", quote="到雄安"),
        FactItem("line", "openedOn", "2020-12-27", quote="开通"),
        FactItem("city", "cooperatesWith", "zone"),
        FactItem("line", "connects", "city", optional=True),
    ),
    figures=(
        FigureItem("line", "设计时速", 250.0, "公里"),
        FigureItem("city", "地区生产总值", 4e12, "元", change="increase", optional=True),
    ),
)


@pytest.fixture(scope="module")
def vocab() -> Vocab:
    return load_vocab(ROOT / "ontology.ttl")


def entity(iri: str, kind: str, *names: str, document: str = "a.txt") -> dict[str, Any]:
    return {"kind": "entity", "document": document, "id": iri, "type": kind, "names": list(names)}


def fact(s: str, p: str, o: str, **more: str) -> dict[str, Any]:
    return {"kind": "fact", "document": "a.txt", "s": s, "p": p, "o": o, **more}


def figure(about: str, indicator: str, value: float, unit: str, **more: str) -> dict[str, Any]:
    named = {"about": about, "indicator": indicator, "value": value, "unit": unit}
    return {"kind": "observation", "document": "a.txt", **named, **more}


LINE = entity("i:l", "TransportLine", "京雄城际")
ZONE = entity("i:z", "Zone", "雄安 新区")
CITY = entity("i:c", "AdministrativeRegion", "北京")


def compare(vocab: Vocab, *records: dict[str, Any]) -> Scores:
    return score({"a.txt": GOLD}, records, vocab)


def test_figures_of_a_tally() -> None:
    assert (Tally(3, 1, 2).precision, Tally(3, 1, 2).recall, Tally(3, 1, 2).f1) == (0.75, 0.6, pytest.approx(2 / 3))
    assert (Tally().precision, Tally().recall, Tally(0, 4, 4).f1) == (0, 0, 0)


def test_an_entity_is_right_by_type_and_one_shared_name(vocab: Vocab) -> None:
    scores = compare(vocab, LINE, ZONE, entity("i:c", "Region", "北京"), entity("i:x", "Port", "天津港"))
    assert scores.entities == Tally(right=2, wrong=2, missed=1)
    assert scores.by_type["AdministrativeRegion"] == Tally(missed=1)
    assert scores.by_type["Port"] == Tally(wrong=1)


def test_an_entity_is_matched_once(vocab: Vocab) -> None:
    scores = compare(vocab, entity("i:1", "Zone", "雄安新区"), entity("i:2", "Zone", "雄安"), LINE, CITY)
    assert scores.entities == Tally(right=3, wrong=1)


def test_optional_items_count_neither_way(vocab: Vocab) -> None:
    found = compare(vocab, LINE, CITY, entity("i:n", "Region", "我国"), fact("i:l", "connects", "i:c"))
    assert found.entities == Tally(right=2, missed=1)
    assert found.facts == Tally(missed=3)


def test_facts_are_compared_through_the_entities(vocab: Vocab) -> None:
    right = (fact("i:l", "connects", "i:z"), fact("i:l", "openedOn", "2020-12-27"))
    assert compare(vocab, LINE, ZONE, CITY, *right).facts == Tally(right=2, missed=1)
    assert compare(vocab, LINE, CITY, *right).facts == Tally(right=1, wrong=1, missed=2)


def test_a_second_entity_with_a_gold_name_still_stands_for_it_in_facts(vocab: Vocab) -> None:
    second = entity("i:2", "Region", "雄安")
    assert compare(vocab, LINE, ZONE, CITY, second, fact("i:l", "connects", "i:2")).facts.right == 1


def test_symmetric_predicates_are_right_either_way_round(vocab: Vocab) -> None:
    for ends in (("i:z", "i:c"), ("i:c", "i:z")):
        assert compare(vocab, LINE, ZONE, CITY, fact(ends[0], "cooperatesWith", ends[1])).facts.right == 1
    assert compare(vocab, LINE, ZONE, CITY, fact("i:z", "connects", "i:l")).facts == Tally(0, 1, 3)


def test_a_plan_is_not_the_fact(vocab: Vocab) -> None:
    planned = fact("i:l", "openedOn", "2020-12-27", modality="planned")
    assert compare(vocab, LINE, planned).facts == Tally(right=0, wrong=1, missed=3)


def test_figures_need_value_unit_change_and_half_of_the_indicator(vocab: Vocab) -> None:
    good = figure("i:l", "时速", 250, "公里")
    assert compare(vocab, LINE, good).observations == Tally(right=1)
    others = [
        figure("i:l", "时速", 251, "公里"),
        figure("i:l", "时速", 250, "米"),
        figure("i:l", "全长", 250, "公里"),
        figure("i:l", "时速", 250, "公里", change="increase"),
        figure("i:l", "时速", 250, "公里", modality="planned"),
        figure("i:z", "时速", 250, "公里"),
    ]
    for other in others:
        assert compare(vocab, LINE, ZONE, other).observations == Tally(wrong=1, missed=1), other


def test_the_same_figure_told_twice_counts_once(vocab: Vocab) -> None:
    good = figure("i:l", "时速", 250, "公里")
    assert compare(vocab, LINE, good, dict(good, quote="又说")).observations == Tally(right=1)


def test_what_differs_is_told_as_items(vocab: Vocab) -> None:
    scores = compare(vocab, LINE, ZONE, CITY, fact("i:z", "partOf", "i:c", quote="北京的雄安"))
    assert Miss("a.txt", "fact", ("openedOn", "京雄城际铁路", "2020-12-27", "asserted"), "开通") in scores.misses
    wrong = next(miss for miss in scores.misses if miss.verdict == "wrong")
    assert str(wrong) == "a.txt: wrong fact partOf · 雄安新区 · 北京市 · asserted  «北京的雄安»"


def test_other_documents_are_ignored(vocab: Vocab) -> None:
    assert compare(vocab, entity("i:x", "Port", "天津港", document="b.txt")).entities == Tally(missed=3)
    assert compare(vocab, entity("i:c", "AdministrativeRegion", "北京", document="x/a.txt")).entities.right == 1


def test_the_table_shows_types_predicates_and_totals(vocab: Vocab) -> None:
    table = render_table(compare(vocab, LINE, ZONE))
    assert table.splitlines()[1].split() == ["AdministrativeRegion", "0.000", "0.000", "0.000", "0", "0", "1"]
    assert "entities      P 1.000  R 0.667  F1 0.800   (2 right, 0 wrong, 1 missed) over 1 documents" in table


def test_a_record_without_a_field_is_refused(vocab: Vocab) -> None:
    with pytest.raises(DataError, match=r'record 1: this fact has no "o"'):
        compare(vocab, {"kind": "fact", "document": "a.txt", "s": "x", "p": "connects"})


@given(st.text(max_size=20), st.text(max_size=20))
def test_overlap_is_a_symmetric_share(left: str, right: str) -> None:
    assert 0 <= overlap(left, right) == overlap(right, left) <= 1


# -- gold files


def write(folder: Path, text: str) -> Path:
    path = folder / "a.gold.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_gold_is_read_with_dates_and_numbers_as_text(tmp_path: Path) -> None:
    write(
        tmp_path,
        "document: a.txt\nentities:\n- {id: a, type: Port, names: [天津港, 12306]}\n"
        "facts:\n- {s: a, p: openedOn, o: 2020-12-27}\n- {s: a, p: openedOn, o: 2020}\n",
    )
    document = load_gold(tmp_path)["a.txt"]
    assert document.entities[0].names == ("天津港", "12306")
    assert [f.object for f in document.facts] == ["2020-12-27", "2020"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("document: [\n", 2, "not YAML"),
        ("entities: []\n", 1, "a gold file has a document"),
        ("document: a\nentities:\n- {id: a, type: Port}\n", 3, "it has no 'names'"),
        ("document: a\nentities:\n- {id: a, type: Port, names: []}\n", 3, "no names"),
        (
            "document: a\nentities:\n- {id: a, type: Port, names: [x]}\nfacts:\n\n- {s: b, p: q, o: a}\n",
            6,
            "has the id 'b'",
        ),
        ("document: a\nentities: []\nobservations:\n- {about: a, indicator: x, value: much, unit: m}\n", 4, "much"),
        ("document: a\nentities:\n- just a text\n", 3, "wrong entry of entities"),
    ],
)
def test_a_wrong_gold_file_is_told_with_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(DataError) as caught:
        load_gold(tmp_path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert says in str(caught.value)


def test_no_gold_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"no \*\.gold\.yaml"):
        load_gold(tmp_path)


# -- the same figures as the reference scorer


def as_records(document: GoldDocument) -> list[dict[str, Any]]:
    """The gold of one document as if it had been extracted, optional items included."""
    name = document.document
    entities = [entity(f"x:{e.id}", e.type, *e.names, document=name) for e in document.entities]
    ids = {e.id for e in document.entities}
    ends = {f.object: f"x:{f.object}" if f.object in ids else f.object for f in document.facts}
    facts = [fact(f"x:{f.subject}", f.predicate, ends[f.object], modality=f.modality) for f in document.facts]
    figures = [
        figure(f"x:{o.about}", o.indicator, o.value, o.unit, modality=o.modality)
        | ({"change": o.change} if o.change else {})
        for o in document.figures
    ]
    return [record | {"document": name} for record in (*entities, *facts, *figures)]


def perturbed(records: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    """Some records dropped, some told twice, some changed in one field."""
    changes = {"type": "Zone", "names": ["北京"], "p": "partOf", "modality": "planned", "value": 7, "unit": "个"}
    result = []
    for record in records:
        if chance.random() < 0.2:
            continue
        if chance.random() < 0.3:
            name = chance.choice([n for n in changes if n in record])
            record = record | {name: changes[name]}
        result += [record] * (2 if chance.random() < 0.1 else 1)
        if record["kind"] == "entity" and chance.random() < 0.1:
            result.append(record | {"id": record["id"] + "-twin"})
    chance.shuffle(result)
    return result


def reference(folder: Path, records: Path) -> dict[str, Any]:
    """The figures of the reference scorer."""
    spec = importlib.util.spec_from_file_location("reference_score", shared("gold", "score.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    gold = module.load_gold(folder)
    totals, by_type, by_predicate = module.score(gold, module.load_records(records, gold), lambda _: None)
    return {"totals": totals, "types": dict(by_type), "predicates": dict(by_predicate)}


def same(ours: Tally, theirs: Any) -> bool:
    figures = theirs.figures()
    counts = (ours.right, ours.wrong, ours.missed) == (figures["tp"], figures["fp"], figures["fn"])
    return counts and [round(x, 4) for x in (ours.precision, ours.recall, ours.f1)] == [
        figures[name] for name in ("precision", "recall", "f1")
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_figures_are_those_of_the_reference_scorer(tmp_path: Path, vocab: Vocab, seed: int) -> None:
    folder = shared("gold", "dev" if seed else "seed")
    gold, chance = load_gold(folder), random.Random(seed)
    records = [record for document in gold.values() for record in perturbed(as_records(document), chance)]
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    ours, theirs = score(gold, records, vocab), reference(folder, path)
    for name in ("entities", "facts", "observations"):
        assert same(getattr(ours, name), theirs["totals"][name]), name
    for table, reference_table in ((ours.by_type, theirs["types"]), (ours.by_predicate, theirs["predicates"])):
        assert table.keys() == reference_table.keys()
        assert all(same(table[name], reference_table[name]) for name in table)


def test_gold_scores_one_against_itself(vocab: Vocab) -> None:
    gold = load_gold(shared("gold"))
    scores = score(gold, [r for d in gold.values() for r in as_records(d)], vocab)
    assert (scores.entities.f1, scores.facts.f1, scores.observations.f1) == (1, 1, 1)
    assert scores.misses == ()
    assert scores.documents == len(gold) > 10
