"""``kg.serve.pages.network``: the network of a build, or of a part of it, as a page of the server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from served_pages import BASE, built, client
from starlette.testclient import TestClient

from kg.serve.pages import network


@pytest.fixture(scope="module")
def web(bundled: Path) -> Iterator[TestClient]:
    with client(bundled) as made:
        yield made


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of a few stories."""
    return built(tmp_path_factory.mktemp("news"))


def test_the_network_sends_the_policy_of_its_page(web: TestClient) -> None:
    answer = web.get("/network")
    rules = answer.headers["content-security-policy"]
    assert "script-src 'sha256-" in rules
    assert "frame-ancestors 'self'" in rules
    assert "unsafe" not in rules
    assert f'data-base="{BASE}"' in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "around=xiongan&hops=1",
        "around=雄安&hops=2",
        f"around={quote(BASE)}id/xiongan",
        "from=2020&to=2021",
        "construct=CONSTRUCT WHERE { ?a kg:agreementWith ?b }",
    ],
)
def test_a_part_of_the_network_is_a_network(web: TestClient, query: str) -> None:
    answer = web.get("/network?" + query)
    assert answer.status_code == 200
    data = json.loads(
        re.findall(r'<script type="application/json" id="data">(.*?)</script>', answer.text, re.DOTALL)[0]
    )
    assert 1 < len(data["nodes"]) < 60
    assert data["edges"] or data["page"]["values"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("around=nobody", 400),
        ("document=none", 400),
        ("from=someday", 400),
        ("from=2021&to=2020", 400),
        ("construct=SELECT * {}", 400),
        ("construct=CONSTRUCT {", 400),
        ("construct=CONSTRUCT {?a ?b ?c} {SERVICE <http://example.org/> {?a ?b ?c}}", 400),
    ],
)
def test_what_is_no_network_is_told_in_a_line(web: TestClient, query: str, status: int) -> None:
    answer = web.get("/network?" + query)
    assert (answer.status_code, answer.text.count("Traceback")) == (status, 0)


def test_a_query_without_an_answer_takes_no_other_pages_place(bundled: Path) -> None:
    nothing = "CONSTRUCT { ?a ?b ?c } WHERE { ?a <x:never> ?c ; ?b ?c }"
    with client(bundled) as web:
        assert web.get("/network", params={"construct": nothing}).status_code == 200
        assert "xiongan" in web.get("/network").text
        assert "xiongan" not in web.get("/network", params={"construct": nothing}).text


def test_what_is_kept_of_an_answer_is_short(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[tuple[object, ...]] = []
    monkeypatch.setattr(network._Pages, "put", lambda *given: keys.append(given[1]))
    with client(bundled) as web:
        for more in ("", "&x=1", "&lang=zh"):
            web.get("/network?construct=CONSTRUCT WHERE { ?a a ?b }" + more)
    assert len(set(keys)) == 1, "what the page does not heed makes no other page"
    assert len(repr(keys[0])) < 400


def test_a_network_too_large_for_browsers_shows_its_core(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "LARGEST", 1)
    with client(news) as web:
        text = web.get("/network").text
        framed = web.get("/network?around=hsr-jingxiong&embed=1").text
    data = json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[0])
    assert "京雄城际铁路" in [node["zh"] for node in data["nodes"]]
    assert data["edges"]
    assert 'data-embedded lang="' in framed
