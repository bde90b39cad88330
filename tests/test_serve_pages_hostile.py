"""``kg.serve.pages`` over hostile names, quotes and texts: whatever a text says stays text, on every page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from served_pages import BASE, client, read
from serving import lay_build
from starlette.testclient import TestClient
from view_samples import CLOSING, TEXT, TURNED, hostile_quads

from kg.nquads import literal
from kg.serve.spans import Mark, lines
from kg.texts import TEXTS, write_texts
from kg.types import Quad

NAMES = (
    "__proto__",
    "{{ 7*7 }}",
    "{% raw %}",
    "javascript:alert(1)",
    "' onmouseover='alert(1)",
    "\u200b\u2066x\u2069",
    "a" * 3000,
    "𠮷野家" * 50,
)
ASKED = ("page", "side", "predicate", "format", "lang", "around", "hops", "from", "to", "document", "construct", "sort")
MARKUP = re.compile(r"<(script|img|b|svg|iframe)\b", re.IGNORECASE)


def quads() -> tuple[Quad, ...]:
    """Hostile names in a graph, some beside those that the network's tests have; a link that would run something."""
    more: list[Quad] = []
    facts = f"<{BASE}graph/facts>"
    some = hostile_quads()
    kind = next(q.object for q in some if q.predicate.endswith("#type>") and "/id/" in q.subject)
    for i, name in enumerate(NAMES):
        s = f"<{BASE}id/x{i}>"
        more += [
            Quad(s, "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", kind, facts),
            Quad(s, "<http://www.w3.org/2000/01/rdf-schema#label>", literal(name, "zh"), facts),
            Quad(s, "<http://www.w3.org/2002/07/owl#sameAs>", "<javascript:alert(1)>", facts),
        ]
    return (*some, *more)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    out = lay_build(tmp_path_factory.mktemp("hostile") / "build", quads())
    write_texts([("hostile", TEXT)], out / TEXTS)
    with client(out) as made:
        yield made


def paths() -> list[str]:
    """A page for each subject, and those that list them."""
    about = sorted({q.subject[1:-1].partition("#")[0] for q in quads() if q.subject.startswith(f"<{BASE}")})
    listed = ["/", "/documents", "/ontology", "/conflicts", "/rejected", "/reviews", "/search?q=script", "/search?q=<"]
    return [*listed, *("/" + iri.removeprefix(BASE) for iri in about)]


def test_nothing_that_a_text_says_becomes_markup(web: TestClient) -> None:
    ours = {"/static/site.js", "/static/pages.js"}
    for path in paths():
        answer = web.get(path)
        assert answer.status_code == 200, path
        page = read(answer.text)
        assert {str(a.get("src")) for tag, a in page.tags if tag == "script"} == ours, path
        assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)], path
        assert not [tag for tag, _ in page.tags if tag in ("img", "b2", "object", "embed", "base")], path
        assert not [link for link in page.links if link.lower().startswith(("javascript:", "vbscript:"))], path


def test_marks_that_turn_the_direction_are_not_shown_in_names(web: TestClient) -> None:
    named = re.sub("[\u202c\u202e]", "", TURNED)
    assert f"<bdi>{named}</bdi>" in web.get("/search", params={"q": named}).text


def test_templates_are_not_run(web: TestClient) -> None:
    assert "{{ 7*7 }}" in web.get("/id/x1").text
    assert "<bdi>49" not in web.get("/id/x1").text


def test_the_text_keeps_every_character_beside_its_marks(web: TestClient) -> None:
    page = web.get("/doc/hostile").text
    body = page[page.index('<ol class="text') : page.index("</ol>")]
    assert MARKUP.search(re.sub(r"<(?:li|span|a|/\w+)\b[^>]*>", "", body)) is None
    assert "&lt;script&gt;" in body


def test_suggestions_are_json_that_a_page_takes_as_text(web: TestClient) -> None:
    answer = web.get("/search", params={"q": "script"}, headers={"accept": "application/json"})
    assert answer.headers["content-type"] == "application/json"
    assert any("<script>" in hit["label"] for hit in json.loads(answer.text)["results"])


@given(
    kind=st.sampled_from(["id", "doc", "statement", "evidence", "graph", "ontology", "question", "event", "network"]),
    name=st.text(max_size=30),
    asked=st.dictionaries(st.sampled_from(ASKED), st.text(max_size=20), max_size=3),
    accept=st.sampled_from(["text/html", "text/turtle", "*/*", "application/ld+json;q=x, ,;", "\t"]),
)
@settings(max_examples=150)
def test_whatever_is_asked_the_server_has_no_fault(
    web: TestClient, kind: str, name: str, asked: dict[str, str], accept: str
) -> None:
    path = f"/{kind}" if kind == "network" else f"/{kind}/{quote(name, safe='')}"
    answer = web.get(path, params=asked, headers={"accept": accept})
    assert answer.status_code in (200, 303, 307, 400, 404, 406), answer.text[:200]


def test_the_network_of_hostile_names_ends_no_script(web: TestClient) -> None:
    text = web.get("/network?around=x0").text
    assert CLOSING not in text


# ---------------------------------------------------------------------- marks


def shown(text: str, mentions: list[Mark], facts: list[Mark]) -> str:
    """The pieces, each with what covers it: ``[mention:facts text]``."""
    return "\n".join(
        "".join(
            f"[{p.mention}:{','.join(map(str, p.facts))} {p.text}]" if p.mention >= 0 or p.facts else p.text
            for p in line
        )
        for line in lines(text, mentions, facts)
    )


def test_marks_nest_the_innermost_name_wins() -> None:
    assert shown("天津港集团说", [Mark(0, 5, 0), Mark(0, 3, 1)], []) == "[1: 天津港][0: 集团]说"


def test_marks_overlap() -> None:
    assert shown("abcdef", [Mark(0, 3, 0), Mark(2, 5, 1)], [Mark(1, 4, 7)]) == "[0: a][0:7 b][0:7 c][1:7 d][1: e]f"


def test_marks_go_over_lines_and_out_of_the_text() -> None:
    assert shown("ab\ncd", [], [Mark(1, 4, 0), Mark(3, 99, 1), Mark(-1, 2, 2), Mark(2, 2, 3)]) == "a[-1:0 b]\n[-1:0 c]d"


def test_two_names_for_the_same_words_show_the_first() -> None:
    assert shown("两地", [Mark(0, 2, 0), Mark(0, 2, 1)], []) == "[0: 两地]"


def test_a_long_text_full_of_marks_takes_no_long_time() -> None:
    marks = [Mark(i, i + 40, i) for i in range(0, 20_000, 2)]
    assert sum(len(line) for line in lines("x" * 20_040, marks, marks)) > 10_000
