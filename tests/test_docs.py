"""What the documents say is so: their commands run, their links lead somewhere, their lists are complete."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support import ROOT

from kg.cli import cli

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "data" / "README.md"])


def blocks(document: str, language: str) -> Iterator[str]:
    """The fenced blocks of a document in a language."""
    text = (ROOT / document).read_text(encoding="utf-8")
    yield from re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands(document: str) -> list[str]:
    """The command lines of a document, without their comments."""
    lines = "\n".join(blocks(document, "sh")).splitlines()
    return [re.sub(r"\s+#.*$", "", line) for line in lines if line.strip()]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.search(r"All commands: (.*?);", text, re.DOTALL)
    assert listed
    assert re.findall(r"`(\w+)`", listed[1]) == sorted(cli.commands)


def test_the_first_commands_are_two_and_there() -> None:
    assert commands("README.md")[:2] == ["./run build", "./run test"]
    assert os.access(ROOT / "run", os.X_OK)
    assert subprocess.run(["sh", "-n", ROOT / "run"], check=False).returncode == 0


@pytest.mark.slow
def test_the_commands_of_the_readme_run(bundled: Path, tmp_path: Path) -> None:
    shutil.copytree(bundled, tmp_path / "build")
    (tmp_path / "my-news").mkdir()
    text = "2020年12月27日，京雄城际铁路实现全线开通运营。"
    (tmp_path / "my-news" / "train.txt").write_text(text, encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    lines = commands("README.md")[2:]
    assert len(lines) >= 8
    for line in lines:
        done = subprocess.run(
            line, shell=True, cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"
    made = ("evidence.csv", "network.html", "mine/graph.nq", "mine.graphml", "museum/recipe.toml")
    assert all((tmp_path / name).stat().st_size for name in made)


@pytest.mark.slow
def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my-news").mkdir()
    shutil.copy(ROOT / "data" / "articles" / "jingjinji-2021.txt", tmp_path / "my-news")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks("README.md", "python"):
        exec(block, names)
    assert getattr(names["table"], "rows", ())


def test_the_rule_in_the_guide_is_one_that_is_tried() -> None:
    [block] = blocks("CONTRIBUTING.md", "yaml")
    [shown] = yaml.safe_load(block)
    rules = yaml.safe_load((ROOT / "data/skeleton/grammar/relations/films.yaml").read_text(encoding="utf-8"))
    assert shown in rules


def test_every_data_file_has_an_origin() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    patterns = {
        name for cell in re.findall(r"^\| (.*?) \|", text, re.MULTILINE) for name in re.findall(r"`([^`]+)`", cell)
    }
    patterns |= {f"grammar/{name}" for name in patterns}
    files = [path.relative_to(ROOT / "data") for path in (ROOT / "data").rglob("*") if path.is_file()]
    told = [file for file in files if any(file.match(p) or str(file).startswith(p) for p in patterns)]
    ignored = {file for file in files if "__pycache__" in file.parts or file.name == "README.md"}
    ignored |= {file for file in files if file.parts[0] == "lexicon"}  # its own README tells of each
    assert sorted(set(files) - set(told) - ignored) == []


def test_the_readme_leads_to_every_document() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in (ROOT / "docs").glob("*.md") if f"](docs/{path.name})" not in text] == []


def test_every_benchmark_is_listed() -> None:
    text = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    programs = {
        path.stem for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text(encoding="utf-8")
    }
    assert programs
    assert {name for name in programs if f"python -m benchmarks.{name}" not in text} == set()


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
