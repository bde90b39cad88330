"""The files that every recipe reads with keep their own examples, and an example that does not hold is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

from kg import text_examples
from kg.bylines import bundled, load_rules
from kg.check import check
from kg.errors import DataError
from kg.numerals import load_table


def test_all_hold() -> None:
    assert list(text_examples.failures()) == []


def with_examples(monkeypatch: pytest.MonkeyPatch, name: str, rows: list[list[str]]) -> None:
    """Lets a file have these examples instead of its own."""

    def table(asked: str) -> Mapping[str, Any]:
        return {**load_table(asked), **({"examples": rows} if asked == name else {})}

    monkeypatch.setattr(text_examples, "load_table", table)


def test_a_date_that_is_read_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    with_examples(monkeypatch, "time.yaml", [["2015年", "", "2016", "year", "point"]])
    (told,) = text_examples.failures()
    path = ROOT / "data" / "grammar" / "time.yaml"
    line = path.read_text(encoding="utf-8").partition("[2015年, ")[0].count("\n") + 1
    assert told.startswith(f"{path}:{line}: '2015年' () is read as ['2015', 'year', 'point']")


@pytest.mark.parametrize("rows", [None, "2015年", [["2015年", "2015"]], ["2015年"]])
def test_examples_of_another_shape(monkeypatch: pytest.MonkeyPatch, rows: Any) -> None:
    with_examples(monkeypatch, "time.yaml", rows)
    with pytest.raises(DataError, match=r"time\.yaml:1: examples must be a list of lists of 5 cells"):
        list(text_examples.failures())


def test_a_figure_that_is_read_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    with_examples(monkeypatch, "numbers.yaml", [["累计近3000家", "3000", "家", "exact", ""]])
    (told,) = text_examples.failures()
    assert "numbers.yaml:" in told
    assert "['3000', '家', 'nearly', '']" in told


@pytest.mark.parametrize(("key", "verdict"), [("examples", "not found"), ("not", "found")])
def test_a_line_that_is_no_byline(monkeypatch: pytest.MonkeyPatch, key: str, verdict: str) -> None:
    line = "三地海关签署备忘录。" if key == "examples" else "新华社记者"

    def rules(path: Path) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        filling, found = load_rules(path)
        first = {"examples": [], **found["bylines"][0], key: [line]}
        return filling, {**found, "bylines": [first]}

    monkeypatch.setattr(text_examples, "load_rules", rules)
    (told,) = text_examples.failures()
    assert told.startswith(f"{bundled()}:")
    assert told.endswith(f"on '{line}': wrongly {verdict}; mend the rule or its example")


def test_check_tells_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def failures() -> Iterator[str]:
        yield "time.yaml:1: wrong"

    monkeypatch.setattr(text_examples, "failures", failures)
    assert "time.yaml:1: wrong" in set(check("fast"))
