"""Queries over a build: answers in every format, errors that help, and nothing that gets out of hand."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import gold_build
from wcwidth import wcswidth

from kg.errors import DataError, QueryError, ReadError
from kg.nquads import literal
from kg.query import ask, list_questions, query_table, run_query
from kg.sparql import DEEPEST, LONGEST, form
from kg.tables import align, shorten

OPENED = 'SELECT ?name ?opened { ?line kg:openedOn ?opened ; rdfs:label ?name FILTER(LANG(?name) = "zh") }'
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gold_build(tmp_path_factory.mktemp("gold") / "build")


# ------------------------------------------------------------------------------------------------ answers


def test_a_table_is_aligned_for_double_width(build: Path) -> None:
    assert run_query(build, OPENED) == ("name          opened\n────────────  ──────────\n京雄城际铁路  2020-12-27\n")


@given(st.lists(st.lists(st.text("ab京津 \x1b\n\u200b"), min_size=2, max_size=2)))
def test_columns_begin_at_one_place(rows: list[list[str]]) -> None:
    lines = align(("列", "b"), [[first, "|" + second] for first, second in rows]).splitlines()
    starts = {wcswidth(line[: line.index("|")]) for line in lines[2:]}
    assert len(starts) <= 1
    assert "\x1b" not in "".join(lines)


def test_csv_and_tsv_and_json(build: Path) -> None:
    assert list(csv.reader(io.StringIO(run_query(build, OPENED, fmt="csv")))) == [
        ["name", "opened"],
        ["京雄城际铁路", "2020-12-27"],
    ]
    assert run_query(build, OPENED, fmt="tsv").splitlines()[1].startswith('"京雄城际铁路"@zh\t"2020-12-27"^^')
    (row,) = json.loads(run_query(build, OPENED, fmt="json"))["results"]["bindings"]
    assert row["name"] == {"type": "literal", "value": "京雄城际铁路", "xml:lang": "zh"}


def test_ask(build: Path) -> None:
    assert run_query(build, "ASK { ?s kg:openedOn ?o }") == "answer\n──────\ntrue\n"
    assert json.loads(run_query(build, "ASK { ?s kg:nothing ?o }", fmt="json"))["boolean"] is False


@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { ?s kg:openedOn ?o }", "DESCRIBE ?s { ?s kg:openedOn ?o }"])
def test_graphs_are_turtle_with_prefixes_or_n_triples(build: Path, query: str) -> None:
    turtle, lines = run_query(build, query), run_query(build, query, fmt="nt")
    assert "kg:openedOn" in turtle
    assert "@prefix unit:" not in turtle, "prefixes that nothing uses are left out"
    read = [
        set(ox.parse(text, format=f)) for text, f in ((turtle, ox.RdfFormat.TURTLE), (lines, ox.RdfFormat.N_TRIPLES))
    ]
    assert read[0] == read[1] != set()
    assert lines.splitlines() == sorted(lines.splitlines())
    assert run_query(build, query, fmt="table").splitlines()[0].split() == ["subject", "predicate", "object"]


def test_rows_as_data(build: Path) -> None:
    table = query_table(build, "SELECT ?o ?none { ?s kg:openedOn ?o }")
    date = literal("2020-12-27", datatype="http://www.w3.org/2001/XMLSchema#date")
    assert (table.columns, table.rows) == (("o", "none"), ((date, None),))
    assert query_table(build, "ASK { ?s kg:openedOn ?o }").rows == ((literal("true"),),)


def test_a_query_may_be_a_file_or_a_name(build: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("\ufeff# eine Frage\n" + OPENED, encoding="utf-8")
    assert run_query(build, str(path)) == run_query(build, OPENED)
    assert "京雄城际铁路" in run_query(build, "lines")


def test_the_answer_does_not_depend_on_the_run(build: Path) -> None:
    query = "SELECT * { ?s ?p ?o }"
    assert run_query(build, query, fmt="tsv") == run_query(build, query, fmt="tsv")


def test_asking_leaves_the_store_as_it_was(build: Path) -> None:
    def state() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (build / "store").iterdir() if path.name != "LOCK"}

    before = state()
    run_query(build, OPENED)
    assert state() == before


def test_iris_are_shortened_by_the_longest_prefix() -> None:
    prefixes = {"a": "http://x/", "b": "http://x/y/"}
    assert shorten("<http://x/y/z>", prefixes) == "b:z"
    assert shorten("<http://x/y z>", prefixes) == "http://x/y z"
    assert shorten("<http://other/>", prefixes) == "http://other/"
    assert shorten(literal("雄安", "zh"), prefixes) == "雄安"
    assert shorten(None, prefixes) == ""


# ------------------------------------------------------------------------------------------------ errors


def error(build: Path, query: str, **more: str) -> str:
    with pytest.raises(QueryError) as caught:
        run_query(build, query, **more)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_syntax_error_shows_line_and_column(build: Path) -> None:
    text = error(build, 'SELECT ?s\nWHERE { ?s rdfs:label "雄安"@zh FILTER(?s = ) }')
    head, line, caret = text.split("\n")
    assert head.startswith("query:2:")
    column = int(head.split(":")[2])
    assert line == '  WHERE { ?s rdfs:label "雄安"@zh FILTER(?s = ) }'
    assert wcswidth(caret) == 2 + wcswidth(line[2:][: column - 1]) + 1


def test_an_error_in_a_file_names_the_file(build: Path, tmp_path: Path) -> None:
    path = tmp_path / "wrong.rq"
    path.write_text("SELECT ?s\nWHERE { ?s ?p }", encoding="utf-8")
    assert error(build, str(path)).startswith(f"{path}:2:")


def test_an_unknown_prefix_is_explained(build: Path) -> None:
    text = error(build, "SELECT * {\n  ?s rfds:label ?o }")
    assert text.startswith("query:2:6: the prefix rfds: is not declared; did you mean rdfs:?")
    assert "PREFIX rfds: <…>" in text


def test_prefixes_in_text_are_none(build: Path) -> None:
    run_query(build, 'PREFIX a: <urn:a:b:> SELECT * { ?s a:p \'x:y\', """z:"w"""  # c:d\n }')


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "query:1:12: SERVICE is refused"),
        ("SELECT * { service SILENT ?x { ?s ?p ?o } }", "SERVICE is refused"),
        ("LOAD <http://127.0.0.1:9/>", "LOAD is an update"),
        ("PREFIX a: <b:c> INSERT DATA { a:a a:b a:c }", "query:1:17: INSERT is an update"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE is an update"),
        ("SELECT * { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }", f"nested more than {DEEPEST} deep"),
        ("SELECT * { ?s ?p '" + "x" * LONGEST + "' }", "longer than 64 kB"),
        ("{ ?s ?p ?o }", "query:1:1: a query begins with SELECT, ASK, CONSTRUCT, DESCRIBE"),
        ("SELECT * { ?s <http://a b> ?o }", "must not hold spaces"),
        ("no-such-question", "'no-such-question' is no query, no file and no question"),
        ("line", r"did you mean 'lines'\?"),
    ],
)
def test_what_is_refused_says_why(build: Path, query: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        run_query(build, query)


def test_words_that_only_look_dangerous_are_not_refused(build: Path) -> None:
    query = 'SELECT ?service ("LOAD SERVICE ((((" AS ?insert) { ?service a kg:service } # SERVICE'
    assert run_query(build, query).startswith("service  insert")


def test_a_format_that_does_not_fit_is_answered_with_those_that_do(build: Path) -> None:
    assert "SELECT query cannot be written as 'turtle': table, csv, tsv, json" in error(build, OPENED, fmt="turtle")


def test_without_a_build_the_way_to_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="run `kg build` first"):
        run_query(tmp_path / "nowhere", OPENED)


