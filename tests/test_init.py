"""`kg init` writes a domain that works at once: it checks, builds, answers and scores."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.check import check
from kg.errors import OutputError
from kg.init import init
from kg.terms import KG


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "films"
    init(folder)
    return folder


@pytest.fixture(scope="module")
def built(films: Path) -> Path:
    assert kg.build(recipe=films / "recipe.toml", out=films / "build").ok
    return films / "build"


def test_tells_what_it_wrote(tmp_path: Path) -> None:
    written = init(tmp_path / "films")
    assert set(written) == {path for path in (tmp_path / "films").rglob("*") if path.is_file()}
    assert tmp_path / "films" / "recipe.toml" in written


def test_everything_is_in_order(films: Path) -> None:
    assert list(check(films / "recipe.toml")) == []


def test_finds_all_that_its_gold_has(built: Path) -> None:
    scores = kg.score(built)
    assert (scores.entities.f1, scores.facts.f1) == (1.0, 1.0)


def test_its_question_is_answered(built: Path) -> None:
    assert [row[0] for row in kg.query("films", built).rows] == ['"北方来信"@zh', '"南山"@zh']


def test_its_terms_are_its_own(films: Path, built: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in films.rglob("*.*") if path.suffix in (".ttl", ".rq", ".toml")]
    texts.append((built / "graph.nq").read_text(encoding="utf-8"))
    assert not any(KG in text for text in texts)
    assert any("<https://example.org/films/ontology#Film>" in text for text in texts)


@pytest.mark.parametrize("name", ["Films 2", "影片", "a--b"])
def test_any_name_of_the_folder_makes_an_address(name: str, tmp_path: Path) -> None:
    init(tmp_path / name)
    assert list(check(tmp_path / name / "recipe.toml")) == []


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").touch()
    with pytest.raises(OutputError, match="holds files"):
        init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]
