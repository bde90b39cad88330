"""What a build found is counted once each, and told the same way in JSON, Markdown and on the terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import OutputError
from kg.report import Counts, Summary, count, is_build, load_report, may_replace, to_text, write_report

RECORDS = [
    {"kind": "entity", "document": "a.txt", "id": "i:xiongan", "type": "Zone", "names": ["雄安新区"]},
    {"kind": "entity", "document": "b.txt", "id": "i:xiongan", "type": "Zone", "names": ["雄安"]},
    {"kind": "entity", "document": "a.txt", "id": "i:line", "type": "TransportLine", "names": ["京雄城际"]},
    {"kind": "fact", "document": "a.txt", "s": "i:line", "p": "connects", "o": "i:xiongan"},
    {"kind": "fact", "document": "b.txt", "s": "i:line", "p": "connects", "o": "i:xiongan"},
    {"kind": "fact", "document": "b.txt", "s": "i:line", "p": "openedOn", "o": "2020", "modality": "planned"},
    {"kind": "observation", "document": "a.txt", "about": "i:line", "indicator": "全长", "value": 91, "unit": "公里"},
]
REJECTED = {("names.v1", "crosses a longer mention"): 2}


@pytest.fixture
def summary(tmp_path: Path) -> Summary:
    counts = count(RECORDS, REJECTED)
    problems, violations = ("c.txt: empty",), ("i:line opened before it was started",)
    return Summary(
        tmp_path / "build", "news", 2, 300, 99, counts, problems, violations, False, {"read": 0.25, "write": 1.0}
    )


def test_counts_a_thing_once_however_often_it_is_stated() -> None:
    assert count(RECORDS, REJECTED) == Counts(
        {"Zone": 1, "TransportLine": 1},
        {("connects", "asserted"): 1, ("openedOn", "planned"): 1},
        {"asserted": 1},
        REJECTED,
    )


def test_the_printed_summary_tells_all(summary: Summary) -> None:
    text = to_text(summary)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "2 documents, 1 not read, 300 characters, 99 quads" in lines
    assert {"Zone 1", "connects 1", "openedOn 1", "crosses a longer mention (names.v1) 2"} <= set(lines)
    assert "SHACL: does not conform, 1 findings" in lines
    assert f"built {summary.out} in 1.2 s; look at" in lines


def test_seconds_stand_in_the_json_alone(summary: Summary, tmp_path: Path) -> None:
    write_report(summary, tmp_path)
    assert json.loads((tmp_path / "report.json").read_text())["seconds"] == {"read": 0.25, "write": 1.0}
    markdown = (tmp_path / "report.md").read_text()
    assert "| openedOn |  | 1 |  |" in markdown
    assert "* c.txt: empty" in markdown
    assert "0.25" not in markdown


def test_a_build_is_known_by_its_report(summary: Summary, tmp_path: Path) -> None:
    assert not is_build(tmp_path)
    with pytest.raises(OutputError, match="no build here; make one with: kg build"):
        load_report(tmp_path)
    write_report(summary, tmp_path)
    assert is_build(tmp_path)
    assert load_report(tmp_path)["facts"] == {"connects": {"asserted": 1}, "openedOn": {"planned": 1}}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "another"}', "\x00"])
def test_another_report_is_no_build(tmp_path: Path, text: str) -> None:
    (tmp_path / "report.json").write_text(text)
    assert not is_build(tmp_path)


def test_pictures_of_tests_do_not_stand_in_the_way_of_a_build(tmp_path: Path) -> None:
    (tmp_path / "screens").mkdir()
    assert may_replace(tmp_path)
    assert not is_build(tmp_path)
    (tmp_path / "thesis.txt").touch()
    assert not may_replace(tmp_path)


def test_the_last_line_asks_the_build_that_was_made(summary: Summary) -> None:
    assert to_text(summary).splitlines()[-1].endswith(f"query NAME --in {summary.out} asks it")
    assert to_text(replace(summary, out=Path("build"))).splitlines()[-1].endswith("query NAME asks it")
