"""``kg.serve.pages``: what people read of a build, and what programs get at the same addresses."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pyoxigraph as ox
import pytest
from served_pages import BASE, built, client, copy_of, read
from starlette.testclient import TestClient

from kg.texts import TEXTS

FORMATS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
}
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def web(bundled: Path) -> Iterator[TestClient]:
    with client(bundled) as made:
        yield made


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of stories that contradict each other."""
    return built(tmp_path_factory.mktemp("news"))


def subjects(bundled: Path) -> set[str]:
    """The IRIs that a build describes, without their fragments."""
    lines = (bundled / "graph.nq").read_text(encoding="utf-8").splitlines()
    return {line.split("> ", 1)[0][1:].partition("#")[0] for line in lines}


def triples(body: bytes, form: ox.RdfFormat) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(body, form)}


# ---------------------------------------------------------------------- every address


def test_every_iri_of_the_data_has_a_page(web: TestClient, bundled: Path) -> None:
    paths = sorted("/" + iri.removeprefix(BASE) for iri in subjects(bundled) if iri.startswith(BASE))
    kinds = {path.split("/")[1] for path in paths}
    assert {"id", "event", "doc", "statement", "evidence", "observation", "mention", "run", "rejection"} <= kinds
    chosen = [path for kind in kinds for path in [p for p in paths if p.split("/")[1] == kind][:40]]
    assert {path: web.get(path, headers=HTML).status_code for path in chosen} == dict.fromkeys(chosen, 200)


def test_every_link_of_every_page_leads_somewhere(web: TestClient) -> None:
    """A crawl from the first page; of statements, mentions and graphs a few each."""
    todo, seen, wrong = deque(["/"]), {"/"}, []
    per_kind: dict[str, int] = {}
    while todo:
        path = todo.popleft()
        answer = web.get(path, headers=HTML)
        if answer.status_code not in (200, 303):
            wrong.append((path, answer.status_code))
        if "text/html" not in answer.headers.get("content-type", "") or path.startswith("/network"):
            continue
        for link in read(answer.text).links:
            target = urlsplit(link)
            if target.scheme or link.startswith("#") or not target.path or "lang=" in link or link in seen:
                continue
            seen.add(link)
            kind = target.path.split("/")[1] + ("?" + target.query.partition("=")[0] if target.query else "")
            per_kind[kind] = per_kind.get(kind, 0) + 1
            if per_kind[kind] <= 25:
                todo.append(link.partition("#")[0])
    assert wrong == []
    assert len(seen) > 200


def test_words_that_a_page_leads_to_are_there(web: TestClient) -> None:
    """A quote's link ends at the first of its words in the text."""
    page = read(web.get("/id/xiongan").text)
    places = [link for link in page.links if "#at-" in link]
    assert places
    for link in places:
        path, _, place = link.partition("#")
        assert place in read(web.get(path).text).ids


def test_what_is_not_there_is_404_in_the_pages_own_dress(web: TestClient) -> None:
    for path in ("/id/nobody", "/doc/none", "/statement/0000", "/ontology/Nothing", "/question/none", "/graph/none"):
        answer = web.get(path)
        assert answer.status_code == 404
        assert "这里没有这个页面" in answer.text


def test_addresses_that_no_iri_can_be_are_404(web: TestClient) -> None:
    for name in ("a b", "<x>", '"', "{}", "\\", "%", "\u202e", "x" * 300, "a\x00b"):
        assert web.get("/id/" + quote(name, safe="")).status_code == 404, name


# ---------------------------------------------------------------------- what programs get


@pytest.mark.parametrize("path", ["/id/xiongan", "/ontology/Zone", "/ontology"])
@pytest.mark.parametrize("form", FORMATS)
def test_a_format_is_had_by_accept_and_by_name(web: TestClient, path: str, form: str) -> None:
    media, parser = FORMATS[form]
    asked, named = web.get(path, headers={"accept": media}), web.get(f"{path}?format={form}", headers=HTML)
    assert asked.headers["content-type"].startswith(media)
    assert "Accept" in asked.headers["vary"]
    assert len(triples(asked.content, parser)) == len(triples(named.content, parser)) > 3


def test_all_formats_say_the_same(web: TestClient) -> None:
    said = [triples(web.get("/id/hsr-jingxiong", headers={"accept": m}).content, form) for m, form in FORMATS.values()]
    assert said[0] == said[1] == said[2]
    assert any("openedOn" in triple for triple in said[0])


