"""The network as a person meets it: opened from disk with the network refused, clicked, searched, filtered, read.

Every page here is opened by the fixture ``open_page``, which fails the test if the page asked for anything or logged
any error. Pictures of what was seen are kept under ``build/screens/`` where ``SCREENS`` is set.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import OpenPage
from support import ROOT
from view_samples import CLOSING, IMAGE, SCRIPT, gold_quads, hostile_quads, vocab

from kg.nquads import line
from kg.view import render

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("browser") / "gold.html"
    render(gold_quads(), vocab(), out)
    return out


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("browser") / "hostile.html"
    render(hostile_quads(), vocab(), out, title=CLOSING)
    return out


def keep(page: Page, name: str) -> None:
    """A picture of the page for people, where they asked for it."""
    if os.environ.get("SCREENS"):
        folder = ROOT / "build" / "screens"
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png")


def node_id(page: Page, name: str) -> int:
    found: int = page.evaluate("name => networkPage.nodes.find(n => n.zh === name).id", name)
    return found


def click_at(page: Page, spot: dict[str, float]) -> None:
    box = page.locator("#network").bounding_box()
    assert box
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])


def click_node(page: Page, name: str) -> None:
    click_at(page, page.evaluate("id => networkPage.nodeAt(id)", node_id(page, name)))


def click_edge(page: Page, where: str) -> dict[str, Any]:
    """Click an edge that satisfies ``where`` (a condition on ``e``) at a place that is its own."""
    edge: dict[str, Any] = page.evaluate(f"networkPage.edges.find(e => networkPage.shown.edges.has(e) && ({where}))")
    spots = "id => [0.5, 0.4, 0.6, 0.3, 0.7].map(t => networkPage.edgeAt(id, t))"
    click_at(page, page.evaluate(f"id => ({spots})(id).find(p => networkPage.hit(p.x, p.y) === id)", edge["id"]))
    return edge


def panel(page: Page) -> Locator:
    return page.locator("#panel")


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


# ---- reading


def test_a_click_on_a_node_shows_its_facts_and_their_words(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    keep(page, "whole")
    click_node(page, "雄安新区")
    assert panel(page).locator("h2").inner_text() == "雄安新区"
    fact = panel(page).locator(".fact", has_text="河北省")
    fact.locator(".said").click(position={"x": 200, "y": 12})
    assert fact.locator("mark").inner_text() == "河北雄安新区"
    assert "2021年2月" in fact.locator("figcaption").inner_text()
    keep(page, "node")


def test_a_click_on_an_edge_shows_the_sentence(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    edge = click_edge(page, "e.p === 'investsIn' || e.p === 'subsidiaryOf' || e.p === 'relocatedFrom'")
    shown = panel(page).locator("mark").first.inner_text()
    assert squeezed(shown) == squeezed(edge["q"][0]["x"])
    assert panel(page).locator(".around").first.inner_text().startswith("…")
    keep(page, "edge")


def test_literal_facts_and_figures_are_in_the_panel(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    click_node(page, "京雄城际铁路")
    assert "2020年12月27日" in panel(page).inner_text()
    page.keyboard.press("Escape")  # the panel may lie above the other one
    click_node(page, "曹妃甸区")
    assert "4802.46 亿元" in panel(page).inner_text()


def test_names_in_the_panel_lead_on_and_back(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    click_node(page, "雄安新区")
    panel(page).locator(".fact .link", has_text="河北省").click()
    assert panel(page).locator("h2").inner_text() == "河北省"
    page.go_back()
    assert panel(page).locator("h2").inner_text() == "雄安新区"
    page.keyboard.press("Escape")
    assert panel(page).is_hidden()


def test_an_address_opens_what_it_names(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    click_node(page, "雄安新区")
    fragment = page.evaluate("location.hash")
    again = open_page(gold, fragment=fragment)
    assert panel(again).locator("h2").inner_text() == "雄安新区"


# ---- finding


@pytest.mark.parametrize("query", ["雄安新", "河北雄安", "xionganxin", "Xióng ān xīn", "xaxq"])
def test_search_finds_names_aliases_pinyin_and_initials(open_page: OpenPage, gold: Path, query: str) -> None:
    page = open_page(gold)
    page.keyboard.press("/")
    page.keyboard.insert_text(query)
    page.keyboard.press("Enter")
    assert panel(page).locator("h2").inner_text() == "雄安新区"


def test_search_finds_words_of_the_quotes(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    page.locator("#query").fill("备忘录")
    page.locator("#hits [role=option]").last.click()
    assert "备忘录" in squeezed(panel(page).inner_text())


def test_an_input_method_keeps_its_keys(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    page.locator("#query").fill("雄安")
    page.evaluate("""() => document.getElementById('query').dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))""")
    assert panel(page).is_hidden()


def test_nothing_found_is_said(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    page.locator("#query").fill("zzzz")
    assert page.locator("#hits").inner_text() == "没有匹配的内容"


# ---- choosing


def test_a_switch_of_the_legend_hides_a_type(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    before = page.evaluate("networkPage.shown.nodes.size")
    people = page.evaluate("networkPage.nodes.filter(n => n.group === 'Person').length")
    page.locator("#legend input[data-key=Person]").dispatch_event("click")
    assert page.evaluate("networkPage.shown.nodes.size") == before - people
    assert f"显示 {before - people}/{before} 个实体" in page.locator("#status").inner_text()
    assert "types-off=Person" in page.evaluate("location.hash")


def test_a_relation_can_be_looked_at_alone(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    page.locator("#legend li:has(input[data-key=connects]) .only").click()
    assert set(page.evaluate("[...networkPage.shown.edges].map(e => e.p)")) == {"connects"}


def test_planned_is_dashed_and_negated_hidden_until_wanted(open_page: OpenPage, hostile: Path) -> None:
    page = open_page(hostile)
    shown = "[...networkPage.shown.edges].map(e => e.m)"
    assert sorted(page.evaluate(shown)) == ["asserted", "asserted", "planned"]
    assert page.locator("#legend label:has(input[data-key=planned]) path").get_attribute("stroke-dasharray") == "7 5"
    page.locator("#legend label:has(input[data-key=negated])").click()
    assert "negated" in page.evaluate(shown)
    click_edge(page, "e.m === 'negated'")
    assert "没有迁往" in panel(page).inner_text()


def test_parallel_edges_stand_apart(open_page: OpenPage, hostile: Path) -> None:
    page = open_page(hostile)
    first = click_edge(page, "e.p === 'locatedIn'")
    assert vocab().properties["locatedIn"].label_zh in panel(page).locator(".by").inner_text()
    second = click_edge(page, "e.p === 'investsIn'")
    assert (first["from"], first["to"]) == (second["from"], second["to"])
    assert vocab().properties["investsIn"].label_zh in panel(page).locator(".by").inner_text()


def test_a_neighbourhood_and_back(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    everything = page.evaluate("networkPage.shown.nodes.size")
    click_node(page, "雄安新区")
    panel(page).get_by_text("只看邻域").click()
    assert 2 < page.evaluate("networkPage.shown.nodes.size") < 12
    panel(page).get_by_text("恢复全部").click()
    assert page.evaluate("networkPage.shown.nodes.size") == everything


# ---- two languages, two themes, a keyboard, a small screen


def test_the_interface_speaks_english_too(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    page.locator("#language").click()
    assert page.locator("#legend").inner_text().startswith("Types")
    assert page.locator("html").get_attribute("lang") == "en"
    click_node(page, "雄安新区")
    assert panel(page).locator("h2").inner_text() == "Xióng ān xīn qū"  # no English name: pinyin
    keep(page, "english")


def test_everything_can_be_reached_by_keyboard(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    page.locator("#network").focus()
    page.keyboard.press("Enter")
    first = panel(page).locator("h2").inner_text()
    page.keyboard.press("ArrowLeft")
    assert panel(page).locator("h2").inner_text() != first
    page.locator("#table-button").press("Enter")
    page.locator("#table tbody .link").first.press("Enter")
    assert panel(page).is_visible()


def test_dark_where_the_reader_prefers_it(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold, color_scheme="dark")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    keep(page, "dark")
    page.locator("#theme").click()
    assert page.locator("html").get_attribute("data-theme") == "light"


LOW_CONTRAST = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const channel = v => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = numbers(getComputedStyle(node).backgroundColor);
      if ((colour[3] ?? 1) > 0.9) return colour;
    }
    return [255, 255, 255];
  };
  const says = node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
  const seen = node => !node.closest('script') && node.checkVisibility();
  const texts = [...document.querySelectorAll('body *')].filter(node => seen(node) && says(node));
  return texts.filter(node => {
    const pair = [light(numbers(getComputedStyle(node).color)), light(ground(node))].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05) < 4.5;
  }).map(node => node.textContent.slice(0, 30));
}"""
"""Texts whose contrast with what they stand on is below 4.5 to 1 (WCAG AA)."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_contrast_enough(open_page: OpenPage, gold: Path, hostile: Path, scheme: str) -> None:
    page = open_page(gold, color_scheme=scheme)
    click_node(page, "京津冀")
    panel(page).get_by_text("展开原文").click()
    assert page.evaluate(LOW_CONTRAST) == []
    page = open_page(hostile, color_scheme=scheme)
    click_edge(page, "e.m === 'planned'")
    assert page.evaluate(LOW_CONTRAST) == []


def test_a_small_screen_shows_all_parts(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold, width=390, height=844)
    keep(page, "small")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#legend-button").click()
    assert page.locator("#legend").is_visible()
    page.keyboard.press("Escape")
    click_node(page, "北京市")
    box = panel(page).bounding_box()
    assert box
    assert box["y"] > 300
    assert box["width"] == 390
    keep(page, "small-panel")


# ---- copying


@pytest.mark.parametrize(("kind", "expected"), [("citation", "“"), ("turtle", "rdf:subject id:"), ("sparql", "SELECT")])
def test_a_statement_can_be_copied(open_page: OpenPage, gold: Path, kind: str, expected: str) -> None:
    page = open_page(gold, permissions=["clipboard-read", "clipboard-write"])
    edge = click_edge(page, "e.p === 'agreementWith'")
    panel(page).locator(f"[data-copy={kind}]").first.click()
    text = page.evaluate("navigator.clipboard.readText()")
    assert expected in text
    _check_copied(kind, text, edge)


def _check_copied(kind: str, text: str, edge: dict[str, Any]) -> None:
    import pyoxigraph

    if kind == "citation":
        assert squeezed(edge["q"][0]["x"]) in squeezed(text)
        return
    whole = pyoxigraph.Store()
    whole.load("".join(map(line, gold_quads())).encode(), pyoxigraph.RdfFormat.N_QUADS)
    if kind == "turtle":
        copied = list(pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE))
        assert copied
        assert all(any(whole.quads_for_pattern(q.subject, q.predicate, q.object, None)) for q in copied)
    else:
        rows = list(whole.query(text, use_default_graph_as_union=True))
        assert [row["quote"].value for row in rows] == [quote["x"] for quote in edge["q"]]


# ---- hostile names


def test_names_never_become_markup(open_page: OpenPage, hostile: Path) -> None:
    page = open_page(hostile)
    for name in (SCRIPT, IMAGE, CLOSING, "javascript:window.broken=4"):
        click_node(page, name)
        assert panel(page).locator("h2").inner_text() == name
        for fold in panel(page).locator(".fold[aria-expanded=false]").all():
            fold.click()
    page.locator("#table-button").click()
    page.locator("#query").fill("<")
    assert page.evaluate("window.broken") is None
    assert page.locator("#panel img, #hits img, #table img, #legend img, header img").count() == 0
    assert page.title() == CLOSING
    keep(page, "hostile")


def test_a_name_that_turns_the_writing_is_set_straight(open_page: OpenPage, hostile: Path) -> None:
    page = open_page(hostile)
    page.locator("#query").fill("cqhg")  # initials of an alias
    page.keyboard.press("Enter")
    assert panel(page).locator("h2").inner_text() == "转过来的名字"


def test_the_page_works_in_a_sandboxed_frame(open_page: OpenPage, gold: Path, tmp_path: Path) -> None:
    frame = tmp_path / "notebook.html"
    inner = gold.read_text(encoding="utf-8").replace("&", "&amp;").replace('"', "&quot;")
    style = "width:1000px;height:640px"
    frame.write_text(
        f'<!DOCTYPE html><html data-ready><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">'
        f'<iframe sandbox="allow-scripts allow-downloads" style="{style}" srcdoc="{inner}"></iframe>',
        encoding="utf-8",
    )
    page = open_page(frame)
    inside = page.frame_locator("iframe")
    inside.locator("#query").fill("xaxq")
    inside.locator("#query").press("Enter")
    assert inside.locator("#panel h2").inner_text() == "雄安新区"
