"""``/ask`` as the server gives it: the page, what it asks the server for, and the files that others made."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import client, lay_build
from starlette.testclient import TestClient
from view_samples import IMAGE, SCRIPT, gold_quads, hostile_quads

from kg import terms as t
from kg.nquads import decimal, literal
from kg.questions import list_questions
from kg.serve import app
from kg.serve.asking import MOST_FOUND, MOST_KNOWN, words
from kg.types import Quad

VENDOR = app.STATIC / "vendor"
ID = "https://w3id.org/kg-regional/id/"
XIONGAN = f"{ID}xiong-an-xin-qu-zone-3af159e3"
BACKGROUND = "<https://w3id.org/kg-regional/graph/background>"


def placed(name: str, latitude: str, longitude: str) -> tuple[Quad, Quad]:
    """A thing's coordinates; the first need not be a number."""
    thing = f"<{ID}{name}>"
    first = decimal(latitude) if latitude.replace(".", "").isdigit() else f'"{latitude}"'
    return Quad(thing, t.LATITUDE, first, BACKGROUND), Quad(thing, t.LONGITUDE, decimal(longitude), BACKGROUND)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    places = (
        *placed("xiong-an-xin-qu-zone-3af159e3", "38.99", "115.98"),
        *placed("tianjin", "95", "117"),
        *placed("beijing", "north", "116"),
    )
    english = Quad(f"<{XIONGAN}>", t.LABEL, literal("Xiong'an New Area", "en"), BACKGROUND)
    build = lay_build(tmp_path_factory.mktemp("ask") / "build", (*gold_quads(), *hostile_quads(), *places, english))
    with client(build) as asked:
        yield asked


def told(server: TestClient, lang: str = "zh") -> dict[str, Any]:
    page = server.get("/ask", params={"lang": lang}).text
    found = re.search(r'<script type="application/json" id="told">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def known(server: TestClient, **asked: Any) -> Any:
    return server.post("/ask/known", json=asked).json()


def test_the_page_lists_every_question_in_both_languages(server: TestClient) -> None:
    for lang in ("zh", "en"):
        page = server.get("/ask", params={"lang": lang}).text
        assert page.count("data-question=") == len(list_questions()) == len(told(server, lang)["questions"])
    assert told(server, "en")["questions"][0]["title"] == list_questions()[0].en
    assert told(server, "zh")["questions"][0]["title"] == list_questions()[0].zh


def test_the_page_is_told_the_prefixes_of_the_store(server: TestClient) -> None:
    prefixes = told(server)["prefixes"]
    assert prefixes["kg"] == "https://w3id.org/kg-regional/ontology#"
    assert prefixes["id"] == ID


def test_both_languages_say_the_same_things() -> None:
    assert words()["zh"].keys() == words()["en"].keys()
    for key, text in words()["zh"].items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", words()["en"][key])), key


def test_scripts_say_only_what_there_are_words_for() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in (app.STATIC / "ask").glob("*.js"))
    template = (app.STATIC.parent / "templates" / "ask.html").read_text(encoding="utf-8")
    used = {*re.findall(r"say\('(\w+)'", scripts), *re.findall(r"\ba\.(\w+)", template)}
    assert used <= words()["zh"].keys()
    mentioned = set(re.findall(r"'(\w+)'", scripts)) | set(re.findall(r"\ba(?:\.|\[')(\w+)", template))
    names = {"row", "rows", "triple", "triples", "network", "chart"}  # put together, or keys of an object
    assert words()["zh"].keys() - mentioned - names == set()


def test_every_script_and_style_is_the_servers_own(server: TestClient) -> None:
    page = server.get("/ask").text
    linked = re.findall(r'(?:src|href)="([^"#]+\.(?:js|css))"', page)
    assert len(linked) >= 5
    assert [address for address in linked if server.get(address).status_code != 200] == []
    assert re.findall(r"<script(?![^>]* (?:src|type=\"application/json\"))", page) == []


def test_vendored_files_are_as_listed() -> None:
    readme = (VENDOR / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", readme, re.MULTILINE))
    found = {path.relative_to(VENDOR).as_posix(): path for path in VENDOR.rglob("*.*") if path.suffix != ".md"}
    found = {name: path for name, path in found.items() if path.suffix != ".txt"}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()} == listed
    assert (VENDOR / "yasqe" / "LICENSE").is_file()
    assert (VENDOR / "outline" / "LICENSE").is_file()


