"""Requests that nobody foresaw: whatever is sent, the answer is an answer, and tells nothing of the program.

Methods, addresses, headers and bodies are made by hypothesis; how many of each status came is printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import TOKEN, client, lay_build
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from kg.serve.guard import HEADERS

SEEN: Counter[int] = Counter()
FINE = frozenset({200, 204, 303, 304, 307, 400, 401, 403, 404, 405, 406, 408, 413, 414, 415, 421, 422, 503})
METHODS = (*["GET"] * 6, *["POST"] * 4, "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
TRAVERSALS = ("../../etc/passwd", "..%2f..%2fetc", "%00", "\\..\\", "//evil.example", "雄安新区", "{{7*7}}", "%s%n")
INJECTIONS = ("\u202e", "' OR 1=1 --", '"><img src=x onerror=x>', "> . DROP ALL #", "a" * 3000, "-1", "1e400", "NaN")
HOSTILE = st.sampled_from([*TRAVERSALS, *INJECTIONS, ""])
PIECE = st.one_of(HOSTILE, TEXT)
QUERIES = st.one_of(
    st.sampled_from(
        ["ASK {}", "SELECT * { ?s ?p ?o } LIMIT 3", "DESCRIBE id:xiongan", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2"]
    ),
    TEXT.map(lambda text: f"SELECT * {{ ?s ?p {text} }}"),
    TEXT.map(lambda text: f'ASK {{ ?s rdfs:label "{text}"@zh }}'),
    PIECE,
)
NAMES = (
    *("query", "update", "default-graph-uri", "q", "lang", "page", "around", "hops", "format", "from", "to"),
    *("construct", "document"),
)
PARAMETERS = st.dictionaries(st.one_of(st.sampled_from(NAMES), TEXT), st.one_of(QUERIES, PIECE), max_size=4)
MEDIA = st.sampled_from(
    [
        *("application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded", "text/plain"),
        *("application/json", "multipart/form-data; boundary=x", "application/sparql-query; charset=utf-16", "", ";;;"),
    ]
)
LATIN = st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=30)
HEADERS_SENT = st.fixed_dictionaries(
    {},
    optional={
        "accept": st.one_of(MEDIA, LATIN, st.sampled_from(["text/html", "text/turtle", "image/png", "*/*;q=x"])),
        "accept-language": LATIN,
        "cookie": LATIN,
        "origin": LATIN,
        "authorization": st.one_of(st.just(f"Bearer {TOKEN}"), LATIN),
        "range": st.sampled_from(["bytes=0-", "bytes=9-1", "bytes=-5", "x"]),
        "if-none-match": LATIN,
        "content-type": MEDIA,
    },
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    build = lay_build(tmp_path_factory.mktemp("fuzz") / "build")
    with client(build, writable=True, review=True, token=TOKEN) as asked:
        yield asked


def paths(server: TestClient) -> list[str]:
    """The addresses that the application has routes for, their parameters open."""
    app: Any = server.app
    return sorted(route.path for route in app.app.routes if isinstance(route, Route | Mount))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_every_request_is_answered(server: TestClient, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([*paths(server), "/", "/sparql"]), "path")
    while "{" in path:
        head, _, rest = path.partition("{")
        path = head + quote(data.draw(PIECE, "piece"), safe="/%") + rest.partition("}")[2]
    sent = {name: value.encode("latin-1") for name, value in data.draw(HEADERS_SENT, "headers").items()}
    parameters: Any = data.draw(PARAMETERS, "parameters")
    body = data.draw(st.one_of(st.none(), st.binary(max_size=200), QUERIES.map(str.encode)), "body")
    method = data.draw(st.sampled_from(METHODS), "method")
    answer = server.request(method, path, params=parameters, headers=sent, content=body)  # type: ignore[arg-type]
    SEEN[answer.status_code] += 1
    assert answer.status_code in FINE, answer.text
    assert {name for name in HEADERS if name.lower() not in answer.headers} == set()
    assert "Traceback" not in answer.text
    assert 'File "' not in answer.text


def test_the_server_lives(server: TestClient, record_property: Callable[[str, object], None]) -> None:
    counts = ", ".join(f"{status}: {number}" for status, number in sorted(SEEN.items()))
    record_property("counted", f"{sum(SEEN.values())} requests made by hypothesis, answered {counts}")
    assert server.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
