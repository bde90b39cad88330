"""A large network in the browser: a sheet that follows the camera; the core first, the rest by search and path."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import OpenPage
from test_browser import click_at, keep, panel
from view_samples import vocab

import kg.view_data
from benchmarks.view_graphs import network
from kg import terms as t
from kg.types import Quad
from kg.view import render, render_model
from kg.view_layout import place

if TYPE_CHECKING:
    from playwright.sync_api import Page

COUNT, CORE = 400, 60


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many nodes that they are drawn on a sheet."""
    out = tmp_path_factory.mktemp("large") / "large.html"
    render_model(network(COUNT, vocab()), vocab(), out)
    return out


@pytest.fixture(scope="module")
def cored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph too large to be shown at once, with the limits lowered so that this takes no time."""
    out = tmp_path_factory.mktemp("large") / "cored.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kg.view_data, "place", partial(place, shown=COUNT - 1, core=CORE))
        render_model(network(COUNT, vocab()), vocab(), out)
    return out


PIXEL = """spot => {
  const canvas = document.querySelector('canvas'), ratio = canvas.width / canvas.clientWidth;
  const copy = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const ctx = copy.getContext('2d', { willReadFrequently: true });
  ctx.drawImage(canvas, -Math.round(spot.x * ratio), -Math.round(spot.y * ratio));
  return [...ctx.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


def drag(page: Page, by: tuple[int, int]) -> None:
    """Move the ground, from a corner in which no node stands: the one that leaves room for the way."""
    box = page.locator("#network").bounding_box()
    assert box
    x = box["x"] + (15 if by[0] > 0 else box["width"] - 15)
    y = box["y"] + (30 if by[1] > 0 else box["height"] - 60)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + by[0] * step / 8, y + by[1] * step / 8)
    page.mouse.up()


def colour(page: Page, node: int) -> list[int]:
    spot = page.evaluate("id => networkPage.nodeAt(id)", node)
    found: list[int] = page.evaluate(PIXEL, spot)
    return found


def settle(page: Page) -> None:
    """Until the picture has come to rest, and has been drawn so."""
    page.evaluate("() => new Promise(requestAnimationFrame)")
    page.wait_for_function("networkPage.atRest()")
    page.evaluate("() => new Promise(requestAnimationFrame)")


def test_nodes_stand_where_the_camera_says_while_it_moves_and_after(open_page: OpenPage, large: Path) -> None:
    page = open_page(large, bypass_csp=True)
    node = page.evaluate("networkPage.nodes.find(n => n.rank === 0).id")
    own = page.evaluate("id => networkPage.nodes[id].color", node)
    wanted = [int(own[at : at + 2], 16) for at in (1, 3, 5)]
    before = page.evaluate("id => networkPage.nodeAt(id)", node)
    assert colour(page, node) == wanted
    width, height = page.evaluate("(c => [c.clientWidth, c.clientHeight])(document.querySelector('canvas'))")
    x, y = (
        (1 if before["x"] < width / 2 else -1),
        (1 if before["y"] < height / 2 else -1),
    )  # where the node stays in sight
    for by in ((90, 40), (420, 30), (-600, 60)):  # within the sheet, and beyond its edge
        drag(page, (x * by[0], y * by[1]))
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert colour(page, node) == wanted  # on the sheet, moved
        settle(page)
        assert colour(page, node) == wanted
    after = page.evaluate("id => networkPage.nodeAt(id)", node)
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((-90 * x, 130 * y), abs=1)
    click_at(page, after)
    assert panel(page).locator("h2").inner_text() == page.evaluate("id => networkPage.nodes[id].zh", node)
    keep(page, "large")


def test_zooming_keeps_the_picture_together(open_page: OpenPage, large: Path) -> None:
    page = open_page(large, bypass_csp=True)
    scale = page.evaluate("networkPage.scale()")
    page.mouse.move(640, 400)
    page.mouse.wheel(0, -400)
    page.wait_for_function("scale => networkPage.scale() > scale", arg=scale)
    settle(page)
    drawn = page.evaluate("[...networkPage.shown.nodes].map(id => networkPage.nodeAt(id))")
    seen = [spot for spot in drawn if 20 < spot["x"] < 1000 and 20 < spot["y"] < 600]
    ground = page.evaluate(PIXEL, {"x": 3, "y": 3})
    assert all(page.evaluate(PIXEL, spot) != ground for spot in seen)


def test_a_node_is_dragged_with_what_it_is_joined_to(open_page: OpenPage, large: Path) -> None:
    page = open_page(large)
    node = page.evaluate("networkPage.nodes.find(n => n.rank === 0).id")
    start = page.evaluate("id => networkPage.nodeAt(id)", node)
    box = page.locator("#network").bounding_box()
    assert box
    page.mouse.move(box["x"] + start["x"], box["y"] + start["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + start["x"] + 60, box["y"] + start["y"] - 40, steps=4)
    page.mouse.up()
    end = page.evaluate("id => networkPage.nodeAt(id)", node)
    assert (end["x"] - start["x"], end["y"] - start["y"]) == pytest.approx((60, -40), abs=1)
    assert panel(page).is_hidden()  # it was dragged, not chosen


def test_the_most_important_come_first_and_search_brings_the_rest(open_page: OpenPage, cored: Path) -> None:
    page = open_page(cored)
    assert page.evaluate("networkPage.shown.nodes.size") <= CORE
    assert f"先显示最重要的 {CORE} 个实体" in page.locator("#legend").inner_text()
    name = page.evaluate("networkPage.nodes.find(n => !n.core).zh")
    page.locator("#query").fill(name)
    page.keyboard.press("Enter")
    assert panel(page).locator("h2").inner_text() == name
    before = page.evaluate("networkPage.shown.nodes.size")
    panel(page).get_by_text("展开邻居").click()
    after = page.evaluate("networkPage.shown.nodes.size")
    assert after > before
    keep(page, "core")
    again = open_page(cored, fragment=page.evaluate("location.hash"))  # who gets the address sees the same
    assert again.evaluate("networkPage.shown.nodes.size") == after


def test_a_path_leads_through_what_was_not_shown(open_page: OpenPage, cored: Path) -> None:
    page = open_page(cored)
    start, end = page.evaluate("""(() => {
        const { nodes, edges } = networkPage, outside = nodes.filter(n => !n.core);
        const joined = id => edges.some(e => e.m === 'asserted' && (e.from === id || e.to === id));
        return outside.filter(n => joined(n.id)).slice(0, 2).map(n => n.zh);
    })()""")
    page.locator("#query").fill(start)
    page.keyboard.press("Enter")
    panel(page).get_by_text("查路径").press("Enter")
    page.keyboard.insert_text(end)
    page.keyboard.press("Enter")
    names = panel(page).locator(".end").all_inner_texts()
    assert (names[0], names[-1]) == (start, end)
    shown = page.evaluate("networkPage.nodes.filter(n => networkPage.shown.nodes.has(n.id)).map(n => n.zh)")
    assert set(names) <= set(shown)


def test_many_relations_between_two_are_one_line_until_looked_at(open_page: OpenPage, tmp_path: Path) -> None:
    a, b = (f"<https://example.org/id/{name}>" for name in "ab")
    names = ("locatedIn", "partOf", "investsIn", "cooperatesWith", "operates")
    quads = [Quad(end, t.TYPE, f"<{vocab().namespace}Company>", "") for end in (a, b)]
    quads += [Quad(end, t.LABEL, f'"{end[-2]}公司"@zh', "") for end in (a, b)]
    quads += [Quad(a, f"<{vocab().namespace}{name}>", b, "") for name in names]
    render(quads, vocab(), tmp_path / "many.html")
    page = open_page(tmp_path / "many.html")
    assert sorted(page.evaluate("networkPage.lanes()"), key=len) == [[0, 1, 2, 3, 4]]
    click_at(page, page.evaluate("networkPage.nodeAt(0)"))
    assert sorted(page.evaluate("networkPage.lanes()")) == [[0], [1], [2], [3], [4]]
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel", state="hidden")
