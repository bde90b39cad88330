"""A server as `kg serve` starts it, while others are rough with it: readers must not notice.

Twenty readers ask all the time; meanwhile come a query without end, one that ends its process, calls to other servers,
a body of 100 MB, clients that are slow on purpose, a wrong name. Each is answered rightly, and no reader is failed.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

import pytest
from servers import free_port, served
from serving import lay_build

READERS = 20
TIMEOUT = 5
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i"
NAMES = "SELECT ?name { ?x a kg:TransportLine ; rdfs:label ?name }"


class Answer(NamedTuple):
    status: int
    text: str


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    build, port = lay_build(tmp_path_factory.mktemp("rough") / "build"), free_port()
    command = [sys.executable, "-m", "kg", "serve", "--in", str(build), "--port", str(port), "--timeout", str(TIMEOUT)]
    with served(command, port, path="/sparql"):
        yield port


def post(port: int, query: str, *, host: str = "", timeout: float = 30) -> Answer:
    headers = FORM | ({"Host": host} if host else {})
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)) as connection:
        connection.request("POST", "/sparql", urlencode({"query": query}), headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode())


def huge(port: int) -> Answer:
    """Announce 100 MB and send what the server takes of it."""
    with closing(socket.create_connection(("127.0.0.1", port), 30)) as client:
        head = f"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {100 << 20}\r\n"
        client.sendall(f"{head}Content-Type: application/sparql-query\r\n\r\n".encode())
        try:
            for _ in range(100):
                client.sendall(b" " * (1 << 20))
        except OSError:  # the server has hung up on us, as it should
            pass
        try:
            said = client.recv(4096).decode()
        except ConnectionResetError:  # its answer was overtaken by what we had sent
            return Answer(413, "")
    return Answer(int(said.split()[1]), said)


def endless_pieces(port: int) -> Answer:
    """Send a body in pieces that never end."""
    with closing(socket.create_connection(("127.0.0.1", port), 30)) as client:
        head = "POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
        client.sendall(f"{head}Content-Type: application/sparql-query\r\n\r\n".encode())
        try:
            for _ in range(1000):
                client.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
            said = client.recv(4096).decode()
        except OSError:
            return Answer(413, "")
    return Answer(int(said.split()[1]), said)


ROUGH: dict[str, tuple[Callable[[int], Answer], int, str]] = {
    "a query without end": (lambda port: post(port, ENDLESS), 503, "did not end within 5 s"),
    "a query for all memory": (lambda port: post(port, GREEDY), 503, "ask for less"),
    "a call to another server": (
        lambda port: post(port, "SELECT * { SERVICE <http://127.0.0.1:1/> {} }"),
        403,
        "SERVICE",
    ),
    "20,000 parentheses": (lambda port: post(port, f"ASK {{ FILTER{'(' * 20_000}1{')' * 20_000} }}"), 400, "nested"),
    "30,000 negations": (lambda port: post(port, f"ASK {{ FILTER({'!' * 30_000}true) }}"), 503, "ended the process"),
    "100 MB": (huge, 413, ""),
    "pieces without end": (endless_pieces, 413, ""),
    "an answer without end": (lambda port: post(port, "SELECT * { ?a ?b ?c . ?d ?e ?f }"), 422, "larger than 16 MB"),
    "a wrong name": (lambda port: post(port, "ASK {}", host="evil.example"), 421, "not called by that name"),
    "an update": (lambda port: post(port, "DROP ALL"), 400, "DROP is an update"),
    "noise": (lambda port: noise(port), 400, ""),
}


def noise(port: int) -> Answer:
    with closing(socket.create_connection(("127.0.0.1", port), 30)) as client:
        client.sendall(bytes(range(256)) * 4 + b"\r\n\r\n")
        return Answer(int(client.recv(4096).split()[1]), "")


@pytest.mark.slow
def test_readers_do_not_notice(port: int, record_property: Callable[[str, object], None]) -> None:
    heard: Counter[int] = Counter()
    finished = threading.Event()

    def read() -> None:
        while not finished.is_set():
            answer = post(port, NAMES)
            heard[answer.status] += 1
            assert answer.status != 200 or len(json.loads(answer.text)["results"]["bindings"]) > 3

    slow = [socket.create_connection(("127.0.0.1", port), 30) for _ in range(10)]
    for client in slow:
        client.sendall(b"GET /sparql HTTP/1.1\r\nHost: 127.")  # and not a byte more
    readers = [threading.Thread(target=read, daemon=True) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    told = {name: rough(port) for name, (rough, _, _) in ROUGH.items()}
    finished.set()
    for reader in readers:
        reader.join(30)
    for client in slow:
        client.close()
    assert {name: told[name].status for name in ROUGH} == {name: status for name, (_, status, _) in ROUGH.items()}
    assert [name for name, (_, _, why) in ROUGH.items() if why not in told[name].text] == []
    assert not any("Traceback" in answer.text for answer in told.values())
    assert set(heard) == {200}
    beside = f"{len(ROUGH)} rough requests and {len(slow)} slow clients"
    record_property("counted", f"{heard[200]} readings by {READERS} readers beside {beside}")


@pytest.mark.slow
def test_a_slow_client_is_let_go(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), 40)) as client:
        client.sendall(b"GET /sparql HTTP/1.1\r\nHost: 127.")
        assert client.recv(100) == b"", "the server hangs up"


def test_the_command_says_where_it_is_and_what_is_wrong(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg", "serve", "--in", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "no build" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_a_port_that_is_taken_is_told(port: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg", "serve", "--in", str(lay_build(tmp_path / "build")), "--port", str(port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "choose another --port" in done.stderr


def test_get_is_as_good_as_post(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/sparql?query=" + quote(NAMES))
        assert connection.getresponse().status == 200
