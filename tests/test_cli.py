"""The commands: what they print where, their exit codes, their help, and that nobody ever sees a traceback."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kg.cli import cli, run
from kg.errors import DataError
from kg.questions import list_questions

HEAVY = {"rdflib", "pyoxigraph", "pyshacl", "networkx", "pyvis", "jinja2", "numpy", "yaml", "lxml", "trafilatura"}
HEAVY |= {"pypinyin", "ahocorasick_rs", "rich", "IPython", "charset_normalizer", "wcwidth"}


def kg(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "kg", *args], capture_output=True, text=True, check=False)


def examples(command: click.Command) -> Iterator[list[str]]:
    """The example lines of a command's help as argument lists, without comment and redirection."""
    for line in (command.epilog or "").splitlines():
        if line.strip().startswith("kg "):
            words = shlex.split(re.sub(r"\s{2,}\(.*\)$|\s*[|>].*$", "", line.strip()))
            yield words[1:]


def test_help_loads_nothing_heavy() -> None:
    code = f"import sys; from kg.cli import run; run(['--help']); print({HEAVY!r} & set(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "set()"
    assert "Usage: kg" in done.stdout


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_each_command_explains_itself_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert "Example:" in text
    assert text.count(f"kg {name}") >= 2


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_each_example_is_a_command_line_that_parses(name: str) -> None:
    shown = list(examples(cli.commands[name]))
    assert shown
    for words in shown:
        assert cli.commands[words[0]].make_context(words[0], words[1:])


def test_questions_in_examples_are_there() -> None:
    asked = {words[1] for words in examples(cli.commands["query"]) if words[1].replace("-", "").isalpha()}
    assert asked
    assert asked <= {question.name for question in list_questions()}


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_the_list_of_commands_shows_each_in_full(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    line = next(line for line in capsys.readouterr().out.splitlines() if line.strip().startswith(f"{name} "))
    assert not line.endswith("...")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert re.fullmatch(r"kg \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    "args", [["nonsense"], ["build", "--nonsense"], ["query"], ["export"], ["score", "--min", "2"]]
)
def test_a_wrong_request_is_2(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(args) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "Error:" in told.err


@pytest.mark.parametrize(
    "command", ["query agreements", "stats", "view", "export --format turtle", "validate", "score"]
)
def test_where_there_is_no_build_the_message_says_how_to_make_one(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command.split(), "--in", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == f"{tmp_path}: no build here; make one with: kg build --out {tmp_path}\n"


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        (DataError("rules.yaml:3: bad"), 2, "rules.yaml:3: bad\n"),
        (PermissionError(13, "Permission denied", "/x"), 2, "/x: Permission denied\n"),
        (KeyboardInterrupt(), 130, "\nstopped; nothing was changed\n"),
        (
            ZeroDivisionError("oops"),
            70,
            "ZeroDivisionError: oops: this is a fault of kg; set KG_DEBUG=1 to see where\n",
        ),
    ],
)
def test_whatever_goes_wrong_is_one_line(
    failure: BaseException, code: int, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(sys.modules["kg.commands.make"], "progress_bar", fail)
    assert run(["build"]) == code
    assert capsys.readouterr().err == message


def test_a_reader_that_stops_listening_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m kg questions | head -n 1", shell=True, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def test_without_arguments_the_help_is_shown() -> None:
    done = kg()
    assert "Usage: kg" in done.stdout + done.stderr


class TestOnTheBundledBuild:
    """Commands on a build: data on stdout, the rest on stderr."""

    def test_query_answers_on_stdout(self, bundled: Path, capsys: pytest.CaptureFixture[str]) -> None:
        select = "SELECT (COUNT(*) AS ?n) { ?s a kg:Statement }"
        assert run(["query", select, "--in", str(bundled), "--format", "json"]) == 0
        told = capsys.readouterr()
        assert int(json.loads(told.out)["results"]["bindings"][0]["n"]["value"]) > 0
        assert told.err == ""

    def test_a_wrong_query_says_where(self, bundled: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["query", "SELECT ?x {", "--in", str(bundled)]) == 2
        assert capsys.readouterr().err.startswith("query:1:12: ")

    def test_stats_as_text_and_json(self, bundled: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["stats", "--in", str(bundled)]) == 0
        assert "quads by graph" in capsys.readouterr().out
        assert run(["stats", "--in", str(bundled), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["documents"] == {"2021": 1}

    def test_validate_conforms(self, bundled: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["validate", "--in", str(bundled)]) == 0
        told = capsys.readouterr()
        assert (told.out, told.err) == ("", "conforms\n")

    def test_score_prints_the_table_and_holds_a_bar(self, bundled: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["score", "--in", str(bundled)]) == 0
        assert "observations" in capsys.readouterr().out
        assert run(["score", "--in", str(bundled), "--min", "1", "--json"]) == 1
        assert set(json.loads(capsys.readouterr().out)) == {"entities", "facts", "observations"}

    def test_view_writes_a_page(self, bundled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        page = tmp_path / "page.html"
        assert run(["view", "--in", str(bundled), "--out", str(page), "--lang", "en"]) == 0
        assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
        assert capsys.readouterr().out == ""

    def test_export_writes_a_file(self, bundled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = tmp_path / "graph.gexf"
        assert run(["export", "--in", str(bundled), "--format", "gexf", "-o", str(out), "-q"]) == 0
        assert out.stat().st_size > 1000
        assert capsys.readouterr() == ("", "")

    def test_an_unknown_format_is_answered_with_the_known_ones(
        self, bundled: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["export", "--in", str(bundled), "--format", "excel"]) == 2
        assert "graphml" in capsys.readouterr().err

    def test_questions_are_listed_in_two_languages(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["questions"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) >= 28
        assert all(re.search(r"[一-龥]", line) for line in lines[::2])
