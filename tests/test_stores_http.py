"""Requests to stores: who is told what, what is tried again, and what a refusal or a death is called."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, repeat
from pathlib import Path
from urllib.request import parse_http_list, parse_keqv_list

import pytest
from scripted import DIE, Answer, Asked, scripted
from servers import free_port

from kg.errors import RemoteError
from kg.stores.address import check
from kg.stores.credentials import Credentials, from_environment
from kg.stores.http import TRIES, Client, Request
from kg.stores.refusals import Refused

USER = Credentials("li", "secret:京")
PLAIN = Credentials("li", "secret")


def one_by_one(*answers: Answer) -> Callable[[Asked], Answer]:
    """Each answer once, the last one for ever."""
    ahead: Iterator[Answer] = chain(answers, repeat(answers[-1]))
    return lambda _: next(ahead)


@contextmanager
def asking(
    answer: Callable[[Asked], Answer], credentials: Credentials | None = None, timeout: float = 20.0
) -> Iterator[tuple[Client, str, list[Asked], list[float], list[str]]]:
    """A client, the address of a server that it trusts, what that heard, how long was waited, and what was told."""
    waits: list[float] = []
    told: list[str] = []
    with scripted(answer) as (url, heard):
        client = Client(credentials, timeout=timeout, tell=told.append, sleep=waits.append)
        client.trust(url)
        yield client, url, heard, waits, told
        client.close()


def failure(answer: Answer, credentials: Credentials | None = None, **request: bool) -> str:
    """What is said where a server always answers so."""
    with asking(lambda _: answer, credentials) as (client, url, _, _, _):
        with pytest.raises(RemoteError) as caught:
            client.fetch(Request("GET", f"{url}/query", **request))  # type: ignore[arg-type]
        return str(caught.value).replace(url, "URL")


# ------------------------------------------------------------------------------------------------ addresses


@pytest.mark.parametrize("url", ["http://li:secret@host/x", "https://li@host", "http://:secret@host:1/"])
def test_an_address_with_a_password_is_refused_and_the_password_not_shown(url: str) -> None:
    with pytest.raises(RemoteError, match=r"must hold no user and no password.*KG_USER and KG_PASSWORD") as caught:
        check(url)
    assert "secret" not in str(caught.value)
    assert "li@" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "host:7878", "file:///etc/passwd", "ftp://host/", "http://", "http://h:0/"])
def test_what_is_no_address_of_a_store_is_refused(url: str) -> None:
    with pytest.raises(RemoteError, match="is no address of a store"):
        check(url)


@pytest.mark.parametrize("url", ["http://host:port/", "http://host:99999/", "http://[::1/"])
def test_a_malformed_address_is_refused(url: str) -> None:
    with pytest.raises(RemoteError, match="malformed"):
        check(url)


def test_white_space_in_an_address_is_refused() -> None:
    with pytest.raises(RemoteError, match="white space"):
        check("http://host/a b")


# ------------------------------------------------------------------------------------------------ credentials


def test_credentials_come_from_the_environment() -> None:
    assert from_environment({"KG_USER": "li", "KG_PASSWORD": "x"}) == Credentials("li", "x")
    assert from_environment({"KG_TOKEN": "t"}) == Credentials(token="t")
    assert not from_environment({})


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"KG_USER": "li", "KG_TOKEN": "t"}, "both set"),
        ({"KG_PASSWORD": "x"}, "KG_USER is not"),
        ({"KG_USER": "a:b", "KG_PASSWORD": "x"}, "a colon or a control character"),
        ({"KG_TOKEN": "a\r\nX: y"}, "a colon or a control character"),
    ],
)
def test_credentials_that_contradict_each_other_are_refused(environment: dict[str, str], message: str) -> None:
    with pytest.raises(RemoteError, match=message):
        from_environment(environment)


def test_credentials_are_not_shown() -> None:
    assert "secret" not in repr(PLAIN)
    assert "t0" not in repr(Credentials(token="t0"))


def test_a_token_is_told_at_once() -> None:
    with asking(lambda _: Answer(200, b"yes"), Credentials(token="t0")) as (client, url, heard, _, told):
        assert client.fetch(Request("GET", url))[0] == b"yes"
    assert [asked.headers["Authorization"] for asked in heard] == ["Bearer t0"]
    assert told == []


def basic(asked: Asked) -> Answer:
    right = "Basic bGk6c2VjcmV0OuS6rA=="
    if asked.headers.get("Authorization") == right:
        return Answer(200, b"yes")
    return Answer(401, b"who?", {"WWW-Authenticate": 'Basic realm="x", charset="UTF-8"'})


def test_a_user_is_told_when_the_server_asks_and_from_then_on_at_once() -> None:
    with asking(basic, USER) as (client, url, heard, _, _):
        for _ in range(2):
            assert client.fetch(Request("POST", url, body=b"data"))[0] == b"yes"
    assert ["Authorization" in asked.headers for asked in heard] == [False, True, True]
    assert [asked.body for asked in heard] == [b"data"] * 3


class Digest:
    """A server that wants Digest, with a new nonce every ``lasts`` requests, worked out here by the book (RFC 7616)."""

    def __init__(self, lasts: int = 100) -> None:
        self.lasts, self.given, self.counts = lasts, 0, list[int]()

    def __call__(self, asked: Asked) -> Answer:
        said = parse_keqv_list(parse_http_list(asked.headers.get("Authorization", "")[7:]))
        if said.get("nonce") == f"n{self.given}" and self._right(asked, said) and len(self.counts) < self.lasts:
            self.counts.append(int(said["nc"], 16))
            return Answer(200, b"yes")
        self.given, self.counts = self.given + 1, []
        challenge = f'Digest realm="S P", nonce="n{self.given}", opaque="o", qop="auth,auth-int", algorithm="MD5"'
        return Answer(401, b"", {"WWW-Authenticate": challenge})

    def _right(self, asked: Asked, said: dict[str, str]) -> bool:
        def h(*parts: str) -> str:
            return hashlib.md5(":".join(parts).encode()).hexdigest()

        proof = h(
            h("li", "S P", "secret"),
            *(said[name] for name in ("nonce", "nc", "cnonce", "qop")),
            h(asked.method, asked.path),
        )
        return said["response"] == proof and said["uri"] == asked.path and said["opaque"] == "o"


def test_digest_is_answered_and_its_nonce_used_again() -> None:
    server = Digest()
    with asking(server, PLAIN) as (client, url, heard, _, _):
        for graph in "ab":
            assert client.fetch(Request("PUT", f"{url}/store?graph=urn%3A{graph}", body=b"x"))[0] == b"yes"
    assert len(heard) == 3
    assert server.counts == [1, 2]


def test_a_stale_nonce_is_replaced() -> None:
    with asking(Digest(lasts=2), PLAIN) as (client, url, heard, _, _):
        assert [client.fetch(Request("GET", f"{url}/x"))[0] for _ in range(5)] == [b"yes"] * 5
    assert len(heard) == 5 + 3


def test_digest_is_preferred_to_basic() -> None:
    def both(asked: Asked) -> Answer:
        assert not asked.headers.get("Authorization", "").startswith("Basic")
        refused = Digest()(asked)
        return Answer(401, b"", {"WWW-Authenticate": refused.headers["WWW-Authenticate"], "www-Authenticate": "Basic"})

    with asking(both, PLAIN) as (client, url, heard, _, _), pytest.raises(RemoteError, match="is not let in"):
        client.fetch(Request("GET", url))
    assert heard[-1].headers["Authorization"].startswith("Digest ")


def test_digest_with_what_it_cannot_tell_is_refused() -> None:
    with asking(Digest(), USER) as (client, url, _, _, _), pytest.raises(RemoteError, match="is not ASCII"):
        client.fetch(Request("GET", url))
    unknown = Answer(401, b"", {"WWW-Authenticate": 'Digest realm="x", nonce="n", algorithm="ROT13"'})
    assert "wants Digest in a way that is not known here" in failure(unknown, PLAIN)


@pytest.mark.parametrize("status", [401, 403])
def test_who_is_refused_learns_what_to_set(status: int) -> None:
    nobody = failure(Answer(status, b"", {"WWW-Authenticate": "Basic"}))
    assert nobody == f"URL/query: refused with {status}: this needs a user: set KG_USER and KG_PASSWORD, or KG_TOKEN"
    known = failure(Answer(status, b"", {"WWW-Authenticate": "Basic"}), PLAIN)
    assert known.endswith("the user of KG_USER and KG_PASSWORD is not let in, or may not do this: check both")
    assert "secret" not in known
    assert "KG_TOKEN" in failure(Answer(status), Credentials(token="t0"))


def test_a_redirection_to_another_server_carries_no_credentials() -> None:
    with scripted(lambda _: Answer(200, b"there")) as (other, overheard):
        moved = Answer(307, b"", {"Location": f"{other}/query"})
        with asking(lambda _: moved, Credentials(token="t0")) as (client, url, heard, _, _):
            assert client.fetch(Request("POST", url, body=b"query"))[0] == b"there"
    assert heard[0].headers["Authorization"] == "Bearer t0"
    assert "Authorization" not in overheard[0].headers
    assert (overheard[0].method, overheard[0].body) == ("POST", b"query")


def test_a_redirection_on_the_same_server_carries_them() -> None:
    def moved(asked: Asked) -> Answer:
        return Answer(200, b"yes") if asked.path == "/new" else Answer(301, b"", {"Location": "/new"})

    with asking(moved, Credentials(token="t0")) as (client, url, heard, _, _):
        assert client.fetch(Request("POST", f"{url}/old", body=b"x", writes=True))[0] == b"yes"
    assert [asked.headers["Authorization"] for asked in heard] == ["Bearer t0"] * 2


def test_data_do_not_follow_a_redirection_to_another_server() -> None:
    with scripted(lambda _: Answer(200)) as (other, overheard):
        moved = Answer(308, b"", {"Location": f"{other}/store"})
        message = failure(moved, writes=True)
    assert (
        f"redirects to another server, which gets no data unasked: if it is the right one, give its address: {other}"
        in message
    )
    assert overheard == []


def test_a_circle_of_redirections_ends() -> None:
    assert "redirects in a circle" in failure(Answer(302, b"", {"Location": "/query"}))


# ------------------------------------------------------------------------------------------------ trying again


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    answers = one_by_one(Answer(status), Answer(status), Answer(200, b"yes"))
    with asking(answers) as (client, url, heard, waits, told):
        assert client.fetch(Request("PUT", url, body=b"x"))[0] == b"yes"
    assert [asked.body for asked in heard] == [b"x"] * 3
    assert waits == [0.5, 1.0]
    assert told[0] == f"{url}: answered {status}; trying again in 0.5 s (1 of {TRIES - 1})"


def test_it_is_waited_as_long_as_the_server_asks() -> None:
    answers = one_by_one(Answer(503, b"", {"Retry-After": "7"}), Answer(200))
    with asking(answers) as (client, url, _, waits, _):
        client.fetch(Request("GET", url))
    assert waits == [7.0]


def test_a_server_that_asks_for_an_hour_is_not_waited_for() -> None:
    answer = Answer(503, b"", {"Retry-After": "3600"})
    with asking(lambda _: answer) as (client, url, _, waits, _), pytest.raises(RemoteError, match="Retry-After: 3600"):
        client.fetch(Request("GET", url))
    assert waits == []


def test_a_server_that_stays_busy_is_given_up() -> None:
    busy = Answer(503, b"overloaded")
    with (
        asking(lambda _: busy) as (client, url, heard, waits, _),
        pytest.raises(RemoteError, match=r"says: overloaded$"),
    ):
        client.fetch(Request("GET", url))
    assert len(heard) == TRIES
    assert waits == [0.5, 1, 2, 4, 8]


@pytest.mark.parametrize("status", [400, 404, 500])
def test_an_error_is_not_tried_again(status: int) -> None:
    with asking(lambda _: Answer(status)) as (client, url, heard, _, _), pytest.raises(RemoteError) as caught:
        client.fetch(Request("GET", url))
    assert len(heard) == 1
    assert caught.value.status == status


def test_a_connection_that_breaks_is_made_anew() -> None:
    with asking(one_by_one(Answer(200), DIE, DIE, Answer(200, b"yes"))) as (client, url, _, waits, told):
        client.fetch(Request("GET", url))
        assert client.fetch(Request("PUT", url, body=b"x"))[0] == b"yes"
    assert waits == [0.5, 1.0]
    assert "cannot be reached" in told[0]


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_that_breaks_off_is_asked_for_again(chunked: bool) -> None:
    half = Answer(200, b"all of it", cut=4)
    if chunked:
        half = Answer(200, b"9\r\nall of it\r\n", {"Transfer-Encoding": "chunked"}, cut=6)
    with asking(one_by_one(half, Answer(200, b"all of it"))) as (client, url, _, waits, _):
        assert client.fetch(Request("GET", url))[0] == b"all of it"
    assert waits == [0.5]


def test_an_answer_that_always_breaks_off_is_an_error() -> None:
    half = Answer(200, b"all of it", cut=4)
    assert re.search(r"URL/query: the answer broke off \(.*\); see whether the store still runs", failure(half))


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    waits: list[float] = []
    client, url = Client(sleep=waits.append), f"http://127.0.0.1:{free_port()}/query"
    with pytest.raises(RemoteError, match=r"/query: cannot be reached \(Connection refused\); is the store running"):
        client.fetch(Request("GET", url))
    assert waits == []


def test_https_where_there_is_none_says_so() -> None:
    message = r"no protected connection can be made .*; is it http:// there\?"
    with scripted(lambda _: Answer(200)) as (url, _), pytest.raises(RemoteError, match=message):
        Client().fetch(Request("GET", url.replace("http:", "https:")))


def test_a_certificate_is_refused_unless_somebody_vouches_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("openssl") is None:
        reason = "openssl, which makes a certificate here, is not installed"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-days", "2"]
    make += ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    message = r"cannot be trusted .*SSL_CERT_FILE"
    with scripted(lambda _: Answer(200, b"yes"), context) as (url, heard):
        request = Request("GET", url.replace("http:", "https:"))
        with pytest.raises(RemoteError, match=message):
            Client().fetch(request)
        assert heard == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert Client().fetch(request)[0] == b"yes"


def test_a_proxy_of_the_environment_is_used_but_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        scripted(lambda _: Answer(200, b"by proxy")) as (proxy, overheard),
        scripted(lambda _: Answer(200)) as (url, _),
    ):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "")
        client = Client()
        client.trust("http://store.example/")
        assert client.fetch(Request("GET", "http://store.example/query"))[0] == b"by proxy"
        assert client.fetch(Request("GET", url))[0] == b""
    assert [asked.path for asked in overheard] == ["http://store.example/query"]


def test_what_travels_unprotected_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    with scripted(lambda _: Answer(200)) as (proxy, _):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "")
        client = Client(Credentials(token="t0"), tell=told.append)
        client.trust("http://store.example/")
        for _ in range(2):
            client.fetch(Request("GET", "http://store.example/query"))
    assert told == ["http://store.example/query: KG_TOKEN travels unprotected; use https, or a tunnel"]


# ------------------------------------------------------------------------------------------------ what is said


def test_a_stack_trace_is_one_line() -> None:
    trace = b"java.lang.NullPointerException: null\n\tat org.example.Store.add(Store.java:1)\n\tat \x1b[31m..."
    message = failure(Answer(500, trace))
    assert message == "URL/query: refused with 500: it says: java.lang.NullPointerException: null"


def test_what_a_server_says_is_made_safe_and_short() -> None:
    message = failure(Answer(500, b"a\x1b[31mb" + b"x" * 5000))
    assert "\x1b" not in message
    assert len(message) < 300


def test_a_web_page_is_not_quoted() -> None:
    message = failure(Answer(404, b"<!DOCTYPE html><title>Oops</title>", {"Content-Type": "text/html"}))
    assert message == (
        "URL/query: refused with 404: there is nothing at this address: mend it, or name the store with --store"
    )


@pytest.mark.parametrize(
    ("status", "hint"), [(413, "--chunk"), (415, "--via update"), (405, "does not take GET"), (501, "another --via")]
)
def test_a_refusal_says_what_to_do(status: int, hint: str) -> None:
    assert hint in failure(Answer(status))


def test_silence_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        client = Client(timeout=0.2)
        with pytest.raises(RemoteError, match=r"no answer within 0\.2 s; .*--timeout"):
            client.fetch(Request("GET", f"http://127.0.0.1:{mute.getsockname()[1]}/"))


def test_an_answer_without_an_end_ends() -> None:
    """Each byte comes soon enough; all of them never do."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = Client(timeout=0.3)
        stop = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                for _ in range(500):
                    if stop.wait(0.02):
                        return
                    with suppress(OSError):
                        connection.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(RemoteError, match=r"no answer within 0\.3 s"):
            client.fetch(Request("GET", f"http://127.0.0.1:{server.getsockname()[1]}/"))
        stop.set()
        thread.join()


def test_an_answer_without_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.stores.http.LARGEST", 1 << 20)
    assert "the answer is larger than 1 MB; ask for less" in failure(Answer(200, b"x" * ((1 << 20) + 1)))


def test_errors_can_be_pickled() -> None:
    error = Refused("message", 500, "said")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.status, again.said) == ("message", 500, "said")
    assert pickle.loads(pickle.dumps(RemoteError("m", 3))).status == 3
