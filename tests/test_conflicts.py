"""Contradictions are found across texts, told with both quotes, and nothing else is called one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

import pytest
from support import ROOT

from kg.conflicts import Conflict, find_conflicts, to_csv, to_records, to_table
from kg.context import Context
from kg.graph import to_quads
from kg.types import Annotation, Document, Entity, Evidence, Fact, Observation, Span, Value
from kg.union import finish
from kg.vocab import load_vocab
from kg.vocab_types import Vocab

LINE = Entity("line", "RailwayLine", ("京雄城际铁路",), True)
KIND = {4: "gYear", 7: "gYearMonth", 10: "date"}


@cache
def vocab() -> Vocab:
    return load_vocab(ROOT / "ontology.ttl")


def evidence(document: str, quote: str) -> Evidence:
    return Evidence(document, Span(0, len(quote)), quote, "test.v1")


def opened(document: str, when: str, modality: str = "asserted", predicate: str = "openedOn") -> Annotation:
    fact = Fact("line", predicate, Value(when, KIND[len(when)]), modality, evidence(document, f"{when}通车"))
    return Annotation(Document(document, f"{when}通车。", f"{document}.txt"), entities=(LINE,), facts=(fact,))


def figure(document: str, value: str, approx: str = "exact", time: str = "2020", **more: str) -> Annotation:
    said = Observation(
        "line",
        "全长",
        value,
        "公里",
        more.pop("modality", "asserted"),
        evidence(document, f"全长{value}公里"),
        approx,
        time,
    )
    return Annotation(
        Document(document, f"全长{value}公里。", f"{document}.txt"), entities=(LINE,), observations=(said,)
    )


def conflicts(*annotations: Annotation) -> tuple[Conflict, ...]:
    context = Context(vocab())
    return find_conflicts(finish(_quads(annotations, context), context), vocab())


def _quads(annotations: Iterable[Annotation], context: Context) -> Iterable[object]:
    return (quad for each in annotations for quad in to_quads(each, context))


def test_two_opening_dates_contradict_each_other_with_both_quotes() -> None:
    [found] = conflicts(opened("a", "2020-12-27"), opened("b", "2019-09-26"))
    assert (found.about, found.what) == ("京雄城际铁路", "openedOn")
    assert found.left == ("2019-09-26", "b.txt", "2019-09-26通车")
    assert found.right == ("2020-12-27", "a.txt", "2020-12-27通车")


@pytest.mark.parametrize("less", ["2020-12", "2020"])
def test_a_date_told_less_exactly_contradicts_nothing(less: str) -> None:
    assert conflicts(opened("a", "2020-12-27"), opened("b", less)) == ()
    assert len(conflicts(opened("a", "2020-12-27"), opened("b", less.replace("2020", "2021")))) == 1


@pytest.mark.parametrize("modality", ["planned", "negated"])
def test_a_plan_is_not_contradicted_by_what_came_of_it(modality: str) -> None:
    assert conflicts(opened("a", "2020-12-27"), opened("b", "2019-12", modality)) == ()


def test_dates_of_different_kinds_agree() -> None:
    assert conflicts(opened("a", "2020-12-27"), opened("b", "2018-02", predicate="startedOn")) == ()


def test_one_figure_with_two_values_contradicts_itself() -> None:
    [found] = conflicts(figure("a", "91"), figure("b", "92.4"))
    assert found.what == "全长 公里 2020"
    assert (found.left.quote, found.right.quote) == ("全长91公里", "全长92.4公里")


@pytest.mark.parametrize(
    "other",
    [
        figure("b", "91"),
        figure("b", "92", time="2021"),
        figure("b", "92", modality="planned"),
        figure("b", "90", approx="over"),
        figure("b", "92", approx="nearly"),
        figure("b", "92", approx="about"),
    ],
    ids=["same", "another year", "planned", "over", "nearly", "about"],
)
def test_figures_that_may_both_be_so_agree(other: Annotation) -> None:
    assert conflicts(figure("a", "91"), other) == ()


def test_figures_without_a_time_agree() -> None:
    assert conflicts(figure("a", "91", time=""), figure("b", "92", time="")) == ()


def test_one_text_does_not_contradict_itself_in_figures() -> None:
    assert conflicts(figure("a", "91"), figure("a", "95")) == ()


def test_they_are_told_as_table_csv_and_json() -> None:
    found = conflicts(opened("a", "2020-12-27"), opened("b", "2019-09-26"))
    assert "2019-09-26通车" in to_table(found)
    assert to_csv(found).splitlines()[1] == (
        "京雄城际铁路,openedOn,2019-09-26,b.txt,2019-09-26通车,2020-12-27,a.txt,2020-12-27通车"
    )
    assert json.loads(json.dumps(to_records(found)))[0]["right"]["source"] == "a.txt"
    assert to_table(()) == "no contradictions\n"
