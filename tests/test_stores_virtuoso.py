"""Push, pull and questions with Virtuoso, whose ways are its own: Digest, short answers, truth values as rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from documented import block, with_ports
from real_stores import STORES
from servers import free_port, served
from support import gold_build, gold_graph
from test_stores_push import BASE, FACTS, lay

from kg import nquads
from kg.cli import run
from kg.query import run_query as ask_build
from kg.stores.asking import run_query
from kg.stores.pull import Pull
from kg.stores.push import How, Push
from kg.stores.remote import connect
from kg.terms import XSD
from kg.types import Quad


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    reason = STORES["Virtuoso"].absent()
    if reason:
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("virtuoso")
    ports = {8890: free_port(), 1111: free_port()}
    (folder / "virtuoso.ini").write_text(with_ports(block("Virtuoso", "ini"), ports), encoding="utf-8")
    with served(["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"], ports[8890], cwd=folder):
        yield f"http://127.0.0.1:{ports[8890]}"


@pytest.fixture(autouse=True)
def user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_USER", "dba")
    monkeypatch.setenv("KG_PASSWORD", "dba")


@pytest.mark.slow
@pytest.mark.parametrize("via", ["gsp", "update"])
def test_a_build_arrives_and_comes_back_with_the_same_bytes(server: str, tmp_path: Path, via: str) -> None:
    build = lay(tmp_path / "build", gold_graph())
    arrived = Push(connect(server), build, how=How(via, 1000)).run()
    assert [each.problem for each in arrived] == [""] * len(arrived)
    assert run(["pull", server, "--out", str(tmp_path / "back.nq"), "--quiet"]) == 0
    assert (tmp_path / "back.nq").read_bytes() == (build / "graph.nq").read_bytes()


@pytest.mark.slow
def test_questions_are_answered_as_over_a_build(server: str, tmp_path: Path) -> None:
    build = gold_build(tmp_path / "build")
    Push(connect(server), build).run()
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    for query in (count, "kinds", "agreements", "ASK { ?x kg:openedOn ?day }", "ASK { ?x kg:openedOn 'never' }"):
        assert run_query(connect(server), query) == ask_build(build, query)


@pytest.mark.slow
def test_more_than_it_answers_at_once_comes_in_pages(server: str, tmp_path: Path) -> None:
    quads = tuple(
        Quad(f"<{BASE}id/{i}>", f"<{BASE}p{i % 3}>", f"<{BASE}id/{i + 1}>", f"<{FACTS}>") for i in range(32_000)
    )
    build = lay(tmp_path / "build", quads)
    Push(connect(server), build).run()
    told: list[str] = []
    Pull(connect(server), [FACTS], tell=told.append).run(tmp_path / "back.nq")
    assert (tmp_path / "back.nq").read_bytes() == (build / "graph.nq").read_bytes()
    assert told == [f"{FACTS}: 10000 of 32000 triples come at once; asking for them in pages"]


@pytest.mark.slow
@pytest.mark.parametrize("via", ["gsp", "update"])
def test_nasty_texts_come_back(server: str, tmp_path: Path, via: str) -> None:
    texts = ["雄安😀𠀀", "a\"b'c", "line\nbreak\r\n\ttab", "\\u0041 \\\\n \\", "", " ", "<&>{}|^`", "é" * 9000, "%41 %"]
    dates = {"date": "2020-12-27", "gYearMonth": "2015-06", "gYear": "2013", "decimal": "-12.5", "integer": "7"}
    objects = [nquads.literal(text, language) for text in texts for language in ("", "zh", "zh-latn")]
    objects += [nquads.literal(text, datatype=XSD + datatype) for datatype, text in dates.items()]
    subject = nquads.iri(f"{BASE}id/京津冀?x=1&y=é")
    graph = nquads.iri(f"{BASE}graph/京 津")
    quads = tuple(Quad(subject, f"<{BASE}p{i}>", each, graph) for i, each in enumerate(objects))
    build = lay(tmp_path / "build", quads)
    [arrived] = Push(connect(server), build, how=How(via)).run()
    assert arrived.problem == ""
    Pull(connect(server), [arrived.graph]).run(tmp_path / "back.nq")
    assert (tmp_path / "back.nq").read_text(encoding="utf-8") == (build / "graph.nq").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("password", "message"),
    [("", "this needs a user: set KG_USER and KG_PASSWORD"), ("wrong", "is not let in, or may not do this")],
)
def test_who_may_not_write_is_told(
    server: str,
    tmp_path: Path,
    password: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    build = lay(tmp_path / "build")
    monkeypatch.setenv("KG_PASSWORD", password)
    monkeypatch.setenv("KG_USER", "dba" if password else "")
    assert run(["push", server, "--in", str(build)]) == 2
    told = capsys.readouterr().err
    assert "refused with 401" in told
    assert message in told