def test_browsers_get_pages_and_others_what_they_like_best(web: TestClient) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert "text/html" in web.get("/id/xiongan", headers={"accept": browser}).headers["content-type"]
    better = "application/n-triples;q=0.9, text/turtle;q=0.5"
    assert "n-triples" in web.get("/id/xiongan", headers={"accept": better}).headers["content-type"]
    assert web.get("/id/xiongan", headers={"accept": "image/png"}).status_code == 406
    assert web.get("/id/xiongan?format=exe").status_code == 406


def test_a_description_holds_what_points_at_the_thing_and_what_is_stated(web: TestClient) -> None:
    said = web.get("/id/xiongan?format=nt").text
    assert f"<{BASE}id/hsr-jingxiong> <{BASE}ontology#connects> <{BASE}id/xiongan> ." in said
    assert re.search(rf"<{BASE}statement/\w+> <[^>]+#object> <{BASE}id/xiongan> \.", said)


def test_the_ontology_comes_as_it_was_written(web: TestClient) -> None:
    from support import ROOT

    assert web.get("/ontology", headers={"accept": "text/turtle"}).content == (ROOT / "ontology.ttl").read_bytes()


def test_the_context_of_json_ld_is_at_its_address(web: TestClient) -> None:
    answer = web.get("/ontology/context.jsonld")
    assert answer.headers["content-type"].startswith("application/ld+json")
    assert answer.json()["@context"]["openedOn"] == {"@id": "kg:openedOn", "@type": "xsd:date"}


def test_a_graph_is_had_whole_from_the_endpoint(web: TestClient) -> None:
    answer = web.get("/graph/facts", headers={"accept": "text/turtle"})
    assert answer.status_code == 303
    whole = web.get(answer.headers["location"], headers={"accept": "application/n-triples"})
    assert whole.status_code == 200
    assert "openedOn" in whole.text


# ---------------------------------------------------------------------- entities


def test_an_entity_shows_names_facts_quotes_and_where_they_stand(web: TestClient) -> None:
    text = web.get("/id/hsr-jingxiong").text
    for said in ("京雄城际铁路", "开通", "2020-12-27", "<mark>", "Turtle", "#at-"):
        assert said in text, said


def test_facts_lead_to_the_other_end_whichever_side_the_thing_is_on(web: TestClient) -> None:
    """A relation that holds both ways is stored one way; the page never names the thing itself as its other end."""
    text = web.get("/id/cn-110000").text
    ends = re.findall(r'<span class="end"><a class="ref" href="([^"]+)"', text)
    assert ends
    assert "/id/cn-110000" not in ends


def test_pages_are_in_the_readers_language(web: TestClient) -> None:
    assert 'lang="zh-CN"' in web.get("/id/xiongan").text
    english = web.get("/id/xiongan", headers={"accept-language": "en-GB,en"}).text
    assert 'lang="en"' in english
    assert "Xiong&#39;an New Area" in english
    chosen = web.get("/id/xiongan?lang=en")
    assert "lang=en" in chosen.headers["set-cookie"]
    web.cookies.clear()


def test_one_predicate_can_be_read_alone_page_by_page(web: TestClient) -> None:
    text = web.get("/id/cn-110000?predicate=locatedIn&side=in").text
    assert text.count('class="fact"') > 1
    for number in ("0", "-1", "x", "99999999999", "2"):
        assert web.get(f"/id/cn-110000?predicate=locatedIn&side=in&page={number}").status_code == 200


def test_an_id_that_another_stands_for_leads_on(news: Path, tmp_path: Path) -> None:
    out = copy_of(news, tmp_path / "build")
    store = ox.Store(str(out / "store"))
    old, new = ox.NamedNode(f"{BASE}id/old-name"), ox.NamedNode(f"{BASE}id/xiongan")
    graph = ox.NamedNode(f"{BASE}graph/identity")
    store.add(ox.Quad(old, ox.NamedNode("http://purl.org/dc/terms/isReplacedBy"), new, graph))
    store.flush()
    del store
    with client(out) as web:
        answer = web.get("/id/old-name?format=ttl")
        assert (answer.status_code, answer.headers["location"]) == (303, "/id/xiongan?format=ttl")


