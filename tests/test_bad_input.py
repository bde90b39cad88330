"""Whatever is wrong: one clear message with its place, the right exit code, and the previous build whole."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ROOT

from kg.cli import run

MARK = "the previous build"


@pytest.fixture
def out(tmp_path: Path, bundled: Path) -> Path:
    """A previous build, with a mark that a new build would take away."""
    folder = tmp_path / "build"
    shutil.copytree(bundled, folder)
    (folder / "report.md").write_text(MARK)
    return folder


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """A copy of what the bundled recipe loads, to be broken."""
    shutil.copytree(ROOT / "data", tmp_path / "project" / "data")
    shutil.copy(ROOT / "ontology.ttl", tmp_path / "project")
    return tmp_path / "project" / "data" / "recipe.toml"


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that must fail with an exit code, and gives the one line that it told."""

    def told_(*args: object, code: int = 2) -> str:
        assert run([str(arg) for arg in args]) == code
        heard = capsys.readouterr()
        assert heard.err.count("\n") == 1, heard.err
        assert "Traceback" not in heard.err
        return heard.err.rstrip("\n")

    return told_


def assert_whole(out: Path) -> None:
    """The previous build is as it was, and nothing half-done lies beside it."""
    assert (out / "report.md").read_text() == MARK
    assert not [path.name for path in out.parent.iterdir() if path.name.startswith(".")]


def ascii_noise(size: int) -> bytes:
    return random.Random(0).randbytes(size)


SOURCES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("news.txt", b"", r"news\.txt: is empty; "),
    "only white space": ("news.txt", b"\n \n\t\n", r"news\.txt: is empty; "),
    "PDF": ("news.txt", b"%PDF-1.7\n" + ascii_noise(2000), r"news\.txt: is a PDF"),
    "noise": ("news.txt", ascii_noise(5000), r"news\.txt:"),
    "undecodable byte": (
        "news.txt",
        "第一行是新闻。\n京雄城际铁路".encode() + b"\xff" + "开通。".encode(),
        r"news\.txt:2: .*byte",
    ),
    "half of UTF-16": ("news.txt", "京雄城际铁路开通。".encode("utf-16")[:-1], r"news\.txt:"),
    "JSON Lines without text": (
        "news.jsonl",
        b'{"text": "\xe9\x9b\x84\xe5\xae\x89"}\n{"title": "x"}\n',
        r"news\.jsonl:2: .*text",
    ),
    "no JSON": ("news.jsonl", b"{not json\n", r"news\.jsonl:1: "),
    "JSON of another shape": ("news.jsonl", b"[1, 2]\n", r"news\.jsonl:1: "),
}


@pytest.mark.parametrize("case", SOURCES)
def test_a_source_that_cannot_be_read(case: str, out: Path, tmp_path: Path, told: Callable[..., str]) -> None:
    name, data, message = SOURCES[case]
    (tmp_path / name).write_bytes(data)
    readable = case == "JSON Lines without text"  # what stands before the bad line is built
    heard = told("build", tmp_path / name, "--out", out, "-q", code=1 if readable else 2)
    assert re.match(re.escape(f"{tmp_path}/") + message, heard), heard
    if not readable:
        assert_whole(out)


def test_a_source_that_is_not_there(out: Path, told: Callable[..., str]) -> None:
    assert re.match(r"nowhere\.txt: no such file or folder; ", told("build", "nowhere.txt", "--out", out))
    assert_whole(out)


def test_a_folder_with_nothing_readable(out: Path, tmp_path: Path, told: Callable[..., str]) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "photo.png").write_bytes(b"\x89PNG")
    assert re.search(r"news: holds nothing readable; put \.htm", told("build", tmp_path / "news", "--out", out))
    assert_whole(out)


def test_a_bad_file_among_good_ones_is_told_and_the_rest_is_built(tmp_path: Path, told: Callable[..., str]) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "bad.txt").touch()
    (news / "good.txt").write_text("2020年12月27日，京雄城际铁路实现全线开通运营。", encoding="utf-8")
    assert told("build", news, "--out", tmp_path / "build", "-q", code=1).startswith(f"{news}/bad.txt: is empty")
    assert (tmp_path / "build" / "graph.nq").stat().st_size