@pytest.mark.parametrize("damage", ["emptied", "overwritten"])
def test_a_damaged_store_says_so(build: Path, tmp_path: Path, damage: str) -> None:
    shutil.copytree(build / "store", tmp_path / "store")
    for path in (tmp_path / "store").iterdir():
        path.unlink() if damage == "emptied" else path.write_bytes(b"x")
    with pytest.raises(ReadError, match=r"store: the store cannot be read: (.|\n)*run `kg build` to make it anew"):
        run_query(tmp_path, OPENED)


@given(st.text(alphabet="SELECTASK {}()<>?$:#\"'\\\n@a雄-.;%0 "))
def test_reading_a_query_as_tokens_never_fails(query: str) -> None:
    form(query)


# ------------------------------------------------------------------------------------------------ limits


def test_a_timeout_kills(build: Path) -> None:
    start = time.monotonic()
    with pytest.raises(QueryError, match=r"did not end within 0\.5 s"):
        run_query(build, ENDLESS, timeout=0.5)
    assert time.monotonic() - start < 5


def test_a_query_that_needs_too_much_memory_is_stopped(build: Path) -> None:
    query = "SELECT ?a ?f { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a"
    with pytest.raises(QueryError, match=r"memory"):
        ask(build, query, "json", timeout=60, memory=800 << 20)