def test_a_statement_says_where_its_words_stand(web: TestClient, bundled: Path) -> None:
    """In the line of the text, counted as the page of the document counts them, and in the source file."""
    text = json.loads((bundled / TEXTS).read_text(encoding="utf-8"))["text"]
    path = re.findall(r'class="sure" href="([^"]+)"', web.get("/id/hsr-jingxiong?predicate=openedOn").text)[0]
    page = web.get(path).text
    start = int(re.findall(r"字符 (\d+)–\d+ · 源文件字符 \d+–\d+", page)[0])
    assert f"第 {text[:start].count(chr(10)) + 1} 行" in page


# ---------------------------------------------------------------------- search


def found(web: TestClient, asked: str, **headers: str) -> list[dict[str, str]]:
    answer = web.get("/search", params={"q": asked}, headers={"accept": "application/json", **headers})
    results: list[dict[str, str]] = json.loads(answer.text)["results"]
    return results


@pytest.mark.parametrize("asked", ["雄安新区", "雄安", "xiongan", "xaxq", "Xiong'an New", "XIONG'AN"])
def test_a_thing_is_found_by_name_pinyin_initials_and_english(web: TestClient, asked: str) -> None:
    assert "/id/xiongan" in [hit["path"] for hit in found(web, asked)]


def test_the_exact_name_comes_first_and_others_say_by_what_they_were_found(web: TestClient) -> None:
    hits = found(web, "雄安")
    assert hits[0]["path"] == "/id/xiongan"
    assert hits[0]["by"] == "雄安"


def test_results_are_grouped_by_type(web: TestClient) -> None:
    text = web.get("/search?q=北京").text
    assert text.index("行政区") < len(text)
    assert "/id/cn-110000" in text


@pytest.mark.parametrize("asked", ["", " ", "没有这种名称", "<script>", "%", "'\"\\", "x" * 5000, "\u202e"])
def test_whatever_is_searched_is_answered(web: TestClient, asked: str) -> None:
    answer = web.get("/search", params={"q": asked}, headers=HTML)
    assert answer.status_code == 200
    assert "<script>" not in answer.text.replace('<script src="/static/', "")


# ---------------------------------------------------------------------- documents