def broken(path: Path, old: str, new: str) -> None:
    """Replace the first ``old`` of a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rules_file(recipe: Path) -> Path:
    return sorted((recipe.parent / "grammar" / "relations").glob("*.yaml"))[0]


def bad_regex(recipe: Path) -> str:
    rules = rules_file(recipe)
    rules.write_text(re.sub(r"pattern: '", "pattern: '(", rules.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    return rf"{rules.name}:\d+: .*regular expression"


def unknown_class(recipe: Path) -> str:
    rules = rules_file(recipe)
    text = rules.read_text(encoding="utf-8")
    rules.write_text(re.sub(r"(\{\w+\*?:)\w+", r"\1Spaceship", text, count=1), encoding="utf-8")
    return rf"{rules.name}:\d+: .*Spaceship"


def bad_yaml(recipe: Path) -> str:
    broken(rules_file(recipe), "- id:", "- id: [")
    return rf"{rules_file(recipe).name}:\d+: .*YAML"


def missing_column(recipe: Path) -> str:
    with (recipe.parent / "lexicon" / "divisions.csv").open("a", encoding="utf-8") as rows:
        rows.write("nowhere,Zone,无处新区\n")
    return r"divisions\.csv:\d+: expected 11 cells .*, found 3"


def turtle_syntax(recipe: Path) -> str:
    ontology = recipe.parent.parent / "ontology.ttl"
    lines = ontology.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.endswith(" ;") and i > 100)
    lines[at] = lines[at].removesuffix(";") + "]"
    ontology.write_text("\n".join(lines), encoding="utf-8")
    return rf"ontology\.ttl:{at + 1}:\d+: "


def bad_toml(recipe: Path) -> str:
    broken(recipe, "name =", "name")
    return r"recipe\.toml:1: not TOML"


def unknown_engine(recipe: Path) -> str:
    broken(recipe, '"lexicon", ', '"oracle", ')
    return r".*no engine 'oracle'; known: lexicon"


def no_ontology(recipe: Path) -> str:
    (recipe.parent.parent / "ontology.ttl").unlink()
    return r"ontology\.ttl:1: cannot be read"


def shapes_syntax(recipe: Path) -> str:
    broken(recipe.parent / "shapes.ttl", "sh:NodeShape ;", "sh:NodeShape ]")
    return r"shapes\.ttl:\d+:\d+: "


DATA = [
    bad_regex,
    unknown_class,
    bad_yaml,
    missing_column,
    turtle_syntax,
    bad_toml,
    unknown_engine,
    no_ontology,
    shapes_syntax,
]


@pytest.mark.parametrize("breakage", DATA)
def test_data_that_are_wrong(
    breakage: Callable[[Path], str], out: Path, recipe: Path, told: Callable[..., str]
) -> None:
    message = breakage(recipe)
    heard = told("build", "--recipe", recipe, "--out", out)
    assert re.search(message, heard), heard
    assert_whole(out)


@pytest.mark.parametrize("place", ["file", "file/build", "/dev/null/build", "/proc/build"])
def test_an_output_that_cannot_be_written(place: str, tmp_path: Path, told: Callable[..., str]) -> None:
    (tmp_path / "file").write_text(MARK)
    heard = told("build", "--out", tmp_path / place)
    assert heard.startswith(f"{tmp_path / place}: ")
    assert heard.endswith(("choose another folder", "choose a folder for the build"))
    assert (tmp_path / "file").read_text() == MARK


def test_an_output_folder_with_files_of_others(tmp_path: Path, told: Callable[..., str]) -> None:
    (tmp_path / "thesis.doc").write_text(MARK)
    assert "holds files that no build made" in told("build", "--out", tmp_path)
    assert (tmp_path / "thesis.doc").read_text() == MARK


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("runner", ["serial", "processes:2"])
def test_a_build_that_is_stopped_in_the_middle(out: Path, number: int, code: int, runner: str) -> None:
    command = [sys.executable, "-m", "kg", "build", "--out", str(out), "--runner", runner]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 30
    while not list(out.parent.glob(".build.*.part")):
        assert child.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    time.sleep(0.3)
    os.killpg(child.pid, number)  # as a terminal does: to all processes of the group
    _, heard = child.communicate(timeout=30)
    assert child.returncode == code
    assert "Traceback" not in heard
    assert [line for line in heard.splitlines() if line] == (["stopped; nothing was changed"] if code == 130 else [])
    assert_whole(out)


@pytest.mark.slow
def test_one_line_of_fifty_megabytes(tmp_path: Path, told: Callable[..., str]) -> None:
    (tmp_path / "line.txt").write_bytes("京雄城际铁路实现全线开通运营。".encode() * (50_000_000 // 45))
    started = time.monotonic()
    heard = told("build", tmp_path / "line.txt", "--out", tmp_path / "build", "-q")
    assert re.match(r".*line\.txt: .*; ", heard)
    assert time.monotonic() - started < 30