def test_queries_run_beside_each_other(build: Path) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(run_query(build, OPENED))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {run_query(build, OPENED)}


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_the_worker_has_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = (
            "import ctypes, os, socket, sys; from kg.query_worker import confine\n"
            "before = os.readlink('/proc/self/ns/net'); confine(4 << 30, 60)\n"
            "if os.readlink('/proc/self/ns/net') == before: print('not allowed'); sys.exit()\n"
            f"print(socket.socket().connect_ex(('127.0.0.1', {port})) != 0)"
        )
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    if ran.stdout.strip() == "not allowed":
        pytest.skip("this system does not let a process leave its network")
    assert ran.stdout.strip() == "True"


# ------------------------------------------------------------------------------------------------ questions


def test_questions_ask_in_two_languages() -> None:
    questions = list_questions()
    assert len(questions) >= 14
    chinese = re.compile("[㐀-鿿]")
    assert [each.name for each in questions if not chinese.search(each.zh) or chinese.search(each.en)] == []
    assert all(each.zh.endswith("?") and each.en.endswith("?") for each in questions)


def test_a_question_without_a_question_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_text("SELECT * { ?s ?p ?o }", encoding="utf-8")
    with pytest.raises(DataError, match=r"bad\.rq:1: the first line asks in two languages"):
        list_questions(tmp_path)


# ------------------------------------------------------------------------------------------------ nothing


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ?x { ?x kg:opendOn ?y }", "kg:opendOn is no term of the ontology: did you mean kg:openedOn?\n"),
        ('SELECT ?x { ?x rdfs:label "nobody" }', "nothing was found\n"),
        ("CONSTRUCT { ?x a ?y } WHERE { ?x kg:opendOn ?y }", "kg:opendOn is no term"),
        ("SELECT ?x { ?x kg:openedOn ?y } LIMIT 1", ""),
        ("CONSTRUCT { ?x kg:openedOn ?y } WHERE { ?x kg:openedOn ?y } LIMIT 1", ""),
        ("ASK { ?x kg:opendOn ?y }", ""),
    ],
)
@pytest.mark.parametrize("fmt", ["", "table", "csv", "json", "turtle"])
def test_an_empty_answer_is_said_to_be_one(
    bundled: Path, capfd: pytest.CaptureFixture[str], query: str, said: str, fmt: str
) -> None:
    from kg.cli import run

    if run(["query", query, "--in", str(bundled), *(["--format", fmt] if fmt else [])]) == 0:
        assert capfd.readouterr().err.startswith(said) if said else capfd.readouterr().err == ""
