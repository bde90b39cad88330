"""`kg check` is the compiler of the domain expert: it finds what is wrong, all of it, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.check import check
from kg.init import init

Edit = Callable[[Path], None]


@pytest.fixture
def films(tmp_path: Path) -> Path:
    init(tmp_path / "films")
    return tmp_path / "films"


def replace(file: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


RULES, ONTOLOGY = "grammar/relations/films.yaml", "ontology.ttl"
CASES = {
    "an example that does not hold": (
        replace(RULES, "2019-02-05", "2019-02-06"),
        r"films\.yaml:3: rule 'released\.v1' on ",
    ),
    "a negative example that is found": (
        replace(RULES, "finds: [[北方来信, directedBy, 林舟]]", "finds: []"),
        r"films\.yaml:\d+: rule 'directed\.v1' .*expected nothing",
    ),
    "a bad regular expression": (replace(RULES, "<adv>(?P<t>", "<adv>((?P<t>"), r"films\.yaml:3: .*regular expression"),
    "an unknown class": (replace(RULES, "{s:Film}", "{s:Flim}"), r"films\.yaml:3: .*Flim"),
    "an unknown predicate": (
        replace(RULES, "[s, releasedOn, time]", "[s, shownOn, time]"),
        r"films\.yaml:3: .*shownOn",
    ),
    "an unknown macro": (replace(RULES, "<adv>", "<advs>"), r"films\.yaml:3: .*<advs>"),
    "a rule without examples": (replace(RULES, "  examples:\n", "  exampels:\n"), r"films\.yaml:3: .*examples"),
    "a class without a label": (replace(ONTOLOGY, '"影片"@zh , ', ""), r"ontology\.ttl:\d+: Film has no rdfs:label@zh"),
    "an undeclared parent": (replace(ONTOLOGY, "kg:Entity , schema:Movie", "kg:Work"), r"ontology\.ttl:\d+: .*Work"),
    "a Turtle error": (replace(ONTOLOGY, "kg:Film a owl:Class ;", "kg:Film a owl:Class ]"), r"ontology\.ttl:\d+:\d+: "),
    "a lexicon row with a missing cell": (
        replace("lexicon/people.csv", "lin-zhou,Person,林舟,,", "lin-zhou,Person,林舟,"),
        r"people\.csv:2: expected 11 cells",
    ),
    "a question with an undeclared term": (
        replace("queries/films.rq", "kg:directedBy", "kg:directedby"),
        r"films\.rq:6: kg:directedby is not declared in the ontology; did you mean kg:directedBy\?",
    ),
    "a question that is no SPARQL": (replace("queries/films.rq", "SELECT ?film", "SELCT ?film"), r"films\.rq:"),
    "a question that asks nothing": (replace("queries/films.rq", "# 谁", "谁"), r"films\.rq:1: "),
    "an empty article": (
        lambda folder: (folder / "articles" / "films.txt").write_text("") and None,
        r"films\.txt: is empty",
    ),
    "a wrong gold file": (replace("gold/films.gold.yaml", "s: letter", "s: leter"), r"films\.gold\.yaml:\d+: .*leter"),
    "an unknown engine": (replace("recipe.toml", '"rules"', '"rule"'), r"no engine 'rule'; known: .*rules"),
    "an unknown key": (
        replace("recipe.toml", "lexicon =", "lexicons ="),
        r"recipe\.toml:1: missing or unknown: lexicon",
    ),
}


def test_nothing_is_wrong_with_the_skeleton(films: Path) -> None:
    assert list(check(films / "recipe.toml")) == []


@pytest.mark.parametrize("case", CASES)
def test_finds(case: str, films: Path) -> None:
    edit, message = CASES[case]
    edit(films)
    problems = list(check(films / "recipe.toml"))
    assert any(re.search(message, problem) for problem in problems), problems


def test_one_problem_does_not_hide_another(films: Path) -> None:
    for case in ("a lexicon row with a missing cell", "a question with an undeclared term", "a wrong gold file"):
        CASES[case][0](films)
    files = {Path(problem.partition(":")[0]).name for problem in check(films / "recipe.toml")}
    assert files == {"people.csv", "films.rq", "films.gold.yaml"}


def test_one_broken_rule_file_does_not_hide_another(films: Path) -> None:
    CASES["an unknown class"][0](films)
    replace("grammar/patterns.yaml", "(?P<n>[^《》]", "((?P<n>[^《》]")(films)
    files = {Path(problem.partition(":")[0]).name for problem in check(films / "recipe.toml")}
    assert files == {"films.yaml", "patterns.yaml"}


def test_nothing_is_wrong_with_the_bundled_recipe() -> None:
    assert list(check()) == []
