"""Public yardsticks are read in their publishers' formats and folded to three kinds; the data here are made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.yardsticks import Sample, by_tagger, load, table
from kg.errors import ReadError

MSRA = "张\tB-PER\n三\tI-PER\n在\tO\n渤\tB-LOC\n海\tI-LOC\n\n甲\tB-ORG\n社\tI-ORG\n乙\tB-ORG\n社\tI-ORG\n"
CLUENER = [
    {"text": "张三住在渤海路", "label": {"name": {"张三": [[0, 1]]}, "address": {"渤海路": [[4, 6]]}}},
    {"text": "甲社和甲社", "label": {"company": {"甲社": [[0, 1], [3, 4]]}}},
    {"text": "《游戏》好玩", "label": {"game": {"《游戏》": [[0, 3]]}}},
]


def written(tmp_path: Path, content: str) -> Path:
    (tmp_path / "data").write_text(content, encoding="utf-8")
    return tmp_path / "data"


def test_msra_is_read(tmp_path: Path) -> None:
    first, second = load("msra", written(tmp_path, MSRA))
    assert first == Sample("张三在渤海", frozenset({(0, 2, "person"), (3, 5, "place")}))
    assert second.found == {(0, 2, "organisation"), (2, 4, "organisation")}


@pytest.mark.parametrize("indent", [None, 2])
def test_cluener_is_read_one_object_a_line_or_over_many(tmp_path: Path, indent: int | None) -> None:
    content = "\n".join(json.dumps(row, ensure_ascii=False, indent=indent) for row in CLUENER)
    first, second, third = load("cluener", written(tmp_path, content + "\n"))
    assert first == Sample("张三住在渤海路", frozenset({(0, 2, "person"), (4, 7, "place")}))
    assert second.found == {(0, 2, "organisation"), (3, 5, "organisation")}
    assert third.found == frozenset()


@pytest.mark.parametrize(
    ("form", "content", "told"),
    [
        ("msra", "张\tB-PER\n张三 B-PER\n", r"data:2: expected a character"),
        ("cluener", '{"text": 1}', r"data:1: not an"),
    ],
)
def test_another_format_is_told_with_its_line(form: str, content: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=told):
        load(form, written(tmp_path, content))


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="sha256"):
        load("msra", written(tmp_path, MSRA), "0" * 64)


def test_the_table_counts_exact_spans_of_the_right_kind() -> None:
    samples = [Sample("张三在渤海", frozenset({(0, 2, "person"), (3, 5, "place")}))]
    answer = frozenset({(0, 2, "person"), (3, 5, "organisation")})
    rows = {tuple(line.split()[:2]): line.split()[2:5] for line in table(samples, {"x": [answer]})}
    assert rows["x", "person"] == ["1.000", "1.000", "1.000"]
    assert rows["x", "place"] == ["0.000", "0.000", "0.000"]
    assert rows["x", "all"] == ["0.500", "0.500", "0.500"]


def test_the_bare_tagger_answers_in_the_same_kinds() -> None:
    (found,) = by_tagger(["李强在河北考察。"])
    assert found == {(0, 2, "person"), (3, 5, "place")}
