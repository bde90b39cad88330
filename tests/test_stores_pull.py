"""Graphs pulled from stores on the network: the bytes that went in, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import TRIPLES, Answer, Asked, FakeStore, scripted
from servers import oxigraph
from support import gold_graph
from test_stores_push import BASE, EVIDENCE, FACTS, QUADS, lay

from kg import nquads
from kg.cli import run
from kg.errors import DataError, RemoteError
from kg.stores.http import Client
from kg.stores.layouts import Endpoint
from kg.stores.pull import TRIES, Pull
from kg.stores.push import How, Push
from kg.stores.remote import RemoteStore, connect
from kg.stores.sorting import merged, sort_parts
from kg.terms import XSD
from kg.types import Quad


@contextmanager
def holding(
    quads: tuple[Quad, ...] = QUADS,
    trouble: Callable[[Asked], Answer | None] = lambda _: None,
    *,
    graphs: bool = True,
) -> Iterator[tuple[FakeStore, RemoteStore]]:
    """A store in this process that holds quads; without ``graphs`` it has no Graph Store Protocol."""
    behind = FakeStore(trouble)
    behind.store.bulk_load("".join(map(nquads.line, quads)).encode(), format=ox.RdfFormat.N_QUADS)
    with scripted(behind) as (url, _):
        client = Client(sleep=lambda _: None)
        yield behind, RemoteStore(Endpoint("", f"{url}/query", graphs_read=f"{url}/store" if graphs else ""), client)
        client.close()


def pulled(store: RemoteStore, out: Path, *names: str, told: list[str] | None = None) -> list[str]:
    """The lines of what is pulled."""
    Pull(store, names, tell=(told if told is not None else []).append).run(out)
    return out.read_text(encoding="utf-8").splitlines(keepends=True)


def lines(quads: tuple[Quad, ...] = QUADS, *graphs: str) -> list[str]:
    return sorted(nquads.line(quad) for quad in quads if not graphs or quad.graph[1:-1] in graphs)


# ------------------------------------------------------------------------------------------------ what comes


@pytest.mark.parametrize("graphs", [True, False], ids=["by graph", "by query"])
def test_graphs_come_sorted_whichever_way(tmp_path: Path, graphs: bool) -> None:
    with holding(graphs=graphs) as (_, store):
        assert pulled(store, tmp_path / "deep" / "graph.nq") == lines()
        assert pulled(store, tmp_path / "graph.nq", "facts") == lines(QUADS, FACTS)
        assert pulled(store, tmp_path / "graph.nq", EVIDENCE, "facts") == lines()


def test_without_names_the_graphs_of_the_build_come_and_no_others(tmp_path: Path) -> None:
    other = Quad("<a:a>", "<a:b>", "<a:c>", "<a:system>")
    with holding((*QUADS, other)) as (_, store):
        assert pulled(store, tmp_path / "graph.nq") == lines()
        assert pulled(store, tmp_path / "graph.nq", "all") == lines((*QUADS, other))


def test_where_there_is_no_build_or_more_than_one_the_graphs_are_listed(tmp_path: Path) -> None:
    with holding(QUADS[10:]) as (_, store), pytest.raises(DataError, match=f"no build there; name .*: {EVIDENCE}$"):
        pulled(store, tmp_path / "graph.nq")
    two = Quad("<a:a>", "<a:b>", "<a:c>", "<https://other.example/graph/facts>")
    with holding((*QUADS, two)) as (_, store):
        with pytest.raises(DataError, match="2 builds there; name graphs with --graph, or all"):
            pulled(store, tmp_path / "graph.nq")
        with pytest.raises(DataError, match="there is no graph 'fact'; there are https:"):
            pulled(store, tmp_path / "graph.nq", "fact")
    assert list(tmp_path.iterdir()) == []


def test_a_compressed_file_is_told_by_its_name(tmp_path: Path) -> None:
    import gzip

    with holding() as (_, store):
        Pull(store).run(tmp_path / "graph.nq.gz")
    assert gzip.decompress((tmp_path / "graph.nq.gz").read_bytes()).decode() == "".join(lines())


def test_without_a_file_standard_output_is_written(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with holding() as (_, store):
        Pull(store, ["facts"]).run()
    assert capfdbinary.readouterr().out.decode() == "".join(lines(QUADS, FACTS))


def test_lines_are_sorted_in_parts_and_merged(tmp_path: Path) -> None:
    given_ = [f"{i * 7 % 10}\n".encode() for i in range(25)]
    files, _ = sort_parts(given_, tmp_path, "x", at_once=4)
    assert len(files) == 7
    assert list(merged(files)) == sorted(set(given_))
    assert sort_parts([], tmp_path, "y") == ([], 0)


# ------------------------------------------------------------------------------------------------ accidents


def graph_answers(*answers: Answer) -> Callable[[Asked], Answer | None]:
    """Answers to requests for a graph, one after the other, before the store itself answers."""
    ahead = list(answers)

    def trouble(asked: Asked) -> Answer | None:
        return ahead.pop(0) if asked.path.startswith("/store") and ahead else None

    return trouble


HALF = "".join(nquads.line(quad._replace(graph="")) for quad in QUADS[:6]).encode()


def test_an_answer_that_breaks_off_is_asked_for_again(tmp_path: Path) -> None:
    told: list[str] = []
    cut = Answer(200, HALF, TRIPLES, cut=len(HALF) // 2)
    with holding(trouble=graph_answers(cut)) as (_, store):
        assert pulled(store, tmp_path / "graph.nq", told=told) == lines()
    assert len(told) == 1
    assert "the answer broke off" in told[0]
    assert told[0].endswith(f"asking again (1 of {TRIES - 1})")


def test_a_server_that_dies_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "graph.nq").write_text("what was there", encoding="utf-8")
    cut = Answer(200, HALF, TRIPLES, cut=len(HALF) // 2)
    dying = graph_answers(*[cut] * TRIES)
    with holding(trouble=dying) as (_, store), pytest.raises(RemoteError, match="the answer broke off"):
        pulled(store, tmp_path / "graph.nq")
    assert [path.name for path in tmp_path.iterdir()] == ["graph.nq"]
    assert (tmp_path / "graph.nq").read_text(encoding="utf-8") == "what was there"


def test_an_answer_that_is_cut_short_is_asked_for_in_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.stores.pull.PAGE", 4)
    told: list[str] = []
    with holding(trouble=graph_answers(Answer(200, HALF, TRIPLES))) as (_, store):
        assert pulled(store, tmp_path / "graph.nq", told=told) == lines()
    assert told == [f"{EVIDENCE}: 6 of 25 triples come at once; asking for them in pages"]


def test_from_a_store_that_is_known_to_cut_answers_pages_are_asked_for_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.stores.pull.PAGE", 12)
    with holding(trouble=graph_answers(Answer(500))) as (_, store):
        store.endpoint = replace(store.endpoint, most=12)
        assert pulled(store, tmp_path / "graph.nq", "evidence") == lines(QUADS, EVIDENCE)


def test_a_page_that_breaks_off_is_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.stores.pull.PAGE", 12)
    cut = [Answer(200, HALF, TRIPLES, cut=len(HALF) // 2)]
    second = lambda asked: cut.pop() if b"OFFSET+12" in asked.body and cut else None  # noqa: E731
    told: list[str] = []
    with holding(trouble=second) as (_, store):
        store.endpoint = replace(store.endpoint, most=12)
        assert pulled(store, tmp_path / "graph.nq", "evidence", told=told) == lines(QUADS, EVIDENCE)
    assert len(told) == 2


def test_what_never_comes_is_an_error(tmp_path: Path) -> None:
    def few(asked: Asked) -> Answer | None:
        is_graph = asked.path.startswith("/store") or b"CONSTRUCT" in asked.body
        return Answer(200, HALF, TRIPLES) if is_graph else None

    with (
        holding(trouble=few) as (_, store),
        pytest.raises(RemoteError, match="6 triples came of the 25 that the store"),
    ):
        pulled(store, tmp_path / "graph.nq")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(200, b"<a:a> <a:b> oops .\n", TRIPLES), "sends a graph that is malformed or broke off"),
        (Answer(200, b"<html>Welcome</html>", {"Content-Type": "text/html"}), "answers with a web page"),
        (Answer(500, b"java.lang.OutOfMemoryError\n\tat x"), "500: it says: java.lang.OutOfMemoryError$"),
        (Answer(200, b"_:b <a:b> <a:c> .\n", TRIPLES), r"holds a blank node .*_:b <a:b> <a:c>\); nothing was written"),
        (Answer(200, b"<a:a> <a:b> _:b .\n", TRIPLES), "holds a blank node or a triple term"),
    ],
)
def test_what_is_no_graph_is_refused(tmp_path: Path, answer: Answer, message: str) -> None:
    with holding(trouble=graph_answers(answer)) as (_, store), pytest.raises(RemoteError, match=message):
        pulled(store, tmp_path / "graph.nq")
    assert list(tmp_path.iterdir()) == []


def test_another_syntax_than_was_asked_for_is_read(tmp_path: Path) -> None:
    turtle = Answer(200, f"<{BASE}x> a <{BASE}y> .".encode(), {"Content-Type": "text/turtle; charset=utf-8"})
    one = (Quad(f"<{BASE}x>", "<a:a>", f"<{BASE}y>", f"<{FACTS}>"),)
    with holding(one, trouble=graph_answers(turtle)) as (_, store):
        [line] = pulled(store, tmp_path / "graph.nq")
    assert line == f"<{BASE}x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}y> <{FACTS}> .\n"


# ------------------------------------------------------------------------------------------------ there and back


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with oxigraph() as url:
        yield url


@pytest.mark.parametrize("via", ["gsp", "update"])
def test_a_build_comes_back_with_the_same_bytes(server: str, tmp_path: Path, via: str) -> None:
    build = lay(tmp_path / "build", gold_graph())
    Push(connect(server), build, how=How(via)).run()
    assert run(["pull", server, "--out", str(tmp_path / "back.nq"), "--quiet"]) == 0
    assert (tmp_path / "back.nq").read_bytes() == (build / "graph.nq").read_bytes()


CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.one_of(
    st.text(CHARACTERS, max_size=40),
    st.text("\\uU0041\"'\n\r\t\x01\x7f\ufffe雄安😀 <>{}|^`", max_size=20),
    st.just("长").map(lambda letter: letter * 50_000),
)
LANGUAGES = st.sampled_from(["", "zh", "zh-latn", "en", "zh-hant-tw"])
DATES = st.sampled_from(
    [
        nquads.literal(text, datatype=XSD + datatype)
        for text, datatype in (
            ("2020-12-27", "date"),
            ("2015-06", "gYearMonth"),
            ("2013", "gYear"),
            ("2020-12-27T08:00:00+08:00", "dateTime"),
            ("-12.5", "decimal"),
            ("7", "integer"),
            ("true", "boolean"),
        )
    ]
)
IRIS = st.text("abc雄安é😀%/?&=+'()~", min_size=1, max_size=12).map(lambda text: nquads.iri(f"{BASE}id/{text}"))
OBJECTS = st.one_of(IRIS, DATES, st.builds(nquads.literal, TEXTS, LANGUAGES))
GRAPHS = st.sampled_from([f"<{FACTS}>", f"<{EVIDENCE}>", nquads.iri(f"{BASE}graph/京 津&冀?x=1#冀")])


@settings(max_examples=25)
@given(
    st.sets(st.builds(Quad, IRIS, IRIS, OBJECTS, GRAPHS), min_size=1, max_size=20), st.sampled_from(["gsp", "update"])
)
def test_whatever_texts_say_they_come_back(
    server: str, tmp_path_factory: pytest.TempPathFactory, quads: set[Quad], via: str
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    build = lay(folder / "build", tuple(quads))
    arrived = Push(connect(server), build, how=How(via, 7)).run()
    assert [each.problem for each in arrived] == [""] * len(arrived)
    Pull(connect(server), [each.graph for each in arrived]).run(folder / "back.nq")
    assert (folder / "back.nq").read_bytes() == (build / "graph.nq").read_bytes()
