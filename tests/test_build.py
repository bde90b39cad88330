"""The whole path: from articles to a build folder, the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

import kg
from kg.build import build
from kg.errors import DataError, ReadError
from kg.report import load_report

STAGES = ["load", "annotate", "resolve", "state", "join", "write", "draw", "validate"]
FILES = {"graph.nq", "facts.ttl", "records.jsonl", "profiles.jsonl", "texts.jsonl", "graph.html", "report.md"}
"""What depends on the input alone."""

TRAIN = "2020年12月27日，京雄城际铁路实现全线开通运营。"
PLAN = "2018年4月，中共中央、国务院批复了《河北雄安新区规划纲要》。"


def kg_build(out: Path, *args: str, seed: int = 0) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONHASHSEED": str(seed)}
    command = [sys.executable, "-m", "kg", "build", "--out", str(out), *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "train.txt").write_text(TRAIN, encoding="utf-8")
    (folder / "plan.txt").write_text(PLAN, encoding="utf-8")
    return folder


def test_a_build_has_all_its_files(bundled: Path) -> None:
    assert {path.name for path in bundled.iterdir()} == FILES | {"report.json", "store"}
    assert all((bundled / name).stat().st_size for name in FILES)


def test_the_report_tells_what_was_found(bundled: Path) -> None:
    report = load_report(bundled)
    assert report["documents"] == 1
    assert report["conforms"]
    assert report["problems"] == []
    assert min(map(len, (report["entities"], report["facts"], report["observations"]))) > 0
    assert set(report["seconds"]) == set(STAGES)


def test_no_path_of_this_machine_is_in_a_build(bundled: Path) -> None:
    assert not [name for name, data in contents(bundled).items() if str(ROOT).encode() in data]


@pytest.mark.parametrize(("seed", "runner"), [(1, "serial"), (2, "processes:2")])
def test_another_process_writes_the_same_bytes(bundled: Path, tmp_path: Path, seed: int, runner: str) -> None:
    assert kg_build(tmp_path / "build", "--runner", runner, seed=seed).returncode == 0
    assert contents(tmp_path / "build") == contents(bundled)


def test_the_order_and_number_of_sources_do_not_matter(news: Path, tmp_path: Path) -> None:
    there, back, twice = (tmp_path / name for name in ("there", "back", "twice"))
    build([news / "plan.txt", news / "train.txt"], out=there)
    build([news / "train.txt", news / "plan.txt"], out=back)
    summary = build([news, news / "train.txt"], out=twice)
    assert summary.documents == 2
    assert contents(there) == contents(back) == contents(twice)


def test_workers_of_any_number_write_the_same(news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build([news], out=tmp_path / "one")
    monkeypatch.setattr(sys.modules["kg.build"], "BATCH", 1)
    build([news], out=tmp_path / "two", runner="processes:2")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_the_same_text_under_two_names_is_one_document(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "a", "text": TRAIN}), json.dumps({"id": "a", "text": TRAIN})]
    (tmp_path / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert build([tmp_path / "news.jsonl"], out=tmp_path / "build").documents == 1


def test_what_is_readable_is_built_and_what_is_not_is_told(news: Path, tmp_path: Path) -> None:
    (news / "empty.txt").touch()
    summary = build([news], out=tmp_path / "build")
    assert summary.documents == 2
    assert not summary.ok
    assert [problem.partition(":")[0] for problem in summary.problems] == [str(news / "empty.txt")]
    assert load_report(tmp_path / "build")["problems"] == list(summary.problems)


def test_nothing_readable_is_an_error_and_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    with pytest.raises(ReadError, match=r"empty\.txt: is empty"):
        build([tmp_path / "empty.txt"], out=tmp_path / "build")
    assert [path.name for path in tmp_path.iterdir()] == ["empty.txt"]


def test_a_wrong_runner_is_answered_with_the_right_ones(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="known are processes, serial"):
        build(out=tmp_path / "build", runner="cloud")
    assert not list(tmp_path.iterdir())


def test_plans_and_denials_are_not_among_the_plain_facts(bundled: Path) -> None:
    plain = """SELECT ?s ?p ?o {
        ?statement rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:modality ?modality .
        FILTER(?modality != kg:asserted)
        GRAPH graph:facts { ?s ?p ?o }
        FILTER NOT EXISTS { ?other rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:modality kg:asserted }
    }"""
    assert kg.query(plain, bundled).rows == ()


def test_progress_tells_each_stage(news: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    build([news], out=tmp_path / "build", progress=lambda stage, done: told.append((stage, done)))
    assert list(dict.fromkeys(stage for stage, _ in told)) == STAGES


MEASURED = """
import re, sys, time
from pathlib import Path
from kg.cli import run
code = run()
peak = re.search(r"VmHWM:[^0-9]*([0-9]+) kB", Path("/proc/self/status").read_text())
print(time.process_time(), int(peak[1]) / 1024)
sys.exit(code)
"""


def used(*args: str) -> tuple[float, float]:
    """The CPU seconds and megabytes of a process that succeeds.

    It tells its own peak: what the system says of a child begins with the memory of the process that forked it.
    """
    done = subprocess.run([sys.executable, "-c", MEASURED, *args], check=True, capture_output=True, text=True)
    seconds, megabytes = map(float, done.stdout.split()[-2:])
    return seconds, megabytes


def test_the_bundled_build_is_quick_and_small(tmp_path: Path) -> None:
    """Under 5 s and 400 MB with all imports; CPU seconds, the best of three, as neighbours slow a core down too."""
    runs = [used("build", "-q", "--out", str(tmp_path / "build")) for _ in range(3)]
    assert min(seconds for seconds, _ in runs) < 5.0
    assert max(megabytes for _, megabytes in runs) < 400
