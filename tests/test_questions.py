"""The bundled questions: each gives the right answer, on every store, whatever its default graph is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import yaml
from support import gold_annotation, gold_build, gold_graph, vocab

from kg.graph import Context, to_quads
from kg.nquads import line, plain
from kg.query import list_questions, query_table
from kg.sparql import form
from kg.terms import prefixes
from kg.types import PLANNED, Table
from kg.union import finish

QUESTIONS = {question.name: question for question in list_questions()}
EXPECTED: Mapping[str, Mapping[str, list[dict[str, Any]]]] = yaml.load(
    (Path(__file__).parent / "questions.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)
SELECTS = sorted(name for name, question in QUESTIONS.items() if form(question.query) == "SELECT")

Row = Mapping[str, str]


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gold_build(tmp_path_factory.mktemp("gold") / "build")


def rows_of(table: Table) -> list[Row]:
    """The rows with the cells that are bound, as people read them."""
    cells = [{k: plain(v) for k, v in zip(table.columns, row, strict=True) if v is not None} for row in table.rows]
    return [dict(row) for row in cells]


def found(rows: Iterable[Row], wanted: Row) -> bool:
    return any(wanted.items() <= row.items() for row in rows)


def test_each_question_has_an_expected_answer() -> None:
    assert set(QUESTIONS) == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_the_answer_from_the_gold(gold: Path, name: str) -> None:
    check(rows_of(query_table(gold, name)), EXPECTED[name], "rows", "gold")


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_the_answer_from_a_build(bundled: Path, name: str) -> None:
    check(rows_of(query_table(bundled, name)), EXPECTED[name], "rows", "build")


def check(rows: list[Row], expected: Mapping[str, list[dict[str, str]]], *keys: str) -> None:
    wanted = [row for key in keys for row in expected.get(key, [])]
    assert [row for row in wanted if not found(rows, row)] == [], rows
    assert [row for row in expected.get("never", []) if found(rows, row)] == []


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_questions_run_anywhere_as_they_stand(name: str) -> None:
    """All prefixes are declared, so a question can be pasted into any store."""
    ox.Store().query(QUESTIONS[name].query)


@pytest.fixture(scope="module")
def oxigraph() -> ox.Store:
    store = ox.Store()
    store.bulk_load("".join(map(line, gold_graph())).encode(), format=ox.RdfFormat.N_QUADS)
    return store


@pytest.mark.parametrize("name", SELECTS)
def test_the_default_graph_does_not_matter(gold: Path, oxigraph: ox.Store, name: str) -> None:
    answers = []
    for union in (True, False):
        solutions = oxigraph.query(QUESTIONS[name].query, use_default_graph_as_union=union)
        answers.append([tuple(None if value is None else str(value) for value in row) for row in solutions])
    assert answers[0] == answers[1]
    assert tuple(answers[0]) == query_table(gold, name).rows


@pytest.fixture(scope="module")
def dataset() -> rdflib.Dataset:
    data = rdflib.Dataset()
    data.parse(data="".join(map(line, gold_graph())), format="nquads")
    return data


@pytest.mark.parametrize("name", SELECTS)
def test_rdflib_gives_the_same_answer(gold: Path, dataset: rdflib.Dataset, name: str) -> None:
    rows = [{k: str(v) for k, v in row.asdict().items()} for row in dataset.query(QUESTIONS[name].query)]
    key = lambda row: sorted(row.items())  # noqa: E731
    assert sorted(map(dict, rows), key=key) == sorted(map(dict, rows_of(query_table(gold, name))), key=key)


def test_a_plan_is_answered_as_a_plan_and_nowhere_else() -> None:
    """The worst mistake here is to call a plan done."""
    gold, context = gold_annotation(), Context(vocab())
    facts = tuple(replace(fact, modality=PLANNED) if fact.predicate.endswith("On") else fact for fact in gold.facts)
    figures = tuple(replace(figure, modality=PLANNED) for figure in gold.observations)
    ontology = (quad for quad in gold_graph() if quad.graph == context.ontology)
    store = ox.Store()
    planned = finish([*to_quads(replace(gold, facts=facts, observations=figures), context), *ontology], context)
    store.bulk_load("".join(map(line, planned)).encode(), format=ox.RdfFormat.N_QUADS)

    def answers(name: str, column: str) -> set[str]:
        return {row[column].value for row in store.query(QUESTIONS[name].query) if row[column] is not None}

    assert answers("plans", "modality") == {"计划中"}
    assert {"京雄城际铁路", "曹妃甸区"} <= answers("plans", "subject")
    assert {"2020-12-27", "371 个"} <= answers("plans", "object")
    assert answers("lines", "opened") == answers("issuers", "issued") == answers("timeline", "date") == set()
    assert answers("changes", "value") == set()
    assert answers("figures", "modality") == {"计划中"}


@pytest.mark.parametrize("name", SELECTS)
def test_answers_are_ordered(name: str) -> None:
    assert "ORDER BY" in QUESTIONS[name].query


def test_the_prefixes_of_the_questions_are_the_usual_ones() -> None:
    known = prefixes()
    for question in QUESTIONS.values():
        for text in question.query.splitlines():
            if text.startswith("PREFIX"):
                _, name, address = text.split()
                assert known[name.rstrip(":")] == address.strip("<>")
