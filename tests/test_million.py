"""The multiplied graph that stores and exports are measured with: of an exact size, sorted, and the build is in it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from support import gold_graph

from benchmarks import million
from kg import nquads
from kg.errors import DataError
from kg.query import query_table
from kg.report import load_report

QUADS = 40_000


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "graph.nq"
    nquads.write(gold_graph(), path)
    return path


@pytest.fixture(scope="module")
def lines(graph: Path) -> list[str]:
    return list(million.lines(million.plan(graph, QUADS)))


def test_there_are_as_many_as_asked_for_sorted_and_none_twice(lines: list[str]) -> None:
    assert len(lines) == QUADS
    assert all(one < next_ for one, next_ in pairwise(lines))


@pytest.mark.parametrize("more", [0, 1, 7, 6_999, 12_345])
def test_any_size_can_be_had(graph: Path, more: int) -> None:
    wanted = len(gold_graph()) + more
    made = list(million.lines(million.plan(graph, wanted)))
    assert len(made) == len(set(made)) == wanted


def test_the_build_is_in_it_and_the_same_bytes_come_again(graph: Path, lines: list[str]) -> None:
    assert set(map(nquads.line, gold_graph())) < set(lines)
    assert list(million.lines(million.plan(graph, QUADS))) == lines


def test_copies_speak_of_each_other_alone(lines: list[str]) -> None:
    """No edge leads from one copy into another, so counts grow with their number."""
    quads = [quad for quad in nquads.parse(lines) if "/copy-" in quad.subject]
    assert len(quads) > QUADS / 2
    for quad in quads:
        if "/copy-" in quad.object:
            assert quad.object.split("copy-")[1][:6] == quad.subject.split("copy-")[1][:6]
    assert len({quad.subject.partition("#")[0] for quad in quads}) > 1_000


def test_nasty_names_come_as_they_are(lines: list[str]) -> None:
    texts = {nquads.plain(quad.object) for quad in nquads.parse(lines) if quad.predicate == million.terms.ALT_LABEL}
    for name in million.NASTY:
        assert any(text.startswith(f"{name} ") and text[len(name) + 1 :].isdigit() for text in texts), repr(name[:40])


def test_a_laid_folder_is_a_build_whose_questions_find_its_answers_and_those_of_the_copies(
    bundled: Path, tmp_path: Path
) -> None:
    million.lay(bundled, tmp_path / "many", QUADS)
    one, many = (set(query_table(build, "lines").rows) for build in (bundled, tmp_path / "many"))
    assert one < many
    assert len(many) == len(one) * (million.plan(bundled / "graph.nq", QUADS).copies + 1)
    assert load_report(tmp_path / "many")["quads"] == QUADS


def test_less_than_the_build_is_refused(graph: Path) -> None:
    with pytest.raises(DataError, match=r"graph\.nq: has \d+ quads already"):
        million.plan(graph, 10)
