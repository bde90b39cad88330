"""Confidence is measured: what a table of rules says, where it is used, and how it is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import gold_annotation, vocab

from benchmarks.reliability import Item, bins, brier, calibration_error, items, total
from benchmarks.reliability_curve import draw
from kg.calibration import (
    LEAST,
    MEASURED,
    NAME,
    OWN,
    Confidence,
    calibrate,
    load_confidence,
    measure,
    read_confidence,
    write_confidence,
)
from kg.errors import DataError, OutputError
from kg.evaluate import score
from kg.gold import EntityItem, FactItem, FigureItem, GoldDocument
from kg.pipeline import annotate, load_kit, load_recipe
from kg.resources import data, default_recipe
from kg.types import Document

counts = st.dictionaries(
    st.sampled_from(["a.v1", "b.v1", "c.v1"]), st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=3
)


@given(counts)
def test_no_rule_is_certain_and_none_hopeless_unless_all_are(found: dict[str, tuple[int, int]]) -> None:
    mixed = any(r for r, _ in found.values()) and any(w for _, w in found.values())
    for row in measure(found, {}):
        assert 0 < row.score < 1 or not mixed


@given(counts)
def test_each_rule_with_items_has_a_row(found: dict[str, tuple[int, int]]) -> None:
    rows = measure(found, {"a.v1": 0.8})
    assert [row.rule for row in rows] == sorted(rule for rule, pair in found.items() if sum(pair))
    for row in rows:
        assert (row.right, row.wrong) == found[row.rule]


def test_more_right_items_give_more_confidence() -> None:
    rows = {row.rule: row.score for row in measure({"a.v1": (9, 1), "b.v1": (5, 5), "c.v1": (90, 10)}, {})}
    assert rows["b.v1"] < rows["a.v1"] < rows["c.v1"] < 0.9


def test_too_few_items_leave_the_authors_score() -> None:
    rows = measure({"few.v1": (LEAST - 1, 0), "enough.v1": (LEAST, 0)}, {"few.v1": 0.77, "enough.v1": 0.77})
    assert [(row.rule, row.score, row.how) for row in rows] == [("enough.v1", 1.0, MEASURED), ("few.v1", 0.77, OWN)]


def test_a_table_is_written_and_read_back(tmp_path: Path) -> None:
    rows = (Confidence("b.v1", 0.9, 8, 0, MEASURED), Confidence("a.v1", 0.75, 1, 0, OWN))
    write_confidence(tmp_path / NAME, rows)
    assert read_confidence(tmp_path / NAME) == tuple(sorted(rows))
    assert load_confidence(tmp_path) == {"b.v1": 0.9}
    assert (tmp_path / NAME).read_text().splitlines()[0] == "rule,score,right,wrong,how"


def test_without_a_table_nothing_was_measured(tmp_path: Path) -> None:
    assert load_confidence(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("rule,score\n", 1),
        ("rule,score,right,wrong,how\na.v1,0.9,1\n", 2),
        ("rule,score,right,wrong,how\na.v1,much,1,0,own\n", 2),
        ("rule,score,right,wrong,how\na.v1,0.9,1,0,own\nb.v1,1.5,1,0,own\n", 3),
        ("rule,score,right,wrong,how\na.v1,0.9,1,0,guessed\n", 2),
    ],
)
def test_a_bad_row_is_told_with_its_line(text: str, line: int, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as told:
        load_confidence(tmp_path)
    assert str(told.value).startswith(f"{tmp_path / NAME}:{line}: ")


def test_a_table_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        write_confidence(tmp_path / "file" / NAME, ())


def test_evidence_gets_the_measured_confidence_and_nothing_else_changes() -> None:
    before = gold_annotation()
    after = calibrate(before, {"gold.v1": 0.5, "other.v1": 0.1})
    assert {item.evidence.score for item in (*after.facts, *after.observations)} == {0.5}
    assert calibrate(after, {"gold.v1": 1.0}) == before
    assert calibrate(before, {}) is before
    assert calibrate(before, {"other.v1": 0.1}) == before


def test_a_build_uses_the_table_and_reads_the_same_without_it() -> None:
    kit = load_kit(load_recipe(default_recipe()))
    assert kit.confidence == load_confidence(data() / "grammar")
    rules = {rule.id: float(rule.raw.get("score", 0.85)) for rule in kit.parts.relations}
    measured = next(rule for rule in sorted(kit.confidence) if rule in rules)
    document = Document("d", next(r for r in kit.parts.relations if r.id == measured).examples[0].text, "d")
    (with_table,) = annotate([document], kit)
    (without,) = annotate([document], replace(kit, confidence={}))
    scores = {f.evidence.by: f.evidence.score for f in with_table.facts}
    assert scores[measured] == kit.confidence[measured]
    assert {f.evidence.by: f.evidence.score for f in without.facts}[measured] == rules[measured]
    assert [(f.subject, f.predicate, f.object) for f in with_table.facts] == [
        (f.subject, f.predicate, f.object) for f in without.facts
    ]


def test_the_bundled_table_is_sorted_and_sane() -> None:
    rows = read_confidence(data() / "grammar" / NAME)
    assert [row.rule for row in rows] == sorted({row.rule for row in rows})
    assert all((row.right + row.wrong >= LEAST) == (row.how == MEASURED) for row in rows)


# ---------------------------------------------------------------- counting by rule


def _gold() -> GoldDocument:
    entities = (EntityItem("a", "Zone", ("A",)), EntityItem("b", "Zone", ("B",)))
    facts = (
        FactItem("a", "partOf", "b"),
        FactItem("b", "status", "planned", optional=True),
    )
    figures = (FigureItem("a", "length", 3.0, "km"), FigureItem("a", "width", 2.0, "km", optional=True))
    return GoldDocument("d.txt", entities, facts, figures)


def _record(kind: str, **fields: object) -> dict[str, object]:
    return {"kind": kind, "document": "d.txt", **fields}


def _records() -> list[dict[str, object]]:
    named = [_record("entity", id=id, type="Zone", names=[id.upper()]) for id in ("a", "b")]
    facts = [("a", "partOf", "b", "one"), ("a", "partOf", "b", "two"), ("b", "partOf", "a", "two")]
    facts += [("b", "status", "planned", "three"), ("a", "partOf", "b", "")]
    said = [_record("fact", s=s, p=p, o=o, rule=rule) for s, p, o, rule in facts]
    figures = [("length", 3, "four"), ("width", 2, "four"), ("height", 1, "five")]
    measured = [_record("observation", about="a", indicator=i, value=v, unit="km", rule=r) for i, v, r in figures]
    return named + said + measured


def test_every_rule_that_reads_a_fact_is_judged_by_it() -> None:
    by_rule = score({"d.txt": _gold()}, _records(), vocab()).by_rule
    found = {rule: (tally.right, tally.wrong) for rule, tally in by_rule.items()}
    assert found == {"one": (1, 0), "two": (1, 1), "four": (1, 0), "five": (0, 1)}


def test_what_the_gold_marks_optional_counts_neither_way() -> None:
    assert "three" not in score({"d.txt": _gold()}, _records(), vocab()).by_rule


def test_wrong_items_name_their_rule() -> None:
    misses = score({"d.txt": _gold()}, _records(), vocab()).misses
    assert sorted(miss.rule for miss in misses if miss.verdict == "wrong") == ["five", "two"]


def test_each_entity_found_is_told_with_its_names() -> None:
    gold = GoldDocument("d.txt", (EntityItem("a", "Zone", ("A",)), EntityItem("b", "Zone", ("B",), optional=True)))
    found = [("x", "Zone", ["AA", "A"]), ("y", "Zone", ["B"]), ("z", "Port", ["B"]), ("w", "Port", ["C"])]
    records = [_record("entity", id=id, type=type_, names=names) for id, type_, names in found]
    names = score({"d.txt": gold}, records, vocab()).names
    assert names == (("d.txt", ("AA", "A"), "right"), ("d.txt", ("C",), "wrong"))


# ---------------------------------------------------------------- the benchmark's arithmetic


def test_bins_hold_each_item_once_and_tell_expected_and_observed() -> None:
    found = [Item(0.75, True), Item(0.75, False), Item(1.0, True), Item(0.2, False)]
    made = bins(found)
    assert [(b.start, b.count, b.expected, b.observed) for b in made] == [
        (0.0, 1, 0.2, 0.0),
        (0.7, 2, 0.75, 0.5),
        (0.95, 1, 1.0, 1.0),
    ]
    assert calibration_error(found) == pytest.approx((0.2 + 2 * 0.25) / 4)
    assert brier([Item(1.0, True), Item(0.5, False)]) == pytest.approx(0.125)


def test_items_are_as_many_as_were_counted() -> None:
    documents = {"d": {"a.v1": (2, 1)}, "e": {"a.v1": (1, 0), "b.v1": (0, 1)}}
    found = list(items(documents, lambda name: {"a.v1": 0.9 if name == "d" else 0.8, "b.v1": 0.5}))
    assert [(i.expected, i.right) for i in found] == [
        *[(0.9, True), (0.9, True), (0.9, False)],
        *[(0.8, True), (0.5, False)],
    ]
    assert total(documents.values()) == {"a.v1": (3, 1), "b.v1": (0, 1)}


def test_the_curve_is_one_picture_and_always_the_same() -> None:
    found = {"own": bins([Item(0.75, True), Item(0.95, False)]), "measured": bins([])}
    assert draw(found) == draw(found)
    assert draw(found).startswith("<svg ")
    assert draw(found).count("<circle") == 2