def test_a_text_is_shown_whole_with_its_names_and_facts(web: TestClient, bundled: Path) -> None:
    row = json.loads((bundled / TEXTS).read_text(encoding="utf-8"))
    page = web.get(f"/doc/{row['id']}").text
    text = page[page.index('<ol class="text') : page.index("</ol>")]
    shown = [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li>(.*?)</li>", text, re.DOTALL)]
    from html import unescape

    assert "\n".join(map(unescape, shown)) == row["text"]
    assert text.count("data-tip=") > 250
    assert text.count("data-f=") > 50


def test_documents_are_sorted_filtered_and_paged(news: Path) -> None:
    with client(news) as web:
        assert web.get("/documents").text.count('<a href="/doc/') == 3
        assert web.get("/documents?text=hall").text.count('<a href="/doc/') == 1
        assert web.get("/documents?text=92公里").text.count('<a href="/doc/') == 1
        assert web.get("/documents?text=京雄城际").text.count('<a href="/doc/') == 2
        for sort in ("newest", "oldest", "title", "facts", "nonsense"):
            assert web.get(f"/documents?sort={sort}&page=1").status_code == 200


def test_an_older_build_without_texts_says_to_build_again(news: Path, tmp_path: Path) -> None:
    out = copy_of(news, tmp_path / "build")
    (out / TEXTS).unlink()
    with client(out) as web:
        path = re.findall(r'<a href="(/doc/[^"]+)"', web.get("/documents").text)[0]
        answer = web.get(path)
    assert answer.status_code == 200
    assert "kg build" in answer.text


# ---------------------------------------------------------------------- questions, doubts, terms


def test_every_question_is_answered_with_links(web: TestClient) -> None:
    names = [
        unquote(link.rpartition("/")[2]) for link in read(web.get("/questions").text).links if "/question/" in link
    ]
    assert len(names) > 20
    assert {name: web.get(f"/question/{name}").status_code for name in names} == dict.fromkeys(names, 200)
    agreements = read(web.get("/question/agreements").text).links
    assert {"/id/cn-110000", "/id/cn-130000"} <= set(agreements)


def test_an_answer_is_had_as_csv(web: TestClient) -> None:
    answer = web.get("/question/agreements.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.splitlines()[0] == "party,with,agreement"
    assert web.get("/question/nothing.csv").status_code == 404


def test_contradictions_stand_side_by_side_as_the_command_finds_them(news: Path) -> None:
    from kg.conflicts import find_conflicts
    from kg.merging import quads_of

    expected = find_conflicts(*quads_of(news))
    assert expected
    with client(news) as web:
        text = web.get("/conflicts").text
    assert text.count('<div class="sides">') == len(expected)
    for each in expected:
        assert each.left.value in text
        assert each.right.value in text


def test_what_was_refused_is_listed_and_filtered(web: TestClient) -> None:
    assert "crosses a longer mention" in web.get("/rejected").text
    one = web.get("/rejected", params={"rule": "line.section-bare.v1"}).text
    assert one.count("<tr><td>") == 1
    assert web.get("/rejected", params={"reason": "<b>", "rule": "'"}).status_code == 200


def test_a_term_shows_what_the_ontology_says_and_examples(web: TestClient) -> None:
    text = web.get("/ontology/openedOn", headers={"accept-language": "en"}).text
    for said in ("2020-12-27", "京雄城际铁路", f"{BASE}ontology#openedOn"):
        assert said in text, said
    assert "/id/" in web.get("/ontology/Zone").text


# ---------------------------------------------------------------------- safety


def test_no_page_brings_scripts_of_its_own_or_asks_elsewhere(web: TestClient) -> None:
    for path in ("/", "/id/xiongan", "/documents", "/ontology", "/questions", "/conflicts", "/rejected", "/reviews"):
        page = read(web.get(path).text)
        for tag, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on")], path
            if tag in ("script", "link", "img", "iframe") and attributes.get("rel") != "alternate":
                source = attributes.get("src") or attributes.get("href") or ""
                assert source.startswith(("/", "data:,")), (path, source)


def test_links_to_other_sites_tell_them_nothing(web: TestClient) -> None:
    page = read(web.get("/id/cn-110000").text)
    outside = [a for tag, a in page.tags if tag == "a" and str(a.get("href", "")).startswith("http")]
    assert outside
    assert all("noopener" in str(a["rel"]) for a in outside)


def test_figures_of_one_indicator_are_drawn_where_there_are_three(tmp_path: Path) -> None:
    import served_pages

    from kg.build import build

    served_pages.own_recipe(tmp_path)
    told = {2018: 18809, 2020: 14083, 2021: 15695}
    story = "".join(f"{year}年，天津市地区生产总值{amount}亿元。" for year, amount in told.items())
    (tmp_path / "news" / "gdp.txt").write_text(story, encoding="utf-8")
    build([], tmp_path / "recipe.toml", tmp_path / "build")
    with client(tmp_path / "build") as web:
        text = web.get("/id/cn-120000").text
        english = web.get("/id/cn-120000", headers={"accept-language": "en"}).text
    assert text.count("<rect") == 3
    assert "1.881万亿" in text
    assert "18,809亿元" in text
    assert "1.881tn" in english


def test_what_is_only_spoken_of_has_a_page(news: Path, tmp_path: Path) -> None:
    """What was refused may name things of which nothing else is known."""
    out = copy_of(news, tmp_path / "build")
    store = ox.Store(str(out / "store"))
    some, said = ox.NamedNode(f"{BASE}rejection/1"), ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#subject")
    store.add(ox.Quad(some, said, ox.NamedNode(f"{BASE}id/only-spoken-of"), ox.NamedNode(f"{BASE}graph/rejected")))
    store.flush()
    del store
    with client(out) as web:
        assert "only-spoken-of" in web.get("/id/only-spoken-of").text
        assert web.get("/id/not-even-that").status_code == 404


def test_names_are_read_as_the_graph_reads_them() -> None:
    """Many letters have several readings: the pinyin of the label says which."""
    from kg.serve.finding import _keys
    from kg.serve.refs import Named

    named = Named("x", "", "重庆市", "Chongqing", "Chóng qìng shì", ("重庆", "渝"), 1)
    spelled = {key.spelling for key in _keys(named)}
    assert {"chongqingshi", "cqs", "chongqing", "cq", "重庆市", "yu"} <= spelled
    assert "zhongqing" not in spelled
