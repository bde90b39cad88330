"""The examples of rules are run by the whole kit; what does not hold is told with the rule's place."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.examples import Problem, check_examples
from kg.init import init
from kg.pipeline import load_kit, load_recipe

RULES = "grammar/relations/films.yaml"


@pytest.fixture
def films(tmp_path: Path) -> Path:
    init(tmp_path / "films")
    return tmp_path / "films"


def checked(folder: Path, file: str, old: str, new: str) -> list[Problem]:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return list(check_examples(load_kit(load_recipe(folder / "recipe.toml"))))


def test_nothing_is_told_where_all_examples_hold(films: Path) -> None:
    assert checked(films, RULES, "# Who made", "# who made") == []


def test_a_fact_that_the_rule_does_not_find(films: Path) -> None:
    (problem,) = checked(films, RULES, 'releasedOn, "2019-02-05"', 'releasedOn, "2019-02-06"')
    assert (problem.rule, problem.where) == ("released.v1", f"{films / RULES}:3")
    assert problem.expected == {("北方来信", "releasedOn", "2019-02-06")}
    assert problem.found == {("北方来信", "releasedOn", "2019-02-05")}
    assert str(problem) == (
        f"{films / RULES}:3: rule 'released.v1' on '2019年2月5日，电影《北方来信》正式上映。': expected 北方来信 "
        "releasedOn 2019-02-06, found 北方来信 releasedOn 2019-02-05; mend the rule or its example"
    )


def test_another_modality_than_expected(films: Path) -> None:
    (problem,) = checked(films, RULES, ", planned]]", "]]")
    assert problem.found == {("北方来信", "releasedOn", "2027", "planned")}


def test_a_fact_where_the_example_says_nothing(films: Path) -> None:
    (problem,) = checked(films, RULES, "finds: [[北方来信, directedBy, 林舟]]", "finds: []")
    assert "expected nothing" in str(problem)


def test_a_name_that_a_pattern_does_not_find(films: Path) -> None:
    (problem,) = checked(films, "grammar/patterns.yaml", "finds: [北方来信]", "finds: [来信]")
    assert (problem.rule, problem.expected, problem.found) == ("film.titled.v1", {("来信",)}, {("北方来信",)})


def test_a_name_that_a_head_noun_does_not_find(films: Path) -> None:
    (problem,) = checked(films, "grammar/names.yaml", "finds: [蓝湖影业有限公司]", "finds: []")
    assert (problem.rule, problem.found) == ("studio", {("蓝湖影业有限公司",)})


def test_a_word_that_refers_and_is_not_found(films: Path) -> None:
    (problem,) = checked(films, "grammar/anaphora.yaml", "finds: [影片]", "finds: [该片]")
    assert (problem.rule, problem.found) == ("refer.film.v1", {("影片",)})
