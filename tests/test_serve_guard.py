"""What every request passes first, and what no answer goes without."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import HOME, client, lay_build
from starlette.testclient import TestClient

from kg.errors import OutputError
from kg.serve import Settings, guard
from kg.serve.guard import HEADERS, LARGEST_BODY, LONGEST_ADDRESS
from kg.serve.html import local
from kg.serve.pool import Limits, Pool
from kg.sparql import LONGEST

ASK = {"query": "ASK {}"}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_build(tmp_path_factory.mktemp("guard") / "build")


@pytest.fixture(scope="module")
def asked(build: Path) -> Iterator[TestClient]:
    with client(build, hosts=("graph.example",), origins=("https://desk.example",)) as server:
        yield server


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "LOCALHOST:1", "[::1]:8765", "graph.example:8765"])
def test_the_server_answers_to_its_names(asked: TestClient, host: str) -> None:
    assert asked.get("/sparql", params=ASK, headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "graph.example.evil", "", "[evil", "a b"])
def test_a_name_that_is_not_its_own_is_refused(asked: TestClient, host: str) -> None:
    answer = asked.get("/sparql", params=ASK, headers={"host": host})
    assert answer.status_code == 421
    assert "--allow-host" in answer.text


@pytest.mark.parametrize("path", ["/", "/sparql", "/static/site.css", "/no/such/page", "/static/../app.py"])
def test_no_answer_goes_without_the_headers(asked: TestClient, path: str) -> None:
    answer = asked.get(path)
    assert {name for name in HEADERS if name.lower() not in answer.headers} == set()
    assert "unsafe-inline" not in answer.headers["content-security-policy"].partition("script-src")[2].partition(";")[0]


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/../../etc/passwd"],
)
def test_no_path_outside_is_reachable(asked: TestClient, path: str) -> None:
    answer = asked.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text
    assert "root:" not in answer.text


def test_a_body_that_is_too_large_is_refused_unread(asked: TestClient) -> None:
    headers = {"content-type": "application/sparql-query"}
    assert asked.post("/sparql", content=b" " * (LARGEST_BODY + 1), headers=headers).status_code == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(LARGEST_BODY // 1000 + 2):
            yield b" " * 1000

    assert asked.post("/sparql", content=pieces(), headers=headers).status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e9", "99999999999999999999", "²"])
def test_a_length_that_is_none_is_refused(asked: TestClient, length: str) -> None:
    headers = {"content-type": "application/sparql-query", "content-length": length.encode()}
    assert asked.post("/sparql", content=b"", headers=headers).status_code == 413  # type: ignore[arg-type]


def test_a_body_in_drops_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece comes at once, and none is the last."""
    monkeypatch.setattr(guard, "WHOLE", 0.01)

    async def drop() -> guard.Message:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": True}

    async def read() -> None:
        receive = guard._limited(drop)
        while True:
            await receive()

    with pytest.raises(guard.TooSlow):
        asyncio.run(asyncio.wait_for(read(), 30))


def test_an_address_that_is_too_long_is_refused(asked: TestClient) -> None:
    assert asked.get("/sparql", params={"query": "ASK {}" + " " * LONGEST_ADDRESS}).status_code == 414


def test_a_query_that_is_too_long_or_too_deep_is_refused(asked: TestClient) -> None:
    headers = {"content-type": "application/sparql-query"}
    deep = "SELECT * {" + "(" * 20_000 + ")" * 20_000 + "}"
    for query, why in ((deep, "nested more than 100 deep"), ("ASK {}" + " " * 70_000, "longer than 64 kB")):
        answer = asked.post("/sparql", content=query, headers=headers)
        assert answer.status_code == 400
        assert why in answer.text
        assert len(answer.text) < 1000


