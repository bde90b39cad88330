"""Builds pushed into stores on the network: by each way, counted there, and going on after any accident."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from scripted import DIE, Answer, Asked, FakeStore, scripted
from servers import oxigraph
from support import gold_graph

from kg import nquads
from kg.cli import run
from kg.errors import DataError, RemoteError
from kg.report import SCHEMA
from kg.stores.http import Client
from kg.stores.layouts import Endpoint
from kg.stores.parcel import chunks, survey
from kg.stores.push import How, Push
from kg.stores.remote import RemoteStore, connect
from kg.stores.writing import as_sparql
from kg.types import Quad

BASE = "https://example.org/"
FACTS, EVIDENCE = f"{BASE}graph/facts", f"{BASE}graph/evidence"
P, Q = f"<{BASE}p>", f"<{BASE}q>"
QUADS = (
    *(Quad(f"<{BASE}id/{i:02}>", P, f"<{BASE}id/{i + 1:02}>", f"<{FACTS}>") for i in range(10)),
    *(Quad(f"<{BASE}id/{i:02}>", Q, nquads.literal(f"雄安{i}", "zh"), f"<{EVIDENCE}>") for i in range(25)),
)


def lay(folder: Path, quads: tuple[Quad, ...] = QUADS) -> Path:
    """A build as far as a push needs it."""
    folder.mkdir(parents=True, exist_ok=True)
    nquads.write(quads, folder / "graph.nq")
    (folder / "report.json").write_text(json.dumps({"schema": SCHEMA, "recipe_file": ""}), encoding="utf-8")
    return folder


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return lay(tmp_path / "build")


@contextmanager
def fake(trouble: Callable[[Asked], Answer | None] = lambda _: None) -> Iterator[tuple[FakeStore, RemoteStore]]:
    """A store in this process, and what speaks to it without ever sleeping."""
    behind = FakeStore(trouble)
    with scripted(behind) as (url, _):
        client = Client(sleep=lambda _: None)
        yield behind, RemoteStore(Endpoint("", f"{url}/query", f"{url}/update", f"{url}/store", f"{url}/store"), client)
        client.close()


def held(store: FakeStore) -> set[str]:
    return {f"{quad.triple} {quad.graph_name} ." for quad in store.store}


def lines(quads: tuple[Quad, ...] = QUADS) -> set[str]:
    return {nquads.line(quad).rstrip("\n") for quad in quads}


def writes(counter: list[Asked]) -> Callable[[Asked], Answer | None]:
    """Notes the requests that write."""

    def note(asked: Asked) -> None:
        if asked.method == "PUT" or not asked.path.startswith("/query"):
            counter.append(asked)

    return note


# ------------------------------------------------------------------------------------------------ what is sent


@pytest.mark.parametrize("via", ["gsp", "update"])
@pytest.mark.parametrize("chunk", [1, 7, 100])
def test_every_graph_arrives_by_either_way_in_chunks_of_any_size(build: Path, via: str, chunk: int) -> None:
    with fake() as (behind, store):
        arrived = Push(store, build, how=How(via, chunk)).run()
        assert held(behind) == lines()
    assert [(each.graph, each.sent, each.found, each.problem) for each in arrived] == [
        (EVIDENCE, 25, 25, ""),
        (FACTS, 10, 10, ""),
    ]


def test_the_first_chunk_replaces_and_the_others_add(build: Path) -> None:
    sent: list[Asked] = []
    with fake(writes(sent)) as (_, store):
        Push(store, build, ["facts"], How("gsp", 4)).run()
    assert [(asked.method, asked.body.count(b"\n")) for asked in sent] == [("PUT", 4), ("POST", 4), ("POST", 2)]
    assert sent[0].parameters["graph"] == [FACTS]
    assert sent[0].headers["Content-Type"] == "application/n-triples"


@pytest.mark.parametrize("via", ["gsp", "update"])
def test_a_graph_that_is_there_is_replaced_or_added_to(build: Path, via: str) -> None:
    other = Quad(f"<{BASE}old>", P, f"<{BASE}old>", f"<{FACTS}>")
    with fake() as (behind, store):
        store.load([other])
        assert [each.found for each in Push(store, build, ["facts"], How(via, replace=False)).run()] == [11]
        assert nquads.line(other).strip() in held(behind)
        assert [each.found for each in Push(store, build, ["facts"], How(via)).run()] == [10]
        assert nquads.line(other).strip() not in held(behind)


def test_graphs_are_named_by_their_last_part_or_in_full(build: Path) -> None:
    with fake() as (_, store):
        for names, wanted in ((["facts"], [FACTS]), ([EVIDENCE], [EVIDENCE]), (["all"], [EVIDENCE, FACTS])):
            assert [each.graph for each in Push(store, build, names).plan()] == wanted
        with pytest.raises(DataError, match=r"graph\.nq: the graph 'fact' is not there; there are evidence, facts and"):
            Push(store, build, ["fact"])
        with pytest.raises(DataError, match=r"'inferred' is empty in this build"):
            Push(store, build, ["inferred"])


def test_a_plan_writes_nothing(build: Path) -> None:
    with fake() as (behind, store):
        store.load(QUADS[:3])
        plan = Push(store, build, how=How(chunk=10)).plan()
        assert [(each.graph, each.triples, each.chunks, each.there) for each in plan] == [
            (EVIDENCE, 25, 3, 0),
            (FACTS, 10, 1, 3),
        ]
        assert len(held(behind)) == 3
    assert [path.name for path in build.parent.iterdir()] == ["build"]


def test_a_triple_without_a_graph_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("<a:a> <a:b> <a:c> <a:g> .\n<a:a> <a:b> <a:g> .\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"graph\.nq:2: a triple without a named graph"):
        survey(path)


def test_chunks_end_by_number_and_by_size(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [size for _, size in chunks(build / "graph.nq", FACTS, 4)] == [4, 4, 2]
    monkeypatch.setattr("kg.stores.parcel.LARGEST_CHUNK", 150)
    assert {size for _, size in chunks(build / "graph.nq", FACTS, 4)} == {2}


def test_an_update_spells_out_what_some_stores_would_unescape_twice() -> None:
    lines_ = nquads.line(Quad("<a:a>", "<a:b>", nquads.literal("\\u0041 \\\\U \x01 \\n"), "")).encode()
    assert as_sparql(lines_) == rb'<a:a> <a:b> "\\\u00750041 \\\\\u0055 \u0001 \\n" .' b"\n"
    store = ox.Store()
    store.update(f"INSERT DATA {{ {as_sparql(lines_).decode()} }}")
    assert [quad.object.value for quad in store] == ["\\u0041 \\\\U \x01 \\n"]


# ------------------------------------------------------------------------------------------------ counting


def test_what_a_store_loses_is_found_and_named(build: Path) -> None:
    def forgetful(asked: Asked) -> Answer | None:
        return Answer(204) if asked.method == "POST" and asked.path.startswith("/store") else None

    with fake(forgetful) as (_, store):
        bad, good = Push(store, build, how=How("gsp", 10)).run()
    assert (bad.graph, bad.sent, bad.found) == (EVIDENCE, 25, 10)
    assert bad.problem.endswith(
        f"{EVIDENCE}: 25 triples were sent, 10 are found; with {Q}, 25 were sent, 10 are found; "
        "push again, and see that nobody else writes there"
    )
    assert good.problem == ""


def test_what_a_store_garbles_is_found_though_the_numbers_agree(build: Path) -> None:
    with fake() as (behind, store):
        behind.trouble = lambda asked: garbled(behind, asked)
        _, facts = arrived = Push(store, build, how=How("gsp")).run()
    assert "of 5 triples that were looked for, 0 are there as they were sent" in arrived[0].problem
    assert facts.problem == ""


def garbled(store: FakeStore, asked: Asked) -> Answer | None:
    if asked.method != "PUT":
        return None
    graph = ox.NamedNode(asked.parameters["graph"][0])
    store.store.load(asked.body.replace("雄安".encode(), b"??"), format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
    return Answer(204)


def test_more_than_was_sent_is_an_error_where_a_graph_was_replaced(build: Path) -> None:
    with fake() as (behind, store):
        push = Push(store, build, ["facts"])
        behind.store.add(ox.Quad(*(ox.NamedNode("a:a"),) * 3, ox.NamedNode(FACTS)))
        push.writer.replace = push.writer.add  # type: ignore[method-assign]
        assert "10 triples were sent, 11 are found; with <a:a>, 0 were sent, 1 are found" in push.run()[0].problem


# ------------------------------------------------------------------------------------------------ accidents


def dies_after(number: int) -> Callable[[Asked], Answer | None]:
    """Takes so many chunks, and of the next one a half; then it is dead."""
    taken: list[Asked] = []

    def trouble(asked: Asked) -> Answer | None:
        if asked.path.startswith("/store") and asked.method != "GET":
            taken.append(asked)
        return DIE if len(taken) > number else None

    return trouble


def test_a_server_that_dies_half_way_is_told_and_the_push_goes_on_where_it_stopped(build: Path) -> None:
    with fake(dies_after(4)) as (behind, store):
        with pytest.raises(RemoteError) as caught:
            Push(store, build, how=How("gsp", 5)).run()
        assert "cannot be reached" in str(caught.value)
        assert str(caught.value).endswith(
            f"the push is incomplete: of {EVIDENCE}, 20 of 25 triples have arrived; "
            "the same command with --resume goes on from there"
        )
        sent: list[Asked] = []
        behind.trouble = writes(sent)
        assert not any(each.problem for each in Push(store, build, how=How("gsp", 5, resume=True)).run())
        assert held(behind) == lines()
    assert [asked.method for asked in sent] == ["POST", "PUT", "POST"]
    assert [path.name for path in build.parent.iterdir()] == ["build"], "nothing is left lying about"


def test_half_a_chunk_does_no_harm(build: Path) -> None:
    """A store that is no database may have taken a part of a chunk when it died."""
    with fake() as (behind, store):

        def half(asked: Asked) -> Answer | None:
            if asked.method != "POST" or not asked.path.startswith("/store"):
                return None
            part = b"".join(asked.body.splitlines(keepends=True)[:2])
            behind.store.load(part, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(asked.parameters["graph"][0]))
            return DIE

        behind.trouble = half
        with pytest.raises(RemoteError, match="5 of 25 triples have arrived"):
            Push(store, build, how=How("gsp", 5)).run()
        assert len(held(behind)) == 7
        behind.trouble = lambda _: None
        Push(store, build, how=How("gsp", 5, resume=True)).run()
        assert held(behind) == lines()


def test_a_store_that_forgot_what_it_had_taken_gets_it_again(build: Path) -> None:
    told: list[str] = []
    with fake(dies_after(4)) as (behind, store):
        with pytest.raises(RemoteError):
            Push(store, build, how=How("gsp", 5)).run()
        behind.trouble, behind.store = (lambda _: None), ox.Store()
        Push(store, build, how=How("gsp", 5, resume=True), tell=told.append).run()
        assert held(behind) == lines()
    assert told == [f"{EVIDENCE}: the store has lost what it had taken; sending all of it again"]


@pytest.mark.parametrize("change", ["another build", "another size", "a torn journal", "added, not replaced"])
def test_a_push_of_something_else_begins_anew(build: Path, change: str) -> None:
    how = How("gsp", 5, resume=True)
    with fake(dies_after(4)) as (behind, store):
        with pytest.raises(RemoteError):
            Push(store, build, how=How("gsp", 5)).run()
        if change == "another build":
            lay(build, QUADS[:-1])
        elif change == "another size":
            how = How("gsp", 6, resume=True)
        elif change == "added, not replaced":
            how = How("gsp", 5, replace=False, resume=True)
        else:
            [journal] = build.parent.glob("build.push-*.jsonl")
            journal.write_text("{}\n" + journal.read_text(encoding="utf-8"), encoding="utf-8")
        sent: list[Asked] = []
        behind.trouble = writes(sent)
        Push(store, build, how=how).run()
    assert sum(asked.body.count(b"\n") for asked in sent) == (34 if change == "another build" else 35)


def test_a_last_line_that_was_cut_off_is_passed_over(build: Path) -> None:
    with fake(dies_after(4)) as (behind, store):
        with pytest.raises(RemoteError):
            Push(store, build, how=How("gsp", 5)).run()
        [journal] = build.parent.glob("build.push-*.jsonl")
        journal.write_text(journal.read_text(encoding="utf-8")[:-5], encoding="utf-8")
        sent: list[Asked] = []
        behind.trouble = writes(sent)
        Push(store, build, how=How("gsp", 5, resume=True)).run()
        assert held(behind) == lines()
    assert [asked.method for asked in sent][:2] == ["POST", "POST"]


def test_without_a_place_for_its_journal_a_push_works_and_says_so(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    place = build.parent / "nowhere"
    monkeypatch.setattr(Path, "with_name", lambda self, name: place / name if "push-" in name else self.parent / name)
    with fake() as (behind, store):
        Push(store, build, tell=told.append).run()
        assert held(behind) == lines()
    assert len(told) == 1
    assert "if the push breaks off, it must begin anew" in told[0]


@pytest.mark.parametrize("status", [404, 405, 415, 501])
def test_where_the_graph_store_protocol_is_not_spoken_updates_are_sent(build: Path, status: int) -> None:
    told: list[str] = []
    no_graphs = lambda asked: Answer(status) if asked.path.startswith("/store") else None  # noqa: E731
    with fake(no_graphs) as (behind, store):
        Push(store, build, how=How(chunk=10), tell=told.append).run()
        assert held(behind) == lines()
        assert len(told) == 1
        assert told[0].endswith("going on by SPARQL Update")
        with pytest.raises(RemoteError, match=f"refused with {status}"):
            Push(store, build, how=How("gsp")).run()


def test_ctrl_c_says_what_has_arrived(
    build: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Push, "_counted", stop)
    with scripted(FakeStore()) as (url, _):
        assert run(["push", url, "--in", str(build), "--store", "oxigraph"]) == 130
    told = capsys.readouterr().err
    assert f"stopped; the push is incomplete: of {EVIDENCE}, 25 of 25 triples have arrived" in told
    assert "nothing was changed" not in told


def test_a_refusal_in_the_middle_says_what_has_arrived(build: Path) -> None:
    full = lambda asked: Answer(507, b"disk full") if asked.method == "POST" and "store" in asked.path else None  # noqa: E731
    with fake(full) as (_, store), pytest.raises(RemoteError, match=r"507: it says: disk full\nthe push is incomplete"):
        Push(store, build, how=How("gsp", 5)).run()


# ------------------------------------------------------------------------------------------------ the command


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with oxigraph() as url:
        yield url


@pytest.mark.parametrize("via", ["auto", "update"])
def test_the_bundled_graph_arrives_in_oxigraph(
    server: str, tmp_path: Path, via: str, capsys: pytest.CaptureFixture[str]
) -> None:
    build = lay(tmp_path / "build", gold_graph())
    assert run(["push", server, "--in", str(build), "--via", via, "--chunk", "500"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == len(survey(build / "graph.nq").parcels)
    assert set(connect(server).quads()) == set(gold_graph())


def test_a_dry_run_prints_what_would_happen(server: str, build: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["push", server, "--in", str(build), "--graph", "facts", "--chunk", "3"]
    assert run([*command, "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith(f"{FACTS}: 10 triples in 4 requests by gsp would replace ")
    assert run([*command, "--add", "--dry-run", "--via", "update"]) == 0
    assert "by update would add to " in capsys.readouterr().out


def test_a_mismatch_is_exit_code_1(build: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forgetful = lambda asked: Answer(204) if asked.method == "PUT" else None  # noqa: E731
    with scripted(FakeStore(forgetful)) as (url, _):
        assert run(["push", url, "--in", str(build), "--store", "oxigraph", "--quiet"]) == 1
    assert "25 triples were sent, 0 are found" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["http://li:secret@127.0.0.1:1/"], "must hold no user and no password"),
        (["http://127.0.0.1:1/"], "cannot be reached"),
        (["http://127.0.0.1:1/", "--store", "oxygraph"], "did you mean 'oxigraph'"),
        (
            ["http://127.0.0.1:1/sparql", "--store", "blazegraph", "--via", "gsp"],
            "name the store with --store, or give",
        ),
    ],
)
def test_a_wrong_request_is_one_line_and_exit_code_2(
    build: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["push", *arguments, "--in", str(build)]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert "secret" not in told.err
    assert told.out == ""