def test_the_outline_is_small_and_lies_where_it_should() -> None:
    path = VENDOR / "outline" / "china.json"
    assert path.stat().st_size < 150_000
    shapes = json.loads(path.read_text(encoding="utf-8"))["geometries"]
    found = ([each["coordinates"]] if each["type"] == "Polygon" else each["coordinates"] for each in shapes)
    points = [point for polygons in found for polygon in polygons for ring in polygon for point in ring]
    assert len(shapes) > 30
    assert all(70 < longitude < 140 and 10 < latitude < 55 for longitude, latitude in points)


def test_terms_come_with_labels(server: TestClient) -> None:
    terms = server.get("/ask/terms").json()
    opened = next(each for each in terms["properties"] if each["name"] == "kg:openedOn")
    assert (opened["zh"], opened["en"]) == ("开通日期", "opened on")
    assert any(each["name"] == "kg:Zone" for each in terms["classes"])


@pytest.mark.parametrize("typed", ["雄安", "xiongan", "xaxq", "Xiong'an New"])
def test_a_name_is_completed_from_chinese_pinyin_and_english(server: TestClient, typed: str) -> None:
    found = server.get("/ask/complete", params={"q": typed}).json()
    assert XIONGAN in [each["iri"] for each in found]
    assert len(found) <= MOST_FOUND


def test_nothing_is_completed_from_nothing(server: TestClient) -> None:
    assert server.get("/ask/complete").json() == []
    assert server.get("/ask/complete", params={"q": "没有这个名称的东西"}).json() == []


def test_things_are_known_by_iri_and_by_name(server: TestClient) -> None:
    found = known(server, iris=["https://example.org/none"], names=["雄安新区", "没有"])
    assert found["names"] == {"雄安新区": XIONGAN}
    assert found["things"][XIONGAN]["place"] == [38.99, 115.98]
    assert found["things"][XIONGAN]["path"] == "/id/xiong-an-xin-qu-zone-3af159e3"
    assert "https://example.org/none" not in found["things"]


def test_places_off_the_map_are_no_places(server: TestClient) -> None:
    found = known(server, iris=[f"{ID}tianjin", f"{ID}beijing"])["things"]
    assert [iri for iri, thing in found.items() if "place" in thing] == []


def test_hostile_names_come_as_they_are_and_as_json(server: TestClient) -> None:
    answer = server.get("/ask/complete", params={"q": "<script"})
    assert SCRIPT in [each["zh"] for each in answer.json()]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert IMAGE in known(server, names=[IMAGE])["names"]


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"1", b"{", b"\xff", b'{"iris": "x"}', b'{"iris": [1]}', b'{"names": [null]}', b'{"names": {}}'),
        *(b'{"names": ["\\ud800"]}', b"[" * 20_000, json.dumps({"iris": ["x:y"] * (MOST_KNOWN + 1)}).encode()),
    ],
)
def test_what_is_no_question_is_refused(server: TestClient, body: bytes) -> None:
    answer = server.post("/ask/known", content=body)
    assert answer.status_code == 400
    assert answer.text.count("\n") == 1


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=8))
def test_any_text_may_be_asked_for(server: TestClient, texts: list[str]) -> None:
    answer = server.post("/ask/known", json={"iris": texts, "names": texts})
    assert answer.status_code == 200
    assert set(answer.json()["names"]) <= set(texts)


def test_names_are_not_changed_by_other_methods(server: TestClient) -> None:
    assert server.post("/ask/complete").status_code == 405
    assert server.get("/ask/known").status_code == 405


def test_a_browser_that_asks_the_endpoint_comes_to_the_page(server: TestClient) -> None:
    answer = server.get("/sparql", params={"query": "ASK {}"}, headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/ask#query=ASK%20%7B%7D"


def test_the_scripts_stay_readable() -> None:
    ours = [*(app.STATIC / "ask").iterdir()]
    long = {path.name: max(map(len, path.read_text(encoding="utf-8").splitlines())) for path in ours}
    assert {name: n for name, n in long.items() if n > 180} == {}
    assert {path.name for path in ours if path.read_text(encoding="utf-8").count("\n") > 400} == set()
    assert Path(VENDOR / "README.md").is_file()