@pytest.mark.parametrize(
    ("begins", "piece"),
    [("", "a."), ("", "中"), ('"', '\\"'), ("'", "\\'"), ('"""', '\\"""'), ("", "<a"), ("", "@a-"), (":", "%41")],
)
def test_no_query_keeps_the_server_reading(begins: str, piece: str) -> None:
    """The deadline is far from what it takes (0.1 s) and from what it took (40 s), whatever the machine."""
    query = begins + piece * (LONGEST // len(piece.encode()))
    code = "import sys; from kg.sparql import form; form(sys.stdin.read())"
    subprocess.run([sys.executable, "-c", code], input=query, encoding="utf-8", check=True, timeout=10)


# ---- other sites


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\\\evil.example/", "///evil.example"])
def test_no_link_leads_elsewhere_because_of_an_address(path: str) -> None:
    assert local(path).startswith("/evil.example")


def test_a_page_of_no_address_links_to_itself(build: Path) -> None:
    with client(build) as server:
        shown = server.get(f"{HOME}//evil.example/x")
    assert shown.status_code == 404
    assert 'href="/evil.example/x?lang=' in shown.text


def test_other_sites_read_nothing(asked: TestClient) -> None:
    answer = asked.get("/sparql", params=ASK, headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("method", "site", "mode", "origin", "status"),
    [
        ("GET", "cross-site", "no-cors", "", 403),
        ("GET", "cross-site", "cors", "https://evil.example", 403),
        ("POST", "cross-site", "navigate", "https://evil.example", 403),
        ("POST", "cross-site", "navigate", "null", 403),
        ("GET", "cross-site", "navigate", "", 200),
        ("GET", "cross-site", "cors", "https://desk.example", 200),
        ("POST", "same-origin", "cors", HOME, 200),
        ("GET", "none", "navigate", "", 200),
    ],
)
def test_other_sites_may_link_but_not_ask(
    asked: TestClient, method: str, site: str, mode: str, origin: str, status: int
) -> None:
    headers = {"sec-fetch-site": site, "sec-fetch-mode": mode} | ({"origin": origin} if origin else {})
    sent = {"params": ASK} if method == "GET" else {"data": ASK}
    assert asked.request(method, "/sparql", headers=headers, **sent).status_code == status  # type: ignore[arg-type]


def test_a_site_that_was_named_may_ask(asked: TestClient) -> None:
    headers = {"origin": "https://desk.example", "access-control-request-method": "POST"}
    assert asked.options("/sparql", headers=headers).status_code == 204
    answer = asked.get("/sparql", params=ASK, headers=headers)
    assert answer.headers["access-control-allow-origin"] == "https://desk.example"
    assert answer.headers["vary"] == "Origin"


# ---- settings that contradict each other


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"writable": True}, "--writable needs a token"),
        ({"writable": True, "token": "short"}, "at least 16 characters"),
        ({"review": True, "host": "0.0.0.0"}, "needs a token"),
    ],
)
def test_what_would_be_unsafe_is_not_begun(settings: dict[str, object], why: str) -> None:
    with pytest.raises(OutputError, match=why):
        Settings(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_a_server_knows_whether_it_serves_this_machine_alone(host: str, local: bool) -> None:
    assert Settings(host=host).is_local is local


# ---- a build that changes


def test_a_new_build_is_seen_without_a_restart(tmp_path: Path) -> None:
    build, query = tmp_path / "build", {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
    lay_build(build)
    with client(build) as server:
        before = server.get("/sparql", params=query).json()["results"]["bindings"][0]["n"]["value"]
        build.rename(tmp_path / "old")
        assert server.get("/sparql", params=query).status_code in (200, 503), "in between, the old one or a clear no"
        lay_build(build, quads=())
        after = server.get("/sparql", params=query).json()["results"]["bindings"][0]["n"]["value"]
    assert (int(before) > 0, after) == (True, "0")


def test_without_a_build_there_is_a_clear_message(tmp_path: Path) -> None:
    from kg.serve.app import create_app

    with pytest.raises(OutputError, match="no build"):
        create_app(Settings(build=tmp_path))


def test_what_the_system_does_not_bound_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    pool = Pool(1, Limits(1 << 30))
    for refused in ((), ("memory", "network"), ("network",)):
        pool._warn(refused)
    assert capsys.readouterr().err.splitlines() == [
        "this system sets queries no bounds of memory and network; see docs/serve.md"
    ]
